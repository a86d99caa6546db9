"""The arrays that lessons are taught from; numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

START, PAD, END = 0, 1, 2
"""MPNet's special tokens."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Encoded:
    """The arrays, by name; the tokens of lesson `i` are `questions[question_at[i]:question_at[i + 1]]`, and likewise
    for the others. Offsets of answers and sentences are tokens of the passage, ends inclusive.

    `labels` (n, 3): relevant, answered, support, each -1 where not known; `groups` (n, 3): its unit, its article, its
    question; `first` (n): the first token of the text itself; `taught` (n): whether another network may teach it.
    `doubted`, `needed`: a label for each token of the questions and the passages, -1 where not known. `answers` (a, 2),
    `sentences` (s, 3): start, end, label."""

    questions: NDArray[np.uint16]
    question_at: Ints
    passages: NDArray[np.uint16]
    passage_at: Ints
    first: Ints
    taught: NDArray[np.bool_]
    labels: NDArray[np.int8]
    groups: Ints
    doubted: NDArray[np.int8]
    needed: NDArray[np.int8]
    answers: Ints
    answer_at: Ints
    sentences: Ints
    sentence_at: Ints

    def __len__(self) -> int:
        return len(self.first)

    def and_then(self, others: Encoded) -> Encoded:
        """These lessons and those of another, whose units, articles and questions are others."""
        mine, theirs = vars(self), dict(vars(others))
        theirs["groups"] = np.where(others.groups < 0, -1, others.groups + (self.groups.max(axis=0) + 1))
        for name in ("question_at", "passage_at", "answer_at", "sentence_at"):
            theirs[name] = theirs[name][1:] + mine[name][-1]
        return Encoded(**{name: np.concatenate([mine[name], theirs[name]]) for name in mine})

    def save(self, path: Path) -> None:
        np.savez(path, **vars(self))

    @staticmethod
    def load(path: Path) -> Encoded:
        with np.load(path) as held:
            return Encoded(**{name: held[name] for name in held.files})
