"""What reaches Gradio: calls of the page's own functions, with plain texts for arguments, and nothing else.

Gradio accepts any JSON as an argument. A dictionary that looks like one of its file references makes it open the path,
or fetch the address, in it, whatever component it is meant for. So the body of a call is read here, checked against the
function that it names, and written anew with a text or nothing for each argument. Fields of Gradio's protocol that the
page does not use are left out.

Answers are streamed by session, and only to a session that has called. The calls of one address are limited, so that
they do not crowd out those of others.
"""

from __future__ import annotations

import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal
from urllib.parse import parse_qs

import gradio as gr
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.visitors import network

JOIN, DATA, BEAT = "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/heartbeat/"
MOST_BYTES = 200_000
"""Of one call."""
MOST_CHARACTERS = 20_000
"""Of one argument. The assistant's own limit for a question is lower."""
BURST, PER_SECOND = 200.0, 40.0
"""Calls of one address: so many at once, and so many a second in the long run."""
MOST_SESSIONS = 4_000
_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NOT_OURS = "This is not a call of the page: reload it."
_TOO_MANY = "Too many calls from this address: wait a second."


class Calls:
    """The ASGI application around Gradio's. `blocks`: the page, whose functions may be called; `choices`: what can be
    chosen in its selector now."""

    def __init__(
        self,
        app: ASGIApp,
        blocks: gr.Blocks,
        choices: Callable[[], Collection[str]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._choices = choices
        self._takes = {number: _arguments(fn) for number, fn in blocks.fns.items() if fn.fn is not None}
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._sessions: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == JOIN:
            await self._join(scope, receive, send)
        elif scope["path"] == DATA:
            await self._stream(scope, receive, send)
        elif scope["path"].startswith(BEAT) and not _SESSION.fullmatch(scope["path"].removeprefix(BEAT)):
            await _refused(404, "There is nothing here.")(scope, receive, send)
        elif scope["path"].startswith("/attest/"):
            await self._app(scope, receive, send)
        else:  # Gradio opens a stored page by a name in the query
            await self._app({**scope, "query_string": b""}, receive, send)

    async def _join(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._may_call(network((scope.get("client") or ("", 0))[0])):
            await _refused(429, _TOO_MANY, {"Retry-After": "1"})(scope, receive, send)
            return
        try:
            body = await _whole_body(Request(scope, receive))
        except ClientDisconnect:
            return
        call = self.checked(body)
        if call is None:
            await _refused(400, _NOT_OURS)(scope, receive, send)
            return
        self._remember(call["session_hash"])
        data = json.dumps(call).encode("ascii")
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(data)).encode())]
        kept = [(name, value) for name, value in scope["headers"] if name not in dict(headers)]
        plain = {**scope, "headers": kept + headers, "query_string": b""}
        await self._app(plain, _replay(data, receive), send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])
        if len(asked) != 1 or asked[0] not in self._sessions:
            await _refused(404, "This session has not asked anything: reload the page.")(scope, receive, send)
            return
        await self._app({**scope, "query_string": f"session_hash={asked[0]}".encode()}, receive, send)

    def checked(self, body: bytes | None) -> dict[str, Any] | None:
        """The call in a body, with only the fields that the page needs; None where it is not a call of the page."""
        try:
            call = json.loads(body or b"")
        except (ValueError, RecursionError):
            return None
        if not isinstance(call, dict):
            return None
        number, data, session = call.get("fn_index"), call.get("data"), call.get("session_hash")
        if type(number) is not int or number not in self._takes or not isinstance(data, list):
            return None
        if not isinstance(session, str) or not _SESSION.fullmatch(session):
            return None
        takes = self._takes[number]
        if len(data) != len(takes):
            return None
        texts: list[str | None] = []
        for value, kind in zip(data, takes, strict=True):
            if value is not None and (not isinstance(value, str) or kind == "state" or len(value) > MOST_CHARACTERS):
                return None
            # Gradio would answer a wrong choice with the list of all of them, and log a traceback.
            if value is None or (kind == "choice" and value not in self._choices()):
                texts.append(None)
            else:
                texts.append(_storable(value))
        return {"data": texts, "event_data": None, "fn_index": number, "session_hash": session}

    def _may_call(self, address: str) -> bool:
        """Whether the address has a call left: a bucket that fills by PER_SECOND up to BURST."""
        now = self._clock()
        left, then = self._buckets.pop(address, (BURST, now))
        left = min(BURST, left + (now - then) * PER_SECOND)
        self._buckets[address] = (max(0.0, left - 1), now)
        while len(self._buckets) > MOST_SESSIONS:
            self._buckets.popitem(last=False)
        return left >= 1

    def _remember(self, session: str) -> None:
        self._sessions[session] = None
        self._sessions.move_to_end(session)
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)


def _arguments(fn: Any) -> list[Literal["state", "choice", "text"]]:
    """The kinds of a function's arguments. A state stays on the server: the page sends nothing for it."""
    kinds: list[Literal["state", "choice", "text"]] = []
    for block in fn.inputs:
        kinds.append("state" if block.stateful else "choice" if isinstance(block, gr.Dropdown) else "text")
    return kinds


def _storable(text: str) -> str:
    """The text without lone surrogates, which JSON can spell and UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


async def _whole_body(request: Request) -> bytes | None:
    """The body, or None where it is longer than a call may be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _replay(data: bytes, receive: Receive) -> Receive:
    """Receives `data` as the body, then what else comes: that the client has gone."""
    sent = False

    async def once() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": data, "more_body": False}

    return once


def _refused(status: int, line: str, headers: Mapping[str, str] | None = None) -> PlainTextResponse:
    return PlainTextResponse(line + "\n", status, headers)
