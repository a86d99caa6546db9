"""What an embedder is: text to unit vectors; and how two embedding models are told apart."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedded_text import Readable
from vectorstore.embedding.states import Kept

DEFAULT_MODEL = "attest"
"""The name of attest's own network."""
FORMER_DEFAULT = "all-MiniLM-L6-v2"
FORMER_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""What attest embedded with before it, and the digest of its weights as attest took it: no model that can be named
today has the same."""
PROBE_SENTENCE = "A fixed sentence, by whose vector one embedding model is told from another."
PROBE_LENGTH = 16
PROBE_TOLERANCE = 1e-2

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Fingerprint:
    """What makes vectors comparable. `probe` holds the first components of the vector of `PROBE_SENTENCE`, rounded
    to 4 decimals: it differs where the same weights are pooled or tokenised in another way."""

    name: str
    weights_sha256: str
    dimension: int
    probe: tuple[float, ...]

    def matches(self, other: Fingerprint) -> bool:
        """Whether vectors of both may live in one index: same weights, same dimension, same probe (to .01, which
        is above the differences between processors and far below those between models)."""
        return (
            self.weights_sha256 == other.weights_sha256
            and self.dimension == other.dimension
            and len(self.probe) == len(other.probe)
            and all(abs(a - b) <= PROBE_TOLERANCE for a, b in zip(self.probe, other.probe, strict=True))
        )

    def __str__(self) -> str:
        return f"{self.name} (weights {self.weights_sha256[:12]}, {self.dimension} dimensions)"


class Embedder(Protocol):
    """An embedding model. A text's vector does not depend on which other texts are in the call."""

    @property
    def fingerprint(self) -> Fingerprint: ...

    @property
    def max_tokens(self) -> int:
        """The longest text, in tokens with the special ones, that the model reads to its end."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special tokens included, nothing cut."""
        ...

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """The vectors of `texts`, (n, dimension), rows of length 1, in the order given. `progress` gets the number
        of texts done so far. Raises ValueError for a text longer than `max_tokens`."""
        ...

    def embed_passages(
        self, passages: Sequence[Readable], progress: Progress | None = None, kept: Kept | None = None
    ) -> list[NDArray[np.float32]]:
        """For each passage its vector, read under its heading, and below it those of its sentences, (1 + sentences,
        dimension), rows of length 1. `kept`: where what is made of passages on the way is kept, by their names.
        `progress` gets the number of passages done so far. Raises ValueError for a passage that is too long."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query, (dimension,). Of a text longer than `max_tokens` the beginning is read."""
        ...


def fingerprint_of(name: str, weights_sha256: str, probe: NDArray[np.float32]) -> Fingerprint:
    """The fingerprint of a model from the vector it gives to `PROBE_SENTENCE`, (dimension,)."""
    rounded = tuple(round(float(value), 4) for value in probe[:PROBE_LENGTH])
    return Fingerprint(name, weights_sha256, len(probe), rounded)


def refuse_long(counts: Sequence[int], max_tokens: int, texts: Sequence[str]) -> None:
    """Raises ValueError if a count is over `max_tokens`: a text is never cut in silence."""
    for count, text in zip(counts, texts, strict=True):
        if count > max_tokens:
            raise ValueError(f"a text of {count} tokens is over the model's {max_tokens}: {text[:60]!r}...")


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row divided by its Euclidean length; a zero row stays zero."""
    lengths = np.sqrt(np.sum(rows * rows, axis=1, keepdims=True, dtype=np.float32))
    return np.asarray(rows / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)


def available_cpus() -> int:
    """The number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
