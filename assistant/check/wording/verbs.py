"""Which words of a text are verbs, and which of them are passive.

But: no tagger is used; a verb is told by its ending, by its neighbours, and by what the text does with it elsewhere.
"""

from __future__ import annotations

import re

from assistant.check.typed.lexicon import AUXILIARIES, BE, is_past
from assistant.check.typed.words import Token, Words
from vectorstore.english import word_set

_TIME = re.compile(
    r"(?:1\d|20)\d\d|\d\d?:\d\d|(?:January|February|March|April|June|July|August|September|October|November|December)\b"
)
_REACH = 24
"""Words before a verb among which the one that it goes on from stands."""
_GET = word_set("get got gets getting")
POSSESSIVE = word_set("his her its their our my your")
_DOERS = re.compile(r"(?:[eo]rs?|ents?)$")


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


def may_share_passive(words: Words, at: int) -> bool:
    """Whether a past form goes on from a passive one, so that its subject may be what it is done to: "was arrested and
    taken to Kars"."""
    tokens = words.tokens
    joined = at - 1
    while joined > 0 and tokens[joined].low.endswith("ly"):
        joined -= 1
    if joined < 1 or tokens[joined].low not in ("and", "or", "but"):
        return False
    earlier = next((n for n in range(joined - 1, max(-1, joined - _REACH), -1) if is_verb(words, n)), None)
    return earlier is not None and tokens[earlier].sentence == tokens[at].sentence and is_passive(words, earlier)


def is_of_others(words: Words, at: int) -> bool:
    """Whether a noun for those who do something stands behind whose they are, "his supporters", so that nobody who is
    named does it; of "one of his supporters" and "was her supporter" somebody may be."""
    tokens = words.tokens
    if at < 1 or not _DOERS.search(tokens[at].low):
        return False
    owner = tokens[at - 1].low
    if owner not in POSSESSIVE and not owner.endswith(("'s", "’s")):
        return False
    before = tokens[at - 2].low if at > 1 else ""
    return before not in BE and before not in ("of", "as")


def _is_time(tokens: tuple[Token, ...], at: int) -> bool:
    return at < len(tokens) and bool(_TIME.match(tokens[at].text))
