"""What the words that point back stand for, put in their place: "Did it go off?" -> "Did Lenin's bombshell go off?".

But: which words point back is found in `anaphors`, what a conversation is about in `focus`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.conversation import names
from assistant.conversation.anaphors import Anaphor
from assistant.conversation.clauses import Clause, parse
from assistant.conversation.english import base_of_past, gerund, is_past, is_plural, possessive, singular, words
from assistant.conversation.focus import ANSWERED, ANYTHING, MANY, PEOPLE, PLACES, THINGS, TIMES, Focus, Referent
from assistant.conversation.mentions import mentions
from assistant.conversation.tokens import straighten

_MOTION = re.compile(
    r"\b(?:go|went|gone|travel|travelled|come|came|sent|send|move|moved|get|got|return|returned|arrive|arrived|deported)\b"
    r"[^?]*$",
    re.I,
)
CLOSE = 0.7
"""A second meaning is offered where it weighs at least this part of the first."""
_RECENT = 1
"""A time that a question points back to was named this many turns ago at most."""


def resolve(text: str, found: Sequence[Anaphor], focus: Focus, rank: int = 0) -> str | None:
    """The question with what its anaphors stand for. `rank` takes the next best referent of the first anaphor that has
    one, if it is nearly as likely. None if nothing in the conversation fits."""
    plain = straighten(text)
    own = {part for m in mentions(plain) if m.is_name for part in (m.head, m.text.lower())}
    with_person = any(anaphor.sort in ("he", "she") for anaphor in found)
    pieces: list[str] = []
    taken: set[str] = set()
    person: dict[str, str] = {}
    position = 0
    for anaphor in found:
        skip = rank if not pieces else 0
        put = _event(anaphor, focus) if skip == 0 else ""
        chosen = None
        if not put:
            choices = [r for r in referents(anaphor, focus) if r.text not in taken and not _is_named(r, own)]
            if anaphor.sort == "they" and (with_person or _acts(plain, anaphor)):
                people = [r for r in choices if r.kind != "thing"]
                choices = people if people or with_person else choices
            if with_person and anaphor.sort == "they":  # "Where did they send him?": whoever was in charge
                choices = [r for r in choices if r.kind in ("person", "group")]
            if len(choices) <= skip:
                if skip and choices:
                    return None
                continue
            if skip and choices[skip].weight < CLOSE * choices[0].weight:
                return None
            chosen = choices[skip]
            if anaphor.sort in ("he", "she"):
                person = {possessive(chosen.text): "his" if anaphor.sort == "he" else "her"}
            elif chosen.text.startswith(tuple(f"{name} " for name in person)):  # "Trotsky ... his letter"
                name = next(name for name in person if chosen.text.startswith(name + " "))
                chosen = replace(chosen, text=person[name] + chosen.text[len(name) :])
            taken.add(chosen.text)
        start, end, put = _put(plain, anaphor, chosen) if chosen else (anaphor.start, anaphor.end, put)
        if start < position:
            continue
        pieces += [text[position:start], put]
        position = end
    return "".join((*pieces, text[position:])) if pieces else None


def _acts(plain: str, anaphor: Anaphor) -> bool:
    """Whether "they" do what people do: the subject of a full verb that is not one of mere happening."""
    match = re.match(r"\s+(\w+)", plain[anaphor.end :])
    acting = re.search(r"\b(?:did|do|does|didn't|don't)\s+$", plain[: anaphor.start], re.I)
    return bool(acting and match and match.group(1).lower() not in _HAPPENING)


_HAPPENING = words(
    """
    cost happen work last look come mean contain sell fall rise appear end begin start cause lead become change
    show say help fail grow live need use differ occur include weigh eat
    """
)


def _is_named(referent: Referent, own: set[str]) -> bool:
    """Whether the question names this very one besides the anaphor: "Did he agree with Lenin?" is not about Lenin."""
    return not referent.plural and ((referent.is_name and referent.head in own) or referent.text.lower() in own)


def referents(anaphor: Anaphor, focus: Focus) -> list[Referent]:
    """What an anaphor may stand for, most likely first."""
    sort = anaphor.sort
    if sort in ("he", "she"):
        return focus.ranked(PEOPLE, "m" if sort == "he" else "f", False)
    if sort == "they":
        return focus.ranked(MANY, plural=True)
    if sort == "this" and anaphor.said:
        return []
    if sort == "this" and anaphor.preposition in ("after", "before", "since"):
        return [r for r in focus.ranked(THINGS, plural=False) if _is_event(r) and r.age <= _RECENT]
    if sort in ("it", "this"):
        return focus.ranked(THINGS, plural=False)
    if sort == "these":
        return [r for r in focus.ranked(MANY | {"thing": 1.0}, plural=True) if r.plural]
    if sort == "there":
        return focus.ranked(PLACES) or [r for r in focus.ranked({"thing": 1.0}) if r.head in names.EVENT_NOUNS]
    if sort == "then":
        return [r for r in focus.ranked(TIMES) if r.age <= _RECENT and any(c.isdigit() for c in r.text)]
    if sort == "noun":
        return _with_noun(anaphor.noun, focus)
    if sort in ("former", "latter"):
        return _of_two(focus)[:1] if sort == "former" else _of_two(focus)[1:2]
    return _of_list(anaphor.noun, focus)


def _is_event(referent: Referent) -> bool:
    return referent.head in names.EVENT_NOUNS or bool(
        re.search(r"(?:tion|sion|ment|ture|ance|ence|ation|ing|death|defeat)$", referent.head)
    )


def _with_noun(noun: str, focus: Focus) -> list[Referent]:
    """What "that NOUN" means: what has that noun for its head; else, by the sort of noun, a time, a person, ..."""
    words = noun.lower().split()
    head, plural = singular(words[-1]), is_plural(words[-1])
    same = [r for r in focus.referents if r.head == head and r.plural == plural and len(r.text.split()) > len(words)]
    same = [r for r in same if r.text.lower() != "the " + noun.lower()]
    if same:
        return sorted(same, key=lambda r: (r.age > 0, -r.weight))
    last = parse(focus.last_question)
    if last and singular((last.wh_noun.split() or [""])[-1].lower()) == head and not plural:  # "Which ship ...?"
        return [
            r
            for r in focus.ranked({"thing": 1.0, "name": 0.9, "group": 0.9})
            if r.is_name and r.age == 0 and not r.asked
        ]
    if head in names.SOURCE_NOUNS or any(r.head == head and r.plural == plural for r in focus.referents):
        return []
    if head in names.TIME_NOUNS:
        return [] if plural else [r for r in focus.ranked(TIMES) if r.age <= 2 * _RECENT]
    if head in names.PERSON_NOUNS:
        people = focus.ranked(PEOPLE | {"group": 0.4}, names.GENDER_OF_NOUN.get(head, ""), plural)
        return [r for r in people if r.plural == plural and (r.is_name or r.plural)]
    if head in names.GROUP_NOUNS:
        return [r for r in focus.ranked({"group": 1.0, "name": 0.6}) if r.is_name]
    if head in names.PLACE_NOUNS:
        return [r for r in focus.ranked({"place": 1.0}) if r.is_name]
    if head in names.WORK_NOUNS and not plural:
        return [r for r in focus.ranked({"thing": 1.0, "name": 0.8}) if r.is_name and r.age <= _RECENT]
    return []


def _of_two(focus: Focus) -> list[Referent]:
    """The two of whom the last question or answer spoke, in the order in which it named them."""
    for referent in focus.referents:
        members = list_members(referent.text)
        if referent.age <= 2 * _RECENT and len(members) == 2:
            return [r for member in members for r in focus.referents if r.text == member]
    two = [r for r in focus.ranked(ANYTHING) if r.age == 0 and " and " not in r.text]
    named = [r for r in two if r.kind in ("person", "name") and r.text in focus.last_question]
    return sorted((named if len(named) > 1 else two)[:2], key=lambda r: focus.last_question.find(r.text))


def _of_list(which: str, focus: Focus) -> list[Referent]:
    """ "the second one" of the last list; "which one(s)": the noun of what was counted."""
    number = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}.get(which)
    if number is None:
        several = [
            r for r in focus.referents if r.plural and r.age <= _RECENT and (not r.is_name or list_members(r.text))
        ]
        return several[:1]
    for referent in focus.referents:
        members = list_members(referent.text)
        if len(members) > max(number, 1 if number < 0 else number):
            text = members[number]
            known = next((r for r in focus.referents if r.text == text), None)
            return [known] if known else []
    return []


def list_members(text: str) -> list[str]:
    """The members of "A, B and C"; none for a single one."""
    if " and " not in text:
        return []
    return [part.strip() for part in re.split(r",\s*|\s+and\s+", text) if part.strip()]


def _event(anaphor: Anaphor, focus: Focus) -> str:
    """What happened, for an "it" behind a preposition after a question that was about no thing: "gain by it" after
    "Where was Trotsky banished?" -> "Trotsky being banished"."""
    if anaphor.sort not in ("it", "this") or not anaphor.preposition or anaphor.owning:
        return ""
    best = next(iter(focus.ranked(THINGS, plural=False)), None)
    later = anaphor.sort == "this" and anaphor.preposition in ("after", "before", "since")
    if best is not None and best.age == 0 and (best.asked or best.weight >= ANSWERED) and not later:
        return ""
    last = parse(focus.last_question)
    return as_event(last, focus.last_short) if last else ""


def as_event(clause: Clause, answer: str = "") -> str:
    """A question's proposition as a noun phrase: "Why did Trotsky resign?" -> "Trotsky resigning"; "" if it has none.
    `answer` stands for a wh-phrase that was the subject."""
    words = clause.rest.split()
    low = clause.auxiliary.lower()
    if not words:
        return ""
    if clause.subject and low in ("did", "does", "do"):
        return f"{clause.subject} {gerund(words[0].lower())} {' '.join(words[1:])}".strip()
    if clause.subject and low in ("was", "were", "is", "are") and is_past(words[0].lower()):
        rest = re.sub(r"\s+(?:to|from|at|of|for|with|by|in)(?: first| next)?$", "", clause.rest)
        return f"{clause.subject} being {rest}"
    base = base_of_past(words[0].lower()) if not low else None
    if base and answer and len(answer.split()) <= 4:
        return f"{answer} {gerund(base)} {' '.join(words[1:])}".strip()
    return ""


def _put(plain: str, anaphor: Anaphor, referent: Referent) -> tuple[int, int, str]:
    """Where to write what for an anaphor."""
    start, end, name = anaphor.start, anaphor.end, referent.text
    before = plain[:start].rstrip().lower()
    if anaphor.sort == "then" and not anaphor.preposition:
        name = f"{referent.preposition or 'in'} {name}"
    elif anaphor.sort == "there" and not before.endswith((" from", " near", " to")):
        name = f"{_preposition(before, referent)} {name}"
    elif anaphor.sort == "one" and anaphor.noun == "which":
        if list_members(name):
            return start, end, f"of {name}"
        noun = re.sub(r"^(?:the|his|her|its|their|all|both)\s+", "", name)
        name = (
            noun
            if plain[start:end].lower().endswith("s")
            else " ".join([*noun.split()[:-1], singular(noun.split()[-1])])
        )
    if anaphor.owning:
        following = next((m for m in mentions(plain) if m.start == start), None)
        if len(name.split()) > 4 and following is not None and not following.genitive:
            noun = plain[end : following.end].strip()
            return start, following.end, _case(start, f"the {noun} of {name}")
        name = possessive(name)
    particle = re.match(r"\s+(out|off|up|down|away|back|over)(?=\W*$)", plain[end:])
    if (
        particle
        and len(name.split()) > 1
        and anaphor.sort in ("it", "they")
        and not anaphor.owning
        and not anaphor.preposition
    ):
        return start, end + particle.end(), f"{particle.group(1)} {name}"
    if anaphor.sort == "noun" and referent.kind == "time" and not anaphor.preposition and start:
        name = f"{referent.preposition if referent.preposition in ('in', 'on') else 'in'} {name}"
    if anaphor.tail:
        name = f"{name} {anaphor.tail}"
    return start, end, _case(start, name)


def _preposition(before: str, referent: Referent) -> str:
    if _MOTION.search(before):
        return "to"
    if referent.preposition in ("in", "at", "on", "near"):
        return referent.preposition
    return "at" if referent.kind == "thing" else "in"


def _case(start: int, name: str) -> str:
    return name[0].upper() + name[1:] if start == 0 else name
