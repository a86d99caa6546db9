"""What an index holds at one moment, in memory: documents and passages, their word index, the texts to embed.

A change of the index makes a new `Content`; a search that has begun goes on with the one it began with.

But: nothing here touches the disk.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.context import context_prefix, embedding_text
from vectorstore.errors import InputError
from vectorstore.lexical import LexicalIndex, kept_index
from vectorstore.manifest import StoredPassage, digest, vector_ids
from vectorstore.types import NOT_ANSWERS, Document, Passage, text_sha256

_versions = itertools.count(1)


def is_searched(passage: Passage) -> bool:
    """Whether a passage has vectors and words in the search; headings and captions do not."""
    return passage.kind not in NOT_ANSWERS


def texts_to_embed(document: Document, passage: Passage) -> list[str]:
    """One text for each of the passage's vectors: its own with title and section, then each sentence alone."""
    own = embedding_text(document.title, passage.section, document.text[passage.start : passage.end])
    return [own, *(" ".join(document.text[span.start : span.end].split()) for span in passage.sentences)]


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


class Content:
    """Documents in the order of first ingest, their passages in text order; `searched` are those that may be found."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        stored: Mapping[str, Sequence[StoredPassage]],
        lexical_file: Path | None = None,
    ) -> None:
        self.version = next(_versions)
        self.documents = documents
        self.stored = stored
        self._lexical_file = lexical_file
        self._making = threading.Lock()

    def replaced(self, document: Document, rows: Sequence[StoredPassage]) -> Content:
        """This content with the document in place of what had its id, or after all others."""
        documents, stored = {**self.documents, document.id: document}, {**self.stored, document.id: rows}
        return Content(documents, stored, self._lexical_file)

    def without(self, document_id: str) -> Content:
        """This content less a document."""
        documents = {name: document for name, document in self.documents.items() if name != document_id}
        return Content(documents, {name: self.stored[name] for name in documents}, self._lexical_file)

    @cached_property
    def searched(self) -> list[Passage]:
        return [row.passage for rows in self.stored.values() for row in rows if is_searched(row.passage)]

    @cached_property
    def position(self) -> dict[str, int]:
        return {passage.id: i for i, passage in enumerate(self.searched)}

    @property
    def lexical(self) -> LexicalIndex:
        """The word index of `searched`, in that order; kept in a file where there is much to index."""
        with self._making:
            return self._lexical

    @cached_property
    def _lexical(self) -> LexicalIndex:
        texts = []
        for passage in self.searched:
            document = self.documents[passage.document_id]
            prefix = context_prefix(document.title, passage.section)
            texts.append(prefix + document.text[passage.start : passage.end])
        return kept_index(texts, [passage.id for passage in self.searched], self._lexical_file)

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
        `searched`."""
        order = np.argsort(-scores, kind="stable").tolist()
        found: list[str] = []
        for i in order:
            if scores[i] <= 0 or len(found) >= k:
                break
            if document_ids is None or self.searched[i].document_id in document_ids:
                found.append(self.searched[i].id)
        return found
