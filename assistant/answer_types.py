"""Where a sentence holds the kind of thing a question wants: dates, numbers, names, places, reasons.

Spans are offsets into the text that is passed in. Rules for English; they err on the side of finding too much, since
a span only counts together with a sentence that matches the question.
But: nothing here decides whether a sentence answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.question import STOP_WORDS, WORD, Question, normal, stem

Span = tuple[int, int]


def _any(words: str) -> str:
    """A group that matches any of the words; a "_" in one is a space."""
    return "(?:" + "|".join(words.split()).replace("_", " ") + ")"


_MONTH = _any(
    """January February March April May June July August September October November December Jan Feb Mar Apr Aug
    Sept? Oct Nov Dec"""
)
_SURE_MONTH = _any("January February April June July August September October November December")
_SEASON = _any("spring summer autumn winter fall")
_YEAR = r"(?:1[0-9]\d\d|20\d\d)"
_YEARS = rf"{_YEAR}(?:[-–/](?:\d{{4}}|\d\d))?s?\b"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = "|".join(
    (
        rf"{_DAY},?(?: of)? {_MONTH}\.?(?:,? {_YEAR})?",
        rf"{_MONTH}\.?,? {_DAY}\b(?:,? {_YEAR})?",
        rf"{_MONTH}\.?,? (?:of )?{_YEAR}",
        rf"{_SURE_MONTH}\b",
        _YEARS,
    )
)
_BEFORE_DATE = rf"(?:(?:early|mid|late)[- ]|the (?:end|beginning|start|middle|{_SEASON}) of |{_SEASON}(?: of)? )?"
_CENTURY = _any("nineteenth eighteenth seventeenth sixteenth twentieth twenty-first \\d{1,2}(?:st|nd|rd|th)")
TIME = re.compile(
    rf"\b(?:{_BEFORE_DATE}(?:{_DATE})|(?:in|since|until|by|during|of|last|next) (?:May|March)\b|{_CENTURY}[- ]century|"
    r"\d{1,2}:\d\d(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\b\.?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:\w+ )?(?:day|week|month|year|decade|hour)s? (?:later|earlier|ago|before|after|afterwards))",
)
_NUMBER_WORD = _any(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds? thousands? millions? billions?
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
    rf"\b{_any('in at to from near of into through outside inside around across via for by between')}\s+(?:the\s+)?"
    rf"(?:{_any('city town port village province state region')}\s+of\s+)?$",
    re.I,
)
_AIMS = _any("prevent avoid preserve protect cover stop save secure win gain ensure keep discredit help make allow")
_BECAUSE = _any(
    """because since due_to owing_to thanks_to as_a_result result_of resulted?_from caused?_by consequence therefore
    thus hence so_that in_order_to for_fear fearing feared hoping believing the_reason reasons which_meant
    meaning_that meant_that for_this led_to so_as_to on_the_grounds? prompted provoked given_(?:the|that) in_response
    in_protest in_reaction accused_of accusing charged_with"""
)
_REASON = re.compile(
    rf"\b(?:{_BECAUSE}|to {_AIMS}|as [a-z]+ (?:still )?(?:needed|wanted|feared|was|were|had)|too \w+ to|"
    r"for \w+ing)\b",
    re.I,
)
_SAID = _any(
    """said says wrote writes declared argued warned called described claimed stated explained admitted told denounced
    demanded replied insisted announced predicted remarked observed complained"""
)
_SPEECH = re.compile(rf"[“\"«„][^”\"»]{{2,}}|\b{_SAID}\b")
_TITLES_TEXT = """
    mr mrs ms dr sir lord lady prof professor comrade president general
"""
_TITLES = frozenset(_TITLES_TEXT.split())
_NOT_NAMES_TEXT = """
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday i however although despite when while after before following
    during under within according even only eventually instead unfortunately nevertheless meanwhile moreover
    furthermore thus therefore finally later soon still
"""
_NOT_NAMES = frozenset(_NOT_NAMES_TEXT.split())


def find_names(text: str, *, known: Collection[str] = ()) -> list[Span]:
    """Runs of capitalised words that look like names.

    The first word of a sentence counts where it is followed by another capitalised word, or where its lower-case form
    is in `known`, the words seen capitalised inside sentences.
    """
    spans = []
    for match in NAME.finditer(text):
        start, end = match.span()
        first = WORD.match(text, start)
        if first is None:
            continue
        word = normal(first.group())
        opening = not text[:start].rstrip(" “”\"‘’'([«„\n").strip() or text[:start].rstrip(" “\"‘'([\n")[-1:] in ".!?:"
        if word in STOP_WORDS or word in _NOT_NAMES:
            start = first.end()
            while start < end and not text[start].isupper():
                start += 1
        elif opening and match.group() == first.group() and word not in known:
            continue
        if start < end and normal(text[start:end]) not in _TITLES:
            if text[start:end].endswith(("’s", "'s")):
                end -= 2
            spans.append((start, end))
    return spans


def find_wanted(question: Question, text: str, *, known: Collection[str] = ()) -> list[Span]:
    """The spans of `text` of the kind that the question wants, in text order; words of the question itself do not
    count. For kinds without a recognisable form (manner, yes-no, thing) the list is empty."""
    if question.who_said or question.wanted == "person":
        return [span for span in find_names(text, known=known) if not _repeats(question, text[slice(*span)])]
    if question.wanted == "time":
        return [m.span() for m in TIME.finditer(text) if not _repeats(question, m.group())]
    if question.wanted == "number":
        times = [m.span() for m in TIME.finditer(text) if re.search(r"\d{4}|[A-Z]", m.group())]
        return [
            m.span()
            for m in NUMBER.finditer(text)
            if not any(s <= m.start() < e for s, e in times) and not _repeats(question, m.group())
        ]
    if question.wanted == "place":
        return [
            span
            for span in find_names(text, known=known)
            if _PLACE_BEFORE.search(text[: span[0]]) and not _repeats(question, text[slice(*span)])
        ]
    if question.wanted == "reason":
        return [m.span() for m in _REASON.finditer(text)]
    if question.wanted == "speech":
        return [m.span() for m in _SPEECH.finditer(text)]
    return []


def _repeats(question: Question, words: str) -> bool:
    stems = [stem(word) for word in WORD.findall(words) if normal(word) not in STOP_WORDS]
    return bool(stems) and all(s in question.stems for s in stems)
