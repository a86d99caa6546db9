"""What else a text calls somebody: "Frederick Holm, called Fritz, ...", "Anna Reyes (née Berg)", "“Fritz” Holm".

Only what is said outright is taken so: the name stands right before the words that say it, and the other right behind
them. A single name in brackets, "Alexander Moran (Sasha)", is taken for his where it is nobody else's and no place's.
"He was called Fritz" is of the name that the sentence before begins with.
But: nothing is guessed from the names themselves, that Fritz may be short for Frederick.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from assistant.understanding.question import stem
from ingest.speech.vocabulary import PARTICLES
from vectorstore.english import DAYS, MONTHS, word_set

CALLED = "called|nicknamed|known|alias|a\\.k\\.a|born|née|nee|formerly|renamed"
"""Words between two names of one."""
BESIDE = 60
"""Characters from such a word to each of the names, at most."""
MOST = 300
"""Of so many it is kept what a text says they are called; a bound for odd texts."""
_PARTICLE = "|".join(sorted(PARTICLES - {"of-the"}))
_WORD = r"(?:(?<![\w-])[A-Z](?:[\w’'-]{0,40}[^\W_]|\.)(?!\w))"
"""Bounded, and only where a word begins: a text may hold runs of letters that are no words."""
_NAME = rf"{_WORD}(?: (?:(?:{_PARTICLE}|of the|of) )?{_WORD}){{0,4}}"
_ASIDE = r"(?:, [^\n,.;:!?“”\"()A-Z]{1,60})?"
_SAID = (
    r"(?:(?:also|otherwise|better|best|usually|commonly|formerly|then|often|simply|later|who (?:was|is)|and|"
    r"(?:was|is|were|had been)|also) ){0,4}"
)
_CUE = (
    r"(?:called|nicknamed|dubbed|alias|a\.?k\.?a\.?|née|nee|born|"
    r"known (?:(?!not\b|never\b)[a-z]+ ){0,4}as|"
    r"who(?:m|se friends)? (?:(?!not\b|never\b)[a-z]+ ){1,6}(?:called|nicknamed|knew as)|"
    r"(?:(?!not\b|never\b)[a-z]+ ){0,5}under the (?:name|pseudonym|alias)(?: of)?|"
    r"whose (?:pen name|stage name|pseudonym|nickname|real name|maiden name|birth name) (?:was|is)|"
    r"formerly|renamed)"
)
_QUOTE = r"[“”\"‘’']?"
_LEADS = r"(?:,| \(| was| is| were|, \(|(?= (?:[a-z]+ ){1,3}under the ))"
SAYS_CALLED = re.compile(rf"{_SAID}{_CUE} ")
"""Words that say that a name is another's, before it."""
_CALLED = re.compile(
    rf"(?P<name>{_NAME})(?P<gap>{_ASIDE}{_LEADS} ?) ?{_SAID}{_CUE} {_QUOTE}(?:the )?{_QUOTE}"
    rf"(?P<alias>{_NAME}){_QUOTE}(?=[,.;:!?)]|\s+(?:[a-z]|\(|$)|$|\n)"
)
_OF_THE_SUBJECT = re.compile(
    rf"(?:^|(?<=[.!?]\s))(?P<name>{_NAME}) [^\n.!?]{{1,200}}[.!?] (?:He|She|It) "
    rf"(?:(?!not\b|never\b)[a-z]+ ){{1,4}}{_SAID}{_CUE} {_QUOTE}(?:the )?{_QUOTE}(?P<alias>{_NAME})"
    rf"{_QUOTE}(?=[,.;:!?)]|\s|$)"
)
"""Of "he" it is asked only where the sentence before begins with a name."""
_IN_BRACKETS = re.compile(rf"(?P<name>{_NAME}) \((?:{_QUOTE})(?P<alias>{_WORD}){_QUOTE}\)")
_IN_QUOTES = re.compile(
    rf"(?P<given>{_WORD}(?: {_WORD})?) [“\"‘(](?P<alias>{_WORD})[”\"’)] (?P<last>(?:(?:{_PARTICLE}) )?{_WORD})"
)
_PLACE = re.compile(rf"\b(?:in|at|from|to|near|of|through|outside|around) (?P<place>{_WORD})")
_NO_NAMES = word_set(
    f"""{MONTHS} {DAYS} the a an he she it they we i his her their in on at by for of to and but or as when while after
    before since then later here there this that these those mr mrs ms dr sir prof professor comrade general colonel
    captain president minister mayor director secretary chairman king queen saint st""".lower()
)
_WRAPPED = re.compile(r"(?<!\n)\r?\n(?![\r\n])")
"""An end of a line within a paragraph."""
_DENIES = re.compile(r"\b(?:not|never|wrongly|falsely|mistakenly|unlike)\b", re.I)
_WORDS = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Aliases:
    """`people`: the names of each who has several, each name the stems of its words."""

    people: tuple[tuple[tuple[str, ...], ...], ...] = ()

    def whose(self, words: Iterable[str], initials: Iterable[str] = ()) -> Iterator[tuple[tuple[str, ...], ...]]:
        """The names of those whom these words (stems) name: all of them are theirs, and so are the initials."""
        wanted, letters = frozenset(words), frozenset(initials)
        for names in self.people:
            own = frozenset(word for name in names for word in name)
            if wanted and wanted <= own and letters <= {word[0] for word in own}:
                yield names

    def are_one(self, one: Iterable[str], other: Iterable[str]) -> bool:
        """Whether the words of two names (stems) are one's, of whom the text says what else he is called."""
        others = frozenset(other)
        return any(others <= {word for name in names for word in name} for names in self.whose(one)) and bool(others)

    def is_of_another(self, alias: str, surname: str) -> bool:
        """Whether a word is what the text calls somebody else than one of that surname (stems)."""
        owners = [{word for name in names for word in name} for names in self.people if (alias,) in names]
        return bool(owners) and not any(surname in words for words in owners)


NONE = Aliases()


@lru_cache(maxsize=16)
def aliases_of(text: str) -> Aliases:
    """Who is called what in a text."""
    text = _WRAPPED.sub(" ", text)
    said = [(_stems(name), _stems(alias)) for name, alias in islice(_said(text), MOST)]
    short = {name[0] for name, _ in said if len(name) == 1}
    full = _in_full(short, text) if short else {}
    people: list[list[tuple[str, ...]]] = []
    for name, alias in ((full.get(name, name), alias) for name, alias in said):
        if not name or not alias or name == alias:
            continue
        known = next((names for names in people if name in names), None)
        if known is None:
            people.append([name, alias])
        elif alias not in known:
            known.append(alias)
    return Aliases(tuple(tuple(names) for names in people))


def _said(text: str) -> Iterator[tuple[str, str]]:
    for match in _CALLED.finditer(text):
        if not _DENIES.search(match[0]):
            yield match["name"], match["alias"]
    for match in _OF_THE_SUBJECT.finditer(text):
        if not _DENIES.search(match[0]):
            yield match["name"], match["alias"]
    for match in _IN_QUOTES.finditer(text):
        yield f"{match['given']} {match['last']}", match["alias"]
    found = [(match["name"], match["alias"]) for match in _IN_BRACKETS.finditer(text)]
    owners = Counter(alias for _, alias in set(found))
    places = {re.sub(r"['’]s$", "", match["place"]) for match in _PLACE.finditer(text)} if found else set()
    for name, alias in found:  # nor letters that stand for something
        if len(_stems(name)) > 1 and owners[alias] == 1 and alias not in places and not alias.isupper():
            yield name, alias


def _in_full(surnames: Collection[str], text: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Surnames (stems) with the given name that the text has before each, where it has but one."""
    rows = {_stems(match[0]) for match in re.finditer(_NAME, text)}
    found = [row for row in rows if len(row) == 2 and row[1] in surnames]
    given = Counter(last for _, last in found)
    return {(last,): (first, last) for first, last in found if given[last] == 1}


def _stems(name: str) -> tuple[str, ...]:
    words = (re.sub(r"['’]s?$", "", word) for word in _WORDS.findall(name))
    kept = [word for word in words if word.lower().strip(".") not in _NO_NAMES | PARTICLES and len(word.strip(".")) > 1]
    return tuple(stem(word.strip(".").lower()) for word in kept)


def is_called(text: str, first: str, second: str) -> bool:
    """Whether the text has two words in one name, or one of CALLED near and between them."""
    near = r"\s(?:(?!(?:and|or|nor|with)\b)\w{1,20}\.?\s)?"
    between = rf"(?:{near}|\W[^.!?]{{0,{BESIDE}}}\b(?:{CALLED})\b[^.!?]{{0,{BESIDE}}}\W)"
    return re.search(rf"\b{re.escape(first)}{between}{re.escape(second)}\b", text) is not None
