"""Words of a question that point back into the conversation: "he", "its", "there", "that letter", "the former", "then".

Not those that the question itself explains ("Why did Trotsky publish his letter?"), and not those that mean nothing
("Is it true that ...", "Were there ...", "the letter that was lost").
But: what they stand for is found in `resolution`; a question that lacks its verb is completed in `fragments`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.conversation import names
from assistant.conversation.english import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    PREPOSITIONS,
    VERBS,
    is_past,
    singular,
    words,
)
from assistant.conversation.mentions import Mention, mentions
from assistant.conversation.tokens import straighten

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?")
_PERSONAL = {
    "he": "he", "him": "he", "his": "he", "he's": "he", "hes": "he", "he'd": "he",
    "she": "she", "her": "she", "hers": "she", "she's": "she", "shes": "she", "she'd": "she",
    "it": "it", "its": "it", "it's": "it", "it'd": "it",
    "they": "they", "them": "they", "their": "they", "theirs": "they", "they're": "they", "theyre": "they",
    "they'd": "they", "they've": "they", "thier": "they",
}  # fmt: skip
_DEMONSTRATIVES = {"this": "this", "that": "this", "that's": "this", "these": "these", "those": "these"}
_OWNING = frozenset(("his", "her", "its", "their", "thier"))
_CONTRACTED = {"'s": "is", "s": "is", "'re": "are", "re": "are", "'d": "had", "'ve": "have"}
_CLAUSE_OPENS = words(
    """
    that when before after because if while until since and but once where why how what whom which did as
    """
)
_SUBORDINATES = words("when before after because if while until whether although that")
_SAYING = words("say said think thought know knew believe claim feel argue mean write show wish hope")
_DOING = words("do doing done learn learned happen happened deny denied admit admitted realise realize")
_JUDGED = (
    r"(?:true|false|possible|impossible|likely|unlikely|clear|known|correct|right|wrong|fair|necessary|important|safe|"
    r"common|difficult|hard|easy|better|legal|illegal|worth|said|thought|believed|reported|decided|agreed|assumed|"
    r"claimed|normal|usual|unusual|\w+able|\w+ible)"
)
_EXPLETIVE = re.compile(
    rf"\b(?:is|was|be|isn't|wasn't|would|will|has|had|been)(?: not)? it(?: (?:be|been|not|also|really|ever|so))*"
    rf"(?: \w+ly)? {_JUDGED}\b(?=.* (?:that|to|for|if|whether)\b)"
    r"|\b(?:what|which) (?:time|day|date|year|month|season) (?:is|was) it\b"
    r"|\bhow (?:long|much time|many \w+) (?:did|does|do|will|would|has|had) it (?:take|taken)\b.* (?:to|for|before)\b"
    r"|\bit (?:took|takes)\b.* to\b"
    r"|\b(?:who|what|where|when|why|how|which \w+) (?:is|was) it (?:that|who|which|about)\b"
    r"|\b(?:is|was) it .+ (?:that|who|which|whom|whose|where|when)\b|\bit (?:is|was) .+ (?:that|who|which|where)\b"
    r"|\b(?:did|does|will|would) it (?:rain|snow|freeze|matter|seem|appear|follow)\b"
    r"|\b(?:made|make|makes|find|found) it \w+ (?:to|for|that)\b|\bhow is it\b",
    re.I,
)
_EXISTENTIAL = re.compile(
    r"\b(?:is|are|was|were|be|been|isn't|aren't|wasn't|weren't|has|have|had|will|would|could|can|did|does|should|must|"
    r"may|might) there\b|\bthere(?:'s| (?:is|are|was|were|be|will|would|has|have|had|any))\b",
    re.I,
)
_ONE = re.compile(
    r"\bthe (first|second|third|fourth|last|other) one\b|\b(which) (ones?)\b|\bthe (other|remaining) ones\b", re.I
)


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A stretch of a question that points back. `sort`: "he", "she", "it", "they", "this", "these", "there", "then",
    "former", "latter", "noun" ("that letter", with its `noun`), "one" ("the second one", with its `noun` "second").
    `said`: what was said or done is meant, no thing ("Why did he do that?"). `owning`: a genitive; `tail`: what a
    contraction leaves ("is"); `preposition`: the one before it."""

    start: int
    end: int
    sort: str
    owning: bool = False
    tail: str = ""
    noun: str = ""
    preposition: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    low: str
    start: int
    end: int
    before: str
    after: str


def anaphors(text: str) -> list[Anaphor]:
    """The words of a question that point out of it, in order, the first of each sort."""
    plain = straighten(text)
    silent = [m.span() for p in (_EXPLETIVE, _EXISTENTIAL) for m in p.finditer(plain)]
    found: dict[str, Anaphor] = {}
    for anaphor in sorted(_all(plain), key=lambda a: a.start):
        empty = anaphor.sort in ("it", "there") and any(a <= anaphor.start < b for a, b in silent)
        if not empty and anaphor.sort not in found and not _is_inside(plain, anaphor):
            found[anaphor.sort] = anaphor
    return list(found.values())


def _all(plain: str) -> Iterator[Anaphor]:
    words = _words(plain)
    for index, word in enumerate(words):
        preposition = word.before if word.before in PREPOSITIONS else ""
        if word.low in _PERSONAL:
            anaphor = _personal(word, preposition)
        elif word.low in _DEMONSTRATIVES:
            anaphor = _demonstrative(plain, words, index, preposition)
        elif (
            word.low in ("former", "latter")
            and word.before == "the"
            and (word.after in VERBS or not _starts_noun(word.after))
        ):
            anaphor = Anaphor(words[index - 1].start, word.end, word.low)
        elif word.low == "there" or (word.low == "then" and index and (not word.after or preposition)):
            anaphor = Anaphor(word.start, word.end, word.low, preposition=preposition)
        else:
            continue
        if anaphor is not None:
            yield anaphor
    for match in _ONE.finditer(plain):
        noun = next(group for group in match.groups() if group).lower()
        start = match.start(3) if noun == "which" else match.start()
        yield Anaphor(start, match.end(), "one", noun=noun)


def _words(plain: str) -> list[_Word]:
    found = [
        (m.group().rstrip("'").lower(), m.start(), m.start() + len(m.group().rstrip("'")))
        for m in _WORD.finditer(plain)
    ]
    words = []
    for index, (low, start, end) in enumerate(found):
        before = found[index - 1][0] if index else ""
        after = found[index + 1][0] if index + 1 < len(found) and not plain[end : found[index + 1][1]].strip() else ""
        words.append(_Word(low, start, end, before, after))
    return words


def _personal(word: _Word, preposition: str) -> Anaphor | None:
    sort = _PERSONAL[word.low]
    if word.low == "its" and (word.after in ("the", "a", "an", "not") or not word.after):
        return None
    owning = word.low in ("hers", "theirs", "his") or (
        word.low in _OWNING and (word.low != "her" or _starts_noun(word.after))
    )
    tail = "" if word.low in _OWNING or word.low in ("hers", "theirs") else _CONTRACTED.get(word.low[len(sort) :], "")
    return Anaphor(word.start, word.end, sort, owning, tail, "", preposition)


def _starts_noun(word: str) -> bool:
    if not word or word in PREPOSITIONS | CONJUNCTIONS | AUXILIARIES:
        return False
    return word not in ADVERBS or word in ("first", "last", "next", "further", "well")


def _demonstrative(plain: str, words: list[_Word], index: int, preposition: str) -> Anaphor | None:
    word = words[index]
    end = _noun_end(plain, words, index)
    joins = word.low == "that" and not preposition  # it may as well open a clause
    if end > word.end:
        timed = singular(plain[word.end : end].split()[-1].lower()) in names.TIME_NOUNS
        if (
            joins
            and not timed
            and (word.before in _SAYING or (index and word.before not in VERBS | AUXILIARIES | CONJUNCTIONS))
        ):
            return None
        return Anaphor(word.start, end, "noun", noun=plain[word.end : end].strip(), preposition=preposition)
    joins = joins and index > 0 and word.before not in AUXILIARIES | CONJUNCTIONS
    if joins and word.after and word.after not in ADVERBS | PREPOSITIONS | CONJUNCTIONS:
        return None  # "the letter that was published", "say that he"
    tail = "is" if word.low == "that's" else ""
    said = word.before in _SAYING | _DOING or word.after in (
        "why",
        "how",
        "when",
        "because",
        "true",
        "right",
        "so",
        "mean",
    )
    return Anaphor(word.start, word.end, _DEMONSTRATIVES[word.low], False, tail, "", preposition, said)


def _noun_end(plain: str, words: list[_Word], index: int) -> int:
    """Where the noun phrase ends that a demonstrative opens; the end of the word itself if it stands alone."""
    word = words[index]
    for mention in mentions(plain):
        if mention.start == word.start and mention.end > word.end:
            return mention.end - 2 if mention.genitive and plain[: mention.end].endswith("'s") else mention.end
    if singular(word.after) in names.TIME_NOUNS or singular(word.after) in names.PERSON_NOUNS:
        return words[index + 1].end
    return word.end


def _is_inside(plain: str, anaphor: Anaphor) -> bool:
    """Whether the question itself names what the word means."""
    before = [m for m in mentions(plain) if m.end <= anaphor.start]
    sort = anaphor.sort
    if sort in ("he", "she"):
        fitting = [m for m in before if _may_be(m, "m" if sort == "he" else "f")]
        asked = (
            anaphor.owning
            and not before
            and bool(re.match(r"(?:who|whose|which (?:\w+ )?\w+)\b(?! (?:is|was|are|were)\b)", plain, re.I))
        )
    elif sort == "they":
        fitting = [m for m in before if m.plural or m.kind == "group"]
        asked = (
            anaphor.owning
            and not before
            and bool(re.match(r"(?:who|which \w+s)\b(?! (?:is|was|are|were)\b)", plain, re.I))
        )
    elif sort == "it":
        fitting = [m for m in before if _may_be_it(m)]
        asked = False
    elif sort == "there":
        fitting, asked = [m for m in before if m.kind == "place"], False
    else:
        return False
    return asked or (bool(fitting) and (anaphor.owning or _opens_clause(plain, fitting[0].end, anaphor.start)))


def _may_be(mention: Mention, gender: str) -> bool:
    return mention.is_personal and mention.gender in ("", gender) and mention.preposition != "in"


def _may_be_it(mention: Mention) -> bool:
    bare = not mention.determiner and not mention.is_name and " " not in mention.text
    return (
        mention.kind in ("thing", "group", "place")
        and not mention.plural
        and not bare
        and mention.head not in names.EMPTY_NOUNS
    )


def _opens_clause(plain: str, start: int, end: int) -> bool:
    """Whether a new clause opens between, or just before `end`: "Did Lenin know (that) he ...", "... before it ..."."""
    between = re.findall(r"\w+", plain[start:end].lower())
    if not between:
        return False
    if _SUBORDINATES & set(between):
        return True
    last, but_last = between[-1], between[-2] if len(between) > 1 else ""
    return (
        last in _CLAUSE_OPENS | _SAYING
        or (last in AUXILIARIES and but_last in _CLAUSE_OPENS)
        or (is_past(last) and last in _SAYING)
    )
