"""Claims made of questions with their answers."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from assistant.reader.lessons.claims import CONTRADICTED, OPEN, SUPPORTED
from assistant.reader.lessons.lesson import Lesson, Unit
from assistant.reader.lessons.statements import Verbs, statement, statement_lessons
from tests.assistant.reader.made_up import HELD_OUT

TEXT = (
    "They had to open it, did not open it, would open it and will open it; it opened. He would paint, could paint, "
    "had to paint and must paint; he painted. It can hold, will hold, must hold and may hold water."
)


@pytest.fixture(scope="module")
def verbs() -> Verbs:
    return Verbs.of([TEXT])


@pytest.fixture(scope="module")
def made(data: Path) -> list[Unit]:
    return statement_lessons(data / "squad" / "train-v1.1.json", 200, random.Random(1))


@pytest.mark.parametrize(
    ("question", "answer", "before", "claim"),
    [
        ("When was the pier opened?", "1887", "was opened in ", "The pier was opened in 1887."),
        ("When did the town open the pier?", "1887", "opened in ", "The town opened the pier in 1887."),
        ("In what year did Ada Reyes paint the boat?", "1887", "", "Ada Reyes painted the boat in 1887."),
        ("Who opened the pier?", "Ada Reyes", "", "Ada Reyes opened the pier."),
        ("Who was elected mayor of Arle?", "Ada Reyes", "", "Ada Reyes was elected mayor of Arle."),
        ("What is the name of the pier?", "Tern", "", "The name of the pier is Tern."),
        ("How many people did the hall hold?", "90", "", "The hall held 90 people."),
        ("How many boats were sold?", "six", "", "Six boats were sold."),
        ("The pier was opened in what year?", "1887", "", "The pier was opened in 1887."),
        ("Where did Otto paint the boat?", "Leeds", "he lived in ", "Otto painted the boat in Leeds."),
        ("What did Otto paint?", "the boat", "", "Otto painted the boat."),
        ("Why did Otto paint the boat?", "because it leaked", "", "Otto painted the boat because it leaked."),
        ("Where did Otto paint the boat?", "Leeds", "", None),
        ("Why did Otto paint the boat?", "a leak", "", None),
        ("Name the pier.", "Tern", "", None),
    ],
)
def test_a_question_and_its_answer_are_one_sentence(
    verbs: Verbs, question: str, answer: str, before: str, claim: str | None
) -> None:
    assert statement(question, answer, before, verbs) == claim


def test_verbs_are_what_the_texts_use_as_such(verbs: Verbs) -> None:
    assert {"open", "paint", "hold"} <= verbs.base and "it" not in verbs.base
    assert [verbs.past(verb) for verb in ("open", "hold", "sink")] == ["opened", "held", "did sink"]


def test_the_claim_comes_first_and_the_others_are_not_borne_out(made: list[Unit]) -> None:
    assert len(made) > 60
    for unit in made:
        assert unit[0].support == SUPPORTED and unit[0].unsupported == ()
        assert all(lesson.support in (CONTRADICTED, OPEN) for lesson in unit[1:])
        assert all(lesson.answered is None and not lesson.taught for lesson in unit)
    assert {CONTRADICTED, OPEN} <= {lesson.support for unit in made for lesson in unit}


def test_another_answer_is_marked_and_does_not_stand_in_the_text_as_the_answer(made: list[Unit]) -> None:
    false = [(unit[0], lesson) for unit in made for lesson in unit if lesson.support == CONTRADICTED]
    for true, lesson in false:
        ((start, end),) = lesson.unsupported or ((0, 0),)
        changed = lesson.question[start:end]
        assert changed and changed not in true.question and lesson.text == true.text
        assert re.sub(r"\W+$", "", true.question[:start]) == re.sub(r"\W+$", "", lesson.question[:start])


def test_articles_kept_out_of_training_are_kept_out(made: list[Unit]) -> None:
    lessons: list[Lesson] = [lesson for unit in made for lesson in unit]
    assert HELD_OUT not in {lesson.article for lesson in lessons}
    assert not any(HELD_OUT in lesson.text for lesson in lessons)
