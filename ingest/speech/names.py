"""Words of a sentence as tokens, and the names among them.

But: no part-of-speech tagger is used; names are known by capital letters and the words around them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.abbreviations import STARTERS
from ingest.deadline import Check, unchecked
from ingest.speech.vocabulary import COLLECTIVES, DETERMINERS, MAN, NOT_NAMES, PARTICLES, WOMAN
from vectorstore.english import TITLES, one_of, word_set

MASK = "\x01"
"""Stands for every character of a quotation that is passed over."""

TOKEN = re.compile(
    rf"(?P<name>{one_of(TITLES)}\.|(?:[^\W\d_]\.)+(?=\s|[^\W\d_])"
    r"|[^\W_]+(?:[’'-][^\W_]+)*)|(?P<mask>\x01+)|(?P<mark>[,:;.!?…()—–\[\]])"
)
NOBODY = STARTERS | NOT_NAMES | word_set("firstly secondly shortly apparently unfortunately interestingly clearly")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or punctuation mark with its offsets in the text. `low` is the word in lower case without a possessive
    ending: "Smith's" is possessive, its `low` is "smith"."""

    text: str
    start: int
    end: int
    low: str
    possessive: bool
    capital: bool


def tokenize(masked: str, offset: int, check: Check = unchecked) -> list[Token]:
    """The tokens of a stretch of text; `offset` is where the stretch begins in the document."""
    tokens: list[Token] = []
    for match in TOKEN.finditer(masked):
        check()
        word = match.group()
        low = word.lower()
        possessive = low.endswith(("’s", "'s"))
        if possessive:
            low = low[:-2]
        tokens.append(Token(word, offset + match.start(), offset + match.end(), low, possessive, word[0].isupper()))
    return tokens


def is_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether the token is, or is part of, a name: it begins with a capital and is no common opener of sentences."""
    token = tokens[index]
    return token.capital and (token.low not in NOBODY or (len(token.text) == 2 and token.text[1] == "."))


def name_from(tokens: Sequence[Token], first: int) -> int:
    """Index after the name that begins at `first`: 2 for "Jane Roe wrote". A possessive ends a name."""
    after = first + 1
    while after < len(tokens) and not tokens[after - 1].possessive:
        if is_name(tokens, after):
            after += 1
        elif tokens[after].low in PARTICLES and after + 1 < len(tokens) and is_name(tokens, after + 1):
            after += 2
        else:
            break
    return after


def name_to(tokens: Sequence[Token], last: int) -> int:
    """Index of the first token of the name that ends at `last`: 1 for "then Jane Roe" and 2."""
    first = last
    while first > 0 and not tokens[first - 1].possessive:
        if is_name(tokens, first - 1):
            first -= 1
        elif first > 1 and tokens[first - 1].low in PARTICLES and is_name(tokens, first - 2):
            first -= 2
        else:
            break
    return first


def with_article(tokens: Sequence[Token], first: int) -> int:
    """Index of the first token of a name together with a "the" or "the July" before it: "the July Plenum"."""
    if (
        first > 1
        and tokens[first - 1].capital
        and tokens[first - 1].low in NOT_NAMES
        and tokens[first - 2].low == "the"
    ):
        return first - 2
    return first - 1 if first > 0 and tokens[first - 1].low == "the" else first


def is_person(name: str) -> bool:
    """Whether a name may be a person's: no article, no word for a body of people, not all capitals."""
    words = name.lower().split()
    if not words or words[0] in DETERMINERS or any(word.strip('“”"') in COLLECTIVES for word in words):
        return False
    return not (name.isupper() and len(name) <= 5)


def fits_pronoun(name: str, pronoun: str) -> bool:
    """Whether he, she, it or they may stand for the name, as far as its words tell."""
    words = {word.strip(".").lower() for word in name.split()}
    if pronoun == "he":
        return is_person(name) and not words & WOMAN
    if pronoun == "she":
        return is_person(name) and not words & MAN
    return not is_person(name) or (pronoun == "they" and " and " in name)
