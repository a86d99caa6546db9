"""Makes an index anew from the text it keeps: after damage, for another model, for another splitter.

The new vectors are written beside the old ones and read back; then one manifest transaction puts the new passages and
the new directory of vectors in place. A crash before that transaction leaves the old index, a crash after it the new
one.

A manifest that is broken inside is replaced by one that holds whatever can still be read. If something could not be
read, the broken one is kept beside it. A document whose text is damaged cannot be mended: it has to be ingested again
or removed.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vectorstore.changes import by_name
from vectorstore.disk.directory import (
    SALVAGED,
    clear_leftovers,
    is_index,
    manifest_of,
    next_vectors,
    prepared_directory,
    refuse_damaged_model,
    unused_vectors,
)
from vectorstore.disk.kept import KEPT_FILE, Kept
from vectorstore.disk.place import Place
from vectorstore.documents.content import check_fits, is_searched, stored_passage
from vectorstore.documents.manifest import MANIFEST_FILE, SUM_FILE, Manifest, Settings
from vectorstore.documents.records import StoredPassage, digest, vector_ids
from vectorstore.documents.salvage import salvage, write_salvaged
from vectorstore.embedded_text import readable
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import AttestError, IndexDamaged, StorageError, UsageError
from vectorstore.search.dense import DenseIndex
from vectorstore.search.seal import seal
from vectorstore.types import Document, Passage, Structure

Split = Callable[[Document, Embedder], tuple[Structure, list[Passage]]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much was made anew; headings and captions count as passages, but have no vectors. `lost` has a line for each
    document that could not be read."""

    documents: int
    passages: int
    vectors: int
    lost: tuple[str, ...] = ()


def rebuild(
    directory: Path,
    embedder: Embedder,
    splitter: str,
    split: Split,
    progress: Callable[[int, int], None] | None = None,
) -> Rebuilt:
    """Splits and embeds every stored document again. `splitter` is the version of `split`; `progress` gets the
    numbers of vectors made and to make.

    Raises UsageError where there is no index, IndexInUse, StorageError where the disk refuses, IndexDamaged where no
    text can be read, AttestError where the model is damaged. Whatever is raised, nothing has changed.
    """
    directory = prepared_directory(directory)
    if not is_index(directory):
        raise UsageError(f"There is no index in {directory}. Pass --index with its directory, or ingest something.")
    with contextlib.ExitStack() as opened:
        place = Place(directory, "attest doctor")
        opened.callback(place.close)
        place.refuse_growth()
        manifest, lost = _readable_manifest(directory)
        opened.callback(manifest.close)
        before = manifest.settings()
        if before:
            refuse_damaged_model(directory, before.fingerprint, embedder)
        name = next_vectors(before.vectors) if before else unused_vectors(directory)
        documents = [*manifest.documents(), *_whole(manifest)]
        if not documents and manifest.left_out:
            raise next(iter(manifest.left_out.values()))
        work = [(document, *split(document, embedder)) for document in documents]
        with contextlib.suppress(OSError):  # then nothing is kept
            (directory / KEPT_FILE).unlink()  # all is made anew, whatever it was made with
        kept = Kept(directory / KEPT_FILE, writable=place.writable)
        opened.callback(kept.close)
        try:
            passages = [(document, passages) for document, _, passages in work]
            rows = _write_vectors(directory / name, passages, embedder, kept, progress)
            with manifest.transaction():
                manifest.clear_pending(manifest.pending())
                for (document, structure, _), stored in zip(work, rows, strict=True):
                    manifest.replace(document, stored, (), structure)
                manifest.write_settings(Settings(embedder.fingerprint, splitter, name))
            seal(directory / name, manifest.holds(), {})  # all was read back: opening need not compare it again
            if lost is not None:
                manifest.close()
                lost = _put_in_place(directory, lost)
        except BaseException:
            with contextlib.suppress(AttestError):
                live = manifest.settings()
                if live is None or live.vectors != name:  # an interrupt can also come just after the commit
                    shutil.rmtree(directory / name, ignore_errors=True)
            raise
        clear_leftovers(directory, name)
    vectors = sum(len(row.digests) for stored in rows for row in stored)
    return Rebuilt(len(work), sum(len(stored) for stored in rows), vectors, tuple(lost or ()))


def _readable_manifest(directory: Path) -> tuple[Manifest, list[str] | None]:
    """The manifest; where it is broken, a new one of what can be read, in a folder of its own, and the names of what
    cannot."""
    file = directory / MANIFEST_FILE
    try:
        return manifest_of(directory, directory), None
    except IndexDamaged:
        found = salvage(file, directory)
    shutil.rmtree(directory / SALVAGED, ignore_errors=True)
    (directory / SALVAGED).mkdir()
    manifest = Manifest(directory / SALVAGED / MANIFEST_FILE, directory)
    write_salvaged(found, manifest, whole=False)
    return manifest, list(found.lost)


def _whole(manifest: Manifest) -> list[Document]:
    """The documents of which only the passages are damaged: these are made again from the text."""
    whole = [manifest.document(error.document_id) for error in manifest.left_out.values() if error.readable]
    return [document for document in whole if document is not None]


def _put_in_place(directory: Path, lost: list[str]) -> list[str]:
    """Replaces the broken manifest, which is kept where a document in it was lost. Returns a line for each of those."""
    file = directory / MANIFEST_FILE
    journal = directory / f"{MANIFEST_FILE}-journal"
    aside = next(path for n in itertools.count(1) if not (path := directory / f"damaged-{n}.sqlite").exists())
    if lost and file.exists():
        shutil.copyfile(file, aside)
    journal.unlink(missing_ok=True)  # it belongs to the broken one
    (directory / SUM_FILE).unlink(missing_ok=True)
    os.replace(directory / SALVAGED / MANIFEST_FILE, file)
    shutil.rmtree(directory / SALVAGED, ignore_errors=True)
    _sync_file(directory)
    return [f"{name} could not be read: ingest it again, or look into {aside}, then delete that" for name in lost]


def _write_vectors(
    directory: Path,
    work: list[tuple[Document, list[Passage]]],
    embedder: Embedder,
    kept: Kept,
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
            made = embedder.embed_passages(list(readable(document, searched).values()), kept=kept)
            vectors = by_name(searched, made)
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
        _sync_file(path)


def _sync_file(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # directories cannot be synced there
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
