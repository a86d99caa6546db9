"""A question taken to pieces: what is asked for, the auxiliary, the subject, the rest; and put together again.

    "Where was Trotsky banished to first?"  ->  wh "Where", auxiliary "was", subject "Trotsky", rest "banished to first"

But: only the shapes of plain English questions are known; anything else gives None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.conversation.english import (
    AUXILIARIES,
    PREPOSITIONS,
    VERBS,
    WH,
    base_of_past,
    base_of_present,
    is_past,
    past,
    words,
)
from assistant.conversation.mentions import mentions
from assistant.conversation.tokens import straighten

_SUBJECT_PRONOUNS = words("i you he she it we they there this that these those")
_WORD = re.compile(r"\S+")
_LEAD_IN = re.compile(
    r"^(?:(?:and|but|so|well|ok|okay|yes|yeah|no|right|now|then|also|thanks|thank you|i see|great|sure|please|hmm|oh)\b"
    r"[\s,.!;:-]*)+"
    r"(?=\S)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """The pieces of a question, without its question mark. `wh` is "" for a yes-no question; `auxiliary` is "" where
    the wh-phrase is the subject of a full verb ("Who signed the letter"); `subject` is "" where the wh-phrase is it."""

    wh: str
    auxiliary: str
    subject: str
    rest: str

    @property
    def text(self) -> str:
        """The question again."""
        return question(self.wh, self.auxiliary, self.subject, self.rest)

    @property
    def wh_noun(self) -> str:
        """The noun phrase of the wh-phrase: "step against Stalin" of "What step against Stalin"."""
        match = re.match(r"(?:\w+ )?(?:what|which|whose|how many|how much) (.+)", self.wh, re.I)
        return match.group(1) if match else ""

    @property
    def is_copular(self) -> bool:
        """Whether it asks what or who something is: a form of be, and no verb after the subject."""
        first = self.rest.split()[:1]
        return self.auxiliary.lower() in ("is", "are", "was", "were") and (not first or not _is_verb(first[0].lower()))


def strip_lead_in(text: str) -> str:
    """Without "And", "Yes, but", "OK," and the like at the start, unless nothing else is there."""
    match = _LEAD_IN.match(text)
    return text[match.end() :] if match else text


def question(*parts: str) -> str:
    """The parts as a question: capital first letter, one question mark."""
    text = " ".join(" ".join(part for part in parts if part).split()).rstrip(" ?.!,;:")
    return (text[0].upper() + text[1:] + "?") if text else ""


@lru_cache(maxsize=4096)
def parse(text: str) -> Clause | None:
    """Take a question apart; None where it is no question of a known shape."""
    plain = " ".join(straighten(text).split()).rstrip(" ?.!")
    plain = strip_lead_in(plain)
    words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(plain)]
    lows = [w.strip("\"'(),").lower() for w, _, _ in words]
    if not words:
        return None
    if lows[0] in AUXILIARIES and len(words) > 1:
        return _after_auxiliary(plain, "", words, lows, 0)
    first = 1 if len(lows) > 1 and lows[0] in PREPOSITIONS and lows[1] in WH else 0
    if lows[first] not in WH:
        return None
    for index in range(first + 1, len(words)):
        if lows[index] in AUXILIARIES:
            return _after_auxiliary(plain, plain[: words[index][1]].strip(), words, lows, index)
        nounless = index == first + 1 or (index == first + 2 and lows[first + 1] == "else")
        if (is_past(lows[index]) or base_of_present(lows[index])) and (
            lows[first] in ("who", "what", "which") if nounless else lows[first] in ("what", "which", "whose", "how")
        ):
            following = lows[index + 1] if index + 1 < len(lows) else ""
            if following in AUXILIARIES:
                continue
            return Clause(plain[: words[index][1]].strip(), "", "", plain[words[index][1] :])
        if lows[first] in ("when", "where", "why", "whom"):
            return None
    return None


def _after_auxiliary(
    plain: str, wh: str, words: list[tuple[str, int, int]], lows: list[str], index: int
) -> Clause | None:
    auxiliary = words[index][0]
    if index + 1 >= len(words):
        return Clause(wh, auxiliary, "", "") if wh else None
    position = words[index + 1][1]
    do_support = lows[index] in ("did", "do", "does", "didn't", "don't", "doesn't")
    end = _subject_end(plain, position, lows[index + 1], do_support)
    if end is None:
        if (not wh and not do_support) or (do_support and len(words) > index + 2):
            end = words[index + 1][2]
        else:
            return Clause(wh, auxiliary, "", plain[position:])
    return Clause(wh, auxiliary, plain[position:end].strip(), plain[end:].strip())


def _subject_end(plain: str, position: int, low: str, do_support: bool) -> int | None:
    here = [
        m
        for m in mentions(plain)
        if m.start == position or (m.start > position and plain[position : m.start].strip().lower() in ("the", "only"))
    ]
    if low in _SUBJECT_PRONOUNS and not any(m.start == position for m in here):
        return position + len(low)
    sick = [
        m
        for m in mentions(plain)
        if position < m.start and plain[position:].lower().startswith("the ") and m.is_name and m.start - position < 20
    ]
    if not here and sick:
        here = sick[:1]
    if not here:
        return None
    end = here[0].end
    if do_support:
        end = _past_noun_verb(plain, end)
    return end


def _past_noun_verb(plain: str, end: int) -> int:
    """After do, "the peace | plan fail" is "the peace plan | fail": of two verbs in a row the second is it."""
    following = plain[end:].split()[:2]
    if len(following) == 2 and all(word in VERBS for word in following) and plain[end - 1].islower():
        return end + 1 + len(following[0])
    return end


def _is_verb(low: str) -> bool:
    return is_past(low) or low.endswith("ing") or low in VERBS or low in ("been", "being")


_STRANDED = re.compile(
    r"\s*\b(?:to|from|at|of|for|with|by|about|on|in|against|into|over|like)(?=$|\s+(?:first|next|then|again|later)$)",
    re.I,
)


def ask_instead(clause: Clause, wh: str, subject: str = "") -> str:
    """The same proposition with another wh-phrase: "By whom" + "Where was Trotsky banished to?" -> "By whom was
    Trotsky banished?". `subject` stands in for a wh-phrase that was the subject; "" if it is not known."""
    rest = clause.rest
    if clause.is_copular and not rest and clause.wh.lower() in ("who", "what"):
        return ""
    asked = clause.wh.split()[:2]
    if asked and not re.match(r"(?:when|why|how)\b", clause.wh, re.I):
        rest = _STRANDED.sub("", rest, count=1) if not clause.is_copular else rest
    if clause.auxiliary and clause.subject:
        return question(wh, clause.auxiliary.lower(), clause.subject, rest)
    who = subject or _definite(clause.wh_noun)
    if clause.auxiliary:
        return question(wh, clause.auxiliary.lower(), who or "that", rest)
    words = rest.split()
    verb = words[0].lower() if words else ""
    base, auxiliary = base_of_past(verb), "did"
    if base is None and (base := base_of_present(verb)) is not None:
        auxiliary = "does"
    if base is None:
        return question(wh, rest)
    return question(
        wh, auxiliary, who or ("someone" if clause.wh.lower().startswith("who") else "that"), base, *words[1:]
    )


def _definite(noun: str) -> str:
    return "the " + noun if noun else ""


def ask_why_not(clause: Clause, subject: str = "") -> str:
    """The negated proposition with "Why": "Did the ship sail?" -> "Why didn't the ship sail?"."""
    low = clause.auxiliary.lower()
    if clause.is_copular and not clause.rest:
        return ""
    if low.endswith("n't") or re.search(r"\b(?:not|never)\b", clause.rest):
        return ask_instead(clause, "Why", subject)
    if clause.auxiliary and clause.subject:
        negative = {"can": "can't", "will": "won't", "shall": "shan't", "am": "am not", "may": "may not"}.get(
            low, low + "n't"
        )
        return question("Why", negative, clause.subject, clause.rest)
    positive = ask_instead(clause, "Why", subject)
    return re.sub(r"^Why (did|does|was|were|is|are|has|have|had|could|would|should)\b", r"Why \1n't", positive)


def ask_who_else(clause: Clause, wh: str) -> str:  # "Did Lenin sign it?" -> "Who else signed it?"
    """ "Who else" (or "What else") in the place of the wh-phrase or of the subject."""
    if not clause.wh and clause.auxiliary:
        words = clause.rest.split()
        if clause.auxiliary.lower() == "did" and words and words[0].lower() in VERBS:
            return question(wh, past(words[0].lower()), *words[1:])
        return question(wh, clause.auxiliary.lower(), clause.rest)
    return question(wh, clause.auxiliary.lower(), clause.subject, clause.rest)
