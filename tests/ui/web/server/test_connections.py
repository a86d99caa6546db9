"""Attacks on the served page by hand-made connections: slow, half, many, wrong; and its end while they are open."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from tests.ui.served import Server, connect, rest
from ui.web.server.connections import Connections
from ui.web.server.stopping import server

UPLOAD = b"POST /attest/upload?name=a.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc"
JOIN = b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: localhost\r\n"
READ = b"GET /attest/page.js HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def served(small_index: Path) -> Iterator[Server]:
    server = Server.start(small_index)
    assert server.url, "\n".join(server.output)
    yield server
    server.stop()
    assert len(server.output) == 2, "attacks leave no line in the log: " + "\n".join(server.output)


def answer(url: str, request: bytes) -> bytes:
    with connect(url) as connection:
        connection.sendall(request)
        return rest(connection)


def answers(url: str) -> bool:
    return httpx.get(url, timeout=10).status_code == 200


def seconds_until_closed(url: str, first: bytes, then: bytes = b"") -> tuple[float, bytes]:
    """Sends `first`, and `then` byte by byte, two a second, until the server closes."""
    begin = time.monotonic()
    with connect(url, seconds=0.5) as connection:
        connection.sendall(first)
        came = b""
        for byte in then + b"\0" * (120 - len(then)):
            try:
                part = connection.recv(65_536)
                if not part:
                    break
                came += part
            except TimeoutError:
                pass
            except ConnectionResetError:
                break
            if then:
                try:
                    connection.send(bytes([byte]))
                except OSError:
                    break
    return time.monotonic() - begin, came


def test_what_comes_too_slowly_is_ended_while_others_are_served(served: Server) -> None:
    slowly = {
        "nothing at all": (b"", b""),
        "half a line": (b"GET / HT", b""),
        "a head, byte by byte": (READ, b"X-Slow: " + b"a" * 100),
        "a head after a whole request": (READ + b"\r\n" + READ, b"X-Slow: " + b"a" * 100),
        "half a question": (JOIN + b"Content-Length: 100\r\n\r\n{", b""),
        "a question, byte by byte": (JOIN + b"Content-Length: 1000\r\n\r\n{", b" " * 119),
        "half an upload": (UPLOAD, b""),
        "a body after a refusal": (JOIN + b"Content-Length: 2000000\r\n\r\n{", b" " * 119),
    }
    with ThreadPoolExecutor(len(slowly)) as pool:
        ends = {name: pool.submit(seconds_until_closed, served.url, *sent) for name, sent in slowly.items()}
        assert answers(served.url)
    found = {name: end.result() for name, end in ends.items()}
    for name in ("nothing at all", "half a line", "a head, byte by byte"):
        assert 8 < found[name][0] < 14 and found[name][1] == b"", (name, found[name])
    assert found["a head after a whole request"][0] < 18
    assert found["a head after a whole request"][1].startswith(b"HTTP/1.1 200 OK")
    for name in ("half a question", "a question, byte by byte", "half an upload"):
        assert 27 < found[name][0] < 36, (name, found[name])
        assert found[name][1].startswith(b"HTTP/1.1 408 ") and b"took too long to arrive.\n" in found[name][1]
    assert found["a body after a refusal"][0] < 5


def test_one_address_has_so_many_connections_and_no_more(served: Server) -> None:
    with ExitStack() as held:
        opened = [held.enter_context(connect(served.url)) for _ in range(200)]
        refused = answer(served.url, b"")
        assert refused.startswith(b"HTTP/1.1 503 ") and refused.endswith(
            b"Too many connections: try again in a moment.\n"
        )
        opened[0].close()
        end = time.monotonic() + 5
        while time.monotonic() < end and answer(served.url, READ + b"Connection: close\r\n\r\n").startswith(
            b"HTTP/1.1 503"
        ):
            time.sleep(0.05)
        assert answer(served.url, READ + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert answers(served.url)


def test_a_client_that_takes_nothing_is_cut_off() -> None:
    async def much(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await PlainTextResponse(b"x" * 50_000_000)(scope, receive, send)

    running = server(much, "", lambda: None, Connections(stalled_seconds=1.0))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        with connect(f"http://127.0.0.1:{listener.getsockname()[1]}") as connection:
            connection.sendall(READ + b"\r\n")
            end = time.monotonic() + 30
            while not running.server_state.connections and time.monotonic() < end:
                time.sleep(0.01)
            while running.server_state.connections and time.monotonic() < end:
                time.sleep(0.01)
            assert not running.server_state.connections
            assert len(rest(connection)) < 50_000_000
        running.should_exit = True
        thread.join(30)
    assert not thread.is_alive()


def test_the_last_connections_are_for_addresses_that_have_few() -> None:
    connections = Connections(each=6, all=12, kept_free=4, few=2)
    assert [connections.enter("a") for _ in range(7)] == [True] * 6 + [False]
    assert [connections.enter("b") for _ in range(5)] == [True] * 2 + [False] * 3
    assert [connections.enter(name) for name in ("c", "d", "e", "f", "g")] == [True] * 4 + [False]


def test_connections_are_counted_by_address_and_in_all() -> None:
    connections = Connections(each=2, all=3)
    assert [connections.enter(address) for address in ("a", "a", "a", "b", "c")] == [True, True, False, True, False]
    connections.leave("a")
    assert connections.enter("c")
    for address in ("a", "b", "c"):
        connections.leave(address)
    assert connections == Connections(each=2, all=3), "nothing is remembered of those who have left"


@pytest.mark.parametrize(
    ("request_", "status", "line"),
    [
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400, b"answers to localhost only"),
        (b"GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n", 400, b"does not name the server properly"),
        (b"GET / HTTP/1.0\r\n\r\n", 400, b"does not name the server properly"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400, b"Invalid HTTP request"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, b"Invalid HTTP request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, b"Invalid HTTP request"),
        (b"GET http://169.254.1.1/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404, b"nothing here"),
        (READ + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n", 400, b"Invalid HTTP request"),
        (READ + b"Content-Length: 5\r\n\r\nabcde", 400, b"should have no body"),
        (b"BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 405, b"not used here"),
        (b"GET /config HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404, b"nothing here"),
        (JOIN + b"\r\n{}", 411, b"length of this request is missing"),
        (JOIN + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 411, b"length of this request is missing"),
        (JOIN + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 411, b"missing"),
        (JOIN + b"Content-Length: 99999999999999\r\n\r\n{}", 413, b"larger than the 1,000,000 bytes"),
        (JOIN + b"Origin: https://localhost\r\nContent-Length: 2\r\n\r\n{}", 403, b"from another site"),
    ],
)
def test_a_wrong_request_gets_one_plain_line(served: Server, request_: bytes, status: int, line: bytes) -> None:
    head, _, body = answer(served.url, request_).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), head
    assert line in body and body.count(b"\n") <= 1
    assert b"text/plain" in head
    assert not any(word in body for word in (b"Traceback", b"/work", b"site-packages", b".py"))


def test_a_websocket_is_not_opened(served: Server) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with connect(served.url) as connection:
        connection.sendall(b"GET /gradio_api/ws HTTP/1.1\r\nHost: localhost\r\n" + upgrade)
        assert connection.recv(100).startswith(b"HTTP/1.1 404")


def test_clients_that_vanish_leave_nothing_in_the_log(served: Server) -> None:
    for sent in (JOIN + b"Content-Length: 100\r\n\r\n{", JOIN, READ + b"\r\n", b"GET"):
        with connect(served.url) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # closes with a reset
            connection.sendall(sent)
    assert answers(served.url)
    assert len(served.output) == 1, served.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_ends_within_five_seconds_whatever_is_open(
    embedder: Any, tmp_path: Path, start_server: Callable[..., Server], number: int
) -> None:
    from ingest.passages import SPLITTER_VERSION
    from vectorstore.index import Index

    Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION).close()
    server = start_server(tmp_path / "index")
    assert server.url, server.output
    lines = len(server.output)
    with ExitStack() as held:
        for sent in (
            b"",
            b"GET / HT",
            JOIN + b"Content-Length: 100\r\n\r\n{",
            UPLOAD,
            b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ):
            held.enter_context(connect(server.url)).sendall(sent)
        time.sleep(0.5)
        begin = time.monotonic()
        assert server.stop(number) == 0
        assert time.monotonic() - begin < 5
    assert server.output[lines:] == ["attest has stopped."]


def test_work_that_does_not_end_does_not_hold_the_process_up() -> None:
    code = (
        "import threading, time; from ui.web.server.stopping import end_soon\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "end_soon(0.5); end_soon(50)\n"
        "while True: sum(range(1000))"
    )
    begin = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=False)
    assert ended.returncode == 0 and ended.stderr == ""
    assert ended.stdout == "What was still under way has been cut off.\n"
    assert time.monotonic() - begin < 20
