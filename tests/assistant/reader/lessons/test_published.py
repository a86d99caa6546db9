"""Other published sets, each in its own form: what answers, what does not, and where; what is excluded is left out."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assistant.reader.lessons.lesson import Unit
from assistant.reader.lessons.published import excluded, published_lessons


@pytest.fixture(scope="module")
def units(data: Path) -> list[Unit]:
    return published_lessons(data, random.Random(1))


def about(units: list[Unit], question: str) -> list[Unit]:
    found = [unit for unit in units if unit[0].question == question]
    assert found
    return found


def test_every_answer_lies_where_its_lesson_says(units: list[Unit]) -> None:
    answered = [each for unit in units for each in unit if each.answers]
    assert len(answered) == 5
    for each in answered:
        assert each.answered is not False and each.relevant
        assert all(0 <= a < b <= len(each.text) and each.text[a:b].strip() == each.text[a:b] for a, b in each.answers)
    assert all(not each.answers for unit in units for each in unit if not each.relevant)


def test_the_lessons_of_a_unit_ask_of_different_texts_and_are_the_same_for_the_same_seed(
    data: Path, units: list[Unit]
) -> None:
    assert published_lessons(data, random.Random(1)) == units != published_lessons(data, random.Random(2))
    assert all(len({(each.question, each.text) for each in unit}) == len(unit) for unit in units)


def test_rows_that_are_excluded_are_not_learned_from(data: Path, units: list[Unit]) -> None:
    assert not any("LEAKED" in f"{each.question} {each.text}" for unit in units for each in unit)
    assert excluded(data / "more")["condaqa/condaqa_dev.json"] == {"6", "7"}


def test_a_question_on_a_story_knows_its_section(units: list[Unit]) -> None:
    ((good, other),) = about(units, "What did the fox steal?")
    assert [good.text[a:b] for a, b in good.answers] == ["a loaf of rye bread"] and good.answers == good.evidence
    assert good.relevant and good.answered and good.article == other.article == "story The Fox"
    assert "rye" not in other.text and other.relevant is False and other.answered is False and other.evidence == ()
    assert {unit[0].heading for unit in units if unit[0].article == good.article} <= {"", "The Fox"}


def test_an_answer_in_other_words_is_somewhere_in_its_section(units: list[Unit]) -> None:
    ((good, other),) = about(units, "Why did the miller weep?")
    assert good.text == "The miller wept. He had no bread." and good.relevant and good.answered
    assert not good.answers and good.evidence is None and not other.relevant


def test_a_question_on_several_sections_has_no_section_against_it(units: list[Unit]) -> None:
    ((good,),) = about(units, "How did the story end?")
    assert [good.text[a:b] for a, b in good.answers] == ["The miller wept"]
    assert good.relevant and good.answered is None
    assert not [unit for unit in units if unit[0].question in ("Who fled?", "Why?") and "fox" in unit[0].text]


def test_a_question_on_a_meeting_is_held_against_turns_well_away(units: list[Unit]) -> None:
    ((good, *others),) = about(units, "What is the colour of button 2?")
    assert good.text.startswith("Grad A: Well, Well,") and "number 2." in good.text and "vocalsound" not in good.text
    assert good.relevant and good.answered is None and len(others) == 2
    assert all(f"button {n} " not in each.text for each in others for n in range(6))
    assert not [unit for unit in units if unit[0].question == "What of all of it?"], "nothing is away from all"


def test_a_list_has_all_its_members(units: list[Unit]) -> None:
    ((listed,),) = about(units, "which boats")
    assert listed.text == "The boats (all blue) are named Tern, Gull and Sea Pie."
    assert [listed.text[a:b] for a, b in listed.answers] == ["Tern", "Gull", "Sea Pie"]
    assert listed.evidence == listed.answers and listed.answered
    assert not [unit for unit in units if unit[0].question == "whose"]


def test_negation_is_asked_of_a_text_and_of_its_edits_together(units: list[Unit]) -> None:
    for question, answered in (("Was she sold?", True), ("Who was sold?", False)):
        both = next(unit for unit in about(units, question) if len(unit) == 2)
        assert ["not" in each.text for each in both] == [True, False]
        assert all(each.answered is answered and not each.answers for each in both)
        assert all(each.relevant is (True if answered else None) for each in both)
    (both,) = about(units, "Where was she rarely seen?")
    assert [each.text[slice(*each.answers[0])] for each in both] == ["Brill", "Brill"]
    assert len(about(units, "Was she sold?")) == 2, "one of the packed file"


def test_a_research_question_is_not_answered_where_its_abstract_says_maybe(units: list[Unit]) -> None:
    for n, answered in ((0, True), (1, None)):
        ((good, *others),) = about(units, f"Does tar keep rope {n} dry?")
        assert good.relevant and good.answered is answered and f"rope {n}" in good.text
        assert all(f"rope {n}" not in each.text and each.answered is False for each in others)


def test_judged_sentences_and_abstracts_stay_with_their_question(units: list[Unit]) -> None:
    ((good, other),) = about(units, "Who kept the light ?")
    assert good.evidence == ((0, len(good.text)),) and other.evidence == ()
    assert (good.relevant, good.answered, other.relevant, other.answered) == (True, True, False, False)
    ((sang, *rain),) = about(units, "Who sang?")
    assert sang.text == "Otto sang." and len({each.text for each in rain}) == 4
    ((abstract, *near),) = about(units, "Gulls nest on roof 2")
    assert abstract.text == "Gulls 2 Gulls nest on roof 2 in spring." and abstract.relevant
    assert len(near) == 2 and all(each.relevant is False and each.answered is None for each in near)


def test_units_of_judged_sentences_are_small(data: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(data, tmp_path / "data")
    with (tmp_path / "data/trecqa/train.csv").open("a", encoding="utf-8") as rows:
        rows.writelines(f"Who kept the light ?,0,Gull {n} flew .\r\n" for n in range(20))
    made = published_lessons(tmp_path / "data", random.Random(1))
    assert sorted(len(unit) for unit in about(made, "Who kept the light ?")) == [6, 8, 8]


def test_conversations_are_learned_twice_in_different_forms(units: list[Unit]) -> None:
    spoken = [unit for unit in units if unit[0].article.startswith("conversation")]
    rounds = [{unit[0].question for unit in spoken if unit[0].article.startswith(f"conversation {n}")} for n in (0, 1)]
    assert len(spoken) == 8 and rounds[0] != rounds[1]
    assert len({unit[0].article for unit in spoken}) == 8
    for unit in spoken:
        assert len({each.article for each in unit}) == 1
        assert all(each.evidence == (() if each.answered is False else None) for each in unit)
