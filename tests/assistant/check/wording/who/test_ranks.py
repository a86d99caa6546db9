"""Ranks that the source has only with a word that lessens them."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Anna Lund was director of the mill.", "Deputy director Anna Lund closed the mill in May."),
        ("Lund was minister for grain in Kars.", "Lund was made deputy minister for grain in Kars."),
        (
            "Lund was minister for grain.",
            "In May Lund was made deputy minister for grain. The minister was Otto Roth, a clerk.",
        ),
        (
            "Lund was coxswain from 1902 to 1911.",
            "Lund was the assistant coxswain from 1902 to 1911, and the guild did not make her coxswain.",
        ),
        ("The president of the club resigned.", "In May the vice-president of the club resigned."),
    ],
)
def test_a_rank_without_the_word_that_lessens_it_differs(claim: str, source: str) -> None:
    assert ("roles", "differs") in {(f.kind, f.outcome) for f in compare(claim, window_of(source))}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Anna Lund was deputy director of the mill.", "Deputy director Anna Lund closed the mill in May."),
        ("Anna Lund was director of the mill.", "Deputy director Anna Lund became director of the mill in May."),
        ("Anna Lund was director of the mill.", "Anna Lund, former director of the mill, left in May."),
        ("Lund was minister.", "In May Lund was made deputy minister. In June she was made minister."),
        ("Otto Bray took the medal in May.", "Her assistant Bray took the medal in May."),
        ("Professor Lund lectured on tides in May.", "Assistant professor Lund lectured on tides in May."),
        ("The squad of the town raided the mill.", "The vice squad of the town raided the mill in May."),
    ],
)
def test_the_same_rank_and_what_is_none_do_not(claim: str, source: str) -> None:
    assert "differs" not in {finding.outcome for finding in compare(claim, window_of(source))}
