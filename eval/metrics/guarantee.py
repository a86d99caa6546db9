"""A threshold with a promise: a share of at most `risk` of the questions without an answer is answered, with so much
confidence, whatever the questions' confidences are distributed like.

Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei 2021): for each threshold of a grid that was fixed before
anything was measured, from the most cautious on, the hypothesis is tested that more than `risk` is answered falsely, by
the exact binomial tail (Clopper and Pearson 1934); the first that cannot be rejected ends the sequence. All that were
rejected before keep the promise together, with a chance of error of 1 - `sure` at most, so any of them may be chosen.

The promise rests on one thing: that the questions are independent draws of those that it is about.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import count, takewhile

from scipy.stats import binom

GRID = tuple(step / 1000 for step in range(1000, 0, -1))
"""The thresholds that are tested, in this order."""
MOST_QUESTIONS = 100_000
"""A number of questions beyond this is of no use to anybody."""


def tail(false: int, questions: int, risk: float) -> float:
    """The p-value of "more than `risk` is answered falsely", where `false` of the `questions` were: the chance of
    so few at a share of exactly `risk`."""
    return float(binom.cdf(false, questions, risk))


def keeps(false: int, questions: int, risk: float, sure: float) -> bool:
    """Whether so few false answers bear the promise out."""
    return tail(false, questions, risk) <= 1 - sure + 1e-12


def proven(false_at: Callable[[float], int], questions: int, risk: float, sure: float) -> list[float]:
    """The thresholds of the grid that keep the promise, the most cautious first; `false_at` gives the number of false
    answers at a threshold."""
    fails = next(false for false in count() if not keeps(false, questions, risk, sure))
    return list(takewhile(lambda threshold: false_at(threshold) < fails, GRID))


def chosen(thresholds: Sequence[float], answered_at: Callable[[float], int]) -> float | None:
    """Of thresholds that keep the promise the most cautious of those that answer most; None where none answers any."""
    most = max((answered_at(threshold) for threshold in thresholds), default=0)
    return next((t for t in thresholds if answered_at(t) == most), None) if most else None


def needed(risk: float, sure: float) -> int:
    """How many questions without an answer the promise needs, where none of them is answered."""
    return math.ceil(round(math.log(1 - sure) / math.log1p(-risk), 9))


def needed_at(rate: float, risk: float, sure: float) -> int | None:
    """About how many it needs where this share of them is answered; None where no number is enough, or a useful one."""
    if rate >= risk:
        return None
    low, high = 0, 1
    while high <= MOST_QUESTIONS and not keeps(math.ceil(rate * high), high, risk, sure):
        low, high = high, high * 2
    if high > MOST_QUESTIONS:
        return None
    while high - low > 1:  # whole false answers make it a saw, so this is near the least, and enough
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(math.ceil(rate * middle), middle, risk, sure) else (middle, high)
    return high


def least_risk(questions: int, sure: float) -> float | None:
    """The smallest risk that so many questions can bear out, none of them answered, rounded up to whole per mille; None
    for no question."""
    if not questions:
        return None
    return math.ceil(round(-math.expm1(math.log(1 - sure) / questions) * 1000, 9)) / 1000
