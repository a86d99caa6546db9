"""The marks before the lines of what is quoted: "> so". Those that a sentence goes on behind are no part of it.

But: the mark of the first line of a paragraph is kept, and of a list, a heading or a line of code: it says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ingest.deadline import Check
from ingest.layout.paragraphs import LIST_ITEM
from vectorstore.types import Span

QUOTE_MARK = re.compile(r"(?:>[ \t]{0,3}){1,9}")
_WORDS = re.compile(r"[^\W_]|[\"“”'‘’(\[*_£$€]")
_REPLY = re.compile(r"\b(?:wrote|writes):\s*>")


def is_reply(text: str) -> bool:
    """Whether a text quotes what it answers, as letters do: "Jon Orme wrote:" above lines with marks."""
    return ">" in text and _REPLY.search(text) is not None


def quote_marks(
    text: str, lines: Sequence[Span], hidden: Collection[int], check: Check, *, alone: bool = False
) -> list[Span]:
    """The marks of lines that go on with the line before them, those of the `hidden` lines aside; `alone`: also marks
    behind which nothing stands, which part paragraphs."""
    found: list[Span] = []
    before = ""
    for index, (start, end) in enumerate(lines):
        check()
        mark = QUOTE_MARK.match(text, start, end)
        if mark is None or index in hidden:
            before = ""
            continue
        level = "".join(mark.group().split())
        if mark.end() == end:
            found += [(start, end)] if alone else []
            before = ""
            continue
        words = _WORDS.match(text, mark.end(), end) is not None and LIST_ITEM.match(text, mark.end(), end) is None
        if words and before == level and text.count("\n", lines[index - 1][1], start) == 1:
            found.append((start, start + len(mark.group().rstrip())))
        before = level if words else ""
    return found
