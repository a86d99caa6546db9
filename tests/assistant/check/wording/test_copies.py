"""What a sentence adds to the sentence of the source that it copies."""

from __future__ import annotations

import pytest

from assistant.check.typed.aligned import Pair
from assistant.check.wording.copies import added, exchanged
from tests.assistant.check.typed.sources import window_of

SOURCE = "The council of Kars closed the old mill in 1921. Its workers went home."


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("The council of Kars closed the old mill in 1921 after a long legal dispute.", "after a long legal dispute"),
        ("The council of Kars, under heavy pressure, closed the old mill in 1921.", "under heavy pressure"),
        ("To general surprise the council of Kars closed the old mill in 1921.", "To general surprise"),
    ],
)
def test_what_a_copy_adds_is_told(claim: str, words: str) -> None:
    finding = added(claim, [window_of(SOURCE)])
    assert finding is not None
    assert (finding.kind, finding.outcome) == ("words", "absent")
    assert claim[slice(*finding.claim or (0, 0))] == words


@pytest.mark.parametrize(
    "claim",
    [
        "The council of Kars closed the old mill in 1921.",
        "In 1921 the council of Kars closed the old mill.",
        "The council of Kars shut the old mill in 1921.",
        "The council of Kars closed the old mill in 1921, and its workers went home.",
        "The council of Kars closed the old mill in nineteen twenty-one.",
        "A long legal dispute came before the closure.",
        "The council of Kars closed the mill that was old at the time in 1921.",
        "The council's closing of the old mill of Kars took place in 1921.",
    ],
)
def test_other_words_and_another_order_add_nothing(claim: str) -> None:
    assert added(claim, [window_of(SOURCE)]) is None


@pytest.mark.parametrize(
    ("claim", "is_added"),
    [
        ("The weaving firm is the largest employer of the whole valley.", False),
        ("This weaving firm is the largest employer of the whole valley.", False),
        ("The weaving firm of the Roths is the largest employer of the whole valley.", True),
        ("To general surprise it is the largest employer of the whole valley.", True),
    ],
)
def test_a_noun_in_the_place_of_a_pronoun_adds_nothing(claim: str, is_added: bool) -> None:
    finding = added(claim, [window_of("It is the largest employer of the whole valley.")])
    assert (finding is not None) is is_added


def test_what_another_place_holds_is_not_added() -> None:
    claim = "The council of Kars closed the old mill in 1921 after a long legal dispute."
    assert added(claim, [window_of(SOURCE), window_of("There was a long legal dispute over the river.")]) is None


def test_a_place_that_only_another_window_holds_is_added() -> None:
    other = window_of("There was a fair in Arles.")
    finding = added("The council of Kars closed the old mill in Arles in 1921.", [window_of(SOURCE), other])
    assert finding is not None and "in Arles" in finding.reason
    beside = window_of("The council of Kars closed the old mill in 1921. It stood in Arles.")
    assert added("The council of Kars closed the old mill in Arles in 1921.", [beside, other]) is None


def test_what_a_copy_exchanges_counts_whatever_another_place_holds() -> None:
    claim = "Among the eight were Roth, Weiss and Lund."
    copied, other = "Among the ten were Roth, Weiss and Lund.", "The eight women of the choir were Lund and others."
    for texts in ((copied, other), (f"{copied} {other}",)):
        (finding,) = exchanged([Pair(claim, window_of(text)) for text in texts])
        assert (finding.kind, finding.outcome) == ("number", "differs")
    assert exchanged([Pair(claim, window_of(text)) for text in (copied, claim)]) == []
    assert exchanged([Pair(claim, window_of(other))]) == []
