"""Files of separated values become tables, letter for letter; what is no table stays text."""

from __future__ import annotations

import csv
import io
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.convert.limits import MAX_CELLS
from ingest.convert.sheets.delimited import convert_delimited
from ingest.convert.sheets.dialect import SEPARATORS, separator_of
from ingest.convert.sheets.records import records
from ingest.loading import load_file
from vectorstore.errors import InputError
from vectorstore.table_rows import labelled, tables, written


def text_of(content: str) -> str:
    """The text of a file that is a table."""
    found = convert_delimited(content, "boats.csv")
    assert found is not None
    return found.text


def rows_of(content: str) -> list[str]:
    """Every row of the file's tables with the names of its columns."""
    text = text_of(content)
    return [labelled(text, *row) for table in tables(text) for row in table.rows]


BOATS = [["Boat", "Berth", "Fee"], ["Tern", "A3", "1.234,50"], ["Skua", "B1", "980,00"], ["Loon", "A4", "0,99"]]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_keep_the_names_of_their_columns(separator: str, end: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=end).writerows(BOATS)
    assert text_of(stream.getvalue()) == written(BOATS[0], BOATS[1:]) + "\n"
    assert rows_of(stream.getvalue())[0] == "Boat: Tern · Berth: A3 · Fee: 1.234,50"


def test_a_first_line_may_name_the_separator() -> None:
    assert rows_of("sep=;\nBoat;Fee\nTern;1,50\nSkua;2,50\n") == ["Boat: Tern · Fee: 1,50", "Boat: Skua · Fee: 2,50"]
    assert rows_of('"sep=^"\r\nBoat^Fee\r\nTern^1\r\nSkua^2\r\n')[1] == "Boat: Skua · Fee: 2"


def test_quoted_cells_hold_separators_line_breaks_and_quotation_marks() -> None:
    content = 'Boat,Remark\nTern,"Red, with a ""star""\nLeaks"\nSkua, "None, yet" \nLoon,"says \\"no\\", often"\n'
    assert rows_of(content) == [
        'Boat: Tern · Remark: Red, with a "star"; Leaks',
        "Boat: Skua · Remark: None, yet",
        'Boat: Loon · Remark: says "no", often',
    ]


def test_a_quotation_mark_that_nothing_closes_is_a_character() -> None:
    found = convert_delimited('Pipe,Length\n3" pipe,5\n"Long one,6\nShort one,7\n', "pipes.csv")
    assert found is not None
    assert '| "Long one | 6 |' in found.text and '| 3" pipe | 5 |' in found.text
    assert found.warnings == ("1 quotation mark that nothing closes, kept as they are",)


def test_lines_above_and_below_a_table_are_no_rows_of_it() -> None:
    content = (
        "Berths of the harbour,,\nAs of:,1 May 2024,\n\nBoat,Berth,Fee\nTern,A3,12\nSkua,B1,9\n\n"
        "Fees are in marks and paid each month.,,\n"
    )
    assert text_of(content) == (
        "Berths of the harbour\n\nAs of: 1 May 2024\n\n"
        "| Boat | Berth | Fee |\n| --- | --- | --- |\n| Tern | A3 | 12 |\n| Skua | B1 | 9 |\n\n"
        "Fees are in marks and paid each month.\n"
    )


def test_comments_above_a_table_are_lines() -> None:
    assert text_of("# exported 3 May, by Ann\n# all boats\nBoat,Fee\nTern,12\nSkua,9\n").startswith(
        "exported 3 May, by Ann\n\nall boats\n\n| Boat | Fee |\n"
    )


def test_a_table_without_names_gets_none() -> None:
    assert text_of("Ann Lund,Oslo,Cook\nBo Dahl,Nidd,Mate\nCy Berg,Oslo,Cook\n").startswith("|  |  |  |\n")
    birds = "Auk,Lakes and rivers,Rare\nTern,Sea cliffs,Common\nWren,Woods,Common\n"
    assert text_of(birds).startswith("|  |  |  |\n")
    assert text_of("1,2,3\n4,5,6\n7,8,9\n").startswith("|  |  |  |\n")
    assert text_of("2024-01-01,12,A\n2024-01-02,14,B\n").startswith("|  |  |  |\n")


def test_labels_beside_values_of_all_kinds_have_no_names() -> None:
    content = "Name,Harbour of Nidd\nOpened,1904\nDepth,12 m\nKeeper,Ann Lund\n"
    assert rows_of(content) == ["Name: Harbour of Nidd", "Opened: 1904", "Depth: 12 m", "Keeper: Ann Lund"]


def test_a_smaller_table_above_another_is_a_table() -> None:
    content = "Fees\nBoat,Fee\nTern,1\nSkua,2\n\nKeepers\nName,Town,Since\nAnn,Oslo,2019\nBo,Nidd,2021\n"
    assert [len(table.rows) for table in tables(text_of(content))] == [2, 2]
    assert text_of(content).startswith("Fees\n\n| Boat | Fee |")


def test_lines_that_are_drawn_are_no_rows() -> None:
    assert rows_of("| Boat | Fee |\n| --- | --- |\n| Tern | 1 |\n| Skua | 2 |\n") == [
        "Boat: Tern · Fee: 1",
        "Boat: Skua · Fee: 2",
    ]


def test_years_and_dates_name_columns_too() -> None:
    assert rows_of("Region,2019,2020\nNorth,10,20\nSouth,40,50\n")[1] == "Region: South · 2019: 40 · 2020: 50"
    assert rows_of("Name,01/03/2024,02/03/2024\nAnn,Night,Off\nBo,Day,Day\n")[0] == (
        "Name: Ann · 01/03/2024: Night · 02/03/2024: Off"
    )


def test_names_in_two_rows_are_joined() -> None:
    content = ",2019,,2020,\nRegion,Boats,Fees,Boats,Fees\nNorth,1,2,3,4\nSouth,5,6,7,8\n"
    assert rows_of(content)[0] == (
        "Region: North · 2019 – Boats: 1 · 2019 – Fees: 2 · 2020 – Boats: 3 · 2020 – Fees: 4"
    )


def test_a_row_of_one_cell_is_the_label_of_those_below_where_all_have_one() -> None:
    content = "Name,Role,Phone\nEast quay,,\nAnn,Cook,1\nBo,Mate,2\nWest quay,,\nCy,Cook,3\n"
    assert rows_of(content)[1:3] == [
        "East quay · Name: Ann · Role: Cook · Phone: 1",
        "East quay · Name: Bo · Role: Mate · Phone: 2",
    ]
    content = "Name,Role,Phone\nAnn,Cook,1\nBo,,\nCy,Cook,3\n"
    assert rows_of(content)[2] == "Name: Cy · Role: Cook · Phone: 3"


def test_a_first_row_without_its_value_is_no_label_of_the_others() -> None:
    text = text_of("Name,Note\nRoe,\nOrme,tall\nLund,short\n")
    assert labelled(text, text.index("Orme"), text.index("tall") + 4) == "Name: Orme · Note: tall"


def test_ragged_rows_are_filled_up_and_longer_ones_reported() -> None:
    found = convert_delimited("Name,Role,Phone\nAnn,Cook\nBo\nCy,Mate,1,extra\nDi,Cook,2\n", "crew.csv")
    assert found is not None
    assert [line.count("|") for line in found.text.splitlines()] == [5] * 6
    assert found.warnings == ("1 row with more cells than the first rows",)


def test_cells_that_are_empty_in_the_first_rows_are_cells() -> None:
    found = convert_delimited("Ann,cook,2019,\nBo,mate,2020,\nCy,mate,2021,left in May\n", "crew.csv")
    assert found is not None and not found.warnings


def test_columns_without_words_are_left_out_and_named_ones_kept() -> None:
    assert rows_of("Boat,,Fee,Remark,\nTern,,1,,\nSkua,,2,,\n") == ["Boat: Tern · Fee: 1", "Boat: Skua · Fee: 2"]
    assert text_of("Boat,,Fee,Remark,\nTern,,1,,\nSkua,,2,,\n").startswith("| Boat | Fee | Remark |\n")


def test_several_tables_are_parted_by_lines_without_words() -> None:
    content = "Boat,Fee\nTern,1\nSkua,2\n,\nLoon,3\n\nKeeper,Town\nAnn Lund,Oslo\nBo Dahl,Nidd\nCy Berg,Oslo\n"
    assert [len(table.rows) for table in tables(text_of(content))] == [3, 3]


def test_one_column_is_a_table_too() -> None:
    assert text_of("Boat\nTern\nSkua\nLoon\n") == "| Boat |\n| --- |\n| Tern |\n| Skua |\n| Loon |\n"


@pytest.mark.parametrize(
    "content",
    [
        "Dear Ann,\n\nThank you for the rope, which came on Monday, and for the tar.\nIt was dear, as you say.\n\nBo\n",
        "We met on Tuesday, and it was good.\nAnn will write, Bo will read.\n",
        "A sentence alone.\n",
        ",,,\n,,\n",
    ],
)
def test_what_is_no_table_stays_text(content: str, tmp_path: Path) -> None:
    path = tmp_path / "letter.csv"
    path.write_text(content, encoding="utf-8")
    assert convert_delimited(content, "letter.csv") is None
    if any(map(str.isalnum, content)):
        assert load_file(path).document.text == content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_decoded_as_text_files_are(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "Gebühren.csv"
    path.write_bytes("Boot;Gebühr\r\nMöwe;1.234,50 €\r\nLumme;980,00 €\r\nKrähe;7,00 €\r\n".encode(encoding))
    document = load_file(path).document
    assert document.text.startswith("| Boot | Gebühr |\n| --- | --- |\n| Möwe | 1.234,50 € |\n")
    assert (document.title, document.format) == ("Gebühren", "plain")


def test_a_title_line_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("Berths of the harbour\nBoat\tFee\nTern\t1\nSkua\t2\n", encoding="utf-8")
    assert load_file(path).document.title == "Berths of the harbour"


def test_more_cells_than_the_limit_are_refused_in_one_line() -> None:
    row = ",".join("1" for _ in range(100)) + "\n"
    with pytest.raises(InputError, match=r"wide.csv holds [\d,]+ table cells, the limit is 100,000"):
        convert_delimited(row * (MAX_CELLS // 100 + 1), "wide.csv")
    with pytest.raises(InputError, match="table cells"):
        convert_delimited("a,b\n1,2\n" + "," * 3_000_000, "commas.csv")


WORD = st.text(st.sampled_from("abcdeéß漢|\\'*_#<-"), min_size=1, max_size=8).map(lambda text: f"x{text}x")
CELL = st.one_of(
    st.lists(WORD, min_size=1, max_size=3).map(" ".join),
    st.sampled_from(
        ["1.234,50", "1,234.50", "(12)", "3 %", "2024-05-01", "12:30", 'say "no"', "a;b", "a,b", "Ann, Bo"]
    ),
)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_table_comes_back_letter_for_letter(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(2, 5)), data.draw(st.integers(2, 8))
    separator = data.draw(st.sampled_from(SEPARATORS))
    row = st.lists(CELL, min_size=width, max_size=width, unique=True)
    rows = data.draw(st.lists(row, min_size=height, max_size=height))
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [list(one.cells) for one in records(stream.getvalue(), separator)] == rows
    found = convert_delimited(f"sep={separator}\n{stream.getvalue()}", "any.csv")
    assert found is not None
    heads = 0 if found.text.startswith("|  |") else 1
    assert found.text == written(rows[0] if heads else [""] * width, rows[heads:]) + "\n"


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**9), st.sampled_from(SEPARATORS))
def test_the_separator_is_found(seed: int, separator: str) -> None:
    rng = random.Random(seed)
    kinds = [
        lambda: rng.choice(["Tern", "Skua", "Great auk", "Loon"]),
        lambda: f"{rng.randint(0, 999)},{rng.randint(10, 99)}" if separator != "," else f"{rng.random():.2f}",
        lambda: f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        lambda: rng.choice(["Red, with a star", "None; yet", "", "12:30"]),
    ]
    columns = [rng.choice(kinds) for _ in range(rng.randint(2, 6))]
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(
        [column() for column in columns] for _ in range(rng.randint(4, 12))
    )
    assert separator_of(stream.getvalue()) == separator


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from('ab1 ,;\t|"\\\r\n#-.'), max_size=80))
def test_every_text_is_read_without_losing_a_word(content: str) -> None:
    found = convert_delimited(content, "any.csv")
    if found is not None and not content.lower().startswith(("sep=", '"sep=')):
        wanted = {character for character in content if character.isalnum()}
        assert wanted <= set(found.text)


def test_long_cells_take_no_long_time() -> None:
    begin = time.process_time()
    table = convert_delimited(f"a,b\na@{'.' * 100_000} x,2\nRoe,3\n", "table.csv")
    assert table is not None and "Roe" in table.text
    assert time.process_time() - begin < 5


def test_a_first_row_whose_values_are_missing_is_no_label_of_the_rows_below_it() -> None:
    text = text_of("Name,Phone,Room\nAnna,,\nBen,22,3\nCarla,31,4\n")
    assert "| Anna |  |  |\n| Ben | 22 | 3 |" in text
    text = text_of("Name,Phone,Room\nMen,,\nBen,22,3\nWomen,,\nCarla,31,4\n")
    assert "| Men |\n| Ben | 22 | 3 |\n| Women |\n" in text


TEXT = st.lists(WORD, min_size=1, max_size=3).map("\n".join)
"""A cell of up to three lines."""
NAME = st.text(st.sampled_from("abdelnoß漢"), min_size=3, max_size=9).map(str.title)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_file_comes_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, separator: str, encoding: str
) -> None:
    """Cells of several lines, empty cells, encodings; a figure ends each row but that of the names."""
    width = data.draw(st.integers(2, 4))
    names = data.draw(st.lists(NAME, min_size=width, max_size=width, unique=True))
    cells = st.tuples(TEXT, st.lists(st.one_of(TEXT, st.just("")), min_size=width - 2, max_size=width - 2))
    drawn = data.draw(st.lists(st.tuples(cells, st.integers(0, 10**6)), min_size=2, max_size=6))
    rows = [[first, *more, str(figure)] for (first, more), figure in drawn]
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=data.draw(st.sampled_from(["\n", "\r\n"]))).writerows(
        [names, *rows]
    )
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(stream.getvalue().encode(encoding))
    expected = written(names, [[cell.replace("\n", "; ") for cell in row] for row in rows])
    assert load_file(path).document.text == expected + "\n"
