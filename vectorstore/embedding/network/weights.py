"""The reader's weights as the repository holds them: what it learned, as a difference to the published network.

Each matrix of the trunk is stored as the difference to the published one in 8 bits (`rounding.rounded`), in seven
levels and one scale a row; new matrices in 8 bits; vectors as differences, and small heads as they are, in half
precision. Two levels share a byte, and the file is compressed (gzip, by Huffman codes alone: there is nothing to repeat
in it). Embeddings are not trained and not stored.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from vectorstore.embedding.network.names import NOT_TRAINED, published_name
from vectorstore.embedding.network.rounding import FEWEST_ROWS, levels_of

Array = NDArray[np.float32]
MOST = 3
"""The highest level of a difference: seven levels in all."""
MOST_NEW = 127
"""The highest level of a matrix that the published network does not have."""
GZIP = 31
"""What zlib is told for its gzip form."""


def compress(trained: Mapping[str, Array], base: Mapping[str, Array], target: Path) -> None:
    """Write `trained` (names as in ReaderNetwork) as its difference to `base` (published names, rounded)."""
    out: dict[str, NDArray[np.generic]] = {}
    for name, value in sorted(trained.items()):
        if name.startswith(NOT_TRAINED):
            continue
        published = published_name(name)
        if published is None and value.ndim == 2 and len(value) >= FEWEST_ROWS:
            out[name + ".levels"], out[name + ".scale"] = levels_of(value.astype(np.float32), MOST_NEW)
        elif published is None:
            out[name] = value.astype(np.float16)
        elif value.ndim == 1:
            out[name] = (value - base[published]).astype(np.float16)
        else:
            levels, out[name + ".scale"] = levels_of(value.astype(np.float32) - base[published], MOST)
            out[name + ".pairs"] = _paired(levels)
    packer = zlib.compressobj(9, zlib.DEFLATED, GZIP, 9, zlib.Z_HUFFMAN_ONLY)
    part = target.with_suffix(".part")
    part.write_bytes(packer.compress(save(out)) + packer.flush())
    part.replace(target)


def expand(stored: bytes, base: Mapping[str, Array]) -> dict[str, Array]:
    """The trained weights, by their names in ReaderNetwork, from a file that `compress` wrote; those that are not
    trained are not among them."""
    arrays = load(zlib.decompress(stored, GZIP))
    out: dict[str, Array] = {}
    for stored_name, value in arrays.items():
        name, _, kind = stored_name.rpartition(".")
        if kind == "scale":
            continue
        if kind in ("levels", "pairs"):
            levels = _unpaired(value) if kind == "pairs" else value
            new = levels.astype(np.float32) * arrays[name + ".scale"].astype(np.float32)[:, None]
        else:
            name, new = stored_name, value.astype(np.float32)
        published = published_name(name)
        out[name] = new if published is None else base[published] + new
    return out


def _paired(levels: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Two levels (-MOST to MOST) beside each other in one byte; the number of columns is even."""
    shifted = (levels + MOST).astype(np.uint8)
    return np.asarray(shifted[:, 0::2] * (2 * MOST + 1) + shifted[:, 1::2], dtype=np.uint8)


def _unpaired(pairs: NDArray[np.generic]) -> NDArray[np.int8]:
    both = np.divmod(pairs.astype(np.int8), np.int8(2 * MOST + 1))
    return np.asarray(np.stack(both, axis=2).reshape(len(pairs), -1) - MOST, dtype=np.int8)
