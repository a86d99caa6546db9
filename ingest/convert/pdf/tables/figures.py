"""Whether a cell holds a figure or words."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.convert.pdf.types import Word


def text_of(cell: Sequence[Word]) -> str:
    """The text of a cell, without blanks."""
    return "".join(word.text for word in cell)


def figure_like(text: str) -> bool:
    """Whether a cell with this text, its blanks taken out, holds a number rather than words."""
    digits = sum(map(str.isdigit, text))
    return digits >= 0.3 * len(text) or (digits > 0 and len(text) <= 6)
