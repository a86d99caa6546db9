"""Hands attest's answers to LlamaIndex's own evaluators, and its retriever to their retrieval metrics.

    opinions = evaluate_answers({"faithful": FaithfulnessEvaluator(llm=...)}, case_set, document, assistant)
    print(means(opinions, case_set)["faithful"])
    evaluate_retriever(RetrieverEvaluator.from_metric_names(["hit_rate", "mrr"], retriever=...), case_set, spans)

The contexts of an answer are the quotations it cites; the reference is the gold facts of its case.
But: most of these evaluators ask a language model, so their figures differ between runs; none is part of the gate. An
abstention says nothing that could be evaluated: it has no result, rather than a 0 or NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llama_index.core.base.response.schema import Response
from llama_index.core.evaluation import BaseEvaluator, BaseRetrievalEvaluator, EvaluationResult

from assistant.engine import Assistant
from assistant.llamaindex import source_nodes
from assistant.replay import Conversations
from assistant.types import Answer
from eval import Progress, silent
from eval.cases import Case, CaseSet
from eval.metrics.retrieval import finds
from eval.report.text import REFUSAL
from eval.statistics import Figure, mean_figure
from vectorstore.types import Document, Span

__all__ = ["Opinion", "as_response", "evaluate_answer", "evaluate_answers", "evaluate_retriever", "means", "reference"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one evaluator says of the answer to one case; `result` is None where the answer is an abstention."""

    id: str
    evaluator: str
    result: EvaluationResult | None


def as_response(answer: Answer) -> Response:
    """An answer as LlamaIndex's response object: the text a reader sees, one source node for each cited sentence."""
    metadata = {"searched_for": answer.searched_for, "abstained": answer.abstained, "confidence": answer.confidence}
    return Response(response=answer.text, source_nodes=source_nodes(answer), metadata=metadata)


def evaluate_answer(evaluator: BaseEvaluator, answer: Answer, *, reference: str | None) -> EvaluationResult | None:
    """The verdict of an evaluator, for the question as it was understood in its conversation; None for an
    abstention."""
    if answer.abstained:
        return None
    return evaluator.evaluate_response(query=answer.searched_for, response=as_response(answer), reference=reference)


def evaluate_answers(
    evaluators: Mapping[str, BaseEvaluator],
    case_set: CaseSet,
    document: Document,
    assistant: Assistant,
    *,
    progress: Progress = silent,
) -> list[Opinion]:
    """Asks every case in its conversation, and every evaluator about every answer."""
    conversations = Conversations(assistant)
    opinions = []
    for done, case in enumerate(case_set.cases, 1):
        answer = conversations.ask(case.question, case.history)
        for name, evaluator in evaluators.items():
            result = evaluate_answer(evaluator, answer, reference=reference(case, document))
            opinions.append(Opinion(case.id, name, result))
        progress(done, len(case_set.cases))
    return opinions


def reference(case: Case, document: Document) -> str:
    """The answer that was expected, as a text: the facts; the evidence where none is listed; or the refusal."""
    if not case.has_answer:
        return REFUSAL
    facts = "; ".join(nugget.accepted[0] for nugget in case.nuggets)
    return facts or " ".join(" ".join(document.text[start:end].split()) for start, end in case.evidence)


def means(opinions: Sequence[Opinion], case_set: CaseSet) -> dict[str, Figure]:
    """Evaluator -> its mean score over the answers given, with the 95 % interval of the bootstrap over conversations.
    What an evaluator called invalid, or gave no score, is left out."""
    conversation = {case.id: case.conversation for case in case_set.cases}
    scores: dict[str, list[tuple[float, str]]] = {opinion.evaluator: [] for opinion in opinions}
    for opinion in opinions:
        result = opinion.result
        if result is not None and not result.invalid_result and result.score is not None:
            scores[opinion.evaluator].append((result.score, conversation[opinion.id]))
    return {name: _figure(rows) for name, rows in scores.items()}


def evaluate_retriever(
    evaluator: BaseRetrievalEvaluator,
    case_set: CaseSet,
    passages: Mapping[str, Span],
    *,
    progress: Progress = silent,
) -> dict[str, Figure]:
    """Metric -> its mean over the cases that have an answer, asked in their stand-alone wording. `passages`: node id ->
    offsets, of everything that can be retrieved; expected are those that hold half of a piece of evidence or more. A
    case of which no passage does scores 0."""
    asked = [case for case in case_set.cases if case.has_answer]
    names = [metric.metric_name for metric in evaluator.metrics]
    scores: dict[str, list[tuple[float, str]]] = {name: [] for name in names}
    for done, case in enumerate(asked, 1):
        expected = [id for id, span in passages.items() if any(finds(span, piece) for piece in case.evidence)]
        found = dict.fromkeys(names, 0.0)
        if expected:
            query = case.standalone or case.question
            found = evaluator.evaluate(query=query, expected_ids=expected).metric_vals_dict
        for name in names:
            scores[name].append((found[name], case.conversation))
        progress(done, len(asked))
    return {name: _figure(rows) for name, rows in scores.items()}


def _figure(rows: Sequence[tuple[float, str]]) -> Figure:
    return mean_figure([value for value, _ in rows], [cluster for _, cluster in rows])
