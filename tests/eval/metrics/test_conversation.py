"""What a follow-up gains from its history, and what must not be dragged along."""

from __future__ import annotations

import pytest

from eval.metrics.conversation import carried_over, gap_closed


def test_words_of_the_earlier_subject_are_carried_over() -> None:
    assert carried_over("Who was the mayor?", "Who was the mayor of the pier at Holm?") == 1.0
    assert carried_over("Who was the mayor?", "Who was the mayor?") == 0.0


def test_another_form_of_a_word_and_words_without_content_are_not_carried_over() -> None:
    assert carried_over("Which mayors were there?", "And so who was the mayor?") == 0.0


def test_the_gap_is_measured_from_the_bare_question_to_its_stand_alone_wording() -> None:
    assert gap_closed([1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 0]) == pytest.approx((0.5 - 0.25) / (0.75 - 0.25))
    assert gap_closed([1.0], [1.0], [0.0]) == 1.0
    assert gap_closed([0.0], [1.0], [0.0]) == 0.0
    assert gap_closed([0, 0], [1, 1], [0, 1]) == -1.0, "worse than without a history"


def test_without_a_gap_there_is_nothing_to_close() -> None:
    assert gap_closed([1.0], [1.0], [1.0]) is None
    assert gap_closed([1.0], [0.0], [1.0]) is None
    assert gap_closed([], [], []) is None
