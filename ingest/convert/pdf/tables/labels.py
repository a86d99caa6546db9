"""Labels of several rows of a table: what stands once, at the first or in the middle of its rows, is of each of them.

But: labels with a rule above and below their rows, and those in a row of their own, are found in `lines`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.convert.pdf.tables.drawn import Cells
from ingest.convert.pdf.tables.figures import figure_like, text_of
from ingest.convert.pdf.types import Word
from vectorstore.english import word_set

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:[-–/]\d{2,4})?")
_FIGURE = re.compile(r"[-–−(]?[$€£]?\d[\d.,]*[%)]?")
_SUMS = word_set("total totals subtotal sum all overall mean average median together altogether")
_ALIKE = 0.3
"""Of the height of letters: how far from the middle of its rows a label may stand."""


def filled_down(rows: Sequence[Cells]) -> list[Cells]:
    """The rows, the labels at their left written in each row that they are of: those below that leave their column
    empty. What the rows are called stands in the first column that has something in each of them."""
    found = [list(row) for row in rows]
    if len(found) < 3 or len({len(row) for row in found}) > 1:
        return found
    width = len(found[0])
    names = next((at for at in range(width) if all(row[at] for row in found)), width)
    if not 0 < names < width - 1:
        return found
    groups = [range(len(found))]
    for at in range(names):
        _join_wrapped(found, at)
        labelled = [number for number, row in enumerate(found) if row[at]]
        if any(not found[group[0]][at] for group in groups) or not _are_of_several(found, names, labelled):
            break
        groups = [range(a, b) for a, b in pairwise([*labelled, len(found)])]
        for group in groups:
            for number in group[1:]:
                if not _is_sum(found, number, names, groups):
                    found[number][at] = found[group[0]][at]
    return found


def _join_wrapped(rows: Sequence[Cells], at: int) -> None:
    """Joins labels that go on in lower case beside the next row, where some rows have none."""
    if all(row[at] for row in rows):
        return
    for before, row in pairwise(rows):
        if before[at] and row[at] and row[at][0].text[:1].islower() and before[at][0].text[:1].isupper():
            before[at], row[at] = [*before[at], *row[at]], []


def _are_of_several(rows: Sequence[Cells], names: int, labelled: Sequence[int]) -> bool:
    """Whether what a column leaves empty below its labels is theirs: the rows have names of their own, words, years or
    numbers that come again; a row of figures without a label may be a sum."""
    empty = [number for number in range(len(rows)) if number not in labelled]
    if empty == [len(rows) - 1] and len(labelled) > 1:
        return False  # what stands under the last row alone, under a column of labels
    told = [text_of(row[names]) for row in rows]
    if not all(figure_like(told[number]) for number in empty):
        return True
    own = [told[number] for number in empty]
    return all(map(_YEAR.fullmatch, told)) or len(set(own)) < len(own) or all(name.startswith("(") for name in own)


def _is_sum(rows: Sequence[Cells], number: int, names: int, groups: Sequence[range]) -> bool:
    """Whether the last row may be the sum of all groups: it is called so, and no other group ends with such a row."""
    name = text_of(rows[number][names]).lower()
    if number + 1 < len(rows) or not any(name.startswith(word) for word in _SUMS):
        return False
    return not all(text_of(rows[group[-1]][names]).lower() == name for group in groups)


def has_no_label(above: Cells, here: Cells, ends: Sequence[float]) -> bool:
    """Whether a line that leaves the first column empty is a row all the same, whose label stands above: it fills two
    columns or more, and goes on in none of them, for there was room for its first words in the line above. `ends`: how
    far words may reach in each column."""
    filled = [at for at, cell in enumerate(here) if cell]
    return len(filled) > 1 and not here[0] and not any(_may_go_on(above[at], here[at], ends[at]) for at in filled)


def _may_go_on(above: Sequence[Word], here: Sequence[Word], end: float) -> bool:
    if not above or (figure_like(text_of(above)) and figure_like(text_of(here))):
        return False
    base = max(word.base for word in above)
    last = max((word for word in above if base - word.base < _ALIKE * word.size), key=lambda word: word.right)
    if here[0].text[:1].islower() and not above[0].text[:1].islower():
        return True
    return (
        last.text.endswith((",", "-", "–", "/", "&"))
        or last.right + 0.3 * last.size + here[0].right - here[0].left > end
    )


def ends_of(columns: Sequence[tuple[float, float]], size: float) -> list[float]:
    """How far words may reach in columns without upright rules: to the next one, less some room; in the last one, as
    far as they like."""
    ends = [max(column[1], after[0] - 1.2 * size) for column, after in pairwise(columns)]
    return [*ends, float("inf")]


def with_sum(rows: Sequence[Cells]) -> list[Cells]:
    """The rows, a figure that stands alone under the last of them in a row of its own: that is a sum, no other cell
    holds two."""
    found = list(rows)
    last = found[-1]
    under = [at for at, cell in enumerate(last) if len(cell) > 1 and cell[-1].base - cell[0].base > cell[0].size]
    if len(found) < 2 or len(under) != 1:
        return found
    at = under[0]
    texts = [[word.text for word in sorted(row[at], key=lambda word: word.base)] for row in found if len(row) > at]
    body = texts[1:] if len(texts) > 2 else texts  # without a row of headers
    if any(len(text) != 1 for text in body[:-1]) or not all(_FIGURE.fullmatch(one) for text in body for one in text):
        return found
    if len(texts[-1]) == 2:
        first, second = sorted(last[at], key=lambda word: word.base)
        found[-1:] = [[[first] if here == at else cell for here, cell in enumerate(last)]]
        found.append([[second] if here == at else [] for here in range(len(last))])
    return found


def about_labels(cells: Cells) -> list[Cells]:
    """What stands between two rules, cut into the rows of each label where these stand in the middle of their rows."""
    labels = list(_lines([cells[0]]))
    rows = list(_lines(cells[1:]))
    if not labels or len(rows) < 3 or labels[0] <= rows[0] + _ALIKE * cells[0][0].size:
        return [cells]
    cuts: list[float] = []
    first = 0
    for label in labels:
        reach = _ALIKE * cells[0][0].size
        last = next((at for at in range(first, len(rows)) if abs((rows[first] + rows[at]) / 2 - label) <= reach), None)
        if last is None:
            return [cells]
        cuts.append(rows[last] + 1)
        first = last + 1
        if first == len(rows):
            break
    if len(cuts) < len(labels) or first < len(rows):
        return [cells]
    return [
        [[word for word in cell if low < word.base <= high] for cell in cells]
        for low, high in pairwise([float("-inf"), *cuts])
    ]


def _lines(cells: Cells) -> Iterator[float]:
    """The base lines of the words in some columns."""
    before: float | None = None
    for word in sorted((word for cell in cells for word in cell), key=lambda word: word.base):
        if before is None or word.base - before > _ALIKE * word.size:
            yield word.base
            before = word.base
