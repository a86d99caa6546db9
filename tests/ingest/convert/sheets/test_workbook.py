"""Workbooks become tables of what their sheets show, and the report says what is left out."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

from ingest.convert.confined import convert
from ingest.convert.sheets.workbook import convert_workbook
from ingest.convert.textfile import Converted
from ingest.loading import load_file
from vectorstore.errors import InputError
from vectorstore.table_rows import labelled, tables, written

BOATS = [["Boat", "Berth", "Fee"], ["Tern", "A3", 12], ["Skua", "B1", 9], ["Loon", "A4", 7]]


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def made(fill: Callable[[openpyxl.worksheet.worksheet.Worksheet], object], title: str = "Boats") -> Converted:
    """What becomes of a workbook with one sheet."""
    book = openpyxl.Workbook()
    book.active.title = title
    fill(book.active)
    return convert_workbook(saved(book), "boats.xlsx")


def filled(rows: list[list[object]]) -> Callable[[openpyxl.worksheet.worksheet.Worksheet], None]:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in rows:
            sheet.append(row)

    return fill


def rows_of(found: Converted) -> list[str]:
    return [labelled(found.text, *row) for table in tables(found.text) for row in table.rows]


def test_each_sheet_is_a_section_with_its_table() -> None:
    book = openpyxl.Workbook()
    book.active.title = "East quay"
    filled(BOATS)(book.active)
    filled([["Keeper", "Since"], ["Ann", 2019], ["Bo", 2021]])(book.create_sheet("Keepers"))
    book.create_sheet("Empty")
    found = convert_workbook(saved(book), "boats.xlsx")
    assert found.text == (
        "## East quay\n\n"
        + written(["Boat", "Berth", "Fee"], [["Tern", "A3", "12"], ["Skua", "B1", "9"], ["Loon", "A4", "7"]])
        + "\n\n## Keepers\n\n"
        + written(["Keeper", "Since"], [["Ann", "2019"], ["Bo", "2021"]])
        + "\n"
    )
    assert (found.title, found.warnings) == ("boats", ())


def test_values_are_written_as_they_are_shown() -> None:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        filled([["Item", "Price", "Share", "Since", "Odd"], ["Rope", 1234.5, 0.125, datetime.date(2024, 3, 1), 0.5]])(
            sheet
        )
        filled([["Tar", -3, 0.5, datetime.date(2023, 12, 24), 0.25]])(sheet)
        for row in sheet.iter_rows(min_row=2):
            for cell, number_format in zip(
                row[1:], ["#,##0.00 €;(#,##0.00 €)", "0.0%", "d mmm yyyy", "# ?/?"], strict=True
            ):
                cell.number_format = number_format

    found = made(fill)
    assert rows_of(found) == [
        "Item: Rope · Price: 1,234.50 € · Share: 12.5% · Since: 1 Mar 2024 · Odd: 0.5",
        "Item: Tar · Price: (3.00 €) · Share: 50.0% · Since: 24 Dec 2023 · Odd: 0.25",
    ]
    assert found.warnings == ("2 values in formats that are not known here, written plainly",)


def test_what_is_hidden_or_beside_the_cells_is_left_out_and_counted() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    filled([*BOATS, ["Auk", "A5", 3]])(sheet)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet["A2"].comment = Comment("Leaks.", "Ann")
    sheet["C5"].number_format = ";;;"
    secret = book.create_sheet("Wages")
    secret["A1"] = "Bo earns 900"
    secret.sheet_state = "veryHidden"
    found = convert_workbook(saved(book), "boats.xlsx")
    assert rows_of(found) == ["Boat: Tern · Fee: 12", "Boat: Loon · Fee: 7", "Boat: Auk"]
    assert not any(word in found.text for word in ("Skua", "B1", "Leaks", "900"))
    assert found.warnings == (
        "left out 1 hidden sheet (Wages), 1 hidden row, 1 hidden column, 1 value with a format that hides it, "
        "1 comment",
    )


def test_sheets_that_are_charts_are_passed_over() -> None:
    book = openpyxl.Workbook()
    filled(BOATS)(book.active)
    book.create_chartsheet("Chart")
    assert rows_of(convert_workbook(saved(book), "boats.xlsx"))[0] == "Boat: Tern · Berth: A3 · Fee: 12"


def test_formulas_have_their_kept_values_or_are_counted() -> None:
    found = made(filled([["Boat", "Fee"], ["Tern", 1], ["Skua", 2], ["All", "=SUM(B2:B3)"]]))
    assert found.warnings[0].startswith("1 formula without a kept value: open the file")

    book = openpyxl.Workbook()
    filled([["Boat", "Fee"], ["Tern", 1], ["Skua", 2], ["All", "=SUM(B2:B3)"]])(book.active)
    kept = changed(saved(book), "xl/worksheets/sheet1.xml", b"<v /></c>", b"<v>3</v></c>", b"<v></v></c>", b"<v/></c>")
    found = convert_workbook(kept, "boats.xlsx")
    assert (rows_of(found)[-1], found.warnings) == ("Boat: All · Fee: 3", ())


def changed(data: bytes, member: str, new: bytes, replacement: bytes, *others: bytes) -> bytes:
    """A workbook with some bytes of a member replaced, however they were written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stream, "w") as again:
        for name in archive.namelist():
            content = archive.read(name)
            if name == member:
                before = content
                for old in (new, *others):
                    content = content.replace(old, replacement)
                assert content != before
            again.writestr(name, content)
    return stream.getvalue()


def test_merged_cells_stand_in_each_row_and_over_each_column() -> None:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        filled(
            [
                ["Fees of the harbour"],
                [None, 2019, None, 2020, None],
                ["Quay", "Boats", "Fees", "Boats", "Fees"],
                ["East", 1, 2, 3, 4],
                [None, 5, 6, 7, 8],
            ]
        )(sheet)
        for area in ("A1:E1", "B2:C2", "D2:E2", "A4:A5"):
            sheet.merge_cells(area)

    found = made(fill)
    assert found.text.startswith("## Boats\n\nFees of the harbour\n\n| Quay | 2019 – Boats |")
    assert rows_of(found)[1] == "Quay: East · 2019 – Boats: 5 · 2019 – Fees: 6 · 2020 – Boats: 7 · 2020 – Fees: 8"
    assert found.title == "Fees of the harbour"


def test_a_merged_row_amid_a_table_is_the_label_of_those_below() -> None:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        filled([["Name", "Role", "Phone"], ["Bo", "Mate", 1], ["West quay"], ["Ann", "Cook", 2], ["Cy", "Mate", 3]])(
            sheet
        )
        sheet.merge_cells("A3:C3")

    assert rows_of(made(fill))[2:] == [
        "West quay · Name: Ann · Role: Cook · Phone: 2",
        "West quay · Name: Cy · Role: Mate · Phone: 3",
    ]


def test_tables_side_by_side_and_below_each_other_are_told_apart() -> None:
    rows: list[list[object]] = [
        ["Boat", "Fee", None, "Keeper", "Town"],
        ["Tern", 1, None, "Ann", "Oslo"],
        ["Skua", 2, None, "Bo", "Nidd"],
        [],
        ["Lamp", "Colour", "Range"],
        ["North", "red", 12],
        ["South", "green", 9],
    ]
    assert rows_of(made(filled(rows))) == [
        *("Boat: Tern · Fee: 1", "Boat: Skua · Fee: 2", "Keeper: Ann · Town: Oslo", "Keeper: Bo · Town: Nidd"),
        *("Lamp: North · Colour: red · Range: 12", "Lamp: South · Colour: green · Range: 9"),
    ]


def test_an_empty_column_amid_a_table_is_a_gap() -> None:
    rows: list[list[object]] = [["Quay", "Q1", "Q2", None, "All"], ["East", 1, 2, None, 3], ["West", 4, 5, None, 9]]
    assert rows_of(made(filled(rows)))[1] == "Quay: West · Q1: 4 · Q2: 5 · All: 9"


def test_a_bold_first_row_names_the_columns() -> None:
    rows: list[list[object]] = [["Oslo", "Cook"], ["Nidd", "Mate"]]
    assert made(filled(rows)).text.startswith("## Boats\n\n|  |  |")

    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        filled(rows)(sheet)
        for cell in sheet[1]:
            cell.font = Font(bold=True)

    assert made(fill).text.startswith("## Boats\n\n| Oslo | Cook |")


def test_marks_in_cells_are_kept_and_searched(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    filled([["Key", "Value"], ["a", "<!-- x -->"], ["b", "~~y~~ | z"], ["c", "line\nbreak"]])(book.active)
    path = tmp_path / "marks.xlsx"
    path.write_bytes(saved(book))
    document = load_file(path).document
    assert "| a | <!-- x --> |\n| b | ~~y~~ \\| z |\n| c | line; break |" in document.text
    assert (document.hidden, document.title, document.format) == ((), "marks", "markdown")


def test_it_is_converted_in_the_confined_process() -> None:
    book = openpyxl.Workbook()
    filled(BOATS)(book.active)
    assert "| Tern | A3 | 12 |" in convert(saved(book), "boats.xlsx", "xlsx").text


def test_broken_and_hostile_files_get_one_line() -> None:
    book = openpyxl.Workbook()
    filled(BOATS)(book.active)
    data = saved(book)
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    for bad in (
        data[: len(data) // 2],
        b"PK\x03\x04" + b"\0" * 50,
        b"Boat,Fee\nTern,1\n",
        changed(data, "xl/worksheets/sheet1.xml", b"<worksheet", doctype),
        changed(data, "xl/worksheets/sheet1.xml", b"</row>", b"<row>"),
        changed(data, "xl/worksheets/sheet1.xml", b'r="A2"', b'r="-1"'),
        changed(data, "xl/workbook.xml", b"<sheets>", b"<sheet>"),
    ):
        with pytest.raises(InputError, match=r"bad.xlsx is a (damaged .xlsx file|zip archive)"):
            convert_workbook(bad, "bad.xlsx")
    with pytest.raises(InputError, match="old Excel file"):
        convert_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "bad.xlsx")
    with pytest.raises(InputError, match="no text"):
        convert_workbook(saved(openpyxl.Workbook()), "bad.xlsx")
    with pytest.raises(InputError, match="zip bomb"):
        convert_workbook(
            changed(data, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData>" + b" " * 2**27), "bad.xlsx"
        )


def test_far_cells_cost_no_time_and_too_many_are_refused() -> None:
    book = openpyxl.Workbook()
    filled(BOATS)(book.active)
    book.active["XFD1048576"] = "far"
    assert "far" in convert_workbook(saved(book), "far.xlsx").text
    wide = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (row, row) for row in range(5, 400))
    data = changed(saved(book), "xl/worksheets/sheet1.xml", b"</sheetData>", wide + b"</sheetData>")
    with pytest.raises(InputError, match=r"wide.xlsx holds [\d,]+ cells and gaps between them, the limit"):
        convert_workbook(data, "wide.xlsx")


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".numbers", ".xlsb"])
def test_other_spreadsheets_are_told_to_be_exported(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"boats{suffix}"
    path.write_bytes(b"\xd0\xcf\x11\xe0 whatever")
    with pytest.raises(InputError, match=r"is a spreadsheet of a kind that is not read. Export it as .xlsx or .csv$"):
        load_file(path)


WORDS = st.lists(st.text(st.sampled_from("abcß漢|*_#<'"), min_size=1, max_size=6), min_size=1, max_size=3).map(
    lambda words: "x" + " ".join(words)
)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_table_comes_back(data: st.DataObject) -> None:
    width = data.draw(st.integers(2, 5))
    names = data.draw(st.lists(WORDS, min_size=width, max_size=width, unique=True))
    body = data.draw(
        st.lists(
            st.lists(st.one_of(WORDS, st.integers(0, 10**9)), min_size=width, max_size=width), min_size=1, max_size=6
        )
    )
    book = openpyxl.Workbook()
    filled([names, *body])(book.active)
    for cell in book.active[1]:
        cell.font = Font(bold=True)
    text = convert_workbook(saved(book), "any.xlsx").text
    assert text == "## Sheet\n\n" + written(names, [[str(cell) for cell in row] for row in body]) + "\n"


def test_tables_of_two_years_below_one_another_have_their_year_in_their_names() -> None:
    names = ["", "Sales", "Profit", "Costs"]
    now = [["In thousands", "", "", "May 2023"], names, ["Bread", 12, 3, 9], ["Jam", 7, 2, 5], ["Total", 19, 5, 14]]
    then = [["In thousands", "", "", "May 2022"], names, ["Bread", 11, 2, 9], ["Jam", 8, 4, 4], ["Total", 19, 6, 13]]
    rows = rows_of(made(filled([*now, *then])))
    spaced = rows_of(made(filled([*now[:2], [], *now[2:], [], *then[:2], [], *then[2:]])))
    assert rows == spaced
    assert "In thousands: Jam · May 2023 – Sales: 7 · May 2023 – Profit: 2 · May 2023 – Costs: 5" in rows
    assert "In thousands: Jam · May 2022 – Sales: 8 · May 2022 – Profit: 4 · May 2022 – Costs: 4" in rows


@pytest.mark.parametrize("merged", [["B1:C1"], ["A1:A2", "B1:C1"]])
def test_two_rows_of_headers_of_which_only_some_columns_are_grouped(merged: list[str]) -> None:
    heads: list[list[object]] = [["Ferry", "Weekdays", "", "Sundays"], ["", "First", "Last", "First"]]
    rows: list[list[object]] = [["Pike", "06:15", "21:40", "08:00"], ["Heron", "05:50", "20:10", "09:30"]]

    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        filled([*heads, *rows, ["Eider", "07:05", "19:25", "none"]])(sheet)
        for cells in merged:
            sheet.merge_cells(cells)

    expected = "Ferry: Heron · Weekdays – First: 05:50 · Weekdays – Last: 20:10 · Sundays – First: 09:30"
    assert expected in rows_of(made(fill))
