"""What listening on an address needs, and what the owner is told about who can reach it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings, load_settings
from ui.web.server.access import Access, access, listening
from ui.web.server.passwords import auth_line
from vectorstore.errors import UsageError

AUTH = auth_line("anna", "correct horse")
BEYOND = ["0.0.0.0", "::", "::ffff:0.0.0.0"]


def told(host: str, *, auth: str | None = None, no_auth: bool = False, names: tuple[str, ...] = ()) -> Access:
    with listening(host, 0) as listener:
        return access(listener, host, auth=auth, no_auth=no_auth, allowed_hosts=names)


@pytest.fixture
def own_address() -> Iterator[str]:
    """An address of this machine that is not a loopback one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            pytest.skip("this machine has no address but loopback")
        yield probe.getsockname()[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.5"])
def test_loopback_needs_nothing_and_answers_to_this_machine_only(host: str) -> None:
    found = told(host)
    assert found.login is None and found.line is None
    assert found.hosts.loopback and not found.hosts.names


@pytest.mark.parametrize("host", BEYOND)
def test_beyond_loopback_who_may_come_in_must_be_said(host: str) -> None:
    with pytest.raises(UsageError, match=r"--auth FILE .*attest password USER.* --no-auth") as refused:
        told(host, names=("attest.example",))
    assert refused.value.exit_code == 2 and "\n" not in str(refused.value)


@pytest.mark.parametrize("host", BEYOND)
def test_beyond_loopback_the_names_must_be_said(host: str) -> None:
    with pytest.raises(UsageError, match="--allowed-host NAME"):
        told(host, no_auth=True)


@pytest.mark.parametrize("host", BEYOND)
def test_beyond_loopback_only_the_names_said_are_answered(host: str) -> None:
    found = told(host, no_auth=True, names=("attest.example", "192.0.2.9"))
    assert found.hosts.names == {"attest.example", "192.0.2.9"} and not found.hosts.loopback
    assert found.url.startswith("http://attest.example:")


def test_an_address_of_the_network_is_its_own_name(own_address: str) -> None:
    with pytest.raises(UsageError, match="--auth"):
        told(own_address)
    found = told(own_address, no_auth=True)
    assert found.hosts.names == {own_address} and not found.hosts.loopback
    assert found.url.startswith(f"http://{own_address}:")


def test_the_owner_is_told_who_can_come_in() -> None:
    found = told("0.0.0.0", no_auth=True, names=("attest.example",))
    port = found.url.rpartition(":")[2]
    expected = f"anyone who can reach this machine on port {port} may ask and add documents: started with --no-auth"
    assert found.line == expected
    line = told("0.0.0.0", auth=AUTH, names=("attest.example",)).line
    assert line is not None and "logs in (1 user)" in line and "TLS" in line and "\n" not in line


def test_a_login_is_enforced_on_loopback_too() -> None:
    found = told("127.0.0.1", auth=AUTH)
    assert found.login is not None and found.line is not None and "on this machine" in found.line


def test_a_name_behind_a_proxy_with_tls_is_the_address_to_open() -> None:
    assert told("0.0.0.0", auth=AUTH, names=("https://safe.example",)).url == "https://safe.example"


def test_contradictions_and_unusable_names_are_told_in_one_line() -> None:
    with pytest.raises(UsageError, match="contradict"):
        told("127.0.0.1", auth=AUTH, no_auth=True)
    with pytest.raises(UsageError, match="--allowed-host 'a:80'"):
        told("127.0.0.1", names=("a:80",))


def test_the_settings_come_from_flags_the_environment_and_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (Settings().auth, Settings().allowed_host) == (None, ())
    (tmp_path / "attest.toml").write_text('auth = "users"\nallowed_host = ["a.example", "b.example"]\n')
    assert load_settings().auth == "users"
    assert load_settings().allowed_host == ("a.example", "b.example")
    monkeypatch.setenv("ATTEST_AUTH", AUTH)
    monkeypatch.setenv("ATTEST_ALLOWED_HOST", "c.example, https://d.example,")
    assert load_settings().auth == AUTH
    assert load_settings().allowed_host == ("c.example", "https://d.example")
    assert load_settings({"allowed_host": ["e.example"]}).allowed_host == ("e.example",)


def test_everybody_is_let_in_by_the_flag_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "attest.toml").write_text("no_auth = true\n")
    with pytest.raises(UsageError, match="there is no such setting"):
        load_settings()
