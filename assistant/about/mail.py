"""The head of an e-mail message: to whom it was sent, who was copied in, what its subject line says; each is the line
that says so, cited.

But: heads of messages that are forwarded or quoted below are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.about.asks import MAIL_KINDS, Kind
from assistant.about.facts import Told
from assistant.about.sentences import Shelf
from assistant.citation import cite_line
from vectorstore.types import Document, Head, Span

MOST_READ = 10
"""Documents whose first lines are read; of more, the name of the file says whether they are messages."""
_REACH = 40_000
"""Characters of a head: it can name hundreds of people."""
_HEADER = re.compile(r"(?P<key>From|To|Cc|Date|Sent|Subject):[ \t]+\S[^\n]*(?:\n[ \t]+\S[^\n]*)*\n?")
_SUFFIXES = (".eml", ".emlx")
_KEYS: dict[Kind, tuple[str, ...]] = {"recipients": ("To", "Cc"), "copied": ("Cc",), "subject": ("Subject",)}
_NOBODY = {"recipients": "does not say to whom it was sent", "copied": "names nobody who was copied in"}


def messages(heads: Sequence[Head], shelf: Shelf) -> list[Head]:
    """Those of the documents that are messages."""
    named = [head for head in heads if head.origin.lower().endswith(_SUFFIXES)]
    if named or len(heads) > MOST_READ:
        return named
    return [head for head in heads if _is_message(headers(shelf.document(head.id)))]


def told_of_message(kind: Kind, document: Document, name: str) -> Told:
    """What the head of a message says to one of `MAIL_KINDS`; `name` is how the message is called beside the others."""
    assert kind in MAIL_KINDS
    found = headers(document)
    lines = tuple(cite_line(document, *found[key]) for key in _KEYS[kind] if key in found)
    return Told("", lines) if lines else Told(f"{name} {_NOBODY.get(kind, 'has no subject')}.", (), False)


def headers(document: Document) -> dict[str, Span]:
    """Where the lines stand that a message begins with, by their keys; empty where a text begins otherwise."""
    found: dict[str, Span] = {}
    at, text = 0, document.text[:_REACH]
    while (match := _HEADER.match(text, at)) is not None:
        start, end = match.span()
        found.setdefault(match["key"], (start, start + len(text[start:end].rstrip())))
        at = end
    return found


def _is_message(found: dict[str, Span]) -> bool:
    return "From" in found and bool(found.keys() & {"To", "Subject", "Date", "Sent"})
