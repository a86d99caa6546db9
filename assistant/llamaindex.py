"""attest as parts of a LlamaIndex program: a retriever, a chat engine, and the embedding model.

    assistant = Assistant(index)
    AttestChatEngine(assistant).chat("Who wrote it?").source_nodes     # one node per cited sentence, with offsets

But: answers are still quotations, made without a language model; nothing of LlamaIndex is used to make them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Generator, Sequence

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.chat_engine.types import AgentChatResponse, BaseChatEngine, StreamingAgentChatResponse
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)
from pydantic import PrivateAttr

from assistant.engine import Assistant
from assistant.replay import Conversations
from assistant.types import Answer, Citation, Turn
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import UsageError
from vectorstore.types import Document, Hit

__all__ = ["AttestChatEngine", "AttestEmbedding", "AttestRetriever", "source_nodes"]

_log = logging.getLogger(__name__)


class AttestRetriever(BaseRetriever):
    """The ranking that answers are made from, best first. A node's text is the passage, character for character:
    `document.text[node.start_char_idx:node.end_char_idx] == node.text`."""

    def __init__(self, assistant: Assistant, *, similarity_top_k: int = 10) -> None:
        """`similarity_top_k` counts nodes; there are never more than `assistant.settings.passages`. Raises UsageError
        where it is negative."""
        if similarity_top_k < 0:
            raise UsageError(f"similarity_top_k is {similarity_top_k}: give 0 or more")
        super().__init__()
        self._assistant = assistant
        self._top_k = similarity_top_k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Raises UsageError for a query that is empty or longer than 2,000 characters."""
        hits = self._assistant.ask(query_bundle.query_str).passages[: self._top_k]
        return [_passage_node(hit, self._assistant.index.document(hit.passage.document_id)) for hit in hits]


class AttestChatEngine(BaseChatEngine):
    """A conversation with the source. `source_nodes` of a response are its cited sentences, in the answer's order,
    scored by the answer's confidence; an abstention has none. `metadata` holds `searched_for`, `abstained` and
    `confidence`."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._turns: list[Turn] = []

    def reset(self) -> None:
        """Forgets the conversation."""
        self._turns.clear()

    @property
    def chat_history(self) -> list[ChatMessage]:
        """Questions and answers, in turns."""
        messages = []
        for turn in self._turns:
            messages.append(ChatMessage(role=MessageRole.USER, content=turn.question))
            messages.append(ChatMessage(role=MessageRole.ASSISTANT, content=turn.answer.text))
        return messages

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answers `message`. A `chat_history` takes the place of the conversation so far: its questions are worked
        through again, its answers are not believed. Raises UsageError for an empty or over-long message."""
        answer = self._ask(message, chat_history)
        return AgentChatResponse(response=answer.text, source_nodes=source_nodes(answer), metadata=_summary(answer))

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """As `chat`; the answer is made first, then handed out word by word."""
        answer = self._ask(message, chat_history)
        return StreamingAgentChatResponse(
            response=answer.text,
            chat_stream=_deltas(answer.text),
            source_nodes=source_nodes(answer),
            is_writing_to_memory=False,
        )

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """As `chat`; it does not wait for anything, so it holds the event loop while it answers."""
        return self.chat(message, chat_history)

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """As `stream_chat`."""
        answer = self._ask(message, chat_history)
        return StreamingAgentChatResponse(
            response=answer.text,
            achat_stream=_async_deltas(answer.text),
            source_nodes=source_nodes(answer),
            is_writing_to_memory=False,
        )

    def _ask(self, message: str, chat_history: Sequence[ChatMessage] | None) -> Answer:
        turns: Sequence[Turn] = self._turns
        if chat_history is not None:
            asked = [str(m.content) for m in chat_history if m.role == MessageRole.USER and m.content]
            turns = Conversations(self._assistant).turns(asked)
        answer = self._assistant.ask(message, turns)
        self._turns = [*turns, Turn(message, answer)]
        return answer


class AttestEmbedding(BaseEmbedding):
    """The embedding model of an index, for LlamaIndex. A text that the model cannot read to its end is cut at a word,
    as sentence-transformers does, and logged; attest's own passages are never that long. Of a query the beginning is
    read."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.fingerprint.name)
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        return "AttestEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._embedder.embed_query(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows = self._embedder.embed([self._cut(text) for text in texts])
        return [[float(value) for value in row] for row in rows]

    def _cut(self, text: str) -> str:
        if self._embedder.count_tokens([text])[0] <= self._embedder.max_tokens:
            return text
        ends = [match.end() for match in re.finditer(r"\S+", text)]
        fits, too_long = 0, len(ends)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if self._embedder.count_tokens([text[: ends[middle - 1]]])[0] <= self._embedder.max_tokens:
                fits = middle
            else:
                too_long = middle
        cut = text[: ends[fits - 1]] if fits else text[: self._embedder.max_tokens - 2]
        _log.warning("only the first %d of %d characters are embedded", len(cut), len(text))
        return cut


def _passage_node(hit: Hit, document: Document) -> NodeWithScore:
    passage = hit.passage
    metadata = {
        "title": document.title,
        "section": passage.section,
        "kind": passage.kind,
        "speaker": passage.speaker,
        "sha256": document.sha256,
    }
    text = document.text[passage.start : passage.end]
    return _node(passage.id, text, passage.start, passage.end, document.id, metadata, hit.score)


def source_nodes(answer: Answer) -> list[NodeWithScore]:
    """One node for each sentence that an answer cites, in its order, scored by its confidence."""
    citations = dict.fromkeys(citation for sentence in answer.sentences for citation in sentence.citations)
    return [_sentence_node(citation, answer.confidence) for citation in citations]


def _sentence_node(citation: Citation, confidence: float) -> NodeWithScore:
    metadata = {
        "title": citation.title,
        "section": citation.section,
        "speaker": citation.speaker,
        "sha256": citation.sha256,
    }
    name = f"{citation.document_id}:{citation.start}-{citation.end}"
    return _node(name, citation.quote, citation.start, citation.end, citation.document_id, metadata, confidence)


def _node(
    name: str, text: str, start: int, end: int, document_id: str, metadata: dict[str, str | None], score: float
) -> NodeWithScore:
    node = TextNode(
        id_=name,
        text=text,
        start_char_idx=start,
        end_char_idx=end,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=["kind", "sha256"],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document_id)},
    )
    return NodeWithScore(node=node, score=float(score))


def _summary(answer: Answer) -> dict[str, object]:
    return {
        "searched_for": answer.searched_for,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
    }


def _deltas(text: str) -> Generator[ChatResponse, None, None]:
    said = ""
    for word in re.findall(r"\s*\S+", text):
        said += word
        yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=said), delta=word)


async def _async_deltas(text: str) -> AsyncGenerator[ChatResponse, None]:
    for response in _deltas(text):
        yield response
