"""Every metric declares what reports, gate and judge need of it."""

from __future__ import annotations

from eval.metrics.registry import METRICS, PASSED, metric


def test_each_metric_is_of_a_case_or_of_many() -> None:
    for one in METRICS:
        assert (one.measure is None) != (one.statistic is None) or one is PASSED
        assert not (one.of_set and (one.headline or one.required or one.breaks)), "the gate looks at cases"
        assert metric(one.name) is one and one.label and one.about.endswith(".")


def test_no_two_share_a_name_a_column_or_the_rank_of_their_break() -> None:
    for values in (
        [one.name for one in METRICS],
        [one.label for one in METRICS],
        [one.column for one in METRICS if one.column],
        [one.breaks.rank for one in METRICS if one.breaks],
    ):
        assert len(set(values)) == len(values)
