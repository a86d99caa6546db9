"""Fits `calibration.json`: `python -m eval.lab.calibrate --data FOLDER --article FILE`.

The questions have two sources. FOLDER holds SQuAD's `train-v1.1.json` and `train-unanswerable.json` (in SQuAD's form).
Of their articles, those that the reader was not trained on are used: each is asked questions that it answers, some
of them again with a name that it never names, near misses that people wrote about it, and questions about other
articles. Even-numbered articles are fitted on; figures are printed of the odd-numbered ones. FILE is the article of
`eval/sets/original.jsonl`: the tuning parts of both sets in `eval/sets` are fitted on too, follow-ups in their
stand-alone wording. They count three times, because SQuAD's questions were written with the paragraph in view and share
its words. Whether a text that was read answers (`verdict`) is fitted on questions of the held-out articles with a
paragraph each.

The threshold: the highest at which the one-sided upper Clopper-Pearson bound (95 %) of false abstention over the tuning
parts stays within 10 % (`eval.metrics.abstention.choose_threshold`).
But: nothing here looks at the sealed parts.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.abstention.deciding import CONFIDENCE_FEATURES, confidence, measure
from assistant.calibration import FILE, Calibration, Logistic
from assistant.ranking import (
    PASSAGE_FEATURES,
    SENTENCE_FEATURES,
    VERDICT_FEATURES,
    rank,
    verdict_row,
)
from assistant.reader.runtime import Reader, load_reader
from assistant.types import ScoredPassage, ScoredSentence
from assistant.understanding.question import analyse
from eval.lab.calibration_questions import ArticleQuestion, from_sets, from_squad, pairs_from_squad
from eval.lab.fitting import CandidateRows, choice, logistic
from eval.metrics.abstention import choose_threshold
from ingest.passages import SPLITTER_VERSION, split_passages
from vectorstore.disk.packaged import write_note
from vectorstore.embedding.embedder import Embedder, available_cpus
from vectorstore.embedding.models import load_embedder
from vectorstore.errors import AttestError
from vectorstore.index import Index
from vectorstore.types import Document, Span

TUNING_COUNTS = 3.0
PAIRS = 1000
RISING = ("lexical", "nearness", "relevance", "span", "mass", "belongs", "passage")
"""Features of which more is never worse; without the bound, a fit gives one of two that go together the wrong sign."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question with what was found for it."""

    asked: ArticleQuestion
    ranking: tuple[ScoredPassage, ...]

    @property
    def counts(self) -> float:
        """What the question counts in a fit."""
        return TUNING_COUNTS if self.asked.case is not None else 1.0


CandidatesOf = Callable[[Ranked], list[tuple[Mapping[str, float], Span]]]
"""What was found for a question, each with its measurements and its place."""


def calibrate(
    asked: Sequence[ArticleQuestion],
    pairs: Sequence[tuple[str, str, bool]],
    documents: Mapping[str, Document],
    embedder: Embedder,
) -> tuple[Calibration, list[Ranked]]:
    """The calibration fitted on the questions that are for fitting and on `pairs` of question, text and whether it
    answers; and all questions ranked with it."""
    reader = load_reader(remembered=None)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        indexes = {}
        for number, (name, document) in enumerate(documents.items(), 1):
            index = stack.enter_context(Index.open(scratch / name, embedder, splitter=SPLITTER_VERSION))
            index.upsert(document, split_passages(document, embedder))
            indexes[name] = index
            _show_progress(f"ingested {number}/{len(documents)}")

        def ranked(one: ArticleQuestion) -> Ranked:
            return Ranked(one, tuple(rank(analyse(one.question), [one.question], indexes[one.article], reader, fitted)))

        fitted = Calibration(
            passage=_first(PASSAGE_FEATURES),
            sentence=_first(SENTENCE_FEATURES),
            verdict=fit_verdict(pairs, reader),
            confidence=_first(CONFIDENCE_FEATURES),
            threshold=0.5,
        )
        everything = []
        with ThreadPoolExecutor(available_cpus()) as pool:
            for one in pool.map(ranked, asked):
                everything.append(one)
                if len(everything) % 20 == 0:
                    _show_progress(f"asked {len(everything)}/{len(asked)}")
    _show_progress("")
    fitted = replace(fitted, passage=fit_passages(everything))
    everything = [rescored(one, fitted) for one in everything]
    fitted = replace(fitted, sentence=fit_sentences(everything))
    everything = [rescored(one, fitted) for one in everything]
    fitted = replace(fitted, confidence=fit_confidence(everything))
    return replace(fitted, threshold=threshold(everything, fitted)), everything


def rescored(one: Ranked, calibration: Calibration) -> Ranked:
    """The ranking with other models of passages and sentences: what was read and measured does not depend on them."""

    def sentence(scored: ScoredSentence, passage: float) -> ScoredSentence:
        features = {**scored.features, "passage": passage}
        return replace(
            scored, features=features, score=calibration.sentence.logit([features[name] for name in SENTENCE_FEATURES])
        )

    read = []
    for found in one.ranking:
        if found.features:
            score = calibration.passage.logit([found.features[name] for name in PASSAGE_FEATURES])
            read.append(replace(found, score=score, sentences=tuple(sentence(s, score) for s in found.sentences)))
    read.sort(key=lambda passage: -passage.score)
    return replace(one, ranking=(*read, *(found for found in one.ranking if not found.features)))


def fit_verdict(pairs: Sequence[tuple[str, str, bool]], reader: Reader) -> Logistic:
    """The model of whether a text that was read answers, on pairs of question and text."""
    rows: list[list[float]] = []
    with ThreadPoolExecutor(available_cpus()) as pool:
        for (judgement,), (_, text, _) in zip(pool.map(lambda p: reader.read(p[0], [p[1]]), pairs), pairs, strict=True):
            rows.append(verdict_row(judgement, len(text)))
            if len(rows) % 20 == 0:
                _show_progress(f"read {len(rows)}/{len(pairs)}")
    return logistic(rows, [answered for _, _, answered in pairs], VERDICT_FEATURES, [1.0] * len(pairs))


def fit_passages(questions: Sequence[Ranked]) -> Logistic:
    """The model that ranks passages."""
    return _fit_order(
        questions,
        PASSAGE_FEATURES,
        lambda q: [(p.features, (p.passage.start, p.passage.end)) for p in q.ranking if p.features],
    )


def fit_sentences(questions: Sequence[Ranked]) -> Logistic:
    """The model that ranks sentences."""
    return _fit_order(
        questions,
        SENTENCE_FEATURES,
        lambda q: [(s.features, (s.span.start, s.span.end)) for p in q.ranking for s in p.sentences],
    )


def _fit_order(questions: Sequence[Ranked], features: Sequence[str], candidates_of: CandidatesOf) -> Logistic:
    fitting = [(q, candidates_of(q)) for q in questions if q.asked.fits and q.asked.gold]
    return choice(
        [
            CandidateRows(
                np.array([[measured[f] for f in features] for measured, _ in candidates]),
                np.array([q.asked.is_answered_in(*span) for _, span in candidates]),
                q.counts,
            )
            for q, candidates in fitting
            if candidates
        ],
        features,
        at_least_zero=[f for f in features if f in RISING],
    )


def fit_confidence(questions: Sequence[Ranked]) -> Logistic:
    """The model of whether there is an answer at all."""
    measured = [(q, features) for q in questions if q.asked.fits and (features := measure(q.ranking))]
    return logistic(
        [[features[f] for f in CONFIDENCE_FEATURES] for _, features in measured],
        [bool(q.asked.gold) for q, _ in measured],
        CONFIDENCE_FEATURES,
        [q.counts for q, _ in measured],
    )


def threshold(questions: Sequence[Ranked], calibration: Calibration) -> float:
    """By the stated rule, on the tuning parts. Raises AttestError where no threshold keeps to it."""
    tuning = [(q.asked.case, confidence(measure(q.ranking), calibration)) for q in questions if q.asked.case]
    chosen = choose_threshold([case for case, _ in tuning], [sure for _, sure in tuning])
    if chosen is None:
        raise AttestError("no threshold keeps false abstention within the stated bound: the tuning parts are too small")
    return round(chosen, 4)


def figures(questions: Sequence[Ranked], calibration: Calibration) -> dict[str, Any]:
    """What the calibration does: on the articles of SQuAD that it was not fitted on, and on the tuning parts, which it
    was fitted on."""
    return {
        "SQuAD articles not fitted": _figures([q for q in questions if not q.asked.fits], calibration),
        "tuning parts, fitted": _figures([q for q in questions if q.asked.case], calibration),
    }


def _figures(questions: Sequence[Ranked], calibration: Calibration) -> dict[str, Any]:
    from eval.metrics.abstention import auroc

    sure = {id(q): confidence(measure(q.ranking), calibration) for q in questions}
    answerable = [q for q in questions if q.asked.gold]
    hits = [[q.asked.is_answered_in(p.passage.start, p.passage.end) for p in q.ranking[:5]] for q in answerable]
    best = [max((s for p in q.ranking for s in p.sentences), key=lambda s: s.score).span for q in answerable]
    n = len(answerable)
    out: dict[str, Any] = {
        "articles": len({q.asked.article for q in questions}),
        "answerable": n,
        "passage first": round(sum(row[0] for row in hits) / n, 3),
        "passage in five": round(sum(any(row) for row in hits) / n, 3),
        "best sentence": round(
            sum(q.asked.is_answered_in(s.start, s.end) for q, s in zip(answerable, best, strict=True)) / n, 3
        ),
        "false abstention": round(sum(sure[id(q)] < calibration.threshold for q in answerable) / n, 3),
    }
    for sort in dict.fromkeys(q.asked.sort for q in questions if not q.asked.gold):
        those = [q for q in questions if q.asked.sort == sort]
        separated = auroc([sure[id(q)] for q in answerable + those], [bool(q.asked.gold) for q in answerable + those])
        out[sort] = {
            "questions": len(those),
            "abstained": round(sum(sure[id(q)] < calibration.threshold for q in those) / len(those), 3),
            "auroc": None if separated is None else round(separated, 3),
        }
    return out


def _first(features: Sequence[str]) -> Logistic:
    """Something to rank with before anything is fitted."""
    return Logistic(tuple(features), tuple(1.0 if f in ("relevance", "span") else 0.0 for f in features), 0.0)


def _show_progress(text: str) -> None:
    print(f"\r{text:30}", end="\n" if not text else "", file=sys.stderr, flush=True)


def as_json(calibration: Calibration, result: Mapping[str, Any]) -> str:
    """The text of `calibration.json`."""
    data: dict[str, Any] = {
        name: {"weights": dict(zip(model.features, model.weights, strict=True)), "intercept": model.intercept}
        for name, model in (
            ("passage", calibration.passage),
            ("sentence", calibration.sentence),
            ("verdict", calibration.verdict),
            ("confidence", calibration.confidence),
        )
    }
    return json.dumps({**data, "threshold": calibration.threshold, "figures": result}, indent=2) + "\n"


def main() -> int:
    """Fit, write `calibration.json`, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.lab.calibrate", description="Fit assistant/calibration.json.")
    parser.add_argument("--data", type=Path, required=True, help="a folder with SQuAD's training files")
    parser.add_argument("--article", type=Path, required=True, help="the article of eval/sets/original.jsonl")
    parser.add_argument("--output", type=Path, default=FILE)
    parser.add_argument("--articles", type=int, default=32, help="how many held-out articles of SQuAD at most")
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    try:
        documents, asked = from_squad(options.data, seed=options.seed, most=options.articles)
        pairs = pairs_from_squad(options.data, seed=options.seed, most=PAIRS)
        for name, document, more in from_sets(options.article):
            documents[name] = document
            asked += more
        calibration, questions = calibrate(asked, pairs, documents, load_embedder())
    except AttestError as error:
        print(f"calibrate: {error}", file=sys.stderr)
        return error.exit_code
    result = figures(questions, calibration)
    options.output.write_bytes(as_json(calibration, result).encode("utf-8"))
    write_note(options.output)
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
