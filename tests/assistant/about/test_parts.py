"""Which questions have parts, and what each part asks."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from assistant.about.parts import joined, parts_of
from assistant.calibration import load_calibration
from assistant.engine import NAMES_ONLY, Assistant
from assistant.types import Turn


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When was the road laid out and when did the inn close?",
            ("When was the road laid out?", "When did the inn close?"),
        ),
        ("Who built the pier, and when?", ("Who built the pier?", "When?")),
        ("Who built it, when, and why?", ("Who built it?", "When?", "Why?")),
        ("When and where was Lund born?", ("When was Lund born?", "Where was Lund born?")),
        (
            "When, where and by whom was it founded?",
            ("When was it founded?", "Where was it founded?", "By whom was it founded?"),
        ),
        ("Who wrote it? And when was that?", ("Who wrote it?", "And when was that?")),
        (
            "To which town did she go, and how long did the trip take?",
            ("To which town did she go?", "How long did the trip take?"),
        ),
        ("What did Brandt do for a living and who paid him?", ("What did Brandt do for a living?", "Who paid him?")),
        ("OK, and who led it and what happened then?", ("OK, and who led it?", "What happened then?")),
        ("Did it rain, and how many came?", ("Did it rain, and how many came?",)),
    ],
)
def test_a_second_question_word_with_its_verb_begins_a_part(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question).questions == (parts if len(parts) > 1 else ())


@pytest.mark.parametrize(
    "question",
    [
        "What did Brandt and Lund say?",
        "What did the people who came and who left say?",
        "What did he say about where the money came from and how it was spent?",
        "Name the people who came and who left",
        'Who asked "Who goes there and who are you?"',
        "OK, and who built it?",
        "Is it true? Really?",
        "Hello! Who built the mill?",
        "Why did he sell the bees and the mill?",
        "What are the rights and duties of members?",
        "Was he a miller or a baker?",
        "Is the fee or the fine payable in May?",
        "Which is the other, the mill or the church?",
        "Did more people die in 1920 or 1921?",
        "Is Dover or Calais a river?",
    ],
)
def test_what_is_not_certain_is_one_question(question: str) -> None:
    assert parts_of(question).questions == ()


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Which is older, the mill or the church?", ("How old is the mill?", "How old is the church?")),
        ("Who is taller: Brandt or Lund?", ("How tall is Brandt?", "How tall is Lund?")),
        ("Is the mill or the church larger?", ("How large is the mill?", "How large is the church?")),
        ("Is a heron heavier than a crane?", ("How heavy is a heron?", "How heavy is a crane?")),
        (
            "Which is more expensive, a ticket for the boat or for the bus?",
            ("How expensive is a ticket for the boat?", "How expensive is a ticket for the bus?"),
        ),
        (
            "Which is cheaper, a ticket for Torsay or Nidd?",
            ("How cheap is a ticket for Torsay?", "How cheap is a ticket for Nidd?"),
        ),
        (
            "Is a ticket cheaper for children or for pupils?",
            ("How cheap is a ticket for children?", "How cheap is a ticket for pupils?"),
        ),
        ("Which costs more, the boat or the bus?", ("How much does the boat cost?", "How much does the bus cost?")),
        ("Which was built first, the mill or the church?", ("When was the mill built?", "When was the church built?")),
        (
            "Which is the longest, the Lenn, the Aar or the Ill?",
            ("How long is the Lenn?", "How long is the Aar?", "How long is the Ill?"),
        ),
        ("Of the mill and the church, which is bigger?", ("How big is the mill?", "How big is the church?")),
        ("Compare the boat and the bus in price", ("What is the price of the boat?", "What is the price of the bus?")),
        (
            "What is the difference between a fee and a fine?",
            ("What is said about a fee?", "What is said about a fine?"),
        ),
        ("How do moles and voles differ?", ("What is said about moles?", "What is said about voles?")),
    ],
)
def test_a_comparison_asks_for_each_side(question: str, parts: tuple[str, ...]) -> None:
    found = parts_of(question)
    assert found.questions == parts
    assert len(found.sides) == len(parts)


def test_each_part_is_answered_and_the_answer_is_as_sure_as_the_least_sure(assistant: Assistant) -> None:
    question = "When was the first boat built and when was the bridge opened?"
    answer = assistant.ask(question)
    assert "1702" in answer.text and "4 June 1902" in answer.text
    assert [part.question for part in answer.parts] == ["When was the first boat built?", "When was the bridge opened?"]
    assert answer.confidence == min(part.confidence for part in answer.parts)
    assert {s for part in answer.parts for s in part.sentences} == set(answer.sentences)
    assert answer.searched_for == question and set(answer.trace.wordings) >= {part.question for part in answer.parts}
    scores = [hit.score for hit in answer.passages]
    assert scores == sorted(scores, reverse=True) and len({hit.passage.id for hit in answer.passages}) == len(scores)
    assert assistant.ask(question) == answer


def test_a_part_without_an_answer_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("When was the bridge opened and what is the boiling point of ethanol?")
    assert not answer.abstained and "4 June 1902" in answer.text
    assert answer.unanswered == ("What is the boiling point of ethanol?",)
    assert answer.text.endswith("Not in the source: What is the boiling point of ethanol?")
    neither = assistant.ask("How do I reset my router and what is the boiling point of ethanol?")
    assert neither.abstained and neither.text == "Not in the source." and neither.passages


def test_a_part_leans_on_the_one_before_it_and_not_on_the_conversation(assistant: Assistant) -> None:
    question = "When did Anton Weil die and what did he build?"
    turns = [Turn("Who took over in 1815?", assistant.ask("Who took over in 1815?"))]
    assert assistant.turns_for(question, turns) == ()
    assert assistant.ask(question, turns) == assistant.ask(question)
    assert assistant.ask(question).parts[1].searched_for == '"What did he build?" after "When did Anton Weil die?"'


def test_of_a_comparison_both_sides_are_shown(assistant: Assistant) -> None:
    text = assistant.ask("Which was built first, the first boat or the bridge?", document_ids=["ferry"]).text
    assert "1702" in text


def test_where_it_is_not_said_in_what_they_are_compared_sentences_that_name_them_will_do(assistant: Assistant) -> None:
    answer = assistant.ask("Compare Anton Weil and Jakob Roth", document_ids=["ferry"])
    first, second = answer.parts
    assert "Weil" in first.text and "Roth" in second.text
    assert answer.unanswered == ()
    missing = assistant.ask("Compare Anton Weil and Otto Kern", document_ids=["ferry"])
    assert "Weil" in missing.text and missing.unanswered == ("What is said about Otto Kern?",)


def test_a_comparison_that_only_names_its_sides_says_so_and_keeps_its_confidence(assistant: Assistant) -> None:
    strict = Assistant(assistant.index, calibration=replace(load_calibration(), threshold=1.1))
    answer = strict.ask("Compare Anton Weil and Jakob Roth", document_ids=["ferry"])
    assert answer.said == NAMES_ONLY
    assert not answer.abstained and "Weil" in answer.text
    assert answer.confidence < 1.0


def test_sentences_and_passages_of_parts_come_once(assistant: Assistant) -> None:
    one = assistant.ask("When was the bridge opened?")
    both = joined("q", [one, one], 10)
    assert both.sentences == one.sentences and both.passages == one.passages and both.confidence == one.confidence


@pytest.mark.parametrize(
    "part", ["who and ", "when, ", "which is older, a or ", "and when did ", "? ", "how many a ", "is a "]
)
def test_odd_questions_take_no_time(part: str) -> None:
    started = time.process_time()
    parts_of((part * 200)[:500])
    assert time.process_time() - started < 0.5
