"""LlamaIndex's evaluators judge attest's answers: one that needs no model for real, the others over a model that
answers as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from llama_index.core.evaluation import (
    CorrectnessEvaluator,
    EvaluationResult,
    FaithfulnessEvaluator,
    RelevancyEvaluator,
    RetrieverEvaluator,
    SemanticSimilarityEvaluator,
)
from llama_index.core.llms import CompletionResponse, MockLLM
from pydantic import PrivateAttr

from assistant.engine import Assistant
from assistant.llamaindex import AttestEmbedding, AttestRetriever
from eval.adapters.evaluators import (
    Opinion,
    as_response,
    evaluate_answer,
    evaluate_answers,
    evaluate_retriever,
    means,
    reference,
)
from eval.cases import CaseSet
from eval.evaluate import assistant_for
from eval.judge import read_article
from eval.metrics.retrieval import hit_at, reciprocal_rank
from tests.eval.conftest import SHA256, TEXT
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import Document, Span

PIER = Document("pier", "Pier", TEXT, SHA256, "pier.txt")


class Saying(MockLLM):
    """The library's own stand-in for a model, with its answer fixed and its prompts kept."""

    _says: str = PrivateAttr()
    _prompts: list[str] = PrivateAttr(default_factory=list)

    def __init__(self, says: str) -> None:
        super().__init__()
        self._says = says

    def asked(self) -> str:
        return " ".join(self._prompts)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self._prompts.append(prompt)
        return CompletionResponse(text=self._says)

    async def acomplete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return self.complete(prompt, formatted, **kwargs)


@pytest.fixture(autouse=True)
def event_loop() -> Iterator[None]:
    """The evaluators run in the current event loop, and leave it open."""
    with asyncio.Runner() as runner:
        asyncio.set_event_loop(runner.get_loop())
        yield
    asyncio.set_event_loop(None)


@pytest.fixture(scope="module")
def assistant(embedder: Embedder) -> Iterator[Assistant]:
    with assistant_for(read_article(PIER, embedder), embedder) as assistant:
        yield assistant


@pytest.fixture
def spans(assistant: Assistant) -> dict[str, Span]:
    return {passage.id: (passage.start, passage.end) for passage in assistant.index.passages("pier")}


def test_an_answer_becomes_a_response_with_a_node_for_each_citation(assistant: Assistant) -> None:
    answer = assistant.ask("Who built the pier at Holm?")
    response = as_response(answer)
    assert str(response) == answer.text and len(response.source_nodes) == len(answer.sentences) >= 1
    node = response.source_nodes[0].node
    assert TEXT[node.start_char_idx : node.end_char_idx] == node.get_content() == answer.sentences[0].citations[0].quote


def test_evaluators_that_ask_a_model_get_query_answer_and_quotations(assistant: Assistant) -> None:
    answer = assistant.ask("Who built the pier at Holm?")
    agreeing, refusing, grading = Saying("YES"), Saying("NO"), Saying("4.5\nGood.")
    faithful = evaluate_answer(FaithfulnessEvaluator(llm=agreeing), answer, reference=None)
    relevant = evaluate_answer(RelevancyEvaluator(llm=refusing), answer, reference=None)
    correct = evaluate_answer(CorrectnessEvaluator(llm=grading), answer, reference="It was Anna Lund.")
    assert faithful is not None and relevant is not None and correct is not None
    assert (faithful.passing, relevant.passing, correct.score) == (True, False, 4.5)
    assert answer.sentences[0].citations[0].quote in agreeing.asked() and answer.text in agreeing.asked()
    assert answer.searched_for in refusing.asked() and "It was Anna Lund." in grading.asked()


def test_an_abstention_is_not_put_to_an_evaluator(assistant: Assistant) -> None:
    silent = assistant.ask("What is the boiling point of tungsten?")
    model = Saying("YES")
    assert silent.abstained
    assert evaluate_answer(FaithfulnessEvaluator(llm=model), silent, reference=None) is None and not model.asked()


def test_a_set_is_evaluated_with_the_real_embedding_and_no_model(
    assistant: Assistant, case_set: CaseSet, embedder: Embedder
) -> None:
    similar = SemanticSimilarityEvaluator(embed_model=AttestEmbedding(embedder), similarity_threshold=0.2)
    opinions = evaluate_answers({"similar": similar}, case_set, PIER, assistant)
    given = [opinion for opinion in opinions if opinion.result is not None]
    assert [opinion.id for opinion in opinions] == [case.id for case in case_set.cases] and given
    figure = means(opinions, case_set)["similar"]
    assert figure.n == len(given) and figure.value is not None and figure.low is not None and figure.high is not None
    assert figure.low <= figure.value <= figure.high


def test_the_reference_is_what_the_case_expects(case_set: CaseSet) -> None:
    who, wife = case_set.cases[0], case_set.cases[-1]
    assert reference(who, PIER) == "Anna Lund"
    assert reference(wife, PIER) == "Not in the source."


def test_what_has_no_score_is_undefined(case_set: CaseSet) -> None:
    opinions = [
        Opinion("who", "a", None),
        Opinion("cost", "a", EvaluationResult(score=0.0, invalid_result=True)),
        Opinion("who", "b", EvaluationResult(score=1.0)),
    ]
    figures = means(opinions, case_set)
    assert str(figures["a"]) == "undefined (n = 0)" and figures["b"].value == 1.0


def test_retrieval_metrics_of_llamaindex_agree_with_ours(
    assistant: Assistant, case_set: CaseSet, spans: dict[str, Span]
) -> None:
    retriever = AttestRetriever(assistant)
    evaluator = RetrieverEvaluator.from_metric_names(["hit_rate", "mrr"], retriever=retriever)
    figures = evaluate_retriever(evaluator, case_set, spans)
    asked = [case for case in case_set.cases if case.has_answer]
    rankings = [
        [spans[node.node_id] for node in retriever.retrieve(case.standalone or case.question)] for case in asked
    ]
    ours = [(hit_at(r, c.evidence, 10), reciprocal_rank(r, c.evidence)) for r, c in zip(rankings, asked, strict=True)]
    assert figures["hit_rate"].value == pytest.approx(sum(hit for hit, _ in ours) / 4)
    assert figures["mrr"].value == pytest.approx(sum(rank for _, rank in ours) / 4)
    assert figures["mrr"].n == 4


def test_evidence_that_no_passage_holds_is_a_miss(assistant: Assistant, case_set: CaseSet) -> None:
    evaluator = RetrieverEvaluator.from_metric_names(["hit_rate"], retriever=AttestRetriever(assistant))
    assert evaluate_retriever(evaluator, case_set, {"elsewhere": (0, 1)})["hit_rate"].value == 0.0
