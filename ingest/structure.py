"""A text to blocks: headings, captions, letters, quotations with their speakers, notes, prose.

In plain text all of it is inferred, in Markdown headings and block quotes are read from the mark-up. The parts are in
`paragraphs.py`, `headings.py`, `captions.py`, `letters.py`, `notes.py`, `quotations.py`, `markdown.py`.

But: it does not split sentences or passages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.blocks import Block, Quotation, Span, Structure
from ingest.captions import caption_end
from ingest.headings import find_headings, heading_text
from ingest.letters import find_letters
from ingest.notes import find_notes
from ingest.paragraphs import paragraph_spans, strip_span
from ingest.quotations import find_quotations
from vectorstore.types import Format, Kind

__all__ = ["Block", "Quotation", "Structure", "find_structure"]

MAX_SECTION = 120


def find_structure(text: str, format: Format = "plain") -> Structure:
    """The structure of a text. Never fails: what it does not recognise is prose."""
    blocks = _plain_blocks(text)
    notes = tuple(note for block in blocks for note in find_notes(text, block.start, block.end))
    blocks = [_as_note(text, block, notes) for block in blocks]
    blocks, quotations = find_quotations(text, blocks, notes)
    return Structure(tuple(blocks), tuple(quotations), notes)


def _plain_blocks(text: str) -> list[Block]:
    paragraphs = _without_captions(text, paragraph_spans(text))
    spans = [span for span, _ in paragraphs]
    captions = [caption for _, caption in paragraphs]
    letters = find_letters(text, [span for span in spans])
    kinds: list[tuple[Kind, str | None]] = [("caption" if caption else "prose", None) for caption in captions]
    for letter in letters:
        for index in range(letter.first, letter.last + 1):
            if not captions[index]:
                kinds[index] = ("letter", letter.signer)
    headings = find_headings(text, spans, [kind != "prose" for kind, _ in kinds])
    for index in headings:
        kinds[index] = ("heading", None)
    return _with_sections(text, spans, kinds)


def _without_captions(text: str, spans: Sequence[Span]) -> list[tuple[Span, bool]]:
    """Each paragraph with whether it is a caption; prose run on behind a caption becomes a paragraph of its own."""
    parted: list[tuple[Span, bool]] = []
    for start, end in spans:
        cut = caption_end(text, start, end)
        if cut is None:
            parted.append(((start, end), False))
            continue
        parted.append((strip_span(text, start, cut), True))
        rest = strip_span(text, cut, end)
        if rest[0] < rest[1]:
            parted.append((rest, False))
    return parted


def _with_sections(text: str, spans: Sequence[Span], kinds: Sequence[tuple[Kind, str | None]]) -> list[Block]:
    """The first block, where it is a heading, is the title: no section begins under it. A heading right above a
    letter is the letter's own: the section around goes on behind it."""
    blocks: list[Block] = []
    section = outer = ""
    headed_letter = False
    for index, ((start, end), (kind, speaker)) in enumerate(zip(spans, kinds, strict=True)):
        if kind == "heading" and index > 0:
            outer, section = section, heading_text(text[start:end])[:MAX_SECTION]
        elif kind == "letter" and index and kinds[index - 1][0] == "heading":
            headed_letter = True
        elif kind != "letter" and headed_letter:
            section, headed_letter = outer, False
        blocks.append(Block(start, end, kind, section, speaker))
    return blocks


def _as_note(text: str, block: Block, notes: Sequence[Span]) -> Block:
    """A paragraph that is one note, full stop aside, is a note."""
    if block.kind != "prose" or text[block.start] not in "([":
        return block
    if text[block.end - 1] not in ")]." or not any(
        start == block.start and end >= block.end - 1 for start, end in notes if start == block.start
    ):
        return block
    return replace(block, kind="note")
