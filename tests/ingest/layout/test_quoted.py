"""Marks before quoted lines are kept and not shown where a sentence goes on behind them."""

from __future__ import annotations

import pytest

from ingest.layout.furniture import find_hidden
from vectorstore.types import Document, Format, shown_text, text_sha256

LETTER = "Yes.\n\nOn 3 May 2011, Jon Orme wrote:\n{}"
FORMATS: tuple[Format, ...] = ("plain", "markdown")


def shown(text: str, format: Format) -> str:
    hidden = find_hidden(text, format)
    return shown_text(Document("d", "D", text, text_sha256(text), "test:d", format, hidden=hidden))


@pytest.mark.parametrize("format", FORMATS)
def test_the_marks_within_a_paragraph_are_not_shown(format: Format) -> None:
    text = LETTER.format("> The winch will\n> break. Who\n>\n> mends it?\n>> Not I, for I\n>> am ill.\n> Pity.\n")
    blank = " " if format == "plain" else ">"
    expected = f"> The winch will\n  break. Who\n{blank}\n> mends it?\n>> Not I, for I\n   am ill.\n> Pity.\n"
    assert shown(text, format) == LETTER.format(expected)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "quoted", ["> - a rope\n> - a lamp\n", "> # Fees\n> ---\n> ```\n", "> 1. row\n> 2. rest\n", "> one\n\n> two\n"]
)
def test_lists_headings_and_first_lines_keep_theirs(quoted: str, format: Format) -> None:
    assert shown(LETTER.format(quoted), format) == LETTER.format(quoted)


def test_marks_in_code_and_in_a_text_that_quotes_nobody_are_its_own() -> None:
    code = "```\n> a = 1\n> b = 2\n```\n"
    assert shown(code, "markdown") == code
    session = "The session:\n\n>>> a = 1\n>>> b = 2\n> c\n> d\n"
    assert shown(session, "plain") == session
