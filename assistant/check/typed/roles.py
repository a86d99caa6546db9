"""Who did what to whom: the same verb with doer and done-to exchanged.

    claim   "Stalin defeated Trotsky"         source  "Trotsky defeated Stalin"            differs
    claim   "Stalin was beaten by Trotsky"    source  "Trotsky beat Stalin"                agrees

But: there is no parser. Doer and done-to are the words before and behind a verb that both sides share, and only names
and words that stand alone there are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.check.typed.aligned import Pair
from assistant.check.typed.lexicon import AUXILIARIES, BE, PREPOSITIONS, is_past
from assistant.check.typed.words import Token, Words
from assistant.check.types import Finding
from vectorstore.english import word_set

REACH = 6
_TIME = re.compile(
    r"(?:1\d|20)\d\d|\d\d?:\d\d|(?:January|February|March|April|June|July|August|September|October|November|December)\b"
)
_GET = word_set("get got gets getting")


@dataclass(frozen=True, slots=True)
class Sides:
    """The content words of the doer and of the done-to of a verb (keys, with the token that has it)."""

    verb: int
    doer: dict[str, int]
    done_to: dict[str, int]


def compare_roles(pair: Pair) -> Iterator[Finding]:
    """A finding for each verb of the claim whose two sides the source has, too, in the same order or exchanged."""
    for at, token in enumerate(pair.claim.tokens):
        if not is_verb(pair.claim, at) or token.key not in pair.source.places:
            continue
        ours = sides_of(pair.claim, at)
        if ours is None:
            continue
        found = [sides_of(pair.source, place) for place in pair.source.places[token.key]]
        theirs = [sides for sides in found if sides is not None]
        finding = _judged(pair, ours, theirs)
        if finding is not None:
            yield finding


def _judged(pair: Pair, ours: Sides, theirs: list[Sides]) -> Finding | None:
    tokens = pair.claim.tokens
    swapped: Finding | None = None
    for sides in theirs:
        straight = set(ours.doer) & set(sides.doer) and set(ours.done_to) & set(sides.done_to)
        if straight:
            return None
        doers = set(ours.doer) & set(sides.done_to)
        done_to = set(ours.done_to) & set(sides.doer)
        if not doers or not done_to or swapped is not None:
            continue
        if set(ours.doer) & set(sides.doer) or set(ours.done_to) & set(sides.done_to):
            continue
        doer, to = (
            min(keys, key=lambda key: side[key]) for keys, side in ((doers, ours.doer), (done_to, ours.done_to))
        )
        first, second = tokens[ours.doer[doer]].text, tokens[ours.done_to[to]].text
        places = sorted([ours.doer[doer], ours.verb, ours.done_to[to]])
        theirs_at = sorted([sides.doer[to], sides.verb, sides.done_to[doer]])
        source = pair.source.tokens
        verb = tokens[ours.verb].text
        swapped = Finding(
            "roles",
            "differs",
            f"in the claim it is {first}, in the source {second} of whom “{verb}” is said",
            (tokens[places[0]].start, tokens[places[-1]].end),
            pair.citation(source[theirs_at[0]].start, source[theirs_at[-1]].end),
        )
    return swapped


def is_verb(words: Words, at: int) -> bool:
    """Whether a word looks like a verb in the past, or follows an auxiliary."""
    token = words.tokens[at]
    if not token.content or token.capital or token.text[0].isdigit():
        return False
    if is_past(token.low):
        return True
    before = words.tokens[at - 1] if at else None
    return before is not None and (before.low in AUXILIARIES - BE or before.low == "to")


def is_passive(words: Words, at: int) -> bool:
    """Whether a past form is passive: "was ... beaten", "founded by"."""
    tokens = words.tokens
    if not is_past(tokens[at].low):
        return False
    if at + 1 < len(tokens) and tokens[at + 1].low == "by" and not _is_time(tokens, at + 2):
        return True
    step = at - 1
    while step >= 0 and at - step <= 3 and tokens[step].clause == tokens[at].clause:
        low = tokens[step].low
        if low in BE or low in _GET:
            return True
        if low not in ("not", "also", "never", "later", "then", "been", "being") and not low.endswith("ly"):
            return False
        step -= 1
    return False


def _is_time(tokens: tuple[Token, ...], at: int) -> bool:
    return at < len(tokens) and bool(_TIME.match(tokens[at].text))


def sides_of(words: Words, verb: int) -> Sides | None:
    """What stands before and behind a verb as its doer and done-to; None where one of them is missing."""
    tokens = words.tokens
    before: dict[str, int] = {}
    at = verb - 1
    while at >= 0 and verb - at <= REACH and tokens[at].sentence == tokens[verb].sentence:
        token = tokens[at]
        if token.low in PREPOSITIONS and token.low != "of" and before:
            _drop_first(words, before)  # "the road to Kars delayed": not Kars
        elif token.content and not token.low.endswith("ly") and not is_verb(words, at):
            before.setdefault(token.key, at)
        elif is_verb(words, at) and token.clause == tokens[verb].clause and before:
            break
        if token.clause != tokens[verb].clause and before:
            break
        at -= 1
    passive = is_passive(words, verb)
    behind: dict[str, int] = {}
    at, by = verb + 1, False
    while at < len(tokens) and at - verb <= REACH and tokens[at].clause == tokens[verb].clause:
        token = tokens[at]
        if token.low == "by":
            by = True
        elif token.low in PREPOSITIONS and token.low != "of" and (behind or not passive):
            break
        elif token.content and not token.low.endswith("ly") and (by or not passive):
            behind.setdefault(token.key, at)
        at += 1
    if passive and not by:
        return None
    if not before or not behind:
        return None
    return Sides(verb, behind, before) if passive else Sides(verb, before, behind)


def _drop_first(words: Words, before: dict[str, int]) -> None:
    """Takes away the leftmost word, and with it the rest of the name that it begins."""
    at = min(before.values())
    while at in before.values():
        del before[words.tokens[at].key]
        if not (words.tokens[at].capital and at + 1 < len(words.tokens) and words.tokens[at + 1].capital):
            break
        at += 1
