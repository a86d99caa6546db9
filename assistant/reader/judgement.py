"""What the reader says of one passage for one question, and what follows from it for its parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST_SPAN = 30
"""Tokens of an answer at most."""
LEAST_MASS = 1e-4
"""What a stretch without a likely token counts as holding, so that its logarithm stays finite."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the reader says of one passage for one question, in logits.

    `relevance`: is this the place; `answers`: does it answer; `null`: the score of "no answer here", to be compared
    with a span's. `offsets` (n, 2),
    `starts` (n,), `ends` (n,), `belongs` (n,): the passage's tokens in characters, how well an answer starts or ends
    there, and how well the token's sentence belongs into the answer.
    """

    relevance: float
    answers: float
    null: float
    offsets: NDArray[np.int64]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    belongs: NDArray[np.float32]

    def belonging(self, start: int, end: int) -> float:
        """How well the sentence start..end belongs into the answer, in logits: the mean of its tokens, as the head was
        taught. Minus ten where no token lies inside."""
        inside = (self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end)
        return round(float(self.belongs[inside].mean()), 5) if inside.any() else -10.0

    def best_span(self, start: int, end: int) -> tuple[float, int, int]:
        """The best answer within the characters start..end: its score above "no answer here", and its offsets.
        Minus infinity where no token lies inside."""
        inside = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end))
        if not len(inside):
            return float("-inf"), start, start
        first, last = int(inside[0]), int(inside[-1]) + 1
        sums = self.starts[first:last, None] + self.ends[None, first:last]
        size = last - first
        steps = np.arange(size)[None, :] - np.arange(size)[:, None]
        sums = np.where((steps >= 0) & (steps < LONGEST_SPAN), sums, -np.inf)
        a, b = np.unravel_index(int(np.argmax(sums)), sums.shape)
        score = float(sums[a, b]) - self.null
        return round(score, 5), int(self.offsets[first + a, 0]), int(self.offsets[first + b, 1])

    def masses(self, stretches: Sequence[tuple[int, int]]) -> list[float]:
        """For each stretch of characters how likely the answer starts and ends in it, if the passage holds one: the sum
        of two log-probabilities, near 0 at most. Unlike the best span, it adds up the ways to phrase a long answer."""
        if not len(self.offsets):
            return [2 * math.log(LEAST_MASS)] * len(stretches)
        sums = [np.concatenate([[0.0], np.cumsum(_softmax(scores))]) for scores in (self.starts, self.ends)]
        lefts, rights = self.offsets[:, 0], self.offsets[:, 1]
        out = []
        for start, end in stretches:
            first, last = int(np.searchsorted(lefts, start)), int(np.searchsorted(rights, end, side="right"))
            held = (max(0.0, float(each[max(first, last)] - each[first])) for each in sums)
            out.append(round(sum(math.log(share + LEAST_MASS) for share in held), 5))
        return out


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    exponentials = np.exp(scores.astype(np.float64) - float(scores.max()))
    return np.asarray(exponentials / exponentials.sum())


def mean(judgements: Sequence[Judgement]) -> Judgement:
    """What is said of one passage for several wordings of one question, each number their mean."""
    if len(judgements) == 1:
        return judgements[0]

    def over(numbers: Iterable[float]) -> float:
        return round(float(np.mean(list(numbers))), 5)

    return Judgement(
        relevance=over(j.relevance for j in judgements),
        answers=over(j.answers for j in judgements),
        null=over(j.null for j in judgements),
        offsets=judgements[0].offsets,
        starts=np.mean([j.starts for j in judgements], axis=0),
        ends=np.mean([j.ends for j in judgements], axis=0),
        belongs=np.mean([j.belongs for j in judgements], axis=0),
    )
