"""What a sentence adds to the sentence of the source that it copies."""

from __future__ import annotations

import pytest

from assistant.check.wording.copies import added
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
    ],
)
def test_other_words_and_another_order_add_nothing(claim: str) -> None:
    assert added(claim, [window_of(SOURCE)]) is None


def test_what_another_place_holds_is_not_added() -> None:
    claim = "The council of Kars closed the old mill in 1921 after a long legal dispute."
    assert added(claim, [window_of(SOURCE), window_of("There was a long legal dispute over the river.")]) is None
