"""Questions as people also put them, and questions with another name in them."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import Example, windows
from assistant.understanding.question import content_words

WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
"""Words and patterns that claims are made with (`statements.py`, `rewording.py`)."""

_QUESTION_WORD = re.compile(r"(?i)^(?:who|when|where|why|how|what|which|whom|whose)$")

_NAME = re.compile(r"\b[A-Z][\w’'-]*(?: (?:of |the |de |von )?[A-Z][\w’'-]*)*")

_BETWEEN = re.compile(
    r" (?:[a-z]+ )?(?!(?:and|or|of|in|on|at|for|to|by|from|with|as|like|than|near|the)\b)"
    r"[a-z]+(?:ed|s|t|e)?(?: by| to| against| from| over)?(?: the)? "
)
"""What may stand between two names of which one does something to the other: a verb, and little else."""

_OPENS = re.compile(r"\W*\w+")

IN_THE_SAME_TEXT = 0.75
"""How often a name is exchanged for one of the same window rather than of elsewhere in the article."""


def key_words(question: str) -> str:
    """The question as somebody types it into a search box: content words in order, the question word at the end."""
    words = content_words(question)
    asked = [word for word in re.findall(r"\w+", question)[:3] if _QUESTION_WORD.match(word)]
    return " ".join([*words, *asked[:1]]).lower() if len(words) > 1 else question


def as_follow_up(question: str, earlier: str, pronoun: str) -> str | None:
    """The question with the longest name that it shares with the earlier one replaced by a pronoun; None where they
    share none."""
    shared = {name for name in names_in(question)} & {name for name in names_in(earlier)}
    if not shared:
        return None
    name = max(sorted(shared), key=len)
    possessive = {"he": "his", "she": "her", "it": "its", "they": "their"}[pronoun]
    changed = re.sub(rf"\b(?:the )?{re.escape(name)}(?:'s|’s|s'| 's)", possessive, question, count=1)
    changed = re.sub(rf"\b(?:[Tt]he )?{re.escape(name)}\b", pronoun, changed)
    return changed if changed != question else None


def names_in(text: str) -> list[str]:
    """The names in a question or a text; the first word of a sentence is not taken for one."""
    found = []
    for start, end in windows(text, 1):
        opening = _OPENS.match(text, start, end)
        found += _NAME.findall(text[opening.end() if opening else start : end])
    return found


def exchanged(question: str, text: str, elsewhere: Sequence[str], answer: str, rng: random.Random) -> Example | None:
    """The question with one of its names exchanged for another, so that the text no longer answers it: of the text,
    three times in four, or from `elsewhere`. None where no name can be exchanged."""
    names = [name for name in names_in(question) if name in text]
    if not names:
        return None
    name = rng.choice(names)
    pool = [n for n in dict.fromkeys(names_in(text) if rng.random() < IN_THE_SAME_TEXT else elsewhere) if len(n) > 2]
    asked = {word.casefold() for word in re.findall(r"\w+", f"{question} {answer}")}
    others = [other for other in pool if not asked & {word.casefold() for word in re.findall(r"\w+", other)}]
    if not others:
        return None
    other = rng.choice(others)
    start = question.rindex(name)
    changed = question[:start] + other + question[start + len(name) :]
    return Example(changed, text, (), None, False, ((start, start + len(other)),))


def turned(text: str) -> str | None:
    """A sentence or question with two of its names, which have little but a verb between them, in each other's place;
    None where there are none."""
    names = [name for name in names_in(text) if text.count(name) == 1 and len(name) > 2]
    for first, second in itertools.pairwise(names):
        a, b = text.index(first), text.index(second)
        between = text[a + len(first) : b]
        if b > a and _BETWEEN.fullmatch(between):
            return text[:a] + second + between + first + text[b + len(second) :]
    return None
