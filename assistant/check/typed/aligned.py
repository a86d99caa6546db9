"""A claim beside a stretch of the source: which sentence speaks of the same, which words stand in the same place."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from assistant.check.typed.naming import Vocabulary, vocabulary_of
from assistant.check.typed.words import LIGHT, Words, words_of
from assistant.types import Citation
from vectorstore.types import Span

if TYPE_CHECKING:
    from assistant.check.windows import Window

NEAR = 4
"""How many words on each side are a word's neighbours."""
MOST_ASIDE = 12
"""Words that brackets behind a name may hold, so that it stands before what follows them."""
MOST_WORDS, LIGHT_IN_ENGLISH, IN_ENGLISH = 3, 0.2, 1_000
"""How many words beside names a claim without small words may have to be read as the source is, and which share of
small words the source then has to have, in so many characters of its beginning."""

_DENYING = frozenset(("not", "never"))
"""No neighbours of a word: whether it is denied is compared elsewhere."""


class Pair:
    """What the comparisons share: the words of both sides. `known`: keys of what the claim's pronouns may stand for."""

    def __init__(self, claim: str, window: Window, context: str = "") -> None:
        self.window = window
        self.claim = words_of(claim)
        spans = tuple((s.start - window.start, s.end - window.start) for s in window.sentences)
        self.source = words_of(window.text, spans)
        self.context = words_of(context)
        self._neighbours: dict[tuple[bool, int, int], dict[str, int]] = {}
        self._shared: dict[tuple[int, Span], tuple[float, int]] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """That of the source's document."""
        return vocabulary_of(self.window.document.text, self.window.document.title)

    @cached_property
    def is_english(self) -> bool:
        """Whether the claim is in English: some of its small words are, or it has none. One of names and a few words
        ("Roe succeeded Karl Doe."), or of the source's words, is in the language of the source."""
        lows = [token.low for token in self.claim.tokens]
        if len(lows) < 4 or sum(low in LIGHT for low in lows) >= max(1, len(lows) // 12):
            return True
        small = [token for token in self.claim.tokens if not token.capital]
        if len(small) > MOST_WORDS and 2 * sum(token.key in self.source.keys for token in small) < len(small):
            return False
        theirs = [token.low in LIGHT for token in words_of(self.window.document.text[:IN_ENGLISH]).tokens]
        return sum(theirs) >= LIGHT_IN_ENGLISH * len(theirs)

    def citation(self, start: int, end: int) -> Citation:
        """The exact place of `source.text[start:end]` in the document."""
        return self.window.citation(self.window.start + start, self.window.start + end)

    @cached_property
    def around(self) -> frozenset[str]:
        """Keys that count as said in every sentence: the names of the window, its heading and its document's title."""
        names = {t.key for t in self.source.tokens if t.capital and t.content}
        return frozenset(names | _title_keys(self.window.document.title, self.window.section))

    def shared(self, sentence: int, without: Span = (0, 0)) -> tuple[float, int]:
        """How much of the claim a sentence of the source holds: which share of the claim's content words, and how many.
        `without`: a stretch of the claim (tokens) that is left out. Words of names count a half where only the rest of
        the window holds them."""
        if (sentence, without) not in self._shared:
            self._shared[sentence, without] = self._share(sentence, without)
        return self._shared[sentence, without]

    def _share(self, sentence: int, without: Span) -> tuple[float, int]:
        held, total, count = 0.0, 0, 0
        own = self.source.by_sentence[sentence]
        prefixes = _prefixes(own)
        seen = set()
        for at, token in enumerate(self.claim.tokens):
            if not token.content or without[0] <= at < without[1] or token.key in seen:
                continue
            seen.add(token.key)
            total += 1
            if token.key in own or (len(token.key) > 4 and token.key[:5] in prefixes):
                held += 1
                count += 1
            elif token.key in self.around:
                held += 0.7
        return (held / total if total else 0.0), count

    @cached_property
    def best(self) -> int:
        """The sentence of the source that holds most of the claim."""
        return max(range(len(self.source.sentences)), key=lambda at: (self.shared(at)[0], -at))

    def neighbours(self, words: Words, first: int, after: int) -> dict[str, int]:
        """The content words around the tokens `first` to `after`, with their distance, within the sentence."""
        at = (words is self.claim, first, after)
        if at not in self._neighbours:
            self._neighbours[at] = self._around(words, first, after)
        return self._neighbours[at]

    def _around(self, words: Words, first: int, after: int) -> dict[str, int]:
        found: dict[str, int] = {}
        tokens = words.tokens
        for step in (-1, 1):
            at, distance = (first - 1 if step < 0 else after), 0
            while 0 <= at < len(tokens) and tokens[at].sentence == tokens[first].sentence and distance < NEAR:
                if tokens[at].content and tokens[at].low not in _DENYING:
                    distance += 1
                    found[tokens[at].key] = min(distance, found.get(tokens[at].key, NEAR))
                at += step
        return found

    def likeness(self, claim: Span, source: Span) -> float:
        """How alike the words around two places are, 0 to 1 and more: shared neighbours, the nearer the better."""
        ours, theirs = self.neighbours(self.claim, *claim), self.neighbours(self.source, *source)
        if not ours:
            return 0.0
        weight = sum(1 / distance for distance in ours.values())
        return sum(1 / max(d, theirs[k]) for k, d in ours.items() if k in theirs) / weight

    def same_slot(self, claim: Span, source: Span) -> bool:
        """Whether two stretches of tokens stand between the same words: the nearest words on both sides are the same,
        or the nearest two on one; the end of a sentence is a word, too."""
        left = _run(self.claim, claim[0] - 1, -1, self.source, source[0] - 1)
        right = _run(self.claim, claim[1], 1, self.source, source[1])
        return (left[0] >= 1 and right[0] >= 1 and left[1] + right[1] > 0) or left[1] >= 2 or right[1] >= 2

    def between_the_same(self, claim: Span, source: Span) -> bool:
        """Whether the words on both sides are the same, three or more of them, and one of them says something; the
        end of the sentence is a word, too."""
        left = _run(self.claim, claim[0] - 1, -1, self.source, source[0] - 1)
        right = _run(self.claim, claim[1], 1, self.source, _behind_an_aside(self.source, source[1]))
        return left[0] >= 1 and right[0] >= 1 and left[0] + right[0] >= 3 and left[1] + right[1] >= 1


def _run(one: Words, first: int, step: int, other: Words, second: int) -> tuple[int, int]:
    """How many tokens in a row are the same from two places on, three at most, and how many of them say something."""
    same = content = 0
    a, b = one.tokens, other.tokens
    ours, theirs = a[first - step].sentence, b[second - step].sentence
    while same < 3:
        first_over = not 0 <= first < len(a) or a[first].sentence != ours
        second_over = not 0 <= second < len(b) or b[second].sentence != theirs
        if first_over or second_over:
            return (same + (first_over and second_over), content)
        if a[first].key != b[second].key:
            break
        same += 1
        content += a[first].content
        first, second = first + step, second + step
    return same, content


def _behind_an_aside(words: Words, at: int) -> int:
    """The token behind the brackets that open before one: "Anna Roe (1897-1971) was"; the token itself for none."""
    tokens = words.tokens
    if not 0 < at < len(tokens) or "(" not in words.text[tokens[at - 1].end : tokens[at].start]:
        return at
    for place in range(at + 1, min(len(tokens), at + MOST_ASIDE)):
        if ")" in words.text[tokens[place - 1].end : tokens[place].start]:
            return place
    return at


@lru_cache(maxsize=4_000)
def _prefixes(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(key[:5] for key in keys if len(key) > 4)


@lru_cache(maxsize=1_000)
def _title_keys(title: str, section: str) -> frozenset[str]:
    return frozenset(t.key for text in (title, section) for t in words_of(text).tokens if t.content)
