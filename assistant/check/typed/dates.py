"""The dates in a text: days, months, years, decades, centuries, seasons, days of the week.

"4 May 1917", "May 4, 1917", "1917-05-04"    one day
"01/05/1917"                                 the first of May or the fifth of January
"the 1920s", "1917-23", "the 19th century"   a stretch of years
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from vectorstore.english import CERTAIN_MONTHS, DAYS, MONTHS, one_of, word_set
from vectorstore.types import Span

_ORDER = (*CERTAIN_MONTHS.split()[:2], "March", "April", "May", *CERTAIN_MONTHS.split()[3:])
MONTH_NUMBERS = {name.lower()[:3]: at for at, name in enumerate(_ORDER, 1)}
"""The number of a month by the first three letters of its name."""
_MONTH = rf"(?P<month>{one_of(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1\d{3}|20\d\d)"
_SEASON = r"(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)"
_PART = r"(?P<part>(?i:early|mid|late|(?:the )?(?:beginning|start|middle|end) of))[- ](?:the )?"
_TENS = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    *("twentieth", "twenty-first"),
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>1\d{3}|20\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b",
        r"\b(?P<one>[0-3]?\d)[./](?P<two>[01]?\d|[0-3]?\d)[./](?P<year>1\d{3}|20\d\d)\b",
        rf"\b(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?\b",
        rf"\b{_MONTH} (?:the )?{_DAY}\b(?!\d|[,.]\d)(?:,? {_YEAR}\b)?",
        rf"\b(?:{_PART})?{_MONTH},? (?:of )?{_YEAR}\b",
        rf"\b(?:{_PART})?{_SEASON} (?:of )?{_YEAR}\b",
        rf"\b(?:{_PART})?{_YEAR}\s?[-–—/]\s?(?P<last>\d{{4}}|\d\d)\b",
        rf"(?<!\w)(?:[Bb]etween|[Ff]rom) {_YEAR} (?:and|to|until) (?P<last>1\d{{3}}|20\d\d)\b",
        rf"\b(?:{_PART})?(?P<decade>1\d|20)(?P<ten>\d)0['’]?s\b",
        rf"\b(?:{_PART})?(?P<tens>{'|'.join(_TENS)}|(?i:{'|'.join(_TENS)}))\b(?<=s)",
        rf"\b(?:{_PART})?(?P<century>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))[- ][Cc]entury",
        rf"(?<![\d.,$£€-])\b(?:{_PART})?{_YEAR}\b(?![.,]?\d|%|\s(?:per\s?cent|people|men|women|members|km|m|miles)\b)",
        rf"\b(?:{_PART})?(?P<month>{one_of(CERTAIN_MONTHS)})\b",
        r"(?<=\b[Ii]n )(?P<month>May|March)\b|(?<=\b[Bb]y )(?P<month_>May|March)\b",
        rf"\b(?P<weekday>{one_of(DAYS)})\b",
    )
)
_PLURAL = re.compile(r"\s(?!was\b|has\b|is\b|as\b|its\b|this\b|his\b|us\b|plus\b)[a-z]+s\b(?<!ss)")
_BEFORE_A_YEAR = word_set("in since the by until till during after before early late mid around")
_QUICK = re.compile(rf"\d|{one_of(MONTHS)}|day\b|century|ties\b")


@dataclass(frozen=True, slots=True)
class Date:
    """What is said of a time; None where it is left open. `years`: the first and last year. `months`, `days`: what is
    possible ("01/05": January or May). `part`: "early", "late", a season. `derived`: it is reckoned, not written."""

    start: int
    end: int
    years: Span | None = None
    months: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    part: str = ""
    weekday: str = ""
    derived: bool = False

    @property
    def exact_year(self) -> int | None:
        """The year, where it is one."""
        return self.years[0] if self.years and self.years[0] == self.years[1] else None

    def conflicts(self, other: Date) -> bool:
        """Whether both cannot be the same time."""
        if self.years and other.years and (self.years[1] < other.years[0] or other.years[1] < self.years[0]):
            return True
        if self.months and other.months and not self.months & other.months:
            return True
        if self.days and other.days and not self.days & other.days:
            return True
        if self.weekday and other.weekday:
            return self.weekday != other.weekday
        parts = {self.part, other.part}
        return bool(self.part and other.part and len(parts) == 2 and self._same_kind_of_part(other))

    def _same_kind_of_part(self, other: Date) -> bool:
        return (self.part in _SEASONS) == (other.part in _SEASONS) and bool(self.years and other.years)

    def held_by(self, other: Date) -> bool:
        """Whether the other says all that this says: "May 1917" holds "1917"; "1917" does not hold "May 1917"."""
        if self.conflicts(other):
            return False
        if self.years and not (other.years and self.years[0] <= other.years[0] and other.years[1] <= self.years[1]):
            return False
        if (self.months and not other.months) or (self.days and not other.days):
            return False
        return not self.weekday or self.weekday == other.weekday

    def says_something_of(self, other: Date) -> bool:
        """Whether both name something of the same kind: two years, two months, two days of the week."""
        return bool((self.years and other.years) or (self.months and other.months) or (self.weekday and other.weekday))


_SEASONS = ("spring", "summer", "autumn", "winter")


@lru_cache(maxsize=4_000)
def dates_in(text: str) -> tuple[Date, ...]:
    """The dates of a text in order; none lies within another."""
    if not _QUICK.search(text):
        return ()
    found: list[Date] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(date.start < end and start < date.end for date in found):
                continue
            date = _read(match, start, end)
            if date is not None:
                found.append(date)
    return tuple(sorted(found, key=lambda date: date.start))


def _read(match: re.Match[str], start: int, end: int) -> Date | None:
    """The date that a pattern has found; None where its figures are none ("45 May")."""
    parts = {name.rstrip("_"): value for name, value in match.groupdict().items() if value is not None}
    date = Date(start, end, part=_part(parts))
    if "weekday" in parts:
        return replace(date, weekday=parts["weekday"])
    if "century" in parts:
        number = _century(parts["century"])
        return replace(date, years=(number * 100 - 100, number * 100)) if number <= 21 else None
    if "tens" in parts:
        ten = 20 + 10 * _TENS.index(parts["tens"].lower())
        return replace(date, years=(1900 + ten, 1909 + ten))
    if "decade" in parts:
        first = int(parts["decade"] + parts["ten"] + "0")
        return replace(date, years=(first, first + (99 if parts["ten"] == "0" and parts["decade"] != "20" else 9)))
    if "one" in parts:
        one, two = int(parts["one"]), int(parts["two"])
        orders = [(day, month) for day, month in ((one, two), (two, one)) if 1 <= month <= 12 and 1 <= day <= 31]
        if not orders:
            return None
        days, months = (frozenset(numbers) for numbers in zip(*orders, strict=True))
        return replace(date, years=(int(parts["year"]),) * 2, months=months, days=days)
    years: Span | None = None
    if match.group() == parts.get("year") and _counts(match):
        return None
    if "year" in parts:
        first = int(parts["year"])
        last = parts.get("last", parts["year"])
        final = int(last) if len(last) == 4 else int(parts["year"][:2] + last)
        years = (first, final) if final >= first else (first, first)
    month = parts.get("month", "")
    number = int(month) if month.isdigit() else MONTH_NUMBERS.get(month.lower()[:3], 0)
    day = int(parts.get("day", 0))
    if day > 31 or number > 12 or ("day" in parts and day == 0):
        return None
    months = frozenset({number} if number else ())
    return replace(date, years=years, months=months, days=frozenset({day} if day else ()))


def _counts(match: re.Match[str]) -> bool:
    """Whether four figures count something: "had 1150 screens", not "in 1150 settlers" or "the 1936 trials"."""
    text, (start, end) = match.string, match.span()
    before = text[:start].split()[-1:]
    return bool(_PLURAL.match(text, end)) and not (before and before[0].lower() in _BEFORE_A_YEAR)


def _part(parts: dict[str, str]) -> str:
    season = parts.get("season", "").lower().replace("fall", "autumn")
    if season:
        return season
    words = parts.get("part", "").lower().removeprefix("the ")
    return {"beginning of": "early", "start of": "early", "middle of": "mid", "end of": "late"}.get(words, words)


def _century(words: str) -> int:
    return int(re.sub(r"\D", "", words)) if words[0].isdigit() else _ORDINALS.index(words) + 1
