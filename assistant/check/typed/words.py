"""The words of a claim or of a stretch of the source, as the comparisons read them.

    "Trotsky didn't stay." -> Trotsky (capital), did, n't, stay: each with its place, its key and its clause

But: no tagger and no parser is used; what a word does is told by its neighbours.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.check.typed.lexicon import AUXILIARIES, key
from assistant.understanding.question import STOP_WORDS, normal
from vectorstore.english import word_set
from vectorstore.types import Span

_TOKEN = re.compile(
    r"(?P<figure>\d+(?:[.,]\d+)*(?:st|nd|rd|th|s)?\b)|(?P<initial>(?:[A-Z]\.){1,4})|(?P<word>(?:[^\W\d_][\u0300-\u036f]*)+(?:['’](?:[^\W\d_][\u0300-\u036f]*)+)*)"
    r"|(?P<mixed>\w+)"
)
_NOT = re.compile(r"(?i)(?<=\w)n['’]t$")
_CLAUSE_BREAK = re.compile(r"[,;:()\[\]—–]|\s-\s|\.\s")
_CLAUSE_OPENERS = word_set(
    "but although though while whereas because since unless until if when before after where who which that whose"
)
MOST_CHARACTERS, MOST_PLACES = 3_000, 12
"""How much of a text is compared, and how many places of one of its words: a bound for odd texts, far above what a
sentence or a window holds."""
LIGHT = STOP_WORDS | AUXILIARIES | word_set("also however although though many several much mr mrs ms")


@dataclass(frozen=True, slots=True)
class Token:
    """A word. `key`: what it is compared by; `content`: whether it says something by itself; `clause`: counts the
    clauses of the text, which punctuation and conjunctions divide; `sentence`: counts its sentences."""

    text: str
    start: int
    end: int
    low: str
    key: str
    content: bool
    capital: bool
    opens: bool
    sentence: int
    clause: int


class Words:
    """A text taken apart. `sentences`: its sentences as offsets into it."""

    def __init__(self, text: str, sentences: Sequence[Span]) -> None:
        self.text = text
        self.sentences = tuple(sentences)
        self.tokens = tuple(_tokens(text, sentences))
        self.keys = frozenset(token.key for token in self.tokens)

    @cached_property
    def by_sentence(self) -> list[frozenset[str]]:
        """The keys of the content words of each sentence."""
        found: list[set[str]] = [set() for _ in self.sentences]
        for token in self.tokens:
            if token.content:
                found[token.sentence].add(token.key)
        return [frozenset(keys) for keys in found]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each key stands: indices of tokens, the first MOST_PLACES."""
        found: dict[str, list[int]] = {}
        for at, token in enumerate(self.tokens):
            places = found.setdefault(token.key, [])
            if len(places) < MOST_PLACES:
                places.append(at)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    def tokens_in(self, start: int, end: int) -> Span:
        """Indices of the tokens that begin in a stretch of the text, end exclusive."""
        return bisect_left(self._starts, start), bisect_left(self._starts, end)


@lru_cache(maxsize=4_000)
def words_of(text: str, sentences: tuple[Span, ...] | None = None) -> Words:
    """The text taken apart; it counts as one sentence where its sentences are not given."""
    text = text[:MOST_CHARACTERS]
    spans = sentences if sentences is not None else ((0, len(text)),)
    return Words(text, [(start, min(end, len(text))) for start, end in spans if start < max(1, len(text))])


def _tokens(text: str, sentences: Sequence[Span]) -> list[Token]:
    found: list[Token] = []
    clause, at, sentence = 0, 0, 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        before = sentence
        while sentence + 1 < len(sentences) and start >= sentences[sentence + 1][0]:
            sentence += 1
        word = match.group()
        low = normal(word)
        if found and (sentence != before or _CLAUSE_BREAK.search(text, at, start) or low in _CLAUSE_OPENERS):
            clause += 1
        opens = not found or sentence != before
        at = end
        negated = _NOT.search(word)
        if negated:  # "didn't": two words
            stem_end = start + negated.start()
            first = {"ca": "can", "wo": "will", "sha": "shall"}.get(
                word[: negated.start()].lower(), word[: negated.start()]
            )
            found.append(_token(first, text[start:stem_end], start, opens, sentence, clause))
            found.append(_token("not", text[stem_end:end], stem_end, False, sentence, clause))
            continue
        if match.lastgroup == "initial":
            low = low.replace(".", "")
        figure = match.lastgroup == "figure"
        if figure:
            low = word.replace(",", "").lower()
        found.append(_token(low, word, start, opens, sentence, clause, figure))
    return found


def _plain(low: str) -> str:
    """A word without accents: "Oréal" is written "Oreal", too."""
    if low.isascii():
        return low
    return "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))


def _token(low: str, text: str, start: int, opens: bool, sentence: int, clause: int, figure: bool = False) -> Token:
    low = _plain(low.lower())
    low = "not" if low == "n't" else low
    capital = text[:1].isupper()
    proper = capital and not opens
    content = figure or (low not in LIGHT and len(low) > 1)
    word_key = low if figure else key(low, proper)
    return Token(text, start, start + len(text), low, word_key, content, capital, opens, sentence, clause)
