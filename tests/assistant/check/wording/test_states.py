"""What is said of now, and is over."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of

OVER = [
    ("The town owns the mill.", "The town bought the mill in 1925 and owned it until 1951."),
    ("The council owns the mill.", "In 1911 the council sold the mill to Otto Roth."),
    ("Roth is the director of the mill.", "Roth was director of the mill from 1908 to 1915."),
    ("The mill serves the fleet.", "The mill no longer serves the fleet."),
    ("The brothers Roth run the ferry.", "The brothers Roth ran the ferry until 1951."),
]
MAY_BE = [
    ("The church is built of granite.", "The church was built of granite during the reign of King Harald."),
    ("The letters are written in Latin.", "The letters were written in Latin during his stay in Rome."),
    ("The tune is based on a folk song.", "The tune was based on a folk song, and from it the march was made."),
    ("The road is paved with stone.", "The road was paved with stone from 1908 to 1915."),
    ("Roth runs a village school.", "Roth left school at fourteen. Today she is the head of a village school."),
    ("Roth leads the party.", "Roth resigned from the board and took over the party."),
    ("Roth directs the film.", "Roth directed the film in 1931."),
    ("The mill is called the Ark.", "In 1908 the mill was called the Ark."),
    ("In 1925 the town owns the mill.", "The town owned the mill from 1925 until 1951."),
    ("The town owns the mill.", "The town owned the mill until 1951 and owns it again."),
    ("The barns house a club.", "The barns were used as a school, and since 1996 they have housed a club."),
    ("The mill grinds barley.", "The mill ground barley and rye."),
    ("The town owned the mill.", "The town owned the mill until 1951."),
    ("The town owns the bridge.", "In 1911 the town sold the mill to Otto Roth."),
]


@pytest.mark.parametrize(("claim", "source"), OVER)
def test_what_is_over_is_not_so_now(claim: str, source: str) -> None:
    assert ("polarity", "differs") in {(f.kind, f.outcome) for f in compare(claim, window_of(source))}


@pytest.mark.parametrize(("claim", "source"), MAY_BE)
def test_what_may_still_be_or_is_told_as_a_story_does_not_differ(claim: str, source: str) -> None:
    assert "differs" not in {finding.outcome for finding in compare(claim, window_of(source))}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The yard builds ships.", "The yard never built ships. It repaired boats."),
        ("Roth eats meat.", "Roth never ate meat in his life."),
        ("The hero marries the baker.", "The hero did not marry the baker."),
    ],
)
def test_what_never_was_is_not_so_now(claim: str, source: str) -> None:
    assert ("polarity", "differs") in {(f.kind, f.outcome) for f in compare(claim, window_of(source))}
