"""Who has which part in what is done."""

from __future__ import annotations

import pytest

from assistant.check.typed.naming import vocabulary_of
from assistant.check.typed.words import words_of
from assistant.check.wording.parts import acts_in


@pytest.mark.parametrize(
    ("text", "verb", "parts"),
    [
        ("Weiss gave Roth the keys.", "gave", {"doer": "Weiss", "to": "Roth", "done to": "the keys"}),
        ("The keys were given to Roth by Weiss.", "given", {"doer": "Weiss", "to": "Roth", "done to": "The keys"}),
        ("Roth, a miller, left the town.", "left", {"doer": "Roth, a miller", "done to": "the town"}),
        ("Weiss, who met Roth, left.", "left", {"doer": "Weiss"}),
        ("Weiss bought the mill and sold it to Roth.", "sold", {"doer": "Weiss", "done to": "it", "to": "Roth"}),
        ("Police arrested Roth two days later.", "arrested", {"doer": "Police", "done to": "Roth"}),
        ("Roth was arrested and taken to Kars.", "taken", {"done to": "Roth", "to": "Kars"}),
        ("Roth was arrested and left the town.", "left", {"doer": "Roth", "done to": "the town"}),
    ],
)
def test_the_parts_of_what_is_done(text: str, verb: str, parts: dict[str, str]) -> None:
    words = words_of(text)
    acts = {words.tokens[act.verb].text: act for act in acts_in(words, vocabulary_of(f"Of Weiss, of Roth. {text}"))}
    found = {
        role: text[words.tokens[part.first].start : words.tokens[part.after - 1].end]
        for role, part in acts[verb].parts.items()
    }
    assert found == parts
