"""`attest serve` from the outside: its address, a taken port, and its end."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import httpx
import pytest
from conftest import Server

from ui.serve import address, serve
from vectorstore.errors import AttestError, UsageError


def test_it_says_where_it_is_serves_and_ends_cleanly(tmp_path: Path) -> None:
    server = Server.start(tmp_path / "index")
    assert server.url.startswith("http://127.0.0.1:"), server.output
    assert httpx.get(server.url).status_code == 200
    assert server.stop(signal.SIGINT) == 0
    assert server.output[-1] == "attest has stopped."
    assert not any("Traceback" in line for line in server.output)

    again = Server.start(tmp_path / "index")
    assert not any(line.startswith("added") for line in again.output), "the article was there already"
    assert again.stop(signal.SIGTERM) == 0


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AttestError, match=f"port {port} is in use"):
            serve(tmp_path / "index", "127.0.0.1", port)
    assert not (tmp_path / "index").exists()


def test_a_host_that_is_not_here_is_wrong_usage(tmp_path: Path) -> None:
    for host in ("no such host", "203.0.113.7"):
        with pytest.raises(UsageError, match="no address of this machine"):
            serve(tmp_path / "index", host, 0)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("0.0.0.0", "http://127.0.0.1:7860"),
        ("::1", "http://[::1]:7860"),
        ("localhost", "http://localhost:7860"),
    ],
)
def test_the_address_can_be_opened(host: str, url: str) -> None:
    assert address(host, 7860) == url
