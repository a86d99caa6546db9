"""What of a worksheet's XML openpyxl does not tell when it reads row by row: what is hidden, merged, or has no value.

But: values and formats are read by openpyxl.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
MAX_MERGED = 50_000


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of merged cells: its first and last row and column, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Layout:
    """Rows and ranges of columns that are hidden, ranges that are merged, how many formulas have no kept value, and how
    many places there are up to the last cell of each row."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    unkept: int = 0
    places: int = 0
    last_row: int = 0

    def is_hidden(self, column: int) -> bool:
        """Whether a column, counted from 1, is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)


def layout_of(stream: IO[bytes]) -> Layout:
    """The layout of a worksheet. Raises expat.ExpatError for broken XML, ValueError for broken numbers."""
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.words
    while chunk := stream.read(2**16):
        parser.Parse(chunk)
    parser.Parse(b"", True)
    return reading.layout


class _Reading:
    def __init__(self) -> None:
        self.layout = Layout()
        self._row = self._column = 0
        self._formula = self._valued = self._inside = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            self.layout.last_row = max(self.layout.last_row, self._row)
            if _is_on(attributes.get("hidden")):
                self.layout.hidden_rows.add(self._row)
        elif name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self._column = column_number(place[1]) if place else self._column + 1
            self._formula = self._valued = False
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._inside = True
        elif name == "col" and _is_on(attributes.get("hidden")):
            self.layout.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
        elif name == "mergeCell" and len(self.layout.merged) < MAX_MERGED:
            first, _, last = attributes.get("ref", "").partition(":")
            begin, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
            if begin and end:
                area = Merged(int(begin[2]), column_number(begin[1]), int(end[2]), column_number(end[1]))
                self.layout.merged.append(area)

    def words(self, words: str) -> None:
        self._valued = self._valued or (self._inside and not words.isspace())

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name in ("v", "is"):
            self._inside = False
        elif name == "c":
            self.layout.unkept += self._formula and not self._valued
        elif name == "row":
            self.layout.places += self._column


def _is_on(value: str | None) -> bool:
    return value in ("1", "true")


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
