"""Which embedding model a name means.

The default model is the lower half of attest's own network, through ONNX Runtime (`pooled.py`); any other is one of
sentence-transformers, by path or hub name, and runs through that library (`sentence_transformer.py`), never with remote
code. A folder that happens to be called as the default model is, as a checkout may be, is no model: ./attest names it.
"""

from __future__ import annotations

from vectorstore.embedding.embedder import DEFAULT_MODEL, Embedder


def load_embedder(name: str = DEFAULT_MODEL) -> Embedder:
    """The embedder of that name: the default one, or a sentence-transformers model by path or hub name.

    Raises AttestError where the model cannot be loaded or its packaged files are damaged.
    """
    if name == DEFAULT_MODEL:
        from vectorstore.embedding.pooled import load_pooled

        return load_pooled()
    from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder.load(name)
