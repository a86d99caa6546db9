"""Rows of a table from the order of drawing: most programs draw cell after cell, row after row.

That tells rows apart where their cells are of several lines, whichever way these are set beside one another.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.convert.pdf.types import BULLET, Word

Cells = list[list[Word]]
"""The words of each column, in one row or between two rules."""


def drawn_rows(cells: Cells) -> list[Cells] | None:
    """The rows in what stands between two rules; None where the order of drawing does not tell: it goes line by line,
    column by column, or is not known."""
    words = sorted(((word, at) for at, cell in enumerate(cells) for word in cell), key=lambda one: one[0].order)
    orders = [word.order for word, _ in words if word.text != BULLET]
    if not orders or len(set(orders)) < len(orders):
        return None
    rows: list[Cells] = []
    last = len(cells)
    for word, at in words:
        if at < last:
            rows.append([[] for _ in cells])
        rows[-1][at].append(word)
        last = at
    rows = [part for row in rows for part in _without_label(row)]
    if len(rows) < 2 or not _are_apart(rows) or not any(_is_of_lines(cell) for row in rows for cell in row):
        return None
    wide = sum(1 for row in rows if sum(map(bool, row)) > 1)
    return rows if wide >= 0.6 * len(rows) else None


def _are_apart(rows: Sequence[Cells]) -> bool:
    """Whether each row is below the one before it."""
    floor = float("-inf")
    for row in rows:
        bases = [word.base for cell in row for word in cell]
        if min(bases) <= floor:
            return False
        floor = max(bases)
    return True


def _without_label(row: Cells) -> list[Cells]:
    """The row; where its first cell was drawn after a line that stands alone above it, that line apart."""
    label, rest = row[0], [word for cell in row[1:] for word in cell]
    if not rest or not _is_of_lines(label):
        return [row]
    top = min(word.base for word in rest) - 0.8 * rest[0].size
    above, beside = [word for word in label if word.base < top], [word for word in label if word.base >= top]
    if not above or not beside or beside[0].text[:1].islower() or _is_of_lines(beside):
        return [row]
    return [[above, *([] for _ in row[1:])], [beside, *row[1:]]]


def _is_of_lines(cell: Sequence[Word]) -> bool:
    return bool(cell) and max(word.base for word in cell) - min(word.base for word in cell) > 0.8 * cell[0].size
