"""How many of a thing, where some are excepted or missing."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("All of the boats came back in May.", "All but three of the boats came back in May."),
        ("All of the boats came back in May.", "Nearly all of the boats came back in May."),
    ],
)
def test_all_is_not_what_excepts_some(claim: str, source: str) -> None:
    assert ("quantity", "differs") in {(f.kind, f.outcome) for f in compare(claim, window_of(source))}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("All but three of the boats came back in May.", "All but three of the boats came back in May."),
        ("Most of the boats came back in May.", "All but three of the boats came back in May."),
        ("Three of the boats did not come back in May.", "All but three of the boats came back in May."),
        ("All boats but three came back in May.", "All but three of the boats came back in May."),
        ("Nearly all of the boats came back in May.", "All but three of the boats came back in May."),
        ("Almost every boat came back in May.", "Every boat came back in May."),
    ],
)
def test_what_excepts_some_is_most(claim: str, source: str) -> None:
    assert "differs" not in {finding.outcome for finding in compare(claim, window_of(source))}
