"""An HTML table as rows of equal width: spans filled in, header rows found, what only arranges a page told apart.

But: what is in a cell is the caller's to write (`Write`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.convert.limits import MAX_CELLS
from vectorstore.table_rows import cell_text

Write = Callable[[Element], list[str]]
"""The paragraphs and list items of a cell, each as one or more lines without marks."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LONG_CELL = 2_000
"""Characters. A cell with more is a part of the page, not of a table."""
_SHORT_CELL = 60
_LONG_COLUMN = 200
"""Characters of a cell that is rather a column of the page, where the table has one row and no headers."""
_REPEATED = 300
"""Characters of the longest text that is written again in each row and column that its cell spans."""
_FIGURE = re.compile(r"\d+")
_LABEL_WORDS = 6
_WIDEST = 1_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the labels of its columns, none where it has no headers, and its rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Row:
    cells: list[str] = field(default_factory=list)
    marked: bool = False
    bold: bool = False
    whole: bool = False
    group: bool = False
    """All cells are marked as headers; all are bold; one cell spans the table; its one cell is the header of the rows
    below it, in each of which it stands."""


def rows_of(table: Element) -> list[Element]:
    """The rows of a table, not those of tables in it: of its head, its bodies and its foot."""
    found: list[Element] = []
    feet: list[Element] = []
    for part in table.iterchildren("thead", "tbody", "tfoot", "tr"):
        if part.tag == "tr":
            found.append(part)
        else:
            (feet if part.tag == "tfoot" else found).extend(part.iterchildren("tr"))
    return found + feet


def is_layout(table: Element) -> bool:
    """Whether a table arranges a page: it says so, has one column, or holds headings, tables or long texts and no
    headers."""
    if (table.get("role") or "").strip().lower() in ("presentation", "none"):
        return True
    rows = [[cell for cell in row.iterchildren("td", "th")] for row in rows_of(table)]
    if all(len(row) < 2 for row in rows):
        return not any(cell.tag == "th" for row in rows for cell in row) or len(rows) < 2
    if any(cell.tag == "th" for row in rows for cell in row) or table.find("caption") is not None:
        return False
    nested = {cell for row in rows for cell in row if next(cell.iter("table"), None) is not None}
    if nested and _is_of_cells(rows, nested):
        return False
    inner = {"table", "form", "nav", "main", "article", "header", "footer", *_HEADINGS}
    if any(one.tag in inner for one in table.iterdescendants()):
        return True
    one_row = len([row for row in rows if row]) == 1
    if one_row and any(sum(1 for _ in cell.iter("p", "div", "ul", "ol")) > 1 for row in rows for cell in row):
        return True
    most = _LONG_COLUMN if one_row else _LONG_CELL
    return any(len(" ".join("".join(map(str, cell.itertext())).split())) > most for row in rows for cell in row)


def _is_of_cells(rows: Sequence[Sequence[Element]], nested: Collection[Element]) -> bool:
    """Whether a table with tables in it is one all the same: nearly all of its cells are short and hold none."""
    plain = [len("".join(map(str, cell.itertext())).strip()) for row in rows for cell in row if cell not in nested]
    filled = [length for length in plain if length]
    wide = sum(1 for row in rows if len(row) > 1)
    return len(filled) >= max(4, 3 * len(nested)) and max(filled) <= _SHORT_CELL and wide >= max(2, len(rows) - 1)


def grids(table: Element, write: Write) -> Iterator[Grid]:
    """The table; several where headers in the midst of it begin a new one. Rows without words are left out."""
    rows = [row for row in _filled(table, write) if any(row.cells) and not row.group]
    at = 0
    while at < len(rows) - 1 and rows[at].whole:  # what stands above the headers
        yield Grid((), (tuple(rows[at].cells),))
        at += 1
    start = at
    while at < len(rows):
        head = _header_rows(rows[at:], first=at == start, thead=_thead_rows(table) - start if at == start else 0)
        after = at + head
        if all(row.marked for row in rows[after:]):  # rows of headers, each of them of rows
            after = len(rows)
        while after < len(rows) and not (rows[after].marked and not rows[after].whole and len(rows[after].cells) > 1):
            after += 1
        header = _joined([row.cells for row in rows[at : at + head]])
        body = tuple(tuple(row.cells) for row in rows[at + head : after])
        if body or head:
            yield Grid(header, body)
        at = after


def _thead_rows(table: Element) -> int:
    head = table.find("thead")
    rows = list(head.iterchildren("tr")) if head is not None else []
    return sum(1 for row in rows if "".join(map(str, row.itertext())).strip())


def _filled(table: Element, write: Write) -> list[_Row]:
    """The rows with each cell written in every row and column that it spans."""
    elements = rows_of(table)
    spanning: dict[int, tuple[int, str]] = {}
    found: list[_Row] = []
    budget = MAX_CELLS
    width = max((sum(_span(cell, "colspan") for cell in row.iterchildren("td", "th")) for row in elements), default=0)
    for element, rest in zip(elements, _rows_left(elements), strict=True):
        row, column = _Row(), 0
        cells = list(element.iterchildren("td", "th"))
        for cell in cells:
            column = _carried(row, column, spanning)
            text = cell_text(write(cell))
            again = text if len(text) <= _REPEATED else ""
            columns = max(1, min(_span(cell, "colspan"), budget))
            down = min(_span(cell, "rowspan", rest), rest)
            budget -= columns * down if down > 1 or columns > 1 else 0
            for offset in range(columns):
                row.cells.append(text if offset == 0 else again)
                if down > 1 and budget > 0:
                    spanning[column + offset] = (down - 1, again)
            column += columns
            row.whole = row.whole or (columns > 1 and columns >= width)
        _carried(row, column, spanning)
        if row.whole and len(cells) == 1:
            row.cells = row.cells[:1]
        words = [cell for cell in cells if "".join(map(str, cell.itertext())).strip()]
        marks = [cell for cell in cells if cell.tag == "th"]
        headed = all(one.tag == "th" for one in words) and (len(words) > 1 or marks == cells)
        of_rows = any((cell.get("scope") or "").lower().startswith("row") for cell in words)
        row.marked = bool(words) and not of_rows and headed
        tall = rest > 1 and all(_span(cell, "rowspan", rest) > 1 for cell in cells)
        short = len(row.cells) < width and 0 < len(row.cells[0]) <= _REPEATED if row.cells else False
        row.group = len(words) == 1 and words[0].tag == "th" and tall and short
        row.bold = bool(words) and all(map(_is_bold, words))
        found.append(row)
    return _without_doubles(found)


def _without_doubles(rows: list[_Row]) -> list[_Row]:
    """The rows without the columns that say in every row what the one before them says: a cell spans both in each."""
    broad = [row for row in rows if not row.whole]
    width = max((len(row.cells) for row in broad), default=0)
    doubles = {
        at
        for at in range(1, width)
        if all(len(row.cells) > at and row.cells[at] == row.cells[at - 1] for row in broad)
        and any(row.cells[at] for row in broad)
    }
    for row in broad if doubles else ():
        row.cells = [cell for at, cell in enumerate(row.cells) if at not in doubles]
    return rows


def _carried(row: _Row, column: int, spanning: dict[int, tuple[int, str]]) -> int:
    """Writes the cells from above that reach into this row at this column; returns the next free column."""
    while column in spanning:
        left, text = spanning.pop(column)
        row.cells.append(text)
        if left > 1:
            spanning[column] = (left - 1, text)
        column += 1
    return column


def _rows_left(rows: Sequence[Element]) -> list[int]:
    """For each row how many rows of the same part of the table there are from it on."""
    left = [1] * len(rows)
    for number in range(len(rows) - 2, -1, -1):
        if rows[number].getparent() is rows[number + 1].getparent():
            left[number] += left[number + 1]
    return left


def _span(cell: Element, name: str, all_rows: int = 1) -> int:
    """How many rows or columns a cell spans; a rowspan of 0 is all rows that are left."""
    value = (cell.get(name) or "1").strip()
    if not (value.isascii() and value.isdigit() and len(value) < 6):
        return 1
    return min(int(value), _WIDEST if name == "colspan" else MAX_CELLS) or all_rows


def _is_bold(cell: Element) -> bool:
    """Whether all words of a cell are bold."""
    if re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", cell.get("style") or "", re.IGNORECASE):
        return True
    bold = "".join("".join(map(str, one.itertext())) for one in cell.iter("b", "strong") if not _in_bold(one))
    return "".join(bold.split()) == "".join("".join(map(str, cell.itertext())).split())


def _in_bold(element: Element) -> bool:
    return any(above.tag in ("b", "strong") for above in element.iterancestors())


def _header_rows(rows: Sequence[_Row], *, first: bool, thead: int) -> int:
    """How many rows at the beginning are headers: those that are marked; else a first row that is bold above one that
    is not, or that reads like labels above values."""
    if thead > 0:
        return min(thead, len(rows))
    marked = 0
    while marked < len(rows) and rows[marked].marked and not rows[marked].whole:
        marked += 1
    if marked == len(rows) > 1:  # a table all of whose cells are marked
        return 1
    if marked or not first or len(rows) < 2:
        return marked
    if rows[0].bold and not rows[1].bold:
        return 1
    return int(_reads_like_labels(rows))


def _reads_like_labels(rows: Sequence[_Row]) -> bool:
    """Whether the first row of a table without marks names its columns: short words, all different, no figures, above a
    column of figures or, where there are none, above at least two rows of three columns."""
    labels, body = rows[0].cells, rows[1:]
    named = [label for label in labels if label]
    if len(labels) < 2 or len(named) < len(labels) - 1 or len(set(named)) < len(named):
        return False
    if any(len(label.split()) > _LABEL_WORDS or label.endswith(":") or _FIGURE.search(label) for label in named):
        return False
    columns = [[row.cells[at] for row in body if at < len(row.cells) and row.cells[at]] for at in range(1, len(labels))]
    figures = [bool(column) and sum(map(bool, map(_FIGURE.search, column))) >= 0.6 * len(column) for column in columns]
    if len(labels) == 2:  # perhaps labels beside values of all sorts
        return all(figures) and len(body) > 1 and _alike(columns[0])
    return any(figures) or len(body) > 1


def _alike(values: Sequence[str]) -> bool:
    """Whether most values differ in their figures alone: "9 marks", "14 marks"."""
    shapes = Counter(_FIGURE.sub("", value).strip() for value in values)
    return shapes.most_common(1)[0][1] >= 0.6 * len(values)


def _joined(rows: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The labels of columns from rows of headers: those of one column joined, each once."""
    found: list[list[str]] = []
    for row in rows:
        for number, label in enumerate(row):
            if number == len(found):
                found.append([])
            if label and label not in found[number]:
                found[number].append(label)
    return tuple(" – ".join(labels) for labels in found)
