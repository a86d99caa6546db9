"""A document for the source pane: every character where its offset says, and nothing a browser could change."""

from __future__ import annotations

import json

import pytest

from ingest.structure import find_structure
from ui.web.source_view import shown_origin, source_json, source_view
from vectorstore.types import Document, Format, Structure, text_sha256

TEXT = (
    "The Mill on the Hill\n\n"
    "It was built 😀 in 1904, e\u0301tage by étage.\r\n"
    "Mrs Fenwick said: “The stones came by water, and so did we.”\r\n\r\n"
    "The flood\n\n"
    "<script>alert(1)</script> is what somebody wrote on its wall & never explained.\u0085\u2028It is still there."
)


def document(text: str, format: Format = "plain") -> tuple[Document, Structure]:
    origin = "/home/somebody/private/mill.txt"
    return Document("mill-1", "The Mill", text, text_sha256(text), origin, format), find_structure(text, format)


@pytest.mark.parametrize("format", ["plain", "markdown"])
def test_each_block_holds_the_characters_at_its_offset(format: Format) -> None:
    view = source_view(*document(TEXT, format))
    for block in view["blocks"]:
        words = "".join(text for text, _ in block["parts"])
        assert TEXT[block["start"] : block["start"] + len(words)] == words


def test_every_character_is_there() -> None:
    view = source_view(*document(TEXT))
    assert "".join(text for block in view["blocks"] for text, _ in block["parts"]) == TEXT


def test_json_keeps_line_ends_emoji_and_control_characters() -> None:
    view = json.loads(source_json(*document(TEXT)))
    assert view == json.loads(json.dumps(source_view(*document(TEXT))))
    assert any("\r\n" in text for block in view["blocks"] for text, _ in block["parts"])


def test_headings_of_markdown_have_a_level_and_hidden_marks() -> None:
    view = source_view(*document("# Title\n\nSome words here.\n\n### Deeper\n\nMore words here.", "markdown"))
    headings = [block for block in view["blocks"] if block["kind"] == "heading"]
    assert [heading["level"] for heading in headings] == [1, 3]
    assert headings[1]["parts"] == [("### ", "markup"), ("Deeper", ""), ("\n\n", "markup")]


@pytest.mark.parametrize(
    ("origin", "shown"),
    [
        ("bundled:article.md", "Bundled article"),
        ("upload:notes.txt", "Uploaded: notes.txt"),
        ("https://example.org/a", "https://example.org/a"),
        ("/home/somebody/private/mill.txt", "mill.txt"),
        ("C:\\Users\\somebody\\mill.txt", "mill.txt"),
    ],
)
def test_folders_of_this_machine_are_not_shown(origin: str, shown: str) -> None:
    assert shown_origin(origin) == shown
