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

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)"
_YEAR = r"(?:1[0-9]\d\d|20\d\d)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
TIME = re.compile(
    rf"\b(?:(?:(?:early|mid|late)[- ]|the (?:end|beginning|start|middle|autumn|spring|summer|winter|fall) of |(?:spring|summer|autumn|winter|fall)(?: of)? )?"
    rf"(?:{_DAY},?(?: of)? {_MONTH}\.?,?(?: {_YEAR})?|{_MONTH}\.?,? {_DAY}\b(?:,? {_YEAR})?|{_MONTH}\.?,? (?:of )?{_YEAR}|(?<!\w){_MONTH}(?= |[,.;)]|$)(?<!\bMay)(?<!\bMarch)(?<!\bMar)|"
    rf"{_YEAR}(?:[-–/](?:\d{{4}}|\d\d))?s?\b)|"
    rf"(?:the )?(?:spring|summer|autumn|winter) (?:of )?{_YEAR}|(?:in|since|until|by|during|of|last|next) (?:May|March)\b|"
    r"\d{1,2}(?:st|nd|rd|th)[- ]century|(?:nineteenth|eighteenth|seventeenth|sixteenth|twentieth|twenty-first)[- ]century|"
    r"\d{1,2}:\d\d(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\b\.?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:\w+ )?(?:days?|weeks?|months?|years?|decades?|hours?) (?:later|earlier|ago|before|after|afterwards))",
)
_NUMBER_WORDS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|a third|two-thirds|"
    r"a quarter|three-quarters|several|once|twice|thrice|tens)"
)
NUMBER = re.compile(
    rf"(?:[$£€¥]\s?)?\b\d[\d,]*(?:\.\d+)?(?:\s?(?:%|per cent|percent|million|billion|trillion|thousand|hundred))?(?:\s?(?:to|[-–]|and|or)\s?\d[\d,]*(?:\.\d+)?)?"
    rf"|\b{_NUMBER_WORDS}(?:[- ](?:{_NUMBER_WORDS}|and {_NUMBER_WORDS}|of {_NUMBER_WORDS}))*\b",
    re.I,
)
_CAPITAL = r"(?:(?:[A-Z]\.\s?){1,3}\s?)?[A-Z][\w’'-]*[\w]"
NAME = re.compile(rf"{_CAPITAL}(?:\s(?:(?:de|von|van|der|den|la|le|du|di|al|bin|ibn|y|of|the)\s){{0,2}}{_CAPITAL})*")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|to|from|near|of|into|through|outside|inside|around|across|via|for|by|between)\s+(?:the\s+)?(?:(?:city|town|port|village|province|state|region)\s+of\s+)?$", re.I)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|thanks to|as a result|result of|resulted? from|caused? by|consequence|therefore|thus|hence|so that|in order to|"
    r"for fear|fearing|feared|hoping|believing|to (?:prevent|avoid|preserve|protect|cover|stop|save|secure|win|gain|ensure|keep|discredit|help|make|allow)|"
    r"the reason|reasons|which meant|meaning that|meant that|for this|as [a-z]+ (?:still )?(?:needed|wanted|feared|was|were|had)|led to|so as to|on the grounds?|"
    r"too \w+ to|prompted|provoked|given (?:the|that)|in response|in protest|in reaction|for (?:\w+ing)\b|accused of|accusing|charged with)\b",
    re.I,
)
_SPEECH = re.compile(r"[“\"«„][^”\"»]{2,}|\b(?:said|says|wrote|writes|declared|argued|warned|called|described|claimed|stated|explained|admitted|told|"
                     r"denounced|demanded|replied|insisted|announced|predicted|remarked|observed|complained)\b")
_TITLES = frozenset("mr mrs ms dr sir lord lady prof professor comrade president general".split())
_NOT_NAMES = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday i however although despite when while after before following during under within
    according even only eventually instead unfortunately nevertheless meanwhile moreover furthermore thus therefore
    finally later soon still""".split()
)


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
    return not stems or all(s in question.stems for s in stems)
