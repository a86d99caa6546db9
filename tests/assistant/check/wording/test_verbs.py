"""Verbs, told without a tagger."""

from __future__ import annotations

import pytest

from assistant.check.typed.words import words_of
from assistant.check.wording.verbs import is_passive, is_verb


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Roth rose early and painted the gate.", ["rose", "painted"]),
        ("Roth did not sell it; he will paint.", ["paint"]),
        ("Roth wants to sell the red gate.", ["sell"]),
        ("The Painted Gate has 12 bars.", []),
    ],
)
def test_verbs_in_the_past_and_behind_auxiliaries(text: str, verbs: list[str]) -> None:
    words = words_of(text)
    found = [token.text for at, token in enumerate(words.tokens) if is_verb(words, at)]
    assert set(verbs) <= set(found) and not set(found) & {"red", "Painted", "12", "gate", "early"}


@pytest.mark.parametrize(
    ("text", "verb", "passive"),
    [
        ("Roth was later beaten.", "beaten", True),
        ("Roth got robbed.", "robbed", True),
        ("a mill founded by Roth", "founded", True),
        ("Roth finished by 1902.", "finished", False),
        ("Roth was glad and robbed Weiss.", "robbed", False),
        ("Roth beat Weiss.", "beat", False),
    ],
)
def test_what_is_passive(text: str, verb: str, passive: bool) -> None:
    words = words_of(text)
    assert is_passive(words, [token.text for token in words.tokens].index(verb)) is passive
