"""Whether a thing is said or denied: negations, verbs that deny ("refused to"), opposite words.

claim  "He supported the war."     source  "He did not support the war.", "He refused to support the war.",
                                           "He opposed the war."                                   differs
claim  "He did not support it."    source  "He opposed it."                                        agrees
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from assistant.check.typed.aligned import Pair
from assistant.check.typed.amounts import value_of
from assistant.check.typed.lexicon import PREPOSITIONS, PRONOUNS, key, opposites
from assistant.check.typed.words import Words
from assistant.check.types import Finding, Outcome
from assistant.check.wording.denials import REJECTING, TRYING, denied_in, is_infinitive, verb_left_out
from assistant.check.wording.parts import acts_in
from assistant.check.wording.states import is_present
from assistant.check.wording.verbs import is_of_others, is_verb
from assistant.check.wording.who.whom import is_anothers_deed
from vectorstore.english import word_set

ENOUGH = 0.5
"""Which share of the claim a sentence has to hold for its negation or opposite to speak against the claim."""
LIKE, LIKE_WITH_PRONOUN = 0.3, 0.2
"""How alike the neighbours of two words are at least that stand in one place; where a pronoun stands behind the
second, what it means is no neighbour."""
AGAIN = 300
"""Characters behind an attempt that failed in which another may be told of."""
_TRIED_AGAIN = re.compile(
    r"\b(?:succee\w+|at last|finally|eventually|(?:second|third|another|later|last|new) (?:attempt|effort|bid|try))\b",
    re.I,
)
_HALF = word_set("few little rarely seldom lack lacks lacked lacking insufficient insufficiently")
_NOW = word_set("currently now today longer anymore still yet nowadays already")
_QUANTITIES = word_set("all some none few many every each several")
_SOME = word_set("some several few many")
_TAKES_SIDES = frozenset(
    map(key, word_set("vote argue speak campaign fight rule decide demonstrate testify preach stand"))
)
_TURN, _REJECT = key("turn"), key("reject")
_CONVERSE = frozenset(
    frozenset(map(key, two))
    for two in (("buy", "sell"), ("lend", "borrow"), ("precede", "succeed"), ("teach", "learn"))
)
_NOT_WHO = word_set("only just merely simply solely alone because")
"""Behind "it was not", what does not say whose deed it was not: "it was not only the mate who ..."."""
_FOR, _AGAINST = word_set("for favour favor"), word_set("against")


def compare_polarity(pair: Pair) -> Iterator[Finding]:
    """A finding for each word that one side denies and both sides have, and for each opposite."""
    opposite = dict(_opposites(pair))
    ours = denied_in(pair.claim)
    agreed = {at for at, finding in opposite.items() if finding.outcome == "agrees"}
    excused = {by for place, by in ours.items() for at in agreed if by < at <= place}  # "none succeeded", "all failed"
    yield from _negations(pair, excused)
    yield from _left_out(pair, ours)
    yield from _for_and_against(pair, ours)
    yield from _not_these(pair, ours)
    yield from (finding for at, finding in opposite.items() if at not in excused)


def _negations(pair: Pair, excused: Collection[int]) -> Iterator[Finding]:
    ours, theirs = denied_in(pair.claim), denied_in(pair.source)
    if not ours and not theirs:
        return
    done: set[str] = set()
    for at, token in enumerate(pair.claim.tokens):
        if not token.content or token.key in done or (token.capital and not token.opens) or ours.get(at) in excused:
            continue
        places = [
            place
            for place in pair.source.places.get(token.key, ())
            if _speaks_of_the_same(pair, pair.source.tokens[place].sentence)
            and not _of_others(pair, at, place, ours, theirs)
            and not (at not in ours and place not in theirs and is_anothers_deed(pair, at, place))
        ]
        if not places or (at not in ours and not any(place in theirs for place in places)):
            continue
        done.add(token.key)
        alike = [place for place in places if (place in theirs) == (at in ours)]
        if alike:
            if at in ours:
                yield _finding(pair, at, alike[0], "agrees", ours, theirs)
            continue
        place = max(places, key=lambda p: pair.likeness((at, at + 1), (p, p + 1)))
        if (
            _is_only_asked(pair, at, place, theirs)
            or _of_another_time(pair, at, place)
            or _is_of_some(pair, at, place, ours, theirs)
            or is_unless(pair, at, place)
            or is_only_if(pair, pair.source.tokens[place].sentence)
            or not _near(pair, at, place)
            or _denied_elsewhere(pair, ours, theirs, at, place)
            or _is_tried(pair, at, place, theirs)
        ):
            continue
        yield _finding(pair, at, place, "differs", ours, theirs)


def _of_others(pair: Pair, at: int, place: int, ours: dict[int, int], theirs: dict[int, int]) -> bool:
    """Whether one side denies it of those behind "neither", of whom the other side speaks nowhere: "Neither the bank
    nor the council paid" says nothing of the brewer."""
    ending = pair.source.tokens[place].sentence
    told = [t for t in pair.source.tokens if t.sentence == ending]
    for words, by, verb, others in (
        (pair.claim, ours.get(at), at, told),
        (pair.source, theirs.get(place), place, pair.claim.tokens),
    ):
        if by is None or words.tokens[by].low != "neither":
            continue
        listed = {token.key for token in words.tokens[by + 1 : verb] if token.content}
        if not any(token.key in listed or token.low in PRONOUNS for token in others):
            return True
    return False


def _is_tried(pair: Pair, at: int, place: int, theirs: dict[int, int]) -> bool:
    """Whether what failed in the source is only tried in the claim, too, or is tried again further on: "The attempt to
    sell it failed. A second one succeeded"."""
    by = theirs.get(place)
    if by is None or pair.source.tokens[by].key not in TRYING:
        return False
    before = pair.claim.tokens[max(0, at - 8) : at]
    if before and before[-1].low == "to" and any(token.key in TRYING for token in before):
        return True
    after = pair.window.start + pair.source.tokens[place].end
    return _TRIED_AGAIN.search(pair.window.document.text, after, after + AGAIN) is not None


def _left_out(pair: Pair, ours: dict[int, int]) -> Iterator[Finding]:
    """A finding for a verb that the source denies without saying it again: "The mate survived", and "The captain
    survived; the mate did not"."""
    tokens = pair.source.tokens
    for by, token in enumerate(tokens):
        verb = verb_left_out(pair.source, by) if token.low == "not" else None
        if verb is None:
            continue
        denied = {t.key for t in tokens[verb + 1 : by] if t.content}
        said = {t.key for t in tokens[:verb] if t.content and t.sentence == token.sentence}
        for at, word in enumerate(pair.claim.tokens):
            subject = {t.key for t in pair.claim.tokens[:at] if t.content}
            of_others = is_infinitive(pair.source, verb) or not subject & said
            if word.key == tokens[verb].key and at not in ours and subject & denied and of_others:
                yield _finding(pair, at, verb, "differs", {}, {verb: by})


def _not_these(pair: Pair, ours: dict[int, int]) -> Iterator[Finding]:
    """A finding for a verb of the claim whose doer the source says it was not: "It was not the mate who sold the boat,
    but the owner"."""
    tokens = pair.source.tokens
    for by, token in enumerate(tokens):
        if token.low != "not" or [t.low for t in tokens[max(0, by - 2) : by]] not in (["it", "was"], ["it", "is"]):
            continue
        near = [n for n in range(by + 1, min(len(tokens), by + 14)) if tokens[n].sentence == token.sentence]
        that = next((n for n in near if tokens[n].low in ("that", "who", "which")), None)
        verb = next((n for n in near if that is not None and n > that and is_verb(pair.source, n)), None)
        if that is None or verb is None or verb - that > 3 or tokens[by + 1].low in _NOT_WHO | PREPOSITIONS:
            continue
        denied = {t.key for t in tokens[by + 1 : that] if t.content}
        for act in acts_in(pair.claim, pair.vocabulary):
            said, doer = pair.claim.tokens[act.verb], act.parts.get("doer")
            if said.key != tokens[verb].key or doer is None or act.verb in ours:
                continue
            words = pair.claim.tokens[doer.first : doer.after]
            named = {t.key for t in words if t.content}
            before = [t.low for t in pair.claim.tokens[max(0, doer.first - 2) : doer.first + 1]]
            if named and named <= denied and "not" not in before:
                quoted = pair.source.text[tokens[by - 2].start : tokens[verb].end]
                start, end = min(words[0].start, said.start), max(words[-1].end, said.end)
                citation = pair.citation(tokens[by - 2].start, tokens[verb].end)
                yield Finding("polarity", "differs", f"the source says “{quoted}”", (start, end), citation)
                return


def _for_and_against(pair: Pair, ours: dict[int, int]) -> Iterator[Finding]:
    """A finding for what is said to be for a thing, and in the source against it: "vote for", "a vote against"."""
    theirs = denied_in(pair.source)
    for at, token in enumerate(pair.claim.tokens):
        side = _side(pair.claim, at) if token.key in _TAKES_SIDES and at not in ours else None
        places = [p for p in pair.source.places.get(token.key, ()) if p not in theirs] if side else []
        sides = [(place, _side(pair.source, place)) for place in places]
        named = {t.key for t in pair.claim.tokens[:at] if t.content}
        for place, other in sides:
            sentence = pair.source.tokens[place].sentence
            if not side or not other or other[0] == side[0] or not named <= pair.source.by_sentence[sentence]:
                continue
            start, end = token.start, pair.claim.tokens[side[1]].end
            first, last = pair.source.tokens[place].start, pair.source.tokens[other[1]].end
            said, words = pair.claim.text[start:end], pair.source.text[first:last]
            reason = f"the claim says “{said}”; the source says “{words}”"
            yield Finding("polarity", "differs", reason, (start, end), pair.citation(first, last))
            return


def _side(words: Words, at: int) -> tuple[bool, int] | None:
    """Whether "for" or "against" stands near behind a word, and where; None where neither does."""
    for place in range(at + 1, min(len(words.tokens), at + 4)):
        low = words.tokens[place].low
        if words.tokens[place].clause != words.tokens[at].clause:
            return None
        if low in _FOR or low in _AGAINST:
            return low in _FOR, place
    return None


def _near(pair: Pair, at: int, place: int) -> bool:
    """Whether two places are of one thing: the words around them are the same, or the source has all of the claim."""
    if pair.likeness((at, at + 1), (place, place + 1)) >= 0.2:
        return True
    return pair.shared(pair.source.tokens[place].sentence)[0] >= 0.9


def _of_another_time(pair: Pair, at: int, place: int) -> bool:
    """Whether only one side speaks of now: "is no longer a member" and "was a member" are both true."""
    sentence = pair.source.tokens[place].sentence
    ours = any(token.low in _NOW for token in pair.claim.tokens)
    theirs = any(t.low in _NOW for t in pair.source.tokens if t.sentence == sentence)
    return ours != theirs and not (theirs and is_present(pair.claim, at))


def _is_of_some(pair: Pair, at: int, place: int, ours: dict[int, int], theirs: dict[int, int]) -> bool:
    """Whether one side says "not all are", and the other that some are not."""
    sides = ((pair.claim, at, at in ours), (pair.source, place, place in theirs))
    for (words, here, denied), (others, there, _) in (sides, sides[::-1]):
        said = [t.low for t in words.tokens if t.sentence == words.tokens[here].sentence]
        other = " ".join(t.low for t in others.tokens if t.sentence == others.tokens[there].sentence)
        some = _SOME & {*said} or any(value_of(low) is not None or low.isdigit() for low in said)
        if denied and some and any(words in other for words in ("not all", "not every", "all but", "all except")):
            return True
    return False


def is_unless(pair: Pair, at: int, place: int) -> bool:
    """Whether one side says "unless it is", and the other "if it is not"."""
    opened = [_opener(pair.claim, at), _opener(pair.source, place)]
    return "unless" in opened and "if" in opened


def is_only_if(pair: Pair, sentence: int) -> bool:
    """Whether the claim says "may not, unless", and a sentence of the source "may only if", or the reverse."""
    ours = " ".join(token.low for token in pair.claim.tokens)
    theirs = " ".join(token.low for token in pair.source.tokens if token.sentence == sentence)
    sides = (ours, theirs), (theirs, ours)
    return any("unless" in one and ("only if" in other or "only when" in other) for one, other in sides)


def _opener(words: Words, at: int) -> str:
    """The first word of the clause that a token stands in."""
    while at and words.tokens[at - 1].clause == words.tokens[at].clause:
        at -= 1
    return words.tokens[at].low


def _is_only_asked(pair: Pair, at: int, place: int, theirs: dict[int, int]) -> bool:
    """Whether the claim, too, says no more than that somebody asked for what was rejected: "asked to sell"."""
    asked = at > 0 and pair.claim.tokens[at - 1].low == "to"
    return asked and place in theirs and pair.source.tokens[theirs[place]].key in REJECTING


def _denied_elsewhere(pair: Pair, ours: dict[int, int], theirs: dict[int, int], at: int, place: int) -> bool:
    """Whether both sides deny, only the one with a word that the other lacks: "did not win" and "failed to win" reach
    the same words; "did not stay in Kars" and "was not in Kars" do not."""
    side, tokens, word = (theirs, pair.source.tokens, place) if at in ours else (ours, pair.claim.tokens, at)
    clause = tokens[word].clause
    said = pair.claim.keys if at in ours else pair.source.keys
    beside = [other for other in side if other != word and tokens[other].sentence == tokens[word].sentence]
    if any(tokens[other].key in said for other in beside):
        return True  # "is not by Roe", and "is by Doe, not Roe"
    if any(clause in (tokens[by].clause, tokens[other].clause) for other, by in side.items()):
        return True
    return any(token.low in _HALF for token in tokens if token.sentence == tokens[word].sentence)


def _finding(pair: Pair, at: int, place: int, outcome: str, ours: dict[int, int], theirs: dict[int, int]) -> Finding:
    claim, source = pair.claim.tokens, pair.source.tokens
    start, end = _extent(at, ours), _extent(place, theirs)
    said = pair.claim.text[claim[start[0]].start : claim[start[1]].end]
    words = pair.source.text[source[end[0]].start : source[end[1]].end]
    span = (claim[start[0]].start, claim[start[1]].end)
    citation = pair.citation(source[end[0]].start, source[end[1]].end)
    if outcome == "agrees":
        return Finding("polarity", "agrees", f"both deny it: the source says “{words}”", span, citation)
    verb = "denies" if at in ours else "affirms"
    return Finding(
        "polarity", "differs", f"the claim {verb} it (“{said}”); the source does not (“{words}”)", span, citation
    )


def _extent(at: int, denied: dict[int, int]) -> tuple[int, int]:
    return (min(at, denied[at]), max(at, denied[at])) if at in denied else (at, at)


def _opposites(pair: Pair) -> Iterator[tuple[int, Finding]]:
    """The findings by the token of the claim that they are of."""
    ours, theirs = denied_in(pair.claim), denied_in(pair.source)
    for at, token in enumerate(pair.claim.tokens):
        if token.low in _QUANTITIES or (token.capital and not token.opens):
            continue
        if any(not is_anothers_deed(pair, at, p) for p in pair.source.places.get(token.key, ())):
            continue
        known = opposites(_meaning(pair.claim, at))
        found = known & pair.source.keys - pair.claim.keys
        places = sorted(place for word in found for place in pair.source.places[word])
        places += [p for p in pair.source.places.get(_TURN, ()) if _meaning(pair.source, p) in known]
        places = [p for p in places if _in_place(pair, at, p) and not is_of_others(pair.source, p)]
        if not places:
            continue
        place = max(places, key=lambda p: pair.likeness((at, at + 1), (p, p + 1)))
        if _is_converse(pair, at, place):
            continue
        outcome = "agrees" if _is_denied(at, ours) != _is_denied(place, theirs) else "differs"
        source = pair.source.tokens[place]
        start, end = _extent(at, ours), _extent(place, theirs)
        said = pair.claim.text[pair.claim.tokens[start[0]].start : pair.claim.tokens[start[1]].end]
        words = pair.source.text[pair.source.tokens[end[0]].start : pair.source.tokens[end[1]].end]
        reason = f"the claim says “{said}”; the source says “{words}”"
        span = (token.start, token.end)
        agrees: Outcome = "agrees" if outcome == "agrees" else "differs"
        yield at, Finding("polarity", agrees, reason, span, pair.citation(source.start, source.end))


def _is_converse(pair: Pair, at: int, place: int) -> bool:
    """Whether two words tell one thing from its two ends: "Roth sold it", and "Weiss bought it"."""
    two = frozenset((pair.claim.tokens[at].key, pair.source.tokens[place].key))
    return two in _CONVERSE and is_anothers_deed(pair, at, place)


def _meaning(words: Words, at: int) -> str:
    """The key of a word, of "turned down" and "turned it down" that of "rejected"."""
    follows = [token.low for token in words.tokens[at + 1 : at + 3]]
    down = follows[:1] == ["down"] or (follows[1:] == ["down"] and follows[0] in PRONOUNS)
    return _REJECT if words.tokens[at].key == _TURN and down else words.tokens[at].key


def _is_denied(at: int, denied: dict[int, int]) -> bool:
    return at in denied or any(by < at < place for place, by in denied.items())


def _in_place(pair: Pair, at: int, place: int) -> bool:
    """Whether an opposite stands where the claim's word stands."""
    token, source = pair.claim.tokens[at], pair.source.tokens[place]
    ours, theirs = (at, at + 1), (place, place + 1)
    share, count = pair.shared(source.sentence, ours)
    if count < 1 or share < ENOUGH:
        return False
    compared, other = _compared_with(pair.claim, at), _compared_with(pair.source, place)
    if compared and other and not compared & other:
        return False  # "lower than adults" and "higher than children"
    if _is_followed_by_that(pair.source, place) != _is_followed_by_that(pair.claim, at):
        return False  # "found that he had left" is no opposite of "lost it"
    if pair.same_slot(ours, theirs):
        return True
    if not token.content or not source.content or (count < 2 and not _is_of_the_subject(pair, at, place)):
        return False
    likeness = LIKE_WITH_PRONOUN if _has_pronoun(pair.source, place) else LIKE
    return pair.likeness(ours, theirs) >= likeness


def _is_of_the_subject(pair: Pair, at: int, place: int) -> bool:
    """Whether an opposite stands right behind a word of the claim, and the source holds all else that the claim says:
    "They went on strike in 1904. The strike failed" for "The strike of 1904 succeeded"."""
    others = {token.key for token in pair.claim.tokens if token.content and token is not pair.claim.tokens[at]}
    return place > 0 and pair.source.tokens[place - 1].key in others and others <= set(pair.source.keys)


def _has_pronoun(words: Words, at: int) -> bool:
    """Whether what is done, which the sentence names before, is a pronoun here: "was offered it and turned it down"."""
    return at + 1 < len(words.tokens) and words.tokens[at + 1].low in PRONOUNS


def _is_followed_by_that(words: Words, at: int) -> bool:
    return at + 1 < len(words.tokens) and words.tokens[at + 1].low == "that"


def _compared_with(words: Words, at: int) -> frozenset[str]:
    """What follows "than" in the sentence."""
    sentence = [token for token in words.tokens[at + 1 :] if token.sentence == words.tokens[at].sentence]
    than = next((place for place, token in enumerate(sentence) if token.low == "than"), len(sentence))
    return frozenset(token.key for token in sentence[than + 1 : than + 6] if token.content)


def _speaks_of_the_same(pair: Pair, sentence: int) -> bool:
    share, count = pair.shared(sentence)
    return count >= 2 and share >= ENOUGH
