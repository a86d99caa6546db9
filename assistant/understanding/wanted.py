"""Whether a sentence holds the kind of thing a question wants: a date, a number, a name, a place.

The rules are for English. They rather find too much: they are asked only about sentences that match the question.
But: nothing here decides whether a sentence answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from assistant.understanding.question import STOP_WORDS, WORD, Question, normal, stem
from vectorstore.english import CERTAIN_MONTHS, DAYS, MONTHS, ONES, SEASONS, SHORT_MONTHS, TENS, one_of, word_set
from vectorstore.types import Span

LONG_NAME, ALIKE = 5, 0.8
"""From how many letters on, and how like another (difflib's ratio), a name may be misspelt."""
LEAST_SHORT, MOST_SHORT = 2, 6
"""How many letters the short form of a name has."""
ROOT, TAIL = 4, 4
"""How many letters two forms of a name share at least, and how many may follow: "Egyptians", "Egypt"."""
_DERIVED = re.compile(r"(?:ish|i?an|ese|i[cs]|is[mt]|ite)$")
_MONTH = one_of(f"{MONTHS} {SHORT_MONTHS}")
_SEASON = one_of(f"{SEASONS} fall")
_YEAR = r"(?:1[0-9]\d\d|20\d\d)"
_YEARS = rf"{_YEAR}(?:[-–/](?:\d{{4}}|\d\d))?s?\b"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = "|".join(
    (
        rf"{_DAY},?(?: of)? {_MONTH}\.?(?:,? {_YEAR})?",
        rf"{_MONTH}\.?,? {_DAY}\b(?:,? {_YEAR})?",
        rf"{_MONTH}\.?,? (?:of )?{_YEAR}",
        rf"{one_of(CERTAIN_MONTHS)}\b",
        _YEARS,
    )
)
_BEFORE_DATE = rf"(?:(?:early|mid|late)[- ]|the (?:end|beginning|start|middle|{_SEASON}) of |{_SEASON}(?: of)? )?"
_CENTURY = one_of("nineteenth eighteenth seventeenth sixteenth twentieth twenty-first \\d{1,2}(?:st|nd|rd|th)")
TIME = re.compile(
    rf"\b(?:{_BEFORE_DATE}(?:{_DATE})|(?:in|since|until|by|during|of|last|next) (?:May|March)\b|{_CENTURY}[- ]century|"
    rf"\d{{1,2}}:\d\d(?: ?[ap]\.?m\.?)?|\d{{1,2}} ?[ap]\.?m\b\.?|{one_of(DAYS)}|"
    r"(?:\w+ )?(?:day|week|month|year|decade|hour)s? (?:later|earlier|ago|before|after|afterwards))",
)
_NUMBER_WORD = one_of(
    f"""{ONES.removeprefix("zero ")} {TENS} hundreds? thousands? millions? billions?
    trillions? dozens? half a_third two-thirds a_quarter three-quarters several once twice thrice tens"""
)
_FIGURE = r"\d[\d,]*(?:\.\d+)?"
NUMBER = re.compile(
    rf"(?:[$£€¥]\s?)?\b{_FIGURE}(?:\s?(?:%|per cent|percent|million|billion|trillion|thousand|hundred))?"
    rf"(?:\s?(?:to|[-–]|and|or)\s?{_FIGURE})?"
    rf"|\b{_NUMBER_WORD}(?:[- ](?:{_NUMBER_WORD}|and {_NUMBER_WORD}|of {_NUMBER_WORD}))*\b",
    re.I,
)
_CAPITAL = r"(?:(?:[A-Z]\.\s?){1,3}\s?)?[A-Z][\w’'-]*[\w]"
NAME = re.compile(rf"{_CAPITAL}(?:\s(?:(?:de|von|van|der|den|la|le|du|di|al|bin|ibn|y|of|the)\s){{0,2}}{_CAPITAL})*")
_PLACE_BEFORE = re.compile(
    rf"\b{one_of('in at to from near of into through outside inside around across via for by between')}\s+(?:the\s+)?"
    rf"(?:{one_of('city town port village province state region')}\s+of\s+)?$",
    re.I,
)
_LABEL = re.compile(
    r"^[\W_]*(?:(?:chapter|part|section|book|article|question|q)\b\W*)?"
    r"(?:(?:[ivxlc]+|\d+(?:\.\d+)*)(?=\W))?[\W_]*",
    re.I,
)
"""What a heading begins with, before its words: "CHAPTER II.", "4.1"."""
_EMPTY = word_set(
    """a an the of in on at to for from by with and as is are was were be been being am do does did has have had
    who whom whose what which when where why how that this these those it its there can could will would shall
    should may might must i we you they he she"""
)
_TITLES = word_set("mr mrs ms dr sir lord lady prof professor comrade president general")
_NOT_NAMES = STOP_WORDS | word_set(
    f"""{MONTHS.lower()} {DAYS.lower()} however although despite following within even eventually instead unfortunately
    nevertheless meanwhile moreover furthermore thus therefore finally later soon still"""
)


def holds_wanted(question: Question, text: str) -> bool:
    """Whether `text` holds something of the form that the question asks for (a name, date, number or place) beside
    words of the question itself. False where the question asks for nothing of such a form (`Question.has_form`)."""
    found: Iterator[Span]
    if question.who_said or question.wanted == "person":
        found = _names(text)
    elif question.wanted == "time":
        found = (match.span() for match in TIME.finditer(text))
    elif question.wanted == "number":
        dates = [match.span() for match in TIME.finditer(text) if re.search(r"\d{4}|[A-Z]", match.group())]
        numbers = (match.span() for match in NUMBER.finditer(text))
        found = ((at, end) for at, end in numbers if not any(first <= at < last for first, last in dates))
    elif question.wanted == "place":
        found = ((start, end) for start, end in _names(text) if _PLACE_BEFORE.search(text[:start]))
    else:
        return False
    return any(not _repeats(question, text[start:end]) for start, end in found)


def names_held(question: Question, text: str, whole: str = "") -> float:
    """Which part of the words that the question writes as names stand in the text, 0 to 1; 1 where it names nothing. A
    slip of the pen in a long name is forgiven: "Trotzky" is held by "Trotsky"; and a given name that the whole
    document, where that is given, never says and does without: "Ada Reyes" in one that says "Reyes"."""
    left_out = needless(question, whole) if whole else frozenset()
    names = [name for name in question.names if name not in left_out]
    if not names:
        return 1.0
    held = {stem(word) for word in WORD.findall(text)}
    short = {stem(word) for word in WORD.findall(question.text) if is_short_for(word, text)}
    missing = [name for name in names if name not in held | short]
    missing = [name for name in missing if len(name) < LONG_NAME or not get_close_matches(name, held, 1, ALIKE)]
    return round(1 - len(missing) / len(names), 4)


def names_known(question: Question, text: str) -> bool:
    """Whether all that the question writes as names stands somewhere in a whole document, also in another form
    ("Egyptians" in one on Egypt) or misspelt; figures aside. Of a name of several words the last is enough where the
    document uses it by itself: "Ada Reyes" in one that says "Reyes", not "Oak House" in one that says "Birch House".
    True where it names nothing."""
    if not any(not name[0].isdigit() for name in question.names):
        return True
    words, capitals = _vocabulary(text)

    def is_known(word: str) -> bool:
        return stem(word) in words or _is_alike(stem(word), capitals) or is_short_for(word, text)

    for run in _runs(question):
        known = [is_known(word) for word in run]
        if not all(known) and not (known[-1] and _stands_alone(run[-1], text)):
            return False
    return True


def names_in_title(question: Question, title: str) -> int:
    """How many of the question's names stand in what a document is called, in full or by their first letters."""
    words = {stem(word) for word in WORD.findall(title)}
    names = {stem(word): word for word in WORD.findall(question.text) if stem(word) in question.names}
    return sum(name in words or is_short_for(word, title) for name, word in names.items())


def is_short_for(word: str, text: str) -> bool:
    """Whether a word in capitals holds the first letters of a name in the text: "MPL" of "Mozilla Public License"."""
    if not (word.isupper() and word.isalpha() and LEAST_SHORT <= len(word) <= MOST_SHORT):
        return False
    first, others = word[0], word[1:]
    rest = "".join(rf"[ \t\n-]+(?:(?:of|the|and|for|in|on|de|du|la) ){{0,2}}{letter}[\w’']*" for letter in others)
    return re.search(rf"\b{first}[\w’']*{rest}(?![\w’'])", text) is not None


def says(name: str, text: str) -> bool:
    """Whether a text holds the stem of a name."""
    return name in _vocabulary(text)[0]


def needless(question: Question, text: str) -> frozenset[str]:
    """The names of a question that the text never says, before one that it uses by itself."""
    runs = [run for run in _runs(question) if len(run) > 1]
    if not runs:
        return frozenset()
    words, capitals = _vocabulary(text)
    found = {
        stem(word)
        for run in runs
        for word in run[:-1]
        if stem(word) not in words and not _is_alike(stem(word), capitals) and _stands_alone(run[-1], text)
    }
    return frozenset(found)


def _runs(question: Question) -> list[list[str]]:
    """The names of a question, each as its words that stand side by side."""
    runs: list[list[str]] = []
    end = -1
    for match in WORD.finditer(question.text):
        word = match.group()
        if word[0].isupper() and stem(word) in question.names:
            if runs and not question.text[end : match.start()].strip(" .-"):
                runs[-1].append(word)
            else:
                runs.append([word])
            end = match.end()
    return runs


def _stands_alone(word: str, text: str) -> bool:
    """Whether at least half of the times that a text writes a word with a capital, no other name stands before it."""
    alone, places = 0, 0
    for match in re.finditer(rf"(?<!\w){re.escape(normal(word))}(?!\w)", text, re.I):
        if text[match.start()].isupper():
            before = re.search(r"([^\W\d_][\w’'-]*)[ -]$", text[max(0, match.start() - 40) : match.start()])
            named = before is not None and before[1][0].isupper() and normal(before[1]) not in _NOT_NAMES | _TITLES
            places, alone = places + 1, alone + (not named)
    return places > 0 and 2 * alone >= places


def _is_alike(name: str, capitals: frozenset[str]) -> bool:
    root = _DERIVED.sub("", name)
    if len(root) >= ROOT and any(other.startswith(root) and len(other) - len(root) <= TAIL for other in capitals):
        return True
    return len(name) >= LONG_NAME and bool(get_close_matches(name, capitals, 1, ALIKE))


@lru_cache(maxsize=64)  # a question looks at the documents of forty candidates
def _vocabulary(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of all words of a text, and of those that it writes with a capital."""
    words = set(WORD.findall(text))
    return frozenset(map(stem, words)), frozenset(stem(word) for word in words if word[0].isupper())


def only_repeats(question: Question, text: str) -> bool:
    """Whether a sentence says nothing that the question does not say itself: a heading, or the question of a list of
    questions, which is no answer. Of a question with yes or no, or with "or", a statement in its words may be one."""
    own = {stem(word) for word in WORD.findall(_LABEL.sub("", text)) if normal(word) not in _EMPTY}
    if not own or not own <= {stem(word) for word in WORD.findall(question.text)}:
        return False
    asks = text.rstrip(" \t\r\n”\"’')*_").endswith("?")
    return asks or (question.wanted != "yes-no" and not re.search(r"\bor\b", question.text, re.I))


def _names(text: str) -> Iterator[Span]:
    """Runs of capitalised words that look like names. The first word of a sentence counts only where another
    capitalised word follows it."""
    for match in NAME.finditer(text):
        start, end = match.span()
        first = WORD.match(text, start)
        if first is None:
            continue
        opening = not text[:start].rstrip(" “”\"‘’'([«„\n").strip() or text[:start].rstrip(" “\"‘'([\n")[-1:] in ".!?:"
        if normal(first.group()) in _NOT_NAMES:
            start = first.end()
            while start < end and not text[start].isupper():
                start += 1
        elif opening and match.group() == first.group():
            continue
        if start < end and normal(text[start:end]) not in _TITLES:
            yield start, end - 2 if text[start:end].endswith(("’s", "'s")) else end


def _repeats(question: Question, words: str) -> bool:
    """Whether the question names all of these words."""
    stems = {stem(word) for word in WORD.findall(words) if normal(word) not in STOP_WORDS}
    return bool(stems) and stems <= set(question.stems)
