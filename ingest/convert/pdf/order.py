"""The reading order of a page: its columns one after the other, between what runs across them; tables as rows.

The text beside a gutter decides what it is: prose that flows on from line to line makes columns; short cells on common
base lines make a table; anything else is read row by row, and the page is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.convert.pdf.gutters import FEWEST_ROWS, Gutter, gutters, trimmed
from ingest.convert.pdf.prose import are_drawn_apart, are_marked, are_sorted, flows, runs_past
from ingest.convert.pdf.tables.unruled import MARK, bands_of, extended, has_figures, is_listing, table_of
from ingest.convert.pdf.types import Box, Line, Row, Table, Word

Leaf = list[Line] | Table

_DEEPEST = 12
_NO_CHANCE = 12
"""Rows with words on both sides of a gap that is none by chance."""


@dataclass(slots=True)
class _Page:
    number: int
    leaves: list[Leaf]
    tables: dict[Box, Table]
    doubt: bool = False
    listed: bool = False


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
    found = _split(rows, page) if depth and len(rows) >= FEWEST_ROWS else None
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
        before, head = page.listed, _head_of(within, gutter)
        page.listed = True
        for side in _sides(within[:head], gutter.middle):
            for row in filter(None, side):
                _add([row], page)
        page.listed = gutter.listed
        for side in _sides(within[head:], gutter.middle):
            _cut([row for row in side if row], page, depth - 1)
        page.listed = before
    _cut(below, page, depth - 1)


def _head_of(rows: Sequence[Row], gutter: Gutter) -> int:
    """How many rows stand over the columns, each in the middle of its own, as the names of authors do."""
    sides = _sides(rows, gutter.middle)
    edges = [(min(row[0].left for row in side if row), max(row[-1].right for row in side if row)) for side in sides]
    size = median(word.size for row in rows for word in row)
    centred = 0
    for at, row in enumerate(zip(*sides, strict=True)):
        parts = [
            (line[0].left - left, right - line[-1].right)
            for line, (left, right) in zip(row, edges, strict=True)
            if line
        ]
        if not all(min(part) > size and abs(part[0] - part[1]) < 4 * size for part in parts):
            break
        centred = at + 1
    apart = 1 < centred < len(rows) and rows[centred][0].base - rows[centred - 1][0].base > 1.4 * size
    return centred if apart else 0


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
            lines.append(Line(tuple(words), listed=page.listed))
    if lines:
        page.leaves.append(lines)


def _sides(rows: Sequence[Row], x: float) -> tuple[list[Row], list[Row]]:
    left = [[word for word in row if word.right <= x] for row in rows]
    right = [[word for word in row if word.right > x] for row in rows]
    return left, right


def _split(rows: list[Row], page: _Page) -> tuple[Gutter, Table | None] | None:
    """The best gutter in these rows, with the table that they are where they are one."""
    doubtful: tuple[Gutter, Table | None] | None = None
    found = gutters(rows)
    for gutter in _between_lists(found, rows):
        page.doubt = page.doubt or not gutter.sure
        return gutter, None
    for gutter in found:
        within = rows[gutter.first : gutter.last + 1]
        left, right = _sides(within, gutter.middle)
        marks = _is_margin(left) or _is_margin(right)
        both = sum(1 for a, b in zip(left, right, strict=True) if a and b)
        prose = flows(left), flows(right)
        if all(prose) and not marks and gutter.sure and (both >= _NO_CHANCE or _begin_alike(right)):
            return trimmed(gutter, rows), None
        table = None
        if both >= FEWEST_ROWS and all(word.size for row in within for word in row):
            wider = extended(gutter, rows)
            table = table_of(rows[wider.first : wider.last + 1], page.number)
            if table is not None and marks and not is_listing(table):
                table = None
            if not gutter.sure and (any(prose) or table is None or not has_figures(table)):
                continue
            if (
                table is not None
                and len(table.rows[0]) == 2
                and any(prose)
                and runs_past(*((left, right) if prose[0] else (right, left)))
            ):
                return trimmed(gutter, rows), None
            if table is not None and (len(table.rows[0]) > 2 or any(prose) or has_figures(table)):
                return wider, table
        if marks or not gutter.sure:
            continue
        if both < 0.3 * len(within):
            return trimmed(gutter, rows), None
        if table is not None and doubtful is None:
            doubtful = wider, table
    if doubtful is not None:
        page.doubt = True
    return doubtful


def _between_lists(found: Sequence[Gutter], rows: Sequence[Row]) -> Iterator[Gutter]:
    """The gaps with a list on each side, in the rows of the gutters that were found."""
    for first, last in dict.fromkeys((gutter.first, gutter.last) for gutter in found):
        within = rows[first : last + 1]
        size = median(word.size for row in within for word in row)
        for (_, left), (right, _) in pairwise(bands_of(within) if size else ()):
            if right - left > 1.2 * size:
                gutter = _beside(rows, Gutter(first, last, left, right, sure=True, listed=True))
                sides = _sides(rows[gutter.first : gutter.last + 1], gutter.middle)
                if are_marked(*sides) or are_sorted(*sides):
                    yield trimmed(gutter, rows)
                elif are_drawn_apart(*sides):
                    yield replace(trimmed(gutter, rows), sure=False)


def _beside(rows: Sequence[Row], gutter: Gutter) -> Gutter:
    """The gutter from its first row with words on both sides on, without rows at its end that stand apart."""
    both = [at for at in range(gutter.first, gutter.last + 1) if rows[at][0].left < gutter.left < rows[at][-1].right]
    if not both:
        return gutter
    last = both[-1]
    pitch = max((rows[at + 1][0].base - rows[at][0].base for at in range(both[0], last)), default=0.0)
    while last < gutter.last and rows[last + 1][0].base - rows[last][0].base < 1.2 * pitch:
        last += 1
    return replace(gutter, first=both[0], last=last)


def _begin_alike(side: Sequence[Row]) -> bool:
    """Whether most lines begin at one place, as those of a column do; not so behind a chance gap in prose."""
    lefts = sorted(row[0].left for row in side if row)
    size = median(word.size for row in side for word in row)
    most = max(sum(1 for other in lefts if 0 <= other - left < 0.4 * size) for left in lefts)
    return most >= 0.5 * len(lefts)


def _is_margin(side: Sequence[Row]) -> bool:
    """Whether the side holds list marks, line numbers or page numbers only: they belong to the line beside them."""
    texts = ["".join(word.text for word in row) for row in side if row and row[0].size]
    return bool(texts) and sum(1 for text in texts if MARK.fullmatch(text)) >= 0.7 * len(texts)


def _overprinted(rows: Sequence[Row]) -> bool:
    """Whether several lines are written over one another."""
    over = 0
    for before, row in pairwise(rows):
        size = min(before[0].size, row[0].size)
        if row[0].base - before[0].base < 0.4 * size and row[0].size < 1.5 * size > before[0].size / 1.5:
            over += any(a.left < b.right - 1 and b.left < a.right - 1 for a in before for b in row)
    return over >= 3
