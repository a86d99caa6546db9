"""Claims made of sentences: worded otherwise, or changed in one place."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from assistant.reader.lessons import rewording
from assistant.reader.lessons.claims import SUPPORTED
from assistant.reader.lessons.rewording import framed, joined, lowered, number_words, reworded_lessons
from tests.assistant.reader.made_up import HELD_OUT

RNG = random.Random(3)


@pytest.mark.parametrize(
    ("change", "sentence", "made"),
    [
        ("_surer", "The bridge was probably built by monks.", "The bridge was built by monks."),
        ("_surer", "The bridge may have collapsed in spring.", "The bridge had collapsed in spring."),
        ("_surer", "The bell is believed to be the oldest.", "The bell is the oldest."),
        ("_done", "The guild attempted to buy the mill.", "The guild did buy the mill."),
        (
            "_turned",
            "In spring Otto Lind hired Mara Quill as a cook.",
            "In spring Mara Quill hired Otto Lind as a cook.",
        ),
        ("_surer", "The bridge was built by monks.", None),
        ("_done", "The guild bought the mill.", None),
        ("_turned", "In spring Otto Lind and Mara Quill met.", None),
        ("_other_degree", "The bridge was built by monks.", None),
    ],
)
def test_a_change_takes_away_what_the_text_bears_out(change: str, sentence: str, made: str | None) -> None:
    found = getattr(rewording, change)(sentence, sentence, RNG)
    assert (found[0] if found else None) == made


def test_a_degree_and_a_number_in_words_are_changed_and_marked() -> None:
    change: Any
    for change, sentence in (
        (rewording._other_degree, "The boats often sail at night."),
        (rewording._other_degree, "Here some boats sail at night."),
        (rewording._other_spelled, "The guild had seven boats."),
    ):
        claim, (start, end) = change(sentence, sentence, RNG)
        assert claim != sentence and claim[:start] == sentence[:start] and claim[start:end] not in sentence


@pytest.mark.parametrize(
    ("change", "sentence", "made"),
    [
        ("_spelled", "The guild had 46 boats.", "The guild had forty-six boats."),
        ("_spelled", "The guild had seven boats.", "The guild had 7 boats."),
        ("_moved", "In the spring, the guild sold all its boats.", "The guild sold all its boats in the spring."),
        ("_shorter", "The guild (founded in spring) sold its boats.", "The guild sold its boats."),
        ("_shorter", "The guild, which had no money, sold its boats.", "The guild sold its boats."),
        ("_moved", "The guild sold its boats.", None),
        ("_shorter", "The guild sold its boats.", None),
    ],
)  # fmt: skip
def test_another_wording_says_the_same(change: str, sentence: str, made: str | None) -> None:
    assert getattr(rewording, change)(sentence, RNG) == made


def test_words_before_a_sentence() -> None:
    assert lowered("The guild sold it.") == "the guild sold it." and lowered("Otto sold it.") == "Otto sold it."
    assert framed("The guild sold it.", RNG).endswith("the guild sold it.")
    assert joined("Otto left.", "The guild sold it.", "; ") == "Otto left; the guild sold it."
    assert [number_words(n) for n in (0, 13, 20, 46)] == ["zero", "thirteen", "twenty", "forty-six"]


def test_units_hold_a_claim_that_is_true_and_others_that_are_not(data: Path) -> None:
    units = reworded_lessons(data / "squad" / "train-v1.1.json", 60, random.Random(1))
    assert len(units) > 20
    for unit in units:
        assert [lesson.support == SUPPORTED for lesson in unit] == [True] + [False] * (len(unit) - 1)
        assert len({lesson.text for lesson in unit}) == 1
        assert len({lesson.question for lesson in unit}) == len(unit)
        assert not any(lesson.taught or HELD_OUT in lesson.text for lesson in unit)
