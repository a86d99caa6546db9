"""The sentences that say most of a section, or of a text without sections: its extract.

A sentence's score is that of MEAD (Radev, Jing, Styś and Tam, "Centroid-based summarization of multiple documents",
2004): how near it is to the centroid, how early it stands, and how near it is to the first sentence, of equal weight;
over sentence vectors in place of tf-idf (Rossiello, Basile and Semeraro, "Centroid-based Text Summarization through
Compositionality of Word Embeddings", 2017). What a chosen sentence says already is not chosen again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.about.sentences import is_statement, words_of
from vectorstore.types import Document, SentenceSpan, Span

SAME = 0.85
"""Cosine from which two sentences say the same."""
LEANS = 0.5
"""What a sentence loses that opens with a pronoun or "However", in scores from 0 to 3."""
LONG = 60
"""Words from which a sentence is too long for an extract, and loses as much."""
_LEANS = re.compile(
    r"[“\"‘'(\[]*(?:He|She|They|It|His|Her|Their|Its|This|These|Those|That|Such|Both|Neither|But|And|Yet|So|Then|However|"
    r"Nevertheless|Instead|Therefore|Thus|Hence|Moreover|Also|Here|There|I|We|You|Yes|No)\b"
)

Vectors = Mapping[Span, NDArray[np.float32]]


def key_sentences(
    document: Document, sentences: Sequence[SentenceSpan], vectors: Vectors, most: int
) -> list[SentenceSpan]:
    """At most `most` of the sentences, in their order; none where none says something by itself."""
    good = _best(document, [s for s in sentences if s.kind != "row" and (s.start, s.end) in vectors])
    if not good:
        return []
    rows = np.stack([vectors[span.start, span.end] for span in good]).astype(np.float64)
    scores = mead(rows) - LEANS * np.array([_loses(words_of(document, span)) for span in good])
    chosen: list[int] = []
    for at in sorted(range(len(good)), key=lambda i: (-round(float(scores[i]), 6), i)):
        if len(chosen) >= most:
            break
        if not chosen or float(np.max(rows[chosen] @ rows[at])) < SAME:
            chosen.append(at)
    return [good[at] for at in sorted(chosen)]


def _best(document: Document, sentences: Sequence[SentenceSpan]) -> list[SentenceSpan]:
    """The statements among the sentences: those of the document itself that end like sentences, where there are
    such."""
    good = [span for span in sentences if is_statement(words_of(document, span))]
    own = [span for span in good if span.speaker is None] or good
    return [span for span in own if re.search(r"[.!…][”\"’')\]]*$", words_of(document, span))] or own


def mead(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The score of each sentence, 0 to 3, by its unit vector: shape (sentences, dimension), in text order."""
    centroid = np.maximum(rows @ rows.mean(axis=0), 0)
    first = np.maximum(rows @ rows[0], 0)
    position = 1 - np.arange(len(rows)) / len(rows)
    return np.asarray(centroid / max(float(centroid.max()), 1e-9) + position + first / max(float(first.max()), 1e-9))


def _loses(text: str) -> int:
    return bool(_LEANS.match(text)) + (text.count(" ") >= LONG)
