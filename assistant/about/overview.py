"""An overview of a document in its own words: the sentences that say most, a timeline, the people. Every part is
cited."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.about.facts import counted, headed
from assistant.about.key import Vectors, key_sentences
from assistant.about.people import Person, people
from assistant.about.sentences import Shelf, sections_of
from assistant.about.timeline import Dated, timeline
from assistant.citation import cite
from assistant.types import Sentence
from vectorstore.types import Document, SentenceSpan, Span

WITHOUT_SECTIONS = 4
"""Sentences of an extract of a text that has no sections."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person: the name as it stands, the sentence that names them first, and the section and place of each
    mention."""

    name: str
    sentence: Sentence
    mentions: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that is shown of a document as a whole. `size` says how long it is; `key`: its lead, then one sentence of
    each
    section, in order; `timeline`: dated sentences by date; `people`: those named most often first."""

    document: Document
    size: str
    sections: tuple[str, ...]
    key: tuple[Sentence, ...]
    timeline: tuple[Sentence, ...]
    people: tuple[Named, ...]


class Outline:
    """A document taken apart, for whatever is asked of it as a whole. Raises KeyError where there is no such
    document."""

    def __init__(self, shelf: Shelf, document_id: str) -> None:
        self.document = shelf.document(document_id)
        self.sections = sections_of(self.document, shelf.passages(document_id))
        self._places = {span.start: section.name for section in self.sections for span in section.sentences}
        self._sentences = [span for section in self.sections for span in section.sentences]
        self._shelf = shelf
        self._vectors: Vectors | None = None

    @property
    def vectors(self) -> Vectors:
        if self._vectors is None:
            self._vectors = self._shelf.sentence_vectors(self.document.id)
        return self._vectors

    def key(self, most: int | None = None) -> list[SentenceSpan]:
        """The lead and one sentence of each section, in order; the `most` telling ones of them."""
        spoken = [section for section in self.sections if section.sentences]
        if len(spoken) <= 1:
            return key_sentences(self.document, self._sentences, self.vectors, min(most or WITHOUT_SECTIONS, 4))
        found = [s for part in spoken for s in key_sentences(self.document, part.sentences, self.vectors, 1)]
        return found if most is None or len(found) <= most else key_sentences(self.document, found, self.vectors, most)

    def events(self, most: int | None = None) -> list[Dated]:
        """The dated sentences by date; the `most` telling ones of them."""
        found = timeline(self.document, self._sentences)
        if most is None or len(found) <= most:
            return found
        spans = sorted((dated.span for dated in found), key=lambda span: span.start)
        chosen = {span.start for span in key_sentences(self.document, spans, self.vectors, most)}
        return [dated for dated in found if dated.span.start in chosen]

    def people(self) -> list[Person]:
        """See `assistant.about.people`."""
        return people(self.document, self._sentences)

    def sentence(self, span: SentenceSpan, mark: Sequence[Span] = ()) -> Sentence:
        """A sentence of the document with its citation."""
        return cite(self.document, span, self._places.get(span.start, ""), mark)

    def section_at(self, start: int) -> str:
        """The section of a place in the text."""
        at = bisect_right(self._sentences, start, key=lambda span: span.start)
        return self._places.get(self._sentences[at - 1].start, "") if at else ""

    def overview(self) -> Overview:
        """Everything, in full."""
        return Overview(
            document=self.document,
            size=counted(self.document),
            sections=tuple(section.name for section in headed(self.sections)),
            key=tuple(map(self.sentence, self.key())),
            timeline=tuple(self.sentence(dated.span, dated.dates) for dated in self.events()),
            people=tuple(self._named(person) for person in self.people()),
        )

    def _named(self, person: Person) -> Named:
        places = tuple((self.section_at(start), (start, end)) for start, end in person.mentions)
        return Named(person.name, self.sentence(person.sentence, [person.first]), places)
