"""Headings of plain text that a letter numbers."""

from __future__ import annotations

from ingest.structure import find_structure

WORDS = "The board lends nothing to those who sit on it, and the treasurer writes down whatever they ask for."


def headings(text: str) -> list[str]:
    return [text[block.start : block.end] for block in find_structure(text).blocks if block.kind == "heading"]


def text_of(*lines: str) -> str:
    return "\n\n".join(["Rules of the boat house", WORDS, *(part for line in lines for part in (line, WORDS))])


def test_lines_numbered_with_letters_in_their_order_are_headings() -> None:
    lines = ["A. Loans to members", "B. Gifts", "C. Lost keys and lamps"]
    assert headings(text_of(*lines))[1:] == lines
    assert headings(text_of("B. Gifts", "D. Lost keys"))[1:] == []
    assert headings(text_of("J. Whitcombe"))[1:] == []


def test_items_with_letters_right_below_one_another_are_no_headings() -> None:
    asked = "1. Who keeps the keys?\n\nA. The warden\n\nB. The treasurer\n\nC. Nobody at all"
    assert headings(f"{text_of()}\n\n{asked}\n\n{WORDS}\n\n{asked}\n\n{WORDS}")[1:] == []


def test_short_sentences_by_themselves_are_no_headings() -> None:
    assert headings(text_of("Enter Hamlet.", "Dear Captain.", "Poor Captain Ahab.", "Exit Ghost."))[1:] == []
