"""Answers for many visitors: as many at a time as there are processors, each visitor in turn; where a language model
words them, more, because they wait for it most of the time.

While the index does not change, a question that stands for itself has the same answer in every conversation, and a
follow-up has the same answer after the same turns. So the last answers are remembered, and a question that is being
answered already is not answered a second time; all who wait see the answer grow. Where nobody waits any more, a model
is not listened to any longer.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from assistant.types import Answer, Turn
from ingest.deadline import Stopped
from ui.web.line import Limits, Line
from ui.web.visitors import Visitor
from vectorstore.embedding.embedder import available_cpus

REMEMBERED = 500
_MOST, _MOST_ADDRESS, _MOST_EACH = 256, 100, 4
"""Questions in the line: of all, of one address, of one window."""
_UNDERSTANDING = 2
"""Threads that find out what a question means, which takes milliseconds, before it takes its place."""
_WITH_A_MODEL, _EACH_WITH_A_MODEL = 8, 2
"""Answers that a language model words at a time: of all, of one window."""
_UPDATE_SECONDS = 2.0
_GROWING_SECONDS = 0.25


class Asks(Protocol):
    """What is needed of an assistant."""

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Sequence[str] | None = None
    ) -> Iterator[Answer]: ...

    def turns_for(self, question: str, history: Sequence[Turn]) -> tuple[Turn, ...]: ...


@dataclass(frozen=True, slots=True)
class Growing:
    """An answer that is not whole yet."""

    answer: Answer


@dataclass(slots=True)
class _Work:
    """One answer that is worked on: what there is of it so far, how many wait for it, whether it was given up."""

    answer: asyncio.Future[Answer] = field(init=False)
    so_far: Answer | None = None
    waiting: int = 0
    gone: threading.Event = field(default_factory=threading.Event)


class Answers:
    """The line in front of one assistant. All of it runs on one event loop, the assistant in threads. `model`: whether
    a language model words the answers."""

    def __init__(self, assistant: Asks, *, model: bool = False) -> None:
        workers = max(_WITH_A_MODEL, available_cpus()) if model else available_cpus()
        each = _EACH_WITH_A_MODEL if model else workers
        self._assistant, self._model = assistant, model
        self._line = Line(Limits(workers, workers, each, _MOST, _MOST_ADDRESS, _MOST_EACH))
        self._understanding = ThreadPoolExecutor(_UNDERSTANDING, thread_name_prefix="understanding")
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answers")
        self._known: OrderedDict[_Key, _Work] = OrderedDict()
        self._stopping = False

    async def ask(
        self, visitor: Visitor, question: str, history: tuple[Turn, ...], document_id: str | None, version: int
    ) -> AsyncIterator[int | Growing | Answer]:
        """The answer from one document (all, if None); before it, every two seconds while the visitor waits, how many
        others come first, then what there is of it whenever there is more. `version` is the index's.

        Raises LineFull, and what the assistant raises.
        """
        loop = asyncio.get_running_loop()
        turns = await loop.run_in_executor(self._understanding, self._assistant.turns_for, question, history)
        key = (version, document_id, question, turns)
        known = self._usable(key)
        if known is not None:
            self._known.move_to_end(key)
            async for grown in self._heard(known):
                yield grown
            return
        with self._line.enter(visitor) as place:
            while not await place.called(_UPDATE_SECONDS):
                yield place.ahead
            async for grown in self._heard(self._usable(key) or self._begin(key)):  # somebody may have asked meanwhile
                yield grown

    def stop(self) -> None:
        """Asks answers that are being worded to end."""
        self._stopping = True

    def close(self) -> None:
        """Waits for the answers that are being worked on; those that wait are given up."""
        self.stop()
        self._understanding.shutdown(wait=True, cancel_futures=True)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _usable(self, key: _Key) -> _Work | None:
        known = self._known.get(key)
        return None if known is None or known.answer.cancelled() or known.gone.is_set() else known

    async def _heard(self, work: _Work) -> AsyncIterator[Growing | Answer]:
        """What there is of an answer whenever there is more, at last the answer."""
        work.waiting += 1
        shown: Answer | None = None
        try:
            while not (await asyncio.wait({work.answer}, timeout=_GROWING_SECONDS))[0]:
                if work.so_far is not shown and work.so_far is not None:
                    shown = work.so_far
                    yield Growing(shown)
            yield await asyncio.shield(work.answer)
        finally:
            work.waiting -= 1
            if not work.waiting and not work.answer.done():
                work.gone.set()

    def _begin(self, key: _Key) -> _Work:
        work = _Work()
        answering = partial(self._answered, key, work)
        work.answer = asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(self._pool, answering))
        self._known[key] = work
        work.answer.add_done_callback(partial(self._settled, key, work))
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return work

    def _answered(self, key: _Key, work: _Work) -> Answer:
        """The answer, in a thread."""
        _, document_id, question, history = key
        chosen = None if document_id is None else [document_id]
        for answer in self._assistant.stream(question, history, document_ids=chosen):
            work.so_far, last = answer, answer
            if self._model and (work.gone.is_set() or self._stopping):
                raise Stopped("the answer was given up")
        return last

    def _settled(self, key: _Key, work: _Work, answer: asyncio.Future[Answer]) -> None:
        """Errors are not remembered, nor what was said because a model failed: the next one who asks tries again."""
        failed = answer.cancelled() or answer.exception() is not None or bool(answer.result().notice)
        if failed and self._known.get(key) is work:
            del self._known[key]


_Key = tuple[int, str | None, str, tuple[Turn, ...]]
