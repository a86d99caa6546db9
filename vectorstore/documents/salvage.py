"""Takes what can still be read out of a broken manifest into a new one.

Only what its digests vouch for is taken: a document whose text is the one that was stored, and its passages if they are
too. The broken file is never changed: a copy of it is read, as it is, then with its header mended, then with its schema
mended too.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vectorstore.documents import damage, records
from vectorstore.documents.manifest import Manifest, Settings, notes_of, settings_of
from vectorstore.documents.migrations import FIRST_WITH_CHECKS, SCHEMA_VERSION
from vectorstore.documents.origins import read_origins
from vectorstore.documents.records import Changed, Differs, StoredPassage
from vectorstore.documents.summary import read_settings
from vectorstore.types import Document, Head

_UNREADABLE = (sqlite3.Error, UnicodeError)
_HEADER = b"SQLite format 3\0"
_PAGE = 4096
_LEAF = 13
"""The first byte of a page that is all there is of a table."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was taken: `documents` in the order of first ingest, each with its passages, or with None where those are
    damaged. `lost` names the others. `settings` is None where they are damaged, and `notes` are empty then."""

    documents: tuple[tuple[Document, list[StoredPassage] | None], ...]
    lost: tuple[str, ...]
    settings: Settings | None
    notes: Mapping[str, str]


def salvage(file: Path, where: Path) -> Salvaged:
    """Reads a broken manifest, of the index that messages name `where`. Raises IndexDamaged where no document can be
    read, StorageError where the disk refuses."""
    try:
        with tempfile.TemporaryDirectory(prefix="attest-salvage-") as folder:
            copy = Path(folder) / file.name
            for suffix in ("", "-journal"):
                if Path(f"{file}{suffix}").is_file():
                    shutil.copyfile(f"{file}{suffix}", f"{copy}{suffix}")
            best = Salvaged((), (), None, {})
            for mend in (None, _mend_header, _mend_schema):
                if mend:
                    mend(copy)
                with contextlib.suppress(*_UNREADABLE), contextlib.closing(_opened(copy)) as db:
                    best = max(best, _read(db, where), key=_worth)
                if best.documents and not best.lost and all(rows is not None for _, rows in best.documents):
                    break
            if best.documents:
                return best
    except OSError as error:
        raise damage.not_copied(f"The broken manifest of the index {where}", where, error) from error
    raise damage.lost(where, "its manifest is empty, missing or unreadable")


def _opened(copy: Path) -> sqlite3.Connection:
    db = sqlite3.connect(copy, isolation_level=None)
    db.text_factory = records.lenient
    db.execute("PRAGMA writable_schema = ON")  # opens a file that is shorter than it says
    return db


def _worth(found: Salvaged) -> tuple[int, int, bool]:
    return sum(rows is not None for _, rows in found.documents), len(found.documents), found.settings is not None


def write_salvaged(found: Salvaged, manifest: Manifest, *, whole: bool) -> None:
    """Puts the documents into a new manifest: those whose passages are sound; with `whole` false the others too,
    without passages, which have to be made again."""
    with manifest.transaction():
        if found.settings is not None:
            manifest.write_settings(found.settings)
        for name, text in found.notes.items():
            manifest.write_note(name, text)
        for document, rows in found.documents:
            if rows is not None or not whole:
                manifest.replace(document, rows or [], ())


def _mend_header(file: Path) -> None:
    """Puts the constants of the first 100 bytes back as attest's files have them; what counts pages is left for SQLite
    to find out from the file."""
    with file.open("r+b") as stream:
        header = bytearray(stream.read(100))
        if len(header) < 100:
            return
        header[0:16] = _HEADER
        header[16:24] = bytes((16, 0, 1, 1, 0, 64, 32, 32))  # pages of 4,096 bytes, a rollback journal
        header[28:40] = bytes(12)  # the number of pages, and the list of free ones
        header[44:48] = (4).to_bytes(4, "big")  # the format of the schema
        header[52:60] = bytes(7) + b"\1"  # no vacuum, UTF-8
        header[64:92] = bytes(28)
        stream.seek(0)
        stream.write(header)


def _mend_schema(file: Path) -> None:
    """Puts the first page of a new manifest in the place of this one's: the tables of every index that this release
    made begin on the same pages. What is read through it wrongly is not vouched for by any digest."""
    new = file.with_name("new.sqlite")
    Manifest(new).close()
    with new.open("rb") as stream:
        page = stream.read(_PAGE)
    if file.stat().st_size > len(page) and page[100] == _LEAF:
        with file.open("r+b") as stream:
            stream.write(page)
        _mend_header(file)


def _read(db: sqlite3.Connection, where: Path) -> Salvaged:
    with_checks = bool(_all(lambda: db.execute("SELECT 1 FROM checks LIMIT 1")))
    with_knowledge = bool(_all(lambda: db.execute("SELECT 1 FROM knowledge LIMIT 1")))
    documents: list[tuple[int, Document, list[StoredPassage] | None]] = []
    lost = []
    for document_id in _ids(db, where):
        found = None
        for beside, column in itertools.product((2, 1, 0), ("d.id", "+d.id")):  # a text is worth more than places
            with contextlib.suppress(*_UNREADABLE, Differs):
                found = found or _document(db, document_id, with_checks, with_knowledge, beside, column)
        if found is None:
            lost.append(document_id)
            continue
        position, document = found
        rows = None
        if with_checks:
            with contextlib.suppress(*_UNREADABLE, Differs):
                rows = records.read_stored(db, document_id)
        documents.append((position, document, rows))
    settings, notes = None, dict[str, str]()
    for version in range(FIRST_WITH_CHECKS, SCHEMA_VERSION + 1):  # the file's own number may be damaged
        with contextlib.suppress(*_UNREADABLE, Changed):
            values = read_settings(db, version)
            settings, notes = settings or settings_of(values), notes or notes_of(values)
    documents.sort(key=lambda entry: entry[0])
    origins = read_origins(where)
    names = tuple(damage.shown(origins.get(document_id, document_id)) for document_id in lost)
    return Salvaged(tuple((document, rows) for _, document, rows in documents), names, settings, notes)


def _document(
    db: sqlite3.Connection, document_id: str, with_checks: bool, with_knowledge: bool, beside: int, column: str
) -> tuple[int, Document]:
    """Position and document, with so much of what is stored beside it: the places of its words, then its file."""
    sql = f"SELECT position, id, title, sha256, origin, format FROM documents d WHERE {column} = ?"
    row = db.execute(sql, (document_id,)).fetchone()
    if row is None:
        raise Differs(records.HEAD)
    position, identity, title, sha256, origin, written = row
    if not all(isinstance(value, str) for value in row[1:]):
        raise Differs(records.HEAD)
    # Schema 1 had no digest but that of the text.
    head: Head | None = Head(identity, title, sha256, origin, "markdown" if written == "markdown" else "plain", 0)
    if with_checks:
        head = records.read_head(db, document_id, column)
    if head is None:
        raise Differs(records.HEAD)
    document = records.read_document(
        db, head, column, with_knowledge=with_knowledge, with_pages=beside > 0, with_original=beside > 1
    )
    return position, document


def _ids(db: sqlite3.Connection, where: Path) -> list[str]:
    """Ids of documents from every place that names them, for some of them may be unreadable."""
    found: dict[str, None] = {}
    for sql in (
        "SELECT id FROM documents ORDER BY position",
        "SELECT id FROM documents ORDER BY position DESC",
        "SELECT id FROM documents ORDER BY id",
        "SELECT document_id FROM checks",
        "SELECT DISTINCT document_id FROM passages",
    ):
        found.update((row[0], None) for row in _all(lambda sql=sql: db.execute(sql)))  # type: ignore[misc]
    found.update((document_id, None) for document_id in read_origins(where))
    return [document_id for document_id in found if isinstance(document_id, str)]


def _all(query: Callable[[], Iterable[Any]]) -> list[Any]:
    """The rows up to the first that cannot be read."""
    rows: list[Any] = []
    with contextlib.suppress(*_UNREADABLE):
        rows.extend(query())
    return rows
