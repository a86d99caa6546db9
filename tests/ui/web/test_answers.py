"""Answers for many visitors: each question is worked out once, and whoever waits sees the place in the line."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from assistant.types import Answer, Sentence, Trace, Turn
from ui.web import answers as module
from ui.web.answers import Answers, Growing
from ui.web.line import LineFull
from ui.web.visitors import Visitor
from vectorstore.errors import UsageError


class Slow:
    """An assistant that answers when it is let, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = threading.Event()

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Sequence[str] | None = None
    ) -> Iterator[Answer]:
        self.asked.append(question)
        assert self.let.wait(30)
        if question == "bad":
            raise UsageError("no question")
        notice = "m did not answer in time." if question == "late" else ""
        yield Answer(question, question, (), True, 0.0, (), Trace((), ()), notice=notice)

    def turns_for(self, question: str, history: Sequence[Turn]) -> tuple[Turn, ...]:
        return tuple(history) if question.startswith("And") else ()


@pytest.fixture
def slow() -> Iterator[Slow]:
    assistant = Slow()
    yield assistant
    assistant.let.set()


def visitor(n: int) -> Visitor:
    return Visitor(f"10.0.0.{n}", "window")


def ask(answers: Answers, n: int, question: str, version: int = 1) -> AsyncIterator[int | Growing | Answer]:
    return answers.ask(visitor(n), question, (), None, version)


async def answer(said: AsyncIterator[int | Growing | Answer]) -> Answer:
    heard = [one async for one in said]
    assert isinstance(heard[-1], Answer)
    return heard[-1]


def test_the_same_question_is_worked_out_once_until_the_index_changes(slow: Slow) -> None:
    async def run() -> None:
        answers = Answers(slow)
        asking = [asyncio.create_task(answer(ask(answers, n, "why?"))) for n in range(8)]
        await asyncio.sleep(0.05)
        slow.let.set()
        same = await asyncio.gather(*asking)
        assert all(one is same[0] for one in same)
        assert await answer(ask(answers, 9, "why?")) is same[0]
        assert slow.asked == ["why?"]
        assert await answer(ask(answers, 9, "why?", version=2)) is not same[0]
        answers.close()

    asyncio.run(run())


def test_a_question_that_stands_for_itself_is_worked_out_once_for_all_conversations(slow: Slow) -> None:
    async def run() -> None:
        answers = Answers(slow)
        slow.let.set()
        first = await answer(ask(answers, 1, "why?"))
        history = (Turn("why?", first),)
        assert await answer(answers.ask(visitor(2), "why?", history, None, 1)) is first
        alone = await answer(ask(answers, 1, "And then?"))
        assert await answer(answers.ask(visitor(2), "And then?", history, None, 1)) is not alone
        answers.close()

    asyncio.run(run())


def test_whoever_waits_is_told_how_many_are_before(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_UPDATE_SECONDS", 0.01)
    monkeypatch.setattr(module, "available_cpus", lambda: 1)

    async def run() -> None:
        answers = Answers(slow)
        first, second = (asyncio.create_task(answer(ask(answers, n, f"{n}?"))) for n in range(2))
        await asyncio.sleep(0.1)
        third = ask(answers, 3, "3?")
        assert await anext(third) == 1
        slow.let.set()
        assert (await answer(third)).question == "3?"
        await asyncio.gather(first, second)
        answers.close()

    asyncio.run(run())


def test_an_error_is_raised_and_not_remembered(slow: Slow) -> None:
    async def run() -> None:
        answers = Answers(slow)
        slow.let.set()
        for _ in range(2):
            with pytest.raises(UsageError):
                await answer(ask(answers, 1, "bad"))
        assert slow.asked == ["bad", "bad"]
        answers.close()

    asyncio.run(run())


def test_what_is_said_because_a_model_failed_is_not_remembered(slow: Slow) -> None:
    async def run() -> None:
        answers = Answers(slow)
        slow.let.set()
        for _ in range(2):
            assert (await answer(ask(answers, 1, "late"))).notice
        assert slow.asked == ["late", "late"]
        answers.close()

    asyncio.run(run())


def test_one_window_may_not_ask_everything_at_once(slow: Slow) -> None:
    async def run() -> None:
        answers = Answers(slow)
        asking = [asyncio.create_task(answer(ask(answers, 1, f"{n}?"))) for n in range(6)]
        await asyncio.sleep(0.05)
        slow.let.set()
        done = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(one) for one in done] == [Answer] * 4 + [LineFull] * 2
        answers.close()

    asyncio.run(run())


def test_a_visitor_who_leaves_gives_up_the_place(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_UPDATE_SECONDS", 0.01)
    monkeypatch.setattr(module, "available_cpus", lambda: 1)

    async def run() -> None:
        answers = Answers(slow)
        first = asyncio.create_task(answer(ask(answers, 1, "1?")))
        await asyncio.sleep(0.1)
        gone = ask(answers, 2, "2?")
        await anext(gone)
        await gone.aclose()  # type: ignore[attr-defined]
        third = ask(answers, 3, "3?")
        assert await anext(third) == 0
        slow.let.set()
        await asyncio.gather(first, answer(third))
        assert "2?" not in slow.asked
        answers.close()

    asyncio.run(run())


class Speaking:
    """An assistant whose answers grow by a sentence whenever it is let."""

    def __init__(self) -> None:
        self.let = threading.Semaphore(0)
        self.said = 0
        self.ended = threading.Event()

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Sequence[str] | None = None
    ) -> Iterator[Answer]:
        try:
            for n in range(3):
                assert self.let.acquire(timeout=30)
                self.said += 1
                sentences = (Sentence("It stood.", ()),) * (n + 1)
                yield Answer(question, question, sentences, False, 1.0, (), Trace((), ()))
        finally:
            self.ended.set()

    def turns_for(self, question: str, history: Sequence[Turn]) -> tuple[Turn, ...]:
        return ()


def test_an_answer_that_grows_is_seen_growing_by_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GROWING_SECONDS", 0.01)

    async def run() -> None:
        speaking = Speaking()
        answers = Answers(speaking, model=True)
        first, second = ask(answers, 1, "Why?"), ask(answers, 2, "Why?")
        speaking.let.release()
        for one in (first, second):
            grown = await anext(one)
            assert isinstance(grown, Growing) and len(grown.answer.sentences) == 1
        speaking.let.release(2)
        for one in (first, second):
            assert len((await answer(one)).sentences) == 3
        assert speaking.said == 3
        answers.close()

    asyncio.run(run())


def test_an_answer_ends_when_the_last_who_waits_for_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GROWING_SECONDS", 0.01)

    async def run() -> None:
        speaking = Speaking()
        answers = Answers(speaking, model=True)
        waiting = [ask(answers, n, "Why?") for n in range(2)]
        speaking.let.release()
        for one in waiting:
            await anext(one)
        await waiting[0].aclose()  # type: ignore[attr-defined]
        speaking.let.release()
        assert isinstance(await anext(waiting[1]), Growing)
        await waiting[1].aclose()  # type: ignore[attr-defined]
        speaking.let.release()
        assert await asyncio.to_thread(speaking.ended.wait, 10)
        again = ask(answers, 3, "Why?")  # is worked out anew
        speaking.let.release(3)
        assert len((await answer(again)).sentences) == 3
        answers.close()

    asyncio.run(run())
