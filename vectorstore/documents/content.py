"""What an index holds at one moment: which documents and passages, their word index, the texts to embed.

A change of the index makes a new `Content`; a search that has begun goes on with the one it began with. Only heads and
ids are held in memory: opening a large index reads no text (see `shelf.py`).
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.disk.place import Place
from vectorstore.documents.manifest import Manifest
from vectorstore.documents.records import StoredPassage, digest, vector_ids
from vectorstore.documents.shelf import Entry, Shelf, is_searched
from vectorstore.embedded_text import context_prefix, passage_text
from vectorstore.errors import DocumentDamaged, InputError
from vectorstore.folding import unmarked
from vectorstore.search.lexical import LEXICAL_FILE, LexicalIndex, kept_index
from vectorstore.types import Document, Passage, shown_text, text_sha256

__all__ = ["Content", "check_fits", "is_searched", "stored_passage"]

_versions = itertools.count(1)

Value = TypeVar("Value")


def stored_passage(
    passage: Passage, vectors: Mapping[str, NDArray[np.float32]], kept: tuple[bytes, ...] | None = None
) -> StoredPassage:
    """A passage with its digests: those it has `kept`, else those of its new vectors, by their ids."""
    if not is_searched(passage):
        return StoredPassage(passage, ())
    return StoredPassage(passage, kept or tuple(digest(vectors[name]) for name in vector_ids(passage)))


def check_fits(document: Document, passages: Sequence[Passage]) -> None:
    """Raises InputError for a text that cannot be stored, ValueError unless the passages lie in order inside it."""
    for value in (document.id, document.title, document.text, document.origin):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InputError(
                f"{document.title!r} holds characters that are not text (lone surrogates). Save it as UTF-8."
            ) from error
    if document.sha256 != text_sha256(document.text):
        raise ValueError(f"the SHA-256 of document {document.id} is not that of its text")
    if len({passage.id for passage in passages}) != len(passages):
        raise ValueError(f"two passages of document {document.id} have the same id")
    at = 0
    for passage in passages:
        spans = [(span.start, span.end) for span in passage.sentences]
        inside = all(passage.start <= start < end <= passage.end for start, end in spans)
        if passage.document_id != document.id or not at <= passage.start < passage.end <= len(document.text):
            raise ValueError(f"passage {passage.id} does not lie in order inside document {document.id}")
        if not inside or any(a[1] > b[0] for a, b in itertools.pairwise(spans)):
            raise ValueError(f"the sentences of passage {passage.id} do not lie in order inside it")
        at = passage.end


class _Read(Mapping[str, Value], Generic[Value]):
    """What is read for each entry, by the document's id, when it is asked for."""

    def __init__(self, entries: Mapping[str, Entry], read: Callable[[Entry], Value]) -> None:
        self._entries = entries
        self._read = read

    def __getitem__(self, document_id: str) -> Value:
        return self._read(self._entries[document_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class Content:
    """Documents in the order of first ingest. `ids` are the passages that may be found, in document order and the order
    of the text; `owners` are the ids of their documents, `position` is each one's place. `documents` and `stored` read
    documents and passages, by the document's id, when they are asked for."""

    def __init__(self, entries: Mapping[str, Entry], shelf: Shelf, lexical_file: Path | None = None) -> None:
        self.version = next(_versions)
        self.entries = entries
        self.documents: Mapping[str, Document] = _Read(entries, shelf.document)
        self.stored: Mapping[str, Sequence[StoredPassage]] = _Read(entries, lambda entry: shelf.rows(entry).stored)
        self._shelf = shelf
        self._lexical_file = lexical_file
        self._making = threading.Lock()

    @classmethod
    def of(cls, manifest: Manifest, place: Place) -> Content:
        """What the manifest of the index at this place names."""
        try:
            heads = manifest.heads()
        except DocumentDamaged:  # it came about while the index was open last
            manifest.examine()
            heads = manifest.heads()
        searched = manifest.searched()
        entries = {head.id: Entry(head, searched.get(head.id, ())) for head in heads}
        return cls(entries, Shelf(manifest, place.named), place.files / LEXICAL_FILE)

    def keep(self, entries: Iterable[Entry]) -> None:
        """To be called before the manifest replaces or removes what these stand for: searches that have begun go on
        with it."""
        for entry in entries:
            self._shelf.keep(entry)

    def replaced(self, entries: Iterable[Entry]) -> Content:
        """This content with each of the entries in place of what had its id, or after all others."""
        return self._with({**self.entries, **{entry.head.id: entry for entry in entries}})

    def without(self, document_id: str) -> Content:
        """This content less a document."""
        return self._with({name: entry for name, entry in self.entries.items() if name != document_id})

    def _with(self, entries: Mapping[str, Entry]) -> Content:
        return Content(entries, self._shelf, self._lexical_file)

    @cached_property
    def ids(self) -> list[str]:
        return [name for entry in self.entries.values() for name in entry.searched]

    @cached_property
    def owners(self) -> list[str]:
        return [name for name, entry in self.entries.items() for _ in entry.searched]

    @cached_property
    def position(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.ids)}

    def passages(self, positions: Iterable[int]) -> list[Passage]:
        """The passages in these places."""
        return [self._shelf.rows(self.entries[self.owners[i]]).by_id[self.ids[i]] for i in positions]

    @property
    def lexical(self) -> LexicalIndex:
        """The word index of the passages in `ids`, in that order; kept in a file where there is much to index."""
        with self._making:
            return self._lexical

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return kept_index(self._texts, self.ids, self._lexical_file)

    def _texts(self) -> list[str]:
        """What the word index knows of each passage."""
        texts = []
        for entry in self.entries.values():
            document, rows = self._shelf.document(entry), self._shelf.rows(entry)
            for name in entry.searched:
                passage = rows.by_id[name]
                prefix = context_prefix(document.title, passage.section)
                texts.append(prefix + unmarked(passage_text(shown_text(document), passage.sentences)))
        return texts

    def digests(self) -> dict[str, bytes]:
        """The digest of every vector there should be, by its id."""
        return {
            name: value
            for rows in self.stored.values()
            for row in rows
            for name, value in zip(row.vector_ids, row.digests, strict=True)
        }

    def top_lexical(self, scores: NDArray[np.float32], k: int, document_ids: Collection[str] | None) -> list[str]:
        """Ids of the k passages with the highest scores above 0, ties in document order. `scores` is one for each of
        `ids`."""
        order = np.argsort(-scores, kind="stable").tolist()
        found: list[str] = []
        for i in order:
            if scores[i] <= 0 or len(found) >= k:
                break
            if document_ids is None or self.owners[i] in document_ids:
                found.append(self.ids[i])
        return found
