"""The reading order of a page: its columns one after the other, between what runs across them; tables as rows.

A gutter is a band that no word crosses in a run of rows, with text on both sides of it. The text beside it decides what
it is: prose that flows on from line to line makes columns; short cells on common base lines make a table; anything else
is read row by row, and the page is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ingest.convert.pdf.grids import in_order
from ingest.convert.pdf.types import Box, Line, Table, Word

Row = list[Word]
Leaf = list[Line] | Table

_STEP = 2.0
"""Points: how finely gutters are looked for."""
_DEEPEST = 12
_MOST_TRIED = 6
_FEWEST_ROWS = 3
_ITEM_MARK = re.compile(r"[^\w\s]{1,2}|[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxlIVXL]{1,5})[.)\]]")
_MARK = re.compile(rf"{_ITEM_MARK.pattern}|\d{{1,4}}|[ivxlc]{{1,6}}")
"""A list mark, a line number or a page number."""
_SHORT_CELL = 40
"""Characters of a cell that may be one of a table."""


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A band without text beside rows `first` to `last`. Where it is not `sure`, it may be a chance gap in prose."""

    first: int
    last: int
    left: float
    right: float
    sure: bool

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(slots=True)
class _Page:
    number: int
    leaves: list[Leaf]
    tables: dict[Box, Table]
    doubt: bool = False


def in_reading_order(rows: list[Row], tables: Sequence[Table], number: int) -> tuple[list[Leaf], bool]:
    """The columns and tables of a page in reading order, and whether that order is in doubt. `rows` do not hold what
    stands in the tables."""
    page = _Page(number, [], {}, _overprinted(rows))
    rows = list(rows)
    for table in tables:
        stand_in = Word("", number, *table.box, table.box.top, 0.0)
        page.tables[table.box] = table
        rows.append([stand_in])
    rows.sort(key=lambda row: row[0].base)
    _cut(rows, page, _DEEPEST)
    return page.leaves, page.doubt


def _cut(rows: list[Row], page: _Page, depth: int) -> None:
    """Adds what stands in these rows to the page, cut at gutters as long as there are any."""
    found = _split(rows, page) if depth and len(rows) >= _FEWEST_ROWS else None
    if found is None:
        _add(rows, page)
        return
    gutter, table = found
    above, below = rows[: gutter.first], rows[gutter.last + 1 :]
    within = rows[gutter.first : gutter.last + 1]
    _cut(above, page, depth - 1)
    if table is not None:
        page.leaves.append(table)
    else:
        for side in _sides(within, gutter.middle):
            _cut([row for row in side if row], page, depth - 1)
    _cut(below, page, depth - 1)


def _add(rows: Sequence[Row], page: _Page) -> None:
    lines: list[Line] = []
    for row in rows:
        words = []
        for word in row:
            table = None if word.size else page.tables.get(word.box)
            if table is None:
                words.append(word)
            else:
                page.leaves.extend([lines] if lines else [])
                page.leaves.append(table)
                lines = []
        if words:
            lines.append(Line(tuple(words)))
    if lines:
        page.leaves.append(lines)


def _sides(rows: Sequence[Row], x: float) -> tuple[list[Row], list[Row]]:
    left = [[word for word in row if word.right <= x] for row in rows]
    right = [[word for word in row if word.right > x] for row in rows]
    return left, right


def _split(rows: list[Row], page: _Page) -> tuple[_Gutter, Table | None] | None:
    """The best gutter in these rows, with the table that they are where they are one."""
    doubtful: tuple[_Gutter, Table | None] | None = None
    for gutter in _gutters(rows):
        within = rows[gutter.first : gutter.last + 1]
        left, right = _sides(within, gutter.middle)
        marks = _is_margin(left) or _is_margin(right)
        both = sum(1 for a, b in zip(left, right, strict=True) if a and b)
        flows = _flows(left), _flows(right)
        if all(flows) and not marks and gutter.sure and _begin_alike(right):
            return _trimmed(gutter, rows), None
        table = None
        if both >= _FEWEST_ROWS and all(word.size for row in within for word in row):
            wider = _extended(gutter, rows)
            table = _table(rows[wider.first : wider.last + 1], page.number)
            if table is not None and marks and not _is_listing(table):
                table = None
            if not gutter.sure and (any(flows) or table is None or not _has_figures(table)):
                continue
            if table is not None and (len(table.rows[0]) > 2 or any(flows) or _has_figures(table)):
                return wider, table
        if marks or not gutter.sure:
            continue
        if both < 0.3 * len(within):
            return _trimmed(gutter, rows), None
        if table is not None and doubtful is None:
            doubtful = wider, table
    if doubtful is not None:
        page.doubt = True
    return doubtful


def _gutters(rows: Sequence[Row]) -> list[_Gutter]:
    """Bands that may part columns, the likeliest first."""
    sizes = [word.size for row in rows for word in row if word.size]
    if not sizes:
        return []
    size = median(sizes)
    start = min(word.left for row in rows for word in row)
    end = max(word.right for row in rows for word in row)
    count = int((end - start) / _STEP) + 1
    if not 2 * size < end - start < 20_000 or count * len(rows) > 4_000_000:
        return []
    taken = np.zeros((len(rows), count + 1), np.int32)
    for number, row in enumerate(rows):
        for word in row:
            taken[number, max(int((word.left - start) / _STEP), 0)] += 1
            taken[number, min(int((word.right - start) / _STEP) + 1, count)] -= 1
    covered = np.cumsum(taken, axis=1)[:, :count] > 0
    band = max(1, int(0.55 * size / _STEP))
    crossed = _crossed(covered, band)
    so_far = np.cumsum(covered, axis=1)
    on_left, on_right = so_far > 0, so_far < so_far[:, -1:]
    fits = ~crossed
    likely = np.flatnonzero(((fits & on_left).sum(0) >= 2) & ((fits & on_right).sum(0) >= 2))
    runs: dict[tuple[int, int], tuple[float, int]] = {}
    for x in likely.tolist():
        for first, last in _runs(fits[:, x]):
            left, right = int(on_left[first : last + 1, x].sum()), int(on_right[first : last + 1, x].sum())
            if min(left, right) >= 2 and left + right >= 2 * _FEWEST_ROWS - 1:
                score = min(left, right) + 0.1 * (last - first)
                if score > runs.get((first, last), (0.0, 0))[0]:
                    runs[first, last] = (score, x)
    best = sorted(runs.items(), key=lambda run: -run[1][0])
    found: list[_Gutter] = []
    for (first, last), (_, x) in best[: 4 * _MOST_TRIED]:
        gutter = _measured(rows, first, last, start + (x + 0.5) * _STEP, size)
        if gutter is not None and len(found) < _MOST_TRIED:
            found.append(gutter)
    return found


def _crossed(covered: NDArray[np.bool_], band: int) -> NDArray[np.bool_]:
    """Where a band of so many steps around a place is not free of text."""
    crossed = covered.copy()
    for shift in range(1, band // 2 + 1):
        crossed[:, shift:] |= covered[:, :-shift]
        crossed[:, :-shift] |= covered[:, shift:]
    return crossed


def _runs(fits: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], fits.view(np.int8), [0]))))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= _FEWEST_ROWS]


def _measured(rows: Sequence[Row], first: int, last: int, x: float, size: float) -> _Gutter | None:
    """The band around `x` in these rows, unless it is no wider than the blanks between words are there."""
    within = rows[first : last + 1]
    left = max((word.right for row in within for word in row if word.right <= x), default=None)
    right = min((word.left for row in within for word in row if word.left >= x), default=None)
    if left is None or right is None:
        return None
    both = [row for row in within if row[0].left < x < row[-1].right]
    gaps = [b.left - a.right for row in both for a, b in pairwise(row) if not a.right <= x <= b.left]
    usual = median([gap for gap in gaps if gap < 1.5 * size] or [0.3 * size])
    close = median([gap for gap in gaps if gap < 0.6 * size] or [0.3 * size])  # the others may be gutters of a table
    needed = max(0.7 * size, 1.3 * close)
    sure = len(both) != 1 and len(within) > 5 and right - left >= max(needed, 1.3 * usual)
    sure = sure or right - left >= max(1.2 * size, 1.6 * usual)
    return _Gutter(first, last, left, right, sure) if right - left >= needed else None


def _trimmed(gutter: _Gutter, rows: Sequence[Row]) -> _Gutter:
    """The gutter without headings at its end that stand over what runs across it, and without short lines at its top
    that stand on the right alone."""
    first, last = gutter.first, gutter.last
    usual = median(word.size for row in rows[first : last + 1] for word in row)
    while last - first > _FEWEST_ROWS and last + 1 < len(rows):
        row, before = rows[last], rows[last - 1]
        alone = row[-1].right <= gutter.left + 1
        if not alone or not (row[0].size > 1.1 * usual or row[0].base - before[0].base > 2 * row[0].size):
            break
        last -= 1
    top = first
    while top < last and rows[top][0].left >= gutter.right - 1:
        top += 1
    if 0 < top - first <= 2:
        beside = next((row for row in rows[top : last + 1] if row[-1].left >= gutter.right - 1), None)
        if beside is None or beside[-1].base - rows[top - 1][0].base > 2 * usual:
            return replace(gutter, first=top, last=last)
    return replace(gutter, last=last)


def _extended(gutter: _Gutter, rows: Sequence[Row]) -> _Gutter:
    """The gutter with the rows above and below that belong to the same table: they stand near and fall into cells, too,
    though one of them may reach across the gutter, as a header does."""
    first, last = gutter.first, gutter.last
    within = rows[first : last + 1]
    size = median(word.size for row in within for word in row)
    while first < last and len(_groups(rows[first], size)) == 1:
        first += 1  # the end of a paragraph above it
    while last > first and len(_groups(rows[last], size)) == 1 and rows[last][0].left < gutter.left:
        last -= 1
    within = rows[first : last + 1]
    pitch = 1.6 * max([size, *(b[0].base - a[0].base for a, b in pairwise(within))])
    cells = max(len(_groups(row, size)) for row in within)
    while first and rows[first][0].base - rows[first - 1][0].base < pitch and _like(rows[first - 1], cells, size):
        first -= 1
    while last + 1 < len(rows) and rows[last + 1][0].base - rows[last][0].base < pitch:
        if not _like(rows[last + 1], cells, size):
            break
        last += 1
    return replace(gutter, first=first, last=last)


def _like(row: Row, cells: int, size: float) -> bool:
    groups = _groups(row, size)
    widest = max((b[0] - a[1] for a, b in pairwise(groups)), default=0.0)
    return widest > 1.2 * size and 2 * len(groups) >= cells and all(word.size for word in row)


def _groups(row: Row, size: float) -> list[tuple[float, float]]:
    """Where the words of a row stand that are parted by no more than a blank."""
    groups: list[tuple[float, float]] = []
    for word in row:
        if groups and word.left - groups[-1][1] < 0.6 * size:
            groups[-1] = (groups[-1][0], word.right)
        else:
            groups.append((word.left, word.right))
    return groups


def _begin_alike(side: Sequence[Row]) -> bool:
    """Whether most lines begin at one place, as those of a column do; not so behind a chance gap in prose."""
    lefts = sorted(row[0].left for row in side if row)
    size = median(word.size for row in side for word in row)
    most = max(sum(1 for other in lefts if 0 <= other - left < 0.4 * size) for left in lefts)
    return most >= 0.5 * len(lefts)


def _is_margin(side: Sequence[Row]) -> bool:
    """Whether the side holds list marks, line numbers or page numbers only: they belong to the line beside them."""
    texts = ["".join(word.text for word in row) for row in side if row and row[0].size]
    return bool(texts) and sum(1 for text in texts if _MARK.fullmatch(text)) >= 0.7 * len(texts)


def _is_listing(table: Table) -> bool:
    """Whether it is a table though one of its columns holds numbers or list marks alone: with that column set aside it
    has three more, or it has one and a first row of words."""
    columns = [[_text(row[column]) for row in table.rows] for column in range(len(table.rows[0]))]
    marked = sum(1 for cells in columns if any(cells) and all(_ITEM_MARK.fullmatch(cell) for cell in cells if cell))
    headed = all(any(map(str.isalpha, cells[0])) and not _MARK.fullmatch(cells[0]) for cells in columns)
    return headed or len(columns) - marked > 2


def _text(cell: Sequence[Word]) -> str:
    return "".join(word.text for word in cell)


def _flows(side: Sequence[Row]) -> bool:
    """Whether the lines are prose: they go on in lower case, or are full and of several words."""
    lines = [row for row in side if row and row[0].size]
    if any(row and not row[0].size for row in side) and not lines:
        return True
    if len(lines) < 2:
        return False
    on = sum(1 for row in lines[1:] if row[0].text[:1].islower())
    if on >= 0.3 * (len(lines) - 1):
        return sum(len(row) for row in lines) >= 2.2 * len(lines)
    width = max(row[-1].right for row in lines) - min(row[0].left for row in lines)
    full = sum(1 for row in lines if row[-1].right - row[0].left > 0.75 * width)
    return full >= 0.6 * len(lines) and sum(len(row) for row in lines) >= 4.5 * len(lines)


def _table(rows: Sequence[Row], page: int) -> Table | None:
    """The rows as a table without rules, where at least two columns can be told apart."""
    bands = _bands(rows)
    if len(bands) < 2:
        return None
    cells: list[list[list[Word]]] = []
    for row in rows:
        filled: list[list[Word]] = [[] for _ in bands]
        for word in row:
            middle = (word.left + word.right) / 2
            filled[min(range(len(bands)), key=lambda at: max(bands[at][0] - middle, middle - bands[at][1], 0))].append(
                word
            )
        some = sum(1 for cell in filled if cell)
        if cells and not filled[0] and some <= (len(bands) + 1) // 2:
            for cell, more in zip(cells[-1], filled, strict=True):
                cell.extend(more)  # a cell that goes on in the next line
        else:
            cells.append(filled)
    if len(cells) < 2:
        return None
    box = Box(bands[0][0], rows[0][0].top, bands[-1][1], rows[-1][-1].bottom)
    return Table(tuple(tuple(tuple(in_order(cell)) for cell in row) for row in cells), page, box)


def _nearest(bands: Sequence[tuple[float, float]], x: float) -> int:
    return min(range(len(bands)), key=lambda at: max(bands[at][0] - x, x - bands[at][1], 0))


def _bands(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Where the columns of a table stand: what most rows leave free lies between them."""
    size = median(word.size for row in rows for word in row)
    start = min(row[0].left for row in rows)
    count = int((max(row[-1].right for row in rows) - start) / _STEP) + 2
    taken = np.zeros(count + 1, np.int32)
    for row in rows:
        for left, right in _groups(row, size):
            taken[max(int((left - start) / _STEP), 0)] += 1
            taken[min(int((right - start) / _STEP) + 1, count)] -= 1
    dense = np.cumsum(taken)[:count] > 0.12 * len(rows)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], dense.view(np.int8), [0]))))
    bands = [
        (start + a * _STEP, start + b * _STEP) for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]
    merged: list[tuple[float, float]] = []
    for left, right in bands:
        if merged and left - merged[-1][1] < 0.4 * size:
            merged[-1] = (merged[-1][0], right)
        else:
            merged.append((left, right))
    return merged


def _has_figures(table: Table) -> bool:
    """Whether a column holds numbers."""
    for column in range(len(table.rows[0])):
        cells = [_text(row[column]) for row in table.rows[1:]]
        filled = [cell for cell in cells if cell]
        if len(filled) >= 2 and sum(map(_is_figure, filled)) >= 0.7 * len(filled):
            return max(map(len, filled)) <= _SHORT_CELL
    return False


def _is_figure(cell: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    return digits >= 0.3 * len(cell) or (digits > 0 and len(cell) <= 6)


def _overprinted(rows: Sequence[Row]) -> bool:
    """Whether several lines are written over one another."""
    over = 0
    for before, row in pairwise(rows):
        size = min(before[0].size, row[0].size)
        if row[0].base - before[0].base < 0.4 * size and row[0].size < 1.5 * size > before[0].size / 1.5:
            over += any(a.left < b.right - 1 and b.left < a.right - 1 for a in before for b in row)
    return over >= 3
