"""Which sign parts the cells of a text, if it is a table at all.

For each sign that may, the records are read and judged as CleverCSV does (van den Burg, Nazábal, Sutton: "Wrangling
messy CSV files by detecting row and type patterns", 2019): by how many cells how many records have, and by how many
of the cells hold something whole. A sign that is right gives long rows of one length, and cells such as "1,50" or
"Oslo"; a wrong one gives many lengths, and cells such as "50;Oslo;3".

But: a letter whose sentences hold commas is no table, whatever its file is called.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from ingest.convert.sheets.records import Record, records
from ingest.convert.sheets.values import value_of

SEPARATORS = (",", ";", "\t", "|")
_STATED = re.compile(r"\"?sep=(?P<sign>[^\r\n\"])\"?[,;\t|]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_SAMPLE_RECORDS = 300
_SAMPLE = 200_000
"""Characters looked at."""
_WHOLE_WORDS = re.compile(r"[^,;\t|]*")
_LOOSE = re.compile(r"[^,;\t|]*(?:, [^,;\t|]*)*")
_ENDS = re.compile(r"[.!?:…][”’\"')\]]*$")
_LONGEST_ITEM = 80
_LEAST_ITEMS = 3


def stated_separator(text: str) -> tuple[str, int] | None:
    """The sign that a first line such as "sep=;" names, and where the rest of the text begins; None without one."""
    match = _STATED.match(text)
    return (match["sign"], match.end()) if match else None


def separator_of(text: str) -> str | None:
    """The sign between the cells of a text; None where it is no table of two columns or more."""
    sample = text[:_SAMPLE]
    best: tuple[float, str] | None = None
    for separator in SEPARATORS:
        if separator not in sample:
            continue
        found = _read(sample, separator, cut=len(text) > _SAMPLE)
        if not _is_table(found):
            continue
        score = _pattern(found) * _wholeness(found, separator)
        if best is None or score > best[0]:
            best = (score, separator)
    return best[1] if best is not None else None


def is_one_column(text: str) -> bool:
    """Whether a text is one column of a table: short lines, or quoted cells, none of them a sentence."""
    found = [one for one in _read(text[:_SAMPLE], ",", cut=len(text) > _SAMPLE) if not one.empty]
    if len(found) < 2:
        return False
    if all(one.quoted for one in found[1:]):
        return True
    lines = [text[one.start : one.end].strip() for one in found]
    ended = sum(1 for line in lines if _ENDS.search(line))
    return len(found) >= _LEAST_ITEMS and max(map(len, lines)) <= _LONGEST_ITEM and ended <= len(lines) // 10


def _read(sample: str, separator: str, *, cut: bool) -> list[Record]:
    found = list(islice(records(sample, separator), _SAMPLE_RECORDS))
    return found[:-1] if cut and 1 < len(found) < _SAMPLE_RECORDS else found


def _is_table(found: Sequence[Record]) -> bool:
    """Whether records are rows: most of the longer ones have one length, and they do not read like sentences."""
    filled = [one for one in found if not one.empty]
    broad = [one for one in filled if len(one.cells) > 1]
    if not broad or 2 * len(broad) < len(filled):
        return False
    alike = Counter(len(one.cells) for one in broad).most_common(1)[0][1]
    if len(broad) == 1:
        return len(filled) == 1 and not _reads_on(broad)
    steady = alike / len(broad)
    return (steady >= 0.9 and not (len(broad) < 4 and _reads_on(broad))) or (steady >= 0.3 and not _reads_on(broad))


def _reads_on(found: Sequence[Record]) -> bool:
    """Whether the text goes on across the signs, as that of sentences does: behind most of them is a blank, and a part
    of the records end like sentences."""
    inner = [cell for one in found for cell in one.cells[1:] if cell]
    spaced = sum(cell[0] == " " for cell in inner)
    ended = sum(1 for one in found if _ENDS.search(one.cells[-1].strip()))
    words = sum(len(cell.split()) for one in found for cell in one.cells) / max(1, sum(len(one.cells) for one in found))
    return bool(inner) and spaced > 0.5 * len(inner) and (4 * ended >= len(found) or words > 4)


def _pattern(found: Sequence[Record]) -> float:
    """How much the records are rows of one length, and long ones."""
    lengths = Counter(len(one.cells) for one in found if not one.empty)
    return sum(number * (length - 1) / length for length, number in lengths.items()) / len(lengths)


def _wholeness(found: Sequence[Record], separator: str) -> float:
    """The share of the cells that hold one value; never nothing."""
    whole = total = 0
    for one in found:
        for cell in one.cells:
            total += 1
            words = cell.strip()
            known = value_of(words) not in ("code", "words")
            whole += known or bool(_WHOLE_WORDS.fullmatch(words)) or bool(one.quoted or _LOOSE.fullmatch(words))
    return max(0.001, whole / max(1, total))
