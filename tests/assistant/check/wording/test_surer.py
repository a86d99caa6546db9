"""Copies that are surer than the source, or less sure."""

from __future__ import annotations

import pytest

from assistant.check.typed.aligned import Pair
from assistant.check.wording.surer import compare_sureness
from tests.assistant.check.typed.sources import window_of

ARGUED = "Critics argue that the mill on the river may close in May unless the bank helps."


@pytest.mark.parametrize(
    ("claim", "source", "words"),
    [
        ("The mill on the river may close in May unless the bank helps.", ARGUED, "Critics argue that"),
        ("The mill on the river may close in May.", ARGUED, "unless the bank helps"),
        ("The mill is the oldest of the valley.", "The mill may be the oldest of the valley.", "may be"),
        ("The mill may be the oldest of the valley.", "The mill is the oldest of the valley.", "may be"),
    ],
)
def test_what_a_copy_leaves_out_or_puts_in_is_said(claim: str, source: str, words: str) -> None:
    found = list(compare_sureness(Pair(claim, window_of(source), "")))
    assert found and all(finding.outcome == "differs" for finding in found)
    assert any(words in finding.reason for finding in found)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (ARGUED, ARGUED),
        ("According to critics, the mill may close.", "Critics say that the mill may close."),
        ("The mill on the river is old.", "The mill on the river is old."),
        ("The guild asked if the mill was old.", "The guild asked if the mill was old, and if the bank knew."),
    ],
)
def test_nothing_is_said_of_what_is_as_sure(claim: str, source: str) -> None:
    assert list(compare_sureness(Pair(claim, window_of(source), ""))) == []
