"""Columns of a page that could be taken for something else: names above them, boxes and numbers beside them."""

from __future__ import annotations

import pytest
from fpdf import FPDF

from ingest.convert.pdf import convert_pdf
from tests.ingest.convert.pdf import drawn
from tests.ingest.convert.pdf.drawn import lines_of, page

BODY = (
    "The leat of Corvey is kept by the tenants of the lower meadows. Each of them cleans the stretch beside his own "
    "meadow before the feast of St Mark, and the reeve walks along it on the day after. Whoever has left his stretch "
    "foul pays a fine of three shillings, which is doubled where the mill stands still. The miller keeps the key of "
    "the upper hatch and opens it when two tenants ask him to. The court of the manor sits on the first Monday of the "
    "quarter and may send four men to view the leat. The steward wrote these customs down in the year 1688, and they "
    "were read aloud in the church on the Sunday that came after."
)
ITEMS = ("of oak", "of ash", "and of elm", "of two kinds", "of old", "as before")


def text_of(pdf: FPDF) -> str:
    return convert_pdf(bytes(pdf.output()), "x.pdf").text


def column(pdf: FPDF, x: float, y: float, text: str) -> float:
    """Draws a column and returns where the next line would stand."""
    for line in lines_of(pdf, text, 80):
        pdf.text(x, y, line)
        y += 5
    return y


def test_names_above_columns_stand_before_them() -> None:
    pdf = page(10)
    names = (("Nora Whitcombe", "Ivo Lasker"), ("Fen Institute", "University of Port Alder"), ("Saltmere", "Alder"))
    for number, row in enumerate(names):
        for x, name in zip((60, 150), row, strict=True):
            pdf.text(x - pdf.get_string_width(name) / 2, 30 + 5 * number, name)
    column(pdf, 20, 55, f"{drawn.LEFT} {BODY}")
    column(pdf, 110, 55, f"{drawn.RIGHT} {BODY}")
    text = text_of(pdf)
    whole = "\n\n".join(name for side in zip(*names, strict=True) for name in side)
    assert text == f"{whole}\n\n{drawn.LEFT} {BODY}\n\n{drawn.RIGHT} {BODY}"


def test_columns_of_which_one_is_a_ragged_list_are_no_table() -> None:
    pdf = page(10)
    column(pdf, 20, 40, f"{drawn.LEFT} {BODY}")
    y = column(pdf, 110, 40, drawn.RIGHT)
    for number in range(20):
        pdf.text(114 + 3 * (number % 3), y + 5 * number, f"the {number + 2} gates were {ITEMS[number % 6]}")
    text = text_of(pdf)
    assert "|" not in text and f"{drawn.LEFT} {BODY}" in text


def test_lines_in_a_box_beside_prose_are_no_cells() -> None:
    pdf = page(10)
    column(pdf, 20, 40, BODY)
    for number, line in enumerate(("Leats of the valley", "Corvey 1688", "Harle 1702", "Open every Sunday")):
        pdf.text(130, 45 + 15 * number, line)
    text = text_of(pdf)
    assert "|" not in text and BODY in text


@pytest.mark.parametrize("step", [1, 2, 5])
def test_numbers_in_the_margin_that_count_lines_are_no_text(step: int) -> None:
    pdf = page(12)
    number = 1
    for sheet in range(2):
        if sheet:
            pdf.add_page()
        for at, line in enumerate(lines_of(pdf, BODY, 70)):
            pdf.text(40, 30 + 7 * at, line)
            if number % step == 0:
                pdf.text(26, 30 + 7 * at, str(number))
            number += 1
    assert text_of(pdf).replace("\n\n", " ") == f"{BODY} {BODY}"


def test_numbers_that_count_something_else_stay() -> None:
    pdf = page(12)
    for at in range(6):
        pdf.text(26, 30 + 7 * at, str(5 * at + 5))
        pdf.text(40, 30 + 7 * at, f"Stretch of tenant {'ABCDEF'[at]}")
    text = text_of(pdf)
    assert all(str(5 * at + 5) in text for at in range(6))


@pytest.mark.parametrize("step", [1, 2])
def test_numbers_of_a_list_or_in_a_table_are_text(step: int) -> None:
    pdf = page(12)
    pdf.text(90, 20, "Stations of the walk")
    for at in range(1, 8):
        pdf.text(20, 30 + 8 * at, str(at * step))
        pdf.text(32, 30 + 8 * at, f"The {ITEMS[at % 6]} by the old gate")
    words = text_of(pdf).split()
    assert [words[at - 1] for at, word in enumerate(words) if word == "The"] == [str(at * step) for at in range(1, 8)]
