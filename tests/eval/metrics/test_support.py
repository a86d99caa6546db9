"""Whether a stretch of text supports a sentence: what is quoted, what is reworded, and what only looks alike."""

from __future__ import annotations

import pytest

from eval.metrics.support import support_score, supports

PREMISE = "The pier at Holm was built in 1887 by Anna Lund, who spent nine thousand crowns on it."


@pytest.mark.parametrize(
    "sentence",
    [
        PREMISE,
        "the pier at Holm was built\nin 1887",
        "Anna Lund built the pier at Holm in 1887.",
        "In 1887 Anna Lund built Holm's pier.",
        "Kari Holt, quoted: The pier at Holm was built in 1887 by Anna Lund",
        "Apparently the pier at Holm was built in 1887 by Anna Lund.",
    ],
)
def test_quoted_and_reworded_sentences_are_supported(sentence: str) -> None:
    assert supports(sentence, [PREMISE])


@pytest.mark.parametrize(
    "sentence",
    [
        "The pier at Holm was built in 1888 by Anna Lund.",
        "The pier at Holm was built in 1887 by Anna Berg.",
        "The bridge at Holm was not built in 1887 by Anna Lund.",
        "The pier at Holm was never built.",
        "Berg built the pier at Holm in 1887 for nine thousand crowns, spent at once.",
        "The lighthouse burned down on a stormy night.",
        "",
        "And so it was.",
    ],
)
def test_another_number_name_subject_or_polarity_is_not_supported(sentence: str) -> None:
    assert not supports(sentence, [PREMISE])


def test_words_are_quoted_at_their_boundaries() -> None:
    assert not supports("he was", ["She was there."])
    assert supports("she was", ["She was there."])


def test_nothing_supports_nothing() -> None:
    assert not supports(PREMISE, []) and not supports(PREMISE, [""])


def test_premises_support_together_what_neither_does_alone() -> None:
    sentence, parts = "Anna Lund built the pier for nine thousand crowns.", [
        "The pier was built by Anna Lund.",
        "It cost nine thousand crowns.",
    ]  # fmt: skip
    assert supports(sentence, parts) and not any(supports(sentence, [part]) for part in parts)


def test_the_score_is_the_share_of_content_words() -> None:
    assert support_score("the pier burned slowly", ["A pier burned."]) == pytest.approx(2 / 3)
    assert support_score("It is what it is.", [PREMISE]) == 0.0
