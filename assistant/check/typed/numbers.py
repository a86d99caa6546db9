"""Numbers of a claim against those of the source: counts, measures, shares, ordinals, durations.

A number differs only where the source counts the same thing, in a sentence that speaks of the same. Where it is merely
not there, it is absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.check.typed.aligned import Pair
from assistant.check.typed.amounts import Amount, amounts_in, span_of
from assistant.check.typed.lexicon import key
from assistant.check.typed.words import words_of
from assistant.check.types import Finding, Kind
from assistant.types import Citation
from vectorstore.english import word_set

TIME_UNITS = {
    "second": 1 / 86400,
    "minut": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 30.4,
    "year": 365.25,
}
TIME_UNITS |= {"decad": 3652.5, "centuri": 36525.0}
MEASURES = {
    key(name): (kind, factor)
    for kind, units in {
        "length": {
            "mm millimetres millimeters": 0.001,
            "cm centimetres centimeters": 0.01,
            "m metres meters": 1.0,
            "km kilometres kilometers": 1_000.0,
            "inches inch": 0.0254,
            "ft feet foot": 0.3048,
            "yd yards": 0.9144,
            "mi miles": 1_609.0,
        },
        "weight": {
            "g grams grammes": 0.001,
            "kg kilograms kilogrammes kilos": 1.0,
            "lb lbs pounds": 0.4536,
            "oz ounces": 0.02835,
            "tons tonnes": 1_000.0,
        },
        "area": {"hectares ha": 1.0, "acres": 0.4047},
        "volume": {"ml millilitres milliliters": 0.001, "litres liters": 1.0, "gallons": 3.785},
    }.items()
    for names, factor in units.items()
    for name in names.split()
}
"""Units by their keys: what is measured, and how large the unit is."""
SIZES = {unit: ("time", days) for unit, days in TIME_UNITS.items()} | MEASURES
ENOUGH, ENOUGH_IN_PLACE = 0.5, 0.4
"""Which share of the claim a sentence has to hold for its number to speak against the claim's: where it counts the same
thing, and where it stands between the same words."""
_EMPTY_UNITS = word_set("time year month day week other part member peopl person")


def compare_numbers(pair: Pair) -> Iterator[Finding]:
    """One finding for each number of the claim that can be compared. What another number of the claim says as the
    source does speaks against none of the rest."""
    ours, theirs = amounts_in(pair.claim), amounts_in(pair.source)
    taken = [(other, [at for at, amount in enumerate(ours) if _same(amount, other)]) for other in theirs]
    for number, amount in enumerate(ours):
        free = [other for other, by in taken if by in ([], [number])]
        finding = _compared(pair, amount, theirs, free)
        if finding is not None:
            yield finding


def _compared(pair: Pair, amount: Amount, theirs: Sequence[Amount], free: Sequence[Amount]) -> Finding | None:
    said = pair.claim.text[amount.start : amount.end]
    kind: Kind = "date" if duration(amount) else "number"
    span = span_of(amount, pair.claim)
    equal = [other for other in theirs if comparable(amount, other) and _same(amount, other)]
    if equal:
        other = max(
            equal, key=lambda o: (_shares_unit(amount, o), pair.likeness(span, span_of(o, pair.source)), -o.start)
        )
        rival = _rival(pair, amount, other, theirs)
        if rival is None:
            return Finding(
                kind,
                "agrees",
                f"the source says {_quoted(pair, other)}, too",
                (amount.start, amount.end),
                _cited(pair, other),
            )
        return _differs(pair, kind, amount, rival)
    if _implied(pair, amount) or _in_the_title(pair, amount):
        return None
    multiple = _multiplied(pair, amount, theirs)
    if multiple is not None:
        place = (amount.start, amount.end)
        reason = f"the source gives it as so many times another: {_quoted(pair, multiple)}"
        return Finding(kind, "agrees", reason, place, _cited(pair, multiple))
    rivals = [other for other in free if comparable(amount, other) and not amount_leaves_open(amount, other)]
    rivals = [other for other in rivals if _speaks_of_the_same(pair, amount, other)]
    if rivals:
        other = max(rivals, key=lambda o: (pair.likeness(span, span_of(o, pair.source)), -o.start))
        return _differs(pair, kind, amount, other)
    if amount.named or amount.value == 1 or amount.vague or (amount.measure == "ordinal" and amount.value <= 1):
        return None
    return Finding(
        kind, "absent", f"the claim says “{said}”; the source gives no such number", (amount.start, amount.end)
    )


def _differs(pair: Pair, kind: Kind, amount: Amount, other: Amount) -> Finding:
    said = pair.claim.text[amount.start : amount.end]
    reason = f"the claim says “{said}”; the source says {_quoted(pair, other)}"
    return Finding(kind, "differs", reason, (amount.start, amount.end), _cited(pair, other))


def _same(amount: Amount, other: Amount) -> bool:
    """Whether two numbers agree, durations in other units, too: "two years" and "24 months"."""
    ours, theirs = size(amount), size(other)
    if ours and theirs and ours != theirs:
        if ours[0] != theirs[0]:
            return False
        return abs(amount.value * ours[1] - other.value * theirs[1]) <= 0.04 * amount.value * ours[1]
    if amount.agrees(other):
        return True
    if {amount.measure, other.measure} == {"%", "fraction"}:
        shares = [a.value / 100 if a.measure == "%" else a.value for a in (amount, other)]
        return abs(shares[0] - shares[1]) < 0.005
    return False


def comparable(amount: Amount, other: Amount) -> bool:
    """Whether two numbers can be of one thing: both are shares, or sums of one currency, or ordinals, or counts; a
    duration only with a duration."""
    if bool(duration(amount)) != bool(duration(other)) and amount.units and other.units:
        return False
    if amount.measure == other.measure:
        return True
    pair = {amount.measure, other.measure}
    return pair in ({"%", "fraction"}, {"both", ""})


def amount_leaves_open(amount: Amount, other: Amount) -> bool:
    """Whether the source's number does not exclude the claim's."""
    if other.leaves_open(amount) or (amount.value == other.value and size(amount) == size(other)):
        return True
    return bool(other.bound) and not amount.bound and other.vague


def duration(amount: Amount) -> float:
    """Days of the unit, where a number counts a stretch of time; 0 otherwise."""
    counts = amount.units and amount.measure in ("", "fraction")  # not "$500 a month"
    return TIME_UNITS.get(amount.units[0], 0.0) if counts else 0.0


def size(amount: Amount) -> tuple[str, float] | None:
    """What kind of measure a number is of, and how large its unit: ("length", 1000.0) for kilometres; None for counts,
    shares and sums of money."""
    if not amount.units or amount.measure not in ("", "fraction"):
        return None
    return SIZES.get(amount.units[0])


def _shares_unit(amount: Amount, other: Amount) -> bool:
    """Whether both count the same thing."""
    return bool(set(amount.units) & set(other.units)) or (amount.measure == other.measure != "" and not amount.units)


def _rival(pair: Pair, amount: Amount, equal: Amount, theirs: Sequence[Amount]) -> Amount | None:
    """The number that the source gives for what the claim counts, where the equal one counts something else beside it:
    "60 delegates and 40 guests" for "40 delegates"."""
    if _shares_unit(amount, equal) or not amount.units or not equal.units or amount.units[0] in _EMPTY_UNITS:
        return None
    sentence = _sentence(pair, equal)
    for other in theirs:
        same_place = _sentence(pair, other) == sentence and other.units != equal.units
        if (
            same_place
            and other.units[:1] == amount.units[:1]
            and comparable(amount, other)
            and not _same(amount, other)
        ):
            return other
    return None


def _speaks_of_the_same(pair: Pair, amount: Amount, other: Amount) -> bool:
    ours, theirs = span_of(amount, pair.claim), span_of(other, pair.source)
    share, count = pair.shared(_sentence(pair, other), ours)
    if pair.same_slot(ours, theirs):
        return share >= ENOUGH_IN_PLACE
    if count < 2 or share < ENOUGH:
        return False
    if amount.measure or size(amount):
        shares = {amount.measure, other.measure} <= {"%", "fraction"}
        return (shares or amount.measure == other.measure) and pair.likeness(ours, theirs) > 0.15
    return amount.units[:1] == other.units[:1] or (_shares_unit(amount, other) and pair.likeness(ours, theirs) > 0.3)


def _multiplied(pair: Pair, amount: Amount, theirs: Sequence[Amount]) -> Amount | None:
    """The words "three times" in the source, where so many times another number of their sentence is the claim's."""
    for times in theirs:
        if times.measure != "times" or times.value <= 1:
            continue
        for other in theirs:
            same = other.measure == amount.measure and _sentence(pair, other) == _sentence(pair, times)
            if same and other.units[:1] == amount.units[:1] and amount.agrees(_times(other, times.value)):
                return times
    return None


def _times(amount: Amount, factor: float) -> Amount:
    return replace(amount, value=amount.value * factor, low=amount.low * factor, high=amount.high * factor)


def _implied(pair: Pair, amount: Amount) -> bool:
    """Whether a number says what needs no number: "both", "a pair"."""
    return amount.measure == "both"


def _in_the_title(pair: Pair, amount: Amount) -> bool:
    """Whether a number belongs to what the document is called: "The 39 Stairs", with the same word beside it."""
    first, after = span_of(amount, pair.claim)
    tokens, title = pair.claim.tokens, words_of(pair.window.document.title).tokens
    beside = {
        tokens[at].key
        for at in (first - 1, after)
        if 0 <= at < len(tokens) and tokens[at].capital and tokens[at].content
    }
    for one, other in pairwise(title):
        if tokens[first].key in (one.key, other.key) and beside & {one.key, other.key} - {tokens[first].key}:
            return True
    return False


def _sentence(pair: Pair, amount: Amount) -> int:
    first, _ = span_of(amount, pair.source)
    return pair.source.tokens[min(first, len(pair.source.tokens) - 1)].sentence


def _quoted(pair: Pair, amount: Amount) -> str:
    return f"“{pair.source.text[amount.start : amount.end]}”"


def _cited(pair: Pair, amount: Amount) -> Citation:
    return pair.citation(amount.start, amount.end)
