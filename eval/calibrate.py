"""Fits `calibration.json`: `python -m eval.calibrate --data FOLDER`.

FOLDER holds SQuAD's `train-v1.1.json` and `train-unanswerable.json` (SQuAD form). Of these, the articles that the
reader was not trained on are ingested one by one, with the real splitter and index, and asked: questions they answer,
near misses that people wrote about them, and questions about other articles. Even-numbered articles fit the models,
odd-numbered ones choose nothing and are what the printed figures are of.

The threshold: the highest confidence at which the upper Clopper-Pearson bound (Clopper and Pearson 1934, 95 %, one
side) of the rate of false abstentions, over the fitting articles, stays within 7 %.
But: nothing here looks at the sealed parts of `eval/sets`; PASSAGE_MIX and SENTENCE_MIX are from a tuning part,
everything else from SQuAD.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.calibration import FILE, Calibration, Logistic
from assistant.confidence import CONFIDENCE_FEATURES, confidence, measure
from assistant.question import analyse
from assistant.ranking import PASSAGE_FEATURES, SENTENCE_FEATURES, ScoredPassage, rank
from assistant.reader.examples import is_held_out
from assistant.reader.runtime import Judgement, Reader, load_reader
from vectorstore.embedding import Embedder, load_embedder
from vectorstore.index import Index
from vectorstore.types import Document, text_sha256

ALLOWED_FALSE_ABSTENTION = 0.07
PASSAGE_MIX = {
    "dense": 3.0,
    "best_sentence": 5.0,
    "lexical": 1.5,
    "relevance": 0.4,
    "answers": 0.0,
    "span": 0.05,
}
SENTENCE_MIX = {"span": 0.35, "passage": 0.75, "similarity": 2.7, "length": 0.45}
"""How measurements of a passage and of a sentence are weighed against each other: chosen on the tuning part of
`eval/sets/original.jsonl` (66 questions with an answer). Fitted on SQuAD instead, shared words get three times the
weight, because its questions were written with the paragraph in view; on questions in a reader's own words that ranks
worse."""


@dataclass(frozen=True)
class Asked:
    """A question put to an article: the gold answer's place in its text, None where it has none."""

    article: int
    question: str
    gold: tuple[int, int] | None
    sort: str


class RememberingReader:
    """A reader that reads each pair once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._seen: dict[tuple[str, str], Judgement] = {}

    def read(self, question: str, texts: Sequence[str]) -> list[Judgement]:
        new = [text for text in texts if (question, text) not in self._seen]
        for text, judgement in zip(new, self._reader.read(question, new), strict=True):
            self._seen[question, text] = judgement
        return [self._seen[question, text] for text in texts]


def load_articles(folder: Path, *, seed: int, most: int) -> tuple[list[Document], list[Asked]]:
    """Held-out articles as documents and the questions put to them, at most 24 + 14 + 8 each."""
    rng = random.Random(seed)
    answered = json.loads((folder / "train-v1.1.json").read_text("utf-8"))["data"]
    missed = {a["title"]: a for a in json.loads((folder / "train-unanswerable.json").read_text("utf-8"))["data"]}
    chosen = [a for a in answered if is_held_out(a["title"]) and a["title"] in missed][:most]
    documents, asked = [], []
    everything = [qa["question"].strip() for a in chosen for p in a["paragraphs"] for qa in p["qas"]]
    for number, article in enumerate(chosen):
        title = article["title"].replace("_", " ")
        text, places = "", []
        for paragraph in article["paragraphs"]:
            places.append(len(text))
            text += paragraph["context"] + "\n\n"
        documents.append(Document(f"article-{number}", title, text, text_sha256(text), f"squad:{number}", "plain"))
        own = [
            Asked(
                number,
                qa["question"].strip(),
                (at + a["answer_start"], at + a["answer_start"] + len(a["text"])),
                "answerable",
            )
            for at, paragraph in zip(places, article["paragraphs"], strict=True)
            for qa in paragraph["qas"]
            for a in qa["answers"][:1]
        ]
        near = [
            Asked(number, qa["question"].strip(), None, "near miss")
            for paragraph in missed[article["title"]]["paragraphs"]
            for qa in paragraph["qas"]
        ]
        mine = {a.question for a in own}
        other = [Asked(number, q, None, "off topic") for q in rng.sample(everything, 30) if q not in mine]
        asked += rng.sample(own, min(24, len(own))) + rng.sample(near, min(14, len(near))) + other[:8]
    return documents, asked


def fit(rows: Sequence[Sequence[float]], labels: Sequence[bool], features: Sequence[str]) -> Logistic:
    """A logistic regression on standardised features, its weights put back to the features' own scale."""
    from sklearn.linear_model import LogisticRegression

    x = np.asarray(rows, dtype=float)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.5, max_iter=2000).fit((x - mean) / scale, np.asarray(labels))
    weights = model.coef_[0] / scale
    return Logistic(
        tuple(features),
        tuple(round(float(w), 5) for w in weights),
        round(float(model.intercept_[0] - weights @ mean), 5),
    )


def scaled(pairs: Sequence[tuple[list[float], bool]], mix: Mapping[str, float]) -> Logistic:
    """A fixed mix of features put on the scale of log-odds (Platt 1999); rows are in the order of `mix`."""
    mixed = [[sum(weight * v for weight, v in zip(mix.values(), row, strict=True))] for row, _ in pairs]
    scale = fit(mixed, [holds_it for _, holds_it in pairs], ("mix",))
    weights = tuple(round(weight * scale.weights[0], 5) for weight in mix.values())
    return Logistic(tuple(mix), weights, scale.intercept)


def holds(start: int, end: int, gold: tuple[int, int] | None) -> bool:
    """Whether start..end holds the whole gold answer."""
    return gold is not None and start <= gold[0] and gold[1] <= end


def calibrate(folder: Path, embedder: Embedder, *, seed: int, most: int) -> tuple[Calibration, dict[str, Any]]:
    """The fitted calibration, and the figures on the articles that were not fitted."""
    from ingest.passages import SPLITTER_VERSION, split_passages

    documents, asked = load_articles(folder, seed=seed, most=most)
    reader = RememberingReader(load_reader())
    with (
        tempfile.TemporaryDirectory() as scratch,
        Index.open(Path(scratch), embedder, splitter=SPLITTER_VERSION) as index,
    ):
        for number, document in enumerate(documents):
            index.upsert(document, split_passages(document, embedder))
            print(f"\ringested {number + 1}/{len(documents)}", end="", file=sys.stderr, flush=True)

        def ranked(calibration: Calibration) -> list[list[ScoredPassage]]:
            out = []
            for number, one in enumerate(asked):
                name = documents[one.article].id
                out.append(rank(analyse(one.question), index, reader, calibration, document_ids=[name]))  # type: ignore[arg-type]
                if number % 50 == 0:
                    print(f"\rasked {number}/{len(asked)}          ", end="", file=sys.stderr, flush=True)
            return out

        fitting = [one.article % 2 == 0 for one in asked]
        calibration = Calibration(_zero(PASSAGE_FEATURES), _zero(SENTENCE_FEATURES), _zero(CONFIDENCE_FEATURES), 0.5)
        rankings = ranked(calibration)
        pairs = [
            ([p.features[f] for f in PASSAGE_FEATURES], holds(p.passage.start, p.passage.end, one.gold))
            for one, ranking, use in zip(asked, rankings, fitting, strict=True)
            if use and one.gold
            for p in ranking
            if p.features
        ]
        passage = scaled(pairs, PASSAGE_MIX)
        rankings = ranked(Calibration(passage, calibration.sentence, calibration.confidence, 0.5))
        pairs = [
            ([s.features[f] for f in SENTENCE_FEATURES], holds(s.span.start, s.span.end, one.gold))
            for one, ranking, use in zip(asked, rankings, fitting, strict=True)
            if use and one.gold
            for p in ranking
            for s in p.sentences
        ]
        sentence = scaled(pairs, SENTENCE_MIX)
        rankings = ranked(Calibration(passage, sentence, calibration.confidence, 0.5))
        measured = [measure(ranking) for ranking in rankings]
    rows = [[m[f] for f in CONFIDENCE_FEATURES] for m in measured]
    sure_model = fit(
        [r for r, use in zip(rows, fitting, strict=True) if use],
        [one.gold is not None for one, use in zip(asked, fitting, strict=True) if use],
        CONFIDENCE_FEATURES,
    )
    calibration = Calibration(passage, sentence, sure_model, 0.5)
    sure = [confidence(m, calibration) for m in measured]
    answerable = sorted(c for c, one, use in zip(sure, asked, fitting, strict=True) if use and one.gold)
    calibration = Calibration(passage, sentence, sure_model, threshold_for(answerable, ALLOWED_FALSE_ABSTENTION))
    return calibration, figures(asked, rankings, sure, fitting, calibration.threshold)


def _zero(features: Sequence[str]) -> Logistic:
    return Logistic(tuple(features), tuple(1.0 if f in ("dense", "span") else 0.0 for f in features), 0.0)


def threshold_for(answerable: Sequence[float], allowed: float) -> float:
    """The highest threshold whose rate of false abstentions has an upper bound within `allowed`; `answerable` are
    the confidences of answerable questions, rising."""
    from scipy.stats import beta

    n, best = len(answerable), 0.0
    for wrong in range(n):
        if float(beta.ppf(0.95, wrong + 1, n - wrong)) > allowed:
            break
        best = answerable[wrong]
    return round(best, 4)


def figures(
    asked: Sequence[Asked],
    rankings: Sequence[Sequence[ScoredPassage]],
    sure: Sequence[float],
    fitting: Sequence[bool],
    threshold: float,
) -> dict[str, Any]:
    """What the calibration does on the articles it was not fitted on."""
    from sklearn.metrics import roc_auc_score

    held = [i for i, use in enumerate(fitting) if not use]
    answerable = [i for i in held if asked[i].gold]
    first = five = sentence = 0
    for i in answerable:
        hits = [holds(p.passage.start, p.passage.end, asked[i].gold) for p in rankings[i][:5]]
        first, five = first + bool(hits and hits[0]), five + any(hits)
        best = max((s for p in rankings[i] for s in p.sentences), key=lambda s: s.score)
        sentence += holds(best.span.start, best.span.end, asked[i].gold)
    n = len(answerable)
    out: dict[str, Any] = {
        "articles": len({asked[i].article for i in held}),
        "answerable": n,
        "passage_first": round(first / n, 3),
        "passage_in_five": round(five / n, 3),
        "answer_in_best_sentence": round(sentence / n, 3),
        "false_abstention": round(sum(sure[i] < threshold for i in answerable) / n, 3),
    }
    for sort in ("near miss", "off topic"):
        those = [i for i in held if asked[i].sort == sort]
        out[sort] = {
            "questions": len(those),
            "abstained": round(sum(sure[i] < threshold for i in those) / len(those), 3),
            "auroc": round(
                float(
                    roc_auc_score([1] * n + [0] * len(those), [sure[i] for i in answerable] + [sure[i] for i in those])
                ),
                3,
            ),
        }
    return out


def main() -> int:
    """Fit, write `calibration.json`, print the figures."""
    parser = argparse.ArgumentParser(description="Fit assistant/calibration.json.")
    parser.add_argument("--data", type=Path, required=True, help="a folder with SQuAD's training files")
    parser.add_argument("--output", type=Path, default=FILE)
    parser.add_argument("--articles", type=int, default=40, help="how many held-out articles at most")
    parser.add_argument("--seed", type=int, default=17)
    arguments = parser.parse_args()
    calibration, result = calibrate(arguments.data, load_embedder(), seed=arguments.seed, most=arguments.articles)
    data: dict[str, Any] = {
        name: {"weights": dict(zip(model.features, model.weights, strict=True)), "intercept": model.intercept}
        for name, model in (
            ("passage", calibration.passage),
            ("sentence", calibration.sentence),
            ("confidence", calibration.confidence),
        )
    }
    data["threshold"] = calibration.threshold
    data["figures on articles not fitted"] = result
    arguments.output.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
