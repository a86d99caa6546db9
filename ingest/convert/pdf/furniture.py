"""What stands at the edges of pages again and again: running heads and feet, page numbers, numbers of lines.

But: what stands there once, such as a title or a footnote, is text; so is a line that others of its paragraph or table
follow, though many pages begin with it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ingest.convert.pdf.types import Word

Row = list[Word]

_EDGE_ROWS = 3
_EDGE = 0.3
"""Of the height of a page: where its head ends and its foot begins, on one that is hardly filled."""
_SAME_PLACE = 4.0
"""Points by which a running line may stand higher or lower on another page."""
_FEWEST = 3
_NUMBER = re.compile(r"\W*(?:page|p\.|seite|s\.)?\W*(\d{1,4}|[ivxlc]+)\W*(?:(?:of|/|von)\W*\d{1,4}\W*)?", re.IGNORECASE)
_LONGEST = 500
"""Characters of a line that are looked at for numbers: the time grows with their square."""
_END_NUMBERS = re.compile(r"^\W*(?:\d{1,4}|[ivxlc]+)\W+(?=\S{2})|\W+(?:\d{1,4}|[ivxlc]+)\W*$")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LINE_PITCH = 1.45
"""Of the size of the letters: the next line of a paragraph or table stands no farther below."""
_LINE_NUMBERS = 8
_LINE_NUMBERS_OF_ONE_PAGE = 18
_STEPS = (5, 2, 10)
"""How many lines may pass from one number in the margin to the next, where not each has one."""


class _Key(NamedTuple):
    """What a running line is known by: edge of the page, wording without numbers, size of its letters, and, for a page
    number, by how much it differs from the number of its page."""

    edge: str
    wording: str
    size: float
    ahead: int


def without_furniture(
    pages: Sequence[Sequence[Row]], numbers: Sequence[int], heights: Sequence[float]
) -> tuple[list[list[Row]], int]:
    """The pages less their running lines and line numbers, and on how many pages something was left out. `numbers`
    says which page each of them is, `heights` how high it is."""
    keyed = [_edges(*page) for page in zip(pages, numbers, heights, strict=True)]
    running = _running(keyed)
    numbered = [_line_numbers(rows) for rows in pages]
    alike = sum(1 for found in numbered if found)
    few = [set()] * len(pages) if alike else _every_few(pages)
    kept: list[list[Row]] = []
    changed = 0
    for rows, edges, found, marked in zip(pages, keyed, numbered, few, strict=True):
        gone = _standing_alone(_gone(edges, running), rows)
        rest = [row for at, row in enumerate(rows) if at not in gone]
        if marked or (found and (alike > 1 or len(found) >= _LINE_NUMBERS_OF_ONE_PAGE)):
            rest = [part for row in rest if (part := [word for word in row if word not in found | marked])]
            gone = gone or {0}
        changed += bool(gone)
        kept.append(rest)
    return kept, changed


def _edges(rows: Sequence[Row], number: int, height: float) -> dict[int, tuple[_Key, float]]:
    """The outermost rows of a page by their place in it, the head before the foot: their keys and heights."""
    count = len(rows)
    places = [(at, "top") for at in range(min(_EDGE_ROWS, count))]
    places += [(at, "foot") for at in range(count - 1, max(count - 1 - _EDGE_ROWS, -1), -1)]
    near = {"top": (0.0, _EDGE * height), "foot": ((1 - _EDGE) * height, height)}
    places = [(at, edge) for at, edge in places if near[edge][0] <= rows[at][0].base <= near[edge][1]]
    return {at: (_key(rows[at], edge, number), rows[at][0].base) for at, edge in places}


def _key(row: Row, edge: str, number: int) -> _Key:
    text = " ".join(word.text for word in row)
    size = max(word.size for word in row)
    alone = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if alone:
        return _Key(edge, "#", size, _value(alone.group(1)) - number)
    words = (
        _END_NUMBERS.sub("", text[:_LONGEST].lower()) or text.lower()
    )  # odd and even pages have their number on other sides
    return _Key(edge, re.sub(r"\d+", "#", words), size, 0)


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    values = [_ROMAN[letter] for letter in number.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _running(pages: Sequence[dict[int, tuple[_Key, float]]]) -> dict[_Key, float]:
    """The keys of running lines with their usual heights."""
    heights: defaultdict[_Key, list[float]] = defaultdict(list)
    filled = sum(1 for page in pages if page)
    for page in pages:
        for key, height in {key: height for key, height in page.values()}.items():
            if any(map(str.isalpha, key.wording)) or key.wording == "#":
                heights[key].append(height)
    needed = 2 if filled == 2 else _FEWEST
    running = {}
    for key, found in heights.items():
        usual = Counter(round(height / _SAME_PLACE) for height in found).most_common(1)[0][0] * _SAME_PLACE
        if sum(1 for height in found if abs(height - usual) <= 1.5 * _SAME_PLACE) >= needed:
            running[key] = usual
    return running


def _gone(edges: dict[int, tuple[_Key, float]], running: dict[_Key, float]) -> set[int]:
    """Which rows of a page are running lines: from the edge inwards, as long as each is one."""
    gone: set[int] = set()
    for edge in ("top", "foot"):
        missed = 0
        for at, (key, height) in edges.items():
            if key.edge != edge:
                continue
            usual = running.get(key)
            if usual is not None and abs(usual - height) <= 1.5 * _SAME_PLACE and missed < 2:
                gone.add(at)
            else:
                missed += 1
    return gone


def _standing_alone(gone: set[int], rows: Sequence[Row]) -> set[int]:
    """The running lines less those that begin or end a paragraph or table, line by line outwards: another page may
    begin with the same words."""
    kept = set(range(len(rows))) - gone
    half = len(rows) / 2
    for at in sorted(gone, key=lambda at: -min(at, len(rows) - 1 - at)):
        beside = at + 1 if at < half else at - 1
        if beside in kept and _goes_on(rows[min(at, beside)], rows[max(at, beside)]):
            kept.add(at)
    return gone - kept


def _goes_on(above: Row, below: Row) -> bool:
    """Whether two rows are lines of one paragraph or table: letters of one size, close below one another."""
    size, other = max(word.size for word in above), max(word.size for word in below)
    pitch = below[0].base - above[0].base
    starts = above[0].left - 3 * size < below[0].left < above[0].left + 3 * size
    return abs(size - other) <= 0.06 * size and 0 < pitch < _LINE_PITCH * size and starts


def _line_numbers(rows: Sequence[Row]) -> set[Word]:
    """The numbers that count all lines of a page, in its margin, wherever they begin."""
    found: list[Word] = []
    for word in (row[0] for row in rows if row[0].text.isdecimal() and len(row[0].text) < 5):
        if not found or int(word.text) == int(found[-1].text) + 1:
            found.append(word)
    if len(found) < max(_LINE_NUMBERS, 0.6 * len(rows)):
        return set()
    rights = [word.right for word in found]
    apart = [row[1].left - row[0].right > 0.8 * row[0].size for row in rows if len(row) > 1 and row[0] in found]
    return set(found) if max(rights) - min(rights) < 15 and apart and all(apart) else set()


def _every_few(pages: Sequence[Sequence[Row]]) -> list[set[Word]]:
    """The numbers in the margins that count every fifth line, or every second or tenth, page by page. Where the margins
    have many others, or no lines lie between, they count the entries of a list or stand in a table."""
    margins = [_in_margin(rows) for rows in pages]
    for step in _STEPS:
        chains: list[list[tuple[int, Word]]] = [[] for _ in pages]
        last = 0
        for chain, margin in zip(chains, margins, strict=True):
            for at, word in margin:
                number = int(word.text)
                if number == last + step or (number == step and not chain):
                    chain.append((at, word))
                    last = number
        between = [b - a for chain in chains for (a, _), (b, _) in pairwise(chain)]
        fitting = sum(1 for lines in between if abs(lines - step) <= (step > 2))
        alone = sum(map(len, chains)) >= 0.7 * sum(map(len, margins))
        if fitting >= (2 if step > 2 else 4) and fitting >= 0.7 * len(between) and alone:
            return [{word for _, word in chain} for chain in chains]
    return [set() for _ in pages]


def _in_margin(rows: Sequence[Row]) -> list[tuple[int, Word]]:
    """The numbers that stand left of all else on a page, and apart from it."""
    numbers = {at for at, row in enumerate(rows) if row[0].text.isdecimal() and len(row[0].text) < 5}
    edge = min(
        [
            *(row[0].left for at, row in enumerate(rows) if at not in numbers),
            *(rows[at][1].left for at in numbers if len(rows[at]) > 1),
        ],
        default=0.0,
    )
    return [(at, rows[at][0]) for at in sorted(numbers) if edge - rows[at][0].right > 0.5 * rows[at][0].size]
