"""Tables in PDF files: rows are what a reader takes for rows, whether rules part them or not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from fpdf import FPDF

from ingest.convert.pdf import convert_pdf
from tests.ingest.convert.pdf.drawn import page

HEAD = ["Station", "Built", "Keeper", "Light"]
ROWS = [
    ["Torsay", "1902", "Rafael Quist", "white"],
    ["Nidd", "1911", "Dora Lindqvist", "red"],
    ["Hallow Point", "1934", "Sam Oduya", "white"],
    ["Brae", "1956", "Ilse Kern", "green"],
]
WRAPPED = [
    ["Torsay on the", "1902", "Rafael Quist and", "white"],
    ["northern cape", "", "his two sons", ""],
    ["Nidd", "1911", "Dora Lindqvist", "red"],
    ["Hallow Point", "1934", "Sam Oduya, then a", "white"],
    ["", "", "crew of volunteers", ""],
]
JOINED = [
    ["Torsay on the northern cape", "1902", "Rafael Quist and his two sons", "white"],
    ROWS[1],
    ["Hallow Point", "1934", "Sam Oduya, then a crew of volunteers", "white"],
]
WORDS = [[row[0], side, *row[2:]] for row, side in zip(ROWS, ["north", "south", "east", "west"], strict=True)]
EDGES = [25, 65, 95, 140, 185]
PROSE = (
    "The lights of the coast were built between 1902 and 1956 by the harbour board, and each of them had a keeper "
    "until the year 1989, when the last one was automated and the houses of the keepers were sold."
)


def drawn(pdf: FPDF, rows: Sequence[Sequence[str]], top: float, edges: Sequence[float] = EDGES) -> float:
    for row in rows:
        for left, cell in zip(edges, row, strict=False):
            if cell:
                pdf.text(left + 2, top, cell)
        top += 5
    return top


def level(pdf: FPDF, y: float, edges: Sequence[float] = EDGES) -> None:
    pdf.line(edges[0], y, edges[-1], y)


def boxed(bands: Sequence[Sequence[Sequence[str]]], edges: Sequence[float] = EDGES, *, upright: bool = True) -> str:
    """The text of a page with a table of bands of lines between level rules."""
    pdf = page(10)
    y = 40.0
    level(pdf, y - 4, edges)
    for band in bands:
        y = drawn(pdf, band, y, edges) + 1
        level(pdf, y - 4.5, edges)
    for x in edges if upright else ():
        pdf.line(x, 36, x, y - 4.5)
    return convert_pdf(bytes(pdf.output()), "x.pdf").text


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + " --- |" * max(map(len, rows)), *lines])


@pytest.mark.parametrize("upright", [True, False])
@pytest.mark.parametrize(
    ("lines", "rows"), [(ROWS, ROWS), (WORDS, WORDS), (WRAPPED, JOINED)], ids=["figures", "words", "wrapped"]
)
def test_each_line_between_two_rules_is_a_row_but_what_goes_on_in_its_cell(
    lines: list[list[str]], rows: list[list[str]], upright: bool
) -> None:
    assert boxed([[HEAD], lines], upright=upright) == table(HEAD, rows)


def test_headers_and_rows_in_one_box_are_told_apart() -> None:
    assert boxed([[HEAD, *ROWS]]) == table(HEAD, ROWS)


def test_groups_of_lines_between_rules_are_rows_and_the_name_of_a_group_is_that_of_each() -> None:
    north = [["North", "9", "Torsay", "white"], ["", "5", "Nidd", "red"], ["", "4", "Brae", "red"]]
    south = [["South", "8", "Hallow", "green"], ["", "2", "Lee", "red"]]
    filled = [[band[0][0], *row[1:]] for band in (north, south) for row in band]
    assert boxed([[HEAD], north, south]) == table(HEAD, filled)


def test_cells_of_several_lines_stay_one_where_rules_part_the_rows() -> None:
    bands = [
        [["Torsay", "12 marks", "Mon", "white"], ["", "", "Tue", ""], ["", "", "Wed", ""]],
        [["Dr Ada Holm", "Room 12", "Sat", "red"], ["Chair", "East wing", "Sun", "blue"]],
        [["Hallow", "3 marks", "Sun", "grey"]],
    ]
    rows = [
        ["Torsay", "12 marks", "Mon Tue Wed", "white"],
        ["Dr Ada Holm Chair", "Room 12 East wing", "Sat Sun", "red blue"],
        ["Hallow", "3 marks", "Sun", "grey"],
    ]
    assert boxed([[HEAD], *bands]) == table(HEAD, rows)


@pytest.mark.parametrize("head", [[], [[["Left side", "Right side"]]]], ids=["bare", "headed"])
def test_prose_in_boxes_beside_one_another_is_no_table_of_its_lines(head: list[list[list[str]]]) -> None:
    texts = [PROSE, PROSE.replace("harbour", "school")]
    pdf = page(10)
    wrapped = [pdf.multi_cell(55, 5, text, dry_run=True, output="LINES", align="L") for text in texts]
    lines = [[str(a), str(b)] for a, b in zip(*wrapped, strict=True)]
    assert f"| {texts[0]} | {texts[1]} |" in boxed([*head, lines], [25, 85, 145])


def test_headers_of_two_lines_and_those_over_several_columns_are_of_each_column() -> None:
    edges = [25, 65, 90, 115, 140, 165]
    pdf = page(10)
    level(pdf, 36, edges)
    for left, right, name in [(65, 115, "Summer"), (115, 165, "Winter")]:
        pdf.text((left + right) / 2 - 6, 40, name)
        pdf.line(left + 1, 41.5, right - 2, 41.5)
    y = drawn(pdf, [["", "North", "South", "North", "South"], ["", "coast", "coast", "lake", "lake"]], 46, edges)
    level(pdf, y - 3.5, edges)
    y = drawn(pdf, [["Adults", "12", "14", "15", "16"], ["Children", "6", "7", "8", "9"]], y + 1, edges)
    level(pdf, y - 3.5, edges)
    head = ["", "Summer North coast", "Summer South coast", "Winter North lake", "Winter South lake"]
    rows = [["Adults", "12", "14", "15", "16"], ["Children", "6", "7", "8", "9"]]
    assert convert_pdf(bytes(pdf.output()), "x.pdf").text == table(head, rows)


def test_figures_between_the_first_two_of_level_rules_are_headers() -> None:
    rows = [["Adults", "12", "14", "15"], ["Children", "6", "7", "8"]]
    assert boxed([[["Boats", "10", "20", "30"]], rows], upright=False) == table(["Boats", "10", "20", "30"], rows)


def test_a_line_over_the_whole_width_names_the_rows_below_it() -> None:
    lines = [["Northern stations"], *ROWS[:2], ["Southern stations"], *ROWS[2:]]
    assert boxed([[HEAD], lines], upright=False) == table(HEAD, lines)


def test_rules_over_and_under_prose_make_no_table() -> None:
    pdf = page(10)
    pdf.set_xy(20, 40)
    for _ in range(3):
        level(pdf, pdf.get_y(), [20, 190])
        pdf.set_xy(20, pdf.get_y() + 1)
        pdf.multi_cell(170, 5, PROSE, align="L", new_x="LMARGIN", new_y="NEXT")
    level(pdf, pdf.get_y(), [20, 190])
    assert "|" not in convert_pdf(bytes(pdf.output()), "x.pdf").text


def test_rows_are_those_that_were_drawn_one_after_the_other_where_their_cells_are_centred() -> None:
    """As browsers print tables: each cell in the midst of its row, borders in pieces."""
    rows = [
        [["Torsay"], ["1902"], ["Rafael Quist"], ["white"]],
        [["Nidd"], ["1911"], ["Dora Lindqvist, who", "left for the lakes"], ["red"]],
        [["Hallow Point on", "the northern cape", "of the island"], ["1934"], ["Sam Oduya"], ["white"]],
        [["Brae"], ["1956"], ["Ilse Kern", "and Ulla Berg"], ["green"]],
    ]
    pdf = page(10)
    y = drawn(pdf, [HEAD], 40) - 1.5
    for row in rows:
        high = max(map(len, row))
        for left, cell in zip(EDGES, row, strict=False):
            for number, line in enumerate(cell):
                pdf.text(left + 2, y + 4 + 4.5 * (number + (high - len(cell)) / 2), line)
        y += 4.5 * high + 0.5
    for rule in (36, 41, y + 1):
        for left, right in pairwise(EDGES):
            pdf.line(left, rule, right, rule)
    expected = table(HEAD, [[" ".join(cell) for cell in row] for row in rows])
    assert convert_pdf(bytes(pdf.output()), "x.pdf").text == expected


COAST = ["Coast", "Region", "Station", "Light"]


@pytest.mark.parametrize("rules", [True, False])
@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (
            [
                ["East", "North", "Torsay", "white"],
                ["", "", "Nidd", "red"],
                ["", "South", "Lee", "red"],
                ["West", "North", "Brae", "green"],
                ["", "", "Hallow", "white"],
            ],
            [
                ["East", "North", "Torsay", "white"],
                ["East", "North", "Nidd", "red"],
                ["East", "South", "Lee", "red"],
                ["West", "North", "Brae", "green"],
                ["West", "North", "Hallow", "white"],
            ],
        ),
        (
            [
                ["East", "2001", "120", "9"],
                ["", "2002", "130", "8"],
                ["West", "2001", "80", "7"],
                ["", "2002", "88", "6"],
            ],
            [
                ["East", "2001", "120", "9"],
                ["East", "2002", "130", "8"],
                ["West", "2001", "80", "7"],
                ["West", "2002", "88", "6"],
            ],
        ),
        (
            [
                ["Eastern", "North", "Torsay", "12"],
                ["cape", "South", "Nidd", "14"],
                ["", "East", "Lee", "9"],
                ["Western", "North", "Brae", "8"],
            ],
            [
                ["Eastern cape", "North", "Torsay", "12"],
                ["Eastern cape", "South", "Nidd", "14"],
                ["Eastern cape", "East", "Lee", "9"],
                ["Western", "North", "Brae", "8"],
            ],
        ),
    ],
    ids=["two", "years", "wrapped"],
)
def test_a_label_is_that_of_the_rows_below_it_that_have_none(
    lines: list[list[str]], rows: list[list[str]], rules: bool
) -> None:
    text = boxed([[COAST], lines], upright=False) if rules else bare([COAST, *lines])
    assert text == table(COAST, rows)


def test_a_label_in_the_middle_of_its_rows_is_that_of_each() -> None:
    east = [["", "2001", "Torsay", "white"], ["East", "2002", "Nidd", "red"], ["", "2003", "Lee", "red"]]
    west = [["", "2001", "Brae", "green"], ["West", "2002", "Hallow", "red"], ["", "2003", "Moor", "white"]]
    rows = [[label, *row[1:]] for label, part in (("East", east), ("West", west)) for row in part]
    assert boxed([[COAST], [*east, *west]], upright=False) == table(COAST, rows)


@pytest.mark.parametrize(
    "last", [["", "", "4.50"], ["", "2.70", "4.50"], ["", "Total", "4.50"]], ids=["one", "two", "named"]
)
@pytest.mark.parametrize("rules", [True, False])
def test_a_sum_without_a_label_is_a_row_of_its_own(last: list[str], rules: bool) -> None:
    head, edges = ["Item", "Last year", "Price"], [25, 65, 105, 145]
    rows = [["Tea", "1.80", "2.00"], ["Milk", "0.90", "1.00"], ["Bread", "1.20", "1.50"], last]
    if rules:
        assert boxed([[head], rows], edges, upright=False) == table(head, rows)
    else:
        assert bare([head, *rows], edges) == table(head, rows)


def bare(rows: Sequence[Sequence[str]], edges: Sequence[float] = EDGES) -> str:
    """The text of a page with a table without rules."""
    pdf = page(10)
    drawn(pdf, rows, 40, edges)
    return convert_pdf(bytes(pdf.output()), "x.pdf").text


def test_lines_that_may_be_rows_or_cells_of_several_lines_are_said_to_be_in_doubt() -> None:
    edges = [25, 85, 145]
    crew = [
        [["Task", "Who"]],
        [["Sweep deck", "Ilse"], ["Oil winch", "Sam"]],
        [["Coil ropes", "Dora"], ["Mend", "Per"]],
    ]
    said = ("which lines of a table are rows is in doubt on page 1",)
    assert warned(crew, edges) == said
    assert (
        warned([crew[0], [["Sweep the whole of the deck", "Ilse"], ["with the broom", ""]], crew[1][:1]], edges) == ()
    )
    assert warned([crew[0], crew[1][:1], crew[2][:1]], edges) == ()


def warned(bands: Sequence[Sequence[Sequence[str]]], edges: Sequence[float]) -> tuple[str, ...]:
    pdf = page(10)
    y = 40.0
    level(pdf, y - 4, edges)
    for band in bands:
        y = drawn(pdf, band, y, edges) + 1
        level(pdf, y - 4.5, edges)
    for x in edges:
        pdf.line(x, 36, x, y - 4.5)
    return convert_pdf(bytes(pdf.output()), "x.pdf").warnings


def test_of_two_lists_in_a_box_the_longer_one_keeps_its_last_item_apart() -> None:
    lines = [["boots", "pets"], ["torch", "drones"], ["map and compass", "radios"], ["water", ""]]
    assert boxed([[["Bring", "Leave at home"]], lines], [25, 85, 145]) == table(["Bring", "Leave at home"], lines)


def test_two_columns_of_keys_and_values_have_no_headers() -> None:
    rows = [["Net weight", "500 g"], ["Height", "12 cm"], ["Made in", "Norway"]]
    assert bare(rows, [25, 65, 105]) == table(["", ""], rows)


@pytest.mark.parametrize(
    "values", [["4.50", "9.20 EUR", "£11"], ["Ada Fell", "Ilse Kern", "Sam Oduya"], ["7:30", "9:00", "12"]]
)
def test_lines_with_rows_of_dots_are_lines_of_their_own(values: list[str]) -> None:
    pdf = page(10)
    lines = [
        f"{name} {'.' * (60 - len(name))} {value}"
        for name, value in zip(["Soup", "Fish pie", "Rye"], values, strict=True)
    ]
    for number, line in enumerate(lines):
        pdf.text(25, 40 + 6 * number, line)
    assert convert_pdf(bytes(pdf.output()), "x.pdf").text.split("\n\n") == lines


def test_options_of_a_command_in_typewriter_letters_have_no_headers_and_their_words_stay_together() -> None:
    pdf = page(10)
    pdf.set_font("Courier", size=10)
    options = [["-c, --check", "checks only"], ["-o, --output=FILE", "where to"], ["-v, --version", "show it and exit"]]
    for number, (option, said) in enumerate(options):
        pdf.text(25, 40 + 5 * number, f"{option:22}{said}")
    assert convert_pdf(bytes(pdf.output()), "x.pdf").text == table(["", ""], options)


def test_a_first_row_that_is_like_those_below_it_is_none_of_headers() -> None:
    rows = [["rye", "in sacks,", "(14)"], ["oats", "in sacks,", "(22)"], ["barley", "loose,", "(31)"]]
    assert boxed([rows[:1], rows[1:2], rows[2:]]) == table(["", "", ""], rows)
    head = ["Grain", "How", "Tons"]
    assert boxed([[head], rows[:1], rows[1:2], rows[2:]]) == table(head, rows)


def test_a_first_row_with_an_address_among_addresses_names_no_columns() -> None:
    rows = [["Una Holm", "una@pier.example"], ["Ilse Kern", "ilse@pier.example"], ["Sam Oduya", "sam@pier.example"]]
    assert boxed([rows[:1], rows[1:2], rows[2:]], EDGES[:3]) == table(["", ""], rows)


def test_a_sum_in_the_last_shaded_row_stays_in_its_table() -> None:
    pdf = page(10)
    rows = (("Plant", "Pieces", "Price"), ("Alder", "12", "54.00"), ("Cherry", "3", "57.00"), ("Hazel", "5", "20.00"))
    for number, row in enumerate((*rows, ("", "", "131.00"))):
        if number % 2 == 0:
            pdf.set_fill_color(230)
            pdf.rect(20, 33 + 7 * number, 150, 7, style="F")
        for x, cell in zip((22, 90, 150), row, strict=True):
            pdf.text(x, 38 + 7 * number, cell)
    pdf.text(20, 100, "Payment is due in 30 days.")
    lines = convert_pdf(bytes(pdf.output()), "x.pdf").text.splitlines()
    assert lines[-3:] == ["|  |  | 131.00 |", "", "Payment is due in 30 days."]


def test_a_row_of_keys_with_their_values_is_no_header() -> None:
    pdf = page(10)
    rows = (("Guest: Ada Fell", "Date: 3 May"), ("Room", "Nights"), ("Green room", "four"), ("Red room", "one"))
    for number, row in enumerate(rows):
        for x, cell in zip((20, 100), row, strict=True):
            pdf.rect(x, 30 + 8 * number, 80, 8)
            pdf.text(x + 2, 35 + 8 * number, cell)
    assert "| Guest: Ada Fell | Date: 3 May |\n| Room | Nights |" in convert_pdf(bytes(pdf.output()), "x.pdf").text


def test_headers_of_which_one_has_a_colon_are_headers() -> None:
    pdf = page(10)
    for number, row in enumerate((("Item", "Ratio A:B"), ("Bread", "3.00"), ("Milk", "2.00"))):
        for x, cell in zip((20, 100), row, strict=True):
            pdf.rect(x, 30 + 8 * number, 80, 8)
            pdf.text(x + 2, 35 + 8 * number, cell)
    assert "| Item | Ratio A:B |\n| --- | --- |\n| Bread |" in convert_pdf(bytes(pdf.output()), "x.pdf").text


def test_the_margins_of_a_shaded_header_are_no_columns() -> None:
    edges, top, bottom = [25, 65, 140], 36.0, 62.0
    pdf = page(10)
    for left, right in pairwise(edges):  # as Word writes it: margins and middle are filled apart
        for a, b in [(left + 0.2, left + 2), (left + 2, right - 2), (right - 2, right - 0.2)]:
            pdf.set_fill_color(220)
            pdf.rect(a, top, b - a, 6, style="F")
    drawn(pdf, [["Form", "What it is for"]], top + 4, edges)
    drawn(pdf, [["Green slip", "Tells the harbour that you leave"]], top + 11, edges)
    drawn(pdf, [["Blue slip", "Asks the board for a berth"]], top + 19, edges)
    for y in (top, top + 6, top + 14, bottom):
        level(pdf, y, edges)
    for x in edges:
        pdf.line(x, top, x, bottom)
    rows = [
        ["Green slip", "Tells the harbour that you leave"],
        ["Blue slip", "Asks the board for a berth"],
    ]
    assert convert_pdf(bytes(pdf.output()), "x.pdf").text == table(["Form", "What it is for"], rows)
