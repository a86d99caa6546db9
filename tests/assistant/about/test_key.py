"""Which sentences stand for a text."""

from __future__ import annotations

import numpy as np

from assistant.about.key import key_sentences, mead
from vectorstore.types import Document, SentenceSpan, text_sha256


def test_the_score_is_centroid_position_and_likeness_to_the_first() -> None:
    rows = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    centroid = rows @ rows.mean(axis=0)
    expected = centroid / centroid.max() + np.array([1, 2 / 3, 1 / 3]) + np.array([1.0, 0.6, 0.0])
    assert np.allclose(mead(rows), expected)


def test_what_is_said_already_and_what_cannot_stand_alone_is_not_chosen() -> None:
    lines = [
        "The mill stands on the river.",
        "The mill stands on a river.",
        "He sold the whole mill.",
        "A fire broke out.",
    ]
    text = " ".join(lines)
    spans = [SentenceSpan(text.index(line), text.index(line) + len(line), "prose") for line in lines]
    rows = ([1.0, 0.0, 0.0], [0.99, 0.141, 0.0], [0.5, 0.5, 0.707], [0.4, 0.2, 0.894])
    vectors = {(s.start, s.end): np.array(row, np.float32) for s, row in zip(spans, rows, strict=True)}
    document = Document("d", "", text, text_sha256(text), "x")
    chosen = key_sentences(document, spans, vectors, 2)
    assert [text[s.start : s.end] for s in chosen] == [lines[0], lines[3]]
    assert key_sentences(document, spans, {}, 2) == []
