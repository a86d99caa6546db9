"""The files that documents were read from, kept so that their pages can be shown: `originals/SHA256` in the index.

A file is written before the manifest names it, and deleted when no document names it any more; one that a crash has
left unnamed goes when the index is opened next. Documents of the same bytes share one file. Whatever is read is
compared with its name.

But: which document has which file is in the manifest, and nothing here understands what is in one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from vectorstore.documents.damage import one_document
from vectorstore.documents.records import ORIGINAL
from vectorstore.errors import AttestError, StorageError
from vectorstore.types import Document, Head

FOLDER = "originals"
MOST_BYTES = 50 * 2**20
"""Of one file; larger ones are not kept."""
MOST_TOTAL = 2 * 2**30
"""Bytes of all files of an index."""
_NAME = re.compile(r"[0-9a-f]{64}")
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def file_sha256(data: bytes) -> str:
    """The name of a file: 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


class Originals:
    """The kept files of the index in `directory`; `named` gives those that its documents name, by the ids of these."""

    def __init__(self, directory: Path, named: Callable[[], Mapping[str, str]]) -> None:
        self._index = directory
        self._named = named
        self._folder = directory / FOLDER

    def read(self, sha256: str) -> bytes | None:
        """The file of this name; None where there is none, or it is not what was kept."""
        if not _NAME.fullmatch(sha256):
            return None
        try:
            descriptor = os.open(self._folder / sha256, _READ)
        except OSError:
            return None
        with contextlib.suppress(OSError), os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_size <= MOST_BYTES:
                data = file.read(MOST_BYTES + 1)
                return data if file_sha256(data) == sha256 else None
        return None

    def problem(self, document: Document) -> str | None:
        """What is wrong with the file of a document and how to mend it, in one line; None where nothing is."""
        if document.original is None or self.read(document.original) is not None:
            return None
        return str(one_document(self._index, document.id, Head.of(document), ORIGINAL, readable=True))

    def has_room(self, size: int) -> bool:
        """Whether a file of so many bytes may be kept beside those that are there."""
        return size <= MOST_BYTES and self._size() + size <= MOST_TOTAL

    def check(self, sha256: str | None, data: bytes | None) -> None:
        """Raises ValueError unless `data` is the file of this name or, without data, that file is kept already."""
        if file_sha256(data) != sha256 if data is not None else sha256 is not None and self.read(sha256) is None:
            raise ValueError(f"the file {sha256} of a document to be stored is not the one that is given")

    def write(self, data: bytes) -> None:
        """Keeps a file, which only this user can read, and waits until it is on the disk; nothing is done where it is
        there already. Raises StorageError."""
        name = file_sha256(data)
        if self.read(name) is not None:
            return
        new = self._folder / f"{name}.new"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, _WRITE, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, self._folder / name)
            if os.name != "nt":  # directories cannot be synced there
                _sync(self._folder)
                _sync(self._index)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise StorageError(
                f"A document's file cannot be kept in {self._folder} ({error.strerror or error}). Free some space or "
                "mend the permissions; what was stored before is unchanged."
            ) from error

    def keep(self, files: Iterable[bytes], check: Callable[[], object]) -> None:
        """Writes those that are not kept; `check` is called before each and may raise."""
        for data in files:
            if self.read(file_sha256(data)) is None:
                check()
                self.write(data)

    def of(self, document_ids: Collection[str]) -> set[str]:
        """The files that these documents name."""
        return {name for owner, name in self._named().items() if owner in document_ids}

    def drop(self, names: Collection[str]) -> None:
        """Deletes those of the files that no document names any more. One that cannot be deleted stays until the index
        is opened next."""
        with contextlib.suppress(AttestError):
            for name in set(names) - set(self._named().values()) if names else ():
                if _NAME.fullmatch(name):
                    with contextlib.suppress(OSError):
                        (self._folder / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Deletes every file that no document names."""
        named = set(self._named().values())
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in named:
                    with contextlib.suppress(OSError):
                        path.unlink()

    def _size(self) -> int:
        total = 0
        with contextlib.suppress(OSError):
            for entry in os.scandir(self._folder):
                with contextlib.suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_size
        return total


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
