"""An answer in a terminal: wrapped to its width, citations numbered, the short answer bold where that can be shown.

No character of a document reaches the terminal as a command to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.text import Text

from assistant.types import NOT_IN_THE_SOURCE, Answer, Citation, Sentence
from ui.answer_parts import (
    Closest,
    answered_from,
    closest,
    cut,
    paragraphs,
    questions,
    quoted_by,
    searched_for,
    who_speaks,
)
from vectorstore.printable import printable_line
from vectorstore.types import Document

if TYPE_CHECKING:
    from rich.console import Console

_CLOSEST_CHARACTERS = 280


def print_answer(console: Console, answer: Answer, document: Callable[[str], Document]) -> None:
    """Prints an answer, or an abstention with its closest passages, whose texts come from `document(id)`."""
    if answer.notice:
        print_wrapped(console, Text(printable_line(answer.notice), style="yellow"))
        console.print()
    searched = searched_for(answer)
    if searched is not None:
        print_wrapped(console, Text(f"Searched for: {printable_line(searched)}", style="dim"))
        console.print()
    if not answer.was_asked:
        print_wrapped(console, Text(answer.text))
    elif answer.abstained:
        _print_abstention(console, answer, document)
    else:
        _print_sentences(console, answer)


def _print_sentences(console: Console, answer: Answer) -> None:
    numbers: dict[Citation, int] = {}
    spoken_by = who_speaks(answer)
    if spoken_by:
        print_wrapped(console, Text(printable_line(spoken_by), style="dim"))
    if answer.said:
        print_wrapped(console, Text(printable_line(answer.said)))
    for part, some in questions(answer):
        if part:
            print_wrapped(console, Text(printable_line(part), style="italic dim"))
        if not some:
            print_wrapped(console, Text(NOT_IN_THE_SOURCE, style="bold yellow"))
        for _, speaker, sentences in paragraphs(some):
            print_wrapped(console, _paragraph(speaker, sentences, numbers))
    console.print()
    print_citations(console, numbers)
    if answer.trace.wordings and not answer.otherwise:
        console.print()
        console.print(_confidence(answer))


def print_citations(console: Console, numbers: Mapping[Citation, int]) -> None:
    """Prints where the citations stand and what they quote, by their numbers."""
    for citation, number in numbers.items():
        print_wrapped(console, _place(f"[{number}] ", citation))
        print_wrapped(console, Text(f"“{printable_line(citation.quote)}”", style="dim"), 4)


def _paragraph(speaker: str | None, sentences: list[Sentence], numbers: dict[Citation, int]) -> Text:
    text = Text()
    if speaker:
        text.append(f"{quoted_by(printable_line(speaker))}: ", style="italic")
    for position, sentence in enumerate(sentences):
        if position:
            text.append("\n" if sentence.row or sentences[position - 1].row else " ")
        if sentence.support == "unsupported":
            text.append("[struck out: ", style="red")
            text.append(printable_line(sentence.text), style="strike dim")
            text.append(f" | {printable_line(sentence.reason)}]", style="red")
            continue
        text.append_text(_marked(sentence))
        for citation in sentence.citations:
            text.append(f" [{numbers.setdefault(citation, len(numbers) + 1)}]", style="cyan")
    return text


def _marked(sentence: Sentence) -> Text:
    """The sentence with its short answers bold, as far as they lie in its first citation."""
    text = Text(printable_line(sentence.text))
    citation = sentence.citations[0]
    if printable_line(citation.quote) != text.plain:
        return text
    for short in sentence.short_answers:
        start = len(printable_line(citation.quote[: short.start - citation.start] + "|")) - 1
        text.stylize("bold", start, start + len(printable_line(short.text)))
    return text


def print_wrapped(console: Console, text: Text, indent: int = 0) -> None:
    """Prints a text in lines as wide as the terminal, with blanks before each."""
    for line in text.wrap(console, max(1, console.width - indent)):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line))


def _place(label: str, citation: Citation) -> Text:
    text = Text(label, style="cyan")
    text.append(printable_line(citation.title), style="default")
    if citation.section and citation.section != citation.title:
        text.append(f", “{printable_line(citation.section)}”", style="default")
    text.append(f", characters {citation.start} to {citation.end}{_on_pages(citation)}", style="dim")
    return text


def _on_pages(citation: Citation) -> str:
    """The pages of a PDF on which the words stand: ", page 3", ", pages 3 (recognised in a picture) and 4"."""
    pages = [f"{place.page}{' (recognised in a picture)' * place.recognised}" for place in citation.pages]
    return f", page{'s' * (len(pages) > 1)} {' and '.join(pages)}" if pages else ""


def _print_abstention(console: Console, answer: Answer, document: Callable[[str], Document]) -> None:
    console.print(Text(answer.text, style="bold yellow"))
    console.print(_confidence(answer))
    if not answer.passages:
        return
    console.print()
    console.print(Text("Closest passages, not an answer:", style="dim"))
    for found in closest(answer, document):
        print_wrapped(console, _passage(found), 2)


def _passage(found: Closest) -> Text:
    passage, document = found.passage, found.document
    words = Text(f"- {printable_line(document.title)}", style="dim")
    if passage.section and passage.section != document.title:
        words.append(f", “{printable_line(passage.section)}”")
    words.append(f", characters {passage.start} to {passage.end}: ")
    words.append(cut(printable_line(found.text), _CLOSEST_CHARACTERS, " ..."))
    return words


def _confidence(answer: Answer) -> Text:
    from_where = f" {answered_from(answer.threshold)}" if answer.threshold is not None else ""
    return Text(f"Confidence {answer.confidence:.2f} of 1 that the source answers this.{from_where}", style="dim")
