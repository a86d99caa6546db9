"""Text recognition (OCR): the words of pages that are pictures, with the place of each.

Needs the extra `attest[ocr]`: RapidOCR, which holds the networks of PP-OCR and runs them with ONNX Runtime, offline. It
finds lines and reads their letters well, but drops blanks between words of Latin letters; so blanks are set where the
picture has gaps as wide as those between the other words.

Pages that lie on their side or stand on their head are turned: most lines are higher than wide, or hardly readable.

But: it reads no handwriting to speak of, and raised figures as ordinary ones.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.convert.pdf.hyphens import is_known
from ingest.convert.pdf.reading import PDFIUM, opened
from ingest.convert.pdf.sheets.scans import Image, cut_out, lies_on_its_side, sides, turned
from ingest.convert.pdf.types import Row, Word

_DOTS = 200 / 72
"""Pixels of a point."""
_LONGEST_SIDE = 2_400
"""Pixels of a page's picture, whatever its size."""
_LONG = 4
"""How many times its shorter side the longer side of a picture is at most, as it is looked through."""
_SURE = 0.5
"""Below this mean probability of its letters a line is left out: a pattern in a picture, handwriting."""
_DOUBT = 0.85
_SURE_WAY_UP = 0.75
"""From this mean probability of the letters of its longest lines on, a page does not stand on its head."""
_TRIED = 5
"""Lines that are read to find out which way up a page is."""
_TALL = 2.5
_WIDE = str.maketrans("，：；！？（）。", ",:;!?().")
_TOGETHER = re.compile(r"\d{2}$|\d[.,:/-]\d$|[.,;:!?)\]%’”]$|[(\[$£€“].$| .?$")
"""Letters of which the last does not begin a word: a figure, punctuation, what stands behind a blank already."""
_FIRST_CJK = 0x2E80
_GAP = 0.2
"""Of the height of a line: a gap between words, where its page has no other blanks to compare."""
_MOST_LINES = 2_000
"""Of one page."""


@dataclass(slots=True)
class Recognised:
    """Rows of words by the number of their page, as `words.rows_of` gives them; pages with a line that was hardly
    readable, in `doubtful`; pages for which there was no time, in `unread`. `turns`: by how many degrees pages were
    turned clockwise to be read; the words of such a page stand where they do on the turned page."""

    rows: dict[int, list[Row]] = field(default_factory=dict)
    turns: dict[int, int] = field(default_factory=dict)
    doubtful: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    """A line in a picture: its corners (4, 2) clockwise from the top left, its picture, its letters with the place of
    each in that picture, from left to right, and their mean probability."""

    corners: NDArray[np.float32]
    picture: Image
    letters: str
    places: list[float]
    score: float


@cache
def engine() -> Any:
    """The networks, loaded once. Raises ImportError where the extra is not installed."""
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(use_cls=False)  # the third network turns lines upside down that stand upright


def recognise(data: bytes, name: str, pages: Sequence[int], seconds: float) -> Recognised:
    """The words of these pages, by their numbers from 1, as far as `seconds` allow. Raises InputError as `opened`."""
    ends = time.monotonic() + seconds
    found = Recognised()
    longest = 0.0
    for number in pages:
        begun = time.monotonic()
        if begun + longest > ends:
            found.unread.append(number)
            continue
        picture, dots = _picture(data, name, number)
        lines, turn = _lines(picture)
        if turn:
            found.turns[number] = turn
        rows = _rows([line for line in lines if line.score >= _SURE], number, dots)
        if rows:
            found.rows[number] = rows
        if any(line.score < _DOUBT for line in lines):
            found.doubtful.append(number)
        longest = max(longest, time.monotonic() - begun)
    return found


def _picture(data: bytes, name: str, number: int) -> tuple[Image, float]:
    """A page as a picture (height, width, 3), and how many of its pixels are a point."""
    with PDFIUM:
        pdf = opened(data, name)
        try:
            page = pdf[number - 1]
            dots = min(_DOTS, _LONGEST_SIDE / max(*page.get_size(), 1))
            picture = page.render(scale=dots).to_numpy()[..., :3].copy()
            page.close()
            return picture, dots
        finally:
            pdf.close()


def _wide_enough(picture: Image) -> Image:
    """The picture with blank paper beside it where it is very long: the network enlarges what it is given until the
    shorter side has some hundred pixels, which for a strip takes many gigabytes."""
    height, width = picture.shape[:2]
    least = max(height, width) // _LONG
    margin = ((0, max(0, least - height)), (0, max(0, least - width)), (0, 0))
    return np.pad(picture, margin, constant_values=255)


def _lines(picture: Image) -> tuple[list[_Found], int]:
    """The lines of a picture, read, and by how many degrees it was turned clockwise for that."""
    corners, _ = engine().text_det(_wide_enough(picture))
    if corners is None or not len(corners):
        return [], 0
    height, width = picture.shape[:2]
    corner = np.array((width, height), np.float32)
    corners = [np.clip(np.asarray(one, np.float32), 0, corner) for one in corners[:_MOST_LINES]]
    lines: list[_Found] = []
    tries: tuple[int, ...] = (90, 270)
    if not lies_on_its_side(corners):
        lines, tries = _read(picture, corners), (180,)
        if _readable([line for line in lines if sides(line.corners)[0] > sides(line.corners)[1]]) >= _SURE_WAY_UP:
            return lines, 0
    some = sorted(corners, key=lambda one: -max(sides(one)))[:_TRIED]
    readable = {turn: _readable(_read(*turned(picture, some, turn))) for turn in tries}
    turn = max(tries, key=lambda turn: readable[turn])
    if readable[turn] < max(_SURE, _readable(lines) + 0.1):
        return lines or _read(picture, corners), 0
    return _read(*turned(picture, corners, turn)), turn


def _readable(lines: Sequence[_Found]) -> float:
    """How readable the longest lines are on the whole, from 0 to 1."""
    scores = [line.score for line in sorted(lines, key=lambda line: -len(line.letters))[:_TRIED]]
    return sum(scores) / len(scores) if scores else 0.0


def _read(picture: Image, corners: Sequence[NDArray[np.float32]]) -> list[_Found]:
    """The lines at these places of a picture."""
    heights = [sides(one)[1] for one in corners]
    tallest = _TALL * median(heights)
    pictures = [cut_out(picture, one, tallest) for one in corners]
    read, _ = engine().text_rec(pictures, return_word_box=True)
    found = []
    for place, cut, (letters, score, (columns, _, grouped, *_)) in zip(corners, pictures, read, strict=True):
        at = [column for group in grouped for column in group]
        letters = _narrow(letters)
        if letters.strip() and len(at) == len(letters):
            width = cut.shape[1]
            middles = [min(width, (column + 0.5) / max(columns, 1) * width) for column in at]
            found.append(_Found(place, cut, letters, middles, float(score)))
    return found


def _narrow(letters: str) -> str:
    """The letters with full-width punctuation as in Latin text, where they are that."""
    return letters if any(ord(one) >= _FIRST_CJK for one in letters.translate(_WIDE)) else letters.translate(_WIDE)


def _rows(lines: Sequence[_Found], page: int, dots: float) -> list[Row]:
    """The words of a page, row by row."""
    if not lines:
        return []
    black = [_ink(line.picture) for line in lines]
    gaps = [_gaps(one) for one in black]
    narrowest = _narrowest(lines, gaps)
    letters = [_small_letters(one) for one in black]
    usual = median(sides(line.corners)[1] for line in lines)
    rows: list[tuple[float, float, Row]] = []
    for at in sorted(range(len(lines)), key=lambda at: float(lines[at].corners[:, 1].mean())):
        line = lines[at]
        words = _words(line, [gap for gap in gaps[at] if gap[1] - gap[0] >= narrowest * len(line.picture)])
        larger, taller = letters[at] / median(letters), sides(line.corners)[1] / usual
        size = usual * (larger if larger > 1.25 else taller if max(larger, taller) < 0.8 else 1.0)
        middle = float(line.corners[:, 1].mean())
        if not rows or middle - rows[-1][0] > 0.4 * min(size, rows[-1][1]):
            rows.append((middle, size, []))
        base = rows[-1][0] + 0.3 * rows[-1][1]
        for word in words:
            left, top, right, bottom = (round(side / dots, 1) for side in word.box)
            measures = round(base / dots, 1), round(0.9 * size / dots, 1)
            rows[-1][2].append(Word(word.text, page, left, top, right, bottom, *measures))
    return [sorted(row, key=lambda word: word.left) for _, _, row in rows if row]


def _ink(picture: Image) -> Image:
    """Which pixels of a line are letters: 1, the ground 0."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    _, black = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return np.asarray(1 - black if black.mean() > 0.5 else black, np.uint8)  # light letters on a dark ground


def _small_letters(black: Image) -> int:
    """The height of the small letters of a line in pixels, from the rows that hold most ink."""
    profile = black.sum(1)
    return max(1, int((profile > 0.4 * profile.max()).sum()))


def _gaps(black: Image) -> list[tuple[int, int]]:
    """The columns of a line without ink, as runs `first, after`."""
    edge = len(black) // 10  # a neighbouring line may reach in
    empty = black[edge : len(black) - edge].sum(0) == 0
    edges = np.flatnonzero(np.diff(np.concatenate(([0], empty.view(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if a > 0 and b < len(empty)]


def _narrowest(lines: Sequence[_Found], gaps: Sequence[list[tuple[int, int]]]) -> float:
    """The narrowest gap between words, as a share of the height of a line: little more than half as wide as the usual
    one at the blanks that were read."""
    at_blanks = []
    for line, own in zip(lines, gaps, strict=True):
        for at, letter in enumerate(line.letters):
            if letter == " " and 0 < at < len(line.letters) - 1:
                around = line.places[at - 1], line.places[at + 1]
                widest = max((b - a for a, b in own if around[0] < (a + b) / 2 < around[1]), default=0)
                at_blanks += [widest / len(line.picture)] if widest else []
    return 0.6 * median(at_blanks) if len(at_blanks) >= 5 else _GAP


def _words(line: _Found, gaps: Sequence[tuple[int, int]]) -> Row:
    """The words of a line in pixels of its page, parted at the blanks that were read and at the gaps."""
    letters, places = line.letters, line.places
    pitch = line.picture.shape[1] / len(letters)
    ends: dict[int, float] = {}
    unused = list(gaps)
    for at, letter in enumerate(letters):
        if letter == " ":
            ends[at + 1] = places[at]
            near = min(unused, key=lambda gap: abs(sum(gap) / 2 - places[at]), default=None)
            if near is not None and abs(sum(near) / 2 - places[at]) < 2 * pitch:
                unused.remove(near)
                ends[at + 1] = sum(near) / 2
    for gap in unused:
        boundary = _boundary(line, sum(gap) / 2, pitch)
        if boundary is not None:
            ends[boundary] = sum(gap) / 2
    words = []
    for first, after in pairwise([0, *sorted(ends), len(letters)]):
        text = letters[first:after].strip()
        if text:
            left, right = ends.get(first, 0.0), ends.get(after, float(line.picture.shape[1]))
            left = next((float(b) for a, b in gaps if a <= left <= b), left)
            right = next((float(a) for a, b in gaps if a <= right <= b), right)
            words.append(_placed(line, text, left, max(right, left + 1)))
    return words


def _boundary(line: _Found, x: float, pitch: float) -> int | None:
    """Before which letter a gap at `x` stands; None where it is none between words. Places of letters are known to
    about one letter only, so of those near the one is taken that makes known words; figures are never parted."""
    letters, places = line.letters, line.places
    best: tuple[float, int] | None = None
    for at in range(1, len(letters)):
        off = abs((places[at - 1] + places[at]) / 2 - x) / pitch
        if off > 1.6 or _TOGETHER.search(letters[max(0, at - 2) : at + 1]):
            continue
        cost = off - sum(0.5 for part in (letters[:at].split()[-1], letters[at:].split()[0]) if _sounds(part))
        cost -= 0.8 * (letters[at - 1] in ".,;:!?)”" and letters[at].isalnum())
        if best is None or cost < best[0]:
            best = cost, at
    return best[1] if best is not None else None


def _sounds(part: str) -> bool:
    """Whether letters that stand between blanks look like a word, or a number."""
    bare = part.strip(".,;:!?()[]\"'“”‘’").lower()
    return is_known(bare) or bare.replace(",", "").replace(".", "").isdigit()


def _placed(line: _Found, text: str, left: float, right: float) -> Word:
    """A word between two places in a line's picture, in pixels of the page."""
    a, b, c, d = line.corners
    height, width = line.picture.shape[:2]
    lies = abs(float(np.linalg.norm(a - b)) - width) <= abs(float(np.linalg.norm(a - d)) - width)
    f, g = left / width, right / width
    quad = [a + f * (b - a), a + g * (b - a), d + f * (c - d), d + g * (c - d)] if lies else [a, b, c, d]
    xs, ys = [float(point[0]) for point in quad], [float(point[1]) for point in quad]
    return Word(text, 0, min(xs), min(ys), max(xs), max(ys), max(ys), float(height))
