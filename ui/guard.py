"""Which requests the page's server answers, and the headers of every response.

Refused: a Host that is not this machine while the server listens on loopback only (DNS rebinding), a POST from
another site (its Origin is not ours), paths that the page does not use (Gradio opens several that would answer
anybody), and bodies over the limit. Added: a content security policy and its companions. The policy lets no request
leave for another host and runs no inline script but the page's own, which carry a nonce; `unsafe-eval` stays because
Gradio compiles its templates in the browser.

But: this is no login. Whoever may reach the address may ask.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_READABLE = re.compile(
    r"/(?:|theme\.css|favicon\.ico|manifest\.json|robots\.txt|assets/.+|static/.+|attest/.+"
    r"|gradio_api/(?:queue/data|heartbeat/[^/]+|startup-events))"
)
_WRITABLE = frozenset({"/gradio_api/queue/join", "/attest/upload"})
_UPLOAD = "/attest/upload"
_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost"})
_QUESTION_BYTES = 1_000_000

_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without port, can only mean this machine."""
    if host.lower() in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


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
    """The ASGI application around the page. `loopback`: the server listens on this machine only. `upload_bytes`: the
    largest file that may be sent. `head`: HTML that is put at the end of the page's head."""

    def __init__(self, app: ASGIApp, *, loopback: bool, upload_bytes: int, head: str = "") -> None:
        self._app = app
        self._loopback = loopback
        self._upload_bytes = upload_bytes
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # the page opens no websocket
        nonce = secrets.token_urlsafe(16)
        guarded = _with_headers(send, nonce)
        refusal = self._refusal(scope)
        if refusal is not None:
            status, line = refusal
            await PlainTextResponse(line + "\n", status)(scope, receive, guarded)
        elif scope["path"] == "/":
            await self._page(scope, receive, guarded, nonce)
        else:
            await self._app(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._loopback and not is_loopback(_host_name(host)):
            return 400, "This server answers to localhost only: open it by the address that it printed."
        if scope["method"] in ("GET", "HEAD"):
            return None if _READABLE.fullmatch(scope["path"]) else (404, "There is nothing here.")
        if scope["method"] != "POST":
            return 405, "This method is not used here."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return 403, "This request came from another site."
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "This request came from another site."
        if scope["path"] not in _WRITABLE:
            return 404, "There is nothing here."
        return self._too_large(scope["path"], headers.get("content-length"))

    def _too_large(self, path: str, length: str | None) -> tuple[int, str] | None:
        if length is None or not length.isdecimal():
            return 411, "The length of this request is missing."
        limit = self._upload_bytes if path == _UPLOAD else _QUESTION_BYTES
        return (413, f"This is larger than the {limit:,} bytes that are accepted.") if int(length) > limit else None

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
            await send(start)
            await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})

        await self._app({**scope, "headers": kept}, receive, collect)


def prepare_page(html: str, nonce: str, head: str) -> str:
    """Gradio's page with a nonce on each script, `head` at the end of its head, and without its advertisements."""
    html = re.sub(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*', "", html)
    html = html.replace("</head>", head + "</head>", 1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', html)


def _host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    return urlsplit(f"//{host}").hostname or ""


def _with_headers(send: Send, nonce: str) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _all_headers(nonce):
                headers[name] = value
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
        await send(message)

    return guarded


def _all_headers(nonce: str) -> Iterable[tuple[str, str]]:
    yield "Content-Security-Policy", policy(nonce)
    yield from _HEADERS.items()
