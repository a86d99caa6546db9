"""What the lower layers make of a passage, in 8 bits: computed once and kept, and read with every question.

One code a token, of mpnet.CODE numbers, stored as 8-bit integers with one scale a token. The first MATCHED of them are
what words are compared by.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MATCHED = 128
"""How many numbers of a code words are compared by."""
_HEAD = struct.Struct("<III")


@dataclass(frozen=True, slots=True)
class States:
    """`levels` (tokens, width) int8, `scales` (tokens,) float16."""

    levels: NDArray[np.int8]
    scales: NDArray[np.float16]

    def codes(self) -> NDArray[np.float32]:
        """(tokens, width)."""
        return np.asarray(self.levels.astype(np.float32) * self.scales.astype(np.float32)[:, None])

    def words(self) -> NDArray[np.float32]:
        """(tokens, MATCHED), of length 1."""
        rows = self.levels[:, :MATCHED].astype(np.float32)
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6))

    @staticmethod
    def joined(parts: Sequence[States]) -> States:
        """The states of texts that are read as one; each begins and ends with the tokens that open and close a text."""
        levels = [part.levels[1:-1] for part in parts]
        scales = [part.scales[1:-1] for part in parts]
        first, last = parts[0], parts[-1]
        return States(
            np.concatenate([first.levels[:1], *levels, last.levels[-1:]]),
            np.concatenate([first.scales[:1], *scales, last.scales[-1:]]),
        )

    def stored(self, made_from: bytes) -> bytes:
        """As bytes; `made_from`: what tells the text and the network that they were made from."""
        content = self.levels.tobytes() + self.scales.tobytes()
        return _HEAD.pack(*self.levels.shape, zlib.crc32(content, zlib.crc32(made_from))) + content


class Kept(Protocol):
    """Where states are kept: `Index.kept`."""

    def get(self, names: list[str]) -> dict[str, bytes]: ...
    def put(self, rows: dict[str, bytes]) -> None: ...


def states_of(codes: NDArray[np.float32]) -> States:
    """The states of codes (tokens, width)."""
    scales = np.maximum(np.abs(codes).max(axis=1) / 127, 1e-6).astype(np.float16)
    levels = np.clip(np.rint(codes / scales.astype(np.float32)[:, None]), -127, 127)
    return States(levels.astype(np.int8), scales)


def read_stored(stored: bytes, made_from: bytes) -> States | None:
    """The states that `States.stored` wrote; None where they are damaged, or were made from something else."""
    try:
        tokens, width, checked = _HEAD.unpack_from(stored)
    except struct.error:
        return None
    content = stored[_HEAD.size :]
    if len(content) != tokens * (width + 2) or zlib.crc32(content, zlib.crc32(made_from)) != checked:
        return None
    levels = np.frombuffer(content, np.int8, tokens * width).reshape(tokens, width)
    return States(levels, np.frombuffer(content, np.float16, tokens, tokens * width))
