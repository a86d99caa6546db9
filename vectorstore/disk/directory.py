"""What lies in an index directory: the manifest, the lock, and one directory of vectors, named by the manifest.

Vectors made anew are written beside the old ones; the manifest then names the new directory, and the old one goes. A
directory that the manifest does not name is left from a crash, and goes too.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
from pathlib import Path

from vectorstore.disk.place import Place
from vectorstore.documents import damage
from vectorstore.documents.manifest import MANIFEST_FILE, Manifest, Settings
from vectorstore.documents.origins import write_origins
from vectorstore.documents.salvage import Salvaged, salvage, write_salvaged
from vectorstore.embedding.embedder import DEFAULT_MODEL, FORMER_DEFAULT, FORMER_WEIGHTS, Embedder, Fingerprint
from vectorstore.errors import AttestError, IndexDamaged, IndexMismatch, StorageError, UsageError

FIRST_VECTORS = "vectors-1"
SALVAGED = "salvaged"
"""Where a rebuild puts the manifest that is to take the place of a broken one."""
_NAMED = 5
"""How many documents a message names."""
_VECTORS = re.compile(r"vectors-([0-9]+)")


def prepared_directory(directory: Path) -> Path:
    """The index directory as an absolute path, made where it is missing. Raises UsageError where it is a file,
    StorageError where it cannot be made."""
    directory = directory.expanduser().absolute()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"The index {directory} is a file, or inside one. Pass --index with a directory.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StorageError(
            f"The index directory {directory} cannot be made ({reason}). Pass --index with another one."
        ) from error
    return directory


def is_index(directory: Path) -> bool:
    """Whether something has been stored there, even if its manifest is gone."""
    return (directory / MANIFEST_FILE).exists() or has_vectors(directory)


def has_vectors(directory: Path) -> bool:
    """Whether a directory of vectors holds anything: they are made after the manifest, so without it they tell that
    it was lost."""
    return directory.is_dir() and any(
        _VECTORS.fullmatch(path.name) and path.is_dir() and any(path.iterdir()) for path in directory.iterdir()
    )


def opened_manifest(place: Place) -> tuple[Manifest, list[str]]:
    """The manifest of an index, and what is broken about it as a whole. One that is broken inside is read as far as it
    can be, in a private copy. Raises IndexDamaged where it has to be rebuilt first, or nothing can be read."""
    file = place.files / MANIFEST_FILE
    try:
        manifest = manifest_of(place.files, place.named)
    except IndexDamaged as error:
        found = salvage(file, place.named)
        sound = sum(rows is not None for _, rows in found.documents)
        if found.settings is None or not sound:
            raise
        place.read_copy(error)
        for broken in place.files.glob("manifest.*"):
            broken.unlink()
        manifest = Manifest(place.files / MANIFEST_FILE, place.named)
        try:
            write_salvaged(found, manifest, whole=True)
        except BaseException:
            manifest.close()
            raise
        return manifest, [f"{error} Until then {sound:,} documents can be asked and none changed. {_left_out(found)}"]
    return manifest, []


def _left_out(found: Salvaged) -> str:
    names = [*found.lost, *(damage.shown(document.title) for document, rows in found.documents if rows is None)]
    rest = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"Left out: {', '.join(names[:_NAMED])}{rest}." if names else "None is left out."


def manifest_of(directory: Path, where: Path) -> Manifest:
    """The manifest in a directory, made where nothing has been stored there. Raises IndexDamaged where it is broken,
    and where there are vectors but nothing that says of what: that is no new index."""
    file = directory / MANIFEST_FILE
    vectors = has_vectors(directory)
    if vectors and not (file.is_file() and file.stat().st_size):
        raise damage.lost(where, "it has vectors, but its manifest is empty or missing")
    manifest = Manifest(file, where)
    if vectors and manifest.settings() is None:
        manifest.close()
        raise damage.lost(where, "it has vectors, but its manifest holds nothing")
    return manifest


def settled_settings(place: Place, manifest: Manifest, embedder: Embedder, splitter: str) -> Settings:
    """The index's settings; those of this embedder and splitter where the index holds no document yet. Raises
    IndexMismatch where it does and was made by others, AttestError where the model is damaged."""
    directory = place.named
    stored = manifest.settings()
    if stored is not None and stored.fingerprint.matches(embedder.fingerprint) and stored.splitter == splitter:
        return stored
    if stored is None or not (manifest.heads() or manifest.left_out):
        name = FIRST_VECTORS if stored is None else next_vectors(stored.vectors)
        settings = Settings(embedder.fingerprint, splitter, name)
        manifest.write_settings(settings)
        return settings
    refuse_damaged_model(directory, stored.fingerprint, embedder)
    rebuild = f"Run `attest doctor --rebuild --index {shlex.quote(str(directory))}`."
    if stored.splitter != splitter and stored.fingerprint.matches(embedder.fingerprint):
        raise IndexMismatch(
            f"The index {directory} was made by splitter {stored.splitter}, not by {splitter}. {rebuild}"
        )
    if stored.fingerprint.weights_sha256 == embedder.fingerprint.weights_sha256:
        raise IndexMismatch(
            f"The index {directory} was made while the model {stored.fingerprint.name} was damaged: it gave other "
            f"vectors than the published one. {rebuild}"
        )
    if stored.fingerprint.weights_sha256 == FORMER_WEIGHTS:
        raise IndexMismatch(f"The index {directory} was made by an earlier attest, with {FORMER_DEFAULT}. {rebuild}")
    raise IndexMismatch(
        f"The index {directory} was made with the model {stored.fingerprint}, not with {embedder.fingerprint}. "
        "Name the former again (ATTEST_MODEL, or `model` in attest.toml), or have the index made anew by the latter. "
        f"{rebuild}"
    )


def refuse_damaged_model(directory: Path, stored: Fingerprint, embedder: Embedder) -> None:
    """Raises AttestError where this embedder has the weights with which the index was made and gives other vectors,
    so that a rebuild would put those of a damaged model in place of sound ones. The files of the default model are
    checked when it is loaded: where it differs, the index is wrong."""
    found = embedder.fingerprint
    if found.weights_sha256 == stored.weights_sha256 and not found.matches(stored) and found.name != DEFAULT_MODEL:
        raise AttestError(
            f"The model {found.name} is damaged, or was changed: with the same weights it gives other vectors than "
            f"when the index {directory} was made. Put its files back as they were, or, where the change was meant, "
            "ingest again and pass --index with another directory."
        )


def next_vectors(name: str) -> str:
    """The name of the directory that takes the place of the one named."""
    match = _VECTORS.fullmatch(name)
    return f"vectors-{int(match.group(1)) + 1 if match else 1}"


def unused_vectors(directory: Path) -> str:
    """A name that no directory of vectors has, where it is not known which of them is in use."""
    numbers = [int(match.group(1)) for path in directory.iterdir() if (match := _VECTORS.fullmatch(path.name))]
    return f"vectors-{max(numbers, default=0) + 1}"


def keep_origins(place: Place, manifest: Manifest) -> None:
    """Keeps the origins of the documents that the manifest names, those of damaged ones too, where the index may be
    written."""
    if place.writable:
        with contextlib.suppress(AttestError):  # damage is told where something is read
            origins = {head.id: head.origin for head in manifest.heads()}
            damaged = {e.document_id: e.origin for e in manifest.left_out.values() if e.origin is not None}
            write_origins(place.named, {**origins, **damaged})


def clear_leftovers(directory: Path, live: str) -> None:
    """Removes directories of vectors other than the one that the manifest names, and what a rebuild left that was cut
    short. One that cannot be removed stays: it is never read."""
    shutil.rmtree(directory / SALVAGED, ignore_errors=True)
    for path in directory.iterdir():
        if _VECTORS.fullmatch(path.name) and path.name != live:
            shutil.rmtree(path, ignore_errors=True)
