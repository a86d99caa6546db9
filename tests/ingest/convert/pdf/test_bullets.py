"""Bullets that are drawn as shapes are read; reviewers' comments are counted, not read."""

from __future__ import annotations

import pytest
from fpdf import FPDF

from ingest.convert.pdf import convert_pdf
from ingest.convert.pdf.sheets.bullets import with_bullets
from ingest.convert.pdf.types import Word
from tests.ingest.convert.pdf.objects import packed

ITEMS = ["dry wood for the stove", "two lamps", "the key of the boat house"]


def page() -> FPDF:
    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.text(60, 80, "Bring these with you to the north shore:")
    return pdf


def converted(pdf: FPDF) -> tuple[str, tuple[str, ...]]:
    found = convert_pdf(bytes(pdf.output()), "x.pdf")
    return found.text, found.warnings


def test_discs_rings_and_squares_before_items_are_bullets() -> None:
    for mark in ("disc", "ring", "square"):
        pdf = page()
        for at, item in enumerate(ITEMS):
            y = 96 + 14 * at
            if mark == "square":
                pdf.rect(78, y - 6, 4, 4, style="F")
            else:
                pdf.ellipse(78, y - 6, 4, 4, style="F" if mark == "disc" else "D")
            pdf.text(90, y, item)
        text, _ = converted(pdf)
        assert text.split("\n\n") == [
            "Bring these with you to the north shore:",
            "\n".join(f"• {item}" for item in ITEMS),
        ], mark


def test_an_item_of_several_lines_stays_one() -> None:
    pdf = page()
    for at, item in enumerate(["a lamp with two wicks, because the nights", "at the lake are long", "the key"]):
        if at != 1:
            pdf.ellipse(78, 90 + 14 * at, 4, 4, style="F")
        pdf.text(90, 96 + 14 * at, item)
    assert converted(pdf)[0].endswith("• a lamp with two wicks, because the nights at the lake are long\n• the key")


def test_other_shapes_are_no_bullets() -> None:
    pdf = page()
    pdf.ellipse(78, 90, 4, 4, style="F")  # the only one of its kind
    pdf.text(90, 96, "one lamp.")
    for at in range(3):
        pdf.rect(60, 200 + 14 * at, 10, 10, style="D")  # a box to tick
        pdf.text(90, 210 + 14 * at, f"Line {at}.")
        pdf.text(60, 310 + 14 * at, "low")
        pdf.ellipse(82, 304 + 14 * at, 4, 4, style="F")  # behind a word, as a dot of a sentence
        pdf.text(90, 310 + 14 * at, "water")
        pdf.ellipse(78, 420 + 14 * at, 4, 4, style="F")  # points of a chart
    assert "•" not in converted(pdf)[0]


def test_comments_of_reviewers_are_counted() -> None:
    pdf = page()
    pdf.text_annotation(300, 80, "Which shore?")
    pdf.add_page()
    pdf.text(60, 80, "The house was built in 1912.")
    with pdf.highlight("Is this right?"):
        pdf.text(60, 100, "It has nine rooms.")
    text, warnings = converted(pdf)
    assert "shore?" not in text and "right?" not in text
    assert warnings == ("left out 2 comments of reviewers on pages 1, 2",)


def test_marks_that_say_nothing_are_not_mentioned() -> None:
    pdf = page()
    with pdf.highlight(""):
        pdf.set_xy(60, 100)
        pdf.cell(text="It has nine rooms.")
    with pdf.highlight("Two of them are shut."):  # some programs repeat what is marked
        pdf.set_xy(60, 130)
        pdf.cell(text="Two of them are shut.")
    assert converted(pdf)[1] == ()


def test_bullets_of_a_symbol_font_are_bullets() -> None:
    shown = "BT /F1 12 Tf 60 700 Td (Bring these:) Tj 0 -16 Td /F2 12 Tf (A) Tj /F1 12 Tf ( dry wood) Tj ET"
    shown += " BT 60 668 Td /F2 12 Tf (A) Tj /F1 12 Tf ( two lamps) Tj ET"
    names = "/CMapName /X def /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange"
    means = f"/CIDInit /ProcSet findresource begin begincmap {names} 1 beginbfchar <41> <F0B7> endbfchar endcmap end"
    pdf = packed(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
            f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>",
            f"<</Length {len(means)}>>stream\n{means}\nendstream",
        ]
    )
    assert convert_pdf(pdf, "x.pdf").text == "Bring these:\n\n• dry wood\n• two lamps"


@pytest.mark.parametrize("mark", ["o", "\uf071"])
def test_marks_of_word_are_bullets_where_lines_begin_with_them(mark: str) -> None:
    rows = [
        [
            word(mark, 100),
            *(word(part, 120 + 30 * at) for at, part in enumerate(["Dry", "wood", "for", "the", "stove"])),
        ]
        for _ in range(3)
    ]
    ((first, *_), *_) = with_bullets([rows], [[]])[0]
    assert first.text == ("•" if mark != "o" else "o")
    alone = with_bullets([rows[:1]], [[]])[0]
    assert alone[0][0].text == mark


def word(text: str, left: float) -> Word:
    return Word(text, 1, left, 80, left + 6 * len(text), 90, 90, 10)


def test_an_o_before_each_line_makes_no_table_of_them() -> None:
    pdf = page()
    for at, item in enumerate(
        ["Dry wood for the stove.", "Two lamps, and oil for them.", "The key of the boat house."]
    ):
        pdf.text(78, 96 + 14 * at, "o")
        pdf.text(110, 96 + 14 * at, item)
    assert "|" not in converted(pdf)[0]
    assert "o Dry wood for the stove.\no Two lamps, and oil for them." in converted(pdf)[0]
