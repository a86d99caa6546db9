"""Two things told with one verb, and whose end is whose."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of

LEFT = "Clara Thorn left her letters to the town archive and her furniture to the museum."
GIVEN = "The plates, about 900 of them, were given to the archive, and the log books to the museum of Kars."
BOAT = "The last rowing boat was given to the school, and its oars to the church."
CAST = "The large bell was made in Bremen and the small bell in Kars."


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Clara Thorn left her letters to the museum.", LEFT),
        ("She left her furniture to the town archive.", LEFT),
        ("The plates were given to the museum of Kars.", GIVEN),
        ("The log books went to the archive.", GIVEN),
        ("The small bell was made in Bremen.", CAST),
        ("The oars of the last rowing boat were given to the school.", BOAT),
    ],
)
def test_the_end_of_another_thing_differs(claim: str, source: str) -> None:
    assert "differs" in {finding.outcome for finding in compare(claim, window_of(source))}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Clara Thorn left her letters to the town archive.", LEFT),
        ("Her furniture went to the museum.", LEFT),
        ("Clara Thorn left things to the archive and the museum.", LEFT),
        ("The log books were given to the museum of Kars.", GIVEN),
        ("The large bell was made in Bremen.", CAST),
        ("The oars of the last rowing boat were given to the church.", BOAT),
        ("Her letters were left to the archive and her furniture to the museum.", LEFT),
    ],
)
def test_its_own_end_does_not(claim: str, source: str) -> None:
    assert "differs" not in {finding.outcome for finding in compare(claim, window_of(source))}
