"""Quoted words found in pieces: as the quoter left something out, or from places that do not belong together.

chain_of     the pieces of one quotation, in their order
cover_of     the longest stretches of the source that a quotation is made of
near_place   where a quotation stands nearly
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from assistant.check.quoting.aligned import Alignment, Difference
from assistant.check.quoting.marked import Marked
from assistant.check.quoting.places import Nearly, Place, Sources
from vectorstore.search.lexical import STOP_WORDS

LEAST_STRETCH = 3
"""Words of a stretch of which a quotation may be made."""
COVERED = 0.8
"""The share of a quotation that stretches must make up."""
NEAR_BY = 8
"""Words of the source between two stretches that a quoter may have dropped; more are another place."""
PUT_IN = 8
"""Words of the source in whose stead something may be put in brackets."""
SAME = 0.6
"""The share of its words that must be the same in a quotation that stands nearly."""
ALIKE = 0.75
"""How much alike the letters of one or two words must be."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The places of the pieces of a quotation, one each. `missing`: the words of the first that is nowhere; `altered`:
    the first that stands nearly, by its number; `apart`: two neighbours in other documents or another order."""

    places: tuple[Place, ...]
    missing: tuple[str, ...] = ()
    altered: tuple[int, Nearly] | None = None
    apart: tuple[Place, Place] | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """Stretches of the source that make up a quotation, in its order. `distant`: two neighbours among them stand
    apart in the source."""

    places: tuple[Place, ...]
    number: int = 0

    @property
    def distant(self) -> bool:
        return self.number > 0

    @property
    def apart(self) -> tuple[Place, Place]:
        """The first two neighbours that stand apart."""
        return self.places[self.number - 1], self.places[self.number]


def chain_of(quotation: Marked, sources: Sources, cited: Sequence[tuple[str, int, int]], text: str) -> Chain | None:
    """Where the pieces of a quotation stand; None where hardly any does. Of several the closest together is taken."""
    documents = [name for name, _, _ in cited]
    pieces = [piece.keys for piece in quotation.pieces]
    anchor = max(range(len(pieces)), key=lambda i: len(pieces[i]))
    anchors = sources.exact(pieces[anchor], documents, text)
    chains = [_around(pieces, anchor, place) for place in anchors]
    whole = [chain for chain in chains if all(chain)]
    if whole:
        best = min(whole, key=lambda chain: chain[-1].last - chain[0].first)  # type: ignore[union-attr]
        places = tuple(place for place in best if place is not None)
        for piece, (left, right) in zip(quotation.pieces[1:], pairwise(places), strict=True):
            if piece.gap == "put in" and right.first - left.last > PUT_IN + len(piece.inserted):
                return Chain(places, apart=(left, right))
        return Chain(places)
    return _broken(pieces, anchors, sources, documents, text)


def _broken(
    pieces: Sequence[tuple[str, ...]], anchors: Sequence[Place], sources: Sources, documents: Sequence[str], text: str
) -> Chain | None:
    """What is wrong with a quotation of which not all pieces stand in their order."""
    places: list[Place] = []
    altered: tuple[int, Nearly] | None = None
    for number, keys in enumerate(pieces):
        exact = sources.exact(keys, documents, text)
        if exact:
            near_to = anchors[0] if anchors else exact[0]
            places.append(min(exact, key=lambda place: _distance(place, near_to)))
            continue
        near = near_place(keys, sources, [_span(place) for place in anchors[:3]], text)
        if near is None:
            if not anchors and number == 0:
                return None
            return Chain(tuple(places), missing=keys)
        altered = altered or (number, near)
        places.append(near.place)
    for left, right in pairwise(places):
        if left.document.id != right.document.id or right.first < left.last:
            return Chain(tuple(places), apart=(left, right))
    return Chain(tuple(places), altered=altered)


def _around(pieces: Sequence[tuple[str, ...]], anchor: int, place: Place) -> list[Place | None]:
    """The pieces of a quotation in their order, the nearest to the anchor; None for one that is not there."""
    words, found = place.words, [None] * len(pieces)
    chain: list[Place | None] = [*found]
    chain[anchor] = place
    at = place.last
    for i in range(anchor + 1, len(pieces)):
        starts = words.find(pieces[i], 1, at)
        if not starts:
            return chain
        chain[i] = Place(place.document, starts[0], starts[0] + len(pieces[i]))
        at = starts[0] + len(pieces[i])
    at = place.first
    for i in range(anchor - 1, -1, -1):
        first = words.find_last(pieces[i], at)
        if first is None:
            return chain
        chain[i] = Place(place.document, first, first + len(pieces[i]))
        at = first
    return chain


def cover_of(keys: Sequence[str], sources: Sources, documents: Sequence[str], text: str) -> Cover | None:
    """The longest stretches of the source that make up most of a quotation; None where they do not."""
    stretches: list[tuple[int, list[Place]]] = []
    at = covered = 0
    while at < len(keys) and len(stretches) < 6:
        length, places = _longest(keys, at, sources, documents, text)
        if length >= LEAST_STRETCH:
            stretches.append((at, places))
            covered += length
            at += length
        else:
            at += 1
    if covered < COVERED * len(keys) or len(stretches) < 2:
        return None
    chosen: list[Place] = []
    number = 0
    for i, (start, places) in enumerate(stretches):
        if not chosen:
            following = stretches[1][1]
            best = min(places, key=lambda place: min(_distance(place, other) for other in following))
            chosen.append(best)
            continue
        before = chosen[-1]
        best = min(places, key=lambda place: _distance(before, place))
        skipped = start - (stretches[i - 1][0] + before.last - before.first)
        if not number and (_distance(before, best) > NEAR_BY + skipped):
            number = i
        chosen.append(best)
    return Cover(tuple(chosen), number)


def _longest(
    keys: Sequence[str], at: int, sources: Sources, documents: Sequence[str], text: str
) -> tuple[int, list[Place]]:
    """The longest row of words from `at` on that stands somewhere, and its places."""
    low, high, found = 0, len(keys) - at, list[Place]()
    if high < LEAST_STRETCH:
        return 0, found
    low = LEAST_STRETCH - 1
    while low < high:
        middle = (low + high + 1) // 2
        places = sources.exact(keys[at : at + middle], documents, text)
        if places:
            low, found = middle, places
        else:
            high = middle - 1
    return (low, found) if found else (0, found)


def _distance(before: Place, place: Place) -> int:
    """Words between two places; a great many for another document or the wrong order."""
    if before.document.id != place.document.id:
        return 10**9
    between = place.first - before.last
    return between if between >= -2 else 10**6 + abs(between)


def near_place(
    keys: Sequence[str], sources: Sources, cited: Sequence[tuple[str, int, int]], text: str
) -> Nearly | None:
    """Where a quotation stands nearly: with most of its words, among them words that say something."""
    if len(keys) <= 2:
        return _near_word(keys, sources, cited, text)
    for near in sources.nearly(keys, cited, text):
        changed = {i for one in near.alignment.differences for i in range(one.first, one.last)}
        telling = [i for i, key in enumerate(keys) if key not in STOP_WORDS]
        kept = [i for i in telling if i not in changed]
        if near.share >= SAME and kept and 2 * len(kept) >= len(telling):
            return near
        if not near.alignment.differences:
            return near
    return None


def _near_word(
    keys: Sequence[str], sources: Sources, cited: Sequence[tuple[str, int, int]], text: str
) -> Nearly | None:
    """One or two words whose letters are nearly the same, or one of which is changed within a quotation of the
    source."""
    wanted, best, most = " ".join(keys), None, 0.0
    matcher = SequenceMatcher(None, b=wanted, autojunk=False)
    for document, first, last in sources.windows(keys, cited, text):
        words = sources.words(document)
        for at in range(first, last - len(keys) + 1):
            row = words.keys[at : at + len(keys)]
            held = [a == b for a, b in zip(keys, row, strict=True)]
            if len(keys) == 2 and not any(held) and row[0][:2] != keys[0][:2]:
                continue
            if len(keys) == 1 and row[0][:3] != keys[0][:3]:
                continue
            matcher.set_seq1(" ".join(row))
            ratio = matcher.ratio()
            place = Place(document, at, at + len(keys))
            if any(h and key not in STOP_WORDS for h, key in zip(held, keys, strict=True)) and sources.in_marks(place):
                ratio = max(ratio, ALIKE)
            if ratio > most:
                best, most = place, ratio
    if best is None or most < ALIKE:
        return None
    row = best.keys
    differences = tuple(Difference(i, i + 1, i, i + 1) for i in range(len(keys)) if keys[i] != row[i])
    share = 1 - len(differences) / len(keys)
    return Nearly(replace(best), Alignment(0, len(keys), len(keys) - len(differences), differences), share)


def _span(place: Place) -> tuple[str, int, int]:
    return (place.document.id, *place.span)
