"""Whether saved quotations still stand in the documents as they are now.

    stands    in the place where they stood
    moved     word for word, in another place
    changed   with other words
    gone      nowhere in the document
    removed   the document is no longer there

White space does not count: a text may be wrapped anew. Case and punctuation do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.check.answers.saved import Saved
from assistant.check.quoting.aligned import Difference
from assistant.check.quoting.joined import near_place
from assistant.check.quoting.places import Place, Sources
from assistant.check.quoting.words import document_words, words_of
from assistant.types import Citation, Source
from vectorstore.types import Document, shown_text

Status = Literal["stands", "moved", "changed", "gone", "removed"]
STATUSES: tuple[Status, ...] = get_args(Status)
HOLDS: frozenset[Status] = frozenset({"stands", "moved"})
"""What needs nobody's attention."""
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A saved quotation and what has become of it. `now`: where it stands now, exactly or changed; `reason`: what
    changed, "" for what stands."""

    saved: Saved
    status: Status
    now: Citation | None = None
    reason: str = ""


def rechecked(quotations: Iterable[Saved], index: Source) -> Iterator[Rechecked]:
    """What has become of each. Raises IndexDamaged where a document cannot be read."""
    everywhere = Sources(index)
    same_text = {head.sha256: head.id for head in index.heads()}
    for saved in quotations:
        if everywhere.holds(saved.document_id):
            yield _in_document(saved, everywhere, index)
        elif saved.sha256 in same_text:  # the same text under another name
            yield _under(saved, same_text[saved.sha256], everywhere)
        else:
            yield Rechecked(saved, "removed", reason="the document is no longer in the index")


def _under(saved: Saved, document_id: str, sources: Sources) -> Rechecked:
    document = sources.document(document_id)
    if _flat(document.text[max(0, saved.start) : max(0, saved.end)]) != _flat(saved.quote):
        return Rechecked(saved, "removed", reason="the document is no longer in the index")
    reason = f"the same text is in the index as {document.title}"
    return Rechecked(saved, "moved", _cite(sources, document, saved.start, saved.end), reason)


def _in_document(saved: Saved, sources: Sources, index: Source) -> Rechecked:
    document = sources.document(saved.document_id)
    text, wanted = document.text, _flat(saved.quote)
    start, end = max(0, saved.start), max(0, saved.end)
    if wanted and _flat(text[start:end]) == wanted:
        return Rechecked(saved, "stands", _cite(sources, document, start, end))
    keys = words_of(saved.quote).keys
    place = next(iter(_nearest(_exact(saved.quote, document), start)), None)
    if place is not None:
        return Rechecked(saved, "moved", _cite(sources, document, *place), _offsets(saved, *place))
    words = document_words(document)
    same = [words.span(at, at + len(keys)) for at in words.find(keys)]
    for first, last in _nearest(same, start)[:1]:
        reason = "the same words with other capitals or punctuation"
        return Rechecked(saved, "changed", _cite(sources, document, first, last), reason)
    if keys:
        within = Sources(index, {document.id})
        spans = [(document.id, min(start, len(text)), min(end, len(text)))]
        near = near_place(keys, within, spans, saved.quote[:2_000])
        if near is not None:
            changes = _changes(saved.quote, near.place, near.alignment.first, near.alignment.differences)
            reason = "; ".join(changes[:_TOLD]) + (f"; and {len(changes) - _TOLD} more" if len(changes) > _TOLD else "")
            return Rechecked(
                saved, "changed", within.citation(near.place), reason or "the same words, joined otherwise"
            )
    return Rechecked(saved, "gone", reason="these words are no longer in the document")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _exact(quote: str, document: Document) -> list[tuple[int, int]]:
    """The places of a quotation in a document, white space aside; a hundred at the most."""
    keys = words_of(quote).keys
    text, found = shown_text(document), list[tuple[int, int]]()
    wanted = _flat(quote)
    at = text.find(quote) if quote else -1
    while at >= 0 and len(found) < 100:
        found.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    if found or not keys:
        return found
    words = document_words(document)
    margin = len(quote)
    for place in words.find(keys, 100):
        start, end = words.span(place, place + len(keys))
        before, behind = text[max(0, start - margin) : start], text[end : end + margin]
        inner = _flat(text[start:end])
        cut = wanted.find(inner)
        if cut < 0:
            continue
        left, right = wanted[:cut], wanted[cut + len(inner) :]
        first, last = _back(before, left), _forth(behind, right)
        if first is not None and last is not None:
            found.append((start - first, end + last))
    return found


def _back(text: str, wanted: str) -> int | None:
    """How many characters at the end of a text are these, white space aside; None where they are others."""
    return _forth(text[::-1], wanted[::-1])


def _forth(text: str, wanted: str) -> int | None:
    at = 0
    for character in wanted.replace(" ", ""):
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text) or text[at] != character:
            return None
        at += 1
    return at


def _nearest(places: list[tuple[int, int]], start: int) -> list[tuple[int, int]]:
    return sorted(places, key=lambda place: (abs(place[0] - start), place[0]))


def _cite(sources: Sources, document: Document, start: int, end: int) -> Citation | None:
    words = document_words(document)
    first, last = words.between(start, end)
    if first >= last:
        return None
    citation = sources.citation(Place(document, first, last))
    text = document.text[start:end]
    return Citation(
        citation.document_id,
        citation.title,
        citation.section,
        start,
        end,
        text,
        citation.speaker,
        citation.sha256,
        document.pages.at(start, end) if document.pages else (),
    )


def _offsets(saved: Saved, start: int, end: int) -> str:
    return f"from characters {saved.start} to {saved.end} to characters {start} to {end}"


def _changes(quote: str, place: Place, first: int, differences: Iterable[Difference]) -> list[str]:
    """ "“large” is now “small”"; in the order of the quotation."""
    words, text = words_of(quote), shown_text(place.document)
    base = place.first - first
    told = []
    for one in differences:
        old = quote[slice(*words.span(one.first, one.last))] if one.first < one.last else ""
        new = ""
        if one.source_first < one.source_last:
            new = text[slice(*place.words.span(base + one.source_first, base + one.source_last))]
        old, new = _flat(old), _flat(new)
        told.append(f"“{old}” is now “{new}”" if old and new else f"“{new}” is new" if new else f"“{old}” is gone")
    return told
