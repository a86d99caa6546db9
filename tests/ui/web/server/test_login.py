"""Logging in and out through the guard: what needs a session, the cookie, the forms, and guessing."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from ui.web.server.guard import Guard
from ui.web.server.hosts import allowed
from ui.web.server.login import Login
from ui.web.server.passwords import auth_line, read_users
from ui.web.server.sessions import Attempts, Sessions

JOIN = "/gradio_api/queue/join"
USERS = read_users(auth_line("anna", "correct horse"))
RIGHT = {"user": "anna", "password": "correct horse"}
WRONG = {"user": "anna", "password": "wrong horse"}
HOSTS = allowed(["attest.example", "https://safe.example"])


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"for {scope['attest.user']}")(scope, receive, send)


Talk = Callable[[httpx.AsyncClient], Awaitable[Any]]


def visit(talk: Talk, *, login: Login | None = None, app: Any = inner, url: str = "http://attest.example:7860") -> Any:
    """What `talk` returns that has a browser of its own."""

    async def run() -> Any:
        guard = Guard(app, hosts=HOSTS, login=login or Login(USERS), upload_bytes=1_000)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url=url) as client:
            return await talk(client)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/attest/style.css"),
        ("GET", "/attest/source/1"),
        ("GET", "/gradio_api/queue/data"),
        ("GET", "/assets/a"),
        ("GET", "/config"),
        ("GET", "/login/x"),
        ("GET", "/login/"),
        ("GET", "/Login"),
        ("PUT", "/"),
        ("POST", JOIN),
        ("POST", "/gradio_api/upload"),
        ("POST", "/"),
        ("OPTIONS", JOIN),
        ("GET", "/login%2f.."),
    ],
)
def test_everything_but_the_login_needs_a_session(method: str, path: str) -> None:
    response = visit(lambda client: client.request(method, path))
    assert response.status_code == 401
    assert response.text == "Log in first: open this server's page in a browser.\n"
    assert "set-cookie" not in response.headers


def test_the_page_sends_to_the_login() -> None:
    response = visit(lambda client: client.get("/"))
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert response.headers["cache-control"] == "no-store"


def test_the_login_page_needs_no_script_and_nothing_from_elsewhere() -> None:
    response = visit(lambda client: client.get("/login"))
    assert response.status_code == 200 and "<script" not in response.text
    assert response.text.count("<input") == 2 and 'method="post" action="/login"' in response.text
    policy = response.headers["content-security-policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<style nonce="{nonce}">' in response.text
    assert "default-src 'none'" in policy and "form-action 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "script-src" not in policy
    assert not re.search(r"https?:|url\(|src=|href=", response.text)
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "same-origin", "under no-referrer a form's Origin is null"
    assert response.headers["x-frame-options"] == "DENY"


def test_the_right_password_opens_the_page_and_a_logout_closes_it() -> None:
    async def talk(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        responses = [await client.post("/login", data=RIGHT)]
        responses += [await client.get("/"), await client.post(JOIN, content=b"{}"), await client.get("/logout")]
        kept = dict(client.cookies)
        responses += [await client.post("/logout", data={})]
        assert not dict(client.cookies)
        client.cookies.update(kept)  # the cookie itself is worth nothing any more
        responses += [await client.get("/attest/a")]
        return [(response.status_code, response.text) for response in responses]

    entered, page, joined, leaving, left, after = visit(talk)
    assert entered[0] == left[0] == 303
    assert page == joined == (200, "for anna")
    assert 'method="post" action="/logout"' in leaving[1]
    assert after[0] == 401


def test_the_cookie_is_for_this_server_alone_and_not_for_scripts() -> None:
    response = visit(lambda client: client.post("/login", data=RIGHT))
    cookie = response.headers["set-cookie"]
    assert re.fullmatch(
        r"attest_session=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=strict", cookie, re.IGNORECASE
    )
    response = visit(lambda client: client.post("/login", data=RIGHT), url="http://safe.example")
    assert "; secure" in response.headers["set-cookie"].lower()


def test_the_page_is_not_kept_by_the_browser() -> None:
    async def talk(client: httpx.AsyncClient) -> httpx.Response:
        await client.post("/login", data=RIGHT)
        return await client.get("/")

    assert visit(talk).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "form",
    [WRONG, {"user": "eve", "password": "correct horse"}, {"user": "anna"}, {}, {"user": "<b>", "password": "<i>"}],
)
def test_a_failure_is_one_line_that_says_nothing_of_who_exists(form: dict[str, str]) -> None:
    response = visit(lambda client: client.post("/login", data=form))
    assert response.status_code == 401
    assert '<p role="alert">This name and password do not go together.</p>' in response.text
    assert "set-cookie" not in response.headers
    assert "eve" not in response.text and "<b>" not in response.text


def test_each_login_has_a_new_token_and_ends_the_old_one() -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        client.cookies.set("attest_session", "chosen-by-somebody-else")
        first = (await client.post("/login", data=RIGHT)).cookies["attest_session"]
        assert first != "chosen-by-somebody-else"
        client.cookies.clear()
        old = {"cookie": f"attest_session={first}"}
        second = (await client.post("/login", data=RIGHT, headers=old)).cookies["attest_session"]
        assert second != first
        client.cookies.clear()
        assert (await client.get("/attest/a", headers=old)).status_code == 401
        both = {"cookie": f"attest_session=planted; other=1; attest_session={second}"}
        assert (await client.get("/attest/a", headers=both)).status_code == 200

    visit(talk)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://attest.example:7860"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_can_neither_log_in_nor_out(headers: dict[str, str]) -> None:
    for path in ("/login", "/logout"):
        response = visit(lambda client, path=path: client.post(path, data=RIGHT, headers=headers))
        assert response.status_code == 403 and "set-cookie" not in response.headers


def test_the_form_has_a_small_limit_and_a_length() -> None:
    assert visit(lambda client: client.post("/login", content=b"x" * 10_001)).status_code == 413

    async def parts() -> Any:
        yield b"user=anna"

    assert visit(lambda client: client.post("/login", content=parts())).status_code == 411


def test_a_session_expires_idle_and_in_any_case() -> None:
    clock = Clock()
    login = Login(USERS, sessions=Sessions(clock=clock))

    async def talk(client: httpx.AsyncClient) -> None:
        await client.post("/login", data=RIGHT)
        for _ in range(7):
            clock.now += 5_400
            assert (await client.get("/attest/a")).status_code == 200
        clock.now += 5_400
        assert (await client.get("/attest/a")).status_code == 401, "twelve hours are over"
        await client.post("/login", data=RIGHT)
        clock.now += 7_200
        assert (await client.get("/")).status_code == 303, "two hours without a request"

    visit(talk, login=login)


def test_a_restart_ends_all_sessions() -> None:
    async def talk(client: httpx.AsyncClient) -> str:
        return (await client.post("/login", data=RIGHT)).cookies["attest_session"]

    token = visit(talk)
    response = visit(lambda client: client.get("/attest/a", headers={"Cookie": f"attest_session={token}"}))
    assert response.status_code == 401


def test_a_stream_is_closed_when_its_session_ends_in_any_case() -> None:
    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        async def parts() -> Any:
            while True:
                yield "data: on\n\n"
                await asyncio.sleep(0.02)

        await StreamingResponse(parts(), media_type="text/event-stream")(scope, receive, send)

    async def talk(client: httpx.AsyncClient) -> tuple[httpx.Response, float]:
        await client.post("/login", data=RIGHT)
        begin = asyncio.get_running_loop().time()
        response = await client.get("/gradio_api/queue/data")
        return response, asyncio.get_running_loop().time() - begin

    response, seconds = visit(talk, login=Login(USERS, sessions=Sessions(absolute=1.2)), app=endless)
    assert response.status_code == 200 and response.text.startswith("data: on")
    assert 0.5 < seconds < 5


def test_guessing_is_slowed_down_and_not_even_checked() -> None:
    clock, checked = Clock(), 0

    class Counting:
        def admits(self, user: str, password: str) -> bool:
            nonlocal checked
            checked += 1
            return USERS.admits(user, password)

    login: Login = Login(Counting(), attempts=Attempts(clock=clock))  # type: ignore[arg-type]

    async def talk(client: httpx.AsyncClient) -> None:
        for _ in range(5):
            assert (await client.post("/login", data=WRONG)).status_code == 401
        response = await client.post("/login", data=RIGHT)
        assert response.status_code == 429 and response.headers["retry-after"] == "1"
        assert "Too many attempts failed: try again in 1 s." in response.text
        assert checked == 5
        clock.now += 1
        assert (await client.post("/login", data=WRONG)).status_code == 401
        assert (await client.post("/login", data=RIGHT)).headers["retry-after"] == "2"
        clock.now += 2
        assert (await client.post("/login", data=RIGHT)).status_code == 303

    visit(talk, login=login)


def test_many_guesses_at_a_time_are_no_way_around_and_do_not_hold_up_the_loop() -> None:
    login = Login(USERS)

    async def talk(client: httpx.AsyncClient) -> tuple[list[int], float]:
        guesses = asyncio.gather(*(client.post("/login", data=WRONG) for _ in range(100)))
        slowest, loop = 0.0, asyncio.get_running_loop()
        while not guesses.done():
            begin = loop.time()
            await asyncio.sleep(0.01)
            slowest = max(slowest, loop.time() - begin)
        return [response.status_code for response in await guesses], slowest

    statuses, slowest = visit(talk, login=login)
    assert statuses.count(401) <= 6 and statuses.count(429) >= 94
    assert slowest < 1.0


def test_from_many_addresses_only_one_password_is_checked_at_a_time() -> None:
    lock, together, most = threading.Lock(), 0, 0

    class Slow:
        def admits(self, user: str, password: str) -> bool:
            nonlocal together, most
            with lock:
                together += 1
                most = max(most, together)
            threading.Event().wait(0.02)
            with lock:
                together -= 1
            return False

    login: Login = Login(Slow())  # type: ignore[arg-type]
    guard = Guard(inner, hosts=HOSTS, login=login, upload_bytes=1_000)

    async def guess(number: int) -> int:
        transport = httpx.ASGITransport(guard, client=(f"192.0.2.{number}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://attest.example") as client:
            return (await client.post("/login", data=WRONG)).status_code

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(guess(number) for number in range(40)))

    statuses = asyncio.run(all_at_once())
    assert most == 1
    assert statuses.count(401) == 16 and statuses.count(503) == 24


def test_without_a_login_there_are_no_such_pages() -> None:
    async def run() -> list[int]:
        guard = Guard(PlainTextResponse("open"), hosts=HOSTS, upload_bytes=1_000)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://attest.example") as client:
            return [(await client.get(path)).status_code for path in ("/login", "/logout", "/")]

    assert asyncio.run(run()) == [404, 404, 200]
