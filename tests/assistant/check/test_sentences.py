"""A text to the sentences that claim something."""

from __future__ import annotations

import time

import pytest

from assistant.check.sentences import claims_of

TEXT = """# The pier

Hello! The **pier** opened in *1887*.[1] Ada Reyes built it. [2][3]

- It cost [412 pounds](http://a.example/x_y) [4].
- Was it so?

| Year | Name |
|---|---|
| 1887 | Reyes |

Not in the source.
"""


def test_every_sentence_stands_at_its_offsets_and_keeps_its_length() -> None:
    for claim in claims_of(TEXT):
        assert len(claim.said) == claim.end - claim.start
        kept = [(a, b) for a, b in zip(claim.said, TEXT[claim.start : claim.end], strict=True) if a != " "]
        assert all(a == b for a, b in kept)


def test_what_claims_something_and_what_it_cites() -> None:
    found = [(" ".join(c.said.split()), c.cites) for c in claims_of(TEXT) if c.checkable]
    assert found == [
        ("The pier opened in 1887 .", (1,)),
        ("Ada Reyes built it.", (2, 3)),
        ("It cost 412 pounds .", (4,)),
        ("| 1887 | Reyes |", ()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Who built it?",
        "Hello there!",
        "Not in the source.",
        "# Heading",
        "12",
        "The source does not say.",
        "***",
        "Thanks.",
    ],
)
def test_what_claims_nothing(text: str) -> None:
    assert not any(claim.checkable for claim in claims_of(text))


def test_a_sentence_that_leans_back_is_read_after_those_before_it() -> None:
    first, second, third = claims_of("Ada Reyes built it. She died in 1902. The pier still stands.")
    assert (first.before, second.before, third.before) == ("", "Ada Reyes built it.", "")
    assert second.searched == "Ada Reyes built it. She died in 1902."


@pytest.mark.parametrize("text", ["", " \n ", "***", "|||", "```", "\x00\x07"])
def test_a_text_without_words_has_no_claims(text: str) -> None:
    assert not any(claim.checkable for claim in claims_of(text))


@pytest.mark.parametrize("text", ["word " * 4_000, "word, and " * 2_000, "word" * 5_000, "| cell " * 3_000])
def test_a_sentence_without_end_is_checked_in_parts(text: str) -> None:
    claims = claims_of(text)
    assert all(0 < c.end - c.start <= 1_000 for c in claims)
    assert sum(text[c.start : c.end].count("w") + text[c.start : c.end].count("c") for c in claims) == (
        text.count("w") + text.count("c")
    )


@pytest.mark.parametrize(
    "said", ["Yeah.", "I agree.", "That is interesting.", "It might be.", "Yes, it is.", "Right.", "Sure, here it is."]
)
def test_an_acknowledgement_claims_nothing(said: str) -> None:
    assert not claims_of(said)[0].checkable


@pytest.mark.parametrize(
    "said",
    [
        "It is red.",
        "No man left.",
        "Great Britain won.",
        "Of course, it burned.",
        "That was in 1887.",
        "Interesting people came.",
        "He agrees.",
    ],
)
def test_what_begins_like_one_may_claim_something(said: str) -> None:
    assert claims_of(said)[0].checkable


def test_many_acknowledgements_are_read_in_no_time() -> None:
    before = time.process_time()
    claims_of("it is right right so good " * 35 + "x")
    assert time.process_time() - before < 1
