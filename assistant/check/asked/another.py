"""Whether a sentence says of another what a question asks of somebody.

    "When was Ada Reyes expelled?"   "Otto Lind was expelled in 1932."

Only what is plain is taken so: the question says what the name does, or whose thing it asks about; in the sentence
another name has that very part, and the name that is asked about does not stand there at all. Otto Brandt does not
stand in "Anna Brandt died": who has the same surname and another given name is another, unless both have one initial.
Or the sentence has "he" or "she", and the paragraph so far names others only; but a text that opens with somebody may
go on with "he" anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.check.typed.lexicon import ARTICLES, AUXILIARIES, BE, is_past
from assistant.check.typed.names import role_of
from assistant.check.typed.naming import RANKS, Name, Vocabulary, names_in, places_of, same_word, vocabulary_of
from assistant.check.typed.words import Token, Words
from assistant.check.wording.verbs import is_passive, is_verb
from assistant.check.wording.who.aliases import is_called
from vectorstore.english import word_set

ROLES = ("doer", "done to", "of")
"""The parts of a name that are compared: who does something, to whom it is done, whose a thing is."""
REACH = 3
"""How many words behind a name its verb or its thing may stand."""
PERSONAL = word_set("he she him")
OPENING = 1_000
"""In its first paragraph, of so many characters at most, a text says whom it is about."""
MOST_BEFORE, BEFORE_PARAGRAPH = 2_000, 600
"""How many characters before a sentence, and before a paragraph that names nobody, name those whom "he" may mean."""

SHORT_PAST = word_set("died lied tied used owed")
"""Pasts of verbs that are too short to look like one."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A name and its part: a role of ROLES with the key of the verb or thing."""

    name: Name
    role: tuple[str, str]


class Asked:
    """Of whom a question asks what. `text`: that of the document that is asked; `title`: what it is called. False where
    it plainly asks nothing of anybody by name."""

    def __init__(self, question: str, text: str, title: str = "") -> None:
        self._words = _words(question)
        self._text = text
        self._vocabulary = vocabulary = vocabulary_of(text, title)
        names = names_in(self._words, vocabulary)
        parts = (_Part(name, _part_in_question(self._words, name)) for name in names)
        self._parts = tuple(part for part in parts if part.role[0] in ROLES and part.role[1])
        self._opening = _words(f"{title}\n{_opening(text)}")

    def __bool__(self) -> bool:
        return bool(self._parts)

    def is_told_of_another(self, sentence: str, start: int | None = None, section: str = "") -> bool:
        """Whether the sentence says it of another name. `start`: where in the text it stands, in the part called
        `section`; unknown, its pronouns are anybody's."""
        words = _words(sentence)
        asked = [part for part in self._parts if not self._is_named(part.name, words)]
        if any(
            part.role == other.role and not self._may_be(part.name, words, other.name)
            for other in _parts(words, self._vocabulary)
            for part in asked
        ):
            return True
        people = [part.name for part in self._parts if part.role[0] != "of"]
        if start is None or not people or not any(token.low in PERSONAL for token in words.tokens):
            return False
        return self._names_others_only(people, _words(f"{self._told_before(start)}{sentence}"), section)

    def _names_others_only(self, people: Sequence[Name], told: Words, section: str) -> bool:
        """Whether what was told names others, and neither it nor the heading nor the opening names any of `people`."""
        others = [name for name in names_in(told, self._vocabulary) if not self._is_common(told, name)]
        places = (told, self._opening, _words(section))
        if any(places_of(name, self._words, place, self._vocabulary) for name in people for place in places):
            return False
        return bool(others) and not any(self._may_be(name, told, other) for name in people for other in others)

    def _told_before(self, start: int) -> str:
        """The paragraph as far as `start`, with the one before it where it has named nobody."""
        text = self._text[max(0, start - MOST_BEFORE) : start]
        paragraph = text[text.rfind("\n\n") + 1 :]
        return paragraph if names_in(_words(paragraph), self._vocabulary) else text[-BEFORE_PARAGRAPH:]

    def _may_be(self, name: Name, words: Words, other: Name) -> bool:
        return self._is_short_for(name, words, other) or self._is_also_called(name, words, other)

    def _is_named(self, name: Name, words: Words) -> bool:
        *given, last = [self._words.tokens[at] for at in name.telling]
        if any(same_word(one, token, self._vocabulary) for one in given for token in words.tokens):
            return True
        places = [at for at, token in enumerate(words.tokens) if same_word(last, token, self._vocabulary)]
        relatives = self._relatives(given, words) if given and places else frozenset()
        return not relatives.issuperset(places)

    def _relatives(self, given: Sequence[Token], words: Words) -> frozenset[int]:
        """Where names of the sentence end that begin with other names than the given ones: a surname there is not of
        the same person."""
        found = set()
        for name in names_in(words, self._vocabulary):
            *before, last = name.telling
            theirs = [words.tokens[at] for at in before]
            named = all(token.low not in RANKS and token.low not in self._vocabulary.small for token in theirs)
            alike = {token.low[0] for token in theirs} & {token.low[0] for token in given}
            if theirs and named and not alike and last == name.after - 1:
                found.add(last)
        return frozenset(found)

    def _is_short_for(self, name: Name, words: Words, other: Name) -> bool:
        """Whether one may be the other's initials, or the other is a common noun that stands for it ("the
        University")."""
        ours = self._words.tokens[name.first : name.after]
        theirs = words.tokens[other.first : other.after]
        if self._is_common(words, other):
            return True
        return _initials(ours) == _letters(theirs) or _initials(theirs) == _letters(ours)

    def _is_common(self, words: Words, name: Name) -> bool:
        return all(token.low in self._vocabulary.small for token in words.tokens[name.first : name.after])

    def _is_also_called(self, name: Name, words: Words, other: Name) -> bool:
        """Whether the document puts both in one name ("Bill Hargreaves", asked for Bill, and "Mr Hargreaves"), or says
        that one is called the other ("Frederick, whom everybody called Fritz")."""
        ours = [_bare(self._words.tokens[at].text) for at in name.telling]
        theirs = [_bare(words.tokens[at].text) for at in other.telling]
        if ours[-1] == theirs[-1] and len(ours) > 1 and len(theirs) > 1:  # of one family: by their first names
            ours, theirs = ours[:-1], theirs[:-1]
        pairs = [pair for one in ours for two in theirs for pair in ((one, two), (two, one))]
        return any(
            is_called(self._text, first, second) for first, second in pairs if first and second and first != second
        )


def _words(text: str) -> Words:
    return Words(text, [(0, len(text))])


def _opening(text: str) -> str:
    """The heading of a text, and its first paragraph."""
    found = re.match(r"\s*(?:[^\n]{1,120}\n\s*\n\s*)?[^\n]+(?:\n[^\n]+)*", text)
    return found[0][:OPENING] if found else ""


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _letters(tokens: tuple[Token, ...]) -> str:
    return "".join(char for token in tokens for char in token.text if char.isalpha())


def _initials(tokens: tuple[Token, ...]) -> str:
    return "".join(token.text[0] for token in tokens if token.capital)


def _parts(words: Words, vocabulary: Vocabulary) -> Iterator[_Part]:
    for name in names_in(words, vocabulary):
        role = _of_whom(words, name) or role_of(words, name.first, name.after)
        role = role if role[1] else _does(words, name)
        if role[0] in ROLES and role[1] and (role[0] != "done to" or _is_done(words, name)):
            yield _Part(name, role)


def _does(words: Words, name: Name) -> tuple[str, str]:
    """What a name does by the verb just behind it: "In Turku, NAME died"."""
    behind = words.tokens[name.after : name.after + 1]
    does = any(token.low in SHORT_PAST or is_verb(words, name.after) for token in behind)
    return ("doer", behind[0].key) if does and not is_passive(words, name.after) else ("", "")


def _part_in_question(words: Words, name: Name) -> tuple[str, str]:
    """As `role_of`, in the order of words of a question: "When was NAME expelled", "Why did NAME leave"."""
    own = _of_whom(words, name)
    if own:
        return own
    at = _before(words, name)
    verb = next((token for token in words.tokens[name.after : name.after + REACH] if token.content), None)
    if at >= 0 and words.tokens[at].low in AUXILIARIES:
        if verb is None or verb.capital:
            return "", ""
        if words.tokens[at].low not in BE:
            return "doer", verb.key
        return ("done to", verb.key) if is_past(verb.low) else ("", "")
    role = role_of(words, name.first, name.after)
    return role if role[0] != "done to" or _is_done(words, name) else ("", "")


def _of_whom(words: Words, name: Name) -> tuple[str, str] | None:
    """ "NAME's wife": as "the wife of NAME"."""
    if not words.tokens[name.after - 1].text.lower().endswith(("'s", "’s")):
        return None
    thing = next((token for token in words.tokens[name.after : name.after + REACH] if token.content), None)
    return ("of", thing.key) if thing else None


def _before(words: Words, name: Name) -> int:
    at = name.first - 1
    while at >= 0 and words.tokens[at].low in ARTICLES:
        at -= 1
    return at


def _is_done(words: Words, name: Name) -> bool:
    """Whether a verb stands before the name, or a passive one behind it: "downtown NAME" is nothing done to it."""
    at = _before(words, name)
    behind = range(name.after, min(len(words.tokens), name.after + 5))
    return (at >= 0 and is_verb(words, at)) or any(is_passive(words, place) for place in behind)
