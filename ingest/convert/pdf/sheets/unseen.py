"""Words of a PDF that nobody sees on its page: drawn without ink, in the colour of the ground, under something, beside
the page or without size.

Words that may be such are looked for on the page as it is drawn: where they stand, nothing differs from anything else.
So white words on a dark ground are seen, and so is what lies, without ink, behind the picture of a scanned page.

But: a page on which most words would be such is taken to be drawn wrongly, and all of it is kept.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.convert.pdf.types import Glyph

_TINY = 1.0
"""Points of a letter's height up to which nobody reads it."""
_LIGHT = 225
"""Of 255: letters at least this light may be those of the paper."""
_FAINT = 16
"""Of 255: alpha up to which there is no ink."""
_DIFFERENCE = 12
"""Of 255, by which ink differs from its ground."""
_PIXELS_A_POINT, _MOST_PIXELS = 2.0, 4_000_000
_MOST = 0.6
_MOST_SHAPES = 20_000


def is_doubtful(text: Any, index: int) -> bool:
    """Whether a character of a text page may leave no ink: it is nearly white or clear, or drawn without any."""
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if raw.FPDFText_GetFillColor(text, index, red, green, blue, alpha) and (
        alpha.value <= _FAINT or min(red.value, green.value, blue.value) >= _LIGHT
    ):
        return True
    shape = raw.FPDFText_GetTextObject(text, index)
    return bool(shape) and raw.FPDFTextObj_GetTextRenderMode(shape) in (
        raw.FPDF_TEXTRENDERMODE_INVISIBLE,
        raw.FPDF_TEXTRENDERMODE_CLIP,
    )


def is_covered(page: Any) -> bool:
    """Whether a filled shape or a picture may be drawn over words of the page."""
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    words = [math.inf, math.inf, -math.inf, -math.inf]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    for number in range(min(raw.FPDFPage_CountObjects(page), _MOST_SHAPES)):
        shape = raw.FPDFPage_GetObject(page, number)
        kind = raw.FPDFPageObj_GetType(shape)
        if kind not in (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            continue
        if not raw.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
            continue
        box = left.value, bottom.value, right.value, top.value
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            words = [*map(min, words[:2], box[:2]), *map(max, words[2:], box[2:])]
        elif kind == raw.FPDF_PAGEOBJ_PATH and not (raw.FPDFPath_GetDrawMode(shape, fill, stroke) and fill.value):
            continue
        elif min(box[2] - box[0], box[3] - box[1]) > 4 and _meet(box, words):
            return True
    return False


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def without_unseen(
    page: Any, glyphs: Sequence[Glyph], doubtful: Sequence[bool], width: float, height: float
) -> tuple[list[Glyph], int]:
    """The glyphs that are seen, and how many words are not. `doubtful`: of each glyph, whether it may leave no ink."""
    words = _words(glyphs)
    away = [_is_away(glyphs[first:end], width, height) for first, end in words]
    doubted = [not gone and any(doubtful[first:end]) for gone, (first, end) in zip(away, words, strict=True)]
    if not any(doubted) and is_covered(page):
        doubted = [not gone for gone in away]
    if any(doubted) and width > 0 and height > 0:
        picture, scale = _drawn(page, width, height)
        blank = [
            doubt and _is_blank(picture, glyphs[first:end], scale)
            for doubt, (first, end) in zip(doubted, words, strict=True)
        ]
        if sum(blank) <= _MOST * len(words):
            away = [gone or bare for gone, bare in zip(away, blank, strict=True)]
    if not any(away):
        return list(glyphs), 0
    seen = [glyph for gone, (first, end) in zip(away, words, strict=True) if not gone for glyph in glyphs[first:end]]
    return seen, sum(away)


def _words(glyphs: Sequence[Glyph]) -> list[tuple[int, int]]:
    starts = [index for index, glyph in enumerate(glyphs) if glyph.blank or not index]
    return list(itertools.pairwise([*starts, len(glyphs)]))


def _is_away(word: Sequence[Glyph], width: float, height: float) -> bool:
    return all(
        glyph.size < _TINY or glyph.right < 0 or glyph.left > width or glyph.bottom < 0 or glyph.top > height
        for glyph in word
    )


def _drawn(page: Any, width: float, height: float) -> tuple[NDArray[np.uint8], float]:
    scale = min(_PIXELS_A_POINT, math.sqrt(_MOST_PIXELS / (width * height)))
    picture: NDArray[np.uint8] = page.render(scale=scale).to_numpy()[..., :3].copy()
    return picture, scale


def _is_blank(picture: NDArray[np.uint8], word: Sequence[Glyph], scale: float) -> bool:
    """Whether nothing differs where the word stands, but for what its neighbours leave at its edges."""
    left, right = min(glyph.left for glyph in word), max(glyph.right for glyph in word)
    top, bottom = min(glyph.top for glyph in word), max(glyph.bottom for glyph in word)
    edge = 0.15 * (bottom - top)
    rows = slice(max(0, math.floor((top + edge) * scale)), max(0, math.ceil((bottom - edge) * scale)))
    columns = slice(max(0, math.floor(left * scale)), max(0, math.ceil(right * scale)))
    ground = picture[rows, columns]
    if not ground.size:
        return True
    low, high = ground.min(axis=(0, 1)).astype(int), ground.max(axis=(0, 1)).astype(int)
    return bool((high - low).max() < _DIFFERENCE)
