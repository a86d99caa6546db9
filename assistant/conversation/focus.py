"""What a conversation is about: the people, things, groups, places and times that a later question may point back to.

Every phrase of the questions (as they were understood) and of the answers is a candidate; its weight is where it stood
(the answer to "who", a question's subject, ...), how long ago, and how often it came back.
But: nothing here reads the new question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.conversation import names
from assistant.conversation.clauses import Clause, parse
from assistant.conversation.english import ADVERBS, is_past, possessive, words
from assistant.conversation.mentions import Kind, Mention, mentions
from assistant.conversation.tokens import straighten
from assistant.types import Turn

TURNS = 8
"""How many turns back a question may point."""
ASKED_DECAY, ANSWER_DECAY = 0.85, 0.65
"""What a turn's age takes from the weight of what its question and its answer mentioned."""
OWNER = 0.75
"""What an owner ("Lenin's letter") has of the weight of what is owned."""
UNSURE = 0.5
"""What a name of unknown kind that only an answer holds, or a common noun, loses as the referent of a he or she."""
ANSWERED, SUBJECT, ASKED, ASKED_NOUN, ANSWER_FIRST, ANSWER = 1.3, 1.2, 0.85, 0.95, 0.5, 0.35
"""Weights of a phrase: the answer to a question for its kind, a question's subject, elsewhere in a question, in its
wh-phrase, the first in an answer, elsewhere in an answer."""
REPEATED = 0.3
MOST_REPEATED = 0.8
"""The part of its earlier weights that a referent gains, and the most that it gains so."""

PEOPLE = {"person": 1.0, "name": 0.85}
THINGS = {"thing": 1.0, "group": 0.75, "name": 0.5, "place": 0.4}
MANY = {"person": 1.0, "group": 1.0, "thing": 0.5, "name": 0.75, "place": 0.3}
PLACES = {"place": 1.0}
TIMES = {"time": 1.0}
ANYTHING = {"thing": 0.9, "name": 1.0, "person": 0.9, "group": 0.9, "place": 0.7}

_POSSESSIVES = frozenset(("his", "her", "its", "their"))
_INDEFINITE = words("a an any some no every each what which whose another this that these those such")
_CLASS_NOUNS = words("band group company firm club team duo trio quartet organisation organization tribe")
_ORDINALS = words("first second third last next other")
_ATTACHED = words("of on against between for after before with in at about from to over")


@dataclass(frozen=True, slots=True)
class Referent:
    """Something a pronoun may stand for: `text` as it stands inside a sentence, `age` the turns since it was last
    mentioned (0: in the last one), `weight` how much the conversation is about it, `asked` whether a question named
    it."""

    text: str
    kind: Kind
    head: str
    plural: bool
    gender: str
    is_name: bool
    age: int
    weight: float
    preposition: str = ""
    asked: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Focus:
    """The referents of a conversation, heaviest first; and its last question and answer."""

    referents: tuple[Referent, ...]
    last_question: str
    last_short: str
    last_abstained: bool

    def ranked(self, scale: dict[str, float], gender: str = "", plural: bool | None = None) -> list[Referent]:
        """Those of the kinds in `scale` (kind -> factor on the weight), best first."""
        chosen = []
        for referent in self.referents:
            factor = scale.get(referent.kind, 0.0)
            if gender and referent.gender:
                factor *= 1.15 if referent.gender == gender else 0.0
            if plural is not None and referent.plural != plural:
                factor *= 0.6 if plural and referent.kind in ("group", "name", "place") else 0.0
            if gender and ((referent.kind == "name" and not referent.asked) or not referent.is_name):
                factor *= UNSURE
            if referent.kind == "place" and referent.preposition and "group" in scale:
                factor = 0.0  # where something was, not what it was
            if plural and referent.kind == "name" and referent.preposition:
                factor = 0.0
            if factor and (
                referent.is_name
                or referent.kind == "time"
                or (referent.head not in names.EMPTY_NOUNS and not referent.is_bare)
            ):
                chosen.append((referent.weight * factor, referent))
        return [referent for _, referent in sorted(chosen, key=lambda pair: -pair[0])]


def focus_of(history: Sequence[Turn]) -> Focus:
    """What a conversation is about. Pure; the last TURNS turns count."""
    recent = list(history)[-TURNS:]
    found: list[Referent] = []
    owner = ""
    for age, turn in zip(range(len(recent) - 1, -1, -1), recent, strict=True):
        of_turn = _of_turn(turn, age, owner)
        owner = _owner(of_turn) or owner
        found.extend(of_turn)
    merged = _merge(found, _evidence(recent))
    last = recent[-1] if recent else None
    return Focus(
        referents=tuple(sorted(merged, key=lambda r: (-r.weight, r.age))),
        last_question=re.sub(r" \([^()]*\)(?=\?$)", "", last.answer.searched_for) if last else "",
        last_short=_short(last) if last else "",
        last_abstained=bool(last and last.answer.abstained),
    )


def _short(turn: Turn) -> str:
    return " and ".join(short.text for sentence in turn.answer.sentences for short in sentence.short_answers)


def _owner(found: Sequence[Referent]) -> str:
    """Whom "his" in an answer means: the person most spoken of."""
    people = [r for r in found if r.kind in ("person", "name") and r.is_name and not r.plural]
    return max(people, key=lambda r: r.weight).text if people else ""


def _of_turn(turn: Turn, age: int, owner: str) -> list[Referent]:
    clause = parse(turn.answer.searched_for)
    asked = list(_asked(turn.answer.searched_for, clause, age, ASKED_DECAY**age))
    owner = _owner(asked) or owner
    return [*asked, *_answered(turn, clause, asked, age, ANSWER_DECAY**age, owner)]


def _asked(question: str, clause: Clause | None, age: int, scale: float) -> Iterator[Referent]:
    """The phrases of a question, the complement of "When was ..." with all that belongs to it."""
    plain = straighten(question)
    subject = clause.subject.lower() if clause else ""
    wh_end = len(clause.wh) if clause else 0
    owner = ""
    for mention in mentions(plain):
        if mention.start < wh_end and clause and clause.wh_noun:
            continue
        weight = SUBJECT if subject and mention.text.lower() in subject else ASKED
        weight *= OWNER if mention.genitive else 1.0
        yield _referent(replace(mention, text=_with_complement(mention, clause)), age, weight * scale, owner, True)
        if mention.is_personal and mention.is_name:
            owner = mention.text
    if clause and clause.wh_noun and re.match(r"what|which|how many", clause.wh, re.I):
        for mention in mentions("the " + clause.wh_noun)[:1]:
            if mention.kind != "person" and mention.head not in names.EMPTY_NOUNS:
                text = "the " + clause.wh_noun
                yield _referent(replace(mention, text=text), age, ASKED_NOUN * scale, "", True)


def _with_complement(mention: Mention, clause: Clause | None) -> str:
    if clause is None or not clause.is_copular or not clause.wh or mention.kind != "thing" or mention.is_name:
        return mention.text
    words = clause.rest.split()
    stop = next((i for i, word in enumerate(words) if is_past(word.lower())), len(words))
    whole = " ".join((clause.subject, *words[:stop]))
    attached = len(words[:stop]) > 1 and clause.rest.split()[0].lower() in _ATTACHED
    return whole if attached and mention.text in clause.subject and len(whole.split()) <= 12 else mention.text


def _answered(
    turn: Turn, clause: Clause | None, asked: list[Referent], age: int, scale: float, owner: str
) -> Iterator[Referent]:
    kinds = _wanted_kinds(clause)
    known = {_key(referent) for referent in asked}
    short = straighten(_short(turn)).lower()
    answered = False
    for number, sentence in enumerate(turn.answer.sentences[:3]):
        for position, mention in enumerate(mentions(sentence.text)):
            weight = ANSWER_FIRST if position == 0 and number == 0 else ANSWER
            referent = _referent(mention, age, weight * scale, owner)
            inside = bool(short) and mention.text.lower() in short
            if mention.kind in kinds and _key(referent) not in known and (inside or (not short and not answered)):
                kind: Kind = "person" if kinds == ("person", "name") else referent.kind
                referent, answered = replace(referent, weight=ANSWERED * scale, kind=kind), True
            elif referent.is_bare or (mention.start == 0 and mention.kind == "name" and " " not in mention.text):
                referent = replace(referent, weight=referent.weight * 0.5)
            yield referent


def _wanted_kinds(clause: Clause | None) -> tuple[Kind, ...]:
    """The kinds of phrase that answer a question by themselves, where pronouns go to the answer."""
    if clause is None:
        return ()
    noun = next((m.head for m in mentions("the " + clause.wh_noun)), "") if clause.wh_noun else ""
    if re.search(r"\b(?:who|whom|whose)\b", clause.wh, re.I) or noun in names.PERSON_NOUNS:
        return ("person", "name")
    if noun and not clause.wh.lower().startswith("how") and noun not in names.EMPTY_NOUNS:
        return ("thing", "name", "group", "place")
    about_a_thing = clause.wh.lower() in ("what", "which") and not (clause.is_copular and clause.subject)
    return ("thing", "name", "group") if about_a_thing else ()


def _definite(mention: Mention, owner: str) -> str:
    """The phrase as a question may hold it: "a bombshell" -> "the bombshell", "his letter" -> "Trotsky's letter"."""
    words = mention.text.split()
    low = words[0].lower()
    rest = " ".join(words[1:])
    if rest and low in _POSSESSIVES:
        return f"{possessive(owner)} {rest}" if owner else f"the {rest}"
    if rest and mention.determiner and low in _INDEFINITE:
        return f"the {rest}"
    lone = " " in mention.text and not mention.is_name and not mention.plural and mention.kind != "time"
    if lone and (mention.determiner in _ORDINALS or (not mention.determiner and "'s " not in mention.text)):
        return f"the {low} {rest}" if words[0].istitle() and mention.start == 0 else f"the {mention.text}"
    opens = mention.start == 0 and not mention.is_name and words[0].istitle() and low not in names.NATIONALITIES
    if opens or low in ("the", "all", "both", "my", "our", "your"):
        return f"{low} {rest}".strip()
    return mention.text


def _referent(mention: Mention, age: int, weight: float, owner: str, asked: bool = False) -> Referent:
    bare = not mention.is_name and not mention.determiner and not mention.plural and " " not in mention.text
    return Referent(
        text=_definite(mention, owner),
        kind=mention.kind,
        head=mention.head,
        plural=mention.plural,
        gender=mention.gender,
        is_name=mention.is_name,
        age=age,
        weight=weight,
        preposition=mention.preposition,
        asked=asked,
        is_bare=bare or mention.head in ADVERBS,
    )


def _key(referent: Referent) -> str:
    if referent.is_name and referent.kind in ("person", "name") and not referent.plural:
        return referent.head
    return re.sub(r"^the ", "", referent.text.lower())


def _merge(found: list[Referent], evidence: dict[str, str]) -> list[Referent]:
    """One referent for each thing spoken of; what keeps coming back weighs more."""
    groups: dict[str, list[Referent]] = {}
    for referent in found:
        groups.setdefault(_whole(_key(referent), referent, groups), []).append(referent)
    return [_merged(members, evidence.get(key, "")) for key, members in groups.items()]


def _whole(key: str, referent: Referent, groups: dict[str, list[Referent]]) -> str:
    """The key of a longer phrase already known for the same thing: "the bombshell" is "Lenin's bombshell"."""
    if referent.is_name and referent.kind in ("person", "name") and " " not in referent.text:
        first_name = [
            k for k, ms in groups.items() if ms[0].is_name and ms[0].text.split()[0].lower() == key and not ms[0].plural
        ]
        return key if key in groups or not first_name else first_name[0]
    if referent.is_name or referent.kind == "time":
        return key
    words = set(key.split())
    if referent.text.removeprefix("the ") in _CLASS_NOUNS:
        named = [
            (sum(m.weight for m in ms), k)
            for k, ms in groups.items()
            if ms[0].is_name and ms[0].kind in ("group", "name")
        ]
        if named:
            return max(named, key=lambda pair: pair[0])[1]
    for known, members in groups.items():
        first = members[0]
        alike = first.head == referent.head and first.plural == referent.plural and not first.is_name
        if alike and words <= {word for m in members for word in m.text.lower().split()}:
            return known
    return key


def _merged(members: list[Referent], said: str) -> Referent:
    best = max(members, key=lambda r: r.weight)
    named = next((m for m in members if m.is_name), None)
    if named is not None and not best.is_name:  # "the band" is the one named before
        best = replace(best, text=named.text, head=named.head, is_name=True, kind="group")
        members = [best, *(m for m in members if m.is_name)]
    single = best.is_name and not best.plural and best.kind in ("person", "name")
    longest = max((m.text for m in members if len(m.text.split()) <= 8), key=len, default=best.text)
    text = longest if single or not best.is_name else best.text
    kind: Kind = best.kind
    if best.is_name:
        kind = next((m.kind for m in members if m.kind != "name"), "name")
    gender = next((m.gender for m in members if m.gender), "")
    if kind == "name" and said:
        kind = "person" if said in ("m", "f", "person") else "group" if said == "they" else "thing"
        gender = gender or (said if said in ("m", "f") else "")
    gained = min(REPEATED * (sum(m.weight for m in members) - best.weight), MOST_REPEATED)
    newest = min(members, key=lambda m: m.age)
    return replace(
        best,
        text=text,
        kind=kind,
        gender=gender,
        weight=best.weight + gained,
        age=newest.age,
        asked=any(m.asked and m.age == newest.age for m in members),
        preposition=best.preposition if all(m.preposition for m in members) else "",
    )


_SAID = (
    ("m", re.compile(r"\b(?:he|him|his)\b", re.I)),
    ("f", re.compile(r"\b(?:she|her|hers)\b", re.I)),
    ("they", re.compile(r"\b(?:they|them|their)\b", re.I)),
    ("it", re.compile(r"\b(?:it|its)\b", re.I)),
)


def _evidence(history: Sequence[Turn]) -> dict[str, str]:
    """What names of unknown kind are, by how the reader spoke of them: the head of the name -> "m", "f", "they", "it",
    or "person" for the subject of what only people do."""
    evidence: dict[str, str] = {}
    for turn in history:
        raw, understood = turn.question.lower(), turn.answer.searched_for
        clause = parse(understood)
        subject = next(iter(mentions(clause.subject)), None) if clause else None
        if clause and subject is not None and subject.is_name:
            if clause.rest and clause.rest.split()[0].lower() in names.HUMAN_VERBS:
                evidence.setdefault(subject.head, "person")
            elif clause.is_copular and not clause.rest and clause.wh.lower() in ("who", "what"):
                evidence.setdefault(subject.head, "person" if clause.wh.lower() == "who" else "it")
        said = [sort for sort, pattern in _SAID if pattern.search(raw) and not pattern.search(understood)]
        if len(said) == 1:
            for mention in mentions(understood):
                if (
                    mention.is_name
                    and mention.text.lower() not in raw
                    and (not mention.genitive or said[0] in ("m", "f"))
                ):
                    evidence[mention.head] = said[0]
    return evidence
