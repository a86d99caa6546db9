"""SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016, 2018): reading with the paragraph given, and finding the paragraph.

Reading is scored as the official scripts do: exact match and token F1 after normalisation, the best over the gold
answers; where SQuAD 2.0 has no answer, the empty answer is right. Finding puts each question that has an answer to
all paragraphs of the file at once.
But: no threshold is chosen here; that of the verdict is one half. "best threshold" is what the official script finds in
hindsight on the same questions, and is printed as that only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.calibration import load_calibration
from assistant.ranking import verdict_row
from assistant.reader.runtime import Reader, load_reader
from eval.bench.baselines import Bm25Baseline, LlamaIndexBaseline
from eval.bench.corpus import Text, indexed, ranked_passages, searched_passages, texts_of
from eval.bench.files import published, read_json
from eval.bench.options import Options
from eval.bench.table import Row, Table, measured
from eval.metrics.abstention import best_score
from eval.metrics.answer import exact_match, squad_normalise, token_f1
from eval.metrics.ranked import reciprocal_rank, success_at
from eval.statistics import mean_figure
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.models import load_embedder

_PUBLISHED_1 = (
    Row("logistic regression (published, whole set)", (0.402, 0.510)),
    Row("BERT ensemble (published, whole set)", (0.862, 0.922)),
)
_PUBLISHED_2 = (
    Row("BiDAF + self-attention + ELMo (published, whole set)", (0.657, 0.679, None, None, None)),
    Row("nlnet (published, whole set)", (0.758, 0.788, None, None, None)),
    Row("BERT-large (published, whole set)", (0.788, 0.818, None, None, None)),
    Row("tinyroberta-squad2, 82M parameters (published, whole set)", (0.789, 0.820, None, None, None)),
)


@dataclass(frozen=True, slots=True)
class ParagraphQuestion:
    """A question about one paragraph. `golds` are the gold answers; none where the paragraph has no answer."""

    question: str
    golds: tuple[str, ...]
    paragraph: str
    article: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best span's text, and the log-odds that the paragraph answers (`verdict` of `calibration.json`, fitted on
    articles of SQuAD's training set)."""

    text: str
    verdict: float


def run_squad1(data: Path, options: Options) -> list[Table]:
    """Reading and finding on a file of SQuAD 1.1. Raises UsageError for any other file."""
    return _run(data, options, reading_1)


def run_squad2(data: Path, options: Options) -> list[Table]:
    """Reading and finding on a file of SQuAD 2.0. Raises UsageError for any other file."""
    return _run(data, options, reading_2)


def load(path: Path) -> tuple[list[Text], list[ParagraphQuestion]]:
    """The paragraphs and questions of a file in SQuAD's JSON form. Raises UsageError for any other."""
    data = read_json(path)
    paragraphs: list[Text] = []
    asked: list[ParagraphQuestion] = []
    with published(path, "SQuAD JSON"):
        for article in data["data"]:
            title = str(article.get("title", "")).replace("_", " ")
            for paragraph in article["paragraphs"]:
                text = Text(f"paragraph-{len(paragraphs)}", title, str(paragraph["context"]))
                paragraphs.append(text)
                for qa in paragraph["qas"]:
                    golds = () if qa.get("is_impossible") else tuple(str(a["text"]) for a in qa["answers"])
                    golds = tuple(gold for gold in golds if squad_normalise(gold))
                    asked.append(ParagraphQuestion(str(qa["question"]), golds, text.id, title or text.id))
        if not asked:
            raise ValueError("there is no question")
    return paragraphs, asked


def read_paragraph(reader: Reader, question: str, text: str) -> Prediction:
    """The reader's best span in a whole paragraph. Of one that is too long for it, it reads stretches that overlap by
    half (Devlin et al. 2019), and the best span of all counts."""
    model = load_calibration().verdict
    best, begin = Prediction("", float("-inf")), 0
    while True:
        (judgement,) = reader.read(question, [text[begin:]])
        _, start, end = judgement.best_span(0, len(text))
        verdict = model.logit(verdict_row(judgement, len(text)))
        if verdict > best.verdict:
            best = Prediction(text[begin + start : begin + end], verdict)
        reached = begin + int(judgement.offsets[-1, 1]) if len(judgement.offsets) else len(text)
        step = text.rfind(" ", begin + 1, (begin + reached) // 2) + 1
        if reached >= len(text.rstrip()) or step <= begin:
            return best
        begin = step


def _run(
    data: Path, options: Options, reading: Callable[[Sequence[ParagraphQuestion], Sequence[Prediction], Options], Table]
) -> list[Table]:
    paragraphs, everything = load(data)
    asked = options.draw(everything)
    texts = {paragraph.id: paragraph.text for paragraph in paragraphs}
    reader = load_reader()
    predictions = []
    for done, one in enumerate(asked, 1):
        predictions.append(read_paragraph(reader, one.question, texts[one.paragraph]))
        options.progress(done, len(asked))
    tables = [reading(asked, predictions, options)]
    answerable = [one for one in asked if one.golds]
    if answerable:
        tables.append(_finding(paragraphs, answerable, options, reader, load_embedder()))
    return tables


def reading_1(asked: Sequence[ParagraphQuestion], predictions: Sequence[Prediction], options: Options) -> Table:
    """EM and F1 of these predictions, one for each question, as SQuAD 1.1 measures them."""
    clusters = [one.article for one in asked]
    pairs = list(zip(asked, predictions, strict=True))
    exact = [exact_match(prediction.text, one.golds) for one, prediction in pairs]
    f1 = [token_f1(prediction.text, one.golds) for one, prediction in pairs]
    ours = measured("attest's reader, always answering", (exact, f1), clusters, options.seed)
    return Table("Reading: the paragraph is given, per cent", ("EM", "F1"), (ours, *_PUBLISHED_1), percent=True)


def reading_2(asked: Sequence[ParagraphQuestion], predictions: Sequence[Prediction], options: Options) -> Table:
    """EM and F1 of these predictions, one for each question, as SQuAD 2.0 measures them: no answer is one, too."""
    clusters = [one.article for one in asked]
    always = [prediction.text for prediction in predictions]
    shown = [prediction.text if prediction.verdict > 0 else "" for prediction in predictions]
    hindsight = best_score(
        [prediction.verdict for prediction in predictions],
        [token_f1(text, one.golds) for text, one in zip(always, asked, strict=True)],
        [float(not one.golds) for one in asked],
    )

    def row(system: str, texts: Sequence[str], best: float | None) -> Row:
        exact = [exact_match(text, one.golds) for text, one in zip(texts, asked, strict=True)]
        f1 = [token_f1(text, one.golds) for text, one in zip(texts, asked, strict=True)]
        parts = []
        for has_answer in (True, False):
            chosen = [i for i, one in enumerate(asked) if bool(one.golds) == has_answer]
            parts.append(mean_figure([f1[i] for i in chosen], [clusters[i] for i in chosen], options.seed))
        whole = (mean_figure(exact, clusters, options.seed), mean_figure(f1, clusters, options.seed))
        return Row(system, (*whole, *parts, best), len(asked))

    return Table(
        "Reading: the paragraph is given, per cent",
        ("EM", "F1", "F1, has answer", "F1, no answer", "F1 at best threshold"),
        (
            row("attest's reader", shown, hindsight),
            row("always abstaining", [""] * len(asked), None),
            *_PUBLISHED_2,
        ),
        (
            f"{sum(bool(one.golds) for one in asked)} of the questions drawn have an answer in their paragraph",
            "attest abstains where its verdict, fitted on articles of the training set, says no answer is likelier",
            "the best threshold is found in hindsight on these questions; no answer is given by it",
        ),
        percent=True,
    )


def _finding(
    paragraphs: Sequence[Text], asked: Sequence[ParagraphQuestion], options: Options, reader: Reader, embedder: Embedder
) -> Table:
    clusters = [one.article for one in asked]
    words = Bm25Baseline(paragraphs)
    with indexed(paragraphs, embedder, options.progress) as index:
        stock = LlamaIndexBaseline(paragraphs, options.progress)
        systems: dict[str, Callable[[str], list[str]]] = {
            "attest: search and reader": lambda q: texts_of(ranked_passages(q, index, reader)),
            "attest: search alone": lambda q: texts_of(searched_passages(q, index)),
            "stock LlamaIndex, dense": stock.texts,
            "BM25": words.texts,
        }
        rankings: dict[str, list[list[str]]] = {system: [] for system in systems}
        for done, one in enumerate(asked, 1):
            for system, ranking in systems.items():
                rankings[system].append(ranking(one.question))
            options.progress(done, len(asked))
    rows = []
    for system, ranked in rankings.items():
        pairs = list(zip(ranked, [{one.paragraph} for one in asked], strict=True))
        measures = (
            [success_at(ranking, gold, 1) for ranking, gold in pairs],
            [success_at(ranking, gold, 5) for ranking, gold in pairs],
            [reciprocal_rank(ranking, gold) for ranking, gold in pairs],
        )
        rows.append(measured(system, measures, clusters, options.seed))
    return Table(
        f"Finding the paragraph among all {len(paragraphs):,} of the file",
        ("first", "in five", "MRR"),
        tuple(rows),
        (
            "questions with an answer only; another paragraph that answers too counts as wrong",
            "all-MiniLM-L6-v2, with which stock searches, and attest's network were trained on SQuAD: in-domain",
        ),
    )
