"""Where a sentence holds a date, a number, a name, a place, a reason."""

from __future__ import annotations

import pytest

from assistant.answer_types import find_names, find_wanted
from assistant.question import analyse


def found(question: str, text: str) -> list[str]:
    return [text[start:end] for start, end in find_wanted(analyse(question), text)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("The pier was opened on 14 May 1887 by the mayor.", "14 May 1887"),
        ("It burned on May 14, 1887.", "May 14, 1887"),
        ("Work began in the spring of 1887.", "the spring of 1887"),
        ("It closed at the end of 1887.", "the end of 1887"),
        ("It was busy in the 1880s.", "1880s"),
        ("They met in July and parted.", "July"),
        ("It was rebuilt in the 19th century.", "19th century"),
        ("It sank three weeks later.", "three weeks later"),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert date in found("When did it happen?", text)


def test_may_is_a_month_only_where_it_is_one() -> None:
    assert found("When did it happen?", "It may have burned.") == []
    assert found("When did it happen?", "It burned in May.") != []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The vote was 559 to 65.", "559 to 65"),
        ("It cost $1,200 in all.", "$1,200"),
        ("Some 12.5 per cent were lost.", "12.5 per cent"),
        ("Thirty-two men signed.", "Thirty-two"),
        ("Several thousand copies were printed.", "Several thousand"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert number in found("How many were there?", text)


def test_a_year_is_no_number() -> None:
    assert found("How many were there?", "It happened in 1923.") == []


def test_names_of_the_question_do_not_answer_it() -> None:
    text = "In 1887 Ada Reyes handed the pier to J. T. Holm."
    assert found("Who got the pier from Ada Reyes?", text) == ["J. T. Holm"]


def test_places_stand_after_a_preposition() -> None:
    assert found("Where did they land?", "Holm landed at Porto Santo.") == ["Porto Santo"]


def test_reasons_have_their_words() -> None:
    assert found("Why did they leave?", "They left because the well was dry.") == ["because"]
    assert found("Why did they leave?", "They left on a Monday.") == []


def test_the_first_word_of_a_sentence_is_a_name_only_where_it_is_known_to_be() -> None:
    assert find_names("Fishing was good.") == []
    assert find_names("Holm was good.", known={"holm"}) == [(0, 4)]


def test_words_of_the_question_never_count() -> None:
    assert found("When in 1887 did it open?", "It opened in 1887.") == []
