"""What is said of now, and is over."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of

OVER = [
    ("The town owns the mill.", "The town bought the mill in 1925 and owned it until 1951."),
    ("The council owns the mill.", "In 1911 the council sold the mill to Otto Roth."),
    ("Roth is the director of the mill.", "Roth was director of the mill from 1908 to 1915."),
    ("Soldiers are quartered in the mill.", "In 1944 soldiers were quartered in the mill."),
    ("The mill serves the fleet.", "The mill no longer serves the fleet."),
    ("Roth lives in the tower.", "Roth left the tower in May."),
    ("The barns are used as a school.", "The barns were used as a school, and since 1996 they have housed a club."),
]
MAY_BE = [
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
