"""Ligatures whose meaning a PDF does not tell are read from their words, or said to be unreadable."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.convert.pdf import convert_pdf
from ingest.convert.textfile import Converted
from tests.ingest.convert.pdf.objects import packed

TEXT = (
    "The office of the harbour was the first to find the difficult reflection on the floor. Five officers made an "
    "effort to fly a flag. The staff and the chief cook sniffed at the coffee, a muffled shuffle of affluent finders."
)
LIGATURES = ("ffi", "ffl", "fi", "fl", "ff")
STANDARD = ("ffi", "ffl", "fi", "fl", "ff")
NAMELESS = ("f_f_i", "f_f_l", "f_i", "f_l", "f_f")


def read(text: str, names: Mapping[int, str], before: str = "") -> Converted:
    """What is read of a page of this text, in a font that has these names for its letters with these numbers; `before`:
    text above it in a plain font."""

    def drawn(some: str) -> str:
        words = some.split()
        lines = (" ".join(words[at : at + 9]) for at in range(0, len(words), 9))
        return " ".join("<" + line.encode("latin-1").hex() + "> Tj T*" for line in lines)

    content = f"BT /H 12 Tf 14 TL 60 700 Td {drawn(before)} /F 12 Tf {drawn(text)} ET"
    differences = " ".join(f"{code} /{name}" for code, name in names.items())
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 5 0 R/H 6 0 R>>>>/Contents 4 0 R>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding"
        f"/Differences[{differences}]>>>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    return convert_pdf(packed(objects), "x.pdf")


def with_ligatures(text: str, names: tuple[str, ...], first: int) -> Converted:
    """The text with its ligatures drawn as letters of these names, numbered from `first`."""
    for number, ligature in enumerate(LIGATURES, first):
        text = text.replace(ligature, chr(number))
    return read(text, dict(enumerate(names, first)))


@pytest.mark.parametrize("first", [1, 14, 200])
def test_ligatures_without_a_meaning_are_read_from_their_words(first: int) -> None:
    found = with_ligatures(TEXT, NAMELESS, first)
    assert found.text == TEXT
    assert found.warnings == ("ligatures that the fonts do not name were read by their words on page 1",)


@pytest.mark.parametrize("first", [1, 200])
def test_standard_names_need_no_guess(first: int) -> None:
    found = with_ligatures(TEXT, STANDARD, first)
    assert found.text == TEXT and not found.warnings


def test_a_ligature_that_two_meanings_would_fit_is_not_guessed() -> None:
    found = with_ligatures("They were baffled by the long rain that fell on the pier all day.", NAMELESS, 1)
    assert found.text.startswith("They were ba\ufffded by") and "shown as \ufffd on page 1" in found.warnings[0]


@pytest.mark.parametrize("first", [1, 2, 200])
def test_what_no_word_tells_is_shown_as_unreadable(first: int) -> None:
    found = with_ligatures("The boat was called Xofliq and lay at the long pier all winter.", NAMELESS, first)
    assert found.text == "The boat was called Xo\ufffdiq and lay at the long pier all winter."
    assert found.warnings == ("letters that the fonts do not name are shown as \ufffd on page 1",)


def test_a_font_whose_numbers_are_letters_is_read_by_them() -> None:
    found = read(TEXT, {code: f"g{code}" for code in range(97, 123)})
    assert found.text == TEXT and not found.warnings


def test_a_few_letters_of_such_a_font_are_read_by_their_numbers_too() -> None:
    found = read("Total 1,234 kg A", {code: f"g{code}" for code in (*range(48, 58), *range(65, 123))}, before=TEXT)
    assert found.text.split()[-4:] == ["Total", "1,234", "kg", "A"] and not found.warnings
