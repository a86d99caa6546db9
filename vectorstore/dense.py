"""Vectors in Chroma: one for each passage, one for each sentence, found by inner product.

Chroma's traps are dealt with here: batches within its limit, `upsert` and never `add`, no embedding function, no
telemetry, its errors (a Rust panic among them) turned into ours, its process-wide client cache let go on `close`.

But: the manifest says which vectors there should be; nothing here counts as knowledge.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import IndexDamaged, StorageError
from vectorstore.seal import open_seal, seal

LEAST_FREE = 4_000_000
_REFUSALS = ("disk is full", "no space left", "readonly", "read-only", "permission denied", "disk i/o", "code: 13")
PASSAGES, SENTENCES = "passages", "sentences"
# Inner product on unit vectors: Chroma keeps the vectors bit for bit (its cosine space normalises them anew).
# A search list of 400 finds 99.8 % of the 100 nearest among 8,000 vectors at 2 ms a query; a denser graph (200, 32)
# finds 99.96 %, but every vector costs twice as much, and Chroma adds the last ones again at each start.
HNSW = {"space": "ip", "ef_construction": 100, "ef_search": 400, "max_neighbors": 16}


class DenseIndex:
    """The vectors in one directory. Vector ids are passage ids, or "PASSAGE:n" for sentence n.

    Two collections, because a search over one kind of vector in a shared one needs a metadata filter that makes it
    ten times slower.
    """

    def __init__(self, directory: Path, where: Path | None = None) -> None:
        """`where` is the index that messages name."""
        self._directory = directory
        self._where = where or directory.parent
        self._client: Any = None
        changed = open_seal(directory)
        if changed:
            raise self._damaged(f"{changed} has changed on the disk")
        with self._errors():
            os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
            import chromadb
            from chromadb.config import Settings

            configuration: Any = {"hnsw": dict(HNSW)}
            settings = Settings(anonymized_telemetry=False, is_persistent=True, allow_reset=False)
            self._client = chromadb.PersistentClient(directory, settings=settings)
            self._batch = min(self._client.get_max_batch_size(), 2000)
            self._collections: dict[str, Any] = {}
            try:
                for name in (PASSAGES, SENTENCES):
                    self._collections[name] = self._client.get_or_create_collection(
                        name, embedding_function=None, configuration=configuration
                    )
            except BaseException:
                self._client.close()
                raise

    def close(self) -> None:
        """Lets go of the files. May be called again."""
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close()
            self._client = None
            seal(self._directory)

    def upsert(self, vectors: Mapping[str, NDArray[np.float32]], document_id: str) -> None:
        """Stores vectors, (dimension,) each, under their ids; ids known already are overwritten. Raises StorageError
        beforehand where the disk has too little room: Chroma cannot always be opened again on a full one."""
        if not vectors:
            return
        refuse_full(self._directory, sum(row.nbytes for row in vectors.values()))
        with self._errors():
            for name, ids in _by_collection(vectors):
                for batch in self._batches(ids):
                    rows = np.stack([vectors[i] for i in batch])
                    metadata = [{"document_id": document_id}] * len(batch)
                    self._collections[name].upsert(ids=batch, embeddings=rows, metadatas=metadata)

    def delete(self, ids: Collection[str]) -> None:
        """Removes vectors; ids that are not there are passed over."""
        with self._errors():
            for name, chosen in _by_collection(ids):
                for batch in self._batches(chosen):
                    self._collections[name].delete(ids=batch)

    def vectors(self, ids: Collection[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors, exactly; ids that are not there are left out."""
        found: dict[str, NDArray[np.float32]] = {}
        with self._errors():
            for name, chosen in _by_collection(ids):
                for batch in self._batches(chosen):
                    result = self._collections[name].get(ids=batch, include=["embeddings"])
                    rows = np.asarray(result["embeddings"], dtype=np.float32)
                    found.update(zip(result["ids"], rows, strict=True))
        return found

    def ids(self) -> list[str]:
        """The ids of all vectors, sorted."""
        with self._errors():
            return sorted(i for collection in self._collections.values() for i in collection.get(include=[])["ids"])

    def count(self) -> int:
        """How many vectors Chroma says it has, which says nothing about whether they are right."""
        with self._errors():
            return sum(int(collection.count()) for collection in self._collections.values())

    def nearest(
        self, collection: str, query: NDArray[np.float32], k: int, document_ids: Collection[str] | None
    ) -> list[str]:
        """Ids of the k nearest vectors of "passages" or "sentences", nearest first, ties by id."""
        where = None if document_ids is None else {"document_id": {"$in": sorted(document_ids)}}
        if k < 1 or (document_ids is not None and not document_ids):
            return []
        with self._errors():
            result = self._collections[collection].query(
                query_embeddings=query[None, :], n_results=k, where=where, include=["distances"]
            )
        pairs = sorted(zip(result["distances"][0], result["ids"][0], strict=True))
        return [identity for _, identity in pairs]

    def _batches(self, ids: Sequence[str]) -> Iterator[list[str]]:
        for start in range(0, len(ids), self._batch):
            yield list(ids[start : start + self._batch])

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, ImportError):
            raise
        except BaseException as error:  # a Rust panic is not an Exception
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            if isinstance(error, OSError) or any(word in reason.lower() for word in _REFUSALS):
                raise self._refused(reason) from error
            if _free(self._directory) < LEAST_FREE:  # then Chroma's messages name whatever failed first
                raise self._refused("no space left on the disk") from error
            raise self._damaged(reason) from error

    def _refused(self, reason: str) -> StorageError:
        return StorageError(
            f"The index {self._where} cannot be written ({reason}). Free space or mend the permissions, "
            "then run the command again; what was stored before is unchanged."
        )

    def _damaged(self, reason: str) -> IndexDamaged:
        where = self._where
        repair = f"Run `attest doctor --rebuild --index {where}`."
        return IndexDamaged(f"The vectors of the index {where} cannot be used ({reason}). {repair}")


def refuse_full(directory: Path, size: int) -> None:
    """Raises StorageError where the disk has no room for vectors of `size` bytes: they are written to a log and to a
    search graph, the log is cleared later, and something has to be left for SQLite's journals."""
    needed = LEAST_FREE + 4 * size
    free = _free(directory)
    if free < needed:
        raise StorageError(
            f"No space left for the index {directory.parent}: {needed / 1e6:.1f} MB are needed, {free / 1e6:.1f} MB "
            "are free. Free some, then run the command again; what was stored before is unchanged."
        )


def _free(directory: Path) -> int:
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return LEAST_FREE


def _by_collection(ids: Iterable[str]) -> list[tuple[str, list[str]]]:
    passages: list[str] = []
    sentences: list[str] = []
    for identity in ids:
        (sentences if ":" in identity else passages).append(identity)
    return [(name, chosen) for name, chosen in ((PASSAGES, passages), (SENTENCES, sentences)) if chosen]
