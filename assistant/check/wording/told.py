"""Passages of the source as the reader has read them, and how well each of their sentences holds each word of a claim:
by its stem, in another spelling, or by a word of like meaning (the reader's codes).

But: whether enough is held is decided in `verdict.py`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.check.wording.stems import Spellings, told_stems
from assistant.check.wording.words import ClaimWords
from assistant.reader.runtime import Reader
from assistant.types import Source
from vectorstore.embedded_text import Readable, readable
from vectorstore.embedding.states import States
from vectorstore.types import Document, Passage, Span

ALIKE_FROM, ALIKE_TO = 0.45, 0.95
"""Cosines of two words' codes that count as 0 and as nearly held."""
BY_MEANING, BY_SPELLING, BY_HEADING = 0.9, 0.95, 0.85
"""The most that a word counts which is held in other letters, or only by the title or heading that a sentence stands
under."""
REMEMBERED = 256
"""Passages that are remembered; one takes a tenth of a megabyte."""


@dataclass(frozen=True, slots=True, eq=False)
class ToldPassage:
    """A passage as it was read. `codes`: one row (MATCHED,) a token; for each of its sentences `tokens`: the first, and
    the one behind the last, and `stems`; `above`: the stems of what it stands under; `spellings` of all its stems."""

    document: Document
    passage: Passage
    readable: Readable
    states: States
    codes: NDArray[np.float32]
    tokens: tuple[Span, ...]
    stems: tuple[frozenset[str], ...]
    above: frozenset[str]
    spellings: Spellings

    @staticmethod
    def of(document: Document, passage: Passage, text: Readable, states: States, reader: Reader) -> ToldPassage:
        """The passage, taken apart."""
        told, spans = reader.encoder.told_words(text.told, states), text.read.spans
        firsts = np.searchsorted(told.spans[:, 1], [a for a, _ in spans], side="right").tolist()
        lasts = np.searchsorted(told.spans[:, 0], [b for _, b in spans], side="left").tolist()
        stems = tuple(told_stems(text.read.text[a:b]) for a, b in spans)
        return ToldPassage(
            document,
            passage,
            text,
            states,
            told.codes,
            tuple(zip(firsts, lasts, strict=True)),
            stems,
            told_stems(text.told.heading),
            Spellings(frozenset().union(*stems)),
        )

    def held(self, words: ClaimWords) -> NDArray[np.float64]:
        """Of each word (rows) how well each sentence (columns) holds it, 0 to 1."""
        meant = self._meant(words)
        for i, own in enumerate(words.stems):
            meant[i] = np.maximum(meant[i], BY_HEADING * (own in self.above))
            spelt = self.spellings.of(own)
            for k, stems in enumerate(self.stems):
                if own in stems:
                    meant[i, k] = 1.0
                elif not spelt.isdisjoint(stems):
                    meant[i, k] = BY_SPELLING
        return meant

    def _meant(self, words: ClaimWords) -> NDArray[np.float64]:
        """The same by meaning alone: each token of a word by the nearest token of the sentence."""
        alike = np.zeros((len(words.spans), len(self.tokens)))
        for i, codes in enumerate(words.codes):
            if not len(codes):
                continue
            near = codes @ self.codes.T
            for k, (first, last) in enumerate(self.tokens):
                if first < last:
                    nearest = near[:, first:last].max(axis=1)
                    alike[i, k] = nearest[0] if len(nearest) == 1 else nearest.mean()
        return np.asarray(BY_MEANING * np.clip((alike - ALIKE_FROM) / (ALIKE_TO - ALIKE_FROM), 0.0, 1.0))


class ToldPassages:
    """The passages of an index as they were read; remembers the last ones. To be made anew for each text that is
    checked, since an index changes."""

    def __init__(self, index: Source, reader: Reader) -> None:
        self.index, self.reader = index, reader
        self._known: OrderedDict[str, ToldPassage] = OrderedDict()

    def read(self, passages: Mapping[str, Passage]) -> list[ToldPassage]:
        """These passages, by their ids, in order. Raises KeyError where a document has been removed since."""
        missing = [passage for name, passage in passages.items() if name not in self._known]
        if missing:
            self._known |= {told.passage.id: told for told in self._made(missing)}
        found = []
        for name in passages:
            self._known.move_to_end(name)
            found.append(self._known[name])
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    def _made(self, passages: Sequence[Passage]) -> list[ToldPassage]:
        documents = {name: self.index.document(name) for name in {p.document_id for p in passages}}
        texts: dict[str, Readable] = {}
        for name, document in documents.items():
            texts |= readable(document, [p for p in passages if p.document_id == name])
        states = self.reader.encoder.states([text.told for text in texts.values()], self.index.kept)
        return [
            ToldPassage.of(documents[p.document_id], p, texts[p.id], states[texts[p.id].told], self.reader)
            for p in passages
        ]
