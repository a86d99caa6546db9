"""Variants differ from the assistant that they are made from in what was changed, and leave it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.calibration import Logistic
from assistant.engine import Assistant
from assistant.types import Answer, Turn
from eval.evaluate import assistant_for
from eval.judge import read_article
from eval.lab.ablation import without
from eval.lab.variants import (
    always_leaning,
    best_alone,
    forgetful,
    with_answers,
    with_policy,
    with_search,
    with_threshold,
    with_understanding,
    without_vectors,
    without_words,
)
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import Document, text_sha256

TEXT = (
    "The pier at Holm was built in 1887 by Anna Lund, a captain's widow. It cost nine thousand crowns.\n\n"
    "The mill was moved up the river in 1902. Its miller was Ole Brandt, who kept bees.\n\n"
    "Fire destroyed the school in 1911. Nobody was hurt, for it was a Sunday."
)
QUESTION = "Who built the pier at Holm?"
MANY = ("pier", "mill", "school", "church", "bridge", "tower", "station", "harbour", "market", "library")


@pytest.fixture(scope="module")
def whole(embedder: Embedder) -> Iterator[Assistant]:
    document = Document("holm", "Holm", TEXT, text_sha256(TEXT), "holm.txt")
    with assistant_for(read_article(document, embedder), embedder) as assistant:
        yield assistant


def said(assistant: Assistant, question: str) -> Answer:
    """The answer, without where its threshold is from: that of a variant was given."""
    answer = assistant.ask(question)
    return replace(answer, threshold=replace(answer.threshold, source=""))


def test_nothing_changed_answers_the_same(whole: Assistant) -> None:
    assert said(with_policy()(whole), QUESTION) == said(whole, QUESTION)


def test_a_changed_search_leaves_the_assistant_as_it_was(whole: Assistant) -> None:
    before = whole.ask(QUESTION)
    assert len(with_search(best_alone)(whole).ask(QUESTION).passages) == 1
    assert whole.ask(QUESTION) == before


def test_searches_without_words_or_vectors_measure_neither(whole: Assistant) -> None:
    candidates = whole.index.candidates([QUESTION], k=10)
    assert all(c.lexical == 0 for c in without_words(candidates))
    assert all(c.dense == c.best_sentence == 0 for c in without_vectors(candidates))
    assert any(c.lexical > 0 for c in candidates) and any(c.dense > 0 for c in candidates)


def test_a_threshold_of_one_refuses_everything(whole: Assistant) -> None:
    assert not whole.ask(QUESTION).abstained
    assert with_threshold(1.1)(whole).ask(QUESTION).abstained


def test_answers_are_changed_abstentions_are_not(whole: Assistant) -> None:
    def emptied(answer: Answer) -> Answer:
        return replace(answer, sentences=())

    changed = with_answers(emptied)(whole)
    assert whole.ask(QUESTION).sentences and not changed.ask(QUESTION).sentences
    nothing = "How do you cook rice?"
    assert whole.ask(nothing).abstained and said(changed, nothing) == said(whole, nothing)


def test_variants_understand_follow_ups_otherwise(whole: Assistant) -> None:
    turns = [Turn(QUESTION, whole.ask(QUESTION))]
    follow_up, other = "What did it cost?", "Who was Ole Brandt?"
    alone, with_needed = whole.ask(follow_up, turns).trace.wordings
    assert alone == follow_up and with_needed.endswith(follow_up) and "Holm" in with_needed
    assert with_understanding(forgetful)(whole).ask(follow_up, turns).searched_for == follow_up
    assert whole.ask(other, turns).searched_for == other
    assert with_understanding(always_leaning)(whole).ask(other, turns).searched_for == f'"{other}" after "{QUESTION}"'


def test_without_its_weight_what_is_near_gains_nothing(whole: Assistant) -> None:
    turns = [Turn(QUESTION, whole.ask(QUESTION))]

    def gains(assistant: Assistant) -> set[float]:
        return {passage.features.get("near", 0.0) for passage in assistant.search("What did it cost?", turns).ranking}

    assert 1.0 in gains(whole)
    assert gains(with_policy(near=0.0, near_found=0.0)(whole)) == {0.0}


def test_a_feature_left_out_weighs_nothing() -> None:
    model = Logistic(("a", "b"), (2.0, 3.0), 1.0)
    assert without(model, "b").logit([1.0, 1.0]) == 3.0
    assert without(model).weights == model.weights


def test_reading_all_does_not_stop_where_it_is_clear(embedder: Embedder) -> None:
    text = "\n\n".join(f"The {name} at Holm was built in 18{n} by Ida Lund." * 12 for n, name in enumerate(MANY, 40))
    document = Document("holm", "Holm", text, text_sha256(text), "holm.txt")
    with assistant_for(read_article(document, embedder), embedder) as whole:
        most = whole.calibration.policy.read

        def read(assistant: Assistant) -> int:
            return sum(bool(passage.features) for passage in assistant.search("Who built the mill at Holm?").ranking)

        assert read(with_policy(at_a_time=most)(whole)) == most > read(whole)
