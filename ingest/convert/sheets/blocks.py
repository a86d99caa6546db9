"""The cells of a sheet, in rows and columns, to paragraphs: titles, tables, notes.

Rows without words part a sheet; what follows them goes on with the table above where it has the same columns and no
names of its own. Where columns without words stand between others, the right ones are a table of their own only if
they begin with names and with a column of words: else they are a gap that somebody has left for the eye.

- A row of one cell above a table is its title, as is a label with its value ("As of:", "1 May"); one below it that
  reads like a sentence is a note.
- A row of one cell amid a table is the label of the rows below it, where all rows have such a label.

But: it knows nothing of files; merged cells are filled in by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.convert.sheets.headers import header_rows, labels_of
from ingest.convert.sheets.values import value_of
from vectorstore.table_rows import cell_text, written

_NOTE = re.compile(
    r"(?:[*†‡#]|\(?\d\)|(?:sources?|notes?|remarks?|quelle|hinweis|n\.b)\b).*", re.IGNORECASE | re.DOTALL
)
_NOTE_WORDS = 5
_LINE_ITEMS = 3
"""Lines of one cell that are a column of a table."""
_LONGEST_ITEM = 80
_SHORTEST_PART = 4
"""Rows of a table that another with the same names may follow."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, each one line. `bold`: all of them are; `whole`: its one cell spans the sheet."""

    cells: tuple[str, ...]
    bold: bool = False
    whole: bool = False

    @property
    def filled(self) -> int:
        """How many cells have words."""
        return sum(map(bool, self.cells))


@dataclass(frozen=True, slots=True)
class _Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[int, ...]
    """Which columns of the sheet it has."""


def one_line(cell: str) -> str:
    """What a cell holds on one line, as cells of tables are written."""
    return cell_text(cell.splitlines()) if "\n" in cell or "\r" in cell else " ".join(cell.split())


def paragraphs(rows: Sequence[Row], *, side_by_side: bool = False) -> list[str]:
    """What a sheet holds, each table with its lines as one paragraph. `side_by_side`: tables may stand so."""
    parts = [
        part
        for band in _bands(rows)
        for columns in (_parts(band) if side_by_side else [_used(band)])
        for part in _block(band, columns)
    ]
    found: list[str | _Table] = []
    for part in _with_names(parts):
        last = found[-1] if found else None
        if isinstance(part, _Table) and isinstance(last, _Table) and _goes_on(last, part):
            found[-1] = _Table(last.header, (*last.rows, *part.rows), last.columns)
        else:
            found.append(part)
    return [part if isinstance(part, str) else written(part.header, part.rows) for part in found]


def _with_names(parts: Sequence[str | _Table]) -> Iterator[str | _Table]:
    """The parts, each two rows of names joined with the table that they name behind a row without words."""
    at = 0
    while at < len(parts):
        part, below = parts[at], parts[at + 1] if at + 1 < len(parts) else None
        if isinstance(part, _Table) and isinstance(below, _Table) and len(part.rows) == 2 and _goes_on(part, below):
            rows = (*part.rows, *below.rows)
            if not any(part.header) and header_rows(rows) == 2:
                part = _Table(labels_of(rows[:2]), below.rows, part.columns)
                at += 1
        yield part
        at += 1


def _bands(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of rows with words."""
    band: list[Row] = []
    for row in rows:
        if row.filled:
            band.append(row)
        elif band:
            yield band
            band = []
    if band:
        yield band


def _used(band: Sequence[Row]) -> tuple[int, ...]:
    """The columns in which some row has words."""
    width = max(len(row.cells) for row in band)
    used = [False] * width
    for row in band:
        for column, cell in enumerate(row.cells):
            used[column] = used[column] or bool(cell)
    return tuple(column for column in range(width) if used[column])


def _parts(band: Sequence[Row]) -> list[tuple[int, ...]]:
    """The columns of each table of a band."""
    narrow = [row for row in band if row.filled > 1 and not row.whole] or band
    used = _used(narrow)
    parts: list[tuple[int, ...]] = []
    for column in used:
        if parts and (parts[-1][-1] == column - 1 or not _stands_alone(band, column, used)):
            parts[-1] = (*parts[-1], column)
        else:
            parts.append((column,))
    rest = tuple(column for column in _used(band) if not any(column in part for part in parts))
    if len(parts) == 1 or not rest:
        return [tuple(sorted((*parts[0], *rest)))] if len(parts) == 1 else parts
    return [*parts, rest]


def _stands_alone(band: Sequence[Row], column: int, used: Sequence[int]) -> bool:
    """Whether a table begins with this column, behind a gap."""
    end, inside = column, set(used)
    while end + 1 in inside:
        end += 1
    rows = [tuple(_cell(row, at) for at in range(column, end + 1)) for row in band]
    rows = [row for row in rows if any(row)]
    while len(rows) > 1 and end > column and sum(map(bool, rows[0])) == 1:
        del rows[0]
    words = [row[0] for row in rows[1:] if row[0]]
    worded = sum(value_of(cell) in ("words", "code", "date") for cell in words)
    return end > column and len(rows) > 1 and 2 * worded > len(words) and header_rows(rows) > 0


def _block(band: Sequence[Row], columns: Sequence[int]) -> Iterator[str | _Table]:
    """The titles, the table and the notes of some columns of a band."""
    rows = [Row(tuple(_cell(row, column) for column in columns), row.bold, row.whole) for row in band]
    rows = [row for row in rows if row.filled]
    if len(columns) == 1:
        yield from _column([row.cells[0] for row in rows], columns)
        return
    first, last = 0, len(rows)
    while first < last and (rows[first].filled == 1 or _is_pair(rows[first], alone=first == last - 1)):
        first += 1
    while last > first and rows[last - 1].filled == 1 and _is_note(rows[last - 1]):
        last -= 1
    if first == last:
        yield from map(_words, rows)
        return
    labels = _labels(rows[first:last])
    if first and labels and rows[first - 1].filled == 1 and not labels[0]:
        labels = [False] * len(labels)
    yield from map(_words, rows[:first])
    starts = [0, *_anew(rows[first:last]), last - first]
    for begin, end in pairwise(starts):
        yield _table(rows[first + begin : first + end], labels[begin:end], columns)
    yield from map(_words, rows[last:])


def _anew(rows: Sequence[Row]) -> list[int]:
    """Where the names of the columns come again amid a table, below another first row of names: tables set one below
    the other without a gap, for other years."""
    top, names = rows[0].cells, rows[1].cells if len(rows) > 1 else ()
    heads = header_rows([row.cells for row in rows[:_SHORTEST_PART]], [row.bold for row in rows[:_SHORTEST_PART]])
    if heads != 2 or not names:
        return []
    return [
        at
        for at in range(_SHORTEST_PART, len(rows) - 2)
        if rows[at + 1].cells == names and rows[at].cells[:1] == top[:1] and _gaps(rows[at].cells) == _gaps(top)
    ]


def _gaps(cells: Sequence[str]) -> list[bool]:
    return [not cell for cell in cells]


def _column(cells: Sequence[str], columns: Sequence[int]) -> Iterator[str | _Table]:
    """The cells of a single column: a table of one column, or lines."""
    if len(cells) < _LINE_ITEMS or max(map(len, cells)) > _LONGEST_ITEM:
        yield from cells
        return
    rows = [(cell,) for cell in cells]
    heads = header_rows(rows)
    yield _Table(labels_of(rows[:heads]), tuple(rows[heads:]), tuple(columns))


def _table(rows: Sequence[Row], labels: Sequence[bool], columns: Sequence[int]) -> _Table:
    body = [row for row, label in zip(rows, labels, strict=True) if not label]
    heads = 0 if labels[0] else header_rows([row.cells for row in body], [row.bold for row in body])
    written_rows = [
        (_words(row),) if label else row.cells for row, label in zip(rows[heads:], labels[heads:], strict=True)
    ]
    return _Table(labels_of([row.cells for row in rows[:heads]]), tuple(written_rows), tuple(columns))


def _labels(rows: Sequence[Row]) -> list[bool]:
    """For each row of a table whether it is the label of those below it: it spans the sheet, or its first cell is the
    only one, and every row has such a label above it. A single one is rather a row whose values are missing, unless it
    is set in bold type."""
    whole = [row.whole and row.filled == 1 for row in rows]
    single = [row.filled == 1 and bool(row.cells[0]) for row in rows]
    heads = max(1, header_rows([row.cells for row, one in zip(rows, single, strict=True) if not one]))
    doubled = any(one and other for one, other in pairwise(single))
    bold = all(row.bold == one for row, one in zip(rows[heads:], single[heads:], strict=True))
    if sum(single) == 1 and (max(len(row.cells) for row in rows) == 2 or not bold):
        return whole
    if len(rows) > heads + 1 and single[heads] and not single[-1] and not doubled and not any(single[:heads]):
        return single
    return whole


def _is_note(row: Row) -> bool:
    words = _words(row)
    return len(words.split()) >= _NOTE_WORDS or _NOTE.fullmatch(words) is not None


def _is_pair(row: Row, *, alone: bool) -> bool:
    """Whether a row names a value above a table: "As of:" and "1 May 2024". One of two columns does so only alone."""
    filled = [cell for cell in row.cells if cell]
    return len(filled) == 2 and (alone or len(row.cells) > 2) and filled[0].endswith(":")


def _goes_on(table: _Table, other: _Table) -> bool:
    """Whether the rows of a table go on with those of the one above it, behind a row without words."""
    return (
        not any(other.header)
        and len(table.columns) > 1
        and set(other.columns) <= set(table.columns)
        and _fits(table, other)
    )


def _fits(table: _Table, other: _Table) -> bool:
    return other.columns == table.columns or (len(other.rows) == 1 and other.columns[0] == table.columns[0])


def _words(row: Row) -> str:
    return " ".join(filter(None, row.cells))


def _cell(row: Row, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""
