"""Each part of attest off in turn, on a file of SQuAD 2.0 (Rajpurkar et al. 2018): `eval.lab.ablation` on public data.

Every question drawn is put to all paragraphs of the file at once, those without an answer too.
But: nothing is fitted again without the part, so the loss shown is an upper bound of what the part is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.engine import Assistant
from assistant.reader.runtime import load_reader
from assistant.types import Answer
from eval.bench.corpus import indexed, texts_of
from eval.bench.options import Options
from eval.bench.squad import ParagraphQuestion, load
from eval.bench.table import Row, Table
from eval.lab.ablation import PARTS
from eval.metrics.answer import squad_normalise
from eval.statistics import mean_figure
from vectorstore.embedding.models import load_embedder


def run_parts(data: Path, options: Options) -> list[Table]:
    """One row a part. Raises UsageError for a file in another form."""
    paragraphs, everything = load(data)
    asked = options.draw(everything)
    rows = []
    with indexed(paragraphs, load_embedder(), options.progress) as index:
        whole = Assistant(index, reader=load_reader(remembered=None))
        for done, (name, change) in enumerate(PARTS, 1):
            rows.append(_row(name, change(whole), asked, options))
            options.progress(done, len(PARTS))
    return [
        Table(
            f"What is lost without each part, among all {len(paragraphs):,} paragraphs of the file",
            ("first", "in five", "answer shown", "answers", "abstains"),
            tuple(rows),
            (
                "the first four over the questions with an answer in their paragraph, the last over the others, "
                "some of which another paragraph may answer",
            ),
        )
    ]


def _row(name: str, assistant: Assistant, asked: Sequence[ParagraphQuestion], options: Options) -> Row:
    answers = [assistant.ask(one.question) for one in asked]
    pairs = list(zip(asked, answers, strict=True))
    answerable = [(one, answer) for one, answer in pairs if one.golds]
    clusters = [one.article for one, _ in answerable]
    found = [(one.paragraph, texts_of(hit.passage for hit in answer.passages)) for one, answer in answerable]
    measures = (
        [float(paragraph in texts[:1]) for paragraph, texts in found],
        [float(paragraph in texts[:5]) for paragraph, texts in found],
        [float(_shows(answer, one.golds)) for one, answer in answerable],
        [float(not answer.abstained) for _, answer in answerable],
    )
    refused = [(one.article, float(answer.abstained)) for one, answer in pairs if not one.golds]
    cells = [mean_figure(values, clusters, options.seed) for values in measures]
    cells.append(mean_figure([value for _, value in refused], [article for article, _ in refused], options.seed))
    return Row(name, tuple(cells), len(asked))


def _shows(answer: Answer, golds: Sequence[str]) -> bool:
    """Whether a gold answer stands in the sentences shown, in whole words, normalised as SQuAD's script does."""
    shown = f" {squad_normalise(' '.join(sentence.text for sentence in answer.sentences))} "
    return any(f" {squad_normalise(gold)} " in shown for gold in golds)
