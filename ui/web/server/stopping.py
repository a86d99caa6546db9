"""The server's end: within 5 s of the first SIGTERM or Ctrl-C, whatever is open or under way.

Requests have one second to finish; then every connection is cut and every task is cancelled. If something still runs
after 4.5 s, such as a thread in the middle of a document, the process ends all the same. That does no harm: the index
holds the old state or the new one at every instant, and the next start clears the folder for uploads.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from ui.web.server.connections import HEAD_BYTES, Connections, protocol

_FINISHING_SECONDS = 1.0
_LAST_SECONDS = 4.5
_CUT_OFF = b"What was still under way has been cut off.\n"


def server(app: ASGIApp, url: str, stop: Callable[[], None], connections: Connections | None = None) -> uvicorn.Server:
    """A server for `app` that prints `url` when it is ready. The first signal that stops it starts `end_soon` and calls
    `stop`, which asks what is under way to end."""
    config = uvicorn.Config(
        app,
        http=protocol(connections or Connections()),
        h11_max_incomplete_event_size=HEAD_BYTES,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=3,
    )
    return _Server(config, url, stop)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, url: str, stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._url = url
        self._stop = stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"attest is ready: {self._url}  (Ctrl-C stops it)", flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        end_soon()
        self._stop()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        cut = asyncio.get_running_loop().call_later(_FINISHING_SECONDS, self._cut)
        try:
            await super().shutdown(sockets)
        finally:
            cut.cancel()

    def _cut(self) -> None:
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is not None:
                cycle.disconnected = True  # so that uvicorn does not report each one as an error
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()


@contextmanager
def stopping_cleanly() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl-C does, so that the index is closed and the uploads are deleted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        end_soon()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except KeyboardInterrupt:
        print("attest has stopped.", file=sys.stderr)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_ending: list[bool] = []
"""Not empty once the end has begun. Not an Event: a second signal on this thread could wait for its lock for ever."""


def end_soon(seconds: float = _LAST_SECONDS) -> None:
    """Gives the process `seconds` to end by itself; then ends it with exit code 0. Only the first call counts."""
    if _ending:
        return
    _ending.append(True)
    timer = threading.Timer(seconds, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    os.write(1, _CUT_OFF)  # not print, whose lock may be held by what is still running
    os._exit(0)
