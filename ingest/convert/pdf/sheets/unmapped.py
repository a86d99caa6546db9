"""Letters of which a file's fonts do not say what they mean: ligatures ("ffi") that are drawn by names of their own.

PDFium gives their number in the font instead, which may be a blank, a hyphen or another letter: "o-ce" for "office".
What such a letter means is read from the words that it stands in, where these tell it without doubt; else it is
"\ufffd".

But: letters that a font says something wrong of ("f" for the ligature "fi") are not found.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.convert.pdf.hyphens import is_known
from ingest.convert.pdf.types import Glyph, Sheet

UNREADABLE = "\ufffd"
LIGATURES = ("fi", "fl", "ff", "ffi", "ffl", "Th", "tt", "ti", "ft", "ct", "st")
WHOLE = 0.5
"""Share of a font's letters without a meaning from which on they are read by their numbers: those that make whole words
among themselves, as the letters of typewriters do and no ligature does."""
SURE = 0.6
"""Share of the words with such a letter that have to be known with its meaning, and twice as many as with another."""
_FIRST = 0xF0000
_MOST = 1_000
_MOST_GUESSED = 50
"""Ligatures of all fonts of a document: each is looked for in every word that holds it."""
_FEWEST = 2
"""Letters that a word has beside the one that is looked for."""
_NAME_LENGTH = 100
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class Unmapped:
    """The unmapped letters of a document: each font's number for one has a mark of its own, a character that nobody
    uses, until it is known what it means."""

    marks: dict[tuple[bytes, int], str] = field(default_factory=dict)

    def mark(self, handle: Any, index: int, code: int) -> str:
        """The mark of a letter of a text page of PDFium."""
        import pypdfium2.raw as raw  # type: ignore[import-untyped]

        name, flags = ctypes.create_string_buffer(_NAME_LENGTH), ctypes.c_int()
        raw.FPDFText_GetFontInfo(handle, index, name, _NAME_LENGTH, ctypes.byref(flags))
        key = (name.value, code)
        if key not in self.marks and len(self.marks) >= _MOST:
            return UNREADABLE
        return self.marks.setdefault(key, chr(_FIRST + len(self.marks)))


@dataclass(frozen=True, slots=True)
class Meanings:
    """On which pages what a mark stands for was `guessed` from its words, or is `unreadable`."""

    guessed: tuple[int, ...]
    unreadable: tuple[int, ...]


def with_meanings(sheets: Sequence[Sheet], unmapped: Unmapped) -> tuple[list[Sheet], Meanings]:
    """The pages with what their unmapped letters mean."""
    if not unmapped.marks:
        return list(sheets), Meanings((), ())
    words = list(_words(sheets))
    kept = _letters(unmapped, words)
    guessed = _guessed([mark for mark in unmapped.marks.values() if mark not in kept], words)
    meant = {mark: kept.get(mark) or guessed.get(mark, UNREADABLE) for mark in unmapped.marks.values()}
    table = str.maketrans(meant)
    found, by_words, unread = [], [], []
    for sheet in sheets:
        marks = {glyph.text for glyph in sheet.glyphs} | {sign for word in sheet.turned for sign in word.text}
        by_words += [sheet.number] if marks & guessed.keys() else []
        unread += [sheet.number] if any(meant.get(mark) == UNREADABLE for mark in marks) else []
        found.append(_translated(sheet, table) if marks & meant.keys() else sheet)
    return found, Meanings(tuple(by_words), tuple(unread))


def _letters(unmapped: Unmapped, words: Sequence[str]) -> dict[str, str]:
    """The marks that are read by their numbers, and the letters that these are."""
    fonts = {mark: font for (font, _), mark in unmapped.marks.items()}
    alone, all_of = Counter[bytes](), Counter[bytes]()
    for word in words:
        own = [fonts[sign] for sign in word if sign in fonts]
        all_of.update(own)
        alone.update(() if any(sign.isalnum() for sign in word) else own)
    return {
        mark: chr(code)
        for (font, code), mark in unmapped.marks.items()
        if code > 32 and chr(code).isprintable() and alone[font] >= WHOLE * max(1, all_of[font])
    }


def _translated(sheet: Sheet, table: dict[int, str]) -> Sheet:
    glyphs: list[Glyph] = [glyph._replace(text=glyph.text.translate(table)) for glyph in sheet.glyphs]
    turned = [replace(word, text=word.text.translate(table)) for word in sheet.turned]
    return replace(sheet, glyphs=glyphs, turned=turned, asides=[_translated(aside, table) for aside in sheet.asides])


def _words(sheets: Sequence[Sheet]) -> Iterator[str]:
    """The words of the pages, as far as nothing stands between their letters in the order of drawing."""
    for sheet in sheets:
        word = ""
        before: Glyph | None = None
        for glyph in sheet.glyphs:
            if before is not None and (glyph.blank or abs(glyph.base - before.base) > 0.1 * glyph.size):
                yield word
                word = ""
            word += glyph.text
            before = glyph
        yield word


def _guessed(marks: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    """What marks mean by the words that they stand in, those that are met most often first."""
    found: dict[str, str] = {}
    signs = {*marks}
    odd = {word for word in words if signs & {*word}}
    order = Counter(mark for word in odd for mark in {*word} & signs)
    for mark, _ in order.most_common(_MOST_GUESSED):
        known = str.maketrans(found)
        own = {word.translate(known) for word in odd if mark in word}
        votes = Counter[str]()
        asked = 0
        for word in own:
            stems = [one for one in re.split(r"[-–—’'/]", word) if mark in one]
            if len(stems) != 1 or (signs - {mark}) & {*stems[0]} or len(stems[0]) <= _FEWEST:
                continue
            asked += 1
            for ligature in LIGATURES:
                whole = _WORD.search(stems[0].replace(mark, ligature))
                if whole is not None and ligature in whole.group() and is_known(whole.group().lower()):
                    votes[ligature] += 1
        (first, most), (_, second), *_ = [*votes.most_common(2), ("", 0), ("", 0)]
        if most > 2 * second and most >= SURE * asked:
            found[mark] = first
    return found
