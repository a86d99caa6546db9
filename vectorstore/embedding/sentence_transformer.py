"""Any sentence-transformers model, by path or hub name, as an embedder; never with code from the model's repository."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedded_text import Readable, texts_to_embed
from vectorstore.embedding.derived import install_libraries
from vectorstore.embedding.embedder import PROBE_SENTENCE, Fingerprint, Progress, fingerprint_of, refuse_long, unit_rows
from vectorstore.embedding.hub import look_for
from vectorstore.embedding.states import Kept
from vectorstore.errors import AttestError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 32
LONGEST = 8192
QUERY_PROMPTS = ("query",)
DOCUMENT_PROMPTS = ("document", "passage", "corpus")


class SentenceTransformerEmbedder:
    """A sentence-transformers model with its own tokenizer, length limit and prompts."""

    def __init__(self, model: SentenceTransformer, name: str, weights_sha256: str) -> None:
        self._model = model
        self._document_prompt = _prompt(model, DOCUMENT_PROMPTS)
        self._query_prompt = _prompt(model, QUERY_PROMPTS)
        self._max_tokens = min(int(model.max_seq_length or LONGEST), LONGEST)
        self._fingerprint = fingerprint_of(name, weights_sha256, self.embed_query(PROBE_SENTENCE))

    @classmethod
    def load(cls, model: str) -> SentenceTransformerEmbedder:
        """The model at a path or of a hub name. Raises AttestError where there is none that loads without code of
        its own, and where a library is missing that runs it."""
        try:
            import transformers
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise AttestError(
                f"The embedding model {model!r} cannot be run ({error}). {install_libraries()}"
            ) from error

        quiet: Any = transformers.utils.logging
        quiet.disable_progress_bar()
        try:
            look_for(model)
            loaded = SentenceTransformer(model, trust_remote_code=False, device="cpu")
        except Exception as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise AttestError(
                f"The embedding model {model!r} cannot be loaded ({reason}). Name a sentence-transformers model that "
                "is on this machine or can be downloaded, or leave the default."
            ) from error
        return cls(loaded, model, _weights_sha256(loaded))

    @property
    def fingerprint(self) -> Fingerprint:
        return self._fingerprint

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        prompted = [self._document_prompt + text for text in texts]
        return [len(ids) for ids in self._model.tokenizer(prompted, truncation=False, verbose=False)["input_ids"]]

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        refuse_long(self.count_tokens(texts), self._max_tokens, texts)
        parts = [np.zeros((0, self._fingerprint.dimension), dtype=np.float32)]
        for start in range(0, len(texts), BATCH):
            parts.append(self._encode([self._document_prompt + text for text in texts[start : start + BATCH]]))
            if progress:
                progress(min(start + BATCH, len(texts)))
        return np.concatenate(parts)

    def embed_passages(
        self, passages: Sequence[Readable], progress: Progress | None = None, kept: Kept | None = None
    ) -> list[NDArray[np.float32]]:
        """As `Embedder.embed_passages`; each sentence is read alone, and nothing is kept."""
        rows = []
        for done, passage in enumerate(passages, 1):
            rows.append(self.embed(texts_to_embed(passage)))
            if progress:
                progress(done)
        return rows

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return np.asarray(self._encode([self._query_prompt + text])[0], dtype=np.float32)

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        rows = self._model.encode(texts, prompt="", batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
        return unit_rows(np.asarray(rows, dtype=np.float32))


def _prompt(model: SentenceTransformer, names: Sequence[str]) -> str:
    prompts: dict[str, str] = getattr(model, "prompts", None) or {}
    return next((prompts[name] for name in names if prompts.get(name)), "")


def _weights_sha256(model: SentenceTransformer) -> str:
    """SHA-256 over the names and values of all parameters, in the order of their names."""
    import torch

    digest = hashlib.sha256()
    state: dict[str, Any] = model.state_dict()
    for name in sorted(state):
        digest.update(name.encode("utf-8"))
        digest.update(state[name].detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
