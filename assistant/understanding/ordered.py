"""Rows of a table that a question picks by order: "Which boat is the longest?", "the two cheapest", "before 1900".

The column is the one that the question names, or the only one that holds such a measure; all its cells must be figures
of one unit or of one kind of units ("850 g", "2.5 kg"), or dates. The rows are compared.

But: "the second longest" and "longer than the Gannet" are not looked up, and a column with ranges or words has no
order, nor one with several units that are not known or measure different things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.check.typed.dates import MONTH_NUMBERS
from assistant.check.typed.numbers import SIZES
from assistant.understanding.figures import (
    NONE,
    SIGN,
    Figures,
    Size,
    Unit,
    Value,
    figures_in,
    number_of,
    size_of,
    unit_of,
    units_in,
)
from assistant.understanding.question import content_words, stem
from vectorstore.english import ONES, one_of

MOST_ROWS = 20_000
"""Rows of a table that are compared."""

_PRICE = "price cost fare fee rent charge rate amount value tariff"
_SIZE = "size area volume capacity population extent"
_YEAR = "year built born founded opened established launched made since date age dated"
_MEASURES: dict[str, tuple[str, int]] = {
    "long": ("length long duration", 1),
    "short": ("length long height tall duration", -1),
    "high": ("height high altitude elevation", 1),
    "low": ("height high altitude elevation", -1),
    "tall": ("height tall", 1),
    "wide": ("width wide breadth beam", 1),
    "broad": ("width breadth beam", 1),
    "narrow": ("width wide breadth beam", -1),
    "deep": ("depth deep draught draft", 1),
    "shallow": ("depth deep draught draft", -1),
    "heavy": ("weight heavy mass", 1),
    "light": ("weight heavy mass", -1),
    "fast": ("speed fast pace velocity", 1),
    "slow": ("speed fast pace velocity", -1),
    "thick": ("thickness thick", 1),
    "thin": ("thickness thick", -1),
    "far": ("distance far", 1),
    "near": ("distance far", -1),
    "close": ("distance far", -1),
    "steep": ("gradient slope steepness steep", 1),
    "large": (_SIZE, 1),
    "big": (_SIZE, 1),
    "small": (_SIZE, -1),
    "warm": ("temperature", 1),
    "hot": ("temperature", 1),
    "cold": ("temperature", -1),
    "cheap": (_PRICE, -1),
    "dear": (_PRICE, 1),
    "expensive": (_PRICE, 1),
    "old": (_YEAR, -1),
    "new": (_YEAR, 1),
    "young": (_YEAR, 1),
    "recent": (_YEAR, 1),
    "early": (f"{_YEAR} time day departs leaves starts", -1),
    "late": (f"{_YEAR} time day departs leaves starts", 1),
}
"""What an adjective is measured by, as headers call it, and whether more of it is more of that."""
_PLAIN = {"most": 1, "greatest": 1, "maximum": 1, "max": 1, "fewest": -1, "least": -1, "minimum": -1, "min": -1}
_PLAIN |= {"highest": 1, "lowest": -1, "largest": 1, "biggest": 1, "smallest": -1}
"""Superlatives of whatever the question names beside them; where it names nothing that the table has, some are those
of their own measure ("the highest mill")."""
_NUMBERS = {word: value for value, word in enumerate(ONES.split())}


def _forms(word: str) -> tuple[str, str]:
    """The comparative and the superlative of a short adjective: "heavier", "heaviest"."""
    base = word[:-1] + "i" if word.endswith("y") else word.removesuffix("e") if word.endswith("e") else word
    base = base + base[-1] if word in ("hot", "big", "thin") else base
    return base + "er", base + "est"


_COMPARATIVES = {_forms(word)[0]: word for word in _MEASURES} | {"later": "late"}
_SUPERLATIVES = {_forms(word)[1]: word for word in _MEASURES} | {"latest": "late", "farthest": "far", "furthest": "far"}
_COUNT = rf"(?:(?P<count>{one_of(ONES)}|\d{{1,2}}) )?"
_SUPERLATIVE = re.compile(
    rf"(?<!\w)(?P<not>(?:second|third|fourth|next|\d+(?:nd|rd|th))[- ])?(?a:{_COUNT}"
    rf"(?:(?P<most>most|least) (?P<long>expensive|recent)|(?P<word>{one_of(' '.join((*_SUPERLATIVES, *_PLAIN)))}))\b)",
    re.I,
)
_FIGURE = rf"(?P<figure>{SIGN}?\s?\d[\d.,]*\d|{SIGN}?\s?\d)(?P<unit>\s?[^\W\d_]{{1,12}}|\s?[%°]\w?)?"
_THAN = re.compile(
    rf"(?<!\w)(?:(?:(?P<adjective>(?a:{one_of(' '.join(_COMPARATIVES))}))|(?:(?P<dear>more|less) expensive)"
    rf"|(?P<more>more|over|above|at least|exceeding)|(?P<less>less|fewer|under|below|at most))(?: than)?) {_FIGURE}",
    re.I,
)
_WHEN = re.compile(
    r"\b(?P<when>before|after|since|until|by|prior to)\s(?:the year )?(?P<year>1\d{3}|20\d\d)\b(?![\w.,]\d)"
)
_AT_LEAST = re.compile(r"at (?:least|most)|since|until|by", re.I)
_ASKS = re.compile(r"\b(?:which|what|who|whose|where|when|how|list|name|show|give)\b", re.I)
_EMPTY = re.compile(r"[\s–—.?-]*|n/?a|none|unknown", re.I)
_SUM = re.compile(r"(?:grand |sub-?)?totals?\b|(?:sum|average|mean|all|together)\b(?!\s(?-i:[A-Z]))", re.I)
"""Rows that sum up; "All Saints" is none."""
_MONEY = re.compile(SIGN)
_COSTS = re.compile(r"\bcosts?\s*$", re.I)
_MONTH = rf"(?P<m>(?a:{one_of(' '.join(MONTH_NUMBERS))}))[a-z]*\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?"
_DATES = tuple(
    re.compile(date, re.I)
    for date in (
        rf"{_DAY} {_MONTH},? (?P<y>\d{{4}})",
        rf"{_MONTH} {_DAY},? (?P<y>\d{{4}})",
        rf"{_MONTH},? (?P<y>\d{{4}})",
        r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)",
        r"(?P<y>1\d{3}|20\d\d)",
    )
)
_A_FIGURE, _A_YEAR = re.compile(r"\d"), re.compile(r"(?<![\w$£€¥.,])(?:1\d{3}|20\d\d)(?![\w.,]\d)")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?:\s?h)?")


@dataclass(frozen=True, slots=True)
class Order:
    """What a question orders the rows of a table by. `rest`: the question without the words for it; `names`: stems by
    which the header of the column is known; `near`: words of the question beside which only that header counts;
    `dated`: only a column of dates or years will do; `money`: sums are meant; `limit`: what a value has to lie beyond,
    in `unit`, of `size`, where the question says one;
    `own`: stems of the header of the column where none is near; `noun`: of the word that it is said of, which may be a
    header itself ("the longest stay")."""

    rest: str
    names: frozenset[str]
    near: frozenset[str]
    sense: int
    dated: bool = False
    money: bool = False
    count: int = 1
    limit: Callable[[Value], bool] | None = None
    unit: Unit | None = None
    size: Size | None = None
    own: frozenset[str] = frozenset()
    noun: frozenset[str] = frozenset()


def order_of(question: str) -> Order | None:
    """How a question orders what it asks for; None where it does not, or in a way that is not looked up."""
    if not _ASKS.search(question):
        return None
    return _compared(question) or _dated(question) or _superlative(question)


def _superlative(question: str) -> Order | None:
    found = list(_SUPERLATIVE.finditer(question))
    if len(found) != 1 or found[0]["not"]:
        return None
    match = found[0]
    rest = f"{question[: match.start()]} {question[match.end() :]}"
    count = match["count"] or "one"
    number = int(count) if count.isdigit() else _NUMBERS[count.lower()]
    if not number:
        return None
    word = (match["word"] or match["long"]).lower()
    plain = _PLAIN.get(word)
    if plain is not None:
        near = question[match.end() :].split()[:3] if word in ("most", "least", "fewest") else question.split()
        names, _ = _MEASURES.get(_SUPERLATIVES.get(word, ""), ("", 0))
        return Order(rest, frozenset(), _stems(" ".join(near)), plain, count=number, own=_stems(names))
    adjective = _SUPERLATIVES.get(word, word)
    names, sense = _MEASURES[adjective]
    sense = -sense if (match["most"] or "").lower() == "least" else sense
    noun = _stems("".join(question[match.end() :].split()[:1]))
    dated, money = names.startswith(_YEAR), names is _PRICE
    return Order(rest, _stems(names), frozenset(), sense, dated, money, number, noun=noun)


def _compared(question: str) -> Order | None:
    """Of a question with "longer than 12 m", "more than 6 berths", "under £40"."""
    found = list(_THAN.finditer(question))
    if len(found) != 1:
        return None
    match = found[0]
    limit = number_of(match["figure"], comma=False)
    if limit is None:
        return None
    rest = f"{question[: match.start()]} {question[match.end() :]}"
    names, near, sense = "", "", 1 if match["more"] or (match["dear"] or "").lower() == "more" else -1
    if match["adjective"]:
        names, sense = _MEASURES[_COMPARATIVES[match["adjective"].lower()]]
    elif match["dear"] or _COSTS.search(question[: match.start()]) or _MONEY.search(match["figure"]):
        names = _PRICE
    else:
        near = f"{match['unit'] or ''} {question[match.end() :]}"
    if names in (_YEAR, ""):
        names, near = "", near or " "
    equal = bool(_AT_LEAST.search(match.group()))
    sign = _MONEY.search(match["figure"])
    unit = sign.group() if sign else unit_of(match["unit"] or "")
    known = unit if sign or isinstance(unit, tuple) or unit in ("%", "°") else None
    beyond = _beyond(limit, sense, equal)
    size = None if sign else size_of(match["unit"] or "")
    return Order(rest, _stems(names), _stems(near), sense, money=names is _PRICE, limit=beyond, unit=known, size=size)


def _dated(question: str) -> Order | None:
    """Of a question with "before 1900"."""
    found = list(_WHEN.finditer(question))
    if len(found) != 1:
        return None
    match = found[0]
    sense = 1 if match["when"] in ("after", "since") else -1
    year = int(match["year"]) * 10_000 + (9_999 if match["when"] in ("after", "until", "by") else 0)
    rest = f"{question[: match.start()]} {question[match.end() :]}"
    limit = _beyond(year, sense, bool(_AT_LEAST.search(match["when"])))
    return Order(rest, frozenset(), _stems(rest), sense, dated=True, limit=limit)


def _beyond(limit: Value, sense: int, equal: bool) -> Callable[[Value], bool]:
    return lambda value: (value - limit) * sense > 0 or (equal and value == limit)


def picked(
    order: Order, headers: Sequence[frozenset[str]], rows: Mapping[int, Sequence[str]], asked: frozenset[str]
) -> frozenset[int] | None:
    """The numbers of the rows that come first by the order, or lie beyond its limit, among `rows`, whose cells are
    given. None where no column can be meant for certain. `asked`: the stems of the question."""
    if not rows or len(rows) > MOST_ROWS:
        return None
    compared = {number: cells for number, cells in rows.items() if not _SUM.match(cells[0] if cells else "")}
    columns = {c: figures for c in range(len(headers)) if (figures := _figures(c, compared, order)).values}
    column = _column(order, headers, columns, compared, asked)
    if column is None:
        return None
    figures, sense = columns[column], order.sense
    values = figures.values
    if order.dated and stem("age") in headers[column]:
        sense = -sense
    if order.limit is not None:
        unit = figures.unit
        if order.size and unit and order.size[0] == unit[0]:
            ratio = unit[1] / order.size[1]
            return frozenset(number for number, value in values.items() if order.limit(value * ratio))
        if figures.mixed or (order.unit and _is_of_another_unit(order.unit, headers[column], column, compared)):
            return None
        return frozenset(number for number, value in values.items() if order.limit(value))
    ranked = sorted(values.values(), reverse=sense > 0)
    last = ranked[min(order.count, len(ranked)) - 1]
    return frozenset(number for number, value in values.items() if (value - last) * sense >= 0)


def _column(
    order: Order,
    headers: Sequence[frozenset[str]],
    columns: Mapping[int, Figures],
    rows: Mapping[int, Sequence[str]],
    asked: frozenset[str],
) -> int | None:
    """The column that the rows are ordered by: the only one whose header is called so, or all of whose header the
    question says; else the only one of sums, or of dates, where such are meant."""
    known = [c for c in range(len(headers)) if c in columns or (order.names and _has_figures(c, rows, order.dated))]
    named = [column for column in known if headers[column] & (order.names or order.near)]
    named = named or [column for column in known if headers[column] & order.own]
    said = [c for c in range(1, len(headers)) if order.noun and headers[c] == order.noun]
    if len(said) == 1 and (said[0] in columns or _has_figures(said[0], rows, dated=False)):
        return said[0] if said[0] in columns else None
    whole = [column for column in named if headers[column] <= asked]
    for some in (named, whole):
        if len(some) == 1:
            return some[0] if some[0] in columns else None
    if named:
        best = max(len(headers[column] & asked) for column in named)
        most = [column for column in named if len(headers[column] & asked) == best]
        return most[0] if len(most) == 1 and best and most[0] in columns else None
    if order.money:
        sums = [
            c for c in columns if all(_MONEY.search(cells[c]) for n, cells in rows.items() if n in columns[c].values)
        ]
        return sums[0] if len(sums) == 1 else None
    return next(iter(columns)) if order.dated and len(columns) == 1 else None


def _has_figures(column: int, rows: Mapping[int, Sequence[str]], dated: bool) -> bool:
    """Whether each cell has some, or a year, though they may not be comparable."""
    figure = _A_YEAR if dated else _A_FIGURE
    cells = [own[column] for own in rows.values() if column < len(own) and not _EMPTY.fullmatch(own[column])]
    return bool(cells) and all(map(figure.search, cells))


def _is_of_another_unit(unit: Unit, header: frozenset[str], column: int, rows: Mapping[int, Sequence[str]]) -> bool:
    """Whether the cells of a column, or its header, say another unit than the question."""
    written = units_in(own[column] for own in rows.values() if column < len(own))
    return bool(written or header & SIZES.keys()) and unit not in written | {SIZES.get(word) for word in header}


def _figures(column: int, rows: Mapping[int, Sequence[str]], order: Order) -> Figures:
    """The values of a column by their rows; none where there are fewer than two, or some cannot be compared."""
    cells = {n: own[column] for n, own in rows.items() if column < len(own) and not _EMPTY.fullmatch(own[column])}
    if len(cells) < 2:
        return NONE
    reads = (_dates, _clocks, _years) if order.dated else (_clocks, figures_in)
    for read in (_dates,) if order.dated and order.limit else reads:
        found = read(cells)
        if len(found.values) == len(cells):
            return found if order.limit or read is not _dates or not _is_vague(found) else NONE
    return NONE


def _dates(cells: Mapping[int, str]) -> Figures:
    """Dates, each as a number, 20240131: of a year or a month alone, with noughts."""
    found: dict[int, Value] = {}
    for number, cell in cells.items():
        match = next(filter(None, (date.fullmatch(cell) for date in _DATES)), None)
        if match is None:
            return NONE
        parts = match.groupdict()
        month = parts.get("m") or "0"
        month_number = int(month) if month.isdigit() else MONTH_NUMBERS[month.lower()]
        found[number] = int(parts["y"]) * 10_000 + month_number * 100 + int(parts.get("d") or 0)
    return Figures(found)


def _is_vague(dates: Figures) -> bool:
    """Whether one may come before another or behind it: "2020" and "3 May 2020"."""
    known = set(dates.values.values())
    months = {date - date % 100 for date in known if date % 100}
    years = {date - date % 10_000 for date in known if date % 10_000}
    return bool(known & (months | years))


def _years(cells: Mapping[int, str]) -> Figures:
    """Ages, where a question asks for the oldest."""
    figures = figures_in(cells)
    if figures.mixed:
        return figures if figures.unit and figures.unit[0] == "years" else NONE
    return figures if all(value < 200 for value in figures.values.values()) else NONE


def _clocks(cells: Mapping[int, str]) -> Figures:
    found = {n: int(m[1]) * 60 + int(m[2]) for n, cell in cells.items() if (m := _CLOCK.fullmatch(cell))}
    return Figures(found) if any(":" in cell for cell in cells.values()) else NONE


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(f" {words}")))
