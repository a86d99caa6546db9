"""Where the characters of a document stand on the pages of the file that it was read from.

A place is a page, counted from 1, and rectangles on it, `[left, top, right, bottom]` in PDF points (1/72 inch) from the
top left corner of the page as it is shown, turned and cropped; y grows downwards. One rectangle for each line of the
characters, in their order.

But: where the file has no pages, a document has none either.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]

_UNIT = 10
"""Tenths of a point are stored."""
_COLUMNS = 7
_MOST_ROWS = 6_000_000
_FARTHEST = 200_000
_LINE_GAP = 2.5
"""Heights of a line by which two of its words may be apart and still be marked as one."""


class Placed(NamedTuple):
    """Characters `start` to `end` of the text stand on this page, in this rectangle."""

    start: int
    end: int
    page: int
    left: float
    top: float
    right: float
    bottom: float


class OnPage(NamedTuple):
    """Rectangles on one page. `recognised`: the page is a picture, whose text was recognised (OCR) and may be
    misread."""

    page: int
    boxes: tuple[Box, ...]
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """The places of all words of a text, packed: deflated numbers of 32 bits, little-endian, each the difference from
    the one before it in its column; columns are start, end, page, left, top, right, bottom, these four in tenths of a
    point. The number of a page whose text was recognised in a picture is negative."""

    packed: bytes

    @classmethod
    def of(cls, places: Iterable[Placed], recognised: Collection[int] = ()) -> Pages | None:
        """The places, in the order of the text; None where there are none. The text of the pages `recognised` was
        recognised in pictures."""
        rows = np.array(list(places), np.float64).reshape(-1, _COLUMNS)
        if not len(rows):
            return None
        rows[np.isin(rows[:, 2], list(recognised)), 2] *= -1
        rows[:, 3:] = np.clip(rows[:, 3:], -_FARTHEST, _FARTHEST) * _UNIT
        steps = np.diff(np.rint(rows).astype(np.int64), axis=0, prepend=0)
        return cls(zlib.compress(np.ascontiguousarray(steps.T, "<i4").tobytes(), 6))

    @classmethod
    def checked(cls, packed: bytes, characters: int) -> Pages:
        """The places in bytes from elsewhere. Raises ValueError where they are none of a text of so many characters."""
        pages = cls(packed)
        rows = _unpacked(packed)
        inside = len(rows) and rows[0, 0] >= 0 and rows[-1, 1] <= characters and (rows[:, 2] != 0).all()
        if not inside or (rows[:, 0] >= rows[:, 1]).any() or (rows[1:, 0] < rows[:-1, 1]).any():
            raise ValueError("places that do not fit their text")
        return pages

    @property
    def count(self) -> int:
        """The number of the last page on which something stands."""
        return int(np.abs(_unpacked(self.packed)[:, 2]).max())

    def at(self, start: int, end: int) -> tuple[OnPage, ...]:
        """Where the characters `start` to `end` stand; a word of which only a part lies between them is cut in
        proportion. Empty where none of them stands on a page."""
        rows = _unpacked(self.packed)
        first = int(np.searchsorted(rows[:, 1], start, "right"))
        last = int(np.searchsorted(rows[:, 0], end, "left"))
        found: list[tuple[int, list[Box]]] = []
        for row in rows[first:last].tolist():
            page, box = row[2], _cut(row, start, end)
            if not found or found[-1][0] != page:
                found.append((page, [box]))
            elif (line := _joined(found[-1][1][-1], box)) is not None:
                found[-1][1][-1] = line
            else:
                found[-1][1].append(box)
        return tuple(OnPage(abs(page), tuple(boxes), page < 0) for page, boxes in _merged(found))


def _merged(found: Sequence[tuple[int, list[Box]]]) -> list[tuple[int, list[Box]]]:
    """One entry for each page, in the order of first mention."""
    merged: dict[int, list[Box]] = {}
    for page, boxes in found:
        merged.setdefault(page, []).extend(boxes)
    return list(merged.items())


def _cut(row: Sequence[int], start: int, end: int) -> Box:
    first, after, _, left, top, right, bottom = row
    letter = (right - left) / (after - first)
    x0, x1 = left + letter * max(start - first, 0), right - letter * max(after - end, 0)
    return tuple(round(value / _UNIT, 1) for value in (x0, top, x1, bottom))  # type: ignore[return-value]


def _joined(line: Box, word: Box) -> Box | None:
    """The rectangle of a line with its next word; None where the word stands on another line."""
    shared = min(line[3], word[3]) - max(line[1], word[1])
    height = min(line[3] - line[1], word[3] - word[1])
    gap = word[0] - line[2]
    if shared < 0.5 * height or not -height < gap < _LINE_GAP * max(height, 1):
        return None
    return min(line[0], word[0]), min(line[1], word[1]), max(line[2], word[2]), max(line[3], word[3])


@lru_cache(maxsize=16)
def _unpacked(packed: bytes) -> NDArray[np.int64]:
    """The rows (words, 7). Raises ValueError where the bytes are no such."""
    most = 4 * _COLUMNS * _MOST_ROWS
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(packed, most)
    except zlib.error as error:
        raise ValueError("places that cannot be unpacked") from error
    if not stream.eof or len(raw) % (4 * _COLUMNS):
        raise ValueError("places that cannot be unpacked")
    steps = np.frombuffer(raw, "<i4").reshape(_COLUMNS, -1)
    return np.cumsum(steps.T.astype(np.int64), axis=0)
