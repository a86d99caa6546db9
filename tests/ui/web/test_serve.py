"""`attest serve` from the outside: its address, a taken port, and its end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.settings import Settings
from ui.web.serve import serve
from ui.web.server.access import address
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import AttestError, IndexInUse, UsageError
from vectorstore.index import Index


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_cleanly(
    small_index: Path, start_server: Callable[..., Any], embedder: Embedder, end: int
) -> None:
    from ingest.passages import SPLITTER_VERSION

    server = start_server(small_index)
    assert server.url.startswith("http://127.0.0.1:"), server.output
    assert httpx.get(server.url).status_code == 200
    with pytest.raises(IndexInUse, match="attest serve"):
        Index.open(small_index, embedder, splitter=SPLITTER_VERSION)
    assert server.stop(end) == 0
    assert len(server.output) == 2, server.output
    Index.open(small_index, embedder, splitter=SPLITTER_VERSION).close()


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AttestError, match=f"port {port} is in use"):
            serve(Settings(index=tmp_path / "index", port=port))
    assert not (tmp_path / "index").exists()


def test_a_host_that_is_not_here_is_wrong_usage(tmp_path: Path) -> None:
    for host in ("no such host", "203.0.113.7"):
        with pytest.raises(UsageError, match="no address of this machine"):
            serve(Settings(index=tmp_path / "index", host=host, port=0))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("192.168.1.5", "http://192.168.1.5:7860"),
        ("::1", "http://[::1]:7860"),
        ("localhost", "http://localhost:7860"),
    ],
)
def test_the_address_can_be_opened(host: str, url: str) -> None:
    assert address(host, 7860) == url
