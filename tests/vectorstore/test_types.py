"""What of a document is shown, with offsets that hold."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.types import Document, one_line, shown, shown_spans, shown_text, text_sha256


def document(text: str, *hidden: tuple[int, int]) -> Document:
    return Document("a", "A", text, text_sha256(text), "test:a", hidden=hidden)


def test_a_hidden_stretch_is_blank_and_all_offsets_hold() -> None:
    text = "The pilot stops\n\n[Page 1]\n\nthe ship."
    gap = (text.index("\n\n["), text.index("the ship"))
    paged = document(text, gap)
    assert shown(paged, 0, len(text)) == "The pilot stops\n" + " " * (gap[1] - gap[0] - 1) + "the ship."
    assert shown(paged, 4, 9) == "pilot" and shown(paged, gap[0] + 2, gap[1]).isspace()
    assert [text[a:b] for a, b in shown_spans(paged, 4, len(text))] == ["pilot stops", "the ship."]
    assert shown_spans(paged, *gap) == []
    assert shown_spans(document(text), 0, 9) == [(0, 9)]


def test_a_tag_within_a_word_parts_nothing() -> None:
    text = "<b>Two</b> <i><b>new</b></i>est boats,<br>the <i>Tern</i>."
    tags = [(match.start(), match.end()) for match in re.finditer("<[^>]+>", text)]
    assert one_line(shown_text(document(text, *tags))) == "Two newest boats, the Tern."
    assert len(shown_text(document(text, *tags))) == len(text)


@given(st.text(alphabet="ab \n", max_size=40), st.lists(st.integers(0, 40), max_size=6, unique=True), st.data())
def test_what_is_shown_is_the_text_without_what_is_hidden(text: str, cuts: list[int], data: st.DataObject) -> None:
    ends = sorted(cut for cut in cuts if cut <= len(text))
    hidden = tuple(zip(ends[::2], ends[1::2], strict=False))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    one = document(text, *hidden)
    expected = "".join(" " if any(a <= at < b for a, b in hidden) else text[at] for at in range(start, end))
    assert shown(one, start, end).replace("\n", " ").replace("\u2060", " ") == expected.replace("\n", " ")
    spans = shown_spans(one, start, end)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(expected.split())
    assert all(start <= a < b <= end and text[a:b].strip() == text[a:b] for a, b in spans)
