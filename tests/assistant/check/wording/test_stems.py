"""Other spellings of a word are found as if it were compared with every stem."""

from __future__ import annotations

import random

import pytest

from assistant.check.wording.stems import Spellings, told_stems


def damerau(one: str, other: str) -> int:
    """The distance of two words, straight from its definition."""
    cells = {(i, 0): i for i in range(len(one) + 1)} | {(0, k): k for k in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for k in range(1, len(other) + 1):
            changed = cells[i - 1, k - 1] + (one[i - 1] != other[k - 1])
            cells[i, k] = min(cells[i - 1, k] + 1, cells[i, k - 1] + 1, changed)
            if i > 1 and k > 1 and one[i - 1] == other[k - 2] and one[i - 2] == other[k - 1]:
                cells[i, k] = min(cells[i, k], cells[i - 2, k - 2] + 1)
    return cells[len(one), len(other)]


def test_the_spellings_are_those_of_a_comparison_with_every_stem() -> None:
    rng = random.Random(5)
    words = ["".join(rng.choice("abe") for _ in range(rng.randint(3, 11))) for _ in range(300)]
    spellings = Spellings(words)
    found = 0
    for own in words[:60]:
        most = 1 if len(own) < 9 else 2
        near = {w for w in words if len(own) > 4 < len(w) and w[0] == own[0] and damerau(own, w) <= most}
        assert spellings.of(own) == near
        found += len(near - {own})
    assert found > 40


@pytest.mark.parametrize(
    ("own", "stems", "expected"),
    [
        ("oduya", {"oduay", "oduyas", "adoya"}, {"oduay", "oduyas"}),
        ("schiessenburg", {"shiessenberg", "schissenberger"}, {"shiessenberg"}),
        ("lund", {"lunt", "lund"}, set()),
        ("18874", {"18875"}, set()),
        ("keeper", set(), set()),
    ],
)
def test_a_long_word_may_have_two_other_letters_a_short_one_none(own: str, stems: set[str], expected: set[str]) -> None:
    assert Spellings(stems).of(own) == expected


def test_ligatures_and_endings_do_not_count() -> None:
    assert told_stems("The ﬁles of the keepers") == told_stems("the file of The keeper")
