"""A private folder in the temporary directory, deleted at the end.

The folder is locked while it is in use. If its process is killed, the next one that needs such a folder sees that
nobody holds the lock, and deletes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

HELD_FILE = "held.lock"
_YOUNG = 60.0
"""Seconds in which a folder may still be without its lock."""


class Scratch:
    """One folder, whose name begins with `prefix`, that only this user can read. Folders of that prefix that killed
    processes have left are deleted first. Raises OSError."""

    def __init__(self, prefix: str) -> None:
        sweep(prefix)
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        self._lock = FileLock(self.path / HELD_FILE, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except BaseException:
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    def close(self) -> None:
        """Deletes the folder. May be called again."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def sweep(prefix: str) -> None:
    """Deletes the folders of this prefix and this user that nobody holds."""
    with contextlib.suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            with contextlib.suppress(OSError, Timeout):
                found = folder.lstat()
                ours = stat.S_ISDIR(found.st_mode) and (os.name == "nt" or found.st_uid == os.getuid())
                made = time.time() - found.st_mtime >= _YOUNG or (folder / HELD_FILE).exists()
                if ours and made:
                    with FileLock(folder / HELD_FILE, timeout=0):
                        shutil.rmtree(folder, ignore_errors=True)
