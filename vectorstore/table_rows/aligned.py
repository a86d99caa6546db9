"""Tables of plain text whose columns are aligned with blanks: old statistics, what programs print.

    Year   Sacks    Price
    ----  ------  -------
    1921     412   18 mk.

Its columns are parted, in all lines alike, by two blanks or more. In doubt a text holds none: at least three rows,
short cells, and headers that are certain, by the line under them or because they stand above figures.

But: columns parted by tabs or by one blank (`ls -l`), cells of several lines, and tables without headers are left as
they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from vectorstore.table_rows.typed import Typed, typed
from vectorstore.types import Span

FEWEST_ROWS = 3
FEWEST_OF_TWO = 5
"""Rows of a table of two columns without a line under its headers: else it may be a list of keys and values."""
LONGEST_CELL = 40
LONGEST_LINE = 200
MOST_LINES = 20_000
MEAN_CELL = 22
FILLED = 0.7
"""Share of the cells that hold something."""
_GAP = re.compile(r"\S {2,}\S")
_RULE = re.compile(r" *[-=_+]{2,}(?: +[-=_+]{2,})* *")
_FIGURE = re.compile(
    r"[^\w\s]{0,3}\d[\d.,:/ %°'’+–-]*(?:\s?[^\W\d_]{1,3}\.?|\s?%)?|[-–—*]|n/?a|nil|none", re.IGNORECASE
)
_YEAR = re.compile(r"(?:1[4-9]|20)\d\d(?:[/–-]\d{2,4})?")
_KEY = re.compile(r":(?:\s|$)")
_CODE = re.compile(r"[{}\\|\t;]|//|[=!<>]=|:=|->|=>|\s=\s|^\s*(?:#|\$ |>)|\.{3}")
_LINE = re.compile(r"[^\n]*\n?")


def aligned_tables(text: str) -> list[Typed]:
    """The tables of this kind in a text, in order."""
    return [found for lines in _runs(text) if (found := _table(text, lines)) is not None]


def _runs(text: str) -> Iterator[list[Span]]:
    """Lines that follow one another, each in columns or a rule; no line end in the spans."""
    if _GAP.search(text) is None:
        return
    lines = [(match.start(), match.start() + len(match.group().rstrip("\r\n"))) for match in _LINE.finditer(text)]
    for in_columns, run in groupby(lines, lambda line: _in_columns(text, line)):
        if in_columns and FEWEST_ROWS < len(found := list(run)) <= MOST_LINES:
            yield found


def _in_columns(text: str, line: Span) -> bool:
    words = text[slice(*line)]
    return len(words) <= LONGEST_LINE and bool(
        _GAP.search(words) or (_RULE.fullmatch(words) and len(words.strip()) > 3)
    )


def _table(text: str, lines: Sequence[Span]) -> Typed | None:
    rules = [bool(_RULE.fullmatch(text, *line)) for line in lines]
    body = [line for line, is_rule in zip(lines, rules, strict=True) if not is_rule]
    if len(body) <= FEWEST_ROWS or any(_CODE.search(text[slice(*line)]) for line in body):
        return None
    columns = _columns([text[slice(*line)] for line in body])
    if len(columns) < 2:
        return None
    cells = [tuple(_cell(text, line, column) for column in columns) for line in body]
    below = lines.index(body[0]) + 1
    if not _is_table([[text[slice(*cell)] for cell in row] for row in cells], rules[below]):
        return None
    return typed(cells, lines[below] if rules[below] else None)


def _columns(lines: Sequence[str]) -> list[Span]:
    """The columns as positions in a line: what stands between gaps of two blanks that all lines have."""
    width = max(map(len, lines))
    blank = [all(at >= len(line) or line[at] == " " for line in lines) for at in range(width)]
    found: list[Span] = []
    at = 0
    for is_blank, run in groupby(blank):
        length = len(list(run))
        if not is_blank:
            if found and at - found[-1][1] < 2:
                found[-1] = (found[-1][0], at + length)
            else:
                found.append((at, at + length))
        at += length
    return found


def _cell(text: str, line: Span, column: Span) -> Span:
    """The cell of a line in a column without the blanks at its ends."""
    start, end = min(line[0] + column[0], line[1]), min(line[0] + column[1], line[1])
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, max(start, start + len(words.strip()))


def _is_table(words: Sequence[Sequence[str]], ruled: bool) -> bool:
    """Whether cells are those of a table whose first line has the headers."""
    header, rows = words[0], words[1:]
    everything = [cell for row in words for cell in row]
    filled = [cell for cell in everything if cell]
    if max(map(len, everything)) > LONGEST_CELL or len(filled) < FILLED * len(everything):
        return False
    if sum(map(len, filled)) > MEAN_CELL * len(filled) or not all(row[0] and any(row[1:]) for row in rows):
        return False
    if any(re.search(r" {2,}", cell) for cell in everything) or any(_KEY.search(row[0]) for row in words):
        return False
    figures = [all(_FIGURE.fullmatch(row[at]) for row in rows if row[at]) for at in range(len(header))]
    words_first = all(any(map(str.isalpha, row[0])) for row in rows)
    named = all(header[1:]) and (bool(header[0]) or words_first)
    if not named or not all(_names_column(cell, ruled or words_first) for cell in header if cell):
        return False
    enough = len(header) > 2 or all(figures) or len(rows) >= FEWEST_OF_TWO
    return ruled or (any(figures) and enough)


def _names_column(cell: str, may_be_year: bool) -> bool:
    """Whether a cell is the header of a column: it has letters and no figures, or is a year."""
    if _YEAR.fullmatch(cell):
        return may_be_year
    return any(map(str.isalpha, cell)) and not _FIGURE.fullmatch(cell)
