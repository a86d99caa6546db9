"""Known text drawn into a PDF comes back character for character: columns, marks, notes, furniture, tables, at random.

Stated normalisations: blanks and line ends inside a paragraph are one blank; raised figures are written raised, or in
brackets where they are footnote marks; struck-out words, running heads and page numbers are left out.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.convert.pdf import convert_pdf

WORDS = [
    "harbour",
    "boat",
    "pilot",
    "river",
    "mill",
    "stone",
    "bridge",
    "council",
    "letter",
    "spring",
    "winter",
    "engine",
    "wheel",
    "market",
    "school",
    "garden",
    "tower",
    "ferry",
    "island",
    "captain",
    "window",
    "kitchen",
    "survey",
    "village",
    "carpenter",
    "painter",
    "minister",
    "orchard",
    "railway",
    "lantern",
]

Mark = tuple[str, str]
"""How a run is drawn ("", "SUP", "SUB", "S") and its text."""


@dataclass(frozen=True)
class Run:
    """A word as it is drawn and as it is to be read."""

    drawn: tuple[Mark, ...]
    read: str


def plain(word: str) -> Run:
    return Run((("", word),), word)


words = st.sampled_from(WORDS).map(plain)
numbers = st.integers(11, 99_999).map(lambda number: plain(f"{number:,}"))
powers = st.integers(2, 12).map(lambda n: Run((("", "10"), ("SUP", str(n))), "10" + raised(n)))
areas = st.integers(2, 99).map(lambda n: Run((("", f"{n} km"), ("SUP", "2")), f"{n} km²"))
notes = st.tuples(st.sampled_from(WORDS), st.integers(1, 99)).map(
    lambda pair: Run((("", pair[0]), ("SUP", str(pair[1]))), f"{pair[0]}[{pair[1]}]")
)
counts = st.tuples(st.integers(111, 999), st.integers(1, 9)).map(
    lambda pair: Run((("", str(pair[0])), ("SUP", str(pair[1]))), f"{pair[0]}[{pair[1]}]")
)
formulas = st.integers(2, 9).map(lambda n: Run((("", "C"), ("SUB", str(n)), ("", "H")), f"C{lowered(n)}H"))
struck = st.sampled_from(WORDS).map(lambda word: Run((("S", word),), ""))
runs = st.one_of(words, words, words, words, numbers, powers, areas, notes, counts, formulas, struck)


def raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def lowered(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


@st.composite
def sentences(draw: st.DrawFn) -> list[Run]:
    body = draw(st.lists(runs, min_size=30, max_size=60))
    return [plain("The"), plain(draw(st.sampled_from(WORDS))), *body, plain("stood there.")]


def read(paragraph: Sequence[Run]) -> str:
    return " ".join(run.read for run in paragraph if run.read)


def draw_paragraph(pdf: FPDF, paragraph: Sequence[Run], width: float) -> None:
    """Writes the runs from the pen's place on, wrapped at `width`."""
    left = pdf.get_x()
    for number, run in enumerate(paragraph):
        size = sum(pdf.get_string_width(text) for _, text in run.drawn)
        if number and pdf.get_x() + pdf.get_string_width(" ") + size > left + width:
            pdf.set_xy(left, pdf.get_y() + 5)
        elif number:
            pdf.cell(pdf.get_string_width(" "), 5, " ")
        for look, text in run.drawn:
            pdf.set_font("Times", style="S" if look == "S" else "", size=11)
            pdf.char_vpos = look if look.startswith("SU") else "LINE"
            pdf.write(5, text)
        pdf.char_vpos = "LINE"
        pdf.set_font("Times", size=11)
    pdf.set_xy(left, pdf.get_y() + 9)


def text_of(pdf: FPDF) -> str:
    return convert_pdf(bytes(pdf.output()), "x.pdf").text


@settings(max_examples=10, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=4))
def test_raised_lowered_and_struck_out_letters_come_back_as_they_are_to_be_read(paragraphs: list[list[Run]]) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Times", size=11)
    for paragraph in paragraphs:
        draw_paragraph(pdf, paragraph, 160)
    assert text_of(pdf).split("\n\n") == [read(paragraph) for paragraph in paragraphs]


def test_a_line_that_ends_early_before_a_wide_formula_ends_no_paragraph() -> None:
    """Marks make a line of many characters short, and the formula that did not fit is wider than so many letters."""

    def power(base: str, exponent: int) -> Run:
        return Run((("", base), ("SUP", str(exponent))), base + raised(exponent))

    def note(word: str, number: int) -> Run:
        return Run((("", word), ("SUP", str(number))), f"{word}[{number}]")

    def formula(number: int) -> Run:
        return Run((("", "C"), ("SUB", str(number)), ("", "H")), f"C{lowered(number)}H")

    opening = ["The", "harbour", "spring", "harbour", "captain", "harbour", "engine", "engine", "1,000", "27,600"]
    paragraph = [
        *map(plain, opening),
        *(power("10", 8), power("10", 2), power("50 km", 2), note("harbour", 1), note("111", 1)),
        *map(plain, ["mill", "wheel", "window", "11,640"]),
        *(power("10", 2), power("4 km", 2), power("6 km", 2), power("36 km", 2), power("56 km", 2)),
        *(formula(7), formula(2), note("council", 33), note("tower", 51), note("window", 97), formula(2)),
        *map(plain, ["harbour", "harbour", "harbour", "harbour", "letter", "captain", "minister", "567"]),
        *(note("harbour", 8), note("pilot", 10), note("painter", 10), plain("stood there.")),
    ]
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Times", size=11)
    draw_paragraph(pdf, paragraph, 160)
    assert text_of(pdf) == read(paragraph)


prose = st.tuples(st.integers(0, 2**32), st.integers(45, 90)).map(lambda chosen: said(*chosen))


def said(seed: int, length: int) -> str:
    """So many words by chance: lines that are alike on several pages would be running heads."""
    return f"The {' '.join(random.Random(seed).choices(WORDS, k=length))} ended."


@settings(max_examples=10, deadline=None)
@given(st.lists(prose, min_size=2, max_size=3), st.booleans(), st.floats(0, 2.4))
def test_columns_come_back_one_after_the_other_whichever_way_they_are_drawn(
    columns: list[str], by_rows: bool, shift: float
) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Times", size=10)
    width = (180 - 7 * (len(columns) - 1)) / len(columns)
    wrapped = [pdf.multi_cell(width, 5, text, dry_run=True, output="LINES", align="L") for text in columns]
    places = [(number, column) for column, lines in enumerate(wrapped) for number in range(len(lines))]
    for number, column in sorted(places) if by_rows else places:
        pdf.text(15 + column * (width + 7), 30 + 5 * number + shift * (column % 2), str(wrapped[column][number]))
    assert text_of(pdf) == "\n\n".join(columns)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.integers(150, 400), st.integers(1, 400))
def test_paragraphs_go_on_over_pages_with_heads_numbers_and_notes(seed: int, length: int, first: int) -> None:
    body = said(seed, length)
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    pdf.set_font("Times", size=11)
    lines = [str(line) for line in _wrapped(pdf, body)]
    pages = [lines[at : at + 8] for at in range(0, len(lines), 8)]
    for number, page in enumerate(pages):
        pdf.add_page()
        pdf.set_font("Times", size=9)
        pdf.text(20, 15, "A history of the valley")
        pdf.text(100, 285, str(first + number))
        pdf.text(20, 270, f"{number + 1} See the letters of {' '.join(random.Random(number).choices(WORDS, k=4))}.")
        pdf.set_font("Times", size=11)
        for at, line in enumerate(page):
            pdf.text(20, 30 + 5 * at, line)
    found = text_of(pdf)
    if len(pages) > 1:
        assert "A history of the valley" not in found
    kept = [part for part in found.split("\n\n") if "See the letters" not in part]
    assert " ".join(kept).replace("A history of the valley ", "").split() == [word for word in body.split()] + (
        [str(first)] if len(pages) == 1 else []
    )
    assert found.count("See the letters") == len(pages)


def _wrapped(pdf: FPDF, text: str) -> Sequence[object]:
    pdf.add_page()
    lines: Sequence[object] = pdf.multi_cell(170, 5, text, dry_run=True, output="LINES", align="L")
    return lines


cell = st.sampled_from(WORDS)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(cell, st.integers(1, 9_999), st.integers(1, 99), cell), min_size=3, max_size=12), st.booleans()
)
def test_tables_come_back_row_by_row(rows: list[tuple[str, int, int, str]], ruled: bool) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    header = ["Place", "Number", "Share", "Keeper"]
    lines = [header, *([str(value) for value in row] for row in rows)]
    with pdf.table(borders_layout="ALL" if ruled else "NONE") as table:
        for line in lines:
            table.row(line)
    expected = [f"| {' | '.join(line)} |" for line in lines]
    assert text_of(pdf).split("\n") == [expected[0], "| --- | --- | --- | --- |", *expected[1:]]
