"""Weights in few bits: how far rounding may move them."""

from __future__ import annotations

import numpy as np
import pytest

from vectorstore.embedding.network.rounding import FEWEST_ROWS, levels_of, rounded

RANDOM = np.random.default_rng(3)


def test_large_matrices_are_rounded_by_at_most_half_a_step_a_row() -> None:
    value = (RANDOM.normal(size=(FEWEST_ROWS, 20)) * np.arange(FEWEST_ROWS)[:, None]).astype(np.float32)
    found = rounded({"m": value})["m"]
    steps = np.abs(value).max(axis=1, keepdims=True) / 127
    assert found.dtype == np.float32 and not np.array_equal(found, value)
    assert np.all(np.abs(found - value) <= steps / 2 * 1.001)
    assert np.all(found[0] == 0)
    levels = found[1:] / steps[1:]
    assert levels == pytest.approx(np.rint(levels), abs=1e-3)


def test_what_is_rounded_stays_when_rounded_again() -> None:
    once = rounded({"m": RANDOM.normal(size=(50, 20)).astype(np.float32)})
    assert rounded(once)["m"] == pytest.approx(once["m"], rel=1e-6)


def test_small_matrices_and_vectors_stay_as_they_are() -> None:
    small, vector = RANDOM.normal(size=(FEWEST_ROWS - 1, 20)), RANDOM.normal(size=400)
    found = rounded({"small": small.astype(np.float32), "vector": vector.astype(np.float32)})
    assert np.array_equal(found["small"], small.astype(np.float32))
    assert np.array_equal(found["vector"], vector.astype(np.float32))


@pytest.mark.parametrize("most", [3, 127])
def test_levels_stay_in_their_range_and_are_near(most: int) -> None:
    value = RANDOM.normal(size=(30, 64)).astype(np.float32)
    levels, scales = levels_of(value, most)
    assert levels.dtype == np.int8 and scales.dtype == np.float16 and np.abs(levels).max() == most
    back = levels * scales.astype(np.float32)[:, None]
    assert ((back - value) ** 2).sum() < {3: 0.06, 127: 1e-4}[most] * (value**2).sum()


def test_an_outlier_is_clipped_where_that_brings_the_others_nearer() -> None:
    value = np.concatenate([np.full((1, 400), 0.3), [[1.5]]], axis=1).astype(np.float32)
    levels, scales = levels_of(value, 3)
    back = levels * scales.astype(np.float32)[:, None]
    plain = np.rint(value / 0.5) * 0.5
    assert ((back - value) ** 2).sum() < ((plain - value) ** 2).sum() / 4
    assert back[0, -1] < 1.0


def test_a_row_of_nothing_is_a_row_of_nothing() -> None:
    levels, scales = levels_of(np.zeros((2, 6), dtype=np.float32), 3)
    assert not levels.any() and np.isfinite(scales).all()
