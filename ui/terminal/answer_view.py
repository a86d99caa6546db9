"""An answer in a terminal: wrapped to its width, citations numbered, the short answer bold where that can be shown.

But: nothing here chooses what to say; and no character of a document reaches the terminal as a command to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.text import Text

from assistant.types import Answer, Citation, Sentence
from vectorstore.types import Document, Hit

if TYPE_CHECKING:
    from rich.console import Console

_CLOSEST_PASSAGES = 3
_CLOSEST_CHARACTERS = 280
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """`text` on one line, without anything that would steer a terminal: escape sequences, other control characters
    and marks that reorder what is read."""
    return re.sub(r"\s+", " ", "".join(map(_printable_character, text))).strip()


def printable_row(text: str) -> str:
    """As `printable`, but spaces stay as they are, so that columns stand one under the other."""
    return "".join(map(_printable_character, text)).rstrip()


def print_answer(console: Console, answer: Answer, document: Callable[[str], Document]) -> None:
    """Prints an answer, or an abstention with its closest passages, whose texts come from `document(id)`."""
    if printable(answer.searched_for) != printable(answer.question):
        _print_wrapped(console, Text(f"Searched for: {printable(answer.searched_for)}", style="dim"))
        console.print()
    if not answer.was_asked:
        _print_wrapped(console, Text(answer.text))
    elif answer.abstained:
        _print_abstention(console, answer, document)
    else:
        _print_sentences(console, answer)


def _printable_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category == "Cc":
        return " " if character in "\t\n\v\f\r\x85" else ""
    return "" if character in _BIDI_CONTROLS else character


def _print_sentences(console: Console, answer: Answer) -> None:
    numbers: dict[Citation, int] = {}
    for paragraph in _paragraphs(answer.sentences):
        _print_wrapped(console, _paragraph(paragraph, numbers))
    console.print()
    for citation, number in numbers.items():
        _print_wrapped(console, _place(f"[{number}] ", citation))
        _print_wrapped(console, Text(f"“{printable(citation.quote)}”", style="dim"), 4)
    console.print()
    console.print(Text(f"Confidence {answer.confidence:.2f} of 1 that the source answers this.", style="dim"))


def _paragraphs(sentences: tuple[Sentence, ...]) -> list[list[Sentence]]:
    """Neighbours with the same speaker, together."""
    paragraphs: list[list[Sentence]] = []
    for sentence in sentences:
        if paragraphs and _speaker(paragraphs[-1][-1]) == _speaker(sentence):
            paragraphs[-1].append(sentence)
        else:
            paragraphs.append([sentence])
    return paragraphs


def _speaker(sentence: Sentence) -> str | None:
    return sentence.citations[0].speaker if sentence.citations else None


def _paragraph(sentences: list[Sentence], numbers: dict[Citation, int]) -> Text:
    text = Text()
    speaker = _speaker(sentences[0])
    if speaker:
        text.append(f"{printable(speaker)}, quoted by the article: ", style="italic")
    for position, sentence in enumerate(sentences):
        if position:
            text.append(" ")
        text.append_text(_marked(sentence))
        for citation in sentence.citations:
            text.append(f" [{numbers.setdefault(citation, len(numbers) + 1)}]", style="cyan")
    return text


def _marked(sentence: Sentence) -> Text:
    """The sentence with its short answers bold, as far as they lie in its first citation."""
    text = Text(printable(sentence.text))
    if not sentence.citations:
        return text
    citation = sentence.citations[0]
    if printable(citation.quote) != text.plain:
        return text
    for short in sentence.short_answers:
        start = len(printable(citation.quote[: short.start - citation.start] + "|")) - 1
        text.stylize("bold", start, start + len(printable(short.text)))
    return text


def _print_wrapped(console: Console, text: Text, indent: int = 0) -> None:
    for line in text.wrap(console, max(1, console.width - indent)):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line))


def _place(label: str, citation: Citation) -> Text:
    text = Text(label, style="cyan")
    text.append(printable(citation.title), style="default")
    if citation.section and citation.section != citation.title:
        text.append(f", “{printable(citation.section)}”", style="default")
    text.append(f", characters {citation.start} to {citation.end}", style="dim")
    return text


def _print_abstention(console: Console, answer: Answer, document: Callable[[str], Document]) -> None:
    console.print(Text(answer.text, style="bold yellow"))
    console.print(Text(f"Confidence {answer.confidence:.2f} of 1 that the source answers this.", style="dim"))
    if not answer.passages:
        return
    console.print()
    console.print(Text("Closest passages, not an answer:", style="dim"))
    for hit in answer.passages[:_CLOSEST_PASSAGES]:
        _print_wrapped(console, _closest(hit, document(hit.passage.document_id)), 2)


def _closest(hit: Hit, document: Document) -> Text:
    passage = hit.passage
    words = Text(f"- {printable(document.title)}", style="dim")
    if passage.section and passage.section != document.title:
        words.append(f", “{printable(passage.section)}”")
    words.append(f", characters {passage.start} to {passage.end}: ")
    words.append(_shortened(printable(document.text[passage.start : passage.end])))
    return words


def _shortened(text: str) -> str:
    if len(text) <= _CLOSEST_CHARACTERS:
        return text
    cut = text.rfind(" ", 0, _CLOSEST_CHARACTERS)
    return text[: cut if cut > 0 else _CLOSEST_CHARACTERS] + " ..."
