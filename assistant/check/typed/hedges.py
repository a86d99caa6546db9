"""How sure a thing is said to be, and whether it happened: "reportedly", "may", "planned to", "claimed that", "if".

claim  "He blew up the bridge."             source  "He planned to blow up the bridge."          differs
claim  "He allegedly took the money."       source  "He is said to have taken the money."        nothing
claim  "He planned to blow up the bridge."  source  "He blew up the bridge."                     differs
claim  "He may have been ill."              source  "He was ill."                                differs
claim  "He betrayed them."                  source  "He betrayed them, as Roth maintains."       differs

"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.check.typed.aligned import Pair
from assistant.check.typed.lexicon import PREPOSITIONS, is_past, key
from assistant.check.typed.words import Token, Words
from assistant.check.types import Finding
from assistant.check.wording.denials import denied_in
from assistant.check.wording.verbs import is_verb
from ingest.speech.vocabulary import FINITE
from vectorstore.english import word_set

Sort = Literal["report", "chance", "intent", "unreal", "if"]

ENOUGH, ENOUGH_WORDS = 0.6, 2
REPORT = word_set("reportedly allegedly supposedly purportedly ostensibly rumoured rumored")
CHANCE = word_set("may might perhaps possibly maybe probably likely presumably apparently")
SAID_TO = frozenset(map(key, word_set("say believe think suppose allege rumour rumor report consider expect suspect")))
SEEM = frozenset(map(key, word_set("seem appear")))
_INTENT = frozenset(
    map(
        key,
        word_set(
            """plan intend propose threaten hope want wish promise offer seek attempt try aim mean vow pledge prepare
            expect prefer consider demand request ask urge strive endeavour endeavor struggle"""
        ),
    )
)
_INTENT_NOUNS = frozenset(map(key, word_set("plan intention threat proposal attempt promise wish offer")))
_ASKING = frozenset(map(key, word_set("ask urge request want expect beg advise")))
"""What is done to others, so that they do something."""
_CONSENTS = word_set("did agreed accepted consented complied obeyed")
_WEAK_SAYING = frozenset(
    map(key, word_set("claim allege assert insist believe think suspect fear hope predict assume imagine speculate"))
)
_PERSONAL = word_set("he she it they we")
_OBJECTS = word_set("it him her them this that these those")
_NAMING = frozenset(map(key, word_set("call consider deem regard describe hail praise see view think")))
_OPINIONS = word_set("opinion view judgement judgment eyes account words")
SAYS_SO = _WEAK_SAYING | frozenset(map(key, word_set("maintain argue contend say put see report hold")))
ATTRIBUTES = (FINITE | word_set("according saying claiming arguing alleging believed thought view opinion")) - word_set(
    "point points pointed read reads"
)
_LESS_THAN_SURE = ATTRIBUTES | word_set(
    """will would could can should about around approximately nearly almost some estimated believed reported considered
    often sometimes usually generally typically suggests suggest indicates indicate thought seen regarded"""
)
MEANT, SUPPOSED = "as something meant or tried", "as a condition"
_WHAT = {
    "report": "as reported by others",
    "chance": "as a possibility",
    "intent": MEANT,
    "unreal": "as something that might have been",
    "if": SUPPOSED,
}


@dataclass(frozen=True, slots=True)
class Hedge:
    """Tokens `first` to `after` that make the word at `word` less than a fact."""

    first: int
    after: int
    word: int
    sort: Sort


@lru_cache(maxsize=4_000)
def hedges_in(words: Words) -> dict[int, Hedge]:
    """What a text does not state as a fact: index of a content word -> what makes it less."""
    tokens = words.tokens
    found: dict[int, Hedge] = {}
    for at in range(len(tokens)):
        opening = _opening(tokens, at)
        if opening is None:
            continue
        after, sort, reach = opening
        for word in _reached(tokens, at, after, reach):
            if sort == "if" and tokens[at].low != "whether" and not is_verb(words, word):
                continue
            found.setdefault(word, Hedge(at, after, word, sort))
    return found


def _opening(tokens: tuple[Token, ...], at: int) -> tuple[int, Sort, int] | None:
    """Where the words end that make a hedge from a token on, its sort, and how many content words it reaches."""
    token = tokens[at]
    if token.capital and not token.opens:
        return None
    follows = tokens[at + 1].low if at + 1 < len(tokens) else ""
    beyond = tokens[at + 2].low if at + 2 < len(tokens) else ""
    if token.low in REPORT:
        return at + 1, "report", 2
    if token.low in CHANCE and not (token.low == "likely" and _compares(tokens, at)):
        return at + 1, "chance", 1
    if token.low in ("would", "could", "should") and (follows == "have" or (follows == "not" and beyond == "have")):
        return at + 2, "unreal", 1
    if follows == "to" and token.key in SEEM:
        return at + 2, "chance", 1
    if token.low in _BE and follows == "to" and beyond == "have":
        return at + 3, "unreal", 1
    if token.key in SAID_TO and at and tokens[at - 1].low in _BE:
        to = next((n for n in range(at + 1, min(len(tokens), at + 5)) if tokens[n].low == "to"), None)
        if to is not None and (to == at + 1 or follows == "by"):
            return to + 1, "report", 1
    if token.low == "as" and (says := _says_so(tokens, at + 1)):
        return says, "report", 8
    if token.key in _NAMING and follows in _OBJECTS:
        return at + 2, "report", 4
    if follows == "to" and (token.key in _INTENT or token.key in _INTENT_NOUNS):
        return at + 2, "intent", 1
    if token.key in _ASKING and (to := _asked_to(tokens, at)):
        return to + 1, "intent", 1
    if token.key in _WEAK_SAYING and is_past(token.low) and (follows == "that" or _clause_begins(tokens, at + 1)):
        return (at + 2 if follows == "that" else at + 1), "report", 8
    if token.low in ("if", "unless", "whether"):
        return at + 1, "if", 3
    return None


def _asked_to(tokens: tuple[Token, ...], at: int) -> int:
    """Where "to" stands behind those who are asked: "asked the guild to sell it"; 0 where it does not."""
    for place in range(at + 2, min(len(tokens), at + 7)):
        if tokens[place].clause != tokens[at].clause or is_past(tokens[place - 1].low):
            return 0
        if tokens[place].low == "to":
            return place
        if tokens[place].low in PREPOSITIONS:
            return 0
    return 0


def _says_so(tokens: tuple[Token, ...], at: int) -> int:
    """Where what follows "as" ends, if it says whose word something is: "as Roth maintains", "as the critics put it";
    0 if it does not."""
    for place in range(at + 1, min(len(tokens), at + 6)):
        if tokens[place].clause != tokens[at].clause:
            return 0
        if tokens[place].key in SAYS_SO and tokens[place - 1].low not in _BE:
            return place + 1
    return 0


def _clause_begins(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a clause seems to begin, with its subject: "claimed he had", "believed the plan was"."""
    return at + 1 < len(tokens) and (
        tokens[at].low in _PERSONAL
        or (tokens[at].capital and not tokens[at].opens)
        or (tokens[at].low in ("the", "a", "an") and any(token.low in _BE for token in tokens[at + 1 : at + 5]))
    )


def _compares(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether "likely" compares or is no adverb: "more likely to", "a likely winner"."""
    before = tokens[at - 1].low if at else ""
    return before in ("more", "less", "as", "most", "least", "a", "the", "equally", "un")


_WAITING = word_set("if unless when once")
_BE = word_set("is are was were be been being has have had")


def _reached(tokens: tuple[Token, ...], first: int, after: int, reach: int) -> list[int]:
    """The content words that a hedge reaches: the next ones of its clause; of "Allegedly, he left" the next."""
    found: list[int] = []
    far = reach > 3
    for at in range(after, min(len(tokens), after + (16 if far else 8))):
        if tokens[at].sentence != tokens[first].sentence or len(found) == reach:
            break
        if not far and tokens[at].clause != tokens[after].clause:
            break
        if tokens[at].content and not tokens[at].low.endswith("ly"):
            found.append(at)
    return found


def compare_hedges(pair: Pair) -> Iterator[Finding]:
    """At most one finding: the hedge that the claim leaves out, or the intention that it makes of a fact."""
    ours, theirs = hedges_in(pair.claim), hedges_in(pair.source)
    if not ours and not theirs:
        return
    denied = denied_in(pair.claim)
    attributed = any(token.low in ATTRIBUTES or token.key in SAYS_SO for token in pair.claim.tokens)
    for at, token in enumerate(pair.claim.tokens):
        if not token.content or token.capital:
            continue
        places = [p for p in pair.source.places.get(token.key, ()) if _speaks_of_the_same(pair, p)]
        if not places:
            continue
        hedged = [theirs[place] for place in places if place in theirs]
        if at in denied:
            continue
        hedge = hedged[0] if len(hedged) == len(places) else None
        if hedge and hedge.sort == "if" and _waits(pair.claim, at):
            continue
        said_less = at in ours or any(own.sort == hedge.sort for own in ours.values()) if hedge else True
        if hedge and not said_less and not (attributed and hedge.sort == "report") and _is_meant(pair, at, hedge):
            yield _dropped(pair, at, hedge)
            return
        if at not in ours or ours[at].sort == "if" or _hedged_near(pair, places, theirs, ours[at].sort):
            continue
        if ours[at].sort in ("report", "chance"):
            flat = not _is_said(pair, places[0])
        else:
            flat = is_past(pair.source.tokens[places[0]].low)
        if flat and _is_meant_word(pair, at, places[0]):
            yield _added(pair, ours[at], places[0])
            return


def _waits(words: Words, at: int) -> bool:
    """Whether a word stands in a clause with "if", "when" or "once": of what is to come that is a condition, too."""
    clause = words.tokens[at].clause
    return any(token.clause == clause and token.low in _WAITING for token in words.tokens)


def _is_meant(pair: Pair, at: int, hedge: Hedge) -> bool:
    """Whether the hedge bears on what the claim says: its own words are not in the claim, and what it reaches is the
    verb, or stands where the claim has it."""
    opening = pair.source.tokens[hedge.first]
    if opening.content and opening.key in pair.claim.keys:
        return False
    if opening.key in _ASKING:
        if any(t.low in _CONSENTS for t in pair.source.tokens[hedge.after :] if t.sentence == opening.sentence):
            return False  # "asked her to join the choir, and she did"
        asked = {t.key for t in pair.source.tokens[hedge.first + 1 : hedge.after] if t.content}
        if asked and not asked & {t.key for t in pair.claim.tokens[:at]}:
            return False  # "asked the state to repair it" says nothing of others who did
    return _is_meant_word(pair, at, hedge.word)


def _is_meant_word(pair: Pair, at: int, place: int) -> bool:
    return pair.likeness((at, at + 1), (place, place + 1)) >= 0.3


def _is_said(pair: Pair, place: int) -> bool:
    """Whether the source itself says something as somebody's word, as an estimate, or of the future."""
    sentence = pair.source.tokens[place].sentence
    if pair.window.sentences[sentence].speaker:
        return True
    return any(token.sentence == sentence and token.low in _LESS_THAN_SURE for token in pair.source.tokens)


def _hedged_near(pair: Pair, places: list[int], theirs: dict[int, Hedge], sort: Sort) -> bool:
    """Whether the source's sentence hedges, too; that something was meant makes nothing a rumour."""
    sentences = {pair.source.tokens[place].sentence for place in places}
    near = {hedge.sort for word, hedge in theirs.items() if pair.source.tokens[word].sentence in sentences}
    return bool(near - {"intent"} if sort in ("report", "chance") else near)


def _dropped(pair: Pair, at: int, hedge: Hedge) -> Finding:
    token = pair.claim.tokens[at]
    start, end = pair.source.tokens[hedge.first].start, pair.source.tokens[hedge.word].end
    words = pair.source.text[start:end]
    reason = f"the claim states “{token.text}” as a fact; the source says it {_WHAT[hedge.sort]}: “{words}”"
    return Finding("hedge", "differs", reason, (token.start, token.end), pair.citation(start, end))


def _added(pair: Pair, hedge: Hedge, place: int) -> Finding:
    start, end = pair.claim.tokens[hedge.first].start, pair.claim.tokens[hedge.word].end
    token = pair.source.tokens[place]
    reason = f"the claim says “{pair.claim.text[start:end]}”; the source says that it was so: “{token.text}”"
    return Finding("hedge", "differs", reason, (start, end), pair.citation(token.start, token.end))


def _speaks_of_the_same(pair: Pair, place: int) -> bool:
    share, count = pair.shared(pair.source.tokens[place].sentence)
    return count >= ENOUGH_WORDS and share >= ENOUGH
