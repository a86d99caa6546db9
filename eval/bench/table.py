"""Tables of figures as text: ours with 95 % intervals and n, others' as they were published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.statistics import Figure, mean_figure


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


def measured(system: str, measures: Sequence[Sequence[float]], clusters: Sequence[str], seed: int) -> Row:
    """A system's row from what was measured: for each column one value a question."""
    return Row(system, tuple(mean_figure(values, clusters, seed) for values in measures), len(clusters))


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
    if isinstance(cell, Figure):
        value, low, high = (_cell(number, percent) for number in (cell.value, cell.low, cell.high))
        return value if cell.value is None else f"{value} [{low}, {high}]"
    if cell is None:
        return "-"
    return f"{100 * cell:.1f}" if percent else f"{cell:.3f}"
