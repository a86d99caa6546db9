"""What a text denies, and tells near by."""

from __future__ import annotations

import pytest

from assistant.check.asked.affirmed import is_affirmed
from tests.assistant.check.typed.sources import window_of

MILL = "The council did not sell it to Udo in 1903. It sold it to Piet Holm in 1911."
ROOF = "The museum was too poor to pay for it; the Berg trust paid."
WAGES = "The wages were not raised in 1904. They were raised in 1906."
NOT_THE = "The bank, not the brothers, brought in workers."


@pytest.mark.parametrize(
    ("claim", "question", "text", "told"),
    [
        ("The council sell the mill.", "When did the council sell the mill?", MILL, True),
        ("The council sell the mill to Udo.", "When did the council sell the mill to Udo?", MILL, False),
        ("Somebody paid for the roof.", "Who paid for the roof?", ROOF, True),
        ("The roof paid for.", "When was the roof paid for?", ROOF, True),
        ("The museum paid for the roof.", "When did the museum pay for the roof?", ROOF, False),
        ("The wages raised.", "When were the wages raised?", WAGES, True),
        ("The wages raised in 1904.", "Why were the wages raised in 1904?", WAGES, False),
        ("The brothers bring in workers.", "Why did the brothers bring in workers?", NOT_THE, False),
        ("The town sell the mill.", "Why did the town sell the mill?", "The town wanted to sell it.", False),
        ("The bank sell the mill.", "Why did the bank sell it?", "The bank did not. Roth, they said, sold it.", False),
        ("The pilot survive.", "Why did the pilot survive?", "The mate survived; the pilot did not.", False),
    ],
)
def test_a_thing_is_told_where_pronouns_and_what_is_left_out_make_up_for_all_that_is_named(
    claim: str, question: str, text: str, told: bool
) -> None:
    assert is_affirmed(claim, question, window_of(text)) is told


def test_what_stands_next_to_the_window_is_looked_at_too() -> None:
    window = window_of("The wages were not raised in 1904.", behind=" They were raised in 1906.")
    assert is_affirmed("The wages raised.", "When were the wages raised?", window)
