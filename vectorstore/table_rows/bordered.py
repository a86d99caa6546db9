"""Tables of plain text that are drawn with lines: those of reStructuredText, and what programs print.

    ==========  =======        +--------+--------+------+
    Vehicle     One way        | Group  | Season | Rate |
    ==========  =======        +========+========+======+
    Bicycle     4              | School | Summer | 3    |
    Car         24             |        +--------+------+
    ==========  =======        |        | Winter | 2    |
                               +--------+--------+------+

Each line of cells is a row. One whose first cell goes on from the line above has that one as its group.

But: a header of several lines, cells over several columns, and a table of which no line parts the first row from the
others and figures stand in it, are left as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from vectorstore.table_rows.typed import Typed, typed
from vectorstore.types import Span

MOST_LINES = 5_000
LONGEST_LINE = 400
_FENCE = re.compile(r" *={2,}(?: +={2,})+ *")
_GRID = re.compile(r"[ \t]*\+(?:-{2,}\+)+[ \t]*")
_GRID_HEAD = re.compile(r"[ \t]*\+(?:={2,}\+)+[ \t]*")
_LINE = re.compile(r"[^\r\n]*")
_STEP = re.compile(r"\r\n|\r|\n")


def bordered_tables(text: str) -> list[Typed]:
    """The tables of these kinds in a text, in order."""
    if "+--" not in text and "===" not in text:
        return []
    lines = list(_lines(text))
    found: list[Typed] = []
    at = 0
    while at < len(lines):
        table, after = None, at + 1
        line = lines[at]
        if text[line[0] : line[1]].lstrip(" \t")[:1] in ("=", "+"):
            if _FENCE.fullmatch(text, *line):
                table, after = _fenced(text, lines, at)
            elif _GRID.fullmatch(text, *line):
                table, after = _grid(text, lines, at)
        found += [table] if table is not None else []
        at = after
    return found


def _lines(text: str) -> Iterator[Span]:
    at = 0
    while at <= len(text):
        line = _LINE.match(text, at)
        yield line.span()  # type: ignore[union-attr]
        step = _STEP.match(text, line.end())  # type: ignore[union-attr]
        if step is None:
            return
        at = step.end()


def _fenced(text: str, lines: Sequence[Span], first: int) -> tuple[Typed | None, int]:
    """The table that begins with this rule of "=", and the line behind it."""
    fences = [first]
    at = first + 1
    while at < min(len(lines), first + MOST_LINES) and len(fences) < 3:
        words = text[slice(*lines[at])]
        if len(words) > LONGEST_LINE or (not words.strip() and len(fences) < 2):
            return None, first + 1
        if _FENCE.fullmatch(words):
            fences.append(at)
        at += 1
    if len(fences) < 3 or fences[1] != first + 2 or fences[2] == fences[1] + 1:
        return None, first + 1
    begin = lines[first][0]
    starts = [match.start() for match in re.finditer("=+", text[slice(*lines[first])])]
    if any([m.start() for m in re.finditer("=+", text[slice(*lines[fence])])] != starts for fence in fences):
        return None, first + 1
    body = [lines[n] for n in range(fences[1] + 1, fences[2]) if any(map(str.isalnum, text[slice(*lines[n])]))]
    cut = [_by_start(text, line, starts) for line in (lines[first + 1], *body)]
    return _made(text, cut, lines[fences[1]], (begin, lines[fences[2]][1])), at


def _by_start(text: str, line: Span, starts: Sequence[int]) -> tuple[Span, ...] | None:
    """The cells of a line whose columns begin there, None where a word stands across a border."""
    edges = [*(min(line[0] + start, line[1]) for start in starts), line[1]]
    if any(start < line[1] and start > line[0] and not text[start - 1].isspace() for start in edges[1:-1]):
        return None
    return tuple(_stripped(text, a, b) for a, b in pairwise(edges))


def _grid(text: str, lines: Sequence[Span], first: int) -> tuple[Typed | None, int]:
    """The table that begins with this border, and the line behind it."""
    last = first
    while last + 1 < min(len(lines), first + MOST_LINES):
        line = lines[last + 1]
        if line[1] - line[0] > LONGEST_LINE or text[slice(*line)].strip()[:1] not in ("+", "|"):
            break
        last += 1
    opening = text[slice(*lines[first])]
    edges = [match.start() for match in re.finditer(r"\+", opening)]
    full = [
        n for n in range(first, last + 1) if _GRID.fullmatch(text, *lines[n]) or _GRID_HEAD.fullmatch(text, *lines[n])
    ]
    if len(full) < 3 or full[1] != first + 2 or len(edges) < 3:
        return None, last + 1
    sure = (len(full) == 3 and last > full[1] + 2) or _GRID_HEAD.fullmatch(text, *lines[full[1]])
    if not sure and any(map(str.isdecimal, text[slice(*lines[first + 1])])):
        return None, last + 1  # a line under each row: the first one is none of headers
    spans: list[tuple[Span, ...] | None] = [_by_edge(text, lines[first + 1], edges)]
    on: list[int] = []
    goes_on = False
    for number in range(full[1] + 1, last + 1):
        line = lines[number]
        words = text[slice(*line)]
        if "+-" in words or "+=" in words:
            goes_on = not words.lstrip().startswith("+")
        elif any(map(str.isalnum, words)):
            spans.append(_by_edge(text, line, edges))
            on += [len(spans) - 2] if goes_on else []
            goes_on = False
    return _made(text, spans, lines[full[1]], (lines[first][0], lines[last][1]), on), last + 1


def _by_edge(text: str, line: Span, edges: Sequence[int]) -> tuple[Span, ...] | None:
    """The cells of a line between these borders, None where it has others."""
    if line[1] - line[0] <= edges[-1] or any(text[line[0] + edge] not in "|+" for edge in edges):
        return None
    return tuple(_stripped(text, line[0] + a + 1, line[0] + b) for a, b in pairwise(edges))


def _made(
    text: str, cut: Sequence[tuple[Span, ...] | None], rule: Span, whole: Span, on: Sequence[int] = ()
) -> Typed | None:
    """The table of these lines, its header first. None where one of them has other columns or nothing in it."""
    if len(cut) < 2 or any(row is None or not any(a < b for a, b in row) for row in cut):
        return None
    cells = [row for row in cut if row is not None]
    if not all(a < b for a, b in cells[0][1:]):
        return None
    groups, labelled = [], -1
    for number, row in enumerate(cells[1:]):
        goes_on = row[0][0] == row[0][1] and labelled >= 0 and (not on or number in on)
        labelled = labelled if goes_on else number if row[0][0] < row[0][1] else -1
        groups.append(labelled if goes_on else -1)
    return typed(cells, rule, groups, whole)


def _stripped(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, max(start, start + len(words.strip()))
