"""The sentences of a document in its sections.

But: headings, captions, notes, and the lines that say its title, author and date are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore.types import NOT_ANSWERS, Document, Head, Passage, SentenceSpan, Span, one_line, shown

FEWEST_WORDS = 4


class Shelf(Protocol):
    """Where documents are read: an `Index`."""

    def heads(self) -> list[Head]: ...
    def document(self, document_id: str) -> Document: ...
    def passages(self, document_id: str) -> list[Passage]: ...
    def sentence_vectors(self, document_id: str) -> dict[Span, NDArray[np.float32]]: ...


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a document: its heading's words ("" before the first) and the heading's place, and its
    sentences in order."""

    name: str
    heading: Span | None
    sentences: tuple[SentenceSpan, ...]


def sections_of(document: Document, passages: Sequence[Passage]) -> list[Section]:
    """The sections in order, those with no sentence of their own included. The title is no section."""
    found: list[tuple[str, Span | None, list[SentenceSpan]]] = []
    lines = [(fact.start, fact.end) for fact in document.facts if fact.start is not None and fact.end is not None]
    for passage in passages:
        if passage.kind == "heading":
            if passage.section:
                found.append((passage.section, (passage.start, passage.end), []))
            continue
        if not found or found[-1][0] != passage.section:
            found.append((passage.section, None, []))
        found[-1][2].extend(
            span
            for span in passage.sentences
            if span.kind not in NOT_ANSWERS
            and span.kind != "note"
            and not _inside((span.start, span.end), lines)
            and words_of(document, span) != document.title
        )
    return [Section(name, heading, tuple(spans)) for name, heading, spans in found if spans or heading]


def _inside(span: Span, lines: Collection[Span]) -> bool:
    """Whether nearly all of a sentence lies in one of some lines."""
    return any(start <= span[0] + 2 and span[1] - 2 <= end for start, end in lines)


def words_of(document: Document, span: SentenceSpan) -> str:
    """A sentence on one line, without what is hidden in it."""
    return one_line(shown(document, span.start, span.end))


def is_statement(text: str) -> bool:
    """Whether a sentence says something by itself: several words, and no row of a table, item or question."""
    return (
        len(re.findall(r"\w+", text)) >= FEWEST_WORDS
        and text.count("|") < 2
        and not text.rstrip("”\"’')").endswith(("?", ":"))
        and bool(re.search(r"[a-z]", text) or not re.search(r"[A-Za-z]", text))
    )
