"""Raised and lowered characters stay apart from what they stand behind; footnote marks are told from powers."""

from __future__ import annotations

import time

import pytest

from ingest.convert.writing.numbers import numeral
from ingest.convert.writing.scripts import lowered, raised


@pytest.mark.parametrize(
    ("before", "inner", "after", "expected"),
    [
        ("about 10", "6", " cubic metres", "⁶"),
        ("10", "-3", "", "⁻³"),
        ("10", "n", "", "ⁿ"),
        ("1.05", "10", "", "¹⁰"),
        ("7 km", "2", "", "²"),
        ("in N/mm ", "2", "", "²"),
        ("of 40 m ", "2", " each", "²"),
        ("of the mill ", "2", "", "[2]"),
        ("held ", "3", "⁄", "³"),
        ("held 214", "3", "/", "³"),
        ("(", "1", "/", "¹"),
        ("by Lund", "3", "/", "[3]"),
        ("per m", "−1", "", "⁻¹"),
        ("E = mc", "2", "", "²"),
        ("4 in", "2", "", "²"),
        ("x", "2n+1", "", "²ⁿ⁺¹"),
        ("x", "n", "", "^n"),
        ("e", "a b", "", "^(a b)"),
        ("", "14", "C", "¹⁴"),
        ("in 1929.", "4", " The", "[4]"),
        ("in 1929", "4", " the", "[4]"),
        ("318", "4", " families", "[4]"),
        ("1000", "2", "", "²"),
        ("people", "3", " moved", "[3]"),
        ("built in", "2", " stone", "[2]"),
        ("he said.”", "12", " And", "[12]"),
        ("word", "1, 2", "", "[1, 2]"),
        ("word", "(3)", "", "[3]"),
        ("rainfall", "a", " of", "[a]"),
        ("word", "*", "", "[*]"),
        ("", "4", " See Brevik", "[4]"),
        ("text", "[4]", "", "[4]"),
        ("1", "st", " May", "st"),
        ("M", "lle", " Roe", "lle"),
        ("n", "o", " 4", "º"),
        ("", "In small letters", "", "In small letters"),
        ("Kestrel", "TM", "", "™"),
    ],
)
def test_what_is_raised(before: str, inner: str, after: str, expected: str) -> None:
    assert raised(inner, before, after) == expected


def test_what_leads_to_a_note_is_its_mark_whatever_it_stands_behind() -> None:
    assert raised("4", "10", " m", linked=True) == "[4]"
    assert raised("viii", "word", "", linked=True) == "[viii]"


@pytest.mark.parametrize(
    ("inner", "expected"), [("2", "₂"), ("10", "₁₀"), ("max", "_max"), ("i + 1", "_(i + 1)"), (" ", " ")]
)
def test_what_is_lowered(inner: str, expected: str) -> None:
    assert lowered(inner) == expected


def test_lowered_words_behind_nothing_stay() -> None:
    assert lowered("In small letters", "") == "In small letters"


def test_numbers_of_lists() -> None:
    assert [numeral(n, "a") for n in (1, 26, 27, 703, 0)] == ["a", "z", "aa", "aaa", "0"]
    assert [numeral(n, "I") for n in (1, 4, 9, 1994, 4000, -1)] == ["I", "IV", "IX", "MCMXCIV", "4000", "-1"]
    assert numeral(7, "1") == "7"


@pytest.mark.parametrize(("before", "inner"), [("m", "1" * 40_000 + "x"), ("a" * 40_000 + "1a", "4")])
def test_long_texts_take_no_time(before: str, inner: str) -> None:
    begun = time.process_time()
    assert raised(inner, before, "")
    assert lowered(inner, before)
    assert time.process_time() - begun < 0.5
