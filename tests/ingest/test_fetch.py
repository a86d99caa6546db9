"""Web pages are fetched from public addresses only, within limits; the servers here are real ones on loopback."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import ingest.fetch
from ingest.fetch import fetch, is_public, is_url, normalised
from ingest.loading import load_url
from vectorstore.errors import InputError

STORY = (
    "The ferry left twice a day, at seven and at four, and whoever missed both slept in the waiting room, which had a "
    "stove, a bench and a picture of the king. Nobody complained about the picture."
)
PAGES: dict[str, tuple[str, bytes]] = {
    "/story.html": (
        "text/html; charset=utf-8",
        f"<title>The Ferry</title><script>bad()</script><article><h1>The Ferry</h1><p>{STORY}</p></article>".encode(),
    ),
    "/latin": ("text/html; charset=ISO-8859-1", "<title>Café</title><p>Crème brûlée</p>".encode("latin-1")),
    "/notes.md": ("text/plain", b"# Notes\n\nTen of them."),
    "/plain": ("text/plain", b"Timetable\r\n\r\nSeven and four."),
    "/untyped.txt": ("application/octet-stream", b"Fares\n\nTwo crowns."),
    "/fees.csv": ("text/csv; charset=windows-1252", "Boot;Gebühr\nMöwe;1,50\nLumme;2,50\n".encode("cp1252")),
    "/fees.tsv": ("text/plain", b"Boat\tFee\nTern\t1\nSkua\t2\n"),
    "/export.csv": ("application/vnd.ms-excel", b"Boat,Fee\nTern,1\nSkua,2\n"),
    "/fees.xls": ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0"),
    "/picture": ("image/png", b"\x89PNG"),
    "/empty": ("text/html", b""),
    "/broken.pdf": ("application/pdf", b"%PDF-1.4 nothing"),
    "/large": ("text/plain", b"x" * 3000),
    "/bomb": ("text/plain", b"x" * 3000),
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/bomb":
            self.answer(200, gzip.compress(bytes(50 * 2**20)), {"Content-Encoding": "gzip"})
        elif self.path == "/brotli":
            self.answer(200, b"x", {"Content-Encoding": "br"})
        elif self.path.startswith("/hops/"):
            left = int(self.path.rsplit("/", 1)[1])
            self.answer(302, b"", {"Location": f"/hops/{left - 1}" if left else "/plain"})
        elif self.path == "/inside":
            self.answer(302, b"", {"Location": "http://169.254.169.254/latest"})
        elif self.path == "/file":
            self.answer(302, b"", {"Location": "file:///etc/hosts"})
        elif self.path == "/host":
            self.answer(200, self.headers["Host"].encode(), {"Content-Type": "text/plain"})
        elif self.path in PAGES:
            kind, data = PAGES[self.path]
            self.answer(200, data, {"Content-Type": kind})
        else:
            self.answer(404, b"gone", {})

    def answer(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.path != "/large":
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:  # the reader had enough
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def refused(url: str, *, allow_private: bool = False) -> str:
    with pytest.raises(InputError) as caught:
        load_url(url, allow_private=allow_private)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_page_becomes_a_document(site: str) -> None:
    document = load_url(f"{site}/story.html#top", allow_private=True).document
    assert (document.title, document.format, document.origin) == ("The Ferry", "markdown", f"{site}/story.html")
    assert STORY in document.text and "bad()" not in document.text
    assert document.id.startswith("the-ferry-")


def test_the_content_type_decides(site: str) -> None:
    assert "Crème brûlée" in load_url(f"{site}/latin", allow_private=True).document.text
    notes = load_url(f"{site}/notes.md", allow_private=True).document
    assert (notes.title, notes.format) == ("Notes", "markdown")
    plain = load_url(f"{site}/plain", allow_private=True).document
    assert (plain.title, plain.format, plain.text) == ("Timetable", "plain", "Timetable\r\n\r\nSeven and four.")
    assert load_url(f"{site}/untyped.txt", allow_private=True).document.title == "Fares"
    fees = load_url(f"{site}/fees.csv", allow_private=True).document
    assert fees.text == "| Boot | Gebühr |\n| --- | --- |\n| Möwe | 1,50 |\n| Lumme | 2,50 |\n"
    for name in ("fees.tsv", "export.csv"):
        assert "| Tern | 1 |" in load_url(f"{site}/{name}", allow_private=True).document.text
    assert "Export it as .xlsx or .csv" in refused(f"{site}/fees.xls", allow_private=True)
    assert "(image/png)" in refused(f"{site}/picture", allow_private=True)
    assert "damaged PDF" in refused(f"{site}/broken.pdf", allow_private=True)


def test_what_does_not_work_is_one_line(site: str) -> None:
    assert "404 Not Found" in refused(f"{site}/none", allow_private=True)
    assert "is empty" in refused(f"{site}/empty", allow_private=True)
    assert "(br)" in refused(f"{site}/brotli", allow_private=True)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert "could not be reached" in refused(f"http://127.0.0.1:{port}/", allow_private=True)
    assert "is not known" in refused("http://no-such-host.invalid/")


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.fetch, "_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert "did not answer in time" in refused(url, allow_private=True)


def test_size_is_limited_while_reading_and_after_unpacking(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "20 MB" in refused(f"{site}/bomb", allow_private=True)
    monkeypatch.setattr(ingest.fetch, "MAX_BYTES", 2000)
    assert "larger than the limit" in refused(f"{site}/large", allow_private=True)


def test_redirects_are_followed_five_times(site: str) -> None:
    assert load_url(f"{site}/hops/4", allow_private=True).document.title == "Timetable"
    assert "more than 5 times" in refused(f"{site}/hops/5", allow_private=True)


def test_every_redirect_is_checked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "only http and https" in refused(f"{site}/file", allow_private=True)
    # The first hop alone is let through, as if it were public.
    monkeypatch.setattr(ingest.fetch, "is_public", lambda address: str(address) == "127.0.0.1")
    assert "its host is on a private or reserved network" in refused(f"{site}/inside")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:7860/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://2130706433/",
        "http://0x7f.1/",
        "https://127.0.0.1/",
    ],
)
def test_private_and_reserved_addresses_are_refused(url: str) -> None:
    assert "its host is on a private or reserved network" in refused(url)


def test_public_addresses_are_public() -> None:
    for address in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"):
        assert is_public(ipaddress.ip_address(address))


def test_a_host_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    # The address is not told: whoever may add a page could read the names of the network in which attest runs.
    message = "http://mixed.example/ is refused: its host is on a private or reserved network"
    assert refused("http://mixed.example/") == f"{message}. Save the page and ingest the file"


def test_the_connection_goes_to_the_address_that_was_checked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is resolved once; a second answer, as a rebinding server gives it, is never asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolver(host: str, port: int, *args: int, **kwargs: int) -> object:
        if host == "rebind.example":
            asked.append(host)
            return real("127.0.0.1", port, *args, **kwargs)
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    port = site.rpartition(":")[2]
    answer = fetch(f"http://rebind.example:{port}/host", allow_private=True)
    assert answer.data == f"rebind.example:{port}".encode()
    assert asked == ["rebind.example"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/hosts",
        "http://",
        "https://example.org:99999/",
        "http://a b/",
        "http://\x00/",
    ],
)
def test_addresses_that_cannot_be_fetched(url: str) -> None:
    refused(url)


def test_credentials_are_not_taken() -> None:
    message = refused("http://user:hunter2@example.org/")
    assert "hunter2" not in message


def test_normal_form() -> None:
    assert normalised(" HTTP://Example.ORG/a?b#c ") == "http://example.org/a?b"
    assert is_url("https://x") and not is_url("notes/a.txt") and not is_url("C:\\x")
