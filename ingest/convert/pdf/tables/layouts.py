"""Whether rules draw a layout, not a table: frames around columns of prose, charts, the shading of a paragraph.

But: a layout without rules is for `order` to tell from a table.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.convert.pdf.gutters import gutters
from ingest.convert.pdf.prose import flows
from ingest.convert.pdf.tables.cells import lines_in
from ingest.convert.pdf.types import Word

_MOST_REPEATED = 3
"""How many times the words of a table may be written, as what spans cells is in each of them."""
_FEWEST_WORDS = 60
_FEWEST_LINES = 8
"""Words of a cell, and its lines, that may be columns of prose."""


def is_layout(grid: Sequence[Sequence[list[Word]]], cells: Sequence[list[Word]]) -> bool:
    """Whether the rules frame a layout, not cells: columns of prose, charts, shaded lines of one paragraph. What spans
    cells is written in each; in a layout that would be most of the text, several times over."""
    if sum(map(_written, grid)) > _MOST_REPEATED * sum(map(len, cells)):
        return True
    single = [row for row in grid if len({id(cell) for cell in row if cell}) == 1]
    lines = [[word for cell in {id(cell): cell for cell in row}.values() for word in cell] for row in single]
    if len(grid) > len(single) >= 0.7 * len(grid) and flows(lines):
        return True
    return any(_holds_columns(cell) for cell in cells if len(cell) >= _FEWEST_WORDS)


def _written(row: Sequence[list[Word]]) -> int:
    """How many words are written for a row. A single line across it, or across all but its first cell, counts
    once: it heads the rows below, or is their break."""
    across = row[-1]
    if all(cell is across for cell in row[1:]) and len(lines_in(across)) == 1:
        return len(across) + (len(row[0]) if row[0] is not across else 0)
    return sum(map(len, row))


def _holds_columns(cell: Sequence[Word]) -> bool:
    """Whether prose stands in columns beside one another in a cell."""
    rows = lines_in(cell)
    for gutter in gutters(rows):
        within = rows[gutter.first : gutter.last + 1]
        left = [[word for word in row if word.right <= gutter.middle] for row in within]
        right = [[word for word in row if word.right > gutter.middle] for row in within]
        if gutter.sure and len(within) >= _FEWEST_LINES and flows(left) and flows(right):
            return True
    return False
