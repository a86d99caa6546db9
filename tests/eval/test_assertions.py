"""Assertions pass on what is sound and say what is not, like a diff."""

from __future__ import annotations

from typing import Any

import pytest

from eval.assertions import (
    assert_abstains,
    assert_cites,
    assert_exact,
    assert_grounded,
    assert_says_who,
    assert_shows,
)
from tests.eval.conftest import SHA256, TEXT, sentence

START, END = sentence("oak")


def row(**fields: Any) -> dict[str, Any]:
    quote = TEXT[START:END]
    citation = {"start": START, "end": END, "quote": quote, "speaker": "Peter Vass", "sha256": SHA256}
    return {"id": 1, "abstained": False, "sentences": [{"text": quote, "citations": [citation | fields]}]}


REFUSAL = {"id": 1, "abstained": True, "sentences": []}


def test_a_sound_answer_passes_everything() -> None:
    assert_grounded(row(), TEXT)
    assert_exact(row(), TEXT)
    assert_shows(row(), "a waste of GOOD oak", '"It is')
    assert_cites(row(), START + 5, START + 6)
    assert_says_who(row(), "Vass")
    assert_abstains(REFUSAL)
    assert_grounded(REFUSAL, TEXT)


def test_an_inexact_quotation_is_shown_where_it_differs() -> None:
    with pytest.raises(AssertionError, match="differs from the text at character 0") as caught:
        assert_grounded(row(start=START + 1), TEXT)
    assert "- text:" in str(caught.value) and "+ quote:" in str(caught.value)


def test_a_citation_of_another_text_is_told() -> None:
    with pytest.raises(AssertionError, match="another text"):
        assert_exact(row(sha256="0" * 64), TEXT)


def test_a_sentence_without_support_is_told_beside_what_it_cites() -> None:
    start, end = sentence("crowns")
    with pytest.raises(AssertionError, match="not supported") as caught:
        assert_grounded(row(start=start, end=end, quote=TEXT[start:end]), TEXT)
    assert TEXT[start:end] in str(caught.value)
    bare = {"id": 1, "abstained": False, "sentences": [{"text": "It burned.", "citations": []}]}
    with pytest.raises(AssertionError, match="no citation"):
        assert_grounded(bare, TEXT)


def test_the_others_say_what_they_miss() -> None:
    with pytest.raises(AssertionError, match="lacks: 1887"):
        assert_shows(row(), "1887")
    with pytest.raises(AssertionError, match="expected: 0-5"):
        assert_cites(row(), 0, 5)
    with pytest.raises(AssertionError, match="expected: Lund"):
        assert_says_who(row(), "Lund")
    with pytest.raises(AssertionError, match="none was expected"):
        assert_abstains(row())
    with pytest.raises(AssertionError, match="Not in the source"):
        assert_says_who(REFUSAL, "Vass")


def test_an_empty_answer_is_neither_grounded_nor_an_abstention() -> None:
    empty = {"id": 1, "abstained": False, "sentences": []}
    with pytest.raises(AssertionError, match="without a sentence"):
        assert_grounded(empty, TEXT)
    with pytest.raises(AssertionError, match="empty answer"):
        assert_abstains(empty)


def test_a_sentence_without_a_citation_names_nobody() -> None:
    uncited = {"id": 1, "abstained": False, "sentences": [{"text": "Vass said so.", "citations": []}]}
    with pytest.raises(AssertionError, match="nobody"):
        assert_says_who(uncited, "Vass")


def test_an_empty_quotation_is_not_exact_and_a_part_of_a_number_not_shown() -> None:
    with pytest.raises(AssertionError):
        assert_exact(row(start=5, end=5, quote=""), TEXT)
    with pytest.raises(AssertionError):
        assert_shows({"id": 1, "abstained": False, "sentences": [{"text": "In 1887.", "citations": []}]}, "88")
