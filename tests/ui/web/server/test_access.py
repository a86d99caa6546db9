"""The served page beyond loopback, over real HTTP: the command's refusals, the login, and the names."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.ui.served import SERVE, Server
from ui.web.server.passwords import auth_line

JOIN = "/gradio_api/queue/join"
RIGHT = {"user": "anna", "password": "correct horse"}


@pytest.fixture(scope="module")
def served(small_index: Path) -> Iterator[Server]:
    users = small_index.parent / "users"
    users.write_text(auth_line("anna", "correct horse") + "\n")
    users.chmod(0o600)
    names = ("--allowed-host", "127.0.0.1", "--allowed-host", "attest.example")
    server = Server.start(small_index, "--host", "0.0.0.0", "--auth", str(users), *names)
    assert server.url, "\n".join(server.output)
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("flags", "advice"),
    [
        (["--host", "0.0.0.0"], "--auth FILE"),
        (["--host", "::"], "--no-auth"),
        (["--host", "0.0.0.0", "--no-auth"], "--allowed-host NAME"),
        (["--auth", "/nonexistent/users"], "name a file of users with --auth"),
        (["--no-auth", "--auth", "users"], "give one of them"),
        (["--allowed-host", "http://a"], "give a name or an address without port"),
    ],
)
def test_what_is_missing_is_told_in_one_line_before_anything_is_made(
    tmp_path: Path, flags: list[str], advice: str
) -> None:
    command = [sys.executable, "-c", SERVE, "--port", "0", "--index", str(tmp_path / "index"), *flags]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2 and ended.stdout == ""
    assert ended.stderr.startswith("attest: ") and ended.stderr.count("\n") == 1 and advice in ended.stderr
    assert not (tmp_path / "index").exists()


def test_the_owner_is_told_at_start(served: Server) -> None:
    assert served.output[0].startswith("whoever can reach this machine on port ")
    assert "logs in (1 user)" in served.output[0]


def test_a_rebound_name_is_refused_before_anything_else(served: Server) -> None:
    for host in ("evil.example", "localhost", "0.0.0.0", "127.0.0.1.evil.example"):
        for path in ("/", "/login", "/config"):
            response = httpx.get(served.url + path, headers={"Host": host})
            assert response.status_code == 400 and response.text.count("\n") == 1
        response = httpx.post(served.url + "/login", data=RIGHT, headers={"Host": host, "Origin": f"http://{host}"})
        assert response.status_code == 400 and "set-cookie" not in response.headers
    assert httpx.get(served.url + "/login", headers={"Host": "attest.example:1"}).status_code == 200


def test_nobody_asks_adds_or_reads_without_a_session(served: Server) -> None:
    assert httpx.get(served.url).status_code == 303
    for path in (
        "/attest/style.css",
        "/attest/source/1",
        "/config",
        "/gradio_api/queue/data?session_hash=a",
        "/theme.css",
    ):
        assert httpx.get(served.url + path).status_code == 401
    for path in (JOIN, "/attest/upload", "/gradio_api/reset"):
        assert httpx.post(served.url + path, json={}).status_code == 401


def test_whoever_logs_in_has_the_page_and_its_stream_until_the_logout(served: Server) -> None:
    with httpx.Client(base_url=served.url) as browser:
        entered = browser.post("/login", data=RIGHT, headers={"Origin": served.url})
        assert entered.status_code == 303 and "httponly" in entered.headers["set-cookie"].lower()
        page = browser.get("/")
        assert page.status_code == 200 and "gradio" in page.text
        assert browser.get("/attest/style.css").status_code == 200
        with browser.stream("GET", "/gradio_api/heartbeat/abc") as stream:
            assert stream.status_code == 200
        assert browser.post("/logout", headers={"Origin": "http://evil.example"}).status_code == 403
        assert browser.post("/logout", headers={"Origin": served.url}).status_code == 303
        assert browser.get("/attest/style.css").status_code == 401


def test_a_proxy_header_changes_nothing(served: Server) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}
    with httpx.Client(base_url=served.url, headers=headers) as browser:
        entered = browser.post("/login", data=RIGHT)
        assert "secure" not in entered.headers["set-cookie"].lower()
        assert "evil.example" not in browser.get("/").text


def test_guessing_is_slowed_down(served: Server) -> None:
    """The last test of this server: its address must wait afterwards."""
    wrong = {"user": "anna", "password": "wrong horse"}
    statuses, left = [], 0
    while left < 3 and len(statuses) < 500:  # a wait that outlasts the next request, however slow the machine
        answer = httpx.post(served.url + "/login", data=wrong)
        statuses.append(answer.status_code)
        left = int(answer.headers.get("retry-after", 0))
    assert statuses[:5] == [401] * 5 and set(statuses) == {401, 429}
    refused = httpx.post(served.url + "/login", data=RIGHT)
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
    assert httpx.get(served.url + "/login").status_code == 200


def test_everybody_comes_in_where_the_owner_says_so(
    small_index: Path, served: Server, start_server: Callable[..., Server]
) -> None:
    served.stop()
    server = start_server(small_index, "--host", "0.0.0.0", "--no-auth", "--allowed-host", "127.0.0.1")
    assert server.url, server.output
    assert server.output[0].startswith("anyone who can reach this machine on port ")
    assert server.output[0].endswith("may ask and add documents: started with --no-auth")
    assert httpx.get(server.url).status_code == 200
    assert httpx.get(server.url, headers={"Host": "evil.example"}).status_code == 400
