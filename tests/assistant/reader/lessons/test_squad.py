"""Questions on articles: rivals, near misses, exchanged names, questions after others, questions as people type."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.reader.lessons import squad
from assistant.reader.lessons.articles import is_held_out
from assistant.reader.lessons.lesson import Lesson, Unit
from assistant.reader.lessons.squad import squad_lessons
from tests.assistant.reader.made_up import HELD_OUT, PEOPLE


def lessons(data: Path, seed: int = 3, **changes: int) -> list[Unit]:
    amounts: dict[str, Any] = {"rivals": 0, "near_misses": 0, "follow_ups": 0} | changes
    return squad_lessons(data / "squad", **amounts, rng=random.Random(seed))


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions as they stand."""
    for name in ("KEY_WORDS", "THINNED", "MISTYPED"):
        monkeypatch.setattr(squad, name, 0.0)


def spans_of(lesson: Lesson) -> set[str]:
    return {lesson.text[a:b] for a, b in lesson.answers}


def test_every_answer_lies_where_its_lesson_says(data: Path) -> None:
    every = [each for unit in lessons(data, rivals=60, near_misses=20, follow_ups=20) for each in unit]
    answered = [each for each in every if each.answers]
    assert len(answered) > 80
    truths = {*PEOPLE, *PEOPLE.values(), *(str(1850 + 7 * n) for n in range(4))}
    for each in answered:
        assert len(spans_of(each)) == 1 and spans_of(each) < truths
        assert each.answered and each.relevant and each.evidence == each.answers
    assert all(not each.answers for each in every if not each.answered)
    assert not any(HELD_OUT in f"{each.question} {each.text} {each.article}" for each in every)


def test_the_lessons_are_the_same_for_the_same_seed_and_others_for_another(data: Path) -> None:
    amounts = {"rivals": 12, "near_misses": 6, "follow_ups": 4}
    assert lessons(data, 3, **amounts) == lessons(data, 3, **amounts) != lessons(data, 4, **amounts)


def test_as_many_units_are_made_as_asked_for_or_as_there_are(data: Path) -> None:
    assert [len(lessons(data, **{name: 5})) for name in ("rivals", "near_misses", "follow_ups")] == [5, 5, 5]
    questions = [
        qa
        for each in json.loads((data / "squad/train-v1.1.json").read_text(encoding="utf-8"))["data"]
        if not is_held_out(each["title"])
        for paragraph in each["paragraphs"]
        for qa in paragraph["qas"]
    ]
    assert len(lessons(data, rivals=10_000)) == len(questions)


@pytest.mark.usefixtures("plain")
def test_rivals_are_of_the_same_question_and_do_not_hold_its_answer(data: Path) -> None:
    for unit in lessons(data, rivals=60):
        good, *rest = unit
        rivals = [each for each in rest if each.unsupported is None]
        (answer,) = spans_of(good)
        assert rivals and all(each.question == good.question and answer not in each.text for each in rivals)
        assert all(each.relevant is False and each.answered is False and each.evidence == () for each in rivals)
        assert all(each.article == good.article for each in rivals[:-1])


def test_some_rivals_are_of_another_article(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def strays(share: float) -> list[Lesson]:
        monkeypatch.setattr(squad, "ELSEWHERE", share)
        return [each for unit in lessons(data, rivals=40) for each in unit if each.article != unit[0].article]

    found = strays(1.0)
    assert len(found) > 25 and all(each.article in each.text for each in found)
    assert not strays(0.0)


@pytest.mark.usefixtures("plain")
def test_a_question_with_a_name_exchanged_is_asked_of_the_same_text(data: Path) -> None:
    pairs = [(unit[0], each) for unit in lessons(data, rivals=60) for each in unit[1:] if each.unsupported]
    assert len(pairs) > 20
    for good, changed in pairs:
        ((start, end),) = changed.unsupported or ()
        assert changed.text == good.text and changed.answered is False and changed.relevant is None
        kept = len(changed.question) - end
        assert changed.question[:start] == good.question[:start]
        assert changed.question[end:] == good.question[len(good.question) - kept :]
        assert changed.question[start:end] not in good.question


@pytest.mark.usefixtures("plain")
def test_a_near_miss_says_nothing_of_relevance_and_stands_beside_a_question_that_is_answered(data: Path) -> None:
    units = lessons(data, near_misses=40)
    for miss, *beside in units:
        assert "burned" in miss.question and miss.relevant is None and miss.answered is False
        assert miss.evidence == () and miss.unsupported is None
        for each in beside:
            assert each.text == miss.text and each.answers and "burned" not in each.question
    assert sum(len(unit) == 2 for unit in units) > 20


def test_the_same_paragraph_is_not_always_given_the_same_question_beside_it(data: Path) -> None:
    path = data / "squad/train-unanswerable.json"
    held = json.loads(path.read_text(encoding="utf-8"))
    asked = [{"question": f"Who burned pier {n}?"} for n in range(3)]
    for each in held["data"]:
        each["paragraphs"] = [{**paragraph, "qas": asked} for paragraph in each["paragraphs"]]
    folder = data / "often"
    folder.mkdir(exist_ok=True)
    (folder / path.name).write_text(json.dumps(held), encoding="utf-8")
    (folder / "train-v1.1.json").write_bytes((data / "squad/train-v1.1.json").read_bytes())
    beside: dict[str, set[str]] = {}
    units = squad_lessons(folder, rivals=0, near_misses=1000, follow_ups=0, rng=random.Random(2))
    for unit in units:
        for each in unit[1:]:
            beside.setdefault(f"{each.article} {each.text[:60]}", set()).add(each.question)
    assert max(map(len, beside.values())) >= 3


def test_a_question_after_another_leans_on_it_or_leaves_its_topic(data: Path) -> None:
    units = lessons(data, follow_ups=60)
    leaning = [unit for unit in units if re.search(r"\b(?:he|she|it|they|his|her|its|their)\b", unit[0].question)]
    assert len(leaning) > 40 and len(leaning) < len(units)
    for good, *others in units:
        assert good.question.count("?") == 2 and good.answers
        assert others and all(each.question == good.question and not each.answered for each in others)


def test_some_questions_are_typed_as_key_words_thinned_or_with_a_slip(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def questions(name: str, share: float) -> list[str]:
        for each in ("KEY_WORDS", "THINNED", "MISTYPED"):
            monkeypatch.setattr(squad, each, share if each == name else 0.0)
        return [unit[0].question for unit in lessons(data, rivals=40)]

    plain = questions("KEY_WORDS", 0.0)
    assert all(question.endswith("?") for question in plain)
    typed = questions("KEY_WORDS", 1.0)
    assert all(re.fullmatch(r"[a-z0-9 ]+ (?:who|when|where)", question) for question in typed)
    thinned = questions("THINNED", 1.0)
    fewer = [(a, b) for a, b in zip(plain, thinned, strict=True) if a != b]
    assert len(fewer) > 25
    for before, after in fewer:
        lost = list(before.split())
        for word in after.split():
            lost.remove(word)
        assert 1 <= len(lost) <= 2 and all(word.islower() for word in lost), "names are left alone"
    for before, after in zip(plain, questions("MISTYPED", 1.0), strict=True):
        assert after == before.lower() or 0 <= len(before) - len(after) <= 1


def test_all_that_ask_one_question_ask_it_as_it_is_typed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squad, "KEY_WORDS", 1.0)
    for good, *rest in lessons(data, rivals=30):
        assert good.unsupported == ()
        assert all(each.question == good.question for each in rest if not each.unsupported)
