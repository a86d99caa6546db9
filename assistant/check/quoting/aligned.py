"""Two rows of words side by side: what was changed, left out, put in.

a large red lamp | a small lamp   ->   large: small;  red: -
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.check.quoting.words import spelled

MOST_CELLS = 60_000
"""Words of both rows, multiplied, that are compared one by one; larger ones are compared by their longest common
stretches."""
END = 4
"""How far from where it would stand the first or last word of a quotation is looked for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The words `first` to `last` of the quotation stand in the source as its words `source_first` to `source_last`;
    either may be empty."""

    first: int
    last: int
    source_first: int
    source_last: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where a row of words fits best into a longer one: at its words `first` to `last`, with these differences.
    `same`: how many words are the same."""

    first: int
    last: int
    same: int
    differences: tuple[Difference, ...]

    @property
    def changes(self) -> int:
        """How many words were changed, left out or put in."""
        return sum(max(one.last - one.first, one.source_last - one.source_first) for one in self.differences)


def align(quoted: Sequence[str], source: Sequence[str]) -> Alignment:
    """The best fit of the quoted words within the words of a source."""
    large = len(quoted) * len(source) > MOST_CELLS
    return _alignment(quoted, source, (_by_stretches if large else _by_words)(quoted, source))


def same_words(quoted: Sequence[str], source: Sequence[str]) -> bool:
    """Whether two rows are the same words, differently joined or spelled: co operate, cooperate; organise, organize."""
    if len(quoted) == len(source) and all(map(_same, quoted, source)):
        return True
    left, right = "".join(quoted), "".join(source)
    return left == right and bool(left) and not any(map(str.isdigit, left))


def _same(one: str, other: str) -> bool:
    return one == other or spelled(one) == spelled(other)


def _by_words(quoted: Sequence[str], source: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of the same words, by the least number of changes; words of the source before and behind cost nothing
    (Sellers 1980). A little more is paid for each gap in the source, so that matches stay together."""
    n, m = len(quoted), len(source)
    left = [spelled(word) for word in quoted]
    right = [spelled(word) for word in source]
    above = [0.0] * (m + 1)
    moves: list[bytearray] = []
    for i in range(n):
        row = [above[0] + 1.0]
        move = bytearray(m + 1)
        move[0] = 1
        word = left[i]
        for j in range(m):
            diagonal = above[j] + (0.0 if word == right[j] else 1.01)
            up, beside = above[j + 1] + 1.0, row[j] + 1.0
            if diagonal <= up and diagonal <= beside:
                row.append(diagonal)
                move[j + 1] = 0
            elif up <= beside:
                row.append(up)
                move[j + 1] = 1
            else:
                row.append(beside)
                move[j + 1] = 2
        moves.append(move)
        above = row
    j = min(range(m + 1), key=above.__getitem__)
    i, pairs = n, []
    while i > 0:
        step = moves[i - 1][j]
        if step == 0:
            i, j = i - 1, j - 1
            if left[i] == right[j]:
                pairs.append((i, j))
        elif step == 1:
            i -= 1
        else:
            j -= 1
    return _to_its_ends(left, right, pairs[::-1])


def _to_its_ends(quoted: Sequence[str], source: Sequence[str], pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs with those of the first and last word, where the source has words between: of "is understood" and
    "is not yet understood", words are left out; none is put in the place of another."""
    if not pairs or len(pairs) * 2 < len(quoted):
        return pairs
    (first, before), (last, behind) = pairs[0], pairs[-1]
    if first == 1:
        near = range(before - 1, max(-1, before - 1 - END), -1)
        pairs = [*((0, at) for at in [next((n for n in near if source[n] == quoted[0]), -1)] if at >= 0), *pairs]
    if last == len(quoted) - 2:
        near = range(behind + 1, min(len(source), behind + 1 + END))
        pairs = [
            *pairs,
            *((last + 1, at) for at in [next((n for n in near if source[n] == quoted[-1]), -1)] if at >= 0),
        ]
    return pairs


def _by_stretches(quoted: Sequence[str], source: Sequence[str]) -> list[tuple[int, int]]:
    matcher = SequenceMatcher(None, quoted, source, autojunk=False)
    return [(a + k, b + k) for a, b, size in matcher.get_matching_blocks() for k in range(size)]


def _alignment(quoted: Sequence[str], source: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Alignment:
    if not pairs:
        return Alignment(0, 0, 0, (Difference(0, len(quoted), 0, 0),))
    first = max(0, pairs[0][1] - pairs[0][0])
    last = min(len(source), pairs[-1][1] + len(quoted) - pairs[-1][0])
    differences: list[Difference] = []
    i, j = 0, first
    for a, b in [*pairs, (len(quoted), last)]:
        if (i, j) != (a, b) and not same_words(quoted[i:a], source[j:b]):
            differences.append(Difference(i, a, j, b))
        i, j = a + 1, b + 1
    return Alignment(first, last, len(pairs), tuple(differences))
