"""Whether a sentence holds the date, number, name or place that a question asks for."""

from __future__ import annotations

import pytest

from assistant.understanding.question import analyse
from assistant.understanding.wanted import (
    _vocabulary,
    holds_wanted,
    is_short_for,
    names_held,
    names_in_title,
    names_known,
    needless,
    only_repeats,
)


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


HOUSES = "The Birch House stands in Kars. Trotsky came from Egypt in 1921; the oak beside it fell. Tellier saw Turkey."


@pytest.mark.parametrize(
    "question",
    [
        "Who owns the Birch House?",
        "Why did Leon Trotsky come?",
        "Who was L. D. Trotsky?",
        "When did Trotzky come?",
        "What did Egyptians build there?",
        "What did Tellier see in 1931?",
        "What did the Turkish guests see?",
        "who owns the elm house?",
        "What fell?",
    ],
)
def test_a_name_is_known_in_another_form_or_misspelt_and_figures_are_none(question: str) -> None:
    assert names_known(analyse(question), HOUSES)


@pytest.mark.parametrize(
    "question",
    ["Who owns the Elm House?", "Who is Tellman?", "When did Kamenev come from Egypt?", "What is in Karakol?"],
)
def test_one_name_that_stands_nowhere_is_enough(question: str) -> None:
    assert not names_known(analyse(question), HOUSES)


def test_the_part_of_the_names_that_is_held() -> None:
    assert names_held(analyse("Who owns the Elm House?"), HOUSES) == 0.5
    assert names_held(analyse("When did Trotzky come?"), HOUSES) == 1
    assert names_held(analyse("What fell?"), HOUSES) == 1


def test_a_given_name_that_a_document_does_without_is_not_missed() -> None:
    whole = "Reyes built the pier. The town paid Reyes in spring. Elm House and Birch House stand by it."
    near, question = "Reyes built the pier.", "When did Ada Reyes build the pier?"
    assert names_held(analyse(question), near) == 0.5
    assert names_held(analyse(question), near, whole) == 1
    assert names_held(analyse(question), "The town paid in spring.", whole) == 0
    assert names_held(analyse(question), near, whole + " Ada left.") == 0.5, "a given name that it does say is missed"
    assert names_held(analyse("Who owns Oak House?"), "Elm House", whole) == 0.5, "House never stands alone"


@pytest.mark.parametrize(
    ("word", "text", "short"),
    [
        ("MPL", "Mozilla Public License Version 2.0", True),
        ("GPL", "the GNU General\nPublic License, version 3", True),
        ("UN", "a charter of the United Nations.", True),
        ("BBC", "the British Broadcasting Company", True),
        ("BBC", "the British Company of Broadcasting", False),
        ("US", "he met us in the summer", False),
        ("Mpl", "Mozilla Public License", False),
        ("A", "Ada", False),
    ],
)
def test_the_short_form_of_a_name_in_the_text(word: str, text: str, short: bool) -> None:
    assert is_short_for(word, text) is short


def test_a_name_is_known_by_its_first_letters() -> None:
    question = analyse("What is a Larger Work under the MPL?")
    licence = "Mozilla Public License. A Larger Work is a work that combines files."
    assert names_known(question, licence) and names_held(question, licence) == 1.0
    assert not names_known(question, "Apache License. A Larger Work is a work.")


def test_how_many_names_a_title_holds() -> None:
    question = analyse("What did Ada Reyes say of the MPL on 23 January 2019?")
    assert names_in_title(question, "Minutes of 2019-01-23") == 2
    assert names_in_title(question, "Mozilla Public License\nMPL 2.0") == 1
    assert names_in_title(question, "The letters of Reyes") == 1
    assert names_in_title(question, "The history of salt") == 0


def test_a_text_is_read_for_given_names_only_where_the_question_has_one() -> None:
    text = "Reyes built the pier. Then Reyes left it."
    before = _vocabulary.cache_info().misses
    assert needless(analyse("When did Reyes build the pier?"), text) == frozenset()
    assert _vocabulary.cache_info().misses == before
    assert needless(analyse("When did Ada Reyes build the pier?"), text) == {"ada"}
