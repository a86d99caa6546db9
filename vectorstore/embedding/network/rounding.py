"""Weights in few bits, one scale a row.

The published network in 8 bits is what the reader's learning begins from, and what its stored difference is added to:
the same everywhere, since only one division and one rounding of 32-bit floats make it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
FEWEST_ROWS = 33
"""Smaller matrices stay as they are."""
CLIPPED_AT = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Parts of the largest value of a row at which rounding may clip it."""


def rounded(weights: Mapping[str, Array]) -> dict[str, Array]:
    """The weights with each matrix (rows, columns) rounded to 8-bit integers times one scale a row."""
    out = {}
    for name, value in weights.items():
        plain = value.astype(np.float32)
        if plain.ndim == 2 and len(plain) >= FEWEST_ROWS:
            scale = np.maximum(np.abs(plain).max(axis=1), np.float32(1e-12)) / np.float32(127)
            plain = np.rint(plain / scale[:, None]).astype(np.int8).astype(np.float32) * scale[:, None]
        out[name] = plain
    return out


def levels_of(value: Array, most: int) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Integers from -most to most and a scale a row, of a few clippings the one with the least squared error."""
    largest = np.abs(value).max(axis=1)
    best = np.zeros(len(value), dtype=np.float16)
    error = np.full(len(value), np.inf, dtype=np.float32)
    for part in CLIPPED_AT:
        scale = np.maximum((largest * part / most).astype(np.float16), np.float16(6e-8))
        wide = scale.astype(np.float32)[:, None]
        squared = ((np.clip(np.rint(value / wide), -most, most) * wide - value) ** 2).sum(axis=1)
        best, error = np.where(squared < error, scale, best), np.minimum(squared, error)
    levels = np.clip(np.rint(value / best.astype(np.float32)[:, None]), -most, most)
    return levels.astype(np.int8), best
