"""A list of long items behind the sentence that introduces it, and whether a question asks for all of it.

    The owner has to see to the following:      "What does the owner have to see to?" asks for all items,
    1. The tank is emptied. It may leak.        "What has to be done with the ropes?" for one of them
    2. The ropes are taken ashore.

A list of short items, or of clauses that go on with the sentence before it, is one sentence with it already
(`ingest.layout.lists`).

But: which sentence answers best is not decided here, nor how much is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.understanding.question import Question, stems_of
from ingest.layout.paragraphs import BULLETS
from vectorstore.types import SentenceSpan

Placed = tuple[SentenceSpan, str]
"""A sentence and the section that it stands in."""

FEWEST, MOST = 2, 30
"""Items of a list."""
FARTHEST = 120
"""Sentences between the one that introduces a list and the last of it."""
NAMED = 0.5
"""Share of a question's words that the sentence before a list or its heading has to name."""
MARK = re.compile(rf"(?P<bullet>[-*+{BULLETS}–])\s|\(?(?:\d{{1,2}}|[a-z]|[ivx]{{1,4}})[.)]\s", re.I)
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n|\r[ \t]*\r")
_INDENTED = re.compile(r"[\r\n](?:[ ]{2,}|[ ]*\t)$")
_EACH = ("number", "yes-no")
"""What is asked for that no list of sentences answers."""


def asked_list(text: str, sentences: Sequence[Placed], best: int, question: Question) -> list[list[int]]:
    """The list that a question asks for and the sentence `best` belongs to, as numbers of `sentences`, which are those
    of a document in order: the sentence that introduces it, then each item. Empty where there is none.

    The question asks for the whole list where the words before it name most of what the question says, and no item
    names what they lack."""
    if question.wanted in _EACH or not question.stems:
        return []
    asked = set(question.stems)
    for opening in range(best, max(-1, best - FARTHEST), -1):
        items = _items_behind(text, sentences, opening)
        if not items or best > items[-1][-1]:
            continue
        span, section = sentences[opening]
        named = asked & {*stems_of(text[span.start : span.end]), *stems_of(section)}
        inside = {stem for item in items for number in item for stem in stems_of(_words(text, sentences[number][0]))}
        if len(named) >= NAMED * len(asked) and not (asked - named) & inside:
            return [[opening], *items]
    return []


def _items_behind(text: str, sentences: Sequence[Placed], opening: int) -> list[list[int]]:
    """The items of the list that a sentence introduces; empty where it introduces none."""
    span, section = sentences[opening]
    if not _words(text, span).rstrip("*_ ").endswith(":"):
        return []
    items: list[list[int]] = []
    first = None
    for number in range(opening + 1, min(len(sentences), opening + 1 + FARTHEST)):
        one, under = sentences[number]
        between = text[sentences[number - 1][0].end : one.start]
        mark = MARK.match(text, one.start, one.end) if "\n" in between or "\r" in between else None
        if under != section or one.kind == "row":
            break
        if mark is not None and (first is None or bool(mark["bullet"]) == first):
            first = bool(mark["bullet"])
            items.append([number])
        elif not items or (mark is None and _BLANK_LINE.search(between) and not _INDENTED.search(between)):
            break
        else:
            items[-1].append(number)
    return items if FEWEST <= len(items) <= MOST else []


def _words(text: str, span: SentenceSpan) -> str:
    return text[span.start : span.end]
