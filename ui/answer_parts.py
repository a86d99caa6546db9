"""What the page and the terminal show alike of an answer.

These are plain values with the documents' own characters: the page escapes them, the terminal makes them printable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.types import SOURCE, Answer, Sentence, Threshold
from vectorstore.embedded_text import reading
from vectorstore.types import Document, Passage, shown_text

CLOSEST = 3
"""Passages offered where there is no answer."""


@dataclass(frozen=True, slots=True)
class Closest:
    """A passage offered where there is no answer, and its document."""

    passage: Passage
    document: Document

    @property
    def text(self) -> str:
        """The passage's words, as they stand in the document, hidden ones blank; rows of a table with the headers of
        their columns."""
        text = shown_text(self.document)
        if self.passage.kind == "row":
            return reading(text, self.passage.sentences).text
        return text[self.passage.start : self.passage.end]


def searched_for(answer: Answer) -> str | None:
    """What was searched for, where it is not the question itself; None where nobody needs to be told."""
    return None if one_line(answer.searched_for) == one_line(answer.question) else answer.searched_for


def who_speaks(answer: Answer) -> str | None:
    """Who words the answer, where it is not the source itself."""
    if answer.spoken_by == SOURCE:
        return None
    return f"In the words of {answer.spoken_by}, each sentence checked against the source:"


def answered_from(threshold: Threshold) -> str:
    """Which threshold decided, and what is promised of it where that still holds."""
    promise = f" {threshold.promise}" if threshold.promise and not threshold.remark else ""
    return f"Answered from {threshold.value:.2f} on ({threshold.origin}).{promise}"


def closest(answer: Answer, document: Callable[[str], Document]) -> list[Closest]:
    """The first passages of the ranking; `document` gives the document of an id."""
    passages = [hit.passage for hit in answer.passages[:CLOSEST]]
    return [Closest(passage, document(passage.document_id)) for passage in passages]


def paragraphs(
    sentences: Sequence[Sentence], *, by_section: bool = False
) -> Iterator[tuple[str, str | None, list[Sentence]]]:
    """Section, speaker and sentences of each paragraph: neighbours with one speaker stand together, `by_section` only
    where they are of one section, too. The section is empty without `by_section`, or where there is none. A language
    model's sentences have neither: their citations say both."""

    def heading(sentence: Sentence) -> tuple[str, str | None]:
        if sentence.support != "quoted":
            return "", None
        first = sentence.citations[0]
        return first.section if by_section else "", first.speaker

    for (section, speaker), group in groupby(sentences, key=heading):
        yield section, speaker, list(group)


def questions(answer: Answer) -> list[tuple[str, Sequence[Sentence]]]:
    """What an answer consists of: its one question, not repeated (""), with all sentences; or each part of a question
    in parts with its own, of which there are none where the source does not answer that part; or, where documents
    differ, the title of each with its sentence."""
    if answer.differs:
        return [(sentence.citations[0].title, (sentence,)) for sentence in answer.sentences]
    return [(part.question, part.sentences) for part in answer.parts] or [("", answer.sentences)]


def quoted_by(speaker: str) -> str:
    """What is said of a speaker's words: they are the article's quotation, not its own statement."""
    return f"{speaker}, quoted by the article"


def cut(text: str, most: int, more: str = " …") -> str:
    """At most `most` characters of the text on one line, cut between two words; `more` follows where it was cut."""
    line = one_line(text)
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + more


def one_line(text: str) -> str:
    """The text with one space wherever it has blanks or line ends."""
    return " ".join(text.split())
