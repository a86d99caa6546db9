"""Whom "he" or "she" means."""

from __future__ import annotations

from time import process_time

import pytest

from assistant.check.typed.aligned import Pair
from assistant.check.typed.comparing import compare
from assistant.check.typed.naming import vocabulary_of
from assistant.check.wording.who.whom import meant_by
from tests.assistant.check.typed.sources import window_of

KNOWN = "Letters of Roth, of Weiss and of Lund.\n\n"


@pytest.mark.parametrize(
    ("text", "pronoun", "name"),
    [
        ("Roth was a potter. In 1902 he left.", "he", "Roth"),
        ("Roth was a potter. She met Weiss; her sister stayed. Then she left.", "she", "Roth"),
        ("Roth was a potter. Weiss came in May. He left.", "He", "Weiss"),
        ("Roth was a potter. The mill was sold by Weiss. He left.", "He", ""),
        ("Roth and Weiss met. He left.", "He", ""),
        ("Roth’s mill was sold. He left.", "He", ""),
        ("Roth spoke. Voices called Weiss a liar. He left.", "He", ""),
        ("Roth was a potter.\n\nHe left.", "He", ""),
    ],
)
def test_only_of_whom_the_sentences_before_speak(text: str, pronoun: str, name: str) -> None:
    window = window_of(text, before=KNOWN)
    pair = Pair("She left.", window, "")
    at = max(n for n, token in enumerate(pair.source.tokens) if token.text == pronoun)
    meant = meant_by(pair, at, vocabulary_of(window.document.text))
    assert (meant[1].tokens[meant[0].first].text if meant else "") == name


def test_many_pronouns_take_no_time() -> None:
    text = "Roth left. " + "She left. " * 250
    begun = process_time()
    compare(text, window_of(text))
    assert process_time() - begun < 20
