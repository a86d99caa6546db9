"""Which words of a text are denied: by "not" and "nobody", by verbs ("refused to", "denied that"), because what
was asked for was rejected, and by the sense of a word ("nearly drowned", "too ill to come", "missed the chance to").

But: what is compared with what is said elsewhere (`typed/polarity.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.check.typed.lexicon import AUXILIARIES, BE, PREPOSITIONS, is_past, key
from assistant.check.typed.words import Words
from vectorstore.english import word_set

_NOT = word_set("not never cannot neither nor hardly scarcely barely without")
_NO = word_set("no none nobody nothing nowhere")
_SUBJECTS_DENIED = _NO - {"nowhere"}
_DENYING_TO = frozenset(map(key, word_set("refuse fail decline neglect forget cease unable unwilling reluctant")))
_DENYING_FROM = frozenset(map(key, word_set("refrain abstain prevent stop keep prohibit ban bar discourage")))
_DENYING_OBJECT = frozenset(map(key, word_set("deny avoid lack reject")))
_DENYING_THAT = frozenset(map(key, word_set("deny doubt dispute refute disprove disbelieve")))
_CLAIMS = word_set("claim claims idea view notion suggestion charge charges allegation allegations belief accusation")
_REQUESTS = frozenset(
    map(
        key,
        word_set(
            """request application proposal offer demand motion plan appeal bid plea suggestion petition permission
            leave invitation attempt right consent"""
        ),
    )
)
"""What is asked to be done, and is not where it is rejected."""
REJECTING = frozenset(map(key, word_set("reject refuse decline deny dismiss")))
TRYING = frozenset(map(key, word_set("attempt effort bid plan try campaign chance opportunity occasion")))
"""What there may be without what it is for: "the attempt to sell"."""
_CHANCES = frozenset(map(key, word_set("chance opportunity occasion")))
_LOSING = frozenset(map(key, word_set("miss lose squander waste forfeit")))
_ATTEMPTS = frozenset(map(key, word_set("attempt effort bid plan try campaign")))
_FAILING = frozenset(map(key, word_set("fail collapse")))
_TO_NOTHING = ["came", "to", "nothing"]
_ALMOST = word_set("nearly almost")
_SHORT = word_set("short close verge brink edge inch")
_IN_VAIN = word_set("vain unsuccessfully about")
_MULTIPLIED = word_set("doubled tripled trebled quadrupled halved")
_LATER = word_set("until till first initially")
_SUCCEED = key("succeed")
_DEGREES = word_set("far much seem seemed become became feel felt remain remained proved still already")
_NO_NEGATION_BEHIND = word_set("only just merely simply least necessarily sooner doubt matter wonder until longer-")
_BACKWARD = word_set("instead rather far")
_DONE_ALONE = word_set("did does do could would will can")
_LEFT_ALONE = _DONE_ALONE | word_set("was were is are had has have")
_GOES_ON = word_set("however yet nevertheless nonetheless")
"""Words behind which nothing more is denied, if something was before them: "without nets however old boats sank", and
"did not however sink"."""
REACH = 2
"""How many content words behind a negation it denies."""


@lru_cache(maxsize=4_000)
def denied_in(words: Words) -> dict[int, int]:
    """The denied words of a text: index of the token -> index of the word that denies it. What is denied twice is
    not."""
    tokens = words.tokens
    found: dict[int, int] = {}
    for at, token in enumerate(tokens):
        reach, start = 0, at + 1
        follows = tokens[start].low if start < len(tokens) else ""
        if token.low in _NOT:
            reach = 1 if token.low != "without" else 2
            if follows in _NO_NEGATION_BEHIND or _until(words, at) or _or_not(words, at):
                continue
            if follows in ("all", "every", "everyone", "everything", "always", "both", "entirely"):
                continue
        elif token.low in _NO:
            if follows in _NO_NEGATION_BEHIND or (follows in ("more", "fewer", "less", "later") and token.low == "no"):
                continue
            reach = 2 if token.opens or token.low != "no" or follows == "one" else 1
            start += follows in ("one", "longer", "of")
        elif token.key in _DENYING_TO and follows == "to":
            reach, start = 1, start + 1
        elif token.key in _DENYING_FROM and "from" in (t.low for t in tokens[start : start + 5]):
            reach, start = 1, start + [t.low for t in tokens[start : start + 5]].index("from") + 1
        elif (that := _that_behind(words, at)) is not None:
            found.update((place, at) for place in _first_verb(words, that + 1))
            continue
        elif (request := _request_behind(words, at)) is not None:
            found.update((place, at) for place in request)
            continue
        elif at not in found and (undone := _undone(words, at)) is not None:
            found.setdefault(undone, at)
            continue
        elif token.key in _DENYING_OBJECT and token.low.endswith(("ed", "ies", "ing", "s")):
            reach = 1 if follows not in PREPOSITIONS else 0  # "rejected by four votes" denies no votes
        elif token.low in _BACKWARD and follows in ("of", "than", "from"):
            reach, start = 1, start + 1
        if not reach:
            continue
        if at in found:
            del found[at]  # "did not refuse to sign": two denials are none
            continue
        done = 0
        for place in range(start, min(len(tokens), start + 7)):
            if tokens[place].clause != token.clause or done == reach or (done and tokens[place].low in _GOES_ON):
                break
            if tokens[place].low == "than":
                break  # "nobody has more than two boats" says that some have two
            light = tokens[place].low.endswith("ly") or tokens[place].low in PREPOSITIONS
            if tokens[place].content and not light:
                done += 1
                if place in found and not (token.low in _NOT and tokens[found[place]].low in _NOT):
                    del found[place]
                else:
                    found[place] = at
        if token.low in _SUBJECTS_DENIED or token.low == "neither":
            verb = _verb_behind(words, at) if token.low != "neither" else _verb_of_neither(words, at)
            if verb is not None:
                found.setdefault(verb, at)
        if not done and token.low in _NOT and at and tokens[at - 1].clause == token.clause:
            before = [place for place in range(max(0, at - 4), at) if tokens[place].content]
            if before:
                found.setdefault(before[-1], at)  # "how easy it is not"
    return found


def _that_behind(words: Words, at: int) -> int | None:
    """Where "that" stands behind a verb that denies what follows: "denied that", "rejected the claim that"."""
    tokens = words.tokens
    lows = [token.low for token in tokens[at + 1 : at + 4]]
    if lows[:1] == ["that"] and tokens[at].key in _DENYING_THAT:
        return at + 1
    if len(lows) == 3 and lows[2] == "that" and lows[1] in _CLAIMS:
        return at + 3 if tokens[at].key in _DENYING_THAT | _DENYING_OBJECT else None
    return None


def _request_behind(words: Words, at: int) -> list[int] | None:
    """What was asked for, where a request for it is rejected: "sell" in "rejected the brewery's request to sell", []
    where it is not said; None where none is rejected. That there was a request is not denied."""
    tokens = words.tokens
    if tokens[at].key not in REJECTING:
        return None
    near = [n for n in range(at + 1, min(len(tokens), at + 12)) if tokens[n].sentence == tokens[at].sentence]
    noun = next((n for n in near[:6] if tokens[n].key in _REQUESTS), None)
    if noun is None or any(tokens[n].low in PREPOSITIONS for n in near if n < noun):
        return None
    to = next((n for n in near if n > noun and tokens[n].low == "to" and n + 1 < len(tokens)), None)
    return [to + 1] if to is not None and tokens[to + 1].content else []


def _undone(words: Words, at: int) -> int | None:
    """The verb of what was not done by the sense of a word: "nearly drowned", "close to winning", "too ill to come",
    "tried in vain to sell", "missed the chance to sell", "the chance to sell was lost", "attempts to sell failed"."""
    tokens = words.tokens
    near = [n for n in range(at + 1, min(len(tokens), at + 8)) if tokens[n].sentence == tokens[at].sentence]
    before = tokens[at - 1] if at and tokens[at - 1].sentence == tokens[at].sentence else None
    if tokens[at].low in _ALMOST:
        verb = near[0] if near and is_past(tokens[near[0]].low) and tokens[near[0]].content else None
        counted = verb is not None and tokens[verb].low in _MULTIPLIED
        return None if before is None or counted or _is_denial(before.low) else verb
    if tokens[at].low in _SHORT and len(near) > 1 and tokens[near[0]].low in ("of", "to"):
        verb = near[1]
        return verb if tokens[verb].low.endswith("ing") and tokens[verb].content and not tokens[verb].capital else None
    to = next((n for n in near if tokens[n].low == "to" and n + 1 < len(tokens)), None)
    verb = _behind_to(words, to)
    if to is None or verb is None:
        return None
    if tokens[at].low == "too":
        fits = before is not None and before.low in BE | _DEGREES and tokens[near[0]].content and to <= at + 3
        return verb if fits and not _NOT & {t.low for t in tokens[max(0, at - 3) : at]} else None
    if near[0] == to and tokens[at].low in _IN_VAIN:
        return verb
    if tokens[at].key in _LOSING and any(tokens[n].key in _CHANCES for n in near if n < to):
        return None if any(_is_denial(tokens[n].low) for n in near if n < to) else verb
    return _failed(words, at, to, verb) if near[0] == to or tokens[at].key in _ATTEMPTS else None


def _failed(words: Words, at: int, to: int, verb: int) -> int | None:
    """The verb of a chance that was lost, or of an attempt that failed, where "to" stands in front of it. None where it
    failed only until another did not."""
    tokens = words.tokens
    behind = [n for n in range(verb + 1, min(len(tokens), to + 10)) if tokens[n].clause == tokens[to].clause]
    if tokens[at].key in _CHANCES:
        end = next((n for n in behind if tokens[n].key in _LOSING), to)
        between = [tokens[n].low for n in range(verb + 1, end)]
        return verb if any(low in BE for low in between) and not any(map(_is_denial, between)) else None
    if tokens[at].key not in _ATTEMPTS or any(tokens[n].key in _ATTEMPTS for n in range(at + 1, to)):
        return None
    end = next(
        (n for n in behind if tokens[n].key in _FAILING or [t.low for t in tokens[n : n + 3]] == _TO_NOTHING), to
    )
    if end == to or any(_is_denial(tokens[n].low) for n in range(max(verb, end - 3), end)):
        return None
    rest = [t for t in tokens[end + 1 : end + 20] if t.sentence == tokens[at].sentence]
    of_another = rest and tokens[end].key in _FAILING and rest[0].low in ("to", "in")  # "failed to convince anyone"
    return None if of_another or any(t.low in _LATER or t.key == _SUCCEED for t in rest) else verb


def _behind_to(words: Words, to: int | None) -> int | None:
    """The verb behind "to", or behind "to be"."""
    tokens = words.tokens
    if to is None:
        return None
    verb = to + 2 if to + 2 < len(tokens) and tokens[to + 1].low == "be" else to + 1
    return verb if tokens[verb].content and not tokens[verb].capital else None


def _is_denial(low: str) -> bool:
    return low in _NOT or low in _NO or low.endswith("n't")


def _first_verb(words: Words, start: int) -> list[int]:
    """The first verb from a token on, at most eight words away; none where there is none in the past."""
    near = range(start, min(len(words.tokens), start + 8))
    verbs = (
        n for n in near if words.tokens[n].content and not words.tokens[n].capital and is_past(words.tokens[n].low)
    )
    return [place for place in verbs if words.tokens[place].sentence == words.tokens[start].sentence][:1]


def _verb_behind(words: Words, at: int) -> int | None:
    """The verb of the clause that "no" or "nobody" opens: "No strike in the valley succeeded" denies "succeeded"."""
    tokens = words.tokens
    if any(token.clause == tokens[at].clause and token.content for token in tokens[max(0, at - 3) : at]):
        return None
    for place in range(at + 1, min(len(tokens), at + 9)):
        if tokens[place].clause != tokens[at].clause:
            return None
        if is_past(tokens[place].low) and tokens[place].content and not tokens[place].capital:
            return place
    return None


def _verb_of_neither(words: Words, at: int) -> int | None:
    """The verb whose subject "neither" opens: "Neither Roth nor Weiss was elected" denies "elected". None where a verb
    stands before it, as in "chose neither Roth nor Weiss"."""
    tokens = words.tokens
    sentence = tokens[at].sentence
    clause = [t for t in tokens[max(0, at - 6) : at] if t.clause == tokens[at].clause]
    if any(t.low in AUXILIARIES or (t.content and not t.capital and is_past(t.low)) for t in clause):
        return None
    near = [n for n in range(at + 1, min(len(tokens), at + 20)) if tokens[n].sentence == sentence]
    nor = next((n for n in near if tokens[n].low == "nor"), at)
    behind = (n for n in near if n > nor and tokens[n].content and not tokens[n].capital and is_past(tokens[n].low))
    return next(behind, None)


def _or_not(words: Words, at: int) -> bool:
    """Whether it is left open: "whether or not", "may or may not"."""
    return "or" in (token.low for token in words.tokens[max(0, at - 2) : at])


def verb_left_out(words: Words, at: int) -> int | None:
    """The verb that is denied where it is left out: "The captain survived; the mate did not.", "She asked them to pay;
    they would not." """
    tokens = words.tokens
    ends = at + 1 == len(tokens) or tokens[at + 1].clause != tokens[at].clause
    if not ends or not at or tokens[at - 1].low not in _LEFT_ALONE:
        return None
    said = [n for n in range(at - 1) if tokens[n].clause != tokens[at].clause and tokens[n].content]
    earlier = [n for n in said if not tokens[n].capital and tokens[n].sentence == tokens[at].sentence]
    meant = tokens[at - 1].low in _DONE_ALONE
    found = [n for n in earlier if is_past(tokens[n].low) or (meant and is_infinitive(words, n))]
    return found[-1] if found else None


def is_infinitive(words: Words, at: int) -> bool:
    """Whether "to" stands right before a word that is no name."""
    return at > 0 and words.tokens[at - 1].low == "to" and not words.tokens[at].capital


def _until(words: Words, at: int) -> bool:
    """Whether "not ... until" says that it was, only later."""
    end = words.tokens[at].end
    return bool(re.match(r"(?:\s[\w’']+){0,8}?\suntil\b", words.text[end : end + 80]))
