"""LlamaIndex engines are put to a set: real vector index, real model; the model that comes with the library echoes
what it is given, so what it was given is what it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from llama_index.core import Document as LlamaDocument
from llama_index.core import PromptTemplate, VectorStoreIndex
from llama_index.core.base.response.schema import Response
from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.core.llms import MockLLM
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode

from assistant.llamaindex import AttestChatEngine, AttestEmbedding
from eval.adapters.engines import answer_row, engine_answers, is_refusal, run_engine, write_answers
from eval.cases import CaseSet
from eval.evaluate import assistant_for, judge_file
from eval.judge import Article, read_article
from tests.eval.conftest import SHA256, TEXT, sentence
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import StorageError
from vectorstore.types import Document

PIER = Document("pier", "Pier", TEXT, SHA256, "pier.txt")
CONTEXT_ALONE = PromptTemplate("{context_str}")


@pytest.fixture(scope="module")
def index(embedder: Embedder) -> VectorStoreIndex:
    return VectorStoreIndex.from_documents(
        [LlamaDocument(text=TEXT, id_="pier")],
        embed_model=AttestEmbedding(embedder),
        transformations=[SentenceSplitter(chunk_size=22, chunk_overlap=0)],
    )


def quoting(index: VectorStoreIndex) -> Any:
    """An engine that answers with the text of its two best nodes."""
    return index.as_query_engine(llm=MockLLM(), similarity_top_k=2, text_qa_template=CONTEXT_ALONE)


def chatting(model: MockLLM) -> SimpleChatEngine:
    return SimpleChatEngine.from_defaults(llm=model, memory=ChatMemoryBuffer.from_defaults(token_limit=100_000))


def node(text: str, start: int | None = None, **fields: Any) -> NodeWithScore:
    end = None if start is None else start + len(text)
    return NodeWithScore(node=TextNode(text=text, start_char_idx=start, end_char_idx=end, **fields), score=0.5)


def row_of(text: str, *nodes: NodeWithScore) -> dict[str, Any]:
    return answer_row(Response(text, list(nodes)), PIER, id="x", question="?")


def cited(row: dict[str, Any]) -> list[list[str]]:
    return [[citation["quote"] for citation in sentence["citations"]] for sentence in row["sentences"]]


def test_a_query_engine_s_answers_cite_its_nodes_exactly(index: VectorStoreIndex, case_set: CaseSet) -> None:
    rows = list(engine_answers(quoting(index), case_set, PIER))
    assert [row["id"] for row in rows] == [case.id for case in case_set.cases]
    citations = [c for row in rows for s in row["sentences"] for c in s["citations"]]
    assert citations and all(TEXT[c["start"] : c["end"]] == c["quote"] and c["sha256"] == SHA256 for c in citations)
    assert all(len(row["passages"]) == 2 and row["passages"][0]["end"] > 0 for row in rows)


def test_the_answers_can_be_judged_from_a_file(
    index: VectorStoreIndex, case_set: CaseSet, embedder: Embedder, tmp_path: Path
) -> None:
    write_answers(tmp_path / "answers.jsonl", engine_answers(quoting(index), case_set, PIER))
    from_file = judge_file(case_set, PIER, embedder, tmp_path / "answers.jsonl")
    at_once = run_engine(quoting(index), case_set, PIER, embedder)
    assert from_file.results == at_once.results
    assert "RetrieverQueryEngine" in at_once.fingerprints["system"]
    overall = from_file.figures["all"]
    assert overall["quote_fidelity"].value == overall["citation_recall"].value == 1.0
    assert overall["refused"].value == 0.0, "an engine that always quotes never abstains"
    assert str(overall["auroc"]) == "undefined (n = 0)"


def test_a_chat_engine_works_through_the_history_of_a_case(case_set: CaseSet) -> None:
    engine = chatting(MockLLM())
    said = {row["id"]: row["answer"] for row in engine_answers(engine, case_set, PIER)}
    first, follow_up = case_set.cases[0].question, case_set.cases[2]
    assert follow_up.history == (first,)
    assert first in said["end"] and follow_up.question in said["end"]
    assert first not in said["cost"] and follow_up.question not in said["said"]


def test_attest_s_own_chat_engine_is_judged_as_attest_is(
    case_set: CaseSet, article: Article, embedder: Embedder
) -> None:
    with assistant_for(read_article(article.document, embedder), embedder) as assistant:
        run = run_engine(AttestChatEngine(assistant), case_set, article.document, embedder)
        answers = [assistant.ask(case.question) for case in case_set.cases if not case.history]
    overall = run.figures["all"]
    assert overall["quote_fidelity"].value == overall["citation_recall"].value == 1.0
    shown = [result for case, result in zip(case_set.cases, run.results, strict=True) if not case.history]
    assert [result.abstained for result in shown] == [answer.abstained for answer in answers]
    assert [[(c.start, c.end) for s in result.sentences for c in s.citations] for result in shown] == [
        [(c.start, c.end) for s in answer.sentences for c in s.citations] for answer in answers
    ]


def test_marks_name_the_nodes_that_a_sentence_cites(index: VectorStoreIndex) -> None:
    engine = CitationQueryEngine.from_args(
        index, llm=MockLLM(), similarity_top_k=2, citation_chunk_size=20, citation_chunk_overlap=0
    )
    response = engine.query("Who built the pier?")
    assert all(source.node.start_char_idx is None for source in response.source_nodes)
    row = answer_row(response, PIER, id="x", question="?")
    found = [TEXT[p["start"] : p["end"]] for p in row["passages"]]
    assert found and all(found) and all(a in b.text for a, b in zip(found, response.source_nodes, strict=True))
    one, two = (node(TEXT[slice(*sentence(word))], sentence(word)[0]) for word in ("crowns", "1911"))
    marked = row_of("It was dear [1]. It burned [2], they say [7].", one, two)
    assert [s["text"] for s in marked["sentences"]] == ["It was dear.", "It burned, they say."]
    assert cited(marked) == [[one.text], [two.text]]


def test_a_node_is_cited_only_where_its_text_stands() -> None:
    start, end = sentence("crowns")
    right = node(TEXT[start:end], start)
    moved, rewritten, twice = node(TEXT[start:end], start + 1), node("It cost a fortune.", start), node("pier")
    row = row_of("A fortune it was.", right, moved, rewritten, twice)
    assert cited(row) == [[TEXT[start:end]]]
    spans = [(p["start"], p["end"]) for p in row["passages"]]
    assert spans == [(start, end), (0, 0), (0, 0), (0, 0)]


def test_a_sentence_that_quotes_a_node_cites_it_alone_and_another_cites_all() -> None:
    nodes = [node(TEXT[slice(*sentence(word))], sentence(word)[0]) for word in ("1887", "crowns")]
    row = row_of("It cost nine thousand crowns. So it was not cheap.", *nodes)
    assert cited(row) == [[TEXT[slice(*sentence("crowns"))]], [n.text for n in nodes]]


def test_the_speaker_of_a_node_is_kept() -> None:
    start, end = sentence("oak")
    row = row_of(TEXT[start:end], node(TEXT[start:end], start, metadata={"speaker": "Peter Vass"}))
    assert row["sentences"][0]["citations"][0]["speaker"] == "Peter Vass"


@pytest.mark.parametrize(
    "text",
    [
        "", "Empty Response", "None", "Not in the source.", "I don't know.", "I'm sorry, but I cannot answer that.",
        "The provided context does not mention a wife.",
    ],
)  # fmt: skip
def test_a_refusal_is_an_abstention(text: str) -> None:
    assert is_refusal(text)
    row = row_of(text, node(TEXT[0:49], 0))
    assert row["abstained"] and row["sentences"] == [] and len(row["passages"]) == 1


@pytest.mark.parametrize("text", ["None of them came.", "I know.", "The text was printed in 1911."])
def test_an_answer_is_not_taken_for_a_refusal(text: str) -> None:
    assert not is_refusal(text)


def test_what_an_engine_raises_names_the_case(case_set: CaseSet) -> None:
    class Failing(MockLLM):
        def chat(self, *args: Any, **kwargs: Any) -> Any:
            raise ConnectionError("no model here")

    with pytest.raises(ConnectionError) as caught:
        list(engine_answers(chatting(Failing()), case_set, PIER))
    assert caught.value.__notes__ == ["while SimpleChatEngine was asked case who of the set pier"]


def test_answers_that_cannot_be_written_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        write_answers(tmp_path, [])
