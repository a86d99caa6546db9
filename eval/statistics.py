"""Figures with intervals, and paired tests: cluster bootstrap, exact McNemar, paired permutation, the Clopper-Pearson
bound."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, binom

RESAMPLES, SIGN_FLIPS = 2_000, 10_000
EXACT_CLUSTERS = 12
"""Up to so many clusters with a difference, every flip of signs is counted."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % interval, over `n` cases or questions; all None where n is 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def __str__(self) -> str:
        if self.value is None:
            return "undefined (n = 0)"
        interval = f" [{self.low:.2f}, {self.high:.2f}]" if self.low is not None and self.high is not None else ""
        return f"{self.value:.2f}{interval} (n = {self.n})"


UNDEFINED = Figure(None, None, None, 0)


def mean_figure(values: Sequence[float], clusters: Sequence[str], seed: int = 0) -> Figure:
    """The mean of one value a question, with the interval of `cluster_bootstrap`; UNDEFINED for no value."""
    interval = cluster_bootstrap(values, clusters, seed=seed)
    return UNDEFINED if interval is None else Figure(sum(values) / len(values), *interval, len(values))


def cluster_bootstrap(values: Sequence[float], clusters: Sequence[str], *, seed: int = 0) -> tuple[float, float] | None:
    """The 95 % percentile interval of the mean (Efron 1979), whole clusters drawn with replacement (Field and Welsh
    2007). None for no value."""
    sums, sizes = _by_cluster(values, clusters)
    if not len(sums):
        return None
    drawn = np.random.default_rng(seed).integers(len(sums), size=(RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def mcnemar_exact(worse: int, better: int) -> float:
    """The one-sided exact p that so many of the changed pairs, or more, are worse by chance (McNemar 1947; exact after
    the binomial distribution). 1 where nothing changed."""
    return float(binom.sf(worse - 1, worse + better, 0.5)) if worse + better else 1.0


def paired_permutation(differences: Sequence[float], clusters: Sequence[str]) -> float:
    """The one-sided p that the mean of paired differences (after minus before) is as low as it is by chance: the signs
    of whole clusters are flipped (Fisher 1935; Ernst 2004), all ways up to 12 clusters with a difference, beyond that
    SIGN_FLIPS drawn ways. 1 where nothing changed."""
    sums, _ = _by_cluster(differences, clusters)
    sums = sums[np.abs(sums) > 1e-12]
    if not len(sums):
        return 1.0
    total = sums.sum() + 1e-9
    if len(sums) <= EXACT_CLUSTERS:
        signs = np.array(list(itertools.product((1.0, -1.0), repeat=len(sums))))
        return float(np.mean(signs @ sums <= total))
    signs = np.random.default_rng(0).choice((1.0, -1.0), size=(SIGN_FLIPS, len(sums)))
    return float((1 + np.sum(signs @ sums <= total)) / (1 + SIGN_FLIPS))


def upper_bound(successes: int, n: int, *, alpha: float = 0.05) -> float:
    """The exact one-sided upper bound of a share (Clopper and Pearson 1934). 1 where n is 0."""
    return float(beta.ppf(1 - alpha, successes + 1, n - successes)) if successes < n else 1.0


def _by_cluster(values: Sequence[float], clusters: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and size of each cluster, in the order in which they come."""
    place = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    sums, sizes = np.zeros(len(place)), np.zeros(len(place))
    for value, cluster in zip(values, clusters, strict=True):
        sums[place[cluster]] += value
        sizes[place[cluster]] += 1
    return sums, sizes
