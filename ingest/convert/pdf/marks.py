"""Raised and lowered letters as text: `10^6`, `km^2`, `word.[4]`, `H₂O`, `1st`, so that they never run into a number.

A raised number is an exponent behind 10, a single digit, a single letter or a unit of length, and where it has a sign;
elsewhere it is a footnote mark and stands in brackets. Raised letters that end an abbreviation or an ordinal (1st,
Mlle) are part of the word.
"""

from __future__ import annotations

import re

_LOWERED = str.maketrans("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
_NOTE = re.compile(r"(?:\d{1,3}|[a-z])(?:\s?[,;–-]\s?(?:\d{1,3}|[a-z]))*,?")
_NUMBER = re.compile(r"\d{1,3}")
_SIGNED = re.compile(r"[+\-−–]\s?\w+|\d*[+\-−]")
_ORDINAL = re.compile(r"st|nd|rd|th|er?|re|es|ème|[oaºª]", re.IGNORECASE)
_BASE = re.compile(r"(?:^|[^\w.,])(?:10|\d|[A-Za-zα-ωΑ-Ω]|[kcdmhnµμ]m)$")
"""What a raised number is the exponent of."""
_UNIT_AFTER_NUMBER = re.compile(r"\d\s?(?:ft|in|yd|mi|sec|km|cm|mm|m|s)$")
_ELEMENT = re.compile(r"[A-Z][a-z]?(?![a-z])")


def lowered(mark: str) -> str:
    """`2` -> `₂`; `max` -> `_max` where a letter has no lowered form."""
    small = mark.translate(_LOWERED)
    return small if all(a != b for a, b in zip(small, mark, strict=True)) else f"_{mark}"


def raised(before: str, mark: str) -> str:
    """How letters raised behind the text `before`, which ends without a blank, are written."""
    mark = mark.strip()
    if mark.startswith("[") or (not any(map(str.isalnum, mark)) and not re.fullmatch(r"[+\-−]+", mark)):
        return mark  # "[4]" and "*" are no part of a word already
    end = before[-1:]
    if not end or not end.isalnum():
        return f"[{mark}]" if _NOTE.fullmatch(mark) else f"^{mark}"
    if mark.upper() in ("TM", "SM", "R", "©", "®"):
        return {"TM": "™", "SM": "℠"}.get(mark.upper(), f"^{mark}")
    if end.isdigit() and _ORDINAL.fullmatch(mark):
        return mark
    if _BASE.search(before) or _UNIT_AFTER_NUMBER.search(before) or _SIGNED.fullmatch(mark):
        return f"^{mark}"
    if _NOTE.fullmatch(mark) and (not mark.isalpha() or len(before) > 2):
        return f"[{mark.rstrip(',')}]" + ("," if mark.endswith(",") else "")
    return mark if mark.isalpha() and end.isalpha() else f"^{mark}"


def leading(mark: str, after: str) -> tuple[str, bool]:
    """How letters raised before `after` are written, and whether they are a footnote mark, which a blank follows."""
    if _NUMBER.fullmatch(mark) and _ELEMENT.match(after) and len(after) <= 3 and len(mark) > 1:
        return f"^{mark}", False  # an isotope
    if _NOTE.fullmatch(mark):
        return f"[{mark}]", True
    return mark, True
