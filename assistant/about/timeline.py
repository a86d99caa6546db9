"""The dated sentences of a document in the order of their dates.

A date is one with a year, a decade or a century, written as English or as figures; a day without a year takes that of
the last date before it. A number that merely looks like a year ("1500 crowns") is none.
But: nothing is worked out ("two years later"); such a sentence is left where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.about.sentences import is_statement, words_of
from vectorstore.english import MONTHS, SHORT_MONTHS, one_of
from vectorstore.types import Document, SentenceSpan, Span

_ORDER = tuple("JanFebMarAprMayJunJulAugSepOctNovDec"[at : at + 3] for at in range(0, 36, 3))
_MONTH = one_of(f"{MONTHS} {SHORT_MONTHS} Jun Jul")
_YEAR = r"(?:1[0-9]\d\d|20\d\d)"
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_ORDINALS = dict.fromkeys(
    [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "twenty-first",
    ]
)
_BEFORE_YEAR = one_of(
    r"""in since until till during circa c\.
    as_early_as as_late_as early_in late_in the_year in_the_year year
    (?:early|mid|late)[-_] summer spring autumn winter fall
    (?:summer|spring|autumn|winter|fall|end|beginning|start|middle|close|outbreak|months|year)_of"""
)
_BEFORE_NUMBER = one_of("by before after from around about to through and")
_UNITS = r"(?! ?(?:%|per cent|percent)| (?!is|was|has|were|when|this|his|as|its|years?|the)[a-z]+s\b)"
_MEASURES = one_of(
    """total sum number population height width depth length distance weight speed price cost payment fine fee army
    crowd crew force mass area range rate temperature capacity maximum minimum majority prize loan debt average amount
    circulation attendance membership"""
)
_GOES_ON = (
    r"[.,;:)!?”’]|$| (?:the|an?|he|she|it|they|his|her|its|was|were|is|are|had|has|when|and|in|at|on|to|by|which|that|"
    r"with|for|from|until|as|but)\b"
)
_DATES = re.compile(
    rf"\b(?P<d1>{_DAY})(?:\s?[-–]\s?{_DAY}|,| and {_DAY})?(?: of)? (?P<m1>{_MONTH})\.?,? (?P<y1>{_YEAR})\b"
    rf"|\b(?P<m2>{_MONTH})\.? (?P<d2>{_DAY})(?:\s?[-–]\s?{_DAY})?,? (?P<y2>{_YEAR})\b"
    rf"|\b(?P<m3>{_MONTH})\.?,?(?: of)? (?P<y3>{_YEAR})\b"
    r"|\b(?P<y4>\d{4})-(?P<m4>[01]\d)-(?P<d4>[0-3]\d)\b"
    rf"|\b(?P<d5>[0-3]?\d)\.\s?(?P<m5>[01]?\d)\.\s?(?P<y5>{_YEAR})\b|\b[0-3]?\d/[0-3]?\d/(?P<y6>{_YEAR})\b"
    rf"|\b(?:the )?(?:(?:early|mid|late)[- ])?(?P<y7>{_YEAR})['’]?s\b"
    rf"|\b(?P<c1>\d{{1,2}})(?:st|nd|rd|th)[- ]century\b|\b(?P<c2>{'|'.join(_ORDINALS)})[- ]century\b"
    rf"|\b(?P<bc>\d{{1,4}}) (?:BCE?|B\.C\.)|\bAD (?P<y8>\d{{1,4}})\b|\b(?P<y9>\d{{1,4}}) AD\b"
    rf"|\b(?P<y10>{_YEAR})\s?[-–/]\s?(?:{_YEAR}|\d\d)\b{_UNITS}|(?<=\()(?P<y11>{_YEAR})\b(?=[),;:–-])"
    rf"|(?i:\b{_BEFORE_YEAR}\s)(?P<y12>{_YEAR})\b(?![,.]\d)(?! ?%)"
    rf"|(?i:\b{_BEFORE_NUMBER}\s)(?P<y16>{_YEAR})\b(?![,.]\d){_UNITS}"
    rf"|\b(?!{_MEASURES}\b)[\w-]+ of (?P<y17>{_YEAR})\b(?![,.]\d)(?={_GOES_ON})"
    rf"|^[“\"‘'(\[]*(?P<y13>{_YEAR})\b(?=[,:]| (?:was|saw|brought|marked)\b)"
    rf"|\b(?P<d14>{_DAY}) (?:of )?(?P<m14>{_MONTH})\b|\b(?P<m15>{_MONTH}) (?P<d15>{_DAY})\b(?! ?%)"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A sentence with the dates in it, and the earliest of them as year (negative before Christ), month and day, 0
    where
    they are not given."""

    span: SentenceSpan
    dates: tuple[Span, ...]
    when: tuple[int, int, int]


def timeline(document: Document, sentences: Sequence[SentenceSpan]) -> list[Dated]:
    """The dated ones of these sentences, which are in the order of the text, by date; those of one date stay in
    order."""
    year = next(
        (y for fact in document.facts if fact.name == "date" for _, (y, _, _) in dates_of(fact.value, None)), None
    )
    found: list[Dated] = []
    for span in sentences:
        text = document.text[span.start : span.end]
        dates = list(dates_of(text, year))
        if not dates:
            continue
        year = dates[-1][1][0]
        if is_statement(words_of(document, span)):
            places = tuple((span.start + a, span.start + b) for (a, b), _ in dates)
            found.append(Dated(span, places, dates[0][1]))
    return sorted(found, key=lambda dated: dated.when)


def dates_of(text: str, year: int | None) -> Iterator[tuple[Span, tuple[int, int, int]]]:
    """The dates in a text, in order: where each stands, and its year, month and day. `year`: the one of a day that has
    none; without it, such days are passed over."""
    for match in _DATES.finditer(text):
        parts = {name: words for name, words in match.groupdict().items() if words}
        kinds = {name.rstrip("0123456789"): (name, words) for name, words in parts.items()}
        if "bc" in parts:
            when: int | None = -int(parts["bc"])
        elif "c" in kinds:
            words = kinds["c"][1]
            when = (int(words) if words.isdigit() else list(_ORDINALS).index(words) + 1) * 100 - 99
        else:
            when = int(kinds["y"][1]) if "y" in kinds else year
        if when is None:
            continue
        month = _month(kinds["m"][1]) if "m" in kinds else 0
        day = int(re.sub(r"\D", "", kinds["d"][1])) if "d" in kinds else 0
        if month > 12 or day > 31:
            continue
        start, end = match.span()
        if kinds.get("y", ("",))[0] in ("y12", "y16", "y17"):
            start = match.start(kinds["y"][0])
        yield (start, end), (when, month, day)
        year = when


def _month(words: str) -> int:
    return int(words) if words.isdigit() else _ORDER.index(words[:3]) + 1
