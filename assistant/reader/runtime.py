"""Reads a question and passages together, through ONNX Runtime: where in each passage the answer would be, and
whether it is one.

The network file is made once, from the published network (`base`) and the trained difference in
`reader.safetensors.xz`, into the
cache directory (`vectorstore.embedding.derived`). One load per process; the same call gives the same numbers.
But: nothing here decides what is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.reader.base import check_base
from vectorstore.disk.packaged import packaged, published_sha256
from vectorstore.embedding.derived import Recipe, open_network
from vectorstore.embedding.embedder import available_cpus
from vectorstore.embedding.minilm import session_of
from vectorstore.folding import folded, folded_places

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).with_name("reader.safetensors.xz")
MAX_TOKENS, MAX_QUESTION, MAX_HEADING = 384, 62, 24
START, END = 0, 2
"""The tokens that open and close a text."""
OUTPUTS = ["starts", "ends", "judged", "sentence"]
LONGEST_SPAN = 30
REMEMBERED = 4096
"""Judgements kept: a question asked again, and the rounds of a conversation, share passages."""

QUESTION, TEXT, KNOWN_ANSWER = "When was the pier opened?", "The pier was opened in 1887 by Ada Reyes.", "1887"
"""What a network has to find before it is used."""
ROOM = 1_300_000_000

LEAST_MASS = 1e-4
"""What a stretch without a likely token counts as holding, so that its logarithm stays finite."""


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
    belongs: NDArray[np.float32]

    def belonging(self, start: int, end: int) -> float:
        """How well the sentence start..end belongs into the answer, in logits: the mean of its tokens, as the head was
        taught. Minus ten where no token lies inside."""
        inside = (self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end)
        return round(float(self.belongs[inside].mean()), 5) if inside.any() else -10.0

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

    def masses(self, stretches: Sequence[tuple[int, int]]) -> list[float]:
        """For each stretch of characters how likely the answer starts and ends in it, if the passage holds one: the sum
        of two log-probabilities, near 0 at most. Unlike the best span, it adds up the ways to phrase a long answer."""
        if not len(self.offsets):
            return [2 * math.log(LEAST_MASS)] * len(stretches)
        sums = [np.concatenate([[0.0], np.cumsum(_softmax(scores))]) for scores in (self.starts, self.ends)]
        lefts, rights = self.offsets[:, 0], self.offsets[:, 1]
        out = []
        for start, end in stretches:
            first, last = int(np.searchsorted(lefts, start)), int(np.searchsorted(rights, end, side="right"))
            held = (max(0.0, float(each[max(first, last)] - each[first])) for each in sums)
            out.append(round(sum(math.log(share + LEAST_MASS) for share in held), 5))
        return out


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    exponentials = np.exp(scores.astype(np.float64) - float(scores.max()))
    return np.asarray(exponentials / exponentials.sum())


def mean(judgements: Sequence[Judgement]) -> Judgement:
    """What is said of one passage for several wordings of one question, each number their mean. Where a long wording
    left less room for the passage, as far as all were read."""
    if len(judgements) == 1:
        return judgements[0]
    shortest = min(judgements, key=lambda judgement: len(judgement.offsets))
    size = len(shortest.offsets)

    def over(numbers: Iterable[float]) -> float:
        return round(float(np.mean(list(numbers))), 5)

    return Judgement(
        relevance=over(j.relevance for j in judgements),
        answers=over(j.answers for j in judgements),
        null=over(j.null for j in judgements),
        offsets=shortest.offsets,
        starts=np.mean([j.starts[:size] for j in judgements], axis=0),
        ends=np.mean([j.ends[:size] for j in judgements], axis=0),
        belongs=np.mean([j.belongs[:size] for j in judgements], axis=0),
    )


class Reader:
    """The loaded reader; safe to call from several threads. `remembered`: how many judgements it keeps, None for all.

    Each passage is a run of its own: the scales of 8-bit activations are taken over a run, so that in a batch what is
    said of one passage would depend on the others. A run keeps to one processor, and as many are read at a time as
    there are processors: one run over two of them costs twice the work of two runs.
    """

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, *, remembered: int | None = REMEMBERED
    ) -> None:
        self._session = session
        self._pool = ThreadPoolExecutor(available_cpus(), thread_name_prefix="reader")
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._remembered = lru_cache(maxsize=remembered)(self._judge)

    def read(self, question: str, texts: Sequence[str], headings: Sequence[str] | None = None) -> list[Judgement]:
        """One judgement a text, in order, each read under its heading. A text past MAX_TOKENS is read up to there."""
        return self.read_as([question], texts, headings)

    def read_as(
        self, wordings: Sequence[str], texts: Sequence[str], headings: Sequence[str] | None = None
    ) -> list[Judgement]:
        """One judgement a text, in order, each the mean over the wordings of the question."""
        under = list(zip(texts, headings or [""] * len(texts), strict=True))
        runs = [(wording, text, heading) for wording, (text, heading) in product(wordings, under)]
        said = list(self._pool.map(lambda run: self._remembered(*run), runs))
        return [mean(said[n :: len(texts)]) for n in range(len(texts))]

    def _ids(self, text: str) -> list[int]:
        return self._tokenizer.encode(folded(text), add_special_tokens=False).ids

    def _judge(self, question: str, text: str, heading: str) -> Judgement:
        text, places = folded_places(text)
        asked = self._ids(question)[:MAX_QUESTION]
        head = [*self._ids(heading)[:MAX_HEADING], END, END] if heading else []
        told = self._tokenizer.encode(text, add_special_tokens=False)
        room = MAX_TOKENS - len(asked) - len(head)
        ids, offsets = told.ids[:room], told.offsets[:room]
        if places is not None:
            offsets = [(places[a], places[b - 1] + 1) for a, b in offsets]
        first = 1 + len(head)
        passage = [START, *head, *ids, END]
        q, p = np.array([[START, *asked, END]], dtype=np.int64), np.array([passage], dtype=np.int64)
        starts, ends, judged, belongs = self._session.run(OUTPUTS, {"question": q, "passage": p})
        kept = slice(first, first + len(ids))
        return Judgement(
            relevance=round(float(judged[0, 0]), 5),
            answers=round(float(judged[0, 1]), 5),
            null=float(starts[0, 0] + ends[0, 0]),
            offsets=np.array(offsets, dtype=np.int64).reshape(-1, 2),
            starts=starts[0, 1:][kept],
            ends=ends[0, 1:][kept],
            belongs=belongs[0, kept],
        )


def load_reader(*, remembered: int | None = REMEMBERED) -> Reader:
    """The reader that ships with attest; `remembered`: how many judgements it keeps, None for all. Raises AttestError
    where a packaged file that it needs is damaged, and what `open_network` raises."""

    def load(file: Path) -> Reader:
        from tokenizers import Tokenizer

        session = session_of(file, threads=1)
        tokenizer = Tokenizer.from_str(session.get_modelmeta().custom_metadata_map["tokenizer"])
        reader = Reader(session, tokenizer, remembered=remembered)
        (judgement,) = reader.read(QUESTION, [TEXT])
        _, start, end = judgement.best_span(0, len(TEXT))
        if judgement.answers <= 0 or TEXT[start:end] != KNOWN_ANSWER:
            raise ValueError("it does not find what the trained reader finds")
        return reader

    return open_network(network(), load)


def network() -> Recipe:
    """How the network is made: from the published one and the trained difference."""

    def check() -> None:
        check_base()
        packaged(WEIGHTS)

    return Recipe(
        "The reader",
        f"reader-{published_sha256(WEIGHTS)[:16]}-int8",
        "assistant.reader.export_onnx",
        (str(WEIGHTS),),
        ROOM,
        check,
    )
