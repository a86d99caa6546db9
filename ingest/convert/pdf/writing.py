"""Paragraphs and tables to text, with the place of every word on its page.

Paragraphs are parted by one blank line; tables are written as `vectorstore.table_rows` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.convert.pdf.hyphens import Hyphens
from ingest.convert.pdf.paragraphs import Block, Paragraph
from ingest.convert.pdf.types import Table, Word
from ingest.convert.sheets.values import value_of
from vectorstore.documents.pages import Placed
from vectorstore.table_rows import laid_out

_FIGURE = re.compile(r"[^\W_]{0,3}?[-–−+(]?[$€£]?\d[\d.,:/ ]*[%)]?(?:[^\W\d_]{0,3})")
_KEY_AND_VALUE = re.compile(r"[^\W\d_][^:/]{1,40}(?<=[^\W\d_]): ?\w")
"""A cell that is no header: "Guest: Ada Fell"."""
_LONGEST_HEADER = 80
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:[-–/]\d{2,4})?")


@dataclass(slots=True)
class Writer:
    """The text as it grows, and where its words stand."""

    parts: list[str] = field(default_factory=list)
    places: list[Placed] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, word: Word | None = None) -> None:
        if text and word is not None:
            place = (word.page, word.left, word.top, word.right, word.bottom)
            self.places.append(Placed(self.length, self.length + len(text), *place))
        self.parts.append(text)
        self.length += len(text)


def written(blocks: Sequence[Block]) -> Writer:
    """The text of a document."""
    hyphens = Hyphens(_whole_words(blocks))
    writer = Writer()
    before: Block | None = None
    for block in blocks:
        if before is not None:
            items = (
                isinstance(before, Paragraph) and isinstance(block, Paragraph) and before.kind == block.kind == "item"
            )
            writer.add("\n" if items else "\n\n")
        if isinstance(block, Table):
            _write_table(writer, block, hyphens)
        else:
            _write_words(writer, [line.words for line in block.lines], hyphens)
        before = block
    return writer


def _whole_words(blocks: Sequence[Block]) -> Iterator[str]:
    """The words that no line end can have cut."""
    for block in blocks:
        for line in _lines(block):
            for at, word in enumerate(line):
                if (at + 1 < len(line) or not word.text.endswith("-")) and (at or len(line) > 1):
                    yield word.text


def _lines(block: Block) -> Iterator[Sequence[Word]]:
    if isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                yield from _cell_lines(cell)
    else:
        for line in block.lines:
            yield line.words


def _cell_lines(cell: Sequence[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in cell:
        if not lines or abs(word.base - lines[-1][-1].base) > 0.3 * word.size:
            lines.append([])
        lines[-1].append(word)
    return lines


def _write_words(writer: Writer, lines: Sequence[Sequence[Word]], hyphens: Hyphens) -> None:
    lines = [kept for line in lines if (kept := [word for word in line if word.text])]
    for at, line in enumerate(lines):
        after = lines[at + 1][0].text if at + 1 < len(lines) else None
        for number, word in enumerate(line):
            text = word.text
            gap = "" if number + 1 == len(line) or line[number + 1].glued else " "
            if number + 1 == len(line) and after is not None and word.entries:
                gap = " "
            elif number + 1 == len(line) and after is not None:
                text, gap = _line_end(text, after, hyphens)
            writer.add(text, word)
            for entry in word.entries:
                writer.add(" ")
                writer.add(entry.text, entry)
            writer.add(gap)


def _line_end(text: str, after: str, hyphens: Hyphens) -> tuple[str, str]:
    """The last word of a line as it is kept, and what stands between it and the next."""
    if text.endswith(("-", "‐", "‑")) and len(text) > 1:
        return hyphens.joint(text, after)
    if text.endswith("–") and text[-2:-1].isdigit() and after[:1].isdigit():
        return text, ""
    if text.endswith(("—", "/")) and len(text) > 1:
        return text, ""
    return text, " "


def _write_table(writer: Writer, table: Table, hyphens: Hyphens) -> None:
    cells = [[_cell(cell, hyphens) for cell in row] for row in table.rows]
    texts = [["".join(cell.parts) for cell in row] for row in cells]
    headed = _is_headed(table) if table.headed is None else table.headed
    headed = headed and not _is_of_keys(table)
    text, starts = laid_out(texts[0] if headed else [], texts[1:] if headed else texts)
    for row, own, begins in zip(cells, texts, starts if headed else starts[1:], strict=True):
        for cell, words, begin in zip(row, own, begins, strict=True):
            for place in cell.places:  # pipes in the cell are longer now
                start, end = (at + words.count("|", 0, at) for at in place[:2])
                writer.places.append(
                    place._replace(start=writer.length + begin + start, end=writer.length + begin + end)
                )
    writer.add(text)


def _cell(words: Sequence[Word], hyphens: Hyphens) -> Writer:
    """What a cell says."""
    cell = Writer()
    _write_words(cell, _cell_lines(words), hyphens)
    return cell


def _is_of_keys(table: Table) -> bool:
    """Whether the first row has keys with their values rather than headers, of which one may hold a colon, too:
    "Ratio A:B", "Note: all in kg"."""
    cells = [" ".join(word.text for word in cell) for cell in table.rows[0] if cell]
    keyed = sum(1 for cell in cells if _KEY_AND_VALUE.match(cell))
    return keyed > 0.5 * len(cells)


def _is_headed(table: Table) -> bool:
    """Whether the first row is one of column headers: not where it holds sentences, what is filled into a form, or
    looks like the cells below: says the same as one of them, opens or ends with their mark ("-c,", "-o,"), or is a
    figure in a column of figures, years aside, a date among dates, an address among addresses."""
    if len(table.rows) < 2:
        return False
    for column, cell in enumerate(table.rows[0]):
        if any(word.entries for word in cell):
            return False
        first = "".join(word.text for word in cell)
        if len(first) > _LONGEST_HEADER or (first.endswith((".", ";")) and len(cell) > 3):
            return False
        below = ["".join(word.text for word in row[column]) for row in table.rows[1:] if column < len(row)]
        filled = [text for text in below if text]
        marks = ((first[:1], [text[:1] for text in filled]), (first[-1:], [text[-1:] for text in filled]))
        if len(filled) > 1 and any(mark and not mark.isalnum() and m.count(mark) >= 0.7 * len(m) for mark, m in marks):
            return False
        if len(filled) > 1 and len(set(filled)) > 1 and first in filled:
            return False
        kind = value_of(first)
        if (
            kind in ("address", "date")
            and filled
            and sum(value_of(text) == kind for text in filled) >= 0.6 * len(filled)
        ):
            return False
        figures = sum(1 for text in below if _FIGURE.fullmatch(text))
        pairs = len(table.rows[0]) == 2 and column == 1 and figures > 0  # "Height 12 cm" above "Made in Norway"
        if _FIGURE.fullmatch(first) and not _YEAR.fullmatch(first) and (pairs or figures >= 0.7 * len(below)):
            return False
    return True
