"""Who says quoted words: in a sentence that quotes them, and in the source.

But: where the words around a quotation name nobody, or in a way that is not understood, nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ingest.sentences import split_sentences
from ingest.speech.names import MASK, Token, is_name, name_to, tokenize
from ingest.speech.speakers import lead_speaker, tag_after
from ingest.speech.subjects import Reference, main_subject
from ingest.speech.vocabulary import DETERMINERS, PREPOSITIONS, SPEECH_NOUNS
from vectorstore.english import TITLES, word_set
from vectorstore.types import Span

WORDING = SPEECH_NOUNS | word_set("phrase phrases word term expression description formula name label metaphor dictum")
ITSELF = word_set(
    """article author text source document report paper essay book piece writer story page chapter study passage
    section narrator entry"""
)
"""Nouns by which a sentence names the source itself."""
_IGNORED = word_set(TITLES.lower()) | DETERMINERS | PREPOSITIONS | word_set("and or president general comrade")
_SMALL = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Sayer:
    """Whom the words around a quotation name. `itself`: the article, the author, the text."""

    name: str
    itself: bool = False


def sayer(text: str, quoted: Span, masked: Sequence[Span] = (), context: str = "") -> Sayer | None:
    """The speaker whom a sentence names for the words at `quoted`, quotation marks included; None where it names
    nobody. `masked`: its other quotations; `context`: the text before, in which a pronoun's name may stand."""
    plain = list(text)
    for start, end in [quoted, *masked]:
        plain[start:end] = MASK * (end - start)
    rest = "".join(plain)
    start, end = quoted
    before, behind = tokenize(rest[:start], 0), tokenize(rest[end:], end)
    inner = text[start:end].rstrip("”\"’'»“ ")
    comma = inner[-1:] in (",", "!", "?", "…", "—", ".") or rest[end : end + 1] == ","
    tag = tag_after(behind, comma=comma)
    found = tag[0] if tag else None
    if found is None and before:
        direct = rest[:start].rstrip()[-1:] in (":", ",")
        found = _owner(before) or lead_speaker(before, direct=direct)
    if found is None:
        found = _owner_behind(behind)
    if found is None:
        return None
    if found.pronoun:
        name = _before(rest, found, context)
        return Sayer(name) if name else None
    name = re.sub(r"[“”\"«»\x01]", "", text[found.start : found.end]).strip()
    return Sayer(name, names_source(name)) if name else None


def names_source(name: str) -> bool:
    """Whether a name stands for the source itself: "the article", "its author"."""
    words = [word.lower() for word in _SMALL.findall(name)]
    return bool(words) and words[-1] in ITSELF and name.split()[0].lower() in DETERMINERS and len(words) <= 3


def is_proper(name: str) -> bool:
    """Whether a name is one of somebody, and not "a witness" or "critics"."""
    return any(word[0].isupper() for word in _SMALL.findall(name) if word.lower() not in _IGNORED)


def same_person(one: str, other: str) -> bool:
    """Whether two names may stand for the same: "L. Trotsky" and "Trotsky", "Lenin" and "Lenin's testament"; a letter
    may be wrong."""
    left, right = _name_words(one), _name_words(other)
    if not left or not right:
        return False
    if left[-1] == right[-1] or _near(left[-1], right[-1]):
        return True
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) == 1 and any(_near(shorter[0], word) for word in longer)


def mentioned(name: str, keys: Sequence[str]) -> bool:
    """Whether words hold the last word of a name."""
    words = _name_words(name)
    return bool(words) and any(_near(words[-1], key.removesuffix("'s")) for key in keys)


def _name_words(name: str) -> list[str]:
    name = re.split(r"[’']s\b", name)[0]
    words = [word for word in _SMALL.findall(name) if word.lower() not in _IGNORED]
    capital = [word for word in words if word[0].isupper()]
    return [word.lower() for word in capital or words]


def _near(one: str, other: str) -> bool:
    if one == other:
        return True
    return min(len(one), len(other)) > 4 and SequenceMatcher(None, one, other).ratio() > 0.84


def _owner(tokens: Sequence[Token]) -> Reference | None:
    """ "in Luxemburg's phrase", "Roe's word for it was": the owner of the last such noun before a quotation."""
    for index in range(len(tokens) - 1, max(0, len(tokens) - 8), -1):
        if tokens[index].low in WORDING and tokens[index - 1].possessive and is_name(tokens, index - 1):
            first = name_to(tokens, index - 1)
            return Reference(tokens[first].start, tokens[index - 1].end - 2)
        if tokens[index].text in (";", ".") or tokens[index].text.startswith(MASK):
            return None
    return None


def _owner_behind(tokens: Sequence[Token]) -> Reference | None:
    """ "..., in Luxemburg's phrase", "..., Roe's name for it"."""
    if not tokens or tokens[0].text not in (",", "(", "—", "–"):
        return None
    for index in range(1, min(len(tokens), 7)):
        if tokens[index].low in WORDING and tokens[index - 1].possessive and is_name(tokens, index - 1):
            first = name_to(tokens, index - 1)
            return Reference(tokens[first].start, tokens[index - 1].end - 2)
        if tokens[index].low in WORDING and tokens[index - 1].low in ("his", "her", "their"):
            return Reference(tokens[index - 1].start, tokens[index - 1].end, "he")
    return None


def _before(text: str, found: Reference, context: str) -> str | None:
    """The name that a pronoun stands for: the nearest subject before it."""
    own = main_subject(tokenize(text[: found.start], 0))
    if own is not None and not own.pronoun:
        return text[own.start : own.end]
    for start, end in reversed(split_sentences(context[-1500:])[-3:]):
        sentence = context[-1500:][start:end]
        subject = main_subject(tokenize(sentence, 0))
        if subject is not None and not subject.pronoun:
            return sentence[subject.start : subject.end]
    return None
