"""`attest serve`: opens the index, gives an empty one the bundled article, and serves the page until it is stopped.

But: it listens on one address, in one process; whoever can reach that address may ask and add documents.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from vectorstore.errors import AttestError, UsageError

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from assistant.settings import Settings
    from vectorstore.index import Index

OWNER = "attest serve"


def serve(index_dir: Path, host: str, port: int, *, settings: Settings | None = None) -> int:
    """Serves the page over the index in `index_dir` and returns 0 when it is stopped. Port 0 takes a free one.

    Prints the address when the page is ready. Raises AttestError where the port is taken, UsageError for a host that
    is not this machine's, and what opening the index raises.
    """
    from assistant.settings import Settings

    with _listening(host, port) as listener, _stopping_cleanly():
        from assistant.commands.opening import open_index

        chosen = (settings or Settings()).model_copy(update={"index": index_dir})
        with open_index(chosen, OWNER) as index, _private_folder() as uploads:
            _fill_if_empty(index)
            _run(index, chosen, uploads, listener, host)
    return 0


def address(host: str, port: int) -> str:
    """The address to open in a browser for a server that listens on `host`."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _run(index: Index, settings: Settings, uploads: Path, listener: socket.socket, host: str) -> None:
    from assistant.engine import Assistant
    from ui.app import build
    from ui.guard import is_loopback
    from ui.web import create_app

    assistant = Assistant(index, settings)
    app = create_app(build(assistant, index, uploads=uploads), index, loopback=is_loopback(host))
    server = _server(app, address(host, listener.getsockname()[1]))
    warming = threading.Thread(target=lambda: assistant.reader)  # so that the first question need not wait
    warming.start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    warming.join()  # ending the process while the model loads would abort it
    print("attest has stopped.", flush=True)


def _server(app: ASGIApp, url: str) -> uvicorn.Server:
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(f"attest is ready: {url}  (Ctrl-C stops it)", flush=True)

    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    return Announcing(config)


def _fill_if_empty(index: Index) -> None:
    if index.documents() or index.left_out():
        return
    from ingest.loading import bundled
    from ingest.pipeline import ingest_loaded

    print("The index is empty: it is given the bundled article first ...", flush=True)
    for loaded in bundled():
        print(ingest_loaded(loaded, index).line(), flush=True)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound before anything slow is done, so that a taken port is told at once."""
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise UsageError(f"{host!r} is no address of this machine: use --host 127.0.0.1") from None
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
            listener.listen(128)
        except OSError as error:
            raise _refused(host, port, error) from None
        yield listener


def _refused(host: str, port: int, error: OSError) -> AttestError:
    import errno

    if error.errno == errno.EADDRINUSE:
        return AttestError(f"port {port} is in use: stop what listens there, or choose another with --port")
    if error.errno == errno.EACCES:
        return AttestError(f"port {port} needs rights that this user does not have: choose one above 1023 with --port")
    return UsageError(f"{host!r} is no address of this machine ({error.strerror}): use --host 127.0.0.1")


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder for uploads that only this user can read, gone when the server stops."""
    with tempfile.TemporaryDirectory(prefix="attest-uploads-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder  # read by gradio when the page is built
        yield Path(folder)


@contextmanager
def _stopping_cleanly() -> Iterator[None]:
    """SIGTERM ends the server as Ctrl-C does: the index closed, the uploads deleted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        print("attest has stopped.", file=sys.stderr)
    finally:
        signal.signal(signal.SIGTERM, before)
