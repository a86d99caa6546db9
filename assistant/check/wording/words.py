"""The words of a sentence that is checked, and how well a stretch of the source holds each of them: by its stem, in
another spelling, or by a word of like meaning (the reader's codes).

But: whether enough is held is decided in `verdict.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.check.wording.frames import frames_in
from assistant.reader.runtime import Reader, Words
from assistant.understanding.question import WORD, normal, stem
from vectorstore.embedded_text import Reading
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
ALIKE_FROM, ALIKE_TO = 0.45, 0.95
"""Cosines of two words' codes that count as 0 and as nearly held."""
BY_MEANING, BY_SPELLING, BY_HEADING = 0.9, 0.95, 0.85
"""The most that a word counts which is held in other letters, or only by the title or heading that a sentence stands
under."""
SHORTEST_MISSPELT = 5


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
    read = reader.asked_words(said)
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


def held_by(words: ClaimWords, reading: Reading, told: Words, heading: str = "") -> NDArray[np.float64]:
    """Of each word (rows) how well each sentence (columns) of a passage as it was read holds it, 0 to 1. `heading`:
    what the passage stands under."""
    above = told_stems(heading)
    found = np.zeros((len(words.spans), len(reading.spans)))
    sentences = [told_stems(reading.text[a:b]) for a, b in reading.spans]
    starts, ends = told.spans[:, 0], told.spans[:, 1]
    inside = [np.flatnonzero((starts < b) & (ends > a)) for a, b in reading.spans]
    for i, (own, codes) in enumerate(zip(words.stems, words.codes, strict=True)):
        near = codes @ told.codes.T if len(codes) else np.zeros((0, len(told.codes)))
        for k, stems in enumerate(sentences):
            if own in stems:
                found[i, k] = 1.0
                continue
            alike = float(near[:, inside[k]].max(axis=1).mean()) if len(near) and len(inside[k]) else 0.0
            meaning = BY_MEANING * min(1.0, max(0.0, (alike - ALIKE_FROM) / (ALIKE_TO - ALIKE_FROM)))
            found[i, k] = BY_SPELLING if misspelt(own, stems) else max(meaning, BY_HEADING * (own in above))
    return found


@lru_cache(maxsize=8192)
def told_stems(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(stem(word) for word in WORD.findall(folded(text)))


def misspelt(own: str, stems: frozenset[str]) -> bool:
    """Whether one of some stems is the word in another spelling: as many letters but one or, in a long word, two."""
    if len(own) < SHORTEST_MISSPELT or any(map(str.isdigit, own)):
        return False
    most = 1 if len(own) < 9 else 2
    return any(
        abs(len(other) - len(own)) <= most and other[0] == own[0] and _apart(own, other, most) <= most
        for other in stems
        if len(other) >= SHORTEST_MISSPELT
    )


@lru_cache(maxsize=50_000)
def _apart(one: str, other: str, most: int) -> int:
    """Letters to add, leave out, change or swap between two words (Damerau 1964), or `most` + 1 where they are more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        two_before, before, row = before, row, [i]
        for k, b in enumerate(other, 1):
            row.append(min(before[k] + 1, row[k - 1] + 1, before[k - 1] + (a != b)))
            if i > 1 and k > 1 and a == other[k - 2] and one[i - 2] == b:
                row[k] = min(row[k], two_before[k - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]
