"""Which rows of a table a question points at, by the cells that it names.

    | Year | Field | Sacks |      "How many sacks did the south field give in 1921?"
    | ---- | ----- | ----- |      names two cells, 1921 and south: the last row holds both. Of the south field in 1922
    | 1921 | north | 40    |      the table says nothing, though it may name either.
    | 1921 | south | 65    |

A cell is named where the question holds all of its words that carry content, or one that it writes as a name. Cells of
one column, where the question joins them ("in 1921 and in 1922"), are alternatives; all others must stand in one row.
Where it names a cell of several words, only tables that hold it may answer; where it picks rows of one by their order,
only that one, and others of which it names a cell. Months and days may be columns: "How many in March?" points at every
row of such a table, if it is short, and "closed on Monday" at the rows where that column says so.
Where several rows are left and the question says "in radiology", of which the text never speaks, none of them answers.
But: which column is asked for is not known here, and a name in a heading or a header points at no row.

A line with a key ("Night foreman: Aksel Roe") is a row of two cells: where the question names a key, other keys for the
same thing do not answer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.understanding.ordered import Order, order_of, picked
from assistant.understanding.question import WORD, Question, analyse, content_words, normal, stem
from assistant.understanding.wanted import holds_wanted
from vectorstore.english import DAYS, MONTHS, SHORT_PERIODS, one_of, word_set
from vectorstore.table_rows import Table, cells, tables, words_of

MOST_WORDS = 8
"""Content words of a cell that may be named; a longer one is text."""
MOST_NAMED = 100
"""Cells of a table that a question may name; one that names more is a text, and points at no row."""
GROUP = -1
"""The column of the label over a group of rows."""
_BEHIND_HEAD = re.compile(r"\b(?:of|for|in|at|on|to|by|from|with)\b|[(,]", re.I)
_OF_WHAT = re.compile(
    r"\b(?:in|of|for|at|from|to|on|by|with|near|under|inside)\s(?:(?:the|a|an|our|their|its)\s)?([^\W\d_][\w’'-]+)"
)
_HELPER = re.compile(r"(?:do|does|did|can|could|will|would|must|may|might|should)", re.I)
_SMALL_WORD = re.compile(
    r"(?:a|an|the|this|that|my|our|your|his|her|its|their|in|of|for|at|from|to|on|by|with|near|under|inside|into|over|"
    r"between|during|before|after|until|till|since|and|or|when|if|per|each|every)",
    re.I,
)
_YEAR = re.compile(r"1\d{3}|20\d\d")
_JOINED = re.compile(r"(?<=.)\b(?:and|or|nor|than|compared?|versus|vs|differences?|both|each|between)\b|[,/&]", re.I)
_FIGURE = re.compile(r"(?<!\d)\d++(?:[.:,/]\d++)+")
_NUMBERED = re.compile(r"\b(\w++)[ .:#]+(?:no\.? ?|number )?(?=\d)", re.I)

_SHORT = re.compile(rf"\b({one_of(' '.join(sorted(SHORT_PERIODS, key=len, reverse=True)))})\b\.?")

_PERIODS = frozenset(stem(word) for word in f"{DAYS} {MONTHS}".split())
_PRICES = frozenset(map(stem, ("price", "cost", "fee", "fare", "rate", "tariff", "charge")))
"""Words for one thing: what something costs stands in a list of prices."""
MOST_ROWS = 8
"""Rows of a table with months or days as columns that are all shown."""

Place = tuple[int, int]
"""A row and a column of a table."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """The numbers of the rows of a table that a question points at; `one_by_one`: it names each of them; `asked`: all
    else that it says is a header of the table or stands around it; `by_period`: it names a month or a day that is a
    column, and no row."""

    rows: frozenset[int]
    one_by_one: bool
    asked: bool = False
    by_period: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """The rows of a text that a question points at, for each table, by where its first row begins. A table of which it
    names nothing is left out; of one that holds what it names, but not in one row, it points at no row."""

    found: Mapping[int, Pointed]
    tables: tuple[Table, ...]

    def allows(self, at: int) -> bool:
        """Whether what stands at this offset may answer: all but the rows that the question does not point at."""
        _, row, pointed = self._row(at)
        return pointed is None or row in pointed.rows

    def named(self, at: int) -> int | None:
        """Where the table of the row at this offset has its first row, if the question names the row, alone or with
        others."""
        first, row, pointed = self._row(at)
        return first if pointed is not None and pointed.one_by_one and row in pointed.rows else None

    def is_asked(self, at: int) -> bool:
        """Whether the row at this offset holds just what is asked for: the question names it and a header of its table,
        and says nothing that is not of the table."""
        _, _, pointed = self._row(at)
        return pointed is not None and pointed.asked and self.named(at) is not None

    def _row(self, at: int) -> tuple[int, int, Pointed | None]:
        """Where the table of the row at this offset has its first row, which row it is, and the rows of the table that
        the question points at; None elsewhere, and where it names nothing of the table."""
        number = bisect_right(self.tables, at, key=lambda table: table.rows[0][0]) - 1
        rows = self.tables[number].rows if number >= 0 else ()
        row = bisect_right(rows, at, key=lambda span: span[0]) - 1
        return (rows[0][0], row, self.found.get(rows[0][0])) if row >= 0 and at < rows[row][1] else (-1, -1, None)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a table. `keys`: where each stands, by its stems; `holding`: which of these a stem is in; `words`:
    where the cells with a stem stand; `headers`: the stems of each column's."""

    keys: Mapping[frozenset[str], frozenset[Place]]
    holding: Mapping[str, Sequence[frozenset[str]]]
    words: Mapping[str, frozenset[Place]]
    headers: tuple[frozenset[str], ...]


def look_up(question: Question, text: str, said: str = "", title: str = "") -> Lookup:
    """The rows that the question points at, in every table of the text, whose cells are read once and remembered.
    `said`: what the conversation said before, which points at fewer of them where it can. `title`: what the text is
    called."""
    before, called = analyse(said), _stems(f" {title}")
    order = order_of(question.text) if question.wanted != "yes-no" else None
    known = tuple(table for table in tables(text) if table.rows)
    found: dict[int, Pointed] = {}
    by_order = False
    cells_of = _all_cells(text) if known else ()
    for table, own in zip(known, cells_of, strict=True):
        pointed = (
            _in_order(order, said or question.text, text, table, own, called, title) if order is not None else None
        )
        if pointed is not None:
            found[table.rows[0][0]] = pointed
            by_order = by_order or bool(pointed.rows)
            continue
        pointed = _pointed(question, before, own, len(table.rows)) or _in_period(question, own, table)
        if pointed is not None:
            around = called | _stems(f" {text[slice(*table.lead)]}")
            if len(pointed.rows) > 1 and not pointed.one_by_one and _names_another(question, own, f"{title} {text}"):
                pointed = Pointed(frozenset(), False)
            asked = _is_all_of(before if said else question, own, around)
            if asked or not pointed.by_period:
                found[table.rows[0][0]] = replace(pointed, asked=asked)
    whole = frozenset[frozenset[str]]().union(*(_whole_names(question, own) for own in cells_of))
    for table, own in zip(known, cells_of, strict=True):
        first = table.rows[0][0]
        lacks = 0 < len(whole) <= MOST_NAMED and not any(_holds(own, key) for key in whole)
        if lacks or (by_order and first not in found):
            found[first] = Pointed(frozenset(), False)
    return Lookup(found, known)


def _in_order(
    order: Order, said: str, text: str, table: Table, own: _Cells, called: frozenset[str], title: str
) -> Pointed | None:
    """The rows that a question picks by their order, among those that the rest of it points at; `said`: the question
    with what was said before. None where the table has no column for it."""
    rest = analyse((order_of(said) or order).rest)
    held = _pointed(rest, analyse(""), own, len(table.rows))
    if held is not None and (not held.rows or len(held.rows) == 1):
        return None
    numbers = range(len(table.rows)) if held is None else sorted(held.rows)
    own_cells = {row: [words_of(text, *cell) for cell in cells(text, *table.rows[row])] for row in numbers}
    open_, columns = _left_open(rest, own)
    known = called.union(_stems(f" {text[slice(*table.lead)]}"), *own.headers)
    if not columns and open_ and not open_ & known:  # "the latest show", where this is a table of other things
        return None
    rows = picked(order, own.headers, own_cells, _asked(said))
    if rows is None:
        return None
    if _names_another(rest, own, f"{title} {text}"):
        return Pointed(frozenset(), False)
    return Pointed(rows, True, open_ <= known | order.names)


def _in_period(question: Question, own: _Cells, table: Table) -> Pointed | None:
    """All rows of a short table of which the question names a column that is a month or a day: those whose first cell
    has a word of the question, where there are any."""
    if not _period_columns(question, own) or len(table.rows) > MOST_ROWS or question.wanted == "yes-no":
        return None
    said = {row for word in _asked(question.text) for row, column in own.words.get(word, ()) if column == 0}
    return Pointed(frozenset(said or range(len(table.rows))) - set(table.groups), True, by_period=True)


def _period_columns(question: Question, own: _Cells) -> frozenset[int]:
    """The columns of months or days that a question names."""
    asked = _asked(question.text)
    return frozenset(column for column, stems in enumerate(own.headers) if stems & _PERIODS and stems <= asked)


def _whole_names(question: Question, own: _Cells) -> frozenset[frozenset[str]]:
    """The cells of several words that the question names: "s390x-unknown-linux-gnu", "Town Hall"."""
    asked = _asked(question.text)
    keys = {key for word in asked for key in own.holding.get(word, ()) if len(key) > 1 and key <= asked}
    return frozenset(keys)


def _holds(own: _Cells, key: frozenset[str]) -> bool:
    """Whether a cell or a header of a table holds all of these stems."""
    rarest = min((own.holding.get(word, ()) for word in key), key=len)
    return any(key <= other for other in (*rarest, *own.headers))


def _is_all_of(question: Question, own: _Cells, around: frozenset[str]) -> bool:
    """Whether a question says nothing that is no cell or header of a table, or stands around it, and names a header of
    another column than its cells are of."""
    open_, columns = _left_open(question, own)
    headers = frozenset[str]().union(*own.headers)
    if _PRICES & (headers | around):
        open_ -= _PRICES
    other = frozenset[str]().union(*(stems for column, stems in enumerate(own.headers) if column not in columns))
    says = question.wanted != "yes-no" or bool(_period_columns(question, own))
    return says and open_ <= headers | around and bool(open_ & other)


def _names_another(question: Question, own: _Cells, text: str) -> bool:
    """Whether a question says of what it asks for that it is of something of which the text never speaks: "in
    radiology"."""
    open_, _ = _left_open(question, own)
    behind = {stem(match[1]) for match in _OF_WHAT.finditer(question.text)} & open_.difference(*own.headers)
    return not all(re.search(rf"(?<!\w){re.escape(word)}", text, re.I) for word in behind)


def _left_open(question: Question, own: _Cells) -> tuple[frozenset[str], frozenset[int]]:
    """The stems of a question that are of no cell which it names, and the columns of these cells."""
    asked = _asked(question.text)
    keys = {key for word in asked for key in own.holding.get(word, ()) if key <= asked}
    cell = frozenset[str]().union(*keys) | {name for name in question.names if name in own.words}
    return asked - cell, frozenset(column for key in keys for _, column in own.keys[key])


_OF_A_FORM = ("person", "time", "number")
_JUST_ASKS = word_set("who what when how much many is are was were the our your of in at on for")
_NOT_SURE = re.compile(r"\?|\b(?:not?|none|never|former(?:ly)?|see|to be|unknown|vacant|acting)\b", re.I)
"""What makes a value of a key none, or another's."""


def under_other_keys(question: Question, keys: Mapping[int, str]) -> frozenset[int]:
    """Of lines with a key, by where each begins, those that do not answer: the question names another key for the same
    thing ("foreman", where this is the "night foreman"), or a longer one."""
    asked = _asked(question.text)
    stems = {start: (_head(key), _stems(f" {key}")) for start, key in keys.items()}
    named = {(head, key) for head, key in stems.values() if key and key <= asked}
    named = {(head, key) for head, key in named if not any(head == other and key < wider for other, wider in named)}
    heads = {head for head, _ in named}
    return frozenset(start for start, key in stems.items() if key[0] in heads and key not in named)


def told_by_key(question: Question, lines: Mapping[int, tuple[str, str]], around: str) -> int | None:
    """Where the line begins, of those with a key, that is what the question asks for by its form: it says the key, and
    nothing that does not stand `around` it, be it as small as "not" or "before"; no other of these lines has that key,
    and what stands behind it is of the kind asked for, and sure. `lines`: key and value, by where each begins. None for
    none."""
    asked, above = _asked(question.text), _stems(f" {around}")
    small = [word for word in WORD.findall(question.text) if stem(word) not in asked | above]
    if not all(normal(word) in _JUST_ASKS for word in small):
        return None
    keyed = [(start, value) for start, (key, value) in lines.items() if asked - above <= _stems(f" {key}") <= asked]
    if len(keyed) != 1 or not asked - above or _NOT_SURE.search(keyed[0][1]):
        return None
    ((start, value),) = keyed
    fits = holds_wanted(question, value) if question.wanted in _OF_A_FORM else question.wanted == "thing" and value
    return start if fits else None


def _head(key: str) -> str:
    """The stem of the word that says what a key is of: "foreman" of "night foreman of the depot"."""
    return stem((content_words(_BEHIND_HEAD.split(key, maxsplit=1)[0]) or [key])[-1])


def _pointed(question: Question, before: Question, own: _Cells, count: int) -> Pointed | None:
    """The rows that hold all that the question names of a table. None where it names nothing, or where no row holds all
    of it and that says little: a question for yes or no, or that joins things, may name what does not go together."""
    named, figures = _named(question, own)
    likely = [*figures, *(places for some in _named(before, own) for places in some if places not in named)]
    if not named and not likely:
        return None
    periods = _period_columns(question, own)
    named = [frozenset(place for place in places if place[1] in periods) or places for places in named]
    joins = bool(_JOINED.search(question.text))
    rows = [frozenset(row for row, _ in places) for places in named]
    columns = [frozenset(column for _, column in places) for places in named]
    held, most = frozenset(range(count)), 1
    for a, mine in enumerate(rows):
        instead = [rows[b] for b in range(len(rows)) if columns[a] & columns[b] and not mine & rows[b]]
        held &= mine.union(*instead) if joins else mine
        most = max(most, 1 + len(instead)) if joins else 1
    for places in likely:
        held = held & {row for row, _ in places} or held
    return None if not held and (joins or question.wanted == "yes-no") else Pointed(held, len(held) <= most)


def _named(question: Question, own: _Cells) -> tuple[list[frozenset[Place]], list[frozenset[Place]]]:
    """Where each thing stands that the question names of a table; and each figure in it that may be one of the table's,
    or only looks like it."""
    asked = _asked(question.text)
    headers = frozenset[str]().union(*own.headers)
    keys = {key for word in asked for key in own.holding.get(word, ()) if key <= asked and not key <= headers}
    keys.discard(frozenset(_verb(question.text)))
    if len(keys) > MOST_NAMED:
        return [], []
    keys = {key for key in keys if not any(key < wider for wider in keys)}  # "20 kg" where "20 to 40 kg" is named
    found: list[frozenset[Place]] = []
    figures: list[frozenset[Place]] = []
    for key in sorted(keys, key=sorted):
        labels = frozenset(p for p in own.keys[key] if _is_label(key, p[1], question.text, own))
        (found if labels else figures).append(labels or own.keys[key])
    covered = headers.union(*keys)
    names = [
        name for name in question.names if name not in covered and (not name[0].isdigit() or _YEAR.fullmatch(name))
    ]
    return [*found, *(own.words[name] for name in names if name in own.words)], figures


@lru_cache(maxsize=16)
def _verb(question: str) -> tuple[str, ...]:
    """The stem of what is done in a question with "does", "did" or "can", where that is certain: "open" of "When does
    the mill open on Monday?", which is no cell."""
    words = question.strip(" ?.!").split()
    helper = next((at for at, word in enumerate(words) if _HELPER.fullmatch(word)), len(words))
    for at in range(helper + 2, len(words)):
        ends = at + 1 == len(words) or _SMALL_WORD.fullmatch(words[at + 1])
        if ends and words[at].isalpha() and words[at].islower() and not _SMALL_WORD.fullmatch(words[at - 1]):
            return (stem(words[at]),)
    return ()


def _is_label(key: frozenset[str], column: int, question: str, own: _Cells) -> bool:
    """Whether a cell may name its row: a bare number only where it is a year or a time, stands in the first column, or
    is asked for behind its header ("platform 9")."""
    if column <= 0 or not all(word.isdigit() for word in key) or any(_YEAR.fullmatch(word) for word in key):
        return True
    before = {stem(match[1]) for match in _NUMBERED.finditer(question)}
    return column < len(own.headers) and bool(own.headers[column] & before)


def _stems(text: str) -> frozenset[str]:
    """The stems of the words that carry content, figures as they are ("10:15"), and single capital letters ("zone B"),
    which may be no more than the first word of a sentence."""
    figures = _FIGURE.findall(text)
    text = _SHORT.sub(lambda match: SHORT_PERIODS[match[1]], _FIGURE.sub(" ", text))
    letters = re.findall(r"(?<!\w)(?<!\w[’'])(?!^)[A-HJ-Z](?![\w.’'])", text)
    return frozenset((*map(stem, content_words(text)), *figures, *letters))


@lru_cache(maxsize=16)
def _asked(question: str) -> frozenset[str]:
    return _stems(question)


@lru_cache(maxsize=8)
def _all_cells(text: str) -> tuple[_Cells, ...]:
    return tuple(_cells_of(text, table) for table in tables(text) if table.rows)


def _cells_of(text: str, table: Table) -> _Cells:
    headers = tuple(_stems(f" {words_of(text, *span)}") for span in cells(text, *table.header))
    keys: dict[frozenset[str], set[Place]] = defaultdict(set)
    words: dict[str, set[Place]] = defaultdict(set)
    labels: dict[int, frozenset[str]] = dict.fromkeys(table.groups, frozenset())
    alone = frozenset[str]()
    rows = [[words_of(text, *cell) for cell in cells(text, *span)] for span in table.rows]
    single = [row for row, said in enumerate(rows) if len(said) > 1 and said[0] and not any(said[1:])]
    labelled = len(single) > 1 and single[0] == 0  # a table that begins with a label has labels over its groups
    for row, said in enumerate(rows):
        own = dict(enumerate(_stems(f" {cell}") for cell in said))
        if row in labels:
            labels[row] = own[0]
            continue
        own[GROUP] = labels[table.groups[row]]
        if len(said) > 1 and said[0] and not any(said[1:]):
            alone = own[0]
        elif labelled and not own[GROUP]:
            own[GROUP] = alone
        for column, stems in own.items():
            if 0 < len(stems) <= MOST_WORDS:
                keys[stems].add((row, column))
                for word in stems:
                    words[word].add((row, column))
    holding: dict[str, list[frozenset[str]]] = defaultdict(list)
    for key in keys:
        for word in key:
            holding[word].append(key)
    return _Cells(
        {key: frozenset(places) for key, places in keys.items()},
        holding,
        {word: frozenset(places) for word, places in words.items()},
        headers,
    )
