"""What is embedded for a passage, and the id that follows from it.

A passage is found better when its vector knows the title and section it stands under, and a row of a table the headers
of its columns; none of them is part of the quote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from vectorstore.folding import folded
from vectorstore.table_rows import labelled, lead_of
from vectorstore.types import SentenceSpan

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
    """What is embedded for a passage: "title. section. text", white space squeezed and letters folded."""
    return folded(context_prefix(document_title, section) + " ".join(text.split()))


def passage_text(text: str, sentences: Sequence[SentenceSpan]) -> str:
    """What is searched of a passage of these sentences: its words; for rows of a table, what introduces the table and
    each row as `sentence_text` has it."""
    if all(sentence.kind != "row" for sentence in sentences):
        return text[sentences[0].start : sentences[-1].end] if sentences else ""
    lines = [lead_of(text, sentences[0].start), *(sentence_text(text, sentence) for sentence in sentences)]
    return "\n".join(line for line in lines if line)


def sentence_text(text: str, sentence: SentenceSpan) -> str:
    """What is searched of a sentence, white space squeezed: its words; for a row of a table, its cells with the headers
    of their columns."""
    if sentence.kind == "row":
        return labelled(text, sentence.start, sentence.end)
    return " ".join(text[sentence.start : sentence.end].split())


def passage_id(document_id: str, embedding_text: str, ordinal: int) -> str:
    """24 hexadecimal digits that stay the same when other text of the document changes. `ordinal` counts the
    earlier passages of the document with the same embedding text."""
    key = "\x1f".join((document_id, embedding_text, str(ordinal)))
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:24]
