"""Rows of a table that a question picks by order: "Which boat is the longest?", "the two cheapest", "before 1900".

The column is the one that the question names, or the only one that holds such a measure; all its cells must be figures
of one unit, or dates. The rows are compared; nothing is calculated or converted.

But: "the second longest" and "longer than the Gannet" are not looked up, and a column with ranges, words or two units
has no order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.check.typed.dates import MONTH_NUMBERS
from assistant.check.typed.lexicon import key
from assistant.check.typed.numbers import SIZES
from assistant.understanding.question import content_words, stem
from vectorstore.english import ONES, one_of

MOST_ROWS = 20_000
"""Rows of a table that are compared."""
SHORT = 3
"""Letters of a unit in which an "s" at the end is no plural: "ms"."""

_PRICE = "price cost fare fee rent charge rate amount value tariff"
_YEAR = "year built born founded opened established launched made since date age dated"
_MEASURES: dict[str, tuple[str, int]] = {
    "long": ("length long", 1),
    "short": ("length long height tall", -1),
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
    "fast": ("speed pace", 1),
    "slow": ("speed pace", -1),
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
"""Superlatives of whatever the question names beside them."""
_NUMBERS = {word: value for value, word in enumerate(ONES.split())}


def _forms(word: str) -> tuple[str, str]:
    """The comparative and the superlative of a short adjective: "heavier", "heaviest"."""
    base = word[:-1] + "i" if word.endswith("y") else word.removesuffix("e") if word.endswith("e") else word
    base = base + base[-1] if word in ("hot",) else base
    return base + "er", base + "est"


_COMPARATIVES = {_forms(word)[0]: word for word in _MEASURES} | {"later": "late"}
_SUPERLATIVES = {_forms(word)[1]: word for word in _MEASURES} | {"latest": "late"}
_COUNT = rf"(?:(?P<count>{one_of(ONES)}|\d{{1,2}}) )?"
_SUPERLATIVE = re.compile(
    rf"(?<!\w)(?P<not>(?:second|third|fourth|next|\d+(?:nd|rd|th))[- ])?(?a:{_COUNT}"
    rf"(?:(?P<most>most|least) (?P<long>expensive|recent)|(?P<word>{one_of(' '.join((*_SUPERLATIVES, *_PLAIN)))}))\b)",
    re.I,
)
_SIGN = r"[$£€¥]"
_FIGURE = rf"(?P<figure>{_SIGN}?\s?\d[\d.,]*\d|{_SIGN}?\s?\d)(?P<unit>\s?[^\W\d_]{{1,12}}|\s?[%°]\w?)?"
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
_MONEY = re.compile(_SIGN)
_COSTS = re.compile(r"\bcosts?\s*$", re.I)
_CELL = re.compile(
    rf"(?P<sign>{_SIGN})?\s?(?P<minus>[-−])?(?P<figure>\d[\d.,'\u00a0\u202f]*\d|\d)\s?(?P<unit>[^\d]{{0,30}})"
)
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

Values = Mapping[int, float]
"""What the rows of a column are ordered by, by their numbers."""
Unit = str | tuple[str, float]
"""A unit as it is written, or, where it is known, what it measures and how large it is."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a question orders the rows of a table by. `rest`: the question without the words for it; `names`: stems by
    which the header of the column is known; `near`: words of the question beside which only that header counts;
    `dated`: only a column of dates or years will do; `money`: sums are meant; `limit`: what a value has to lie beyond,
    in `unit` where the question says one."""

    rest: str
    names: frozenset[str]
    near: frozenset[str]
    sense: int
    dated: bool = False
    money: bool = False
    count: int = 1
    limit: Callable[[float], bool] | None = None
    unit: Unit | None = None


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
        return Order(rest, frozenset(), _stems(" ".join(near)), plain, count=number)
    adjective = _SUPERLATIVES.get(word, word)
    names, sense = _MEASURES[adjective]
    sense = -sense if (match["most"] or "").lower() == "least" else sense
    return Order(rest, _stems(names), frozenset(), sense, names.startswith(_YEAR), names is _PRICE, number)


def _compared(question: str) -> Order | None:
    """Of a question with "longer than 12 m", "more than 6 berths", "under £40"."""
    found = list(_THAN.finditer(question))
    if len(found) != 1:
        return None
    match = found[0]
    limit = _number(match["figure"], comma=False)
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
    unit = sign.group() if sign else _unit(match["unit"] or "")
    known = unit if sign or isinstance(unit, tuple) or unit in ("%", "°") else None
    beyond = _beyond(limit, sense, equal)
    return Order(rest, _stems(names), _stems(near), sense, money=names is _PRICE, limit=beyond, unit=known)


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


def _beyond(limit: float, sense: int, equal: bool) -> Callable[[float], bool]:
    return lambda value: (value - limit) * sense > 0 or (equal and value == limit)


def picked(
    order: Order, headers: Sequence[frozenset[str]], rows: Mapping[int, Sequence[str]], asked: frozenset[str]
) -> frozenset[int] | None:
    """The numbers of the rows that come first by the order, or lie beyond its limit, among `rows`, whose cells are
    given. None where no column can be meant for certain. `asked`: the stems of the question."""
    if not rows or len(rows) > MOST_ROWS:
        return None
    compared = {number: cells for number, cells in rows.items() if not _SUM.match(cells[0] if cells else "")}
    columns = {column: values for column in range(len(headers)) if (values := _values(column, compared, order))}
    column = _column(order, headers, columns, compared, asked)
    if column is None:
        return None
    values, sense = columns[column], order.sense
    if order.dated and stem("age") in headers[column]:
        sense = -sense
    if order.limit is not None:
        if order.unit is not None and _is_of_another_unit(order.unit, headers[column], column, compared):
            return None
        return frozenset(number for number, value in values.items() if order.limit(value))
    ranked = sorted(values.values(), reverse=sense > 0)
    last = ranked[min(order.count, len(ranked)) - 1]
    return frozenset(number for number, value in values.items() if (value - last) * sense >= 0)


def _column(
    order: Order,
    headers: Sequence[frozenset[str]],
    columns: Mapping[int, Values],
    rows: Mapping[int, Sequence[str]],
    asked: frozenset[str],
) -> int | None:
    """The column that the rows are ordered by: the only one whose header is called so, or all of whose header the
    question says; else the only one of sums, or of dates, where such are meant."""
    known = [c for c in range(len(headers)) if c in columns or (order.names and _has_figures(c, rows, order.dated))]
    named = [column for column in known if headers[column] & (order.names or order.near)]
    whole = [column for column in named if headers[column] <= asked]
    for some in (named, whole):
        if len(some) == 1:
            return some[0] if some[0] in columns else None
    if named:
        best = max(len(headers[column] & asked) for column in named)
        most = [column for column in named if len(headers[column] & asked) == best]
        return most[0] if len(most) == 1 and best and most[0] in columns else None
    if order.money:
        sums = [c for c in columns if all(_MONEY.search(cells[c]) for n, cells in rows.items() if n in columns[c])]
        return sums[0] if len(sums) == 1 else None
    return next(iter(columns)) if order.dated and len(columns) == 1 else None


def _has_figures(column: int, rows: Mapping[int, Sequence[str]], dated: bool) -> bool:
    """Whether each cell has some, or a year, though they may not be comparable."""
    figure = _A_YEAR if dated else _A_FIGURE
    cells = [own[column] for own in rows.values() if column < len(own) and not _EMPTY.fullmatch(own[column])]
    return bool(cells) and all(map(figure.search, cells))


def _is_of_another_unit(unit: Unit, header: frozenset[str], column: int, rows: Mapping[int, Sequence[str]]) -> bool:
    """Whether the cells of a column, or its header, say another unit than the question."""
    cells = (match for own in rows.values() if column < len(own) and (match := _CELL.fullmatch(own[column])))
    written = {match["sign"] or _unit(match["unit"]) for match in cells} - {""}
    return bool(written or header & SIZES.keys()) and unit not in written | {SIZES.get(word) for word in header}


def _values(column: int, rows: Mapping[int, Sequence[str]], order: Order) -> Values:
    """The values of a column by their rows; none where there are fewer than two, or some cannot be compared."""
    cells = {n: own[column] for n, own in rows.items() if column < len(own) and not _EMPTY.fullmatch(own[column])}
    if len(cells) < 2:
        return {}
    reads = (_dates, _clocks, _years) if order.dated else (_clocks, _figures)
    for read in (_dates,) if order.dated and order.limit else reads:
        found = read(cells)
        if len(found) == len(cells):
            return found if order.limit or read is not _dates or not _is_vague(found) else {}
    return {}


def _dates(cells: Mapping[int, str]) -> Values:
    """Dates, each as a number, 20240131: of a year or a month alone, with noughts."""
    found: dict[int, float] = {}
    for number, cell in cells.items():
        match = next(filter(None, (date.fullmatch(cell) for date in _DATES)), None)
        if match is None:
            return {}
        parts = match.groupdict()
        month = parts.get("m") or "0"
        month_number = int(month) if month.isdigit() else MONTH_NUMBERS[month.lower()]
        found[number] = int(parts["y"]) * 10_000 + month_number * 100 + int(parts.get("d") or 0)
    return found


def _is_vague(dates: Values) -> bool:
    """Whether one may come before another or behind it: "2020" and "3 May 2020"."""
    known = set(dates.values())
    months = {date - date % 100 for date in known if date % 100}
    years = {date - date % 10_000 for date in known if date % 10_000}
    return bool(known & (months | years))


def _years(cells: Mapping[int, str]) -> Values:
    """Ages, where a question asks for the oldest."""
    figures = _figures(cells)
    return figures if all(value < 200 for value in figures.values()) else {}


def _clocks(cells: Mapping[int, str]) -> Values:
    found = {n: int(m[1]) * 60.0 + int(m[2]) for n, cell in cells.items() if (m := _CLOCK.fullmatch(cell))}
    return found if any(":" in cell for cell in cells.values()) else {}


def _figures(cells: Mapping[int, str]) -> Values:
    """The figures of cells that all have one unit, or none."""
    matches = {number: match for number, cell in cells.items() if (match := _CELL.fullmatch(cell))}
    units = {(match["sign"], _unit(match["unit"])) for match in matches.values()}
    if len(matches) < len(cells) or len(units) > 1:
        return {}
    comma = any(re.search(r",\d{1,2}$", match["figure"]) for match in matches.values())
    found = {}
    for number, match in matches.items():
        value = _number(match["figure"], comma=comma)
        if value is None:
            return {}
        found[number] = -value if match["minus"] else value
    return found


def _unit(words: str) -> Unit:
    low = words.strip().casefold()
    return SIZES.get(key(low)) or (low.removesuffix("s") if len(low) > SHORT else low)


def _number(figure: str, *, comma: bool) -> float | None:
    """The value of a figure; `comma`: that sign stands before the decimals, a full stop between thousands."""
    plain = re.sub(rf"{_SIGN}|['\s]", "", figure)
    thousands, decimal = (".", ",") if comma else (",", ".")
    whole, _, rest = plain.partition(decimal)
    if thousands in whole and not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", whole):
        return None
    digits = whole.replace(thousands, "")
    return float(f"{digits}.{rest or 0}") if digits.isdigit() and (not rest or rest.isdigit()) else None


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(f" {words}")))
