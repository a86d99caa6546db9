"""Where an open index lies: in its own directory, owned by this process; or, where that may not be written, in a
private copy that is removed at the end.

Chroma writes to its files as soon as it opens them, and SQLite needs room for a journal; so an index on a read-only
disk, of another user, or on a full disk is copied to the temporary directory, and read there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from vectorstore.disk.kept import KEPT_FILE
from vectorstore.disk.lock import LOCK_FILE, OWNER_FILE, OwnerLock, shared_lock
from vectorstore.disk.reserve import RESERVE_FILE, Reserve
from vectorstore.disk.scratch import Scratch
from vectorstore.documents import damage
from vectorstore.errors import AttestError, StorageError

_PREFIX = "attest-reading-"
_LEFT = (LOCK_FILE, OWNER_FILE, RESERVE_FILE, KEPT_FILE)


class Place:
    """`named` is the directory that the user knows, for messages; `files` is where the index is read and written.

    Raises IndexInUse, or StorageError where it can neither be owned nor copied.
    """

    def __init__(self, named: Path, owner: str) -> None:
        self.named = named
        self.files = named
        self._lock: OwnerLock | None = None
        self._copy: Scratch | None = None
        self._refusal: AttestError | None = None
        self._reserve: Reserve | None = None
        closed = _not_writable(named)
        if closed is None:
            self._lock = OwnerLock(named, owner)
            self._reserve = Reserve(named)
            if not self._reserve.make_room():
                reason = f"No space left for the index {named}: it can be asked, but not changed. Free some space."
                self.read_copy(StorageError(reason))
            elif not self._reserve.given_up:
                self._reserve.keep()
        else:
            with shared_lock(named):
                self.read_copy(
                    StorageError(
                        f"The index {named} is read-only here ({closed} cannot be written): it can be asked, but not "
                        "changed. Make it writable, or pass --index with another directory."
                    )
                )

    def read_copy(self, refusal: AttestError) -> None:
        """Goes on in a private copy; `refusal` is raised for every change. Raises StorageError."""
        self._refusal = self._refusal or refusal
        if self._copy is not None:
            return
        try:
            self._copy = Scratch(_PREFIX)
            _copy(self.named, self._copy.path)
        except (OSError, shutil.Error) as error:
            self.close()
            raise damage.not_copied(f"The index {self.named}", self.named, error) from error
        except BaseException:
            self.close()
            raise
        self.files = self._copy.path

    def refuse_change(self, *, growing: bool) -> None:
        """Raises what speaks against a change; `growing` where it adds something."""
        if self._refusal is not None:
            raise self._refusal
        if self._reserve is None:
            return
        self._reserve.make_room()
        if growing and self._reserve.given_up:
            self._reserve.keep()
            if self._reserve.given_up:
                raise StorageError(
                    f"No space left for the index {self.named}: what it keeps in reserve is in use, for questions and "
                    "removals. Free some space, then run the command again."
                )

    def refuse_growth(self) -> None:
        """Raises what speaks against adding something."""
        self.refuse_change(growing=True)

    @property
    def writable(self) -> bool:
        return self._refusal is None

    def close(self) -> None:
        """Lets the next owner in, and removes the copy. May be called again."""
        if self._lock is not None:
            if self._reserve is not None:
                self._reserve.take_back()
            self._lock.release()
        if self._copy is not None:
            self._copy.close()
        self._lock = self._copy = None


def _not_writable(directory: Path) -> Path | None:
    """What of an index may not be written by this user; None where all may."""
    paths = [directory, *(path for path in _files(directory) if path.name not in _LEFT or path.name == LOCK_FILE)]
    return next((path for path in paths if not _writable(path)), None)


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _files(directory: Path) -> Iterator[Path]:
    """What belongs to the index: the files beside the manifest, and all in the directories of vectors."""
    with contextlib.suppress(OSError):
        for path in sorted(directory.iterdir()):
            if path.is_dir() and path.name.startswith("vectors-"):
                yield path
                yield from sorted(path.rglob("*"))
            elif path.is_file():
                yield path


def _copy(source: Path, target: Path) -> None:
    for path in _files(source):
        goal = target / path.relative_to(source)
        if path.is_dir():
            goal.mkdir()
        elif path.parent != source or path.name not in _LEFT:
            shutil.copyfile(path, goal)
