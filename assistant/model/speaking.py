"""What a language model says, piece by piece, within its time; any LlamaIndex `LLM` can speak.

The model runs in a thread of its own, so that one that hangs holds nobody up. A failed attempt is repeated only while
nothing was said. But: what is said is not read here.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM

_PAUSES = (0.5, 1.5)
"""Seconds before each further attempt."""
_AGAIN = frozenset((408, 409, 425, 429, 500, 502, 503, 504))
_UNREACHED = frozenset(("APIConnectionError", "ConnectError", "ConnectionError"))
_TOO_LATE = frozenset(("APITimeoutError", "TimeoutException", "TimeoutError"))

_ends: ContextVar[ExitStack | None] = ContextVar("ends", default=None)
"""What is done when the model of this thread has spoken."""


def when_spoken(close: Callable[[], None]) -> None:
    """Has something closed when the model that speaks in this thread is done or is listened to no more. A stream that
    is left in the middle may hold itself (openai's refers to its own generator), and its connection would stay open
    until somebody collects the garbage."""
    ends = _ends.get()
    if ends is not None:
        ends.callback(close)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until the first word, between two, and in all; and the most characters."""

    first: float
    between: float
    total: float
    characters: int

    @classmethod
    def of(cls, seconds: float, tokens: int) -> Limits:
        """For an answer of so many tokens in so many seconds."""
        return cls(seconds / 2, max(1.0, seconds / 6), seconds, tokens * 8)


class ModelFailed(Exception):
    """The model does not answer. The message goes on after its name: "took too long". Nothing that the server said is
    in it."""


@dataclass(frozen=True, slots=True)
class _End:
    """`cut`: the answer stops because it is as long as it may be."""

    cut: bool = False


class Speech:
    """One answer of a model: iterate over it for the pieces, once; `cut` says afterwards whether it stops in the middle
    because it is as long as it may be."""

    def __init__(self, llm: LLM, messages: Sequence[ChatMessage], limits: Limits) -> None:
        self.cut = False
        self._llm, self._messages, self._limits = llm, messages, limits

    def __iter__(self) -> Iterator[str]:
        """Raises ModelFailed."""
        said: queue.SimpleQueue[str | _End | ModelFailed] = queue.SimpleQueue()
        stopped = threading.Event()
        threading.Thread(target=self._speak, args=(said, stopped), name="language model", daemon=True).start()
        started = time.monotonic()
        patience = self._limits.first
        try:
            while True:
                left = started + self._limits.total - time.monotonic()
                try:
                    piece = said.get(timeout=max(0.0, min(patience, left)))
                except queue.Empty:
                    raise ModelFailed("took too long") from None
                if isinstance(piece, ModelFailed):
                    raise piece
                if isinstance(piece, _End):
                    self.cut = piece.cut
                    return
                patience = self._limits.between
                yield piece
        finally:
            stopped.set()

    def _speak(self, said: queue.SimpleQueue[str | _End | ModelFailed], stopped: threading.Event) -> None:
        for pause in (*_PAUSES, None):
            spoke = False
            try:
                with ExitStack() as ends:
                    _ends.set(ends)
                    for piece in self._pieces(stopped):
                        spoke = spoke or isinstance(piece, str)
                        said.put(piece)
                return
            except Exception as error:  # an LLM of any make may raise anything
                if spoke or pause is None or not _is_worth_another(error) or stopped.wait(pause):
                    said.put(_failure(error, spoke))
                    return

    def _pieces(self, stopped: threading.Event) -> Iterator[str | _End]:
        length, before, finish = 0, "", _Finish()
        for response in self._llm.stream_chat(self._messages):
            if stopped.is_set():
                return
            finish.look(response.raw)
            piece, before = _piece(response, before)
            if piece:
                length += len(piece)
                yield piece[: max(0, len(piece) - (length - self._limits.characters))]
            if length >= self._limits.characters:
                yield _End(cut=True)
                return
        if finish.expected and finish.reason is None:
            raise ModelFailed("broke off")
        yield _End(cut=finish.reason == "length")


class _Finish:
    """Why an answer ended, where the wire says so: OpenAI's and Ollama's do, and without it the connection was lost."""

    def __init__(self) -> None:
        self.expected = False
        self.reason: str | None = None

    def look(self, raw: Any) -> None:
        choices = raw.get("choices") if isinstance(raw, dict) else getattr(raw, "choices", None)
        if isinstance(raw, dict) and "done" in raw:
            self.expected = True
            if raw["done"]:
                self.reason = raw.get("done_reason") or "stop"
        elif choices:
            self.expected = True
            first = choices[0]
            reason = first.get("finish_reason") if isinstance(first, dict) else getattr(first, "finish_reason", None)
            self.reason = reason or self.reason


def _piece(response: ChatResponse, before: str) -> tuple[str, str]:
    """What this response adds, and all that was said up to it."""
    if response.delta is not None:
        return response.delta, before + response.delta
    content = response.message.content or ""
    return (content[len(before) :] if content.startswith(before) else content), content


def _names(error: BaseException) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and 100 <= status < 600 else None


def _is_worth_another(error: Exception) -> bool:
    status = _status(error)
    if status is not None:
        return status in _AGAIN
    return bool(_names(error) & _UNREACHED) and not _names(error) & _TOO_LATE


def _failure(error: Exception, spoke: bool) -> ModelFailed:
    if isinstance(error, ModelFailed):
        return error
    status, names = _status(error), _names(error)
    if status in (401, 403):
        return ModelFailed(f"refused the key (HTTP {status})")
    if status == 404:
        return ModelFailed("is not known at its address (HTTP 404)")
    if status == 429:
        return ModelFailed("has too much to do (HTTP 429)")
    if status is not None:
        return ModelFailed(f"failed (HTTP {status})")
    if names & _TOO_LATE:
        return ModelFailed("took too long")
    if spoke:
        return ModelFailed("broke off")
    if names & _UNREACHED:
        return ModelFailed("cannot be reached")
    return ModelFailed("sent what cannot be read")
