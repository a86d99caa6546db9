"""The SQLite file that says what an index holds: documents in full, passages, sentences, a digest of every vector.

It is the truth of the index: vectors that it does not name are rubbish, vectors that it names can be made again from
the text it keeps. Each change is one transaction, synced to the disk before it counts.

But: nothing here knows vectors (see `dense.py`) or decides what to embed (see `index.py`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding import Fingerprint
from vectorstore.errors import IndexClosed, IndexDamaged, StorageError
from vectorstore.migrations import migrate
from vectorstore.types import NOT_ANSWERS, Document, Format, Head, Kind, Passage, SentenceSpan

MANIFEST_FILE = "manifest.sqlite"
_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
_FORMATS: dict[str, Format] = {name: name for name in get_args(Format)}
_DAMAGE = ("malformed", "not a database", "corrupt", "no such table", "no such column")


@dataclass(frozen=True, slots=True)
class Settings:
    """What must be equal for vectors to be comparable and passages reusable, and which directory holds the vectors."""

    fingerprint: Fingerprint
    splitter: str
    vectors: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the digests of its vectors: its own first, then one for each sentence; empty for a passage
    that is kept but not searched."""

    passage: Passage
    digests: tuple[bytes, ...]

    @property
    def vector_ids(self) -> tuple[str, ...]:
        return vector_ids(self.passage)[: len(self.digests)]


def vector_ids(passage: Passage) -> tuple[str, ...]:
    """The ids of the passage's vectors: its own, then "ID:n" for each sentence."""
    return (passage.id, *(f"{passage.id}:{n}" for n in range(len(passage.sentences))))


def digest(vector: NDArray[np.float32]) -> bytes:
    """16 bytes that tell whether a stored vector is still the same, bit for bit."""
    return hashlib.blake2b(np.ascontiguousarray(vector, dtype="<f4").tobytes(), digest_size=16).digest()


class Manifest:
    """An open manifest; usable from several threads, one call at a time.

    Raises StorageError where the disk refuses, IndexDamaged where the file is not what was written, IndexMismatch
    where a newer attest wrote it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()
        with self._errors():
            self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            try:
                for pragma in (
                    "journal_mode = DELETE",
                    "synchronous = EXTRA",
                    "foreign_keys = ON",
                    "secure_delete = ON",
                ):
                    self._db.execute(f"PRAGMA {pragma}")
                migrate(self._db, str(file.parent))
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def settings(self) -> Settings | None:
        """None in an index that has just been made."""
        with self._errors():
            values = dict(self._db.execute("SELECT key, value FROM settings"))
        if not values:
            return None
        try:
            stored = json.loads(values["fingerprint"])
            stored["probe"] = tuple(stored["probe"])
            return Settings(Fingerprint(**stored), values["splitter"], values["vectors"])
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(self._damaged(f"settings: {error}")) from error

    def write_settings(self, settings: Settings) -> None:
        with self.transaction():
            values = {
                "fingerprint": json.dumps(asdict(settings.fingerprint)),
                "splitter": settings.splitter,
                "vectors": settings.vectors,
            }
            self._db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", values.items())

    def documents(self) -> list[Document]:
        """All documents, in the order of their first ingest."""
        with self._errors():
            rows = self._db.execute(f"{_SELECT_DOCUMENT} ORDER BY position").fetchall()
        return [self._document(row) for row in rows]

    def document(self, document_id: str) -> Document | None:
        with self._errors():
            row = self._db.execute(f"{_SELECT_DOCUMENT} WHERE id = ?", (document_id,)).fetchone()
        return self._document(row) if row else None

    def heads(self) -> list[Head]:
        """All documents without their texts, in the order of their first ingest."""
        with self._errors():
            rows = self._db.execute(_SELECT_HEAD).fetchall()
        found = []
        for identity, title, sha256, origin, written, characters, nul in rows:
            if nul:  # SQLite counts up to the first one
                with self._errors():
                    query = "SELECT text FROM documents WHERE id = ?"
                    characters = len(self._db.execute(query, (identity,)).fetchone()[0])
            found.append(Head(identity, title, sha256, origin, self._format(written), characters))
        return found

    def searched(self) -> dict[str, list[str]]:
        """Ids of the passages that are searched, in the order of the text, by the id of their document."""
        with self._errors():
            rows = self._db.execute(
                "SELECT document_id, id, kind FROM passages ORDER BY document_id, ordinal"
            ).fetchall()
        found: dict[str, list[str]] = {}
        for document_id, identity, kind in rows:
            if self._kind(kind) not in NOT_ANSWERS:
                found.setdefault(document_id, []).append(identity)
        return found

    def holds(self) -> str:
        """One digest of the ids and digests of all vectors there should be."""
        total = hashlib.sha256()
        with self._errors():
            for sql in (
                "SELECT id, -1, digest FROM passages WHERE digest IS NOT NULL ORDER BY id",
                "SELECT passage_id, n, digest FROM sentences WHERE digest IS NOT NULL ORDER BY passage_id, n",
            ):
                for identity, n, value in self._db.execute(sql):
                    total.update(f"{identity}:{n}:{value!r}\n".encode())
        return total.hexdigest()

    def stored(self, document_id: str) -> list[StoredPassage]:
        """A document's passages in the order of its text."""
        with self._errors():
            passages = self._db.execute(
                'SELECT id, document_id, "start", "end", section, kind, speaker, digest FROM passages '
                "WHERE document_id = ? ORDER BY ordinal",
                (document_id,),
            ).fetchall()
            sentences = self._db.execute(
                'SELECT s.passage_id, s."start", s."end", s.kind, s.speaker, s.digest FROM sentences s '
                "JOIN passages p ON p.id = s.passage_id WHERE p.document_id = ? ORDER BY s.passage_id, s.n",
                (document_id,),
            ).fetchall()
        spans: dict[str, list[SentenceSpan]] = {}
        digests: dict[str, list[bytes]] = {}
        for passage_id, start, end, kind, speaker, value in sentences:
            spans.setdefault(passage_id, []).append(SentenceSpan(start, end, self._kind(kind), speaker))
            if value is not None:
                digests.setdefault(passage_id, []).append(value)
        found = []
        for passage_id, document, start, end, section, kind, speaker, value in passages:
            tiles = tuple(spans.get(passage_id, ()))
            passage = Passage(passage_id, document, start, end, section, self._kind(kind), speaker, tiles)
            found.append(StoredPassage(passage, (value, *digests.get(passage_id, ())) if value is not None else ()))
        return found

    def replace(self, document: Document, stored: Sequence[StoredPassage], pending: Iterable[str]) -> None:
        """One transaction: the document with its passages takes the place of what was there, keeping its position;
        `pending` are the vectors whose removal is still to be done."""
        with self.transaction():
            self._db.execute("DELETE FROM passages WHERE document_id = ?", (document.id,))
            self._db.execute(
                "INSERT INTO documents (id, title, text, sha256, origin, format) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET title = excluded.title, text = excluded.text, "
                "sha256 = excluded.sha256, origin = excluded.origin, format = excluded.format",
                (document.id, document.title, document.text, document.sha256, document.origin, document.format),
            )
            for ordinal, entry in enumerate(stored):
                self._insert(entry, ordinal)
            self._add_pending(pending)

    def replace_all(self, changes: Iterable[tuple[Document, Sequence[StoredPassage]]], pending: Iterable[str]) -> None:
        """`replace` for several documents, in one transaction."""
        with self.transaction():
            for document, stored in changes:
                self.replace(document, stored, ())
            self._add_pending(pending)

    def remove(self, document_id: str, pending: Iterable[str]) -> None:
        """One transaction: the document and its passages go; `pending` as in `replace`."""
        with self.transaction():
            self._db.execute("DELETE FROM documents WHERE id = ?", (document_id,))
            self._add_pending(pending)

    def update_digests(self, digests: dict[str, bytes]) -> None:
        """Records vectors that were made again: vector id to digest."""
        with self.transaction():
            for vector_id, value in digests.items():
                passage_id, _, n = vector_id.partition(":")
                if n:
                    sql = "UPDATE sentences SET digest = ? WHERE passage_id = ? AND n = ?"
                    self._db.execute(sql, (value, passage_id, int(n)))
                else:
                    self._db.execute("UPDATE passages SET digest = ? WHERE id = ?", (value, passage_id))

    def pending(self) -> list[str]:
        """Ids of vectors that a change cut short may have left behind or left out."""
        with self._errors():
            return [row[0] for row in self._db.execute("SELECT vector_id FROM pending ORDER BY vector_id")]

    def add_pending(self, names: Iterable[str]) -> None:
        """Notes vectors that are about to be stored or removed."""
        with self.transaction():
            self._add_pending(names)

    def clear_pending(self, names: Iterable[str]) -> None:
        """To be called when these vectors are what the manifest says."""
        with self.transaction():
            self._db.executemany("DELETE FROM pending WHERE vector_id = ?", [(name,) for name in names])

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file; empty where nothing is."""
        with self._errors():
            found = [row[0] for row in self._db.execute("PRAGMA integrity_check(20)")]
            orphans = self._db.execute("PRAGMA foreign_key_check").fetchall()
        problems = [f"manifest: {line}" for line in found if line != "ok"]
        return problems + [f"manifest: a row of {row[0]} belongs to nothing" for row in orphans]

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside count together or not at all. May be nested: the outermost one commits."""
        with self._errors():
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _insert(self, entry: StoredPassage, ordinal: int) -> None:
        passage, digests = entry.passage, entry.digests
        own = digests[0] if digests else None
        self._db.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage.id,
                passage.document_id,
                ordinal,
                passage.start,
                passage.end,
                passage.section,
                passage.kind,
                passage.speaker,
                own,
            ),
        )
        for n, span in enumerate(passage.sentences):
            value = digests[n + 1] if digests else None
            row = (passage.id, n, span.start, span.end, span.kind, span.speaker, value)
            self._db.execute("INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _add_pending(self, names: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", [(name,) for name in names])

    def _document(self, row: tuple[str, str, str, str, str, str]) -> Document:
        identity, title, text, sha256, origin, written = row
        return Document(identity, title, text, sha256, origin, self._format(written))

    def _format(self, name: str) -> Format:
        if name not in _FORMATS:
            raise IndexDamaged(self._damaged(f"a document of the unknown format {name!r}"))
        return _FORMATS[name]

    def _kind(self, name: str) -> Kind:
        if name not in _KINDS:
            raise IndexDamaged(self._damaged(f"a passage of the unknown kind {name!r}"))
        return _KINDS[name]

    def _damaged(self, what: str) -> str:
        return (
            f"The index {self._file.parent} is damaged ({what}). Run `attest doctor --rebuild --index "
            f"{self._file.parent}`; if that fails too, delete the directory and ingest again."
        )

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Holds the lock and turns SQLite's errors into ours."""
        with self._lock:
            try:
                yield
            except sqlite3.ProgrammingError:
                raise IndexClosed(f"The index {self._file.parent} has been closed.") from None
            except sqlite3.DatabaseError as error:
                if any(word in str(error) for word in _DAMAGE) or isinstance(error, sqlite3.IntegrityError):
                    raise IndexDamaged(self._damaged(str(error))) from error
                raise StorageError(
                    f"The index {self._file.parent} cannot be read or written ({error}). "
                    "Free space or mend the permissions; what was stored before is unchanged."
                ) from error
            except UnicodeDecodeError as error:
                raise IndexDamaged(self._damaged("a text that is not UTF-8")) from error


_SELECT_DOCUMENT = "SELECT id, title, text, sha256, origin, format FROM documents"
_SELECT_HEAD = (
    "SELECT id, title, sha256, origin, format, length(text), instr(text, char(0)) FROM documents ORDER BY position"
)
