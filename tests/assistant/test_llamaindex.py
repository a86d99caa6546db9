"""attest inside LlamaIndex: real retriever, chat engine and embedding, over a real index, with exact offsets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.chat_engine.types import BaseChatEngine
from llama_index.core.schema import NodeWithScore, TextNode

from assistant.engine import Assistant
from assistant.llamaindex import AttestChatEngine, AttestEmbedding, AttestRetriever
from assistant.settings import Settings
from ingest.pipeline import ingest
from ui.opening import open_index
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import UsageError


@pytest.fixture(scope="module")
def assistant(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(index=tmp_path_factory.mktemp("llamaindex") / "index")
    with open_index(settings, "tests") as index:
        assert all(report.error is None for report in ingest([str(articles)], index))
        yield Assistant(index, settings)


@pytest.fixture
def engine(assistant: Assistant) -> AttestChatEngine:
    return AttestChatEngine(assistant)


def assert_exact(nodes: list[NodeWithScore], assistant: Assistant) -> None:
    for scored in nodes:
        node = scored.node
        assert isinstance(node, TextNode) and node.ref_doc_id is not None
        document = assistant.index.document(node.ref_doc_id)
        assert document.text[node.start_char_idx : node.end_char_idx] == node.text
        assert node.metadata["sha256"] == document.sha256


def test_the_retriever_returns_passages_with_exact_offsets_best_first(assistant: Assistant) -> None:
    retriever = AttestRetriever(assistant)
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve("When did Ines Falk close the shop?")
    assert len(nodes) >= 2
    assert "1921" in nodes[0].text
    assert_exact(nodes, assistant)
    scores = [node.get_score() for node in nodes]
    assert scores == sorted(scores, reverse=True)
    assert len({node.node_id for node in nodes}) == len(nodes)


def test_the_retriever_returns_no_more_than_it_is_asked_for(assistant: Assistant) -> None:
    assert len(AttestRetriever(assistant, similarity_top_k=1).retrieve("Who kept the light?")) == 1
    with pytest.raises(UsageError, match="give 0 or more"):
        AttestRetriever(assistant, similarity_top_k=-1)
    assert len(asyncio.run(AttestRetriever(assistant).aretrieve("Who kept the light?"))) > 1


def test_a_chat_answer_has_a_node_for_each_cited_sentence(engine: AttestChatEngine, assistant: Assistant) -> None:
    assert isinstance(engine, BaseChatEngine)
    response = engine.chat("Who kept the light?")
    assert "Oduya" in str(response)
    assert response.source_nodes and "Oduya" in response.source_nodes[0].text
    assert_exact(response.source_nodes, assistant)
    assert response.metadata is not None and response.metadata["abstained"] is False


def test_an_abstention_has_no_nodes(engine: AttestChatEngine) -> None:
    response = engine.chat("What is the boiling point of tungsten?")
    assert str(response) == "Not in the source." and not response.source_nodes


def test_the_conversation_is_kept_until_it_is_reset(engine: AttestChatEngine) -> None:
    engine.chat("Who kept the light?")
    engine.chat("For how long?")
    assert [message.role for message in engine.chat_history] == [MessageRole.USER, MessageRole.ASSISTANT] * 2
    assert engine.chat_history[2].content == "For how long?"
    engine.reset()
    assert engine.chat_history == []


def test_a_history_that_is_passed_takes_the_place_of_the_conversation(engine: AttestChatEngine) -> None:
    engine.chat("Who closed the bakery?")
    history = [
        ChatMessage(role=MessageRole.USER, content="Who kept the light?"),
        ChatMessage(role=MessageRole.ASSISTANT, content="Nobody did."),
    ]
    engine.chat("For how long?", history)
    said = [message.content for message in engine.chat_history]
    assert said[0] == "Who kept the light?" and "Oduya" in str(said[1])
    assert len(said) == 4


def test_a_stream_says_what_chat_says(engine: AttestChatEngine) -> None:
    whole = str(engine.chat("Who kept the light?"))
    engine.reset()
    stream = engine.stream_chat("Who kept the light?")
    assert "".join(stream.response_gen) == whole == str(stream)
    assert stream.source_nodes and len(engine.chat_history) == 2


def test_the_asynchronous_chat_is_the_same(engine: AttestChatEngine) -> None:
    async def talk() -> tuple[str, str]:
        first = await engine.achat("Who kept the light?")
        engine.reset()
        stream = await engine.astream_chat("Who kept the light?")
        return str(first), "".join([delta async for delta in stream.async_response_gen()])

    whole, streamed = asyncio.run(talk())
    assert whole == streamed and "Oduya" in whole


def test_an_empty_message_is_refused_and_not_remembered(engine: AttestChatEngine) -> None:
    with pytest.raises(UsageError):
        engine.chat("")
    assert engine.chat_history == []


def test_the_embedding_is_the_index_s_own(embedder: Embedder) -> None:
    model = AttestEmbedding(embedder)
    texts = ["The lamp burned rape oil.", "A sour loaf with caraway."]
    assert np.array_equal(np.float32(model.get_text_embedding_batch(texts)), embedder.embed(texts))
    assert np.array_equal(np.float32(model.get_query_embedding(texts[0])), embedder.embed_query(texts[0]))


def test_a_text_beyond_the_model_s_limit_is_cut_at_a_word_and_logged(
    embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    model = AttestEmbedding(embedder)
    fits = " ".join(["lamp"] * (embedder.max_tokens - 2))
    assert model.get_text_embedding(fits + " oil" * 300) == model.get_text_embedding(fits)
    assert "are embedded" in caplog.text
    model.get_text_embedding("x" * 5000)
