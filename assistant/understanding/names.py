"""The names in a question: where they stand, in what form, and which document they are of.

A slip of the pen, another form ("Egyptians" for Egypt), first letters ("MPL") and a given name that a text does without
are forgiven.
But: a name written in small letters is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

from assistant.understanding.question import WORD, Question, normal, stem
from assistant.understanding.wanted import NOT_NAMES, TITLES
from vectorstore.types import Document

LONG_NAME, ALIKE = 5, 0.8
"""From how many letters on, and how like another (difflib's ratio), a name may be misspelt."""
LEAST_SHORT, MOST_SHORT = 2, 6
"""How many letters the short form of a name has."""
ROOT, TAIL = 4, 4
"""How many letters two forms of a name share at least, and how many may follow: "Egyptians", "Egypt"."""
_DERIVED = re.compile(r"(?:ish|i?an|ese|i[cs]|is[mt]|ite)$")


def name_features(question: Question, near: str, documents: Iterable[Document]) -> dict[str, float]:
    """What is known of the question's names: `named`, which part of them stands in `near`, the text around what may
    answer; `known`, whether all of them stand in one of the documents that it is from."""
    wholes = [f"{called(document)}\n{document.text}" for document in documents]
    known = any(names_known(question, whole) for whole in wholes)
    return {"named": max((names_held(question, near, whole) for whole in wholes), default=1.0), "known": float(known)}


def called(document: Document) -> str:
    """What a document is called: its title, and the words of its file's name."""
    file = re.split(r"[\\/:]", document.origin.rstrip("/"))[-1].rpartition(".")[0]
    words = re.sub(r"[_+]+|(?<!\d)[.-]|[.-](?!\d)", " ", file)
    return f"{document.title}\n{words}"


def without_needless(question: Question, wordings: Sequence[str], documents: Iterable[Document]) -> list[str]:
    """The wordings without given names that none of the documents says and one does without: "Ada Reyes" as "Reyes"."""
    texts = [f"{called(document)}\n{document.text}" for document in documents]
    left_out = frozenset[str]().union(*(needless(question, text) for text in texts))
    left_out = frozenset(name for name in left_out if not any(says(name, text) for text in texts))
    if not left_out:
        return list(wordings)
    return [" ".join(w for w in wording.split() if stem(w.strip(",.?!")) not in left_out) for wording in wordings]


def called_by_name(question: Question, documents: Iterable[Document]) -> frozenset[str]:
    """The documents that a question calls by more of its names than others; none where it calls all alike."""
    named = {document.id: names_in_title(question, called(document)) for document in documents}
    most = max(named.values())
    return (
        frozenset(name for name, count in named.items() if count == most) if most > min(named.values()) else frozenset()
    )


def names_held(question: Question, text: str, whole: str = "") -> float:
    """Which part of the words that the question writes as names stand in the text, 0 to 1; 1 where it names nothing. A
    slip of the pen in a long name is forgiven: "Trotzky" is held by "Trotsky"; and a given name that the whole
    document, where that is given, never says and does without: "Ada Reyes" in one that says "Reyes"."""
    left_out = needless(question, whole) if whole else frozenset()
    names = [name for name in question.names if name not in left_out]
    if not names:
        return 1.0
    held = {stem(word) for word in WORD.findall(text)}
    short = {stem(word) for word in WORD.findall(question.text) if is_short_for(word, text)}
    missing = [name for name in names if name not in held | short]
    missing = [name for name in missing if len(name) < LONG_NAME or not get_close_matches(name, held, 1, ALIKE)]
    return round(1 - len(missing) / len(names), 4)


def names_known(question: Question, text: str) -> bool:
    """Whether all that the question writes as names stands somewhere in a whole document, also in another form
    ("Egyptians" in one on Egypt) or misspelt; figures aside. Of a name of several words the last is enough where the
    document uses it by itself: "Ada Reyes" in one that says "Reyes", not "Oak House" in one that says "Birch House".
    True where it names nothing."""
    if not any(not name[0].isdigit() for name in question.names):
        return True
    words, capitals = _vocabulary(text)

    def is_known(word: str) -> bool:
        return stem(word) in words or _is_alike(stem(word), capitals) or is_short_for(word, text)

    for run in _runs(question):
        known = [is_known(word) for word in run]
        if not all(known) and not (known[-1] and _stands_alone(run[-1], text)):
            return False
    return True


def names_in_title(question: Question, title: str) -> int:
    """How many of the question's names stand in what a document is called, in full or by their first letters."""
    words = {stem(word) for word in WORD.findall(title)}
    names = {stem(word): word for word in WORD.findall(question.text) if stem(word) in question.names}
    return sum(name in words or is_short_for(word, title) for name, word in names.items())


def is_short_for(word: str, text: str) -> bool:
    """Whether a word in capitals holds the first letters of a name in the text: "MPL" of "Mozilla Public License"."""
    if not (word.isupper() and word.isalpha() and LEAST_SHORT <= len(word) <= MOST_SHORT):
        return False
    first, others = word[0], word[1:]
    rest = "".join(rf"[ \t\n-]+(?:(?:of|the|and|for|in|on|de|du|la) ){{0,2}}{letter}[\w’']*" for letter in others)
    return re.search(rf"\b{first}[\w’']*{rest}(?![\w’'])", text) is not None


def says(name: str, text: str) -> bool:
    """Whether a text holds the stem of a name."""
    return name in _vocabulary(text)[0]


def needless(question: Question, text: str) -> frozenset[str]:
    """The names of a question that the text never says, before one that it uses by itself."""
    runs = [run for run in _runs(question) if len(run) > 1]
    if not runs:
        return frozenset()
    words, capitals = _vocabulary(text)
    found = {
        stem(word)
        for run in runs
        for word in run[:-1]
        if stem(word) not in words and not _is_alike(stem(word), capitals) and _stands_alone(run[-1], text)
    }
    return frozenset(found)


def _runs(question: Question) -> list[list[str]]:
    """The names of a question, each as its words that stand side by side."""
    runs: list[list[str]] = []
    end = -1
    for match in WORD.finditer(question.text):
        word = match.group()
        if word[0].isupper() and stem(word) in question.names:
            if runs and not question.text[end : match.start()].strip(" .-"):
                runs[-1].append(word)
            else:
                runs.append([word])
            end = match.end()
    return runs


def _stands_alone(word: str, text: str) -> bool:
    """Whether at least half of the times that a text writes a word with a capital, no other name stands before it."""
    alone, places = 0, 0
    for match in re.finditer(rf"(?<!\w){re.escape(normal(word))}(?!\w)", text, re.I):
        if text[match.start()].isupper():
            before = re.search(r"([^\W\d_][\w’'-]*)[ -]$", text[max(0, match.start() - 40) : match.start()])
            named = before is not None and before[1][0].isupper() and normal(before[1]) not in NOT_NAMES | TITLES
            places, alone = places + 1, alone + (not named)
    return places > 0 and 2 * alone >= places


def _is_alike(name: str, capitals: frozenset[str]) -> bool:
    root = _DERIVED.sub("", name)
    if len(root) >= ROOT and any(other.startswith(root) and len(other) - len(root) <= TAIL for other in capitals):
        return True
    return len(name) >= LONG_NAME and bool(get_close_matches(name, capitals, 1, ALIKE))


@lru_cache(maxsize=64)  # a question looks at the documents of forty candidates
def _vocabulary(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of all words of a text, and of those that it writes with a capital."""
    words = set(WORD.findall(text))
    return frozenset(map(stem, words)), frozenset(stem(word) for word in words if word[0].isupper())
