"""Lines to paragraphs, over columns and pages; what interrupts a sentence is moved behind it.

Paragraphs are told apart by where the lines stand in their column: gaps, indents, lines that stop early, letter sizes.
Captions, tables and the notes at the foot of a page come after the paragraph that goes on behind them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import quantiles
from typing import Literal

from ingest.convert.pdf.order import Leaf
from ingest.convert.pdf.types import Line, Table, Word
from ingest.layout.paragraphs import BULLETS

Kind = Literal["text", "item", "note", "caption", "sideways"]

_ENDS_SENTENCE = re.compile(r"""[.!?:…]["'”’»)\]]*(?:\[[\d,–-]+\]|\[[a-z*†‡]\]|[¹²³⁰⁴-⁹*†‡])*$""")
_CAPTION = re.compile(
    r"(?:Figure|Fig\.|Table|Tab\.|Plate|Map|Chart|Graph|Photo|Image|Exhibit|Box|Scheme|Listing|Abb\.|Abbildung|Tabelle)"
    r"\s*(?:\d|[IVX]+\b|[A-Z]\.?\d|[A-Z][.:])"
)
_NOTE = re.compile(r"\[(?:\d{1,3}|[a-z])\]|\d{1,3}[.)]?(?:\s|$)|[*†‡§¶]")
_ITEM = re.compile(
    rf"(?:[-*{BULLETS}–☐☑☒]|\(?\d{{1,3}}[.)]|\(?[a-z][.)]|\(?[ivxl]{{1,6}}[.)])\s+\S|o\s+[“\"]?[^\W\d_a-z]"
)
"""An item of a list; the lists of Word have an "o" before those of their second level."""
_LEADERS = re.compile(
    r"(?:[.·…_]\s?){4,}\s*(?:\d{1,4}|[ivxlc]+)$|(?:[.·…]\s?){6,}\s*(?:\S{0,3}\d[\d.,:/–-]*\s?\S{0,8}|[^\W\d_].{1,40})$"
)
"""The end of a line of a table of contents, a list of prices or a cast."""
_REACH = 80
"""Characters of a line's end that are looked at for it: the time grows with their square."""
_NOTE_SIZE = 0.93
_SAME_SIZE = 0.08
_MOST_BETWEEN = 8


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together; `margin` is where full lines of the last column of them end, in points."""

    lines: list[Line]
    kind: Kind = "text"
    margin: float = 0.0
    start: float = 0.0

    @property
    def last(self) -> Line:
        return self.lines[-1]


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class _Column:
    """Where the lines of a column begin and end, in points."""

    lines: list[Line]
    left: float
    right: float


@dataclass(slots=True)
class _Flow:
    """The paragraphs so far; `spacing` is the usual distance of base lines in heights of letters."""

    spacing: float
    blocks: list[Block] = field(default_factory=list)


def paragraphs(pages: Sequence[Sequence[Leaf]]) -> list[Block]:
    """The paragraphs and tables of a document in reading order. The lines get the number of their column."""
    body, spacing = _usual(pages)
    flow = _Flow(spacing)
    number = 0
    for leaves in pages:
        notes: list[Block] = []
        for at, leaf in enumerate(leaves):
            number += 1
            if isinstance(leaf, Table):
                _add_table(flow, replace(leaf, column=number), first=at == 0)
                continue
            lines = [replace(line, column=number) for line in leaf if line.text]
            cut = _first_note(lines, body, whole=at > 0)
            _add(flow, _column(lines[:cut]))
            notes.extend(_notes(lines[cut:]))
        flow.blocks.extend(notes)
    return _whole(flow.blocks)


def _usual(pages: Sequence[Sequence[Leaf]]) -> tuple[float, float]:
    """The height of most letters, and the distance of base lines most often met, in such heights."""
    sizes: Counter[float] = Counter()
    gaps: Counter[float] = Counter()
    for leaves in pages:
        for leaf in leaves:
            if isinstance(leaf, Table):
                continue
            for line in leaf:
                sizes[line.size] += sum(len(word.text) for word in line.words)
            for before, line in pairwise(leaf):
                gap = (line.base - before.base) / line.size if line.size else 0.0
                if 0.5 < gap < 4 and before.size == line.size:
                    gaps[round(gap, 1)] += sum(len(word.text) for word in line.words)
    most = max(gaps.values(), default=0)
    spacing = min((gap for gap, count in gaps.items() if count >= 0.3 * most), default=1.2)
    return max(sizes, key=lambda size: (sizes[size], size), default=10.0), spacing


def _column(lines: list[Line]) -> _Column:
    edges = [line.right for line in lines]
    right = quantiles(edges, n=10, method="inclusive")[-1] if len(edges) > 2 else max(edges, default=0.0)
    return _Column(lines, min((line.left for line in lines), default=0.0), right)


def _first_note(lines: Sequence[Line], body: float, *, whole: bool) -> int:
    """Where the notes at the foot of a column begin: small lines to its end, the first with a mark before it. `whole`:
    the column may be one of notes alone."""
    cut = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].size > _NOTE_SIZE * body:
            break
        apart = at == 0 or lines[at - 1].size > _NOTE_SIZE * body or lines[at].base - lines[at - 1].base > 1.7 * body
        if apart and _NOTE.match(lines[at].text):
            cut = at
    return cut if cut or whole else len(lines)


def _notes(lines: Sequence[Line]) -> Iterator[Paragraph]:
    found: list[Line] = []
    for line in lines:
        if found and _NOTE.match(line.text) and (line.words[0].mark or line.left <= found[0].left + 2):
            yield Paragraph(found, "note")
            found = []
        found.append(line)
    if found:
        yield Paragraph(found, "note")


def _add(flow: _Flow, column: _Column) -> None:
    """Adds the lines of a column to the paragraphs."""
    for at, line in enumerate(column.lines):
        open_ = flow.blocks[-1] if flow.blocks else None
        if isinstance(open_, Paragraph) and open_.kind not in ("note", "sideways") and not line.sideways:
            starts = not _goes_on(open_, line) if at == 0 else _starts(open_, line, flow.spacing, column)
            if not starts:
                open_.lines.append(line)
                open_.margin, open_.start = column.right, column.left
                continue
        flow.blocks.append(Paragraph([line], _kind(line), column.right, column.left))


def _kind(line: Line) -> Kind:
    if line.sideways:
        return "sideways"
    return "caption" if _CAPTION.match(line.text) else "item" if _ITEM.match(line.text) else "text"


def _add_table(flow: _Flow, table: Table, *, first: bool) -> None:
    """Adds a table, or its rows to the one at the end of the page before, which goes on with it."""
    before = flow.blocks[-1] if flow.blocks else None
    if (
        first
        and isinstance(before, Table)
        and before.page == table.page - 1
        and len(before.rows[0]) == len(table.rows[0])
        and abs(before.box.left - table.box.left) < 5
        and abs(before.box.right - table.box.right) < 5
    ):
        again = [_words(cell) for cell in before.rows[0]] == [_words(cell) for cell in table.rows[0]]
        flow.blocks[-1] = replace(table, rows=before.rows + table.rows[again:], headed=before.headed)
    else:
        flow.blocks.append(table)


def _words(cell: Sequence[Word]) -> list[str]:
    return [word.text for word in cell]


def _starts(open_: Paragraph, line: Line, spacing: float, column: _Column) -> bool:
    """Whether a line begins a paragraph in the midst of its column."""
    before, size = open_.last, line.size
    text, gap = before.text, line.base - before.base
    if abs(before.size - size) > _SAME_SIZE * max(before.size, size):
        return not text.endswith("-") or gap > 1.3 * spacing * size
    if gap > 1.3 * spacing * size or gap < -1 or _LEADERS.search(text[-_REACH:]):
        return True
    if text.endswith("-") and text[-2:-1].isalnum():
        return False
    if before.words[-1].entries and (not line.text[:1].islower() or (":" in text and ":" in line.text)):
        return True
    if line.listed and not _ITEM.match(open_.lines[0].text):
        return not _wraps(before, line, column)
    ended = _ENDS_SENTENCE.search(text) is not None
    listed = open_.kind == "item"
    if _ITEM.match(line.text) and (ended or listed or text.endswith((";", " and", " or"))):
        return True
    if _CAPTION.match(line.text) and ended:
        return True
    if ended and line.left > max(before.left, column.left) + 0.7 * size and not listed:
        return True
    if line.left < before.left - 0.7 * size and ended and len(open_.lines) > 1 and not listed:
        return before.left > column.left + 0.7 * size  # an indented paragraph is over
    letter = (line.right - line.left) / max(1, len(line.text))
    first = line.words[0]
    short = before.right + first.right - first.left + 2 * letter < column.right and gap > 1
    if first.text[:1].isalpha() or ended:
        return short and not first.text[:1].islower()
    return short and before.right < column.right - 0.25 * (column.right - column.left)


def _wraps(before: Line, line: Line, column: _Column) -> bool:
    """Whether a line of a list without marks goes on with the one before it: that one is full, and this one is indented
    or begins in lower case where the list does not."""
    room = column.right + 0.5 * line.size - before.right
    full = room < line.words[0].right - line.left
    low = line.text[:1].islower() and not column.lines[0].text[:1].islower()
    return full and (low or line.left > column.left + 0.7 * line.size)


def _goes_on(open_: Paragraph, line: Line) -> bool:
    """Whether a paragraph goes on with a line at the top of the next column or page."""
    before = open_.last
    if line.listed and not before.listed:
        return False
    if abs(before.size - line.size) > _SAME_SIZE * max(before.size, line.size) or open_.kind == "caption":
        return False
    text, first = before.text, line.text[:1]
    if before.listed and not _ITEM.match(open_.lines[0].text):
        return False
    if _ENDS_SENTENCE.search(text):
        return first.islower()
    if not first.isupper():
        return not _ITEM.match(line.text)
    width = open_.margin - open_.start
    return (len(open_.lines) > 1 and before.right > open_.margin - 0.15 * width) or text.endswith((",", "-", ";"))


def _whole(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with captions, tables and notes moved behind the paragraph that they interrupt."""
    found: list[Block] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        found.append(block)
        at += 1
        if not isinstance(block, Paragraph) or block.kind not in ("text", "item"):
            continue
        while True:
            end = at
            while end < len(blocks) and end - at < _MOST_BETWEEN and _floats(blocks[end]):
                end += 1
            if end == at or end >= len(blocks):
                break
            after = blocks[end]
            if not isinstance(after, Paragraph) or after.kind != "text" or not _resumes(block, after):
                break
            block.lines.extend(after.lines)
            block.margin, block.start = after.margin, after.start
            found.extend(blocks[at:end])
            at = end + 1
    return found


def _floats(block: Block) -> bool:
    return isinstance(block, Table) or block.kind in ("note", "caption", "sideways")


def _resumes(block: Paragraph, after: Paragraph) -> bool:
    """Whether a paragraph is the rest of one that was interrupted."""
    first = after.lines[0]
    return _goes_on(block, first)
