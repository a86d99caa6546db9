"""Who did what to whom: the same verb with doer and done-to exchanged.

    claim   "Stalin defeated Trotsky"         source  "Trotsky defeated Stalin"            differs
    claim   "Stalin was beaten by Trotsky"    source  "Trotsky beat Stalin"                agrees
    claim   "Roe paid the fine in May"        source  "Doe paid the fine in May"           differs

But: there is no parser. Doer and done-to are the words before and behind a verb that both sides share, and only names
and words that stand alone there are compared. A name is the doer for certain only where it stands right before the
verb, or behind "by".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.check.typed.aligned import Pair
from assistant.check.typed.lexicon import ARTICLES, AUXILIARIES, BE, PREPOSITIONS, is_past
from assistant.check.typed.naming import Name, Vocabulary, are_one, is_anothers, names_in, vocabulary_of
from assistant.check.typed.words import Token, Words
from assistant.check.types import Finding
from assistant.check.wording.aliases import SAYS_CALLED
from vectorstore.english import word_set
from vectorstore.types import Span

REACH = 6
MOST_IN_BRACKETS = 60
"""Characters of brackets that may stand between a doer and its verb."""
_TIME = re.compile(
    r"(?:1\d|20)\d\d|\d\d?:\d\d|(?:January|February|March|April|June|July|August|September|October|November|December)\b"
)
_GET = word_set("get got gets getting")
_OWNING = ("'s", "’s", "'", "’")
_DONE = "has “{verb}” done to {ours}, the source to {theirs}"
_ENOUGH_BY_ANOTHER = 0.75
"""Which share of the claim, its doer aside, a sentence has to hold for its own doer to speak against the claim's."""
_BETWEEN = AUXILIARIES | word_set(
    "not never also later then once first soon always himself herself itself who again already"
)


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


def compare_doers(pair: Pair) -> Iterator[Finding]:
    """A finding for each verb of the claim that the source has only of another doer, or done to another: each is a name
    right before or behind the verb, and nothing else of what the claim says is missing in that sentence."""
    vocabulary = vocabulary_of(pair.window.document.text)
    ours, theirs = names_in(pair.claim, vocabulary), names_in(pair.source, vocabulary)
    for at, token in enumerate(pair.claim.tokens):
        places = pair.source.places.get(token.key, ())
        if not places or not is_verb(pair.claim, at):
            continue
        verbs = [place for place in places if is_verb(pair.source, place)]
        for found_of, done in ((doers_of, "says “{verb}” of {ours}, the source of {theirs}"), (done_to_of, _DONE)):
            mine = found_of(pair.claim, at, ours)
            if len(mine) != 1:
                continue
            (name,) = mine
            about = [place for place in verbs if _holds_the_rest(pair, (name.first, name.after), place)]
            others = [found_of(pair.source, place, theirs) for place in about]
            if not others or not all(others):
                continue
            if any(_may_be(pair, name, other, theirs, vocabulary) for some in others for other in some):
                continue
            other = others[0][0]
            first, last = pair.source.tokens[other.first], pair.source.tokens[other.after - 1]
            place = pair.claim.tokens[name.first].start, pair.claim.tokens[name.after - 1].end
            said, words = pair.claim.text[slice(*place)], pair.source.text[first.start : last.end]
            reason = f"the claim {done.format(verb=token.text, ours=said, theirs=words)}"
            yield Finding("roles", "differs", reason, place, pair.citation(first.start, last.end))


def done_to_of(words: Words, verb: int, names: Sequence[Name]) -> list[Name]:
    """The name to which a verb is done with certainty, as one in a list: right behind it, or before a passive; none
    where it is not certain that it is the only one."""
    tokens = words.tokens
    if is_passive(words, verb):
        return _right_before(words, verb, names)
    at = verb + 1
    while at < len(tokens) and tokens[at].low in ARTICLES:
        at += 1
    name = next((name for name in names if name.first == at), None)
    if name is None or tokens[at].sentence != tokens[verb].sentence or tokens[name.after - 1].text.endswith(_OWNING):
        return []
    follows = tokens[name.after] if name.after < len(tokens) else None
    goes_on = follows is not None and follows.sentence == tokens[verb].sentence
    if goes_on and follows is not None and (follows.low not in PREPOSITIONS - {"of"} or follows.low in ("and", "or")):
        return []  # "met Roth and Lund", "met Roth's wife", "saw Roth fall"
    return [name]


def doers_of(words: Words, verb: int, names: Sequence[Name]) -> list[Name]:
    """The names of which a verb is said with certainty: right before it, or behind "by"; none where it is not certain
    that these are all."""
    tokens = words.tokens
    if is_passive(words, verb):
        behind = next((name for name in names if verb < name.first <= verb + REACH), None)
        by = [at for at in range(verb + 1, behind.first) if tokens[at].low == "by"] if behind else []
        if behind is None or not by or any(token.content for token in tokens[verb + 1 : by[0]]):
            return []
        listed = behind.after < len(tokens) and tokens[behind.after].low in ("and", "or")
        described = [token for token in tokens[by[0] + 1 : behind.first] if token.content]
        return [] if listed or len(described) > 1 else [behind]
    return _right_before(words, verb, names)


def _right_before(words: Words, verb: int, names: Sequence[Name]) -> list[Name]:
    """The names right before a verb; none where it is not certain that these are all."""
    tokens = words.tokens
    found: list[Name] = []
    at = verb - 1
    while at >= 0 and (tokens[at].low in _BETWEEN or tokens[at].low.endswith("ly")):
        at -= 1
    at = _before_aside(words, _before_brackets(words, at))
    while True:
        name = next((name for name in names if name.first <= at < name.after), None)
        if name is None or name.after != at + 1 or tokens[at].sentence != tokens[verb].sentence:
            return []
        if tokens[at].text.endswith(_OWNING):
            return []
        found.append(name)
        at = name.first - 1
        while at >= 0 and tokens[at].low in ARTICLES:
            at -= 1
        before = tokens[at] if at >= 0 and tokens[at].sentence == tokens[verb].sentence else None
        if before is not None and before.low in PREPOSITIONS:
            return []
        if before is None or before.low not in ("and", "or"):
            return found
        at -= 1
        listed = any(name.after == at + 1 for name in names)
        if at >= 0 and not listed and tokens[at].clause != before.clause:
            return found  # ", and Roe paid": another clause


def _holds_the_rest(pair: Pair, doer: Span, place: int) -> bool:
    share, count = pair.shared(pair.source.tokens[place].sentence, doer)
    return count >= 2 and share >= _ENOUGH_BY_ANOTHER


def _before_brackets(words: Words, at: int) -> int:
    """The token before the brackets that end behind one: "Anna Roe (1897-1971) paid"; the token itself for none."""
    tokens = words.tokens
    if at < 0 or at + 1 >= len(tokens) or ")" not in words.text[tokens[at].end : tokens[at + 1].start]:
        return at
    opens = words.text.rfind("(", 0, tokens[at].end)
    return words.tokens_in(0, opens)[1] - 1 if opens >= tokens[at].start - MOST_IN_BRACKETS else at


def _before_aside(words: Words, at: int) -> int:
    """The token before an aside that ends behind one and says how somebody is called: "Anna Roe, called Nan, paid"."""
    tokens = words.tokens
    if at < 0 or at + 1 >= len(tokens) or words.text[tokens[at].end : tokens[at + 1].start].strip('”" ') != ",":
        return at
    comma = words.text.rfind(",", max(0, tokens[at].end - MOST_IN_BRACKETS), tokens[at].end)
    is_one = comma > 0 and SAYS_CALLED.match(
        " ".join(words.text[comma + 1 : tokens[at].end + MOST_IN_BRACKETS].split())
    )
    return words.tokens_in(0, comma)[1] - 1 if is_one else at


def _may_be(pair: Pair, doer: Name, other: Name, named: Sequence[Name], vocabulary: Vocabulary) -> bool:
    """Whether two names may be one's: they begin alike, the document says so, or it does not know the claim's. `named`:
    the names of the source."""
    ours = [pair.claim.tokens[at] for at in doer.telling]
    theirs = [pair.source.tokens[at] for at in other.telling]
    if is_anothers(doer, pair.claim, vocabulary):
        return False
    if are_one(doer, pair.claim, other, pair.source, vocabulary):
        return True
    known = {pair.source.tokens[at].key for name in named for at in name.telling}
    if not (vocabulary.names | known) & {a.key for a in ours}:
        return True
    if len(ours) > 1 < len(theirs) and ours[-1].key == theirs[-1].key:
        return ours[0].low[0] == theirs[0].low[0]  # of one family
    return any(a.low[:4] == b.low[:4] for a in ours for b in theirs)


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
