"""Words of a PDF that nobody sees on its page are left out, and those that somebody sees are not."""

from __future__ import annotations

import io

from fpdf import FPDF
from PIL import Image, ImageDraw

from ingest.convert.pdf import convert_pdf

SEEN = "The ferry left the island at noon, and nobody who had missed it could leave before morning. "
SECRET = "Nobody reads this"


def pdf() -> FPDF:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=11)
    made.multi_cell(0, 6, SEEN * 4)
    made.ln(6)
    made.set_x(made.l_margin)
    return made


def text_of(made: FPDF) -> str:
    return convert_pdf(bytes(made.output()), "x.pdf").text


def test_white_on_white_is_left_out_and_the_report_says_so() -> None:
    made = pdf()
    made.set_text_color(255, 255, 255)
    made.cell(0, 6, SECRET)
    found = convert_pdf(bytes(made.output()), "x.pdf")
    assert SECRET not in found.text and SEEN.strip() in found.text
    assert "left out hidden text on page 1" in found.warnings


def test_white_on_a_dark_ground_is_read() -> None:
    made = pdf()
    made.set_fill_color(20, 40, 90)
    made.set_text_color(255, 255, 255)
    made.cell(120, 9, SECRET, fill=True)
    assert SECRET in text_of(made)


def test_pale_grey_is_read() -> None:
    made = pdf()
    made.set_text_color(228, 228, 228)
    made.cell(0, 6, SECRET)
    assert SECRET in text_of(made)


def test_letters_without_ink_are_left_out_but_not_behind_a_picture_of_them() -> None:
    for behind in (False, True):
        made = pdf()
        if behind:
            picture = Image.new("RGB", (600, 60), "white")
            ImageDraw.Draw(picture).text((5, 5), SECRET, fill="black", font_size=40)
            stream = io.BytesIO()
            picture.save(stream, "PNG")
            made.image(stream, made.get_x(), made.get_y(), 60, 6)
        with made.local_context(text_mode=3):
            made.cell(60, 6, SECRET)
        assert (SECRET in text_of(made)) is behind


def test_what_is_painted_over_is_left_out_and_what_is_not_stays() -> None:
    made = pdf()
    top = made.get_y()
    made.cell(0, 6, SECRET)
    made.set_fill_color(255, 255, 255)
    made.rect(0, top - 1, 210, 9, "F")
    made.set_y(top + 20)
    made.cell(0, 6, "It stands below.")
    found = text_of(made)
    assert SECRET not in found and "It stands below." in found and SEEN.strip() in found


def test_letters_without_size_and_those_beside_the_page_are_left_out() -> None:
    made = pdf()
    made.text(500, 60, SECRET)
    made.set_font_size(0.4)
    made.cell(0, 1, "And this neither")
    found = text_of(made)
    assert SECRET not in found and "neither" not in found


def test_a_page_whose_words_all_leave_no_ink_is_read() -> None:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=11)
    with made.local_context(text_mode=3):
        made.multi_cell(0, 6, SEEN)
    assert "ferry" in text_of(made)
