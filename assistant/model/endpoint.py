"""The language model that the settings name, behind an OpenAI-compatible address (vLLM, llama.cpp, LM Studio, Ollama).

The address is the operator's: http or https, no redirect is followed, no proxy is taken from the environment, and what
comes back is bounded in size and time. The key comes from the environment alone, and is in no message.
"""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import httpx

from assistant.settings import Settings
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

OWN_KEY, COMMON_KEY = "ATTEST_LLM_KEY", "OPENAI_API_KEY"
NO_KEY = "none"
"""What is sent where there is no key: a server that asks for none ignores it."""
MOST_BYTES = 8_000_000
"""Of one response: some hundred times what an answer takes."""
CONNECT_SECONDS = 10.0
_INSTALL = "pip install 'attest[llm]'"


def open_llm(settings: Settings, environment: Mapping[str, str] = os.environ) -> LLM:
    """The model `settings.llm` at `settings.llm_url`. Nothing is connected to yet.

    Raises UsageError where one of both is missing, the address cannot be used, a key would travel in the clear, or
    the extra is not installed.
    """
    if not settings.llm:
        raise UsageError("--llm-url names a server, but no model: add --llm MODEL, as the server calls it")
    if not settings.llm_url:
        raise UsageError("--llm needs the address of its server: --llm-url http://127.0.0.1:8000/v1")
    address = check_url(settings.llm_url)
    key = _key(address, environment)
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError:
        raise UsageError(f"language models need an extra that is not installed: {_INSTALL}") from None
    llm: LLM = OpenAILike(
        model=settings.llm,
        api_base=str(address),
        api_key=key or NO_KEY,
        is_chat_model=True,
        is_function_calling_model=False,
        context_window=settings.llm_context,
        max_tokens=settings.llm_tokens,
        temperature=0.0,
        max_retries=0,  # `speaking` repeats, and can be stopped while it waits
        timeout=settings.llm_seconds,
        http_client=_client(settings.llm_seconds),
    )
    return llm


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


def _key(address: httpx.URL, environment: Mapping[str, str]) -> str:
    """The key, "" for none. `ATTEST_LLM_KEY` counts where it is set, even to nothing."""
    name = OWN_KEY if OWN_KEY in environment else COMMON_KEY
    key = environment.get(name, "").strip()
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise UsageError(f"{name} holds characters that no key has: set it again")
    if key and address.scheme == "http" and not is_loopback(address.host):
        raise UsageError(
            f"the key in {name} would travel to {address.host} in the clear: use https://, or set {OWN_KEY} to nothing"
        )
    return key


def _client(seconds: float) -> httpx.Client:
    return httpx.Client(
        transport=_Bounded(seconds),
        timeout=httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity"},
    )


class _Bounded(httpx.BaseTransport):
    """Connections whose responses end after MOST_BYTES or so many seconds, whatever the server goes on to send."""

    def __init__(self, seconds: float) -> None:
        self._inner = httpx.HTTPTransport(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
        self._seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ends = time.monotonic() + self._seconds
        response = self._inner.handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        if response.headers.get("content-encoding", "identity") != "identity":
            response.close()
            raise httpx.RemoteProtocolError("the response is packed, which was not asked for")
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
