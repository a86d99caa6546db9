"""Texts at hand as a source, for a check without an index: the contexts that an answer was made from, or a document and
the places of it that are cited.

But: they are searched by their words alone, and what the reader makes of them is kept in memory only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Self

from assistant.check.wording.stems import told_stems
from ingest.passages import sentence_spans
from ingest.structure import find_structure
from vectorstore.embedding.states import Kept
from vectorstore.search.hybrid import Candidate
from vectorstore.types import NOT_ANSWERS, Document, Head, Passage, SentenceSpan, Span, shown, shown_text, text_sha256

SENTENCES, CHARACTERS = 6, 1_000
"""The most of a passage, if it has more than one sentence."""


class Texts:
    """Some texts, (title, text) each, in the place of an `Index`; the ids of the documents are "text-1" and so on."""

    version = 0

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        self._hold(
            Document(f"text-{n}", title, text, text_sha256(text), f"text:{n}")
            for n, (title, text) in enumerate(texts, 1)
        )

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Self:
        """Documents under their own ids, each read by its format."""
        texts = cls(())
        texts._hold(documents)
        return texts

    def _hold(self, documents: Iterable[Document]) -> None:
        self.kept: Kept = _InMemory()
        self._documents = {document.id: document for document in documents}
        self._passages = {name: _passages(document) for name, document in self._documents.items()}

    def heads(self) -> list[Head]:
        return [Head.of(document) for document in self._documents.values()]

    def document(self, document_id: str) -> Document:
        """Raises KeyError where there is none."""
        return self._documents[document_id]

    def passages(self, document_id: str) -> list[Passage]:
        """Raises KeyError where there is no such document."""
        return self._passages[document_id]

    def candidates(
        self, wordings: Sequence[str], *, k: int, document_ids: Collection[str] | None = None
    ) -> list[Candidate]:
        """The k passages that hold the most words of each wording."""
        scored: dict[str, Candidate] = {}
        for wording in wordings:
            wanted = told_stems(wording)
            found = [
                Candidate(passage, 0.0, 0.0, float(len(wanted & self._stems(name, passage))), ("lexical",))
                for name, passages in self._passages.items()
                if document_ids is None or name in document_ids
                for passage in passages
            ]
            scored |= {c.passage.id: c for c in sorted(found, key=lambda c: -c.lexical)[:k]}
        return list(scored.values())

    def _stems(self, name: str, passage: Passage) -> frozenset[str]:
        return told_stems(shown(self._documents[name], passage.start, passage.end))


class Cited(Texts):
    """The sentences of one document that some places of it touch, read among those around them: nothing else supports
    a claim. A heading that is cited counts as a sentence."""

    def __init__(self, texts: Texts, document_id: str, places: Sequence[Span]) -> None:
        document = texts.document(document_id)
        self.kept = texts.kept
        self._documents = {document_id: document}
        self._passages = {
            document_id: [
                replace(passage, sentences=tuple(_told_apart(sentence, places) for sentence in passage.sentences))
                for passage in texts.passages(document_id)
                if _touch(passage, places)
            ]
        }


def _touch(stretch: Passage | SentenceSpan, places: Sequence[Span]) -> bool:
    return any(stretch.start < end and start < stretch.end for start, end in places)


def _told_apart(sentence: SentenceSpan, places: Sequence[Span]) -> SentenceSpan:
    """The sentence as one that may be shown where it is cited, else as one that may not."""
    if not _touch(sentence, places):
        return replace(sentence, kind="heading")
    return replace(sentence, kind="prose") if sentence.kind in NOT_ANSWERS else sentence


class _InMemory:
    """Keeps what was read as long as the texts are there: a text of many sentences has its passages read once."""

    def __init__(self) -> None:
        self._rows: dict[str, bytes] = {}

    def get(self, names: list[str]) -> dict[str, bytes]:
        return {name: self._rows[name] for name in names if name in self._rows}

    def put(self, rows: dict[str, bytes]) -> None:
        self._rows.update(rows)


def _passages(document: Document) -> list[Passage]:
    """A passage for each paragraph, several for a long one."""
    text = shown_text(document)
    structure = find_structure(text, document.format)
    found: list[Passage] = []
    for block, spans in zip(structure.blocks, sentence_spans(text, structure), strict=True):
        for some in _cut(spans):
            name = f"{document.id}:{some[0].start}"
            where = (some[0].start, some[-1].end)
            found.append(Passage(name, document.id, *where, block.section, block.kind, block.speaker, tuple(some)))
    return found


def _cut(spans: Sequence[SentenceSpan]) -> list[list[SentenceSpan]]:
    found: list[list[SentenceSpan]] = []
    for span in spans:
        room = found and len(found[-1]) < SENTENCES and span.end - found[-1][0].start <= CHARACTERS
        if room:
            found[-1].append(span)
        else:
            found.append([span])
    return found
