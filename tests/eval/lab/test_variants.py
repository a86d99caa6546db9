"""Changed assistants differ in what was changed, and in nothing once they are done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import engine, ranking
from assistant.calibration import Logistic
from assistant.conversation import wordings
from assistant.engine import Assistant
from assistant.types import Turn
from eval.evaluate import assistant_for
from eval.lab.ablation import reading_all, without
from eval.lab.variants import Variant, best_alone, with_threshold, without_vectors, without_words
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
    with assistant_for(Document("holm", "Holm", TEXT, text_sha256(TEXT), "holm.txt"), embedder) as assistant:
        yield assistant


def test_nothing_changed_answers_the_same(whole: Assistant) -> None:
    assert Variant(whole).ask(QUESTION) == whole.ask(QUESTION)


def test_a_changed_search_is_changed_back(whole: Assistant) -> None:
    before = whole.ask(QUESTION)
    assert len(Variant(whole, search=best_alone).ask(QUESTION).passages) == 1
    assert whole.ask(QUESTION) == before


def test_searches_without_words_or_vectors_measure_neither(whole: Assistant) -> None:
    candidates = whole.index.candidates([QUESTION], k=10)
    assert all(c.lexical == 0 for c in without_words(candidates))
    assert all(c.dense == c.best_sentence == 0 for c in without_vectors(candidates))
    assert any(c.lexical > 0 for c in candidates) and any(c.dense > 0 for c in candidates)


def test_a_threshold_of_one_refuses_everything(whole: Assistant) -> None:
    assert not whole.ask(QUESTION).abstained
    assert Variant(whole, calibration=with_threshold(1.1)).ask(QUESTION).abstained


def test_a_deaf_variant_searches_for_the_bare_question(whole: Assistant) -> None:
    turns = [Turn(QUESTION, whole.ask(QUESTION))]
    assert whole.ask("What did it cost?", turns).searched_for != "What did it cost?"
    assert Variant(whole, deaf=True).ask("What did it cost?", turns).searched_for == "What did it cost?"


def test_a_follow_up_in_one_wording_only_and_the_other_comes_back(whole: Assistant) -> None:
    turns = [Turn(QUESTION, whole.ask(QUESTION))]
    assert whole.ask("What did it cost?", turns).trace.wordings[1] == f"{QUESTION} What did it cost?"
    assert len(Variant(whole, one_wording=True).ask("What did it cost?", turns).trace.wordings) == 1
    assert engine.wordings is wordings


def test_a_far_variant_looks_near_nothing(whole: Assistant) -> None:
    turns = [Turn(QUESTION, whole.ask(QUESTION))]
    assert whole.near(turns) and not Variant(whole, far=True).near(turns)


def test_a_feature_left_out_weighs_nothing() -> None:
    model = Logistic(("a", "b"), (2.0, 3.0), 1.0)
    assert without(model, "b").logit([1.0, 1.0]) == 3.0
    assert without(model).weights == model.weights


def test_reading_all_does_not_stop_where_it_is_clear(embedder: Embedder) -> None:
    text = "\n\n".join(f"The {name} at Holm was built in 18{n} by Ida Lund." * 12 for n, name in enumerate(MANY, 40))
    with assistant_for(Document("holm", "Holm", text, text_sha256(text), "holm.txt"), embedder) as whole:

        def read() -> int:
            return sum(bool(passage.features) for passage in whole.search("Who built the mill at Holm?").ranking)

        before = read()
        with reading_all():
            assert read() == ranking.READ > before
        assert read() == before
