"""Words of a question that point back into the conversation, and what to put in their place.

"he", "its", "there", "that letter", "the former", "then" point back, unless the question holds what they mean ("Why did
Trotsky publish his letter?") or they mean nothing ("Is it true that ...", "Were there ...").
But: nothing here completes a question that lacks its verb; that is `fragments`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant import names
from assistant.clauses import Clause, parse
from assistant.english import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    PREPOSITIONS,
    VERBS,
    gerund,
    is_past,
    is_plural,
    possessive,
    singular,
)
from assistant.focus import ANYTHING, MANY, PEOPLE, PLACES, THINGS, TIMES, Focus, Referent
from assistant.mentions import Mention, mentions, straighten

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?")
_SORTS = {
    "he": "he", "him": "he", "his": "he", "himself": "", "he's": "he", "hes": "he", "he'd": "he",
    "she": "she", "her": "she", "hers": "she", "she's": "she", "shes": "she", "she'd": "she",
    "it": "it", "its": "it", "it's": "it", "it'd": "it",
    "they": "they", "them": "they", "their": "they", "theirs": "they", "they're": "they", "theyre": "they", "they'd": "they",
    "thier": "they", "they've": "they",
    "this": "this", "that": "this", "these": "these", "those": "these", "that's": "this",
    "there": "there", "then": "then", "former": "former", "latter": "latter",
}  # fmt: skip
_OWNING = {"his", "her", "its", "their", "thier"}
_CONTRACTED = {"'s": "is", "s": "is", "'re": "are", "re": "are", "'d": "had", "'ve": "have"}
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|isn't|wasn't|would|will|has|had|been)(?: not)? it(?: (?:be|been|not|also|really|ever|so))*(?: \w+ly)? "
    r"(?:true|false|possible|impossible|likely|unlikely|clear|known|correct|right|wrong|fair|necessary|important|safe|common|difficult|"
    r"hard|easy|better|legal|illegal|worth|said|thought|believed|reported|decided|agreed|assumed|claimed|normal|usual|unusual|\w+able|\w+ible)\b"
    r"(?=.* (?:that|to|for|if|whether)\b)"
    r"|\b(?:what|which) (?:time|day|date|year|month|season) (?:is|was) it\b"
    r"|\bhow (?:long|much time|many \w+) (?:did|does|do|will|would|has|had) it (?:take|taken)\b.* (?:to|for|before|until)\b"
    r"|\bit (?:took|takes)\b.* to\b|\b(?:who|what|where|when|why|how|which \w+) (?:is|was) it (?:that|who|which|about|like)\b"
    r"|\b(?:is|was) it .+ (?:that|who|which|whom|whose|where|when)\b|\bit (?:is|was) .+ (?:that|who|which|where)\b"
    r"|\b(?:did|does|will|would) it (?:rain|snow|freeze|matter|seem|appear|follow)\b|\b(?:made|make|makes|find|found) it \w+ (?:to|for|that)\b"
    r"|\bhow is it\b|\bcalled it a day\b",
    re.I,
)
_EXISTENTIAL = re.compile(
    r"\b(?:is|are|was|were|be|been|isn't|aren't|wasn't|weren't|has|have|had|will|would|could|can|did|does|should|must|may|might) there\b|\bthere(?:'s| (?:is|are|was|were|be|will|would|has|have|had|any))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A stretch of a question that points back. `sort`: "he", "she", "it", "they", "this", "these", "there", "then",
    "former", "latter", "noun" ("that letter"); `owning`: a genitive; `tail` what a contraction leaves ("is")."""

    start: int
    end: int
    sort: str
    owning: bool = False
    tail: str = ""
    noun: str = ""
    after_preposition: str = ""


def anaphors(text: str) -> list[Anaphor]:
    """The words of a question that point out of it, in order, the first of each sort."""
    plain = straighten(text)
    clause = parse(plain)
    silent = [m.span() for p in (_EXPLETIVE, _EXISTENTIAL) for m in p.finditer(plain)]
    found: list[Anaphor] = []
    seen: set[str] = set()
    for anaphor in _all(plain):
        expletive = anaphor.sort in ("it", "there") and any(a <= anaphor.start < b for a, b in silent)
        if expletive or anaphor.sort in seen or _is_inside(plain, anaphor, clause):
            continue
        seen.add(anaphor.sort)
        found.append(anaphor)
    return found


def _all(plain: str) -> Iterator[Anaphor]:
    words = [(m.group().rstrip("'"), m.start(), m.start() + len(m.group().rstrip("'"))) for m in _WORD.finditer(plain)]
    lows = [w.lower() for w, _, _ in words]
    for index, (_, start, end) in enumerate(words):
        low = lows[index]
        sort = _SORTS.get(low, "")
        if not sort:
            continue
        before = lows[index - 1] if index else ""
        after = lows[index + 1] if index + 1 < len(lows) and not plain[end : words[index + 1][1]].strip() else ""
        preposition = before if before in PREPOSITIONS else ""
        base = next((k for k in ("he", "she", "it", "they") if sort == k), sort)
        if base in ("he", "she", "it", "they"):
            if low == "its" and (after in ("the", "a", "an", "not") or not after):
                continue
            owning = low in _OWNING and (low != "her" or _starts_noun(after)) and not (low == "his" and not after)
            yield Anaphor(
                start, end, base, owning or low in ("hers", "theirs") or low == "his", _tail(low, base), "", preposition
            )
        elif sort in ("this", "these"):
            noun_end = _noun_end(plain, words, index)
            if noun_end > end:
                noun = plain[end:noun_end].strip()
                if low == "that" and not preposition and before not in VERBS and before not in AUXILIARIES and index:
                    continue
                if low == "that" and before in (
                    "say",
                    "think",
                    "believe",
                    "claim",
                    "mean",
                    "argue",
                    "know",
                    "write",
                    "show",
                ):
                    continue
                yield Anaphor(start, noun_end, "noun", False, "", noun, preposition)
            elif (
                low != "that"
                or not after
                or preposition
                or after in AUXILIARIES
                or after in ADVERBS | PREPOSITIONS | CONJUNCTIONS
                or before in AUXILIARIES
            ):
                if (
                    low == "that"
                    and after in AUXILIARIES
                    and index
                    and before not in CONJUNCTIONS
                    and before not in AUXILIARIES
                ):
                    continue  # "the letter that was published"
                yield Anaphor(start, end, sort, False, "", "", preposition)
        elif sort in ("former", "latter"):
            if before == "the" and (not after or not _starts_noun(after)):
                yield Anaphor(words[index - 1][1], end, sort)
        elif sort == "there":
            yield Anaphor(start, end, sort)
        elif sort == "then" and (not after or before in PREPOSITIONS) and index:
            yield Anaphor(start, end, sort, after_preposition=preposition)


def _tail(low: str, base: str) -> str:
    return (
        _CONTRACTED.get(low[len(base) :], "")
        if low.startswith(base) and low not in _OWNING and low not in ("hers", "theirs")
        else ""
    )


def _starts_noun(word: str) -> bool:
    return (
        bool(word)
        and word not in PREPOSITIONS | CONJUNCTIONS | AUXILIARIES
        and (word not in ADVERBS or word in ("first", "last", "next", "further", "well"))
    )


def _noun_end(plain: str, words: list[tuple[str, int, int]], index: int) -> int:
    """Where the noun phrase ends that a demonstrative opens; its own end if it stands alone."""
    start, end = words[index][1], words[index][2]
    for mention in mentions(plain):
        if mention.start == start and mention.end > end:
            return mention.end
    following = words[index + 1][0].lower() if index + 1 < len(words) else ""
    if following and (singular(following) in names.TIME_NOUNS or singular(following) in names.PERSON_NOUNS):
        return words[index + 1][2]
    return end


def _is_inside(plain: str, anaphor: Anaphor, clause: Clause | None) -> bool:
    """Whether the question itself names what the word means."""
    before = [m for m in mentions(plain) if m.end <= anaphor.start]
    if anaphor.sort in ("he", "she"):
        gender = "m" if anaphor.sort == "he" else "f"
        if not any(_may_be(m, gender) for m in before):
            return (
                anaphor.owning
                and bool(re.match(r"(?:who|which (?:\w+ )?(?:man|woman|leader|person))\b", plain, re.I))
                and not before
            )
        return (
            anaphor.owning
            or _later_clause(plain, before[-1].end if before else 0, anaphor.start)
            or _reflexive(plain, anaphor)
        )
    if anaphor.sort == "they":
        many = any(m.plural or m.kind == "group" for m in before)
        whose = bool(re.match(r"(?:who|which \w+s)\b", plain, re.I)) and anaphor.owning and not before
        return whose or (many and (anaphor.owning or _later_clause(plain, before[-1].end, anaphor.start)))
    if anaphor.sort == "it":
        things = [
            m
            for m in before
            if m.kind in ("thing", "group", "place") and not m.plural and m.head not in names.EMPTY_NOUNS
        ]
        return bool(things) and (anaphor.owning or _later_clause(plain, things[-1].end, anaphor.start))
    if anaphor.sort == "noun":
        return False
    if anaphor.sort == "there":
        return any(m.kind == "place" for m in before) and _later_clause(plain, before[-1].end, anaphor.start)
    return False


def _may_be(mention: Mention, gender: str) -> bool:
    return mention.is_personal and mention.gender in ("", gender) and (mention.is_name or mention.kind == "person")


def _later_clause(plain: str, start: int, end: int) -> bool:
    """Whether a new clause opens just before `end`: "Did Lenin know (that) he ...", "... before it ..."."""
    between = re.findall(r"\w+", plain[start:end].lower())
    if not between:
        return False
    clause_opens = {
        "that",
        "when",
        "before",
        "after",
        "because",
        "if",
        "while",
        "until",
        "since",
        "and",
        "but",
        "once",
        "where",
        "why",
        "how",
        "what",
        "whom",
        "which",
        "did",
        "as",
    }
    return (
        between[-1] in clause_opens
        or between[-1] in ("say", "said", "think", "know", "believe", "claim", "feel", "thought", "knew")
        or (between[-1] in AUXILIARIES and len(between) > 1 and between[-2] in clause_opens)
    )


def _reflexive(plain: str, anaphor: Anaphor) -> bool:
    return plain[anaphor.start : anaphor.end].lower().endswith("self")


def resolve(text: str, found: list[Anaphor], focus: Focus, rank: int = 0) -> str | None:
    """The question with what its anaphors stand for; `rank` takes the next best referent of the first one. None if
    nothing in the conversation fits any."""
    plain = straighten(text)
    own = {m.head for m in mentions(plain) if m.is_name} | {m.text.lower() for m in mentions(plain) if m.is_name}
    pieces: list[str] = []
    position = 0
    changed = False
    taken: set[str] = set()
    for number, anaphor in enumerate(found):
        choices = [
            r for r in referents(anaphor, focus)
            if r.text not in taken and not (r.is_name and (r.head in own or r.text.lower() in own) and not r.plural) and r.text.lower() not in own
        ]  # fmt: skip
        wanted = rank if number == 0 else 0
        if len(choices) <= wanted:
            if number == 0 and rank:
                return None
            continue
        chosen = choices[wanted]
        start, end, put = _put(plain, anaphor, chosen)
        if start < position:
            continue
        taken.add(chosen.text)
        pieces += [text[position:start], put]
        position = end
        changed = True
    return "".join((*pieces, text[position:])) if changed else None


def referents(anaphor: Anaphor, focus: Focus) -> list[Referent]:
    """What an anaphor may stand for, most likely first."""
    sort = anaphor.sort
    if sort in ("he", "she"):
        return focus.ranked(PEOPLE, "m" if sort == "he" else "f", False)
    if sort == "they":
        return focus.ranked(MANY, plural=True)
    if sort in ("it", "this"):
        return focus.ranked(THINGS, plural=False) or (focus.ranked(THINGS) if sort == "this" else [])
    if sort == "these":
        return [r for r in focus.ranked(MANY, plural=True) if r.plural]
    if sort == "there":
        return focus.ranked(PLACES) or [r for r in focus.ranked({"thing": 1.0}) if r.head in names.EVENT_NOUNS]
    if sort == "then":
        return focus.ranked(TIMES)
    if sort == "noun":
        return _with_noun(anaphor.noun, focus)
    if sort in ("former", "latter"):
        pair = sorted(
            (r for r in focus.ranked(ANYTHING) if not (r.plural and " and " in r.text) and r.age == 0),
            key=lambda r: -r.weight,
        )[:2]
        order = [r for r in pair]
        if len(order) == 2 and focus.last_question.find(order[0].text) > focus.last_question.find(order[1].text):
            order.reverse()
        return order[:1] if sort == "former" else order[1:2]
    return []


def _with_noun(noun: str, focus: Focus) -> list[Referent]:
    """What "that NOUN" means: what has that noun for a head; else, by the sort of noun, a time, person, group, thing."""
    head = singular(noun.split()[-1].lower())
    same = [
        r
        for r in focus.referents
        if r.head == head and len(r.text.split()) > 1 and r.text.lower() != "the " + noun.lower()
    ]
    if same:
        return same
    if head in ("year", "month", "day", "date", "time", "period", "decade", "century"):
        return focus.ranked(TIMES)
    plural = is_plural(noun.split()[-1])
    if head in names.PERSON_NOUNS:
        return [
            r
            for r in focus.ranked(PEOPLE | {"group": 0.4}, names.GENDER_OF_NOUN.get(head, ""), plural)
            if r.plural == plural
        ]
    if head in names.GROUP_NOUNS:
        return focus.ranked({"group": 1.0, "name": 0.6})
    if head in names.PLACE_NOUNS:
        return focus.ranked({"place": 1.0, "name": 0.4})
    if plural:
        return []
    return [r for r in focus.ranked({"thing": 1.0, "name": 0.5}, plural=False) if r.is_name]


def _put(plain: str, anaphor: Anaphor, referent: Referent) -> tuple[int, int, str]:
    """Where and what to write for an anaphor."""
    start, end, name = anaphor.start, anaphor.end, referent.text
    if anaphor.sort == "then" and not anaphor.after_preposition:
        name = f"{referent.preposition or 'in'} {name}"
    if anaphor.sort == "there" and not plain[:start].rstrip().lower().endswith((" from", " near", " to")):
        motion = re.search(r"\b(?:go|went|travel|come|sent|send|move|moved|get|return|arrive)\b[^?]*$", plain[:start])
        name = f"{'to' if motion else referent.preposition if referent.preposition in ('in', 'at', 'on', 'near') else 'at' if referent.kind == 'thing' else 'in'} {name}"
    if anaphor.owning:
        following = next((m for m in mentions(plain) if m.start == start), None)
        if len(name.split()) > 4 and following is not None:
            noun = plain[end : following.end].strip()
            return start, following.end, _case(plain, start, f"the {noun} of {name}")
        name = possessive(name)
    if anaphor.tail:
        name = f"{name} {anaphor.tail}"
    if (
        anaphor.sort == "noun"
        and referent.kind == "time"
        and plain[:start].rstrip().lower().endswith((" in", " on", " at", " by"))
    ):
        return start, end, name
    return start, end, _case(plain, start, name)


def _case(plain: str, start: int, name: str) -> str:
    return name[0].upper() + name[1:] if start == 0 else name


def as_event(clause: Clause) -> str:
    """A question's proposition as a noun phrase: "Why did Trotsky resign?" -> "Trotsky resigning". "" if there is none."""
    words = clause.rest.split()
    low = clause.auxiliary.lower()
    if clause.subject and words and low in ("did", "does", "do"):
        return f"{clause.subject} {gerund(words[0].lower())} {' '.join(words[1:])}".strip()
    if clause.subject and words and low in ("was", "were", "is", "are") and is_past(words[0].lower()):
        return f"{clause.subject} being {clause.rest}"
    return ""
