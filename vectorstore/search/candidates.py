"""Finds candidates for a query: by passage vectors, by sentence vectors and by words. Each is measured by all three.

Ranking them is `hybrid.py`'s work.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vectorstore.documents.content import Content
from vectorstore.documents.records import vector_ids
from vectorstore.embedding.embedder import Embedder
from vectorstore.folding import folded
from vectorstore.search.dense import PASSAGES, SENTENCES, DenseIndex
from vectorstore.search.hybrid import Candidate

REMEMBERED = 40_000
QUERIES = 1_000
"""How many queries' vectors are remembered: visitors ask the same things."""
SENTENCES_FOR_EACH = 4


class Search:
    """Searches of one open index; safe in several threads. Vectors fetched once are remembered, 40,000 at most."""

    def __init__(self, embedder: Embedder, dense: DenseIndex) -> None:
        self._dense = dense
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._changes = 0
        self._query = lru_cache(QUERIES)(lambda text: embedder.embed_query(folded(text)))

    def candidates(
        self, content: Content, wordings: Sequence[str], k: int, document_ids: Collection[str] | None
    ) -> list[Candidate]:
        """See `Index.candidates`."""
        chosen = None if document_ids is None else frozenset(document_ids)
        if k < 1 or not content.ids or chosen == frozenset():
            return []
        texts = [text.encode("utf-8", "replace").decode("utf-8") for text in wordings]
        queries = [self._query(text) for text in texts]
        words = [content.lexical.scores(text) for text in texts]
        dense = {name for query in queries for name in self._nearest(content, query, k, chosen)}
        lexical = {name for scores in words for name in content.top_lexical(scores, k, chosen)}
        proposed = sorted(content.position[name] for name in dense | lexical if name in content.position)
        passages = content.passages(proposed)
        vectors = self._vectors(name for passage in passages for name in vector_ids(passage))
        query = np.mean(queries, axis=0, dtype=np.float64)
        found = []
        for i, passage in zip(proposed, passages, strict=True):
            names = vector_ids(passage)
            if not all(name in vectors for name in names):
                continue  # the passage is being replaced at this moment
            own, *sentences = (np.stack([vectors[name] for name in names]).astype(np.float64) @ query).round(6).tolist()
            best = max(sentences, default=-1.0)
            by = tuple(name for name, ids in (("dense", dense), ("lexical", lexical)) if passage.id in ids)
            score = round(float(np.mean([scores[i] for scores in words])), 6)
            found.append(Candidate(passage, own, best, score, by))
        return found

    def _nearest(self, content: Content, query: NDArray[np.float32], k: int, chosen: frozenset[str] | None) -> set[str]:
        """The k passages nearest by their own vector, and the k nearest by a sentence's."""
        passages = self._known(content, PASSAGES, query, k, chosen)
        sentences = self._known(content, SENTENCES, query, k * SENTENCES_FOR_EACH, chosen)
        return {*passages, *list(dict.fromkeys(name.partition(":")[0] for name in sentences))[:k]}

    def _known(
        self, content: Content, collection: str, query: NDArray[np.float32], k: int, chosen: frozenset[str] | None
    ) -> list[str]:
        """The ids of the k nearest vectors that belong to the content. Those of a document that is being stored do not
        count among the k."""
        asked = k
        while True:
            nearest = self._dense.nearest(collection, query, asked, chosen)
            known = [name for name in nearest if name.partition(":")[0] in content.position]
            if len(known) >= k or len(nearest) < asked:
                return known[:k]
            asked *= 2

    def forget(self, names: Iterable[str]) -> None:
        """Drops remembered vectors that have been stored anew."""
        with self._lock:
            self._changes += 1
            for name in names:
                self._seen.pop(name, None)

    def _vectors(self, names: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of these ids, where they are stored."""
        wanted = list(dict.fromkeys(names))
        with self._lock:
            found = {name: self._seen[name] for name in wanted if name in self._seen}
            changes = self._changes
        fetched = self._dense.vectors([name for name in wanted if name not in found])
        with self._lock:
            if changes == self._changes:  # else what was fetched may have been stored anew since
                self._seen.update(fetched)
            for name in found:
                if name in self._seen:
                    self._seen.move_to_end(name)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return {**found, **fetched}
