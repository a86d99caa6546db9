"""One quotation judged: found or not, as it stands or altered, and whether what is around it in the source turns it.

But: where quoted words stand is found in `places.py` and `joined.py`; here is said what that means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from assistant.check.quoting.aligned import Difference
from assistant.check.quoting.joined import Chain, Cover, chain_of, cover_of, near_place
from assistant.check.quoting.marked import Marked
from assistant.check.quoting.places import Nearly, Place, Sources
from assistant.check.quoting.said import Sayer, is_proper, mentioned, same_person, sayer
from assistant.check.quoting.turned import begun_behind, cut_before, excused, hidden, proposition
from assistant.check.quoting.words import words_of
from assistant.check.types import Finding
from vectorstore.types import Span, shown_text

SHOWN = 80
"""Characters of a quotation that a reason repeats."""
DIFFERENCES = 3
"""Differences that a reason tells one by one."""
FAR = 80
"""Words that an ellipsis may leave out; more join distant places."""
FAR_BEHIND_BREAK = 25
"""The same where a paragraph ends between them."""
REACH = 2
"""Sentences before a quotation in which the source may name its speaker."""


@dataclass(frozen=True)
class Asked:
    """A sentence to be judged. `cited`: the places (document, start, end) that it cites."""

    sentence: str
    context: str
    cited: tuple[tuple[str, int, int], ...]
    sources: Sources

    @cached_property
    def cited_documents(self) -> list[str]:
        return [document_id for document_id, _, _ in self.cited]

    def outside(self, span: Span) -> list[str]:
        """The words of the sentence outside a stretch of it."""
        before, behind = words_of(self.sentence[: span[0]]), words_of(self.sentence[span[1] :])
        return [*before.keys, *behind.keys]


def judged(quotation: Marked, asked: Asked, others: Sequence[Marked]) -> list[Finding]:
    """The findings on one quotation, what differs first. `others`: all quotations of the sentence; none where the
    sentence as a whole is taken for one."""
    sources = asked.sources
    found: list[list[Finding]] = []
    exact = sources.exact(quotation.keys, asked.cited_documents, asked.sentence)
    for place in exact:
        findings = [*_turned(quotation, place, place, asked), *_attributed(quotation, place, asked, others)]
        found.append(findings or [_agrees(quotation, place, asked)])
    if found:
        best = min(found, key=lambda findings: sum(one.outcome != "agrees" for one in findings))
        return _ordered([*_placed(quotation, exact, asked), *best], quotation, exact[0], asked)
    if len(quotation.pieces) > 1:
        chain = chain_of(quotation, sources, asked.cited, asked.sentence)
        if chain is not None:
            return _chained(quotation, chain, asked, others)
        return _missing(quotation)
    keys = quotation.pieces[0].keys
    pieces = [one for one in [keys] if one != quotation.keys]
    for piece in pieces:  # a bracket or dots at one of its ends
        for place in sources.exact(piece, asked.cited_documents, asked.sentence):
            findings = [*_turned(quotation, place, place, asked), *_attributed(quotation, place, asked, others)]
            return _ordered([*_placed(quotation, [place], asked), *findings], quotation, place, asked)
    cover = cover_of(keys, sources, asked.cited_documents, asked.sentence)
    if cover is not None and cover.distant:
        return [_spliced(quotation, cover, asked)]
    near = near_place(keys, sources, asked.cited, asked.sentence)
    if near is None:
        return _missing(quotation)
    return _nearly(quotation, near, asked, others)


def _ordered(findings: list[Finding], quotation: Marked, place: Place, asked: Asked) -> list[Finding]:
    """With a finding that the words stand there, unless the quotation itself differs; what differs first."""
    if not any(one.kind == "quotation" for one in findings):
        findings = [*findings, _agrees(quotation, place, asked)]
    return sorted(findings, key=lambda one: one.outcome == "agrees")


def _agrees(quotation: Marked, place: Place, asked: Asked) -> Finding:
    return Finding(
        "quotation",
        "agrees",
        f"{_short(quotation, asked)} stands in the source word for word",
        _claim(quotation, asked),
        asked.sources.citation(place),
    )


def _missing(quotation: Marked) -> list[Finding]:
    if quotation.open_behind and not quotation.open_before and not quotation.block and quotation.words > 30:
        return []  # a mark that was never closed
    return [Finding("quotation", "absent", "the quoted words are not in the source", (quotation.start, quotation.end))]


def _claim(quotation: Marked, asked: Asked) -> Span | None:
    return (
        None
        if (quotation.start, quotation.end) == (0, len(asked.sentence)) and quotation.inner[0] == 0
        else (
            quotation.start,
            quotation.end,
        )
    )


def _short(quotation: Marked, asked: Asked) -> str:
    words = " ".join(asked.sentence[slice(*quotation.inner)].split())
    return f"“{words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + '…'}”"


def _nearly(quotation: Marked, near: Nearly, asked: Asked, others: Sequence[Marked]) -> list[Finding]:
    place = near.place
    if not near.alignment.differences:  # joined or spelled in another way
        findings = [*_turned(quotation, place, place, asked), *_attributed(quotation, place, asked, others)]
        return _ordered([*_placed(quotation, [place], asked), *findings], quotation, place, asked)
    reason = _changes(quotation, near, asked)
    altered = Finding("quotation", "differs", reason, _claim(quotation, asked), asked.sources.citation(place))
    findings = _attributed(quotation, place, asked, others)
    return [altered, *(one for one in findings if one.outcome == "differs")]


def _changes(quotation: Marked, near: Nearly, asked: Asked) -> str:
    """ "“large” stands in the source as “small”"; at most three, then how many more."""
    spans = [span for piece in quotation.pieces for span in piece.spans]
    base = near.place.first - near.alignment.first
    told = [_change(one, spans, base, near.place, asked) for one in near.alignment.differences]
    more = f"; and {len(told) - DIFFERENCES} more" if len(told) > DIFFERENCES else ""
    return "the quotation is altered: " + "; ".join(told[:DIFFERENCES]) + more


def _change(one: Difference, spans: Sequence[Span], base: int, place: Place, asked: Asked) -> str:
    said = asked.sentence[spans[one.first][0] : spans[one.last - 1][1]] if one.first < one.last else ""
    stands = ""
    if one.source_first < one.source_last:
        start, end = place.words.span(base + one.source_first, base + one.source_last)
        stands = " ".join(shown_text(place.document)[start:end].split())
    if not stands:
        return f"“{said}” is not in the source there"
    if not said:
        return f"the source has “{stands}” there, which the quotation leaves out"
    return f"“{said}” stands in the source as “{stands}”"


def _turned(quotation: Marked, first: Place, last: Place, asked: Asked) -> list[Finding]:
    """Whether what stands in the source before `first` or behind `last` turns the quoted words."""
    outside = asked.outside((quotation.start, quotation.end))
    if excused(outside):
        return []
    keys = [*first.keys, *(() if first is last else last.keys)]
    says = proposition(keys)
    text = shown_text(first.document)
    added = _replaced(first.words.keys[max(0, first.first - 8) : first.first], quotation.pieces[0].inserted, added=True)
    if added:
        reason = f"what the quotation puts in brackets turns its meaning: {added}"
        return [Finding("quotation", "differs", reason, _claim(quotation, asked), asked.sources.citation(first))]
    sentences, ends = asked.sources.sentences(first), asked.sources.sentences(last)
    if not sentences or not ends:
        return []
    start, end = sentences[0].start, ends[-1].end
    words = first.words
    before = words.keys[words.between(start, first.span[0])[0] : first.first]
    behind = words.keys[last.last : words.between(last.span[1], end)[1]]
    reason = ""
    turning = begun_behind(before, text[start : first.span[0]], says)
    if turning:
        reason = (
            f"{_short(quotation, asked)} is cut so that its meaning turns: “{turning}” stands before it in the source"
        )
        place = replace(first, first=max(first.first - len(turning.split()), 0), last=last.last)
    else:
        turning = cut_before(behind, text[last.span[1] : end], says)
        if turning:
            reason = f"{_short(quotation, asked)} is cut so that its meaning turns: the source goes on: “{turning}”"
            place = replace(first, last=last.last + len(behind))
    if not reason:
        return []
    return [Finding("quotation", "differs", reason, _claim(quotation, asked), asked.sources.citation(place))]


def _placed(quotation: Marked, places: Sequence[Place], asked: Asked) -> list[Finding]:
    """Whether one of the places lies in what the sentence cites."""
    if not any(asked.sources.holds(name) for name in asked.cited_documents):
        return []
    claim = _claim(quotation, asked)
    for place in places:
        start, end = place.span
        for document_id, first, last in asked.cited:
            held = min(end, last) - max(start, first)
            if document_id == place.document.id and 2 * held >= min(end - start, last - first):
                reason = f"{_short(quotation, asked)} stands in the place cited"
                return [Finding("citation", "agrees", reason, claim, asked.sources.citation(place))]
    citation = asked.sources.citation(places[0])
    where = f" under “{citation.section}”" if citation.section and citation.section != citation.title else ""
    reason = f"{_short(quotation, asked)} does not stand in the place cited; it stands in {citation.title}{where}"
    return [Finding("citation", "differs", reason, claim, citation)]


def _attributed(quotation: Marked, place: Place, asked: Asked, others: Sequence[Marked]) -> list[Finding]:
    """Whether the sentence gives the words to whom the source gives them."""
    masked = [(one.start, one.end) for one in others if one is not quotation]
    said = sayer(asked.sentence, (quotation.start, quotation.end), masked, asked.context) if others else None
    if said is None:
        return []
    claim, citation = _claim(quotation, asked), asked.sources.citation(place)
    source, quoted = _source_sayer(place, asked)
    if said.itself:
        if source is None or not quoted:
            return []
        reason = f"{_short(quotation, asked)} is not said by the source itself, which quotes {source.name}"
        return [Finding("speaker", "differs", reason, claim, replace(citation, speaker=source.name))]
    if source is not None and same_person(said.name, source.name):
        reason = f"the source gives {_short(quotation, asked)} to {source.name}"
        return [Finding("speaker", "agrees", reason, claim, replace(citation, speaker=source.name))]
    if not is_proper(said.name) or _is_author(said, place):
        return []
    if source is not None and is_proper(source.name):
        reason = f"{_short(quotation, asked)} is said by {source.name} in the source, not by {said.name}"
        return [Finding("speaker", "differs", reason, claim, replace(citation, speaker=source.name))]
    if not mentioned(said.name, _around(place, asked)):
        reason = f"the source does not give {_short(quotation, asked)} to {said.name}"
        return [Finding("speaker", "differs", reason, claim, citation)]
    return []


def _source_sayer(place: Place, asked: Asked) -> tuple[Sayer | None, bool]:
    """Who says the words in the source, and whether they stand in a quotation of it."""
    text = shown_text(place.document)
    start, end = place.span
    stored = asked.sources.quotation_at(place)
    if stored is not None and stored.speaker:
        return Sayer(stored.speaker), True
    marks = asked.sources.in_marks(place)
    sentences = asked.sources.sentences(place)
    if not sentences:
        return None, stored is not None or marks
    first, last = sentences[0].start, sentences[-1].end
    spoken = next((one.speaker for one in sentences if one.speaker), None)
    if spoken:
        return Sayer(spoken), True
    left, right = (start - 1, end + 1) if marks else (start, end)
    before = text[max(0, first - 1_500) : first]
    return sayer(text[first:last], (left - first, min(right, last) - first), (), before), stored is not None or marks


def _is_author(said: Sayer, place: Place) -> bool:
    return any(fact.name == "author" and same_person(said.name, fact.value) for fact in place.document.facts)


def _around(place: Place, asked: Asked) -> Sequence[str]:
    """The words of the source's sentence, of two before it and one behind."""
    sentences = asked.sources.sentences(place)
    passage = asked.sources.passage_at(place)
    if not sentences or passage is None:
        return place.keys
    held = [s for s in passage.sentences if s.end <= sentences[0].start][-REACH:]
    start = held[0].start if held else sentences[0].start
    first, last = place.words.between(start, sentences[-1].end)
    return place.words.keys[first:last]


def _spliced(quotation: Marked, cover: Cover, asked: Asked) -> Finding:
    first, second = cover.apart
    told = [" ".join(shown_text(one.document)[slice(*one.span)].split()) for one in (first, second)]
    short = [f"“{one if len(one) <= SHOWN // 2 else one[: SHOWN // 2].rstrip() + '…'}”" for one in told]
    reason = f"the quotation is spliced from two places: {short[0]} and {short[1]} stand apart in the source"
    return Finding("quotation", "differs", reason, _claim(quotation, asked), asked.sources.citation(first))


def _chained(quotation: Marked, chain: Chain, asked: Asked, others: Sequence[Marked]) -> list[Finding]:
    """A quotation in pieces, with something left out or put in between them."""
    claim = _claim(quotation, asked)
    cite = asked.sources.citation
    if chain.missing:
        words = " ".join(chain.missing)
        return [Finding("quotation", "absent", f"“{words}” of the quotation is not in the source", claim)]
    first, last = chain.places[0], chain.places[-1]
    if chain.apart is not None:
        left, right = chain.apart
        reason = "the quotation joins words that stand in distant places of the source, or in another order"
        return [Finding("quotation", "differs", reason, claim, cite(left))]
    if chain.altered is not None:
        number, near = chain.altered
        single = replace(quotation, pieces=(quotation.pieces[number],))
        return [Finding("quotation", "differs", _changes(single, near, asked), claim, cite(near.place))]
    text = shown_text(first.document)
    for piece, (left, right) in zip(quotation.pieces[1:], pairwise(chain.places), strict=True):
        start, end = left.span[1], right.span[0]
        between = left.words.keys[left.last : right.first]
        if piece.gap == "put in":
            turning = _replaced(between, piece.inserted)
            if turning:
                reason = f"what the quotation puts in brackets turns its meaning: {turning}"
                return [Finding("quotation", "differs", reason, claim, cite(replace(left, last=right.last)))]
        if len(between) > FAR or (len(between) > FAR_BEHIND_BREAK and "\n\n" in text[start:end]):
            reason = f"the quotation joins distant places: {len(between)} words of the source stand between them"
            return [Finding("quotation", "differs", reason, claim, cite(left))]
        turning = hidden(between, text[start:end], text[max(0, start - 3) : start], text[end : end + 3])
        if turning and piece.gap == "left out" and not excused(asked.outside((quotation.start, quotation.end))):
            reason = f"the ellipsis hides “{turning}” of the source, which turns the meaning"
            return [Finding("quotation", "differs", reason, claim, cite(replace(left, last=right.last)))]
    whole = replace(first, last=last.last)
    findings = [*_turned(quotation, first, last, asked), *_attributed(quotation, first, asked, others)]
    return _ordered([*_placed(quotation, [whole], asked), *findings], quotation, whole, asked)


def _replaced(words: Sequence[str], inserted: Sequence[str], *, added: bool = False) -> str:
    """What turns the meaning where words of the source are replaced by others in brackets; `added`: nothing need be
    replaced."""
    left = [word for word in inserted if excused([word]) and word not in words]
    right = [word for word in words if excused([word]) and word not in inserted]
    if left:
        return f"“{left[0]}” is not in the source"
    return f"the source has “{right[0]}”" if right and not added else ""
