"""Recall, precision and IoU of characters, counted by hand as the published evaluation counts them."""

from __future__ import annotations

import pytest

from eval.metrics.chunking import Overlap, overlap


def test_what_is_gold_missed_and_superfluous_is_counted() -> None:
    # Gold: 10 + 20 characters. The chunk holds 5 of the first, 15 others; nothing of the second.
    assert overlap([("a", (15, 35))], "a", [(10, 20), (50, 70)]) == Overlap(5 / 30, 5 / 20, 5 / (20 + 5 + 20))


def test_overlapping_chunks_find_a_character_once_and_pay_for_it_twice() -> None:
    assert overlap([("a", (0, 20)), ("a", (10, 30))], "a", [(10, 20)]) == Overlap(1.0, 10 / 40, 10 / 40)


def test_a_chunk_of_another_text_finds_nothing_and_is_paid_for() -> None:
    got = overlap([("b", (0, 10)), ("a", (0, 10))], "a", [(0, 10)])
    assert got == Overlap(1.0, 0.5, 0.5)


@pytest.mark.parametrize("chunks", [[], [("a", (40, 50))], [("b", (0, 10))]])
def test_nothing_found_is_nought(chunks: list[tuple[str, tuple[int, int]]]) -> None:
    assert overlap(chunks, "a", [(0, 10)]) == Overlap(0.0, 0.0, 0.0)
