"""What is known of a document as a whole: its title, authors and date, its length, its sections.

The title, the authors and the date are shown as they stand in the text, cited, where they stand there; what is counted
(words, sections) is attest's own statement and needs no citation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from assistant.about.asks import CONTAINER, GENRE, Kind
from assistant.about.sentences import Section, words_of
from assistant.about.timeline import dates_of
from assistant.citation import cite, cite_line
from assistant.types import Sentence
from vectorstore.english import one_of
from vectorstore.types import Document, Fact, FactName, shown

MOST_HEADINGS = 40
MOST_STATED = 3
_ITSELF = rf"\b(?:this|the present|these) (?:[\w-]+ ){{0,2}}?(?:{CONTAINER}|{GENRE})s?\b[^.;]{{0,60}}?"
_WRITING = one_of(
    "written compiled prepared drafted authored edited composed recorded taken typed signed published issued minuted"
)
_WRITTEN_BY = re.compile(
    rf"(?i:{_ITSELF}\b{_WRITING} (?:down )?by\b)"
    rf"|^(?:(?:Text|Minutes|Notes|Report)(?: was| were)? )?(?i:{_WRITING}) by\b"
    rf"|(?i:\bthe (?:author|writer)s? of (?:this|the present) (?:{CONTAINER}|{GENRE})\b)|^Signed\b"
)
_WRITTEN_ON = re.compile(
    rf"(?i:{_ITSELF}\b(?:{_WRITING}|dated|dates|revised|updated|finished|completed|adopted)\b)"
    rf"|^(?i:(?:last )?(?:{_WRITING}|dated|revised|updated|adopted))\b"
)
_NONE = {"title": "has no title", "author": "does not say who wrote it", "date": "does not say when it was written"}
_SAYS = {"title": "its title", "author": "its author", "date": "its date"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a document: attest's own words, and sentences of the text. `known` is false where it is only told
    that something is not known."""

    said: str
    sentences: tuple[Sentence, ...] = ()
    known: bool = True


def told(kind: Kind, document: Document, name: str, sections: Sequence[Section]) -> Told:
    """The answer to a question for title, author, date, length or sections of a document; `name` is how it is called
    beside the others."""
    if kind == "length":
        return Told(f"{name} has {counted(document)}{_in_sections(sections)}.")
    if kind == "sections":
        return _headings(document, name, sections)
    facts = [fact for fact in document.facts if fact.name == kind]
    if not facts and kind == "title":
        return Told(f"The title is {name}.")
    if all(fact.start is None for fact in facts) and kind != "title" and (stated := _stated(kind, document, sections)):
        return Told("", stated)
    if not facts:
        return Told(f"{name} {_NONE[kind]}, as far as its first lines and its properties tell.", (), False)
    lines = {(fact.start, fact.end): fact for fact in facts if fact.start is not None}
    sentences = tuple(_line(document, fact, facts) for fact in lines.values())
    outside = ", ".join(fact.value for fact in facts if fact.start is None)
    said = f"The properties of {name} say {_SAYS[kind]}: {outside}." if outside else ""
    if kind == "title" and not sentences:
        said = f"The title is {name}."
    return Told(said, sentences)


def values(document: Document, name: FactName) -> list[str]:
    """What is known of a document under this name, in its order."""
    return [fact.value for fact in document.facts if fact.name == name]


def counted(document: Document) -> str:
    """How long a text is: "1,200 words (7,000 characters)"."""
    words = len(re.findall(r"\w+(?:[’'-]\w+)*", shown(document, 0, len(document.text))))
    return f"{_some(words, 'word')} ({_some(len(document.text), 'character')})"


def headed(sections: Sequence[Section]) -> list[Section]:
    """The sections that have a heading, each once: one that goes on behind a letter is not two."""
    return [section for section in sections if section.heading]


def _in_sections(sections: Sequence[Section]) -> str:
    return f" in {_some(len(headed(sections)), 'section')}" if headed(sections) else ", and no section headings"


def _headings(document: Document, name: str, sections: Sequence[Section]) -> Told:
    found = headed(sections)
    if not found:
        return Told(f"{name} has no section headings; it has {counted(document)}.")
    first = f", of which the first {MOST_HEADINGS} are" if len(found) > MOST_HEADINGS else ":"
    lines = tuple(cite_line(document, *section.heading) for section in found[:MOST_HEADINGS] if section.heading)
    return Told(f"{name} has {_some(len(found), 'section')}{first}", lines)


def _stated(kind: Kind, document: Document, sections: Sequence[Section]) -> tuple[Sentence, ...]:
    """The sentences that say of the document itself who wrote it, or when: "This guide was written by ..."."""
    says = _WRITTEN_BY if kind == "author" else _WRITTEN_ON
    found = [
        cite(document, span, section.name)
        for section in sections
        for span in section.sentences
        if says.search(words_of(document, span)) and (kind == "author" or _dated(words_of(document, span)))
    ]
    return tuple(found[:MOST_STATED])


def _dated(text: str) -> bool:
    return next(dates_of(text, None), None) is not None


def _line(document: Document, fact: Fact, facts: Sequence[Fact]) -> Sentence:
    """The line of a fact as a sentence, with the values in it marked."""
    start, end = cast(int, fact.start), cast(int, fact.end)
    marks = []
    for one in facts:
        at = document.text.find(one.value, start, end) if one.start == start else -1
        if at >= 0 and (at, at + len(one.value)) != (start, end):
            marks.append((at, at + len(one.value)))
    return cite_line(document, start, end, marks)


def _some(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
