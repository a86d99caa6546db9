"""Tables whose rules are all level, as printers set them: one above the headers, one below them, one at the end.

But: a table with one rule, or with two, is found from the gaps between its words, by `order`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.convert.pdf.prose import flows
from ingest.convert.pdf.tables.cells import in_order
from ingest.convert.pdf.tables.drawn import Cells
from ingest.convert.pdf.tables.figures import figure_like
from ingest.convert.pdf.tables.grids import parted, without
from ingest.convert.pdf.tables.labels import about_labels, ends_of
from ingest.convert.pdf.tables.lines import in_doubt, rows_between, with_groups
from ingest.convert.pdf.tables.rules import NEAR, lines_of
from ingest.convert.pdf.tables.unruled import bands_of, groups_of
from ingest.convert.pdf.types import Box, Row, Table, Word

_SHORTEST = 60.0
"""Points; a shorter rule is under some of the headers, or a fraction's."""
_MOST_RULES = 400
_HEADER_LINES = 4
_LONGEST_CELL = 60
"""Characters, blanks aside, of most lines of a cell: prose in columns between rules is no table."""

_Band = tuple[list[Row], float, float]
"""The rows of words between two rules, and where these are."""


def in_tables(rows: list[Row], rules: Sequence[Box], page: int) -> tuple[list[Row], list[Table]]:
    """The rows of a page without what stands in tables with rules, and these tables."""
    rest, grids = parted(rows, rules, page)
    tables = _barred(rest, rules, page)
    return without(rest, tables), [*grids, *tables]


def _barred(rows: Sequence[Row], rules: Sequence[Box], page: int) -> list[Table]:
    """The tables of a page between level rules that begin and end at the same places, three of them at least."""
    level, _ = lines_of(rules)
    if len(level) > _MOST_RULES:
        return []
    found: list[Table] = []
    for group in _alike([rule for rule in level if rule.right - rule.left >= _SHORTEST]):
        left, right = group[0].left, group[0].right
        near = [[word for word in row if left - 2 < (word.left + word.right) / 2 < right + 2] for row in rows]
        bases = [row[0].base for row in rows]
        bands: list[_Band] = []
        for above, below in pairwise(group):
            first, after = bisect_right(bases, above.bottom), bisect_left(bases, below.top + 2)
            bands.append(([row for row in near[first:after] if row], above.bottom, below.top))
        short = [rule for rule in level if rule not in group and left - 2 < rule.left and rule.right < right + 2]
        found += [_table(run, short, page, left, right) for run in _runs(bands)]
    return [table for table in found if len(table.rows) > 1]


def _alike(rules: Sequence[Box]) -> list[list[Box]]:
    """Rules that begin and end at the same places, from top to bottom; those next to one another taken as one."""
    groups: list[list[Box]] = []
    for rule in sorted(rules, key=lambda rule: rule.top):
        for group in groups:
            if abs(group[0].left - rule.left) < NEAR and abs(group[0].right - rule.right) < NEAR:
                if rule.top - group[-1].bottom > NEAR:
                    group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) > 2]


def _runs(bands: Sequence[_Band]) -> list[list[_Band]]:
    """Bands one below the other that are parts of a table: short cells beside one another."""
    runs: list[list[_Band]] = [[]]
    for band in bands:
        if _is_tabular(band[0]) or (runs[-1] and _is_sum(band[0])):
            runs[-1].append(band)
        else:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _is_sum(rows: Sequence[Row]) -> bool:
    """Whether a band holds a figure alone, as the last one of a bill may."""
    return len(rows) == 1 and figure_like("".join(word.text for word in rows[0]))


def _is_tabular(rows: Sequence[Row]) -> bool:
    """Whether rows of words are cells: some are parted by gaps, the others are short, hardly one is a line of prose."""
    sizes = [word.size for row in rows for word in row]
    if not sizes or not min(sizes):
        return False
    size = median(sizes)
    cells = [groups_of(row, 2.5 * size) for row in rows]
    apart = sum(1 for row in cells if len(row) > 1)
    width = max(row[-1].right for row in rows) - min(row[0].left for row in rows)
    full = sum(1 for row in cells if len(row) == 1 and row[0][1] - row[0][0] > 0.6 * width)
    return apart >= 0.4 * len(rows) and (full == 0 or full < 0.2 * len(rows))


def _table(bands: Sequence[_Band], short: Sequence[Box], page: int, left: float, right: float) -> Table:
    """The table that these bands make; without rows where they make none."""
    nothing = Table((), page, Box(left, bands[0][1], right, bands[-1][2]))
    body = [row for band, _, _ in bands[1:] for row in band]
    columns = bands_of([row for row in body if len(groups_of(row, row[0].size)) > 1] or body)
    if len(columns) < 2:
        return nothing
    header = bands[0][0] if len(bands[0][0]) <= _HEADER_LINES else []
    lower = bands[1:] if header else bands
    cells = [_cells(rows, columns) for rows, _, _ in lower]
    limits = [max((word.right for band in cells for word in band[at]), default=0.0) for at in range(len(columns))]
    sides = [[groups for row in body if (groups := _of_column(row, columns, at))] for at in range(len(columns))]
    if len(body) > 3 and all(map(flows, sides)):
        return nothing
    lengths = [len("".join(word.text for word in line)) for band in cells for cell in band for line in _lines(cell)]
    if not lengths or median(lengths) > _LONGEST_CELL:
        return nothing
    several = max(len(rows) for rows, _, _ in lower) > 1
    listed, ends = len(cells) == 1, ends_of(columns, body[0][0].size)
    cells = [part for band in cells for part in about_labels(band)]
    parted = rows_between([[[] for _ in columns], *cells], limits, barred=True, listed=listed, ends=ends)[1:]
    doubt = in_doubt(cells, parted, limits)
    named = [row for rows in parted for row in (with_groups(rows) if header else rows)]
    found = [tuple(tuple(in_order(cell)) for cell in row) for row in named]
    if not header:
        return Table(tuple(found), page, nothing.box, doubt=doubt)
    under = [rule for rule in short if bands[0][1] <= rule.top <= bands[0][2]]
    labels = tuple(tuple(in_order(cell)) for cell in _labels(header, columns, under))
    if sum(map(bool, labels)) < 2:
        return nothing
    return Table((labels, *found), page, nothing.box, headed=several or None, doubt=doubt)


def _cells(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> Cells:
    cells: Cells = [[] for _ in columns]
    for row in rows:
        label = len(groups_of(row, row[0].size)) == 1 and row[0].left < columns[0][1]
        for word in row:
            cells[0 if label else _column((word.left + word.right) / 2, columns)].append(word)
    return cells


def _column(x: float, columns: Sequence[tuple[float, float]]) -> int:
    return min(range(len(columns)), key=lambda at: max(columns[at][0] - x, x - columns[at][1], 0.0))


def _labels(rows: Sequence[Row], columns: Sequence[tuple[float, float]], under: Sequence[Box]) -> Cells:
    """The words of the headers of each column; those above a short rule are of all columns that it is under."""
    cells: Cells = [[] for _ in columns]
    for row in rows:
        for first, after in groups_of(row, 0.9 * row[0].size):
            words = [word for word in row if first <= (word.left + word.right) / 2 <= after]
            for rule in under:
                if 0 <= rule.top - words[0].base < 1.5 * words[0].size and rule.left < (first + after) / 2 < rule.right:
                    first, after = rule.left - NEAR, rule.right + NEAR
                    break
            over = [at for at, (left, right) in enumerate(columns) if first < (left + right) / 2 < after]
            for at in over or [_column((first + after) / 2, columns)]:
                cells[at].extend(words)
    return cells


def _of_column(row: Row, columns: Sequence[tuple[float, float]], at: int) -> Row:
    return [word for word in row if _column((word.left + word.right) / 2, columns) == at]


def _lines(cell: Sequence[Word]) -> list[list[Word]]:
    lines: dict[float, list[Word]] = {}
    for word in cell:
        lines.setdefault(round(word.base), []).append(word)
    return list(lines.values())
