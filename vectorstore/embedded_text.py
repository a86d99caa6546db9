"""What is embedded for a passage, and the id that follows from it.

A passage is found better when its vector knows the title and section it stands under; neither is part of the quote.
"""

from __future__ import annotations

import hashlib

MAX_CONTEXT_CHARACTERS = 100


def context_prefix(document_title: str, section: str) -> str:
    """Title and section as one prefix ending in a space, or "". Each is one line of at most 100 characters; a
    section equal to the title is not repeated."""
    parts: list[str] = []
    for part in (document_title, section):
        line = " ".join(part.split())[:MAX_CONTEXT_CHARACTERS].rstrip()
        if line and line.casefold() not in (kept.casefold() for kept in parts):
            parts.append(line)
    return "".join(part + (" " if part[-1] in ".?!:" else ". ") for part in parts)


def embedding_text(document_title: str, section: str, text: str) -> str:
    """What is embedded for a passage: "title. section. text", white space squeezed."""
    return context_prefix(document_title, section) + " ".join(text.split())


def passage_id(document_id: str, embedding_text: str, ordinal: int) -> str:
    """24 hexadecimal digits that stay the same when other text of the document changes. `ordinal` counts the
    earlier passages of the document with the same embedding text."""
    key = "\x1f".join((document_id, embedding_text, str(ordinal)))
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:24]
