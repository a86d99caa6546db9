"""What storing a document takes: which passages are new, which keep their vectors, which vectors are left over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.documents.content import Content, is_searched, stored_passage
from vectorstore.documents.records import StoredPassage, vector_ids
from vectorstore.documents.shelf import Entry
from vectorstore.embedded_text import Readable, readable
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
    known. `read` are its new passages as they are read, by their ids, to be embedded; `kept` are the digests of
    passages that keep theirs, `old` the ids of the base's vectors. Where `changes` is False, all is there already."""

    document: Document
    passages: Sequence[Passage]
    structure: Structure | None
    base: Entry | None
    read: Mapping[str, Readable]
    kept: Mapping[str, tuple[bytes, ...]]
    old: Sequence[str]
    result: Upserted
    changes: bool

    @property
    def entry(self) -> Entry:
        """The document's entry once it is stored."""
        return Entry(Head.of(self.document), [p.id for p in self.passages if is_searched(p)])

    def vectors(self, made: Mapping[Readable, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
        """The vectors of its new passages, by their ids; `made`: those of each and its sentences, a row each."""
        new = [passage for passage in self.passages if passage.id in self.read]
        return by_name(new, [made[self.read[passage.id]] for passage in new])

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
    read = readable(document, searched)
    same_id = [old[name].passage for name in names if name in old and old[name].digests]
    before_read = readable(before, same_id) if before else {}
    kept = {name: old[name].digests for name in before_read if before_read[name] == read[name]}
    new = {name: one for name, one in read.items() if name not in kept}
    vectors = [name for row in old.values() for name in row.vector_ids]
    same = before == document and [row.passage for row in old.values()] == list(passages)
    if same and structure in (None, stored_structure(document)):
        return Change(document, passages, structure, base, {}, kept, vectors, Upserted(0, len(searched), 0), False)
    gone = sum(1 for name, row in old.items() if row.digests and name not in names)
    result = Upserted(len(searched) - len(kept), len(kept), gone)
    return Change(document, passages, structure, base, new, kept, vectors, result, True)


def by_name(passages: Iterable[Passage], made: Iterable[NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """The vectors of passages by their ids; `made`: for each those of the passage and its sentences, a row each."""
    names = (name for passage in passages for name in vector_ids(passage))
    return dict(zip(names, (row for rows in made for row in rows), strict=True))


def left_over(change: Change) -> list[str]:
    """Vectors of the base that the document no longer has."""
    wanted = {name for passage in change.passages if is_searched(passage) for name in vector_ids(passage)}
    return [name for name in change.old if name not in wanted]
