"""A line of visitors in front of a few workers: they take turns, and each sees how many are before them.

Addresses take turns, and so do the windows of one address: somebody who asks ten things at once, or from ten windows,
waits behind those who ask one. The places and workers of one window, and of one address, are limited, so that nobody
fills the line for the others.

The line does no work itself: whoever is called works, then leaves. All of it runs on one event loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from ui.web.visitors import Visitor
from vectorstore.errors import AttestError


class LineFull(AttestError):
    """There is no place left for this visitor, or for anybody."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may be called at a time: `workers` in all, `workers_address` of one address, `workers_each` of one
    window. And how many may have a place, called or not: `most`, `most_address`, `most_each`."""

    workers: int
    workers_address: int
    workers_each: int
    most: int
    most_address: int
    most_each: int


class Place:
    """One place in the line. Use it as a context manager, so that it is left whatever happens."""

    def __init__(self, line: Line, visitor: Visitor) -> None:
        self._line = line
        self.visitor = visitor
        self._called = asyncio.Event()

    @property
    def ahead(self) -> int:
        """How many others come first, if any worker may serve anybody; 0 once this one has been called."""
        return 0 if self._called.is_set() else self._line.ahead(self)

    async def called(self, seconds: float) -> bool:
        """Waits for this one's turn, so many seconds at most; whether it has come."""
        try:
            await asyncio.wait_for(self._called.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def call(self) -> None:
        """Only the line calls this."""
        self._called.set()

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.leave(self)


_Waiting = dict[str, dict[Visitor, deque[Place]]]
"""Addresses, and the windows of each, in the order in which they are called next."""


class Line:
    """The visitors who wait and those who have been called, within `limits`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waiting: _Waiting = {}
        self._working: set[Place] = set()

    def enter(self, visitor: Visitor) -> Place:
        """A place behind the visitor's others. Raises LineFull, with what to do."""
        inside = Counter(place.visitor for place in self._places())
        if inside[visitor] >= self._limits.most_each:
            raise LineFull("as much as one window may ask for at a time is under way: wait until some of it is done")
        same_address = sum(n for who, n in inside.items() if who.address == visitor.address)
        if same_address >= self._limits.most_address or inside.total() >= self._limits.most:
            raise LineFull("too many are waiting at the moment: try again in a minute")
        place = Place(self, visitor)
        self._waiting.setdefault(visitor.address, {}).setdefault(visitor, deque()).append(place)
        self._call()
        return place

    def leave(self, place: Place) -> None:
        """Gives up a place, called or not; may be done twice."""
        self._working.discard(place)
        windows = self._waiting.get(place.visitor.address, {})
        own = windows.get(place.visitor, deque())
        if place in own:
            own.remove(place)
            if not own:
                del windows[place.visitor]
            if not windows:
                del self._waiting[place.visitor.address]
        self._call()

    def ahead(self, place: Place) -> int:
        """See `Place.ahead`."""
        waiting = {
            address: {visitor: deque(places) for visitor, places in windows.items()}
            for address, windows in self._waiting.items()
        }
        before = 0
        while (visitor := next(_in_turn(waiting), None)) is not None:
            if _take(waiting, visitor) is place:
                return before
            before += 1
        return 0

    def _places(self) -> list[Place]:
        waiting = (place for windows in self._waiting.values() for places in windows.values() for place in places)
        return [*self._working, *waiting]

    def _call(self) -> None:
        """Calls whoever is next while a worker is free."""
        while len(self._working) < self._limits.workers:
            windows = Counter(place.visitor for place in self._working)
            addresses = Counter(place.visitor.address for place in self._working)
            for visitor in _in_turn(self._waiting):
                if (
                    windows[visitor] < self._limits.workers_each
                    and addresses[visitor.address] < self._limits.workers_address
                ):
                    break
            else:
                return
            place = _take(self._waiting, visitor)
            self._working.add(place)
            place.call()


def _in_turn(waiting: _Waiting) -> Iterator[Visitor]:
    """The visitors in the order of whose turn it is: the next window of each address, then the one after it."""
    rounds = [list(windows) for windows in waiting.values()]
    for n in range(max(map(len, rounds), default=0)):
        yield from (windows[n] for windows in rounds if n < len(windows))


def _take(waiting: _Waiting, visitor: Visitor) -> Place:
    """Takes the visitor's first place out; the window goes to the end of its address, the address to the end."""
    windows = waiting.pop(visitor.address)
    places = windows.pop(visitor)
    place = places.popleft()
    if places:
        windows[visitor] = places
    if windows:
        waiting[visitor.address] = windows
    return place
