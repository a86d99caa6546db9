"""A cause that a claim makes of two things which the source only tells one beside the other.

    claim  "The mill closed because the river silted up."     source  "The river silted up in 1901. The mill closed."
    claim  "The baker fled because his brother was arrested." source  "His brother was arrested, and the baker fled."

Where a word that may give a cause, a fear or a wish stands with one of the two, or one clause tells both, nothing is
said: the source may mean it so.
But: "after" for "because" within one sentence is `typed/causes.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assistant.check.typed.causes import ANY_CAUSE, Link, links_in
from assistant.check.typed.words import Token, Words, words_of
from assistant.check.types import Finding
from vectorstore.english import word_set
from vectorstore.types import Span

if TYPE_CHECKING:
    from assistant.check.windows import Window
    from assistant.check.wording.words import ClaimWords

TOLD = 0.6
"""Which part of each of the two a sentence has to hold to tell it."""
NEAR = 0.1
"""How much less than the best a sentence may hold that tells it, too."""
_MOTIVES = re.compile(
    r"\b(?:so|thus|thanks|fear\w*|afraid|angr\w+|anger\w*|hop(?:e|ed|es|ing)|want\w*|wish\w*|protest\w*|needs?|needed"
    r"|needing|lack\w*|unable|too|afford\w*|instead|(?:could|would)(?: not|n't)|refus\w+|declin\w+"
    r"|mak(?:e|es|ing)|made|let|cost|enabl\w+|allow\w+"
    r"|prevent\w*|stopp?\w*|help\w*|which|therefore|accordingly|grounds|sake|purpose"
    r"|aim\w*|intend\w*|order to|depend\w*|owed?|result\w*|effect\w*|impact\w*|contribut\w+|relat\w+|link\w*|affect\w*"
    r"|requir\w+|mean[st]?|ensur\w+|can|if|when(?:ever)?)\b",
    re.I,
)
"""Words with which a text may give a cause, a motive or a hindrance."""
_BEFORE_A_CAUSE = word_set("for as since by through over from with given out")
_DATED = re.compile(
    r"\W*(?:the )?(?:\d|January|February|March|April|May|June|July|August|September|October|November|Dec)"
)
_HANGING = re.compile(r"^\W*(?:\w+ly )?\w{3,}(?:ing|ed) |, \w{3,}ing\b|[:—–]")
"""A clause that hangs on another: "Fearing a flood, they ...", "Weakened by age, it ..."; and what explains."""
_PARTS = re.compile(r";|,? and (?!other)|\b(?:before|after|once|then|until|while)\b")


def unlinked(words: ClaimWords, windows: Sequence[Window], findings: Sequence[Finding]) -> Finding | None:
    """The finding for a claim that says of two things that one came of the other, where the windows tell both and link
    them nowhere. `findings`: what was compared with them."""
    claim = words_of(words.text)
    link = next((one for one in links_in(claim) if one.causal), None)
    if link is None or any(finding.kind == "cause" for finding in findings):
        return None
    halves = [[n for n, (a, b) in enumerate(words.spans) if start <= a < end] for start, end in link.halves]
    shown = " ".join(window.text for window in windows)
    names = [n for n, is_named in enumerate(words.named) if is_named or _is_name(words.word(n), shown)]
    told = []
    for one, other in (halves, halves[::-1]):
        own = _own_words(words, one, other, names)
        parts = (
            [found for window in windows for found in _parts(words, window, one, own or one, names if own else ())]
            if one
            else []
        )
        enough = max(TOLD, max((part for *_, part in parts), default=0.0) - NEAR)
        told.append([(window, number) for window, number, part in parts if part >= enough])
    if not all(told):
        return None
    beside = frozenset((one.low, other.low) for one, other in pairwise(claim.tokens))
    for window, number in (*told[0], *told[1]):
        both = all((window, number) in some for some in told)
        within = words.text if (window, number) not in told[1] else ""
        if (both and not _parted(window, number, link)) or _may_link(window, number, link, beside, within):
            return None
    said = claim.text[link.start : link.end]
    window, number = told[1][0]
    place = window.sentences[number]
    reason = f"the claim says “{said}”; the source tells the two things, not that the one came of the other"
    return Finding("cause", "differs", reason, (link.start, link.end), window.citation(place.start, place.end))


def _own_words(words: ClaimWords, half: Sequence[int], other: Sequence[int], names: Sequence[int]) -> list[int]:
    """The words of a half that are no names, nor words of the other half."""
    others = {words.stems[n] for n in other}
    return [n for n in half if n not in names and words.stems[n] not in others and words.counts[n]]


def _is_name(word: str, shown: str) -> bool:
    """Whether a word that opens the claim is a name: what is shown of the source never has it without a capital."""
    return word[:1].isupper() and re.search(rf"\b{re.escape(word.lower())}\b", shown) is None


def _parts(
    words: ClaimWords, window: Window, half: Sequence[int], own: Sequence[int], names: Sequence[int]
) -> Iterator[tuple[Window, int, float]]:
    """Each sentence of a window and how much it holds of a half, and of its own words; names are held by all."""
    if not window.rows:
        return
    rows = np.array(window.rows, dtype=np.float64)
    rows[:, list(names)] = rows[:, list(names)].max(axis=0)
    for number, row in enumerate(rows):
        parts = (words.counts[some] @ row[some] / words.counts[some].sum() for some in (list(half), list(own)))
        yield window, number, float(min(parts))


def _parted(window: Window, number: int, link: Link) -> bool:
    """Whether a sentence tells the two things in two clauses that stand side by side."""
    sentence = _words(window, number)
    places = [[t for t in sentence.tokens if t.key in keys] for keys in (link.first, link.second)]
    if not all(places):
        return False
    ends = sorted((min(t.start for t in some), max(t.end for t in some)) for some in places)
    between: Span = (min(ends[0][1], ends[1][0]), max(ends[0][1], ends[1][0]))
    return bool(_PARTS.search(sentence.text, *between))


def _may_link(window: Window, number: int, link: Link, beside: frozenset[tuple[str, str]], within: str) -> bool:
    """Whether a sentence, or the one behind it in the window, may say why. `beside`: words of the claim side by
    side, which say nothing of that here: "demand for bottles". `within`: the claim, where the sentence tells what it
    takes for the cause alone, whose motives are then the claim's; "" for what came of it."""
    text = _words(window, number).text
    follows = _words(window, number + 1).text if number + 1 < len(window.sentences) else ""
    motives = {match.group().lower() for match in _MOTIVES.finditer(text)}
    if ANY_CAUSE.search(text) or _HANGING.search(text) or any(not within or m in within.lower() for m in motives):
        return True
    if re.match(r"\W*(?:this|that|these|it|as a)\b", follows, re.I) and ANY_CAUSE.search(follows):
        return True
    for one, other in pairwise(_words(window, number).tokens):
        if (
            one.low in _BEFORE_A_CAUSE
            and (one.low, other.low) not in beside
            and other.key in link.first - _named(other)
        ):
            return True
        joins = one.low in ("as", "since", "for") and (one.opens or text[: one.start].rstrip().endswith(","))
        if joins and not _DATED.match(text, one.end):
            return True
    return False


def _named(token: Token) -> frozenset[str]:
    """The key of a name, unless it owns what follows: who did a thing is no cause."""
    return frozenset((token.key,)) if token.capital and not token.low.endswith(("'s", "’s")) else frozenset()


def _words(window: Window, number: int) -> Words:
    span = window.sentences[number]
    return words_of(window.text[span.start - window.start : span.end - window.start])
