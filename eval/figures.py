"""The figures of a run: each metric over all cases, over the tuning and the sealed part, and over each kind.

Means have a 95 % interval by the bootstrap over conversations (Efron 1979; clusters after Field and Welsh 2007), as
have the metrics of many cases together. Everything is seeded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from eval.cases import Case
from eval.metrics import abstention
from eval.metrics.metric import Outcome
from eval.metrics.registry import METRICS
from eval.runs import Curves, Result
from eval.statistics import UNDEFINED, Figure, mean_figure

RESAMPLES_OF_SETS = 200
DIGITS = 4


def figures(cases: Sequence[Case], results: Sequence[Result]) -> dict[str, dict[str, Figure]]:
    """Group -> metric -> figure, for the groups "all", "tuning", "sealed" and "kind: ..."."""
    outcomes = _outcomes(cases, results)
    groups = {"all": outcomes}
    for part in ("tuning", "sealed"):
        groups[part] = [one for one in outcomes if one.case.part == part]
    out = {name: _means(group) | _of_sets(group) for name, group in groups.items()}
    for kind in dict.fromkeys(case.kind for case in cases):
        out[f"kind: {kind}"] = _means([one for one in outcomes if one.case.kind == kind])
    return out


def curves(cases: Sequence[Case], results: Sequence[Result]) -> Curves:
    """The points of the two plots; none where a confidence is missing."""
    sure = [result.confidence for result in results if result.confidence is not None]
    if len(sure) < len(results):
        return Curves((), ())
    wrong = [one.wrong_if_answered for one in _outcomes(cases, results)]
    risk = abstention.risk_coverage(sure, wrong)
    bins = abstention.reliability(sure, [case.has_answer for case in cases])
    return Curves(
        tuple((round(a, DIGITS), round(b, DIGITS)) for a, b in risk),
        tuple((round(a, DIGITS), round(b, DIGITS), n) for a, b, n in bins),
    )


def _outcomes(cases: Sequence[Case], results: Sequence[Result]) -> list[Outcome]:
    return [
        Outcome(case, result.passed, result.abstained, result.confidence, result.measures)
        for case, result in zip(cases, results, strict=True)
    ]


def _means(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    out = {}
    for metric in METRICS:
        if not metric.of_set:
            values = [(v, one.case.conversation) for one in outcomes if (v := one.measures[metric.name]) is not None]
            out[metric.name] = _rounded(mean_figure([value for value, _ in values], [cluster for _, cluster in values]))
    return out


def _of_sets(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    out = {}
    for metric in METRICS:
        if metric.statistic is not None and metric.name != abstention.THRESHOLD:
            out[metric.name] = _set_figure(outcomes, metric.statistic, sum(map(metric.of, outcomes)))
        elif metric.statistic is not None:
            tuning = [one for one in outcomes if one.case.part == "tuning"]
            value = metric.statistic(tuning) if tuning else None
            figure = Figure(value, None, None, sum(map(metric.of, tuning)))
            out[metric.name] = UNDEFINED if value is None else _rounded(figure)
    return out


def _set_figure(outcomes: Sequence[Outcome], statistic: Callable[[Sequence[Outcome]], float | None], n: int) -> Figure:
    """`n`: how many of the cases the statistic is about."""
    value = statistic(outcomes) if outcomes else None
    if value is None:
        return UNDEFINED
    clusters: dict[str, list[Outcome]] = {}
    for one in outcomes:
        clusters.setdefault(one.case.conversation, []).append(one)
    groups = list(clusters.values())
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(RESAMPLES_OF_SETS):
        sample = [one for drawn_group in rng.integers(len(groups), size=len(groups)) for one in groups[drawn_group]]
        resampled = statistic(sample)
        if resampled is not None:
            drawn.append(resampled)
    low, high = np.quantile(drawn, (0.025, 0.975)) if drawn else (None, None)
    return _rounded(Figure(value, low, high, n))


def _rounded(figure: Figure) -> Figure:
    value, low, high = (None if v is None else round(float(v), DIGITS) for v in (figure.value, figure.low, figure.high))
    return Figure(value, low, high, figure.n)


def changes(before: Mapping[str, Figure], after: Mapping[str, Figure]) -> dict[str, float]:
    """Metric -> how much its value rose, where it is defined in both."""
    return {
        name: new.value - old.value
        for name, new in after.items()
        if (old := before.get(name)) is not None and old.value is not None and new.value is not None
    }
