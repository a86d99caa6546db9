"""The names by which the server answers, and whose pages may post to it."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from ui.web.server.hosts import Hosts, allowed, is_loopback
from vectorstore.errors import UsageError

LOOPBACK = Hosts(loopback=True)
NAMED = allowed(["attest.example", "192.168.1.5", "fd00::2", "https://safe.example"])


def refused(hosts: Hosts, *host: str) -> bool:
    return hosts.refusal(Headers(raw=[(b"host", name.encode()) for name in host])) is not None


def foreign(hosts: Hosts, host: str, **headers: str) -> bool:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return hosts.is_foreign(Headers({"host": host, **given}), "http")


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860", "127.0.0.2"])
def test_this_machine_is_answered_on_loopback_only(host: str) -> None:
    assert not refused(LOOPBACK, host)
    assert refused(NAMED, host)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:7860", "192.168.1.5:7860", "localhost.evil", "0.0.0.0:7860"]
)
def test_a_name_that_was_pointed_at_this_machine_is_refused(host: str) -> None:
    assert refused(LOOPBACK, host)


@pytest.mark.parametrize(
    "host",
    ["attest.example", "ATTEST.example:80", "192.168.1.5:7860", "[fd00::2]:1", "[fd00:0:0:0:0:0:0:2]", "safe.example"],
)
def test_the_names_allowed_are_answered_on_every_port(host: str) -> None:
    assert not refused(NAMED, host)


@pytest.mark.parametrize(
    "host", ["a.attest.example", "attest.example.evil", "192.168.1.6", "[fd00::3]", "evil.example"]
)
def test_other_names_are_refused(host: str) -> None:
    assert refused(NAMED, host)


def test_a_name_may_be_allowed_on_loopback_too() -> None:
    hosts = allowed(["attest.example"], loopback=True)
    assert not refused(hosts, "attest.example:80") and not refused(hosts, "localhost:80")
    assert refused(hosts, "evil.example")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "user@localhost",
        "localhost:",
        "localhost:x",
        "localhost:123456",
        "local host",
        "localhost/",
        "localhost,a",
        "localhost.",
        ".localhost",
        "ſocalhost",
        "[::1",
        "::1",
        "[127.0.0.1",
        "[fe80::1%eth0]",
        "localhost\t",
    ],
)
def test_a_host_that_is_no_host_is_refused(host: str) -> None:
    assert refused(LOOPBACK, host)


def test_there_is_exactly_one_host() -> None:
    assert refused(LOOPBACK)
    assert refused(LOOPBACK, "localhost", "localhost")


@pytest.mark.parametrize(
    "name", ["a:80", "http://a", "https://a/", "https://a:443", "*", "*.example", "a b", "", "user@a", "https://"]
)
def test_only_a_name_or_an_address_can_be_allowed(name: str) -> None:
    with pytest.raises(UsageError, match="--allowed-host"):
        allowed([name])


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost:1234",
        "http://127.0.0.1:7860",
        "https://localhost:7860",
        "http://localhost",
        "http://localhost:7860/",
        "http://localhost:7860@evil.example",
        "ftp://localhost:7860",
        "http://localhost:7860 ",
        "http://[",
        "http://localhost:99999",
        "",
    ],
)
def test_an_origin_other_than_the_page_itself_is_foreign(origin: str) -> None:
    assert foreign(LOOPBACK, "localhost:7860", origin=origin)


def test_the_page_itself_is_not_foreign() -> None:
    assert not foreign(LOOPBACK, "localhost:7860", origin="http://localhost:7860", sec_fetch_site="same-origin")
    assert not foreign(LOOPBACK, "localhost", origin="http://localhost:80")
    assert not foreign(LOOPBACK, "[::1]:7860", origin="http://[::1]:7860")
    assert not foreign(LOOPBACK, "localhost:7860")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "anything"])
def test_what_the_browser_says_is_believed(site: str) -> None:
    assert foreign(LOOPBACK, "localhost:7860", origin="http://localhost:7860", sec_fetch_site=site)


def test_two_origins_are_foreign() -> None:
    raw = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"origin", b"http://localhost")]
    assert LOOPBACK.is_foreign(Headers(raw=raw), "http")


def test_a_name_behind_a_proxy_with_tls_has_https_origins_only() -> None:
    assert not foreign(NAMED, "safe.example", origin="https://safe.example")
    assert foreign(NAMED, "safe.example", origin="http://safe.example")
    assert foreign(NAMED, "attest.example", origin="https://attest.example")


def test_loopback_names() -> None:
    assert is_loopback("localhost") and is_loopback("127.9.9.9") and is_loopback("::1")
    assert not is_loopback("0.0.0.0") and not is_loopback("") and not is_loopback("localhost.evil")
