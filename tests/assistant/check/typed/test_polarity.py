"""Whose deed is denied: "neither ... nor", "it was not ... that"."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (
            "The plan of the harbour was printed.",
            "Neither the letters nor the plan of the harbour were printed.",
        ),
        ("Anna Weiss was elected mayor.", "In the end neither Otto Roth nor Anna Weiss was elected mayor."),
        ("The miners broke the agreement.", "It was not the miners that broke the agreement, but the owners."),
        ("The agreement was broken by the miners.", "It was not the miners who broke the agreement; Lund did."),
    ],
)
def test_whose_deed_it_was_not_differs(claim: str, source: str) -> None:
    assert ("polarity", "differs") in {(f.kind, f.outcome) for f in compare(claim, window_of(source))}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Neither Roth nor Weiss was elected.", "In the end neither Otto Roth nor Anna Weiss was elected."),
        ("Anna Weiss was not elected mayor.", "In the end neither Otto Roth nor Anna Weiss was elected mayor."),
        ("Weiss chose another candidate.", "Weiss chose neither Roth nor Lund, and took another candidate."),
        ("The owners broke the agreement.", "It was not the miners that broke the agreement, but the owners."),
        ("The miners did not break the agreement.", "It was not the miners that broke the agreement, but the owners."),
        ("It was not the mate that sold the boat.", "It was not the mate that sold the boat, but the owner."),
        ("The brewer paid for the huts.", "Neither the bank nor the council paid for the huts; the brewer did."),
        ("Neither the bank nor the council paid for the huts.", "The brewer paid for the huts."),
        ("The mate sold the boat.", "It was not only the mate who sold the boat, but also the owner."),
        ("The mate sold the boat.", "It was not because of the mate that the owner sold the boat."),
    ],
)
def test_whose_it_was_and_not_only_his_does_not(claim: str, source: str) -> None:
    assert "differs" not in {finding.outcome for finding in compare(claim, window_of(source))}


@pytest.mark.parametrize(
    "source",
    ["Roth schemed against Weiss and his supporters.", "Weiss lost when Roth dismissed his supporters."],
)
def test_somebodys_supporters_do_not_speak_against_an_attack_on_him(source: str) -> None:
    assert "differs" not in {finding.outcome for finding in compare("Roth attacked Weiss.", window_of(source))}


@pytest.mark.parametrize("source", ["Roth was a supporter of Weiss.", "Roth was one of Weiss's supporters."])
def test_who_is_a_supporter_did_not_attack(source: str) -> None:
    found = {(finding.kind, finding.outcome) for finding in compare("Roth attacked Weiss.", window_of(source))}
    assert ("polarity", "differs") in found
