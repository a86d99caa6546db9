"""The numbers in a text with what they count: in figures and words, exact, rounded, at least or at most.

"nineteen delegates"    19, of delegates          "about 250 people"     225 to 275
"1.2 million"           1,200,000                 "dozens of letters"    24 to 99
"40 per cent"           40 %                      "the second congress"  the 2nd
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.check.typed.dates import dates_in
from assistant.check.typed.lexicon import ARTICLES, is_past, key
from assistant.check.typed.words import Words
from vectorstore.english import ONES, TENS, word_set
from vectorstore.types import Span


def _row(text: str) -> dict[str, int]:
    """The words of a list, numbered from 0."""
    return {word: at for at, word in enumerate(text.split())}


_UNITS, _TENS = _row(ONES), _row(TENS)
_VALUES = {
    **_UNITS,
    **{word: 20 + 10 * at for word, at in _TENS.items()},
    "fourty": 40,
}
_ORDINAL_UNITS = _row(
    """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth"""
)
_ORDINAL_TENS = _row("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth")
_ORDINALS = {
    **_ORDINAL_UNITS,
    **{word: 20 + 10 * at for word, at in _ORDINAL_TENS.items()},
    "hundredth": 100,
    "thousandth": 1000,
}


def value_of(low: str) -> float | None:
    """What a single word says as a number, in lower case: "12", "twelve", "twelfth"; None for any other."""
    return float(low) if low.isdecimal() else _VALUES.get(low, _ORDINALS.get(low))


_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALES = {"k": 1_000, "m": 10**6, "bn": 10**9, "b": 10**9}
_WORD = "|".join([*sorted(_VALUES, key=len, reverse=True), *_SCALES])
_ORDINAL_WORD = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_NUMBER_WORDS = (
    rf"(?!one (?:{'|'.join(ONES.split()[1:])})\b)"  # "a new one three times as large"
    rf"(?:a (?=hundred|thousand|million|billion))?(?:{_WORD})(?:(?:[- ]| and )(?:{_WORD})\b)*"
    rf"(?:[- ](?:{_ORDINAL_WORD}))?"
)
_VAGUE = {
    "dozens": (24, 99),
    "scores": (40, 199),
    "hundreds": (100, 999),
    "thousands": (1_000, 999_999),
    "tens of thousands": (10_000, 99_999),
    "hundreds of thousands": (100_000, 999_999),
    "millions": (10**6, 10**9 - 1),
    "several": (3, 20),
    "a few": (2, 10),
    "a handful": (2, 10),
}
_EXACT = {
    "half a dozen": 6,
    "a dozen": 12,
    "two dozen": 24,
    "three dozen": 36,
    "four dozen": 48,
    "a score": 20,
    "a couple": 2,
    "a pair": 2,
    "both": 2,
    "twice": 2,
    "thrice": 3,
    "doubled": 2,
    "tripled": 3,
    "trebled": 3,
    "quadrupled": 4,
    "twofold": 2,
    "threefold": 3,
    "fourfold": 4,
    "fivefold": 5,
    "tenfold": 10,
    "a decade": 10,
    "a century": 100,
    "a fortnight": 14,
}
_UNIT_OF = {"a decade": "year", "a century": "year", "a fortnight": "day"}
_TIMES = word_set("twice thrice doubled tripled trebled quadrupled twofold threefold fourfold fivefold tenfold")
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
_OVER_WORDS = "one|two|three|four|five|six|seven|eight|nine"
_LOTS = {**_SCALES, "dozen": 12}
_LOT = "|".join(_LOTS)
_LOOSE = {"a couple": (1.5, 3), "a few": (2, 9), "several": (3, 9)}
_PARTS = {"half": 0.5, "a quarter of": 0.25, "a third of": 1 / 3, "two thirds of": 2 / 3, "three quarters of": 0.75}
_AMOUNT = re.compile(
    rf"(?P<loose>\b(?i:(?P<many>{'|'.join(_LOOSE)})(?: of)? (?P<lot>{_LOT})s?)\b)"
    rf"|(?P<partly>\b(?i:(?P<part>{'|'.join(_PARTS).replace(' ', '[- ]')}) an? (?P<of>{_LOT}))\b)"
    rf"|(?P<mixed>\b(?i:(?P<whole>an?|{'|'.join(_UNITS)}|\d{{1,3}}) (?:(?P<before>{_LOT}) )?and a half"
    rf"(?:[- ](?P<behind>{_LOT}))?)\b)"
    rf"|(?P<share>\b(?i:(?P<out>{_OVER_WORDS}|\d) (?:in|out of)(?: every)? (?P<all>{_OVER_WORDS}|ten|100|\d))\b"
    r"(?! years))"
    rf"|(?P<vague>\b(?i:{'|'.join(sorted(_VAGUE, key=len, reverse=True))})\b)"
    rf"|(?P<exact>\b(?i:{'|'.join(sorted(_EXACT, key=len, reverse=True))})\b)"
    rf"|(?P<fraction>\b(?i:(?P<over>an?|{_OVER_WORDS})[- ](?P<under>{'|'.join(list(_FRACTIONS)[1:])})"
    r"(?:s\b|\b(?= of| the))|half(?= of| the| a\b)))"
    r"|(?P<money>[$£€¥]|\bUS\$|\b(?:USD|EUR|GBP) )?\s?(?<![\w.,])(?<![^\W\d_]-)(?P<figure>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?P<ordinal>st|nd|rd|th)?"
    r"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion)s?\b|(?P<short>k|m|bn|b)\b)?"
    rf"|\b(?P<words>(?i:{_NUMBER_WORDS}))\b(?:-(?=\w))?"
    rf"|\b(?P<ordinal_word>(?i:(?:(?:{'|'.join(_TENS)})[- ])?(?:{_ORDINAL_WORD})))\b"
)
_PERCENT = re.compile(r"\s?(?:%|per\s?cent\b|percentage points?\b)", re.I)
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|circa|c\.|ca\.|some|an estimated|estimated|in the region of)"
    r"|~)\s?(?:[$£€]\s?)?$",
    re.I,
)
_NEARLY = re.compile(
    r"\b(?:nearly|almost|close to|just under|not quite|just short of|just below)\s(?:[$£€]\s?)?$", re.I
)
_UNDER = re.compile(
    r"\b(?:under|below|(?<!no )(?<!not )(?:fewer|less) than|up to|at most|no more than|not more than|a maximum of"
    r"|within)\s(?:[$£€]\s?)?$",
    re.I,
)
_OVER = re.compile(
    r"\b(?:over|above|(?<!no )(?<!not )more than|upwards? of|at least|no fewer than|no less than|not less than"
    r"|exceeding|beyond|a minimum of)\s(?:[$£€]\s?)?$",
    re.I,
)
_ODD = re.compile(r"[-\s]?odd\b")
_NUMERAL = re.compile(r"[.)]\s")
_RANGE = re.compile(r"^\s?(?:to|and|or|[-–—])\s?$")
_NOT_ONE = re.compile(r"\b(?:no|any|every|each|some|this|that|the|which|another|only)[- ]$|(?<=\w)-$", re.I)
_NOT_A_COUNT_AFTER = re.compile(
    r"^(?:[- ](?:another|of|by|who|that|must|can|could|may|might|should|would|is|was)\b|[^\w\s-]|$)", re.I
)
_NUMBERED = word_set("article document number no text part section")
_ADVERB_ORDINAL = word_set("first second third")
_RANKING = frozenset(map(key, word_set("for came finish place rank")))
_SKIPPED = word_set("odd more other new or so further additional different such separate consecutive")
_STRETCHES = frozenset(map(key, word_set("hour day week month year")))
MUCH_MORE = 100


@dataclass(frozen=True, slots=True)
class Amount:
    """A number from `low` to `high`, which are equal where it is exact. `units`: keys of the words it counts, the
    nearest first. `measure`: "%", a currency, "times", "ordinal", "fraction" or "". `bound`: "least" or "most" for "at
    least 40"; `rounded`: "about"; `vague`: "dozens"; `named`: it is part of a name ("Article 58")."""

    start: int
    end: int
    value: float
    low: float
    high: float
    units: tuple[str, ...] = ()
    measure: str = ""
    bound: str = ""
    rounded: bool = False
    vague: bool = False
    named: bool = False
    scaled: float = 0.0

    def agrees(self, other: Amount) -> bool:
        """Whether the other, which the source says, is a case of this, which the claim says."""
        if self.bound and other.bound and self.bound != other.bound:
            return False
        if self.value == other.value:
            return True
        if self.bound == other.bound == "least" and other.value >= MUCH_MORE * self.value:
            return False  # "more than 2 million" of what is more than 2 billion
        near = self.scaled and abs(self.value - other.value) <= self.scaled / 2  # "1.2 million" for 1,203,417
        low, high = (other.value, other.value) if self.rounded and other.rounded else (other.low, other.high)
        return bool(near) or (self.low <= low and high <= self.high)

    def leaves_open(self, other: Amount) -> bool:
        """Whether the source's number is too vague to speak against this one: "dozens" for 48."""
        return other.vague and other.low <= self.high and self.low <= other.high


@lru_cache(maxsize=4_000)
def amounts_in(words: Words) -> tuple[Amount, ...]:
    """The numbers of a text that are no dates, in order."""
    text = words.text
    taken = [(date.start, date.end) for date in dates_in(text)]
    found: list[Amount] = []
    for match in _AMOUNT.finditer(text):
        start, end = match.span()
        start += len(match.group()) - len(match.group().lstrip())
        if any(first < end and start < last for first, last in taken):
            continue
        if _NUMERAL.match(text, end) and (not text[:start].strip() or text[:start].rstrip(" ")[-1:] in "\n.:;"):
            continue  # "3. The question of ..."
        amount = _read(match, start, end, words)
        if amount is None:
            continue
        if found and _RANGE.match(text[found[-1].end : start]) and _one_range(found[-1], amount, text):
            before = found.pop()
            low, high = before.low, amount.high
            scale = amount.scaled / 1 if before.high < 1000 <= amount.low and amount.scaled else 0
            if scale and before.high * amount.scaled <= amount.high * 10:
                low = before.low * amount.scaled
            amount = Amount(before.start, amount.end, low, low, high, amount.units, amount.measure, vague=False)
        found.append(amount)
    return tuple(found)


def _one_range(first: Amount, second: Amount, text: str) -> bool:
    """Whether two numbers are the ends of one range: "between 9 and 14", "9-14", "two or three"."""
    between = text[first.end : second.start].strip()
    if first.units and first.units[:1] != second.units[:1] and between == "and":
        return False
    if first.low >= second.high or first.measure not in ("", second.measure):
        return False
    return between != "and" or bool(re.search(r"\bbetween\s$", text[: first.start], re.I))


def _read(match: re.Match[str], start: int, end: int, words: Words) -> Amount | None:
    text = words.text
    before, after = text[max(0, start - 30) : start], text[end : end + 30]
    measure, scaled = "", 0.0
    if match["loose"] or match["partly"] or match["mixed"] or match["share"]:
        return _bounded(_composed(match, start, end, words), before)
    if match["vague"]:
        low, high = _VAGUE[match["vague"].lower()]
        return Amount(start, end, float(low), low, high, _units(words, end), vague=True)
    if match["exact"]:
        said = match["exact"].lower()
        value = float(_EXACT[said])
        measure = "times" if said in _TIMES else "both" if said == "both" else ""
        units = (_UNIT_OF[said],) if said in _UNIT_OF else _units(words, end)
        return _bounded(Amount(start, end, value, value, value, units, measure), before)
    if match["fraction"]:
        value = int(_VALUES.get((match["over"] or "").lower(), 1) or 1) / _FRACTIONS[(match["under"] or "half").lower()]
        return _bounded(Amount(start, end, value, value, value, _units(words, end), "fraction"), before)
    if match["figure"]:
        value = float(match["figure"].replace(",", ""))
        if match["scale"] or match["short"]:
            factor = _SCALES[match["scale"].lower()] if match["scale"] else _SHORT_SCALES[match["short"]]
            if match["short"] and not match["money"] and not _is_scale(match, after):
                end = match.end("figure")  # "5 m": metres
                after = text[end : end + 30]
            else:
                digits = len(match["figure"].partition(".")[2])
                value, scaled = value * factor, factor / 10**digits
        measure = "ordinal" if match["ordinal"] else (match["money"] or "").strip()
    elif match["words"]:
        said = match["words"].lower()
        value = _value(said)
        if re.search(rf"(?:{_ORDINAL_WORD})$", said):
            measure = "ordinal"
        if said == "one" and (_NOT_ONE.search(before) or _NOT_A_COUNT_AFTER.match(after)):
            return None
        last = said.split()[-1]
        scaled = float(_SCALES.get(last, 0)) if len(said.split()) > 1 and last in ("million", "billion") else 0.0
    else:
        said = match["ordinal_word"].lower()
        value = float(_value(said))
        measure = "ordinal"
        if said in _ADVERB_ORDINAL and not _stands_before_a_noun(words, start, end):
            return None
    percent = _PERCENT.match(after)
    if percent:
        end, measure = end + percent.end(), "%"
    elif re.match(r"\s(?:times|fold)\b", after):
        measure = "times"
    units = () if measure == "%" else _units(words, end)
    amount = Amount(start, end, value, value, value, units, measure, scaled=scaled, named=_named(words, start, end))
    return _bounded(amount, before, after)


def _composed(match: re.Match[str], start: int, end: int, words: Words) -> Amount:
    """A number of several words: "a few hundred", "half a million", "two and a half million", "three in four"."""
    if match["share"]:
        out, of = (float(_VALUES.get(match[name].lower()) or match[name]) for name in ("out", "all"))
        return Amount(start, end, out / of, out / of, out / of, _units(words, end), "fraction")
    if match["loose"]:
        factor = _LOTS[match["lot"].lower()]
        low, high = (number * factor for number in _LOOSE[match["many"].lower()])
        return Amount(start, end, low, low, high, _units(words, end), vague=True)
    if match["partly"]:
        part, factor = _PARTS[match["part"].lower().replace("-", " ")], _LOTS[match["of"].lower()]
    else:
        whole = match["whole"].lower()
        part = (1.0 if whole in ("a", "an") else float(_VALUES.get(whole, 0) or whole)) + 0.5
        factor = _LOTS.get((match["before"] or match["behind"] or "").lower(), 1)
    value = part * factor
    scaled = factor / 10 if factor >= 1_000 else 0.0
    return Amount(start, end, value, value, value, _units(words, end), scaled=scaled)


def _is_scale(match: re.Match[str], after: str) -> bool:
    """Whether letters behind a figure are millions or billions, not metres: "2bn", "1.5m people"."""
    attached = match["figure"] + match["short"] in match.group()
    return match["short"] == "bn" or (
        match["short"] == "m" and attached and bool(re.match(r"\s(?:people|men|women|children|[a-z]{3,}s)\b", after))
    )


def _stands_before_a_noun(words: Words, start: int, end: int) -> bool:
    """Whether "first" counts, as in "the first", "tied for third", and does not say when, as in "he first met her"."""
    first, after = words.tokens_in(start, end)
    before = words.tokens[first - 1] if first else None
    if before and (before.low in ARTICLES or before.key in _RANKING or before.text.endswith(("'s", "’s"))):
        return True
    if after >= len(words.tokens) or words.text[end : words.tokens[after].start] != " ":
        return False
    follows = words.tokens[after]
    return follows.content and not is_past(follows.low) and not follows.capital


def _bounded(amount: Amount, before: str, after: str = "") -> Amount:
    """The number with the words before it: "about", "nearly", "more than"."""
    low, high, bound, rounded = (value := amount.value), value, "", False
    if _ABOUT.search(before) or re.match(r"\sor so\b", after):
        low, high, rounded = value * 0.9, value * 1.1, True
    elif _ODD.match(after):
        low, high, rounded = value, value * 1.1 + 9 * (value < 100), True
    elif _NEARLY.search(before):
        low, high, rounded = value * 0.88, value, True
    elif _UNDER.search(before):
        low, high, bound = 0.0, value, "most"
    elif _OVER.search(before) or re.match(r"\sor more\b|\+", after):
        low, high, bound = value, float("inf"), "least"
    else:
        return amount
    return replace(amount, low=low, high=high, bound=bound, rounded=rounded)


def _value(said: str) -> float:
    """The number that words say: "two hundred and fifty-six" -> 256."""
    total, current = 0.0, 0.0
    for word in re.split(r"[- ]", said):
        if word in _VALUES:
            current += _VALUES[word]
        elif word in _ORDINALS:
            current += _ORDINALS[word]
        elif word == "a":
            current += 1
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total += (current or 1) * _SCALES[word]
            current = 0
    return total + current


def _units(words: Words, end: int) -> tuple[str, ...]:
    """The keys of the next words that say what is counted, three at most, up to the end of the clause."""
    at, _ = words.tokens_in(end, end)
    found: list[str] = []
    clause, first = -1, ""
    for token in words.tokens[at : at + 5]:
        if found and (token.clause != clause or len(found) == 3 or is_past(token.low)):
            break
        clause = token.clause
        if token.low == "of" or token.low in _SKIPPED:
            continue
        if not found and token.text in ("m", "g") and words.text[end : token.start].strip() == "":
            return (token.text,)
        if not token.content:
            if found:
                break
            if token.low in ("the", "its", "their", "his", "her"):
                continue
            break
        if re.search(r"[,;:.()]", words.text[end : token.start]) and not found:
            break
        if len(found) == 1 and token.key in _STRETCHES and is_past(first):
            found = []  # "28 paid days"
        first = first if found else token.low
        found.append(token.key)
    return tuple(found)


def _named(words: Words, start: int, end: int) -> bool:
    """Whether a number is part of a name: "Article 58", "the Platform of the 46", "World War Two"."""
    first, _ = words.tokens_in(start, end)
    if first == 0:
        return False
    before = words.tokens[first - 1]
    if before.capital and before.end + 1 >= start and (before.content or before.low in _NUMBERED):
        return True
    last = [token.low for token in words.tokens[max(0, first - 2) : first]]
    return last == ["of", "the"] and first > 2 and words.tokens[first - 3].capital


def span_of(amount: Amount, words: Words) -> Span:
    """The tokens of a number."""
    return words.tokens_in(amount.start, amount.end)
