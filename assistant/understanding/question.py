"""What a question asks for: the kind of answer it wants, its content words and its names.

The rules are for English; a question in another language asks for a "thing", and all its words count.
But: nothing here looks at a source or at a conversation.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import Stemmer

from vectorstore.english import JUDGING, SAYING, one_of, word_set
from vectorstore.errors import UsageError

Wanted = Literal["person", "time", "number", "place", "reason", "manner", "speech", "yes-no", "thing"]
"""The kind of answer a question asks for."""

MAX_QUESTION_CHARACTERS = 2_000
_NESTED = 4
"""How deep mark-up is taken off."""
WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")

STOP_WORDS = word_set("""
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each
    either else ever few for from further get gets got had hadn't has hasn't have haven't having he he's her here
    hers herself him himself his how how's i i'm if in into is isn't it it's its itself just let's may me might more
    most much must my myself no nor not of off on once one ones only or other ought our ours ourselves out over own
    same shall she she's should shouldn't so some such than that that's the their theirs them themselves then there
    there's these they they're this those through to too under until up upon us very was wasn't we we're were
    weren't what what's when when's where where's whether which while who who's whom whose why why's will with won't
    would wouldn't you you're your yours according actually exactly many name tell please say says said happen
    happened kind sort type way list anyone anything someone something somebody anybody article text source author
    document passage
""")
"""Words that carry no content in a question, with those that go with a question word: "how many", "what happened"."""

_START = r"^(?:and |but )?"
_SPEECH_VERBS = one_of(
    f"""{SAYING} {JUDGING} said told wrote written called described argued warned declared admitted replied predicted
    put_it express characterise characterize compare"""
)
_SAID = one_of(
    """said says say wrote write writes called calls described describes claimed declared argued warned admitted
    stated asked remarked complained coined denounced told predicted used_the_phrase used_the_words? used_the_term
    words phrase"""
)
_PEOPLE = one_of(
    """person people man woman men women leaders? authors? writers? presidents? kings? queens? generals? scientists?
    artists? poets? singers? actors? actress players? founders? politicians? members?"""
)
_PLACES = one_of(
    """city cities country countries town place places region state village province location continent district
    river"""
)
_PERIODS = one_of("year date day month century decade season time period")
_COUNTS = one_of("number percentage total size amount population membership score tally")
_SEVERAL = one_of(
    """demands reasons causes names members people leaders factors parts countries cities groups works books titles
    slogans lectures charges mistakes allies supporters signatories places steps measures classes towns"""
)
_PATTERNS: tuple[tuple[Wanted, str], ...] = (
    (
        "reason",
        rf"{_START}(?:why|how come)\b|\b(?:what {one_of('caused led_to explains explained made prompted drove')}|"
        r"for what reason|what (?:was|is|were|are) the (?:\w+ ){0,2}"
        rf"{one_of('reasons? causes? motives? purpose aim')}|because of what|what for)\b",
    ),
    (
        "number",
        rf"\bhow {one_of('many much often old large big tall high far deep long(?!_ago) wide fast heavy')}\b|"
        rf"\bwhat {one_of('number percentage share proportion fraction amount quantity size sum price')}\b|"
        rf"\b(?:what|which) (?:was|is|were|are) the (?:\w+ ){{0,2}}{_COUNTS}\b",
    ),
    (
        "time",
        rf"{_START}when\b|\b(?:since|until|by|from) when\b|\bhow long ago\b|"
        rf"\b(?:(?:in |on )?(?:what|which)) (?:\w+ )?{_PERIODS}\b|\bwhat (?:is|was) the (?:\w+ )?(?:date|year)\b",
    ),
    (
        "place",
        rf"{_START}(?:from |to )?where\b|\b(?:(?:in |at |to )?(?:what|which)) (?:\w+ )?{_PLACES}\b",
    ),
    (
        "speech",
        rf"\b(?:what|how) (?:did|does|do|was|were|is) .{{1,60}}\b{_SPEECH_VERBS}\b|"
        r"\b(?:in whose|whose) (?:words|opinion|view)\b|\bwhat were .{1,40}\bwords\b",
    ),
    (
        "person",
        rf"{_START}(?:who|whom|whose|by whom|to whom|with whom)\b|"
        r"\b(?:by|to|with|from|for|against|of) (?:who|whom|whose)\b|"
        rf"\b(?:what|which) (?:\w+ )?{_PEOPLE}\b|"
        rf"\bwhat (?:is|was|were|are) the names? of the (?:\w+ )?{_PEOPLE}\b",
    ),
    ("manner", rf"{_START}how\b|\b(?:in what way|by what means)\b"),
    (
        "yes-no",
        rf"{_START}{one_of('is are was were do does did has have had can could will would should may might must')}\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _PATTERNS)
_WHO_SAID = re.compile(rf"{_START}(?:who|whom|whose)\b.{{0,40}}?\b{_SAID}\b", re.I)
_LIST = re.compile(
    rf"{_START}(?:who (?:were|are|all)|name {one_of('the all three two four five some')}|list\b|"
    r"(?:what|which) (?:were|are) (?:the|some|all)\b|"
    rf"which (?:\w+ )?\w+s {one_of('were are did signed joined took had have belonged supported')}\b)|"
    rf"\b(?:names of|all the|and who else)\b|\b(?:what|which) (?:\w+ ){{0,2}}{_SEVERAL}\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    `stems`: its content words as stems, in order, once each; `names`: those among them that are written as names.
    `is_list`: more than one answer is asked for. `who_said`: it asks for the speaker of some words.
    """

    text: str
    wanted: Wanted
    is_list: bool
    who_said: bool
    stems: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def has_form(self) -> bool:
        """Whether the answer has a form that can be recognised: a name, a date, a number, a place."""
        return self.who_said or self.wanted in ("person", "time", "number", "place")


def normal(word: str) -> str:
    """A word in lower case, with straight apostrophes and without a possessive ending."""
    plain = word.replace("’", "'").lower()
    return plain[:-2] if plain.endswith("'s") else plain.rstrip("'")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball English stem of one word (Porter, 2001)."""
    return str(_stemmer().stemWord(normal(word)))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english", 0)


def content_words(text: str) -> list[str]:
    """The words of a text that carry content, as they stand, in order."""
    return [word for word in WORD.findall(text) if _carries_content(word)]


def _carries_content(word: str) -> bool:
    return normal(word) not in STOP_WORDS and (len(word) > 1 or word.isdigit())


def stems_of(text: str) -> list[str]:
    """The stems of the content words of a text, in order, repeats included."""
    return [stem(word) for word in content_words(text)]


def analyse(text: str) -> Question:
    """The question taken apart; about 50 microseconds."""
    clean = " ".join(text.split())
    wanted: Wanted = next((kind for kind, pattern in _COMPILED if pattern.search(clean)), "thing")
    capitals = [] if clean.isupper() else [w for w in WORD.findall(clean)[1:] if w[0].isupper() or w[0].isdigit()]
    return Question(
        text=clean,
        wanted=wanted,
        is_list=bool(_LIST.search(clean)),
        who_said=bool(_WHO_SAID.search(clean)),
        stems=tuple(dict.fromkeys(stems_of(clean))),
        names=tuple(dict.fromkeys(stem(word) for word in capitals if _carries_content(word))),
    )


_INLINE = (
    (re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"\[([^\[\]\n]+)\]\[[^\[\]\n]*\]"), r"\1"),
    (re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)"), r"\2"),
    (re.compile(r"(?<![\\*\w])(\*{1,3})(?=[^\s*])([^*]*[^\s*\\])\1(?![*\w])"), r"\2"),
    (re.compile(r"(?<![\\_\w])(_{1,3})(?=[^\s_])((?:[^_]|(?<=\w)_(?=\w))*[^\s_\\])\1(?![_\w(]|\.\w)"), r"\2"),
    (re.compile(r"(?<![\\~])(~~|==)(?=[^\s~=])([^~=]*[^\s~=\\])\1(?![~=])"), r"\2"),
    (re.compile(r"\\(?=[\\`*_{}\[\]()#+.!|<>~-])"), ""),
)
"""Markdown inside a line: links and pictures, code, emphasis, struck and marked words, escapes."""
_OPENING = re.compile(r"^\s*(?:(?:#{1,6}|>|[-*+•])\s+)+")
_TAGS = one_of(
    "b i u s em strong mark small big sub sup code kbd tt span font p div q a del ins h[1-6] blockquote pre li cite"
)
_ELEMENT = re.compile(rf"<({_TAGS})(?:\s+[\w-]+=[^<>]*)?>([^<]*)</\1\s*>", re.I)
_BREAK = re.compile(r"<(?:br|hr|wbr)\s*/?>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8}\d?);", re.I)


def without_markup(text: str) -> str:
    """A question without the mark-up of Markdown and HTML around its words: "**Who** laid the [road](x)?" -> "Who laid
    the road?". What is no mark-up stays: 3 * 4, snake_case, a < b."""
    clean = _OPENING.sub("", text)
    for _ in range(_NESTED):
        before = clean
        for pattern, kept in _INLINE:
            clean = pattern.sub(kept, clean)
        clean = _BREAK.sub(" ", _ELEMENT.sub(r"\2", clean))
        if clean == before:
            break
    clean = _ENTITY.sub(lambda match: html.unescape(match.group()), clean)
    clean = " ".join("".join(c if c.isprintable() else " " for c in clean).split())
    return clean if any(map(str.isalnum, clean)) else text


def holds_half_a_pair(text: str) -> bool:
    """Whether half of a surrogate pair stands in a text, which UTF-8 cannot write."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def check_question(question: str) -> None:
    """Raises UsageError if `question` is blank, longer than 2,000 characters, or not text."""
    if not question.strip():
        raise UsageError("the question is empty: write one, between quotation marks")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise UsageError(
            f"the question has {len(question):,} characters, {MAX_QUESTION_CHARACTERS:,} are the most: shorten it"
        )
    if holds_half_a_pair(question):
        raise UsageError("the question is not valid UTF-8: type it again, or set a UTF-8 locale")
