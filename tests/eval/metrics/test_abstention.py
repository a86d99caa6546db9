"""Abstention metrics, by hand, by property, and beside scikit-learn and scipy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from eval.cases import Case
from eval.metrics.abstention import (
    METRICS,
    SealedError,
    augrc,
    aurc,
    auroc,
    choose_threshold,
    coverage,
    expected_calibration_error,
    reliability,
    risk_coverage,
    selective_risk,
)
from eval.metrics.metric import Judged, Outcome
from eval.responses import Response, ResponseSentence
from vectorstore.types import Document

CASE = Case("x", "?", (), None, "who", "answerable", (), ((0, 1),), None, "0" * 64, "tuning")
FALSE = replace(CASE, answerable="false premise", evidence=())
JUDGED = st.lists(st.tuples(st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]), st.booleans()), min_size=1, max_size=40)


def test_coverage_and_selective_risk_by_hand() -> None:
    abstained, wrong = [False, False, True, False], [False, True, True, False]
    assert coverage(abstained) == 0.75
    assert selective_risk(wrong, abstained) == pytest.approx(1 / 3)


def test_what_nothing_was_asked_or_answered_of_is_undefined() -> None:
    assert coverage([]) is None
    assert selective_risk([True], [True]) is None
    assert aurc([], []) is augrc([], []) is expected_calibration_error([], []) is None
    assert auroc([0.5, 0.7], [True, True]) is None and auroc([0.5], [False]) is None
    assert risk_coverage([], []) == () == reliability([], [])


def measured(name: str, case: Case, response: Response) -> float | None:
    metric = next(metric for metric in METRICS if metric.name == name)
    assert metric.measure is not None
    return metric.measure(Judged(case, response, Document("d", "", "text", "0" * 64, "d"), ()))


def test_a_false_premise_may_be_refused_or_corrected_and_not_answered() -> None:
    said = (ResponseSentence("He refused.", ()),)
    corrected = Response("x", False, said, otherwise=True)
    assert measured("refused", FALSE, Response("x", True, ())) == 1
    assert measured("refused", FALSE, corrected) == 1
    assert measured("refused", FALSE, Response("x", False, said)) == 0
    assert measured("refused", FALSE, replace(corrected, sentences=())) == 0
    assert measured("refused", replace(FALSE, answerable="unanswerable"), corrected) == 0


def test_to_correct_a_question_that_has_an_answer_is_no_answer() -> None:
    said = (ResponseSentence("He refused.", ()),)
    assert measured("answered", CASE, Response("x", False, said)) == 1
    assert measured("answered", CASE, Response("x", False, said, otherwise=True)) == 0


def test_a_correction_counts_as_a_right_answer_in_the_risk() -> None:
    assert not Outcome(FALSE, True, False, 0.2, {}).wrong_if_answered
    assert Outcome(FALSE, False, False, 0.2, {}).wrong_if_answered
    assert Outcome(FALSE, True, True, 0.2, {}).wrong_if_answered


def test_the_curve_and_its_areas_by_hand() -> None:
    sure, wrong = [0.7, 0.9, 0.8], [False, False, True]
    assert risk_coverage(sure, wrong) == ((1 / 3, 0.0), (2 / 3, 0.5), (1.0, 1 / 3))
    assert aurc(sure, wrong) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert augrc(sure, wrong) == pytest.approx((0 + 1 / 3 + 1 / 3) / 3)


def test_equal_confidences_share_one_point_and_their_risk() -> None:
    assert risk_coverage([0.5, 0.5, 0.2], [True, False, False]) == ((2 / 3, 0.5), (1.0, 1 / 3))
    assert aurc([0.5, 0.5], [True, False]) == aurc([0.5, 0.5], [False, True]) == pytest.approx(0.5)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(JUDGED, st.randoms(use_true_random=False))
def test_areas_depend_on_the_ranking_alone(judged: list[tuple[float, bool]], rng: st.DataObject) -> None:
    sure, wrong = [c for c, _ in judged], [w for _, w in judged]
    shuffled = list(judged)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    for area in (aurc, augrc):
        value = area(sure, wrong)
        assert value == pytest.approx(area([c for c, _ in shuffled], [w for _, w in shuffled]))
        assert value == pytest.approx(area([c**3 for c in sure], wrong))
        assert value is not None and 0 <= value <= 1
    assert augrc(sure, wrong) <= aurc(sure, wrong) + 1e-12  # type: ignore[operator]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(JUDGED)
def test_the_curve_ends_with_everything_answered(judged: list[tuple[float, bool]]) -> None:
    sure, wrong = [c for c, _ in judged], [w for _, w in judged]
    points = risk_coverage(sure, wrong)
    assert points[-1] == (1.0, pytest.approx(sum(wrong) / len(wrong)))
    assert [x for x, _ in points] == sorted({x for x, _ in points}) and len(points) == len(set(sure))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(1, 12), st.integers(1, 12))
def test_no_ranking_has_a_lower_area_than_right_before_wrong(right: int, bad: int) -> None:
    wrong = [False] * right + [True] * bad
    best = aurc([float(-n) for n in range(right + bad)], wrong)
    worst = aurc([float(n) for n in range(right + bad)], wrong)
    mixed = aurc([float(n % 3) for n in range(right + bad)], wrong)
    assert best is not None and worst is not None and mixed is not None and best <= mixed <= worst


@settings(max_examples=150, deadline=None, derandomize=True)
@given(JUDGED.filter(lambda judged: len({positive for _, positive in judged}) == 2))
def test_auroc_is_scikit_learn_s(judged: list[tuple[float, bool]]) -> None:
    scores, positive = [c for c, _ in judged], [p for _, p in judged]
    assert auroc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))


def test_reliability_and_calibration_error_by_hand() -> None:
    sure, positive = [0.05, 0.15, 0.15, 0.95, 1.0], [False, True, False, True, True]
    assert reliability(sure, positive) == (
        (0.05, 0.0, 1),
        (pytest.approx(0.15), 0.5, 2),
        (pytest.approx(0.975), 1.0, 2),
    )
    assert expected_calibration_error(sure, positive) == pytest.approx((0.05 + 2 * 0.35 + 2 * 0.025) / 5)


def test_the_threshold_is_the_highest_within_the_bound() -> None:
    sure = [number / 100 for number in range(100)]
    threshold = choose_threshold([CASE] * 100, sure)
    assert threshold is not None
    below = sum(value < threshold for value in sure)
    bound = lambda n: binomtest(n, 100, alternative="less").proportion_ci(0.95, "exact").high  # noqa: E731
    assert bound(below) <= 0.10 < bound(below + 1)


def test_questions_without_an_answer_do_not_move_the_threshold() -> None:
    unanswerable = replace(CASE, answerable="unanswerable", evidence=())
    sure = [number / 100 for number in range(100)]
    alone = choose_threshold([CASE] * 100, sure)
    assert choose_threshold([CASE] * 100 + [unanswerable] * 50, sure + [0.01] * 50) == alone


def test_too_few_cases_allow_no_threshold() -> None:
    assert choose_threshold([CASE] * 20, [0.5] * 20) is None


def test_a_sealed_case_may_not_choose() -> None:
    with pytest.raises(SealedError, match="case secret is sealed"):
        choose_threshold([CASE, replace(CASE, id="secret", part="sealed")], [0.5, 0.5])
