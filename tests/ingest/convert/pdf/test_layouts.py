"""Rules that draw a layout, not a table: what they frame is read as text, once."""

from __future__ import annotations

from fpdf import FPDF

from ingest.convert.pdf import convert_pdf
from tests.ingest.convert.pdf import drawn
from tests.ingest.convert.pdf.drawn import lines_of, page

LEFT = (
    f"{drawn.LEFT} Nobody has counted the pots that were made there, but the cellar was full of them when the house "
    "was sold."
)
RIGHT = (
    f"{drawn.RIGHT} The piano came by boat in the spring of the year 1988, and it has been tuned by the same man ever "
    "since that day."
)


def text_of(pdf: FPDF) -> str:
    return convert_pdf(bytes(pdf.output()), "x.pdf").text


def test_columns_of_prose_in_a_frame_are_read_one_after_the_other() -> None:
    pdf = page()
    pdf.rect(10, 20, 190, 120)
    for y in (32, 128):
        pdf.line(10, y, 200, y)
    pdf.line(150, 20, 150, 32)
    pdf.line(150, 128, 150, 140)
    for x, text in ((20, LEFT), (110, RIGHT)):
        for number, line in enumerate(lines_of(pdf, text, 80)):
            pdf.text(x, 40 + 5 * number, line)
    for y, words in ((28, ("The school house", "Autumn 12")), (135, ("Set in Velden", "Sheet 7"))):
        pdf.text(20, y, words[0])
        pdf.text(160, y, words[1])
    text = text_of(pdf)
    assert text.index(LEFT) < text.index(RIGHT)


def test_shaded_lines_of_a_paragraph_are_no_table() -> None:
    pdf = page()
    lines = lines_of(pdf, LEFT, 90)
    for y in range(len(lines) + 1):
        pdf.line(20, 36 + 5 * y, 110, 36 + 5 * y)
    for x in (20, 110):
        pdf.line(x, 36, x, 36 + 5 * len(lines))
    words = lines[2].split()
    edge = 20.5 + pdf.get_string_width(" ".join(words[:3]) + " ") - 0.3
    pdf.line(edge, 46, edge, 51)
    for number, line in enumerate(lines):
        pdf.text(20.5, 40 + 5 * number, line)
    assert text_of(pdf) == LEFT


def test_a_chart_beside_a_list_of_prices_writes_nothing_several_times() -> None:
    pdf = page(9)
    pdf.rect(15, 30, 180, 60)
    pdf.line(110, 30, 110, 90)
    for number in range(10):
        pdf.line(110, 36 + 5 * number, 195, 36 + 5 * number)
        pdf.line(118 + 7 * number, 30, 118 + 7 * number, 90)
    prices = ("Oak", "31.50", "30.25"), ("Ash", "27.75", "28.10"), ("Elm", "22.40", "21.95"), ("Fir", "12.30", "12.85")
    for number, row in enumerate(prices):
        for column, cell in enumerate(row):
            pdf.text(20 + 30 * column, 40 + 6 * number, cell)
    pdf.text(111, 34, "40")
    pdf.text(111, 84, "10")
    text = text_of(pdf)
    assert "| Ash | 27.75 | 28.10 |" in text
    assert text.count("27.75") == 1


def test_a_line_across_the_columns_of_a_table_leaves_it_one() -> None:
    pdf = page(8)
    rows = [("Hour", "Mon", "Tue", "Wed", "Thu", "Fri"), ("9.00", "Maths", "Music", "French", "Latin", "Art")]
    rest = "Break for all classes; the gates of the school yard are open for a while and tea is sold"
    lines = [rows[0], rows[1], ("10.00", rest), ("11.00", *rows[1][1:]), ("12.00", rest), ("13.00", *rows[1][1:])]
    for number, row in enumerate([*lines, ("14.00", rest)]):
        top = 20 + 8 * number
        for y in (top, top + 8):
            pdf.line(15, y, 165, y)
        for column in range(7):
            if len(row) > 2 or column in (0, 1, 6):
                pdf.line(15 + 25 * column, top, 15 + 25 * column, top + 8)
        for column, cell in enumerate(row):
            pdf.text(16 + 25 * column, top + 5, cell)
    text = text_of(pdf)
    assert "| Hour | Mon | Tue | Wed | Thu | Fri |" in text
    assert "| 13.00 | Maths | Music | French | Latin | Art |" in text
