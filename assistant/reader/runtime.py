"""Reads a question and passages through ONNX Runtime: where in each passage the answer would be, whether it is one, and
how near its words are to the question's.

The lower layers read a passage once, whatever is asked of it (`states`); what they make of it is kept where there is
something to keep it in. The network files are made once, from the published network (`base`) and the trained
difference in `reader.safetensors.gz`, into the cache directory (`vectorstore.embedding.derived`). One load per
process; the same call gives the same numbers, whether states were kept or not.
But: nothing here decides what is shown.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from assistant.reader.judgement import Judgement, mean
from assistant.reader.network.base import check_base
from assistant.reader.states import MATCHED, Kept, States, read_stored, states_of
from vectorstore.disk.packaged import packaged, published_sha256
from vectorstore.embedding.derived import Recipe, open_network
from vectorstore.embedding.embedder import available_cpus
from vectorstore.embedding.minilm import session_of
from vectorstore.folding import folded, folded_places

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).with_name("reader.safetensors.gz")
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
OUTPUTS = ["starts", "ends", "judged", "sentence"]
REMEMBERED = 4096
"""Judgements kept: a question asked again, and the rounds of a conversation, share passages."""
REMEMBERED_QUESTIONS, REMEMBERED_TEXTS = 256, 1024
REMEMBERED_STATES = 64
"""Of passages that nothing else keeps; one takes a tenth of a megabyte."""

QUESTION, TEXT, KNOWN_ANSWER = "When was the pier opened?", "The pier was opened in 1887 by Ada Reyes.", "1887"
"""What a network has to find before it is used."""
ROOM = 900_000_000
NEEDED = -2.0
"""From which logit on a word of the conversation is taken to be needed; of -2, -1 and 0 the one that answered most
follow-ups of the tuning parts."""
_WORD = re.compile(r"\w+(?:[-’']\w+)*")


@dataclass(frozen=True, slots=True)
class Told:
    """A text to be read under its heading, and the name under which its states are kept, "" where they are not."""

    text: str
    heading: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text as they are compared, a token each: `spans` (n, 2) in its characters, `codes` (n, MATCHED) of
    length 1, and `counts` (n,), what each counts of a question, in all 1; empty where it is a passage."""

    spans: NDArray[np.int64]
    codes: NDArray[np.float32]
    counts: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A passage as it is read: `ids` with its heading; `first`: where the text itself begins; `offsets` (n, 2) of its
    tokens in characters."""

    ids: tuple[int, ...]
    first: int
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question's states (1, q, width), and its words (w, MATCHED), of length 1, with what each counts (w,)."""

    states: NDArray[np.float32]
    words: NDArray[np.float32]
    counts: NDArray[np.float32]


class Reader:
    """The loaded reader; safe to call from several threads. `remembered`: how many judgements it keeps, None for all.

    Each passage is a run of its own: the scales of 8-bit activations are taken over a run, so that in a batch what is
    said of one passage would depend on the others. A run keeps to one processor, and as many are read at a time as
    there are processors: one run over two of them costs twice the work of two runs.
    """

    def __init__(
        self,
        lower: onnxruntime.InferenceSession,
        upper: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        *,
        remembered: int | None = REMEMBERED,
    ) -> None:
        self._lower, self._upper = lower, upper
        self._pool = ThreadPoolExecutor(available_cpus(), thread_name_prefix="reader")
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._network = published_sha256(WEIGHTS) + FORM
        self._asked = lru_cache(REMEMBERED_QUESTIONS)(self._understood)
        self._asked_in_tokens = lru_cache(REMEMBERED_QUESTIONS)(self._read_question)
        self._told = lru_cache(REMEMBERED_STATES)(self._read_alone)
        self._tokens = lru_cache(REMEMBERED_TEXTS)(self._tokenized)
        self._judgements: OrderedDict[tuple[str, str, str], Judgement] = OrderedDict()
        self._most = remembered
        self._lock = threading.Lock()

    def read(self, question: str, texts: Sequence[str]) -> list[Judgement]:
        """One judgement a text, in order. A text past MAX_TOKENS is read up to there."""
        return self.read_as([question], [Told(text) for text in texts])

    def read_as(
        self, wordings: Sequence[str], texts: Sequence[Told], states: Mapping[Told, States] | None = None
    ) -> list[Judgement]:
        """One judgement a text, in order, each the mean over the wordings of the question. `states`: what `states` gave
        for these texts."""
        runs = [(wording, told, (states or {}).get(told)) for wording, told in product(wordings, texts)]
        said = list(self._pool.map(lambda run: self._judged(*run), runs))
        return [mean(said[n :: len(texts)]) for n in range(len(texts))]

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
            for told, made in zip(some, self._pool.map(self._read_alone, some), strict=True):
                found[told] = made
                if told.name:
                    fresh[told.name] = made.stored(self.made_from(told))
                if each:
                    each()
            if kept:
                kept.put(fresh)
        return found

    def made_from(self, told: Told) -> bytes:
        """What tells the states of this text from others: the network, the text and its heading."""
        return "\x1f".join((self._network, told.heading, told.text)).encode("utf-8", "surrogatepass")

    def nearness(self, wordings: Sequence[str], states: Sequence[States]) -> list[float]:
        """For each text how near its words are to the question's: each word of the question by the nearest of the text
        (Khattab and Zaharia 2020), weighed, -1 to 1; the mean over the wordings."""
        asked = [self._asked(wording) for wording in wordings]
        out = []
        for one in states:
            words = one.words()
            near = [float((a.words @ words.T).max(axis=1) @ a.counts) for a in asked]
            out.append(round(float(np.mean(near)), 5))
        return out

    def needed(self, question: str, said: str) -> list[str]:
        """The words of what was said before that a question needs to be understood, in their order, each once, by
        the head that learned it from people's rewritings."""
        told = Told(said)
        tokens = self._tokens(told)
        feeds = {"question": self._asked(question).states, "codes": self._told(told).codes()[None]}
        (needed,) = self._upper.run(["needed"], feeds)
        likely = needed[0, tokens.first : tokens.first + len(tokens.offsets)] > NEEDED
        found: dict[str, str] = {}
        for match in _WORD.finditer(said):
            inside = (tokens.offsets[:, 0] < match.end()) & (tokens.offsets[:, 1] > match.start())
            if inside.any() and likely[inside].any():
                found.setdefault(match.group().casefold(), match.group())
        return list(found.values())

    def entailment(
        self, claims: Sequence[str], texts: Sequence[Told], states: Mapping[Told, States] | None = None
    ) -> list[list[tuple[float, float, float]]]:
        """For each claim what each text says of it, in logits: that it supports the claim, contradicts it, or does
        neither. A claim is read up to MAX_QUESTION tokens."""
        runs = [(claim, told, (states or {}).get(told)) for claim, told in product(claims, texts)]
        said = list(self._pool.map(lambda run: self._entails(*run), runs))
        return [said[n : n + len(texts)] for n in range(0, len(said), len(texts) or 1)]

    def entailed(self, pairs: Sequence[tuple[str, Told, States | None]]) -> Iterator[tuple[float, float, float]]:
        """What `entailment` gives, for a claim and a text each; `States` as `states` gave them, or a part of them. All
        are begun at once, and each is waited for where it is taken."""
        return self._pool.map(lambda pair: self._entails(*pair), pairs)

    def asked_words(self, question: str) -> Words:
        """The words of a question or claim, up to MAX_QUESTION tokens."""
        asked = self._asked(question)
        spans = self._tokens(Told(question)).offsets[: len(asked.words)]
        return Words(spans, asked.words[: len(spans)], asked.counts[: len(spans)])

    def told_words(self, told: Told, states: States) -> Words:
        """The words of a text that was read, without those of its heading."""
        tokens = self._tokens(told)
        kept = slice(tokens.first, tokens.first + len(tokens.offsets))
        return Words(tokens.offsets, states.words()[kept], np.zeros(0, dtype=np.float32))

    def part(self, told: Told, states: States, parts: Sequence[tuple[int, int]]) -> States:
        """Of the states of a text those of some stretches of it, (start, end) in characters, as a text of their own:
        each word as it was understood in the whole."""
        tokens = self._tokens(told)
        starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
        inside = np.zeros(len(tokens.offsets), dtype=bool)
        for start, end in parts:
            inside |= (starts < end) & (ends > start)
        rows = [0, *(tokens.first + np.flatnonzero(inside)).tolist(), len(states.levels) - 1]
        return States(states.levels[rows], states.scales[rows])

    def _entails(self, claim: str, told: Told, states: States | None) -> tuple[float, float, float]:
        codes = (states or self._told(told)).codes()[None]
        (support,) = self._upper.run(["support"], {"question": self._asked(claim).states, "codes": codes})
        supported, contradicted, neither = (round(float(logit), 5) for logit in support[0])
        return supported, contradicted, neither

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(folded(text), add_special_tokens=False).ids
        return found

    def _tokenized(self, told: Told) -> _Tokens:
        text, places = folded_places(told.text)
        head = [*self._ids(told.heading)[:MAX_HEADING], END, END] if told.heading else []
        read = self._tokenizer.encode(text, add_special_tokens=False)
        room = MAX_TOKENS - len(head)
        ids, offsets = read.ids[:room], read.offsets[:room]
        if places is not None:
            offsets = [(places[a], places[b - 1] + 1) for a, b in offsets]
        whole = (START, *head, *ids, END)
        return _Tokens(whole, 1 + len(head), np.array(offsets, dtype=np.int64).reshape(-1, 2))

    def _run_lower(self, ids: Sequence[int], side: int, outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        feeds = {"ids": np.array([ids], dtype=np.int64), "side": np.array([side], dtype=np.int64)}
        found: list[NDArray[np.float32]] = self._lower.run(list(outputs), feeds)
        return found

    def _understood(self, question: str) -> _Asked:
        return self._asked_in_tokens((START, *self._ids(question)[:MAX_QUESTION], END))

    def _read_question(self, ids: tuple[int, ...]) -> _Asked:
        states, codes, importance = self._run_lower(ids, QUESTION_SIDE, ["states", "codes", "importance"])
        rows, counts = codes[0, 1:-1, :MATCHED], importance[0, 1:-1]
        words = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return _Asked(states, words, counts / max(float(counts.sum()), 1e-6))

    def _read_alone(self, told: Told) -> States:
        (codes,) = self._run_lower(self._tokens(told).ids, PASSAGE_SIDE, ["codes"])
        return states_of(codes[0])

    def _judged(self, question: str, told: Told, states: States | None) -> Judgement:
        key = (question, told.text, told.heading)
        with self._lock:
            known = self._judgements.get(key)
            if known is not None:
                self._judgements.move_to_end(key)
                return known
        judgement = self._judge(self._asked(question), self._tokens(told), states or self._told(told))
        with self._lock:
            self._judgements[key] = judgement
            while self._most is not None and len(self._judgements) > self._most:
                self._judgements.popitem(last=False)
        return judgement

    def _judge(self, asked: _Asked, tokens: _Tokens, states: States) -> Judgement:
        starts, ends, judged, belongs = self._upper.run(
            OUTPUTS, {"question": asked.states, "codes": states.codes()[None]}
        )
        kept = slice(tokens.first, tokens.first + len(tokens.offsets))
        return Judgement(
            relevance=round(float(judged[0, 0]), 5),
            answers=round(float(judged[0, 1]), 5),
            null=float(starts[0, 0] + ends[0, 0]),
            offsets=tokens.offsets,
            starts=starts[0, 1:][kept],
            ends=ends[0, 1:][kept],
            belongs=belongs[0, kept],
        )


def load_reader(*, remembered: int | None = REMEMBERED) -> Reader:
    """The reader that ships with attest; `remembered`: how many judgements it keeps, None for all. Raises AttestError
    where a packaged file that it needs is damaged, and what `open_network` raises."""
    lower = open_network(network("lower"), _lower)

    def load(file: Path) -> Reader:
        from tokenizers import Tokenizer

        upper = _session(file)
        tokenizer = Tokenizer.from_str(upper.get_modelmeta().custom_metadata_map["tokenizer"])
        reader = Reader(lower, upper, tokenizer, remembered=remembered)
        (judgement,) = reader.read(QUESTION, [TEXT])
        reader.needed(QUESTION, TEXT)  # both raise where the file is of an attest that did not ask for it
        reader.entailment([TEXT], [Told(TEXT)])
        _, start, end = judgement.best_span(0, len(TEXT))
        if judgement.answers <= 0 or TEXT[start:end] != KNOWN_ANSWER:
            raise ValueError("it does not find what the trained reader finds")
        return reader

    return open_network(network("upper"), load)


def _lower(file: Path) -> onnxruntime.InferenceSession:
    """Raises where it does not give what `Reader` asks of it; whether that is right shows when both halves are open."""
    session = _session(file)
    feeds = {"ids": np.array([[START, END]], dtype=np.int64), "side": np.array([QUESTION_SIDE], dtype=np.int64)}
    session.run(["states", "codes", "importance"], feeds)
    return session


_sessions: WeakValueDictionary[tuple[object, ...], onnxruntime.InferenceSession] = WeakValueDictionary()
_opening = threading.Lock()


def _session(file: Path) -> onnxruntime.InferenceSession:
    """The network of a file, shared by all readers of this process that use the same one: it takes much memory."""
    status = file.stat()
    key = (file, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    with _opening:
        session = _sessions.get(key)
        if session is None:
            session = _sessions[key] = session_of(file, threads=1, without=SLOWER)
        return session


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
        "assistant.reader.network.export_onnx",
        (str(WEIGHTS), part),
        ROOM,
        check,
    )
