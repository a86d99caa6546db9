"""The SQLite file that says what an index holds: documents in full, passages, sentences, a digest of every vector.

It decides what the index is: vectors that it does not name are left over and deleted, vectors that it names can be made
again from the text it keeps. Each change is one transaction, synced to the disk before it counts. Whatever is read is
compared with its digest (`records.py`); what differs is never handed out.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from vectorstore.disk.filesum import filesum
from vectorstore.documents import damage, records
from vectorstore.documents.migrations import SCHEMA_VERSION, migrate
from vectorstore.documents.records import Changed, Differs, StoredPassage
from vectorstore.documents.structures import checked_structure, read_structure, write_structure
from vectorstore.documents.summary import missing_documents, read_settings, write_settings
from vectorstore.embedding.embedder import Fingerprint
from vectorstore.errors import AttestError, DocumentDamaged, IndexClosed, IndexDamaged
from vectorstore.types import Document, Head, Structure

MANIFEST_FILE = "manifest.sqlite"
SUM_FILE = "manifest.sha256"
_HEADER = bytes((1, 1, 0, 64, 32, 32))  # bytes 18 to 23 of a file with a rollback journal
_UTF8 = bytes((0, 0, 0, 1))

NOTE = "note "
"""Begins the keys of what others keep with the index, among those of the settings: one digest vouches for all."""

Refused = TypeVar("Refused", bound=AttestError)


@dataclass(frozen=True, slots=True)
class Settings:
    """What must be equal for vectors to be comparable and passages reusable, and which directory holds the vectors."""

    fingerprint: Fingerprint
    splitter: str
    vectors: str


def settings_of(values: dict[str, str]) -> Settings | None:
    """The settings as the manifest keeps them, by key; None where there are none yet. Raises Changed where they
    cannot be understood: the first release kept no digest that would have shown it earlier."""
    if "fingerprint" not in values:
        return None
    try:
        stored = json.loads(values["fingerprint"])
        stored["probe"] = tuple(stored["probe"])
        return Settings(Fingerprint(**stored), values["splitter"], values["vectors"])
    except (ValueError, TypeError, KeyError):
        raise Changed("its settings have changed") from None


def notes_of(values: dict[str, str]) -> dict[str, str]:
    """What others keep with the index, by name."""
    return {key.removeprefix(NOTE): text for key, text in values.items() if key.startswith(NOTE) and text}


class Manifest:
    """An open manifest; usable from several threads, one call at a time.

    `left_out` are the damaged documents, by their ids: none of the methods that list documents names them. They are
    looked for on opening where the file is not the one that was closed last; a document that turns out to be damaged
    later raises DocumentDamaged where it is read.

    Raises StorageError where the disk refuses, IndexDamaged where the file as a whole is not what was written,
    IndexMismatch where a newer attest wrote it. `where` is the index that messages name.
    """

    def __init__(self, file: Path, where: Path | None = None) -> None:
        self._file = file
        self._sum_file = file.with_name(SUM_FILE)
        self._where = where or file.parent
        self._lock = threading.RLock()
        self._changed = False
        self.left_out: dict[str, DocumentDamaged] = {}
        with self._errors():
            whole = self._is_as_closed()
            self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            self._db.text_factory = records.lenient
            try:
                for pragma in (
                    "journal_mode = DELETE",
                    "synchronous = EXTRA",
                    "foreign_keys = ON",
                    "secure_delete = ON",
                    "temp_store = MEMORY",
                    "cell_size_check = ON",
                ):
                    self._db.execute(f"PRAGMA {pragma}")
                if not whole:
                    self._refuse_broken(self._db)
                migrate(self._db, str(self._where))
                missing = missing_documents(self._db)
                if missing:
                    raise damage.damaged(self._where, missing)
                if not whole:
                    self.examine()
                    self._sum_file.unlink(missing_ok=True)
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """May be called again. Where every document is sound, the file's digest is kept for the next opening; not so
        where the file has been broken meanwhile (0.1 s for 1,000 documents)."""
        with self._lock:
            self._db.close()
            if not self.left_out and not self._sum_file.exists() and self._is_unbroken():
                try:
                    self._sum_file.write_text(filesum(self._file), "ascii")
                except OSError:  # a full disk: the next opening looks at every document
                    with contextlib.suppress(OSError):
                        self._sum_file.unlink(missing_ok=True)

    def settings(self) -> Settings | None:
        """None in an index that has just been made."""
        with self._errors():
            return settings_of(read_settings(self._db))

    def write_settings(self, settings: Settings) -> None:
        with self.transaction():
            values = {
                "fingerprint": json.dumps(asdict(settings.fingerprint)),
                "splitter": settings.splitter,
                "vectors": settings.vectors,
            }
            write_settings(self._db, values, SCHEMA_VERSION)

    def note(self, name: str) -> str | None:
        """What `write_note` stored last under this name; None where that is nothing."""
        with self._errors():
            return notes_of(read_settings(self._db)).get(name)

    def write_note(self, name: str, text: str | None) -> None:
        """Stores a text that somebody else keeps with the index, or takes it out."""
        with self.transaction():
            write_settings(self._db, {NOTE + name: text or ""}, SCHEMA_VERSION)

    def heads(self) -> list[Head]:
        """All sound documents without their texts, in the order of their first ingest."""
        with self._errors():
            found = records.read_heads(self._db)
        return [self._sound(head, identity) for identity, head in found if identity not in self.left_out]

    def documents(self) -> list[Document]:
        """All sound documents, in the order of their first ingest."""
        return [self._document(head) for head in self.heads()]

    def document(self, document_id: str) -> Document | None:
        """None where there is none. Raises DocumentDamaged."""
        with self._errors(), self._one(document_id):  # head and text of one moment
            head = records.read_head(self._db, document_id)
            return self._document(head) if head else None

    def searched(self) -> dict[str, list[str]]:
        """Ids of the passages that are searched, in the order of the text, by the id of their document."""
        with self._errors():
            return records.read_searched(self._db)

    def originals(self) -> dict[str, str]:
        """The files that documents name, by the documents' ids, also of damaged ones; not compared with a digest."""
        with self._errors():
            rows = self._db.execute("SELECT document_id, sha256 FROM originals").fetchall()
        return {identity: name for identity, name in rows if isinstance(identity, str) and isinstance(name, str)}

    def holds(self) -> str:
        """One digest of the ids and digests of all vectors of sound documents."""
        with self._errors():
            return records.vectors_digest(self._db, self.left_out)

    def stored(self, document_id: str) -> list[StoredPassage]:
        """A document's passages in the order of its text. Raises DocumentDamaged."""
        with self._errors(), self._one(document_id):
            return records.read_stored(self._db, document_id)

    def structure(self, document: Document) -> Structure | None:
        """The structure of this text; None where none is stored. Raises DocumentDamaged."""
        with self._errors(), self._one(document.id):
            return read_structure(self._db, document)

    def write_structure(self, document: Document, structure: Structure) -> None:
        """Stores the structure of a text, unless it is no longer the one of its document."""
        with self.transaction():
            write_structure(self._db, document, structure)

    def replace(
        self,
        document: Document,
        stored: Sequence[StoredPassage],
        pending: Iterable[str],
        structure: Structure | None = None,
    ) -> None:
        """One transaction: the document with its passages and structure takes the place of what was there, keeping its
        position; `pending` are the vectors whose removal is still to be done."""
        with self.transaction():
            records.write_document(self._db, document, stored)
            write_structure(self._db, document, structure)
            self._changed = True
            self._add_pending(pending)
        self.left_out.pop(document.id, None)

    def replace_all(
        self,
        changes: Iterable[tuple[Document, Sequence[StoredPassage], Structure | None]],
        pending: Iterable[str],
    ) -> None:
        """`replace` for several documents, in one transaction."""
        with self.transaction():
            for document, stored, structure in changes:
                self.replace(document, stored, (), structure)
            self._add_pending(pending)

    def remove(self, document_id: str, pending: Iterable[str]) -> None:
        """One transaction: the document and its passages go; `pending` as in `replace`."""
        with self.transaction():
            self._db.execute("DELETE FROM documents WHERE id = ?", (document_id,))
            self._changed = True
            self._add_pending(pending)
        self.left_out.pop(document_id, None)

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
            for document_id in self._documents_of({name.partition(":")[0] for name in digests}):
                records.write_checks(self._db, document_id)
            self._changed = True

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
        """What is wrong with the file and with each document in it; empty where nothing is."""
        with self._errors():
            found = [row[0] for row in self._db.execute("PRAGMA integrity_check(20)")]
            orphans = self._db.execute("PRAGMA foreign_key_check").fetchall()
            missing = missing_documents(self._db)
            self.examine()
        problems = [f"manifest: {line}" for line in found if line != "ok"]
        problems += [f"manifest: a row of {row[0]} belongs to nothing" for row in orphans]
        problems += [f"manifest: {missing}"] if missing else []
        return problems + [str(error) for error in self.left_out.values()]

    def examine(self) -> None:
        """Reads every document, so that `left_out` names all that are damaged (about 0.8 s for 1,000)."""
        with self._errors():
            for document_id, head in records.read_heads(self._db):
                try:
                    document = self._document(self._sound(head, document_id))
                    with self._one(document_id):
                        records.checked_rows(self._db, document_id)
                        checked_structure(self._db, document_id, document.sha256)
                except DocumentDamaged as error:
                    self.left_out[document_id] = error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside count together or not at all. May be nested: the outermost one commits."""
        with self._errors():
            if self._db.in_transaction:
                yield
                return
            self._sum_file.unlink(missing_ok=True)
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                if self._changed:
                    write_settings(self._db, {}, SCHEMA_VERSION)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._changed = False

    def _is_as_closed(self) -> bool:
        """Whether the file is, byte for byte, the one that was closed last."""
        try:
            return self._sum_file.read_text("ascii") == filesum(self._file)
        except (OSError, ValueError):
            return False

    def _is_unbroken(self) -> bool:
        """Whether the file on the disk, which is closed here, has its structure and names as many documents as were
        stored: what came to it while it was open, nobody has looked at."""
        try:
            uri = f"{self._file.absolute().as_uri()}?mode=ro"  # where it has vanished, none is made
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
                db.text_factory = records.lenient
                db.execute("PRAGMA cell_size_check = ON")
                self._refuse_broken(db)
                return missing_documents(db) is None
        except (sqlite3.Error, UnicodeError, Changed, IndexDamaged, OSError):
            return False

    def _refuse_broken(self, db: sqlite3.Connection) -> None:
        """Raises IndexDamaged where the file's structure is broken: a write could then go over what is still whole. A
        header that SQLite takes for that of a read-only file, or of another encoding, is broken too."""
        with self._file.open("rb") as stream:
            header = stream.read(100)
        if len(header) == 100 and (header[18:24] != _HEADER or header[56:60] != _UTF8):
            raise damage.damaged(self._where, "the header of its manifest has changed")
        found = [row[0] for row in db.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"] or db.execute("PRAGMA foreign_key_check").fetchone():
            raise damage.damaged(self._where, "its manifest is broken inside")

    def _sound(self, head: Head | None, document_id: str) -> Head:
        if head is None:
            raise self._noted(damage.one_document(self._where, document_id, None, records.HEAD, readable=False))
        return head

    def _document(self, head: Head) -> Document:
        with self._errors(), self._one(head.id):
            return records.read_document(self._db, head)

    @contextlib.contextmanager
    def _one(self, document_id: str) -> Iterator[None]:
        """Turns what differs into DocumentDamaged."""
        try:
            yield
        except Differs as error:
            head, readable = self._what_is_left(document_id)
            raise self._noted(
                damage.one_document(self._where, document_id, head, error.part, readable=readable)
            ) from None

    def _what_is_left(self, document_id: str) -> tuple[Head | None, bool]:
        """The head of a damaged document, and whether its text is sound."""
        head = None
        with contextlib.suppress(Differs):
            head = records.read_head(self._db, document_id)
            if head:
                records.read_document(self._db, head)
                return head, True
        return head, False

    def _noted(self, error: Refused) -> Refused:
        """Where this is damage, the next opening is to look at every document."""
        if isinstance(error, IndexDamaged):
            with contextlib.suppress(OSError):
                self._sum_file.unlink(missing_ok=True)
        return error

    def _documents_of(self, passage_ids: Iterable[str]) -> set[str]:
        sql = "SELECT document_id FROM passages WHERE id = ?"
        return {row[0] for name in passage_ids for row in self._db.execute(sql, (name,))}

    def _add_pending(self, names: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", [(name,) for name in names])

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Holds the lock and turns SQLite's errors into ours. What is damaged has lost its sum, if it had one: the next
        opening looks at everything."""
        with self._lock:
            try:
                yield
            except sqlite3.ProgrammingError:  # a closed manifest: nobody's damage
                raise IndexClosed(f"The index {self._where} has been closed.") from None
            except sqlite3.Error as error:
                raise self._noted(damage.of_sqlite(error, self._where)) from None  # it may quote a text
            except UnicodeError:
                raise self._noted(damage.damaged(self._where, damage.NOT_TEXT)) from None
            except Changed as error:
                raise self._noted(damage.damaged(self._where, str(error))) from error
