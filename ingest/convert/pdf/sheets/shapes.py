"""What is drawn on a page beside its letters: rules, small shapes, and what a reviewer's remarks strike out."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ingest.convert.pdf.sheets.frames import Frame
from ingest.convert.pdf.types import Box

_MOST_OBJECTS = 20_000
"""Of one page, looked at for rules: a map can hold a million of lines."""
_MOST_SEGMENTS = 2_000
_THIN = 2.5
"""Points; a bar that is thinner is a rule."""
_SHORTEST = 2.0
_SMALL = 1.2, 12.0
"""Points: the width of a shape that may be a bullet."""
_MOST_SMALL = 5_000
_FEW_SEGMENTS = 100


def rules_of(page: Any, frame: Frame) -> list[Box]:
    """The lines and thin bars on a page."""
    found: list[Box] = []
    with suppress(OSError, ValueError):
        for left, bottom, right, top in _thin(page):
            found.append(frame.box(left, bottom, right, top))
    return found


def _thin(page: Any) -> Iterator[tuple[float, float, float, float]]:
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

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


def small_on(page: Any, frame: Frame) -> list[Box]:
    """The small shapes on a page that are as wide as they are high: bullets among them."""
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    found: list[Box] = []
    for kind, shape in _objects(page):
        if kind != raw.FPDF_PAGEOBJ_PATH or not raw.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
            continue
        wide, high = right.value - left.value, top.value - bottom.value
        if not (_SMALL[0] <= wide <= _SMALL[1] and abs(wide - high) <= 0.3 + 0.1 * wide):
            continue
        if raw.FPDFPath_CountSegments(shape) > _FEW_SEGMENTS:
            continue
        if raw.FPDFPath_GetDrawMode(shape, fill, stroke) and (fill.value or stroke.value):
            found.append(frame.box(left.value, bottom.value, right.value, top.value))
    return found if len(found) <= _MOST_SMALL else []


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


def struck_on(page: Any, frame: Frame) -> list[Box]:
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
