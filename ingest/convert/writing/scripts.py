"""Raised and lowered characters as plain text: 10⁶, H₂O, x^(n-m); a footnote mark is "[4]", never a digit of a number.

What a raised number is follows from what it stands behind: a power or unit (10⁶, km²), the ending of a number (1st,
left as it is) or, behind a word, a full stop or a number of three figures, a footnote.
"""

from __future__ import annotations

import re

from vectorstore.english import word_set

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_RAISABLE = re.compile(r"(?=[+\-−=()]*[0-9ni])[0-9+\-−=()ni]+")
_LOWERABLE = re.compile(r"(?=[+\-−=()]*[0-9])[0-9+\-−=()]+")
_NUMBERS = re.compile(r"\d{1,3}(?:\s*[,–-]\s*\d{1,3})*")
_SYMBOLS = re.compile(r"[*†‡§¶#‖]{1,3}")
_ORDINAL = re.compile(r"st|nd|rd|th|er|re|ère|ème|eme|de|do|o|a|os|as", re.IGNORECASE)
_TRADE_MARKS = {"tm": "™", "sm": "℠", "®": "®", "©": "©", "™": "™"}
_UNIT = re.compile(
    r"miles?|(?:kilo|centi|milli)?met(?:re|er)s?|feet|foot|inch(?:es)?|yards?|sec|mol|kWh|kPa|MPa|GHz|kHz"
)
_APART_UNIT = re.compile(r"(?:\d |\w/)(?:[kcdm]?m|ft|in|yd)\s$")
_SHORT_WORDS = word_set("am an as at be by do go he if in is it me my no of on or so to up us we")
_LARGE = re.compile(r"\d{3}$")
_POWER_OF_TEN = re.compile(r"(?<![\d.,])10+$")
_AFTER_NUMBER = re.compile(r"\d\s*$")
_REACH = 100
"""Characters before a raised text that are looked at: the time grows with their square."""
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]++$")


def raised(inner: str, before: str, after: str, *, linked: bool = False) -> str:
    """What stands for a raised `inner` between the texts `before` and `after`; `linked`: it leads to a note."""
    before = before[-_REACH:]
    text = " ".join(inner.split())
    if not text or text.startswith("["):  # "[4]", "[citation needed]" say themselves that they are notes
        return inner
    if text == "o" and before[-1:] in ("n", "N"):  # numero
        return "º"
    if text.casefold() in _TRADE_MARKS:
        return _TRADE_MARKS[text.casefold()]
    mark = text.strip("()[]. ")
    if (linked and len(mark) <= 8 and mark) or _is_note(mark, before, after):
        return f"[{mark}]"
    if _stays(text, before):
        return text if before[-1:].strip() else inner
    if _RAISABLE.fullmatch(text) and any(map(str.isdigit, text + before[-1:])):
        return text.translate(_RAISED)
    return f"^{text}" if len(text) == 1 else f"^({text})"


def lowered(inner: str, before: str = "x") -> str:
    """What stands for a lowered text behind `before`: H₂O, v_max; words that stand behind nothing stay as they are."""
    text = " ".join(inner.split())
    if not before[-1:].strip() and text.replace(" ", "").isalpha():
        return inner
    if _LOWERABLE.fullmatch(text):
        return text.translate(_LOWERED)
    if not any(map(str.isalnum, text)):
        return inner
    return f"_{text}" if " " not in text else f"_({text})"


def _is_note(mark: str, before: str, after: str) -> bool:
    """Whether a raised number or sign is a footnote mark, by what stands before it."""
    if _SYMBOLS.fullmatch(mark):
        return not before[-1:].isdigit()
    letter = len(mark) == 1 and mark.isalpha() and mark.isascii() and mark.islower()
    if not _NUMBERS.fullmatch(mark) and not letter:
        return False
    last = before[-1:]
    if mark in ("2", "3") and _APART_UNIT.search(before):  # "N/mm ²", written with a blank
        return False
    if after[:1] in ("/", "⁄") and (not last.strip() or last.isdigit() or last in "(["):  # the upper half of a fraction
        return False
    if not last or last.isspace():
        return not after[:1].isalpha()  # ¹⁴C is no note
    if last.isdigit():  # few raise a number such as 318 to a power
        return not letter and len(mark) <= 3 and bool(_LARGE.search(before)) and not _POWER_OF_TEN.search(before)
    if last in "+-−)":
        return False
    if not last.isalpha():
        return not letter or last in ".,;:!?”’\"'"
    word = _WORD.search(before)
    base = word.group() if word else last
    if letter:
        return len(base) > 3 and base.islower()
    if base.casefold() in _SHORT_WORDS:  # "4 in²" is a unit, "built in²" is not
        return not _AFTER_NUMBER.search(before[: -len(base)])
    return len(base) > 2 and not _UNIT.fullmatch(base)


def _stays(text: str, before: str) -> bool:
    """Whether raised letters are words of their own, the ending of a number or of an abbreviated word: 1st, Mlle."""
    last = before[-1:]
    if not last.strip():
        return text.replace(" ", "").isalpha()
    if not text.isalpha():
        return False
    if last.isdigit():
        return bool(_ORDINAL.fullmatch(text))
    return last.isalpha() and len(text) > 1
