"""The words of a sentence that is checked: those that carry content, and what each counts.

But: how well the source holds them is said in `told.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.check.wording.frames import frames_in
from assistant.reader.runtime import Reader
from assistant.understanding.question import WORD, normal, stem
from vectorstore.english import word_set
from vectorstore.folding import folded
from vectorstore.search.lexical import STOP_WORDS
from vectorstore.types import Span

_EMPTY = STOP_WORDS | word_set(
    """no not never nor none cannot may might must shall ought let us me am being got get gets getting gotten
    upon onto within without among amongst towards toward despite via per amid besides
    although though however therefore thus hence moreover furthermore meanwhile nevertheless nonetheless whereas whereby
    since whether either neither yet else instead additionally consequently accordingly likewise namely
    indeed actually really quite rather very simply merely basically essentially
    would could should us one ones something someone somebody anything anyone everything everyone
    whose whom whatever whichever whoever wherever whenever
    take takes took taken taking make makes made making give gives gave given giving put puts putting
    become becomes became becoming go goes went gone going come comes came coming bring brings brought bringing
    keep keeps kept keeping happen happens happened happening occur occurs occurred occurring
    seem seems seemed use uses used using like also even still way ways thing things kind sort fact
    called known namely including include includes included due able several certain
    regarding concerning"""
)
"""Words that carry nothing that a source would have to say: small words, linking words, verbs and nouns that lean on
others ("made a decision", "took place")."""
_CONTRACTED = re.compile(r"n['’]t$")


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """The content words of a sentence, in order: `spans` in its text, `stems`, and what each counts, in all 1. `codes`:
    one array of the reader's codes (tokens, MATCHED) a word, empty for one behind what it reads."""

    text: str
    spans: tuple[Span, ...]
    stems: tuple[str, ...]
    counts: NDArray[np.float64]
    codes: tuple[NDArray[np.float32], ...]

    @property
    def named(self) -> tuple[bool, ...]:
        """Of each word whether it is a figure, or has a capital within the sentence."""
        opens = len(self.text) - len(self.text.lstrip())
        return tuple(self.text[a].isdigit() or (self.text[a].isupper() and a > opens) for a, _ in self.spans)

    def word(self, number: int) -> str:
        """The word as it stands."""
        return self.text[slice(*self.spans[number])]


def claim_words(said: str, reader: Reader) -> ClaimWords:
    """The content words of a sentence without its frames. What a word counts is what the reader has learned that it
    counts in a question."""
    read = reader.encoder.asked_words(said)
    frames = frames_in(said, possible=True)
    spans = [m.span() for m in WORD.finditer(said) if carries(m.group())]
    spans = [(a, b) for a, b in spans if not any(start <= a and b <= end for start, end in frames)]
    counts, codes = [], []
    for start, end in spans:
        inside = (read.spans[:, 0] < end) & (read.spans[:, 1] > start)
        counts.append(float(read.counts[inside].sum()))
        codes.append(read.codes[inside])
    usual = float(np.mean([c for c in counts if c] or [1.0]))
    weights = np.array([c or usual for c in counts], dtype=np.float64)
    stems = tuple(stem(folded(said[a:b])) for a, b in spans)
    return ClaimWords(said, tuple(spans), stems, weights / max(float(weights.sum()), 1e-9), tuple(codes))


def carries(word: str) -> bool:
    """Whether a word carries content; words that deny are compared elsewhere."""
    plain = normal(word)
    return plain not in _EMPTY and not _CONTRACTED.search(plain) and (len(plain) > 1 or plain.isdigit())
