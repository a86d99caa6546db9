"""Which quotation marks open, which close, and what stands between them: “ ”, " ", ‘ ’, « », „ “, 「 」.

But: whether the words are speech, a title or irony is decided in `quotations.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingest.deadline import Check
from vectorstore.types import Span

CLOSED_BY = {
    "“": '”"“',
    "‟": '”"',
    "„": '“”"',
    '"': '"”',
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
}
MARKS = re.compile("[“”„‟\"«»‹›「」『』‘']")
SINGLE_CLOSE = re.compile("[‘’']")
BEFORE_OPENING = frozenset(" \t\n\r\xa0([{—–-/>*_:“‘'\"\u2009\u200a\u202f")
SINGLE_TRIES = 12


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quoted stretch of one paragraph, marks included. `closed`: it has a closing mark. `chain`: a quotation over
    several paragraphs opens each of them and closes only the last; the stretches of all have the index of the first as
    their `chain`, and any other stretch has its own."""

    start: int
    end: int
    paragraph: int
    chain: int
    closed: bool


def find_quoted(text: str, paragraphs: Sequence[Span | None], whole: Collection[int], check: Check) -> list[Quoted]:
    """The outermost quoted stretches, in order. `paragraphs`: None stands for a caption, heading or letter, which is
    passed over and ends no quotation. `whole`: indexes of paragraphs that are quoted even if they hold no mark."""
    found: list[Quoted] = []
    going_on: Quoted | None = None
    for index, span in enumerate(paragraphs):
        if span is None:
            continue
        stretches = _in_paragraph(text, *span, check)
        if index in whole and not stretches:
            goes_on = (
                bool(found) and found[-1].paragraph in whole and not any(paragraphs[found[-1].paragraph + 1 : index])
            )
            found.append(Quoted(*span, index, found[-1].chain if goes_on else len(found), True))
            continue
        for number, (start, end, closed) in enumerate(stretches):
            chain = len(found)
            if number == 0 and going_on is not None and start == span[0] and text[start] == text[going_on.start]:
                chain = going_on.chain
            found.append(Quoted(start, end, index, chain, closed))
        going_on = found[-1] if stretches and not found[-1].closed else None
    return found


def _in_paragraph(text: str, start: int, end: int, check: Check) -> list[tuple[int, int, bool]]:
    found: list[tuple[int, int, bool]] = []
    opened: int | None = None
    after = start
    for match in MARKS.finditer(text, start, end):
        check()
        at, mark = match.start(), match.group()
        if at < after:
            continue
        if opened is not None:
            if mark in CLOSED_BY[text[opened]] and _closes(text, at, end):
                found.append((opened, at + 1, True))
                opened = None
            elif mark == text[opened] and _opens(text, at, start, end):
                opened = at  # the mark before it was never closed
        elif mark in "‘'":
            close = _single_close(text, at, start, end)
            if close is not None:
                found.append((at, close + 1, True))
                after = close + 1
        elif mark in CLOSED_BY and _opens(text, at, start, end):
            opened = at
    if opened is not None:
        found.append((opened, end, False))
    return found


def _opens(text: str, at: int, start: int, end: int) -> bool:
    if at + 1 >= end or (text[at + 1].isspace() and text[at] != "«"):
        return False
    return text[at] in "“„«‹「『" or at == start or text[at - 1] in BEFORE_OPENING


def _closes(text: str, at: int, end: int) -> bool:
    """A mark that may open as well as close closes where a word or stop stands before it and none behind it."""
    if text[at] not in '"“«':
        return True
    return not text[at - 1].isspace() and (at + 1 >= end or not text[at + 1].isalnum())


def _single_close(text: str, at: int, start: int, end: int) -> int | None:
    """Where the single quotation mark at `at` is closed; None where it is an apostrophe. A mark behind an s may be an
    apostrophe too ("the workers' council"): it closes only where no later mark does."""
    if at + 1 >= end or text[at + 1].isspace() or (at > start and text[at - 1] not in BEFORE_OPENING):
        return None
    doubtful: int | None = None
    place = at + 1
    for _ in range(SINGLE_TRIES):
        match = SINGLE_CLOSE.search(text, place, end)
        if match is None:
            return doubtful
        place = match.end()
        here = match.start()
        behind = text[here + 1] if here + 1 < end else " "
        if match.group() == "‘" or (text[here - 1].isspace() and match.group() == "'"):
            return doubtful
        if behind.isalnum() or text[here - 1].isspace():
            continue
        if text[here - 1] == "s" and behind == " " and text[here + 2 : here + 3].islower():
            doubtful = doubtful or here
            continue
        return here
    return doubtful
