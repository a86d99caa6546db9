"""The figures of a run: each metric over all cases, over the tuning and the sealed part, and over each kind.

Means have a 95 % interval by the bootstrap over conversations (Efron 1979; clusters after Field and Welsh 2007), as
have the metrics of many cases together. Everything is seeded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from eval.cases import Case
from eval.metrics import abstention, conversation
from eval.metrics.registry import METRICS
from eval.runs import Curves, Result
from eval.statistics import UNDEFINED, Figure, mean_figure

RESAMPLES_OF_SETS = 200
DIGITS = 4
_GAP = ("follow_up", "standalone", "raw")

_Pair = tuple[Case, Result]


def figures(cases: Sequence[Case], results: Sequence[Result]) -> dict[str, dict[str, Figure]]:
    """Group -> metric -> figure, for the groups "all", "tuning", "sealed" and "kind: ..."."""
    pairs = list(zip(cases, results, strict=True))
    groups: dict[str, list[_Pair]] = {"all": pairs}
    for part in ("tuning", "sealed"):
        groups[part] = [pair for pair in pairs if pair[0].part == part]
    out = {name: _means(group) | _of_sets(group) for name, group in groups.items()}
    for name in out:
        chosen = groups["tuning"] if name != "sealed" else []
        out[name]["rule_threshold"] = _rule_threshold(chosen)
    for kind in dict.fromkeys(case.kind for case in cases):
        out[f"kind: {kind}"] = _means([pair for pair in pairs if pair[0].kind == kind])
    return out


def curves(cases: Sequence[Case], results: Sequence[Result]) -> Curves:
    """The points of the two plots; none where a confidence is missing."""
    sure = [result.confidence for result in results if result.confidence is not None]
    if len(sure) < len(results):
        return Curves((), ())
    wrong = [_wrong_if_answered(case, result) for case, result in zip(cases, results, strict=True)]
    risk = abstention.risk_coverage(sure, wrong)
    bins = abstention.reliability(sure, [case.has_answer for case in cases])
    return Curves(
        tuple((round(a, DIGITS), round(b, DIGITS)) for a, b in risk),
        tuple((round(a, DIGITS), round(b, DIGITS), n) for a, b, n in bins),
    )


def _means(pairs: Sequence[_Pair]) -> dict[str, Figure]:
    out = {}
    for metric in METRICS:
        if metric.of_set:
            continue
        defined = [(v, case.conversation) for case, result in pairs if (v := result.measures[metric.name]) is not None]
        out[metric.name] = _rounded(mean_figure([value for value, _ in defined], [cluster for _, cluster in defined]))
    return out


def _of_sets(pairs: Sequence[_Pair]) -> dict[str, Figure]:
    answered = [pair for pair in pairs if not pair[1].abstained]
    follow_ups = [pair for pair in pairs if all(pair[1].measures[n] is not None for n in _GAP)]
    counts = {"selective_risk": len(answered), "gap_closed": len(follow_ups)}
    statistics: dict[str, Callable[[Sequence[_Pair]], float | None]] = {
        "coverage": lambda some: abstention.coverage([r.abstained for _, r in some]),
        "selective_risk": lambda some: abstention.selective_risk(
            [not r.passed for _, r in some], [r.abstained for _, r in some]
        ),
        "gap_closed": _gap_closed,
    }
    sure = all(result.confidence is not None for _, result in pairs)
    with_confidence: dict[str, Callable[[Sequence[float], Sequence[_Pair]], float | None]] = {
        "aurc": lambda c, some: abstention.aurc(c, [_wrong_if_answered(*pair) for pair in some]),
        "augrc": lambda c, some: abstention.augrc(c, [_wrong_if_answered(*pair) for pair in some]),
        "auroc": lambda c, some: abstention.auroc(c, [case.has_answer for case, _ in some]),
        "ece": lambda c, some: abstention.expected_calibration_error(c, [case.has_answer for case, _ in some]),
    }
    for name, statistic in with_confidence.items():
        statistics[name] = (
            (lambda some, s=statistic: s([float(r.confidence or 0) for _, r in some], some))  # type: ignore[misc]
            if sure
            else lambda some: None
        )
    return {name: _set_figure(pairs, statistic, counts.get(name, len(pairs))) for name, statistic in statistics.items()}


def _set_figure(pairs: Sequence[_Pair], statistic: Callable[[Sequence[_Pair]], float | None], n: int) -> Figure:
    """`n`: how many of the pairs the statistic is about."""
    value = statistic(pairs) if pairs else None
    if value is None:
        return UNDEFINED
    clusters: dict[str, list[_Pair]] = {}
    for pair in pairs:
        clusters.setdefault(pair[0].conversation, []).append(pair)
    groups = list(clusters.values())
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(RESAMPLES_OF_SETS):
        sample = [pair for drawn_group in rng.integers(len(groups), size=len(groups)) for pair in groups[drawn_group]]
        resampled = statistic(sample)
        if resampled is not None:
            drawn.append(resampled)
    low, high = np.quantile(drawn, (0.025, 0.975)) if drawn else (None, None)
    return _rounded(Figure(value, low, high, n))


def _gap_closed(pairs: Sequence[_Pair]) -> float | None:
    rows = [
        (f, s, r)
        for _, result in pairs
        if (f := result.measures["follow_up"]) is not None
        and (s := result.measures["standalone"]) is not None
        and (r := result.measures["raw"]) is not None
    ]
    if not rows:
        return None
    follow_up, standalone, raw = zip(*rows, strict=True)
    return conversation.gap_closed(follow_up, standalone, raw)


def _rule_threshold(pairs: Sequence[_Pair]) -> Figure:
    known = [(case, result.confidence) for case, result in pairs if result.confidence is not None]
    if not known or len(known) < len(pairs):
        return UNDEFINED
    threshold = abstention.choose_threshold([case for case, _ in known], [sure for _, sure in known])
    if threshold is None:
        return UNDEFINED
    return _rounded(Figure(threshold, None, None, sum(case.has_answer for case, _ in known)))


def _wrong_if_answered(case: Case, result: Result) -> bool:
    """Whether answering would be wrong: always where there is no answer; where the system abstained although there is
    one, what it would have said is not known, and counts as wrong."""
    return not case.has_answer or not result.passed


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
