"""What a question is taken to ask for."""

from __future__ import annotations

import time

import pytest

from assistant.understanding.question import analyse, content_words, stem, stems_of, without_markup


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Who designed the lighthouse?", "person"),
        ("By whom was the harbour closed?", "person"),
        ("What is the name of the man who built it?", "person"),
        ("When did the ferry sink?", "time"),
        ("In what year was the bridge opened?", "time"),
        ("How long ago was the mill built?", "time"),
        ("How many sailors drowned?", "number"),
        ("What percentage of the crew survived?", "number"),
        ("Where did the survivors land?", "place"),
        ("Which town paid for the repairs?", "place"),
        ("Why was the captain dismissed?", "reason"),
        ("What caused the fire?", "reason"),
        ("What did the mayor say about the fire?", "speech"),
        ("How did the mayor describe the fire?", "speech"),
        ("How was the wreck raised?", "manner"),
        ("Did the captain survive?", "yes-no"),
        ("What was the cargo?", "thing"),
    ],
)
def test_the_kind_of_answer_wanted(question: str, wanted: str) -> None:
    assert analyse(question).wanted == wanted


def test_a_question_for_the_speaker_of_some_words_is_known() -> None:
    assert analyse("Who called the harbour a graveyard?").who_said
    assert not analyse("Who closed the harbour?").who_said


@pytest.mark.parametrize(
    "question",
    [
        "Who were the members of the crew?",
        "Name the three owners.",
        "Which ports did it call at, and which towns joined?",
        "What were the demands of the strikers?",
    ],
)
def test_a_question_for_several_things_is_a_list(question: str) -> None:
    assert analyse(question).is_list


def test_content_words_are_stemmed_once_each_and_names_are_noticed() -> None:
    question = analyse("Why did Captain Reyes’s sailors leave Porto, and who led the sailors?")
    assert question.stems == ("captain", "rey", "sailor", "leav", "porto", "led")
    assert question.names == ("captain", "rey", "porto")


def test_shouting_makes_no_names() -> None:
    assert analyse("WHO BUILT THE TOWER?").names == ()


def test_stop_words_and_possessives_do_not_count() -> None:
    assert content_words("What was it that the ship's owner said?") == ["ship's", "owner"]
    assert stem("owners’") == stem("owner's") == stem("Owner")
    assert stems_of("") == []


def test_another_language_is_no_error() -> None:
    assert analyse("¿Quién construyó el faro?").wanted == "thing"
    assert analyse("誰が灯台を建てましたか").stems


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**Who** laid out the _road_?", "Who laid out the road?"),
        ("***Who*** laid `it` out?", "Who laid it out?"),
        ("## Who laid it out?", "Who laid it out?"),
        ("> - Who laid it out?", "Who laid it out?"),
        ("Who laid <b>the <i>road</i></b> out?<br>", "Who laid the road out?"),
        ('Who laid the [road](https://a.example/b_(c) "A road") out?', "Who laid the road out?"),
        ("What is ![the road](road.png)?", "What is the road?"),
        ("Who laid ~~the path~~ ==the road== out?", "Who laid the path the road out?"),
        ("Who wrote &quot;Tom &amp; Jo&quot;?", 'Who wrote "Tom & Jo"?'),
        (r"What does \*args mean?", "What does *args mean?"),
        ("What does ``--force`` do?", "What does --force do?"),
    ],
)
def test_markup_around_the_words_of_a_question_is_taken_off(marked: str, plain: str) -> None:
    assert without_markup(marked) == plain


@pytest.mark.parametrize(
    "text",
    [
        "What is 3 * 4 * 5?",
        "What does max_line_length mean?",
        "Is a < b or b > c?",
        "What does vector<int> hold?",
        "What does __init__.py do?",
        "Who wrote [1] and (2)?",
        "What does the <title> tag do?",
        "What is -5 - 3?",
        "***",
        "Why is R&D cut?",
        "Is x*y*z the volume?",
        "~5 and ~6?",
    ],
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert without_markup(text) == text


@pytest.mark.parametrize("part", ["*", "_", "`", "[", "](", "<b>", "**a", "~~", "&#", "\\", "![a](b", "*a* ", "_a "])
def test_odd_markup_takes_no_time(part: str) -> None:
    started = time.process_time()
    without_markup((part * 2000)[:2000])
    assert time.process_time() - started < 0.5
