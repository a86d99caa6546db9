"""The reader's weights as the repository holds them: the trained difference to the MiniLM weights, at 4 bits.

Each encoder matrix is stored as its difference to the published one, one scale a row and a signed 4-bit integer a
weight, two to a byte; vectors and heads as they are. Embeddings are not trained and not stored.
But: nothing here runs the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save_file

Array = NDArray[np.float32]
TRUNK = "trunk."
NOT_STORED = ("trunk.embeddings", "trunk.pooler", "doubt")
"""Beginnings of the names that are not trained, or not needed after training."""
LEVELS = 7


def compress(trained: Mapping[str, Array], base: Mapping[str, Array], target: Path) -> None:
    """Write `trained` (names as in ReaderNetwork) as its difference to `base` (names as published)."""
    out: dict[str, NDArray[np.generic]] = {}
    for name, value in sorted(trained.items()):
        published = name.removeprefix(TRUNK)
        if not name.startswith(TRUNK):
            out[name] = value.astype(np.float32)
        elif published.startswith("encoder."):
            difference = value.astype(np.float32) - base[published].astype(np.float32)
            if value.ndim == 1:
                out[name] = difference.astype(np.float16)
            else:
                scale = np.maximum(np.abs(difference).max(axis=1) / LEVELS, 1e-12).astype(np.float32)
                scale = _best_scale(difference, scale)
                levels = np.clip(np.rint(difference / scale[:, None]), -LEVELS, LEVELS).astype(np.int8) + 8
                out[name + ".levels"] = (levels[:, 0::2] | (levels[:, 1::2] << 4)).astype(np.uint8)
                out[name + ".scale"] = scale.astype(np.float16)
    part = target.with_suffix(".part")
    save_file(out, part)
    part.replace(target)


def _best_scale(difference: Array, largest: Array) -> Array:
    """Of a few clipping scales the one with the least squared error, row by row."""
    best: Array = largest
    error: Array = np.full(len(largest), np.inf, dtype=np.float32)
    for part in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        scale = (largest * part).astype(np.float16).astype(np.float32)
        scale = np.maximum(scale, np.float32(6e-8))
        rounded = np.clip(np.rint(difference / scale[:, None]), -LEVELS, LEVELS) * scale[:, None]
        squared = ((rounded - difference) ** 2).sum(axis=1)
        best, error = np.where(squared < error, scale, best), np.minimum(squared, error)
    return best


def expand(stored: bytes, base: Mapping[str, Array]) -> dict[str, Array]:
    """The trained weights, by their names in ReaderNetwork, from a file that `compress` wrote; embeddings are not among
    them."""
    out: dict[str, Array] = {}
    arrays = load(stored)
    for name, value in arrays.items():
        if name.endswith(".scale"):
            continue
        if name.endswith(".levels"):
            plain = name.removesuffix(".levels")
            levels = np.empty((value.shape[0], value.shape[1] * 2), dtype=np.float32)
            levels[:, 0::2] = (value & 15).astype(np.float32) - 8
            levels[:, 1::2] = (value >> 4).astype(np.float32) - 8
            scale = arrays[plain + ".scale"].astype(np.float32)[:, None]
            out[plain] = (base[plain.removeprefix(TRUNK)] + levels * scale).astype(np.float32)
        elif name.startswith(TRUNK):
            out[name] = base[name.removeprefix(TRUNK)].astype(np.float32) + value.astype(np.float32)
        else:
            out[name] = value.astype(np.float32)
    return out
