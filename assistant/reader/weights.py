"""The reader's weights as the repository holds them: what it learned, as a difference to the published network.

Each matrix of the trunk is stored as the difference to the published one in 8 bits (`rounding.rounded`), in few levels
and one scale a row; vectors as differences and heads as they are, in half precision. The whole is compressed (xz).
Embeddings are not trained and not stored.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from assistant.reader.names import NOT_TRAINED, published_name
from assistant.reader.rounding import levels_of

Array = NDArray[np.float32]
MOST = 3
"""The highest level: seven levels in all."""


def compress(trained: Mapping[str, Array], base: Mapping[str, Array], target: Path) -> None:
    """Write `trained` (names as in ReaderNetwork) as its difference to `base` (published names, rounded)."""
    out: dict[str, NDArray[np.generic]] = {}
    for name, value in sorted(trained.items()):
        if name.startswith(NOT_TRAINED):
            continue
        published = published_name(name)
        if published is None:
            out[name] = value.astype(np.float16)
        elif value.ndim == 1:
            out[name] = (value - base[published]).astype(np.float16)
        else:
            levels, scale = levels_of(value.astype(np.float32) - base[published], MOST)
            out[name + ".levels"], out[name + ".scale"] = levels, scale
    part = target.with_suffix(".part")
    part.write_bytes(lzma.compress(save(out), preset=6))
    part.replace(target)


def expand(stored: bytes, base: Mapping[str, Array]) -> dict[str, Array]:
    """The trained weights, by their names in ReaderNetwork, from a file that `compress` wrote; those that are not
    trained are not among them."""
    arrays = load(lzma.decompress(stored))
    out: dict[str, Array] = {}
    for name, value in arrays.items():
        plain = name.removesuffix(".levels")
        published = published_name(plain)
        if name.endswith(".scale"):
            continue
        if plain != name:
            assert published is not None
            scale = arrays[plain + ".scale"].astype(np.float32)[:, None]
            out[plain] = base[published] + value.astype(np.float32) * scale
        else:
            out[name] = value.astype(np.float32) + (0 if published is None else base[published])
    return out
