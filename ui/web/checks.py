"""Checks of texts for many visitors, in a line of their own: a long text takes a processor for many seconds, and half
of the processors are left to questions.

A check ends early when its visitor leaves, or the server stops.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from assistant.check.types import Check
from ingest.deadline import Stopped
from ui.web.line import Limits, Line
from ui.web.visitors import Visitor
from vectorstore.embedding.embedder import available_cpus
from vectorstore.errors import UsageError

MOST_CHARACTERS = 20_000
"""Of one text."""
_MOST, _MOST_ADDRESS, _MOST_EACH = 64, 24, 2
"""Texts in the line: of all, of one address, of one window."""
_UPDATE_SECONDS = 1.0

Checker = Callable[[str, Sequence[str] | None, Callable[[], None]], Check]
"""What checks a text against these documents (all, if None), and calls the last argument again and again; that may
raise."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What a visitor waits for: that many others, or, if there are none, the check itself."""

    ahead: int = 0


class Checks:
    """The line in front of one checker. All of it runs on one event loop, the checker in threads."""

    def __init__(self, checker: Checker) -> None:
        workers = max(1, available_cpus() // 2)
        self._checker = checker
        self._line = Line(Limits(workers, workers, 1, _MOST, _MOST_ADDRESS, _MOST_EACH))
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="checks")
        self._stopping = False

    async def check(self, visitor: Visitor, text: str, document_id: str | None) -> AsyncIterator[Doing | Check]:
        """The check of a text against one document (all, if None); before it, every second, what is waited for.

        Raises UsageError for a text that is empty or too long, LineFull, and what the checker raises.
        """
        if not text.strip():
            raise UsageError("there is no text to check: paste one")
        if len(text) > MOST_CHARACTERS:
            raise UsageError(f"the text has {len(text):,} characters: up to {MOST_CHARACTERS:,} are checked at a time")
        chosen = None if document_id is None else [document_id]
        gone = threading.Event()

        def step() -> None:
            if gone.is_set() or self._stopping:
                raise Stopped("the check was given up")

        with self._line.enter(visitor) as place:
            while not await place.called(_UPDATE_SECONDS):
                yield Doing(place.ahead)
            work = asyncio.get_running_loop().run_in_executor(self._pool, partial(self._checker, text, chosen, step))
            work.add_done_callback(_heard)
            try:
                while not (await asyncio.wait({work}, timeout=_UPDATE_SECONDS))[0]:
                    yield Doing()
                yield work.result()
            finally:
                gone.set()

    def stop(self) -> None:
        """Asks what is under way to end."""
        self._stopping = True

    def close(self) -> None:
        """Waits until nothing is under way any more; what waits is given up."""
        self.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _heard(work: asyncio.Future[Check]) -> None:
    """Takes note of an error that nobody waits for any more."""
    if not work.cancelled():
        work.exception()
