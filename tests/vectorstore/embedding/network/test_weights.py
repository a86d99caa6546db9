"""The reader's weights survive their file as a difference to the published ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load

from vectorstore.embedding.network.weights import MOST, compress, expand

Arrays = dict[str, NDArray[np.float32]]


@pytest.fixture
def base() -> Arrays:
    random = np.random.default_rng(5)
    return {
        "encoder.layer.3.attention.attn.q.weight": random.normal(size=(40, 8)).astype(np.float32),
        "encoder.layer.3.attention.attn.q.bias": random.normal(size=40).astype(np.float32),
        "encoder.layer.3.intermediate.dense.weight": random.normal(size=(6, 8)).astype(np.float32),
    }


@pytest.fixture
def trained(base: Arrays) -> Arrays:
    random = np.random.default_rng(6)
    q, bias, inner = base.values()
    return {
        "layers.3.q.weight": q + random.normal(scale=0.02, size=q.shape).astype(np.float32),
        "layers.3.q.bias": bias + np.float32(0.25),
        "layers.3.inner.weight": inner + random.normal(scale=5.0, size=inner.shape).astype(np.float32),
        "span.weight": random.normal(size=(2, 8)).astype(np.float32),
        "down.weight": random.normal(size=(64, 8)).astype(np.float32),
        "scales": np.array([3.0, 2.5, -1.25], dtype=np.float32),
        "words.weight": random.normal(size=(50, 8)).astype(np.float32),
    }


@pytest.fixture
def stored(base: Arrays, trained: Arrays, tmp_path: Path) -> bytes:
    compress(trained, base, tmp_path / "weights.safetensors.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["weights.safetensors.gz"]
    return (tmp_path / "weights.safetensors.gz").read_bytes()


def test_all_that_is_trained_comes_back_in_its_shape(base: Arrays, trained: Arrays, stored: bytes) -> None:
    back = expand(stored, base)
    assert back.keys() == trained.keys() - {"words.weight"}
    assert all(back[name].shape == trained[name].shape and back[name].dtype == np.float32 for name in back)


@pytest.mark.parametrize("name", ["layers.3.q.weight", "layers.3.inner.weight"])
def test_a_matrix_of_the_trunk_keeps_its_difference_within_half_a_step(
    base: Arrays, trained: Arrays, stored: bytes, name: str
) -> None:
    published = base["encoder.layer.3." + {"q": "attention.attn.q", "i": "intermediate.dense"}[name[9]] + ".weight"]
    change, found = trained[name] - published, expand(stored, base)[name] - published
    steps = load(gzip.decompress(stored))[name + ".scale"].astype(np.float32)[:, None]
    inside = np.abs(change) <= MOST * steps
    assert inside.mean() > 0.8
    assert np.all(np.abs(found - change)[inside] <= (steps / 2 * 1.01 + 1e-6).repeat(8, 1)[inside])
    assert ((found - change) ** 2).sum() < 0.06 * (change**2).sum()
    assert all(
        len(set(np.rint(row / step).astype(int))) <= 2 * MOST + 1 for row, step in zip(found, steps, strict=True)
    )


def test_a_new_matrix_keeps_more_of_itself(base: Arrays, trained: Arrays, stored: bytes) -> None:
    back, value = expand(stored, base)["down.weight"], trained["down.weight"]
    assert 0 < ((back - value) ** 2).sum() < 1e-4 * (value**2).sum()


def test_vectors_and_small_heads_are_kept_in_half_precision(base: Arrays, trained: Arrays, stored: bytes) -> None:
    back = expand(stored, base)
    assert np.array_equal(back["span.weight"], trained["span.weight"].astype(np.float16))
    assert not np.array_equal(back["span.weight"], trained["span.weight"])
    assert np.array_equal(back["scales"], trained["scales"])
    assert back["layers.3.q.bias"] == pytest.approx(trained["layers.3.q.bias"], abs=1e-4)


def test_two_levels_share_a_byte(stored: bytes) -> None:
    arrays = load(gzip.decompress(stored))
    pairs = arrays["layers.3.q.weight.pairs"]
    assert pairs.shape == (40, 4) and pairs.dtype == np.uint8 and int(pairs.max()) < (2 * MOST + 1) ** 2
    assert arrays["down.weight.levels"].dtype == np.int8 and arrays["down.weight.scale"].dtype == np.float16
    assert not any(name.startswith("words.") for name in arrays)


@pytest.mark.parametrize("levels", [[-3, 3, 0, 1], [3, 3, 3, 3], [-3, -3, -3, -3], [2, -1, -2, 3]])
def test_every_level_is_told_from_every_other(base: Arrays, levels: list[int], tmp_path: Path) -> None:
    name = "encoder.layer.3.attention.attn.q.weight"
    value = base[name].copy()
    value[:, :4] += np.array(levels, dtype=np.float32)
    value[0, 4] += 3
    compress({"layers.3.q.weight": value}, base, tmp_path / "w.gz")
    back = expand((tmp_path / "w.gz").read_bytes(), base)["layers.3.q.weight"]
    assert back == pytest.approx(value, abs=2e-2)


def test_the_same_weights_give_the_same_file(base: Arrays, trained: Arrays, stored: bytes, tmp_path: Path) -> None:
    compress(dict(reversed(trained.items())), base, tmp_path / "again.gz")
    assert (tmp_path / "again.gz").read_bytes() == stored


def test_weights_that_nothing_changed_come_back_as_they_were(base: Arrays, tmp_path: Path) -> None:
    name = "encoder.layer.3.attention.attn.q.weight"
    compress({"layers.3.q.weight": base[name]}, base, tmp_path / "w.gz")
    back = expand((tmp_path / "w.gz").read_bytes(), base)
    assert np.array_equal(back["layers.3.q.weight"], base[name])
