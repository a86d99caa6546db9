"""Who is logged in, and how often an address may try.

A session is known by a random token that only the browser has; the server keeps its SHA-256. After five failed attempts
an address must wait 1 s, after each further one twice as long.

Nothing is kept on disk: a restart ends all sessions and forgets all attempts.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(slots=True)
class Session:
    """One browser that is logged in; times in seconds of the clock."""

    user: str
    began: float
    used: float


class Sessions:
    """The sessions of a server. Each ends after `idle` seconds without a request, and after `absolute` seconds in any
    case. There are at most `most`: a further one ends the one that was used least recently."""

    def __init__(
        self, *, idle: float = 7_200, absolute: float = 43_200, most: int = 1_000, clock: Clock = time.monotonic
    ) -> None:
        self.absolute = absolute
        self._idle = idle
        self._most = most
        self._clock = clock
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def begin(self, user: str) -> str:
        """The token of a new session."""
        now = self._clock()
        for digest in [digest for digest, session in self._sessions.items() if self._ended(session, now)]:
            del self._sessions[digest]
        while len(self._sessions) >= self._most:
            self._sessions.popitem(last=False)
        token = secrets.token_urlsafe(32)
        self._sessions[_digest(token)] = Session(user, now, now)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, marked as used now; None where there is none, or where it has ended."""
        digest, now = _digest(token), self._clock()
        session = self._sessions.get(digest)
        if session is None:
            return None
        if self._ended(session, now):
            del self._sessions[digest]
            return None
        session.used = now
        self._sessions.move_to_end(digest)
        return session

    def end(self, token: str) -> None:
        """Ends the session of a token, where there is one."""
        self._sessions.pop(_digest(token), None)

    def seconds_left(self, session: Session) -> float:
        """Seconds until the session ends in any case."""
        return max(0.0, session.began + self.absolute - self._clock())

    def _ended(self, session: Session, now: float) -> bool:
        return now - session.used >= self._idle or now - session.began >= self.absolute


class Attempts:
    """Failed attempts to log in, by address (as `network` gives it). After `free` of them the address must wait before
    the next: 1 s at first, twice as long after each failure, `longest` seconds at most. Failures are forgotten after
    `forgotten_after` seconds without another one and, of more than `most` addresses, those of longest ago."""

    def __init__(
        self,
        *,
        free: int = 5,
        longest: float = 300,
        forgotten_after: float = 3_600,
        most: int = 10_000,
        clock: Clock = time.monotonic,
    ) -> None:
        self._free = free
        self._longest = longest
        self._forgotten_after = forgotten_after
        self._most = most
        self._clock = clock
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._failed)

    def begin(self, address: str) -> float:
        """Seconds that this address must still wait; 0 where it may try now. The try counts as failed until `succeeded`
        is called, so that trying many at the same time does not help."""
        now = self._clock()
        count, last = self._failed.get(address, (0, now))
        if now - last >= self._forgotten_after:
            count = 0
        if count >= self._free:
            wait = last + min(self._longest, 2.0 ** min(count - self._free, 30)) - now
            if wait > 0:
                return wait
        self._failed[address] = (count + 1, now)
        self._failed.move_to_end(address)
        if len(self._failed) > self._most:
            self._failed.popitem(last=False)
        return 0.0

    def succeeded(self, address: str) -> None:
        """Takes one try back. Earlier failures stay: one's own password must not clear one's guesses at others'."""
        count, last = self._failed.get(address, (0, 0.0))
        if count > 1:
            self._failed[address] = (count - 1, last)
        else:
            self._failed.pop(address, None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
