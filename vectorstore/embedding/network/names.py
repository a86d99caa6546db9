"""The names of the reader's weights, beside those of the published network."""

from __future__ import annotations

PUBLISHED = {
    "q": "attention.attn.q",
    "k": "attention.attn.k",
    "v": "attention.attn.v",
    "o": "attention.attn.o",
    "norm": "attention.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "last_norm": "output.LayerNorm",
}
"""Parts of a layer by their names in the published model."""


def published_name(name: str) -> str | None:
    """The published name of a weight of `ReaderNetwork`; None for those that MPNet does not have."""
    if name.startswith("layers."):
        _, number, part, kind = name.split(".")
        return f"encoder.layer.{number}.{PUBLISHED[part]}.{kind}"
    return {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
        "distances.weight": "encoder.relative_attention_bias.weight",
    }.get(name)


NOT_TRAINED = ("words.", "places.", "distances.")
"""Beginnings of the names that are not trained."""
