"""Vectors in Chroma: one for each passage, one for each sentence, found by inner product.

Chroma's traps are dealt with here: batches within its limit, `upsert` and never `add`, no embedding function, no
telemetry, its errors (a Rust panic among them) turned into ours, its process-wide client cache let go on `close`.
Which vectors there should be is not known here: the manifest says it.
"""

from __future__ import annotations

import contextlib
import shlex
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import IndexDamaged, StorageError
from vectorstore.search.exact import MOST, Rows
from vectorstore.search.seal import open_seal, seal

LEAST_FREE = 4_000_000
SLICE = 500
"""Vectors written in one go, about a quarter of a second's work."""
_REFUSALS = ("disk is full", "no space left", "readonly", "read-only", "permission denied", "disk i/o", "code: 13")
PASSAGES, SENTENCES = "passages", "sentences"
# Inner product on unit vectors: Chroma keeps the vectors bit for bit (its cosine space normalises them anew).
# A search list of 400 finds 99.8 % of the 100 nearest among 8,000 vectors at 2 ms a query; a denser graph (200, 32)
# finds 99.96 %, but every vector costs twice as much, and Chroma adds the last ones again at each start.
# One thread: several add vectors in no fixed order, and another graph finds other neighbours.
HNSW = {"space": "ip", "ef_construction": 100, "ef_search": 400, "max_neighbors": 16, "num_threads": 1}


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
        with self._errors():
            self._seal = open_seal(directory)
        if self._seal.changed:
            raise self._damaged(f"{self._seal.changed} has changed on the disk")
        with self._errors():
            import chromadb
            from chromadb.config import Settings

            configuration: Any = {"hnsw": dict(HNSW)}
            settings = Settings(anonymized_telemetry=False, is_persistent=True, allow_reset=False)
            self._client = chromadb.PersistentClient(directory, settings=settings)
            self._batch = min(self._client.get_max_batch_size(), 2000)
            self._collections: dict[str, Any] = {}
            self._few: dict[str, Rows | None] = {}
            """By collection: its vectors, None where they are too many to compare all; filled at the first search."""
            self._changing = threading.Lock()
            try:
                for name in (PASSAGES, SENTENCES):
                    self._collections[name] = self._client.get_or_create_collection(
                        name, embedding_function=None, configuration=configuration
                    )
            except BaseException:
                self._client.close()
                raise

    @property
    def sealed(self) -> str | None:
        """What the vectors held when the files were last closed, as `close` was told; None after a crash, or where it
        was not told."""
        return self._seal.holds

    def close(self, holds: str | None = None) -> None:
        """Lets go of the files and seals them. `holds` says what the vectors are, where that is sure (see
        `Manifest.holds`). May be called again."""
        if self._client is None:
            return
        client, self._client = self._client, None
        with contextlib.suppress(Exception):
            client.close()
            seal(self._directory, holds, self._seal.known)

    def upsert(self, vectors: Mapping[str, NDArray[np.float32]], document_id: str) -> None:
        """Stores the vectors of one document. See `upsert_slices`."""
        for _ in self.upsert_slices({document_id: vectors}):
            pass

    def upsert_slices(self, vectors: Mapping[str, Mapping[str, NDArray[np.float32]]]) -> Iterator[None]:
        """Stores vectors, (dimension,) each, by the id of their document and their own; ids known already are
        overwritten. Comes back after each slice of the work, about a quarter of a second's. Raises StorageError
        beforehand where the disk has too little room: Chroma cannot always be opened again on a full one."""
        owners = {name: document_id for document_id, rows in vectors.items() for name in rows}
        if not owners:
            return
        refuse_full(self._directory, sum(row.nbytes for rows in vectors.values() for row in rows.values()))
        for name, ids in _by_collection(owners):
            for batch in self._batches(ids, SLICE):
                with self._errors(), self._changing:
                    rows = np.stack([vectors[owners[i]][i] for i in batch])
                    metadata: Any = [{"document_id": owners[i]} for i in batch]
                    self._collections[name].upsert(ids=batch, embeddings=rows, metadatas=metadata)
                    if (few := self._few.get(name)) is not None:
                        few.put(dict(zip(batch, rows, strict=True)), {i: owners[i] for i in batch})
                yield

    def delete(self, ids: Collection[str]) -> None:
        """Removes vectors; ids that are not there are passed over."""
        for _ in self.delete_slices(ids):
            pass

    def delete_slices(self, ids: Collection[str]) -> Iterator[None]:
        """`delete`, which comes back after each slice of the work."""
        for name, chosen in _by_collection(ids):
            for batch in self._batches(chosen, SLICE):
                with self._errors(), self._changing:
                    self._collections[name].delete(ids=batch)
                    if (few := self._few.get(name)) is not None:
                        few.drop(batch)
                    else:
                        self._few.pop(name, None)  # they may be few now
                yield

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

    def nearest(
        self, collection: str, query: NDArray[np.float32], k: int, document_ids: Collection[str] | None
    ) -> list[str]:
        """Ids of the k nearest vectors of "passages" or "sentences", nearest first, ties by id. Where there are few
        (`exact.MOST`), all are compared; else Chroma's graph finds nearly all of them."""
        where = None if document_ids is None else {"document_id": {"$in": sorted(document_ids)}}
        if k < 1 or (document_ids is not None and not document_ids):
            return []
        with self._errors():
            few = self._all_of(collection)
            if few is not None and len(few) <= MOST:
                return few.nearest(query, k, document_ids)
            result = self._collections[collection].query(
                query_embeddings=query[None, :], n_results=k, where=where, include=["distances"]
            )
        pairs = sorted(zip(result["distances"][0], result["ids"][0], strict=True))
        return [identity for _, identity in pairs]

    def _all_of(self, collection: str) -> Rows | None:
        """All vectors of a collection, where they are few."""
        with contextlib.suppress(KeyError):
            return self._few[collection]
        with self._changing:  # nothing is stored between reading and keeping them
            chroma = self._collections[collection]
            few = None
            if chroma.count() <= MOST:
                result = chroma.get(include=["embeddings", "metadatas"])
                rows = np.asarray(result["embeddings"], dtype=np.float32)
                owners = [str(metadata["document_id"]) for metadata in result["metadatas"]]
                few = Rows(dict(zip(result["ids"], rows, strict=True)), dict(zip(result["ids"], owners, strict=True)))
            self._few[collection] = few
            return few

    def _batches(self, ids: Sequence[str], most: int | None = None) -> Iterator[list[str]]:
        size = min(self._batch, most or self._batch)
        for start in range(0, len(ids), size):
            yield list(ids[start : start + size])

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
        repair = f"Run `attest doctor --rebuild --index {shlex.quote(str(where))}`."
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
