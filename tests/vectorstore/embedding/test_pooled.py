"""The default embedder: means of words, exactly repeatable, understood where they stand, nothing cut in silence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.disk.kept import KEPT_FILE, Kept
from vectorstore.embedded_text import Readable, Reading, Told
from vectorstore.embedding.embedder import DEFAULT_MODEL, Embedder
from vectorstore.embedding.encoder import load_encoder
from vectorstore.embedding.pooled import WIDTH

TEXTS = [
    "The tower lost its gallery.",
    "",
    "Ships passed; the keeper wrote them down, one after another, in a ledger bound in green cloth.",
    "ünïcödé — “curly” … 漢字 \x00 tab\there",
    "oil " * 200,
    "The tower lost its gallery.",
]
PIER, CATS = "The pier was opened in 1887. It burned down nine years later.", "Cats sleep all day. They hunt at dusk."


def passage(text: str, heading: str = "", name: str = "") -> Readable:
    """A passage of two sentences."""
    cut = text.index(". ") + 1
    return Readable(Told(text, heading, name), Reading(text, ((0, cut), (cut + 1, len(text))), ((0, 0, len(text)),)))


def test_vectors_are_unit_length_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), WIDTH) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert np.array_equal(vectors[0], vectors[5]) and not np.allclose(vectors[0], vectors[2])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=6))
def test_any_text_gives_the_same_vector_alone(embedder: Embedder, texts: list[str]) -> None:
    together = embedder.embed(texts)
    assert together.shape == (len(texts), WIDTH)
    assert all(np.array_equal(embedder.embed([t])[0], v) for t, v in zip(texts, together, strict=True))


def test_a_passage_and_its_sentences_are_means_of_the_same_words(embedder: Embedder) -> None:
    one = passage(PIER, "Piers")
    (rows,) = embedder.embed_passages([one])
    encoder = load_encoder()
    spans = encoder.tokens(one.told).offsets
    first = encoder.tokens(one.told).first
    codes = encoder.states([one.told])[one.told].codes()[first : first + len(spans), :WIDTH]
    assert rows.shape == (3, WIDTH) and np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    for row, (start, end) in zip(rows, ((0, len(PIER)), *one.read.spans), strict=True):
        mean = codes[(spans[:, 0] < end) & (spans[:, 1] > start)].mean(axis=0)
        assert np.allclose(row, mean / np.linalg.norm(mean), atol=1e-6)


def test_a_sentence_is_understood_where_it_stands(embedder: Embedder) -> None:
    ((_, _, pier),) = embedder.embed_passages([passage(PIER)])
    ((_, _, mill),) = embedder.embed_passages([passage(PIER.replace("pier", "mill"))])
    query = embedder.embed_query("What happened to the pier?")
    assert float(pier @ query) > float(mill @ query) + 0.01


def test_a_passage_comes_out_the_same_whatever_is_kept_or_beside_it(embedder: Embedder, tmp_path: Path) -> None:
    passages = [passage(PIER, "Piers", "a"), passage(CATS, "", "b")]
    expected = [embedder.embed_passages([one])[0] for one in passages]
    kept = Kept(tmp_path / KEPT_FILE, writable=True)
    for _ in range(2):
        found = embedder.embed_passages(passages, kept=kept)
        assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
        assert kept.names() == {"a", "b"}


def test_a_question_is_near_to_what_answers_it(embedder: Embedder) -> None:
    pier, cats = (rows[0] for rows in embedder.embed_passages([passage(PIER), passage(CATS)]))
    query = embedder.embed_query("In what year was the jetty inaugurated?")
    assert query.shape == (WIDTH,) and np.linalg.norm(query) == pytest.approx(1, abs=1e-6)
    assert float(pier @ query) > float(cats @ query)


def test_a_long_text_is_refused_and_a_long_query_read_from_its_beginning(embedder: Embedder) -> None:
    long = "word " * 300
    assert embedder.count_tokens([long]) == [302] and embedder.max_tokens == 256
    with pytest.raises(ValueError, match="302 tokens"):
        embedder.embed(["short", long])
    with pytest.raises(ValueError, match="320 tokens"):
        embedder.embed_passages([passage(PIER + " word" * 400)])
    assert np.array_equal(embedder.embed_query(long), embedder.embed_query("word " * 62))


def test_progress_counts_up_to_the_number_of_texts(embedder: Embedder, tmp_path: Path) -> None:
    kept = Kept(tmp_path / KEPT_FILE, writable=True)
    passages = [passage(f"{PIER} {n}", "", str(n)) for n in range(40)]
    embedder.embed_passages(passages[:10], kept=kept)
    seen: list[int] = []
    embedder.embed_passages(passages, seen.append, kept)
    assert seen == sorted(seen) and seen[-1] == 40 and len(seen) > 20
    assert embedder.embed([]).shape == (0, WIDTH) and embedder.count_tokens([]) == []
    assert embedder.embed_passages([]) == []


def test_it_is_known_by_the_weights_of_the_network(embedder: Embedder) -> None:
    fingerprint = embedder.fingerprint
    assert (fingerprint.name, fingerprint.dimension) == (DEFAULT_MODEL, WIDTH)
    assert fingerprint.weights_sha256 == load_encoder().weights_sha256


def test_a_start_needs_neither_torch_nor_transformers(embedder: Embedder) -> None:
    code = (
        "import sys; from vectorstore.embedding.models import load_embedder; load_embedder().embed_query('who?');"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
