"""Connections to the server: how many, and for how long they may be silent.

    200 connections from one address (of IPv6: from one /64), 800 in all, the last 200 of them for addresses that have
    fewer than 20; a further one gets 503
    10 s for the whole head of a request, of which 16 kB are kept while the rest is to come
    5 s between two requests (uvicorn's own)
    60 s in which a client takes nothing of what is sent to it

Requests are always read by h11, which is strict; uvicorn's other parser has no limit on heads. Bodies have limits of
their own (bodies.py).

But: behind a proxy all visitors come from one address.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from ui.web.visitors import network

HEAD_BYTES = 16_384
_LINE = b"Too many connections: try again in a moment.\n"
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n"
    b"Retry-After: 5\r\nConnection: close\r\n\r\n%s" % (len(_LINE), _LINE)
)


@dataclass(slots=True)
class Connections:
    """The open connections of a server, and their limits."""

    each: int = 200
    all: int = 800
    kept_free: int = 200
    few: int = 20
    head_seconds: float = 10.0
    stalled_seconds: float = 60.0
    _open: Counter[str] = field(default_factory=Counter)

    def enter(self, address: str) -> bool:
        """Counts a connection from `address` (as `network` gives it); returns whether there is room for it."""
        total = self._open.total()
        left = self.all - total if self._open[address] < self.few else self.all - self.kept_free - total
        if self._open[address] >= self.each or left <= 0:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        """One connection from `address` less."""
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]


def protocol(connections: Connections) -> type[H11Protocol]:
    """The class for `uvicorn.Config(http=...)` that keeps these limits."""

    class Limited(H11Protocol):
        _address = ""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._head, self._stalled = _Timer(), _Timer()
            address = network(self.client[0] if self.client else None)
            if connections.enter(address):
                self._address = address
                self._await_head()
            else:
                transport.write(_FULL)
                transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            self._head.cancel()
            self._stalled.cancel()
            if self._address:
                connections.leave(self._address)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if not self._address:
                return
            try:
                super().data_received(data)
            except h11.LocalProtocolError:  # nonsense after a request whose response has begun
                self.transport.abort()
            if self.cycle is None or self.cycle.response_complete:
                self._await_head()
            else:
                self._head.cancel()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._stalled.start(connections.stalled_seconds, self.transport.abort)

        def resume_writing(self) -> None:
            self._stalled.cancel()
            super().resume_writing()

        def _await_head(self) -> None:
            if not self.transport.is_closing():
                self._head.start(connections.head_seconds, self.transport.close)

    return Limited


class _Timer:
    """One thing to do later. Starting it again while it runs changes nothing."""

    def __init__(self) -> None:
        self._handle: asyncio.TimerHandle | None = None

    def start(self, seconds: float, do: Callable[[], object]) -> None:
        if self._handle is None:
            self._handle = asyncio.get_running_loop().call_later(seconds, do)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
