"""A table's rows in a text are found, and read with the headers of their columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.embedded_text import passage_text, sentence_text
from vectorstore.table_rows import cell_text, context_of, labelled, laid_out, lead_of, tables, words_of, written
from vectorstore.table_rows import cells as cells_of
from vectorstore.table_rows.periods import in_full
from vectorstore.types import SentenceSpan

FERRIES = written(["Route", "Fare"], [["Torsay to Nidd", "9 marks"], ["Varn", ""]])


def rows(text: str) -> list[str]:
    """Every row of every table with its headers."""
    return [labelled(text, *row) for table in tables(text) for row in table.rows]


def test_a_row_is_read_with_the_headers_of_its_columns() -> None:
    assert rows(FERRIES) == ["Route: Torsay to Nidd · Fare: 9 marks", "Route: Varn"]
    at = FERRIES.index("9 marks")
    assert [FERRIES[a:b] for a, b in context_of(FERRIES, at)] == ["| Route | Fare |"]


def test_one_wide_row_above_many_short_ones_is_not_filled_up() -> None:
    text = written(["a"] * 1_000, [["b", "c"]] * 1_000)
    assert len(text) < 25_000 and rows(text) == ["a: b · a: c"] * 1_000


def test_a_part_of_a_row_keeps_the_headers_of_its_own_cells() -> None:
    start = FERRIES.index("9 marks")
    assert labelled(FERRIES, start, start + 7) == "Fare: 9 marks"
    assert labelled(FERRIES, start - 5, start + 1) == "Route: dd · Fare: 9"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a | b\n--- | :---:\n1 | 2\n", ["a: 1 · b: 2"]),
        ("| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n\r\nx | y", ["a: 1 · b: 2"]),
        ("> | a | b |\n> |---|---|\n> | 1 | 2 |", ["a: 1 · b: 2"]),
        ("| a |\n|---|\n| 1 |\n| 2 |", ["a: 1", "a: 2"]),
        ("| When? | How: |\n|---|---|\n| now | so |", ["When? now · How: so"]),
        ("| a \\| c | b |\n|---|---|\n| 1 | 2 \\| 3 |", ["a | c: 1 · b: 2 | 3"]),
        ("| a | b |\n|---|---|\n| 1<br>2 | 3 <br/> 4 |", ["a: 1; 2 · b: 3; 4"]),
        ("|  |  |\n|---|---|\n| Founded | 1901 |", ["Founded: 1901"]),
        ("|  |  |  |\n|---|---|---|\n| Founded | 1901 | yes |", ["Founded · 1901 · yes"]),
        ("| a | b |\n|---|\n| 1 | 2 |", []),
        ("a\n---\n1 | 2", []),
        ("one | two\nthree | four", []),
    ],
)
def test_what_is_a_table(text: str, expected: list[str]) -> None:
    assert rows(text) == expected


def test_a_label_over_the_whole_width_is_read_with_the_rows_below_it() -> None:
    text = written(["Ticket", "Price"], [["Adults"], ["Day", "9"], ["Children"], ["Day", "4"]])
    assert rows(text) == ["Adults", "Adults · Ticket: Day · Price: 9", "Children", "Children · Ticket: Day · Price: 4"]
    assert [text[a:b] for a, b in context_of(text, text.rindex("Day"))] == [
        "| Ticket | Price |",
        "| Children |",
    ]
    remark = written(["Ticket", "Price"], [["No dogs."], ["Day", "9"], ["0", "0"], ["Week", "20"]])
    assert rows(remark) == ["No dogs.", "Ticket: Day · Price: 9", "Ticket: 0 · Price: 0", "Ticket: Week · Price: 20"]


@pytest.mark.parametrize(
    ("before", "lead"),
    [
        ("Fares in winter\n\n", "Fares in winter"),
        ("Table 2. Fares.\n\n", "Table 2. Fares."),
        ("The fares are:\n", "The fares are:"),
        ("Dogs travel free.\n\n", ""),
        ("Two\nlines\n\n", ""),
        ("# Fares\n\n", ""),
        ("", ""),
    ],
)
def test_what_introduces_a_table(before: str, lead: str) -> None:
    text = before + FERRIES
    assert lead_of(text, text.index("9 marks")) == lead


def test_a_cell_is_one_line() -> None:
    assert cell_text(["10:00 to 13:00", "", "15:00\nto 20:00"]) == "10:00 to 13:00; 15:00 to 20:00"
    assert cell_text(["Closed.", "Ask the porter"]) == "Closed. Ask the porter"


CELL = st.text(st.characters(categories=("L", "N", "P", "S")), max_size=12).map(lambda cell: cell.strip("\\"))


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=2, max_size=6)))
def test_what_is_written_is_found_again(cells: list[list[str]]) -> None:
    text = f"Before\n\n{written(cells[0], cells[1:])}\n\nBehind | it"
    (table,) = tables(text)
    assert [[words_of(text, *span) for span in cells_of(text, *row)] for row in table.rows] == cells[1:]
    assert text[slice(*table.rows[-1])].count("\n") == 0


def test_the_cells_of_a_table_begin_where_it_is_said() -> None:
    header, rows = ["Route", "a|b"], [["Torsay", "9 | 10"], ["all of it"], ["", "x"]]
    text, starts = laid_out(header, rows)
    assert text == written(header, rows)
    for row, places in zip([header, *rows], starts, strict=True):
        for cell, at in zip(row, places, strict=True):
            assert text[at:].startswith(cell.replace("|", "\\|"))
    assert laid_out([], rows)[1][0] == []


@pytest.mark.parametrize(
    ("labels", "full"),
    [
        (["Year", "Jan", "Feb.", "MAR 2020", "May"], ["Year", "January", "February", "March 2020", "May"]),
        (["Mon", "tues", "Sat"], ["Monday", "Tuesday", "Saturday"]),
        (["Sept", "Oct-21"], ["September", "October-21"]),
        (["Sun", "Rain"], ["Sun", "Rain"]),
        (["Mar", "Marble", "Mar"], ["Mar", "Marble", "Mar"]),
        (["Mon–Fri", "Sat", "Sun"], ["Mon–Fri", "Saturday", "Sunday"]),
        (["Sat", "Dec"], ["Sat", "Dec"]),
        ([], []),
    ],
)
def test_two_months_or_days_are_written_out(labels: list[str], full: list[str]) -> None:
    assert list(in_full(labels)) == full


def test_a_row_is_searched_by_full_names_and_shown_as_it_stands() -> None:
    text = written(["Year", "Jan", "Feb"], [["2020", "31", "29"]])
    span = SentenceSpan(*tables(text)[0].rows[0], "row")
    assert passage_text(text, [span]) == "Year: 2020 · January: 31 · February: 29"
    assert sentence_text(text, span) == "Year: 2020 · Jan: 31 · Feb: 29"
