"""Which requests are answered, and the headers of every response."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from ui.guard import Guard, is_loopback, prepare_page

PAGE = (
    '<html><head><meta property="og:image" content="https://example.org/a.jpg" /></head><script>let a</script></html>'
)
JOIN = "/gradio_api/queue/join"


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
    loopback: bool = True,
    host: str = "127.0.0.1:7860",
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    guard = Guard(inner, loopback=loopback, upload_bytes=1_000, head="<link id=added>")

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


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860", "127.0.0.2"])
def test_this_machine_is_answered(host: str) -> None:
    assert ask("GET", "/", host=host).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:7860", "192.168.1.5:7860", "localhost.evil"])
def test_another_name_for_this_machine_is_refused(host: str) -> None:
    assert ask("GET", "/", host=host).status_code == 400
    assert ask("GET", "/", host=host, loopback=False).status_code == 200


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


def test_loopback_names() -> None:
    assert is_loopback("localhost") and is_loopback("127.9.9.9") and is_loopback("::1")
    assert not is_loopback("0.0.0.0") and not is_loopback("") and not is_loopback("localhost.evil")


def test_scripts_in_text_are_not_taken_for_tags() -> None:
    assert prepare_page("<scripture>", "n", "") == "<scripture>"
