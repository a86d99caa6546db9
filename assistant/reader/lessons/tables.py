"""Lessons on rows of tables and on key lines, made up: what is asked of a thing stands in one cell of its row.

The texts are laid out and read by the code that reads them in use (`vectorstore.table_rows`), so that a lesson is what
the reader sees. Of each question: the rows with the answer, rows of others, the same rows asked for a thing that the
table does not name, and for what it does not tell.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.reader.lessons.lesson import Lesson, Span, Unit
from vectorstore.english import DAYS, MONTHS
from vectorstore.table_rows import labelled, lead_of, tables, written

Make = Callable[[random.Random], str]
_MADE_OF = json.loads(Path(__file__).with_name("tables.json").read_text(encoding="utf-8"))
"""`words`: of what values are made; `kinds`: of tables; `years`: what is measured year by year."""
_WORDS: dict[str, list[str]] = {
    **{name: words.split() for name, words in _MADE_OF["words"].items()},
    **{"days": DAYS.split(), "months": MONTHS.split()},
}


def _any(name: str) -> Make:
    return lambda rng: rng.choice(_WORDS[name])


def _name(ends: str) -> Make:
    """A name that no place or family has, most likely."""

    def make(rng: random.Random) -> str:
        middle = rng.choice(_WORDS["second"]) * (rng.random() < 0.5)
        return rng.choice(_WORDS["first"]) + middle + rng.choice(_WORDS[ends])

    return make


_place, _surname = _name("places"), _name("people")


def _person(rng: random.Random) -> str:
    return f"{rng.choice(_WORDS['given'])} {_surname(rng)}"


def _thing(rng: random.Random) -> str:
    return f"{rng.choice(_WORDS['kinds'])} {rng.choice(_WORDS['things'])}"


def _route(rng: random.Random) -> str:
    return f"{_place(rng)} to {_place(rng)}"


def _time(rng: random.Random) -> str:
    return f"{rng.randint(5, 22)}:{rng.choice(('00', '10', '15', '20', '30', '40', '45', '50'))}"


def _hours(rng: random.Random) -> str:
    start = rng.randint(5, 15)
    end = f"{start + rng.randint(2, 8)}:{rng.choice(('00', '30'))}"
    return f"{start}:{rng.choice(('00', '30'))} {rng.choice(('to', '-', '–'))} {end}"


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1, 28)} {rng.choice(_WORDS['months'])}" + rng.choice(("", f" {rng.randint(1780, 2024)}"))


def _price(rng: random.Random) -> str:
    return f"{rng.randint(2, 480)}{rng.choice(('', '', '.50', '.20'))} {rng.choice(_WORDS['money'])}"


def _minutes(rng: random.Random) -> str:
    return f"{rng.randint(1, 59)}:{rng.randint(10, 59)}"


def _thousands(rng: random.Random) -> str:
    return f"{rng.randint(1, 98)},{rng.randint(100, 999)}"


_MAKES: dict[str, Make] = {
    **{"person": _person, "place": _place, "thing": _thing, "route": _route, "time": _time, "hours": _hours},
    **{"date": _date, "price": _price, "minutes": _minutes, "thousands": _thousands},
}


def _make(told: str) -> Make:
    """What makes a value: a name of `_MAKES`, "any WORDS", "of ONE|OTHER", "number LOW HIGH" or the last with units."""
    if told in _MAKES:
        return _MAKES[told]
    how, _, rest = told.partition(" ")
    if how == "any":
        return _any(rest)
    if how == "of":
        return lambda rng: rng.choice(rest.split("|"))
    low, high, *units = rest.split(" ", 2)
    if not units:
        return lambda rng: str(rng.randint(int(low), int(high)))
    return lambda rng: f"{rng.randint(int(low), int(high))} {rng.choice(units[0].split('|'))}"


@dataclass(frozen=True)
class Column:
    """`headers`: how it may be called; `asked`: questions with `{}` for the thing; `back`: questions with `{}` for the
    value that ask for the thing."""

    headers: tuple[str, ...]
    make: Make
    asked: tuple[str, ...]
    back: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of table: what its rows are about, its columns, and what may introduce it."""

    key: tuple[str, ...]
    make: Make
    columns: tuple[Column, ...]
    leads: tuple[str, ...]


KINDS = tuple(
    Kind(
        tuple(kind["key"]),
        _make(kind["make"]),
        tuple(
            Column(tuple(c["headers"]), _make(c["make"]), tuple(c["asked"]), tuple(c.get("back", ())))
            for c in kind["columns"]
        ),
        tuple(kind["leads"]),
    )
    for kind in _MADE_OF["kinds"]
)


@dataclass(frozen=True)
class _Asked:
    question: str
    row: int
    column: int
    """The column of the answer, 0 for the thing itself."""
    name: str
    """What the question is told by."""


def table_lessons(most: int, rng: random.Random) -> list[Unit]:
    """Up to `most` units of made-up tables, in no order."""
    units: list[Unit] = []
    while len(units) < most:
        draw = rng.random()
        made = _of_years(rng) if draw < 0.2 else _of_record(rng) if draw < 0.4 else _of_kind(rng)
        units += [unit for unit in made if len(unit) > 1]
    return units[:most]


def _distinct(make: Make, count: int, rng: random.Random) -> list[str]:
    found: dict[str, None] = {}
    for _ in range(count * 6):
        found.setdefault(make(rng))
        if len(found) == count:
            break
    return list(found)


def _of_kind(rng: random.Random) -> Iterator[Unit]:
    kind = rng.choice(KINDS)
    names = _distinct(kind.make, rng.randint(3, 9) + 1, rng)
    absent = names.pop()
    columns = rng.sample(kind.columns, rng.randint(2, min(5, len(kind.columns))))
    header = [rng.choice(kind.key), *(rng.choice(column.headers) for column in columns)]
    rows = [[_capital(name, rng), *(column.make(rng) for column in columns)] for name in names]
    missing = [column for column in kind.columns if column not in columns]
    heading = rng.choice(kind.leads)
    for _ in range(2):
        row, number = rng.randrange(len(rows)), rng.randrange(len(columns))
        column = columns[number]
        if column.back and rng.random() < 0.25:
            value = rows[row][number + 1]
            if sum(value == other[number + 1] for other in rows) == 1:
                asked = _Asked(rng.choice(column.back).format(value), row, 0, value)
                other = _Asked(rng.choice(column.back).format(column.make(rng)), -1, 0, "")
                yield _unit(header, rows, asked, [other] * (other.question != asked.question), heading, rng)
            continue
        asked = _Asked(rng.choice(column.asked).format(names[row]), row, number + 1, names[row])
        near = [_Asked(rng.choice(column.asked).format(absent), -1, 0, absent)]
        if missing:
            near.append(_Asked(rng.choice(rng.choice(missing).asked).format(names[row]), -1, 0, ""))
        yield _unit(header, rows, asked, near, heading, rng)


def _capital(name: str, rng: random.Random) -> str:
    return name[:1].upper() + name[1:]


def _of_years(rng: random.Random) -> Iterator[Unit]:
    """A table whose columns are years, alone or with one or two measures each."""
    first = rng.randint(1850, 2018)
    years = [str(first + n * rng.choice((1, 1, 5))) for n in range(rng.randint(2, 4))]
    years = sorted(dict.fromkeys(years))
    measured = rng.sample(_MADE_OF["years"], rng.randint(1, 2))
    pattern = measured[0]["thing"]
    things = _distinct(lambda r: pattern.format(crop=_any("crops")(r), place=_place(r)), rng.randint(3, 6), rng)
    if len(things) < 3:
        return
    absent = things.pop()
    alone = len(measured) == 1 and rng.random() < 0.5
    header = [rng.choice(("", "Where", "Place", "Of")) or "Name"]
    told = [m["header"] + f" ({m['unit']})" * bool(m["unit"]) for m in measured]
    header += [year if alone else f"{year} – {one}" for year in years for one in told]
    rows = [[_capital(thing, rng), *(str(rng.randint(3, 900)) for _ in header[1:])] for thing in things]
    heading = f"{measured[0]['header']} by year" if alone else rng.choice(("Results", "Figures by year", ""))
    row, at = rng.randrange(len(things)), rng.randrange(len(header) - 1)
    year, measure = years[at // len(measured)], measured[at % len(measured)]
    ask = rng.choice(measure["asked"])
    asked = _Asked(ask.format(thing=things[row], year=year), row, at + 1, things[row])
    gone = str(int(years[-1]) + 7)
    near = [
        _Asked(ask.format(thing=absent, year=year), -1, 0, ""),
        _Asked(ask.format(thing=things[row], year=gone), -1, 0, ""),
    ]
    yield _unit(header, rows, asked, near, heading, rng)


def _unit(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    asked: _Asked,
    near: Sequence[_Asked],
    heading: str,
    rng: random.Random,
) -> Unit:
    lead = heading if rng.random() < 0.5 else ""
    text = (f"{lead}\n\n" if lead else "") + written(header, rows)
    titled = "" if lead or rng.random() < 0.3 else heading
    size = rng.randint(1, min(7, len(rows)))
    first = min(max(0, asked.row - rng.randrange(size)), len(rows) - size)
    shown = range(first, first + size)
    body, spans = _read(text, shown)
    article = f"table {rng.random()}"
    row = spans[asked.row - first]
    value = rows[asked.row][asked.column]
    label = f"{header[asked.column]}: {value}"
    at = body.find(label, row[0], row[1])
    start = at + len(label) - len(value) if at >= 0 else body.find(value, row[0], row[1])
    if start < 0:
        return []
    good = Lesson(
        asked.question,
        body,
        titled,
        article,
        ((start, start + len(value)),),
        True,
        True,
        (),
        (row,),
        sentences=spans,
        taught=False,
    )
    unit = [good]
    left = [n for n in range(len(rows)) if n not in shown]
    if left:
        other, others = _read(text, left[:7])
        if value not in other or asked.name not in other:
            unit.append(replace(_missed(good), text=other, relevant=False, sentences=others))
    return unit + [replace(_missed(good), question=miss.question) for miss in near]


def _missed(good: Lesson) -> Lesson:
    """As a lesson that the text does not answer."""
    return replace(good, answers=(), relevant=None, answered=False, unsupported=None, evidence=())


def _read(text: str, shown: Sequence[int]) -> tuple[str, tuple[Span, ...]]:
    """Some rows of the only table of a text as they are read, and where each of them stands."""
    table = tables(text)[0]
    lead = lead_of(text, table.rows[0][0])
    body, spans = lead + "\n" * bool(lead), []
    for number in shown:
        line = labelled(text, *table.rows[number])
        spans.append((len(body), len(body) + len(line)))
        body += line + "\n"
    return body.rstrip("\n"), tuple(spans)


def _of_record(rng: random.Random) -> Iterator[Unit]:
    """Key lines on one thing ("Built: 1887"), under its name."""
    kind = rng.choice(KINDS)
    name, absent = _distinct(kind.make, 2, rng)
    columns = rng.sample(kind.columns, rng.randint(2, len(kind.columns)))
    missing = [column for column in kind.columns if column not in columns]
    mark = rng.choice(("", "", "- ", "• "))
    lines, places = "", []
    for column in columns:
        header, value = rng.choice(column.headers), column.make(rng)
        lines += "\n" * bool(lines) + f"{mark}{header}: {value}"
        places.append((len(lines) - len(value), len(lines)))
    ends = [0, *(n + 1 for n, character in enumerate(lines) if character == "\n"), len(lines) + 1]
    spans = tuple((a, b - 1) for a, b in itertools.pairwise(ends))
    number = rng.randrange(len(columns))
    title = _capital(name, rng)
    good = Lesson(
        rng.choice(columns[number].asked).format(name),
        lines,
        title,
        f"record {rng.random()}",
        (places[number],),
        True,
        True,
        (),
        (spans[number],),
        sentences=spans,
        taught=False,
    )
    wrong = _missed(good)
    unit = [good, replace(wrong, heading=_capital(absent, rng), relevant=False)]
    unit.append(replace(wrong, question=rng.choice(columns[number].asked).format(absent)))
    if missing:
        unit.append(replace(wrong, question=rng.choice(rng.choice(missing).asked).format(name)))
    yield unit
