"""Where quoted words stand in the documents of an index: exactly, or nearly.

Documents are proposed by the index's own search and by what is cited; a small index is read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.check.quoting.aligned import Alignment, align
from assistant.check.quoting.words import Words, document_words, words_of
from assistant.citation import cite_line
from assistant.types import Citation, Source
from ingest.structure import find_structure, structure_of
from vectorstore.index import Index
from vectorstore.search.lexical import STOP_WORDS
from vectorstore.types import Document, Passage, Quotation, SentenceSpan, Span, Structure, shown_text

READ_WHOLE = 4_000_000
"""Characters of an index whose documents are all read for words that no search proposes."""
PROPOSED = 12
"""Passages that are proposed for each quotation."""
ALIGNED = 4
"""Of them are compared word by word."""
MOST_PLACES = 30


@dataclass(frozen=True, slots=True)
class Place:
    """Words `first` to `last` of a document, which is exclusive."""

    document: Document
    first: int
    last: int

    @property
    def words(self) -> Words:
        return document_words(self.document)

    @property
    def span(self) -> Span:
        return self.words.span(self.first, self.last)

    @property
    def keys(self) -> Sequence[str]:
        return self.words.keys[self.first : self.last]


@dataclass(frozen=True, slots=True)
class Nearly:
    """Where a row of words stands nearly. `share`: of its words, 0 to 1, that are the same."""

    place: Place
    alignment: Alignment
    share: float


class Sources:
    """The documents of an index in which words are looked for; remembers what was read. To be made anew for each
    text that is checked, since an index changes."""

    def __init__(self, index: Source, document_ids: Collection[str] | None = None) -> None:
        self.index = index
        heads = [head for head in index.heads() if document_ids is None or head.id in document_ids]
        self._ids = {head.id: head.characters for head in heads}
        self._titles = frozenset(" ".join(words_of(name).keys) for head in heads for name in _called(head.title))
        self._documents: dict[str, Document] = {}
        self._passages: dict[str, list[Passage]] = {}
        self._structures: dict[str, Structure] = {}
        self._proposed: dict[str, list[Passage]] = {}

    def holds(self, document_id: str) -> bool:
        return document_id in self._ids

    def is_title(self, keys: Sequence[str]) -> bool:
        """Whether a document is called so: words that it need not hold itself."""
        return " ".join(keys) in self._titles

    def document(self, document_id: str) -> Document:
        if document_id not in self._documents:
            self._documents[document_id] = self.index.document(document_id)
        return self._documents[document_id]

    def exact(self, keys: Sequence[str], first: Sequence[str] = (), text: str = "") -> list[Place]:
        """The places where these words stand as they are, 30 at the most; those of the documents `first` come first.
        `text`: words that tell where to look, beside these."""
        if not keys:
            return []
        found: list[Place] = []
        for document_id in self._in_turn(" ".join(keys), first, text):
            document = self.document(document_id)
            for at in document_words(document).find(keys, MOST_PLACES - len(found)):
                found.append(Place(document, at, at + len(keys)))
            if len(found) >= MOST_PLACES:
                break
        return found

    def nearly(self, keys: Sequence[str], spans: Sequence[tuple[str, int, int]] = (), text: str = "") -> list[Nearly]:
        """The places where most of these words stand, the nearest first. `spans`: places (document, start, end) where
        they are looked for before all others."""
        windows = list(self.windows(keys, spans, text))
        bag = set(keys)
        weight = {key: 1.0 if key not in STOP_WORDS else 0.2 for key in bag}
        scored = []
        for number, (document, first, last) in enumerate(windows):
            held = bag.intersection(document_words(document).keys[first:last])
            scored.append((-sum(weight[key] for key in held), number))
        found = []
        for _, number in sorted(scored)[:ALIGNED]:
            document, first, last = windows[number]
            alignment = align(keys, document_words(document).keys[first:last])
            if alignment.same:
                place = Place(document, first + alignment.first, first + alignment.last)
                found.append(Nearly(place, alignment, alignment.same / len(keys)))
        return sorted(found, key=lambda one: one.alignment.changes)

    def words(self, document: Document) -> Words:
        return document_words(document)

    def in_marks(self, place: Place) -> bool:
        """Whether the words stand between quotation marks, and nothing else does."""
        text = place.document.text
        start, end = place.span
        opens = text[max(0, start - 1) : start] in tuple("“\"«„‘'‹「")
        return opens and text[end : end + 3].lstrip(".,;:!?…")[:1] in tuple("”\"»“’'›」")

    def passage_at(self, place: Place) -> Passage | None:
        """The passage in which the words begin."""
        document_id = place.document.id
        if document_id not in self._passages:
            self._passages[document_id] = self.index.passages(document_id)
        start = place.span[0]
        return next((p for p in self._passages[document_id] if p.start <= start < p.end), None)

    def sentences(self, place: Place) -> list[SentenceSpan]:
        """The sentences in which the words stand, in order."""
        start, end = place.span
        document_id = place.document.id
        self.passage_at(place)
        return [
            sentence
            for passage in self._passages[document_id]
            if passage.start < end and start < passage.end
            for sentence in passage.sentences
            if sentence.start < end and start < sentence.end
        ]

    def quotation_at(self, place: Place) -> Quotation | None:
        """The stored quotation that holds the words."""
        start, end = place.span
        for quotation in self._structure(place.document).quotations:
            if quotation.start <= start and end <= quotation.end:
                return quotation
        return None

    def citation(self, place: Place) -> Citation:
        """The exact place, attributed to whom the source quotes there."""
        start, end = place.span
        (citation, *_) = cite_line(place.document, start, end).citations
        passage = self.passage_at(place)
        quotation = self.quotation_at(place)
        return replace(
            citation,
            section=passage.section if passage else "",
            speaker=quotation.speaker if quotation else None,
        )

    @cached_property
    def _small(self) -> bool:
        return sum(self._ids.values()) <= READ_WHOLE

    def _structure(self, document: Document) -> Structure:
        if document.id not in self._structures:
            if isinstance(self.index, Index):
                self._structures[document.id] = structure_of(self.index, document)
            else:
                self._structures[document.id] = find_structure(shown_text(document), document.format)
        return self._structures[document.id]

    def _in_turn(self, words: str, first: Sequence[str], text: str) -> Iterator[str]:
        """Documents in the order in which they are looked through."""
        seen = [name for name in dict.fromkeys(first) if name in self._ids]
        yield from seen
        if self._small:
            others = list(self._ids)
        else:
            others = [passage.document_id for passage in self._propose(words) + (self._propose(text) if text else [])]
        yield from (name for name in dict.fromkeys(others) if name not in seen)

    def _propose(self, text: str) -> list[Passage]:
        if text not in self._proposed:
            found = self.index.candidates([text], k=PROPOSED, document_ids=self._ids.keys())
            found.sort(key=lambda candidate: (-candidate.lexical, -candidate.best_sentence))
            self._proposed[text] = [candidate.passage for candidate in found][: 2 * PROPOSED]
        return self._proposed[text]

    def windows(
        self, keys: Sequence[str], spans: Sequence[tuple[str, int, int]], text: str
    ) -> Iterator[tuple[Document, int, int]]:
        """Stretches of words in which the quoted ones may stand nearly: document, first, last."""
        proposed = [(p.document_id, p.start, p.end) for p in self._propose(" ".join(keys))]
        if text:
            proposed += [(p.document_id, p.start, p.end) for p in self._propose(text)[:3]]
        done: set[tuple[str, int]] = set()
        for document_id, start, end in [*spans, *proposed]:
            if (document_id, start) in done or document_id not in self._ids:
                continue
            done.add((document_id, start))
            document = self.document(document_id)
            words = document_words(document)
            first, last = words.between(start, end)
            reach = min(len(keys), 200)
            yield document, max(0, first - reach), min(len(words), last + reach)


def _called(title: str) -> Iterator[str]:
    """What a document is called: its title, and that without "(film)" or what stands behind a colon."""
    yield title
    yield re.sub(r"\([^()]*\)$", "", title.rstrip())
    yield title.partition(":")[0]
