"""Visitors take turns, see how many are before them, and cannot fill the line for others."""

from __future__ import annotations

import asyncio

import pytest

from ui.web.line import Limits, Line, LineFull, Place
from ui.web.visitors import Visitor, network

ANNA, BERT, CARL = Visitor("10.0.0.1", "anna"), Visitor("10.0.0.2", "bert"), Visitor("10.0.0.3", "carl")


def line(workers: int = 1, *, each: int = 1, most: int = 20, address: int = 8, window: int = 5) -> Line:
    return Line(Limits(workers, workers, each, most, address, window))


def test_visitors_are_called_in_turn_however_much_one_asks() -> None:
    one = line()
    first, second, third = (one.enter(ANNA) for _ in range(3))
    bert, carl = one.enter(BERT), one.enter(CARL)
    order = []
    for _ in range(5):
        name = next(
            n for n, place in names(first, second, third, bert, carl).items() if n not in order and called(place)
        )
        order.append(name)
        one.leave(names(first, second, third, bert, carl)[name])
    assert order == ["first", "second", "bert", "carl", "third"]


def names(first: Place, second: Place, third: Place, bert: Place, carl: Place) -> dict[str, Place]:
    return {"first": first, "second": second, "third": third, "bert": bert, "carl": carl}


def called(place: Place) -> bool:
    return place._called.is_set()


def test_the_number_of_those_before_is_what_will_be_called_first() -> None:
    one = line()
    one.enter(ANNA)
    mine = [one.enter(ANNA) for _ in range(3)]
    bert = one.enter(BERT)
    assert [place.ahead for place in mine] == [0, 2, 3]
    assert bert.ahead == 1
    one.leave(mine[0])
    assert bert.ahead == 1 and mine[1].ahead == 0


def test_addresses_are_called_in_turn_however_many_windows_one_has() -> None:
    one = line(each=9)
    windows = [one.enter(Visitor(ANNA.address, f"window {n}")) for n in range(4)]
    bert = one.enter(BERT)
    assert (windows[1].ahead, bert.ahead, windows[2].ahead) == (0, 1, 2)
    one.leave(windows[0])
    one.leave(windows[1])
    assert called(bert) and not called(windows[2])


def test_one_address_takes_its_share_of_the_workers_only() -> None:
    four = Line(Limits(4, 2, 1, 20, 8, 5))
    windows = [four.enter(Visitor(ANNA.address, f"window {n}")) for n in range(4)]
    assert [called(place) for place in windows] == [True, True, False, False]
    assert called(four.enter(BERT)) and called(four.enter(CARL))
    four.leave(windows[0])
    assert called(windows[2])


def test_no_window_and_no_address_fills_the_line() -> None:
    one = line(most=12, address=8, window=5)
    for _ in range(5):
        one.enter(ANNA)
    with pytest.raises(LineFull, match="one window"):
        one.enter(ANNA)
    other = Visitor(ANNA.address, "other")
    for _ in range(3):
        one.enter(other)
    with pytest.raises(LineFull, match="try again"):
        one.enter(Visitor(ANNA.address, "a third"))
    for _ in range(4):
        one.enter(BERT)
    with pytest.raises(LineFull, match="try again"):
        one.enter(CARL)


def test_one_window_takes_its_share_of_the_workers_only() -> None:
    two = line(2, each=1)
    mine = [two.enter(ANNA) for _ in range(2)]
    assert [called(place) for place in mine] == [True, False]
    assert called(two.enter(BERT))


def test_a_place_is_left_whatever_happens() -> None:
    one = line()
    with pytest.raises(ZeroDivisionError), one.enter(ANNA):
        raise ZeroDivisionError
    waiting = one.enter(ANNA)
    gone = one.enter(BERT)
    one.leave(gone)
    one.leave(gone)
    one.leave(waiting)
    assert called(one.enter(CARL))


def test_waiting_ends_at_the_turn_or_with_the_time() -> None:
    async def run() -> None:
        one = line()
        first = one.enter(ANNA)
        second = one.enter(BERT)
        assert await first.called(0.01)
        assert not await second.called(0.01)
        asyncio.get_running_loop().call_later(0.01, one.leave, first)
        assert await second.called(5)

    asyncio.run(run())


def test_an_ipv6_network_is_one_address() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("::ffff:10.0.0.1") == network("10.0.0.1") == "10.0.0.1"
    assert network("127.0.0.9") == network("::1") == network("::ffff:127.0.0.2") == "127.0.0.1"
    assert network("testclient") == network(None) == "unknown"
