"""Markdown's marks are hidden, never removed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.web.marks import Flag, markdown_marks, parts


def shown(text: str) -> str:
    return "".join(part for part, flag in parts(text, markdown_marks(text, "markdown")) if flag != "markup")


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("## A heading ##", "A heading"),
        ("He wrote *The Quiet Mill* in **1904**.", "He wrote The Quiet Mill in 1904."),
        ("A __bold__ and an _odd_ word", "A bold and an odd word"),
        ("See [the mill](https://example.org/a_b) there", "See the mill there"),
        (r"Not \*starred\*, 3 * 4 * 5, snake_case_name", "Not *starred*, 3 * 4 * 5, snake_case_name"),
        ("> Quoted lines\n> of text", "Quoted lines\nof text"),
    ],
)
def test_what_a_reader_sees_of_markdown(text: str, reads: str) -> None:
    assert shown(text) == reads


def test_plain_text_has_no_marks() -> None:
    assert markdown_marks("# *not* a heading", "plain") == []


def test_emphasis_is_marked() -> None:
    text = "the *mill* stands"
    assert ("mill", "emphasis") in parts(text, markdown_marks(text, "markdown"))


@given(st.text(alphabet="ab *_#[]()\\\n😀e\u0301>", max_size=60))
def test_no_character_is_lost(text: str) -> None:
    assert "".join(part for part, _ in parts(text, markdown_marks(text, "markdown"))) == text


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5))
def test_any_spans_cut_without_loss(text: str, spans: list[tuple[int, int]]) -> None:
    flag: Flag = "quoted"
    assert "".join(part for part, _ in parts(text, [(span, flag) for span in spans])) == text
