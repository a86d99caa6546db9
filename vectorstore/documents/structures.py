"""The structure of a document in the manifest: one JSON text for each document, with a digest of its own.

Blocks and quotations are JSON objects without the fields that have their defaults, so that a new field with a default
leaves what is stored readable. The digest also covers the text's SHA-256: the structure of another text is never
handed out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from vectorstore.documents.records import STRUCTURE, Differs, values_digest
from vectorstore.types import Block, Document, Quotation, Structure


def read_structure(db: sqlite3.Connection, document: Document) -> Structure | None:
    """None where none is stored, or another text of this id has been stored meanwhile. Raises Differs."""
    value = checked_structure(db, document.id, document.sha256)
    if value is None:
        return None
    stored = json.loads(value)
    return Structure(
        tuple(Block(**block) for block in stored["blocks"]),
        tuple(Quotation(**quotation) for quotation in stored["quotations"]),
        tuple((start, end) for start, end in stored["notes"]),
    )


def checked_structure(db: sqlite3.Connection, document_id: str, sha256: str) -> str | None:
    """The structure of a text as JSON; None as in `read_structure`. Raises Differs."""
    sql = (
        "SELECT s.value, s.digest FROM structures s JOIN documents d ON d.id = s.document_id "
        "WHERE s.document_id = ? AND d.sha256 = ?"
    )
    row = db.execute(sql, (document_id, sha256)).fetchone()
    if row is None:
        return None
    value, expected = row
    if not expected or not isinstance(value, str) or values_digest([document_id, sha256, value]) != expected:
        raise Differs(STRUCTURE)
    return value


def write_structure(db: sqlite3.Connection, document: Document, structure: Structure | None) -> None:
    """Puts the structure in the place of what was there, unless another text of this id is stored."""
    if not db.execute("SELECT 1 FROM documents WHERE id = ? AND sha256 = ?", (document.id, document.sha256)).fetchone():
        return
    db.execute("DELETE FROM structures WHERE document_id = ?", (document.id,))
    if structure is not None:
        parts = {
            "blocks": _written(structure.blocks),
            "quotations": _written(structure.quotations),
            "notes": structure.notes,
        }
        value = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
        own = values_digest([document.id, document.sha256, value])
        db.execute("INSERT INTO structures VALUES (?, ?, ?)", (document.id, value, own))


def _written(values: Iterable[Block | Quotation]) -> list[dict[str, Any]]:
    defaults = {field.name: field.default for kind in (Block, Quotation) for field in fields(kind)}
    return [{name: value for name, value in asdict(one).items() if value != defaults[name]} for one in values]
