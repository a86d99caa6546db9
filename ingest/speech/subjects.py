"""The subject of a sentence, as far as word order tells it.

But: no parser is used; where no name or pronoun has a verb behind it, there is no subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.speech.names import Token, is_name, name_from, with_article
from ingest.speech.vocabulary import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    FINITE,
    PAST_IRREGULAR,
    PREPOSITIONS,
    PRONOUNS,
    SPEECH_NOUNS,
)
from vectorstore.english import word_set

COLLECTIVE_TAIL = word_set("meeting conference committee report document council government party newspaper team")
ADVERBS = word_set("then also once later again soon now still even thus")

Tokens = Sequence[Token]


@dataclass(frozen=True, slots=True)
class Reference:
    """The stretch of the text, `start` to `end`, that names somebody; or a pronoun, which `pronoun` then holds."""

    start: int
    end: int
    pronoun: str = ""


def main_subject(tokens: Tokens) -> Reference | None:
    """The subject of a sentence as far as word order tells: the first name or pronoun that a verb follows and no
    preposition governs. "A friend of Smith said that Jane Roe wrote": Jane Roe."""
    index = _after_opening(tokens)
    while index < len(tokens):
        token = tokens[index]
        before = tokens[index - 1].low if index else ""
        if token.low in PRONOUNS and verb_like(tokens, index + 1):
            return Reference(token.start, token.end, token.low)
        if is_name(tokens, index):
            after = name_from(tokens, index)
            found = _as_subject(tokens, index, after, before)
            if found is not None:
                return found
            index = after
            continue
        index += 1
    return None


def _after_opening(tokens: Tokens) -> int:
    """Index after "In 1924," and the like: the first comma, where the sentence opens with a preposition."""
    if tokens and tokens[0].low in CLAUSE_OPENERS:
        for index, token in enumerate(tokens[:40]):
            if token.text == "," and index + 1 < len(tokens):
                following = tokens[index + 1]
                if not following.low.isdigit() and (
                    index == 0 or not tokens[index - 1].low.isdigit() or following.text[0].isalpha()
                ):
                    return index + 1
    return 0


def _as_subject(tokens: Tokens, first: int, after: int, before: str) -> Reference | None:
    start = with_article(tokens, first)
    if start < first:
        before = tokens[start - 1].low if start else ""
    if tokens[after - 1].possessive:
        if after < len(tokens) and tokens[after].low in SPEECH_NOUNS and before not in PREPOSITIONS:
            return Reference(tokens[start].start, tokens[after - 1].end - 2)
        return None
    named = Reference(tokens[start].start, tokens[after - 1].end)
    if before in ("of", "from") and start >= 2 and tokens[start - 2].low in SPEECH_NOUNS and verb_like(tokens, after):
        return named
    if (before in PREPOSITIONS and before not in ("as", "after", "before", "since", "until")) or before in (
        "and",
        "or",
    ):
        return None
    if after < len(tokens) and tokens[after].low == "and" and after + 1 < len(tokens) and is_name(tokens, after + 1):
        other = name_from(tokens, after + 1)
        if verb_like(tokens, other) and not tokens[other - 1].possessive:
            return Reference(named.start, tokens[other - 1].end)
        return None
    if after < len(tokens) and tokens[after].text == "," and after + 1 < len(tokens) and not tokens[after + 1].capital:
        return named
    if after < len(tokens) and tokens[after].low in COLLECTIVE_TAIL and verb_like(tokens, after + 1):
        return Reference(named.start, tokens[after].end)
    return named if verb_like(tokens, after) else None


def verb_like(tokens: Tokens, index: int) -> bool:
    """Whether a finite verb stands at `index`, adverbs passed over."""
    while index < len(tokens) and (
        is_adverb(tokens[index]) or tokens[index].low in ("himself", "herself", "themselves")
    ):
        index += 1
    if index >= len(tokens) or tokens[index].capital:
        return False
    low = tokens[index].low
    if low in AUXILIARIES or low in FINITE or low in PAST_IRREGULAR or (len(low) > 3 and low.endswith("ed")):
        return True
    # "Vale keeps" and not "Vale harbours were"
    return len(low) > 3 and low.endswith("s") and not (index + 1 < len(tokens) and verb_like(tokens, index + 1))


def is_adverb(token: Token) -> bool:
    """Whether a word may stand between a subject and its verb: "also", "bluntly"."""
    return not token.capital and ((token.low.endswith("ly") and len(token.low) > 4) or token.low in ADVERBS)
