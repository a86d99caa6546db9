"""What a conversation is about: the people, things, groups, places and times that a later question may point back to.

Every phrase of the questions (as they were understood) and of the answers is a candidate; its weight is where it stood
(the answer to "who", a question's subject, ...), how long ago, and how often it came back.
But: nothing here reads the new question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import names
from assistant.clauses import parse
from assistant.english import possessive
from assistant.mentions import Kind, Mention, mentions, straighten
from assistant.types import Turn

TURNS = 6
"""How many turns back a question may point."""
DECAY = 0.72
_ANSWERED, _SUBJECT, _ASKED, _ANSWER_FIRST, _ANSWER = 1.25, 1.0, 0.85, 0.55, 0.4
_REPEATED = 0.3
_POSSESSIVES = {"his": "he", "her": "she", "its": "it", "their": "they"}


@dataclass(frozen=True, slots=True)
class Referent:
    """Something a pronoun may stand for: `text` as it stands inside a sentence, `age` the turns since it was last
    mentioned (0: in the last one), `weight` how much the conversation is about it."""

    text: str
    kind: Kind
    head: str
    plural: bool
    gender: str
    is_name: bool
    age: int
    weight: float
    preposition: str = ""


@dataclass(frozen=True, slots=True)
class Focus:
    """The referents of a conversation, heaviest first; and its last question and answers."""

    referents: tuple[Referent, ...]
    last_question: str
    last_short: str
    last_abstained: bool
    title: str

    def ranked(self, scale: dict[str, float], gender: str = "", plural: bool | None = None) -> list[Referent]:
        """Those of the kinds in `scale` (kind -> factor on the weight), best first."""
        chosen = []
        for referent in self.referents:
            factor = scale.get(referent.kind, 0.0)
            if gender and referent.gender and referent.gender != gender:
                factor = 0.0
            elif gender and referent.gender == gender:
                factor *= 1.3
            if plural is not None and referent.plural != plural:
                factor *= 0.5 if plural and referent.kind in ("group", "name", "place") else 0.0
            if factor and (referent.is_name or referent.head not in names.EMPTY_NOUNS):
                chosen.append((referent.weight * factor, referent))
        return [referent for _, referent in sorted(chosen, key=lambda pair: -pair[0])]


PEOPLE = {"person": 1.0, "name": 0.85}
THINGS = {"thing": 1.0, "group": 0.75, "name": 0.55, "place": 0.45}
MANY = {"person": 1.0, "group": 1.0, "thing": 0.85, "name": 0.6, "place": 0.3}
PLACES = {"place": 1.0}
TIMES = {"time": 1.0}
ANYTHING = {"thing": 0.9, "name": 1.0, "person": 1.0, "group": 0.9, "place": 0.7}


def focus_of(history: Sequence[Turn]) -> Focus:
    """What a conversation is about. Pure; the last TURNS turns count."""
    recent = list(history)[-TURNS:]
    found: list[Referent] = []
    persons = _pronoun_evidence(recent)
    owner = ""
    for position, turn in enumerate(recent):
        age = len(recent) - 1 - position
        of_turn = _of_turn(turn, age, owner)
        owner = next(
            (r.text for r in sorted(of_turn, key=lambda r: -r.weight) if r.kind in ("person", "name") and r.is_name),
            owner,
        )
        found.extend(of_turn)
    merged = _merge(found, persons)
    last = recent[-1] if recent else None
    return Focus(
        referents=tuple(sorted(merged, key=lambda r: (-r.weight, r.age))),
        last_question=last.answer.searched_for if last else "",
        last_short=_short(last) if last else "",
        last_abstained=bool(last and last.answer.abstained),
        title=next((c.title for s in (last.answer.sentences if last else ()) for c in s.citations), ""),
    )


def _short(turn: Turn) -> str:
    return " and ".join(short.text for sentence in turn.answer.sentences for short in sentence.short_answers)


def _of_turn(turn: Turn, age: int, owner: str) -> list[Referent]:
    scale = DECAY**age
    question = turn.answer.searched_for
    found = []
    clause = parse(question)
    subject = straighten(clause.subject).lower() if clause else ""
    for mention, text in _question_mentions(question):
        weight = _SUBJECT if subject and mention.text.lower() in subject else _ASKED
        found.append(_referent(mention, text, age, weight * scale, owner))
    wh = clause.wh.lower() if clause else ""
    noun = clause.wh_noun if clause else ""
    wants_person = bool(re.search(r"\b(?:who|whom|whose)\b", wh)) or bool(noun and _head(noun) in names.PERSON_NOUNS)
    wants_thing = (
        (wh in ("what", "which")
        and not (clause and clause.is_copular and clause.subject))
        or bool(noun and not wants_person)
    )
    known = {referent.text.lower() for referent in found}
    short = straighten(_short(turn)).lower()
    if clause and noun and not wh.startswith("how") and not wants_person and _head(noun) not in names.EMPTY_NOUNS:
        for mention in mentions("the " + noun)[:1]:
            found.append(_referent(mention, "the " + noun, age, 0.95 * scale, owner))
    answered = False
    for number, sentence in enumerate(turn.answer.sentences[:3]):
        first = True
        for mention in mentions(sentence.text):
            text = _definite(mention, owner)
            new = text.lower() not in known
            weight = _ANSWER_FIRST if first and number == 0 else _ANSWER
            first = False
            fits = (
                (wants_person
                and mention.kind in ("person", "name"))
                or (wants_thing
                and mention.kind in ("thing", "name", "group"))
            )
            inside = bool(short) and mention.text.lower() in short
            if fits and new and (inside or (not short and not answered)):
                weight, answered = _ANSWERED, True
            elif mention.text.islower() and not mention.determiner:
                weight *= 0.5
            found.append(_referent(mention, text, age, weight * scale, owner))
    return found


def _head(noun: str) -> str:
    return next((m.head for m in mentions("the " + noun)), "")


def _question_mentions(question: str) -> list[tuple[Mention, str]]:
    """The phrases of a question, the complement of "When was ..." with all that belongs to it."""
    plain = straighten(question).rstrip(" ?.!")
    clause = parse(question)
    pairs = []
    for mention in mentions(straighten(question)):
        text = mention.text
        if (
            clause
            and clause.is_copular
            and clause.subject
            and plain.endswith(clause.rest)
            and mention.text in clause.subject
        ):
            whole = f"{clause.subject} {clause.rest}".strip()
            if (
                clause.rest
                and clause.wh
                and mention.kind == "thing"
                and not mention.is_name
                and len(whole.split()) <= 12
                and _is_attached(clause.rest)
            ):
                text = whole
        pairs.append((mention, _definite(replace(mention, text=text), "")))
    return pairs


def _is_attached(rest: str) -> bool:
    first = rest.split()[0].lower()
    return first in (
        "of",
        "on",
        "against",
        "between",
        "for",
        "after",
        "before",
        "with",
        "in",
        "at",
        "about",
        "from",
        "to",
        "over",
    )


def _definite(mention: Mention, owner: str) -> str:
    """The phrase as it may stand in a question: "a bombshell" -> "the bombshell", "his letter" -> "Trotsky's letter"."""
    words = mention.text.split()
    low = words[0].lower()
    if low in _POSSESSIVES:
        return f"{possessive(owner)} {' '.join(words[1:])}" if owner else "the " + " ".join(words[1:])
    if mention.determiner and low in (
        "a",
        "an",
        "any",
        "some",
        "no",
        "every",
        "each",
        "what",
        "which",
        "whose",
        "another",
        "this",
        "that",
        "these",
        "those",
        "such",
    ):
        return " ".join(["the", *words[1:]])
    if low in ("the", "all", "both", "my", "our", "your"):
        return " ".join([low, *words[1:]])
    if (
        not mention.is_name
        and words[0][0].isupper()
        and words[0][1:].islower()
        and mention.start == 0
        and low not in names.NATIONALITIES
    ):
        return " ".join([low, *words[1:]])
    return mention.text


def _referent(mention: Mention, text: str, age: int, weight: float, owner: str) -> Referent:
    if text.split()[0].lower() in _POSSESSIVES:
        text = _definite(mention, owner)
    return Referent(
        text,
        mention.kind,
        mention.head,
        mention.plural,
        mention.gender,
        mention.is_name,
        age,
        weight,
        mention.preposition,
    )


def _key(referent: Referent) -> str:
    if referent.is_name and referent.kind in ("person", "name") and not referent.plural:
        return referent.head
    return re.sub(r"^the ", "", referent.text.lower())


def _merge(found: list[Referent], persons: dict[str, str]) -> list[Referent]:
    """One referent for each thing spoken of; what keeps coming back weighs more."""
    groups: dict[str, list[Referent]] = {}
    for referent in found:
        groups.setdefault(_key(referent), []).append(referent)
    merged = []
    for key, members in groups.items():
        best = max(members, key=lambda r: r.weight)
        text = (
            max((m.text for m in members), key=len)
            if best.is_name and not best.plural and best.kind in ("person", "name")
            else best.text
        )
        kinds = [m.kind for m in members]
        kind = next((k for k in kinds if k != "name"), "name") if best.is_name else best.kind
        said = persons.get(key, "")
        gender = next((m.gender for m in members if m.gender), "")
        if said in ("m", "f") and kind == "name":
            kind, gender = "person", gender or said
        elif said == "they" and kind == "name":
            kind = "group"
        elif said == "it" and kind == "name":
            kind = "thing"
        weight = best.weight + _REPEATED * (sum(m.weight for m in members) - best.weight)
        merged.append(
            replace(
                best,
                text=text,
                kind=kind,
                gender=gender,
                weight=min(weight, best.weight + 0.6),
                age=min(m.age for m in members),
            )
        )
    return merged


_SAID = (
    ("m", re.compile(r"\b(?:he|him|his)\b", re.I)),
    ("f", re.compile(r"\b(?:she|her|hers)\b", re.I)),
    ("they", re.compile(r"\b(?:they|them|their)\b", re.I)),
)


def _pronoun_evidence(history: Sequence[Turn]) -> dict[str, str]:
    """Names that a pronoun was understood as, earlier: head of the name -> "m", "f" or "they"."""
    evidence: dict[str, str] = {}
    for turn in history:
        raw = turn.question.lower()
        if raw == turn.answer.searched_for.lower():
            continue
        said = [sort for sort, pattern in _SAID if pattern.search(raw)]
        if len(said) == 1:
            for mention in mentions(turn.answer.searched_for):
                if mention.is_name and mention.text.lower() not in raw:
                    evidence.setdefault(
                        mention.head if not mention.plural else re.sub(r"^the ", "", mention.text.lower()), said[0]
                    )
    return evidence
