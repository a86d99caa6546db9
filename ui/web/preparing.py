"""Has documents read in the background, so that the first questions about them need not wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from assistant.reader.prepare import prepare
from assistant.reader.runtime import Reader
from vectorstore.errors import AttestError
from vectorstore.index import Index

_log = logging.getLogger(__name__)


class _Stop(Exception):
    pass


class Preparing:
    """One thread that loads the reader, then has read what the index lacks, again after each `wake`."""

    def __init__(self, index: Index, reader: Callable[[], Reader]) -> None:
        self._index, self._reader = index, reader
        self._stopping = False
        self._work = threading.Event()
        self._work.set()
        self._thread = threading.Thread(target=self._run, name="preparing")

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There may be something new to read."""
        self._work.set()

    def close(self) -> None:
        """Waits until the passage is read that is being read; what was read is kept."""
        self._stopping = True
        self._work.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._reader()
            while not self._stopping:
                self._work.wait()
                self._work.clear()
                prepare(self._index, lambda: self._reader().encoder, self._step)
        except _Stop:
            pass
        except AttestError as error:  # whoever asks is told what it is
            _log.error("Documents are not read ahead: %s", error)

    def _step(self, done: int, total: int) -> None:
        if self._stopping:
            raise _Stop
