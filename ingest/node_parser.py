"""The splitter as a LlamaIndex `NodeParser`: passages as `TextNode`s with exact offsets.

But: LlamaIndex's own splitters look a chunk up in the text again to find its offsets; here they are carried.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.callbacks import CallbackManager
from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, NodeRelationship, TextNode
from llama_index.core.utils import get_tqdm_iterable

from ingest.passages import split_passages
from vectorstore.embedding.embedder import DEFAULT_MODEL, Embedder
from vectorstore.embedding.models import load_embedder
from vectorstore.types import Document, Format, Passage, text_sha256

NOT_EMBEDDED = ["sentences", "kind", "speaker", "start", "end"]


class AttestNodeParser(NodeParser):
    """Splits documents as attest does. A node's text is a passage, `document.text[start_char_idx:end_char_idx]`; its
    metadata hold the document's own and `section`, `kind`, `speaker` (str or None), `start`, `end` and `sentences`
    (a list of [start, end] pairs, offsets into the document). Node ids are derived from content.

    A document says what it is in its metadata: `title` (its file name otherwise) and `format`, "plain" or "markdown".
    `model` names the embedding model whose token limit the passages keep.
    """

    model: str = DEFAULT_MODEL
    _embedder: Embedder | None = PrivateAttr(default=None)

    @classmethod
    def from_defaults(
        cls, model: str = DEFAULT_MODEL, callback_manager: CallbackManager | None = None
    ) -> AttestNodeParser:
        """A parser that keeps to the token limit of `model`, a name for `load_embedder`."""
        return cls(model=model, callback_manager=callback_manager or CallbackManager())

    @classmethod
    def class_name(cls) -> str:
        return "AttestNodeParser"

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any) -> list[BaseNode]:
        if self._embedder is None:
            self._embedder = load_embedder(self.model)
        parsed: list[BaseNode] = []
        for node in get_tqdm_iterable(nodes, show_progress, "Splitting documents"):
            document = _document(node)
            parsed.extend(_text_node(node, document, passage) for passage in split_passages(document, self._embedder))
        return parsed

    def _postprocess_parsed_nodes(self, nodes: list[BaseNode], parent_doc_map: dict[str, Any]) -> list[BaseNode]:
        """Adds previous and next; the offsets are right already, and the base class would search for them."""
        for before, after in pairwise(nodes):
            if before.ref_doc_id == after.ref_doc_id:
                before.relationships[NodeRelationship.NEXT] = after.as_related_node_info()
                after.relationships[NodeRelationship.PREVIOUS] = before.as_related_node_info()
        return nodes


def _document(node: BaseNode) -> Document:
    text = node.text if isinstance(node, TextNode) else node.get_content()
    title = str(node.metadata.get("title") or node.metadata.get("file_name") or "")
    format: Format = "markdown" if node.metadata.get("format") == "markdown" else "plain"
    return Document(node.node_id, title, text, text_sha256(text), str(node.metadata.get("origin", "")), format)


def _text_node(node: BaseNode, document: Document, passage: Passage) -> TextNode:
    own = {
        "section": passage.section,
        "kind": passage.kind,
        "speaker": passage.speaker,
        "start": passage.start,
        "end": passage.end,
        "sentences": [[sentence.start, sentence.end] for sentence in passage.sentences],
    }
    return TextNode(
        id_=passage.id,
        text=document.text[passage.start : passage.end],
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={**node.metadata, **own},
        excluded_embed_metadata_keys=[*node.excluded_embed_metadata_keys, *NOT_EMBEDDED],
        excluded_llm_metadata_keys=[*node.excluded_llm_metadata_keys, *NOT_EMBEDDED],
        relationships={NodeRelationship.SOURCE: node.as_related_node_info()},
    )
