"""Whether a sentence holds the kind of thing a question wants: a date, a number, a name, a place.

The rules are for English. They rather find too much: they are asked only about sentences that match the question.
But: nothing here decides whether a sentence answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.understanding.question import STOP_WORDS, WORD, Question, normal, stem
from vectorstore.english import CERTAIN_MONTHS, DAYS, MONTHS, ONES, SEASONS, SHORT_MONTHS, TENS, one_of, word_set
from vectorstore.types import Span

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
    r"^[\W_]*(?:(?:chapter|part|section|book|canto|act|scene|article|question|q)\b\W*)?"
    r"(?:(?:[ivxlc]+|\d+(?:\.\d+)*)(?=\W))?[\W_]*",
    re.I,
)
"""What a heading begins with, before its words: "CHAPTER II.", "4.1"."""
_CHAPTER = re.compile(r"\W*(?:chapter|book|canto|act|scene)\s+(?:[ivxlc]+|\d+)\b", re.I)
"""What the heading of a part of a story begins with."""
_EMPTY = word_set(
    """a an the of in on at to for from by with and as is are was were be been being am do does did has have had
    who whom whose what which when where why how that this these those it its there can could will would shall
    should may might must i we you they he she"""
)
TITLES = word_set("mr mrs ms dr sir lord lady prof professor comrade president general")
NOT_NAMES = STOP_WORDS | word_set(
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


def only_repeats(question: Question, text: str) -> bool:
    """Whether a sentence says nothing that the question does not say itself: a heading, or the question of a list of
    questions, which is no answer. Of a question with yes or no, or with "or", a statement in its words may be one."""
    own = {stem(word) for word in WORD.findall(_LABEL.sub("", text)) if normal(word) not in _EMPTY}
    if not own or not own <= {stem(word) for word in WORD.findall(question.text)}:
        return False
    asks = text.rstrip(" \t\r\n”\"’')*_").endswith("?")
    return asks or (question.wanted != "yes-no" and not re.search(r"\bor\b", question.text, re.I))


def is_title_of_chapter(question: Question, heading: str) -> bool:
    """Whether the heading of a chapter asks the question. Unlike that of a list of questions it says what the chapter
    is about, not that the words under it answer."""
    return bool(_CHAPTER.match(heading)) and only_repeats(question, heading)


def _names(text: str) -> Iterator[Span]:
    """Runs of capitalised words that look like names. The first word of a sentence counts only where another
    capitalised word follows it."""
    for match in NAME.finditer(text):
        start, end = match.span()
        first = WORD.match(text, start)
        if first is None:
            continue
        opening = not text[:start].rstrip(" “”\"‘’'([«„\n").strip() or text[:start].rstrip(" “\"‘'([\n")[-1:] in ".!?:"
        if normal(first.group()) in NOT_NAMES:
            start = first.end()
            while start < end and not text[start].isupper():
                start += 1
        elif opening and match.group() == first.group():
            continue
        if start < end and normal(text[start:end]) not in TITLES:
            yield start, end - 2 if text[start:end].endswith(("’s", "'s")) else end


def _repeats(question: Question, words: str) -> bool:
    """Whether the question names all of these words."""
    stems = {stem(word) for word in WORD.findall(words) if normal(word) not in STOP_WORDS}
    return bool(stems) and stems <= set(question.stems)
