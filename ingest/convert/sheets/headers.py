"""Which first rows of a table name its columns.

A row of names differs from the rows below it: words above figures and dates; what it says does not come again below,
where other values do; it has no doubles, no long texts. Each column votes; where nothing speaks, a table of three
rows or more has headers, as nearly all have. A wrong label is worse than none, so one column whose first cell comes
again below, or is a figure among figures, needs two that speak for headers.

But: a row of years or dates above figures names its columns, too: "Region, 2019, 2020, 2021".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.convert.sheets.values import Value, is_year, value_of

Rows = Sequence[Sequence[str]]

_SAMPLE = 200
"""Rows looked at."""
_MOST_BOLD = 2
_LONG_NAME = 80
_MOSTLY = 0.8
_OWN = ("number", "date", "time", "address", "yes or no")


def header_rows(rows: Rows, bold: Sequence[bool] = ()) -> int:
    """How many rows at the beginning name the columns, 0 to 2. `bold` says of each row whether all its cells are
    bold, where that is known."""
    if len(rows) < 2:
        return 0
    under = bool(rows[0]) and bool(rows[1]) and rows[1][0] in ("", rows[0][0])  # the first name is that of both rows
    if (
        len(rows) > 2
        and _spanning(rows[0], most=not under)
        and _named(rows[1])
        and _score(labels_of(rows[:2]), rows[2:]) > 0
    ):
        return 2
    heavy = next((at for at, one in enumerate(bold) if not one), 0)
    if 0 < heavy <= _MOST_BOLD:
        return heavy
    return int(_score(rows[0], rows[1:]) > 0)


def labels_of(rows: Rows) -> tuple[str, ...]:
    """The names of the columns that the header rows give: those of one column joined, each once."""
    if not rows:
        return ()
    upper = _carried(rows[0]) if len(rows) > 1 else rows[0]
    found = []
    for column in range(max(map(len, rows))):
        names = [row[column] for row in (upper, *rows[1:]) if column < len(row) and row[column]]
        found.append(" – ".join(dict.fromkeys(names)))
    return tuple(found)


def _score(first: Sequence[str], body: Rows) -> float:
    """How much a row looks like the names of the columns below it; above 0 it is taken as such."""
    body = body[:_SAMPLE]
    named = [cell for cell in first if cell]
    if 2 * len(named) < len(first) or not named:
        return -1.0
    spread = _is_spread(first, body)
    if len(first) == 2 and not spread and _is_mixed([row[1] for row in body if len(row) > 1]):
        return -1.0
    score = 0.5 if len(body) > 1 else 0.0
    score -= 0.5 * (len(named) - len(set(named)))
    score -= sum(1.0 for cell in named if len(cell) > _LONG_NAME) / len(named)
    votes = []
    for column, name in enumerate(first):
        values = [row[column] for row in body if column < len(row) and row[column]]
        if name and values:
            votes.append(_vote(name, values, spread=spread and column > 0))
    against = sum(vote for vote in votes if vote < 0)
    return score + sum(vote for vote in votes if vote > 0) + 2 * against


def _vote(name: str, values: Sequence[str], *, spread: bool) -> float:
    """What one column says: above 0 its first cell names it, below 0 it is one of its values."""
    kinds = Counter(value_of(value) for value in values)
    own = value_of(name)
    kind, count = kinds.most_common(1)[0]
    held = len(values) - kinds["empty"]
    steady = kind != "empty" and count >= _MOSTLY * max(1, held)
    if own in _OWN and not spread:
        return -1.0 if kinds[own] or not steady else -0.3
    counts = Counter(value.casefold() for value in values)
    if name.casefold() in counts and own != "empty":
        return -1.0 if counts[name.casefold()] > 1 or len(values) < 20 else -0.3
    if steady and kind in _OWN:
        return 1.0
    figures = sum(any(map(str.isdigit, value)) for value in values)
    if figures >= _MOSTLY * len(values):
        return 0.7 if not any(map(str.isdigit, name)) else _shape(name, values)
    if len(values) > 3 and 2 * len(counts) <= len(values):
        return 0.5
    return _shape(name, values)


def _shape(name: str, values: Sequence[str]) -> float:
    """A little where the name is written otherwise than the values: other words, other capitals, much shorter; below
    nothing where it has more words than they."""
    words = Counter(len(value.split()) for value in values)
    if len(name.split()) > max(words):
        return -0.3
    capitals = Counter(_capitals(value) for value in values)
    longer = sum(len(value) > 2 * len(name) for value in values)
    other = _capitals(name) not in capitals
    return 0.25 * (words[len(name.split())] == 0) + 0.25 * other + 0.2 * (longer >= _MOSTLY * len(values))


def _capitals(cell: str) -> str:
    if cell.isupper() and len(cell) > 1:
        return "upper"
    return "lower" if cell.islower() else "title" if cell[:1].isupper() else ""


def _is_mixed(values: Sequence[str]) -> bool:
    """Whether the second of two columns holds values of all kinds, as beside labels: "Opened, 1904", "Keeper, Ann"."""
    kinds = Counter(kind for value in values if (kind := value_of(value)) != "empty")
    return len(kinds) > 1 and max(kinds.values()) < _MOSTLY * kinds.total()


def _is_spread(first: Sequence[str], body: Rows) -> bool:
    """Whether a row spreads years, dates or numbers over the columns: all of one kind, each once, in order, below them
    other values."""
    labels = [cell for cell in first[1:] if cell]
    kinds: set[Value] = {value_of(label) for label in labels}
    if len(labels) < 2 or len(kinds) > 1 or len(set(labels)) < len(labels) or not kinds & {"number", "date", "time"}:
        return False
    if value_of(first[0]) not in ("words", "empty", "code") or any(first[0] == row[0] for row in body if row):
        return False
    below = [cell for row in body for cell in row[1:] if cell]
    if kinds == {"number"}:
        rising = all(cell.isdigit() for cell in labels) and sorted(labels, key=int) in (labels, labels[::-1])
        years = all(map(is_year, labels)) and sum(map(is_year, below)) <= 0.2 * len(below)
        return rising and (years or (all(int(cell) <= 31 for cell in labels) and labels[0] in ("0", "1")))
    return sum(value_of(cell) in kinds for cell in below) <= 0.2 * len(below)


def _spanning(row: Sequence[str], *, most: bool) -> bool:
    """Whether a row holds names of groups of columns: gaps behind them, or one name several times in turn; `most`: over
    half of the columns."""
    named = [at for at, cell in enumerate(row) if cell]
    if len({row[at] for at in named}) < 2 or any(not _is_name(row[at]) and value_of(row[at]) != "date" for at in named):
        return False
    gaps = sum(1 for at in range(named[0] + 1, len(row)) if not row[at])
    again = sum(1 for at in range(1, len(row)) if row[at] and row[at] == row[at - 1])
    return gaps + again > 0 and (not most or (gaps + again) * 2 >= len(row) - 1 - named[0])


def _is_name(cell: str) -> bool:
    return is_year(cell) or (value_of(cell) in ("words", "code") and any(map(str.isalpha, cell)))


def _named(row: Sequence[str]) -> bool:
    """Whether nearly all cells of a row are words or codes."""
    named = [cell for cell in row if cell]
    return len(named) >= max(2, len(row) - 1) and all(map(_is_name, named))


def _carried(row: Sequence[str]) -> list[str]:
    """The row with each name written in the gaps behind it. Where only the first cell and the last have one, as in
    "EUR million" and "May 2023" above the names of columns, the last holds for all columns but the first."""
    named = [at for at, cell in enumerate(row) if cell]
    if named == [0, len(row) - 1] and len(row) > 3:
        return [row[0], *[row[-1]] * (len(row) - 1)]
    found: list[str] = []
    for cell in row:
        found.append(cell or (found[-1] if found else ""))
    return found
