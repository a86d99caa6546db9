"""The settings of an index, and how many documents it holds, under one digest: rows that vanish are noticed.

Two keys of the table `settings` are kept here: "documents" (their number, and a digest over all of `checks`) and
"digest" (over the schema's number and every other setting).
"""

from __future__ import annotations

import sqlite3

from vectorstore.documents.records import Changed, values_digest

DOCUMENTS, DIGEST = "documents", "digest"


def read_settings(db: sqlite3.Connection, version: int | None = None) -> dict[str, str]:
    """All settings by key, of the schema version that the file names or this one. Raises Changed where they are not
    what was written."""
    if version is None:
        (version,) = db.execute("PRAGMA user_version").fetchone()
    values = _stored(db)
    if values.get(DIGEST) != _settings_digest(values, version):
        raise Changed("its settings have changed")
    return values


def written_by(db: sqlite3.Connection, version: int) -> bool:
    """Whether the settings were written under this schema version, whatever the file says."""
    try:
        values = _stored(db)
    except (sqlite3.DatabaseError, Changed):
        return False
    return DIGEST in values and values[DIGEST] == _settings_digest(values, version)


def write_settings(db: sqlite3.Connection, values: dict[str, str], version: int) -> None:
    """Writes these settings beside the others, with the number of documents as it is now. Raises Changed where the
    others are not even texts."""
    rows = db.execute("SELECT * FROM checks ORDER BY document_id").fetchall()
    values = {**values, DOCUMENTS: f"{len(rows)} {values_digest(rows).hex()}"}
    db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", values.items())
    db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (DIGEST, _settings_digest(_stored(db), version)))


def missing_documents(db: sqlite3.Connection) -> str | None:
    """What is wrong where the documents are not those that were counted, or the notes of a change no texts; None where
    nothing is. Raises Changed where the settings are not what was written."""
    values = read_settings(db)
    if db.execute("SELECT 1 FROM pending WHERE typeof(vector_id) != 'text'").fetchone():
        return "its notes of an unfinished change have changed"
    rows = db.execute("SELECT * FROM checks ORDER BY document_id").fetchall()
    (found,) = db.execute("SELECT count(*) FROM documents").fetchone()
    count, _, expected = values[DOCUMENTS].partition(" ")
    if found != int(count):
        return f"it holds {found} documents in place of {count}"
    if values_digest(rows).hex() != expected:
        return "the digests of its documents have changed"
    return None


def _stored(db: sqlite3.Connection) -> dict[str, str]:
    """All settings by key, as they are. One flipped bit can turn a text into NULL, or a number."""
    rows = db.execute("SELECT key, value FROM settings").fetchall()
    if not all(isinstance(value, str) for row in rows for value in row):
        raise Changed("its settings have changed")
    return dict(rows)


def _settings_digest(values: dict[str, str], version: int) -> str:
    return values_digest([version, sorted((key, value) for key, value in values.items() if key != DIGEST)]).hex()
