"""The body of a request: no more bytes than announced, and in time.

a call, a form    30 s for the whole body
an upload         30 s and a second for each 16 kB that have come, 15 minutes in all
"""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive

_SECONDS = 30.0
_UPLOAD_SECONDS = 900.0
_UPLOAD_PACE = 16_000
Refusal = tuple[int, str]
"""Status and one line."""
_LATE: Refusal = (408, "This request took too long to arrive.")


class Body:
    """The body of one request, at most `length` bytes long. The application gets `receive` for it, which passes on what
    comes. Once the body breaks a limit, `refusal` says so, and the application is told that the client has gone."""

    def __init__(self, receive: Receive, length: int, *, upload: bool, seconds: float = _SECONDS) -> None:
        self.refusal: Refusal | None = None
        self._receive = receive
        self._length = length
        self._upload = upload
        self._seconds = seconds
        self._began = asyncio.get_running_loop().time()
        self._came = 0
        self._complete = False

    async def receive(self) -> Message:
        """The next part; after the last one, waits until the client has gone."""
        if self.refusal is not None:
            return {"type": "http.disconnect"}
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline()) as timeout:
                message = await self._receive()
        except TimeoutError:
            if not timeout.expired():
                raise
            return self._refuse(_LATE)
        if message["type"] == "http.request":
            self._came += len(message.get("body", b""))
            self._complete = not message.get("more_body", False)
            if self._came > self._length:
                return self._refuse((413, "This request is longer than it says."))
        return message

    def _deadline(self) -> float:
        if not self._upload:
            return self._began + self._seconds
        return self._began + min(_UPLOAD_SECONDS, self._seconds + self._came / _UPLOAD_PACE)

    def _refuse(self, refusal: Refusal) -> Message:
        self.refusal = refusal
        return {"type": "http.disconnect"}
