"""Excel workbooks (.xlsx) to Markdown: each sheet a section with its tables, values as the sheet shows them.

Numbers and dates are written by their formats (`formats.py`), formulas as the values that the file keeps for them,
merged cells in each row and column that they span. What is not there for the reader of the sheet (hidden sheets, rows
and columns) and what is beside it (comments, charts, pictures) is left out, and the report counts it.

But: nothing is calculated, no macro is run, and a file that no spreadsheet program has saved may keep no values.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from ingest.convert.docx import Package, check_archive, properties_of
from ingest.convert.limits import MAX_CELLS, MAX_CHARACTERS, MAX_PARAGRAPHS, check
from ingest.convert.sheets.blocks import Row, one_line, paragraphs
from ingest.convert.sheets.formats import Unshown, plain, shown
from ingest.convert.sheets.layout import Layout, layout_of
from ingest.convert.textfile import Converted, clean, counted, title_of
from vectorstore.errors import InputError

EXCEL = Package(".xlsx", "an Excel workbook", "c", 1_000_000, 8_000_000)
MAX_PLACES = 4_000_000
"""Cells of all sheets up to the last one of each row, gaps among them."""
MAX_SHEETS = 500
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BESIDE = (
    (re.compile(r"xl/charts/chart\d*\.xml"), "chart"),
    (re.compile(r"xl/media/[^/]+"), "picture"),
)
_COMMENTS = re.compile(r"xl/(?:comments/)?comments?\d*\.xml")
_REPEATED = 300
"""Characters of the longest text that is written again in each row and column that its cell spans."""


@dataclass(slots=True)
class _Seen:
    """What is not in the text as the file has it."""

    hidden_sheets: list[str] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    comments: int = 0
    beside: Counter[str] = field(default_factory=Counter)
    unkept: int = 0
    unshown: int = 0
    blanked: int = 0
    cells: int = 0
    rows: int = 0

    def warnings(self) -> tuple[str, ...]:
        """Lines for the report."""
        left = []
        if self.hidden_sheets:
            names = ", ".join(self.hidden_sheets[:5]) + ", ..." * (len(self.hidden_sheets) > 5)
            left.append(f"{counted(len(self.hidden_sheets), 'hidden sheet')} ({names})")
        left += [
            counted(number, noun)
            for number, noun in (
                (self.hidden_rows, "hidden row"),
                (self.hidden_columns, "hidden column"),
                (self.blanked, "value with a format that hides it"),
                (self.comments, "comment"),
                *((self.beside[noun], noun) for _, noun in _BESIDE),
            )
            if number
        ]
        found = [f"left out {', '.join(left)}"] if left else []
        if self.unkept:
            found.append(
                f"{counted(self.unkept, 'formula')} without a kept value: open the file in a spreadsheet program, "
                "save it and ingest it again"
            )
        if self.unshown:
            found.append(f"{counted(self.unshown, 'value')} in formats that are not known here, written plainly")
        return tuple(found)


def convert_workbook(data: bytes, name: str) -> Converted:
    """The text of a workbook as Markdown. Raises InputError, naming `name`, for a file that is protected by a password,
    is damaged, holds more than the limits or has no text."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise InputError(f"{name} is protected by a password. Save a copy without one and ingest that")
        raise InputError(f"{name} is an old Excel file (.xls), not .xlsx. Export it as .xlsx or .csv")
    check_archive(data, name, EXCEL)
    seen = _Seen()
    damaged = f"{name} is a damaged .xlsx file. Save or download it again"
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as archive:
            warnings.simplefilter("ignore")  # of what openpyxl does not keep when it saves
            _look_beside(archive, seen)
            sections = list(_sections(data, archive, name, seen))
    except (InputError, MemoryError, RecursionError):
        raise
    except Exception as error:  # openpyxl lets every kind through: bad XML, missing parts, numbers that are none
        raise InputError(damaged) from error
    text = "\n\n".join(f"## {heading}\n\n{body}" for heading, body in sections)
    if not text.strip():
        raise InputError(f"{name} has no text" + (f" ({'; '.join(seen.warnings())})" if seen.warnings() else ""))
    known = properties_of(data)
    title = dict(known).get("title") or _title(sections) or PurePath(name).stem
    cleaned = clean(text + "\n")
    return Converted(cleaned.text, title, (*seen.warnings(), *cleaned.warnings), stated=known)


def _look_beside(archive: zipfile.ZipFile, seen: _Seen) -> None:
    """Counts the parts that are no cells."""
    for part in archive.namelist():
        for pattern, noun in _BESIDE:
            seen.beside[noun] += bool(pattern.fullmatch(part))
        if _COMMENTS.fullmatch(part):
            seen.comments += len(re.findall(rb"<(?:\w+:)?comment[\s>]", archive.read(part)))


def _sections(data: bytes, archive: zipfile.ZipFile, name: str, seen: _Seen) -> Iterator[tuple[str, str]]:
    """The name and the text of each sheet that is shown and has words."""
    from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]

    reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    reader.read_chartsheet = lambda sheet, relation: None  # it fails on charts that it does not know
    reader.read()
    book = reader.wb
    try:
        check(name, len(book.worksheets), "sheets", MAX_SHEETS)
        places = characters = 0
        for sheet in book.worksheets:
            title = " ".join(str(sheet.title).split())
            if sheet.sheet_state != "visible":
                seen.hidden_sheets.append(title)
                continue
            with archive.open(sheet._worksheet_path) as stream:
                layout = layout_of(stream)
            places += layout.places + layout.last_row
            check(name, places, "cells and gaps between them", MAX_PLACES)
            seen.unkept += layout.unkept
            body = "\n\n".join(paragraphs(_rows(sheet, layout, name, seen), side_by_side=True))
            characters += len(body)
            check(name, characters, "characters", MAX_CHARACTERS)
            if body:
                yield title, body
    finally:
        book.close()


def _rows(sheet: Any, layout: Layout, name: str, seen: _Seen) -> list[Row]:
    """The rows of a sheet that are shown, each cell one line."""
    cells: dict[int, dict[int, str]] = {}
    bold: set[int] = set()
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.rows, start=1):
        found = {}
        heavy = True
        for column, cell in enumerate(row, start=1):
            if cell.value is not None and (words := _written(cell, seen)):
                found[column] = words
                heavy = heavy and bool(cell.font.b)
        if found:
            cells[number] = found
            seen.cells += len(found)
            seen.rows += 1
            check(name, seen.cells, "table cells", MAX_CELLS)
            check(name, seen.rows, "rows", MAX_PARAGRAPHS)
            if heavy:
                bold.add(number)
    whole = _fill_merged(cells, layout, name)
    return _shown_rows(cells, layout, name, seen, bold, whole)


def _written(cell: Any, seen: _Seen) -> str:
    """What a cell shows, on one line."""
    try:
        words = shown(cell.value, cell.number_format or "General")
    except (Unshown, ArithmeticError, ValueError):
        seen.unshown += 1
        words = plain(cell.value)
    if not words and cell.value not in (0, ""):
        seen.blanked += 1
    return one_line(words)


def _fill_merged(cells: dict[int, dict[int, str]], layout: Layout, name: str) -> set[int]:
    """Writes merged cells in each row and column that they span, as far as others have words; returns the rows that
    hold nothing but one cell over several columns from the first on."""
    last_row = max(cells, default=0)
    last_column = max((max(row) for row in cells.values()), default=0)
    first_column = min((min(row) for row in cells.values()), default=0)
    whole: set[int] = set()
    filled = 0
    for area in layout.merged:
        words = cells.get(area.top, {}).get(area.left, "")
        right, bottom = min(area.right, max(last_column, area.left)), min(area.bottom, last_row)
        if not words:
            continue
        if area.left <= first_column and right > area.left and len(cells[area.top]) == 1:
            whole.add(area.top)
            continue
        if len(words) > _REPEATED:
            continue
        filled += (right - area.left + 1) * (bottom - area.top + 1)
        check(name, filled, "merged cells", MAX_CELLS)
        for row in range(area.top, bottom + 1):
            own = cells.setdefault(row, {})
            for column in range(area.left, right + 1):
                own.setdefault(column, words)
    return whole


def _shown_rows(
    cells: dict[int, dict[int, str]], layout: Layout, name: str, seen: _Seen, bold: set[int], whole: set[int]
) -> list[Row]:
    """The rows without what is hidden; a column, or a row, without words stands for each gap."""
    used = sorted({column for row in cells.values() for column in row})
    if not used:
        return []
    columns: list[int] = []
    for before, column in zip([used[0], *used], used, strict=False):
        gap = any(not layout.is_hidden(between) for between in range(before + 1, column))
        columns += [0] * gap + [column] * (not layout.is_hidden(column))
    check(name, len(columns) * len(cells), "places for cells", MAX_PLACES)
    seen.hidden_columns += sum(1 for column in used if layout.is_hidden(column))
    rows: list[Row] = []
    above = min(cells)
    for number in sorted(cells):
        if number in layout.hidden_rows:
            seen.hidden_rows += 1
            continue
        if any(between not in layout.hidden_rows for between in range(above + 1, number)):
            rows.append(Row(()))
        own = tuple(cells[number].get(column, "") for column in columns)
        rows.append(Row(own, number in bold, number in whole))
        above = number
    return rows


def _title(sections: Sequence[tuple[str, str]]) -> str | None:
    """The line above the first table, where it reads like a title."""
    first = sections[0][1].partition("\n")[0]
    found = None if first.startswith("|") else title_of(first)
    return found if len(sections) == 1 else None
