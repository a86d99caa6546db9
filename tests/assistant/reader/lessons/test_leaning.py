"""Which words of a conversation a follow-up needs: those that people added when they wrote it to stand alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assistant.reader.lessons.leaning import history_text, leaning_lessons
from assistant.reader.lessons.lesson import Lesson
from tests.assistant.reader.made_up import HELD_OUT


@pytest.fixture(scope="module")
def lessons(data: Path) -> list[Lesson]:
    return [lesson for unit in leaning_lessons(data, random.Random(1)) for lesson in unit]


@pytest.mark.parametrize(
    ("asked", "history", "needed"),
    [
        ("What did he build?", "Otto Lind\nEarly life\n", ["Otto", "Lind", "Otto", "Lind"]),
        ("Where does it nest?", "What is a tern?", ["tern"]),
        ("Does it sing?", "What is a tern?", ["tern"]),
        ("A sloop.", "I sail.\nWhat do you sail?", ["sail", "sail"]),
        ("a cheap one", "an inn in Brill\nThere are two inns.", ["inn"]),
        ("cheap", "an inn in Brill\nThere are two inns.", ["inn"]),
        ("in 1997 ?", "how many boats won ?", ["boats", "won"]),
        ("Where was Otto Lind born?", "Otto Lind\nEarly life", []),
    ],
)
def test_the_words_that_were_added_are_needed(
    lessons: list[Lesson], asked: str, history: str, needed: list[str]
) -> None:
    (found,) = [each for each in lessons if each.question == asked]
    assert found.text.startswith(history)
    assert [found.text[a:b] for a, b in found.needed or ()] == needed
    assert (found.relevant, found.answered, found.support, found.evidence) == (None,) * 4


def test_a_first_turn_and_one_without_a_rewriting_teach_nothing(lessons: list[Lesson]) -> None:
    asked = {each.question for each in lessons}
    assert not asked & {"What is a tern?", "I sail.", "Is it?", "an inn in Brill", "broken"}
    assert all(each.text for each in lessons)


def test_conversations_that_are_excluded_held_out_or_rewritten_by_machines_are_left_out(lessons: list[Lesson]) -> None:
    said = [f"{each.question}\n{each.text}" for each in lessons]
    assert not any("LEAKED" in each or HELD_OUT in each for each in said)
    assert any("I sail." in each for each in said), "another conversation of the same file stays"


def test_the_order_is_drawn(data: Path) -> None:
    def order(seed: int) -> list[str]:
        return [unit[0].question for unit in leaning_lessons(data, random.Random(seed))]

    assert order(1) == order(1) != order(2) and sorted(order(1)) == sorted(order(2))


def test_of_a_long_conversation_the_end_is_kept_and_the_oldest_is_cut() -> None:
    said = ["one two three", "", "  four   five ", "six"]
    assert history_text(said, 100) == "one two three\nfour five\nsix"
    assert history_text(said, 5) == "one two\nfour five\nsix"
    assert history_text(said, 3) == "four five\nsix"
    assert history_text([], 5) == history_text([" "], 5) == ""
