"""Reads a PDF with PDFium: which characters and rules stand where on each page.

But: it puts nothing in order, that is for `words` and those after it.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ingest.convert.limits import MAX_CHARACTERS, MAX_PAGES, check
from ingest.convert.pdf.types import Box, Glyph, Sheet, Turned
from ingest.convert.pdf.unseen import is_doubtful, without_unseen
from vectorstore.errors import InputError

PDFIUM = threading.Lock()
"""PDFium may be called by one thread at a time."""

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_LINE_HYPHEN = 2  # what PDFium gives for a hyphen at a line's end
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_NOTHING = re.compile("[\x00-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff]")
_MOST_OBJECTS = 20_000
"""Of one page, looked at for rules: a map can hold a million of lines."""
_MOST_SEGMENTS = 2_000
_PROPERTIES = ("Title", "Author", "CreationDate", "Creator", "Producer")
_THIN = 2.5
"""Points; a bar that is thinner is a rule."""
_SHORTEST = 2.0


@dataclass(frozen=True, slots=True)
class Read:
    """What PDFium gives: the pages that open, the file's properties by their names, how many pages there are, which
    will not open."""

    sheets: list[Sheet]
    properties: dict[str, str]
    pages: int
    damaged: list[int]


def read(data: bytes, name: str) -> Read:
    """Raises InputError, naming `name`, for a file that is protected by a password, is damaged or too long."""
    import pypdfium2  # type: ignore[import-untyped]

    with PDFIUM:
        pdf = opened(data, name)
        try:
            check(name, len(pdf), "pages", MAX_PAGES)
            sheets: list[Sheet] = []
            damaged: list[int] = []
            characters = 0
            for number in range(len(pdf)):
                try:
                    sheets.append(_sheet(pdf[number], number + 1))
                    characters += len(sheets[-1].glyphs)
                    check(name, characters, "characters", MAX_CHARACTERS)  # many pages can share what they show
                except pypdfium2.PdfiumError:
                    damaged.append(number + 1)
            if len(damaged) == len(pdf):
                raise InputError(f"{name} is a damaged PDF: none of its pages opens. Export or download it again")
            properties = {name: pdf.get_metadata_value(name) or "" for name in _PROPERTIES}
            return Read(sheets, properties, len(pdf), damaged)
        finally:
            pdf.close()


def opened(data: bytes, name: str) -> Any:
    """A pypdfium2 document; to be used while PDFIUM is held. Raises InputError as `read` does."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _WRONG_PASSWORD:
            raise InputError(f"{name} is protected by a password. Save a copy without one and ingest that") from error
        raise InputError(f"{name} is a damaged PDF. Export or download it again") from error


@dataclass(frozen=True, slots=True)
class _Frame:
    """How a page's own coordinates, y upwards, become those of the page as it is shown."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        match self.turn:
            case 90:
                return y, x
            case 180:
                return self.width - x, y
            case 270:
                return self.height - y, self.width - x
        return x, self.height - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _frame(page: Any) -> _Frame:
    left, bottom, right, top = page.get_bbox()
    return _Frame(left, bottom, right - left, top - bottom, page.get_rotation() % 360)


def _sheet(page: Any, number: int) -> Sheet:
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    frame = _frame(page)
    text = page.get_textpage()
    try:
        width, height = (frame.width, frame.height) if frame.turn in (0, 180) else (frame.height, frame.width)
        sheet = Sheet(number, width, height, [])
        glyphs, unseen = without_unseen(page, sheet.glyphs, _characters(text, frame, sheet), width, height)
        rules = _rules(page, frame)
        drawn = raw.FPDFPage_CountObjects(page) > 0 or raw.FPDFPage_GetAnnotCount(page) > 0
        return Sheet(number, width, height, glyphs, sheet.turned, rules, _struck(page, frame), drawn, unseen)
    finally:
        text.close()
        page.close()


def _characters(text: Any, frame: _Frame, sheet: Sheet) -> list[bool]:
    """Adds the characters of a page to the sheet, those that are written sideways to `turned`. Of each of the others,
    whether it may leave no ink."""
    import pypdfium2.raw as raw

    code_of, origin_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin, raw.FPDFText_GetLooseCharBox
    x, y, loose = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    at_x, at_y, at_box = ctypes.byref(x), ctypes.byref(y), ctypes.byref(loose)
    add = sheet.glyphs.append
    upright, turn = frame.turn == 0, math.radians(frame.turn)
    edge, height = frame.left, frame.height + frame.bottom
    blank, sideways, pair, doubtful = True, False, 0, False
    doubts: list[bool] = []
    word: list[tuple[str, Box]] = []
    handle = text.raw
    for index in range(text.count_chars()):
        code = code_of(handle, index)
        if pair:
            code, pair = (0x10000 + (pair - 0xD800 << 10) + code - 0xDC00 if 0xDC00 <= code < 0xE000 else code), 0
        elif 0xD800 <= code < 0xDC00:
            pair = code
            continue
        if (code <= 32 and code != _LINE_HYPHEN) or code == 0xA0 or 0x2000 <= code <= 0x200A or code == 0x3000:
            blank = True
            continue
        shown = chr(code) if code < 0x110000 else "\ufffd"
        if blank:
            angle = raw.FPDFText_GetCharAngle(handle, index)
            sideways = (angle >= 0 and abs(math.sin(angle + turn)) > 0.2) or math.cos(angle + turn) < 0 <= angle
            doubtful = is_doubtful(handle, index)
            _take(word, sheet)
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
        if code > 126 or code == _LINE_HYPHEN:
            shown = "-" if code == _LINE_HYPHEN else _LIGATURES.get(shown, _NOTHING.sub("", shown))
            if not shown:
                continue
        if sideways:
            word.append((shown, Box(left, top, right, bottom)))
        else:
            add(Glyph(shown, left, top, right, bottom, base, round(bottom - top, 1), blank))
            doubts.append(doubtful)
        blank = False
    _take(word, sheet)
    return doubts


def _take(word: list[tuple[str, Box]], sheet: Sheet) -> None:
    """Adds a sideways word that is complete."""
    if word:
        box = word[0][1]
        for _, other in word:
            box = box.joined(other)
        sheet.turned.append(Turned("".join(letter for letter, _ in word), box))
        word.clear()


def _rules(page: Any, frame: _Frame) -> list[Box]:
    """The lines and thin bars on a page."""
    found: list[Box] = []
    with suppress(OSError, ValueError):
        for left, bottom, right, top in _thin(page):
            found.append(frame.box(left, bottom, right, top))
    return found


def _thin(page: Any) -> Iterator[tuple[float, float, float, float]]:
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    seen = 0
    for kind, shape in _objects(page):
        seen += 1
        if seen > _MOST_OBJECTS:
            return
        if kind != raw.FPDF_PAGEOBJ_PATH or not raw.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
            continue
        wide, high = right.value - left.value, top.value - bottom.value
        if min(wide, high) <= _THIN:
            if max(wide, high) >= _SHORTEST:
                yield left.value, bottom.value, right.value, top.value
        else:
            yield from _sides(shape)


def _objects(page: Any) -> Iterator[tuple[int, Any]]:
    """The objects of a page that are drawn where its own coordinates say."""
    import pypdfium2.raw as raw

    for index in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        shape = raw.FPDFPage_GetObject(page, index)
        yield raw.FPDFPageObj_GetType(shape), shape


def _sides(shape: Any) -> Iterator[tuple[float, float, float, float]]:
    """The level and upright lines of a path, such as the grid of a table; placed by the path's own matrix."""
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(shape, matrix)
    count = min(raw.FPDFPath_CountSegments(shape), _MOST_SEGMENTS)
    px, py = ctypes.c_float(), ctypes.c_float()
    first = before = (0.0, 0.0)
    segments = [raw.FPDFPath_GetPathSegment(shape, index) for index in range(count)]
    if any(raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_BEZIERTO for segment in segments):
        return  # a picture, or letters drawn as shapes
    for segment in segments:
        raw.FPDFPathSegment_GetPoint(segment, px, py)
        here = (
            matrix.a * px.value + matrix.c * py.value + matrix.e,
            matrix.b * px.value + matrix.d * py.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        ends = [first] if raw.FPDFPathSegment_GetClose(segment) else []
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = here
        elif kind == raw.FPDF_SEGMENT_LINETO:
            ends.insert(0, here)
        for end in ends:
            (x0, y0), (x1, y1) = before if end is here else here, end
            if min(abs(x1 - x0), abs(y1 - y0)) <= 0.5 and max(abs(x1 - x0), abs(y1 - y0)) >= _SHORTEST:
                yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        before = here


def _struck(page: Any, frame: _Frame) -> list[Box]:
    """What a reviewer's remarks strike out."""
    import pypdfium2.raw as raw

    found = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_SEGMENTS)):
        remark = raw.FPDFPage_GetAnnot(page, index)
        if not remark:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(remark) == raw.FPDF_ANNOT_STRIKEOUT:
                points = raw.FS_QUADPOINTSF()
                for number in range(min(raw.FPDFAnnot_CountAttachmentPoints(remark), _MOST_SEGMENTS)):
                    if raw.FPDFAnnot_GetAttachmentPoints(remark, number, points):
                        xs = (points.x1, points.x2, points.x3, points.x4)
                        ys = (points.y1, points.y2, points.y3, points.y4)
                        found.append(frame.box(min(xs), min(ys), max(xs), max(ys)))
        finally:
            raw.FPDFPage_CloseAnnot(remark)
    return found
