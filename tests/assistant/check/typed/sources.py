"""A stretch of a source as the comparisons get it."""

from __future__ import annotations

import hashlib

from assistant.check.windows import Window
from ingest.sentences import split_sentences
from vectorstore.types import Document, Kind, SentenceSpan


def window_of(
    text: str, *, before: str = "", behind: str = "", speaker: str | None = None, title: str = "A document"
) -> Window:
    """A window of these sentences; `before` and `behind` stand around it in the document."""
    whole = f"{before}{text}{behind}"
    document = Document("d", title, whole, hashlib.sha256(whole.encode()).hexdigest(), "bundled:test")
    spans = split_sentences(whole, len(before), len(before) + len(text))
    kind: Kind = "quotation" if speaker else "prose"
    return Window(document, "", tuple(SentenceSpan(start, end, kind, speaker) for start, end in spans))
