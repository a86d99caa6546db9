"""Tells damage of the manifest from a disk that refuses, and says in one line what is lost and how to get it back.

No message holds a word of a document. SQLite's own messages can quote what they could not read, so of its errors only
the code is told.
"""

from __future__ import annotations

import shlex
import sqlite3
import tempfile
from pathlib import Path

from vectorstore.documents.origins import ORIGINS_FILE, read_origins
from vectorstore.documents.records import ROWS, STRUCTURE
from vectorstore.errors import AttestError, DocumentDamaged, IndexDamaged, StorageError
from vectorstore.types import Head

_DISK = {
    sqlite3.SQLITE_PERM: "no permission",
    sqlite3.SQLITE_BUSY: "another program has the file open",
    sqlite3.SQLITE_LOCKED: "another program has the file open",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_IOERR: "disk I/O error",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CANTOPEN: "a file cannot be opened or made",
    sqlite3.SQLITE_PROTOCOL: "the file cannot be locked",
    sqlite3.SQLITE_NOLFS: "the file is too large for the file system",
    sqlite3.SQLITE_AUTH: "no permission",
}
_AGAIN = "attest ingest PATH_OR_URL... --index"
NOT_TEXT = "it holds text that is not UTF-8"
_SHOWN = 5
_LONGEST = 1000


def of_sqlite(error: sqlite3.Error, where: Path) -> AttestError:
    """The error of ours that stands for one of SQLite's: StorageError where the disk refuses, else IndexDamaged. The
    statements are ours and fixed, so one that fails for any other reason has met a file that is not as it was."""
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return vanished(where)
    if code is not None and code & 0xFF in _DISK:
        return StorageError(
            f"The index {where} cannot be read or written ({_DISK[code & 0xFF]}). "
            "Free space or mend the permissions; what was stored before is unchanged."
        )
    if code is None:  # Python's own: it would print the text that it could not decode
        return damaged(where, NOT_TEXT)
    return damaged(where, f"SQLite reports {getattr(error, 'sqlite_errorname', code)}")


def damaged(where: Path, what: str) -> IndexDamaged:
    """The index as a whole cannot be used as it is, but something of it may be read."""
    return IndexDamaged(
        f"The index {where} is damaged ({what}). Run `attest doctor --rebuild --index {shlex.quote(str(where))}`: "
        "it keeps every document that can be read."
    )


def vanished(where: Path) -> IndexDamaged:
    """The manifest's file was taken away while it was open: what was stored can still be read, until it is closed."""
    quoted = shlex.quote(str(where))
    return IndexDamaged(
        f"The index {where} was deleted, moved or replaced while attest had it open: nothing can be stored in it any "
        f"more, and this change was not. Stop attest and put the directory back as it was; if that cannot be done, "
        f"move {where} away and ingest its documents again: `{_AGAIN} {quoted}`."
    )


def lost(where: Path, what: str) -> IndexDamaged:
    """Nothing of the manifest can be read."""
    origins = list(read_origins(where).values())
    quoted = shlex.quote(str(where))
    again = f"move {where} away and ingest its documents again: `{_AGAIN} {quoted}`"
    if origins:
        rest = f" and {len(origins) - _SHOWN:,} more in {where / ORIGINS_FILE}" if len(origins) > _SHOWN else ""
        listed = ", ".join(shown(origin) for origin in origins[:_SHOWN])
        again += f". It held {len(origins):,}: {listed}{rest}"
    return IndexDamaged(f"The index {where} is damaged ({what}): no document in it can be read. To mend it, {again}.")


def not_copied(what: str, where: Path, error: OSError) -> StorageError:
    """What is to be read from a copy, of the index `where`, could not be copied to the temporary directory."""
    reason = error.strerror or "some of it cannot be read"
    if isinstance(error, PermissionError) and Path(str(error.filename)).is_relative_to(where):
        return StorageError(f"{what} cannot be read ({reason}). Make it readable, or pass --index with another one.")
    try:
        place = tempfile.gettempdir()
    except OSError:  # there is room in none
        place = "the temporary directory"
    return StorageError(
        f"{what} cannot be copied to {place} to be read ({reason}). "
        "Free some space there, or set TMPDIR to another directory."
    )


def one_document(where: Path, document_id: str, head: Head | None, part: str, *, readable: bool) -> DocumentDamaged:
    """One document of an otherwise sound index; `part` is what differs. `head` is None where it cannot be believed
    itself; then the origin is taken from the list kept beside the manifest."""
    origin = head.origin if head else read_origins(where).get(document_id)
    name = f"{shown(head.title)!r}" if head else shown(document_id)
    index = f"--index {shlex.quote(str(where))}"
    source = "" if origin is None else f", from {shown(origin)},"
    cure = f"Take it out with `attest ingest --remove {shlex.quote(shown(document_id))} {index}`"
    if origin is not None and (shown(origin) != origin or origin.startswith(("upload:", "bundled:"))):
        cure += ", then add it again"  # no command could name its file
    elif origin is not None and _there(origin):
        cure = f"Run `attest ingest {shlex.quote(shown(origin))} {index}` to store it anew"
    elif origin is not None:
        cure = f"Put its file back and run `attest ingest {shlex.quote(shown(origin))} {index}`, or: {cure}"
    if readable and part in (ROWS, STRUCTURE):
        cure = f"Run `attest doctor --rebuild {index}`: its text is whole. Or: {cure}"
    return DocumentDamaged(
        f"The document {name}{source} is damaged in the index {where} ({part} not what was stored). {cure}.",
        document_id,
        head.title if head else None,
        origin,
        readable,
    )


def shown(value: object) -> str:
    """A name fit for one line of a message: what cannot be printed is replaced, what is too long is cut. In a damaged
    manifest it need not be a text."""
    plain = "".join(character if character.isprintable() else "\ufffd" for character in str(value))
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _there(origin: str) -> bool:
    if origin.startswith(("http://", "https://")):
        return True
    try:
        return Path(origin).is_absolute() and Path(origin).is_file()
    except (OSError, ValueError):
        return False
