"""Headings, captions, letters, notes and blocks, in plain text and in Markdown."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.structure import find_structure
from vectorstore.types import Format

BODY = "The harbour was built in 1780 and has been repaired many times since, mostly badly."


def kinds(text: str, format: Format = "plain") -> list[tuple[str, str]]:
    """Each block as (kind, its first 24 characters)."""
    return [(block.kind, text[block.start : block.end][:24]) for block in find_structure(text, format).blocks]


def headings(text: str, format: Format = "plain") -> list[str]:
    return [text[b.start : b.end] for b in find_structure(text, format).blocks if b.kind == "heading"]


@pytest.mark.parametrize(
    "line",
    [
        "The Great Flood",
        "The founding of the pilots’ guild",
        "“All Hands on Deck!”",
        "Who paid for the wall?",
        "3. Methods",
        "2.1 Sampling of eels",
        "Chapter 4",
        "CHAPTER II. Who Hid the Rope?",
        "3. May I Bring a Dog?",
        "1911",
        "Tides, currents and winds",
        "Results (2019–2021)",
        "Заключение",
        "結論",
        "HISTORY",
    ],
)
def test_headings_without_mark_up(line: str) -> None:
    text = f"A Harbour\n\n{BODY}\n\n{line}\n\n{BODY}\n"
    assert headings(text) == ["A Harbour", line]
    assert find_structure(text).blocks[-1].section == line


@pytest.mark.parametrize(
    "line",
    [
        "It ended with a lead-in:",
        "The wall fell.",
        "Tomas Vale, 4 May 1921",
        "12 March 2024",
        "(Signed) T. Vale",
        "Dear colleagues,",
        "Yours sincerely,",
        "- eels and crabs",
        "1) eels and crabs",
        "“Hurry up!”",
        "“Get out of the boat”,",
        "She never came back",
        "and the sea was calm",
        "https://example.org/tides",
        "* * *",
        "By Martha Reed",
        "THE CHAIR: What more would you have us do?",
        "Remember the fear, the losses?",
        "The Eel Book; Marsh and Sons",
        "Photo: Harbour archive",
        "This line is far too long to be a heading of anything because it goes on and on and never says why",
    ],
)
def test_no_headings(line: str) -> None:
    assert headings(f"A Harbour\n\n{BODY}\n\n{line}\n\n{BODY}\n") == ["A Harbour"]


def test_short_lines_among_themselves_are_no_headings() -> None:
    verse = "The tide comes in\n\nThe tide goes out\n\nThe gulls are thin\n\nThe eels are stout"
    assert headings(f"A Harbour\n\n{BODY}\n\n{verse}\n") == ["A Harbour"]
    shelf = "The Eel Book\n\nMarsh Birds\n\nThe Old Harbour\n\nTides and Winds of the Marsh"
    assert headings(f"A Harbour\n\n{BODY}\n\n{shelf}\n\n{BODY}\n") == ["A Harbour"]
    assert headings("Eels\n\nCrabs\n\nHerring\n\nCod\n") == []


def test_speech_among_speech_is_no_heading() -> None:
    text = (
        f"A Harbour\n\n{BODY}\n\nHe cried:\n\n“Land Ho!”\n\n“Where is it, and why so late in the year?” asked Brook.\n"
    )
    assert headings(text) == ["A Harbour"]


def test_title_and_subheading() -> None:
    text = f"A Harbour\n\nEarly years\n\n{BODY}\n"
    assert headings(text) == ["A Harbour", "Early years"]
    assert [block.section for block in find_structure(text).blocks] == ["", "Early years", "Early years"]


def test_title_above_wrapped_text_without_a_blank_line() -> None:
    wrapped = "The harbour was built in 1780 and\nhas been repaired many times since,\nmostly badly and in great haste."
    assert kinds(f"A Harbour\n{wrapped}\n")[0] == ("heading", "A Harbour")
    assert [kind for kind, _ in kinds(wrapped)] == ["prose"]


def test_underlined_and_hashed_headings_in_plain_text() -> None:
    text = f"A Harbour\n=========\n\n{BODY}\n\nTides\n-----\n{BODY}\n"
    structure = find_structure(text)
    assert [block.kind for block in structure.blocks] == ["heading", "prose", "heading", "prose"]
    assert structure.blocks[-1].section == "Tides"


def test_each_line_is_a_paragraph_where_lines_are_not_wrapped() -> None:
    long = " ".join([BODY] * 3)
    assert [kind for kind, _ in kinds(f"A Harbour\n{long}\nTides\n{long}\n{long}\n")] == [
        "heading", "prose", "heading", "prose", "prose",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "HarbourWall1911 Image public domainThe wall before the storm / Image: public domain",
        "old quay 3 Image public domainThe quay, seen from the mill, before it fell / Image: public domain",
        "The wall before the storm / Photo: Ada Brook, Harbour Museum",
        "The wall before the storm (Photo: Ada Brook)",
        "Image: Wikimedia Commons",
        "Photo by Ada Brook",
        "Figure 3: Catch of eels by year",
        "Figure 4 Catch of Eels by Year",
        "Fig. 2. The wall in section",
        "Source: Harbour Board, annual report",
        "© Harbour Museum",
    ],
)
def test_captions(line: str) -> None:
    text = f"A Harbour\n\n{BODY}\n\n{line}\n\n{BODY}\n"
    assert [kind for kind, _ in kinds(text)] == ["heading", "prose", "caption", "prose"]


def test_prose_glued_behind_a_caption_is_not_lost() -> None:
    text = f"wall 2 Image public domainThe wall in 1911 / Image: public domain{BODY} {BODY}"
    structure = find_structure(text)
    assert [block.kind for block in structure.blocks] == ["caption", "prose"]
    assert text[structure.blocks[1].start :].startswith("The harbour was built")


@pytest.mark.parametrize(
    "line", ["The image of the town was poor.", "He showed a photo: it was blurred, and old.", BODY]
)
def test_prose_about_pictures_is_prose(line: str) -> None:
    assert kinds(f"A Harbour\n\n{line}\n")[-1][0] == "prose"


def test_letter() -> None:
    text = (
        f"A Harbour\n\n{BODY}\n\nThe wall\n\n{BODY}\n\nVale’s letter to the Harbour Board\n\nDear colleagues,\n\n"
        "I answer your points:\n\n1. The wall was sound. I saw it.\n\n2. The sea was not.\n\n(Signed) T. Vale\n\n"
        f"May, 4, 1921\n\n{BODY}\n"
    )
    structure = find_structure(text)
    letter = [block for block in structure.blocks if block.kind == "letter"]
    assert len(letter) == 6
    assert {block.speaker for block in letter} == {"T. Vale"}
    assert {block.section for block in letter} == {"Vale’s letter to the Harbour Board"}
    assert (structure.blocks[-1].kind, structure.blocks[-1].section) == ("prose", "The wall")


def test_letter_closed_by_yours() -> None:
    text = f"{BODY}\n\nDear Ms Brook,\n\nThe wall is gone.\n\nYours faithfully,\nTomas Vale\n\n{BODY}\n"
    blocks = find_structure(text).blocks
    assert [(block.kind, block.speaker) for block in blocks] == [
        ("prose", None), ("letter", "Tomas Vale"), ("letter", "Tomas Vale"), ("letter", "Tomas Vale"), ("prose", None),
    ]  # fmt: skip


def test_salutation_without_signature_is_prose() -> None:
    assert {kind for kind, _ in kinds(f"Dear reader,\n\n{BODY}\n\n{BODY}\n")} == {"prose"}


def test_notes() -> None:
    text = (
        "The wall [of 1780] fell (it was old). “It rose.” (Vale, Against the Sea) Eels left.[3]\n\n"
        "[The rest of the page is torn.]\n\n(See also Brook, Tides, vol.6, p.110)"
    )
    structure = find_structure(text)
    assert [text[start:end] for start, end in structure.notes] == [
        "[of 1780]", "(Vale, Against the Sea)", "[3]", "[The rest of the page is torn.]",
        "(See also Brook, Tides, vol.6, p.110)",
    ]  # fmt: skip
    assert [block.kind for block in structure.blocks] == ["prose", "note", "note"]


MARKDOWN = """# A Harbour

Opening words, *emphasised*, with a [link](http://example.org/a).

## Tides and *winds*

- first item
- second item
  goes on

  with a paragraph

1. one
2. two

### Eels

> Quoted words.
> More of them.

| year | catch |
|------|-------|
| 1911 | 40    |

```
code

more
```

![The wall in 1911](wall.jpg)

***

[1]: http://example.org/b

Setext heading
--------------

Last words.
"""


def test_markdown() -> None:
    structure = find_structure(MARKDOWN, "markdown")
    found = [(b.kind, b.section, MARKDOWN[b.start : b.end].splitlines()[0]) for b in structure.blocks]
    tides, eels = "Tides and winds", "Eels"
    assert found == [
        ("heading", "", "# A Harbour"),
        ("prose", "", "Opening words, *emphasised*, with a [link](http://example.org/a)."),
        ("heading", tides, "## Tides and *winds*"),
        ("prose", tides, "- first item"),
        ("prose", tides, "- second item"),
        ("prose", tides, "with a paragraph"),
        ("prose", tides, "1. one"),
        ("prose", tides, "2. two"),
        ("heading", eels, "### Eels"),
        ("prose", eels, "> Quoted words."),
        ("caption", eels, "| year | catch |"),
        ("row", eels, "| 1911 | 40    |"),
        ("caption", eels, "```"),
        ("prose", eels, "code"),
        ("caption", eels, "```"),
        ("caption", eels, "![The wall in 1911](wall.jpg)"),
        ("caption", eels, "***"),
        ("note", eels, "[1]: http://example.org/b"),
        ("heading", "Setext heading", "Setext heading"),
        ("prose", "Setext heading", "Last words."),
    ]


def test_markdown_line_ends_of_windows() -> None:
    text = MARKDOWN.replace("\n", "\r\n")
    plain = [(b.kind, b.section) for b in find_structure(MARKDOWN, "markdown").blocks]
    assert [(b.kind, b.section) for b in find_structure(text, "markdown").blocks] == plain


def test_markdown_without_headings_is_searched_for_them() -> None:
    assert headings(f"A Harbour\n\n{BODY}\n", "markdown") == ["A Harbour"]
    assert headings(f"**The wall**\n\n{BODY}\n\n{BODY}\n", "markdown") == ["**The wall**"]


PIECES = [
    "Tides\n\n", f"{BODY}\n\n", "“No.” ", "“", "”", "Dear A,\n\n", "(Signed) B\n\n", "Image: x\n\n", "# H\n\n",
    "> q\n", "- i\n",
    "| a | b |\n", "|---|---|\n", "```\n", "[n] ", "(", ")", "\r\n", "\u2028", "\x0b", "é\u0301",
    "🙂", "שלום. ", "我们。", "\u200b", "\ufeff", "said X. ",
]  # fmt: skip


TEXTS = st.one_of(st.text(max_size=150), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.booleans())
def test_blocks_tile_the_text(text: str, marked: bool) -> None:
    structure = find_structure(text, "markdown" if marked else "plain")
    at = 0
    for block in structure.blocks:
        assert at <= block.start < block.end <= len(text)
        assert not text[at : block.start].strip()
        at = block.end
    assert not text[at:].strip()
    for spans in (structure.notes, [(q.start, q.end) for q in structure.quotations]):
        ends = 0
        for start, end in spans:
            assert ends <= start < end <= len(text)
            ends = end


@pytest.mark.parametrize("piece", ["“a ", "(a ", "[", "“A b c,” he said. ", "> a\n\n", "A b\n\n", "1. ", "'a "])
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    assert find_structure(piece * 2_000).blocks
    assert find_structure(piece * 2_000, "markdown").blocks


ORIGINAL = os.environ.get("ATTEST_ORIGINAL_ARTICLE")


@pytest.mark.skipif(not ORIGINAL, reason="ATTEST_ORIGINAL_ARTICLE names no file")
def test_the_original_article() -> None:
    text = Path(ORIGINAL or "").read_bytes().decode("utf-8")
    structure = find_structure(text)
    assert Counter(block.kind for block in structure.blocks) == {
        "prose": 90, "letter": 19, "quotation": 12, "caption": 7, "heading": 6, "note": 1,
    }  # fmt: skip
    assert len(structure.quotations) == 60
    assert sum(quotation.speaker is None for quotation in structure.quotations) == 3


@pytest.mark.parametrize("format", ["plain", "markdown"])
def test_each_row_of_a_table_is_a_block_below_its_headers(format: Format) -> None:
    text = f"{BODY}\n\n| Route | Fare |\n| --- | --- |\n| Torsay | 9 marks. No dogs |\n| Varn | – |\n\n{BODY}\n"
    assert kinds(text, format)[1:-1] == [
        ("caption", "| Route | Fare |\n| --- |"),
        ("row", "| Torsay | 9 marks. No d"),
        ("row", "| Varn | – |"),
    ]


@pytest.mark.parametrize("format", ["plain", "markdown"])
def test_a_table_of_headers_alone_is_its_own_row(format: Format) -> None:
    assert kinds("| Torsay | 9 marks |\n| --- | --- |\n", format) == [("row", "| Torsay | 9 marks |\n| -")]
