"""One owner of an index at a time, and who it is.

Two processes that write one Chroma directory lose vectors without a word, so whoever opens an index, to read or to
write, holds its lock until it closes. A second owner does not wait: it is told who the first is. The operating system
frees the lock of a process that ends, however it ends.

An index that may not be written is locked for as long as it takes to copy it, together with other such readers.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be replaced anyway
    fcntl = None  # type: ignore[assignment]

from filelock import FileLock, Timeout

from vectorstore.errors import IndexInUse, StorageError

LOCK_FILE = "owner.lock"
OWNER_FILE = "owner.json"


class OwnerLock:
    """The lock of one index directory, held from construction to `release`.

    Raises IndexInUse where another process, or another part of this one, holds it; StorageError where the directory
    cannot be written.
    """

    def __init__(self, directory: Path, owner: str) -> None:
        self._note = directory / OWNER_FILE
        self._lock = FileLock(directory / LOCK_FILE, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise IndexInUse(_in_use(directory, self._note)) from None
        except OSError as error:
            raise StorageError(
                f"The index {directory} cannot be locked ({error.strerror or error}). "
                "Make the directory writable, or pass --index with another one."
            ) from error
        now = datetime.datetime.now().isoformat(timespec="minutes", sep=" ")
        note = {"owner": owner, "pid": os.getpid(), "host": socket.gethostname(), "since": now}
        with contextlib.suppress(OSError):  # a full disk: the lock holds without its note
            self._note.write_text(json.dumps(note), "utf-8")

    def release(self) -> None:
        """Lets the next owner in. May be called again."""
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()


def _in_use(directory: Path, note: Path) -> str:
    try:
        who = json.loads(note.read_text("utf-8"))
        holder = f"{who['owner']} (process {who['pid']} on {who['host']}, since {who['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        holder = "another process"
    return f"The index {directory} is in use by {holder}. Stop it, or pass --index with another directory."


@contextlib.contextmanager
def shared_lock(directory: Path) -> Iterator[None]:
    """Keeps owners out while an index that may not be written is copied; any number may hold it together. Raises
    IndexInUse where somebody owns the index, StorageError where the lock may not be read."""
    try:
        stream = (directory / LOCK_FILE).open("rb")
    except FileNotFoundError:  # nobody has ever owned it here: a copy on a read-only disk
        yield
        return
    except OSError as error:
        raise StorageError(
            f"The index {directory} cannot be read ({error.strerror or error}). Make it readable, or pass --index "
            "with another one."
        ) from error
    with stream:
        if fcntl is not None:
            try:
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                raise IndexInUse(_in_use(directory, directory / OWNER_FILE)) from None
            except OSError as error:
                if error.errno not in (errno.ENOSYS, errno.ENOTSUP, errno.EBADF, errno.ENOLCK):
                    raise
        yield
