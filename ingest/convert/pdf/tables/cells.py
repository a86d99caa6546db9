"""The words of a cell in lines."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.convert.pdf.types import Word


def in_order(words: Sequence[Word]) -> list[Word]:
    """The words of a cell line by line."""
    return [word for line in lines_in(words) for word in line]


def lines_in(words: Sequence[Word]) -> list[list[Word]]:
    """The lines of a cell, each from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.base):
        if not lines or word.base - lines[-1][0].base > 0.3 * word.size:
            lines.append([])
        lines[-1].append(word)
    return [sorted(line, key=lambda word: word.left) for line in lines]
