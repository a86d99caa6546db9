"""How long a session lasts, and how long an address waits that has failed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ui.web.server.sessions import Attempts, Sessions
from ui.web.visitors import network

HOUR = 3_600.0


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_is_found_by_its_token_only() -> None:
    sessions = Sessions()
    token, other = sessions.begin("anna"), sessions.begin("bo")
    found = sessions.find(token)
    assert found is not None and found.user == "anna"
    assert token != other and len(token) == 43
    for wrong in ("", token[:-1], token + "a", token.swapcase(), "\udcff"):
        assert sessions.find(wrong) is None


def test_tokens_are_not_kept() -> None:
    sessions = Sessions()
    token = sessions.begin("anna")
    assert token not in repr(vars(sessions)) and token.encode() not in repr(vars(sessions)).encode()


def test_a_session_ends_two_hours_after_the_last_request() -> None:
    clock = Clock()
    sessions = Sessions(clock=clock)
    token = sessions.begin("anna")
    for _ in range(3):
        clock.now += 2 * HOUR - 1
        assert sessions.find(token) is not None
    clock.now += 2 * HOUR
    assert sessions.find(token) is None
    clock.now -= HOUR
    assert sessions.find(token) is None, "what has ended stays so"


def test_a_session_ends_after_twelve_hours_in_any_case() -> None:
    clock = Clock()
    sessions = Sessions(clock=clock)
    token = sessions.begin("anna")
    for hours in range(1, 12):
        clock.now += HOUR
        session = sessions.find(token)
        assert session is not None
        assert sessions.seconds_left(session) == (12 - hours) * HOUR
    clock.now += HOUR
    assert sessions.find(token) is None


def test_logging_out_ends_that_session_alone() -> None:
    sessions = Sessions()
    token, other = sessions.begin("anna"), sessions.begin("anna")
    sessions.end(token)
    sessions.end("never given")
    assert sessions.find(token) is None and sessions.find(other) is not None


def test_there_is_a_most_and_the_ended_are_swept() -> None:
    clock = Clock()
    sessions = Sessions(most=3, clock=clock)
    first, second, third = (sessions.begin("anna") for _ in range(3))
    sessions.find(first)
    fourth = sessions.begin("anna")
    assert sessions.find(second) is None, "used least recently"
    assert all(map(sessions.find, (first, third, fourth)))
    clock.now += 3 * HOUR
    sessions.begin("bo")
    assert len(sessions) == 1


def test_after_five_failures_the_waiting_doubles_up_to_five_minutes() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    assert [attempts.begin("a") for _ in range(5)] == [0.0] * 5
    waits = []
    for _ in range(11):
        wait = attempts.begin("a")
        waits.append(wait)
        clock.now += wait
        assert attempts.begin("a") == 0.0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert attempts.begin("b") == 0.0, "another address does not wait"


def test_to_ask_while_waiting_does_not_prolong_it() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    for _ in range(5):
        attempts.begin("a")
    clock.now += 0.5
    assert [attempts.begin("a") for _ in range(3)] == [0.5] * 3


def test_a_success_does_not_wipe_out_failures() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    for _ in range(4):
        attempts.begin("a")
    attempts.begin("a")
    attempts.succeeded("a")
    assert attempts.begin("a") == 0.0
    assert attempts.begin("a") > 0


def test_whoever_succeeds_at_once_leaves_no_trace() -> None:
    attempts = Attempts()
    attempts.begin("a")
    attempts.succeeded("a")
    assert len(attempts) == 0


def test_failures_are_forgotten_after_an_hour_and_their_number_is_bounded() -> None:
    clock = Clock()
    attempts = Attempts(most=100, clock=clock)
    for _ in range(5):
        attempts.begin("a")
    assert attempts.begin("a") > 0
    clock.now += HOUR
    assert attempts.begin("a") == 0.0
    for number in range(1_000):
        attempts.begin(str(number))
    assert len(attempts) == 100


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, "unknown"),
        ("", "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str | None, counted: str) -> None:
    assert network(address) == counted
