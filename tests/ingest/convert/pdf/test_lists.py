"""Lists in two columns of a PDF are read one after the other; tables of short cells stay tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from fpdf import FPDF

from ingest.convert.pdf import convert_pdf

LEFT = ["bread", "butter", "salt from the lake", "pears", "apples"]
RIGHT = ["candles", "oil of three kinds", "rope", "lamp wicks", "matches"]

Mark = Callable[[int, int], str]


def text_of(left: Sequence[str], right: Sequence[str], mark: Mark, *, by_rows: bool) -> tuple[str, tuple[str, ...]]:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    places = [(side, at, text) for side, texts in enumerate((left, right)) for at, text in enumerate(texts)]
    for side, at, text in sorted(places, key=lambda place: place[1]) if by_rows else places:
        x, y, sign = 25 + 85 * side, 45 + 5 * at, mark(at, side)
        if sign:
            pdf.text(x, y, sign)
        pdf.text(x + 6 * bool(sign), y, text)
    found = convert_pdf(bytes(pdf.output()), "x.pdf")
    return found.text, found.warnings


@pytest.mark.parametrize("by_rows", [True, False])
@pytest.mark.parametrize(
    "mark",
    [
        lambda at, side: "-",
        lambda at, side: chr(149),
        lambda at, side: f"{at + 1 + 5 * side}.",
        lambda at, side: f"({at + 1})",
        lambda at, side: "abcdefghij"[at + 5 * side] + ")",
    ],
    ids=["dashes", "bullets", "numbers", "numbers anew", "letters"],
)
def test_items_are_read_column_by_column(mark: Mark, by_rows: bool) -> None:
    text, warnings = text_of(LEFT, RIGHT, mark, by_rows=by_rows)
    marked = [f"{mark(at, side)} {item}" for side, items in enumerate((LEFT, RIGHT)) for at, item in enumerate(items)]
    assert text.replace("•", chr(149)).split("\n") == marked and not warnings


def test_a_list_may_be_shorter_than_the_one_beside_it() -> None:
    text, _ = text_of(LEFT, RIGHT[:3], lambda at, side: "-", by_rows=True)
    assert text.split("\n") == [f"- {item}" for item in [*LEFT, *RIGHT[:3]]]


def test_lines_without_marks_are_columns_where_the_left_was_drawn_first_and_the_order_is_in_doubt() -> None:
    text, warnings = text_of(LEFT, RIGHT, lambda at, side: "", by_rows=False)
    assert text.split("\n\n") == [*LEFT, *RIGHT]
    assert warnings == ("the reading order is in doubt on page 1",)


@pytest.mark.parametrize("by_rows", [True, False])
def test_things_and_their_figures_are_rows_whichever_way_they_are_drawn(by_rows: bool) -> None:
    text, _ = text_of(LEFT, ["12.00", "9.00", "3.00", "1.50", "2.00"], lambda at, side: "", by_rows=by_rows)
    assert "| salt from the lake | 3.00 |" in text


PEOPLE = ["Ada Fell", "Ilse Kern", "Dora Lindqvist", "Sam Oduya", "Per Quist", "Eva Roos", "Jan Stoll", "Ole Voss"]


@pytest.mark.parametrize(
    "items",
    [["almonds", "bread", "butter", "candles", "lamp oil", "matches", "pears", "rope"], PEOPLE],
    ids=["things", "surnames"],
)
@pytest.mark.parametrize("by_rows", [True, False])
def test_a_list_in_alphabetical_order_goes_on_in_the_next_column(items: list[str], by_rows: bool) -> None:
    text, warnings = text_of(items[:4], items[4:], lambda at, side: "", by_rows=by_rows)
    assert (text.split("\n\n"), warnings) == (items, ())


def test_lines_without_marks_or_order_that_are_drawn_row_by_row_are_rows_and_in_doubt() -> None:
    text, warnings = text_of(LEFT, RIGHT, lambda at, side: "", by_rows=True)
    assert "bread | candles" in text and warnings == ("the reading order is in doubt on page 1",)
    text, _ = text_of(sorted(LEFT), RIGHT, lambda at, side: "", by_rows=True)
    assert "apples | candles" in text
