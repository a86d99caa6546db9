"""One ranking from three measurements of each passage: the vectors of passage and sentences, and the words.

The score is a weighted sum: cosine and BM25, each divided by the largest among the candidates. Bruch, Gai and Ingber,
"An Analysis of Fusion Functions for Hybrid Retrieval" (ACM TOIS 2023), found such sums better and steadier than
reciprocal rank fusion. BM25 is never below 0; a cosine below 0 counts as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.types import Hit, Passage

LEXICAL_WEIGHT = 0.35
SENTENCE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that at least one search proposed, measured by all: `dense` and `best_sentence` are cosines, -1 to 1,
    of the query with the passage's vector and with the nearest of its sentences' vectors; `lexical` is its BM25 score,
    0 or more. A query in several wordings is measured by the mean of their vectors and scores. `found_by` names the
    searches that proposed it, "dense" and "lexical"."""

    passage: Passage
    dense: float
    best_sentence: float
    lexical: float
    found_by: tuple[str, ...]


def rank(candidates: Sequence[Candidate], k: int) -> list[Hit]:
    """The best k candidates, best first; equal scores stay in the order given. Scores are 0 to 1."""
    if not candidates:
        return []
    dense = np.array([semantic(candidate) for candidate in candidates])
    lexical = np.array([candidate.lexical for candidate in candidates])
    scores = (1 - LEXICAL_WEIGHT) * _normalised(dense) + LEXICAL_WEIGHT * _normalised(lexical)
    order = np.argsort(-scores.round(6), kind="stable")[: max(k, 0)]
    return [Hit(candidates[i].passage, round(float(scores[i]), 6)) for i in order.tolist()]


def semantic(candidate: Candidate) -> float:
    """One cosine for a passage: between its own and its best sentence's."""
    return (1 - SENTENCE_SHARE) * candidate.dense + SENTENCE_SHARE * candidate.best_sentence


def _normalised(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    positive = np.maximum(scores, 0.0)
    return np.asarray(positive / max(float(positive.max()), 1e-9))
