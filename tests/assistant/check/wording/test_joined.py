"""A cause made of two things that the source tells side by side."""

from __future__ import annotations

import pytest

from assistant.check.checker import Checker
from assistant.check.texts import Texts
from assistant.reader.runtime import load_reader

APART = [
    ("The mill closed because the river silted up.", "The river silted up in 1901. The mill closed in 1903."),
    (
        "The baker fled because his brother was arrested.",
        "In May his brother was arrested, and the baker fled to Kars.",
    ),
    ("Because the price of salt doubled, wages were cut.", "The price of salt doubled. In June wages were cut."),
    ("The rising demand for glass led to a strike.", "The demand for glass was rising. In May there was a strike."),
    (
        "Roth retired because a storm broke the dome.",
        "They wanted to paint the dome. A storm broke the dome. Roth retired.",
    ),
]
LINKED = [
    ("The guild mended the gate because the state would not.", "The state would not mend the gate, and the guild did."),
    ("The mill closed because the river silted up.", "The river silted up in 1901. For this reason the mill closed."),
    ("The mill closed because the river silted up.", "The mill closed in 1903: the river had silted up."),
    ("The mill was destroyed because of the flood.", "The flood destroyed the mill."),
    ("The bakers struck because of their wages.", "The bakers struck in May over their wages."),
    ("The town paid because the school was too poor.", "The school was too poor to pay; the town paid."),
    ("The wall fell because of the rain.", "Weakened by the rain, the wall fell in May."),
    ("The barn fell because the salt ate it.", "The salt ate the barn. Badly weakened by it, the barn fell."),
    ("The council moved the road because it feared a flood.", "The council feared a flood. It moved the road."),
]


@pytest.mark.parametrize(("claim", "source"), APART)
def test_two_things_side_by_side_are_no_cause(claim: str, source: str) -> None:
    (sentence,) = Checker(Texts([("", source)]), reader=load_reader()).check(claim).sentences
    assert sentence.verdict != "supported"
    assert ("cause", "differs") in {(f.kind, f.outcome) for f in sentence.findings}


@pytest.mark.parametrize(("claim", "source"), LINKED)
def test_what_the_source_may_mean_as_a_cause_is_left_alone(claim: str, source: str) -> None:
    (sentence,) = Checker(Texts([("", source)]), reader=load_reader()).check(claim).sentences
    assert ("cause", "differs") not in {(f.kind, f.outcome) for f in sentence.findings}
