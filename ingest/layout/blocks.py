"""What `structure.py` finds in a text: blocks, quotations, bracketed notes, all as code point offsets."""

from __future__ import annotations

from dataclasses import dataclass

from vectorstore.types import Kind

Span = tuple[int, int]
"""`start, end` in code points, end exclusive."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, caption or list item. `section` is the nearest heading above ("" before the first and
    under the title); `speaker` is who speaks a block of kind "quotation" or signed one of kind "letter"."""

    start: int
    end: int
    kind: Kind
    section: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words, their quotation marks included, within one paragraph: a quotation over several paragraphs is
    several of these. `speaker` is the name as the text gives it, None where the text names nobody."""

    start: int
    end: int
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """`blocks` are in order, do not overlap, and all text that is not blank lies in one of them."""

    blocks: tuple[Block, ...]
    quotations: tuple[Quotation, ...]
    notes: tuple[Span, ...]
