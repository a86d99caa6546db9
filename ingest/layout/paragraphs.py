"""Plain text to paragraphs: what blank lines, list items and unwrapped lines set apart.

But: headings, captions and letters are paragraphs here; other modules tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.deadline import Check
from vectorstore.types import Span

UNWRAPPED = 140
"""Characters. Where a line is longer, the text is not wrapped, and each line is a paragraph."""

BULLETS = "•‣◦·▪▫●○■□◆◇❑❒➢►✓✔"
"""Marks of list items that are nothing else where a blank stands behind them."""
LIST_ITEM = re.compile(rf"(?:[-*{BULLETS}–]|\(?\d{{1,3}}[.)]|\(?[a-zA-Z][.)]|\(?[ivxlIVXL]{{1,6}}[.)])[ \t]+\S")
UNDERLINE = re.compile(r"(=|-|~|\*|_|#)\1{2,}$")
FULL_STOP = frozenset('.!?…:;"”’)»。！？')


def strip_span(text: str, start: int, end: int) -> Span:
    """The span without the blanks at its ends; empty (start == end) where all is blank."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, start + len(piece.strip()))


def line_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Every line between `start` and `end`, stripped of blanks; a blank line is an empty span."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        yield strip_span(text, at, at + len(line))
        at += len(line)


def line_groups(text: str, start: int, end: int) -> Iterator[list[Span]]:
    """Runs of lines with no blank line between them."""
    group: list[Span] = []
    for span in line_spans(text, start, end):
        if span[0] < span[1]:
            group.append(span)
        elif group:
            yield group
            group = []
    if group:
        yield group


def paragraph_spans(text: str, check: Check) -> list[Span]:
    """The paragraphs of a plain text, in order; every character that is not blank lies in exactly one."""
    found: list[Span] = []
    for group in line_groups(text, 0, len(text)):
        check()
        opening = not found
        found.extend(_paragraphs_of(text, group, opening, check))
    return found


def _paragraphs_of(text: str, group: list[Span], opening: bool, check: Check) -> Iterator[Span]:
    """Cuts a run of lines where a new paragraph begins. `opening`: these are the first lines of the text, which may
    open with a title without a blank line under it."""
    if max(end - start for start, end in group) > UNWRAPPED:
        yield from group
        return
    first = group[0][0]
    for index, (before, line) in enumerate(pairwise(group)):
        check()
        if _begins_paragraph(text, before, line) or (opening and index == 0 and _title_line(text, group)):
            yield first, before[1]
            first = line[0]
    yield first, group[-1][1]


def _begins_paragraph(text: str, before: Span, line: Span) -> bool:
    return _underlined(text, before) or begins_item(text, before, line)


def begins_item(text: str, before: Span, line: Span) -> bool:
    """Whether an item of a list begins with a line, and does not merely go on with the line before it."""
    return bool(LIST_ITEM.match(text, *line)) and (
        bool(LIST_ITEM.match(text, *before)) or text[before[1] - 1] in FULL_STOP or text[line[0]] in f"-*{BULLETS}"
    )


def _underlined(text: str, line: Span) -> bool:
    return line[1] - line[0] >= 3 and bool(UNDERLINE.match(text, *line))


def _title_line(text: str, group: list[Span]) -> bool:
    """Whether the first line was ended on purpose: the next line's first word would have fitted on it."""
    (start, end), (next_start, next_end) = group[0], group[1]
    if len(group) < 3 or text[end - 1] in ".,;:" or not text[next_start].isupper() or _underlined(text, group[1]):
        return False
    width = max(last - first for first, last in group)
    word = text[next_start:next_end].split(maxsplit=1)[0]
    return end - start + 1 + len(word) < width * 0.8
