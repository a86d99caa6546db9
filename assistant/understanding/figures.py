"""The figures in the cells of a table, so that they can be compared: "850 g" and "2.5 kg", "£1,050" and "£90".

Values are fractions, so that 3 m and 300 cm are equal. Where the cells have several units, all must measure the same
thing, and each must be of one size wherever it is used: a ton, a gallon or a month is not.

But: a cell with a range, or with more than a figure and its unit, has no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from assistant.check.typed.lexicon import key
from assistant.check.typed.numbers import SIZES

SIGN = r"[$£€¥]"
SHORT = 3
"""Letters of a unit in which an "s" at the end is no plural: "ms"."""
MOST_DIGITS = 40
"""A longer figure is no measure."""
CELL = re.compile(
    rf"(?P<sign>{SIGN})?\s?(?P<minus>[-−])?(?P<figure>\d[\d.,'\u00a0\u202f]*\d|\d)\s?(?P<unit>[^\d]{{0,30}}[²³23]?)"
)
_PARTS = re.compile(r"(\d[\d.,]*+)\s?([^\W\d_]{1,12}+)\.?,?(?:\s(?:and\s)?|$)")

_EXACT: dict[str, dict[str, str]] = {
    "length": {
        "mm millimetre millimeter": "1/1000",
        "cm centimetre centimeter": "1/100",
        "dm": "1/10",
        "m metre meter": "1",
        "km kilometre kilometer": "1000",
        "inch inches": "0.0254",
        "ft foot feet": "0.3048",
        "yd yard": "0.9144",
        "mi mile": "1609.344",
    },
    "weight": {
        "mg milligram milligramme": "1/1000000",
        "g gram gramme": "1/1000",
        "kg kilo kilogram kilogramme": "1",
        "t tonne": "1000",
        "oz ounce": "0.028349523125",
        "lb pound": "0.45359237",
    },
    "time": {
        "ms millisecond": "1/1000",
        "s sec second": "1",
        "min minute": "60",
        "h hr hour": "3600",
        "d day": "86400",
        "week wk": "604800",
    },
    "years": {"month": "1", "year yr": "12", "decade": "120", "century centuries": "1200"},
    "area": {
        "mm² mm2": "1/1000000",
        "cm² cm2": "1/10000",
        "m² m2 sqm": "1",
        "ha hectare": "10000",
        "km² km2": "1000000",
        "acre": "4046.8564224",
    },
    "volume": {
        "ml millilitre milliliter": "1/1000",
        "cl centilitre centiliter": "1/100",
        "dl decilitre deciliter": "1/10",
        "l litre liter": "1",
        "hl hectolitre hectoliter": "100",
        "m³ m3": "1000",
    },
    "speed": {"km/h kph": "1/3.6", "m/s": "1", "mph": "0.44704", "kn knot": "1852/3600"},
    "power": {"w watt": "1", "kw kilowatt": "1000", "gw gigawatt": "1000000000"},
    "waves": {"hz": "1", "khz": "1000", "mhz": "1000000", "ghz": "1000000000"},
}


def _fraction(size: str) -> Fraction:
    above, _, below = size.partition("/")
    return Fraction(above) / Fraction(below or 1)


EXACT: dict[str, Size] = {
    name: (kind, _fraction(size))
    for kind, units in _EXACT.items()
    for names, size in units.items()
    for name in names.split()
}
"""Units, in small letters and the singular: what they measure, and their size."""

Size = tuple[str, Fraction]
"""What a unit measures, and how large it is."""
Unit = str | tuple[str, float]
"""A unit as it is written, or, where it is known, what it measures and about how large it is."""
Value = int | Fraction


@dataclass(frozen=True, slots=True)
class Figures:
    """The values of cells by their rows, those of dates and times of day too. `unit`: which one they are in, where that
    is known; `mixed`: the cells have several."""

    values: Mapping[int, Value]
    unit: Size | None = None
    mixed: bool = False


NONE = Figures({})


def figures_in(cells: Mapping[int, str]) -> Figures:
    """The figures of cells that all have one unit or none, or units of one kind; none where some cell has another, or
    no figure."""
    matches = {number: match for number, cell in cells.items() if (match := CELL.fullmatch(cell))}
    if len(matches) < len(cells):
        return _joined(cells)
    sizes = {number: None if match["sign"] else size_of(match["unit"]) for number, match in matches.items()}
    mixed = len({(match["sign"], unit_of(match["unit"])) for match in matches.values()}) > 1
    kinds = {size and size[0] for size in sizes.values()}
    if mixed and (None in kinds or len(kinds) > 1):
        return NONE
    comma = any(re.search(r",\d{1,2}$", match["figure"]) for match in matches.values())
    found: dict[int, Value] = {}
    for number, match in matches.items():
        value, size = number_of(match["figure"], comma=comma), sizes[number]
        if value is None:
            return NONE
        value = value * size[1] if mixed and size else value
        found[number] = -value if match["minus"] else value
    first = next(iter(sizes.values()), None)
    return Figures(found, (first[0], Fraction(1)) if mixed and first else first, mixed)


def _joined(cells: Mapping[int, str]) -> Figures:
    """The values of cells that may hold several figures with units of one kind: "2 h 30 min", "5 ft 4 in"."""
    found: dict[int, Value] = {}
    kinds = set[str]()
    for number, cell in cells.items():
        parts = list(_PARTS.finditer(cell))
        if not parts or "".join(part.group() for part in parts) != cell:
            return NONE
        sizes = [EXACT.get("inch" if part[2] == "in" else _singular(part[2])) for part in parts]
        values = [number_of(part[1], comma=False) for part in parts]
        some = [(value, size) for value, size in zip(values, sizes, strict=True) if value is not None and size]
        if len(some) < len(parts) or any(a[1][1] <= b[1][1] for a, b in pairwise(some)):
            return NONE
        kinds |= {size[0] for _, size in some}
        found[number] = sum((value * size[1] for value, size in some), Fraction(0))
    return Figures(found, (kinds.pop(), Fraction(1)), mixed=True) if len(kinds) == 1 else NONE


def _singular(words: str) -> str:
    low = words.strip().casefold().removesuffix(".")
    return low if low in EXACT or len(low) <= SHORT else low.removesuffix("s")


def size_of(words: str) -> Size | None:
    """What a unit measures, and its size; None where it is not known, or of several sizes."""
    return EXACT.get(_singular(words))


def unit_of(words: str) -> Unit:
    """A unit as it can be compared with another."""
    low = words.strip().casefold()
    return SIZES.get(key(low)) or (low.removesuffix("s") if len(low) > SHORT else low)


def units_in(cells: Iterable[str]) -> set[Unit]:
    """The signs and units that are written in cells."""
    matches = filter(None, map(CELL.fullmatch, cells))
    return {match["sign"] or unit_of(match["unit"]) for match in matches} - {""}


def number_of(figure: str, *, comma: bool) -> Fraction | None:
    """The value of a figure; `comma`: that sign stands before the decimals, a full stop between thousands."""
    plain = re.sub(rf"{SIGN}|['\s]", "", figure)
    thousands, decimal = (".", ",") if comma else (",", ".")
    whole, _, rest = plain.partition(decimal)
    if thousands in whole and not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", whole):
        return None
    digits = whole.replace(thousands, "")
    if not digits.isdecimal() or (rest and not rest.isdecimal()) or len(digits) + len(rest) > MOST_DIGITS:
        return None
    return Fraction(f"{digits}.{rest or 0}")
