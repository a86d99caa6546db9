"""The names in a text, and when two of them may name the same.

    "Trotsky", "Leon Trotsky", "Trotzky", "Trotsky's", "L. Trotsky"      the same
    "U.S.", "the United States", "America"; "German" and "Germany"        the same
    "Fritz" and "Holm", of a text that says "Frederick Holm, called Fritz" the same
    "Left Opposition" and "United Opposition"; "Iran" and "Iraq"          not
    "O. Holm", of a text that has a Frederick Holm and no other           not

But: names are known by capital letters; a text without them has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.check.typed.lexicon import ARTICLES, PREPOSITIONS, PRONOUNS
from assistant.check.typed.words import LIGHT, MOST_PLACES, Token, Words
from assistant.check.wording.who.aliases import NONE, Aliases, aliases_of
from assistant.understanding.question import stem
from ingest.speech.vocabulary import COLLECTIVES, PARTICLES
from vectorstore.english import DAYS, MONTHS, word_set

_TITLES = word_set(
    "mr mrs ms dr sir lord lady prof professor comrade general colonel captain president king queen saint st"
)
RANKS = word_set(
    """chancellor minister premier senator judge justice doctor pope bishop archbishop cardinal father mother brother
    sister uncle aunt cousin grandfather grandmother grandma grandpa miss madam baron baroness count countess duke
    duchess earl prince princess emperor empress tsar major lieutenant sergeant corporal admiral commander marshal
    mayor governor secretary director chairman chairwoman inspector detective officer nurse reverend rabbi imam
    ambassador councillor alderman teacher coach citizen herr frau monsieur madame señor señora don signor signora
    young old poor little great late former""",
)
"""What stands before a surname like a given name, and is none."""
_NOT_NAMES = (
    LIGHT
    | PREPOSITIONS
    | PRONOUNS
    | ARTICLES
    | word_set(f"{MONTHS} {DAYS}".lower())
    | word_set(
        """i however although despite following within even eventually instead unfortunately nevertheless meanwhile
        moreover furthermore thus therefore finally later soon still both one two three four five six seven eight nine
        ten first second third last next another every nobody none nothing never yet since today yesterday"""
    )
)
_SAME = (
    "usa us america american united_states u.s. u.s.a.",
    "uk britain british great_britain united_kingdom u.k.",
    "ussr soviet soviet_union u.s.s.r.",
    "england english",
    "france french",
    "spain spanish",
    "poland polish",
    "netherlands dutch holland",
    "denmark danish",
    "sweden swedish",
    "turkey turkish",
    "switzerland swiss",
    "greece greek",
    "ireland irish",
    "wales welsh",
    "portugal portuguese",
    "thailand thai",
    "china chinese",
    "istanbul constantinople",
    "un united_nations u.n.",
    "eu european_union e.u.",
)
_ALIASES = {stem(word.replace(".", "").split("_")[-1]): at for at, line in enumerate(_SAME) for word in line.split()}
_PEOPLE_OF = word_set("n an ian ish ese i y ia a s ic ist ists ism ite ites er ers ans ians ien is o")
_SOUNDS = (
    (re.compile(r"[’'`]"), ""),
    (re.compile(r"tz|cz"), "ts"),
    (re.compile(r"sch|sh|ch"), "s"),
    (re.compile(r"kh|gh"), "h"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"[wv]"), "v"),
    (re.compile(r"ck|c(?![eiy])|q"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"(?:ii|iy|ij|yi|yy|y|j|ie)"), "i"),
    (re.compile(r"([a-z])\1"), r"\1"),
    (re.compile(r"(?<=[aeo])i(?=$)"), "i"),
)
LONG = 5


@dataclass(frozen=True, slots=True)
class Name:
    """A name: its tokens `first` to `after`, and those of them that tell it from others (no titles, no particles)."""

    first: int
    after: int
    telling: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a whole document: those written small, and those with a capital within a sentence. `full`: names
    of two words, in lower case, the first of which may be an initial; `aliases`: what the text says who is called."""

    small: frozenset[str]
    names: frozenset[str]
    sounds: frozenset[str]
    full: frozenset[tuple[str, str]] = frozenset()
    aliases: Aliases = NONE


@lru_cache(maxsize=16)
def vocabulary_of(text: str, title: str = "") -> Vocabulary:
    """The vocabulary of a document, whose title names people, too; about 10 ms for 100,000 characters."""
    small = frozenset(re.findall(r"\b[a-z][a-zà-ÿ]+\b", text))
    inside = re.findall(r"(?<=[\w,;:)] )(?:[A-Z]\.\s?)*([A-Z][\w’'-]+)", text)
    full = ((a.lower(), b.lower()) for a, b in re.findall(r"\b(?=([A-Z][\w’'-]+) ([A-Z][\w-]+))", f"{title}\n{text}"))
    kept = [pair for pair in full if not {*pair} & (small | _NOT_NAMES | _TITLES) and pair[0] not in RANKS]
    short = ((a.lower(), b.lower()) for a, b in re.findall(r"\b([A-Z])\. ?(?:[A-Z]\. ?)*([A-Z][\w-]+)", text))
    sounding = frozenset(sounds(word.lower()) for word in inside)
    aliases = aliases_of(text)
    also = (word for names in aliases.people for name in names for word in name)
    return Vocabulary(small, frozenset((*map(stem, inside), *also)), sounding, frozenset((*kept, *short)), aliases)


@lru_cache(maxsize=4_000)
def names_in(words: Words, vocabulary: Vocabulary) -> tuple[Name, ...]:
    """The names of a text in order. A text written in capitals throughout has none."""
    tokens = words.tokens
    lettered = [token for token in tokens if not token.text[0].isdigit()]
    if len(lettered) > 3 and sum(token.capital for token in lettered) > 0.8 * len(lettered):
        return ()
    found: list[Name] = []
    at = 0
    while at < len(tokens):
        if not _may_begin(tokens, at, vocabulary):
            at += 1
            continue
        after = at + 1
        while after < len(tokens) and not tokens[after - 1].text.lower().endswith(("'s", "’s")):
            gap = words.text[tokens[after - 1].end : tokens[after].start]
            if gap not in (" ", "-", "\n", ""):
                break
            if tokens[after].capital and not tokens[after].opens and tokens[after].low not in _NOT_NAMES:
                after += 1
            elif tokens[after].low in PARTICLES and after + 1 < len(tokens) and tokens[after + 1].capital:
                after += 2
            else:
                break
        telling = tuple(
            i for i in range(at, after) if tokens[i].low not in _TITLES | PARTICLES and len(tokens[i].low) > 1
        )
        if telling:
            found.append(Name(at, after, telling))
        at = after
    return tuple(found)


def _may_begin(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> bool:
    token = tokens[at]
    if (
        not token.capital
        or (token.low in _NOT_NAMES and not token.text.isupper())
        or (token.low in LIGHT and token.opens)
    ):
        return False
    if token.text in ("I", "A"):
        return False
    if not token.opens:
        return True
    if stem(token.low) in vocabulary.names or sounds(token.low) in vocabulary.sounds:
        return True
    if _PEOPLE.search(token.low):
        return True
    if token.low in vocabulary.small or token.low.endswith("ly"):
        return False
    follows = tokens[at + 1] if at + 1 < len(tokens) else None
    if follows is None:
        return False
    verb = follows.low in _VERB_BEHIND or (follows.low.endswith("ed") and not follows.capital)
    return verb or follows.capital or token.text.endswith(("'s", "’s"))


_PEOPLE = re.compile(r"^[a-z]{3,}(?:ian|ese|ican)s?$")
_VERB_BEHIND = word_set(
    "was were is had has did does will would could can may might also and joined led wrote won made took became began "
    "said saw went left fell got gave told met lost fought held spoke stood"
)


def same_word(one: Token, other: Token, vocabulary: Vocabulary) -> bool:
    """Whether two words of names may be the same word: inflected, misspelt, or put into Latin letters otherwise."""
    if not other.capital:
        return one.key == other.key and one.low.rstrip("s") == other.low.rstrip("s")
    if one.key == other.key:
        return True
    a, b = one.low.rstrip("'’"), other.low.rstrip("'’")
    first, second = _ALIASES.get(one.key), _ALIASES.get(other.key)
    if first is not None and first == second:
        return True
    if len(a) < 4 or len(b) < 4 or a[0] != b[0]:
        return False
    short, long = sorted((a, b), key=len)
    if long.startswith(short) and long[len(short) :] in _PEOPLE_OF:
        return True
    if sounds(a) == sounds(b):
        return True
    common = len(short) - 1
    if (
        common >= 5
        and long[:common] == short[:common]
        and {short[common:], long[common:]} & _PEOPLE_OF >= {short[common:]}
    ):
        return long[common:] in _PEOPLE_OF
    if one.key in vocabulary.names and other.key in vocabulary.names:
        return False  # the document knows both: two names
    return len(short) >= LONG and _one_edit(short, long)


@lru_cache(maxsize=50_000)
def sounds(word: str) -> str:
    """A name as it sounds, so that spellings of one name in Latin letters are alike: Trotzky, Trotsky, Trotskii."""
    for pattern, plain in _SOUNDS:
        word = pattern.sub(plain, word)
    return word


@lru_cache(maxsize=50_000)
def _one_edit(short: str, long: str) -> bool:
    """Whether one letter too many, too few, wrong, or two in the wrong order is all that is between two words."""
    if len(long) - len(short) > 1:
        return False
    at = 0
    while at < len(short) and short[at] == long[at]:
        at += 1
    if at > len(short) - 2:
        return False  # only the ending is another: Lenin, Lenina
    if len(long) > len(short):
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return True
    return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]


def places_of(name: Name, words: Words, other: Words, vocabulary: Vocabulary) -> list[int]:
    """Where `other` names what `name`, of `words`, names: indices of tokens."""
    tokens = words.tokens
    head = tokens[name.telling[-1]]
    rest = [tokens[i] for i in name.telling[:-1]]
    initials = _initials(name, words)
    found = []
    for at, token in enumerate(other.tokens):
        if not same_word(head, token, vocabulary) or _other_first_name(rest, at, other, head, vocabulary):
            continue
        if not initials or not _other_initial(initials, at, other, vocabulary):
            found.append(at)
    if not found and len(head.text) > 1 and head.text.isupper():
        found = _spelt_out(head.low, other)
    if not found and len(name.telling) > 1:
        found = _short_form(name, words, other, vocabulary) or _by_first_name(rest, other)
        found = [] if is_anothers(name, words, vocabulary) else found
    found += [at for at in _by_alias(name, words, other, vocabulary) if at not in found]
    return found[:MOST_PLACES]


def are_one(name: Name, words: Words, other: Name, others: Words, vocabulary: Vocabulary) -> bool:
    """Whether the document says of two names that they are one's."""
    ours, theirs = ([stem(w.tokens[i].low) for i in n.telling] for n, w in ((name, words), (other, others)))
    return vocabulary.aliases.are_one(ours, theirs)


def is_anothers(name: Name, words: Words, vocabulary: Vocabulary) -> bool:
    """Whether a name begins with what the document calls somebody of another surname: "Fritz Brandt", where Holm is
    called Fritz."""
    first, last = (stem(words.tokens[at].low) for at in (name.telling[0], name.telling[-1]))
    return len(name.telling) > 1 and vocabulary.aliases.is_of_another(first, last)


def has_other_initial(name: Name, words: Words, at: int, other: Words, vocabulary: Vocabulary) -> bool:
    """Whether only an initial tells a name from the one that ends at a token: "O. Holm" and "Frederick Holm"."""
    initials = _initials(name, words)
    same = same_word(words.tokens[name.telling[-1]], other.tokens[at], vocabulary)
    return bool(initials) and same and _other_initial(initials, at, other, vocabulary)


def _by_alias(name: Name, words: Words, other: Words, vocabulary: Vocabulary) -> Iterator[int]:
    """Where somebody stands under another name that the document says is his."""
    told = [stem(words.tokens[i].low) for i in name.telling]
    for names in vocabulary.aliases.whose(told, _initials(name, words)):
        own = {word for one in names for word in one}
        lasts = {one[-1] for one in names}
        for at, token in enumerate(other.tokens):
            if not token.capital or stem(token.low) not in lasts:
                continue
            before = other.tokens[at - 1] if at else None
            row = before is not None and before.capital and before.end + 1 >= token.start and not token.opens
            known = row and before is not None and before.low in _TITLES | _NOT_NAMES | RANKS
            if not row or known or (before is not None and (stem(before.low) in own or len(before.low) == 1)):
                yield at


def _initials(name: Name, words: Words) -> tuple[str, ...]:
    """The letters before a name of which only the last word is told: "o" of "O. Holm"."""
    if len(name.telling) > 1:
        return ()
    at, found = name.telling[0] - 1, ""
    while at >= 0 and re.fullmatch(r"(?:[A-Z]\.?)+", words.tokens[at].text) and words.tokens[at].text != "I":
        found, at = words.tokens[at].low + found, at - 1
    return tuple(found)


def _other_initial(initials: Sequence[str], at: int, other: Words, vocabulary: Vocabulary) -> bool:
    """Whether a surname is somebody's whose given names begin with none of these letters: of those before it, else of
    all that the document has before it."""
    row = [other.tokens[place] for place in _row_before(other, at) if other.tokens[place].capital]
    given = {token.low[0] for token in row if token.low not in _TITLES | _NOT_NAMES | RANKS}
    head = other.tokens[at]
    if not given:
        given = {first[0] for first, last in vocabulary.full if last == head.low}
    names = vocabulary.aliases.whose([stem(head.low)])
    also = {word[0] for one in names for name in one for word in name} if given else set()
    return bool(given) and not {*initials} & (given | also)


def _other_first_name(rest: Sequence[Token], at: int, other: Words, head: Token, vocabulary: Vocabulary) -> bool:
    """Whether a word before the same last word tells that another is meant: not "United" for "Left Opposition"."""
    if not rest:
        return False
    if _is_of_another(rest, at, other, head, vocabulary):
        return True
    if at == 0:
        return False
    before = other.tokens[at - 1]
    if not before.capital or before.end + 1 < other.tokens[at].start or before.low in _TITLES | _NOT_NAMES:
        return False
    if before.opens and before.key not in vocabulary.names and _may_be_small(before.low, vocabulary):
        return False
    if any(token.low[0] == before.low[0] or same_word(token, before, vocabulary) for token in rest):
        return False
    return not any(token.key == other.tokens[place].key for token in rest for place in _row_before(other, at))


def _may_be_small(low: str, vocabulary: Vocabulary) -> bool:
    """Whether a word that opens a sentence may be one that is written small elsewhere."""
    return low in vocabulary.small or low in LIGHT or low.endswith(("ly", "ing", "ed"))


def _is_of_another(rest: Sequence[Token], at: int, other: Words, head: Token, vocabulary: Vocabulary) -> bool:
    """Whether a family name alone is another's: the document has it behind other first names only, and the first name
    is not near ("Elisabeth Roe" where the article tells of Samuel Roe)."""
    firsts = {first for first, last in vocabulary.full if last == head.low}
    before = other.tokens[at - 1] if at else None
    named = before is not None and before.capital and not before.opens and before.low not in _NOT_NAMES
    if len(rest) != 1 or not firsts or named:
        return False
    own = rest[0]
    if own.low in _TITLES or any(own.low[0] == first[0] for first in firsts):
        return False
    return own.low not in vocabulary.small and not any(token.key == own.key for token in other.tokens)


def _row_before(words: Words, at: int) -> Iterator[int]:
    """The tokens before one with which it stands in a row of names: "Fritz and Johanna" before "Weiss"."""
    place = at - 1
    while place >= 0 and (words.tokens[place].capital or words.tokens[place].low in ("and", "or")):
        yield place
        place -= 1


def _by_first_name(rest: Sequence[Token], other: Words) -> list[int]:
    """Where somebody is named by the first name alone: "Her brother Fritz" for "Fritz Weiss"."""
    tokens = other.tokens
    found = [at for at, token in enumerate(tokens) if token.capital and token.key == rest[0].key] if rest else []
    ends = [at for at in found if at + 1 == len(tokens) or not tokens[at + 1].capital or tokens[at + 1].opens]
    return ends if len(rest) == 1 else []


def _spelt_out(letters: str, other: Words) -> list[int]:
    """Where capital letters are the first ones of words in a row: "LO" for "Left Opposition"."""
    tokens = other.tokens
    for at in range(len(tokens) - len(letters) + 1):
        run = tokens[at : at + len(letters)]
        if all(token.capital and token.low[0] == letter for token, letter in zip(run, letters, strict=True)):
            return [at]
    return []


def _short_form(name: Name, words: Words, other: Words, vocabulary: Vocabulary) -> list[int]:
    """Where a body is named by its first word alone: "Bolsheviks" for "Bolshevik Party"; or by its first letters."""
    tokens = [words.tokens[i] for i in name.telling]
    letters = "".join(token.low[0] for token in tokens)
    found = [at for at, token in enumerate(other.tokens) if token.text.isupper() and token.low == letters]
    head = tokens[-1]
    if head.low in COLLECTIVES or head.low in vocabulary.small:
        found += [
            at
            for at, token in enumerate(other.tokens)
            if token.capital and any(same_word(word, token, vocabulary) for word in tokens[:-1])
        ]
    return found
