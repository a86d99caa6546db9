"""What an index holds, as plain rows, to compare two of them or one before and after."""

from __future__ import annotations

from dataclasses import asdict

from vectorstore.index import Index


def contents(index: Index) -> list[dict[str, object]]:
    """Everything but the vectors, ready for JSON: for each document its own row and one for each of its passages, with
    the passage's text."""
    rows: list[dict[str, object]] = []
    for document in index.documents():
        rows.append({"type": "document", **asdict(document)})
        for passage in index.passages(document.id):
            text = document.text[passage.start : passage.end]
            rows.append({"type": "passage", **asdict(passage), "text": text})
    return rows
