"""What was computed from passages and costs time to compute again, kept beside the index by the passages' ids.

All of it can be lost without loss: what is missing or damaged is computed again by whoever needs it, a file that is no
longer one is begun anew, and a disk that refuses only means that nothing is kept. Whoever reads a row checks it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

KEPT_FILE = "kept.sqlite"
MOST_MB = 2_000
"""How large the file may grow, unless ATTEST_KEPT_MB says otherwise."""
_PAGE = 32_768
_AT_A_TIME = 500


class Kept:
    """Bytes by name. Safe in several threads; nothing here raises for what the disk does."""

    def __init__(self, file: Path, *, writable: bool, most_mb: int | None = None) -> None:
        self._file = file
        self._writable = writable
        self._most = (_most_mb() if most_mb is None else most_mb) * 1_000_000
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        self._room = True

    def get(self, names: list[str]) -> dict[str, bytes]:
        """What is kept under these names."""
        found: dict[str, bytes] = {}
        with self._lock, self._at_worst_anew():
            connection = self._opened(make=False)
            if connection is None:
                return {}
            for start in range(0, len(names), _AT_A_TIME):
                some = names[start : start + _AT_A_TIME]
                marks = ",".join("?" * len(some))
                found.update(connection.execute(f"SELECT name, content FROM kept WHERE name IN ({marks})", some))
        return {name: content for name, content in found.items() if isinstance(content, bytes)}

    def names(self) -> set[str]:
        """All names under which something is kept."""
        with self._lock, self._at_worst_anew():
            connection = self._opened(make=False)
            if connection is not None:
                return {str(name) for (name,) in connection.execute("SELECT name FROM kept")}
        return set()

    def put(self, rows: dict[str, bytes]) -> None:
        """Keeps the rows, as far as there is room for them."""
        if not (rows and self._writable and self._room):
            return
        with self._lock, self._at_worst_anew():
            connection = self._opened(make=True)
            if connection is None or self._size() + sum(map(len, rows.values())) > self._most:
                self._room = False
                return
            with connection:
                connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows.items())

    def forget(self, names: Collection[str]) -> None:
        """Removes what is kept under these names, from the disk too."""
        if not (names and self._writable):
            return
        with self._lock, self._at_worst_anew():
            connection = self._opened(make=False)
            if connection is not None:
                with connection:
                    connection.executemany("DELETE FROM kept WHERE name = ?", [(name,) for name in names])
                self._room = True

    def keep_only(self, names: Callable[[], Collection[str]]) -> None:
        """Forgets all but these names, which are asked for where something is kept."""
        if known := self.names():
            self.forget(known - set(names()))

    def close(self, only: Collection[str] | None = None) -> None:
        """Forgets all but these names, where some are given. May be called again."""
        if only is not None:
            self.keep_only(lambda: only)
        with self._lock:
            self._closed = True
            self._let_go()

    def _size(self) -> int:
        with contextlib.suppress(OSError):
            return self._file.stat().st_size
        return 0

    def _opened(self, *, make: bool) -> sqlite3.Connection | None:
        """The connection; None where there is no file and none is to be made."""
        if self._connection is None and not self._closed and (make or self._file.exists()):
            address = self._file.absolute().as_uri() + ("" if self._writable else "?mode=ro&immutable=1")
            self._connection = sqlite3.connect(address, uri=True, isolation_level="DEFERRED", check_same_thread=False)
            if self._writable:
                self._connection.execute(f"PRAGMA page_size={_PAGE}")
                # What a crash takes away is computed again.
                self._connection.execute("PRAGMA synchronous=OFF")
                self._connection.execute("PRAGMA journal_mode=MEMORY")
                self._connection.execute("PRAGMA secure_delete=ON")
                self._connection.execute("CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, content BLOB)")
        return self._connection

    @contextlib.contextmanager
    def _at_worst_anew(self) -> Iterator[None]:
        """Where the file is damaged it is removed; where the disk refuses, nothing is kept."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self._let_go()
            if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
                self._room = False
            elif self._writable:
                with contextlib.suppress(OSError):
                    self._file.unlink()

    def _let_go(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _most_mb() -> int:
    told = os.environ.get("ATTEST_KEPT_MB", "")
    return int(told) if told.isdigit() else MOST_MB
