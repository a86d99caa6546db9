"""Numbers and dates as a spreadsheet shows them, by their number formats (ECMA-376, 18.8.30-31).

    shown(1234.5, '#,##0.00 "marks"')  -> "1,234.50 marks"       shown(0.125, "0.0%")  -> "12.5%"
    shown(-3, "0;(0)")                 -> "(3)"                  shown(date(2024, 3, 1), "d mmm yyyy") -> "1 Mar 2024"

The signs of a file's own formats are used: a full stop before decimals, whatever the country. Formats that look
different in each country (dates in the short form of the system) are written as 2024-03-01.

But: fractions, and names of months and days in other languages than English, are not made; colours and the blanks
that align figures are left out.
"""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from functools import lru_cache

Value = str | bool | int | float | datetime.datetime | datetime.date | datetime.time | datetime.timedelta

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|_(?P<space>.)|\*(?P<fill>.)'
    r"|(?P<name>General|AM/PM|A/P|am/pm|a/p|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|E[+-]|e[+-])|(?P<sign>.)",
    re.DOTALL,
)
_SYSTEM_DATES = {"mm-dd-yy": "yyyy-mm-dd", "m/d/yy h:mm": "yyyy-mm-dd h:mm", "m/d/yyyy": "yyyy-mm-dd"}
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COLOUR = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+)", re.IGNORECASE)
_LOCALE = re.compile(r"\$(?P<sign>[^-]*)(?:-(?P<code>[0-9A-Fa-f]+))?")
_ENGLISH = 0x09
_LONGEST_FORMAT = 255
_MOST_DIGITS = 15
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Token = tuple[str, str]


class Unshown(ValueError):
    """A format that is not known here."""


def shown(value: Value, number_format: str) -> str:
    """A value as its format shows it. Raises Unshown where that is not known; `plain` has the value then."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if len(number_format) > _LONGEST_FORMAT:
        raise Unshown(number_format[:_LONGEST_FORMAT])
    if isinstance(value, str):
        return _of_text(value, number_format)
    if isinstance(value, int | float):
        return _of_number(value, number_format)
    if isinstance(value, datetime.timedelta):
        return _of_duration(value, number_format)
    return _of_date(value, number_format)


def plain(value: Value) -> str:
    """A value without a format: a number in as many figures as a cell shows, a date as 2024-03-01."""
    if isinstance(value, bool | str):
        return shown(value, "General")
    if isinstance(value, int | float):
        return _general(value)
    if isinstance(value, datetime.timedelta):
        return _of_duration(value, "[h]:mm:ss")
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    return value.isoformat()


def _of_text(value: str, number_format: str) -> str:
    section = _sections(number_format)[-1]
    if ("sign", "@") not in section and len(_sections(number_format)) < 4:
        return value
    return "".join(value if token == ("sign", "@") else _literal(token) for token in section)


def _of_number(value: int | float, number_format: str) -> str:
    try:
        exact = Decimal(repr(value))
    except InvalidOperation:
        raise Unshown(number_format) from None
    if not exact.is_finite() or abs(exact.adjusted()) > 300:
        raise Unshown(number_format)
    sections = _sections(number_format)
    section, negative = _chosen(exact, sections)
    section = [("name", "General") if token == ("sign", "@") else token for token in section]
    names = {what for kind, what in section if kind == "name"}
    if not number_format:
        return _general(value)
    if "General" in names:
        own = _general(abs(value) if negative else value)
        return "".join(own if token == ("name", "General") else _literal(token) for token in section)
    if {name[0].lower() for name in names} & set("ymdhsa"):
        raise Unshown(number_format)  # a date format, for a number that is no date
    with localcontext() as context:
        context.prec = 400
        return _figures(abs(exact), section, minus=exact < 0 and not negative)


def _chosen(value: Decimal, sections: list[list[Token]]) -> tuple[list[Token], bool]:
    """The section of a format that holds for a number, and whether it shows the sign itself."""
    conditions = [_condition(section) for section in sections[:3]]
    if any(condition is not None for condition in conditions):
        for section, condition in zip(sections, conditions, strict=False):
            if condition is None or _holds(value, *condition):
                return section, False
        raise Unshown("no condition holds")
    if value < 0 and len(sections) > 1:
        return sections[1], True
    return (sections[2], False) if value == 0 and len(sections) > 2 else (sections[0], False)


def _condition(section: list[Token]) -> tuple[str, Decimal] | None:
    for kind, what in section:
        match = _CONDITION.fullmatch(what) if kind == "bracket" else None
        if match:
            return match[1], Decimal(match[2])
    return None


def _holds(value: Decimal, sign: str, limit: Decimal) -> bool:
    compared = (value > limit) - (value < limit)
    return compared in {"<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">": (1,), "<>": (-1, 1)}[sign]


def _figures(value: Decimal, section: list[Token], *, minus: bool) -> str:
    """A number of no sign in the figures of a section."""
    places = [at for at, (kind, what) in enumerate(section) if kind == "sign" and what in "0#?"]
    signs = [what if kind == "sign" else "" for kind, what in section]
    if "/" in signs and places:
        raise Unshown("a fraction")
    value *= Decimal(100) ** signs.count("%")
    if not places:
        return "-" * minus + "".join(map(_literal, section))
    point = next((at for at, sign in enumerate(signs) if sign == "."), None)
    power = next((at for at, (kind, what) in enumerate(section) if kind == "name" and what[0] in "Ee"), None)
    whole = [at for at in places if (point is None or at < point) and (power is None or at < power)]
    decimals = [at for at in places if point is not None and at > point and (power is None or at < power)]
    if not whole and not decimals:
        raise Unshown("no place for figures")
    last = max([*whole, *decimals, *([point] if point is not None else [])])
    scale = 0
    while last + 1 + scale < len(signs) and signs[last + 1 + scale] == ",":
        scale += 1
    value /= Decimal(1000) ** scale
    grouped = any(signs[at] == "," for at in range(whole[0], whole[-1])) if whole else False
    exponent = 0
    if power is not None and value:
        exponent = value.adjusted()
        value = value.scaleb(-exponent)
    value = value.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    if power is not None and value >= 10:
        value, exponent = value / 10, exponent + 1
    front, _, back = f"{value:f}".partition(".")
    written = _fill_whole("" if front == "0" else front, [signs[at] for at in whole], grouped=grouped)
    after = _fill_decimals(back, [signs[at] for at in decimals])
    shown_at = dict(zip(whole, written, strict=True)) | dict(zip(decimals, after, strict=True))
    if power is not None:
        digits = [at for at in places if at > power]
        figures = str(abs(exponent)).rjust(len(digits), "0")
        mark = "-" if exponent < 0 else "+" if section[power][1][1] == "+" else ""
        shown_at |= {power: "E" + mark} | dict.fromkeys(digits, "") | ({digits[0]: figures} if digits else {})
    parts = []
    for at, token in enumerate(section):
        if at in shown_at:
            parts.append(shown_at[at])
        elif at == point:
            parts.append("." if "".join(after) or not decimals or signs[decimals[0]] != "#" else "")
        elif signs[at] != ",":
            parts.append(_literal(token))
    nothing = minus and not any(character in "123456789" for character in "".join(shown_at.values()))
    return "-" * (minus and not nothing) + "".join(parts)


def _fill_whole(figures: str, places: list[str], *, grouped: bool) -> list[str]:
    """The figures before the point in their places, from the right; the first place takes what is left."""
    needed = len(places) - places.index("0") if "0" in places else 0
    figures = figures.rjust(needed, "0")
    if not places:
        return []
    cut = max(0, len(figures) - (len(places) - 1))
    own = [figures[:cut], *figures[cut:]]
    if len(figures) < len(places):
        own = [""] * (len(places) - len(figures)) + list(figures)
    if not grouped:
        return own
    found, behind = [], sum(map(len, own))
    for part in own:
        text = ""
        for figure in part:
            text += figure
            behind -= 1
            text += "," if behind and behind % 3 == 0 else ""
        found.append(text)
    return found


def _fill_decimals(figures: str, places: list[str]) -> list[str]:
    """The figures behind the point; zeros at the end only where the format wants them."""
    own = list(figures.ljust(len(places), "0"))
    for at in range(len(places) - 1, -1, -1):
        if own[at] != "0" or places[at] == "0":
            break
        own[at] = ""
    return own


def _general(value: int | float) -> str:
    """A number without a format: eleven figures, as a wide cell shows."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 10**_MOST_DIGITS):
        return str(int(value))
    text = f"{value:.11g}"
    if "e" not in text:
        return text
    mantissa, _, power = f"{value:.6g}".partition("e")
    return f"{mantissa}E{power}" if power else mantissa


def _of_date(value: datetime.datetime | datetime.date | datetime.time, number_format: str) -> str:
    if isinstance(value, datetime.time):
        value = datetime.datetime.combine(datetime.date(1900, 1, 1), value)
    elif not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    section = _dated(number_format)
    names = [what.lower() if kind == "name" else "" for kind, what in section]
    half = any(name in ("am/pm", "a/p") for name in names)
    parts = []
    for at, token in enumerate(section):
        name = names[at]
        if name.startswith("m") and _is_minute(section, at):
            parts.append(f"{value.minute:0{min(2, len(name))}d}")
        elif name:
            parts.append(_dated_part(value, name, half=half))
        elif token[0] == "sign" and token[1] == "0":  # parts of a second
            parts.append(
                f"{value.microsecond:06d}"[_zeros_before(section, at)] if _zeros_before(section, at) < 6 else "0"
            )
        elif _is_elapsed(token):
            raise Unshown(number_format)
        else:
            parts.append("," if token == ("sign", ",") else _literal(token))
    if not any(names):
        raise Unshown(number_format)
    return "".join(parts)


def _dated(number_format: str) -> list[Token]:
    """The section of a format for dates, made the same in every country."""
    section = _sections(_SYSTEM_DATES.get(number_format.split(";")[0].lower(), number_format))[0]
    for kind, what in section:
        match = _LOCALE.fullmatch(what) if kind == "bracket" else None
        if match and match["code"]:
            code = int(match["code"], 16)
            if code & 0xFFFF == 0xF800:
                return _sections("dddd, mmmm d, yyyy")[0]
            if code & 0xFFFF == 0xF400:
                return _sections("h:mm:ss AM/PM")[0]
            named = any(kind == "name" and what[0] in "mMdD" and len(what) > 2 for kind, what in section)
            if code > 0xFFFF or (named and code & 0x3FF not in (_ENGLISH, 0)):
                raise Unshown(number_format)
    return section


def _dated_part(value: datetime.datetime, name: str, *, half: bool) -> str:
    hour = (value.hour % 12 or 12) if half else value.hour
    length = len(name)
    match name[0]:
        case "y":
            return f"{value.year:04d}" if length > 2 else f"{value.year % 100:02d}"
        case "m":
            if length > 4:
                return _MONTHS[value.month - 1][0]
            return (str(value.month), f"{value.month:02d}", _MONTHS[value.month - 1][:3], _MONTHS[value.month - 1])[
                length - 1
            ]
        case "d":
            day = _DAYS[value.weekday()]
            return (str(value.day), f"{value.day:02d}", day[:3], day)[min(length, 4) - 1]
        case "h":
            return f"{hour:0{min(2, length)}d}"
        case "s":
            return f"{value.second:0{min(2, length)}d}"
        case "a":
            return ("AM" if value.hour < 12 else "PM")[: 2 if length > 3 else 1]
    raise Unshown(name)


def _is_minute(section: list[Token], at: int) -> bool:
    """Whether an m stands for minutes: it follows hours or precedes seconds."""
    before = [what[0].lower() for kind, what in section[:at] if kind == "name" or _is_elapsed((kind, what))]
    after = [what[0].lower() for kind, what in section[at + 1 :] if kind == "name"]
    return len(section[at][1]) < 3 and (before[-1:] == ["h"] or after[:1] == ["s"])


def _is_elapsed(token: Token) -> bool:
    return token[0] == "bracket" and token[1].lower() in ("h", "hh", "m", "mm", "s", "ss")


def _zeros_before(section: list[Token], at: int) -> int:
    count = 0
    while at - count > 0 and section[at - count - 1] == ("sign", "0"):
        count += 1
    return count


def _of_duration(value: datetime.timedelta, number_format: str) -> str:
    """Hours beyond a day, as [h]:mm:ss counts them."""
    seconds = round(abs(value).total_seconds())
    section = _sections(number_format)[0]
    first = next((what.lower() for kind, what in section if _is_elapsed((kind, what))), None)
    if first is None:
        day = datetime.datetime(1900, 1, 1) + abs(value) % datetime.timedelta(days=1)
        return _of_date(day, number_format)
    unit = {"h": 3600, "m": 60, "s": 1}[first[0]]
    parts = ["-" * (value < datetime.timedelta())]
    for at, token in enumerate(section):
        name = token[1].lower()
        if _is_elapsed(token):
            parts.append(f"{seconds // unit:0{len(first)}d}")
        elif token[0] != "name":
            parts.append(_literal(token))
        elif name[0] == "m" and _is_minute(section, at):
            parts.append(f"{seconds // 60 % 60:0{min(2, len(name))}d}")
        elif name[0] == "s":
            parts.append(f"{seconds % 60:0{min(2, len(name))}d}")
        else:
            raise Unshown(number_format)
    return "".join(parts)


def _literal(token: Token) -> str:
    """What a token that is no figure shows."""
    kind, what = token
    if kind in ("quoted", "escaped"):
        return what
    if kind == "bracket":
        match = _LOCALE.fullmatch(what)
        if match:
            return match["sign"]
        if _COLOUR.fullmatch(what) or _CONDITION.fullmatch(what):
            return ""
        raise Unshown(what)
    if kind == "sign" and what not in "?#0,":
        return what
    if kind == "name":
        raise Unshown(what)
    return ""


@lru_cache(maxsize=512)
def _sections(number_format: str) -> list[list[Token]]:
    """The parts of a format between its semicolons: for numbers above 0, below, 0, and for words."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(number_format):
        kind = match.lastgroup or "sign"
        if kind == "sign" and match["sign"] == ";":
            sections.append([])
        else:
            sections[-1].append((kind, match[kind]))
    return sections
