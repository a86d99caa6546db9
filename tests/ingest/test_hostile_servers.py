"""Whatever a web server does, a fetch ends at its deadline, or within a second when it is no longer wanted."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import ingest.fetch
from ingest.deadline import Stopped
from ingest.fetch import fetch
from ingest.loading import load_url
from vectorstore.errors import InputError

Serve = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@contextmanager
def served(serve: Serve) -> Iterator[str]:
    """The address of a server that reads a request and then does as `serve` says, until the other side hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))
    closed: list[float] = []

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                serve(connection)
            except OSError:
                closed.append(time.monotonic())

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def dripping(start: bytes, drop: bytes, pause: float = 0.05) -> Serve:
    def serve(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(drop)
            time.sleep(pause)

    return serve


HOSTILE: dict[str, Serve] = {
    "a header byte by byte": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "a body byte by byte": dripping(OK + b"Content-Length: 1000000\r\n\r\n", b"x"),
    "a chunk at a time": dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "interim answers without end": dripping(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "interim answers at full speed": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000, 0.0),
    "nothing": dripping(b"", b"", 60.0),
}


def ended(address: str, *, stop: Callable[[], bool] = lambda: False) -> tuple[Exception, float]:
    """The error with which a fetch ends, and after how many seconds."""
    begun = time.monotonic()
    with pytest.raises(InputError) as caught:
        fetch(address, allow_private=True, stop=stop)
    assert "\n" not in str(caught.value)
    return caught.value, time.monotonic() - begun


@pytest.mark.parametrize("what", HOSTILE)
def test_the_deadline_holds(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.fetch, "MAX_SECONDS", 1.0)
    with served(HOSTILE[what]) as address:
        error, seconds = ended(f"http://{address}")
    assert "took longer than 1 seconds" in str(error)
    assert 0.9 < seconds < 2.0


@pytest.mark.parametrize("answer", [dripping(b"", b"", 60.0), dripping(b"\x16\x03\x03\x40\x00\x02", b"\x00")])
def test_the_deadline_holds_while_tls_begins(answer: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.fetch, "MAX_SECONDS", 1.0)
    with served(answer) as address:
        error, seconds = ended(f"https://{address}")
    assert "took longer" in str(error) and seconds < 2.0


def test_redirects_share_one_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.fetch, "MAX_SECONDS", 1.0)

    def serve(connection: socket.socket) -> None:
        time.sleep(0.4)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")

    with served(serve) as address:
        error, seconds = ended(f"http://{address}")
    assert "took longer" in str(error) and seconds < 2.0


def test_a_name_that_is_never_found_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that hangs can be neither made nor interrupted: here it sleeps."""
    monkeypatch.setattr(ingest.fetch, "MAX_SECONDS", 0.5)
    released = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        released.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    error, seconds = ended("http://slow.example/")
    released.set()
    assert "took longer" in str(error) and seconds < 1.5


def test_a_page_that_is_no_longer_wanted_is_given_up_within_a_second() -> None:
    begun = time.monotonic()
    with served(HOSTILE["a header byte by byte"]) as address, pytest.raises(Stopped, match="attest is ending"):
        load_url(f"http://{address}", allow_private=True, stop=lambda: time.monotonic() > begun + 0.3)
    assert time.monotonic() - begun < 1.3


def test_the_connection_is_cut_and_no_thread_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.fetch, "MAX_SECONDS", 0.5)
    with served(HOSTILE["a header byte by byte"]) as address:
        ended(f"http://{address}")
        time.sleep(0.5)
        assert not [thread for thread in threading.enumerate() if thread.name == "attest-fetch"]


def test_endless_headers_and_impossible_lengths_are_refused_at_once() -> None:
    with served(dripping(OK, b"X-Filler: " + b"x" * 50_000 + b"\r\n", 0.0)) as address:
        error, seconds = ended(f"http://{address}")
        assert "could not be reached" in str(error) and seconds < 5
    with served(lambda connection: connection.sendall(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n")) as address:
        error, seconds = ended(f"http://{address}")
        assert seconds < 5 and len(str(error)) < 500


def test_a_redirect_to_a_very_long_address_makes_a_short_message() -> None:
    location = b"Location: http://127.0.0.1:1/" + b"x" * 40_000
    with served(
        lambda c: c.sendall(b"HTTP/1.1 302 Found\r\n" + location + b"\r\nContent-Length: 0\r\n\r\n")
    ) as address:
        error, _ = ended(f"http://{address}")
    assert len(str(error)) < 500
