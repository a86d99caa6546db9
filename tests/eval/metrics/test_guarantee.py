"""What is promised of a threshold holds: against the exact bound, and in simulated samples."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.metrics.guarantee import GRID, chosen, keeps, least_risk, needed, needed_at, proven
from eval.statistics import upper_bound

SAMPLES = 2_000
LEVELS = [(0.05, 0.9, 60), (0.2, 0.8, 25), (0.1, 0.95, 200)]


def fitted(sample: NDArray[np.float64], risk: float, sure: float) -> float:
    """The lowest threshold that keeps the promise on a sample of confidences; 2 where none does."""
    false = dict(zip(GRID, answered(sample).tolist(), strict=True))
    return min(proven(false.__getitem__, len(sample), risk, sure), default=2.0)


def naive(sample: NDArray[np.float64], risk: float) -> float:
    """The lowest threshold of which the sample itself answers no more than the risk."""
    return min(np.array(GRID)[answered(sample) <= risk * len(sample)], default=2.0)


def answered(sample: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many of a sample are answered at each threshold of the grid."""
    return np.asarray(len(sample) - np.searchsorted(np.sort(sample), GRID))


@pytest.mark.parametrize(("risk", "sure", "n"), LEVELS)
@pytest.mark.parametrize("shape", ["even", "low", "two heaps", "few values"])
def test_the_promise_is_broken_no_more_often_than_it_says(risk: float, sure: float, n: int, shape: str) -> None:
    rng = np.random.default_rng(12)

    def draw(size: int) -> NDArray[np.float64]:
        if shape == "even":
            return np.round(rng.random(size), 4)
        if shape == "low":
            return np.round(rng.beta(1.5, 6.0, size), 4)
        if shape == "two heaps":
            return np.round(np.where(rng.random(size) < 0.3, rng.beta(20, 3, size), rng.beta(2, 12, size)), 4)
        return rng.choice([0.1, 0.3, 0.5, 0.7, 0.9], size, p=[0.5, 0.3, 0.1, 0.07, 0.03])

    truth = np.sort(draw(200_000))
    broken = simple = 0
    for _ in range(SAMPLES):
        sample = draw(n)
        broken += true_risk(truth, fitted(sample, risk, sure)) > risk
        simple += true_risk(truth, naive(sample, risk)) > risk
    error = 3 * np.sqrt(sure * (1 - sure) / SAMPLES)
    assert broken / SAMPLES <= 1 - sure + error
    assert shape == "few values" or simple / SAMPLES > 1 - sure + error, "what promises nothing would pass, too"


def true_risk(truth: NDArray[np.float64], threshold: float) -> float:
    return 1 - float(np.searchsorted(truth, threshold)) / len(truth)


def test_the_promise_is_not_kept_by_answering_nothing() -> None:
    """It is nearly as often broken as it may be, where the confidences are spread: more caution would be waste."""
    rng = np.random.default_rng(3)
    broken = [1 - fitted(np.round(rng.random(200), 4), 0.1, 0.9) > 0.1 for _ in range(SAMPLES)]
    assert 0.04 < np.mean(broken) <= 0.12


def test_a_threshold_keeps_the_promise_where_the_exact_bound_does() -> None:
    for n in (1, 7, 45, 80, 300):
        for false in range(min(n, 40) + 1):
            for risk, sure in ((0.05, 0.9), (0.1, 0.95), (0.3, 0.8)):
                assert keeps(false, n, risk, sure) == (upper_bound(false, n, alpha=1 - sure) <= risk + 1e-12)


def test_the_first_threshold_that_fails_ends_the_sequence() -> None:
    """One that would pass by chance behind it is not looked at."""
    found = proven(lambda threshold: 60 if 0.49 < threshold <= 0.5 else 0, 60, 0.05, 0.9)
    assert found[0] == 1.0 and found[-1] == 0.501 and found == sorted(found, reverse=True)
    assert proven(lambda threshold: 1, 44, 0.05, 0.9) == []


def test_the_most_cautious_of_those_that_answer_most_is_chosen() -> None:
    answered = {0.9: 3, 0.8: 7, 0.7: 7, 0.6: 7}
    assert chosen(list(answered), answered.__getitem__) == 0.8
    assert chosen([0.9, 0.8], lambda _: 0) is None
    assert chosen([], lambda _: 5) is None


def test_how_many_questions_are_needed() -> None:
    assert needed(0.05, 0.9) == 45 and needed(0.1, 0.9) == 22 and needed(0.05, 0.95) == 59 and needed(0.5, 0.5) == 1
    for risk in (0.001, 0.02, 0.05, 0.1, 0.25, 0.5, 0.9):
        for sure in (0.5, 0.8, 0.9, 0.95, 0.99):
            n = needed(risk, sure)
            assert keeps(0, n, risk, sure)
            assert n == 1 or not keeps(0, n - 1, risk, sure)


def test_how_many_are_needed_where_some_are_answered_falsely() -> None:
    for rate in (0.0, 0.01, 0.02, 0.04):
        n = needed_at(rate, 0.05, 0.9)
        assert n is not None and keeps(int(np.ceil(rate * n)), n, 0.05, 0.9) and n >= 45
    assert needed_at(0.05, 0.05, 0.9) is needed_at(0.3, 0.05, 0.9) is needed_at(0.04999, 0.05, 0.9) is None


def test_what_a_few_questions_can_promise() -> None:
    assert least_risk(0, 0.9) is None
    for n in (1, 5, 20, 30, 44, 1000):
        risk = least_risk(n, 0.9)
        assert risk is not None and keeps(0, n, risk, 0.9) and not keeps(0, n, risk - 0.001, 0.9)
