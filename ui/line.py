"""A line of visitors in front of a few workers: they take turns, and each sees how many are before them.

A visitor is one window of one address. Whose turn it is goes round: somebody who asks ten things at once waits for the
nine behind those who ask one. One window, and one address, may only have so much waiting, so that nobody fills the line
for the others.

But: nothing is worked on here; whoever is called does that and leaves. All of it runs on one event loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from ui.visitors import Visitor
from vectorstore.errors import AttestError


class LineFull(AttestError):
    """There is no place left for this visitor, or for anybody."""


class Place:
    """One place in the line. Use it as a context manager, so that it is left whatever happens."""

    def __init__(self, line: Line, visitor: Visitor) -> None:
        self._line = line
        self.visitor = visitor
        self._called = asyncio.Event()

    @property
    def ahead(self) -> int:
        """How many others will be called before this one; 0 for whoever has been called, too."""
        return 0 if self._called.is_set() else self._line.ahead(self)

    async def called(self, seconds: float) -> bool:
        """Waits until it is this one's turn, at most so many seconds; whether it is."""
        try:
            await asyncio.wait_for(self._called.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def call(self) -> None:
        """To be called by the line only."""
        self._called.set()

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.leave(self)


class Line:
    """`workers`: how many are called at a time, `workers_each` of one window. `most`: places in all, `most_address` for
    one address, `most_each` for one window; those who have been called count."""

    def __init__(self, workers: int, *, workers_each: int, most: int, most_address: int, most_each: int) -> None:
        self._free = workers
        self._workers_each = workers_each
        self._most, self._most_address, self._most_each = most, most_address, most_each
        self._waiting: dict[Visitor, deque[Place]] = {}
        """Visitors in the order in which they are called next."""
        self._working: set[Place] = set()

    def enter(self, visitor: Visitor) -> Place:
        """A place at the end of the visitor's own. Raises LineFull, with what to do."""
        inside = Counter(place.visitor for place in self._places())
        if inside[visitor] >= self._most_each:
            raise LineFull("as much as one window may ask for at a time is under way: wait until some of it is done")
        same_address = sum(n for who, n in inside.items() if who.address == visitor.address)
        if same_address >= self._most_address or inside.total() >= self._most:
            raise LineFull("too many are waiting at the moment: try again in a minute")
        place = Place(self, visitor)
        self._waiting.setdefault(visitor, deque()).append(place)
        self._call()
        return place

    def leave(self, place: Place) -> None:
        """Gives up a place, called or not; may be done twice."""
        if place in self._working:
            self._working.remove(place)
            self._free += 1
        else:
            own = self._waiting.get(place.visitor)
            if own is not None and place in own:
                own.remove(place)
                if not own:
                    del self._waiting[place.visitor]
        self._call()

    def ahead(self, place: Place) -> int:
        """See `Place.ahead`."""
        own = self._waiting.get(place.visitor, deque())
        if place not in own:
            return 0
        before, turn = own.index(place), list(self._waiting).index(place.visitor)
        others = (
            min(len(places), before + (at < turn)) for at, places in enumerate(self._waiting.values()) if at != turn
        )
        return before + sum(others)

    def _places(self) -> list[Place]:
        return [*self._working, *(place for places in self._waiting.values() for place in places)]

    def _call(self) -> None:
        """Calls whoever is next while a worker is free; their visitor goes to the end."""
        while self._free:
            busy = Counter(place.visitor for place in self._working)
            visitor = next((who for who in self._waiting if busy[who] < self._workers_each), None)
            if visitor is None:
                return
            places = self._waiting.pop(visitor)
            place = places.popleft()
            if places:
                self._waiting[visitor] = places
            self._working.add(place)
            self._free -= 1
            place.call()
