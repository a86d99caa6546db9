"""The plain values that travel through attest: documents, passages, hits.

Every position is a pair of code point offsets `start, end` into `Document.text`, end exclusive, from the first
stage to the last; nothing downstream searches for a string to find out where it was.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from vectorstore.documents.pages import Pages

Span = tuple[int, int]
"""`start, end` in code points, end exclusive."""

Kind = Literal["prose", "heading", "caption", "quotation", "letter", "note", "row"]
"""What a stretch of text is. Headings and captions are kept as context but are never answers; a note is a bracketed
source reference or editorial remark; a row is one of a table (its column headers are a caption)."""

Format = Literal["plain", "markdown"]
"""How the structure of a text is marked: not at all (it is inferred), or by Markdown."""

NOT_ANSWERS: frozenset[Kind] = frozenset({"heading", "caption"})
"""Kinds that are kept, but neither searched nor shown as a sentence of an answer."""

_JOINER = "\u2060"
_PARTING = re.compile(r"\s|<br\b", re.I)
"""Signs of a hidden stretch that parts the words around it."""


FactName = Literal["title", "author", "date"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a document as a whole: `value` is its title, an author or its date, in the document's words and
    on one line. `start, end` are the line of the text that says so ("By Ada Fell, 12 June 2018"), which holds the
    value; None, None where only the file's properties say it. Several authors are several facts, in their order."""

    name: FactName
    value: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text with a name. `sha256` is of the UTF-8 bytes of `text`; `origin` says where it came from: a file's
    absolute path, a URL, `bundled:NAME` or `upload:NAME`. `hidden`: stretches of the text that are kept but neither
    searched nor shown in an answer (running heads, page numbers, time codes), in order; a sentence may go on behind
    one (see `shown`). `pages`: where its words stand on the pages of a PDF. `original`: the SHA-256 of the PDF itself,
    where the index keeps it to show its pages."""

    id: str
    title: str
    text: str
    sha256: str
    origin: str
    format: Format = "plain"
    facts: tuple[Fact, ...] = ()
    hidden: tuple[Span, ...] = ()
    pages: Pages | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A document without its text, of which `characters` counts the code points."""

    id: str
    title: str
    sha256: str
    origin: str
    format: Format
    characters: int

    @classmethod
    def of(cls, document: Document) -> Head:
        """The head of this document."""
        return cls(document.id, document.title, document.sha256, document.origin, document.format, len(document.text))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, caption or list item. `section` is the nearest heading above ("" before the first and
    under the title); `speaker` is who speaks a block of kind "quotation" or signed one of kind "letter". `label`: how
    many characters of a turn of a conversation name its speaker ("ROE: "), None where the block is no turn;
    `before_list`: how many stand before a list that is one with the sentence that introduces it; `begins`: a passage
    begins with it."""

    start: int
    end: int
    kind: Kind
    section: str = ""
    speaker: str | None = None
    label: int | None = None
    before_list: int | None = None
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words, their quotation marks included, within one paragraph: a quotation over several paragraphs is
    several of these. `speaker` is the name as the text gives it, None where the text names nobody."""

    start: int
    end: int
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """What a text is made of. `blocks` are in order, do not overlap, and all text that is neither blank nor hidden lies
    in one of them; `quotations` and bracketed `notes` are stretches of them."""

    blocks: tuple[Block, ...]
    quotations: tuple[Quotation, ...] = ()
    notes: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """One sentence of a document. `speaker` is who is quoted, where most of the sentence is a quotation and the
    text names its speaker; `kind` is "quotation" where most of the sentence is quoted."""

    start: int
    end: int
    kind: Kind
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one section, short enough for the embedding model to read to the end.

    `sentences` tile the passage: in order, without overlap, all of its text that is not blank inside one of them.
    `id` is derived from content (document, title, section, text), so that an edit elsewhere leaves it as it was.
    """

    id: str
    document_id: str
    start: int
    end: int
    section: str
    kind: Kind
    speaker: str | None
    sentences: tuple[SentenceSpan, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query. `score` is comparable within one ranking only."""

    passage: Passage
    score: float


def shown(document: Document, start: int, end: int) -> str:
    """The text between two offsets, with a blank for every hidden character."""
    return shown_text(document)[start:end]


def shown_text(document: Document) -> str:
    """The text with a blank for every hidden character, so that offsets into it hold. The first line end in a hidden
    stretch is kept: what follows still begins a line. A tag within a word ("<i>Tern</i>.") parts nothing: there each
    is a word joiner (U+2060), which no search and no reader sees; `one_line` leaves it out."""
    return _blanked(document.text, document.hidden) if document.hidden else document.text


@lru_cache(maxsize=8)
def _blanked(text: str, hidden: tuple[Span, ...]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in _without_gaps(hidden):
        within = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
        blank = (_JOINER if within and not _PARTING.search(text, start, end) else " ") * (end - start)
        line_end = text.find("\n", start, end) - start
        if line_end >= 0:
            blank = blank[:line_end] + "\n" + blank[line_end + 1 :]
        parts += (text[at:start], blank)
        at = end
    return "".join((*parts, text[at:]))


def _without_gaps(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that touch as one."""
    found: list[Span] = []
    for start, end in spans:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def one_line(words: str) -> str:
    """Words of a `shown_text` on one line, white space squeezed."""
    return " ".join(words.replace(_JOINER, "").split())


def shown_spans(document: Document, start: int, end: int) -> list[Span]:
    """What is shown of the text between two offsets: the stretches between hidden ones, without blanks at their ends;
    one or more, where anything is."""
    spans: list[Span] = []
    at = start
    for first, after in (*document.hidden[_first_behind(document.hidden, start) :], (end, end)):
        piece = document.text[at : max(at, min(first, end))]
        left = at + len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append((left, left + len(piece.strip())))
        at = max(at, after)
        if first >= end:
            break
    return spans


def _first_behind(spans: Sequence[Span], at: int) -> int:
    """Index of the first of some spans, in order and apart, that ends behind `at`."""
    return bisect_right(spans, at, key=lambda span: span[1])


def text_sha256(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
