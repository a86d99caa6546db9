"""TREC-QA answer-sentence selection (Wang, Smith and Mitamura 2007): a CSV with the columns qtext, label, atext.

Only questions with at least one right and one wrong candidate count ("clean", Rao, He and Lin 2016); questions with
the same words are one.
But: the candidates are tokenised, numbers masked, as published; they are read as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.reader.judgement import Judgement
from assistant.reader.runtime import load_reader
from eval.bench.baselines import Bm25Baseline, stock_embedder
from eval.bench.corpus import Text
from eval.bench.files import published, read_table
from eval.bench.options import Options
from eval.bench.table import Row, Table, measured
from eval.metrics.ranked import average_precision, reciprocal_rank
from vectorstore.errors import UsageError

_PUBLISHED = (
    Row("BM25 (published, whole test set)", (0.630, 0.765)),
    Row("best of 2016 (published, whole test set)", (0.771, 0.845)),
)


@dataclass(frozen=True, slots=True)
class CandidateQuestion:
    """A question with its candidate sentences, each right or wrong."""

    question: str
    candidates: tuple[tuple[str, bool], ...]


def run_trecqa(data: Path, options: Options) -> list[Table]:
    """MAP and MRR of the reader's order of the candidates. Raises UsageError for a file in another form."""
    everything, dropped = load(data)
    asked = options.draw(everything)
    reader, stock = load_reader(), stock_embedder()

    def read(question: str, sentences: Sequence[str]) -> list[float]:
        return [relevance_of(judgement) for judgement in reader.read(question, sentences)]

    def near(question: str, sentences: Sequence[str]) -> list[float]:
        query = stock.embed_query(question)
        return [float(row @ query) for row in map(stock.embed_query, sentences)]

    systems: dict[str, Callable[[str, Sequence[str]], list[float]]] = {
        "attest's reader": read,
        "all-MiniLM-L6-v2, cosine": near,
    }
    rankings: dict[str, list[list[str]]] = {system: [] for system in (*systems, "BM25")}
    for done, one in enumerate(asked, 1):
        sentences = [sentence for sentence, _ in one.candidates]
        for system, score in systems.items():
            scores = score(one.question, sentences)
            order = sorted(range(len(sentences)), key=lambda i: -scores[i])
            rankings[system].append([str(i) for i in order])
        rankings["BM25"].append(_by_words(one.question, sentences))
        options.progress(done, len(asked))
    clusters = [one.question for one in asked]
    right = [{str(i) for i, (_, is_right) in enumerate(one.candidates) if is_right} for one in asked]
    rows = []
    for system, ranked in rankings.items():
        precision = [average_precision(ranking, gold) for ranking, gold in zip(ranked, right, strict=True)]
        reciprocal = [reciprocal_rank(ranking, gold) for ranking, gold in zip(ranked, right, strict=True)]
        rows.append(measured(system, (precision, reciprocal), clusters, options.seed))
    return [
        Table(
            "TREC-QA: the sentence that answers, among the candidates of each question",
            ("MAP", "MRR"),
            (*rows, *_PUBLISHED),
            (
                f"only questions with a right and a wrong candidate count; {dropped} others of the file are left out",
                "BM25 here counts words within one question's candidates",
            ),
        )
    ]


def relevance_of(judgement: Judgement) -> float:
    """How well a sentence answers: the sum of the reader's three logits, that it is the place, that it answers, and
    the margin of its best span over "no answer here". Unweighted; nothing was fitted."""
    margin, _, _ = judgement.best_span(0, int(judgement.offsets[-1, 1]) if len(judgement.offsets) else 0)
    return judgement.relevance + judgement.answers + margin


def load(path: Path) -> tuple[list[CandidateQuestion], int]:
    """The questions that count, and how many others the file has. Raises UsageError for a file in another form."""
    rows = read_table(path, ("qtext", "label", "atext"))
    together: dict[str, list[tuple[str, bool]]] = {}
    with published(path, "TREC-QA"):
        for row in rows:
            if row["label"] not in ("0", "1"):
                raise ValueError(f"a label is {row['label']!r}, not 0 or 1")
            together.setdefault(row["qtext"], []).append((row["atext"], row["label"] == "1"))
    asked = [
        CandidateQuestion(question, tuple(candidates))
        for question, candidates in together.items()
        if len({is_right for _, is_right in candidates}) == 2
    ]
    if not asked:
        raise UsageError(f"{path}: no question has both a right and a wrong candidate")
    return asked, len(together) - len(asked)


def _by_words(question: str, sentences: Sequence[str]) -> list[str]:
    """By BM25; those that share no word come last, in the order given."""
    found = Bm25Baseline([Text(str(i), "", sentence) for i, sentence in enumerate(sentences)]).texts(
        question, len(sentences)
    )
    return [*found, *(str(i) for i in range(len(sentences)) if str(i) not in found)]
