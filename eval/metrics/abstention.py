"""Abstention metrics: what is answered, how much of it is wrong, and whether the confidence knows.

`wrong` says of each case whether answering it is wrong, whatever was done; higher confidence is answered first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from eval.cases import FALSE_PREMISE, Case
from eval.metrics.metric import HardBreak, Judged, Metric, Outcome
from eval.statistics import upper_bound
from vectorstore.errors import AttestError

MOST_FALSE_ABSTENTION = 0.10
THRESHOLD = "rule_threshold"
"""The metric that is a threshold chosen on the tuning part: it has no interval, and none on other parts."""


class SealedError(AttestError):
    """A threshold was to be chosen on cases that are sealed."""


def coverage(abstained: Sequence[bool]) -> float | None:
    """The share of all questions that is answered (El-Yaniv and Wiener 2010)."""
    return 1 - sum(abstained) / len(abstained) if abstained else None


def selective_risk(wrong: Sequence[bool], abstained: Sequence[bool]) -> float | None:
    """The share of the answers given that is wrong (Geifman and El-Yaniv 2017). None where nothing is answered."""
    answered = [bad for bad, silent in zip(wrong, abstained, strict=True) if not silent]
    return sum(answered) / len(answered) if answered else None


def risk_coverage(confidence: Sequence[float], wrong: Sequence[bool]) -> tuple[tuple[float, float], ...]:
    """(coverage, selective risk) as the threshold falls, one point for each confidence that occurs."""
    order = sorted(zip(confidence, wrong, strict=True), key=lambda pair: -pair[0])
    points, bad = [], 0
    for number, (sure, is_wrong) in enumerate(order, 1):
        bad += is_wrong
        if number == len(order) or order[number][0] != sure:
            points.append((number / len(order), bad / number))
    return tuple(points)


def aurc(confidence: Sequence[float], wrong: Sequence[bool]) -> float | None:
    """The area under the risk-coverage curve: the mean selective risk over all thresholds (Geifman, Uziel and El-Yaniv
    2019); cases of equal confidence share their mean."""
    return _area(confidence, wrong, generalised=False)


def augrc(confidence: Sequence[float], wrong: Sequence[bool]) -> float | None:
    """The area under the generalised risk-coverage curve: the mean over all thresholds of the share of all cases that
    is answered and wrong (Traub et al. 2024)."""
    return _area(confidence, wrong, generalised=True)


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The chance that a positive scores higher than a negative, ties half (Hanley and McNeil 1982). None where one of
    the classes is empty."""
    high = np.sort([score for score, is_positive in zip(scores, positive, strict=True) if is_positive])
    low = np.sort([score for score, is_positive in zip(scores, positive, strict=True) if not is_positive])
    if not len(high) or not len(low):
        return None
    below = np.searchsorted(low, high, side="left") + np.searchsorted(low, high, side="right")
    return float(below.sum()) / (2 * len(high) * len(low))


def reliability(
    confidence: Sequence[float], positive: Sequence[bool], bins: int = 10
) -> tuple[tuple[float, float, int], ...]:
    """(mean confidence, share of positives, n) of each bin of equal width that is not empty (Niculescu-Mizil and
    Caruana 2005)."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for sure, is_positive in zip(confidence, positive, strict=True):
        rows[min(int(sure * bins), bins - 1)].append((sure, is_positive))
    return tuple(
        (sum(s for s, _ in row) / len(row), sum(p for _, p in row) / len(row), len(row)) for row in rows if row
    )


def expected_calibration_error(confidence: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The mean gap between confidence and share of positives over ten bins, by their size (Naeini et al. 2015)."""
    if not confidence:
        return None
    return sum(n * abs(sure - share) for sure, share, n in reliability(confidence, positive)) / len(confidence)


def best_score(confidence: Sequence[float], answered: Sequence[float], abstained: Sequence[float]) -> float | None:
    """The highest mean score that any threshold on `confidence` gives, in hindsight (best_f1 of SQuAD 2.0's script;
    Rajpurkar et al. 2018): case i scores `answered[i]` at or above the threshold, `abstained[i]` below it."""
    if not confidence:
        return None
    gains: dict[float, float] = {}
    for sure, yes, no in zip(confidence, answered, abstained, strict=True):
        gains[sure] = gains.get(sure, 0.0) + yes - no
    best = total = float(sum(abstained))
    for sure in sorted(gains, reverse=True):
        total += gains[sure]
        best = max(best, total)
    return best / len(confidence)


def choose_threshold(cases: Sequence[Case], confidence: Sequence[float]) -> float | None:
    """The highest threshold at which the one-sided upper Clopper-Pearson bound of false abstention (confidence below
    it although the text has an answer) stays within MOST_FALSE_ABSTENTION; None where no threshold does.

    Raises SealedError for a case that is not of the tuning part.
    """
    sealed = next((case.id for case in cases if case.part != "tuning"), None)
    if sealed is not None:
        raise SealedError(f"a threshold is chosen on the tuning part only, and case {sealed} is sealed")
    sure = sorted(value for case, value in zip(cases, confidence, strict=True) if case.has_answer)
    allowed = [n for n in range(len(sure)) if upper_bound(n, len(sure)) <= MOST_FALSE_ABSTENTION]
    return sure[max(allowed)] if allowed else None


def _area(confidence: Sequence[float], wrong: Sequence[bool], *, generalised: bool) -> float | None:
    """The mean over all cases, from the surest to the least sure, of the risk when answering down to it."""
    if not confidence:
        return None
    sure, bad = np.asarray(confidence, dtype=float), np.asarray(wrong, dtype=float)
    order = np.argsort(-sure, kind="stable")
    sure, bad = sure[order], bad[order]
    _, starts, sizes = np.unique(-sure, return_index=True, return_counts=True)
    share = np.repeat(np.add.reduceat(bad, starts) / sizes, sizes)
    ranks = np.arange(1, len(sure) + 1)
    return float(np.mean(np.cumsum(share) / (len(sure) if generalised else ranks)))


def _answered(judged: Judged) -> float | None:
    response = judged.response
    shown = not response.abstained and not response.otherwise and bool(response.sentences)
    return float(shown) if judged.case.has_answer else None


def _refused(judged: Judged) -> float | None:
    """A false premise may be corrected, too."""
    response = judged.response
    corrected = response.otherwise and bool(response.sentences) and judged.case.answerable == FALSE_PREMISE
    return None if judged.case.has_answer else float(response.abstained or corrected)


def _with_confidence(
    statistic: Callable[[Sequence[float], Sequence[Outcome]], float | None],
) -> Callable[[Sequence[Outcome]], float | None]:
    """Undefined where a confidence is missing."""

    def measured(outcomes: Sequence[Outcome]) -> float | None:
        sure = [outcome.confidence for outcome in outcomes if outcome.confidence is not None]
        return statistic(sure, outcomes) if len(sure) == len(outcomes) else None

    return measured


METRICS = (
    Metric(
        "answered",
        "answers where there is an answer",
        "1 - false abstention; to say that the source says otherwise is no answer.",
        _answered,
        headline=True,
        required=True,
        breaks=HardBreak(10, "an answer turned into an abstention"),
    ),
    Metric(
        "refused",
        "abstains where there is none",
        "1 - false answer; of a false premise, saying that the source says otherwise counts, too.",
        _refused,
        headline=True,
        required=True,
        breaks=HardBreak(1, "an abstention turned into an answer"),
    ),
    Metric(
        "coverage",
        "coverage",
        "Share of all questions answered.",
        statistic=lambda some: coverage([one.abstained for one in some]),
    ),
    Metric(
        "selective_risk",
        "selective risk",
        "Share of answers that are wrong.",
        better="lower",
        statistic=lambda some: selective_risk([not one.passed for one in some], [one.abstained for one in some]),
        of=lambda one: not one.abstained,
    ),
    Metric(
        "aurc",
        "AURC",
        "Area under the risk-coverage curve.",
        better="lower",
        statistic=_with_confidence(lambda sure, some: aurc(sure, [one.wrong_if_answered for one in some])),
    ),
    Metric(
        "augrc",
        "AUGRC",
        "Area under the generalised curve.",
        better="lower",
        statistic=_with_confidence(lambda sure, some: augrc(sure, [one.wrong_if_answered for one in some])),
    ),
    Metric(
        "auroc",
        "AUROC, answerable or not",
        "Confidence as the score.",
        statistic=_with_confidence(lambda sure, some: auroc(sure, [one.case.has_answer for one in some])),
    ),
    Metric(
        "ece",
        "expected calibration error",
        "Ten bins of confidence.",
        better="lower",
        statistic=_with_confidence(
            lambda sure, some: expected_calibration_error(sure, [one.case.has_answer for one in some])
        ),
    ),
    Metric(
        THRESHOLD,
        "threshold by the rule",
        "Clopper-Pearson bound of false abstention, on the tuning part only.",
        statistic=_with_confidence(lambda sure, some: choose_threshold([one.case for one in some], sure)),
        of=lambda one: one.case.has_answer,
    ),
)
