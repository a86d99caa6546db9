"""How a table stands in the text of a document, whatever file it came from, and how a row of it is read.

One line a row, cells between pipes; the column headers, a line of dashes, the rows:

    | Route | Last boat | Fare |
    | --- | --- | --- |
    | Torsay to Nidd | 19:05 | 9 marks |

- A blank line stands before and after. A table without headers has an empty first line: `|  |  |`.
- Headers of several rows are one line, those of a column joined: `1921 – Sacks`. A cell that spans rows or columns is
  written in each of them; one that spans the whole table is a line of one cell, `| Children |`: a remark, or the name
  of the group of rows below it.
- A cell is one line. Its paragraphs and list items are joined by "; ", or by a blank behind other punctuation. A pipe
  in it is written `\\|`.

A row says little without its headers. `labelled` puts them beside its cells, for search and for a reader:
"Route: Torsay to Nidd · Last boat: 19:05 · Fare: 9 marks".

A plain text may also have a table as its writer typed it, with blanks between the columns (`aligned.py`) or drawn with
lines (`bordered.py`).

But: a text that is written otherwise (cells parted by tabs) is no table here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from vectorstore.table_rows.aligned import aligned_tables
from vectorstore.table_rows.bordered import bordered_tables
from vectorstore.table_rows.periods import in_full
from vectorstore.table_rows.typed import Typed
from vectorstore.types import Span

_DELIMITER = re.compile(
    r"(?<![^\r\n])[ \t>]*+(?=[^\r\n]*\|)\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+(?![^\r\n])"
)
_LINE = re.compile(r"[^\r\n]*")
_BORDER = re.compile(r"(?<!\\)\|")
_LEAD = re.compile(r"[ \t>]*+\|?")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_PUNCTUATED = re.compile(r"[.,;:!?…–—-]$")
_LONGEST_GROUP = 80
"""Characters of a cell over the whole width that may be a label of the rows below it; a longer one is a remark."""
_LONGEST_LEAD = 200
_MOST_EMPTY = 20_000
"""Cells with which the short rows of one table are filled up: one wide row above many short ones is a small file."""


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table's column headers, dashes and rows stand, and the line that introduces it. `header` is empty where
    it has no headers, `lead` where nothing introduces it."""

    lead: Span
    header: Span
    dashes: Span
    rows: tuple[Span, ...]
    groups: tuple[int, ...]
    """For each row which row is the label of its group, -1 for none."""


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The lines of a table whose cells are these, each on one line; no line end behind it. A row of one cell spans the
    table, others that are short are filled up, unless that takes very many empty cells. `header` is empty, or all its
    cells are, where there are no headers."""
    return "\n".join(_lines(header, rows))


def laid_out(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, list[list[int]]]:
    """What `written` gives, and where in it each cell begins: a list for the header, then one for each row."""
    lines = _lines(header, rows)
    starts: list[list[int]] = []
    at = 0
    for number, line in enumerate(lines):
        if number != 1:  # the dashes
            row = header if number == 0 else rows[number - 2]
            places = []
            begin = at + 2
            for cell in row:
                places.append(begin)
                begin += len(_escaped(cell)) + 3
            starts.append(places)
        at += len(line) + 1
    return "\n".join(lines), starts


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    body = [list(row) for row in rows]
    width = max(len(header), *(len(row) for row in body), 1)
    filled = width if sum(width - len(row) for row in body if len(row) > 1) <= _MOST_EMPTY else 1
    lines = [_line(row, 1 if len(row) == 1 else filled) for row in body]
    return [_line(header, width), "|" + " --- |" * width, *lines]


def cell_text(blocks: Iterable[str]) -> str:
    """The paragraphs and list items of a cell as its one line: "Mon; Tue", "Closed. Ask the porter"."""
    joined = ""
    for block in blocks:
        line = " ".join(block.split())
        if line:
            joined += (" " if _PUNCTUATED.search(joined) else "; ") * bool(joined) + line
    return joined


def tables(text: str) -> tuple[Table, ...]:
    """The tables of a text, in order."""
    return _tables(text)


def table_at(text: str, at: int) -> tuple[Table, int] | None:
    """The table that has a row with the character at this offset, and which row; None elsewhere, and for headers."""
    found = tables(text)
    number = bisect_right(found, at, key=lambda table: table.dashes[0]) - 1
    if number < 0 or not found[number].rows:
        return None
    table = found[number]
    row = bisect_right(table.rows, at, key=lambda span: span[0]) - 1
    return (table, row) if row >= 0 and at < table.rows[row][1] else None


def context_of(text: str, at: int) -> list[Span]:
    """What is to be read with the row at this offset: the line of its column headers, and that of its group."""
    found = table_at(text, at)
    if found is None:
        return []
    table, row = found
    group = table.groups[row]
    return [span for span in (table.header, *([table.rows[group]] if group >= 0 else [])) if span[0] < span[1]]


def lead_of(text: str, at: int) -> str:
    """What introduces the table of the row at this offset, such as its caption; "" for none."""
    found = table_at(text, at)
    return text[slice(*found[0].lead)] if found else ""


def labelled(text: str, start: int, end: int) -> str:
    """The cells of a row, or of a part of it, with the headers of their columns; other text, its blanks squeezed."""
    return "".join(words for words, _ in labelled_parts(text, start, end))


def labelled_parts(text: str, start: int, end: int, *, spelt_out: bool = False) -> list[tuple[str, int | None]]:
    """What `labelled` gives, in parts: the words of each cell with the offset of the cell, labels and what stands
    between them with None. `spelt_out`: months and days over the columns are, "Jan" is "January"."""
    found = table_at(text, start)
    if found is None:
        return [(" ".join(text[start:end].split()), start)]
    table, row = found
    own, labels = _cells(text, *table.rows[row]), (_labels_in_full if spelt_out else _labels)(text, *table.header)
    pieces = _pieces(text)
    if any(span in pieces for span in own):
        first, after = 0, len(own)
    else:
        first = bisect_right(own, start, key=lambda span: span[1])
        after = bisect_left(own, end, first, key=lambda span: span[0])
    if len(own) == 1 < len(_cells(text, *table.dashes)):
        return [(words_of(text, start, end).strip("| "), start)] if first < after else []
    parts: list[tuple[str, int | None]] = []
    if not labels and first == 0 and after == len(own) == 2 and all(a < b for a, b in own):  # a label and its value
        label = words_of(text, *own[0])
        return [(label, own[0][0]), (_behind(label), None), (words_of(text, *own[1]), own[1][0])]
    if table.groups[row] >= 0:
        parts.append((words_of(text, *cells(text, *table.rows[table.groups[row]])[0]), None))
    for number in range(first, after):
        clipped = [(max(a, start), min(b, end)) for a, b in pieces.get(own[number], (own[number],))]
        values = [(words_of(text, a, b), a) for a, b in clipped if a < b]
        if not values:
            continue
        label = labels[number] if number < len(labels) else ""
        between = " · " if parts else ""
        if label and label != " ".join(value for value, _ in values):
            between += label + _behind(label)
        parts += [(between, None)] * bool(between)
        for at, value in enumerate(values):
            parts += [(" ", None)] * bool(at) + [value]
    return parts


def _behind(label: str) -> str:
    return " " if label[-1:] in ":?" else ": "


def cells(text: str, start: int, end: int) -> list[Span]:
    """The cells of a line as spans without blanks at their ends; an empty one is empty. No cells for an empty span.
    One that goes on in other lines ends there: `words_of` knows what between its ends is its own."""
    if start >= end:
        return []
    if (own := _aligned_cells(text).get(start)) is not None:
        return list(own)
    lead = _LEAD.match(text, start, end)
    at = lead.end() if lead else start
    found: list[Span] = []
    for border in _BORDER.finditer(text, at, end):
        found.append(_stripped(text, at, border.start()))
        at = border.end()
    if text[at:end].strip():
        found.append(_stripped(text, at, end))
    return found


def words_of(text: str, start: int, end: int) -> str:
    """What a cell says, its pipes unescaped and its line breaks (`<br>`) as "; "."""
    if (pieces := _pieces(text).get((start, end))) is not None:
        return " ".join(words_of(text, *piece) for piece in pieces)
    words = " ".join(text[start:end].replace("\\|", "|").split())
    return _BREAK.sub("; ", words) if "<" in words else words


@lru_cache(maxsize=16)  # parts of one long row are asked for in turn
def _cells(text: str, start: int, end: int) -> tuple[Span, ...]:
    return tuple(cells(text, start, end))


@lru_cache(maxsize=16)
def _labels(text: str, start: int, end: int) -> tuple[str, ...]:
    return tuple(words_of(text, *span) for span in cells(text, start, end))


@lru_cache(maxsize=16)
def _labels_in_full(text: str, start: int, end: int) -> tuple[str, ...]:
    return in_full(_labels(text, start, end))


def _line(row: Sequence[str], width: int) -> str:
    filled = [_escaped(cell) for cell in row] + [""] * (width - len(row))
    return "| " + " | ".join(filled) + " |"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


@lru_cache(maxsize=8)
def _aligned_cells(text: str) -> dict[int, tuple[Span, ...]]:
    return {start: row for table in _typed(text) for start, row in table.cells.items()}


@lru_cache(maxsize=8)
def _pieces(text: str) -> dict[Span, tuple[Span, ...]]:
    """Of cells that stand in several lines, what of each stands in each."""
    return {cell: pieces for table in _typed(text) for cell, pieces in table.pieces.items()}


@lru_cache(maxsize=8)
def _typed(text: str) -> tuple[Typed, ...]:
    """The tables that a text has as they were typed. What is drawn with lines is sure."""
    drawn = bordered_tables(text)
    aligned = [
        one for one in aligned_tables(text) if not any(a <= one.header[0] < b for a, b in (two.whole for two in drawn))
    ]
    return (*drawn, *aligned)


@lru_cache(maxsize=8)
def _tables(text: str) -> tuple[Table, ...]:
    typed = [Table(_lead(text, one.whole[0]), one.header, one.rule, one.rows, one.groups) for one in _typed(text)]
    return tuple(sorted((*_barred(text), *typed), key=lambda table: table.dashes))


def _barred(text: str) -> tuple[Table, ...]:
    found: list[Table] = []
    reached = 0
    for dashes in _DELIMITER.finditer(text):
        header = _line_before(text, dashes.start())
        if dashes.start() < reached or "|" not in text[slice(*header)]:
            continue
        columns = len(cells(text, *header))
        if columns != len(cells(text, *dashes.span())):
            continue
        lead = _lead(text, header[0])
        if not any(a < b for a, b in cells(text, *header)):
            header = (header[0], header[0])
        rows = tuple(_rows(text, dashes.end()))
        found.append(Table(lead, header, dashes.span(), rows, _groups(text, rows, columns)))
        reached = rows[-1][1] if rows else dashes.end()
    return tuple(found)


def _line_before(text: str, at: int) -> Span:
    """The line before the one in which this offset is, without blanks at its ends."""
    end = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at), 0)
    if text[end : end + 1] == "\n" and text[end - 1 : end] == "\r":
        end -= 1
    return _stripped(text, max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1, end)


def _lead(text: str, at: int) -> Span:
    """The one line of a paragraph that stands before the table at this offset and introduces it: it begins with "Table"
    or does not end like a sentence."""
    blank = _line_before(text, at)
    line = _line_before(text, blank[0]) if blank[0] == blank[1] else blank
    before = _line_before(text, line[0])
    words = text[slice(*line)]
    alone = before[0] == before[1] or before == line
    if 0 < len(words) <= _LONGEST_LEAD and alone and "|" not in words and words[0] != "#":
        introduces = words.startswith("Table") or words[-1] not in ".!?"
        return line if introduces else (at, at)
    return at, at


def _rows(text: str, at: int) -> Iterator[Span]:
    """The lines with cells that follow one another behind this offset."""
    while at < len(text):
        at += 2 if text.startswith("\r\n", at) else 1
        line = _LINE.match(text, at)
        if line is None or "|" not in line.group():
            return
        yield _stripped(text, *line.span())
        at = line.end()


def _groups(text: str, rows: Sequence[Span], columns: int) -> tuple[int, ...]:
    """For each row the last one above it that is a label over the whole width, -1 for none."""
    groups: list[int] = []
    current = -1
    for number, row in enumerate(rows):
        own = cells(text, *row) if columns > 1 else []
        if len(own) == 1:
            label = words_of(text, *own[0])
            current = number if 0 < len(label) <= _LONGEST_GROUP and label[-1] not in ".!?" else -1
        groups.append(-1 if len(own) == 1 else current)
    return tuple(groups)


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " \t":
        start += 1
    while start < end and text[end - 1] in " \t":
        end -= 1
    return start, end
