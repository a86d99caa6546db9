"""Tables of plain text that are drawn with lines: those of reStructuredText, and what programs print.

    ==========  =======        +--------+--------+------+
    Vehicle     One way        | Group  | Season | Rate |
    ==========  =======        +========+========+======+
    Bicycle     4              | School | Summer | 3    |
    Car         24             |        +--------+------+
    ==========  =======        |        | Winter | 2    |
                               +--------+--------+------+

Each line of cells is a row; so are several lines where a cell goes on in the next: between lines that part rows, and
where the first cell of a line is empty. A row whose first cell goes on from the row above has that one as its group.

But: cells over several columns, and a table of which no line parts the first row from the others and figures stand in
it, are left as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from vectorstore.table_rows.typed import Typed, typed
from vectorstore.types import Span

MOST_LINES = 5_000
MOST_HEADER = 5
"""Lines of a header."""
LONGEST_LINE = 400
_FENCE = re.compile(r" *={2,}(?: +={2,})+ *")
_GRID = re.compile(r"[ \t]*\+(?:-{2,}\+)+[ \t]*")
_GRID_HEAD = re.compile(r"[ \t]*\+(?:={2,}\+)+[ \t]*")
_FIGURE = re.compile(r"\W{0,3}\d[\d.,:/ %–-]*")
_LINE = re.compile(r"[^\r\n]*")
_STEP = re.compile(r"\r\n|\r|\n")

Cells = tuple[Span, ...]
"""Those of one line."""


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
    if len(fences) < 3 or not first + 2 <= fences[1] <= first + 1 + MOST_HEADER or fences[2] == fences[1] + 1:
        return None, first + 1
    begin = lines[first][0]
    starts = [match.start() for match in re.finditer("=+", text[slice(*lines[first])])]
    if any([m.start() for m in re.finditer("=+", text[slice(*lines[fence])])] != starts for fence in fences):
        return None, first + 1
    header = [_by_start(text, lines[n], starts) for n in range(first + 1, fences[1])]
    body: list[list[Cells | None]] = [[]]
    for number in range(fences[1] + 1, fences[2]):
        if any(map(str.isalnum, text[slice(*lines[number])])):
            body[-1].append(_by_start(text, lines[number], starts))
        elif body[-1]:
            body.append([])  # a row holds no blank line
    rows = [row for part in body for row in _by_first_cell(text, part)]
    return _made(text, [header, *rows], lines[fences[1]], (begin, lines[fences[2]][1])), at


def _by_start(text: str, line: Span, starts: Sequence[int]) -> Cells | None:
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
    if len(full) < 3 or not first + 2 <= full[1] <= first + 1 + MOST_HEADER or len(edges) < 3:
        return None, last + 1
    header = [_by_edge(text, lines[n], edges) for n in range(first + 1, full[1])]
    has_head = bool(_GRID_HEAD.fullmatch(text, *lines[full[1]]))
    sure = has_head or (len(header) == 1 and len(full) == 3 and last > full[1] + 2)
    if not sure and any(map(str.isdecimal, text[lines[first + 1][0] : lines[full[1]][0]])):
        return None, last + 1  # a line under each row: the first one is none of headers
    blocks: list[list[Cells | None]] = []
    on: list[int] = []
    block: list[Cells | None] = []
    goes_on = False
    for number in range(full[1] + 1, last + 1):
        line = lines[number]
        words = text[slice(*line)]
        if "+-" in words or "+=" in words:
            goes_on, block = not words.lstrip().startswith("+"), []
        elif any(map(str.isalnum, words)):
            if not block:
                blocks.append(block)
                on += [len(blocks) - 1] if goes_on else []
            block.append(_by_edge(text, line, edges))
    parted = len(blocks) > 1 and (has_head or any(_is_wrapped(block) for block in blocks))
    rows = blocks if parted else [row for block in blocks for row in _by_first_cell(text, block)]
    if not parted and len(rows) != len(blocks):
        on = []
    return _made(text, [header, *rows], lines[full[1]], (lines[first][0], lines[last][1]), on), last + 1


def _is_wrapped(block: Sequence[Cells | None]) -> bool:
    """Whether lines between two borders are one row of which some cells have fewer lines than others."""
    return len(block) > 1 and any(row is not None and any(a == b for a, b in row) for row in block)


def _by_first_cell(text: str, lines: Sequence[Cells | None]) -> list[list[Cells | None]]:
    """The rows of lines that nothing parts: one begins where its first cell holds words. Where that is empty and all
    others are filled, or the only other holds a figure, the line is a row of the same group."""
    rows: list[list[Cells | None]] = []
    for line in lines:
        others = line[1:] if line is not None else ()
        goes_on = line is not None and line[0][0] == line[0][1] and bool(rows) and rows[-1][0] is not None
        full = all(a < b for a, b in others)
        if goes_on and not (full and (len(others) > 1 or _FIGURE.fullmatch(text, *others[0]))):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _by_edge(text: str, line: Span, edges: Sequence[int]) -> Cells | None:
    """The cells of a line between these borders, None where it has others."""
    if line[1] - line[0] <= edges[-1] or any(text[line[0] + edge] not in "|+" for edge in edges):
        return None
    return tuple(_stripped(text, line[0] + a + 1, line[0] + b) for a, b in pairwise(edges))


def _made(
    text: str, cut: Sequence[Sequence[Cells | None]], rule: Span, whole: Span, on: Sequence[int] = ()
) -> Typed | None:
    """The table of these rows of lines, its header first. None where a line has other columns, or a row no words."""
    cells: list[Cells] = []
    pieces: dict[Span, tuple[Span, ...]] = {}
    for lines in cut:
        sound = [line for line in lines if line is not None]
        if len(sound) < len(lines) or not any(a < b for line in sound for a, b in line):
            return None
        made: list[Span] = []
        for column in zip(*sound, strict=True):
            own = tuple(span for span in column if span[0] < span[1])
            made.append((own[0][0], own[-1][1]) if own else column[0])
            if len(own) > 1:
                pieces[made[-1]] = own
        cells.append(tuple(made))
    if len(cells) < 2 or not all(a < b for a, b in cells[0][1:]):
        return None
    groups, labelled = [], -1
    for number, row in enumerate(cells[1:]):
        goes_on = row[0][0] == row[0][1] and labelled >= 0 and (not on or number in on)
        labelled = labelled if goes_on else number if row[0][0] < row[0][1] else -1
        groups.append(labelled if goes_on else -1)
    return typed(cells, rule, groups, whole, pieces)


def _stripped(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, max(start, start + len(words.strip()))
