"""Columns, tables and what stands at the edges of pages: a PDF is read in the order in which a reader reads it."""

from __future__ import annotations

from fpdf import FPDF

from ingest.convert.pdf import convert_pdf
from tests.ingest.convert.pdf.drawn import LEFT, RIGHT, lines_of, page


def row_by_row(pdf: FPDF, *texts: str, left: float = 20, gap: float = 8, top: float = 40) -> None:
    """Draws texts beside one another, all first lines, then all second ones."""
    width = (170 - gap * (len(texts) - 1)) / len(texts)
    wrapped = [lines_of(pdf, text, width) for text in texts]
    for number in range(max(map(len, wrapped))):
        for column, lines in enumerate(wrapped):
            if number < len(lines):
                pdf.text(left + column * (width + gap), top + 5 * number, lines[number])


def converted(pdf: FPDF) -> tuple[str, tuple[str, ...]]:
    found = convert_pdf(bytes(pdf.output()), "x.pdf")
    return found.text, found.warnings


def test_columns_that_are_drawn_row_by_row_are_read_one_after_the_other() -> None:
    pdf = page()
    row_by_row(pdf, LEFT, RIGHT)
    assert converted(pdf) == (f"{LEFT}\n\n{RIGHT}", ())


def test_three_narrow_columns_are_read_one_after_the_other() -> None:
    pdf = page(9)
    row_by_row(pdf, LEFT, RIGHT, LEFT, gap=6)
    assert converted(pdf) == (f"{LEFT}\n\n{RIGHT}\n\n{LEFT}", ())


def test_headings_and_paragraphs_across_both_columns_stay_where_they_stand() -> None:
    pdf = page()
    pdf.set_font_size(18)
    pdf.text(20, 25, "Two kitchens of the old school house")
    pdf.set_font_size(11)
    row_by_row(pdf, LEFT, RIGHT, top=40)
    below = "Both of them can be seen on the first Sunday of every month, from ten in the morning, without a ticket."
    for number, line in enumerate(lines_of(pdf, f"{below} {below}", 170)):
        pdf.text(20, 110 + 5 * number, line)
    row_by_row(pdf, RIGHT, LEFT, top=140)
    expected = ["Two kitchens of the old school house", LEFT, RIGHT, f"{below} {below}", RIGHT, LEFT]
    assert converted(pdf) == ("\n\n".join(expected), ())


def test_a_sentence_goes_on_in_the_next_column() -> None:
    pdf = page()
    lines = lines_of(pdf, f"{LEFT} {RIGHT}", 81)
    half = len(lines) // 2 - 1
    for number, line in enumerate(lines):
        pdf.text(20 if number < half else 109, 40 + 5 * (number if number < half else number - half), line)
    assert converted(pdf) == (f"{LEFT} {RIGHT}", ())


def test_a_caption_in_the_midst_of_a_column_stands_behind_the_sentence_that_it_interrupts() -> None:
    pdf = page()
    lines = lines_of(pdf, f"{LEFT} {RIGHT}", 170)
    for number, line in enumerate(lines):
        pdf.text(20, 40 + 5 * number + (60 if number > 2 else 0), line)
    pdf.set_font_size(9)
    pdf.text(20, 105, "Figure 3: The south kitchen from the yard")
    assert converted(pdf)[0] == f"{LEFT} {RIGHT}\n\nFigure 3: The south kitchen from the yard"


def test_a_table_with_rules_keeps_its_rows() -> None:
    pdf = page()
    rows = [["Boat", "Built", "Length"], ["Heron", "1931", "12 m"], ["The old grey otter of the bay", "1948", "9 m"]]
    with pdf.table(width=90, col_widths=(30, 30, 30)) as table:
        for row in rows:
            table.row(row)
    assert converted(pdf) == (
        "\n".join(["| Boat | Built | Length |", "| --- | --- | --- |", *map(piped, rows[1:])]),
        (),
    )


def test_a_table_without_rules_keeps_its_rows() -> None:
    pdf = page()
    rows = [["Boat", "Built", "Length"], ["Heron", "1931", "12 m"], ["Otter", "1948", "9 m"], ["Swan", "1950", "8 m"]]
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            pdf.text(20 + 50 * column, 40 + 6 * number, cell)
    assert converted(pdf) == (
        "\n".join(["| Boat | Built | Length |", "| --- | --- | --- |", *map(piped, rows[1:])]),
        (),
    )


def test_a_table_that_goes_on_over_the_page_is_one() -> None:
    pdf = page()
    rows = [[f"Ship {number}", str(1900 + number), f"{number % 7 + 5} m"] for number in range(60)]
    with pdf.table() as table:
        for row in [["Boat", "Built", "Length"], *rows]:
            table.row(row)
    text, _ = converted(pdf)
    assert text == "\n".join(["| Boat | Built | Length |", "| --- | --- | --- |", *map(piped, rows)])


def test_a_page_whose_order_cannot_be_told_is_named() -> None:
    pdf = page()
    for column, cells in enumerate([["Harbour", "Town hall", "Mill lane", "Old gate"], ["Ida", "Olaf", "Per", "Ann"]]):
        for number, cell in enumerate(cells):
            pdf.text(20 + 70 * column, 40 + 6 * number, cell)
    assert converted(pdf)[1] == ("the reading order is in doubt on page 1",)


def test_list_marks_and_page_numbers_of_a_table_of_contents_stay_in_their_lines() -> None:
    pdf = page()
    for number, item in enumerate(["The first of all the boats", "The second boat of the yard", "The third and last"]):
        pdf.text(20, 40 + 6 * number, f"{number + 1}.")
        pdf.text(32, 40 + 6 * number, item)
        pdf.text(180, 40 + 6 * number, str(10 * number + 7))
    assert converted(pdf)[0].split("\n") == [
        "1. The first of all the boats 7",
        "2. The second boat of the yard 17",
        "3. The third and last 27",
    ]


def piped(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def test_a_paragraph_with_which_every_page_begins_and_ends_is_kept() -> None:
    pdf = FPDF()
    clause = lines_of(page(), f"{LEFT} {RIGHT}", 170)
    for number in range(4):
        pdf.add_page()
        pdf.set_font("Helvetica", size=9)
        pdf.text(20, 12, "Deed of the two kitchens")
        pdf.set_font_size(11)
        for at, line in enumerate(clause):
            pdf.text(20, 30 + 5 * at, line)
        pdf.text(20, 80, f"Part {number + 1} is about room {'abcd'[number] * 3}.")
        for at, line in enumerate(clause):
            pdf.text(20, 250 + 5 * at, line)
    text, warnings = converted(pdf)
    assert text.count(f"{LEFT} {RIGHT}") == 8
    assert "Deed" not in text
    assert warnings == ("left out running heads, feet and page numbers of 4 pages",)


def test_what_ends_short_pages_is_no_foot() -> None:
    pdf = FPDF()
    for number in range(3):
        pdf.add_page()
        pdf.set_font("Helvetica", size=11)
        pdf.text(20, 30, f"Room {'abc'[number] * 3} was let to a joiner.")
        pdf.text(20, 120, "He paid nine crowns.")
    assert converted(pdf)[0].count("He paid nine crowns.") == 3
