"""Language models that do not speak OpenAI's interface: the real clients, against a server on loopback."""

from __future__ import annotations

import gc
import sys
import warnings
from collections.abc import Iterator

import pytest
from llama_index.core.base.llms.types import ChatMessage

from assistant.model.endpoint import PROVIDERS, open_llm
from assistant.model.speaking import Limits, ModelFailed, Speech
from assistant.settings import Settings, load_settings
from eval.lab.adversaries.server import End, ModelServer, Reply, Request
from vectorstore.errors import UsageError

KEY = "sk-not-to-be-seen"
KEYS = {"openai": "OPENAI_API_KEY", "ollama": "OLLAMA_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}
OTHERS = ("ollama", "azure")


@pytest.fixture(autouse=True)
def _connections_are_let_go() -> Iterator[None]:
    """A client keeps its connection to the server of a test until it is collected: no fault of the next test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def settings(provider: str, url: str | None, **more: object) -> Settings:
    return Settings(llm="lab", llm_url=url, llm_provider=provider, **more)  # type: ignore[arg-type]


def said(provider: str, reply: Reply, environment: dict[str, str] | None = None) -> tuple[list[str], bool, Request]:
    """The pieces, whether it was cut at its length, and what was asked."""
    with ModelServer(lambda request: reply) as server:
        address = server.url.removesuffix("/v1") if provider != "openai" else server.url
        given = {"AZURE_OPENAI_API_KEY": KEY} if environment is None else environment
        llm = open_llm(settings(provider, address, llm_context=8192), given)
        speech = Speech(llm, [ChatMessage(content="Who?")], Limits(20, 3, 30, 4000))
        return list(speech), speech.cut, server.requests[-1]


def test_there_is_a_key_for_every_provider() -> None:
    assert {name: one.key for name, one in PROVIDERS.items()} == KEYS


@pytest.mark.parametrize("provider", OTHERS)
def test_what_a_model_says_arrives_piece_by_piece(provider: str) -> None:
    pieces, cut, _ = said(provider, Reply(["It was ", "1861 ", "[1]."]))
    assert ("".join(pieces), len(pieces), cut) == ("It was 1861 [1].", 3, False)
    assert said(provider, Reply(["It was 18"], finish="length"))[1]


def test_ollama_is_told_how_large_its_context_is() -> None:
    asked = said("ollama", Reply(["x."]))[2]
    assert asked.path == "/api/chat"
    assert asked.body["options"] == {"temperature": 0.0, "num_ctx": 8192, "num_predict": 512, "seed": 0}
    assert not asked.body.get("tools")


def test_azure_is_asked_for_its_deployment() -> None:
    asked = said("azure", Reply(["x."]), {"AZURE_OPENAI_API_KEY": KEY, "OPENAI_API_VERSION": "2025-01-01"})[2]
    assert asked.path == "/openai/deployments/lab/chat/completions?api-version=2025-01-01"
    assert asked.headers["api-key"] == KEY
    assert (asked.body["max_tokens"], asked.body["temperature"]) == (512, 0.0)


@pytest.mark.parametrize("provider", OTHERS)
@pytest.mark.parametrize("end", ["dies", "closes", "garbage", "error"])
def test_a_stream_that_breaks_is_no_answer(provider: str, end: End) -> None:
    with pytest.raises(ModelFailed, match="broke off") as failed:
        said(provider, Reply(["It was ", "1861. "], end))
    assert "CUDA" not in str(failed.value)


@pytest.mark.parametrize("provider", OTHERS)
@pytest.mark.parametrize(
    ("status", "why"), [(401, "refused the key"), (404, "not known"), (400, "HTTP 400"), (307, "307")]
)
def test_an_error_is_told_by_its_number_alone(provider: str, status: int, why: str) -> None:
    headers = {"Location": "http://127.0.0.1:9/elsewhere"} if status == 307 else {}
    body = f'{{"error": {{"message": "bad key {KEY}", "code": "x"}}}}'
    with pytest.raises(ModelFailed, match=why) as failed:
        said(provider, Reply(status=status, body=body, headers=headers))
    assert KEY not in str(failed.value)


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    llm = open_llm(settings("ollama", "http://127.0.0.1:9"), {})
    with pytest.raises(ModelFailed, match="cannot be reached"):
        list(Speech(llm, [ChatMessage(content="?")], Limits(20, 3, 30, 4000)))


@pytest.mark.parametrize("provider", KEYS)
def test_the_key_of_a_provider_goes_to_no_other_machine_in_the_clear(provider: str) -> None:
    for name in (KEYS[provider], "ATTEST_LLM_KEY"):
        with pytest.raises(UsageError, match=name) as refused:
            open_llm(settings(provider, "http://models.example.org"), {name: KEY})
        assert KEY not in str(refused.value)
        open_llm(settings(provider, "https://models.example.org"), {name: KEY})


def test_ollama_gets_its_key_where_there_is_one_and_none_by_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "from-elsewhere")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    keys = [
        said("ollama", Reply(["x."]), given)[2].headers["authorization"]
        for given in ({"OLLAMA_API_KEY": KEY}, {"OLLAMA_API_KEY": KEY, "ATTEST_LLM_KEY": ""})
    ]
    assert keys == [f"Bearer {KEY}", "Bearer none"]


def test_azure_without_a_key_or_an_address_is_refused() -> None:
    with pytest.raises(UsageError, match="needs a key: set ATTEST_LLM_KEY or AZURE_OPENAI_API_KEY"):
        open_llm(settings("azure", "https://models.example.org"), {})
    for name in ("ATTEST_LLM_KEY", "AZURE_OPENAI_API_KEY"):
        open_llm(settings("azure", "https://models.example.org"), {name: KEY})
    with pytest.raises(UsageError, match="--llm-url https://"):
        open_llm(settings("azure", None), {"AZURE_OPENAI_API_KEY": KEY})


def test_ollama_is_on_this_machine_unless_said_otherwise() -> None:
    assert open_llm(settings("ollama", None), {}).base_url == "http://127.0.0.1:11434"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("provider", "module", "extra"),
    [
        ("openai", "llama_index.llms.openai_like", "llm"),
        ("ollama", "llama_index.llms.ollama", "ollama"),
        ("ollama", "ollama", "ollama"),
        ("azure", "llama_index.llms.azure_openai", "azure"),
    ],
)
def test_without_its_extra_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, provider: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=rf"pip install 'attest\[{extra}\]'") as refused:
        open_llm(settings(provider, "http://127.0.0.1:9/v1"), {"ATTEST_LLM_KEY": KEY})
    assert "\n" not in str(refused.value)


def test_a_provider_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="'openai', 'ollama' or 'azure'"):
        load_settings({"llm": "x", "llm_provider": "skynet"})
