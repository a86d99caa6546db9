"""Because of it, or only after it; which was the cause and which came of it; which came first.

claim  "The mill closed because of the flood."     source  "The mill closed after the flood."            differs
claim  "The mill closed because of the flood."     source  "The flood led to the closing of the mill."   agrees
claim  "The flood came because the mill closed."   source  "The mill closed because the flood came."     differs
claim  "The mill closed after the flood."          source  "The mill closed because of the flood."       nothing

"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.check.typed.aligned import Pair
from assistant.check.typed.words import Words
from assistant.check.types import Finding
from vectorstore.types import Span

_EFFECT_FIRST = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|as a (?:direct )?(?:result|consequence) of|thanks to|on account of"
    r"|(?:was|were|been) (?:\w+ly )?(?:caused|provoked|triggered|prompted|sparked|brought about) by"
    r"|in response to|resulted from|stemmed from)\b",
    re.I,
)
_CAUSE_FIRST = re.compile(
    r"\b(?:led (?:\w+ )?to|leading to|leads to|caused|causing|causes|resulted in|resulting in|results in|brought about"
    r"|gave rise to|provoked|triggered|prompted|sparked|therefore|consequently"
    r"|as a (?:result|consequence)(?! of)|hence|that is why)\b",
    re.I,
)
_AFTER = re.compile(r"\b(?:after|following|once|since)\b", re.I)
_BEFORE = re.compile(r"\b(?:before|prior to|preceded|until)\b", re.I)
_WHEN = re.compile(r"\b(?:when|while|as soon as)\b", re.I)
_THEN = re.compile(r"\b(?:then|later|subsequently|afterwards?|thereafter|followed by|soon)\b", re.I)
ANY_CAUSE = re.compile(
    r"\b(?:because|due|owing|result(?:ed|ing|s)?|consequen\w+|thanks|account of|caus\w+|provok\w+|trigger\w+|prompt\w+"
    r"|spark\w+|therefore|thus|hence|reasons?|why|led|leading|lead|leads|forced?|forcing|brought"
    r"|in response|drove|driven|explain\w*|blam\w+|attribut\w+|motivat\w+|inspir\w+|in order|under pressure)\b",
    re.I,
)
_PERHAPS_CAUSE = re.compile(r"\b(?:so|made|makes|making|since|as|for|over|through|by)\b", re.I)
"""Words that may say that the words behind them are the cause."""
SO = re.compile(
    r"\b(?:therefore|consequently|hence|(?:for|because of) (?:that|this) reason|that is why|as a (?:result|consequence)"
    r"(?! of))(?=[ ,])",
    re.I,
)
ENOUGH, ENOUGH_TO_FOLLOW = 0.5, 0.75

NEXT = 3


@dataclass(frozen=True, slots=True)
class Link:
    """Two halves of a sentence and the words between them. `first`, `second`: keys of what comes first, and of what
    comes of it or after it, and `halves` where both stand. `causal`: whether it is said to come of it."""

    start: int
    end: int
    first: frozenset[str]
    second: frozenset[str]
    causal: bool
    sentence: int
    halves: tuple[Span, Span]


@lru_cache(maxsize=4_000)
def links_in(words: Words) -> tuple[Link, ...]:
    """The sentences of a text that link two things by cause or in time."""
    found: list[Link] = []
    for sentence, (start, end) in enumerate(words.sentences):
        for pattern, causal, effect_first in (
            (_EFFECT_FIRST, True, True),
            (_CAUSE_FIRST, True, False),
            (_AFTER, False, True),
            (_BEFORE, False, False),
        ):
            match = pattern.search(words.text, start, end)
            if match is None:
                continue
            link = _link(words, match.span(), (start, end), sentence, causal, effect_first)
            if link is not None:
                found.append(link)
                break
    return tuple(found)


def _link(words: Words, marker: Span, sentence: Span, number: int, causal: bool, effect_first: bool) -> Link | None:
    before, behind = (sentence[0], marker[0]), (marker[1], sentence[1])
    if not _content(words, *before):  # "Because of the flood, the mill closed."
        comma = words.text.find(",", marker[1], sentence[1])
        if comma < 0 or (causal and not effect_first):
            return None
        before, behind = (comma, sentence[1]), (marker[1], comma)
    halves = (behind, before) if effect_first else (before, behind)
    first, second = _content(words, *halves[0]), _content(words, *halves[1])
    return Link(*marker, first, second, causal, number, halves) if first and second else None


def _content(words: Words, start: int, end: int) -> frozenset[str]:
    first, after = words.tokens_in(start, end)
    return frozenset(token.key for token in words.tokens[first:after] if token.content)


def compare_causes(pair: Pair) -> Iterator[Finding]:
    """A finding for each link of the claim whose two halves the source has in one sentence."""
    found = [_compared(pair, link) for link in links_in(pair.claim)]
    yield from (finding for finding in found if finding is not None)
    said = SO.search(pair.claim.text)
    if said is not None and not any(found):
        finding = _follows(pair, said.span())
        if finding is not None:
            yield finding


def _follows(pair: Pair, place: Span) -> Finding | None:
    """The finding for a claim that it came of what was said before, where the source's sentence names no cause."""
    share, count = pair.shared(pair.best)
    if share < ENOUGH_TO_FOLLOW or count < 3:
        return None
    start, end = pair.source.sentences[pair.best]
    text, before = pair.source.text[start:end], pair.source.text[:start]
    if ANY_CAUSE.search(text) or re.search(r"\b(?:so|thus)\b", text, re.I) or ANY_CAUSE.search(before):
        return None
    then = _THEN.search(text)
    if then is not None:
        words, where = f"only “{then.group()}”", (start + then.start(), start + then.end())
    else:
        words, where = "nothing of the kind", (start, end)
    said = pair.claim.text[slice(*place)]
    reason = f"the claim says “{said}”; the source says {words}, not that it came of something"
    return Finding("cause", "differs", reason, place, pair.citation(*where))


def _compared(pair: Pair, link: Link) -> Finding | None:
    said = pair.claim.text[link.start : link.end]
    place = (link.start, link.end)
    turned: Finding | None = None
    for other in links_in(pair.source):
        straight = min(_part(link.first, other.first), _part(link.second, other.second))
        crossed = min(_part(link.first, other.second), _part(link.second, other.first))
        words = pair.source.text[other.start : other.end]
        citation = pair.citation(other.start, other.end)
        if straight >= ENOUGH and straight >= crossed:
            if link.causal and not other.causal:
                continue
            return Finding("cause", "agrees", f"the source says “{words}”, too", place, citation)
        if not (link.causal or other.causal) and not (_is_alone(pair.claim, link) and _is_alone(pair.source, other)):
            continue
        if crossed >= ENOUGH and crossed > straight + 0.25 and turned is None:
            what = (
                "the cause is what the claim takes for the effect"
                if link.causal
                else "the order is the other way round"
            )
            turned = Finding(
                "cause", "differs", f"the claim says “{said}”; in the source {what} (“{words}”)", place, citation
            )
    if turned is not None or not link.causal:
        return turned
    for sentence, (start, end) in enumerate(pair.source.sentences):
        keys = pair.source.by_sentence[sentence]
        if min(_part(link.first, keys), _part(link.second, keys)) < ENOUGH or link.first & link.second == keys:
            continue
        text = pair.source.text[start:end]
        if ANY_CAUSE.search(text) or _may_be_caused(pair, link.first, (start, end)):
            return None
        sequence = _AFTER.search(text) or _THEN.search(text) or _BEFORE.search(text)
        if sequence is None:
            return None
        words = sequence.group()
        reason = f"the claim says “{said}”; the source says only “{words}”, not that the one came of the other"
        return Finding(
            "cause", "differs", reason, place, pair.citation(start + sequence.start(), start + sequence.end())
        )
    return None


def _is_alone(words: Words, link: Link) -> bool:
    """Whether a sentence puts only two things in order: "until 1256, when B ... until 1345" does not."""
    start, end = words.sentences[link.sentence]
    return sum(len(pattern.findall(words.text, start, end)) for pattern in (_AFTER, _BEFORE, _WHEN)) == 1


def _may_be_caused(pair: Pair, first: frozenset[str], sentence: Span) -> bool:
    """Whether a word that may give a cause stands right before what the claim takes for it: "closed for lack of"."""
    for match in _PERHAPS_CAUSE.finditer(pair.source.text, *sentence):
        at, after = pair.source.tokens_in(match.end(), sentence[1])
        if any(token.key in first for token in pair.source.tokens[at : min(after, at + NEXT)]):
            return True
    return False


def _part(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """Which part of some keys the others hold."""
    return len(ours & theirs) / len(ours) if ours else 0.0
