"""Whether lines beside a gap are columns of prose, which flows on, or of lists, or the cells of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.convert.pdf.tables.unruled import ITEM_MARK, has_figures, table_of
from ingest.convert.pdf.types import Row, Table


def flows(side: Sequence[Row]) -> bool:
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


def runs_past(prose: Sequence[Row], beside: Sequence[Row]) -> bool:
    """Whether sentences of the prose go on where something begins beside it: then the two are columns, for in a table a
    row begins in all of its cells."""
    begins = [at for at in range(1, len(beside)) if beside[at] and not beside[at - 1] and prose[at] and prose[at - 1]]
    going_on = sum(1 for at in begins if prose[at - 1][-1].text[-1:] not in ".:;!?" and prose[at][0].text[:1].islower())
    return len(begins) > 1 and going_on > 0.5 * len(begins)


def are_marked(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether the two sides are lists beside one another, because their lines begin with list marks."""
    sides = [[row for row in side if row] for side in (left, right)]
    if not _are_of_words(*sides) or not all(_is_marked(side) for side in sides):
        return False
    return _number(sides[0][-1]) is None or _follow(*sides)


def are_sorted(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether the two sides are one list in alphabetical order, which goes on on the right: by what its lines begin
    with, or end with, as names do."""
    sides = [[row for row in side if row] for side in (left, right)]
    if not _are_of_words(*sides) or min(map(len, sides)) < 3 or sum(map(len, sides)) < 7:
        return False
    return any(_ascend([_key(_first_cell(row), at) for side in sides for row in side]) for at in (0, -1))


def _ascend(keys: Sequence[str]) -> bool:
    return all(key[:1].isalpha() for key in keys) and all(a <= b for a, b in pairwise(keys)) and keys[0] < keys[-1]


def _key(row: Row, at: int) -> str:
    return row[at].text.strip(".,;:()\"'“”‘’").casefold()


def _first_cell(row: Row) -> Row:
    """The words up to the first wide gap: others may be those of a third column."""
    ends = (at for at in range(1, len(row)) if row[at].left - row[at - 1].right > 1.2 * row[at].size)
    return row[: next(ends, len(row))]


def are_drawn_apart(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether the two sides are likely lists beside one another, because all of the left one was drawn before the right
    one, and they are not the columns of a table that was drawn column by column."""
    sides = [[row for row in side if row] for side in (left, right)]
    if not _are_of_words(*sides) or any(map(flows, sides)) or not _drawn_apart(*sides):
        return False
    table = table_of([[*a, *b] for a, b in zip(left, right, strict=True) if a or b], sides[0][0][0].page)
    if table is None or not has_figures(table):
        return True
    parts = [table_of(side, side[0][0].page) for side in sides]
    return all(part is not None and not _by_column(part) for part in parts)


def _are_of_words(left: Sequence[Row], right: Sequence[Row]) -> bool:
    return min(len(left), len(right)) > 1 and all(word.size for side in (left, right) for row in side for word in row)


def _is_marked(side: Sequence[Row]) -> bool:
    """Whether most lines begin with a list mark that more stands behind."""
    marked = sum(1 for row in side if len(row) > 1 and ITEM_MARK.fullmatch(row[0].text))
    return marked >= 2 and marked >= 0.4 * len(side) and ITEM_MARK.fullmatch(side[0][0].text) is not None


def _number(row: Row) -> int | None:
    found = re.search(r"\d+", row[0].text)
    return int(found.group()) if found else None


def _follow(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether the numbers of the right side go on from those of the left one, or begin anew."""
    before = [number for row in left if ITEM_MARK.fullmatch(row[0].text) and (number := _number(row)) is not None]
    first = _number(right[0])
    return bool(before) and first is not None and (first > before[-1] or first == 1)


def _drawn_apart(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether all of one side was drawn before the other."""
    a, b = ([word.order for row in side for word in row] for side in (left, right))
    return min(*a, *b) > 0 and (max(a) < min(b) or max(b) < min(a))


def _by_column(table: Table) -> bool:
    """Whether a table was drawn column by column."""
    columns = [[word.order for row in table.rows for word in row[at]] for at in range(len(table.rows[0]))]
    filled = [column for column in columns if column]
    return all(max(a) < min(b) for a, b in pairwise(filled))
