"""Reads a question and passages together: where in each passage the answer would be, and whether it is one.

These are the upper layers of attest's network, through ONNX Runtime; what the lower ones make of either alone comes
from the encoder (`vectorstore.embedding.encoder`). The same call gives the same numbers, whether states were kept or
not.
But: nothing here decides what is shown.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reader.judgement import Judgement, mean
from vectorstore.embedded_text import Told
from vectorstore.embedding.derived import open_network
from vectorstore.embedding.encoder import Asked, Encoder, Tokens, load_encoder, network, session_of
from vectorstore.embedding.states import States

if TYPE_CHECKING:
    import onnxruntime

OUTPUTS = ["starts", "ends", "judged", "sentence"]
REMEMBERED = 4096
"""Judgements kept: a question asked again, and the rounds of a conversation, share passages."""
QUESTION, TEXT, KNOWN_ANSWER = "When was the pier opened?", "The pier was opened in 1887 by Ada Reyes.", "1887"
"""What a network has to find before it is used."""
NEEDED = -2.0
"""From which logit on a word of the conversation is taken to be needed; of -2, -1 and 0 the one that answered most
follow-ups of the tuning parts."""
_WORD = re.compile(r"\w+(?:[-’']\w+)*")


class Reader:
    """The loaded reader, with the `encoder` that it reads with; safe to call from several threads. `remembered`: how
    many judgements it keeps, None for all. Each passage is a run of its own, as in the encoder."""

    def __init__(
        self, encoder: Encoder, upper: onnxruntime.InferenceSession, *, remembered: int | None = REMEMBERED
    ) -> None:
        self.encoder = encoder
        self._upper = upper
        self._judgements: OrderedDict[tuple[str, str, str], Judgement] = OrderedDict()
        self._most = remembered
        self._lock = threading.Lock()

    def read(self, question: str, texts: Sequence[str]) -> list[Judgement]:
        """One judgement a text, in order. A text past MAX_TOKENS is read up to there."""
        return self.read_as([question], [Told(text) for text in texts])

    def read_as(
        self, wordings: Sequence[str], texts: Sequence[Told], states: Mapping[Told, States] | None = None
    ) -> list[Judgement]:
        """One judgement a text, in order, each the mean over the wordings of the question. `states`: what
        `Encoder.states` gave for these texts."""
        runs = [(wording, told, (states or {}).get(told)) for wording, told in product(wordings, texts)]
        said = list(self.encoder.pool.map(lambda run: self._judged(*run), runs))
        return [mean(said[n :: len(texts)]) for n in range(len(texts))]

    def needed(self, question: str, said: str) -> list[str]:
        """The words of what was said before that a question needs to be understood, in their order, each once, by
        the head that learned it from people's rewritings."""
        told = Told(said)
        tokens = self.encoder.tokens(told)
        feeds = {"question": self.encoder.asked(question).states, "codes": self.encoder.told(told).codes()[None]}
        (needed,) = self._upper.run(["needed"], feeds)
        likely = needed[0, tokens.first : tokens.first + len(tokens.offsets)] > NEEDED
        found: dict[str, str] = {}
        for match in _WORD.finditer(said):
            inside = tokens.between(*match.span())
            if inside.any() and likely[inside].any():
                found.setdefault(match.group().casefold(), match.group())
        return list(found.values())

    def entailment(
        self, claims: Sequence[str], texts: Sequence[Told], states: Mapping[Told, States] | None = None
    ) -> list[list[tuple[float, float, float]]]:
        """For each claim what each text says of it, in logits: that it supports the claim, contradicts it, or does
        neither. A claim is read up to MAX_QUESTION tokens."""
        runs = [(claim, told, (states or {}).get(told)) for claim, told in product(claims, texts)]
        said = list(self.encoder.pool.map(lambda run: self._entails(*run), runs))
        return [said[n : n + len(texts)] for n in range(0, len(said), len(texts) or 1)]

    def entailed(self, pairs: Sequence[tuple[str, Told, States | None]]) -> Iterator[tuple[float, float, float]]:
        """What `entailment` gives, for a claim and a text each; `States` as `Encoder.states` gave them, or a part of
        them. All are begun at once, and each is waited for where it is taken."""
        return self.encoder.pool.map(lambda pair: self._entails(*pair), pairs)

    def _entails(self, claim: str, told: Told, states: States | None) -> tuple[float, float, float]:
        codes = (states or self.encoder.told(told)).codes()[None]
        (support,) = self._upper.run(["support"], {"question": self.encoder.asked(claim).states, "codes": codes})
        supported, contradicted, neither = (round(float(logit), 5) for logit in support[0])
        return supported, contradicted, neither

    def _judged(self, question: str, told: Told, states: States | None) -> Judgement:
        key = (question, told.text, told.heading)
        with self._lock:
            known = self._judgements.get(key)
            if known is not None:
                self._judgements.move_to_end(key)
                return known
        judgement = self._judge(
            self.encoder.asked(question), self.encoder.tokens(told), states or self.encoder.told(told)
        )
        with self._lock:
            self._judgements[key] = judgement
            while self._most is not None and len(self._judgements) > self._most:
                self._judgements.popitem(last=False)
        return judgement

    def _judge(self, asked: Asked, tokens: Tokens, states: States) -> Judgement:
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
    encoder = load_encoder()

    def load(file: Path) -> Reader:
        reader = Reader(encoder, session_of(file), remembered=remembered)
        (judgement,) = reader.read(QUESTION, [TEXT])
        reader.needed(QUESTION, TEXT)  # both raise where the file is of an attest that did not ask for it
        reader.entailment([TEXT], [Told(TEXT)])
        _, start, end = judgement.best_span(0, len(TEXT))
        if judgement.answers <= 0 or TEXT[start:end] != KNOWN_ANSWER:
            raise ValueError("it does not find what the trained reader finds")
        return reader

    return open_network(network("upper"), load)
