"""Whether a sentence holds the date, number, name or place that a question asks for."""

from __future__ import annotations

import pytest

from assistant.understanding.question import analyse
from assistant.understanding.wanted import holds_wanted, is_title_of_chapter, only_repeats


def holds(question: str, text: str) -> bool:
    return holds_wanted(analyse(question), text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who stole the scales?", "CHAPTER II. Who Stole the Scales?"),
        ("Who weighed the scales?", "The weighing of the scales"),
        ("How is the pump reset?", "4.1 Resetting the pump."),
        ("How is the pump reset?", "**Q: How is the pump reset?**"),
        ("Did Brandt keep bees?", "Did Brandt keep bees?"),
        ("What is the fee for a boat?", "Fees for boats"),
    ],
)
def test_a_sentence_that_only_repeats_the_question(question: str, text: str) -> None:
    assert only_repeats(analyse(question), text)


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("CHAPTER II. Who Stole the Scales?", True),
        ("Act 3: Who stole the scales", True),
        ("Who stole the scales?", False),
        ("4.1 Who stole the scales?", False),
        ("Chapter 4. The Road to Town", False),
        ("Chapters that ask who stole the scales", False),
    ],
)
def test_the_title_of_a_chapter_and_that_of_an_answer(heading: str, told: bool) -> None:
    assert is_title_of_chapter(analyse("Who stole the scales?"), heading) is told


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who stole the scales?", "Brandt stole the scales."),
        ("Did Brandt keep bees?", "Brandt kept bees."),
        ("Which is older, the mill or the church?", "The mill is older."),
        ("How many mills were there?", "There was one mill."),
        ("How many mills were there?", "There were no mills."),
        ("What is the fee?", "The fee is 5."),
        ("What did he say?", "No."),
        ("Who was there?", "It was."),
        ("Why was the pump reset?", "Why was the pump in the mill reset?"),
    ],
)
def test_a_sentence_that_says_something_new(question: str, text: str) -> None:
    assert not only_repeats(analyse(question), text)


@pytest.mark.parametrize(
    "text",
    [
        "The pier was opened on 14 May 1887 by the mayor.",
        "It burned on May 14.",
        "Work began in the spring of 1887.",
        "It was busy in the 1880s.",
        "They met in July and parted.",
        "They met on 5 Sept and parted.",
        "They met on a Tuesday.",
        "It was rebuilt in the 19th century.",
        "It sank three weeks later.",
        "It opened at 9:30.",
    ],
)
def test_dates(text: str) -> None:
    assert holds("When did it happen?", text)


def test_may_is_a_month_only_where_it_is_one() -> None:
    assert not holds("When did it happen?", "It may have burned.")
    assert holds("When did it happen?", "It burned in May.")


@pytest.mark.parametrize(
    "text",
    [
        "The vote was 559 to 65.",
        "It cost $1,200 in all.",
        "Some 12.5 per cent were lost.",
        "Thirty-two men signed.",
        "Several thousand copies were printed.",
    ],
)
def test_numbers(text: str) -> None:
    assert holds("How many were there?", text)


def test_a_year_is_no_number() -> None:
    assert not holds("How many were there?", "It happened in 1923.")


def test_names_of_the_question_do_not_answer_it() -> None:
    question = "Who got the pier from Ada Reyes?"
    assert holds(question, "In 1887 Ada Reyes handed the pier to J. T. Holm.")
    assert not holds(question, "In 1887 Ada Reyes handed the pier over.")


def test_places_stand_after_a_preposition() -> None:
    assert holds("Where did they land?", "Holm landed at Porto Santo.")
    assert not holds("Where did they land?", "Ada Holm landed.")


def test_the_first_word_of_a_sentence_alone_is_no_name() -> None:
    assert not holds("Who was good?", "Fishing was good.")
    assert holds("Who was good?", "Ada Holm was good.")


def test_words_of_the_question_never_count() -> None:
    assert not holds("When in 1887 did it open?", "It opened in 1887.")


def test_what_has_no_form_is_not_looked_for() -> None:
    assert not holds("Why did they leave?", "They left on 14 May 1887 because the well was dry.")
