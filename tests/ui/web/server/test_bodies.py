"""How long the body of a request may take, and how long it may be."""

from __future__ import annotations

import asyncio
from typing import Any

from ui.web.server.bodies import Body


async def took(body: Body) -> tuple[int, float]:
    """Bytes and seconds until the body is complete or refused."""
    begin, came = asyncio.get_running_loop().time(), 0
    while True:
        message = await body.receive()
        came += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return came, asyncio.get_running_loop().time() - begin


def coming(parts: int, size: int, every: float) -> Any:
    """A client that sends `parts` of `size` bytes, one each `every` seconds."""
    sent = 0

    async def receive() -> dict[str, Any]:
        nonlocal sent
        await asyncio.sleep(every)
        sent += 1
        return {"type": "http.request", "body": b"x" * size, "more_body": sent < parts}

    return receive


def test_a_call_has_one_deadline_for_the_whole_of_it() -> None:
    async def run() -> None:
        body = Body(coming(100, 1, 0.05), 100, upload=False, seconds=0.3)
        came, seconds = await took(body)
        assert came < 10 and 0.25 < seconds < 2
        assert body.refusal is not None and body.refusal[0] == 408
        assert await body.receive() == {"type": "http.disconnect"}
        in_time = Body(coming(3, 30, 0.01), 90, upload=False, seconds=5)
        assert (await took(in_time))[0] == 90 and in_time.refusal is None

    asyncio.run(run())


def test_an_upload_has_more_time_as_long_as_it_comes_at_a_pace() -> None:
    async def run() -> None:
        steady = Body(coming(20, 16_000, 0.05), 320_000, upload=True, seconds=0.3)
        assert (await took(steady))[0] == 320_000 and steady.refusal is None
        trickle = Body(coming(1_000, 100, 0.05), 100_000, upload=True, seconds=0.3)
        came, seconds = await took(trickle)
        assert came < 2_000 and seconds < 2
        assert trickle.refusal is not None and trickle.refusal[0] == 408

    asyncio.run(run())


def test_no_more_comes_than_was_announced() -> None:
    async def run() -> None:
        body = Body(coming(10, 100, 0.0), 250, upload=True)
        assert (await took(body))[0] == 200
        assert body.refusal is not None and body.refusal[0] == 413

    asyncio.run(run())


def test_after_the_body_there_is_no_deadline() -> None:
    async def run() -> None:
        body = Body(coming(1, 10, 0.2), 10, upload=False, seconds=0.3)
        await took(body)
        await asyncio.sleep(0.2)
        assert (await body.receive())["type"] == "http.request"
        assert body.refusal is None

    asyncio.run(run())
