"""Texts of documents, names and messages that are safe to print in a terminal or a log."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"
"""Invisible, but they shape letters and emoji."""


def printable(text: str) -> str:
    """The text without anything that steers a terminal, reorders what is read or cannot be written as UTF-8: each blank
    or line end is a space, invisible marks are dropped, other such characters become U+FFFD."""
    return "".join(map(_printable, text))


def printable_line(text: str) -> str:
    """As `printable`, with one space where there are several, and none at the ends."""
    return " ".join(printable(text).split())


def _printable(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) == "Cf" else "\ufffd"
