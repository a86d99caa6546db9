"""What an index holds at one moment, in memory: documents and passages, their word index, the texts to embed.

A change of the index makes a new `Content`; a search that has begun goes on with the one it began with.

But: nothing here touches the disk.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vectorstore.context import context_prefix, embedding_text
from vectorstore.lexical import LexicalIndex
from vectorstore.manifest import StoredPassage
from vectorstore.types import NOT_ANSWERS, Document, Passage


def is_searched(passage: Passage) -> bool:
    """Whether a passage has vectors and words in the search; headings and captions do not."""
    return passage.kind not in NOT_ANSWERS


def texts_to_embed(document: Document, passage: Passage) -> list[str]:
    """One text for each of the passage's vectors: its own with title and section, then each sentence alone."""
    own = embedding_text(document.title, passage.section, document.text[passage.start : passage.end])
    return [own, *(" ".join(document.text[span.start : span.end].split()) for span in passage.sentences)]


class Content:
    """Documents in the order of first ingest, their passages in text order; `searched` are those a search may find."""

    def __init__(self, documents: Sequence[Document], stored: Sequence[Sequence[StoredPassage]]) -> None:
        self.documents = {document.id: document for document in documents}
        self.stored = {document.id: list(rows) for document, rows in zip(documents, stored, strict=True)}
        self.searched = [row.passage for rows in stored for row in rows if is_searched(row.passage)]
        self.position = {passage.id: i for i, passage in enumerate(self.searched)}

    @cached_property
    def lexical(self) -> LexicalIndex:
        texts = []
        for passage in self.searched:
            document = self.documents[passage.document_id]
            prefix = context_prefix(document.title, passage.section)
            texts.append(prefix + document.text[passage.start : passage.end])
        return LexicalIndex(texts)

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
