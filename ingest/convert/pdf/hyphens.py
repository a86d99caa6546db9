"""Whether a hyphen at the end of a line belongs to its word.

The document itself is asked first: where it writes the word with the hyphen or without, that is how it stands. Else the
hyphen goes where the word without it is a known one, or where one of its halves is none; it stays in a compound
(cost-sharing), behind a prefix that makes another word (re-sign) and wherever that is in doubt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache

from vectorstore.embedding.network.base import base_file
from vectorstore.english import word_set
from vectorstore.errors import AttestError

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_COMPOUND = re.compile(r"(?<!\w)\w+(?:-\w+)+")
_REACH = 100
"""Characters before a hyphen that are looked at: the time grows with their square."""
_HEAD = re.compile(r"(?:[\w’']*-)*[\w’']+$")
_AMOUNT = re.compile(r"[$€£¥]\d")
"""What "$150-" goes on with in the next line."""
_TAIL = re.compile(r"[\w’']+(?:-\w+)*")
_PREFIXES = word_set(
    "anti auto bi bio co counter cyber de dis eco electro ex extra geo hydro hyper infra inter intra kilo macro mega "
    "meta micro mid mini mis mono multi nano neo neuro non out over para photo physio poly post pre pro proto pseudo "
    "psycho quasi re self semi socio sub super tele thermo trans tri ultra un under vice"
)
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "ness", "al", "ally")
_BRITISH = re.compile(r"is(e|ed|es|er|ers|ing|ation|ations)$")
_AGAIN = "re"
"""What stands before nearly any verb, with a hyphen where the word without it means something else."""
_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "bis"})


class Hyphens:
    """Knows the words of one document."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words`: those of the document, whole ones; not the halves at the ends of its lines."""
        self._whole: set[str] = set()
        self._compounds: set[str] = set()
        for word in words:
            lower = word.lower()
            if "-" in lower:
                self._compounds.update(_COMPOUND.findall(lower))
            else:
                self._whole.update(_WORD.findall(lower))

    def joint(self, before: str, after: str) -> tuple[str, str]:
        """How the word `before`, which ends its line with a hyphen, goes on with `after`: `before` as it is kept, and
        what stands between the two."""
        head, tail = _HEAD.search(before[-_REACH:-1]), _TAIL.match(after)
        if not head or not tail:
            joined = head and (after[:1].isalnum() or (before[-2:-1].isdigit() and _AMOUNT.match(after)))
            return before, "" if joined else " "
        if tail.group().lower() in _SUSPENDED:
            return before, " "  # "pre- and post-war"
        return (before, "") if self._stays(head.group(), tail.group()) else (before[:-1], "")

    def _stays(self, head: str, tail: str) -> bool:
        if not tail[0].islower() or "-" in head or not head[-1].isalpha() or len(head) == 1:
            return True
        if len(head) > 1 and head.isupper():
            return True
        first, second = head.lower(), tail.lower().partition("-")[0]
        joined = first + second
        if f"{first}-{second}" in self._compounds:
            return True
        if joined in self._whole:
            return False
        if first == _AGAIN and self._is_word(second):
            return True
        if self._is_word(joined):
            return False
        return self._is_word(second) and (first in _PREFIXES or self._is_word(first))

    def _is_word(self, word: str) -> bool:
        return len(word) > 2 and (word in self._whole or is_known(word))


def is_known(word: str) -> bool:
    """Whether a word in lower case is a common English one, as it is or inflected."""
    known = _lexicon()
    american = _BRITISH.sub(r"iz\1", word)
    return any(
        form in known or any(form.endswith(ending) and _stem(form, ending, known) for ending in _ENDINGS)
        for form in {word, american}
    )


def _stem(word: str, ending: str, known: frozenset[str]) -> bool:
    stem = word[: -len(ending)]
    return len(stem) > 3 and (stem in known or (ending in ("ing", "er", "ers", "ed") and f"{stem}e" in known))


@cache
def _lexicon() -> frozenset[str]:
    """The whole words among those that the network's tokenizer knows: the 20,000 commonest of English."""
    try:
        vocabulary = json.loads(base_file("tokenizer.json"))["model"]["vocab"]
    except (OSError, ValueError, KeyError, AttestError):
        return frozenset()
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)
