"""The nearest among few vectors, found by comparing all of them: always the same result, and nothing is missed.

Chroma's graph is approximate, and its last vectors are added to it anew at each opening, in no fixed order. Comparing
up to a few thousand vectors takes less time than walking the graph. The rows here are copies of Chroma's, which
`dense.py` keeps in step.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 5_000
"""Vectors of a collection that are compared one by one."""
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class _Table:
    """Ids (n,), the ids of their documents (n,), and the vectors (n, dimension), ordered by id."""

    ids: NDArray[np.str_]
    owners: NDArray[np.str_]
    rows: NDArray[np.float32]


class Rows:
    """The vectors of one collection, by their ids; safe in several threads."""

    def __init__(self, vectors: Mapping[str, NDArray[np.float32]], owners: Mapping[str, str]) -> None:
        self._vectors = dict(vectors)
        self._owners = dict(owners)
        self._table: _Table | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._vectors)

    def put(self, vectors: Mapping[str, NDArray[np.float32]], owners: Mapping[str, str]) -> None:
        """Adds vectors, in place of those with the same ids."""
        with self._lock:
            self._vectors.update(vectors)
            self._owners.update(owners)
            self._table = None

    def drop(self, ids: Collection[str]) -> None:
        """Removes vectors; ids that are not there are passed over."""
        with self._lock:
            for name in ids:
                self._vectors.pop(name, None)
                self._owners.pop(name, None)
            self._table = None

    def nearest(self, query: NDArray[np.float32], k: int, document_ids: Collection[str] | None) -> list[str]:
        """Ids of the k vectors with the largest inner product, largest first, ties (to 6 decimals) by id."""
        table = self._laid_out()
        if not len(table.ids):
            return []
        scores = np.round(table.rows @ query, _DECIMALS)
        places = np.arange(len(scores))
        if document_ids is not None:
            places = np.flatnonzero(np.isin(table.owners, sorted(document_ids)))
        scores = scores[places]
        if k < len(scores):
            least = -np.partition(-scores, k - 1)[k - 1]
            best = np.flatnonzero(scores >= least)
            places, scores = places[best], scores[best]
        order = np.argsort(-scores, kind="stable")[:k]
        names: list[str] = table.ids[places[order]].tolist()
        return names

    def _laid_out(self) -> _Table:
        with self._lock:
            if self._table is None:
                names: Sequence[str] = sorted(self._vectors)
                rows = np.stack([self._vectors[name] for name in names]) if names else np.zeros((0, 0), np.float32)
                self._table = _Table(np.array(names, str), np.array([self._owners[name] for name in names], str), rows)
            return self._table
