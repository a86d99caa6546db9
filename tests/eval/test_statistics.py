"""Tests and intervals are scipy's, or counted out by hand, and the same in every run."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from eval.statistics import (
    EXACT_CLUSTERS,
    cluster_bootstrap,
    mcnemar_exact,
    paired_permutation,
    upper_bound,
)

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_the_one_sided_binomial_test(worse: int, better: int) -> None:
    if worse + better == 0:
        assert mcnemar_exact(0, 0) == 1.0
        return
    theirs = binomtest(worse, worse + better, 0.5, alternative="greater").pvalue
    assert mcnemar_exact(worse, better) == pytest.approx(theirs)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(COUNTS, st.sampled_from([0.01, 0.05, 0.1]))
def test_the_upper_bound_is_scipy_s_clopper_pearson(counts: tuple[int, int], alpha: float) -> None:
    successes, n = counts
    theirs = binomtest(successes, n, alternative="less").proportion_ci(1 - alpha, "exact")
    assert upper_bound(successes, n, alpha=alpha) == pytest.approx(theirs.high)


def test_nothing_is_known_of_no_trial() -> None:
    assert upper_bound(0, 0) == 1.0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.floats(-1, 1).map(lambda x: round(x, 2)), min_size=1, max_size=8))
def test_few_differences_are_counted_out(differences: list[float]) -> None:
    changed = [d for d in differences if d]
    flips = list(itertools.product((1, -1), repeat=len(changed)))
    as_low = sum(sum(sign * d for sign, d in zip(f, changed, strict=True)) <= sum(changed) + 1e-9 for f in flips) / len(
        flips
    )
    clusters = [str(number) for number in range(len(differences))]
    assert paired_permutation(differences, clusters) == pytest.approx(as_low)


def test_on_right_and_wrong_the_permutation_test_is_mcnemar_s() -> None:
    few = [-1.0] * 8 + [1.0] * 3
    many = [-1.0] * 30 + [1.0] * 20
    assert paired_permutation(few, [str(n) for n in range(11)]) == pytest.approx(mcnemar_exact(8, 3))
    assert len(many) > EXACT_CLUSTERS
    assert paired_permutation(many, [str(n) for n in range(50)]) == pytest.approx(mcnemar_exact(30, 20), abs=0.015)


def test_turns_of_one_conversation_count_as_one() -> None:
    apart = paired_permutation([-1.0] * 6, ["a", "b", "c", "d", "e", "f"])
    together = paired_permutation([-1.0] * 6, ["a"] * 6)
    assert (apart, together) == (1 / 64, 1 / 2)


def test_no_change_is_no_evidence() -> None:
    assert paired_permutation([], []) == paired_permutation([0.0, 0.0], ["a", "b"]) == 1.0
    assert paired_permutation([0.5, -0.5], ["a", "a"]) == 1.0


def test_the_bootstrap_is_seeded_and_holds_the_mean() -> None:
    values = [float(n % 3 == 0) for n in range(60)]
    clusters = [str(n) for n in range(60)]
    interval = cluster_bootstrap(values, clusters)
    assert interval is not None and interval == cluster_bootstrap(values, clusters)
    assert interval != cluster_bootstrap(values, clusters, seed=1)
    low, high = interval
    assert low < sum(values) / 60 < high
    error = np.std(values) / np.sqrt(60)
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.15)


def test_clusters_that_agree_within_widen_the_interval() -> None:
    values = [float(n // 5 % 2) for n in range(60)]
    apart = cluster_bootstrap(values, [str(n) for n in range(60)])
    together = cluster_bootstrap(values, [str(n // 5) for n in range(60)])
    assert apart is not None and together is not None
    assert together[1] - together[0] > 1.5 * (apart[1] - apart[0])


def test_one_conversation_alone_has_no_spread_and_none_no_interval() -> None:
    assert cluster_bootstrap([0.0, 1.0], ["a", "a"]) == (0.5, 0.5)
    assert cluster_bootstrap([], []) is None
