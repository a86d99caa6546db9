"""What a cell of a table holds, as far as its form tells: a number, a date, a time, an address, a code, words.

But: no value is ever changed or computed with; figures such as 1.234,50 stay as they are.
"""

from __future__ import annotations

import re
from typing import Literal

Value = Literal["empty", "number", "date", "time", "address", "yes or no", "code", "words"]
"""A code is a cell with figures that is nothing else here: "A12", "Ward 3"."""

_CURRENCY = r"(?:[$€£¥₹₽₩₪฿]|(?:US|CA|A)\$|[A-Z]{3}|kr\.?|zł|Kč|Ft|lei|R\$)"
_FIGURES = r"(?:\d{1,3}(?:[.,'’ \u00a0\u202f]\d{2,3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)"
_NUMBER = re.compile(
    rf"[(~<>≈±]?\s?[-+−–]?\s?(?:{_CURRENCY}\s?)?[-+−–]?\s?{_FIGURES}(?:[eE][-+]?\d+)?\s?(?:%|‰|°[CF]?|{_CURRENCY})?[-)*]?"
)
_MONTH = r"(?:[^\W\d_]{3,9}\.?)"
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[T ]\d{1,2}:\d\d.*)?"
    r"|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:\d{4}|\d{2})(?:\s\d{1,2}:\d\d.*)?"
    rf"|\d{{1,2}}\.?[ -]{_MONTH}[ -,]{{0,2}}(?:\d{{4}}|\d\d)?"
    rf"|{_MONTH} \d{{1,2}},? \d{{4}}|{_MONTH}[ -](?:\d{{4}}|’?\d\d)"
)
_TIME = re.compile(r"\d{1,3}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.[^\s@]+|\d{1,3}(?:\.\d{1,3}){3}")
_YES_OR_NO = frozenset({"yes", "no", "y", "n", "true", "false", "x", "✓", "✗", "ja", "nein", "oui", "non", "sí", "si"})
_NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "null", "none", "n.a.", "#n/a", ".", "?"})
_LONGEST = 500
"""Characters of a value that is no text."""
_DIGIT = re.compile(r"\d")
_LONGEST_VALUE = 60
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def value_of(cell: str) -> Value:
    """What a cell holds. What stands for a missing value ("n/a", a dash) is empty."""
    words = cell.strip()
    if len(words) > _LONGEST:
        return "words"
    if words.casefold() in _NOTHING:
        return "empty"
    if len(words) > _LONGEST_VALUE:
        return "address" if _ADDRESS.fullmatch(words) else "words"
    if not _DIGIT.search(words):
        if words.casefold() in _YES_OR_NO:
            return "yes or no"
        return "address" if _ADDRESS.fullmatch(words) else "words"
    if _NUMBER.fullmatch(words):
        return "number"
    if _DATE.fullmatch(words):
        return "date"
    if _TIME.fullmatch(words):
        return "time"
    return "address" if _ADDRESS.fullmatch(words) else "code"


def is_year(cell: str) -> bool:
    """Whether a cell is a year of the last five centuries, four figures alone."""
    return _YEAR.fullmatch(cell.strip()) is not None
