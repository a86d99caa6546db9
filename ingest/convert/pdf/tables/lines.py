"""Rows of a table that no rules part: its lines of text, where several stand between two level rules.

A line begins a row where it fills two columns or more and does not merely go on with the line above it. It goes on
where that one was full: its next word would not have fitted. A line that fills one column alone belongs to the row
above it, or, where it is the beginning of a longer label, to the one below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.convert.pdf.tables.drawn import Cells, drawn_rows
from ingest.convert.pdf.tables.figures import figure_like, text_of
from ingest.convert.pdf.tables.labels import filled_down, has_no_label, with_sum
from ingest.convert.pdf.types import Word

_MOST_LINES = 400
_ALIKE = 0.35
"""Of the height of letters: base lines that are nearer are one."""
_SLACK = 0.8
"""Of the height of letters: how much less than its room a line may use, a blank included, and be full."""


def rows_between(
    bands: Sequence[Cells],
    limits: Sequence[float],
    *,
    barred: bool = False,
    listed: bool = False,
    ends: Sequence[float] | None = None,
) -> list[list[Cells]]:
    """The rows in each band, what stands between two level rules. `limits` are where the columns end at the right, in
    points, as far as words may reach. A band stays one row unless it shows to be several. `barred`: there are no rules
    but level ones; `listed`: so few that the lines between two of them are likely rows; `ends`: how far words
    might reach there at most."""
    parted = [_Band(band, limits, listed, barred, ends or limits) for band in bands]
    split = [band.rows() for band in parted]
    body = range(1, len(bands)) if len(bands) > 1 else range(len(bands))
    several = [at for at in body if len(split[at]) > 1]
    sure = [at for at in several if parted[at].has_figures and (len(split[at]) > 2 or parted[at].has_label)]
    lines = sum(len(split[at]) for at in several)
    few = not barred and (lines < 3 or (len(body) > 1 and lines < 2.5 * len(several)))
    if not sure and (2 * len(several) < len(body) or few or (len(body) > 3 and lines < 2.5 * len(several))):
        several = []  # rules part the rows, and some cells are of two lines
    if len(bands) > 1 and parted[0].has_figures and len(split[0]) > 3 and several:
        several.append(0)
    found = []
    for at, (band, rows) in enumerate(zip(bands, split, strict=True)):
        own = drawn_rows(band) or (rows if at in several else [list(band)])
        found.append(filled_down(with_sum(own)) if len(own) > 1 else own)
    return found


def in_doubt(bands: Sequence[Cells], rows: Sequence[Sequence[Cells]], limits: Sequence[float]) -> bool:
    """Whether some lines that are one row here may be several: they begin anew in two columns or more, and were drawn
    line by line."""
    pairs = zip(bands, rows, strict=True)
    return any(_Band(band, limits, False, False, limits).may_be_rows() for band, own in pairs if len(own) == 1)


def with_groups(rows: Sequence[Cells]) -> list[Cells]:
    """The rows, with those of one cell alone that name all rows below them, up to the next such, as rows of one cell.
    They name no rows that begin further left, or some of which are indented and some not."""
    labels = [at for at, row in enumerate(rows) if row[0] and not any(row[1:])]
    found = list(rows)
    for at, after in pairwise([*labels, len(rows)]):
        lefts = [row[0][0].left - rows[at][0][0].left for row in rows[at + 1 : after] if row[0]]
        if lefts and min(lefts) > -2 and max(lefts) - min(lefts) < 2:
            found[at] = [rows[at][0]]
    return found


@dataclass(slots=True)
class _Band:
    """`listed`: its lines are known to be rows, those aside that leave the first column empty; `barred`: where its
    columns end, `ends` at the latest, is not known from rules."""

    cells: Cells
    limits: Sequence[float]
    listed: bool
    barred: bool
    ends: Sequence[float]

    @property
    def has_figures(self) -> bool:
        """Whether a column holds a number in nearly every line."""
        lines = self._lines()
        return any(self._is_of_figures(lines, at) for at in range(len(self.cells)))

    @property
    def has_label(self) -> bool:
        """Whether one label stands at the left of all lines."""
        return bool(self._whole(self._lines()))

    def rows(self) -> list[Cells]:
        """The rows that the lines make, one where they may as well be a single row."""
        lines = self._lines()
        if not 2 <= len(lines) <= _MOST_LINES or sum(map(bool, self.cells)) < 2:
            return [self.cells]
        figures = {at for at in range(len(self.cells)) if self._is_of_figures(lines, at)}
        whole = self._whole(lines)
        starts = [at for at in range(len(lines)) if at == 0 or self._begins(lines, at, figures, whole)]
        starts = self._with_labels(lines, starts, whole)
        ends = [*starts[1:], len(lines)]
        if len(starts) < 2 or not (figures or self.listed or self._is_listed(lines, starts)):
            return [self.cells]
        rows: list[Cells] = []
        for first, after in zip(starts, ends, strict=True):
            row = [[word for line in lines[first:after] for word in line[at]] for at in range(len(self.cells))]
            rows.append([self.cells[at] if at in whole else cell for at, cell in enumerate(row)])
        return rows

    def may_be_rows(self) -> bool:
        """Whether its lines, drawn one after the other, go on with one another in less than all columns but one."""
        lines = self._lines()
        orders = [[word.order for cell in line for word in cell] for line in lines]
        if not 2 <= len(lines) <= _MOST_LINES or min(map(min, orders)) == 0:
            return False
        if any(max(a) > min(b) for a, b in pairwise(orders)):
            return False
        both = [sum(1 for a, b in zip(above, here, strict=True) if a and b) for above, here in pairwise(lines)]
        on = [sum(self._goes_on(lines, number + 1, at) for at in range(len(self.cells))) for number in range(len(both))]
        return all(here - going > 1 for here, going in zip(both, on, strict=True))

    def _lines(self) -> list[Cells]:
        words = sorted(((word, at) for at, cell in enumerate(self.cells) for word in cell), key=lambda one: one[0].base)
        lines: list[Cells] = []
        base = 0.0
        for word, at in words:
            if not lines or word.base - base > _ALIKE * word.size:
                lines.append([[] for _ in self.cells])
                base = word.base
            lines[-1][at].append(word)
        for line in lines:
            for cell in line:
                cell.sort(key=lambda word: word.left)
        return lines

    def _is_of_figures(self, lines: Sequence[Cells], at: int) -> bool:
        texts = [text_of(line[at]) for line in lines if line[at]]
        others = [line for line in lines if any(cell for other, cell in enumerate(line) if other != at)]
        short = [text for text in texts if figure_like(text) and len(text) <= 20]
        return len(texts) >= 2 and len(short) >= 0.8 * len(texts) and len(texts) >= 0.5 * len(others)

    def _whole(self, lines: Sequence[Cells]) -> set[int]:
        """The columns at the left that say one thing of all lines: one label, in one line or wrapped."""
        whole: set[int] = set()
        for at in range(len(self.cells) - 2):
            filled = [number for number, line in enumerate(lines) if line[at]]
            apart = any(not self._goes_on(lines, number, at) for number in filled[1:])
            apart = apart or (self.barred and not all(lines[number][at][0].text[:1].islower() for number in filled[1:]))
            rest = [line for line in lines if sum(map(bool, line[at + 1 :])) >= 2]
            if not filled or apart or len(rest) < 2 or len(filled) == len(lines):
                break
            whole.add(at)
        return whole

    def _goes_on(self, lines: Sequence[Cells], number: int, at: int) -> bool:
        """Whether what stands in a column on this line goes on with the line above it, which was full."""
        above, here = lines[number - 1][at], lines[number][at]
        if not above or not here:
            return False
        room = self.limits[at] - above[-1].right
        return room < here[0].right - here[0].left + _SLACK * here[0].size

    def _begins(self, lines: Sequence[Cells], number: int, figures: set[int], whole: set[int]) -> bool:
        filled = [at for at, cell in enumerate(lines[number]) if cell and at not in whole]
        if filled == [0] and number + 1 == len(lines) and len(self.cells) == 2:  # the longer one of two lists
            low = lines[number][0][0].text[:1].islower() and not _begins_low(lines[0][0])
            return not low and not self.barred and not self._goes_on(lines, number, 0)
        if filled == [0] and number + 1 < len(lines):  # the name of a group of rows
            low = lines[number][0][0].text[:1].islower()
            return not low and lines[number + 1][0] != [] and not self._goes_on(lines, number, 0)
        if len(filled) < 2:
            return False
        if figures:
            return any(at in figures and figure_like(text_of(lines[number][at])) for at in filled)
        first = next(at for at in range(len(self.cells)) if at not in whole)
        if first not in filled:
            return has_no_label(lines[number - 1], lines[number], self.ends)
        return self.listed or any(not self._goes_on(lines, number, at) for at in filled)

    def _with_labels(self, lines: Sequence[Cells], starts: Sequence[int], whole: set[int]) -> list[int]:
        """The starts of rows, those joined where a label begins on a line of its own and goes on beside its figures."""
        first = next((at for at in range(len(self.cells)) if at not in whole), 0)
        kept: list[int] = []
        for start in starts:
            before, label = start - 1, lines[start][first]
            alone = bool(kept) and kept[-1] == before and [at for at, c in enumerate(lines[before]) if c] == [first]
            on = bool(label) and (label[0].text[:1].islower() or self._goes_on(lines, start, first) > self.listed)
            if not (alone and on):
                kept.append(start)
        return kept

    def _is_listed(self, lines: Sequence[Cells], starts: Sequence[int]) -> bool:
        """Whether lines without figures are rows: in most columns those above end before they are full, and they do not
        begin in lower case where the first one does not."""
        ends: list[bool] = []
        low: list[bool] = []
        for start in starts[1:]:
            for at, cell in enumerate(lines[start]):
                if cell:
                    ends.append(not self._goes_on(lines, start, at))
                    low.append(cell[0].text[:1].islower() and not _begins_low(lines[0][at]))
        return sum(ends) >= 0.6 * len(ends) and sum(low) <= 0.3 * len(low)


def _begins_low(cell: Sequence[Word]) -> bool:
    return bool(cell) and cell[0].text[:1].islower()
