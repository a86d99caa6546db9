"""Tables of figures as text: ours with 95 % intervals and n, others' as they were published.

But: nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.statistics import cluster_bootstrap


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over n questions with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """A system's figures, one a column; None where there is none. `n` is None for a published figure."""

    system: str
    cells: tuple[Figure | float | None, ...]
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Figures between 0 and 1 are printed to three decimals, or as percentages to one."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    percent: bool = False


def figure(values: Sequence[float], clusters: Sequence[str], seed: int) -> Figure | None:
    """The mean of one value a question with the interval of a cluster bootstrap; None for no value."""
    interval = cluster_bootstrap(values, clusters, seed=seed)
    return None if interval is None else Figure(sum(values) / len(values), *interval)


def rendered(tables: Sequence[Table]) -> str:
    """The tables as lines of text."""
    return "\n\n".join("\n".join(_lines(table)) for table in tables)


def _lines(table: Table) -> list[str]:
    head = ["", "n", *table.columns]
    body = [
        [row.system, "" if row.n is None else f"{row.n:,}", *(_cell(cell, table.percent) for cell in row.cells)]
        for row in table.rows
    ]
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]
    lines = [
        "  ".join(
            text.rjust(width) if i == 1 else text.ljust(width)
            for i, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [head, *body]
    ]
    return [table.title, *(f"  {line}" for line in lines), *(f"  - {note}" for note in table.notes)]


def _cell(cell: Figure | float | None, percent: bool) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, Figure):
        low, high = (_number(value, percent) for value in (cell.low, cell.high))
        return f"{_number(cell.value, percent)} [{low}, {high}]"
    return _number(cell, percent)


def _number(value: float, percent: bool) -> str:
    return f"{100 * value:.1f}" if percent else f"{value:.3f}"
