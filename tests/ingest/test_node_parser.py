"""The splitter inside LlamaIndex."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

SENTENCE = "The harbour was built in 1780 and has been repaired many times since, mostly badly."
TEXT = f"# A Harbour\n\n{' '.join([SENTENCE] * 30)}\n\n## Tides\n\nVale wrote: “The wall is gone.” {SENTENCE}\n"


def test_offsets_metadata_and_neighbours() -> None:
    from llama_index.core.schema import Document, MetadataMode, NodeRelationship, TextNode

    from ingest.node_parser import AttestNodeParser

    document = Document(text=TEXT, metadata={"title": "A Harbour", "format": "markdown"})
    nodes = AttestNodeParser.from_defaults().get_nodes_from_documents([document])
    assert len(nodes) > 4
    for node in nodes:
        assert isinstance(node, TextNode)
        assert TEXT[node.start_char_idx : node.end_char_idx] == node.text
        assert node.ref_doc_id == document.id_
    starts = [node.start_char_idx for node in nodes if isinstance(node, TextNode)]
    assert starts == sorted(set(starts))  # repeated text is not mistaken for its first occurrence
    last = nodes[-1]
    assert last.metadata["section"] == "Tides"
    assert [TEXT[start:end] for start, end in last.metadata["sentences"]] == [
        "Vale wrote: “The wall is gone.”",
        SENTENCE,
    ]
    assert "sentences" not in last.get_content(MetadataMode.EMBED)
    assert nodes[1].relationships[NodeRelationship.NEXT].node_id == nodes[2].node_id  # type: ignore[union-attr]
    assert nodes[1].relationships[NodeRelationship.PREVIOUS].node_id == nodes[0].node_id  # type: ignore[union-attr]
    again = AttestNodeParser.from_defaults().get_nodes_from_documents([document])
    assert [node.node_id for node in again] == [node.node_id for node in nodes]


def test_pipeline_and_index() -> None:
    from llama_index.core import MockEmbedding, VectorStoreIndex
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import Document

    from ingest.node_parser import AttestNodeParser

    parser = AttestNodeParser.from_defaults()
    documents = [Document(text=TEXT, id_="one"), Document(text=f"Another.\n\n{SENTENCE}", id_="two")]
    nodes = IngestionPipeline(transformations=[parser]).run(documents=documents)
    assert {node.ref_doc_id for node in nodes} == {"one", "two"}
    index = VectorStoreIndex.from_documents(documents, transformations=[parser], embed_model=MockEmbedding(embed_dim=4))
    found = index.as_retriever(similarity_top_k=50).retrieve("harbour")
    assert {hit.node_id for hit in found} == {node.node_id for node in nodes}
