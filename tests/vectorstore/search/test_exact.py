"""Few vectors are compared one by one, and what changes is seen at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vectorstore.embedding.embedder import unit_rows
from vectorstore.search import dense as module
from vectorstore.search.dense import PASSAGES, DenseIndex
from vectorstore.search.exact import Rows


def vectors(n: int, seed: int = 0) -> dict[str, NDArray[np.float32]]:
    rows = unit_rows(np.random.default_rng(seed).normal(size=(n, 384)).astype(np.float32))
    return {f"p{i:04d}": row for i, row in enumerate(rows)}


def brute(made: dict[str, NDArray[np.float32]], query: NDArray[np.float32], k: int) -> list[str]:
    return sorted(made, key=lambda name: (-round(float(made[name] @ query), 6), name))[:k]


def test_the_nearest_are_those_with_the_largest_product() -> None:
    made = vectors(300)
    rows = Rows(made, dict.fromkeys(made, "a"))
    for seed in range(5):
        query = next(iter(vectors(1, 100 + seed).values()))
        for k in (1, 7, 299, 300, 400):
            assert rows.nearest(query, k, None) == brute(made, query, k)


def test_ties_are_in_the_order_of_their_ids_and_documents_can_be_chosen() -> None:
    row = next(iter(vectors(1).values()))
    rows = Rows({"b": row, "a": row, "c": row, "d": -row}, {"a": "x", "b": "y", "c": "x", "d": "x"})
    assert rows.nearest(row, 2, None) == ["a", "b"]
    assert rows.nearest(row, 9, ["x"]) == ["a", "c", "d"]
    assert rows.nearest(row, 9, ["z"]) == []


def test_chroma_and_the_rows_beside_it_stay_the_same(tmp_path: Path) -> None:
    made = vectors(200)
    dense = DenseIndex(tmp_path / "vectors-1")
    dense.upsert(made, "a")
    query = made["p0017"]
    assert dense.nearest(PASSAGES, query, 5, None) == brute(made, query, 5)
    other = vectors(50, 1)
    dense.upsert({f"q{name}": row for name, row in other.items()} | {"p0017": other["p0000"]}, "b")
    dense.delete(["p0003"])
    now = {**made, **{f"q{name}": row for name, row in other.items()}, "p0017": other["p0000"]}
    del now["p0003"]
    assert dense.nearest(PASSAGES, query, 20, None) == brute(now, query, 20)
    dense.close()
    again = DenseIndex(tmp_path / "vectors-1")
    assert again.nearest(PASSAGES, query, 20, None) == brute(now, query, 20)
    again.close()


def test_many_vectors_are_chromas_to_find_until_they_are_few_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 100)
    made = vectors(150)
    dense = DenseIndex(tmp_path / "vectors-1")
    dense.upsert(made, "a")
    query = made["p0017"]
    assert dense._all_of(PASSAGES) is None
    assert dense.nearest(PASSAGES, query, 3, None) == brute(made, query, 3)
    dense.delete(list(made)[100:])
    assert dense._all_of(PASSAGES) is not None
    assert dense.nearest(PASSAGES, query, 3, None) == brute(dict(list(made.items())[:100]), query, 3)
    dense.close()
