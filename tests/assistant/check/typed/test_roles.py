"""Who did what: names in a row, and names that hold another."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of

CREW = (
    "In 1890 Robert Louis Roth, his wife Fanny Vander Roth and her son Lloyd Holm sailed on the Janet Nicol, a steamer."
)
CARPENTER = "Carpenter Otto Roth joined the crew in May."
PAID = "To Roth, Anna Weiss paid the sum in May."


def differing(claim: str, source: str) -> list[str]:
    return [finding.kind for finding in compare(claim, window_of(source)) if finding.outcome == "differs"]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Robert Louis Roth sailed on the Janet Nicol.", CREW),
        ("Lloyd Holm sailed on the Janet Nicol.", CREW),
        ("Otto Roth joined the crew in May.", CARPENTER),
        ("Otto Lund Roth joined the crew in May.", "Otto Roth joined the crew in May."),
        ("Anna Weiss paid the sum in May.", PAID),
    ],
)
def test_the_same_did_it(claim: str, source: str) -> None:
    assert differing(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Karl Roth joined the crew in May.", CARPENTER),
        ("Roth paid the sum in May.", PAID),
        ("Roth was taken to Kars in May.", "Weiss was arrested by Roth and taken to Kars in May."),
    ],
)
def test_another_did_it(claim: str, source: str) -> None:
    assert "roles" in differing(claim, source)
