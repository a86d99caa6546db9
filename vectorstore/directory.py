"""What lies in an index directory: the manifest, the lock, and one directory of vectors, named by the manifest.

Vectors made anew are written beside the old ones; the manifest then names the new directory, and the old one goes. A
directory that the manifest does not name is left from a crash, and goes too.

But: nothing here opens Chroma.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from vectorstore.embedding import Embedder, Fingerprint
from vectorstore.errors import AttestError, IndexMismatch, StorageError, UsageError
from vectorstore.manifest import Manifest, Settings
from vectorstore.minilm import PUBLISHED

FIRST_VECTORS = "vectors-1"
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


def settled_settings(directory: Path, manifest: Manifest, embedder: Embedder, splitter: str) -> Settings:
    """The index's settings; those of this embedder and splitter where the index holds no document yet. Raises
    IndexMismatch where it does and was made by others, AttestError where the model is damaged."""
    stored = manifest.settings()
    if stored is not None and stored.fingerprint.matches(embedder.fingerprint) and stored.splitter == splitter:
        return stored
    if stored is None or not manifest.documents():
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
    raise IndexMismatch(
        f"The index {directory} was made with the model {stored.fingerprint}, not with {embedder.fingerprint}. "
        "Name the former again (ATTEST_MODEL, or `model` in attest.toml), or have the index made anew by the latter. "
        f"{rebuild}"
    )


def refuse_damaged_model(directory: Path, stored: Fingerprint, embedder: Embedder) -> None:
    """Raises AttestError where this embedder has the weights with which the index was made and gives other vectors,
    so that a rebuild would put those of a damaged model in place of sound ones. The default model is checked against
    what is published when it is loaded: where it differs, the index is wrong."""
    found = embedder.fingerprint
    if found.weights_sha256 == stored.weights_sha256 and not found.matches(stored) and not found.matches(PUBLISHED):
        raise AttestError(
            f"The model {found.name} is damaged, or was changed: with the same weights it gives other vectors than "
            f"when the index {directory} was made. Put its files back as they were, or, where the change was meant, "
            "ingest again and pass --index with another directory."
        )


def next_vectors(name: str) -> str:
    """The name of the directory that takes the place of the one named."""
    match = _VECTORS.fullmatch(name)
    return f"vectors-{int(match.group(1)) + 1 if match else 1}"


def clear_leftovers(directory: Path, live: str) -> None:
    """Removes directories of vectors other than the one that the manifest names. One that cannot be removed stays: it
    is never read."""
    for path in directory.iterdir():
        if _VECTORS.fullmatch(path.name) and path.name != live:
            shutil.rmtree(path, ignore_errors=True)
