"""A text to blocks: headings, captions, letters, quotations with their speakers, notes, prose.

In plain text all of it is inferred, in Markdown headings and block quotes are read from the mark-up. The parts are in
`paragraphs.py`, `markdown.py`, `headings.py`, `captions.py`, `letters.py`, `notes.py`, `quotations.py`.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.deadline import Check, unchecked
from ingest.layout.captions import caption_end
from ingest.layout.headings import find_headings, heading_text
from ingest.layout.letters import find_letters
from ingest.layout.lists import code_lines, line_starts, whole_lists
from ingest.layout.markdown import content_start, parts, plain_heading
from ingest.layout.notes import find_notes
from ingest.layout.paragraphs import paragraph_spans, strip_span
from ingest.speech.quotations import find_quotations
from ingest.speech.turns import Label, find_labels, is_direction
from vectorstore.embedded_text import key_of
from vectorstore.english import word_set
from vectorstore.errors import IndexClosed, StorageError
from vectorstore.table_rows import Table, tables
from vectorstore.types import Block, Document, Format, Kind, Quotation, Span, Structure, shown_text

if TYPE_CHECKING:
    from vectorstore.index import Index

MAX_SECTION = 120
NAMES = word_set("name title company product item model species")
"""Keys with which a record begins."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A paragraph that is to become a block. `heading`: the words of a heading, else ""; `quoted`: it stands in a block
    quote; `title`: it is the title of the document; `key`: that of a line such as "Cook: Per Lund", else ""; the rest
    is as in `Block`."""

    start: int
    end: int
    kind: Kind = "prose"
    speaker: str | None = None
    heading: str = ""
    quoted: bool = False
    title: bool = False
    label: int | None = None
    before_list: int | None = None
    key: str = ""
    begins: bool = False


def structure_of(index: Index, document: Document) -> Structure:
    """The structure that is stored with a document of the index. Where it was stored without one, it is found now, and
    stored if the index may be changed. Raises IndexDamaged."""
    stored = index.structure(document)
    if stored is not None:
        return stored
    found = find_structure(shown_text(document), document.format)
    with contextlib.suppress(StorageError, IndexClosed):
        index.write_structure(document, found)
    return found


def find_structure(text: str, format: Format = "plain", check: Check = unchecked) -> Structure:
    """The structure of a text; what is not recognised is prose. `check` is called several times a second, and nothing
    but what it raises is raised."""
    drafts = _markdown_drafts(text, check) if format == "markdown" else _plain_drafts(text, check)
    drafts = _with_lines(text, drafts, format, check)
    drafts = _with_lists(text, _with_turns(text, drafts, find_labels(text, check)))
    drafts = _parted(text, drafts)
    drafts = _with_headings(text, _with_letters(text, _without_captions(text, drafts, check), check), check)
    blocks = _with_sections(drafts)
    notes = tuple(note for block in blocks for note in find_notes(text, block.start, block.end, check))
    blocks = _with_notes(blocks, notes)
    starts = [content_start(text, b.start, b.end) if format == "markdown" else b.start for b in blocks]
    block_quotes = {index for index, draft in enumerate(drafts) if draft.quoted}
    blocks, quotations = find_quotations(text, blocks, notes, starts, block_quotes, check)
    quotations += [Quotation(b.start + b.label, b.end, b.speaker) for b in blocks if b.label is not None]
    return Structure(tuple(blocks), tuple(sorted(quotations, key=lambda quotation: quotation.start)), notes)


def _plain_drafts(text: str, check: Check) -> list[_Draft]:
    return [_Draft(start, end, kind) for start, end, kind in _with_tables(text, paragraph_spans(text, check))]


def _with_tables(text: str, paragraphs: Sequence[Span]) -> Iterator[tuple[int, int, Kind]]:
    """The paragraphs with their kinds; the lines of a table that lie in one are parts of their own."""
    pieces = [piece for table in tables(text) for piece in _lines_of(table)]
    at = reached = 0
    for start, end in paragraphs:
        while at < len(pieces) and pieces[at][0] < end:
            left, right, kind = pieces[at]
            before = strip_span(text, max(start, reached), left)
            if before[0] < before[1]:
                yield *before, _kind_of(text, *before)
            yield left, right, kind if any(map(str.isalnum, text[left:right])) else "caption"
            reached, at = right, at + 1
        rest = strip_span(text, max(start, reached), end)
        if rest[0] < rest[1]:
            yield *rest, _kind_of(text, *rest)


def _lines_of(table: Table) -> Iterator[tuple[int, int, Kind]]:
    first, last = table.header[0], table.dashes[1]
    yield first, last, "caption" if table.rows else "row"
    for start, end in table.rows:
        yield start, end, "row"


def _markdown_drafts(text: str, check: Check) -> list[_Draft]:
    found = parts(text, check)
    drafts: list[_Draft] = []
    only_title = sum(part.level == 1 for part in found) == 1
    for index, part in enumerate(found):
        check()
        kind = _kind_of(text, part.start, part.end)
        heading = ""
        if part.level:
            kind, heading = "heading", plain_heading(heading_text(text[part.start : part.end]))
        elif part.row and kind == "prose":
            kind = "row"
        elif part.image or part.columns:
            kind = "caption"
        elif part.reference:
            kind = "note"
        title = index == 0 and part.level == 1 and only_title
        drafts.append(_Draft(part.start, part.end, kind, None, heading, part.quoted, title))
    return drafts


def _kind_of(text: str, start: int, end: int) -> Kind:
    """Prose; a rule or ornament, which has no letter or digit and can answer nothing, is kept like a caption."""
    return "prose" if any(map(str.isalnum, text[start:end])) else "caption"


def _without_captions(text: str, drafts: Sequence[_Draft], check: Check) -> list[_Draft]:
    """Marks captions; prose that runs on behind a caption becomes a paragraph of its own."""
    parted: list[_Draft] = []
    for draft in drafts:
        check()
        cut = caption_end(text, draft.start, draft.end) if draft.kind == "prose" else None
        if cut is None:
            parted.append(draft)
            continue
        start, end = strip_span(text, draft.start, cut)
        parted.append(_Draft(start, end, "caption"))
        start, end = strip_span(text, cut, draft.end)
        if start < end:
            parted.append(replace(draft, start=start, end=end))
    return parted


def _with_lines(text: str, drafts: Sequence[_Draft], format: Format, check: Check) -> list[_Draft]:
    """Makes lines that stand for themselves paragraphs of their own; the fences around code are no text."""
    starts: list[int] = []
    fences: set[int] = set()
    for draft in drafts:
        check()
        if draft.kind == "prose" and format == "markdown" and (lines := code_lines(text, draft.start, draft.end)):
            fences.update((lines[0], lines[-1]))
            starts += lines
        elif draft.kind == "prose":
            starts += line_starts(text, draft.start, draft.end)
    whole = {(draft.start, draft.end) for draft in drafts}
    found = []
    for draft in _cut(text, drafts, starts):
        if draft.start in fences:
            draft = replace(draft, kind="caption")
        elif (draft.start, draft.end) not in whole:
            draft = replace(draft, key=key_of(text, draft.start, draft.end))
        found.append(draft)
    return found


def _parted(text: str, drafts: Sequence[_Draft]) -> list[_Draft]:
    """Lets a passage begin with each line that has a key: "Cook: Per Lund" is found better alone. Where keys come again
    or the first is a name, the lines are records ("Name: Skua", "Captain: ..."), and a passage begins with each."""
    counts = Counter(draft.key for draft in drafts)
    groups: list[list[int]] = []
    for index, draft in enumerate(drafts):
        if not draft.key:
            continue
        if groups and groups[-1][-1] == index - 1 and text.count("\n", drafts[index - 1].end, draft.start) < 2:
            groups[-1].append(index)
        else:
            groups.append([index])
    begins = {group[-1] + 1 for group in groups}
    for group in groups:
        records = drafts[group[0]].key in NAMES or any(counts[drafts[index].key] > 1 for index in group)
        begins.update(group[:1] if records else group)
    return [replace(draft, begins=index in begins) for index, draft in enumerate(drafts)]


def _with_lists(text: str, drafts: Sequence[_Draft]) -> list[_Draft]:
    """Joins a list with the sentence that introduces it."""
    found = list(drafts)
    spans = [(draft.start, draft.end) for draft in drafts]
    for first, last in reversed(whole_lists(text, spans, [draft.kind == "prose" for draft in drafts])):
        opening = drafts[first]
        joined = replace(opening, end=drafts[last].end, before_list=opening.end - opening.start)
        found[first : last + 1] = [joined]
    return found


def _with_turns(text: str, drafts: Sequence[_Draft], labels: Sequence[Label]) -> list[_Draft]:
    """Makes each turn of a conversation a paragraph of its speaker. What stands between two turns without a label goes
    on with the first, but for stage directions; what stands behind the last is nobody's."""
    if not labels:
        return list(drafts)
    found: list[_Draft] = []
    following, speaker, reach, open_label = 0, None, "label", False
    for draft in _cut(text, drafts, [label.start for label in labels]):
        while following < len(labels) and labels[following].start < draft.start:
            following += 1
        label = labels[following] if following < len(labels) else None
        if draft.kind != "prose":
            speaker = None if draft.kind == "heading" else speaker
        elif label is not None and label.start == draft.start:
            speaker, reach = label.speaker, label.reach
            words = strip_span(text, min(label.end, draft.end), draft.end)[0] - draft.start
            draft = replace(draft, key="")
            if speaker is not None:
                draft = replace(draft, kind="quotation", speaker=speaker, label=words)
            open_label = speaker is not None and words >= draft.end - draft.start
        elif open_label:  # the label stands alone, its words in the next paragraph
            found[-1] = replace(found[-1], end=draft.end, label=draft.start - found[-1].start)
            open_label = False
            continue
        elif (
            speaker is not None
            and (reach == "end" or (reach == "label" and label is not None))
            and not is_direction(text, draft.start, draft.end)
        ):
            draft = replace(draft, kind="quotation", speaker=speaker, label=0)
        found.append(draft)
    return found


def _cut(text: str, drafts: Sequence[_Draft], starts: Sequence[int]) -> Iterator[_Draft]:
    """The drafts, those of prose cut in two wherever a paragraph is known to begin."""
    at = 0
    for draft in drafts:
        first = draft.start
        while at < len(starts) and starts[at] < draft.end:
            if draft.kind == "prose" and first < starts[at]:
                start, end = strip_span(text, first, starts[at])
                if start < end:
                    yield replace(draft, start=start, end=end)
                first = starts[at]
            at += 1
        yield replace(draft, start=first) if first > draft.start else draft


def _with_letters(text: str, drafts: Sequence[_Draft], check: Check) -> list[_Draft]:
    marked = list(drafts)
    for letter in find_letters(text, [(draft.start, draft.end) for draft in drafts], check):
        for index in range(letter.first, letter.last + 1):
            if marked[index].kind == "prose":
                marked[index] = replace(marked[index], kind="letter", speaker=letter.signer)
    return marked


def _with_headings(text: str, drafts: Sequence[_Draft], check: Check) -> list[_Draft]:
    """Infers headings, unless the text marks its own."""
    if any(draft.heading for draft in drafts):
        return list(drafts)
    marked = list(drafts)
    spans = [(draft.start, draft.end) for draft in drafts]
    for index in find_headings(text, spans, [draft.kind != "prose" or bool(draft.key) for draft in drafts], check):
        heading = heading_text(text[slice(*spans[index])])
        marked[index] = replace(marked[index], kind="heading", heading=heading, title=index == 0)
    return marked


def _with_sections(drafts: Sequence[_Draft]) -> list[Block]:
    """Blocks with their section, the nearest heading above. The title begins none. A heading right above a letter
    holds for the letter only: behind it the section before goes on."""
    blocks: list[Block] = []
    section = outer = ""
    headed_letter = False
    for index, draft in enumerate(drafts):
        if draft.kind == "heading" and not draft.title:
            outer, section, headed_letter = section, draft.heading[:MAX_SECTION].rstrip(), False
        elif draft.kind == "letter":
            headed_letter = headed_letter or (index > 0 and drafts[index - 1].kind == "heading")
        elif headed_letter and draft.kind != "caption":
            section, headed_letter = outer, False
        blocks.append(
            Block(
                draft.start, draft.end, draft.kind, section, draft.speaker, draft.label, draft.before_list, draft.begins
            )
        )
    return blocks


def _with_notes(blocks: Sequence[Block], notes: Sequence[Span]) -> list[Block]:
    """A paragraph that is one note, full stop aside, is a note."""
    ends = dict(notes)
    return [
        replace(block, kind="note") if block.kind == "prose" and ends.get(block.start, 0) >= block.end - 1 else block
        for block in blocks
    ]
