"""All metrics of a run, in the order in which they are reported; each is declared in the module of its group."""

from __future__ import annotations

from eval.metrics import abstention, answer, attribution, citation, conversation, retrieval
from eval.metrics.metric import Metric

PASSED = Metric(
    "passed", "right answers and right refusals", "Cases with nothing wrong.", headline=True, column="right"
)
"""Measured by the judge, from the others."""

METRICS: tuple[Metric, ...] = (
    PASSED,
    *retrieval.METRICS,
    *answer.METRICS,
    *citation.METRICS,
    *abstention.METRICS,
    *conversation.METRICS,
    *attribution.METRICS,
)

_BY_NAME = {metric.name: metric for metric in METRICS}


def metric(name: str) -> Metric:
    """The metric of that name. Raises KeyError."""
    return _BY_NAME[name]
