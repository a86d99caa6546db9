"""What is embedded for a passage, and the id that follows from it.

A passage is found better when its vector knows the title and section it stands under, and a row of a table the headers
of its columns; none of them is part of the quote.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vectorstore.folding import folded
from vectorstore.table_rows import labelled_parts, lead_of
from vectorstore.types import Document, Passage, SentenceSpan, Span, one_line, shown_text

MAX_CONTEXT_CHARACTERS = 100
KEY_WORDS = 5
KEY_LINE = re.compile(
    r"(?:[-*•]\s+|:)?[\"*_]{0,2}(?P<key>[^\W_][^:：\n|]{0,40}?)[\"*_]{0,2}\s?[:：][*_]{0,2}\s+\S",
)
SETTING = re.compile(r"(?P<key>[\w][\w.-]{0,40})\s*[=:]\s*\S")


def context_prefix(document_title: str, section: str) -> str:
    """Title and section as one prefix ending in a space, or "". Each is one line of at most 100 characters; a
    section equal to the title is not repeated."""
    parts: list[str] = []
    for part in (document_title, section):
        line = " ".join(part.split())[:MAX_CONTEXT_CHARACTERS].rstrip()
        if line and line.casefold() not in (kept.casefold() for kept in parts):
            parts.append(line)
    return "".join(map(_led_in, parts))


def _led_in(part: str) -> str:
    """A title or heading as it stands before a text."""
    return part and part + (" " if part[-1] in ".?!:" else ". ")


def embedding_text(document_title: str, section: str, text: str) -> str:
    """What is embedded for a passage: "title. section. text", white space squeezed and letters folded."""
    return folded(context_prefix(document_title, section) + " ".join(text.split()))


def passage_text(text: str, sentences: Sequence[SentenceSpan]) -> str:
    """What is searched of a passage of these sentences: its words; for rows of a table, what introduces the table and
    each row as `sentence_text` has it, months and days over its columns spelt out."""
    return reading(text, sentences).text


def sentence_text(text: str, sentence: SentenceSpan, *, spelt_out: bool = False) -> str:
    """What is searched of a sentence, white space squeezed: its words; for a row of a table, its cells with the headers
    of their columns, months and days among these spelt out if asked."""
    if sentence.kind == "row":
        return "".join(words for words, _ in labelled_parts(text, sentence.start, sentence.end, spelt_out=spelt_out))
    return one_line(text[sentence.start : sentence.end])


@dataclass(frozen=True, slots=True)
class Told:
    """A text to be read under its heading, and the name under which what is made of it is kept, "" where it is not."""

    text: str
    heading: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage as it is to be read by whoever looks for an answer in it: `text` as `passage_text` has it, `spans` are
    its sentences in that text. Two are equal where they read the same, wherever they stand in a document."""

    text: str
    spans: tuple[Span, ...]
    _places: tuple[tuple[int, int, int], ...] = field(compare=False)

    def place(self, at: int) -> int:
        """The offset in the document of a character of `text`; for a label of a row, that of the cell behind it."""
        number = max(0, bisect_right(self._places, at, key=lambda place: place[0]) - 1)
        begins, start, length = self._places[number]
        if at - begins >= length and number + 1 < len(self._places):
            return self._places[number + 1][1]
        return start + max(0, min(at - begins, length))


@dataclass(frozen=True, slots=True)
class Readable:
    """`told`: the text under its heading; `read`: where its sentences are in it, and its characters in the document."""

    told: Told
    read: Reading


def readable(document: Document, passages: Iterable[Passage]) -> dict[str, Readable]:
    """Passages of the document as they are read, by their ids: under the document's title and their section."""
    passages, found = list(passages), {}
    text = _with_colons(shown_text(document), (sentence for one in passages for sentence in one.sentences))
    for passage in passages:
        read = reading(text, passage.sentences)
        heading = context_prefix(document.title, passage.section).strip().removesuffix(".")  # as the network learned
        found[passage.id] = Readable(Told(read.text, heading, passage.id), read)
    return found


def _with_colons(text: str, sentences: Iterable[SentenceSpan]) -> str:
    """The text with a colon for the bracket behind a speaker's name ("Ada>We left."): the network has learned
    "Ada: We left."."""
    labelled = (s.start + len(s.speaker) for s in sentences if s.speaker and text.startswith(f"{s.speaker}>", s.start))
    brackets = list(labelled)
    if not brackets:
        return text
    signs = list(text)
    for at in brackets:
        signs[at] = ":"
    return "".join(signs)


def texts_to_embed(passage: Readable) -> list[str]:
    """One text for each of the passage's vectors, for a model that reads each alone: its own under its title and
    section, then its sentences, white space squeezed and letters folded."""
    heading, read = passage.told.heading, passage.read
    parts = [read.text, *(read.text[start:end] for start, end in read.spans)]
    own, *sentences = (" ".join(part.split()) for part in parts)
    return [folded(_led_in(heading) + own), *map(folded, sentences)]


def reading(text: str, sentences: Sequence[SentenceSpan]) -> Reading:
    """A passage of these sentences as it is to be read."""
    first = sentences[0].start
    if all(sentence.kind != "row" for sentence in sentences):
        spans = tuple((sentence.start - first, sentence.end - first) for sentence in sentences)
        words = text[first : sentences[-1].end]
        return Reading(words, spans, ((0, first, len(words)),))
    lead = lead_of(text, first)
    whole, found, places = lead + "\n" * bool(lead), [], []
    for number, sentence in enumerate(sentences):
        whole += "\n" * bool(number)
        begins = len(whole)
        for words, start in labelled_parts(text, sentence.start, sentence.end, spelt_out=True):
            if start is not None:
                places.append((len(whole), start, len(words)))
            whole += words
        found.append((begins, len(whole)))
    return Reading(whole, tuple(found), tuple(places))


def key_of(text: str, start: int, end: int) -> str:
    """The few words before a colon with which a line begins ("cook" of "Cook: Per Lund" and of ":Cook: Per Lund"), in
    lower case; "" where there are none."""
    match = KEY_LINE.match(text, start, end) or SETTING.match(text, start, end)
    return match.group("key").lower() if match and len(match.group("key").split()) <= KEY_WORDS else ""


def passage_id(document_id: str, embedding_text: str, ordinal: int) -> str:
    """24 hexadecimal digits that stay the same when other text of the document changes. `ordinal` counts the
    earlier passages of the document with the same embedding text."""
    key = "\x1f".join((document_id, embedding_text, str(ordinal)))
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:24]
