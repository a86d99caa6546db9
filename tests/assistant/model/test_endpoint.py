"""The address and the key of a language model: what is refused, and what nobody gets to see."""

from __future__ import annotations

import gc
import sys
import threading
import time
import traceback

import pytest

from assistant.model.endpoint import MOST_BYTES, check_url, is_loopback, open_llm
from assistant.model.speaking import Limits, ModelFailed, Speech
from assistant.settings import Settings
from eval.lab.adversaries.server import ModelServer, Reply
from vectorstore.errors import UsageError

KEY = "sk-not-to-be-seen"


def settings(url: str = "http://127.0.0.1:9/v1", **more: object) -> Settings:
    return Settings(llm="lab", llm_url=url, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "127.0.0.1:8000/v1",
        "http://",
        "http:///v1",
        "http://user:secret@127.0.0.1/v1",
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1/v1?key=secret",
        "http://127.0.0.1/v1#secret",
        "gopher://x",
        "http://[::1/v1",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_url(url)
    assert "secret" not in str(refused.value) and "\n" not in str(refused.value)


def test_an_address_without_what_stood_behind_the_version_is_taken() -> None:
    with pytest.raises(UsageError, match="leave out what follows"):
        check_url("http://127.0.0.1/v1?key=secret")
    assert str(check_url("http://127.0.0.1/v1")) == "http://127.0.0.1/v1"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("0.0.0.0", False),
        ("127.0.0.1.nip.io", False),
    ],
)
def test_what_is_this_machine(host: str, here: bool) -> None:
    assert is_loopback(host) is here


def test_a_model_without_an_address_and_an_address_without_a_model_are_refused() -> None:
    with pytest.raises(UsageError, match="--llm-url"):
        open_llm(Settings(llm="lab"), {})
    with pytest.raises(UsageError, match="add --llm"):
        open_llm(Settings(llm_url="http://127.0.0.1:9/v1"), {})
    open_llm(Settings(llm="lab", llm_url="http://127.0.0.1:9/v1"), {})


@pytest.mark.parametrize("name", ["ATTEST_LLM_KEY", "OPENAI_API_KEY"])
def test_a_key_never_travels_in_the_clear_to_another_machine(name: str) -> None:
    with pytest.raises(UsageError, match=name) as refused:
        open_llm(settings("http://models.example.org/v1"), {name: KEY})
    assert KEY not in str(refused.value)
    open_llm(settings("http://models.example.org/v1"), {"OPENAI_API_KEY": KEY, "ATTEST_LLM_KEY": ""})
    open_llm(settings("https://models.example.org/v1"), {name: KEY})
    open_llm(settings(), {name: KEY})


def test_a_key_that_would_break_a_header_is_refused_unseen() -> None:
    with pytest.raises(UsageError) as refused:
        open_llm(settings(), {"ATTEST_LLM_KEY": f"{KEY}\r\nHost: evil"})
    assert KEY not in str(refused.value)
    open_llm(settings(), {"ATTEST_LLM_KEY": KEY})


def test_without_the_extra_one_line_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_index.llms.openai_like", None)
    with pytest.raises(UsageError, match=r"attest\[llm\]"):
        open_llm(settings(), {})


def said(server: ModelServer, environment: dict[str, str] | None = None) -> list[str]:
    from llama_index.core.base.llms.types import ChatMessage

    llm = open_llm(settings(server.url, llm_seconds=60), environment or {})
    return list(Speech(llm, [ChatMessage(content="?")], Limits(50, 20, 60, 1000)))


def test_the_key_goes_to_the_server_and_into_no_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    echo = Reply(status=401, body=f'{{"error": {{"message": "Incorrect API key provided: {KEY}"}}}}')
    with ModelServer(lambda request: echo) as server, pytest.raises(ModelFailed) as failed:
        said(server, {"ATTEST_LLM_KEY": KEY})
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in "".join(traceback.format_exception(failed.value))
    assert KEY not in caplog.text


def test_a_redirect_is_not_followed() -> None:
    with (
        ModelServer(lambda request: Reply(["elsewhere"])) as other,
        ModelServer(lambda request: Reply(status=307, headers={"Location": other.url + "/chat/completions"})) as server,
    ):
        with pytest.raises(ModelFailed, match="307"):
            said(server)
        assert other.requests == []


def test_a_packed_response_is_refused() -> None:
    packed = Reply(["x"], headers={"Content-Encoding": "gzip"})
    with ModelServer(lambda request: packed) as server, pytest.raises(ModelFailed):
        said(server)


def test_a_line_that_never_ends_takes_no_more_memory_than_a_response_may() -> None:
    endless = Reply(status=400, body="x" * (MOST_BYTES + 1))
    with ModelServer(lambda request: endless) as server, pytest.raises(ModelFailed):
        said(server)


def test_a_connection_ends_with_the_speech_that_nobody_listens_to_any_more() -> None:
    gc.collect()
    gc.disable()  # which would close what is left open, at some time
    try:
        with ModelServer(lambda request: Reply(["and so on "], end="endless")) as server:
            assert next(iter(Speech(open_llm(settings(server.url), {}), [], Limits(20, 20, 20, 2000)))) == "and so on "
            deadline = time.monotonic() + 20
            while any("process_request" in thread.name for thread in threading.enumerate()):
                assert time.monotonic() < deadline, "the server still speaks"
                time.sleep(0.02)
    finally:
        gc.enable()
