"""The language model that the settings name, behind the address of its server.

    openai   any OpenAI-compatible server: vLLM, llama.cpp, LM Studio, Ollama, and most that are rented
    ollama   Ollama's own interface, which lets the context be as large as the setting says
    azure    a deployment of Azure OpenAI, by its resource's address and its own key

The address is the operator's: http or https, no redirect is followed, no proxy is taken from the environment, and what
comes back is bounded in size and time. The key comes from the environment alone, and is in no message.
"""

from __future__ import annotations

import importlib
import ipaddress
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from assistant.model.speaking import when_spoken
from assistant.settings import Settings
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

OWN_KEY = "ATTEST_LLM_KEY"
NO_KEY = "none"
"""What is sent where there is no key: a server that asks for none ignores it."""
MOST_BYTES = 8_000_000
"""Of one response: some hundred times what an answer takes."""
CONNECT_SECONDS = 10.0
AZURE_VERSION = "2024-10-21"
"""Of Azure's interface, where `OPENAI_API_VERSION` names none."""


@dataclass(frozen=True, slots=True)
class Server:
    """What a model is opened with: its `name`, the `address` of its server and the `key`, "" for none."""

    name: str
    address: httpx.URL
    key: str
    settings: Settings
    environment: Mapping[str, str]

    def client(self) -> httpx.Client:
        """Connections to it that end."""
        return httpx.Client(**connecting(self.settings.llm_seconds))


@dataclass(frozen=True, slots=True)
class _Provider:
    """`extra`: what to install; `key`: the variable that its users know; `address`: where it is unless said otherwise;
    `example`: of an address; `open`: makes its model, raises ImportError where the extra is missing."""

    extra: str
    key: str
    address: str | None
    example: str
    open: Callable[[Server], Any]


def open_llm(settings: Settings, environment: Mapping[str, str] = os.environ) -> LLM:
    """The model `settings.llm` at `settings.llm_url`. Nothing is connected to yet.

    Raises UsageError where one of both is missing, the address cannot be used, a key would travel in the clear, or
    the extra is not installed.
    """
    provider = PROVIDERS[settings.llm_provider]
    if not settings.llm:
        raise UsageError("--llm-url names a server, but no model: add --llm MODEL, as the server calls it")
    url = settings.llm_url or provider.address
    if not url:
        raise UsageError(f"--llm needs the address of its server: --llm-url {provider.example}")
    address = check_url(url)
    key = _key(address, provider.key, environment)
    if not key and settings.llm_provider == "azure":
        raise UsageError(f"Azure OpenAI needs a key: set {OWN_KEY} or {provider.key}")
    try:
        llm: LLM = provider.open(Server(settings.llm, address, key, settings, environment))
    except ImportError:
        install = f"pip install 'attest[{provider.extra}]'"
        raise UsageError(f"this language model needs an extra that is not installed: {install}") from None
    return llm


def _open_openai(server: Server) -> Any:
    module = importlib.import_module("llama_index.llms.openai_like")
    return module.OpenAILike(
        model=server.name,
        api_base=str(server.address),
        api_key=server.key or NO_KEY,
        is_chat_model=True,
        is_function_calling_model=False,
        context_window=server.settings.llm_context,
        max_tokens=server.settings.llm_tokens,
        temperature=0.0,
        max_retries=0,  # `speaking` repeats, and can be stopped while it waits
        timeout=server.settings.llm_seconds,
        http_client=server.client(),
    )


def _open_ollama(server: Server) -> Any:
    module = importlib.import_module("llama_index.llms.ollama")
    ollama = importlib.import_module("ollama")
    # Ollama's client takes a key and an address from the environment where it is given none.
    headers = {"Authorization": f"Bearer {server.key or NO_KEY}"}
    client = ollama.Client(host=str(server.address), headers=headers, **connecting(server.settings.llm_seconds))
    return module.Ollama(
        model=server.name,
        base_url=str(server.address),
        client=client,
        temperature=0.0,
        context_window=server.settings.llm_context,
        request_timeout=server.settings.llm_seconds,
        additional_kwargs={"num_predict": server.settings.llm_tokens, "seed": 0},
        is_function_calling_model=False,
    )


def _open_azure(server: Server) -> Any:
    module = importlib.import_module("llama_index.llms.azure_openai")
    known = importlib.import_module("llama_index.llms.openai.utils").ALL_AVAILABLE_MODELS
    return module.AzureOpenAI(
        engine=server.name,
        model=server.name if server.name in known else "gpt-4o",  # a deployment has whatever name its owner gave it
        azure_endpoint=str(server.address),
        api_key=server.key,
        api_version=server.environment.get("OPENAI_API_VERSION", "").strip() or AZURE_VERSION,
        max_tokens=server.settings.llm_tokens,
        temperature=0.0,
        max_retries=0,
        timeout=server.settings.llm_seconds,
        http_client=server.client(),
    )


PROVIDERS: Mapping[str, _Provider] = {
    "openai": _Provider("llm", "OPENAI_API_KEY", None, "http://127.0.0.1:8000/v1", _open_openai),
    "ollama": _Provider("ollama", "OLLAMA_API_KEY", "http://127.0.0.1:11434", "http://127.0.0.1:11434", _open_ollama),
    "azure": _Provider("azure", "AZURE_OPENAI_API_KEY", None, "https://NAME.openai.azure.com", _open_azure),
}
"""By the name that the setting `llm_provider` has for them."""


def check_url(url: str) -> httpx.URL:
    """The address of a server. Raises UsageError, which repeats no user name or password."""
    try:
        address = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise UsageError("--llm-url is no address: give it like http://127.0.0.1:8000/v1") from None
    if address.userinfo:
        raise UsageError(f"--llm-url holds a user name or password: give the key in {OWN_KEY} instead")
    if address.scheme not in ("http", "https") or not address.host:
        raise UsageError("--llm-url must begin with http:// or https:// and a host, like http://127.0.0.1:8000/v1")
    if address.port is not None and not 0 < address.port < 65_536:
        raise UsageError("--llm-url names a port that cannot be: there are 1 to 65535")
    if address.query or address.fragment:
        raise UsageError("--llm-url ends at the version, like http://127.0.0.1:8000/v1: leave out what follows ? or #")
    return address


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, by its name or number."""
    name = host.lower().strip("[]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _key(address: httpx.URL, common: str, environment: Mapping[str, str]) -> str:
    """The key, "" for none. `ATTEST_LLM_KEY` counts where it is set, even to nothing; else the variable `common`."""
    name = OWN_KEY if OWN_KEY in environment else common
    key = environment.get(name, "").strip()
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise UsageError(f"{name} holds characters that no key has: set it again")
    if key and address.scheme == "http" and not is_loopback(address.host):
        raise UsageError(
            f"the key in {name} would travel to {address.host} in the clear: use https://, or set {OWN_KEY} to nothing"
        )
    return key


def connecting(seconds: float) -> dict[str, Any]:
    """What an `httpx.Client` is made with, so that nothing is followed and everything ends."""
    return {
        "transport": _Bounded(seconds),
        "timeout": httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
        "follow_redirects": False,
        "trust_env": False,
    }


class _Bounded(httpx.BaseTransport):
    """Connections whose responses end after MOST_BYTES or so many seconds, whatever the server goes on to send."""

    def __init__(self, seconds: float) -> None:
        self._inner = httpx.HTTPTransport(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
        self._seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ends = time.monotonic() + self._seconds
        request.headers["Accept-Encoding"] = "identity"
        response = self._inner.handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        if response.headers.get("content-encoding", "identity") != "identity":
            response.close()
            raise httpx.RemoteProtocolError("the response is packed, which was not asked for")
        when_spoken(response.stream.close)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_BoundedStream(response.stream, ends),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._inner.close()


class _BoundedStream(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, ends: float) -> None:
        self._inner, self._ends = inner, ends

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._inner:
            size += len(chunk)
            if size > MOST_BYTES or time.monotonic() > self._ends:
                raise httpx.ReadError("the response does not end")
            yield chunk

    def close(self) -> None:
        self._inner.close()
