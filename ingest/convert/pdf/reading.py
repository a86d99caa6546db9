"""Reads a PDF with PDFium: which characters and rules stand where on each page.

But: it puts nothing in order, that is for `words` and those after it.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.convert.limits import MAX_CHARACTERS, MAX_PAGES, check
from ingest.convert.pdf.sheets.comments import comments_on
from ingest.convert.pdf.sheets.forms import entries_on
from ingest.convert.pdf.sheets.frames import Frame, frame_of
from ingest.convert.pdf.sheets.shapes import rules_of, small_on, struck_on
from ingest.convert.pdf.sheets.unmapped import Unmapped, with_meanings
from ingest.convert.pdf.sheets.unseen import is_doubtful, without_unseen
from ingest.convert.pdf.sheets.xfa import xfa_text
from ingest.convert.pdf.types import Box, Glyph, Sheet, Turned
from vectorstore.errors import InputError

PDFIUM = threading.Lock()
"""PDFium may be called by one thread at a time."""

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_LINE_HYPHEN = 2  # what PDFium gives for a hyphen at a line's end
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SYMBOLS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0a8": "◦", "\uf0d8": "‣", "\uf076": "•", "\uf0fc": "✓"}
"""List marks as the fonts of symbols have them, in places that Unicode gives to nobody."""
_SIGNS = _LIGATURES | _SYMBOLS
_NOTHING = re.compile("[\x00-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff]")
_WAIT, _BEGINNING = "pleasewait", 200
_FEWEST_ASIDE = 20
"""Letters of a table that is written sideways: one of three rows has more."""
_PROPERTIES = ("Title", "Author", "CreationDate", "Creator", "Producer")


@dataclass(frozen=True, slots=True)
class Read:
    """What PDFium gives: the pages that open, the file's properties by their names, how many pages there are, which
    will not open; `form`: the text of a form that the file holds in the place of pages, "" where it cannot be read and
    None where it holds none; on which pages letters were `guessed` from their words, or are `unreadable`."""

    sheets: list[Sheet]
    properties: dict[str, str]
    pages: int
    damaged: list[int]
    form: str | None = None
    guessed: tuple[int, ...] = ()
    unreadable: tuple[int, ...] = ()


def read(data: bytes, name: str) -> Read:
    """Raises InputError, naming `name`, for a file that is protected by a password, is damaged or too long."""
    import pypdfium2  # type: ignore[import-untyped]

    with PDFIUM:
        pdf = opened(data, name)
        try:
            check(name, len(pdf), "pages", MAX_PAGES)
            sheets: list[Sheet] = []
            damaged: list[int] = []
            unmapped = Unmapped()
            characters = 0
            for number in range(len(pdf)):
                try:
                    sheets.append(_sheet(pdf[number], number + 1, unmapped))
                    characters += len(sheets[-1].glyphs) + sum(len(entry.value) for entry in sheets[-1].entries)
                    check(name, characters, "characters", MAX_CHARACTERS)  # many pages can share what they show
                except pypdfium2.PdfiumError:
                    damaged.append(number + 1)
            if len(damaged) == len(pdf):
                raise InputError(f"{name} is a damaged PDF: none of its pages opens. Export or download it again")
            properties = {name: pdf.get_metadata_value(name) or "" for name in _PROPERTIES}
            sheets, meant = with_meanings(sheets, unmapped)
            form = _form(pdf, sheets, name)
            return Read(sheets, properties, len(pdf), damaged, form, meant.guessed, meant.unreadable)
        finally:
            pdf.close()


def _form(pdf: Any, sheets: Sequence[Sheet], name: str) -> str | None:
    """The text of an XFA form, None where the pages are the form itself."""
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    kind = raw.FPDF_GetFormType(pdf)
    if kind not in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND):
        return None
    waits = any("".join(g.text for g in sheet.glyphs)[:_BEGINNING].casefold().startswith(_WAIT) for sheet in sheets[:1])
    if not waits and (kind == raw.FORMTYPE_XFA_FOREGROUND or any(sheet.entries for sheet in sheets)):
        return None
    return xfa_text(pdf, name) or ""


def opened(data: bytes, name: str) -> Any:
    """A pypdfium2 document; to be used while PDFIUM is held. Raises InputError as `read` does."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _WRONG_PASSWORD:
            raise InputError(f"{name} is protected by a password. Save a copy without one and ingest that") from error
        raise InputError(f"{name} is a damaged PDF. Export or download it again") from error
    with suppress(pypdfium2.PdfiumError):  # the pages are there without their form
        pdf.init_forms()
    return pdf


@dataclass(slots=True)
class _Letters:
    """The letters of a page: of each glyph, whether it may leave no ink; the words that are written sideways; and how
    many letters are to be turned clockwise by 0, 90, 180 and 270 degrees to stand upright."""

    glyphs: list[Glyph] = field(default_factory=list)
    doubts: list[bool] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)
    turns: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    @property
    def turn(self) -> int:
        """By how many degrees the page is to be turned clockwise so that most letters stand upright."""
        most = max(range(4), key=lambda quarter: (self.turns[quarter], -quarter))
        return 90 * most if self.turns[most] > len(self.glyphs) else 0

    @property
    def asides(self) -> list[int]:
        """The quarters of a turn that would make upright what may be a table written sideways."""
        return [quarter for quarter in (1, 2, 3) if self.turns[quarter] >= _FEWEST_ASIDE]


def _sheet(page: Any, number: int, unmapped: Unmapped) -> Sheet:
    """The page, turned so that most of its letters stand upright."""
    import pypdfium2.raw as raw

    try:
        frame = frame_of(page)
        letters = _letters(page, frame, unmapped)
        turn = letters.turn
        if turn:
            page.set_rotation((frame.turn + turn) % 360)
            frame = frame_of(page)
            letters = _letters(page, frame, unmapped)
        width, height = frame.shown
        glyphs, unseen = without_unseen(page, letters.glyphs, letters.doubts, width, height)
        rules, struck = rules_of(page, frame), struck_on(page, frame)
        entries = entries_on(page, frame)
        drawn = raw.FPDFPage_CountObjects(page) > 0 or (raw.FPDFPage_GetAnnotCount(page) > 0 and not entries)
        found = Sheet(number, width, height, glyphs, letters.turned, rules, struck, drawn, unseen, turn, entries)
        comments = comments_on(page, "".join(glyph.text for glyph in glyphs))
        found = replace(found, small=small_on(page, frame), comments=comments)
        return replace(found, asides=[_aside(page, number, 90 * at, frame.turn, unmapped) for at in letters.asides])
    finally:
        page.close()


def _aside(page: Any, number: int, turn: int, turned: int, unmapped: Unmapped) -> Sheet:
    """What is written sideways on a page, turned clockwise by so many degrees, beyond what the page itself is
    turned by."""
    page.set_rotation((turned + turn) % 360)
    try:
        frame = frame_of(page)
        letters = _letters(page, frame, unmapped)
        glyphs, _ = without_unseen(page, letters.glyphs, letters.doubts, *frame.shown)
        return Sheet(
            number, *frame.shown, glyphs, rules=rules_of(page, frame), struck=struck_on(page, frame), turn=turn
        )
    finally:
        page.set_rotation(turned)


def _letters(page: Any, frame: Frame, unmapped: Unmapped) -> _Letters:
    text = page.get_textpage()
    try:
        return _characters(text, frame, unmapped)
    finally:
        text.close()


def _characters(text: Any, frame: Frame, unmapped: Unmapped) -> _Letters:
    import pypdfium2.raw as raw

    unmapped_at = raw.FPDFText_HasUnicodeMapError
    code_of, origin_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin, raw.FPDFText_GetLooseCharBox
    x, y, loose = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    at_x, at_y, at_box = ctypes.byref(x), ctypes.byref(y), ctypes.byref(loose)
    found = _Letters()
    add, doubts = found.glyphs.append, found.doubts.append
    upright, turn = frame.turn == 0, math.radians(frame.turn)
    edge, height = frame.left, frame.height + frame.bottom
    blank, sideways, straight, quarter, pair, doubtful = True, False, False, 0, 0, False
    word: list[tuple[str, Box]] = []
    handle = text.raw
    for index in range(text.count_chars()):
        code = code_of(handle, index)
        if pair:
            code, pair = (0x10000 + (pair - 0xD800 << 10) + code - 0xDC00 if 0xDC00 <= code < 0xE000 else code), 0
        elif 0xD800 <= code < 0xDC00:
            pair = code
            continue
        strange = code != 32 and unmapped_at(handle, index) == 1
        if strange:
            shown = unmapped.mark(handle, index, code)
        elif (code <= 32 and code != _LINE_HYPHEN) or code == 0xA0 or 0x2000 <= code <= 0x200A or code == 0x3000:
            blank = True
            continue
        else:
            shown = chr(code) if code < 0x110000 else "\ufffd"
        if blank:
            angle = raw.FPDFText_GetCharAngle(handle, index)
            sideways = (angle >= 0 and abs(math.sin(angle + turn)) > 0.2) or math.cos(angle + turn) < 0 <= angle
            doubtful = is_doubtful(handle, index)
            _take(word, found)
            quarter = round((angle + turn) / (math.pi / 2)) if sideways else 0
            straight = sideways and abs(angle + turn - quarter * math.pi / 2) < 0.1
        box_of(handle, index, at_box)
        origin_of(handle, index, at_x, at_y)
        if upright:
            left, right, base = loose.left - edge, loose.right - edge, height - y.value
            top, bottom = height - loose.top, height - loose.bottom
        else:
            left, top, right, bottom = frame.box(loose.left, loose.bottom, loose.right, loose.top)
            base = frame.point(x.value, y.value)[1]
        if not -1e5 < left <= right < 1e5 or not -1e5 < top <= bottom < 1e5:
            continue  # outside of any page: numbers of a broken file
        if not strange and (code > 126 or code == _LINE_HYPHEN):
            shown = "-" if code == _LINE_HYPHEN else _SIGNS.get(shown, _NOTHING.sub("", shown))
            if not shown:
                continue
        if sideways:
            word.append((shown, Box(left, top, right, bottom)))
            found.turns[-quarter % 4] += straight
        else:
            add(Glyph(shown, left, top, right, bottom, base, round(bottom - top, 1), blank))
            doubts(doubtful)
        blank = False
    _take(word, found)
    return found


def _take(word: list[tuple[str, Box]], found: _Letters) -> None:
    """Adds a sideways word that is complete."""
    if word:
        box = word[0][1]
        for _, other in word:
            box = box.joined(other)
        found.turned.append(Turned("".join(letter for letter, _ in word), box))
        word.clear()
