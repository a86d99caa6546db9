"""The default embedder: the vector of a text is the mean of its words as attest's own network understands them.

A passage is read once, under its heading; its sentences are means of the words that are theirs in it (late chunking,
Günther et al. 2024), so that a pronoun is understood there. What was read is kept for the reader. A question's words
count as much as the network says they matter. So it was taught to find (`assistant.reader.teaching`), though by all
numbers of a code, of which the first half does as well: docs/decisions/pooled.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedded_text import Readable, Told
from vectorstore.embedding.embedder import (
    DEFAULT_MODEL,
    PROBE_SENTENCE,
    Fingerprint,
    Progress,
    fingerprint_of,
    refuse_long,
    unit_rows,
)
from vectorstore.embedding.encoder import AT_A_TIME, MAX_TOKENS, Encoder, load_encoder
from vectorstore.embedding.states import Kept, States
from vectorstore.types import Span

WIDTH = 384
"""How many of a code's numbers make the vector."""
MAX_PASSAGE = 256
"""Tokens of a passage with its heading at most: whoever asks has room beside it."""


class PooledEmbedder:
    """Means of codes, normalised to length 1. Each text is read alone, so that it comes out the same whatever else is
    in the call."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._fingerprint = fingerprint_of(DEFAULT_MODEL, encoder.weights_sha256, self.embed_query(PROBE_SENTENCE))

    @property
    def fingerprint(self) -> Fingerprint:
        return self._fingerprint

    @property
    def max_tokens(self) -> int:
        return MAX_PASSAGE

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self.encoder.count_tokens(texts)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        refuse_long(self.count_tokens(texts), MAX_PASSAGE, texts)
        rows = self._rows([(Told(text), ()) for text in texts], progress, None)
        return np.concatenate([np.zeros((0, self._fingerprint.dimension), dtype=np.float32), *rows])

    def embed_passages(
        self, passages: Sequence[Readable], progress: Progress | None = None, kept: Kept | None = None
    ) -> list[NDArray[np.float32]]:
        return self._rows([(passage.told, passage.read.spans) for passage in passages], progress, kept)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return np.asarray(unit_rows(self.encoder.asked(text).mean[None, :WIDTH])[0], np.float32)

    def _rows(
        self, texts: Sequence[tuple[Told, Sequence[Span]]], progress: Progress | None, kept: Kept | None
    ) -> list[NDArray[np.float32]]:
        """For each text its vector, then those of its stretches, (1 + stretches, dimension)."""
        rows: list[NDArray[np.float32]] = []
        done = 0

        def one_more() -> None:
            nonlocal done
            done += 1
            if progress:
                progress(done)

        for start in range(0, len(texts), AT_A_TIME):
            some = texts[start : start + AT_A_TIME]
            for told, _ in some:
                if not self.encoder.tokens(told).whole:
                    raise ValueError(f"a text is over the model's {MAX_TOKENS} tokens: {told.text[:60]!r}...")

            states = self.encoder.states([told for told, _ in some], kept, one_more)
            rows += [self._pooled(told, spans, states[told]) for told, spans in some]
            done = start + len(some)
            if progress:
                progress(done)
        return rows

    def _pooled(self, told: Told, spans: Sequence[Span], states: States) -> NDArray[np.float32]:
        """(1 + spans, dimension). A text or stretch without a word of its own has the mean of what stands around it."""
        tokens, codes = self.encoder.tokens(told), states.codes()[:, :WIDTH]
        own = codes[tokens.first : tokens.first + len(tokens.offsets)]
        own = own if len(own) else codes
        whole = own.mean(axis=0)
        inside = [tokens.between(start, end) for start, end in spans]
        return unit_rows(np.stack([whole, *(own[chosen].mean(axis=0) if chosen.any() else whole for chosen in inside)]))


def load_pooled() -> PooledEmbedder:
    """The default embedder. Raises what `load_encoder` raises."""
    return PooledEmbedder(load_encoder())
