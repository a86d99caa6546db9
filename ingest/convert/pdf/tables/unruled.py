"""Tables without rules: rows whose words fall into cells that stand above one another.

But: which rows may be one is for `order` to say, beside a gutter; tables with rules are in `grids`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

import numpy as np

from ingest.convert.pdf.gutters import STEP, Gutter
from ingest.convert.pdf.tables.cells import in_order
from ingest.convert.pdf.tables.drawn import drawn_rows
from ingest.convert.pdf.tables.figures import figure_like, text_of
from ingest.convert.pdf.tables.labels import ends_of, filled_down, has_no_label, with_sum
from ingest.convert.pdf.types import Box, Row, Table, Word

ITEM_MARK = re.compile(r"[^\w\s]{1,2}|o|[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxlIVXL]{1,5})[.)\]]")
MARK = re.compile(rf"{ITEM_MARK.pattern}|\d{{1,4}}|[ivxlc]{{1,6}}")
"""A list mark, a line number or a page number."""
_SHORT_CELL = 40
"""Characters of a cell that may be one of a table."""


def table_of(rows: Sequence[Row], page: int) -> Table | None:
    """The rows as a table without rules, where at least two columns can be told apart."""
    bands = bands_of(rows)
    if len(bands) < 2:
        return None
    cells: list[list[list[Word]]] = []
    ends = ends_of(bands, median(word.size for row in rows for word in row))
    for row in rows:
        filled: list[list[Word]] = [[] for _ in bands]
        for word in row:
            middle = (word.left + word.right) / 2
            filled[min(range(len(bands)), key=lambda at: max(bands[at][0] - middle, middle - bands[at][1], 0))].append(
                word
            )
        some = sum(1 for cell in filled if cell)
        on = bool(cells) and not filled[0] and some <= (len(bands) + 1) // 2
        if on and not has_no_label(cells[-1], filled, ends):
            for cell, more in zip(cells[-1], filled, strict=True):
                cell.extend(more)  # a cell that goes on in the next line
        else:
            cells.append(filled)
    drawn = drawn_rows([[word for row in cells for word in row[at]] for at in range(len(bands))])
    cells = filled_down(with_sum(drawn or cells))
    if len(cells) < 2:
        return None
    box = Box(bands[0][0], rows[0][0].top, bands[-1][1], rows[-1][-1].bottom)
    return Table(tuple(tuple(tuple(in_order(cell)) for cell in row) for row in cells), page, box)


def extended(gutter: Gutter, rows: Sequence[Row]) -> Gutter:
    """The gutter with the rows above and below that belong to the same table: they stand near and fall into cells, too,
    though one of them may reach across the gutter, as a header does."""
    first, last = gutter.first, gutter.last
    within = rows[first : last + 1]
    size = median(word.size for row in within for word in row)
    while first < last and len(groups_of(rows[first], size)) == 1:
        first += 1  # the end of a paragraph above it
    while last > first and len(groups_of(rows[last], size)) == 1 and rows[last][0].left < gutter.left:
        last -= 1
    usual = median(b[0].base - a[0].base for a, b in pairwise(rows[first : last + 1])) if last > first else 0.0
    while last - first > 1 and rows[last][0].base - rows[last - 1][0].base > 3 * usual:
        if len(groups_of(rows[last], size)) > 1:
            break
        last -= 1  # what stands alone far below it, such as a page number
    within = rows[first : last + 1]
    pitch = 1.6 * max([size, *(b[0].base - a[0].base for a, b in pairwise(within))])
    cells = max(len(groups_of(row, size)) for row in within)
    while first and rows[first][0].base - rows[first - 1][0].base < pitch and _like(rows[first - 1], cells, size):
        first -= 1
    while last + 1 < len(rows) and rows[last + 1][0].base - rows[last][0].base < pitch:
        if not _like(rows[last + 1], cells, size):
            break
        last += 1
    return replace(gutter, first=first, last=last)


def _like(row: Row, cells: int, size: float) -> bool:
    groups = groups_of(row, size)
    widest = max((b[0] - a[1] for a, b in pairwise(groups)), default=0.0)
    return widest > 1.2 * size and 2 * len(groups) >= cells and all(word.size for word in row)


def groups_of(row: Row, size: float) -> list[tuple[float, float]]:
    """Where the words of a row stand that are parted by no more than a blank."""
    groups: list[tuple[float, float]] = []
    blank = (0.9 if is_typewritten(row) else 0.6) * size
    for word in row:
        if groups and word.left - groups[-1][1] < blank:
            groups[-1] = (groups[-1][0], word.right)
        else:
            groups.append((word.left, word.right))
    return groups


def is_typewritten(row: Row) -> bool:
    """Whether all letters of a row are equally wide, so that a blank is as wide as a letter, too."""
    widths = [
        (word.right - word.left) / (len(word.text) * word.size) for word in row if len(word.text) > 2 and word.size
    ]
    return len(widths) > 1 and max(widths) - min(widths) < 0.08 and min(widths) > 0.45


def bands_of(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Where the columns of a table stand: what most rows leave free lies between them."""
    size = median(word.size for row in rows for word in row)
    start = min(row[0].left for row in rows)
    count = int((max(row[-1].right for row in rows) - start) / STEP) + 2
    taken = np.zeros(count + 1, np.int32)
    for row in rows:
        for left, right in groups_of(row, size):
            taken[max(int((left - start) / STEP), 0)] += 1
            taken[min(int((right - start) / STEP) + 1, count)] -= 1
    dense = np.cumsum(taken)[:count] > 0.12 * len(rows)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], dense.view(np.int8), [0]))))
    bands = [
        (start + a * STEP, start + b * STEP) for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]
    merged: list[tuple[float, float]] = []
    for left, right in bands:
        if merged and left - merged[-1][1] < 0.4 * size:
            merged[-1] = (merged[-1][0], right)
        else:
            merged.append((left, right))
    return merged


def is_listing(table: Table) -> bool:
    """Whether it is a table though one of its columns holds numbers or list marks alone: with that column set aside it
    has three more, or it has one and a first row of words."""
    columns = [[text_of(row[column]) for row in table.rows] for column in range(len(table.rows[0]))]
    marked = sum(1 for cells in columns if any(cells) and all(ITEM_MARK.fullmatch(cell) for cell in cells if cell))
    headed = all(any(map(str.isalpha, cells[0])) and not MARK.fullmatch(cells[0]) for cells in columns)
    return headed or len(columns) - marked > 2


def has_figures(table: Table) -> bool:
    """Whether a column holds numbers."""
    for column in range(len(table.rows[0])):
        cells = [text_of(row[column]) for row in table.rows[1:]]
        filled = [cell for cell in cells if cell]
        if len(filled) >= 2 and sum(map(figure_like, filled)) >= 0.7 * len(filled):
            return max(map(len, filled)) <= _SHORT_CELL
    return False
