"""What is written sideways on a page: lines, and tables that are turned for printing.

But: a page on which most is written sideways is turned as a whole, by `reading`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.convert.pdf.order import Leaf, in_reading_order
from ingest.convert.pdf.sheets.frames import turned_back
from ingest.convert.pdf.tables.barred import in_tables
from ingest.convert.pdf.types import Box, Line, Row, Sheet, Table, Turned, Word
from ingest.convert.pdf.words import rows_of

_FAR = 4.0
"""Heights of letters from a header that is written sideways to what it stands above."""
_NEAR = 4.0
_MOST = 500
_NUMBER = re.compile(r"[-–]?\d{1,4}[-–]?|[ivxlc]{1,6}")


def with_headers(rows: Sequence[Row], sheet: Sheet) -> tuple[list[Row], Sheet]:
    """The rows of a page with the headers of columns that are written sideways above them, each as a word of a row, and
    the page without these."""
    runs = [run for run in _runs(sheet.turned) if _stands(box_of(run))]
    for group in _beside_one_another(runs):
        bottom = max(box_of(run).bottom for run in group)
        below = next((row for row in rows if row[0].base > bottom + 1), None)
        if below is None or not below[0].size or below[0].base - bottom > _FAR * below[0].size:
            continue
        over = [run for run in group if any(_is_over(box_of(run), word.box) for word in below)]
        if len(over) < 2 or len(over) < 0.6 * len(group):
            continue
        words = [_header(run, bottom, below[0].size, sheet.number) for run in group]
        base = next((row for row in rows if row[0].size and -_NEAR < row[0].base - bottom < _NEAR), None)
        if base is not None:
            words = [replace(word, base=base[0].base, size=base[0].size) for word in words]
            rows = [sorted([*row, *words], key=lambda word: word.left) if row is base else row for row in rows]
        else:
            rows = sorted([*rows, sorted(words, key=lambda word: word.left)], key=lambda row: row[0].base)
        gone = {id(word) for run in group for word in run}
        sheet = replace(sheet, turned=[word for word in sheet.turned if id(word) not in gone])
    return list(rows), sheet


def _beside_one_another(runs: Sequence[Sequence[Turned]]) -> list[list[Sequence[Turned]]]:
    """Runs that begin or end at one height, those of each height together."""
    groups: list[list[Sequence[Turned]]] = []
    for run in runs[:_MOST]:
        box = box_of(run)
        for group in groups:
            other = box_of(group[0])
            if min(abs(box.bottom - other.bottom), abs(box.top - other.top)) < _NEAR:
                group.append(run)
                break
        else:
            groups.append([run])
    return [group for group in groups if len(group) > 1]


def _stands(box: Box) -> bool:
    return box.bottom - box.top > 1.2 * (box.right - box.left)


def _is_over(box: Box, below: Box) -> bool:
    return box.left - _NEAR < below.right and below.left < box.right + _NEAR


def _header(run: Sequence[Turned], base: float, size: float, page: int) -> Word:
    return Word(" ".join(word.text for word in run), page, *box_of(run), base, size)


def written_sideways(sheets: Sequence[Sheet]) -> tuple[list[list[Leaf]], set[int]]:
    """What is written sideways on each page, line by line and its tables, less what stands on three pages or more (on
    both, where there are two): watermarks and stamps; and the numbers of the pages that these were left out of."""
    tables = [[table for aside in sheet.asides for table in _tables(aside)] for sheet in sheets]
    loose = [_without(without_number(sheet), found) for sheet, found in zip(sheets, tables, strict=True)]
    lines = [[_line(run, sheet.number) for run in _runs(words)] for sheet, words in zip(sheets, loose, strict=True)]
    seen = Counter(text for page in lines for text in {line.text for line in page})
    needed = 2 if len(sheets) == 2 else 3
    kept = [[line for line in page if seen[line.text] < needed] for page in lines]
    stamped = {sheet.number for sheet, a, b in zip(sheets, lines, kept, strict=True) if len(a) != len(b)}
    return [[*([line] for line in own), *found] for own, found in zip(kept, tables, strict=True)], stamped


def _tables(aside: Sheet) -> Iterator[Table]:
    """The tables of a sheet turned for reading, with the places of their words on the page."""
    rows, _ = rows_of(aside)
    rows, ruled = in_tables(rows, aside.rules, aside.number)
    leaves, _ = in_reading_order(rows, ruled, aside.number)
    for leaf in leaves:
        if isinstance(leaf, Table) and len(leaf.rows) > 1:
            cells = tuple(tuple(tuple(_back(word, aside) for word in cell) for cell in row) for row in leaf.rows)
            yield replace(leaf, rows=cells, box=turned_back(leaf.box, aside.turn, aside.width, aside.height))


def _back(word: Word, aside: Sheet) -> Word:
    left, top, right, bottom = turned_back(word.box, aside.turn, aside.width, aside.height)
    return replace(word, left=left, top=top, right=right, bottom=bottom)


def _without(turned: Sequence[Turned], tables: Sequence[Table]) -> list[Turned]:
    """The words less those in tables."""
    areas = [_area(table) for table in tables]
    return [word for word in turned if not any(_is_in(word.box, area) for area in areas)]


def _area(table: Table) -> Box:
    return around([word.box for row in table.rows for cell in row for word in cell])


def box_of(run: Sequence[Turned]) -> Box:
    """Where some words stand together."""
    return around([word.box for word in run])


def around(boxes: Sequence[Box]) -> Box:
    """The smallest rectangle that holds all of them."""
    area = boxes[0]
    for box in boxes[1:]:
        area = area.joined(box)
    return area


def _is_in(box: Box, area: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return area.left <= x <= area.right and area.top <= y <= area.bottom


def without_number(sheet: Sheet) -> list[Turned]:
    """What is written sideways; where the page was turned for reading, without its number, which stands at an edge."""
    if not sheet.turn:
        return sheet.turned
    edge = 0.12 * sheet.width
    return [
        word
        for word in sheet.turned
        if not (_NUMBER.fullmatch(word.text) and not edge < word.box.left < word.box.right < sheet.width - edge)
    ]


def _runs(turned: Sequence[Turned]) -> list[list[Turned]]:
    """Words that are drawn one after another and stand in one line, whichever way it runs."""
    runs: list[list[Turned]] = []
    for word in turned:
        if runs and _in_line(runs[-1][-1].box, word.box):
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _in_line(before: Box, box: Box) -> bool:
    across = min(before.right, box.right) - max(before.left, box.left)
    down = min(before.bottom, box.bottom) - max(before.top, box.top)
    wide = min(before.right - before.left, box.right - box.left)
    high = min(before.bottom - before.top, box.bottom - box.top)
    tall = any(one.bottom - one.top > 1.2 * (one.right - one.left) for one in (before, box))
    return across > 0.5 * wide or (down > 0.5 * high and not tall)


def _line(run: Sequence[Turned], page: int) -> Line:
    words = []
    for word in run:
        size = round(min(word.box.right - word.box.left, word.box.bottom - word.box.top), 1)
        words.append(Word(word.text, page, *word.box, word.box.bottom, size))
    return Line(tuple(words), sideways=True)
