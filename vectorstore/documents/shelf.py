"""Documents and passages, read from the manifest when they are asked for; those used last are remembered.

Each version of a document has an entry of its own. When a change replaces or removes a document, the old text and
passages are put into the old entry: searches that began before the change hold that entry, and go on with it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from vectorstore.documents import damage
from vectorstore.documents.manifest import Manifest
from vectorstore.documents.records import StoredPassage
from vectorstore.errors import IndexDamaged
from vectorstore.types import NOT_ANSWERS, Document, Head, Passage

MOST_CHARACTERS = 20_000_000
MOST_SPANS = 200_000
"""How much is remembered: characters of texts; passages and sentences together, about 30 MB."""

Value = TypeVar("Value")


def is_searched(passage: Passage) -> bool:
    """Whether a passage has vectors and words in the search; headings and captions do not."""
    return passage.kind not in NOT_ANSWERS


@dataclass(frozen=True)
class Rows:
    """The stored passages of a document, in text order."""

    stored: tuple[StoredPassage, ...]

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        return {row.passage.id: row.passage for row in self.stored}


class Entry:
    """One version of a document: its head, the ids of its searched passages and, once it is no longer in the manifest,
    the rest of it. Equal to itself only."""

    def __init__(self, head: Head, searched: Sequence[str]) -> None:
        self.head = head
        self.searched = tuple(searched)
        self.kept: tuple[Document, Rows] | None = None


class Shelf:
    """Reads what entries stand for; safe in several threads."""

    def __init__(self, manifest: Manifest, directory: Path) -> None:
        self._manifest = manifest
        self._directory = directory
        self._documents: _Recent[Document] = _Recent(MOST_CHARACTERS)
        self._rows: _Recent[Rows] = _Recent(MOST_SPANS)

    def document(self, entry: Entry) -> Document:
        """Raises IndexDamaged where the manifest does not have it as the entry says."""
        known = entry.kept[0] if entry.kept else self._documents.get(entry)
        if known is not None:
            return known
        document = None
        try:
            document = self._manifest.document(entry.head.id)
        except IndexDamaged:
            if entry.kept is None:
                raise
        if entry.kept is not None:  # replaced meanwhile: what was read may be the new one, or half of each
            return entry.kept[0]
        if document is None or Head.of(document) != entry.head:
            raise self._damaged(entry)
        self._documents.put(entry, document, len(document.text))
        return document

    def rows(self, entry: Entry) -> Rows:
        """Raises IndexDamaged as `document` does."""
        known = entry.kept[1] if entry.kept else self._rows.get(entry)
        if known is not None:
            return known
        rows = Rows(())
        try:
            rows = Rows(tuple(self._manifest.stored(entry.head.id)))
        except IndexDamaged:
            if entry.kept is None:
                raise
        if entry.kept is not None:
            return entry.kept[1]
        if tuple(row.passage.id for row in rows.stored if is_searched(row.passage)) != entry.searched:
            raise self._damaged(entry)
        self._rows.put(entry, rows, sum(1 + len(row.passage.sentences) for row in rows.stored))
        return rows

    def keep(self, entry: Entry) -> None:
        """To be called before the manifest replaces or removes it."""
        entry.kept = (self.document(entry), self.rows(entry))
        self._documents.drop(entry)
        self._rows.drop(entry)

    def _damaged(self, entry: Entry) -> IndexDamaged:
        changed = f"the document {entry.head.id} is not as it was when the index was opened"
        return damage.damaged(self._directory, changed)


class _Recent(Generic[Value]):
    """The values used last, together at most `most` in weight, or one that is larger alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._values: OrderedDict[Entry, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, entry: Entry) -> Value | None:
        with self._lock:
            if entry not in self._values:
                return None
            self._values.move_to_end(entry)
            return self._values[entry][0]

    def put(self, entry: Entry, value: Value, weight: int) -> None:
        with self._lock:
            _, before = self._values.pop(entry, (None, 0))
            self._values[entry] = (value, weight)
            self._weight += weight - before
            while self._weight > self._most and len(self._values) > 1:
                _, (_, least) = self._values.popitem(last=False)
                self._weight -= least

    def drop(self, entry: Entry) -> None:
        with self._lock:
            if entry in self._values:
                self._weight -= self._values.pop(entry)[1]
