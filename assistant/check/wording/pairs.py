"""Two things told with one verb, each with its own end, and a claim that exchanges the ends.

    source  "She left the letters to the archive and the tools to the museum."
    claim   "She left the letters to the museum."                                  differs

But: only where both ends stand behind the same preposition, in one sentence, the second time without a verb.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.check.typed.aligned import Pair
from assistant.check.typed.lexicon import AUXILIARIES
from assistant.check.typed.words import Words
from assistant.check.types import Finding
from assistant.check.wording.denials import denied_in
from assistant.check.wording.verbs import is_verb
from vectorstore.english import word_set
from vectorstore.types import Span

_LINKS = word_set("to in by from for at on with as under into near")
_JOINS = word_set("and but while")
_MOST = 8
"""Words that a thing or an end may have."""


@dataclass(frozen=True, slots=True)
class Ends:
    """A thing, the preposition, and where it ends: keys of their words; `first` to `after`: tokens of both."""

    thing: frozenset[str]
    link: str
    end: frozenset[str]
    first: int
    after: int


@lru_cache(maxsize=2_000)
def ends_in(words: Words) -> tuple[tuple[Ends, Ends], ...]:
    """The pairs of things of a text that share a verb and a preposition."""
    found = (_ends_at(words, at) for at, token in enumerate(words.tokens) if token.low in _JOINS)
    return tuple(pair for pair in found if pair is not None)


def _ends_at(words: Words, at: int) -> tuple[Ends, Ends] | None:
    """The pair that a word like "and" joins; None where it joins none."""
    tokens, own = words.tokens, words.tokens[at].sentence
    near = [
        n for n in range(max(0, at - _MOST), min(len(tokens), at + _MOST)) if tokens[n].sentence == tokens[at].sentence
    ]
    link = next((n for n in near if n > at + 1 and tokens[n].low in _LINKS), None)
    if link is None:
        return None
    earlier = next((n for n in reversed(near) if n < at - 1 and tokens[n].low == tokens[link].low), None)
    if earlier is None or any(is_verb(words, n) for n in range(earlier, link)):
        return None
    start = next(n for n in range(at + 1) if tokens[n].sentence == own)
    verb = next((n for n in range(earlier - 1, start - 1, -1) if is_verb(words, n)), None)
    if verb is None:
        return None
    first = verb + 1 if _keys(words, verb + 1, earlier) else start  # "was given to": what stands before it
    after = next((n for n in range(link + 1, len(tokens)) if _ends(words, link, n)), len(tokens))
    last = verb if first == start else earlier
    one = Ends(_keys(words, first, last), tokens[link].low, _keys(words, earlier + 1, at), first, at)
    other = Ends(_keys(words, at + 1, link), tokens[link].low, _keys(words, link + 1, after), at + 1, after)
    return (one, other) if all((one.thing, one.end, other.thing, other.end)) else None


def _ends(words: Words, link: int, at: int) -> bool:
    """Whether what stands behind a preposition ends before a token."""
    token = words.tokens[at]
    return token.clause != words.tokens[link].clause or token.low in _LINKS | _JOINS or at > link + _MOST


def _keys(words: Words, first: int, after: int) -> frozenset[str]:
    return frozenset(token.key for token in words.tokens[first:after] if token.content)


def _heads(words: Words, after: int) -> frozenset[str]:
    """What a claim names before a token, without what "of" adds: of "the oars of the boat" the oars."""
    kept, inside = set(), False
    for at, token in enumerate(words.tokens[:after]):
        inside = (inside or token.low == "of") and not (token.low in AUXILIARIES or is_verb(words, at))
        if token.content and not inside:
            kept.add(token.key)
    return frozenset(kept)


def compare_pairs(pair: Pair) -> Iterator[Finding]:
    """At most one finding: for a thing of the claim that has the end of another in the source."""
    pairs = ends_in(pair.source)
    if not pairs or ends_in(pair.claim):
        return
    tokens, denied = pair.claim.tokens, denied_in(pair.claim)
    for link, token in enumerate(tokens):
        if token.low not in _LINKS or any(n in denied for n in range(link)):
            continue
        after = next((n for n in range(link + 1, len(tokens)) if _ends(pair.claim, link, n)), len(tokens))
        thing, end = _heads(pair.claim, link), _keys(pair.claim, link + 1, after)
        for one, other in pairs:
            for mine, others in ((one, other), (other, one)):
                is_mine = thing & mine.thing - others.thing and not thing & others.thing - mine.thing
                is_crossed = end & others.end - mine.end and not end & mine.end - others.end
                if mine.link == token.low and is_mine and is_crossed:
                    yield _finding(pair, (link, after), mine)
                    return


def _finding(pair: Pair, ours: Span, mine: Ends) -> Finding:
    tokens, theirs = pair.claim.tokens, pair.source.tokens
    start, end = tokens[ours[0]].start, tokens[ours[1] - 1].end
    first, last = theirs[mine.first].start, theirs[mine.after - 1].end
    reason = f"the claim says “{pair.claim.text[start:end]}”; the source says “{pair.source.text[first:last]}”"
    return Finding("roles", "differs", reason, (start, end), pair.citation(first, last))
