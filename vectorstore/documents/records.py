"""One document in the manifest: its head, its text, its passages and sentences, written with digests of all of them.

A row whose digest differs is never handed out: a flipped bit of an offset or a speaker would silently give another
answer. The text has its SHA-256 in the head; the head and the rows have 16 bytes each in the table `checks`.
Transactions are `manifest.py`'s.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from vectorstore.documents.pages import Pages
from vectorstore.types import (
    NOT_ANSWERS,
    Document,
    Fact,
    FactName,
    Format,
    Head,
    Kind,
    Passage,
    SentenceSpan,
    Span,
    text_sha256,
)

TEXT, HEAD, ROWS = "its text is", "its title or origin is", "its passages are"
KNOWLEDGE, STRUCTURE, PAGES = "what is known of it is", "its structure is", "the places of its words are"
ORIGINAL = "the file that its pages are shown from is"
"""The parts of a document that can be damaged one without the other."""
_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
_FORMATS: dict[str, Format] = {name: name for name in get_args(Format)}
_FACTS: dict[str, FactName] = {name: name for name in get_args(FactName)}
_HEAD = "d.position, d.id, d.title, d.sha256, d.origin, d.format"
_HEADS = f"SELECT {_HEAD}, c.characters, c.head FROM documents d LEFT JOIN checks c ON c.document_id = d.id"


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the digests of its vectors: its own first, then one for each sentence; empty for a passage
    that is kept but not searched."""

    passage: Passage
    digests: tuple[bytes, ...]

    @property
    def vector_ids(self) -> tuple[str, ...]:
        return vector_ids(self.passage)[: len(self.digests)]


class Differs(Exception):
    """What was read is not what was written; `part` is one of TEXT, HEAD, ROWS, KNOWLEDGE, STRUCTURE, PAGES,
    ORIGINAL. Never leaves the manifest."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class Changed(Exception):
    """What belongs to no single document is not what was written; says in a few words what differs. Never leaves the
    manifest."""


def vector_ids(passage: Passage) -> tuple[str, ...]:
    """The ids of the passage's vectors: its own, then "ID:n" for each sentence."""
    return (passage.id, *(f"{passage.id}:{n}" for n in range(len(passage.sentences))))


def digest(vector: NDArray[np.float32]) -> bytes:
    """16 bytes that tell whether a stored vector is still the same, bit for bit."""
    return hashlib.blake2b(np.ascontiguousarray(vector, dtype="<f4").tobytes(), digest_size=16).digest()


def values_digest(values: object) -> bytes:
    """16 bytes of a row, or rows, of SQLite values: numbers, texts, blobs and NULL. Empty where a text is not UTF-8:
    such a row agrees with no digest."""
    try:
        written = json.dumps(values, default=_blob, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return b""
    return hashlib.blake2b(written, digest_size=16).digest()


def _blob(value: bytes) -> list[str]:
    """A blob as JSON has it: never the same as a text."""
    return [value.hex()]


def lenient(stored: bytes) -> str:
    """A text as SQLite has it, for `Connection.text_factory`: what is not UTF-8 becomes lone surrogates, so that the
    digests find it; Python's own error would quote the text."""
    return stored.decode("utf-8", "surrogateescape")


def read_head(db: sqlite3.Connection, document_id: str, column: str = "d.id") -> Head | None:
    """None where there is no such document. `column` is "+d.id" to go round a broken index of the ids. Raises
    Differs."""
    row = db.execute(f"{_HEADS} WHERE {column} = ?", (document_id,)).fetchone()
    return None if row is None else _head(row)


def read_heads(db: sqlite3.Connection) -> list[tuple[str, Head | None]]:
    """Every document's id in the order of first ingest, with its head; None where that differs from its digest. Raises
    Changed where an id is no text."""
    found: list[tuple[str, Head | None]] = []
    for row in db.execute(f"{_HEADS} ORDER BY d.position").fetchall():
        if not isinstance(row[1], str):
            raise Changed("a document in it has no id")
        try:
            found.append((row[1], _head(row)))
        except Differs:
            found.append((row[1], None))
    return found


def read_document(
    db: sqlite3.Connection,
    head: Head,
    column: str = "d.id",
    *,
    with_knowledge: bool = True,
    with_pages: bool = True,
    with_original: bool = True,
) -> Document:
    """The document of a head, with its text; `column` as in `read_head`. `with_knowledge`, `with_pages`,
    `with_original`: the manifest has the tables of what is known of each, of the places of words, of files. Raises
    Differs."""
    row = db.execute(f"SELECT CAST(text AS BLOB) FROM documents d WHERE {column} = ?", (head.id,)).fetchone()
    try:
        text = bytes(row[0]).decode("utf-8")
    except (TypeError, UnicodeDecodeError):
        raise Differs(TEXT) from None  # the error would carry the text along
    if text_sha256(text) != head.sha256:
        raise Differs(TEXT)
    facts, hidden = _read_knowledge(db, head.id, head.sha256) if with_knowledge else ((), ())
    pages = _read_pages(db, head.id, head.sha256, len(text)) if with_pages else None
    original = _read_original(db, head.id, head.sha256) if with_original else None
    return Document(head.id, head.title, text, head.sha256, head.origin, head.format, facts, hidden, pages, original)


def read_stored(db: sqlite3.Connection, document_id: str) -> list[StoredPassage]:
    """A document's passages in the order of its text. Raises Differs."""
    passages, sentences = checked_rows(db, document_id)
    spans: dict[str, list[SentenceSpan]] = {}
    digests: dict[str, list[bytes]] = {}
    for passage_id, _, start, end, kind, speaker, value in sentences:
        spans.setdefault(passage_id, []).append(SentenceSpan(start, end, _kind(kind), speaker))
        if value is not None:
            digests.setdefault(passage_id, []).append(value)
    found = []
    for passage_id, _, start, end, section, kind, speaker, value in passages:
        tiles = tuple(spans.get(passage_id, ()))
        passage = Passage(passage_id, document_id, start, end, section, _kind(kind), speaker, tiles)
        found.append(StoredPassage(passage, (value, *digests.get(passage_id, ())) if value is not None else ()))
    return found


def read_searched(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Ids of the passages that are searched, in the order of the text, by the id of their document; not compared with
    a digest here."""
    found: dict[str, list[str]] = {}
    sql = "SELECT document_id, id, kind FROM passages ORDER BY document_id, ordinal"
    for document_id, identity, kind in db.execute(sql).fetchall():
        if kind not in NOT_ANSWERS:
            found.setdefault(document_id, []).append(identity)
    return found


def vectors_digest(db: sqlite3.Connection, left_out: Collection[str]) -> str:
    """One digest of the ids and digests of the vectors of all documents but those left out."""
    total = hashlib.sha256()
    gone = set()
    for identity, document_id, value in db.execute("SELECT id, document_id, digest FROM passages ORDER BY id"):
        if document_id in left_out:
            gone.add(identity)
        elif value is not None:
            total.update(f"{identity}:{value!r}\n".encode("utf-8", "surrogateescape"))
    sql = "SELECT passage_id, n, digest FROM sentences WHERE digest IS NOT NULL ORDER BY passage_id, n"
    for identity, n, value in db.execute(sql):
        if identity not in gone:
            total.update(f"{identity}:{n}:{value!r}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def checked_rows(db: sqlite3.Connection, document_id: str) -> tuple[list[Any], list[Any]]:
    """The rows of a document's passages and of their sentences. Raises Differs."""
    passages, sentences = _rows(db, document_id)
    check = db.execute("SELECT rows FROM checks WHERE document_id = ?", (document_id,)).fetchone()
    if check is None and not passages:
        return [], []
    if check is None or not _holds([passages, sentences], check[0]):
        raise Differs(ROWS)
    return passages, sentences


def write_document(db: sqlite3.Connection, document: Document, stored: Sequence[StoredPassage]) -> None:
    """Puts a document with its passages in the place of what was there, keeping its position."""
    db.execute("DELETE FROM passages WHERE document_id = ?", (document.id,))
    db.execute(
        "INSERT INTO documents (id, title, text, sha256, origin, format) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET title = excluded.title, text = excluded.text, "
        "sha256 = excluded.sha256, origin = excluded.origin, format = excluded.format",
        (document.id, document.title, document.text, document.sha256, document.origin, document.format),
    )
    for ordinal, entry in enumerate(stored):
        _insert(db, entry, ordinal)
    _write_knowledge(db, document.id, document.sha256, document.facts, document.hidden)
    _write_pages(db, document)
    _write_original(db, document)
    write_checks(db, document.id)


def write_checks(db: sqlite3.Connection, document_id: str) -> None:
    """Takes the digests of a document's head and rows as they are now. Raises Changed where it has no text."""
    row = db.execute(f"SELECT {_HEAD}, text FROM documents d WHERE d.id = ?", (document_id,)).fetchone()
    if row is None or not isinstance(row[-1], str):
        raise Changed("a document in it has no text")
    head, characters = list(row[:-1]), len(row[-1])
    values = (document_id, characters, values_digest([*head, characters]), values_digest(list(_rows(db, document_id))))
    db.execute("INSERT OR REPLACE INTO checks VALUES (?, ?, ?, ?)", values)


def write_all_checks(db: sqlite3.Connection) -> None:
    """Takes the digests of every document, where an index has none yet."""
    for (document_id,) in db.execute("SELECT id FROM documents ORDER BY position").fetchall():
        write_checks(db, document_id)


def write_no_knowledge(db: sqlite3.Connection) -> None:
    """A row for every document that was stored before anything was known of them."""
    for document_id, sha256 in db.execute("SELECT id, sha256 FROM documents").fetchall():
        _write_knowledge(db, document_id, sha256, (), ())


def _read_knowledge(db: sqlite3.Connection, document_id: str, sha256: str) -> tuple[tuple[Fact, ...], tuple[Span, ...]]:
    """The facts and the hidden spans of a document. Raises Differs."""
    row = db.execute("SELECT value, digest FROM knowledge WHERE document_id = ?", (document_id,)).fetchone()
    if row is None or not _holds([document_id, sha256, row[0]], row[1]):
        raise Differs(KNOWLEDGE)
    stored = json.loads(row[0])
    facts = tuple(Fact(_FACTS[name], value, start, end) for name, value, start, end in stored["facts"])
    return facts, tuple((start, end) for start, end in stored["hidden"])


def _write_knowledge(
    db: sqlite3.Connection, document_id: str, sha256: str, facts: Sequence[Fact], hidden: Sequence[Span]
) -> None:
    rows = [[fact.name, fact.value, fact.start, fact.end] for fact in facts]
    value = json.dumps({"facts": rows, "hidden": list(hidden)}, separators=(",", ":"), ensure_ascii=False)
    own = values_digest([document_id, sha256, value])
    db.execute("INSERT OR REPLACE INTO knowledge VALUES (?, ?, ?)", (document_id, value, own))


def _read_pages(db: sqlite3.Connection, document_id: str, sha256: str, characters: int) -> Pages | None:
    """Where the words of a document stand; None where that is not stored. Raises Differs."""
    row = db.execute("SELECT value, digest FROM pages WHERE document_id = ?", (document_id,)).fetchone()
    if row is None:
        return None
    try:
        if isinstance(row[0], bytes) and _holds([document_id, sha256, row[0]], row[1]):
            return Pages.checked(row[0], characters)
    except ValueError:
        pass
    raise Differs(PAGES)


def _write_pages(db: sqlite3.Connection, document: Document) -> None:
    db.execute("DELETE FROM pages WHERE document_id = ?", (document.id,))
    if document.pages is not None:
        packed = document.pages.packed
        own = values_digest([document.id, document.sha256, packed])
        db.execute("INSERT INTO pages VALUES (?, ?, ?)", (document.id, packed, own))


def _read_original(db: sqlite3.Connection, document_id: str, sha256: str) -> str | None:
    """The SHA-256 of a document's file; None where none is kept. Raises Differs."""
    row = db.execute("SELECT sha256, digest FROM originals WHERE document_id = ?", (document_id,)).fetchone()
    if row is None:
        return None
    if not isinstance(row[0], str) or not _holds([document_id, sha256, row[0]], row[1]):
        raise Differs(ORIGINAL)
    return row[0]


def _write_original(db: sqlite3.Connection, document: Document) -> None:
    db.execute("DELETE FROM originals WHERE document_id = ?", (document.id,))
    if document.original is not None:
        own = values_digest([document.id, document.sha256, document.original])
        db.execute("INSERT INTO originals VALUES (?, ?, ?)", (document.id, document.original, own))


def _holds(values: object, expected: bytes | None) -> bool:
    return bool(expected) and values_digest(values) == expected


def _head(row: Sequence[Any]) -> Head:
    *values, expected = row
    if not _holds(values, expected):
        raise Differs(HEAD)
    _, identity, title, sha256, origin, written, characters = values
    if written not in _FORMATS:
        raise Differs(HEAD)
    return Head(identity, title, sha256, origin, _FORMATS[written], characters)


def _rows(db: sqlite3.Connection, document_id: str) -> tuple[list[Any], list[Any]]:
    passages = db.execute(
        'SELECT id, ordinal, "start", "end", section, kind, speaker, digest FROM passages '
        "WHERE document_id = ? ORDER BY ordinal",
        (document_id,),
    ).fetchall()
    sentences = db.execute(
        'SELECT s.passage_id, s.n, s."start", s."end", s.kind, s.speaker, s.digest FROM sentences s '
        "JOIN passages p ON p.id = s.passage_id WHERE p.document_id = ? ORDER BY s.passage_id, s.n",
        (document_id,),
    ).fetchall()
    return passages, sentences


def _insert(db: sqlite3.Connection, entry: StoredPassage, ordinal: int) -> None:
    passage, digests = entry.passage, entry.digests
    own = digests[0] if digests else None
    db.execute(
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
    rows = [
        (passage.id, n, span.start, span.end, span.kind, span.speaker, digests[n + 1] if digests else None)
        for n, span in enumerate(passage.sentences)
    ]
    db.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _kind(name: str) -> Kind:
    if name not in _KINDS:
        raise Differs(ROWS)
    return _KINDS[name]
