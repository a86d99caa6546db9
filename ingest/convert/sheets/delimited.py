"""Files of separated values (.csv, .tsv) to plain text: a Markdown table, with what stands above and below it.

Every row keeps the names of its columns, in search and in citations (`vectorstore.table_rows`). Cells are written
letter for letter; their line breaks become "; ", as in all tables.

But: a file that is no table is not converted; its text is the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.convert.limits import MAX_CELLS, MAX_CHARACTERS, MAX_PARAGRAPHS, check
from ingest.convert.sheets.blocks import Row, one_line, paragraphs
from ingest.convert.sheets.dialect import is_one_column, separator_of, stated_separator
from ingest.convert.sheets.headers import header_rows
from ingest.convert.sheets.records import Record, records
from ingest.convert.textfile import Converted, counted

_COMMENT = re.compile(r"\s*+#++\S*+\s++\S")
_RULE = re.compile(r"\s*:?[-=+]{3,}:?\s*")
_NO_SIGN = "\x1f"
"""Parts no cells, in a file of one column."""


def convert_delimited(text: str, name: str) -> Converted | None:
    """The table in a text of separated values; None where it is no table. Raises InputError, naming `name`, for more
    characters, cells or rows than the limits."""
    check(name, len(text), "characters", MAX_CHARACTERS)
    stated = stated_separator(text)
    if stated is not None:
        text = text[stated[1] :]
    separator = stated[0] if stated is not None else separator_of(text)
    if separator is None and is_one_column(text):
        separator = _NO_SIGN
    if separator is None:
        return None
    found = _within_limits(text, separator, name)
    found = [one for one in found if not _is_rule(one)]
    if all(one.empty for one in found):
        return None
    remarks, begin = _remarks(text, found)
    rows = [Row(tuple(map(one_line, one.cells))) for one in found[begin:]]
    whole = "\n\n".join([*remarks, *paragraphs(rows)])
    return Converted(whole + "\n", None, _doubts(found[begin:]))


def _within_limits(text: str, separator: str, name: str) -> list[Record]:
    found: list[Record] = []
    cells = rows = 0
    for one in records(text, separator):
        found.append(one)
        cells += len(one.cells)
        rows += not one.empty
        if cells > 2 * MAX_CELLS:  # empty ones may be many, but not without end
            break
    if rows:
        width = len(_used(found))
        check(name, max(cells - 2 * MAX_CELLS, 0) and cells, "table cells", MAX_CELLS)
        check(name, width * rows, "table cells", MAX_CELLS)
        check(name, rows, "rows", MAX_PARAGRAPHS)
    return found


def _is_rule(one: Record) -> bool:
    """Whether a record only draws a line, as below the names of columns: "---|---"."""
    return not one.empty and all(_RULE.fullmatch(cell) for cell in one.cells if cell.strip())


def _used(found: Sequence[Record]) -> set[int]:
    """The columns in which some record has words."""
    return {column for one in found for column, cell in enumerate(one.cells) if cell and not cell.isspace()}


def _remarks(text: str, found: Sequence[Record]) -> tuple[list[str], int]:
    """The lines above the table that are no rows of it, and how many records they take. A line is none where it is a
    comment, holds one cell, reads like a sentence, names a value ("Date:,2024"), or is shorter and set off."""
    lengths = Counter(len(one.cells) for one in found if not one.empty)
    usual = max(lengths, key=lambda length: (lengths[length] * (length > 1), length))
    if usual == 1:
        return [], 0
    remarks: list[str] = []
    begin = 0
    for at, one in enumerate(found):
        if one.empty:
            continue
        comment = _COMMENT.match(one.cells[0] if len(one.cells) == usual else f"{one.cells[0]} .") is not None
        if len(one.cells) >= usual and not comment:
            break
        line = text[one.start : one.end]
        filled = [one_line(cell) for cell in one.cells if cell.strip()]
        prose = any(cell[:1] == " " for cell in one.cells[1:]) and not one.quoted
        set_off = _is_set_off(found, at, usual)
        if len(filled) == 1:
            remarks.append(filled[0].lstrip("# ") if comment else filled[0])
        elif comment or prose:
            remarks.append(one_line(line).lstrip("# ") if comment else one_line(line))
        elif filled[0].endswith(":") or set_off:
            remarks.append(f"{filled[0].rstrip(': ')}: {', '.join(filled[1:])}")
        else:
            break
        begin = at + 1
    return [remark for remark in remarks if remark], begin


def _is_set_off(found: Sequence[Record], at: int, usual: int) -> bool:
    """Whether a blank line stands between this record and the first of the usual length, and it begins no table."""
    run: list[tuple[str, ...]] = []
    for one in found[at:]:
        if one.empty:
            return not header_rows(run)
        if len(one.cells) >= usual:
            return False
        run.append(tuple(map(one_line, one.cells)))
    return False


def _doubts(found: Sequence[Record]) -> tuple[str, ...]:
    """What a reader of the report should know of the rows."""
    open_quotes = sum(
        1 for one in found for cell in one.cells if cell.lstrip()[:1] == '"' and '"' not in cell.lstrip()[1:]
    )
    longer = 0
    run: list[int] = []
    for one in found:
        length = len(_filled(one))
        if length > 1:
            longer += len(run) > 1 and length > max(run[:2])
            run.append(len(one.cells) if len(run) < 2 else length)
        elif length == 0:
            run = []
    doubts = []
    if longer:
        doubts.append(f"{counted(longer, 'row')} with more cells than the first rows")
    if open_quotes:
        doubts.append(f"{counted(open_quotes, 'quotation mark')} that nothing closes, kept as they are")
    return tuple(doubts)


def _filled(one: Record) -> tuple[str, ...]:
    """The cells of a record up to the last one with words."""
    cells = one.cells
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
