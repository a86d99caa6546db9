"""Logging in and out: two small pages without scripts, the cookie, and the check of a password.

Passwords are checked one at a time, off the event loop, so that guessing takes one core at most. A password is not
checked where many others are waiting, or where its address has failed too often (sessions.py); the visitor is told so.

But: passwords are not encrypted on their way here; only a proxy with TLS does that.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ui.web.server.passwords import Users
from ui.web.server.sessions import Attempts, Session, Sessions
from ui.web.visitors import network

LOGIN_PATH, LOGOUT_PATH = "/login", "/logout"
FORM_BYTES = 10_000
_MOST_WAITING = 16
_WRONG = "This name and password do not go together."
_BUSY = "Many people are logging in: try again in a moment."


def policy(nonce: str) -> str:
    """The Content-Security-Policy of these pages: their own style, their own form, nothing else."""
    return f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class Login:
    """Who may log in to a server, and who has. `cookie`: the cookie's name; servers on one machine need different
    names, because a browser sends a cookie to every port."""

    def __init__(
        self,
        users: Users,
        *,
        sessions: Sessions | None = None,
        attempts: Attempts | None = None,
        cookie: str = "attest_session",
    ) -> None:
        self.sessions = Sessions() if sessions is None else sessions
        self._users = users
        self._attempts = Attempts() if attempts is None else attempts
        self._cookie = cookie
        self._checking = ThreadPoolExecutor(1, "attest-password")
        self._waiting = 0

    def session(self, headers: Headers) -> Session | None:
        """The session that a request belongs to."""
        return next(filter(None, map(self.sessions.find, self._tokens(headers))), None)

    async def answer(self, request: Request, *, secure: bool, nonce: str) -> Response:
        """The response to a request for LOGIN_PATH or LOGOUT_PATH. `secure`: the browser sent it by https."""
        if request.url.path == LOGOUT_PATH:
            response = self._logged_out(request) if request.method == "POST" else _page(_LOGOUT, nonce)
        elif request.method == "POST":
            response = await self._logged_in(request, secure=secure, nonce=nonce)
        else:
            response = _page(_FORM, nonce)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _logged_in(self, request: Request, *, secure: bool, nonce: str) -> Response:
        fields = parse_qs((await request.body()).decode(errors="replace"))
        user, password = (fields.get(name, [""])[0] for name in ("user", "password"))
        address = network(request.client.host if request.client else None)
        wait = self._attempts.begin(address)
        if wait > 0:
            seconds = math.ceil(wait)
            line = f"Too many attempts failed: try again in {seconds} s."
            return _page(_FORM, nonce, line, status=429, headers={"Retry-After": str(seconds)})
        if self._waiting >= _MOST_WAITING:
            return _page(_FORM, nonce, _BUSY, status=503, headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            admitted = await loop.run_in_executor(self._checking, self._users.admits, user, password)
        finally:
            self._waiting -= 1
        if not admitted:
            return _page(_FORM, nonce, _WRONG, status=401)
        self._attempts.succeeded(address)
        self._end(request)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            self._cookie,
            self.sessions.begin(user),
            max_age=int(self.sessions.absolute),
            path="/",
            secure=secure,
            httponly=True,
            samesite="strict",
        )
        return response

    def _logged_out(self, request: Request) -> Response:
        self._end(request)
        response = RedirectResponse(LOGIN_PATH, 303)
        response.delete_cookie(self._cookie, path="/", httponly=True, samesite="strict")
        return response

    def _end(self, request: Request) -> None:
        for token in self._tokens(request.headers):
            self.sessions.end(token)

    def _tokens(self, headers: Headers) -> Iterator[str]:
        for header in headers.getlist("cookie"):
            for pair in header.split(";"):
                name, _, value = pair.strip().partition("=")
                if name == self._cookie:
                    yield value


_FORM = """<h1>attest<span>.</span></h1>
<form method="post" action="/login"><p role="alert">{line}</p>
<label>Name <input name="user" autocomplete="username" autocapitalize="none" maxlength="64" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" maxlength="1000" required>
</label><button>Log in</button></form>"""

_LOGOUT = """<h1>attest<span>.</span></h1>
<form method="post" action="/logout"><p>{line}</p><button>Log out</button> <a href="/">Back</a></form>"""

_STYLE = """body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper);
  color: var(--ink); font: 400 17px/1.4 var(--sans); }
main { width: min(22rem, 88vw); } h1 { font: 600 34px/1 var(--serif); letter-spacing: -.02em; margin: 0 0 18px; }
h1 span, a { color: var(--accent); } label { display: block; margin: 0 0 14px; color: var(--soft); }
input { box-sizing: border-box; display: block; width: 100%; margin-top: 4px; padding: 10px 13px; font: inherit;
  color: var(--ink); background: var(--sheet); border: 1px solid var(--field); border-radius: 9px; }
button { padding: 11px 20px; margin-right: 14px; font: 600 17px/1 var(--sans); color: var(--accent-ink);
  background: var(--accent); border: 0; border-radius: 9px; cursor: pointer; }
:is(input, button, a):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
p { color: var(--bad); margin: 0 0 14px; } p:empty { display: none; }"""


def _page(
    form: str, nonce: str, line: str = "", *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """The page with a form. `line` is one of this module's own sentences: nothing from a request is shown."""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>attest: log in</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style nonce="{nonce}">{_colours()}\n{_STYLE}</style></head>'
        f"<body><main>{form.format(line=line)}</main></body></html>"
    )
    return HTMLResponse(html, status, headers=headers)


@cache
def _colours() -> str:
    """The variables of the page's own style, light and dark."""
    style = (Path(__file__).parents[1] / "style.css").read_text(encoding="utf-8")
    light, dark = (
        re.search(rf"^{name} (\{{.*?^\}})", style, re.MULTILINE | re.DOTALL) for name in (":root", r"\.dark")
    )
    if light is None or dark is None:
        raise ValueError("style.css has no colours")
    return f":root {light[1]}\n@media (prefers-color-scheme: dark) {{ :root {dark[1]} }}"
