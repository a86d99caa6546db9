"""Markdown in paragraphs: marks of lists that hold nothing but a list stand apart from the item."""

from __future__ import annotations

import pytest

from ingest.layout.markdown import parts


def paragraphs(text: str) -> list[str]:
    return [text[part.start : part.end] for part in parts(text, lambda: None)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- - - The oven has a door.\n- - - The floor is of slate.", ["- -", "- The oven has a door."]),
        ("* + - The oven has a door.", ["* +", "- The oven has a door."]),
        ("- - 1. first knead", ["-", "- 1. first knead"]),
        ("- The oven has a door.", ["- The oven has a door."]),
        ("- - -", ["- - -"]),
        ("- - -\n\n- - The oven", ["- - -", "-", "- The oven"]),
        ("- a - b", ["- a - b"]),
    ],
)
def test_outer_marks_are_a_part_of_their_own(text: str, found: list[str]) -> None:
    assert paragraphs(text)[: len(found)] == found


def test_items_that_a_line_introduces_stay_with_it() -> None:
    text = "The cook needs:\n\n- - bread\n- - butter"
    assert paragraphs(text) == ["The cook needs:", "- - bread", "- - butter"]
