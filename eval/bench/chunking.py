"""Chroma's chunking evaluation (Smith and Troynikov 2024): questions.csv (or questions_df.csv) with gold excerpts as
character spans, and the texts in corpora/NAME.md.

All texts are searched at once and the five best chunks count, as in the published runs.
But: the published figures are of another embedding model; only the rows made here are like with like.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from llama_index.core.node_parser import SentenceSplitter

from assistant.calibration import Policy
from assistant.reader.runtime import load_reader
from eval.bench.baselines import LlamaIndexBaseline
from eval.bench.corpus import Text, indexed, ranked_passages
from eval.bench.files import found_in, published, read_table, read_text
from eval.bench.options import Options
from eval.bench.table import Row, Table, measured
from eval.metrics.chunking import overlap
from vectorstore.documents.content import is_searched
from vectorstore.embedding.models import load_embedder
from vectorstore.index import Index
from vectorstore.types import Passage, Span

RETRIEVED = 5
_PUBLISHED = (
    Row("1,200 characters, text-embedding-3-large (published)", (0.809, None, 0.177)),
    Row("ClusterSemantic 400, text-embedding-3-large (published)", (0.897, None, 0.183)),
)

Found = list[tuple[str, Span]]


@dataclass(frozen=True, slots=True)
class ExcerptQuestion:
    """A question, the id of the text it is about, and the gold excerpts in it."""

    question: str
    text: str
    gold: tuple[Span, ...]


def run_chunking(data: Path, options: Options) -> list[Table]:
    """Recall, precision and IoU of characters. Raises UsageError unless `data` is the evaluation's folder."""
    texts, everything = load(data)
    asked = options.draw(everything)
    embedder, reader = load_embedder(), load_reader()
    with indexed(texts, embedder, options.progress) as index:
        passages = [p for text in texts for p in index.passages(text.id) if is_searched(p)]
        wide = LlamaIndexBaseline(texts, options.progress, depth=RETRIEVED)
        small = LlamaIndexBaseline(
            texts,
            options.progress,
            splitter=SentenceSplitter(chunk_size=256, chunk_overlap=32),
            depth=RETRIEVED,
        )
        systems: dict[str, tuple[Callable[[str], Found], Sequence[Span]]] = {
            "attest: its passages, search and reader": (
                lambda q: _spans(ranked_passages(q, index, reader)),
                [(p.start, p.end) for p in passages],
            ),
            "attest: its passages, dense only": (
                lambda q: _spans(_dense(q, index)),
                [(p.start, p.end) for p in passages],
            ),
            "SentenceSplitter, default 1,024/200, dense": (wide.found, [span for _, span in wide.chunks.values()]),
            "SentenceSplitter, 256/32, dense": (small.found, [span for _, span in small.chunks.values()]),
        }
        found: dict[str, list[Found]] = {system: [] for system in systems}
        for done, one in enumerate(asked, 1):
            for system, (search, _) in systems.items():
                found[system].append(search(one.question)[:RETRIEVED])
            options.progress(done, len(asked))
    clusters = [str(number) for number in range(len(asked))]
    rows, sizes = [], []
    for system, (_, chunks) in systems.items():
        scores = [overlap(got, one.text, one.gold) for got, one in zip(found[system], asked, strict=True)]
        measures = ([s.recall for s in scores], [s.precision for s in scores], [s.iou for s in scores])
        rows.append(measured(system, measures, clusters, options.seed))
        mean = sum(end - start for start, end in chunks) / max(len(chunks), 1)
        sizes.append(f"{system}: {len(chunks):,} chunks of {mean:.0f} characters on average")
    return [
        Table(
            f"Characters of gold in the {RETRIEVED} best chunks, {len(texts)} texts searched at once",
            ("recall", "precision", "IoU"),
            (*rows, *_PUBLISHED),
            tuple(sizes),
        )
    ]


def load(folder: Path) -> tuple[list[Text], list[ExcerptQuestion]]:
    """The texts that are asked about, and the questions. Raises UsageError where an excerpt is not at its offsets."""
    path = found_in(folder, "questions.csv", "questions_df.csv")[0]
    rows = read_table(path, ("question", "references", "corpus_id"))
    texts: dict[str, Text] = {}
    asked = []
    for row in rows:
        name = row["corpus_id"]
        if name not in texts:
            texts[name] = Text(name, "", read_text(folder / "corpora" / f"{name}.md"), "markdown")
        with published(path, "the questions of the chunking evaluation"):
            gold = []
            for piece in json.loads(row["references"]):
                start, end = int(piece["start_index"]), int(piece["end_index"])
                if start >= end or texts[name].text[start:end] != piece["content"]:
                    raise ValueError(f"an excerpt of {name} is not at {start}-{end}")
                gold.append((start, end))
            if not gold:
                raise ValueError("a question has no excerpt")
            asked.append(ExcerptQuestion(row["question"], name, tuple(gold)))
    return list(texts.values()), asked


def _dense(query: str, index: Index) -> list[Passage]:
    """Passages by their own vector alone: what the splitter is worth without the rest of attest."""
    return [c.passage for c in sorted(index.candidates([query], k=Policy().candidates), key=lambda c: -c.dense)]


def _spans(passages: Sequence[Passage]) -> Found:
    return [(passage.document_id, (passage.start, passage.end)) for passage in passages]
