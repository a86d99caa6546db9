"""Reads a question and passages together, through ONNX Runtime: where in each passage the answer would be, and
whether it is one.

The network file is made once, from the MiniLM weights and the trained difference in `reader.safetensors`, into the
cache directory. One load per process; the same call gives the same numbers.
But: nothing here decides what is shown.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from vectorstore.errors import AttestError
from vectorstore.minilm import cache_directory, model_directory, open_session

WEIGHTS = Path(__file__).with_name("reader.safetensors")
MAX_TOKENS = 384
LONGEST_SPAN = 30
TOKENS_PER_RUN = 2048


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the reader says of one passage for one question, in logits.

    `relevance`: is this the place; `answers`: does it answer; `null`: the score of "no answer here", to be compared
    with a span's. `offsets` (n, 2), `starts` (n,), `ends` (n,): the passage's tokens in characters, and how well an
    answer starts or ends there.
    """

    relevance: float
    answers: float
    null: float
    offsets: NDArray[np.int64]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]

    def best_span(self, start: int, end: int) -> tuple[float, int, int]:
        """The best answer within the characters start..end: its score above "no answer here", and its offsets.
        Minus infinity where no token lies inside."""
        inside = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end))
        if not len(inside):
            return float("-inf"), start, start
        first, last = int(inside[0]), int(inside[-1]) + 1
        sums = self.starts[first:last, None] + self.ends[None, first:last]
        size = last - first
        steps = np.arange(size)[None, :] - np.arange(size)[:, None]
        sums = np.where((steps >= 0) & (steps < LONGEST_SPAN), sums, -np.inf)
        a, b = np.unravel_index(int(np.argmax(sums)), sums.shape)
        score = float(sums[a, b]) - self.null
        return round(score, 5), int(self.offsets[first + a, 0]), int(self.offsets[first + b, 1])


class Reader:
    """The loaded reader; safe to call from several threads."""

    def __init__(self, network: Path, tokenizer_file: Path) -> None:
        self._session = open_session(network)
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")

    def read(self, question: str, texts: Sequence[str]) -> list[Judgement]:
        """One judgement a text, in order. A text past 384 tokens with its question is read up to there."""
        encodings = [self._tokenizer.encode(question, text) for text in texts]
        order = sorted(range(len(texts)), key=lambda i: (len(encodings[i].ids), i))
        out: list[Judgement | None] = [None] * len(texts)
        while order:
            batch = [order.pop()]
            longest = len(encodings[batch[0]].ids)
            while order and (len(batch) + 1) * longest <= TOKENS_PER_RUN:
                batch.append(order.pop())
            ids, types, mask = (np.zeros((len(batch), longest), dtype=np.int64) for _ in range(3))
            for row, i in enumerate(batch):
                size = len(encodings[i].ids)
                ids[row, :size], types[row, :size], mask[row, :size] = encodings[i].ids, encodings[i].type_ids, 1
            span, relevance, answers = self._session.run(None, {"ids": ids, "types": types, "mask": mask})
            for row, i in enumerate(batch):
                size = len(encodings[i].ids)
                kept = np.flatnonzero(types[row, : size - 1] == 1)
                out[i] = Judgement(
                    relevance=round(float(relevance[row]), 5),
                    answers=round(float(answers[row]), 5),
                    null=float(span[row, 0].sum()),
                    offsets=np.array([encodings[i].offsets[k] for k in kept], dtype=np.int64).reshape(-1, 2),
                    starts=span[row, kept, 0],
                    ends=span[row, kept, 1],
                )
        return [judgement for judgement in out if judgement is not None]


def load_reader() -> Reader:
    """The reader that ships with attest. Raises AttestError where its network cannot be made."""
    digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    target = cache_directory() / f"reader-{digest[:16]}.onnx"
    if not target.exists():
        _export(target)
    return Reader(target, model_directory() / "tokenizer.json")


def _export(target: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    command = [sys.executable, "-m", "assistant.reader.export_onnx", str(model_directory()), str(WEIGHTS), str(target)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not target.exists():
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise AttestError(f"The reader could not be prepared ({reason}). Run: make setup")
