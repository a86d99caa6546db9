"""What a question means after those before it: it stands alone, leans on them, asks for more, or asks nothing."""

from __future__ import annotations

import pytest

from assistant.types import Answer, Citation, Sentence, Trace, Turn
from assistant.understanding.conversation import Reading, understand

PIER = "When was the pier at Holm built?"
BUILDER = "Who built it?"
MILL = "Who was Ole Brandt?"


def turn(question: str, *, abstained: bool = False) -> Turn:
    cited = Citation("d", "An article", "", 0, 8, "It was so", None, "0" * 64)
    sentences = () if abstained else (Sentence("It was so", (cited,)),)
    return Turn(question, Answer(question, question, sentences, abstained, 0.9, (), Trace((), ())))


def after(question: str, *before: str) -> Reading:
    return understand(question, [turn(one) for one in before])


@pytest.mark.parametrize(
    "question",
    [
        "Who built it?",
        "What did she die of?",
        "Did he meet Lund?",
        "What did Brandt think of her?",
        "Was Brandt there?",
        "What did Brandt do then?",
        "Why?",
        "By whom?",
        "In 1902?",
        "And who paid Brandt?",
        "What became of the miller?",
        "How many were hurt?",
        "Which of them did Lund prefer?",
        "who built it",
        "Warum hat er das gesagt?",
        "did brandt keep bees",
    ],
)
def test_a_question_leans_on_the_one_before(question: str) -> None:
    reading = after(question, PIER)
    assert (reading.kind, reading.question, reading.after) == ("question", question, (PIER,))
    assert reading.wordings[-1] == f"{PIER} {question}"
    assert reading.searched_for == f'"{question}" after "{PIER}"'


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("And Brandt?", "Brandt?"),
        ("What about Brandt?", "Brandt?"),
        ("In 1902?", "In 1902?"),
        ("Ok, and how about the second one?", "the second one?"),
    ],
)
def test_an_ellipsis_is_searched_for_after_the_question_before_it_without_its_opening(question: str, rest: str) -> None:
    reading = after(question, PIER)
    assert (reading.question, reading.wordings) == (question, (f"{PIER} {rest}",))
    assert reading.searched_for == f'"{question}" after "{PIER}"'


@pytest.mark.parametrize(
    "question",
    [
        "Who was Ole Brandt?",
        "What did Brandt do in 1902?",
        "What happened in 1911?",
        "x" * 400,
        'Who said "the mill must go"?',
        "Why did Brandt sell his bees?",
        "Did Brandt know that he was dying?",
        "Is it true that Brandt kept bees?",
        "How long did it take to reach Holm?",
        "Was it Brandt who moved the mill?",
        "Were there bees in Holm?",
        "What was in the letter that Brandt wrote?",
        "Tell me about the school at Holm",
        "Brandt mill bees price",
    ],
)
def test_a_question_that_stands_alone_drags_nothing_along(question: str) -> None:
    assert after(question, PIER, BUILDER) == Reading(question)
    assert after(question, PIER).wordings == (question,)
    assert after(question, PIER).searched_for == question


def test_a_question_that_leans_is_asked_in_two_wordings_a_bare_question_word_in_one() -> None:
    assert after(BUILDER, PIER).wordings == (BUILDER, f"{PIER} {BUILDER}")
    assert after("Why not?", PIER).wordings == (f"{PIER} Why not?",)


def test_at_most_two_earlier_questions_count() -> None:
    assert after("Why?", PIER, BUILDER).after == (PIER, BUILDER)
    assert after("Why?", PIER, BUILDER, "When did she die?").after == (BUILDER, "When did she die?")


def test_after_a_change_of_topic_the_old_one_is_forgotten() -> None:
    assert after("Where did he live?", PIER, BUILDER, MILL).after == (MILL,)


def test_the_first_question_stands_alone_whatever_it_says() -> None:
    for question in (BUILDER, "Why not Brandt?", "And Brandt?", "In 1902?"):
        assert understand(question, ()) == Reading(question)


@pytest.mark.parametrize("said", ["Why?", "more", "Go on", "How many?", "By whom?"])
def test_where_nothing_came_before_a_question_word_alone_asks_nothing(said: str) -> None:
    assert understand(said, ()) == Reading(said, kind="talk")
    assert after(said, "Hello").kind == "talk"
    assert after(BUILDER, said) == Reading(BUILDER)


@pytest.mark.parametrize("said", ["Thanks!", "OK", "ok, great", "Hello", "thank you", "...", "?", "Good morning!"])
def test_what_asks_nothing_is_not_searched_for_and_does_not_count_as_a_question(said: str) -> None:
    assert after(said, PIER).kind == understand(said, ()).kind == "talk"
    assert after(BUILDER, PIER, said).after == (PIER,)
    assert understand(BUILDER, [turn(said)]) == Reading(BUILDER)


@pytest.mark.parametrize(
    "said", ["more", "yes", "Tell me more", "go on", "and then?", "And afterwards?", "tell me more about it"]
)
def test_more_goes_back_to_the_last_question(said: str) -> None:
    assert after(said, PIER, BUILDER) == Reading(BUILDER, (PIER,), "more")
    assert after(said, PIER, BUILDER, "more") == Reading(BUILDER, (PIER,), "more")


def test_more_after_an_abstention_asks_for_the_closest_passages() -> None:
    assert understand("yes", [turn(PIER, abstained=True)]) == Reading(PIER, (), "closest")


def test_more_after_thanks_goes_back_to_what_was_answered_before() -> None:
    assert understand("more", [turn(PIER), turn("Thanks!", abstained=True)]) == Reading(PIER, (), "more")


def test_more_about_something_asks_for_what_was_not_shown() -> None:
    assert after("Tell me more about her father", PIER) == Reading("Tell me more about her father", (PIER,), "more")


def test_no_one_is_no_answer_to_the_question_before() -> None:
    assert after("No one but Brandt saw the letter of 1934?", PIER).after == ()


def test_of_long_earlier_questions_the_end_is_kept() -> None:
    wording = after(BUILDER, "What did Lund " + "really " * 200 + "want?").wordings[-1]
    assert wording.endswith(f"really want? {BUILDER}") and len(wording.split()) < 50


@pytest.mark.parametrize("part", ["?", "it ", "that ", "is it ", "“", "and ", "1", "his's ", "good ", "more, ", "İ"])
def test_odd_and_long_questions_are_no_obstacle(part: str) -> None:
    history = [turn(part * 300), turn(PIER)]
    for question in (part, part * (2000 // len(part))):
        reading = understand(question, history)
        assert bool(reading.wordings) == (reading.kind != "talk")


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What does the article say about the kulaks?", "the kulaks"),
        ("Does the text mention anything about Ole Brandt?", "Ole Brandt"),
        ("what do the documents say on bees", "bees"),
        ("What does Brandt say about the mill?", ""),
        ("What does it say about Brandt?", ""),
    ],
)
def test_a_question_that_names_only_what_it_is_about_is_searched_for_by_that(question: str, topic: str) -> None:
    reading = understand(question, ())
    assert reading.question == question
    assert reading.wordings == (topic or question,) and reading.searched_for == (topic or question)
