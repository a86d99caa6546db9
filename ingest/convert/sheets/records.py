"""The records of a text of separated values, as RFC 4180 has them, read as leniently as spreadsheets read them.

- Quoted cells may hold separators, line breaks and doubled quotation marks, or such behind a backslash.
- Blanks around the quotation marks of a cell are no part of it.
- A quotation mark that is never closed, or behind whose closing one the cell goes on, is a character like others.

But: which sign parts the cells is for ingest.convert.sheets.dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_ESCAPE = re.compile(r"\\([\"\\])")


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a record, as they stand in the file but for their quotation marks; `quoted` says how many had
    any. `start, end` is where it stands in the text, its line end aside."""

    cells: tuple[str, ...]
    quoted: int
    start: int
    end: int

    @property
    def empty(self) -> bool:
        """Whether it holds no words."""
        return not any(cell.strip() for cell in self.cells)


def records(text: str, separator: str) -> Iterator[Record]:
    """The records of a text, blank lines among them, in time proportional to its length."""
    pattern = _cell(separator)
    at = begin = 0
    cells: list[str] = []
    quoted = 0
    while at < len(text) or cells:
        match = pattern.match(text, at)
        assert match is not None  # an empty cell matches everywhere
        doubled, escaped, bare, after = match.group("doubled", "escaped", "bare", "after")
        if bare is not None:
            cells.append(bare)
        else:
            quoted += 1
            cells.append(doubled.replace('""', '"') if doubled is not None else _ESCAPE.sub(r"\1", escaped))
        at = match.end()
        if after != separator:
            yield Record(tuple(cells), quoted, begin, match.start("after"))
            cells, quoted, begin = [], 0, at


@lru_cache(maxsize=8)
def _cell(separator: str) -> re.Pattern[str]:
    sign = re.escape(separator)
    blank = "[ ]" if separator == "\t" else "[ \\t]"
    closed = f'"{blank}*+(?=[{sign}\\r\\n]|\\Z)'
    return re.compile(
        f'(?:{blank}*+"(?P<doubled>[^"]*+(?:""[^"]*+)*+){closed}'
        f'|{blank}*+"(?P<escaped>[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+){closed}'
        f"|(?P<bare>[^{sign}\\r\\n]*+))(?P<after>{sign}|\\r\\n|\\r|\\n|\\Z)",
        re.DOTALL,
    )
