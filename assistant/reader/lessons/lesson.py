"""One lesson of the reader, and the windows of text that lessons are made of."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from assistant.reader.lessons.articles import windows

Span = tuple[int, int]

WITH_HEADING = 0.6
"""How often a text is read under the title of its article."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question (or claim) and a text; what is not known is None, and nothing is learned from it.

    `answers`: every occurrence of the answer in the text, as offsets. `relevant`: whether this is the place.
    `answered`: whether the text answers. `unsupported`: words of the question that the text does not bear out, as
    offsets. `evidence`: what belongs into the answer, as offsets into the text; sentences that touch it are learned
    as belonging, all others as not. `needed`: where the text is a conversation, the words of it that the question
    leans on. `support`: an index into SUPPORT. `sentences`: where the sentences of the text stand, None where they are
    found by their full stops. `taught`: whether a network that has learned before may teach it, besides the labels.
    `article`: where the text is from; texts of one article are not held
    against each other unless they stand in one unit.
    """

    question: str
    text: str
    heading: str = ""
    article: str = ""
    answers: tuple[Span, ...] = ()
    relevant: bool | None = None
    answered: bool | None = None
    unsupported: tuple[Span, ...] | None = None
    evidence: tuple[Span, ...] | None = None
    needed: tuple[Span, ...] | None = None
    support: int | None = None
    sentences: tuple[Span, ...] | None = None
    taught: bool = True


Unit = list[Lesson]
"""Lessons that are learned in the same step."""


def title_of(name: str) -> str:
    """The title of an article of SQuAD as one reads it."""
    return unquote(name).replace("_", " ")


def heading_for(title: str, rng: random.Random) -> str:
    return title if rng.random() < WITH_HEADING else ""


def places(wanted: str, text: str) -> tuple[Span, ...]:
    """Every occurrence of `wanted` in `text`, whatever its case, not inside a longer word."""
    found = re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", text, re.IGNORECASE)
    return tuple((m.start(), m.end()) for m in found) if wanted.strip() else ()


def words_of(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}


def best_window(text: str, wanted: str, words: int) -> Span:
    """The window of at most `words` words (one sentence at least) that shares most words with `wanted`."""
    sought = words_of(wanted)
    return max(windows(text, words), key=lambda span: len(sought & words_of(text[slice(*span)])))


def other_windows(texts: Sequence[str], most: int, rng: random.Random, good: Callable[[str], bool]) -> list[str]:
    """Up to `most` of the texts, drawn at random, of which `good` holds."""
    order = list(texts)
    rng.shuffle(order)
    return [text for text in order if good(text)][:most]
