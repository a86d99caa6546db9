"""Which requests are answered, and the headers of every response."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.web.server.guard import Guard, prepare_page
from ui.web.server.hosts import Hosts

PAGE = (
    '<html><head><meta property="og:image" content="https://example.org/a.jpg" /></head><script>let a</script></html>'
)
JOIN = "/gradio_api/queue/join"
LOOPBACK = Hosts(loopback=True)


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    page = request.url.path == "/"
    headers = {"Access-Control-Allow-Origin": "*"}
    response = HTMLResponse(PAGE) if page else PlainTextResponse("inner", headers=headers)
    await response(scope, receive, send)


def ask(
    method: str,
    path: str,
    *,
    hosts: Hosts = LOOPBACK,
    host: str = "127.0.0.1:7860",
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    app: ASGIApp = inner,
) -> httpx.Response:
    guard = Guard(app, hosts=hosts, upload_bytes=1_000, head="<link id=added>")

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url=f"http://{host}") as client:
            return await client.request(method, path, content=content, headers=dict(headers or {}))

    return asyncio.run(send())


def test_the_page_gets_a_nonce_for_each_script_and_no_foreign_address() -> None:
    response = ask("GET", "/")
    policy = response.headers["content-security-policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<script nonce="{nonce}">' in response.text
    assert "<link id=added></head>" in response.text
    assert "example.org" not in response.text
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


def test_each_page_has_its_own_nonce() -> None:
    assert ask("GET", "/").headers["content-security-policy"] != ask("GET", "/").headers["content-security-policy"]


def test_every_response_has_the_guarding_headers_and_no_permission_for_others() -> None:
    for response in (ask("GET", "/assets/a.js"), ask("GET", "/nothing"), ask("POST", JOIN, content=b"{}")):
        assert response.headers["x-frame-options"] == "DENY"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1234", "http://localhost:7860"])
def test_a_post_from_another_site_is_refused(origin: str) -> None:
    for path in (JOIN, "/attest/upload"):
        assert ask("POST", path, content=b"{}", headers={"Origin": origin}).status_code == 403


def test_a_post_of_the_page_itself_is_answered() -> None:
    assert ask("POST", JOIN, content=b"{}", headers={"Origin": "http://127.0.0.1:7860"}).status_code == 200
    assert ask("POST", JOIN, content=b"{}", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/info", "/gradio_api/file=/etc/passwd", "/gradio_api/proxy=http://a", "/config", "/docs", "/attest/"],
)
def test_what_the_page_does_not_use_is_not_there(path: str) -> None:
    assert ask("GET", path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/run/predict", "/gradio_api/call/ask", "/gradio_api/component_server", "/gradio_api/upload"],
)
def test_other_ways_to_call_the_server_are_closed(path: str) -> None:
    assert ask("POST", path, content=b"{}").status_code == 404


def test_other_methods_are_closed() -> None:
    assert ask("PUT", JOIN, content=b"{}").status_code == 405
    assert ask("OPTIONS", JOIN, headers={"Origin": "https://evil.example"}).status_code == 405


def test_bodies_over_the_limit_are_refused() -> None:
    assert ask("POST", "/attest/upload", content=b"x" * 1_001).status_code == 413
    assert ask("POST", JOIN, content=b"x" * 1_000_001).status_code == 413
    assert ask("POST", JOIN, headers={"Content-Length": "-1"}).status_code == 411


def test_a_request_that_reads_has_no_body() -> None:
    assert ask("GET", "/", content=b"x" * 10).status_code == 400
    assert ask("GET", "/", headers={"Transfer-Encoding": "chunked"}).status_code == 400


@pytest.mark.parametrize("path", ["/assets/../../secret", "/static/a%5C..%5Cb", "/attest/a%00b", "/assets/%2e%2e/x"])
def test_a_path_does_not_climb(path: str) -> None:
    assert ask("GET", path).status_code == 404


def test_a_refusal_ends_the_connection_because_the_body_may_still_come() -> None:
    assert ask("POST", JOIN, content=b"x" * 1_000_001).headers["connection"] == "close"
    assert "connection" not in ask("POST", JOIN, content=b"{}").headers


def test_a_failure_inside_is_one_line_here_and_one_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("the secret of /home/someone/file")

    response = ask("POST", JOIN, content=b"{}", app=broken)
    assert response.status_code == 500
    assert response.text == "Something went wrong here; the server's log says what.\n"
    assert [record.getMessage() for record in caplog.records] == [f"POST {JOIN}: ValueError"]
    assert caplog.records[0].exc_info is None


@pytest.mark.parametrize(
    ("status", "line"), [(400, "not understood"), (404, "nothing here"), (405, "not used"), (422, "not understood")]
)
def test_an_error_page_from_inside_is_one_plain_line(status: int, line: str) -> None:
    response = ask("GET", "/attest/a", app=JSONResponse({"detail": "/etc/passwd"}, status))
    assert response.status_code == status and line in response.text
    assert response.text.count("\n") == 1 and "passwd" not in response.text
    own = PlainTextResponse("This document is no longer here.\n", status)
    assert ask("GET", "/attest/a", app=own).text == "This document is no longer here.\n"


def test_a_client_that_goes_away_is_no_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()

    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])
    sent = asgi(reads, "POST", JOIN, messages, {"content-length": "100"})
    assert sent == [] and caplog.records == []


def test_more_bytes_than_announced_are_refused() -> None:
    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()

    messages = iter([{"type": "http.request", "body": b"x" * 10, "more_body": True}] * 100)
    sent = asgi(reads, "POST", JOIN, messages, {"content-length": "15"})
    assert sent[0]["status"] == 413
    assert len(list(messages)) == 98


def test_a_request_cannot_tell_gradio_another_address() -> None:
    async def shows(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(repr((scope["scheme"], scope["headers"])))(scope, receive, send)

    names = ("X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Gradio-Server")
    response = ask("GET", "/attest/a", headers=dict.fromkeys(names, "https"), app=shows)
    assert "'http'" in response.text and "https" not in response.text


def asgi(
    app: ASGIApp, method: str, path: str, messages: Iterator[dict[str, Any]], headers: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What the guard around `app` sends when the server hands it these messages one after the other."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    given = {"host": "localhost", **headers}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    asyncio.run(Guard(app, hosts=LOOPBACK, upload_bytes=1_000)(scope, receive, send))
    return sent


def test_scripts_in_text_are_not_taken_for_tags() -> None:
    assert prepare_page("<scripture>", "n", "") == "<scripture>"
