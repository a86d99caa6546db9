"""Bracketed source notes and editorial remarks: "(Smith, A History, p.12)", "[laughter]", "[1]".

But: an ordinary aside in round brackets is prose, not a note.
"""

from __future__ import annotations

import re

from ingest.deadline import Check, unchecked
from vectorstore.types import Span

MAX_NOTE = 2_000

BRACKET = re.compile(r"[()\[\]]")
CLOSING = {")": "(", "]": "["}
SOURCE = re.compile(
    r"\b(?:pp?|vols?|chap|ch|no|nos|ff?|fn)\.\s?\d|\b(?:ibid|op\. ?cit|loc\. ?cit|quoted in|cited in)\b"
    r"|\b(?:my )?emphasis\b"
    r"|\bed(?:s|ited by)?\.|\b(?:source|translated|trans\.)|\bet al\b",
    re.IGNORECASE,
)
AUTHOR_WORK = re.compile(r"\(\s*[^\W\d_a-z][\w.’'-]*(?:[ ,&]+(?:and |de |van |von )?[^\W\d_a-z][\w.’'-]*)*\s*,\s+\S")
CLOSING_QUOTES = "”’\"'»“」』"


def find_notes(text: str, start: int, end: int, check: Check = unchecked) -> list[Span]:
    """The notes of a paragraph, outermost brackets only, in order."""
    found: list[Span] = []
    opened: list[tuple[str, int]] = []
    for match in BRACKET.finditer(text, start, end):
        check()
        mark, at = match.group(), match.start()
        if mark in "([":
            opened.append((mark, at))
            continue
        if not opened or opened[-1][0] != CLOSING[mark]:
            opened.clear()
            continue
        _, began = opened.pop()
        if not opened and at - began < MAX_NOTE and _is_note(text, began, at + 1, start):
            found.append((began, at + 1))
    return found


def _is_note(text: str, start: int, end: int, paragraph_start: int) -> bool:
    if text[start] == "[":
        return not text.startswith("(", end)  # a Markdown link's label is prose
    inner = text[start:end]
    if SOURCE.search(inner):
        return len(inner) < 400
    before = text[max(paragraph_start, start - 3) : start].rstrip()
    return bool(before) and before[-1] in CLOSING_QUOTES and bool(AUTHOR_WORK.match(inner))
