"""Answers for many visitors: as many at a time as there are processors, each visitor in turn.

While the index does not change, a question that stands for itself has the same answer in every conversation, and a
follow-up has the same answer after the same turns. So the last answers are remembered, and a question that is being
answered already is not answered a second time.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol

from assistant.types import Answer, Turn
from ui.web.line import Limits, Line
from ui.web.visitors import Visitor
from vectorstore.embedding.embedder import available_cpus

REMEMBERED = 500
_MOST, _MOST_ADDRESS, _MOST_EACH = 256, 100, 4
"""Questions in the line: of all, of one address, of one window."""
_UNDERSTANDING = 2
"""Threads that find out what a question means, which takes milliseconds, before it takes its place."""
_UPDATE_SECONDS = 2.0


class Asks(Protocol):
    """What is needed of an assistant."""

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Sequence[str] | None = None
    ) -> Answer: ...

    def turns_for(self, question: str, history: Sequence[Turn]) -> tuple[Turn, ...]: ...


class Answers:
    """The line in front of one assistant. All of it runs on one event loop, the assistant in threads."""

    def __init__(self, assistant: Asks) -> None:
        workers = available_cpus()
        self._assistant = assistant
        self._line = Line(Limits(workers, workers, workers, _MOST, _MOST_ADDRESS, _MOST_EACH))
        self._understanding = ThreadPoolExecutor(_UNDERSTANDING, thread_name_prefix="understanding")
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answers")
        self._known: OrderedDict[_Key, asyncio.Future[Answer]] = OrderedDict()

    async def ask(
        self, visitor: Visitor, question: str, history: tuple[Turn, ...], document_id: str | None, version: int
    ) -> AsyncIterator[int | Answer]:
        """The answer from one document (all, if None); before it, every two seconds while the visitor waits, how many
        others come first. `version` is the index's.

        Raises LineFull, and what the assistant raises.
        """
        loop = asyncio.get_running_loop()
        turns = await loop.run_in_executor(self._understanding, self._assistant.turns_for, question, history)
        key = (version, document_id, question, turns)
        known = self._known.get(key)
        if known is not None and not known.cancelled():
            self._known.move_to_end(key)
            yield await asyncio.shield(known)
            return
        with self._line.enter(visitor) as place:
            while not await place.called(_UPDATE_SECONDS):
                yield place.ahead
            known = self._known.get(key)  # somebody may have asked it meanwhile
            if known is None or known.cancelled():
                known = self._begin(key)
            yield await asyncio.shield(known)

    def close(self) -> None:
        """Waits for the answers that are being worked on; those that wait are given up."""
        self._understanding.shutdown(wait=True, cancel_futures=True)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, key: _Key) -> asyncio.Future[Answer]:
        _, document_id, question, history = key
        chosen = None if document_id is None else [document_id]
        work = partial(self._assistant.ask, question, history, document_ids=chosen)
        answer = asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(self._pool, work))
        self._known[key] = answer
        answer.add_done_callback(partial(self._settled, key))
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return answer

    def _settled(self, key: _Key, answer: asyncio.Future[Answer]) -> None:
        """Errors are not remembered: the next one who asks tries again."""
        if (answer.cancelled() or answer.exception() is not None) and self._known.get(key) is answer:
            del self._known[key]


_Key = tuple[int, str | None, str, tuple[Turn, ...]]
