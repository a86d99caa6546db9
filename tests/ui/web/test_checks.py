"""Checks for many visitors: in turn, half of the processors left free, and given up when nobody waits for them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import pytest

from assistant.check.types import Check
from ingest.deadline import Stopped
from ui.web import checks as module
from ui.web.checks import MOST_CHARACTERS, Checks, Doing
from ui.web.line import LineFull
from ui.web.visitors import Visitor
from vectorstore.errors import UsageError


class Slow:
    """A checker that checks until it is let, or its step raises; it counts."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, Sequence[str] | None]] = []
        self.given_up: list[str] = []
        self.let = threading.Event()

    def __call__(self, text: str, document_ids: Sequence[str] | None, step: Callable[[], None]) -> Check:
        self.begun.append((text, document_ids))
        end = time.monotonic() + 30
        while not self.let.wait(0.005):
            assert time.monotonic() < end
            try:
                step()
            except Stopped:
                self.given_up.append(text)
                raise
        if text == "bad":
            raise UsageError("no text")
        return Check(text, "not found", (), "attest")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    monkeypatch.setattr(module, "_UPDATE_SECONDS", 0.01)
    monkeypatch.setattr(module, "available_cpus", lambda: 2)
    checker = Slow()
    yield checker
    checker.let.set()


def visitor(n: int) -> Visitor:
    return Visitor(f"10.0.0.{n}", "window")


async def done(said: AsyncIterator[Doing | Check]) -> Check:
    heard = [one async for one in said]
    assert isinstance(heard[-1], Check)
    return heard[-1]


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come")


def test_a_text_is_checked_against_the_chosen_document_or_all(slow: Slow) -> None:
    async def run() -> None:
        checks = Checks(slow)
        slow.let.set()
        assert (await done(checks.check(visitor(1), "It is so.", "mill"))).text == "It is so."
        await done(checks.check(visitor(1), "It is.", None))
        assert slow.begun == [("It is so.", ["mill"]), ("It is.", None)]
        checks.close()

    asyncio.run(run())


@pytest.mark.parametrize(("text", "line"), [(" \n", "no text"), ("x" * (MOST_CHARACTERS + 1), "20,001 characters")])
def test_a_text_that_is_empty_or_too_long_is_one_line_of_error(slow: Slow, text: str, line: str) -> None:
    async def run() -> None:
        checks = Checks(slow)
        with pytest.raises(UsageError, match=line):
            await done(checks.check(visitor(1), text, None))
        assert slow.begun == []
        checks.close()

    asyncio.run(run())


def test_half_of_the_processors_are_left_and_the_others_wait(slow: Slow) -> None:
    async def run() -> None:
        checks = Checks(slow)
        first = asyncio.create_task(done(checks.check(visitor(1), "1.", None)))
        await until(lambda: len(slow.begun) == 1)
        second = asyncio.create_task(done(checks.check(visitor(2), "2.", None)))
        await asyncio.sleep(0.05)
        third = checks.check(visitor(3), "3.", None)
        assert await anext(third) == Doing(ahead=1)
        assert len(slow.begun) == 1
        slow.let.set()
        assert [(await one).text for one in (first, second)] == ["1.", "2."]
        assert (await done(third)).text == "3."
        checks.close()

    asyncio.run(run())


def test_one_window_may_not_have_everything_checked_at_once(slow: Slow) -> None:
    async def run() -> None:
        checks = Checks(slow)
        asking = [asyncio.create_task(done(checks.check(visitor(1), f"{n}.", None))) for n in range(4)]
        await asyncio.sleep(0.05)
        slow.let.set()
        ended = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(one) for one in ended] == [Check] * 2 + [LineFull] * 2
        checks.close()

    asyncio.run(run())


def test_a_check_ends_when_its_visitor_leaves(slow: Slow) -> None:
    async def run() -> None:
        checks = Checks(slow)
        gone = checks.check(visitor(1), "1.", None)
        assert await anext(gone) == Doing()
        await until(lambda: len(slow.begun) == 1)
        await gone.aclose()  # type: ignore[attr-defined]
        await until(lambda: slow.given_up == ["1."])
        slow.let.set()
        assert (await done(checks.check(visitor(2), "2.", None))).text == "2."
        checks.close()

    asyncio.run(run())


def test_a_check_ends_when_the_server_stops(slow: Slow) -> None:
    async def run() -> None:
        checks = Checks(slow)
        asking = asyncio.create_task(done(checks.check(visitor(1), "1.", None)))
        await until(lambda: len(slow.begun) == 1)
        await asyncio.to_thread(checks.close)
        with pytest.raises(Stopped):
            await asking

    asyncio.run(run())


def test_an_error_is_raised_and_the_next_text_is_checked(slow: Slow) -> None:
    async def run() -> None:
        checks = Checks(slow)
        slow.let.set()
        with pytest.raises(UsageError, match="no text"):
            await done(checks.check(visitor(1), "bad", None))
        assert (await done(checks.check(visitor(1), "good", None))).text == "good"
        checks.close()

    asyncio.run(run())
