"""A question of a conversation is learned with its history, on the answer it got and on those of other turns."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from assistant.reader.lessons.articles import Example
from assistant.reader.lessons.conversations import conversations
from tests.assistant.reader.made_up import HELD_OUT


@pytest.fixture(scope="module")
def units(data: Path) -> list[list[Example]]:
    return [unit for seed in range(30) for unit in conversations(data / "canard/dev.json", 100, random.Random(seed))]


def of(units: list[list[Example]], asked: str) -> list[list[Example]]:
    """The units of a question as asked or as rewritten."""
    found = [unit for unit in units if unit[0].question.endswith((asked, asked.replace(" he ", " Otto Lind ")))]
    assert found
    return found


def test_what_the_text_does_not_tell_is_not_answered_and_says_nothing_of_relevance(units: list[list[Example]]) -> None:
    for (unknown,) in of(units, "Did he marry?"):
        assert unknown.answered is False and unknown.relevant is None and not unknown.answers
        assert "know" not in unknown.text


@pytest.mark.parametrize(
    ("asked", "answer"),
    [("Where was Otto Lind born?", "He was born in Arle."), ("What did he build?", "He built four piers.")],
)
def test_an_answer_is_among_what_was_said_and_the_others_lack_it(
    units: list[list[Example]], asked: str, answer: str
) -> None:
    for good, *others in of(units, asked):
        assert answer in good.text and good.answered and good.relevant
        assert others and all(each.question == good.question and answer not in each.text for each in others)
        assert all(each.answered is False and each.relevant is False for each in others)


def test_the_history_is_given_in_each_of_its_forms(units: list[list[Example]]) -> None:
    asked = {unit[0].question for unit in of(units, "What did he build?")}
    assert {
        "What did Otto Lind build?",
        "Did he marry? What did he build?",
        "Did Otto Lind marry? What did he build?",
        "When? Did he marry? What did he build?",
        "Otto Lind Did he marry? What did he build?",
    } <= asked
    assert {unit[0].question for unit in of(units, "Where was Otto Lind born?")} == {"Where was Otto Lind born?"}


def test_a_question_asked_twice_has_the_answer_it_got_each_time(tmp_path: Path) -> None:
    spoken = [("What came?", "A fox."), ("What else?", "An owl."), ("What else?", "A cat."), ("Why?", "Hunger.")]
    turns, history = [], ["Arle", "Farm"]
    for number, (question, answer) in enumerate([*spoken, ("And?", "Nothing.")], 1):
        turn = {"History": list(history), "QuAC_dialog_id": "d", "Question": question, "Question_no": number}
        turns.append({**turn, "Rewrite": f"{question} {number}"})
        history += [question, answer]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(turns[::-1]), encoding="utf-8")
    good = [
        unit[0]
        for seed in range(20)
        for unit in conversations(path, 100, random.Random(seed))
        if unit[0].question == "What else? 2"
    ]
    assert good and all("An owl." in each.text for each in good)
    assert len(conversations(path, 100, random.Random(1))) == 4, "nobody knows the answer to the last question"
    assert len(conversations(path, 2, random.Random(1))) == 2


def test_sentences_of_an_answer_that_was_cut_end_with_a_stop(units: list[list[Example]]) -> None:
    assert any("in the spring of 1850." in each.text for unit in units for each in unit)
    assert not any(",." in each.text or "1850," in each.text for unit in units for each in unit)


def test_articles_that_are_held_out_and_short_conversations_are_left_out(
    data: Path, units: list[list[Example]], tmp_path: Path
) -> None:
    assert not any(HELD_OUT in each.question for unit in units for each in unit)
    turns = json.loads((data / "canard/dev.json").read_text(encoding="utf-8"))
    few = [turn for turn in turns if turn["Question_no"] <= 3]
    (tmp_path / "few.json").write_text(json.dumps(few), encoding="utf-8")
    assert conversations(tmp_path / "few.json", 100, random.Random(1)) == []
