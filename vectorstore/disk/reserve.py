"""A few megabytes kept back in the index directory, given up when the disk is full.

Questions, checks and removals need room for SQLite's journals even where nothing is added. The reserve is for them
only: while it is given up, nothing can be added to the index.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

RESERVE_FILE = "reserve"
SIZE = 8_000_000
FULL = 2_000_000
"""Bytes free below which a disk counts as full: what opening, asking and closing a small index may write."""
_SPARE = 4_000_000


class Reserve:
    """The reserve of one index directory. `given_up` from the moment when the disk was found full until there is room
    again."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = directory / RESERVE_FILE
        self.given_up = False

    def make_room(self) -> bool:
        """Gives the reserve up where the disk is full. Returns whether there is room now."""
        if free_bytes(self._directory) < FULL and self._file.exists():
            with contextlib.suppress(OSError):
                self._file.unlink()
                self.given_up = True
        return free_bytes(self._directory) >= FULL

    def keep(self) -> None:
        """Makes the reserve where it is missing, or smaller than it should be, and there is room for more than that."""
        if not self._is_whole() and free_bytes(self._directory) >= SIZE + _SPARE:
            self.given_up = not self._made(SIZE)

    def _is_whole(self) -> bool:
        with contextlib.suppress(OSError):
            return self._file.stat().st_size == SIZE
        return False

    def take_back(self) -> None:
        """To be called when nothing more is written: a reserve that was given up is made again as far as there is
        room, before something else takes it."""
        self.keep()
        if self.given_up:
            any(self._made(size) for size in (SIZE, SIZE // 2, SIZE // 4))

    def _made(self, size: int) -> bool:
        try:
            self._file.unlink(missing_ok=True)
            with self._file.open("xb") as stream:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(stream.fileno(), 0, size)
                else:
                    stream.write(bytes(size))
        except OSError:
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)
            return False
        return True


def free_bytes(directory: Path) -> int:
    """What this user may still write there; where that cannot be found out, enough."""
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return SIZE
