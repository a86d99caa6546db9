"""How long a piece of work may take, and whether it is still wanted.

But: nothing here interrupts work from outside; long work has to ask.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from vectorstore.errors import InputError

Stop = Callable[[], bool]
"""Says whether work is to be given up, such as when the server ends. Asked several times a second, by any thread."""

Check = Callable[[], None]
"""Called again and again by long work; raises Stopped where that is no longer wanted."""

POLL_SECONDS = 0.1
"""Seconds between two looks at the clock, and at `Stop`, while waiting."""


class Stopped(InputError):
    """The work was given up because it was no longer wanted."""


def never() -> bool:
    """The `Stop` of work that nobody interrupts."""
    return False


def unchecked() -> None:
    """The `Check` of work that nobody interrupts."""


def checking(stop: Stop, name: str) -> Check:
    """The `Check` of work on what is called `name`."""

    def check() -> None:
        if stop():
            raise Stopped(f"{name} was given up, because attest is ending. Add it again later")

    return check


@dataclass(frozen=True)
class Deadline:
    """`ends`: when the time is up, on the monotonic clock, in seconds."""

    ends: float
    stop: Stop = never

    @classmethod
    def after(cls, seconds: float, stop: Stop = never) -> Deadline:
        """The deadline that many seconds from now."""
        return cls(time.monotonic() + seconds, stop)

    def left(self) -> float:
        """Seconds left, 0.0 when the time is up."""
        return max(0.0, self.ends - time.monotonic())

    def pause(self) -> float:
        """Seconds to wait before the next look at this deadline."""
        return min(POLL_SECONDS, self.left())

    def check(self, name: str, late: str) -> None:
        """Raises Stopped where the work is no longer wanted, InputError with the message `late` where time is up."""
        checking(self.stop, name)()
        if not self.left():
            raise InputError(late)
