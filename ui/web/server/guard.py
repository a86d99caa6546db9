"""Which requests the page's server answers, and the headers of every response.

These are refused, in this order:

    a Host that is not one of the server's names (DNS rebinding)
    a request without a session, where there is a login
    a POST from another site: its Origin is not ours
    a path that the page does not use: Gradio has several that would answer anybody
    a body that is too large or too slow

Every response gets a content security policy and related headers. Under the policy no request goes to another host, and
the only inline scripts that run are the page's own, which carry a nonce; `unsafe-eval` is needed because Gradio
compiles its templates in the browser. An error from inside is answered with one plain line.

But: without `login`, whoever can reach the address may ask.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.server import login as logins
from ui.web.server.bodies import Body, Refusal
from ui.web.server.hosts import Hosts
from ui.web.server.login import FORM_BYTES, LOGIN_PATH, LOGOUT_PATH, Login

_READABLE = re.compile(
    r"/(?:|theme\.css|favicon\.ico|manifest\.json|robots\.txt|assets/.+|static/.+|attest/.+"
    r"|gradio_api/(?:queue/data|heartbeat/[^/]+|startup-events))"
)
_WRITABLE = frozenset({"/gradio_api/queue/join", "/attest/upload"})
_UPLOAD = "/attest/upload"
_QUESTION_BYTES = 1_000_000
_log = logging.getLogger(__name__)

_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_INSIDE = {
    400: "This request is not understood.",
    404: "There is nothing here.",
    405: "This method is not used here.",
    422: "This request is not understood.",
    500: "Something went wrong here; the server's log says what.",
}
"""What a visitor is told in place of an error page from inside. Plain text is passed on as it is, except with a 500."""
_NOT_FOR_US = (b"forwarded", b"x-forwarded-", b"x-gradio-")
"""Headers by which a request could tell Gradio that the page stands at another address."""


def policy(nonce: str) -> str:
    """The Content-Security-Policy of a response whose inline scripts carry `nonce`."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )


class Guard:
    """The ASGI application around the page. `hosts`: the names it answers to. `login`: who may come in; without it,
    everybody. `upload_bytes`: the largest file that may be sent. `head`: HTML for the end of the page's head. Where
    there is a login, the application inside finds the visitor's name in `scope["attest.user"]`."""

    def __init__(
        self, app: ASGIApp, *, hosts: Hosts, upload_bytes: int, login: Login | None = None, head: str = ""
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._login = login
        self._upload_bytes = upload_bytes
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # the page opens no websocket
        headers, nonce = Headers(scope=scope), secrets.token_urlsafe(16)
        at_login = self._login is not None and scope["path"] in (LOGIN_PATH, LOGOUT_PATH)
        out = _Answer(send, _headers(nonce, at_login=at_login))
        body = Body(receive, max(0, _length(headers)), upload=_is_upload(scope["path"]))
        refusal = self._hosts.refusal(headers)
        if refusal is not None:
            await out.refuse((400, refusal))
            return
        inner = {
            **scope,
            "scheme": self._hosts.scheme(headers, scope["scheme"]),
            "headers": [(name, value) for name, value in scope["headers"] if not name.startswith(_NOT_FOR_US)],
        }
        seconds = None
        if self._login is not None and not at_login:
            session = self._login.session(headers)
            if session is None:
                await self._to_the_login(inner, receive, out)
                return
            seconds = self._login.sessions.seconds_left(session)
            inner["attest.user"] = session.user
        refused = self._refusal(inner, headers, at_login=at_login)
        if refused is not None:
            await out.refuse(refused)
        else:
            await self._answer(inner, body, out, nonce, seconds, at_login=at_login)

    def _refusal(self, scope: Scope, headers: Headers, *, at_login: bool) -> Refusal | None:
        path, method = scope["path"], scope["method"]
        if method in ("GET", "HEAD"):
            if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
                return 400, "This request should have no body."
            return None if at_login or _is_readable(path) else (404, _INSIDE[404])
        if method != "POST":
            return 405, _INSIDE[405]
        if self._hosts.is_foreign(headers, scope["scheme"]):
            return 403, "This request came from another site."
        if not at_login and path not in _WRITABLE:
            return 404, _INSIDE[404]
        length = _length(headers)
        if length < 0 or "transfer-encoding" in headers:
            return 411, "The length of this request is missing."
        limit = FORM_BYTES if at_login else self._upload_bytes if _is_upload(path) else _QUESTION_BYTES
        return (413, f"This is larger than the {limit:,} bytes that are accepted.") if length > limit else None

    async def _to_the_login(self, scope: Scope, receive: Receive, out: _Answer) -> None:
        if scope["path"] == "/" and scope["method"] in ("GET", "HEAD"):
            response = RedirectResponse(LOGIN_PATH, 303, {"Cache-Control": "no-store"})
            await response(scope, receive, out.send)
        else:
            await out.refuse((401, "Log in first: open this server's page in a browser."))

    async def _answer(
        self, scope: Scope, body: Body, out: _Answer, nonce: str, seconds: float | None, *, at_login: bool
    ) -> None:
        """Lets the application answer, for `seconds` at most. The visitor gets a response even if that fails."""

        async def send(message: Message) -> None:
            if body.refusal is None:
                await out.send(message)

        try:
            async with asyncio.timeout(seconds) as limit:
                if self._login is not None and at_login:
                    secure = scope["scheme"] == "https"
                    response = await self._login.answer(Request(scope, body.receive), secure=secure, nonce=nonce)
                    await response(scope, body.receive, send)
                elif scope["path"] == "/":
                    await self._page(scope, body.receive, send, nonce)
                else:
                    await self._app(scope, body.receive, send)
        except ClientDisconnect:
            pass  # nobody is there to be told
        except asyncio.CancelledError:
            return  # the server is stopping (stopping.py)
        except Exception as error:
            if not limit.expired() and body.refusal is None:
                _log.error("%s %s: %s", scope["method"], scope["path"][:200], _named(error))
                await out.refuse((500, _INSIDE[500]))
                await out.end()
        if body.refusal is not None:
            await out.refuse(body.refusal)
        elif limit.expired():
            await out.end()

    async def _page(self, scope: Scope, receive: Receive, send: Send, nonce: str) -> None:
        """The page itself, its inline scripts marked with the nonce and `head` added."""
        kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        chunks: list[bytes] = []

        async def collect(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            chunks.append(message.get("body", b""))
            if message.get("more_body", False):
                return
            body = b"".join(chunks)
            if b"text/html" in dict(start["headers"]).get(b"content-type", b""):
                body = prepare_page(body.decode(), nonce, self._head).encode()
                MutableHeaders(scope=start)["content-length"] = str(len(body))
            if self._login is not None:
                MutableHeaders(scope=start)["cache-control"] = "no-store"
            await send(start)
            await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})

        await self._app({**scope, "headers": kept}, receive, collect)


class _Answer:
    """The response to one request as it leaves: with the guarding headers, and errors from inside as one line."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self._send = send
        self._headers = headers
        self._started = False
        self._complete = False
        self._sized = False

    async def send(self, message: Message) -> None:
        if self._complete:
            return
        if message["type"] != "http.response.start":
            self._complete = message["type"] == "http.response.body" and not message.get("more_body", False)
            await self._send(message)
            return
        headers, status = MutableHeaders(scope=message), message["status"]
        plain = headers.get("content-type", "").startswith("text/plain") and status != 500
        if status in _INSIDE and not plain:
            await self.refuse((status, _INSIDE[status]), close=False)
            return
        self._started, self._sized = True, "content-length" in headers
        for name, value in self._headers.items():
            headers[name] = value
        for name in [name for name in headers if name.startswith("access-control-")]:
            del headers[name]
        await self._send(message)

    async def refuse(self, refusal: Refusal, *, close: bool = True) -> None:
        """Responds with one plain line, unless a response has begun. `close` ends the connection after it, because the
        rest of the request may still be on its way."""
        if self._started:
            return
        self._started = self._complete = True
        status, line = refusal
        response = PlainTextResponse(line + "\n", status, {**self._headers, "Cache-Control": "no-store"})
        if close:
            response.headers["Connection"] = "close"
        await self._send({"type": "http.response.start", "status": status, "headers": response.raw_headers})
        await self._send({"type": "http.response.body", "body": response.body})

    async def end(self) -> None:
        """Ends a stream that has begun. The server itself cuts off a response that has announced its length."""
        if self._started and not self._complete and not self._sized:
            await self.send({"type": "http.response.body", "body": b""})


def prepare_page(html: str, nonce: str, head: str) -> str:
    """Gradio's page with a nonce on each script, `head` at the end of its head, and without its advertisements."""
    html = re.sub(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*', "", html)
    html = html.replace("</head>", head + "</head>", 1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', html)


def _headers(nonce: str, *, at_login: bool) -> dict[str, str]:
    """The guarding headers. Under `no-referrer` a form's POST would carry `Origin: null`, so the login's own pages say
    `same-origin`."""
    if at_login:
        return _HEADERS | {"Content-Security-Policy": logins.policy(nonce), "Referrer-Policy": "same-origin"}
    return _HEADERS | {"Content-Security-Policy": policy(nonce)}


def _is_readable(path: str) -> bool:
    """Whether the page reads this path; none of its paths climbs (`..`) or has a backslash or control characters."""
    strange = re.search(r"[\x00-\x1f\x7f\\]", path) or ".." in path.split("/")
    return not strange and _READABLE.fullmatch(path) is not None


def _is_upload(path: str) -> bool:
    return path.startswith(_UPLOAD)


def _length(headers: Headers) -> int:
    """The announced length of the body in bytes; -1 where there is none, or none that makes sense."""
    given = headers.getlist("content-length")
    return int(given[0]) if len(given) == 1 and re.fullmatch("[0-9]{1,15}", given[0]) else -1


def _named(error: BaseException) -> str:
    """The type of an error, or of the first one in a group. Its text is left out: it may hold a document's words or a
    path."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__
