"""Answers in a terminal: readable at its width, marked where it can, and harmless."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from assistant.types import Answer
from ui.terminal.answer_view import print_answer
from vectorstore.types import Document, text_sha256


def document(name: str) -> Document:
    text = "Some text. " * 40
    return Document(name, "Gull Rock", text, text_sha256(text), "test")


def shown(answer: Answer, *, terminal: bool = False, width: int = 60) -> str:
    file = io.StringIO()
    environment = {"TERM": "xterm"} if terminal else {"TERM": "dumb"}
    console = Console(file=file, width=width, force_terminal=terminal, highlight=False, _environ=environment)
    print_answer(console, answer, document)
    return file.getvalue()


def test_an_answer_has_numbered_citations_with_section_offsets_and_quote(answered: Callable[..., Answer]) -> None:
    text = shown(answered("Who kept the light?"))
    assert text.startswith("Marta Oduya kept the light. [1]\n")
    assert "[1] Gull Rock, “The lamp”, characters 10 to 37\n    “Marta Oduya kept the light.”\n" in text
    assert "Searched for" not in text
    assert "\x1b" not in text


def test_the_short_answer_is_bold_in_a_terminal_and_plain_elsewhere(answered: Callable[..., Answer]) -> None:
    answer = answered("Who?", quote="It was\n  Marta  Oduya.", short="Marta  Oduya")
    assert "It was \x1b[1mMarta Oduya\x1b[0m." in shown(answer, terminal=True)
    assert "It was Marta Oduya." in shown(answer)


def test_lines_keep_to_the_width(answered: Callable[..., Answer]) -> None:
    text = shown(answered("Who?", quote="Marta Oduya kept the light for years. " * 9), width=40)
    assert max(map(len, text.splitlines())) <= 40


def test_a_speaker_is_named_before_the_words(answered: Callable[..., Answer]) -> None:
    text = shown(answered("Who?", speaker="Piet Haan"), width=100)
    assert text.startswith("Piet Haan, quoted by the article: Marta Oduya kept the light. [1]")


def test_what_was_searched_is_shown_where_it_differs(answered: Callable[..., Answer]) -> None:
    text = shown(answered("And when?", searched_for="When was the lamp lit?"))
    assert text.startswith("Searched for: When was the lamp lit?\n\n")


def test_an_abstention_looks_different_and_its_passages_are_no_answer(answered: Callable[..., Answer]) -> None:
    text = shown(answered("Why?", abstained=True))
    assert text.startswith("Not in the source.\n")
    assert "Closest passages, not an answer:\n  - Gull Rock, “The lamp”, characters 10 to 37" in text
    assert "[1]" not in text


@pytest.mark.parametrize(
    "evil", ["\x1b[31m", "\x9b31m", "\x07", "\x00", "\u202e", "\x1b]8;;http://x\x1b\\", "\r", "\ud800"]
)
def test_nothing_in_a_document_reaches_the_terminal_as_a_command(evil: str, answered: Callable[..., Answer]) -> None:
    answer = answered(
        "Who" + evil,
        quote=f"Mar{evil}ta.",
        short=f"Mar{evil}ta",
        speaker=f"X{evil}",
        section=f"S{evil}",
        title=f"T{evil}",
    )
    text = shown(answer)
    assert all(character == "\n" or character.isprintable() for character in text)
    text.encode("utf-8")


def test_markup_of_the_terminal_library_is_only_text(answered: Callable[..., Answer]) -> None:
    assert "[bold]Marta[/bold] :smile:" in shown(answered("Who?", quote="[bold]Marta[/bold] :smile:"))
