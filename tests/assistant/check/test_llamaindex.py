"""The check in a LlamaIndex program."""

from __future__ import annotations

import pytest
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode

from assistant.check.checker import Checker
from assistant.check.llamaindex import AttestEvaluator, GuardedQueryEngine, guarded
from assistant.check.texts import Texts
from assistant.reader.runtime import Reader, load_reader

PIER = "The pier was opened in 1887 by Ada Reyes. It cost 412 pounds. Nobody was hurt when it burned down."
TRUE, FALSE = "It cost 412 pounds.", "It cost 512 pounds."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def test_a_response_is_held_against_its_contexts(reader: Reader) -> None:
    result = AttestEvaluator(reader=reader).evaluate(response=f"{TRUE} {FALSE}", contexts=[PIER])
    assert (result.passing, result.score) == (False, 0.5)
    assert result.feedback and "512" in result.feedback and TRUE not in result.feedback
    assert AttestEvaluator(reader=reader).evaluate(response=TRUE, contexts=[PIER]).passing


def test_without_anything_to_hold_against_the_result_is_invalid(reader: Reader) -> None:
    evaluator = AttestEvaluator(reader=reader)
    assert evaluator.evaluate(response=TRUE).invalid_result
    assert evaluator.evaluate(response="Is it?", contexts=[PIER]).invalid_result


def test_what_the_nodes_do_not_support_is_struck_out_or_dropped(reader: Reader) -> None:
    nodes = [NodeWithScore(node=TextNode(text=PIER))]
    assert str(guarded(f"{TRUE} {FALSE}", nodes, reader)) == f"{TRUE} ~~{FALSE}~~"
    assert str(guarded(f"{TRUE} {FALSE}", nodes, reader, drop=True)) == TRUE


def test_an_engine_is_guarded(reader: Reader) -> None:
    class Liar(CustomQueryEngine):
        def custom_query(self, query_str: str) -> str:
            return FALSE

    assert TRUE not in str(GuardedQueryEngine(Liar(), reader=reader).query("What did it cost?"))


def test_citations_of_texts_are_exact(reader: Reader) -> None:
    texts = Texts([("Pier", PIER), ("Other", "Cats sleep. They hunt at dusk.")])
    (sentence,) = Checker(texts, reader=reader).check(TRUE).sentences
    (citation,) = sentence.citations
    assert texts.document(citation.document_id).text[citation.start : citation.end] == citation.quote == TRUE
