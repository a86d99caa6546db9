"""Gutters: bands that no word crosses in a run of rows, with text on both sides of them.

But: whether a gutter parts columns or the cells of a table is for `order` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ingest.convert.pdf.types import Row

STEP = 2.0
"""Points: how finely gutters are looked for."""
FEWEST_ROWS = 3
_MOST_TRIED = 6


@dataclass(frozen=True, slots=True)
class Gutter:
    """A band without text beside rows `first` to `last`. Where it is not `sure`, it may be a chance gap in prose.
    `listed`: it stands between lists."""

    first: int
    last: int
    left: float
    right: float
    sure: bool
    listed: bool = False

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def gutters(rows: Sequence[Row]) -> list[Gutter]:
    """Bands that may part columns, the likeliest first."""
    sizes = [word.size for row in rows for word in row if word.size]
    if not sizes:
        return []
    size = median(sizes)
    start = min(word.left for row in rows for word in row)
    end = max(word.right for row in rows for word in row)
    count = int((end - start) / STEP) + 1
    if not 2 * size < end - start < 20_000 or count * len(rows) > 4_000_000:
        return []
    taken = np.zeros((len(rows), count + 1), np.int32)
    for number, row in enumerate(rows):
        for word in row:
            taken[number, max(int((word.left - start) / STEP), 0)] += 1
            taken[number, min(int((word.right - start) / STEP) + 1, count)] -= 1
    covered = np.cumsum(taken, axis=1)[:, :count] > 0
    band = max(1, int(0.55 * size / STEP))
    crossed = _crossed(covered, band)
    so_far = np.cumsum(covered, axis=1)
    on_left, on_right = so_far > 0, so_far < so_far[:, -1:]
    fits = ~crossed
    likely = np.flatnonzero(((fits & on_left).sum(0) >= 2) & ((fits & on_right).sum(0) >= 2))
    runs: dict[tuple[int, int], tuple[float, int, int]] = {}
    wide: dict[tuple[int, int], int] = {}
    before: set[tuple[int, int]] = set()
    for x in likely.tolist():
        own = set(_runs(fits[:, x]))
        for first, last in own:
            wide[first, last] = wide.get((first, last), 0) + 1 if (first, last) in before else 1
            left, right = int(on_left[first : last + 1, x].sum()), int(on_right[first : last + 1, x].sum())
            if min(left, right) >= 2 and left + right >= 2 * FEWEST_ROWS - 1:
                score = min(left, right) + 0.1 * (last - first)
                if (score, wide[first, last]) > runs.get((first, last), (0.0, 0, 0))[:2]:
                    runs[first, last] = (score, wide[first, last], x)
        before = own
    best = sorted(runs.items(), key=lambda run: -run[1][0])
    found: list[Gutter] = []
    for (first, last), (_, _, x) in best[: 4 * _MOST_TRIED]:
        gutter = _measured(rows, first, last, start + (x + 0.5) * STEP, size)
        if gutter is not None and len(found) < _MOST_TRIED:
            found.append(gutter)
    return found


def _crossed(covered: NDArray[np.bool_], band: int) -> NDArray[np.bool_]:
    """Where a band of so many steps around a place is not free of text."""
    crossed = covered.copy()
    for shift in range(1, band // 2 + 1):
        crossed[:, shift:] |= covered[:, :-shift]
        crossed[:, :-shift] |= covered[:, shift:]
    return crossed


def _runs(fits: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], fits.view(np.int8), [0]))))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= FEWEST_ROWS]


def _measured(rows: Sequence[Row], first: int, last: int, x: float, size: float) -> Gutter | None:
    """The band around `x` in these rows, unless it is no wider than the blanks between words are there."""
    within = rows[first : last + 1]
    left = max((word.right for row in within for word in row if word.right <= x), default=None)
    right = min((word.left for row in within for word in row if word.left >= x), default=None)
    if left is None or right is None:
        return None
    both = [row for row in within if row[0].left < x < row[-1].right]
    gaps = [b.left - a.right for row in both for a, b in pairwise(row) if not a.right <= x <= b.left]
    usual = median([gap for gap in gaps if gap < 1.5 * size] or [0.3 * size])
    close = median([gap for gap in gaps if gap < 0.6 * size] or [0.3 * size])  # the others may be gutters of a table
    needed = max(0.7 * size, 1.3 * close)
    sure = len(both) != 1 and len(within) > 5 and right - left >= max(needed, 1.3 * usual)
    sure = sure or right - left >= max(1.2 * size, 1.6 * usual)
    return Gutter(first, last, left, right, sure) if right - left >= needed else None


def trimmed(gutter: Gutter, rows: Sequence[Row]) -> Gutter:
    """The gutter without headings at its end that stand over what runs across it, and without short lines at its top
    that stand on the right alone."""
    first, last = gutter.first, gutter.last
    usual = median(word.size for row in rows[first : last + 1] for word in row)
    while last - first > FEWEST_ROWS and last + 1 < len(rows):
        row, before = rows[last], rows[last - 1]
        alone = row[-1].right <= gutter.left + 1
        if not alone or not (row[0].size > 1.1 * usual or row[0].base - before[0].base > 2 * row[0].size):
            break
        last -= 1
    top = first
    while top < last and rows[top][0].left >= gutter.right - 1:
        top += 1
    if 0 < top - first <= 2:
        beside = next((row for row in rows[top : last + 1] if row[-1].left >= gutter.right - 1), None)
        if beside is None or beside[-1].base - rows[top - 1][0].base > 2 * usual:
            return replace(gutter, first=top, last=last)
    return replace(gutter, last=last)
