"""Who did what to whom: the same verb with its parts exchanged, or with another in one of them.

    claim   "Stalin defeated Trotsky"         source  "Trotsky defeated Stalin"                    differs
    claim   "Stalin was beaten by Trotsky"    source  "Trotsky beat Stalin"                        nothing
    claim   "Roe paid the fine in May"        source  "Doe paid the fine in May"                   differs
    claim   "Police arrested Lind"            source  "Police arrested the watchman, Otto Roe"     differs
    claim   "Lund gave Roe the keys"          source  "Roe gave the keys to Lund"                  differs

But: there is no parser (`wording/parts.py`). Parts are the same or another's by their names, or the same by their
nouns; "the watchman" may be anybody whom the text calls so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.check.typed.aligned import Pair
from assistant.check.typed.lexicon import PREPOSITIONS, key
from assistant.check.typed.naming import (
    RANKS,
    Name,
    Vocabulary,
    are_one,
    is_anothers,
    names_in,
    same_word,
)
from assistant.check.typed.words import Token, Words
from assistant.check.types import Finding
from assistant.check.wording.parts import SPOUSES, Act, Part, Role, acts_in
from assistant.check.wording.who.whom import meant_by
from vectorstore.english import word_set
from vectorstore.types import Span

_ENOUGH, _ENOUGH_ALONE = 0.5, 0.75
"""Which share of the claim, the part aside, a sentence has to hold for another in that part to speak against it; and
where no other part is known to be the same."""
_BESIDE = 4
"""Words behind "with" among which a name stands that takes part."""
_MARRIED = key("married")
_MUTUAL = frozenset(
    map(
        key,
        word_set(
            """marry wed meet divorce fight resemble equal face border adjoin connect link merge unite draw tie quarrel
            correspond"""
        ),
    )
)
"""What two do with each other."""
_RESOLVED = word_set("he she")
_MARKS = frozenset('*_“"‘«„')
_CROSSED: tuple[tuple[Role, Role, tuple[Role, ...]], ...] = (
    ("doer", "done to", ("done to", "to")),
    ("doer", "to", ("done to", "to")),
    ("doer", "from", ("from",)),
    ("to", "from", ("from",)),
)
"""Two parts of the claim, and what the first is in the source where they are exchanged."""
_SAID: dict[Role, str] = {
    "doer": "says “{verb}” of {ours}, the source of {theirs}",
    "done to": "has “{verb}” done to {ours}, the source to {theirs}",
    "to": "has “{verb}” done to {ours}, the source to {theirs}",
    "from": "has “{verb}” done from {ours}, the source from {theirs}",
}


def compare_roles(pair: Pair) -> Iterator[Finding]:
    """A finding for each verb of the claim whose parts the source has exchanged, or with another in one of them, and
    nowhere in this window as the claim has them."""
    vocabulary = pair.vocabulary
    theirs = acts_in(pair.source, vocabulary)
    for act in acts_in(pair.claim, vocabulary):
        done = _key(pair.claim, act)
        same = [other for other in theirs if _key(pair.source, other) == done]
        if same:
            yield from _Compared(pair, vocabulary, act).findings(same)


def has_its_part(pair: Pair, name: Name, vocabulary: Vocabulary) -> bool:
    """Whether the source has a name of the claim in the very part that it has there, of the same verb."""
    theirs = acts_in(pair.source, vocabulary)
    for act in acts_in(pair.claim, vocabulary):
        if any(name in part.names for part in act.parts.values()):
            compared = _Compared(pair, vocabulary, act)
            done = _key(pair.claim, act)
            if any(compared.agrees(other) for other in theirs if _key(pair.source, other) == done):
                return True
    return False


class _Compared:
    """A verb of the claim beside the places of the source that have it, too."""

    def __init__(self, pair: Pair, vocabulary: Vocabulary, act: Act) -> None:
        self.pair, self.vocabulary, self.ours = pair, vocabulary, act
        self.is_mutual = _key(pair.claim, act) in _MUTUAL

    def findings(self, others: Sequence[Act]) -> Iterator[Finding]:
        """At most one finding."""
        if any(self.agrees(other) for other in others):
            return
        alike = [self._alike(other) for other in others]
        exchanged = (finding for other in others if not self.is_mutual and (finding := self._exchanged(other)))
        if finding := next(exchanged, None):
            yield finding
            return
        if any(
            not another and (same or self._may_tell(other))
            for other, (same, another) in zip(others, alike, strict=True)
        ):
            return
        instead = (finding for other in others if (finding := self._with_another(other)))
        if finding := next(instead, None):
            yield finding

    def agrees(self, other: Act) -> bool:
        """Whether a place of the source has two parts, or the only one, as the claim has them, and none otherwise."""
        same, another = self._alike(other)
        return not another and len(same) >= min(2, len(self.ours.parts))

    def _may_tell(self, other: Act) -> bool:
        """Whether pronouns and descriptions, which may mean those of the claim, are all that stands there."""
        return bool(set(self.ours.parts) & set(other.parts)) and self._holds(other, (0, 0))

    def _alike(self, other: Act) -> tuple[list[Role], list[Role]]:
        """The roles in which both have the same, and those in which they have another."""
        straight = self._of_roles(other, {role: role for role in self.ours.parts})
        if not self.is_mutual:
            return straight
        turned: dict[Role, Role] = {"doer": "done to", "done to": "doer", "to": "to", "from": "from"}
        return min(straight, self._of_roles(other, turned), key=lambda one: (len(one[1]), -len(one[0])))

    def _of_roles(self, other: Act, roles: dict[Role, Role]) -> tuple[list[Role], list[Role]]:
        same: list[Role] = []
        another: list[Role] = []
        for role, part in self.ours.parts.items():
            theirs = other.parts.get(roles.get(role, role))
            beside_it: Role = "done to" if role == "to" else "to"
            if theirs is None and role in ("to", "done to") and beside_it not in self.ours.parts:
                theirs = other.parts.get(beside_it)  # "was given the keys"
            if theirs is None:
                continue
            alike = self._is_same(part, theirs)
            if alike is None and role in ("to", "done to"):
                beside = other.parts.get(beside_it)
                alike = True if beside is not None and self._is_same(part, beside) else None
            if alike is not None:
                (same if alike else another).append(role)
        return same, another

    def _exchanged(self, other: Act) -> Finding | None:
        for one, two, opposite in _CROSSED:
            first, second = self.ours.parts.get(one), self.ours.parts.get(two)
            his = other.parts.get(one)
            if first is None or second is None or his is None or not self._is_same(second, his):
                continue
            crossed = (other.parts[role] for role in opposite if role in other.parts)
            theirs = next((part for part in crossed if self._is_same(first, part)), None)
            if theirs is not None and not self._is_same(first, his):
                verb = self.pair.claim.tokens[self.ours.verb].text
                said, words = _text(self.pair.claim, first), _text(self.pair.claim, second)
                reason = f"in the claim it is {said}, in the source {words} of whom “{verb}” is said"
                return self._finding(reason, (first, second), (theirs, his), other)
        return None

    def _with_another(self, other: Act) -> Finding | None:
        same, another = self._alike(other)
        if not another:
            return None
        role = another[0]
        part = self.ours.parts[role]
        theirs = other.parts.get(role) or other.parts.get("done to" if role in ("to", "doer") else "to")
        if self.is_mutual and theirs is not None and self._is_same(part, theirs):
            theirs = other.parts.get("done to" if role == "doer" else "doer", theirs)
        if role == "doer" and self._takes_part(part, other):
            return None
        enough = _ENOUGH if same else _ENOUGH_ALONE
        if theirs is None or not self._holds(other, (part.first, part.after), enough):
            return None
        verb = self.pair.claim.tokens[self.ours.verb].text
        said = _SAID[role].format(verb=verb, ours=_text(self.pair.claim, part), theirs=_text(self.pair.source, theirs))
        return self._finding(f"the claim {said}", (part,), (theirs,), other)

    def _takes_part(self, part: Part, other: Act) -> bool:
        """Whether the source has the names behind "with", or in a row before who is said to do it: "founded it with her
        cousin, Anna Roe", "Roth, his wife Anna and her son sailed"."""
        words = self.pair.source
        sentence = words.tokens[other.verb].sentence
        beside = [(name, words) for name in (other.parts["doer"].names if "doer" in other.parts else ())]
        for name in names_in(words, self.vocabulary):
            before = words.tokens[max(0, name.first - _BESIDE) : name.first]
            in_a_row = "doer" in other.parts and name.after == other.parts["doer"].first
            joins = any(token.low == "with" for token in before) or (in_a_row and not _is_governed(words, name))
            if words.tokens[name.first].sentence == sentence and joins:
                beside.append((name, words))
        return bool(part.names) and all(self._are_named_alike((name,), beside) for name in part.names)

    def _holds(self, other: Act, without: Span, enough: float = _ENOUGH) -> bool:
        """Whether the sentence holds so much of the claim, its verb and one word more at least."""
        sentence = self.pair.source.tokens[other.verb].sentence
        share, count = self.pair.shared(sentence, without)
        return count >= (1 if enough == _ENOUGH else 2) and share >= enough

    def _finding(self, reason: str, ours: Sequence[Part], theirs: Sequence[Part], other: Act) -> Finding:
        claim, source = self.pair.claim.tokens, self.pair.source.tokens
        places = [at for part in ours for at in (part.first, part.after - 1)]
        also = [at for part in theirs for at in (part.first, part.after - 1)]
        if len(ours) > 1:
            places, also = [*places, self.ours.verb], [*also, other.verb]
        start, end = claim[min(places)].start, claim[max(places)].end
        return Finding(
            "roles",
            "differs",
            reason,
            (start, end),
            self.pair.citation(source[min(also)].start, source[max(also)].end),
        )

    def _is_same(self, part: Part, other: Part) -> bool | None:
        """Whether two parts are one; None where that is not said."""
        theirs: tuple[tuple[Name, Words], ...] = tuple((name, self.pair.source) for name in other.names)
        if other.pronoun in _RESOLVED and not theirs:
            meant = meant_by(self.pair, other.first, self.vocabulary)
            theirs = (meant and (meant,)) or ()
            if not theirs or not part.names:
                return None
            return self._are_named_alike(part.names, theirs)
        if part.names and theirs:
            alike = self._are_named_alike(part.names, theirs)
            return alike or (None if self._is_work(other) else self._is_known(part))
        called = {words.tokens[at].key for name, words in theirs for at in name.telling}
        called |= self._keys(part)
        return True if part.nouns & other.nouns or called & (part.nouns | other.nouns) else None

    def _is_work(self, part: Part) -> bool:
        """Whether a part of the source opens with a mark, as the title of a work, whose words are its author's."""
        places = [part.first, *(name.first for name in part.names)]
        text = self.pair.source.text
        return any(text[: self.pair.source.tokens[at].start][-1:] in _MARKS for at in places)

    def _is_known(self, part: Part) -> bool | None:
        """False, or None where the claim names somebody whom the document does not know by name."""
        named = names_in(self.pair.source, self.vocabulary)
        known = self.vocabulary.names | {self.pair.source.tokens[at].key for name in named for at in name.telling}
        return False if self._keys(part) & known else None

    def _keys(self, part: Part) -> set[str]:
        """The keys of the words that tell the names of a part of the claim."""
        return {self.pair.claim.tokens[at].key for name in part.names for at in name.telling}

    def _are_named_alike(self, ours: Sequence[Name], theirs: Sequence[tuple[Name, Words]]) -> bool:
        """Whether one of the names may be one of the others."""
        return any(self._may_be(one, other, words) for one in ours for other, words in theirs)

    def _may_be(self, one: Name, other: Name, words: Words) -> bool:
        if are_one(one, self.pair.claim, other, words, self.vocabulary):
            return True
        if is_anothers(one, self.pair.claim, self.vocabulary):
            return False
        ours = [self.pair.claim.tokens[at] for at in one.telling]
        theirs = [words.tokens[at] for at in other.telling]
        ours = [token for token in ours if token.low not in RANKS] or ours
        theirs = [token for token in theirs if token.low not in RANKS] or theirs
        if len(ours) > 1 and len(theirs) > 1 and same_word(ours[-1], theirs[-1], self.vocabulary):  # of one family
            return ours[0].low[0] == theirs[0].low[0] or self._is_longer(ours, theirs) or self._is_longer(theirs, ours)
        if any(same_word(a, b, self.vocabulary) for a in ours for b in theirs):
            return True
        letters = "".join(token.low[0] for token in (ours if len(ours) > 1 else theirs))
        return letters in ("".join(t.low for t in ours), "".join(t.low for t in theirs))

    def _is_longer(self, ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
        """Whether the second name holds the first: "Otto Roe" in "Carpenter Otto Roe"."""
        return all(any(same_word(a, b, self.vocabulary) for b in theirs) for a in ours)


def _is_governed(words: Words, name: Name) -> bool:
    """Whether a preposition stands before a name."""
    return name.first > 0 and words.tokens[name.first - 1].low in PREPOSITIONS


def _key(words: Words, act: Act) -> str:
    token = words.tokens[act.verb]
    return _MARRIED if token.low in SPOUSES else token.key


def _text(words: Words, part: Part) -> str:
    return " ".join(words.text[words.tokens[part.first].start : words.tokens[part.after - 1].end].split())
