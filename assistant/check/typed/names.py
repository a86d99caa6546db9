"""Names of a claim against those of the source.

A name differs only where the source has another in its place: between the same words, with the same preposition, or as
the doer or done-to of the same verb. Otherwise it is absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.check.typed.aligned import Pair
from assistant.check.typed.lexicon import ARTICLES, BE, PREPOSITIONS
from assistant.check.typed.naming import Name, Vocabulary, has_other_initial, names_in, places_of
from assistant.check.typed.roles import has_its_part
from assistant.check.typed.words import Words
from assistant.check.types import Finding, Kind
from assistant.check.wording.verbs import is_passive, is_verb
from vectorstore.english import word_set
from vectorstore.types import Span

ENOUGH = 0.5
ENOUGH_ALIKE = 0.75
_JOINING = word_set("and or the as well with of")
_ALIKE = {"into": "to", "towards": "to", "toward": "to", "at": "in", "inside": "in", "within": "in", "near": "in"}
_OF_A_PEOPLE = ("an", "ish", "ese", "ch", "iss", "i", "ek", "ic")
_SUBJECTS = word_set("he she they it who")


def compare_names(pair: Pair) -> Iterator[Finding]:
    """One finding for each name of the claim."""
    vocabulary = pair.vocabulary
    named = names_in(pair.source, vocabulary)
    free = [name for name in named if not _is_named(pair, name, vocabulary)]
    for name in names_in(pair.claim, vocabulary):
        finding = _compared(pair, name, free, named, vocabulary)
        if finding is not None:
            yield finding


def _is_named(pair: Pair, name: Name, vocabulary: Vocabulary) -> bool:
    """Whether the claim, too, names what the source names."""
    return any(pair.claim.tokens[at].capital for at in places_of(name, pair.source, pair.claim, vocabulary))


def _compared(
    pair: Pair, name: Name, free: Sequence[Name], named: Sequence[Name], vocabulary: Vocabulary
) -> Finding | None:
    tokens = pair.claim.tokens
    place = (tokens[name.first].start, tokens[name.after - 1].end)
    said = pair.claim.text[place[0] : place[1]]
    held = places_of(name, pair.claim, pair.source, vocabulary)
    if held:
        span = (name.first, name.after)
        other = _in_its_place(pair, span, held, named)
        if other is not None and not has_its_part(pair, name, vocabulary):
            return _differs(pair, name, other, "name" if other in free else "roles")
        at = max(held, key=lambda i: (pair.likeness(span, (i, i + 1)), -i))
        token = pair.source.tokens[at]
        return Finding("name", "agrees", f"the source names {token.text}", place, pair.citation(token.start, token.end))
    rival = _rival(pair, name, free) or _of_other_initial(pair, name, named, vocabulary)
    if rival is not None:
        return _differs(pair, name, rival, "name")
    head = tokens[name.telling[-1]]
    of_another = any(token.capital and token.key == head.key for token in pair.source.tokens)
    if (head.key in pair.around and not of_another) or (head.key in vocabulary.names and _pronoun_in(pair.source)):
        return None
    where = "here" if head.key in vocabulary.names else "in this document"
    return Finding("name", "absent", f"the claim says “{said}”, who or which is not named {where}", place)


def _differs(pair: Pair, name: Name, other: Name, kind: Kind) -> Finding:
    tokens = pair.claim.tokens
    place = (tokens[name.first].start, tokens[name.after - 1].end)
    first, last = pair.source.tokens[other.first], pair.source.tokens[other.after - 1]
    said, words = pair.claim.text[slice(*place)], pair.source.text[first.start : last.end]
    where = " in its place" if kind == "roles" else ""
    reason = f"the claim says “{said}”; the source says “{words}”{where}"
    return Finding(kind, "differs", reason, place, pair.citation(first.start, last.end))


def _in_its_place(pair: Pair, span: Span, held: Sequence[int], named: Sequence[Name]) -> Name | None:
    """The other name that stands between the same words in the source, where the claim's own stands elsewhere; names
    in a row ("Roe and Doe") stand in one place."""
    if any(pair.same_slot(span, (at, at + 1)) for at in held):
        return None
    for other in named:
        theirs = (other.first, other.after)
        sentence = pair.source.tokens[other.first].sentence
        if not pair.between_the_same(span, theirs) or pair.shared(sentence, span)[0] < ENOUGH_ALIKE:
            continue
        if not any(other.first <= at < other.after or _in_a_row(pair.source, other, at) for at in held):
            return other
    return None


def _in_a_row(words: Words, name: Name, at: int) -> bool:
    """Whether only names, commas and "and" stand between a name and a token."""
    first, after = (name.after, at) if at >= name.after else (at + 1, name.first)
    return all(token.capital or token.low in _JOINING for token in words.tokens[first:after])


def _pronoun_in(words: Words) -> bool:
    return any(token.low in _SUBJECTS for token in words.tokens)


def _rival(pair: Pair, name: Name, theirs: Sequence[Name]) -> Name | None:
    """The name that stands in the source where the claim has its own."""
    span = (name.first, name.after)
    best: tuple[float, Name] | None = None
    for other in theirs:
        sentence = pair.source.tokens[other.first].sentence
        share, count = pair.shared(sentence, span)
        if count < 1 or share < ENOUGH:
            continue
        if _alike(pair, name, other):
            continue
        theirs_span = (other.first, other.after)
        slot = pair.same_slot(span, theirs_span)
        if not slot and not _same_role(pair, span, theirs_span, share, count):
            continue
        score = share + slot + pair.likeness(span, theirs_span)
        if best is None or score > best[0]:
            best = (score, other)
    return best[1] if best else None


def _of_other_initial(pair: Pair, name: Name, theirs: Sequence[Name], vocabulary: Vocabulary) -> Name | None:
    """The name of somebody else of the same surname of whom the source says the same: "Karl Roth" for "O. Roth"."""
    for other in theirs:
        last = other.telling[-1]
        share, _ = pair.shared(pair.source.tokens[last].sentence, (name.first, name.after))
        if share >= ENOUGH_ALIKE and has_other_initial(name, pair.claim, last, pair.source, vocabulary):
            return other
    return None


def _alike(pair: Pair, name: Name, other: Name) -> bool:
    """Whether two names begin alike and go on alike: "San Diego" and "San Diegans"."""
    ours = [pair.claim.tokens[i].low for i in name.telling]
    theirs = [pair.source.tokens[i].low for i in other.telling]
    if ours[0] != theirs[0] or min(len(ours), len(theirs)) < 2:
        return False
    return any(a != b and a[:4] == b[:4] for a in ours[1:] for b in theirs[1:])


def _same_role(pair: Pair, ours: Span, theirs: Span, share: float, count: int) -> bool:
    one, other = role_of(pair.claim, *ours), role_of(pair.source, *theirs)
    if one[0] != other[0] or not one[0] or count < 2 - (one[0] == "is"):
        return False
    if one[1] and one[1] == other[1]:
        return True
    if one[0] == "is":
        return True
    return share >= 0.75 and one[0] not in ("doer", "done to")


def role_of(words: Words, first: int, after: int) -> tuple[str, str]:
    """What a name does in its sentence, and the key of the word it belongs to: ("doer", "found"), ("in", "born")."""
    tokens = words.tokens
    at = first - 1
    while at >= 0 and (tokens[at].low in ARTICLES or (tokens[at].capital and not tokens[at].opens)):
        at -= 1
    if at >= 0 and tokens[at].low in PREPOSITIONS:
        preposition = _ALIKE.get(tokens[at].low, tokens[at].low)
        governor = next((place for place in range(at - 1, max(-1, at - 5), -1) if tokens[place].content), None)
        if governor is None:
            return preposition, ""
        if preposition == "by" and is_verb(words, governor):
            return "doer", tokens[governor].key
        return preposition, tokens[governor].key
    if at >= 0 and tokens[at].low in BE and tokens[after - 1].low.endswith(_OF_A_PEOPLE):
        return "is", ""
    for place in range(after, min(len(tokens), after + 5)):
        if tokens[place].clause != tokens[after - 1].clause or tokens[place].low in PREPOSITIONS:
            break
        if is_verb(words, place):
            return ("done to" if is_passive(words, place) else "doer"), tokens[place].key
    if at >= 0 and tokens[at].content and tokens[at].clause == tokens[first].clause:
        return "done to", tokens[at].key
    return "", ""
