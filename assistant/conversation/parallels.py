"""A phrase in the place of its parallel: "When did Lenin fall ill?", "And Trotsky?" -> "When did Trotsky fall ill?".

A time takes the place of a time, a place of a place, a person of a person; what has no parallel goes to the end.
But: fragments that begin with a wh-word are completed in `fragments`.
"""

from __future__ import annotations

import re

from assistant.conversation import names
from assistant.conversation.clauses import Clause, parse, question
from assistant.conversation.english import (
    AUXILIARIES,
    CONJUNCTIONS,
    PREPOSITIONS,
    WH,
    is_past,
    possessive,
    singular,
    words,
)
from assistant.conversation.focus import ANYTHING, Focus
from assistant.conversation.mentions import Kind, Mention, mentions
from assistant.conversation.resolution import list_members
from assistant.conversation.tokens import straighten

_WHAT_ABOUT = re.compile(r"^(?:(?:and|but|ok|so|yes)[ ,]+)*(?:what|how) about (.+)$", re.I)
_AND = re.compile(r"^(?:(?:ok|yes|so)[ ,]+)?(?:and|but|or) (.+)$", re.I)
_OTHERS = re.compile(r"(?:the )?(?:other|others|rest)(?: (\w+))?", re.I)
_SUBJECTS = words("he she it they we you i there so if")
_SAME: dict[Kind, tuple[Kind, ...]] = {
    "person": ("person", "name"),
    "name": ("name", "person", "group", "place"),
    "group": ("group", "name"),
    "place": ("place",),
    "thing": ("thing",),
}


def without_determiner(text: str) -> str:
    """A noun phrase without its article or possessive pronoun."""
    return re.sub(r"^(?:the|any|some|many|all|his|her|its|their|these|those)\s+", "", text, flags=re.I)


def phrase_of(text: str) -> str:
    """The phrase of "And Kamenev", "What about in Moscow", "the miners"; "" for a whole clause."""
    bare = " ".join(straighten(text).split()).strip(" ?.!,;:")
    about, joined = _WHAT_ABOUT.match(bare), _AND.match(bare)
    phrase = about.group(1) if about else joined.group(1) if joined else bare
    words = phrase.split()
    low = words[0].lower() if words else ""
    if not low or low in WH - {"how"} | AUXILIARIES | _SUBJECTS | CONJUNCTIONS or low == "how":
        return ""
    if about:
        return phrase if len(words) <= 9 else ""
    if len(words) > (7 if joined else 4) or any(w.lower() in AUXILIARIES for w in words):
        return ""
    found = mentions(phrase)
    begins = len(words[0]) + 1 if low in PREPOSITIONS else 0
    covered = bool(found) and found[0].start <= begins and max(m.end for m in found) >= len(phrase) - 1
    if joined:
        return phrase if covered or _OTHERS.fullmatch(phrase) or len(words) == 1 else ""
    short = (
        low in PREPOSITIONS
        or (found[:1] and found[0].is_name)
        or (len(words) <= 2 and low in ("the", "his", "her", "its", "their"))
    )
    if found and all(m.kind == "time" for m in found) and covered:
        return phrase
    return phrase if covered and short and not is_past(words[-1].lower()) else ""


def put_in_place(phrase: str, focus: Focus) -> str:
    """The last question with the phrase in the place of the piece that it stands parallel to; "" if it has none."""
    last = parse(focus.last_question)
    asked = focus.last_question.rstrip(" ?.!")
    mention = _mention(phrase)
    first = phrase.split()[0].lower()
    if first in PREPOSITIONS:
        return _local(phrase, first, mention, asked)
    others = _OTHERS.fullmatch(phrase)
    if others:
        return _others(others.group(1) or "", asked, focus)
    if mention is not None and mention.kind == "time":
        return _local(f"in {phrase}" if phrase[0].isdigit() or phrase[0].isupper() else phrase, "in", mention, asked)
    if mention is not None and first in ("his", "her", "its", "their") and mention.kind == "person" and last:
        return question("Who", _be(last.auxiliary, mention.plural), phrase)
    if last and last.is_copular and last.wh and mention and not mention.is_name:
        return question(_wh_for(mention, last), _be(last.auxiliary, mention.plural), phrase)
    kind = _kind(mention, asked)
    target = _parallel(kind, mention, asked, last)
    if target is not None:
        after = asked[target.end :]
        if mention is not None and mention.plural and not target.plural and not target.genitive:
            after = re.sub(r"\b(?:its|his|her)\b", "their", after)
        return question(asked[: target.start] + _inflected(phrase, target) + after)
    if kind == "place":
        return question(asked, "in", phrase)
    if last and last.subject and last.subject in asked and kind != "thing":
        return question(asked.replace(last.subject, phrase, 1))
    return ""


def what_about(phrase: str, focus: Focus) -> str:
    """The phrase with what else the last question was about, for a source that has no parallel: "What about the miners
    (the general strike)?"."""
    mention = _mention(phrase)
    kinds = {
        kind: factor for kind, factor in ANYTHING.items() if mention is None or kind not in _SAME.get(mention.kind, ())
    }
    other = [r for r in focus.ranked(kinds) if r.age == 0 and r.asked]
    return question(f"What about {phrase} ({other[0].text})") if other else question(f"What about {phrase}")


def _mention(phrase: str) -> Mention | None:
    """What the phrase names; behind "and", so that its capital tells."""
    return next(iter(mentions(f"and {phrase}")), None)


def _kind(mention: Mention | None, asked: str) -> Kind:
    if mention is None:
        return "name"
    people = any(m.kind in ("person", "name") for m in mentions(asked))
    return "person" if mention.kind == "name" and people else mention.kind


def _be(auxiliary: str, plural: bool) -> str:
    present = auxiliary.lower() in ("is", "are", "does", "do", "has", "have", "can", "will")
    return ("are" if plural else "is") if present else ("were" if plural else "was")


def _wh_for(mention: Mention, last: Clause) -> str:
    if mention.kind == "person":
        return "Who"
    return "What" if last.wh_noun or last.wh.lower() == "who" else last.wh


def _inflected(phrase: str, target: Mention) -> str:
    """The phrase in the form that the place asks for: genitive or not."""
    genitive = phrase.endswith(("'s", "s'"))
    if target.genitive:
        return phrase if genitive else possessive(phrase)
    if genitive and not target.is_name:
        return f"{phrase} {target.text.split()[-1] if target.plural else singular(target.head)}"
    return phrase.removesuffix("'s") if genitive else phrase


def _parallel(kind: Kind, mention: Mention | None, asked: str, last: Clause | None) -> Mention | None:
    """The phrase of the last question that a phrase of this kind takes the place of."""
    wh_end = len(last.wh) if last else 0
    pieces = [m for m in mentions(asked) if m.kind != "time" and m.start >= wh_end]
    same = [m for m in pieces if m.kind in _SAME.get(kind, (kind,))]
    if mention is not None and mention.head not in names.EMPTY_NOUNS:
        alike = [m for m in pieces if m.head == mention.head]
        if alike:
            return alike[-1]
    if same:
        exact = [m for m in same if mention is not None and m.plural == mention.plural and m.is_name == mention.is_name]
        subject = [m for m in exact if last and last.subject and m.text in last.subject]
        if kind == "thing":
            bare = [m for m in same if last and m.text == last.subject]
            return (exact or bare or same)[-1]
        return (subject or exact or same)[0]
    if kind in ("place", "thing") or not last or not last.subject:
        return None
    inside = [m for m in pieces if m.text in last.subject and not m.genitive]
    return inside[0] if inside else None


def _local(phrase: str, preposition: str, mention: Mention | None, asked: str) -> str:
    """A time or place in the place of the last question's, else at its end."""
    kind = mention.kind if mention else "thing"
    local = ("time", "place", "name")
    for piece in mentions(asked):
        at = piece.preposition in ("in", "at", "on")
        same = piece.kind == kind or ({piece.kind, kind} <= {"place", "name"} and at)
        alike = piece.preposition == preposition and kind not in ("time", "place") and piece.kind != "time"
        if piece.preposition and ((same and piece.kind in local) or alike):
            start = asked.lower().rfind(piece.preposition, 0, piece.start)
            return question(asked[:start] + phrase + asked[piece.end :])
    return question(asked, phrase)


def _others(noun: str, asked: str, focus: Focus) -> str:
    """ "And the others?": the companions of the one asked about, where an earlier list holds them."""
    named = [m for m in mentions(asked) if m.is_name]
    for referent in focus.referents:
        members = list_members(referent.text)
        for mention in named:
            left = [part for part in members if part.split()[-1].lower() != mention.head]
            if left and len(left) < len(members):
                together = left[0] if len(left) == 1 else ", ".join(left[:-1]) + " and " + left[-1]
                return _swap(asked, mention, together)
    if named:
        return _swap(asked, named[0], f"the other {noun}" if noun else "the others")
    several = [m for m in mentions(asked) if m.plural]
    return _swap(asked, several[0], "the other " + without_determiner(several[0].text)) if several else ""


def _swap(asked: str, mention: Mention, put: str) -> str:
    return question(asked[: mention.start] + (possessive(put) if mention.genitive else put) + asked[mention.end :])
