"""Figures are means over the cases where a metric is defined, by group, with seeded intervals; curves fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.cases import Case, CaseSet
from eval.figures import changes, curves, figures
from eval.metrics.registry import METRICS
from eval.runs import Result, Run
from eval.statistics import Figure
from tests.eval.conftest import MakeRun, quoted, refusal, sentence


def test_every_metric_has_a_figure_in_every_group(run_of: MakeRun) -> None:
    run = run_of()
    assert set(run.figures) == {
        "all", "tuning", "sealed", "kind: who", "kind: how many", "kind: pronoun", "kind: who-said", "kind: near miss",
    }  # fmt: skip
    of_cases = {metric.name for metric in METRICS if not metric.of_set}
    for group, rows in run.figures.items():
        assert set(rows) == (of_cases if group.startswith("kind: ") else {metric.name for metric in METRICS})


def test_a_figure_is_the_mean_over_the_cases_where_it_is_defined(run_of: MakeRun) -> None:
    run = run_of(quoted("who", sentence("crowns")), quoted("wife", sentence("mayor")))
    overall = run.figures["all"]
    assert (overall["passed"].value, overall["passed"].n) == (0.6, 5)
    assert (overall["nuggets_vital"].value, overall["nuggets_vital"].n) == (0.75, 4)
    assert (overall["refused"].value, overall["refused"].n) == (0.0, 1)
    assert (overall["speaker"].value, overall["speaker"].n) == (1.0, 1)
    assert run.figures["sealed"]["passed"].n == 1 and run.figures["tuning"]["passed"].n == 4


def test_an_undefined_figure_says_so(run_of: MakeRun) -> None:
    run = run_of()
    undefined = run.figures["all"]["carried_over"]
    assert undefined == Figure(None, None, None, 0) and str(undefined) == "undefined (n = 0)"
    assert str(run.figures["sealed"]["hit@1"]) == "undefined (n = 0)"
    assert str(run.figures["kind: near miss"]["nuggets_vital"]) == "undefined (n = 0)"


def test_a_figure_reads_with_interval_and_count() -> None:
    assert str(Figure(0.5, 0.25, 0.75, 8)) == "0.50 [0.25, 0.75] (n = 8)"
    assert str(Figure(0.5, None, None, 8)) == "0.50 (n = 8)"


def test_intervals_hold_their_figure_and_are_the_same_in_every_run(run_of: MakeRun) -> None:
    first, second = run_of(refusal("who")), run_of(refusal("who"))
    assert first.figures == second.figures
    defined = [f for rows in first.figures.values() for f in rows.values() if f.value is not None and f.low is not None]
    assert defined and all(f.low <= f.value <= f.high for f in defined if f.low is not None and f.high is not None)  # type: ignore[operator]


def test_metrics_of_many_cases_count_what_they_are_about(case_set: CaseSet, run_of: MakeRun) -> None:
    run = run_of(refusal("cost"), quoted("wife", sentence("mayor")))
    overall = run.figures["all"]
    assert (overall["coverage"].value, overall["coverage"].n) == (0.8, 5)
    assert (overall["selective_risk"].value, overall["selective_risk"].n) == (0.25, 4)
    assert str(overall["gap_closed"]) == "undefined (n = 0)"
    asked = [
        replace(result, measures={**result.measures, "standalone": 1.0, "raw": 0.0}) if case.history else result
        for case, result in zip(case_set.cases, run.results, strict=True)
    ]
    closed = figures(case_set.cases, asked)["all"]["gap_closed"]
    assert (closed.value, closed.n) == (1.0, 1)


def test_without_confidences_what_rests_on_them_is_undefined(case_set: CaseSet, run_of: MakeRun) -> None:
    run = run_of(quoted("who", sentence("1887"), confidence=None))
    for name in ("aurc", "augrc", "auroc", "ece", "rule_threshold"):
        assert str(run.figures["all"][name]) == "undefined (n = 0)"
    assert run.curves.risk_coverage == run.curves.reliability == ()


def test_the_curves_end_where_everything_is_answered(run_of: MakeRun) -> None:
    run = run_of(quoted("who", sentence("crowns"), confidence=0.95))
    assert run.curves.risk_coverage == ((0.2, 1.0), (0.8, 0.25), (1.0, 0.4))
    assert sum(n for _, _, n in run.curves.reliability) == 5


def many(case_set: CaseSet, run: Run) -> tuple[list[Case], list[Result]]:
    """Forty tuning and forty sealed cases that have an answer; the sealed ones are surer by half."""
    case, result = case_set.cases[0], run.results[0]
    cases, results = [], []
    for number in range(80):
        part = "tuning" if number < 40 else "sealed"
        cases.append(replace(case, id=str(number), question=f"{number}?", part=part))  # type: ignore[arg-type]
        results.append(replace(result, id=str(number), confidence=0.2 + number / 100))
    return cases, results


def test_the_threshold_by_the_rule_looks_at_the_tuning_part_alone(case_set: CaseSet, run_of: MakeRun) -> None:
    cases, results = many(case_set, run_of())
    rows = figures(cases, results)
    assert rows["all"]["rule_threshold"] == rows["tuning"]["rule_threshold"] != Figure(None, None, None, 0)
    assert rows["all"]["rule_threshold"].n == 40
    assert str(rows["sealed"]["rule_threshold"]) == "undefined (n = 0)"
    moved = [replace(r, confidence=0.01) if c.part == "sealed" else r for c, r in zip(cases, results, strict=True)]
    assert figures(cases, moved)["all"]["rule_threshold"] == rows["all"]["rule_threshold"]


def test_changes_are_told_where_both_are_defined() -> None:
    half, whole, none = Figure(0.5, None, None, 2), Figure(1.0, None, None, 2), Figure(None, None, None, 0)
    assert changes({"a": half, "b": none, "c": half}, {"a": whole, "b": whole, "c": none}) == {"a": 0.5}


def test_curves_are_none_for_no_results() -> None:
    assert curves([], []).risk_coverage == ()
    assert figures([], [])["all"]["passed"].value is None


def test_turns_of_one_conversation_are_resampled_together(case_set: CaseSet, run_of: MakeRun) -> None:
    cases, results = many(case_set, run_of())
    judged = [replace(r, measures={**r.measures, "passed": float(n // 10 % 2)}) for n, r in enumerate(results)]
    together = [replace(case, history=(f"{n // 10}",)) for n, case in enumerate(cases)]
    apart, joined = figures(cases, judged)["all"]["passed"], figures(together, judged)["all"]["passed"]
    assert apart.value == joined.value == pytest.approx(0.5)
    assert (joined.high or 0) - (joined.low or 0) > 1.5 * ((apart.high or 0) - (apart.low or 0))
