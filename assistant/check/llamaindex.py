"""The check as parts of a LlamaIndex program: an evaluator of answers, and a query engine whose answers are checked.

    AttestEvaluator(reader=load_reader()).evaluate(response="...", contexts=["...", "..."]).feedback
    GuardedQueryEngine(engine).query("...")          # what its sources do not support is struck out

But: no language model judges; each sentence is compared with the words of the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.evaluation import BaseEvaluator, EvaluationResult
from llama_index.core.prompts.mixin import PromptDictType, PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.check.checker import Checker
from assistant.check.texts import Texts
from assistant.check.types import Check, CheckedSentence
from assistant.reader.runtime import Reader, load_reader
from assistant.types import Source

__all__ = ["AttestEvaluator", "GuardedQueryEngine", "guarded"]


class AttestEvaluator(BaseEvaluator):
    """Whether a response is supported, sentence by sentence: by the contexts given or, where there are none, by the
    documents of `index`. `score`: the part of its sentences that are; `passing`: all are; `feedback`: a line for each
    that is not. A response that claims nothing is an invalid result, and so is one with nothing to hold it against."""

    def __init__(self, index: Source | None = None, *, reader: Reader | None = None) -> None:
        self._index = index
        self._reader = reader or load_reader()

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        pass

    async def aevaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        """It does not wait for anything, so it holds the event loop while it checks. Raises UsageError for a response
        of more than 100,000 characters."""
        source = Texts([("", text) for text in contexts]) if contexts else self._index
        result = EvaluationResult(query=query, contexts=contexts, response=response)
        if source is None or response is None:
            missing = "no response" if response is None else "no contexts and no index"
            return result.model_copy(update={"invalid_result": True, "invalid_reason": f"There are {missing}."})
        check = Checker(source, reader=self._reader).check(response)
        said = [sentence for sentence in check.sentences if sentence.checkable]
        if not said:
            return result.model_copy(
                update={"invalid_result": True, "invalid_reason": "The response claims nothing that could be checked."}
            )
        wrong = [sentence for sentence in said if sentence.verdict != "supported"]
        return result.model_copy(
            update={
                "passing": not wrong,
                "score": round(1 - len(wrong) / len(said), 4),
                "feedback": "\n".join(map(_line, wrong)) or "Every sentence is supported.",
            }
        )


class GuardedQueryEngine(BaseQueryEngine):
    """A query engine whose responses are checked against their own source nodes before anybody sees them; see
    `guarded`."""

    def __init__(self, engine: BaseQueryEngine, *, reader: Reader | None = None, drop: bool = False) -> None:
        super().__init__(engine.callback_manager)
        self._engine, self._drop = engine, drop
        self._reader = reader or load_reader()

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._engine.query(query_bundle)
        return guarded(_text(answer), answer.source_nodes, self._reader, drop=self._drop)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = await self._engine.aquery(query_bundle)
        return guarded(_text(answer), answer.source_nodes, self._reader, drop=self._drop)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {"query_engine": self._engine}


def guarded(text: str, nodes: Sequence[NodeWithScore], reader: Reader, *, drop: bool = False) -> Response:
    """A response in which each sentence that its nodes do not support is struck out (`~~so~~`), or left out where
    `drop`; `metadata["check"]` is the Check of the text as it was."""
    source = Texts([(str(node.metadata.get("title", "")), node.get_content()) for node in nodes])
    check = Checker(source, reader=reader).check(text)
    return Response(_without_unsupported(check, drop), list(nodes), {"check": check})


def _without_unsupported(check: Check, drop: bool) -> str:
    parts: list[str] = []
    at = 0
    for sentence in check.sentences:
        parts.append(check.text[at : sentence.start])
        kept = not sentence.checkable or sentence.verdict == "supported"
        parts.append(sentence.text if kept else "" if drop else f"~~{sentence.text}~~")
        at = sentence.end
    return "".join([*parts, check.text[at:]]).strip()


def _line(sentence: CheckedSentence) -> str:
    return f"{sentence.verdict}: {' '.join(sentence.text.split())} ({sentence.reason})"


def _text(answer: RESPONSE_TYPE) -> str:
    return str(answer.get_response() if hasattr(answer, "get_response") else answer)
