"""Dates of a claim against those of the source.

A date is held by one that says as much or more ("1917" by "May 1917"), by several that say it together ("In 1917 ... in
May"), or by a reckoning that is certain ("1914" and "three years later" for 1917).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.check.typed.aligned import Pair
from assistant.check.typed.amounts import amounts_in
from assistant.check.typed.dates import Date, dates_in
from assistant.check.types import Finding
from assistant.types import Citation
from vectorstore.types import Span

ENOUGH, ENOUGH_IN_PLACE = 0.5, 0.3
_LATER = re.compile(r"^\W*(?:more )?(?:years?|months?)?\s*(?:later|afterwards?|after (?:that|this))\b", re.I)


def compare_dates(pair: Pair) -> Iterator[Finding]:
    """One finding for each date of the claim."""
    theirs = dates_in(pair.source.text)
    ours = dates_in(pair.claim.text)
    taken = [(other, [at for at, date in enumerate(ours) if date.held_by(other)]) for other in theirs]
    found = [
        _compared(pair, date, theirs, [other for other, by in taken if by in ([], [number])])
        for number, date in enumerate(ours)
    ]
    for at, finding in enumerate(found):
        beside = [found[i] for i in (at - 1, at + 1) if 0 <= i < len(ours) and _either(pair, ours[at], ours[i])]
        if finding is None or (finding.outcome == "differs" and not all(o and o.outcome == "differs" for o in beside)):
            continue
        yield finding


def _compared(pair: Pair, date: Date, theirs: Sequence[Date], free: Sequence[Date]) -> Finding | None:
    """None where the source gives the day or month, and of the year it says nothing that fits."""
    said = pair.claim.text[date.start : date.end]
    place = (date.start, date.end)
    span = pair.claim.tokens_in(*place)
    held = [other for other in theirs if date.held_by(other)]
    if held:
        other = max(held, key=lambda d: (pair.likeness(span, _span(pair, d)), -d.start))
        rival = _rival(pair, date, other, theirs)
        if rival is None:
            return Finding("date", "agrees", f"the source says {_quoted(pair, other)}", place, _cited(pair, other))
        return Finding("date", "differs", _reason(said, pair, rival), place, _cited(pair, rival))
    together = _together(date, theirs)
    if together and date.years and not any(d.years and not _year_conflict(date, d) for d in theirs):
        return None
    together = together or _reckoned(pair, date, theirs)
    if together is not None:
        return Finding("date", "agrees", f"the source says {_quoted(pair, together)}", place, _cited(pair, together))
    rivals = [d for d in free if d.says_something_of(date) and d.conflicts(date) and _same_grain(date, d)]
    rivals = [d for d in rivals if _speaks_of_the_same(pair, span, d)]
    if rivals:
        other = max(rivals, key=lambda d: (pair.likeness(span, _span(pair, d)), -d.start))
        return Finding("date", "differs", _reason(said, pair, other), place, _cited(pair, other))
    wider = [d for d in theirs if not d.conflicts(date) and d.says_something_of(date)]
    if wider:
        reason = f"the claim says “{said}”; the source says only {_quoted(pair, wider[0])}"
        return Finding("date", "absent", reason, place, _cited(pair, wider[0]))
    return Finding("date", "absent", f"the claim says “{said}”; the source gives no such date", place)


def _either(pair: Pair, one: Date, other: Date) -> bool:
    """Whether two dates are a choice: "in 1889 or 1890"."""
    first, last = sorted((one, other), key=lambda date: date.start)
    return bool(re.fullmatch(r"\s*,?\s*or\s(?:in\s)?", pair.claim.text[first.end : last.start]))


def _together(date: Date, theirs: Sequence[Date]) -> Date | None:
    """The date that gives the day or month, where another before it gives the year, or none does."""
    for other in theirs:
        if not (date.months and other.months) or other.years or date.conflicts(other):
            continue
        before = [d for d in theirs if d.years and d.start < other.start]
        year_fits = not before or before[-1].years is None or date.years is None or not _year_conflict(date, before[-1])
        any_year = any(d.exact_year == date.exact_year for d in theirs) if date.years else True
        if (year_fits or any_year) and (not date.days or other.days):
            return other
    return None


def _year_conflict(date: Date, other: Date) -> bool:
    return bool(date.years and other.years and (date.years[1] < other.years[0] or other.years[1] < date.years[0]))


def _reckoned(pair: Pair, date: Date, theirs: Sequence[Date]) -> Date | None:
    """The words "three years later" in the source, where they lead from a year before them to the claim's year."""
    if date.exact_year is None or date.months:
        return None
    for amount in amounts_in(pair.source):
        if amount.units[:1] != ("year",) or amount.low != amount.high:
            continue
        if not _LATER.match(pair.source.text[amount.end : amount.end + 30]):
            continue
        earlier = [d for d in theirs if d.exact_year and d.end <= amount.start]
        if earlier and (earlier[-1].exact_year or 0) + int(amount.value) == date.exact_year:
            return replace(earlier[-1], start=amount.start, end=amount.end)
    return None


def _same_grain(date: Date, other: Date) -> bool:
    """Whether two dates are given alike, so that the one may stand for the other: a single year is no rival of a
    decade that it lies outside, only where both name a year; "from 1917 to 1923" is one of another stretch."""
    if date.weekday or other.weekday:
        return bool(date.weekday and other.weekday)
    if date.years and not other.years:
        return bool(date.months and other.months)
    return True


def _rival(pair: Pair, date: Date, held: Date, theirs: Sequence[Date]) -> Date | None:
    """The date that stands in the claim's place in the source, where the one that agrees stands elsewhere: "born in
    1879 and killed in 1940" for "killed in 1879"."""
    span = pair.claim.tokens_in(date.start, date.end)
    if pair.likeness(span, _span(pair, held)) > 0:
        return None
    sentence = _sentence(pair, held)
    for other in theirs:
        if (
            other is held
            or _sentence(pair, other) != sentence
            or not other.conflicts(date)
            or not _same_grain(date, other)
        ):
            continue
        if _tied(pair, span, other) and not _tied(pair, span, held):
            return other
    return None


def _tied(pair: Pair, span: Span, other: Date) -> bool:
    """Whether the last content word before a date of the claim is the last before the source's, too."""
    first, _ = _span(pair, other)
    before = [t for t in pair.claim.tokens[: span[0]] if t.content and not t.text[0].isdigit()][-1:]
    theirs = [t for t in pair.source.tokens[:first] if t.content and not t.text[0].isdigit()][-1:]
    return bool(before and theirs and before[0].key == theirs[0].key and not before[0].capital)


def _speaks_of_the_same(pair: Pair, span: Span, other: Date) -> bool:
    share, count = pair.shared(_sentence(pair, other), span)
    if pair.same_slot(span, _span(pair, other)):
        return share >= ENOUGH_IN_PLACE
    return count >= 2 and share >= ENOUGH


def _span(pair: Pair, date: Date) -> Span:
    return pair.source.tokens_in(date.start, date.end)


def _sentence(pair: Pair, date: Date) -> int:
    return pair.source.tokens[_span(pair, date)[0]].sentence


def _reason(said: str, pair: Pair, other: Date) -> str:
    return f"the claim says “{said}”; the source says {_quoted(pair, other)}"


def _quoted(pair: Pair, date: Date) -> str:
    return f"“{pair.source.text[date.start : date.end]}”"


def _cited(pair: Pair, date: Date) -> Citation:
    return pair.citation(date.start, date.end)
