"""Puts a case set to a LlamaIndex query engine or chat engine; its answers come out in attest's batch format.

    write_answers(Path("answers.jsonl"), engine_answers(index.as_query_engine(), case_set, document))
    run = run_engine(index.as_chat_engine(), case_set, document, load_embedder())

A source node becomes a passage, and a citation, only where its text stands in the document: at the node's own
offsets, or, where it has none (as those of `CitationQueryEngine`), at the one place that holds it. A sentence with
marks like [2] cites these nodes, a sentence that stands in a node cites that node, any other all sources of its answer.
But: no word of an answer is changed apart from such marks, and an engine gives no confidence, so what rests on one is
undefined. A query engine has no history: it is asked the bare question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.chat_engine.types import BaseChatEngine
from llama_index.core.schema import MetadataMode, NodeWithScore, TextNode

from eval import Progress, fingerprints, silent
from eval.cases import Case, CaseSet
from eval.evaluate import judge_responses
from eval.metrics.answer import normalised, stands_in
from eval.responses import to_response
from eval.runs import Run
from ingest.sentences import split_sentences
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import StorageError
from vectorstore.types import Document, Span

__all__ = ["answer_row", "engine_answers", "is_refusal", "run_engine", "write_answers"]

Engine = BaseQueryEngine | BaseChatEngine
Abstains = Callable[[str], bool]

_MARKS = re.compile(r"\s*\[(?:Source )?\d+(?:, ?\d+)*\]")
_SOURCE_LABEL = re.compile(r"\ASource \d+:\n")
_REFUSAL = re.compile(
    r"\s*(?:none|empty response|not in the source)?[\s.]*\Z"
    r"|(?:i'm sorry|i am sorry|sorry)?[,. ]*(?:but )?i (?:do not|don't|cannot|can't) (?:know|find|answer|determine)\b"
    r"|(?:based on )?(?:the |this )?(?:provided |given )?(?:context|text|article|document|information|source)\b"
    r"[^.]{0,60}\b(?:does not|doesn't|do not|did not) (?:contain|mention|provide|say|state|specify|include)\b",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Whether an answer says that it has none: empty, LlamaIndex's "Empty Response", or a usual opening such as "I
    don't know" and "The context does not mention"."""
    return _REFUSAL.match(text) is not None


def engine_answers(
    engine: Engine,
    case_set: CaseSet,
    document: Document,
    *,
    abstains: Abstains = is_refusal,
    progress: Progress = silent,
) -> Iterator[dict[str, Any]]:
    """The answer to each case, in order, as a line of `attest ask --batch` would be. A chat engine works through the
    history of a case first, in a conversation of its own. What the engine raises is passed on, with the case named."""
    talk = _Talk(engine)
    for done, case in enumerate(case_set.cases, 1):
        try:
            response = talk.ask(case)
        except Exception as error:
            error.add_note(f"while {type(engine).__name__} was asked case {case.id} of the set {case_set.name}")
            raise
        yield answer_row(response, document, id=case.id, question=case.question, abstains=abstains)
        progress(done, len(case_set.cases))


def run_engine(
    engine: Engine,
    case_set: CaseSet,
    document: Document,
    embedder: Embedder,
    *,
    abstains: Abstains = is_refusal,
    progress: Progress = silent,
) -> Run:
    """The judged run of an engine; `embedder` is attest's, which splits the text for the judge."""
    rows = engine_answers(engine, case_set, document, abstains=abstains, progress=progress)
    responses = [to_response(row, article_sha256=document.sha256) for row in rows]
    system = f"llama-index-core {version('llama-index-core')}, {type(engine).__name__}"
    return judge_responses(case_set, document, embedder, responses, fingerprints.of_others(case_set, system))


def answer_row(
    response: Any, document: Document, *, id: str, question: str, abstains: Abstains = is_refusal
) -> dict[str, Any]:
    """One response of an engine, of any of LlamaIndex's kinds, in the batch format. `passages` are its source nodes in
    their order; one that is not found in the document keeps its rank as an empty span."""
    text, nodes = str(response), list(response.source_nodes)
    places = [_place(node, document) for node in nodes]
    abstained = abstains(text)
    cited = [] if abstained else [_sentence(said, nodes, places, document) for said in _sentences(text)]
    return {
        "id": id,
        "question": question,
        "abstained": abstained,
        "answer": text,
        "sentences": cited,
        "passages": [
            {"document": document.id, "start": place[0], "end": place[1], "score": node.score}
            for node, place in zip(nodes, (place or (0, 0) for place in places), strict=True)
        ],
    }


def write_answers(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Writes answers for `attest eval SET --answers`. Raises StorageError."""
    try:
        with path.open("w", encoding="utf-8", newline="\n") as lines:
            lines.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}): name another file") from None


class _Talk:
    """Asks an engine case after case; a conversation goes on where the next case continues it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked: tuple[str, ...] | None = None

    def ask(self, case: Case) -> Any:
        if isinstance(self._engine, BaseQueryEngine):
            return self._engine.query(case.question)
        if self._asked is None or case.history[: len(self._asked)] != self._asked:
            self._engine.reset()
            self._asked = ()
        for question in case.history[len(self._asked) :]:
            self._engine.chat(question)
        response = self._engine.chat(case.question)
        self._asked = (*case.history, case.question)
        return response


def _sentences(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in split_sentences(text)]


def _place(scored: NodeWithScore, document: Document) -> Span | None:
    """Where the text of a node stands in the document, character for character."""
    node = scored.node
    text = _SOURCE_LABEL.sub("", node.get_content(MetadataMode.NONE)).strip()
    if not text:
        return None
    if isinstance(node, TextNode) and node.start_char_idx is not None and node.end_char_idx is not None:
        start = document.text.find(text, node.start_char_idx, node.end_char_idx)
    else:
        start = document.text.find(text)
        if document.text.find(text, start + 1) >= 0:
            return None
    return (start, start + len(text)) if start >= 0 else None


def _sentence(
    said: str, nodes: Sequence[NodeWithScore], places: Sequence[Span | None], document: Document
) -> dict[str, Any]:
    text = _MARKS.sub("", said)
    return {
        "text": text,
        "citations": [
            {
                "document": document.id,
                "title": document.title,
                "section": nodes[number].metadata.get("section", ""),
                "start": place[0],
                "end": place[1],
                "quote": document.text[slice(*place)],
                "speaker": nodes[number].metadata.get("speaker"),
                "sha256": document.sha256,
            }
            for number in _cites(said, text, places, document)
            if (place := places[number]) is not None
        ],
    }


def _cites(said: str, text: str, places: Sequence[Span | None], document: Document) -> list[int]:
    """The positions of the nodes that a sentence cites."""
    marks = [int(digits) - 1 for mark in _MARKS.findall(said) for digits in re.findall(r"\d+", mark)]
    if marks:
        return sorted({number for number in marks if 0 <= number < len(places)})
    words = normalised(text)
    for number, place in enumerate(places):
        if place is not None and stands_in(words, normalised(document.text[slice(*place)])):
            return [number]
    return list(range(len(places)))
