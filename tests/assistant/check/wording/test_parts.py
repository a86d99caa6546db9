"""Who has which part in what is done, and what a copy leaves out of how sure a thing is."""

from __future__ import annotations

from time import process_time

import pytest

from assistant.check.typed.comparing import compare
from assistant.check.typed.naming import vocabulary_of
from assistant.check.typed.words import words_of
from assistant.check.wording.parts import acts_in
from tests.assistant.check.typed.sources import window_of

HARBOUR = (
    "Police arrested the watchman, Otto Roth, two days later; his employer, Anna Lund, was questioned. "
    "Lund had hired Roth in May. Weiss, the harbour master, gave Roth the keys. Karl Holm pulled Roth out of the water."
)
POTTER = (
    "Anna Lund, née Berg, was a potter. She married the engraver Karl Lund in 1894; her sister Marta married "
    "Otto Roth. After Karl died in 1902 she married Paul Weiss, a teacher."
)


@pytest.mark.parametrize(
    ("text", "verb", "parts"),
    [
        ("Weiss gave Roth the keys.", "gave", {"doer": "Weiss", "to": "Roth", "done to": "the keys"}),
        ("The keys were given to Roth by Weiss.", "given", {"doer": "Weiss", "to": "Roth", "done to": "The keys"}),
        ("Roth, a miller, left the town.", "left", {"doer": "Roth, a miller", "done to": "the town"}),
        ("Weiss, who met Roth, left.", "left", {"doer": "Weiss"}),
        ("Weiss bought the mill and sold it to Roth.", "sold", {"doer": "Weiss", "done to": "it", "to": "Roth"}),
        ("Police arrested Roth two days later.", "arrested", {"doer": "Police", "done to": "Roth"}),
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


WRONG = [
    ("Police arrested Anna Lund two days later.", HARBOUR, "roles"),
    ("Anna Lund was arrested by the police.", HARBOUR, "roles"),
    ("Roth hired Lund in May.", HARBOUR, "roles"),
    ("Roth gave Weiss the keys.", HARBOUR, "roles"),
    ("Karl Holm was pulled out of the water by Roth.", HARBOUR, "roles"),
    ("Anna Lund married Otto Roth.", POTTER, "roles"),
    ("Marta married Paul Weiss, a teacher.", POTTER, "roles"),
    ("Karl Lund was the husband of Marta.", POTTER, "roles"),
    ("Roth bought the vase from the museum.", "The museum bought the blue vase from Roth.", "roles"),
    ("The mill may be the oldest of the valley.", "The mill is the oldest of the valley.", "hedge"),
    ("The mill is the oldest of the valley.", "The mill is thought to be the oldest of the valley.", "hedge"),
    ("The mill is the oldest of the valley.", "Critics argue that the mill is the oldest of the valley.", "hedge"),
    ("The captain hid the last of the rum.", "According to Roth, the captain hid the last of the rum.", "hedge"),
    ("The bank will pay for the new mill.", "The bank will pay for the new mill unless prices fall.", "hedge"),
    ("In May Weiss left the old town.", "In May Roth left the old town. Weiss stayed.", "roles"),
    ("Boats are lent to Roth by other clubs.", "Boats are lent to other clubs by Roth with his consent.", "roles"),
    ("The press was founded by Weiss and Karl Lund.", "Roth founded the press with Karl Lund. Weiss left.", "roles"),
    ("Weiss bought the old mill in May.", "Weiss sold the old mill in May.", "polarity"),
    ("Half of the boats were damaged.", "Not all of the boats were damaged.", "quantity"),
    ("All of the boats were damaged.", "Not all of the boats were damaged.", "quantity"),
    ("The members were Roth, Weiss and Lund.", "The members were Roth, Weiss, Lund and three others.", "quantity"),
    (
        "The glazes were made of ash, quartz and bone.",
        "The glazes were made of ash, quartz, bone and clay.",
        "quantity",
    ),
    ("The stores did not include tea.", "The stores were flour, salt, tea and oil.", "polarity"),
]
RIGHT = [
    ("The watchman, Otto Roth, was arrested by police.", HARBOUR),
    ("Roth was hired by Anna Lund.", HARBOUR),
    ("The keys were given to Roth by Weiss.", HARBOUR),
    ("Roth was pulled out of the water by Karl Holm.", HARBOUR),
    ("Anna Lund was questioned.", HARBOUR),
    ("Anna Lund married Paul Weiss.", POTTER),
    ("Lund defended the old kilns.", "Lund had foes. *The Red Kiln* defended the old kilns."),
    (
        "Roth feared a great fire.",
        "Weiss spoke of fires, and Roth and Weiss agreed. Weiss had warned of them, Roth went on. Voices called "
        "him a liar, but Roth continued. He feared a great fire.",
    ),
    ("Karl Lund married Anna Lund in 1894.", POTTER),
    ("Marta's husband was Otto Roth.", POTTER),
    ("Karl Roth was hired by his cousin, Otto Weiss.", "Weiss hired his cousin, Karl Roth."),
    ("Some of the boats were not damaged.", "Not all of the boats were damaged."),
    ("Some of the boats are lost.", "A few of the boats are lost."),
    ("All the kilns are gone.", "None of the kilns has survived."),
    ("If the bank does not object, the town will build.", "The town will build unless the bank objects."),
    ("Guests may not row unless Weiss steers.", "Guests may row only if Weiss steers."),
    ("The crew pays if Roth does not find that it was unsafe.", "The crew pays unless Roth finds that it was unsafe."),
    ("Lund will rebuild the mill if the bank pays.", "Lund would rebuild the mill unless the bank refused to pay."),
    ("Lund bought the mill from Roth in May.", "In May Roth, who was ill, sold the mill to Lund."),
    ("Lund preceded Roth in May.", "Roth succeeded Lund in May."),
    ("Police released Roth in May.", "Police questioned Roth, whom Anna Lund had dismissed, but released him in May."),
    ("Weiss opened the shop in 1902.", "In 1902 Roth, together with Weiss, opened the shop."),
    ("Karl Lund, a cousin of Roth, founded the press with her.", "Roth founded the press with her cousin Karl Lund."),
    ("Roth was a member of the guild.", "The members of the guild were Weiss, Roth and three others."),
    ("The houses were old, large and cold.", "The houses were old, large, cold and damp."),
]


@pytest.mark.parametrize(("claim", "source", "kind"), WRONG)
def test_another_part_or_another_sureness_differs(claim: str, source: str, kind: str) -> None:
    assert kind in [finding.kind for finding in compare(claim, window_of(source)) if finding.outcome == "differs"]


@pytest.mark.parametrize(("claim", "source"), RIGHT)
def test_the_same_in_another_voice_does_not_differ(claim: str, source: str) -> None:
    assert [finding for finding in compare(claim, window_of(source)) if finding.outcome == "differs"] == []


def test_many_pronouns_take_no_time() -> None:
    text = "Roth left. " + "She left. " * 250
    begun = process_time()
    compare(text, window_of(text))
    assert process_time() - begun < 20
