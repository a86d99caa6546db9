"""Who has which part in what is done: the doer, the one it is done to, to whom, and from whom.

    "Police arrested the watchman, Otto Roth."    doer: police; done to: watchman, Otto Roth
    "The keys were given to Roth by Weiss."       doer: Weiss; done to: keys; to: Roth
    "Roth, who was ill, gave Weiss the keys."     doer: Roth; done to: keys; to: Weiss

But: there is no parser. A part is what stands before or behind a verb, up to the next verb, preposition or clause, with
what stands beside it as another word for the same; where that is not certain there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.check.typed.lexicon import ARTICLES, AUXILIARIES, BE, PREPOSITIONS, is_past
from assistant.check.typed.naming import Name, Vocabulary, names_in
from assistant.check.typed.words import Token, Words
from assistant.check.wording.verbs import POSSESSIVE, is_passive, is_verb, may_share_passive
from vectorstore.english import word_set

Role = Literal["doer", "done to", "to", "from"]
REACH = 24
"""How many words from a verb its parts may stand."""
_ASIDE = 14
"""How many words may stand between commas behind a doer."""
_PERSONAL = word_set("he she it they him them who whom whoever we i you us me himself herself themselves itself")
_JOINS = word_set("and or nor as well")
_RELATIVE, _RELATIVES = word_set("who which that"), word_set("who whom which that")
_SKIPPED = AUXILIARIES | word_set(
    "not never also later then once first soon always himself herself itself again already just still even both had"
)
_ENDS = word_set("but although though while whereas because since unless until if when before after where than")
_OWNING = ("'s", "’s")
_TITLED = word_set("mr mrs ms")
_TIMES = word_set(
    """later ago earlier twice once times year years month months week weeks day days hour hours night morning evening
    spring summer autumn winter monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow"""
)
"""What says when, not what: "arrested him two days later"."""
SPOUSES = word_set("husband wife spouse")
_RANKED = word_set("first second third late former")
_COUNTED = word_set("two three four five six seven eight nine ten some several many all both no every each other")


@dataclass(frozen=True, slots=True)
class Part:
    """What takes part: tokens `first` to `after`, the names that stand in it, the keys of its nouns; `pronoun`: the
    word, where it is one."""

    first: int
    after: int
    names: tuple[Name, ...] = ()
    nouns: frozenset[str] = frozenset()
    pronoun: str = ""

    def joined(self, other: Part) -> Part:
        """Both as one."""
        return Part(
            min(self.first, other.first),
            max(self.after, other.after),
            (*self.names, *other.names),
            self.nouns | other.nouns,
            self.pronoun or other.pronoun,
        )


@dataclass(frozen=True, slots=True)
class Act:
    """A verb with its parts, as far as they are known."""

    verb: int
    parts: dict[Role, Part]


@lru_cache(maxsize=2_000)
def acts_in(words: Words, vocabulary: Vocabulary) -> tuple[Act, ...]:
    """What is done in a text, verb by verb; without verbs of which no part is known."""
    reading = _Reading(words, names_in(words, vocabulary))
    found = (reading.act(at) for at in range(len(words.tokens)) if is_verb(words, at) and not reading.describes(at))
    wed = (reading.marriage(at) for at, token in enumerate(words.tokens) if token.low in SPOUSES)
    return tuple(act for act in (*found, *wed) if act.parts)


class _Reading:
    """A text with its names, from which the parts are read."""

    def __init__(self, words: Words, names: Sequence[Name]) -> None:
        self.words, self.tokens = words, words.tokens
        self._at = {at: name for name in names for at in range(name.first, name.after)}

    def describes(self, at: int) -> bool:
        """Whether a past form stands before a noun, as in "the rescued goods"."""
        before, behind = self._token(at - 1), self._token(at + 1)
        if before is None or behind is None or before.low not in ARTICLES or self._gap(at, at + 1) != " ":
            return False
        return behind.content and not is_past(behind.low)

    def act(self, verb: int) -> Act:
        subject = self.subject(verb)
        parts: dict[Role, Part] = {}
        behind, at = self._objects(verb)
        by = self._behind(at, verb, ("by",))
        if is_passive(self.words, verb):
            if subject and behind:
                parts["to"], parts["done to"] = subject, behind[-1]
            elif subject:
                parts["done to"] = subject
            if by:
                parts["doer"] = by
        else:
            if subject and (behind or not may_share_passive(self.words, verb)):
                parts["doer"] = subject
            elif subject and self.tokens[verb].low.endswith("en"):  # "taken" is nothing that he did
                parts["done to"] = subject
            if behind:
                parts["done to"] = behind[-1]
            if len(behind) > 1:
                parts["to"] = behind[0]
        role: Role
        for role in ("to", "from"):
            if role not in parts and (part := self._behind(at, verb, (role,))):
                parts[role] = part
        return Act(verb, parts)

    def marriage(self, at: int) -> Act:
        """Whose husband or wife somebody is: "Roth was the husband of Weiss", "Weiss's husband, Roth"."""
        parts: dict[Role, Part] = {}
        before, behind = at - 1, at + 1
        while self._is_inside(before, at) and self.tokens[before].low in ARTICLES | _RANKED:
            before -= 1
        owner = self._at.get(before) if before >= 0 else None
        if owner is not None and self._owns(owner.after - 1):
            parts["done to"] = Part(owner.first, owner.after, (owner,))
        elif (of := self._token(behind)) is not None and of.low == "of":
            if part := self._beginning(behind + 1, at):
                parts["done to"] = part
            if self._is_inside(before, at) and (subject := self.subject(before + 1)):
                parts["doer"] = subject
            return Act(at, parts)
        while self._is_inside(behind, at) and self.tokens[behind].low in BE | ARTICLES:
            behind += 1
        if parts and self._is_inside(behind, at) and (name := self._at.get(behind)):
            parts["doer"] = Part(name.first, name.after, (name,))
        return Act(at, parts if len(parts) > 1 else {})

    def subject(self, verb: int, deep: int = 0) -> Part | None:
        """What stands before a verb as its subject; that of the verb before, where it shares it ("bought and sold")."""
        at = verb - 1
        while self._is_inside(at, verb) and (
            self.tokens[at].low in _SKIPPED or (self.tokens[at].low.endswith("ly") and not self.tokens[at].capital)
        ):
            at -= 1
        if not self._is_inside(at, verb):
            return None
        token = self.tokens[at]
        if token.low == "to" or (token.low in ("and", "or", "but") and deep < 3):
            if token.low == "to" and not (at and is_verb(self.words, at - 1)):
                return None
            earlier = next((n for n in range(at - 1, max(-1, at - REACH), -1) if is_verb(self.words, n)), None)
            inside = earlier is not None and self.tokens[earlier].sentence == token.sentence
            if inside and earlier is not None and "," in self._gap(at - 1, at) and self._is_of_whom(earlier):
                return None  # "asked Roth, whom Weiss had met, and left"
            return self.subject(earlier, deep + 1) if inside and earlier is not None and deep < 3 else None
        if token.low in _RELATIVE:
            return self._ending(at - 1, verb)
        if "," in self._gap(at, at + 1) or ")" in self._gap(at, at + 1):
            return self._before_aside(at, verb)
        return self._ending(at, verb)

    def _is_of_whom(self, verb: int) -> bool:
        """Whether a verb stands in a clause with "whom" or "which"."""
        clause = self.tokens[verb].clause
        return any(t.clause == clause and t.low in _RELATIVES for t in self.tokens[max(0, verb - _ASIDE) : verb])

    def _before_aside(self, at: int, verb: int) -> Part | None:
        """The part before what stands between commas or brackets and ends at a token: "Roth, a miller, left"."""
        for start in range(at, max(-1, at - _ASIDE), -1):
            if start == 0 or self.tokens[start - 1].sentence != self.tokens[verb].sentence:
                return None
            gap = self._gap(start - 1, start)
            if "," not in gap and "(" not in gap:
                continue
            head, aside = self._ending(start - 1, verb), self._ending(at, verb)
            if head is None or self._token(start) is None:
                return None
            same = aside is not None and aside.first >= start and not (head.names and aside.names)
            return head.joined(aside) if same and aside is not None else head
        return None

    def _ending(self, at: int, verb: int, deep: int = 0) -> Part | None:
        """The part that ends at a token."""
        if not self._is_inside(at, verb):
            return None
        token = self.tokens[at]
        if token.low in _PERSONAL:
            return Part(at, at + 1, pronoun=token.low)
        if not token.content or (is_verb(self.words, at) and not token.capital):
            return None
        names: list[Name] = []
        noun = ""
        place = at
        while self._is_inside(place, verb):
            name, token = self._at.get(place), self.tokens[place]
            if place < at and self._gap(place, place + 1).strip(" -."):
                break
            if name is not None:
                if not self._owns(name.after - 1):
                    names.append(name)
                elif place == at:
                    return None
                place = name.first - 1
            elif token.low in ARTICLES | _COUNTED | _TITLED:
                place -= 1
                break
            elif token.content and token.low not in PREPOSITIONS and not (is_past(token.low) and place < at):
                noun = noun or ("" if token.text[0].isdigit() else token.key)
                place -= 1
            else:
                break
        nouns = frozenset((noun,) if noun else ())
        if names and noun and names[0].after <= at:  # "the Kars works": no name
            names = []
        part = Part(place + 1, at + 1, tuple(names), nouns)
        return self._led(part, verb, deep)

    def _led(self, part: Part, verb: int, deep: int) -> Part | None:
        """A part with what stands before it: the head that "of" belongs to, or others that "and" joins."""
        before = self._token(part.first - 1)
        if before is None or not self._is_inside(part.first - 1, verb) or deep > 3:
            return part
        gap = self._gap(part.first - 1, part.first)
        if before.low in PREPOSITIONS and not gap.strip():
            head = self._ending(part.first - 2, verb, deep + 1)
            if head is None and part.names:  # "In the end Roth left"
                return Part(part.names[0].first, part.names[0].after, part.names[:1])
            return head
        if before.low in ("and", "or", "nor") and not gap.strip():
            other = self._ending(part.first - 2, verb, deep + 1)
            if other is None or self._is_object(other):
                return part if other is None or "," in self._gap(part.first - 2, part.first - 1) else None
            return part.joined(other)
        if "," in gap and part.names and self._at.get(part.first - 1):
            other = self._ending(part.first - 1, verb, deep + 1)
            return part.joined(other) if other and not self._is_object(other) and self._is_listed(part) else part
        return part

    def _is_listed(self, part: Part) -> bool:
        return any(token.low in ("and", "or") for token in self.tokens[part.first : part.after])

    def _is_object(self, part: Part) -> bool:
        """Whether a verb or preposition stands right before a part: it belongs there."""
        before = self._token(part.first - 1)
        return before is not None and (before.low in PREPOSITIONS or is_verb(self.words, part.first - 1))

    def _objects(self, verb: int) -> tuple[list[Part], int]:
        """The parts right behind a verb, two at most, and where they end."""
        found: list[Part] = []
        at = verb + 1
        while len(found) < 2 and self._is_inside(at, verb):
            gap = self._gap(at - 1, at).strip()
            if gap if found else any(mark in gap for mark in ",;:()"):
                break
            part = self._beginning(at, verb)
            if part is None or self._is_time(part) or self._opens_clause(at):
                break
            found.append(part)
            at = part.after
        return found, at

    def _is_time(self, part: Part) -> bool:
        return any(t.low in _TIMES and t.key in part.nouns for t in self.tokens[part.first : part.after])

    def _opens_clause(self, at: int) -> bool:
        """Whether "that" opens a clause here: "said that the pump failed"."""
        behind = self._token(at + 1)
        opens = behind is None or behind.low in ARTICLES | _PERSONAL or behind.capital
        return self.tokens[at].low == "that" and opens

    def _behind(self, at: int, verb: int, prepositions: Sequence[str]) -> Part | None:
        """The part behind the first of some prepositions, before the next verb or clause."""
        while self._is_inside(at, verb) and at - verb < REACH:
            token = self.tokens[at]
            if token.low in prepositions and self._is_inside(at + 1, verb):
                return self._beginning(at + 1, verb)
            verbs = is_verb(self.words, at) and not self.describes(at)
            if token.low in _ENDS or verbs or ";" in self._gap(at - 1, at):
                return None
            if token.low in _RELATIVE or token.low == "and":
                return None
            at += 1
        return None

    def _beginning(self, at: int, verb: int, deep: int = 0) -> Part | None:
        """The part that begins at a token, with what is joined to it or stands beside it as another word for it."""
        start = at
        names: list[Name] = []
        nouns: list[str] = []
        possessive = False
        while self._is_inside(at, verb):
            token, name = self.tokens[at], self._at.get(at)
            if at > start and self._gap(at - 1, at).strip(" -\n“”\"'.‘’"):
                break
            if name is not None:
                if names and names[-1].after == at and not possessive:
                    break
                if nouns and token.opens:
                    break
                possessive = self._owns(name.after - 1)
                if possessive:
                    nouns = []
                else:
                    names.append(name)
                at = name.after
                if not possessive and not (self.tokens[start].low in ARTICLES and self._takes_noun(at)):
                    break
            elif token.low in _PERSONAL and not nouns:
                return Part(at, at + 1, pronoun=token.low)
            elif token.low in POSSESSIVE and at + 1 < len(self.tokens) and self._takes_noun(at + 1):
                if nouns:
                    break
                at += 1
            elif token.low == "her" and not nouns:
                return Part(at, at + 1, pronoun="her")
            elif token.low in ARTICLES | _COUNTED | _TITLED:
                if nouns:
                    break
                at += 1
            elif self._ends_part(at, bool(nouns or names)):
                break
            else:
                nouns.append(token.key)
                at += 1
        if at == start or not (names or nouns):
            return None
        if names and nouns and names[-1].after < at:  # "the Kars works": no name
            names = []
        part = Part(start, at, tuple(names), frozenset(nouns[-1:]))
        return self._with_others(self._past_of(part, verb), verb, deep) if deep < 5 else part

    def _ends_part(self, at: int, begun: bool) -> bool:
        """Whether a token is no more of a part that begins before it."""
        token = self.tokens[at]
        if token.low in PREPOSITIONS | _JOINS | _ENDS | AUXILIARIES or not (token.content or token.text[0].isdigit()):
            return True
        return begun and is_past(token.low)

    def _past_of(self, part: Part, verb: int) -> Part:
        """A part to the end of what "of" adds to it: "the motion of Roth"."""
        token = self._token(part.after)
        if token is None or token.low != "of" or not self._is_inside(part.after + 1, verb):
            return part
        more = self._beginning(part.after + 1, verb, deep=5)
        return Part(part.first, more.after, part.names, part.nouns) if more else part

    def _with_others(self, part: Part, verb: int, deep: int) -> Part:
        """A part with those that follow in a list, and with another word for it between commas."""
        follows = self._token(part.after)
        if follows is None or not self._is_inside(part.after, verb):
            return part
        gap = self._gap(part.after - 1, part.after).strip()
        joins = follows.low in ("and", "or", "nor")
        if gap != "," and (gap or not joins):
            return part
        other = self._beginning(part.after + joins, verb, deep + 1)
        if other is None or self._has_verb(other.after):
            return part
        if not joins and part.names and not other.names and follows.low not in ARTICLES:  # "a miller" tells who it is
            return part
        return part.joined(other)

    def _has_verb(self, at: int) -> bool:
        """Whether a verb stands at a token, adverbs and auxiliaries aside."""
        while at < len(self.tokens) and (self.tokens[at].low in _SKIPPED or self.tokens[at].low.endswith("ly")):
            if self.tokens[at].low in AUXILIARIES:
                return True
            at += 1
        return at < len(self.tokens) and is_verb(self.words, at) and not self._gap(at - 1, at).strip()

    def _takes_noun(self, at: int) -> bool:
        token = self._token(at)
        return token is not None and token.content and self._gap(at - 1, at) == " "

    def _owns(self, at: int) -> bool:
        return self.tokens[at].text.lower().endswith(_OWNING)

    def _is_inside(self, at: int, verb: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].sentence == self.tokens[verb].sentence

    def _token(self, at: int) -> Token | None:
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def _gap(self, first: int, second: int) -> str:
        """What stands between two tokens."""
        if first < 0 or second >= len(self.tokens):
            return ""
        return self.words.text[self.tokens[first].end : self.tokens[second].start]
