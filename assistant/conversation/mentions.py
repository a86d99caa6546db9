"""Names and noun phrases found in a text: what a later pronoun may stand for.

A chunker over closed word classes and spelling; it knows no grammar beyond that and errs on the side of short phrases.
But: nothing here decides which phrase a pronoun means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.conversation import names
from assistant.conversation.english import (
    AUXILIARIES,
    FUNCTION_WORDS,
    PRONOUNS,
    WH,
    is_past,
    is_plural,
    singular,
    words,
)
from assistant.conversation.tokens import QUOTED, Token, straighten, tokens_of

Kind = Literal["person", "group", "place", "time", "thing", "name"]
"""What a phrase stands for; "name" is a name of unknown kind, a person's or not."""

_FIRST_DETERMINERS = words("that this these those the a an my our his her its their")
_STAND_INS = words("former latter other others one ones rest")
_BEFORE_BASE = AUXILIARIES - words(
    """
    is are am was were isn't aren't wasn't weren't has have had hasn't haven't hadn't
    """
)
_PARTICLES = words("de da del della di du van von der den la le al el bin ibn ter dos")


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase in a text at `start:end`. `text` is the phrase as found, without quotation marks and a final genitive;
    `head` its last noun before "of", lower case; `gender` "m", "f" or ""."""

    text: str
    start: int
    end: int
    kind: Kind
    head: str
    plural: bool = False
    gender: str = ""
    is_name: bool = False
    determiner: str = ""
    preposition: str = ""
    genitive: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether he or she may stand for it."""
        return (self.kind == "person" and not self.plural) or (self.kind == "name" and not self.plural)


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[Mention, ...]:
    """The phrases of a text, in order; a coordination ("A, B and C") precedes its members."""
    plain = straighten(text)
    tokens = tokens_of(text)
    found = _chunks(plain, tokens)
    owners = [owner for mention in found for owner in _owners(mention, tokens, plain)]
    return tuple(sorted((*found, *_coordinations(plain, found), *owners), key=lambda m: (m.start, -m.end)))


def _owners(mention: Mention, tokens: list[Token], plain: str) -> list[Mention]:
    """The owner inside a phrase: "Lenin" in "Lenin's letter"."""
    inside = [i for i, token in enumerate(tokens) if mention.start <= token.start and token.end <= mention.end]
    for place in inside[:-1]:
        if tokens[place].sort in "NW" and tokens[place].text.endswith(("'s", "s'")):
            owner = _mention(plain, tokens, inside[0], place + 1)
            return [owner] if owner is not None else []
    return []


def _chunks(plain: str, tokens: list[Token]) -> list[Mention]:
    found = []
    index = 0
    while index < len(tokens):
        end = _without_verb(tokens, index, _chunk_end(tokens, index))
        if end > index:
            mention = _mention(plain, tokens, index, end)
            if mention is not None:
                found.append(mention)
            index = end
        else:
            index += 1
    return found


def _without_verb(tokens: list[Token], start: int, end: int) -> int:
    """The end of a subject behind do, without a verb that no list knows: "does the axolotl | regrow a leg"."""
    nouns = [token for token in tokens[start:end] if token.sort != "D"]
    behind_do = start > 0 and tokens[start - 1].text.lower() in _BEFORE_BASE
    if not behind_do or len(nouns) < 2 or tokens[end - 1].sort != "W" or nouns[-2].sort not in "WN":
        return end
    after = tokens[end] if end < len(tokens) else None
    verb = after is None or after.sort in "DNP" or after.text.lower() in PRONOUNS
    return end - 1 if verb and not (nouns[-2].sort == "N" and _adjective(nouns[-2].text)) else end


def _chunk_end(tokens: list[Token], start: int) -> int:
    """The index after the noun phrase that begins at `start`; `start` itself where none begins."""
    index = start
    determined = False
    nouns = 0
    last = ""
    while index < len(tokens):
        token = tokens[index]
        low = token.text.lower()
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.sort == "D" and nouns == 0:
            if determined and (
                low in _FIRST_DETERMINERS or (index > start and tokens[index - 1].text.lower() in ("no", "each"))
            ):
                break
            determined = True
        elif (
            token.sort == "T"
            and nouns == 0
            and not determined
            and not (following is not None and following.sort == "N" and not token.text[0].isdigit())
        ):
            return _time_end(tokens, index)
        elif token.sort in "N#T":
            if nouns and last == "W" and not determined and token.sort == "N":
                break
            nouns += token.sort != "#" or determined or nouns > 0
        elif token.sort == "W":
            if nouns and last == "N" and not determined and not _adjective(tokens[index - 1].text):
                break
            nouns += 1
        elif token.sort == "V" and _is_noun_here(tokens, start, index, determined and nouns == 0):
            nouns += 1
        elif (
            (low == "of" and nouns and following is not None and following.sort in "NWD#T")
            or (low in _PARTICLES and last == "N" and following is not None and following.sort == "N")
            or (
                token.text in ".&"
                and last == "N"
                and following is not None
                and following.sort == "N"
                and token.text == "&"
            )
            or (token.sort == "F" and low.endswith("ly") and determined and nouns == 0)
        ):
            pass
        else:
            break
        if low == "of":
            inner = _chunk_end(tokens, index + 1)
            return inner if inner > index + 1 else index
        last = token.sort
        index += 1
    return index if nouns else start


def _time_end(tokens: list[Token], index: int) -> int:
    while index < len(tokens) and (
        tokens[index].sort in "T#"
        or (tokens[index].text == "," and index + 1 < len(tokens) and tokens[index + 1].sort == "T")
    ):
        index += 1
    return index


def _is_noun_here(tokens: list[Token], start: int, index: int, opens: bool) -> bool:
    """Whether a word that may be a verb is a noun or an adjective: behind a genitive, or first behind a determiner."""
    if index and _genitive(tokens, index):
        return True
    low, opener = tokens[index].text.lower(), tokens[start].text.lower()
    if low.endswith("ing") and start == index:  # "did engineering workers"
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        return (
            index > 0 and tokens[index - 1].text.lower() in AUXILIARIES and after is not None and is_plural(after.text)
        )
    demonstrative = opener in ("this", "that", "these", "those")
    if demonstrative and (
        is_past(low) or (start and tokens[start - 1].text.lower() in ("did", "does", "do", "didn't"))
    ):
        return False
    return opens and _may_be_noun(tokens[index + 1] if index + 1 < len(tokens) else None)


def _may_be_noun(following: Token | None) -> bool:
    return following is None or (following.sort in "WNFVP" and following.text.lower() not in ("him", "it", "them"))


def _genitive(tokens: list[Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].text.endswith(("'s", "s'")) and tokens[index - 1].sort in "NW"


def _adjective(word: str) -> bool:
    low = word.lower()
    return low in names.NATIONALITIES or word.endswith(("'s", "s'")) or word[0] in "\"'" or word.isdigit()


def _mention(plain: str, tokens: list[Token], first: int, end: int) -> Mention | None:
    part = tokens[first:end]
    before = tokens[first - 1].text.lower() if first else ""
    preposition = before if before in _LOCAL else ""
    start, stop = part[0].start, part[-1].end
    text = _clean(plain[start:stop])
    genitive = text.endswith(("'s", "s'"))
    if genitive:
        text = text.removesuffix("'s") if text.endswith("'s") else text[:-1]
    determiner = part[0].text.lower() if part[0].sort == "D" else ""
    core = [token for token in part if token.sort not in "DP"]
    owned = max((i for i, t in enumerate(core[:-1]) if t.text.endswith(("'s", "s'"))), default=-1)
    of_owned = owned >= 0 and any(t.text.lower() == "of" for t in core[:owned])
    if of_owned:  # "Eleanor of Aquitaine's inheritance"
        core = core[owned + 1 :]
    apposed = _apposed(core)
    if determiner and apposed:  # "the sick Lenin", "his wife Krupskaya", "the ship Fram": the name alone
        kept, core = core[: len(core) - len(apposed)], apposed
        start = core[0].start
        of_work = kept[-1].text.lower() in names.WORK_NOUNS
        institution = singular(core[-1].text.lower()) in names.GROUP_NOUNS | names.EVENT_NOUNS or is_plural(
            core[-1].text
        )
        bare = of_work or determiner != "the" or not institution
        text, determiner = (
            ("" if bare else "the ") + _clean(plain[start:stop]).removesuffix("'s").rstrip("'"),
            "" if bare else "the",
        )
    cut = next((i for i, token in enumerate(core) if token.text.lower() == "of"), len(core))
    core = core[:cut] or core
    head_token = core[-1]
    head = head_token.text.lower().strip("\"'").removesuffix("'s").rstrip("'")
    if not head or head in FUNCTION_WORDS | WH | _STAND_INS:
        return None
    if not determiner and len(core) == 1 and core[0].sort == "N" and set(head.split("-")) & names.NATIONALITIES:
        return None
    is_name = (
        not of_owned and head_token.sort == "N" and all(t.sort in "N" or t.text.lower() in _PARTICLES for t in core)
    )
    kind, plural, gender = _classify(text, core, head, determiner, preposition, is_name)
    return Mention(text, start, stop, kind, singular(head), plural, gender, is_name, determiner, preposition, genitive)


def _apposed(core: list[Token]) -> list[Token]:
    """The name that ends a noun phrase behind a common noun or an adjective; empty where there is none."""
    first = next((i for i in range(len(core)) if all(t.sort == "N" for t in core[i:])), len(core))
    name = core[first:]
    genitive = first > 0 and core[first - 1].text.endswith(("'s", "s'"))
    if (
        not name
        or first == 0
        or genitive
        or core[first - 1].sort != "W"
        or name[-1].text.lower() in names.NATIONALITIES
    ):
        return []
    return name


_LOCAL = words("in at on to from near of by for with about against under since until between after before")


def _clean(text: str) -> str:
    inner = QUOTED.fullmatch(text)
    if inner is not None and " " in text.strip():
        return text
    return QUOTED.sub(lambda m: m.group(1) or m.group(2), text)


def _classify(
    text: str, core: list[Token], head: str, determiner: str, preposition: str, is_name: bool
) -> tuple[Kind, bool, str]:
    one = singular(head)
    if all(token.sort in "T#" for token in core) or (one in names.TIME_NOUNS and not is_name):
        return "time", False, ""
    if not is_name:
        plural = is_plural(head)
        if one in names.PERSON_NOUNS:
            return "person", plural, names.GENDER_OF_NOUN.get(one, "")
        if one in names.GROUP_NOUNS:
            return "group", plural, ""
        if one in names.PLACE_NOUNS:
            return "place", plural, ""
        return "thing", plural, ""
    words = [token.text.lower().rstrip(".").removesuffix("'s").rstrip("'") for token in core]
    if core[0].text[0] in "\"'":
        return "thing", False, ""
    if words[0] in names.TITLES and len(words) > 1:
        return "person", False, names.gender_of(" ".join(words))
    if any(word in names.GROUP_NOUNS for word in words):
        return "group", is_plural(head), ""
    if one in names.EVENT_NOUNS:
        return "thing", is_plural(head), ""
    if (
        (words[-1] in names.PLACES and len(words) <= 2)
        or words[-1] in names.PLACE_NOUNS
        or words[0] in ("mount", "lake", "fort", "port", "cape")
    ):
        return "place", False, ""
    if (words[0] in names.MALE or words[0] in names.FEMALE) and determiner != "the":
        return "person", False, names.gender_of(" ".join(words))
    if head in names.NATIONALITIES and determiner == "the":
        return "group", True, ""
    if determiner == "the":
        return ("group", True, "") if is_plural(head) else ("thing", False, "")
    if preposition in ("in", "near", "at") and len(words) < 3:
        return "place", False, ""
    if len(head) > 1 and core[-1].text.isupper() and len(words) == 1:
        return "group", False, ""
    gender = names.gender_of(" ".join(words))
    if gender:
        return "person", False, gender
    return "name", False, ""


_BETWEEN = re.compile(r"\s*,?\s*(?:and|or|&)\s+|\s*,\s+")


def _coordinations(plain: str, found: list[Mention]) -> list[Mention]:
    """Names in a row ("Zinoviev, Kamenev and Krupskaya") as one plural mention."""
    runs: list[list[Mention]] = []
    for mention in found:
        joined = runs and _BETWEEN.fullmatch(plain[runs[-1][-1].end : mention.start])
        if joined and _alike(runs[-1][-1], mention):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    together = []
    for run in runs:
        if len(run) > 1 and re.search(r"\b(?:and|or)\b|&", plain[run[0].end : run[-1].start]):
            kind: Kind = (
                "person" if any(m.kind == "person" for m in run) else "group" if run[0].is_name else run[0].kind
            )
            text = ", ".join(m.text for m in run[:-1]) + " and " + run[-1].text
            together.append(
                Mention(
                    text,
                    run[0].start,
                    run[-1].end,
                    kind,
                    run[-1].head,
                    True,
                    "",
                    run[0].is_name,
                    run[0].determiner,
                    run[0].preposition,
                )
            )
    return together


def _alike(left: Mention, right: Mention) -> bool:
    if "time" in (left.kind, right.kind) or left.genitive:
        return False
    people = ("person", "name")
    return (
        left.is_name and right.is_name and (left.kind == right.kind or (left.kind in people and right.kind in people))
    ) or (not left.is_name and not right.is_name and left.kind == right.kind)
