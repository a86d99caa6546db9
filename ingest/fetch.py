"""Fetches one web page: only from public addresses, only so large, only so long.

Each host name is resolved once and every address it has is checked; the connection then goes to a checked address, with
the name in the Host header and in TLS, so that a second, different DNS answer cannot lead inside. Redirects are
followed by hand and checked in the same way.

One deadline covers everything, the look-up of the name too: the work runs in a thread of its own, and when the time is
up its connections are cut and nobody waits for it any longer.

But: it keeps no cookies, sends no credentials and knows no proxy. Proxy settings of the environment are ignored: behind
a proxy the address could not be checked. Where the only way out is a proxy, save the page and ingest the file.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx

from ingest.deadline import Deadline, Stop, never
from vectorstore.errors import InputError

MAX_BYTES = 20 * 2**20
"""How much of a page is read, after decompression."""
MAX_REDIRECTS = 5
MAX_SECONDS = 30.0
"""For everything: the look-up of the name, every connection and redirect, and the page."""
_TIMEOUT = httpx.Timeout(15.0, connect=10.0)
"""For one step of it: a server that says nothing is given up sooner."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Fetched:
    """A page's bytes. `content_type` is lower case, without parameters; `charset` as the server states it; `url` the
    address that answered, after redirects."""

    data: bytes
    content_type: str
    charset: str | None
    url: str


def is_url(target: str) -> bool:
    """Whether a target is meant as a URL, of whatever scheme, rather than a path."""
    scheme, separator, _ = target.partition("://")
    return bool(separator) and scheme.isascii() and scheme.isalpha()


def normalised(url: str) -> str:
    """The URL as documents record it: without fragment, host in lower case. Raises InputError for anything that is not
    an http or https address of a host, or that carries a password."""
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise InputError(f"{_shown(url)} is not a valid web address. Check its spelling") from error
    if parsed.scheme not in ("http", "https"):
        raise InputError(f"{_shown(url)} cannot be fetched: only http and https addresses can")
    if not parsed.host:
        raise InputError(f"{_shown(url)} is not a valid web address: it names no host")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise InputError(f"{_shown(url)} is not a valid web address: there is no port {parsed.port}")
    if parsed.userinfo:
        raise InputError(f"{parsed.copy_with(userinfo=b'')} was given with a user name; save the page, ingest the file")
    return str(parsed.copy_with(fragment=None))


def fetch(url: str, *, allow_private: bool = False, stop: Stop = never) -> Fetched:
    """Fetches `url`. `allow_private` permits addresses of this machine and its network; `stop` interrupts it. Raises
    InputError, one line, for whatever goes wrong; Stopped where it was interrupted."""
    current = normalised(url)
    deadline = Deadline.after(MAX_SECONDS, stop)
    connections = _Connections()
    outcome: Future[Fetched] = Future()

    def work() -> None:
        try:
            outcome.set_result(_fetch(current, connections, deadline, allow_private))
        except BaseException as error:
            outcome.set_exception(error)

    # Not in a pool: a look-up cannot be interrupted, and nothing waits at the end of the program for a daemon thread.
    threading.Thread(target=work, name="attest-fetch", daemon=True).start()
    try:
        while not outcome.done():
            deadline.check(_shown(current), _late(current))
            wait([outcome], timeout=deadline.pause())
        return outcome.result()
    finally:
        connections.cut()


def _fetch(url: str, connections: _Connections, deadline: Deadline, allow_private: bool) -> Fetched:
    current = url
    # Its own User-Agent, as servers ask of robots; no environment (proxies, .netrc, certificate files) is trusted.
    with httpx.Client(trust_env=False, timeout=_TIMEOUT, headers=_headers(), follow_redirects=False) as client:
        for _ in range(MAX_REDIRECTS + 1):
            try:
                answer = _request(client, httpx.URL(current), connections, deadline, allow_private)
            except httpx.TimeoutException as error:
                raise InputError(f"{_shown(current)} did not answer in time. Try again later") from error
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise InputError(
                    f"{_shown(current)} could not be reached: {_reason(error)}. Check the address"
                ) from error
            if isinstance(answer, Fetched):
                return answer
            current = answer
    raise InputError(f"{_shown(url)} redirects more than {MAX_REDIRECTS} times. Use the final address")


class _Connections:
    """The connections of one fetch, so that another thread can cut them, whatever waits for one: the library's time
    limits are for one read each, and a server that sends a byte now and then never meets them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._cut = False

    def follow(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpx calls at each step of a request (its extension "trace")."""
        if event != "connection.connect_tcp.complete":
            return
        # A second descriptor of the same connection: the first changes hands when TLS begins.
        own = info["return_value"].get_extra_info("socket").dup()
        with self._lock:
            self._sockets.append(own)
            if self._cut:
                self._close()

    def cut(self) -> None:
        """Ends every connection, and those that are still to come."""
        with self._lock:
            self._cut = True
            self._close()

    def _close(self) -> None:
        for one in self._sockets:
            with suppress(OSError):  # the other side was quicker
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._sockets.clear()


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet; addresses that embed an IPv4 address are judged by that too."""
    embedded: list[Address] = []
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour is not None:
            embedded.append(address.sixtofour)
        if address.teredo is not None:
            embedded.extend(address.teredo)
        if address.is_site_local:
            return False
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return all(is_public(inner) for inner in embedded)


def _request(
    client: httpx.Client, url: httpx.URL, connections: _Connections, deadline: Deadline, allow_private: bool
) -> Fetched | str:
    """The page, or the address that it redirects to. Tries the addresses of the host in turn."""
    addresses = _addresses(url, allow_private)
    for position, address in enumerate(addresses):
        deadline.check(_shown(url), _late(url))
        request = client.build_request(
            "GET",
            url.copy_with(host=address),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii").strip("[]"), "trace": connections.follow},
        )
        try:
            response = client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if position + 1 == len(addresses):
                raise
            continue
        try:
            return _answer(response, url)
        finally:
            response.close()
    raise InputError(f"{_shown(url)} could not be reached: its host has no address. Check the address")


def _addresses(url: httpx.URL, allow_private: bool) -> list[str]:
    """The checked addresses of a host, each once, in the order of the resolver."""
    host = url.raw_host.decode("ascii").strip("[]")
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError, OSError) as error:
        raise InputError(
            f"{_shown(url)} could not be reached: the host {host} is not known. Check the address"
        ) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private:
        for address in addresses:
            if not is_public(ipaddress.ip_address(address.partition("%")[0])):
                # The address is not told: whoever may add a page could ask for the names of the network around.
                raise InputError(
                    f"{_shown(url)} is refused: its host is on a private or reserved network. "
                    "Save the page and ingest the file"
                )
    return addresses


def _answer(response: httpx.Response, url: httpx.URL) -> Fetched | str:
    if response.status_code in _REDIRECTS and "location" in response.headers:
        try:
            return normalised(str(url.join(response.headers["location"])))
        except (httpx.InvalidURL, ValueError) as error:
            raise InputError(
                f"{_shown(url)} redirects to an address that is not valid. Use the final address"
            ) from error
    if response.status_code != 200:
        phrase = f"{response.status_code} {response.reason_phrase}".strip()
        raise InputError(f"{_shown(url)} could not be read: its server answered {phrase!r}. Check the address")
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise InputError(f"{_shown(url)} could not be read: it is packed in a way not asked for ({encoding})")
    if int(_digits(response.headers.get("content-length"))) > MAX_BYTES:
        raise InputError(_too_large(url))
    data = b"".join(_limited(response, url))
    content_type, _, _ = response.headers.get("content-type", "").partition(";")
    return Fetched(data, content_type.strip().lower(), response.charset_encoding, str(url))


def _limited(response: httpx.Response, url: httpx.URL) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAX_BYTES:
            raise InputError(_too_large(url))
        yield chunk


def _late(url: httpx.URL | str) -> str:
    return f"{_shown(url)} took longer than {MAX_SECONDS:.0f} seconds. Save the page and ingest the file"


def _too_large(url: httpx.URL) -> str:
    return (
        f"{_shown(url)} is larger than the limit of {MAX_BYTES // 2**20} MB for web pages. Save it and ingest the file"
    )


def _headers() -> dict[str, str]:
    try:
        release = version("attest")
    except PackageNotFoundError:  # run from a checkout that is not installed
        release = "0"
    accept = "text/html, application/xhtml+xml, text/markdown, text/plain, application/pdf, */*;q=0.5"
    return {"User-Agent": f"attest/{release}", "Accept": accept, "Accept-Encoding": "gzip, deflate"}


def _reason(error: Exception) -> str:
    """Why, in a few words, on one line."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words.removeprefix("[Errno ").partition("] ")[2] or words


def _digits(header: str | None) -> str:
    return header if header is not None and header.isascii() and header.isdigit() else "0"


def _shown(url: httpx.URL | str) -> str:
    """A URL for a message: one line, no longer than 200 characters."""
    line = " ".join(str(url).split())
    return line if len(line) <= 200 else line[:199] + "…"
