"""Whose turn it is to change an index: first come, first served, a slice of work at a time.

A change holds the turn while it works. After each slice it goes to the end of the line if somebody waits, so that a
small change does not wait until a large one is done. Searches need no turn.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Iterator

from vectorstore.errors import IndexClosed

SLICE = 0.3
"""Seconds of work after which a change that others wait for goes to the end of the line."""


class Turns:
    """The line of changes of one index. Once it is closed, whoever has the turn or gets it meets IndexClosed."""

    def __init__(self, refusal: str) -> None:
        self._refusal = refusal
        self._state = threading.Condition()
        self._line: deque[object] = deque()
        self._since = 0.0
        self.closed = False

    @contextlib.contextmanager
    def taken(self, *, closing: bool = False) -> Iterator[None]:
        """Waits for the turn and holds it for the block, in which `offer` and `pass_on` may give it away for a while.
        `closing` closes the line: all others, waiting or in the middle of their work, get IndexClosed instead."""
        ticket = object()
        if closing:
            self.closed = True
        try:
            self._wait(ticket)
            if not closing:
                self.check()
            yield
        finally:
            self._leave(ticket)

    def offer(self) -> None:
        """To be called by whoever has the turn, often: passes it on where a slice is over. Raises IndexClosed if the
        line has been closed."""
        if time.monotonic() - self._since >= SLICE:
            self.pass_on()
        self.check()

    def pass_on(self) -> None:
        """Lets all who wait have a slice first. Raises as `offer` does."""
        with self._state:
            if len(self._line) > 1:
                ticket = self._line.popleft()
                self._state.notify_all()
            else:
                ticket = None
                self._since = time.monotonic()
        if ticket is not None:
            self._wait(ticket)
        self.check()

    def check(self) -> None:
        """Raises IndexClosed if the line has been closed."""
        if self.closed:
            raise IndexClosed(self._refusal)

    def _wait(self, ticket: object) -> None:
        """Whatever interrupts the waiting is raised when it is over: inside `taken` one always has the turn."""
        interrupt: BaseException | None = None
        with self._state:
            self._line.append(ticket)
            while self._line[0] is not ticket:
                try:
                    self._state.wait()
                except BaseException as error:
                    interrupt = error
            self._since = time.monotonic()
        if interrupt is not None:
            raise interrupt

    def _leave(self, ticket: object) -> None:
        with self._state:
            if ticket in self._line:
                self._line.remove(ticket)
            self._state.notify_all()
