"""Reads a text alone through ONNX Runtime: what each of its words means where it stands, whatever will be asked of it.

These are the lower layers of attest's network. What they make of a passage (`States`) finds it, by the nearest words
(`Encoder.nearness`; Khattab and Zaharia 2020) and by the means of its words (`pooled`), and is what the reader reads
with a question; it is kept where there is something to keep it in. The network files are made once, from the published
network (`network.base`) and the trained difference (WEIGHTS), into the cache directory (`derived`). The same call gives
the same numbers, whether states were kept or not.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from vectorstore.disk.packaged import packaged, published_sha256
from vectorstore.embedded_text import Told
from vectorstore.embedding.derived import Recipe, network_files, open_network
from vectorstore.embedding.embedder import available_cpus
from vectorstore.embedding.network.base import check_base
from vectorstore.embedding.states import MATCHED, Kept, States, read_stored, states_of
from vectorstore.folding import folded, folded_places
from vectorstore.types import Span

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).parent / "network" / "weights.safetensors.gz"
FORM = "int8-apart"
"""How the network files are written; another name where `export_onnx` writes other numbers."""
SLOWER = ("SkipLayerNormFusion",)
"""Optimisers that make it slower: the norm with the addition before it takes four times what the two take apart."""
MAX_TOKENS, MAX_QUESTION, MAX_HEADING = 320, 62, 24
"""How much is read of a passage under its heading, of a question, and of a heading."""
START, END = 0, 2
"""The tokens that open and close a text."""
QUESTION_SIDE, PASSAGE_SIDE = 0, 1
AT_A_TIME = 32
"""Passages made and kept in one go."""
REMEMBERED_QUESTIONS, REMEMBERED_TEXTS = 256, 1024
REMEMBERED_STATES = 64
"""Of passages: one that comes again and again is read once. Each takes a tenth of a megabyte."""
QUESTION, NEAR, FAR = "When was the pier opened?", "The jetty was built in 1887.", "Cats sleep all day."
"""Of two texts the one that is nearer to the question, which a network has to find before it is used."""
ROOM = 900_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text as they are compared, a token each: `spans` (n, 2) in its characters, `codes` (n, MATCHED) of
    length 1, and `counts` (n,), what each counts of a question, in all 1; empty where it is a passage."""

    spans: NDArray[np.int64]
    codes: NDArray[np.float32]
    counts: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as it is read: `ids` with its heading; `first`: where the text itself begins; `offsets` (n, 2) of its
    tokens in characters; `whole`: whether it is read to its end."""

    ids: tuple[int, ...]
    first: int
    offsets: NDArray[np.int64]
    whole: bool

    def between(self, start: int, end: int) -> NDArray[np.bool_]:
        """(n,): which of the text's tokens touch these characters."""
        return np.asarray((self.offsets[:, 0] < end) & (self.offsets[:, 1] > start))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's states (1, q, width), its words (w, MATCHED), of length 1, with what each counts (w,), and the mean
    of its codes by that (width,)."""

    states: NDArray[np.float32]
    words: NDArray[np.float32]
    counts: NDArray[np.float32]
    mean: NDArray[np.float32]


class Encoder:
    """The loaded lower half; safe to call from several threads. Each text is a run of its own on one processor, and as
    many are read at a time as there are processors: the scales of 8-bit activations are taken over a run, so that in a
    batch what is said of one text would depend on the others, and one run over two processors costs twice the work."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        from tokenizers import Tokenizer

        self.pool = ThreadPoolExecutor(available_cpus(), thread_name_prefix="reader")
        self.network = published_sha256(WEIGHTS) + FORM
        self._session = session
        self._tokenizer: Tokenizer = Tokenizer.from_str(session.get_modelmeta().custom_metadata_map["tokenizer"])
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.tokens = lru_cache(REMEMBERED_TEXTS)(self._tokenized)
        self.asked = lru_cache(REMEMBERED_QUESTIONS)(self._understood)
        self._told_in_tokens = lru_cache(REMEMBERED_STATES)(self._read_tokens)
        self._asked_in_tokens = lru_cache(REMEMBERED_QUESTIONS)(self._read_question)

    @cached_property
    def weights_sha256(self) -> str:
        """What tells this network from others, in the form in which it is written."""
        return hashlib.sha256(self.network.encode("ascii")).hexdigest()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, with those that open and close it, nothing cut."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch_fast([folded(text) for text in texts])]

    def states(
        self, texts: Sequence[Told], kept: Kept | None = None, each: Callable[[], object] | None = None
    ) -> dict[Told, States]:
        """What the lower layers make of these texts: as it is kept, or made, and then kept. `each` is called after
        every text that is made, and may raise, to stop."""
        found: dict[Told, States] = {}
        named = {told.name: told for told in texts if told.name}
        for name, stored in (kept.get(list(named)) if kept else {}).items():
            known = read_stored(stored, self.made_from(named[name]))
            if known is not None:
                found[named[name]] = known
        missing = [told for told in dict.fromkeys(texts) if told not in found]
        for start in range(0, len(missing), AT_A_TIME):
            some = missing[start : start + AT_A_TIME]
            fresh = {}
            for told, made in zip(some, self.pool.map(self.told, some), strict=True):
                found[told] = made
                if told.name:
                    fresh[told.name] = made.stored(self.made_from(told))
                if each:
                    each()
            if kept:
                kept.put(fresh)
        return found

    def told(self, told: Told) -> States:
        """What the lower layers make of one text."""
        return self._told_in_tokens(self.tokens(told).ids)

    def made_from(self, told: Told) -> bytes:
        """What tells the states of this text from others: the network, the text and its heading."""
        return "\x1f".join((self.network, told.heading, told.text)).encode("utf-8", "surrogatepass")

    def nearness(self, wordings: Sequence[str], states: Sequence[States]) -> list[float]:
        """For each text how near its words are to the question's: each word of the question by the nearest of the text,
        weighed, -1 to 1; the mean over the wordings."""
        asked = [self.asked(wording) for wording in wordings]
        out = []
        for one in states:
            words = one.words()
            near = [float((a.words @ words.T).max(axis=1) @ a.counts) for a in asked]
            out.append(round(float(np.mean(near)), 5))
        return out

    def asked_words(self, question: str) -> Words:
        """The words of a question or claim, up to MAX_QUESTION tokens."""
        asked = self.asked(question)
        spans = self.tokens(Told(question)).offsets[: len(asked.words)]
        return Words(spans, asked.words[: len(spans)], asked.counts[: len(spans)])

    def told_words(self, told: Told, states: States) -> Words:
        """The words of a text that was read, without those of its heading."""
        tokens = self.tokens(told)
        kept = slice(tokens.first, tokens.first + len(tokens.offsets))
        return Words(tokens.offsets, states.words()[kept], np.zeros(0, dtype=np.float32))

    def part(self, told: Told, states: States, parts: Sequence[Span]) -> States:
        """Of the states of a text those of some stretches of it, in characters, as a text of their own: each word as it
        was understood in the whole."""
        tokens = self.tokens(told)
        inside = np.zeros(len(tokens.offsets), dtype=bool)
        for start, end in parts:
            inside |= tokens.between(start, end)
        rows = [0, *(tokens.first + np.flatnonzero(inside)).tolist(), len(states.levels) - 1]
        return States(states.levels[rows], states.scales[rows])

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(folded(text), add_special_tokens=False).ids
        return found

    def _tokenized(self, told: Told) -> Tokens:
        text, places = folded_places(told.text)
        head = [*self._ids(told.heading)[:MAX_HEADING], END, END] if told.heading else []
        read = self._tokenizer.encode(text, add_special_tokens=False)
        room = MAX_TOKENS - len(head)
        ids, offsets = read.ids[:room], read.offsets[:room]
        if places is not None:
            offsets = [(places[a], places[b - 1] + 1) for a, b in offsets]
        spans = np.array(offsets, dtype=np.int64).reshape(-1, 2)
        return Tokens((START, *head, *ids, END), 1 + len(head), spans, len(read.ids) <= room)

    def _run(self, ids: Sequence[int], side: int, outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        feeds = {"ids": np.array([ids], dtype=np.int64), "side": np.array([side], dtype=np.int64)}
        found: list[NDArray[np.float32]] = self._session.run(list(outputs), feeds)
        return found

    def _understood(self, question: str) -> Asked:
        return self._asked_in_tokens((START, *self._ids(question)[:MAX_QUESTION], END))

    def _read_question(self, ids: tuple[int, ...]) -> Asked:
        states, codes, importance = self._run(ids, QUESTION_SIDE, ["states", "codes", "importance"])
        rows, counts = codes[0, 1:-1], importance[0, 1:-1]
        matched = rows[:, :MATCHED]
        words = matched / np.maximum(np.linalg.norm(matched, axis=1, keepdims=True), 1e-6)
        counts = counts / max(float(counts.sum()), 1e-6)
        return Asked(states, words, counts, counts @ rows)

    def _read_tokens(self, ids: tuple[int, ...]) -> States:
        (codes,) = self._run(ids, PASSAGE_SIDE, ["codes"])
        return states_of(codes[0])


_sessions: WeakValueDictionary[tuple[object, ...], onnxruntime.InferenceSession] = WeakValueDictionary()
_encoders: WeakValueDictionary[tuple[object, ...], Encoder] = WeakValueDictionary()
_opening = threading.Lock()


def load_encoder() -> Encoder:
    """The encoder, one for all of this process that use the same file. Raises AttestError where a packaged file that it
    needs is damaged, and what `open_network` raises."""
    recipe = network("lower")
    for file in network_files(recipe):
        with contextlib.suppress(OSError, KeyError):
            return _encoders[_content(file)]  # it was checked when it was loaded, and nobody has touched it since

    def load(file: Path) -> Encoder:
        encoder = Encoder(session_of(file))
        states = encoder.states([Told(NEAR), Told(FAR)])
        near, far = encoder.nearness([QUESTION], [states[Told(NEAR)], states[Told(FAR)]])
        if not near > far:
            raise ValueError("it does not find what the trained network finds")
        with _opening:
            return _encoders.setdefault(_content(file), encoder)

    return open_network(recipe, load)


def session_of(file: Path) -> onnxruntime.InferenceSession:
    """The network of a file, on one processor, shared by all of this process that use the same one: it takes much
    memory. Threads that wait for work sleep: awake, those of one network take a processor from the next."""
    import onnxruntime

    key = _content(file)
    with _opening:
        session = _sessions.get(key)
        if session is None:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 4
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            session = _sessions[key] = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(SLOWER)
            )
        return session


def _content(file: Path) -> tuple[object, ...]:
    """What tells whether a path still names the same content."""
    status = file.stat()
    return file, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def networks() -> list[Recipe]:
    """How both halves are made."""
    return [network("lower"), network("upper")]


def network(part: str) -> Recipe:
    """How a half, "lower" or "upper", is made: from the published network and the trained difference."""

    def check() -> None:
        check_base()
        packaged(WEIGHTS)

    return Recipe(
        "The reader",
        f"reader-{part}-{published_sha256(WEIGHTS)[:16]}-{FORM}",
        "vectorstore.embedding.network.export_onnx",
        (str(WEIGHTS), part),
        ROOM,
        check,
    )
