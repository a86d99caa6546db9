"""A server on loopback that speaks OpenAI's chat wire, streamed, or Ollama's where it is asked at `/api/chat`, and says
what it is told to say, or breaks as told.

with ModelServer(lambda request: Reply(["It was ", "1861 [1]."])) as server:
    ...  # server.url, server.requests
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal

End = Literal["done", "dies", "closes", "hangs", "drips", "endless", "garbage", "error"]
"""How a stream ends: as it should; the connection is reset; it is closed without a word; nothing more comes; only
comments come; it goes on and on; with what is no JSON; with an error as an event."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers: the pieces of a stream and how it ends, or an error with its status and body."""

    pieces: Sequence[str] = ()
    end: End = "done"
    status: int = 200
    body: str = ""
    finish: str = "stop"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the path, the headers, and the body as JSON."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """All messages, one after the other."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])


class ModelServer:
    """Answers every request as `reply` says while the block runs."""

    def __init__(self, reply: Callable[[Request], Reply]) -> None:
        self.reply = reply
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.model = self

    @property
    def url(self) -> str:
        """The address up to the version."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> ModelServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    model: ModelServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has had enough is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        model = self.server.model
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        request = Request(self.path, dict(self.headers), body)
        model.requests.append(request)
        reply = model.reply(request)
        if reply.status != 200:
            self._whole(reply)
        else:
            self._stream(reply, model.stopped)

    def _whole(self, reply: Reply) -> None:
        body = reply.body.encode()
        self.send_response(reply.status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **reply.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, reply: Reply, stopped: threading.Event) -> None:
        self.close_connection = True
        self.send_response(200)
        for name, value in {"Content-Type": "text/event-stream", **reply.headers}.items():
            self.send_header(name, value)
        if reply.end == "dies":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        wire = _ollama if self.path == "/api/chat" else _openai
        for piece in reply.pieces:
            self._send(wire(piece), chunked=reply.end == "dies")
        if reply.end == "done":
            self._send(wire(finish=reply.finish))
        elif reply.end == "dies":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self.connection.close()
        elif reply.end == "garbage":
            self.wfile.write(b'data: {"choices": [\xff\xfe broken\n\nevent: ?\ndata: <html>\n\n')
        elif reply.end == "error":
            self._send(wire(error="CUDA out of memory at 0xdead"))
        while reply.end in ("hangs", "drips", "endless") and not stopped.wait(0.05):
            if reply.end == "drips":
                self.wfile.write(b": still here\n\n" if wire is _openai else wire(""))
            elif reply.end == "endless":
                for _ in range(50):
                    self._send(wire(reply.pieces[-1] if reply.pieces else "and so on "))

    def _send(self, data: bytes, *, chunked: bool = False) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if chunked else data)
        self.wfile.flush()


def _openai(piece: str = "", *, finish: str = "", error: str = "") -> bytes:
    """A piece of an answer, its end, or an error, as an event."""
    if error:
        return _event({"error": {"message": error, "type": "server_error"}})
    delta = {} if finish else {"role": "assistant", "content": piece}
    choice = {"index": 0, "delta": delta, "finish_reason": finish or None}
    created = int(time.time())
    chunk = {"id": "c1", "object": "chat.completion.chunk", "created": created, "model": "lab", "choices": [choice]}
    return _event(chunk) + (b"data: [DONE]\n\n" if finish else b"")


def _event(value: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def _ollama(piece: str = "", *, finish: str = "", error: str = "") -> bytes:
    """The same on a line of its own, as Ollama has it."""
    line: dict[str, Any] = {"model": "lab", "created_at": "2026-01-01T00:00:00Z", "done": bool(finish)}
    line["message"] = {"role": "assistant", "content": piece}
    if finish:
        line["done_reason"] = finish
    return json.dumps({"error": error} if error else line).encode() + b"\n"
