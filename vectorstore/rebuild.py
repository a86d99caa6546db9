"""Makes an index anew from the text it keeps: after damage, for another model, for another splitter.

The new vectors are written beside the old ones and read back; then one manifest transaction puts the new passages and
the new directory of vectors in place. A crash before it leaves the old index, a crash after it the new one.

But: the manifest itself must be readable; what it does not hold has to be ingested again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vectorstore.content import check_fits, is_searched, stored_passage, texts_to_embed
from vectorstore.dense import DenseIndex
from vectorstore.directory import (
    FIRST_VECTORS,
    clear_leftovers,
    next_vectors,
    prepared_directory,
    refuse_damaged_model,
)
from vectorstore.embedding import Embedder
from vectorstore.errors import IndexDamaged, StorageError, UsageError
from vectorstore.lock import OwnerLock
from vectorstore.manifest import MANIFEST_FILE, Manifest, Settings, StoredPassage, digest, vector_ids
from vectorstore.types import Document, Passage, text_sha256

Split = Callable[[Document, Embedder], list[Passage]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much was made anew; headings and captions count as passages, but have no vectors."""

    documents: int
    passages: int
    vectors: int


def rebuild(
    directory: Path,
    embedder: Embedder,
    splitter: str,
    split: Split,
    progress: Callable[[int, int], None] | None = None,
    owner: str = "attest doctor",
) -> Rebuilt:
    """Splits and embeds every stored document again. `splitter` is the version of `split`; `progress` gets the
    numbers of vectors made and to make.

    Raises UsageError where there is no index, IndexInUse, StorageError where the disk refuses, IndexDamaged where the
    manifest cannot be read or a text is no longer the one that was stored, AttestError where the model is damaged.
    Whatever is raised, nothing has changed.
    """
    directory = prepared_directory(directory)
    if not (directory / MANIFEST_FILE).is_file():
        raise UsageError(f"There is no index in {directory}. Pass --index with its directory, or ingest something.")
    with contextlib.ExitStack() as opened:
        lock = OwnerLock(directory, owner)
        opened.callback(lock.release)
        manifest = Manifest(directory / MANIFEST_FILE)
        opened.callback(manifest.close)
        before = manifest.settings()
        if before:
            refuse_damaged_model(directory, before.fingerprint, embedder)
        name = next_vectors(before.vectors) if before else FIRST_VECTORS
        documents = manifest.documents()
        _refuse_damaged(directory, documents)
        work = [(document, split(document, embedder)) for document in documents]
        try:
            rows = _write_vectors(directory / name, work, embedder, progress)
            with manifest.transaction():
                manifest.clear_pending(manifest.pending())
                for (document, _), stored in zip(work, rows, strict=True):
                    manifest.replace(document, stored, ())
                manifest.write_settings(Settings(embedder.fingerprint, splitter, name))
        except BaseException:
            live = manifest.settings()
            if live is None or live.vectors != name:  # an interrupt can also come just after the commit
                shutil.rmtree(directory / name, ignore_errors=True)
            raise
        clear_leftovers(directory, name)
    vectors = sum(len(row.digests) for stored in rows for row in stored)
    return Rebuilt(len(work), sum(len(passages) for _, passages in work), vectors)


def _refuse_damaged(directory: Path, documents: list[Document]) -> None:
    for document in documents:
        if text_sha256(document.text) != document.sha256:
            raise IndexDamaged(
                f"The stored text of {document.title!r} is damaged. Delete {directory} and ingest again "
                f"({document.origin} among the rest)."
            )


def _write_vectors(
    directory: Path,
    work: list[tuple[Document, list[Passage]]],
    embedder: Embedder,
    progress: Callable[[int, int], None] | None,
) -> list[list[StoredPassage]]:
    """Embeds all passages into a new directory, reads every vector back, and syncs the files to the disk."""
    shutil.rmtree(directory, ignore_errors=True)
    total = sum(len(vector_ids(passage)) for _, passages in work for passage in passages if is_searched(passage))
    done = 0
    rows = []
    dense = DenseIndex(directory)
    try:
        for document, passages in work:
            check_fits(document, passages)
            searched = [passage for passage in passages if is_searched(passage)]
            names = [name for passage in searched for name in vector_ids(passage)]
            texts = [text for passage in searched for text in texts_to_embed(document, passage)]
            vectors = dict(zip(names, embedder.embed(texts), strict=True)) if texts else {}
            dense.upsert(vectors, document.id)
            stored = dense.vectors(names)
            if any(name not in stored or digest(stored[name]) != digest(row) for name, row in vectors.items()):
                raise StorageError(f"Vectors written to {directory} did not come back the same. Check the disk.")
            rows.append([stored_passage(passage, vectors) for passage in passages])
            done += len(names)
            if progress:
                progress(done, total)
    finally:
        dense.close()
    _sync(directory)
    return rows


def _sync(directory: Path) -> None:
    """Waits until the files are on the disk, so that the manifest never names what a power cut can take away."""
    for path in [*directory.rglob("*"), directory, directory.parent]:
        if path.is_dir() and os.name == "nt":  # directories cannot be synced there
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
