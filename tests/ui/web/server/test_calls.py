"""What reaches Gradio: calls of the page's functions with texts, nothing that names a file or an address."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import gradio as gr
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from ui.web.server.calls import BURST, JOIN, MOST_CHARACTERS, Calls

FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
GOOD = {"fn_index": 0, "session_hash": "abc1", "data": ["When?", None, "all"]}


def page() -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as blocks:
        question, memory = gr.Textbox(), gr.State(0)
        scope = gr.Dropdown(choices=["all"])
        question.submit(lambda *_: None, [question, memory, scope], None)
    return blocks


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    answer = {"query": scope["query_string"].decode(), "body": (await request.body()).decode()}
    await JSONResponse(answer)(scope, receive, send)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def blocks() -> gr.Blocks:
    async def made() -> gr.Blocks:  # outside a running loop Gradio makes one of its own, and leaves it open
        return page()

    return asyncio.run(made())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def calls(blocks: gr.Blocks, clock: Clock) -> Calls:
    return Calls(inner, blocks, lambda: {"all", "mill"}, clock=clock)


def request(calls: Calls, method: str, path: str, **more: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(calls)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **more)

    return asyncio.run(send())


def test_a_call_arrives_with_the_fields_of_the_page_only(calls: Calls) -> None:
    more = {
        "event_data": FILE,
        "trigger_id": 7,
        "simple_format": True,
        "oauth_token": "x",
        "event_id": "y",
        "batched": 1,
    }
    body = json.loads(request(calls, "POST", JOIN, json={**GOOD, **more}).json()["body"])
    assert body == {**GOOD, "event_data": None}


@pytest.mark.parametrize(
    "call",
    [
        [],
        "text",
        None,
        {},
        {**GOOD, "data": [FILE, None, "all"]},
        {**GOOD, "data": [[FILE], None, "all"]},
        {**GOOD, "data": ["When?", FILE, "all"]},
        {**GOOD, "data": ["When?", "state", "all"]},
        {**GOOD, "data": ["When?", None, FILE]},
        {**GOOD, "data": ["When?", None, {"path": "http://127.0.0.1/"}]},
        {**GOOD, "data": [1, None, "all"]},
        {**GOOD, "data": [True, None, "all"]},
        {**GOOD, "data": ["When?", None]},
        {**GOOD, "data": ["When?", None, "all", None]},
        {**GOOD, "data": "When?"},
        {**GOOD, "data": ["x" * (MOST_CHARACTERS + 1), None, "all"]},
        {**GOOD, "fn_index": 99},
        {**GOOD, "fn_index": -1},
        {**GOOD, "fn_index": "0"},
        {**GOOD, "fn_index": True},
        {**GOOD, "fn_index": None},
        {**GOOD, "fn_index": 1e400},
        {**GOOD, "session_hash": None},
        {**GOOD, "session_hash": "../x"},
        {**GOOD, "session_hash": "x" * 65},
        {**GOOD, "session_hash": FILE},
    ],
)
def test_anything_else_is_refused_in_one_line(call: object, calls: Calls) -> None:
    response = request(calls, "POST", JOIN, content=json.dumps(call))
    assert response.status_code == 400
    assert response.text == "This is not a call of the page: reload it.\n"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"data": ' + b"9" * 10_000 + b"}", b" " * 300_000]
)
def test_a_body_that_is_no_json_is_refused(body: bytes, calls: Calls) -> None:
    assert request(calls, "POST", JOIN, content=body).status_code == 400


def test_what_is_not_among_the_choices_is_nothing_chosen(calls: Calls) -> None:
    for chosen, arrives in (("all", "all"), ("mill", "mill"), ("/etc/passwd", None), (None, None)):
        body = json.dumps({**GOOD, "data": ["When?", None, chosen]}).encode()
        call = calls.checked(body)
        assert call is not None and call["data"][2] == arrives


def test_lone_surrogates_are_replaced(calls: Calls) -> None:
    call = calls.checked(json.dumps({**GOOD, "data": ["\ud800 and \U0001f600", None, "all"]}).encode())
    assert call is not None and call["data"][0] == "\ufffd and \U0001f600"


def test_only_a_session_that_has_called_is_answered(calls: Calls) -> None:
    data = "/gradio_api/queue/data"
    assert request(calls, "GET", data, params={"session_hash": "abc1"}).status_code == 404
    request(calls, "POST", JOIN, json=GOOD)
    assert (
        request(calls, "GET", data, params={"session_hash": "abc1", "more": "x"}).json()["query"] == "session_hash=abc1"
    )
    assert request(calls, "GET", data + "?session_hash=abc1&session_hash=b").status_code == 404
    assert request(calls, "GET", data).status_code == 404
    assert request(calls, "GET", "/gradio_api/heartbeat/abc1").status_code == 200
    assert request(calls, "GET", "/gradio_api/heartbeat/%2e%2e").status_code == 404


def test_no_query_reaches_gradio_and_every_query_the_pages_own_routes(calls: Calls) -> None:
    assert request(calls, "GET", "/?deep_link=../../x").json()["query"] == ""
    assert request(calls, "GET", "/attest/style.css?v1").json()["query"] == "v1"


def test_an_address_may_call_only_so_often(calls: Calls, clock: Clock) -> None:
    answers = [request(calls, "POST", JOIN, json=GOOD).status_code for _ in range(int(BURST) + 2)]
    assert answers == [200] * int(BURST) + [429] * 2
    clock.now = 1.0
    assert request(calls, "POST", JOIN, json=GOOD).status_code == 200
