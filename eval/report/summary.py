"""A run as a few lines for the terminal: headline table, breakdown by kind, and the gate's verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from eval.figures import changes
from eval.metrics.registry import METRICS, metric
from eval.runs import Comparison, Run
from eval.statistics import Figure

GROUPS = ("all", "tuning", "sealed")
KIND_COLUMNS = (*(one.column for one in METRICS if one.column), "abstains")
"""Headings of the table of kinds."""


def summary(run: Run, comparison: Comparison | None) -> Iterator[str]:
    """The headline table, with the change of "all" against the baseline, and the breakdown by kind."""
    moved = changes(comparison.baseline.figures["all"], run.figures["all"]) if comparison else {}
    yield f"{'':39}" + "".join(f"{group:29}" for group in GROUPS) + ("change" if comparison else "")
    for name, shown in run.figures["all"].items():
        if not metric(name).headline:
            continue
        cells = "".join(f"{run.figures[group][name]!s:29}" for group in GROUPS)
        change = f"{moved[name]:+.3f}" if shown.value is not None and name in moved else ""
        yield f"{metric(name).label:39}{cells}{change}".rstrip()
    yield ""
    yield f"{'kind':20}{'n':>4}" + "".join(f"{name:>9}" for name in KIND_COLUMNS)
    for group, figures in run.figures.items():
        if group.startswith("kind: "):
            yield _kind(group.removeprefix("kind: "), figures)


def others(run: Run) -> Iterator[str]:
    """The metrics that are not in the headline table, over all cases."""
    for one in METRICS:
        if not one.headline:
            yield f"{one.label:39}{run.figures['all'][one.name]}"


def verdict(comparison: Comparison) -> Iterator[str]:
    """What the gate found."""
    for name, before, after in comparison.changed:
        yield f"differs from the baseline: {name} {before} -> {after}"
    for drop in comparison.drops:
        yield (
            f"DROP   {metric(drop.metric).label}: {drop.before:.3f} -> {drop.after:.3f} "
            f"(p = {drop.p:.4f}, n = {drop.n}); worse in {', '.join(drop.worse)}"
        )
    for broken in comparison.breaks:
        yield f"BREAK  {broken.id}: {broken.reason} [{metric(broken.metric).label}]"
    if comparison.removed:
        yield f"no longer in the set: {len(comparison.removed)} cases: {', '.join(comparison.removed)}"
    if comparison.added:
        yield f"new in the set: {len(comparison.added)} cases: {', '.join(comparison.added)}"
    if comparison.newly_passing:
        yield f"fail -> pass: {', '.join(comparison.newly_passing)}"
    if comparison.newly_failing:
        yield f"pass -> fail: {', '.join(comparison.newly_failing)}"


def kind_row(figures: Mapping[str, Figure]) -> tuple[float | None, ...]:
    """The values of one kind, in `KIND_COLUMNS`; None where undefined."""
    shown = tuple(figures[one.name].value for one in METRICS if one.column)
    answered, refused = figures["answered"], figures["refused"]
    silent = (1 - answered.value) * answered.n if answered.value is not None else 0.0
    silent += refused.value * refused.n if refused.value is not None else 0.0
    asked = answered.n + refused.n
    return (*shown, silent / asked if asked else None)


def _kind(kind: str, figures: Mapping[str, Figure]) -> str:
    cells = "".join(f"{'-':>9}" if value is None else f"{value:9.2f}" for value in kind_row(figures))
    return f"{kind:20}{figures['passed'].n:4}{cells}"
