"""A rank that is given without the word that lessens it: "the director" for "the deputy director".

    claim  "Roth was director of the mill."     source  "Deputy director Roth closed the mill."     differs

But: only ranks that the source never gives in full where it speaks of the same; "the former director" was a director.
An assistant professor is addressed as a professor, and a vice squad is no rank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.check.typed.aligned import Pair
from assistant.check.typed.words import Words
from assistant.check.types import Finding
from vectorstore.english import word_set

LESSER = word_set("deputy vice assistant associate honorary sub under apprentice trainee candidate")
_ALWAYS = word_set("deputy assistant")
"""What lessens any rank that it stands before, if that is no name; and so do all with a hyphen: "vice-chair"."""
_RANK = re.compile(
    r"(?:[eo]r|ent|ant|man|woman|men|women|ary|aries|chair|head|dean|consul|judge|chief|marshal|admiral|captain|principal)"
    r"s?$"
)
_ADDRESSED = word_set("professor professors")
_DENYING = word_set("not never nor")
ENOUGH, WORDS = 0.5, 2
"""The share and the number of the claim's words, the rank aside, that the sentence with the lesser rank has to hold."""


def compare_ranks(pair: Pair) -> Iterator[Finding]:
    """A finding for the first rank of the claim that the source has only with a word that lessens it, others' aside."""
    for at, token in enumerate(pair.claim.tokens):
        if not token.content or _is_lessened(pair.claim, at):
            continue
        places = [place for place in pair.source.places.get(token.key, ()) if not _is_denied(pair.source, place)]
        lesser = [place for place in places if _is_lessened(pair.source, place)]
        if not lesser or not all(place in lesser or _is_of_another(pair, place, lesser[0]) for place in places):
            continue
        place = lesser[0]
        share, count = pair.shared(pair.source.tokens[place].sentence, (at, at + 1))
        if share < ENOUGH or count < WORDS:
            continue
        start, end = pair.source.tokens[place - 1].start, pair.source.tokens[place].end
        reason = f"the claim says “{token.text}”; the source says “{pair.source.text[start:end]}”"
        yield Finding("roles", "differs", reason, (token.start, token.end), pair.citation(start, end))
        return


def _is_denied(words: Words, at: int) -> bool:
    """Whether a denial stands a few words before a token: "did not make her captain"."""
    near = words.tokens[max(0, at - 5) : at]
    return any(t.low in _DENYING and t.clause == words.tokens[at].clause for t in near)


def _is_of_another(pair: Pair, place: int, lesser: int) -> bool:
    """Whether the sentence of a rank in full names somebody, and nobody whom the claim names, as that of the lesser
    rank does: "The minister was Leo Matz." """
    names = {t.key for t in pair.claim.tokens if t.capital and t.content}
    sentence, other = (pair.source.tokens[n].sentence for n in (place, lesser))
    told = {t.key for t in pair.source.tokens if t.sentence == sentence and t.capital and t.content and not t.opens}
    return bool(told) and not told & names and bool(names & pair.source.by_sentence[other])


def _is_lessened(words: Words, at: int) -> bool:
    """Whether a word that lessens stands right before a token, or with a hyphen: "vice-president"."""
    before, low = words.tokens[at - 1] if at else None, words.tokens[at].low
    if before is None or before.low not in LESSER or low in _ADDRESSED:
        return False
    between = words.text[before.end : words.tokens[at].start].strip()
    if before.low in ("sub", "under") and between != "-":
        return False
    is_rank = bool(_RANK.search(low)) or (before.low in _ALWAYS and not words.tokens[at].capital)
    return between == "-" or (not between and is_rank)
