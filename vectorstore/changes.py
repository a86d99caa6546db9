"""What storing a document takes: which passages are new, which keep their vectors, which vectors are left over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.documents.content import Content, is_searched, stored_passage, texts_to_embed
from vectorstore.documents.records import StoredPassage, vector_ids
from vectorstore.documents.shelf import Entry
from vectorstore.types import Document, Head, Passage, Structure


@dataclass(frozen=True, slots=True)
class Upserted:
    """Numbers of searched passages: embedded now, kept with their vectors, gone."""

    embedded: int
    reused: int
    removed: int


@dataclass(frozen=True, slots=True)
class Change:
    """A document to be stored in place of `base`, which is None for a new one; `structure` is None where it is not
    known. `texts` are those to embed, by the ids
    of their vectors; `kept` are the digests of passages that keep theirs, `old` the ids of the base's vectors. Where
    `changes` is False, all is there already."""

    document: Document
    passages: Sequence[Passage]
    structure: Structure | None
    base: Entry | None
    texts: Mapping[str, str]
    kept: Mapping[str, tuple[bytes, ...]]
    old: Sequence[str]
    result: Upserted
    changes: bool

    @property
    def entry(self) -> Entry:
        """The document's entry once it is stored."""
        return Entry(Head.of(self.document), [p.id for p in self.passages if is_searched(p)])

    def rows(self, vectors: Mapping[str, NDArray[np.float32]]) -> list[StoredPassage]:
        """The document's rows, with the digests of its new vectors, by their ids, and of those kept."""
        return [stored_passage(passage, vectors, self.kept.get(passage.id)) for passage in self.passages]


def plan(
    document: Document,
    passages: Sequence[Passage],
    structure: Structure | None,
    content: Content,
    stored_structure: Callable[[Document], Structure | None],
) -> Change:
    """What it takes to store the document where the index holds `content`."""
    base = content.entries.get(document.id)
    before = content.documents[document.id] if base else None
    old = {row.passage.id: row for row in content.stored[document.id]} if base else {}
    searched = [passage for passage in passages if is_searched(passage)]
    names = {passage.id for passage in searched}
    kept = {
        passage.id: old[passage.id].digests
        for passage in searched
        if before is not None
        and passage.id in old
        and old[passage.id].digests
        and texts_to_embed(before, old[passage.id].passage) == texts_to_embed(document, passage)
    }
    texts = {
        name: text
        for passage in searched
        if passage.id not in kept
        for name, text in zip(vector_ids(passage), texts_to_embed(document, passage), strict=True)
    }
    vectors = [name for row in old.values() for name in row.vector_ids]
    same = before == document and [row.passage for row in old.values()] == list(passages)
    if same and structure in (None, stored_structure(document)):
        return Change(document, passages, structure, base, {}, kept, vectors, Upserted(0, len(searched), 0), False)
    gone = sum(1 for name, row in old.items() if row.digests and name not in names)
    result = Upserted(len(searched) - len(kept), len(kept), gone)
    return Change(document, passages, structure, base, texts, kept, vectors, result, True)


def left_over(change: Change) -> list[str]:
    """Vectors of the base that the document no longer has."""
    wanted = {name for passage in change.passages if is_searched(passage) for name in vector_ids(passage)}
    return [name for name in change.old if name not in wanted]
