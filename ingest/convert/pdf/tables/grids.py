"""Tables that are drawn with rules: cells between lines, with everything that stands in each.

But: tables without rules between their columns are found by `order`, from the gaps between words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from ingest.convert.pdf.tables.cells import in_order
from ingest.convert.pdf.tables.layouts import is_layout
from ingest.convert.pdf.tables.lines import in_doubt, rows_between
from ingest.convert.pdf.tables.rules import NEAR, lines_of
from ingest.convert.pdf.types import Box, Table, Word

_MOST_RULES = 1_500
_MOST_CELLS = 5_000
_MARGIN = 9.0
"""Points; a strip without words that is narrower is the margin of a cell."""

Cell = tuple[Word, ...]


def parted(rows: list[list[Word]], rules: Sequence[Box], page: int) -> tuple[list[list[Word]], list[Table]]:
    """The rows of a page without what stands in tables with rules, and these tables."""
    tables = _ruled(rows, rules, page)
    return without(rows, tables), tables


def without(rows: list[list[Word]], tables: Sequence[Table]) -> list[list[Word]]:
    """The rows without the words in these tables."""
    if not tables:
        return rows
    gone = {word for table in tables for cells in table.rows for cell in cells for word in cell}
    return [row for row in ([word for word in row if word not in gone] for row in rows) if row]


def _ruled(rows: Sequence[Sequence[Word]], rules: Sequence[Box], page: int) -> list[Table]:
    level, upright = lines_of(rules)
    if len(level) < 2 or len(upright) < 3 or len(level) + len(upright) > _MOST_RULES:
        return []
    words = sorted((word for row in rows for word in row), key=lambda word: word.base)
    bases = [word.base for word in words]
    found = []
    for across, down in _groups(level, upright):
        ys = _places([(rule.top + rule.bottom) / 2 for rule in across])
        xs = _places([(rule.left + rule.right) / 2 for rule in down])
        if len(ys) < 2 or len(xs) < 3 or len(xs) * len(ys) > _MOST_CELLS:
            continue
        near = words[bisect_left(bases, ys[0]) : bisect_right(bases, ys[-1] + 2)]
        inside = [word for word in near if xs[0] - 2 < (word.left + word.right) / 2 < xs[-1] + 2]
        table = _filled(inside, xs, ys, across, down, page)
        if table is not None:
            found.append(table)
    return found


def _groups(level: Sequence[Box], upright: Sequence[Box]) -> list[tuple[list[Box], list[Box]]]:
    """Rules that cross or touch one another, directly or over others."""
    owner = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    order = sorted(range(len(level)), key=lambda index: level[index].top)
    tops = [level[index].top for index in order]
    for number, bar in enumerate(upright):
        for index in order[bisect_left(tops, bar.top - NEAR) : bisect_right(tops, bar.bottom + NEAR)]:
            if level[index].left - NEAR <= bar.right and bar.left <= level[index].right + NEAR:
                owner[root(index)] = root(len(level) + number)
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for index, rule in enumerate([*level, *upright]):
        groups.setdefault(root(index), ([], []))[index >= len(level)].append(rule)
    return list(groups.values())


def _places(values: Sequence[float]) -> list[float]:
    """Where rules are, those next to one another taken as one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > NEAR:
            places.append(value)
    return places


def _filled(
    words: Sequence[Word], xs: list[float], ys: list[float], across: list[Box], down: list[Box], page: int
) -> Table | None:
    xs = _without_margins(words, xs, down)
    wide, high = len(xs) - 1, len(ys) - 1
    cells: list[list[Word]] = [[] for _ in range(wide * high)]
    for word in words:
        column = min(max(bisect_right(xs, (word.left + word.right) / 2) - 1, 0), wide - 1)
        row = min(max(bisect_right(ys, word.base - 0.3 * word.size) - 1, 0), high - 1)
        cells[row * wide + column].append(word)
    owner = list(range(wide * high))
    for row in range(high):
        for column in range(wide):
            here = row * wide + column
            middle_x, middle_y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            if column and not _has(down, xs[column], middle_y, upright=True):
                owner[here] = owner[here - 1]
            elif row and not _has(across, ys[row], middle_x, upright=False):
                owner[here] = owner[here - wide]
    joined: dict[int, list[Word]] = {}
    for index, cell in enumerate(cells):
        joined.setdefault(owner[index], []).extend(cell)
    grid = [[joined[owner[row * wide + column]] for column in range(wide)] for row in range(high)]
    grid = [row for row in grid if any(row)]
    if is_layout(grid, list(joined.values())):
        return None
    if len({owner[index] for index, cell in enumerate(cells) if cell}) < 2 or not grid:
        return None
    if max(len({id(cell) for cell in row if cell}) for row in grid) < 2:
        return None  # boxes around text, one below the other
    lines, headed, doubt = _by_lines(grid, xs)
    rows = tuple(tuple(tuple(in_order(cell)) for cell in row) for row in lines)
    return Table(_dense(rows), page, Box(xs[0], ys[0], xs[-1], ys[-1]), headed=headed or None, doubt=doubt)


def _without_margins(words: Sequence[Word], xs: list[float], down: Sequence[Box]) -> list[float]:
    """Where columns begin and end, less the strips in which no word stands: the shading of a header is often drawn
    with its margins apart, which would make columns of these, and every cell below would fill several. Of the two
    sides of such a strip the one with the longer rules stays."""
    middles = sorted((word.left + word.right) / 2 for word in words)
    kept = list(xs)
    for left, right in pairwise(xs):
        narrow = right - left < _MARGIN and bisect_left(middles, left) == bisect_left(middles, right)
        if narrow and left in kept and right in kept:
            inner = [x for x in (left, right) if x not in (xs[0], xs[-1])]
            if inner:
                kept.remove(min(inner, key=lambda x: _height(down, x)))
    return kept if len(kept) > 2 else xs


def _height(down: Sequence[Box], x: float) -> float:
    """How much of upright rules stands at a place, in points."""
    return sum(rule.bottom - rule.top for rule in down if abs((rule.left + rule.right) / 2 - x) <= NEAR)


def _by_lines(grid: list[list[list[Word]]], xs: Sequence[float]) -> tuple[list[list[list[Word]]], bool, bool]:
    """The rows of cells, those in which several lines stand between two rules parted; whether the first is of
    headers, as it is where a rule parts it from lines that none parts; and whether the rows are in doubt. What spans
    rows or columns is in each of them."""
    margin = [min((word.left for row in grid for word in row[at]), default=x) - x for at, x in enumerate(xs[:-1])]
    limits = [x - max(0.0, space) for x, space in zip(xs[1:], margin, strict=True)]
    spans = [[_spans(grid, number, at) for at in range(len(limits))] for number in range(len(grid))]
    own = [[[] if spans[number][at] else cell for at, cell in enumerate(row)] for number, row in enumerate(grid)]
    found: list[list[list[Word]]] = []
    parted = rows_between(own, limits)
    for row, span, parts in zip(grid, spans, parted, strict=True):
        found += [[row[at] if span[at] else cell for at, cell in enumerate(part)] for part in parts]
    headed = len(parted[0]) == 1 < len(grid) and any(len(parts) > 1 for parts in parted)
    return found, headed, in_doubt(own, parted, limits)


def _spans(grid: list[list[list[Word]]], number: int, at: int) -> bool:
    """Whether the cell is also that of the row above or below, or of the column before it."""
    cell = grid[number][at]
    around = [grid[other][at] for other in (number - 1, number + 1) if 0 <= other < len(grid)]
    return any(cell is other for other in [*around, *grid[number][:at]])


def _dense(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """The rows without columns in which nothing stands."""
    kept = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
    return tuple(tuple(row[column] for column in kept) for row in rows)


def _has(rules: Sequence[Box], place: float, middle: float, *, upright: bool) -> bool:
    """Whether a rule at this place passes the middle of a cell's side."""
    for rule in rules:
        if upright:
            if abs((rule.left + rule.right) / 2 - place) <= NEAR and rule.top - 1 <= middle <= rule.bottom + 1:
                return True
        elif abs((rule.top + rule.bottom) / 2 - place) <= NEAR and rule.left - 1 <= middle <= rule.right + 1:
            return True
    return False
