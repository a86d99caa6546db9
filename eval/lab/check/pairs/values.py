"""Numbers, units and dates of a sentence: made wrong, or written another way."""

from __future__ import annotations

import calendar
import random
import re

from eval.lab.check.pairs.article import Article, Sentence, replaced
from vectorstore.english import ONES, TENS

_MONTHS = tuple(calendar.month_name[1:])
_MONTH = "|".join(_MONTHS)
_YEAR = re.compile(r"(?<![\w,.–-])(?:1[1-9]\d\d|20[0-2]\d)(?![\w–-]|,\d|\.\d)")
_NUMBER = re.compile(r"(?<![\w.,–/:-])(?<![$£€])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w–/:-]|\.\d|,\d)")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) ({_MONTH}),? (\d{{4}})\b")
_MONTH_FIRST = re.compile(rf"\b({_MONTH}) (\d{{1,2}}),? (\d{{4}})(?!\d),?")
_MONTH_YEAR = re.compile(rf"\b({_MONTH}) (\d{{4}})\b")
_IN_NAME = re.compile(r"[A-Z][\w-]* $|(?:[Nn]o\.|[Nn]umber|[Pp]age|[Cc]hapter|[Aa]rticle|[Vv]olume|§) ?$")
_ROUGHLY = re.compile(r"(?:about|around|approximately|nearly|almost|over|roughly|some|than|least|most) $")
_ONES, _TENS = ONES.split(), TENS.split()
_WORDS = {word: n for n, word in enumerate(_ONES)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
_COUNT_WORD = re.compile(
    rf"(?<![\w-])(?:{'|'.join(w for w in _WORDS if _WORDS[w] > 1)})(?![\w-])(?! (?:of|hundred|thousand|"
    rf"million|billion|or|and)\b)"
)
_UNITS = (
    ("million", "billion"),
    ("thousand", "million"),
    ("hundred", "thousand"),
    ("kilometres", "metres"),
    ("kilometers", "meters"),
    ("miles", "yards"),
    ("km", "m"),
    ("years", "months"),
    ("months", "weeks"),
    ("weeks", "days"),
    ("days", "hours"),
    ("hours", "minutes"),
    ("tons", "pounds"),
)
_UNIT_AT = re.compile(
    rf"(?<=\d )(?:{'|'.join(sorted({u for p in _UNITS for u in p}, key=len, reverse=True))})\b(?! ago)"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ORDINAL_AT = re.compile(
    r"(?<!one of )(?<!among )\bthe (first|second|third|fourth|fifth)(?= [a-z]+)(?! (?:half|time|world|person|hand))"
)


def in_words(number: int) -> str | None:
    """A whole number from 0 to 99, and round hundreds, thousands and millions, in words; None for others."""
    if 0 <= number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    for size, word in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number % size == 0 and number // size < 100:
            return f"{in_words(number // size)} {word}"
    return None


def wrong_number(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A count with another value, in figures or words."""
    text = sentence.text
    places = [m.span() for m in _NUMBER.finditer(text) if _is_count(text, m.start(), m.end())]
    places += [m.span() for m in _COUNT_WORD.finditer(text)]
    if not places:
        return None
    start, end = rng.choice(places)
    old = text[start:end]
    if old in _WORDS:
        options = [w for w, n in _WORDS.items() if n > 1 and w != old and abs(n - _WORDS[old]) <= max(3, _WORDS[old])]
        new = rng.choice([w for w in options if w not in text.split()] or [""])
    else:
        new = _another(old, bool(_ROUGHLY.search(text[:start])), rng)
    return replaced(text, (start, end), new) if new and new not in _figures(text) else None


def _figures(text: str) -> set[str]:
    return {m.group() for m in _NUMBER.finditer(text)} | {m.group() for m in _YEAR.finditer(text)}


def _is_count(text: str, start: int, end: int) -> bool:
    if _YEAR.fullmatch(text[start:end]) or _IN_NAME.search(text[:start]) or re.match(rf" (?:{_MONTH})\b", text[end:]):
        return False
    return not re.search(rf"(?:{_MONTH}) $", text[:start])


def _another(old: str, roughly: bool, rng: random.Random) -> str:
    """A figure of the same form with another value; of another size by a fifth at least where it is a rough one."""
    digits = [n for n, c in enumerate(old) if c.isdigit()]
    fractional = "." in old
    value = float(old.replace(",", ""))
    if value <= 12 and not fractional:
        return str(int(rng.choice([v for v in range(2, 15) if abs(v - value) >= max(1, value / 4)])))
    for _ in range(20):
        n = digits[0] if roughly or rng.random() < 0.5 else rng.choice([d for d in digits if old[d] != "0"] or digits)
        new = replaced(old, (n, n + 1), rng.choice([d for d in "123456789" if d != old[n]]))
        if not roughly or abs(float(new.replace(",", "")) - value) > value / 5:
            return new
    return ""


def wrong_unit(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """The figure as it is with another unit or size: millions for billions."""
    found = [m for m in _UNIT_AT.finditer(sentence.text)]
    if not found:
        return None
    match = rng.choice(found)
    options = [b if a == match.group() else a for a, b in _UNITS if match.group() in (a, b)]
    new = rng.choice(options)
    return None if new in sentence.text.split() else replaced(sentence.text, match.span(), new)


def wrong_order(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """The first for the second."""
    match = _ORDINAL_AT.search(sentence.text)
    if match is None:
        return None
    new = rng.choice([word for word in _ORDINALS if word not in sentence.text])
    return replaced(sentence.text, match.span(1), new)


def wrong_date(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """Another year, month or day."""
    text = sentence.text
    places = [
        (m.span(), "year")
        for m in _YEAR.finditer(text)
        if re.search(r"\b(?:in|of|since|until|by|during|,|\d\d?|" + _MONTH + r"),? $", text[: m.start()])
    ]
    for pattern, day, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        for m in pattern.finditer(text):
            places += [(m.span(day), "day"), (m.span(month), "month")]
    places += [(m.span(1), "month") for m in _MONTH_YEAR.finditer(text)]
    if not places:
        return None
    span, sort = rng.choice(places)
    old = text[slice(*span)]
    if sort == "month":
        new = rng.choice([month for month in _MONTHS if month not in text])
    elif sort == "day":
        new = str(rng.choice([d for d in range(1, 29) if d != int(old)]))
    else:
        near = [str(int(old) + d) for d in (-30, -12, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10, 12, 30)]
        new = rng.choice(
            [year for year in near if year <= "2029" and year not in article.paragraph_words(sentence)] or [""]
        )
    return replaced(text, span, new) if new else None


def number_form(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A number in words for figures, or in figures for words; "per cent" for "%"."""
    text = sentence.text
    ways: list[str] = []
    for m in _NUMBER.finditer(text):
        old = m.group()
        if not _is_count(text, *m.span()) or text[m.end() : m.end() + 1] == "%" or "." in old:
            continue
        words = in_words(int(old.replace(",", "")))
        if words and not re.match(r" (?:hundred|thousand|million|billion|percent|per cent)|, ", text[m.end() :]):
            ways.append(replaced(text, m.span(), words if m.start() else words.capitalize()))
    ways += [replaced(text, m.span(), str(_WORDS[m.group()])) for m in _COUNT_WORD.finditer(text)]
    ways += [replaced(text, m.span(), " percent") for m in re.finditer(r"(?<=\d)%(?=[ .,])", text)]
    ways += [replaced(text, m.span(), "%") for m in re.finditer(r"(?<=\d) (?:percent|per cent)\b", text)]
    ways += [
        replaced(text, m.span(), f"{m[1]},000,000") for m in re.finditer(r"(?<![\d.,$£€])(\d{1,3}) million\b", text)
    ]
    return rng.choice(ways) if ways else None


def date_form(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A whole date in another form."""
    text = sentence.text
    for pattern, day, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        m = pattern.search(text)
        if m and 1 <= int(m[day]) <= 31:
            d, name, year = m[day].lstrip("0"), m[month], m[3]
            comma = "," if text[m.end() : m.end() + 1] == " " and pattern is _DAY_FIRST else ""
            ways = [f"{name} {d}, {year}{comma}"] if pattern is _DAY_FIRST else [f"{d} {name} {year}"]
            ways += [f"the {d}{_ending(int(d))} of {name} {year}", f"{year}-{_MONTHS.index(name) + 1:02}-{int(d):02}"]
            return replaced(text, m.span(), rng.choice(ways))
    return None


def _ending(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def coarser_date(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """The month or the year alone where the source has the day."""
    m = re.search(rf"\b[Oo]n (?:(\d{{1,2}}) ({_MONTH})|({_MONTH}) (\d{{1,2}})),? (\d{{4}})\b(?!,? \d)", sentence.text)
    if m is None:
        return None
    month = m[2] or m[3]
    new = f"in {month} {m[5]}" if rng.random() < 0.5 else f"in {m[5]}"
    return replaced(sentence.text, m.span(), new if m.start() else new[0].upper() + new[1:])


def rounded(sentence: Sentence, article: Article, rng: random.Random) -> str | None:
    """A large count as a round one: "about 2,000" for 1,987."""
    for m in _NUMBER.finditer(sentence.text):
        value = float(m.group().replace(",", ""))
        if (
            value < 1000
            or value != int(value)
            or re.search(r"\b(?:an?|the|of|from|to|and) $", sentence.text[: m.start()])
            or not _is_count(sentence.text, *m.span())
            or not m.start()
        ):
            continue
        size = 10 ** (len(str(int(value))) - 1)
        for step in (size, size // 10):
            near = round(value / step) * step
            if near != value and abs(near - value) <= value * 0.03 and not _ROUGHLY.search(sentence.text[: m.start()]):
                return replaced(sentence.text, m.span(), f"about {near:,}")
    return None
