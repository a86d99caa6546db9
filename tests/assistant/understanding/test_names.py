"""Where the names in a question stand, and in what form."""

from __future__ import annotations

import pytest

from assistant.understanding.names import (
    _vocabulary,
    is_short_for,
    names_held,
    names_in_title,
    names_known,
    needless,
)
from assistant.understanding.question import analyse

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
