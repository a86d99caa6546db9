"""What a claim says of now, and the source of a time that is over.

    claim  "The town owns the mill."         source  "The town owned the mill until 1951."              differs
    claim  "The town owns the mill."         source  "In 1951 the town sold the mill to Otto Roth."     differs
    claim  "Roth is the director."           source  "Roth was director from 1908 to 1915."             differs
    claim  "The mill is called the Ark."     source  "In 1908 the mill was called the Ark."             nothing

But: a claim with a date, or with another verb in the past, tells a story in the present, and is left alone; and what
merely was, without a word that it ended, may still be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.check.typed.aligned import Pair
from assistant.check.typed.lexicon import AUXILIARIES, PRONOUNS, is_past, key
from assistant.check.typed.words import Token, Words
from assistant.check.types import Finding
from assistant.check.wording.denials import denied_in
from assistant.check.wording.parts import acts_in
from vectorstore.english import word_set

ENOUGH, WORDS = 0.5, 2
"""The share and the number of the claim's words that a sentence has to hold."""
OVER = "the source of a time that is over"
_ENDED = re.compile(
    r"\b(?:until|till|no longer|formerly|used to|from (?:\w+ )?\d{4} (?:to|until)|between (?:\w+ )?\d{4} and)\b",
    re.I,
)
_NOT_OVER = re.compile(r"\b(?:still|to this day|ever since|again|back|returned|remains?)\b", re.I)
_STATES = frozenset(
    map(
        key,
        word_set(
            """own possess hold sit serve live work rent lead run govern rule belong occupy quarter lodge employ reside
            teach chair command edit manage direct study head represent lease inhabit store keep"""
        ),
    )
)
"""What goes on for a time."""
_HOLDS, _PARTS_WITH = (frozenset(map(key, word_set(words))) for words in ("own possess", "sell lose"))
_NOW = word_set("is are 's 're")
_PERFECT, _WERE = word_set("has have 've"), word_set("was were had did")


def compare_states(pair: Pair) -> Iterator[Finding]:
    """At most one finding: for the first verb in the present of what the source says is over."""
    tokens = pair.claim.tokens
    if any(t.text[0].isdigit() or _is_told(pair.claim, at) for at, t in enumerate(tokens)):
        return
    denied = denied_in(pair.claim)
    for at, token in enumerate(tokens):
        if at in denied or token.capital or not (is_present(pair.claim, at) or _may_be_present(pair.claim, at)):
            continue
        place = _over(pair, at)
        if place is not None:
            start, end = pair.source.sentences[place.sentence]
            reason = f"the claim says “{token.text}” of now, {OVER}: “{pair.source.text[start:end].strip()}”"
            yield Finding("polarity", "differs", reason, (token.start, token.end), pair.citation(start, end))
            return


def is_present(words: Words, at: int) -> bool:
    """Whether a word is the form of a verb in the present that ends in "s", or "is" or "are"."""
    token, before = words.tokens[at], words.tokens[at - 1] if at else None
    if token.low in _NOW:
        return True
    if not token.content or token.capital or not token.low.endswith("s") or token.low.endswith("ss") or before is None:
        return False
    return before.content or before.low in PRONOUNS or before.low.endswith("ly") or before.low in ("also", "still")


def _may_be_present(words: Words, at: int) -> bool:
    """Whether a word may be the plural form: "the brothers own the mill"."""
    token, before = words.tokens[at], words.tokens[at - 1] if at else None
    if not token.content or token.capital or before is None or token.low.endswith(("s", "ing")) or is_past(token.low):
        return False
    return token.key in _STATES and (before.low in ("they", "we") or (before.content and before.low not in AUXILIARIES))


def _is_told(words: Words, at: int) -> bool:
    """Whether a word is a verb in the past, no participle behind "is" or "has"."""
    token = words.tokens[at]
    if not is_past(token.low) or token.low in AUXILIARIES - _WERE or token.capital:
        return False
    if token.low.endswith("s") and token.low != "was":  # "lives"
        return False
    return not any(t.low in _NOW | _PERFECT for t in words.tokens[max(0, at - 3) : at])


def _over(pair: Pair, at: int) -> Token | None:
    """The word of the source that says that what stands at a token of the claim is over."""
    tokens = pair.claim.tokens
    if tokens[at].low not in _NOW:
        return _was(pair, at, verb=True) or _parted_with(pair, at)
    said = next((n for n in range(at + 1, min(len(tokens), at + 5)) if tokens[n].content), None)
    if said is None or is_past(tokens[said].low):  # "is built of granite" says what became of it
        return None
    return _was(pair, said, verb=False)


def _was(pair: Pair, at: int, *, verb: bool) -> Token | None:
    """Where all that the source has of a word is past, in a sentence that says that it ended. `verb`: whether the word
    is the verb itself."""
    word = pair.claim.tokens[at]
    places = [p for p in pair.source.places.get(word.key, ()) if not pair.source.tokens[p].capital]
    if not places or word.capital:
        return None
    past = [p for p in places if (_is_simple_past(pair.source, p) if verb else _behind_was(pair.source, p))]
    if len(past) < len(places):
        return None
    for place in past:
        token = pair.source.tokens[place]
        text = pair.source.text[slice(*pair.source.sentences[token.sentence])]
        share, count = pair.shared(token.sentence)
        if share >= ENOUGH and count >= WORDS and _ENDED.search(text) and not _NOT_OVER.search(text):
            return token
    return None


def _is_simple_past(words: Words, at: int) -> bool:
    """Whether a word is a past form without "has" or "have" before it."""
    return is_past(words.tokens[at].low) and not any(t.low in _PERFECT for t in words.tokens[max(0, at - 3) : at])


def _behind_was(words: Words, at: int) -> bool:
    """Whether "was" or "were" stands a few words before a token."""
    near = words.tokens[max(0, at - 4) : at]
    return any(t.low in ("was", "were") and t.sentence == words.tokens[at].sentence for t in near)


def _parted_with(pair: Pair, at: int) -> Token | None:
    """Where the source tells that the owner sold or lost what the claim says that he owns."""
    tokens = pair.claim.tokens
    if tokens[at].key not in _HOLDS or tokens[at].key in pair.source.places or _NOT_OVER.search(pair.source.text):
        return None
    whose = {t.key for t in tokens[:at] if t.content}
    what = {t.key for t in tokens[at + 1 :] if t.content}
    denied, told = denied_in(pair.source), pair.source.tokens
    for act in acts_in(pair.source, pair.vocabulary):
        doer, done = act.parts.get("doer"), act.parts.get("done to")
        if told[act.verb].key not in _PARTS_WITH or act.verb in denied or doer is None or done is None:
            continue
        of_it = done.pronoun or any(t.key in what for t in told[done.first : done.after])
        if of_it and any(t.key in whose for t in told[doer.first : doer.after]):
            return told[act.verb]
    return None
