"""Bullets that are drawn as shapes, as browsers draw them, or are letters of symbol fonts: before the items of a list.

But: a shape that has no like in the file, or that does not stand before a line, is no bullet.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.convert.pdf.types import BULLET, Box, Row, Word

_PRIVATE = re.compile("[\uf020-\uf0ff]")
"""Letters of symbol fonts, in places that Unicode gives to nobody."""
_WIDEST = 2.0
"""Heights of letters between a bullet and its item."""
_ALONE = 1.0
"""Heights of letters that are empty before a bullet."""
_TALLEST = 0.6
"""Of the height of letters."""
_LOW, _HIGH = 0.08, 0.62
"""Where the middle of a bullet stands over the base line, in heights of letters."""


def with_bullets(pages: Sequence[list[Row]], marks: Sequence[Sequence[Box]]) -> list[list[Row]]:
    """The rows of each page with a word in the place of each bullet; `marks` are the small shapes on each page."""
    pages = _with_symbols(pages)
    found = [list(_before_items(rows, of_page)) for rows, of_page in zip(pages, marks, strict=True)]
    sizes = Counter(_size(mark) for page in found for _, _, mark in page)
    result = []
    for rows, page in zip(pages, found, strict=True):
        put: dict[int, list[tuple[int, Box]]] = {}
        for row, word, mark in page:
            if sum(sizes[_size(mark) + step] for step in (-1, 0, 1)) > 1:
                put.setdefault(row, []).append((word, mark))
        result.append([_marked(row, put[at]) if at in put else row for at, row in enumerate(rows)])
    return result


def _with_symbols(pages: Sequence[list[Row]]) -> list[list[Row]]:
    """The rows with bullets for letters of symbol fonts that several lines begin with, a word behind them. Which sign
    such a letter is depends on its font, so elsewhere it is left as it is."""
    begins = Counter(row[0].text for rows in pages for row in rows if _is_symbol(row))
    return [
        [
            [replace(row[0], text=BULLET), *row[1:]] if _is_symbol(row) and begins[row[0].text] > 1 else row
            for row in rows
        ]
        for rows in pages
    ]


def _is_symbol(row: Row) -> bool:
    return len(row) > 1 and _PRIVATE.fullmatch(row[0].text) is not None and row[1].text[:1].isalpha()


def _size(mark: Box) -> int:
    """The width of a shape in fifths of a point."""
    return round(5 * (mark.right - mark.left))


def _marked(row: Row, marks: Sequence[tuple[int, Box]]) -> Row:
    before = {at: mark for at, mark in marks}
    found: Row = []
    for at, word in enumerate(row):
        if at in before:
            found.append(Word(BULLET, word.page, *before[at], word.base, word.size, order=word.order))
        found.append(word)
    return found


def _before_items(rows: Sequence[Row], marks: Sequence[Box]) -> Iterable[tuple[int, int, Box]]:
    """The shapes that stand before words as bullets do: the row, which of its words, and the shape."""
    order = sorted((at for at, row in enumerate(rows) if row), key=lambda at: rows[at][0].base)
    bases = [rows[at][0].base for at in order]
    tallest = max((row[0].size for row in rows if row), default=0.0)
    for mark in marks:
        middle = (mark.top + mark.bottom) / 2
        for at in order[bisect_left(bases, middle) : bisect_right(bases, middle + _HIGH * tallest)]:
            word = _behind(rows[at], mark, middle)
            if word is not None:
                yield at, word, mark
                break


def _behind(row: Row, mark: Box, middle: float) -> int | None:
    """The word of a row that a shape stands right before, None where it stands elsewhere."""
    at = bisect_left(row, mark.right, key=lambda word: word.left)
    if at == len(row) or not row[at].text:
        return None
    word, size = row[at], row[at].size
    if word.left - mark.right > _WIDEST * size or mark.bottom - mark.top > _TALLEST * size:
        return None
    if not _LOW * size < word.base - middle < _HIGH * size:
        return None
    return at if at == 0 or row[at - 1].right < mark.left - _ALONE * size else None
