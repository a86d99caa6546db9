"""The stems of a text, and which of them are a word in another spelling.

But: stems are those of English, and a short word or a figure has one spelling only.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from assistant.understanding.question import WORD, stem
from vectorstore.folding import folded

SHORTEST_MISSPELT = 5


@lru_cache(maxsize=8192)
def told_stems(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(stem(word) for word in WORD.findall(folded(text)))


class Spellings:
    """Some stems, by their first letters: each is compared with those alone that may be the same word."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._long: dict[str, list[str]] = {}
        for one in stems:
            if len(one) >= SHORTEST_MISSPELT:
                self._long.setdefault(one[0], []).append(one)

    def of(self, own: str) -> frozenset[str]:
        """Those of the stems that are the word in another spelling, or as it is: as many letters but one or, in a long
        word, two."""
        if len(own) < SHORTEST_MISSPELT or any(map(str.isdigit, own)):
            return frozenset()
        size = len(own)
        most = 1 if size < 9 else 2
        near = [other for other in self._long.get(own[0], ()) if -most <= len(other) - size <= most]
        return frozenset(other for other in near if _apart(own, other, most) <= most)


@lru_cache(maxsize=50_000)
def _apart(one: str, other: str, most: int) -> int:
    """Letters to add, leave out, change or swap between two words (Damerau 1964), or `most` + 1 where they are more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        two_before, before, row = before, row, [i]
        for k, b in enumerate(other, 1):
            row.append(min(before[k] + 1, row[k - 1] + 1, before[k - 1] + (a != b)))
            if i > 1 and k > 1 and a == other[k - 2] and one[i - 2] == b:
                row[k] = min(row[k], two_before[k - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]
