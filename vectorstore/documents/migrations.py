"""The manifest's tables, as numbered steps from an empty file to today's schema.

A released step is never edited: a change of the tables is a new step at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from vectorstore.documents.records import Changed, write_all_checks, write_no_knowledge
from vectorstore.documents.summary import missing_documents, read_settings, write_settings, written_by
from vectorstore.errors import IndexMismatch

Statement = str | Callable[[sqlite3.Connection], None]

MIGRATIONS: tuple[tuple[Statement, ...], ...] = (
    (  # 1: the first release
        "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE documents (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            origin TEXT NOT NULL,
            format TEXT NOT NULL
        )""",
        """CREATE TABLE passages (
            id TEXT PRIMARY KEY,
            document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            "start" INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            section TEXT NOT NULL,
            kind TEXT NOT NULL,
            speaker TEXT,
            digest BLOB,
            UNIQUE (document_id, ordinal)
        ) WITHOUT ROWID""",
        """CREATE TABLE sentences (
            passage_id TEXT NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
            n INTEGER NOT NULL,
            "start" INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            kind TEXT NOT NULL,
            speaker TEXT,
            digest BLOB,
            PRIMARY KEY (passage_id, n)
        ) WITHOUT ROWID""",
        "CREATE TABLE pending (vector_id TEXT PRIMARY KEY) WITHOUT ROWID",
    ),
    (  # 2: digests of everything that is read, so that nothing damaged is believed
        """CREATE TABLE checks (
            document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            characters INTEGER NOT NULL,
            head BLOB NOT NULL,
            rows BLOB NOT NULL
        ) WITHOUT ROWID""",
        write_all_checks,
    ),
    (  # 3: title, authors and date as the text gives them, and what of it is not shown
        """CREATE TABLE knowledge (
            document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            value TEXT NOT NULL,
            digest BLOB NOT NULL
        ) WITHOUT ROWID""",
        write_no_knowledge,
    ),
    (  # 4: the structure of each text, which the page shows; those of earlier documents are found when asked for
        """CREATE TABLE structures (
            document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            value TEXT NOT NULL,
            digest BLOB NOT NULL
        )""",
    ),
    (  # 5: where the words of a PDF stand on its pages; those of earlier documents are known when they are added again
        """CREATE TABLE pages (
            document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            value BLOB NOT NULL,
            digest BLOB NOT NULL
        )""",
    ),
    (  # 6: the file that a document was read from, which its pages are shown from
        """CREATE TABLE originals (
            document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            sha256 TEXT NOT NULL,
            digest BLOB NOT NULL
        )""",
    ),
)
FIRST_WITH_CHECKS = 2
SCHEMA_VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, where: str) -> None:
    """Brings the tables to `SCHEMA_VERSION`, each step in a transaction of its own. `where` names the index in the
    message of IndexMismatch, which is raised where a newer attest has written it; Changed where only the number
    says so, or the settings are not what was written."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        if written_by(connection, SCHEMA_VERSION):
            raise Changed("the number of its schema has changed")
        raise IndexMismatch(
            f"The index {where} has schema version {version}, written by a newer attest; this one knows "
            f"{SCHEMA_VERSION}. Upgrade attest, or pass --index with another directory."
        )
    if version >= FIRST_WITH_CHECKS:
        read_settings(connection)  # a step would take the digest of whatever is there
        missing = missing_documents(connection) if version < SCHEMA_VERSION else None
        if missing:
            raise Changed(missing)
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                if isinstance(statement, str):
                    connection.execute(statement)
                else:
                    statement(connection)
            connection.execute(f"PRAGMA user_version = {number}")
            if number >= FIRST_WITH_CHECKS:
                write_settings(connection, {}, number)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
