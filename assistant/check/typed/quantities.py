"""How many of them: all, most, many, some, few; always, often, sometimes, rarely; only.

claim  "All members agreed."     source  "Most members agreed."     differs
claim  "Some members agreed."    source  "All members agreed."      nothing: it is less
claim  "Only Weiss agreed."      source  "Weiss agreed."            absent
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.check.typed.aligned import Pair
from assistant.check.typed.amounts import value_of
from assistant.check.typed.lexicon import AUXILIARIES, is_past
from assistant.check.typed.words import Words
from assistant.check.types import Finding
from vectorstore.english import word_set
from vectorstore.types import Span

ENOUGH = 0.5
ALL, NONE, NOT_ALL, HALF = 5, 0, 2.4, 2.5
"""All of them, none, "not all", and half: as much as some, and no other number is enough for it."""
_HOW_MANY: dict[str, float] = {
    **dict.fromkeys(("all", "every", "each", "everyone", "everybody", "entire", "whole"), ALL),
    **dict.fromkeys(("most", "majority"), 4),
    **dict.fromkeys(("many", "numerous"), 3),
    **dict.fromkeys(("some", "several", "certain", "part", "various"), 2),
    "half": HALF,
    **dict.fromkeys(("few", "minority", "handful"), 1),
    "none": NONE,
}
_HOW_OFTEN = {
    **dict.fromkeys(("always", "invariably", "constantly"), 5),
    **dict.fromkeys(("usually", "mostly", "generally", "normally"), 4),
    **dict.fromkeys(("often", "frequently", "regularly"), 3),
    **dict.fromkeys(("sometimes", "occasionally"), 2),
    **dict.fromkeys(("rarely", "seldom", "hardly"), 1),
    "never": 0,
}
_HOW_FAR = {
    **dict.fromkeys(("completely", "entirely", "wholly", "fully", "totally"), 5),
    **dict.fromkeys(("largely", "mainly", "mostly", "chiefly"), 4),
    **dict.fromkeys(("partly", "partially"), 2),
    **dict.fromkeys(("slightly", "barely"), 1),
}
_SCALES = (_HOW_OFTEN, _HOW_FAR)
_ONLY = word_set("only solely exclusively")
_ONLY_TOO = _ONLY | word_set("just merely alone sole except but nothing nobody none single purely limited")
_BUT, _NEARLY = word_set("but except"), word_set("nearly almost virtually practically")
_NO_QUANTITY_AFTER = word_set("not at above first very")
_AFTER_OTHERS = word_set("all most few certain whole part")
_NOUNS = word_set("most all certain part")
_NO_QUANTITY_BEHIND = word_set("recently famous important likely notably probably")


def compare_quantities(pair: Pair) -> Iterator[Finding]:
    """A finding for each word of quantity whose thing the source has with another one."""
    yield from _how_many(pair)
    for scale in _SCALES:
        yield from _how_often(pair, scale)
    yield from _only(pair)


def _how_many(pair: Pair) -> Iterator[Finding]:
    theirs = [(place, head) for place in range(len(pair.source.tokens)) for head in [_head(pair.source, place)] if head]
    for at in range(len(pair.claim.tokens)):
        head = _head(pair.claim, at)
        if head is None and _stands_alone(pair.claim, at):
            yield from _alone(pair, at)
        if head is None or _denied(pair.claim, at):
            continue
        level = _level(pair.claim, at)
        key = pair.claim.tokens[head].key
        same = [
            place
            for place, other in theirs
            if pair.source.tokens[other].key == key and _about(pair, at, place) and not _denied(pair.source, place)
        ]
        if not same:
            continue
        agreeing = [place for place in same if _agrees(level, _level(pair.source, place))]
        place = (agreeing or same)[0]
        if not agreeing and {level, _level(pair.source, place)} == {ALL, NONE} and not _same_is_said(pair, head, place):
            continue  # "None has survived", "All are gone"
        yield _finding(pair, at, place, bool(agreeing))


def _stands_alone(words: Words, at: int) -> bool:
    """Whether a word of quantity stands for the thing, too: "all of whom", "some had left"."""
    follows = words.tokens[at + 1].low if at + 1 < len(words.tokens) else ""
    return words.tokens[at].low in _HOW_MANY and (follows == "of" or follows in AUXILIARIES or is_past(follows))


def _alone(pair: Pair, at: int) -> Iterator[Finding]:
    places = [place for place in range(len(pair.source.tokens)) if _stands_alone(pair.source, place)]
    for place in places:
        if pair.same_slot((at, at + 1), (place, place + 1)) and _about(pair, at, place):
            agrees = _agrees(_level(pair.claim, at), _level(pair.source, place))
            yield _finding(pair, at, place, agrees)
            return


def _level(words: Words, at: int) -> float:
    """How many a word says; "all but three" is not all, nor are "not all" and "nearly all"."""
    follows = words.tokens[at + 1].low if at + 1 < len(words.tokens) else ""
    if at and words.tokens[at - 1].low == "not" and words.tokens[at].low in ("all", "every"):
        return NOT_ALL
    if at and words.tokens[at - 1].low == "a" and words.tokens[at].low in ("few", "handful"):
        return _HOW_MANY["some"]
    short = follows in _BUT or _is_nearly(words, at) or _excepts(words, at)
    return 4 if short else _HOW_MANY[words.tokens[at].low]


def _is_nearly(words: Words, at: int) -> bool:
    """Whether it is nearly so many: "almost all"."""
    return at > 0 and words.tokens[at - 1].low in _NEARLY and _HOW_MANY[words.tokens[at].low] == ALL


def _excepts(words: Words, at: int) -> bool:
    """Whether some are excepted behind what is counted: "all crates but three"."""
    near = words.tokens[at : at + 6]
    return _HOW_MANY[words.tokens[at].low] == ALL and any(
        one.low in _BUT and one.sentence == near[0].sentence and (value_of(other.low) or other.text[0].isdigit())
        for one, other in pairwise(near)
    )


def _denied(words: Words, at: int) -> bool:
    """Whether a quantity is denied: "did not have many"."""
    if at and words.tokens[at - 1].low == "not" and words.tokens[at].low in ("all", "every"):
        return False
    return any(token.low in ("not", "never", "without", "nor") for token in words.tokens[max(0, at - 4) : at])


def enough(ours: str, theirs: str) -> bool | None:
    """Whether a word of quantity of the source is enough for the claim's; None where they are not of one scale."""
    if ours in _HOW_MANY and theirs in _HOW_MANY:
        return _agrees(_HOW_MANY[ours], _HOW_MANY[theirs])
    for scale in _SCALES:
        if ours in scale and theirs in scale:
            return scale[ours] <= scale[theirs] and (scale[ours] < 2) == (scale[theirs] < 2)
    return None


def _same_is_said(pair: Pair, head: int, place: int) -> bool:
    """Whether both say the same of a thing: a word behind it is in both."""
    source = pair.source.by_sentence[pair.source.tokens[place].sentence]
    return any(token.content and token.key in source for token in pair.claim.tokens[head + 1 :])


def _agrees(ours: float, theirs: float) -> bool:
    """Whether the source's quantity is enough for the claim's: all is enough for some, many not for few."""
    if NOT_ALL in (ours, theirs):
        return ours == theirs or (ours == NOT_ALL and theirs in (0, 1, 2, 3, 4, HALF)) or (theirs, ours) == (NOT_ALL, 2)
    if HALF in (ours, theirs):
        return ours == theirs or (ours == 2 and theirs == HALF)
    if ours == theirs or (ours == 4 and theirs == 5) or (ours in (2, 3) and theirs in (2, 3)):
        return True
    return ours in (2, 3) and theirs in (3, 4, 5)


def _head(words: Words, at: int) -> int | None:
    """What a word of quantity counts: the last of the next content words: "all the old members"."""
    token = words.tokens[at]
    if token.low not in _HOW_MANY or (token.low == "part" and words.text[token.end : token.end + 3] != " of"):
        return None
    before = words.tokens[at - 1].low if at else ""
    not_all = before == "not" and token.low in ("all", "every")
    if (before in _NO_QUANTITY_AFTER and token.low in _AFTER_OTHERS and not not_all) or (
        before in ("the", "a") and token.low in _NOUNS
    ):
        return None
    head: int | None = None
    excepts = at + 1 < len(words.tokens) and words.tokens[at + 1].low in _BUT
    clause = words.tokens[at + excepts].clause
    for place in range(at + 1, min(len(words.tokens), at + 6)):
        other = words.tokens[place]
        if other.clause != clause:
            break
        if words.tokens[place - 1].low in _BUT and (value_of(other.low) is not None or other.text[0].isdigit()):
            continue  # "all but three of the crates" counts crates
        if other.content:
            if token.low == "most" and head is None and other.low in _NO_QUANTITY_BEHIND:
                return None
            head = place
            if other.low.endswith("s") or other.low in ("people", "men", "women", "children"):
                break
        elif other.low in _BUT:
            continue
        elif head is not None or other.low not in ("of", "the", "its", "their", "his", "her", "these", "those", "our"):
            break
    if head is not None and token.low == "most" and not words.tokens[head].low.endswith(("s", "people", "men")):
        return None  # "most important"
    return head


def _how_often(pair: Pair, scale: dict[str, int]) -> Iterator[Finding]:
    theirs = [place for place, token in enumerate(pair.source.tokens) if token.low in scale]
    if not theirs:
        return
    for at, token in enumerate(pair.claim.tokens):
        if token.low not in scale or token.key in pair.source.keys:
            continue
        level = scale[token.low]
        places = [p for p in theirs if _about(pair, at, p) and pair.likeness((at, at + 1), (p, p + 1)) >= 0.3]
        if not places:
            continue
        other = scale[pair.source.tokens[places[0]].low]
        if level > other or (level < 2 <= other):
            yield _finding(pair, at, places[0], agrees=False)


def _only(pair: Pair) -> Iterator[Finding]:
    for at, token in enumerate(pair.claim.tokens):
        if token.low not in _ONLY or at + 1 >= len(pair.claim.tokens):
            continue
        follows = pair.claim.tokens[at + 1]
        before = pair.claim.tokens[at - 1].low if at else ""
        if not follows.content or follows.text[0].isdigit() or before in ("not", "the", "an"):
            continue
        places = [p for p in pair.source.places.get(follows.key, ()) if _about(pair, at, p)]
        if not places:
            continue
        if re.search(r"\bnot only\b", pair.source.text, re.I) and not any(
            token.low in _ONLY_TOO for token in pair.source.tokens if token.low not in ("only", "but")
        ):
            yield _finding(pair, at, pair.source.places["onli"][0], agrees=False)
            continue
        if any(other.low in _ONLY_TOO for other in pair.source.tokens):
            continue
        source = pair.source.tokens[places[0]]
        reason = f"the claim says “{token.text} {follows.text}”; the source does not say that it was nothing else"
        yield Finding("quantity", "absent", reason, (token.start, follows.end), pair.citation(source.start, source.end))


def _about(pair: Pair, at: int, place: int) -> bool:
    share, count = pair.shared(pair.source.tokens[place].sentence, (at, at + 1))
    return count >= 1 and share >= ENOUGH


def _finding(pair: Pair, at: int, place: int, agrees: bool) -> Finding:
    first, last = _with_exception(pair.claim, at)
    begin, end = _with_exception(pair.source, place)
    said, words = pair.claim.text[first:last], pair.source.text[begin:end]
    citation = pair.citation(begin, end)
    if agrees:
        reason = f"the source says “{words}”, which is enough for “{said}”"
        return Finding("quantity", "agrees", reason, (first, last), citation)
    reason = f"the claim says “{said}”; the source says “{words}”"
    return Finding("quantity", "differs", reason, (first, last), citation)


def _with_exception(words: Words, at: int) -> Span:
    """Where a word of quantity stands, with what is excepted or missing: "all but three", "nearly all"."""
    tokens = words.tokens
    excepts = at + 2 < len(tokens) and tokens[at + 1].low in _BUT and tokens[at].low in _HOW_MANY
    nearly = tokens[at].low in _HOW_MANY and _is_nearly(words, at)
    return tokens[at - nearly].start, tokens[at + 2 if excepts else at].end
