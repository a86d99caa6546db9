"""The sentences of a document, and the names in it by what they seem to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ingest.passages import sentence_spans
from ingest.structure import find_structure
from vectorstore.english import DAYS, MONTHS, word_set
from vectorstore.types import Document, Span, shown_text

Sort = Literal["person", "place", "thing", "nation"]
"""A nation is an adjective such as "German"; a thing takes an article ("the Senate")."""

_CAPITAL = r"[A-Z][\w’'-]*\w"
_NAME = re.compile(rf"(?:[A-Z]\. )*{_CAPITAL}(?: (?:(?:of|de|von|van|du|la|del) (?:the )?)?(?:[A-Z]\. )*{_CAPITAL})*")
_THE_BEFORE = re.compile(r"\b[Tt]he (?:\w+ )?$")
_NATION = re.compile(
    r"^(?!.*\s)(?:\w+(?:ish|ese)|\w{2,}(?:[^h]ian|ican|pean)|German|French|Greek|Dutch|Irish|Welsh|Swiss)$"
)
_NO_NAME = word_set(
    f"{MONTHS} {DAYS} i the a an this that these those it he she they we in on at after before there what when who "
    "how why some many most all no one both each his her its their road street chapter part type model phase".casefold()
)
_PERSON_NEAR = re.compile(
    r" (?:said|says|wrote|writes|argued|argues|claimed|claims|noted|notes|suggested|suggests|stated|states|explained|"
    r"believed|believes|married|died|born|was born|became)\b"
)
BODY = re.compile(
    r" of |(?:University|Party|League|Committee|Company|Corporation|School|College|Museum|Church|Act|War|"
    r"Court|Union|River|Park|Stadium|Center|Centre|Award|Prize|Council|Army|Society|Association|Agency|"
    r"Department|Bank|Press|News|Times)s?\b|\d"
)
_TITLE_BEFORE = re.compile(
    r"\b(?:[Pp]resident|[Kk]ing|[Qq]ueen|[Ss]ir|Dr\.|Mr\.|Mrs\.|[Gg]eneral|[Pp]rofessor|[Ee]mperor) $"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in one line, without mark-up; `start..end` of the document; `paragraph`: the number of its block."""

    text: str
    start: int
    end: int
    paragraph: int

    @property
    def words(self) -> int:
        return self.text.count(" ") + 1


@dataclass(frozen=True)
class Article:
    """A document with its sentences of prose, in order."""

    document: Document
    sentences: tuple[Sentence, ...]

    @classmethod
    def of(cls, document: Document) -> Article:
        """What the document is made of, as it is found when it is added to an index."""
        text = shown_text(document)
        structure = find_structure(text, document.format)
        found = []
        for number, spans in enumerate(sentence_spans(text, structure)):
            for span in spans:
                if span.kind in ("prose", "quotation"):
                    plain = plain_words(text[span.start : span.end])
                    if plain:
                        found.append(Sentence(plain, span.start, span.end, number))
        return cls(document, tuple(found))

    def paragraph(self, sentence: Sentence) -> list[Sentence]:
        """The sentences of the paragraph that this one stands in, in order."""
        return [other for other in self.sentences if other.paragraph == sentence.paragraph]

    def before(self, sentence: Sentence) -> Sentence | None:
        """The sentence before in the same paragraph."""
        own = self.paragraph(sentence)
        at = own.index(sentence)
        return own[at - 1] if at else None

    def paragraph_words(self, sentence: Sentence) -> str:
        """The paragraph that this sentence stands in, as one text."""
        return " ".join(other.text for other in self.paragraph(sentence))

    @cached_property
    def words(self) -> str:
        """All sentences, one a line."""
        return "\n".join(sentence.text for sentence in self.sentences)

    @cached_property
    def names(self) -> dict[str, Sort]:
        """The names that stand somewhere within a sentence, each with what it seems to be."""
        seen: dict[str, Counter[Sort]] = {}
        for sentence in self.sentences:
            for match in _NAME.finditer(sentence.text):
                name = _bare(match.group())
                if match.start() and _is_name(name):
                    sort = _sort(name, sentence.text[: match.start()], sentence.text[match.start() + len(name) :])
                    seen.setdefault(name, Counter())[sort] += 1
        return {name: max(sorts, key=lambda s: (sorts[s], s)) for name, sorts in seen.items()}

    def names_in(self, text: str) -> Iterator[tuple[str, int, Sort]]:
        """The names of the article in a text, each with its place, in order."""
        for match in _NAME.finditer(text):
            name = _bare(match.group())
            if name in self.names:
                yield name, match.start(), self.names[name]

    def others(self, name: str, text: str) -> list[str]:
        """Other names of the same sort that share no word with this one, nor stand in the text."""
        own, held = set(name.split()), text.casefold()
        return [
            other
            for other, sort in self.names.items()
            if sort == self.names.get(name)
            and not own & set(other.split())
            and not any(word.casefold() in held for word in other.split() if word[0].isupper())
        ]


def plain_words(text: str) -> str:
    """A stretch of text in one line, without emphasis, references and the marks of a list."""
    text = re.sub(r"\[(?:\d{1,3}|citation needed|note \d+)\]", "", text)
    text = re.sub(r"^\s*(?:[-*+]|\d+\.)\s+", "", text)
    return " ".join(re.sub(r"(?<!\w)[*_]+|[*_]+(?!\w)", "", text).split())


def replaced(text: str, span: Span, new: str) -> str:
    """The text with other words in this place."""
    return text[: span[0]] + new + text[span[1] :]


def _bare(name: str) -> str:
    return re.sub(r"[’']s$|[’']$", "", name)


def _is_name(name: str) -> bool:
    held = any(word.casefold() in _NO_NAME for word in name.split())
    return (
        len(name) > 2 and not held and name != name.upper() and not re.search(r"-[a-z]|[a-z][A-Z]s?$|[A-Z]{2}s$", name)
    )


def _sort(name: str, before: str, after: str) -> Sort:
    if _NATION.match(name):
        return "nation"
    if _TITLE_BEFORE.search(before) or _PERSON_NEAR.match(after):
        return "person"
    if _THE_BEFORE.search(before):
        return "thing"
    if re.search(r"\b(?:in|near|at) $", before):
        return "place"
    return "person" if " " in name and not BODY.search(name) else "thing"
