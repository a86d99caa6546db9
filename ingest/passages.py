"""A document to passages: whole sentences of one section that the embedding model can read to their end.

A paragraph is kept whole where it is not long, short neighbours are joined, a long one is cut into even parts. Only a
sentence that alone is over the model's limit is cut, at the best clause or word boundary, and nothing of it is lost.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.convert.limits import MAX_PARAGRAPHS, check
from ingest.cutting import MAX_CHARACTERS, cut_to_fit, token_counts
from ingest.deadline import Check, Stop, checking, never, unchecked
from ingest.sentences import split_sentences
from ingest.structure import find_structure
from vectorstore.embedded_text import context_prefix, embedding_text, passage_id, passage_text, sentence_text
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import (
    NOT_ANSWERS,
    Block,
    Document,
    Kind,
    Passage,
    Quotation,
    SentenceSpan,
    Span,
    Structure,
    shown_text,
)

SPLITTER_VERSION = "22"

TAG_WORDS = 9
"""How many words a sentence may have outside its quotation marks and still be speech, where it names the speaker. With
more it is prose: 'In a long letter to her brother of May 1921, Roe wrote "..."'."""
TARGET_TOKENS = 120
WHOLE_PARAGRAPH_TOKENS = 200
SHORT_PARAGRAPH_TOKENS = 60
JOINED_TOKENS = 150


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence (or part of one too long) and its length in tokens."""

    span: SentenceSpan
    tokens: int


def split_passages(document: Document, embedder: Embedder) -> list[Passage]:
    """The passages of `split_document`, where the structure is not to be stored. Raises what it raises."""
    return split_document(document, embedder)[1]


def split_document(document: Document, embedder: Embedder, stop: Stop = never) -> tuple[Structure, list[Passage]]:
    """What a document is made of, and all its passages, in order; headings and captions are passages of their own.
    `stop` is asked several times a second. Raises InputError for more paragraphs than the limit, Stopped where `stop`
    interrupted it."""
    text = shown_text(document)
    checked = checking(stop, document.title)
    structure = find_structure(text, document.format, checked)
    check(document.title, len(structure.blocks), "paragraphs", MAX_PARAGRAPHS)
    sentences = sentence_spans(text, structure, checked)
    prefixes = _prefix_tokens(document.title, structure, embedder, checked)
    pieces = _measured(text, structure, sentences, prefixes, embedder, checked)
    groups: list[tuple[str, list[SentenceSpan]]] = []
    for run in _runs(text, structure, pieces):
        section = run[0][0].section
        limit = embedder.max_tokens - prefixes[section]
        groups.extend((section, group) for group in _grouped(text, run, limit, checked))
    groups = _within_limit(document, text, groups, embedder, checked)
    return structure, _passages(document, text, groups, checked)


def sentence_spans(text: str, structure: Structure, check: Check = unchecked) -> list[list[SentenceSpan]]:
    """For each block its sentences, with what each is and who says it."""
    found: list[list[SentenceSpan]] = []
    quotation = 0
    for block in structure.blocks:
        check()
        if block.kind in NOT_ANSWERS or block.kind == "row":
            found.append([SentenceSpan(block.start, block.end, block.kind)])
            continue
        while quotation < len(structure.quotations) and structure.quotations[quotation].end <= block.start:
            quotation += 1
        end = block.end if block.before_list is None else block.start + block.before_list
        spans = split_sentences(text, block.start + (block.label or 0), end, structure.notes, check)
        if block.label and spans:
            spans[0] = (block.start, spans[0][1])
        if block.before_list is not None:
            spans[-1] = (spans[-1][0], block.end)
        found.append(list(_labelled(text, block, spans, structure, quotation, check)))
    return found


def _labelled(
    text: str, block: Block, spans: Sequence[Span], structure: Structure, first: int, check: Check
) -> Iterator[SentenceSpan]:
    note = bisect_left(structure.notes, (block.start, 0))
    for start, end in spans:
        check()
        if block.kind == "letter" or block.label is not None:
            yield SentenceSpan(start, end, block.kind, block.speaker)
            continue
        while note < len(structure.notes) and structure.notes[note][1] <= start:
            note += 1
        if note < len(structure.notes) and structure.notes[note][0] <= start and end <= structure.notes[note][1] + 1:
            yield SentenceSpan(start, end, "note")
            continue
        while first < len(structure.quotations) and structure.quotations[first].end <= start:
            first += 1
        is_speech, speaker = _speech(text, structure.quotations, first, start, end)
        if is_speech:
            yield SentenceSpan(start, end, "quotation", speaker)
        else:
            yield SentenceSpan(start, end, "prose" if block.kind == "quotation" else block.kind)


def _speech(text: str, quotations: Sequence[Quotation], first: int, start: int, end: int) -> tuple[bool, str | None]:
    """Whether a sentence is speech, and who says most of it. It is where at least half of it is quoted, unless the
    rest names the speaker and has more than TAG_WORDS words."""
    said: Counter[str | None] = Counter()
    own, at = [], start
    for index in range(first, len(quotations)):
        quotation = quotations[index]
        if quotation.start >= end:
            break
        said[quotation.speaker] += min(end, quotation.end) - max(start, quotation.start)
        own.append(text[at : max(at, quotation.start)])
        at = max(at, quotation.end)
    if 2 * said.total() < end - start:
        return False, None
    speaker = max(said, key=lambda speaker: said[speaker])
    own_words = [word.casefold() for word in re.findall(r"\w+", " ".join([*own, text[at:end]]))]
    names_speaker = speaker is None or speaker.split()[-1].casefold() in own_words
    return len(own_words) <= TAG_WORDS or not names_speaker, speaker


def _prefix_tokens(title: str, structure: Structure, embedder: Embedder, check: Check) -> dict[str, int]:
    """For each section the tokens that title, section and the model's special tokens take."""
    sections = list(dict.fromkeys(block.section for block in structure.blocks))
    counts = token_counts(embedder, [context_prefix(title, section) for section in sections], check)
    return dict(zip(sections, counts, strict=True))


def _measured(
    text: str,
    structure: Structure,
    sentences: list[list[SentenceSpan]],
    prefixes: dict[str, int],
    embedder: Embedder,
    check: Check,
) -> list[list[_Piece]]:
    """Sentences with their lengths; those over the limit cut."""
    empty = embedder.count_tokens([""])[0]
    counts = token_counts(embedder, (_counted(text, span) for spans in sentences for span in spans), check)
    measured: list[list[_Piece]] = []
    for block, spans in zip(structure.blocks, sentences, strict=True):
        limit = max(8, embedder.max_tokens - prefixes[block.section])
        pieces: list[_Piece] = []
        for span in spans:
            tokens = next(counts) - empty
            for start, end, size in cut_to_fit(text, span.start, span.end, tokens, limit, embedder, check):
                pieces.append(_Piece(SentenceSpan(start, end, span.kind, span.speaker), size))
        measured.append(pieces)
    return measured


def _counted(text: str, span: SentenceSpan) -> str:
    """What is embedded of a sentence, as far as it counts: what is longer will be cut in any case."""
    if span.kind == "row":
        return sentence_text(text, span, spelt_out=True)[: MAX_CHARACTERS + 1]
    return text[span.start : min(span.end, span.start + MAX_CHARACTERS + 1)]


def _runs(text: str, structure: Structure, pieces: list[list[_Piece]]) -> Iterator[list[tuple[Block, list[_Piece]]]]:
    """Runs of neighbouring blocks that may share passages. A run ends where the section changes, at a heading or
    caption, at either end of a letter, and between quotations of different speakers, but for questions in a
    conversation."""
    run: list[tuple[Block, list[_Piece]]] = []
    for block, own in zip(structure.blocks, pieces, strict=True):
        if not own:
            continue
        if run and not _joins(text, run[-1][0], block):
            yield run
            run = []
        run.append((block, own))
    if run:
        yield run


def _joins(text: str, before: Block, block: Block) -> bool:
    if block.begins or before.section != block.section or before.kind in NOT_ANSWERS or block.kind in NOT_ANSWERS:
        return False
    if "row" in (before.kind, block.kind):
        return before.kind == block.kind
    if before.kind == block.kind == "quotation":  # in a conversation a question stands with its answer
        asked = None not in (before.label, block.label) and text[before.end - 1] == "?"
        return before.speaker == block.speaker or asked
    if "letter" in (before.kind, block.kind):
        return before.kind == block.kind and before.speaker == block.speaker
    return True


def _grouped(
    text: str, run: list[tuple[Block, list[_Piece]]], limit: int, check: Check
) -> Iterator[list[SentenceSpan]]:
    """The sentences of a run in groups, one for each passage; a short lead-in goes with what it introduces."""
    pending: list[_Piece] = []
    lead: list[_Piece] = []
    for index, (block, own) in enumerate(run):
        pieces, lead = lead + own, []
        size, total = _size(pending), _size(pieces)
        if text[block.end - 1] == ":" and total <= SHORT_PARAGRAPH_TOKENS and index + 1 < len(run):
            lead = pieces
            continue
        short = size <= SHORT_PARAGRAPH_TOKENS or total <= SHORT_PARAGRAPH_TOKENS
        if pending and short and size + total <= min(JOINED_TOKENS, limit):
            pending = pending + pieces
            continue
        if pending:
            yield from _parts(pending, limit, check)
        pending = pieces
    if pending:
        yield from _parts(pending, limit, check)


def _parts(pieces: list[_Piece], limit: int, check: Check) -> Iterator[list[SentenceSpan]]:
    """A paragraph whole where it fits, else in even parts: the cuts that keep the parts closest to their share."""
    total = _size(pieces)
    if total <= min(WHOLE_PARAGRAPH_TOKENS, limit):
        yield [piece.span for piece in pieces]
        return
    share = total / max(2, round(total / min(TARGET_TOKENS, limit)), -(-total // max(limit, 1)))
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(1, len(pieces) + 1):
        check()
        size, options = 0, []
        for first in range(last - 1, -1, -1):
            size += pieces[first].tokens
            if first < last - 1 and (size > limit or size > 2 * share):
                break
            options.append((best[first][0] + (size - share) ** 2, first))
        best.append(min(options))
    cuts, last = [len(pieces)], len(pieces)
    while last:
        last = best[last][1]
        cuts.append(last)
    cuts.reverse()
    for first, after in pairwise(cuts):
        yield [piece.span for piece in pieces[first:after]]


def _size(pieces: Sequence[_Piece]) -> int:
    return sum(piece.tokens for piece in pieces)


def _within_limit(
    document: Document, text: str, groups: list[tuple[str, list[SentenceSpan]]], embedder: Embedder, check: Check
) -> list[tuple[str, list[SentenceSpan]]]:
    """Halves every group that is over the limit after all: in some models a text has more tokens than its parts."""
    checked: list[tuple[str, list[SentenceSpan]]] = []
    pending = list(groups)
    while pending:
        texts = [embedding_text(document.title, section, passage_text(text, spans)) for section, spans in pending]
        fits = [count <= embedder.max_tokens for count in token_counts(embedder, texts, check)]
        over = [group for group, fit in zip(pending, fits, strict=True) if not fit]
        checked.extend(group for group, fit in zip(pending, fits, strict=True) if fit)
        pending = []
        for section, spans in over:
            halves = _halves(text, spans)
            if len(halves) == 1:
                checked.append((section, spans))
            pending.extend((section, half) for half in halves if len(halves) > 1)
    return sorted(checked, key=lambda group: group[1][0].start)


def _halves(text: str, spans: list[SentenceSpan]) -> list[list[SentenceSpan]]:
    if len(spans) > 1:
        middle = len(spans) // 2
        return [spans[:middle], spans[middle:]]
    span = spans[0]
    middle = (span.start + span.end) // 2
    if span.kind == "row":  # between two cells, where there are several
        middle = max(text.find("|", middle, span.end - 1), middle)
    if middle == span.start:
        return [spans]
    first, second = text[span.start : middle].rstrip(), text[middle : span.end].lstrip()
    if not first or not second:
        return [spans]
    return [
        [SentenceSpan(span.start, span.start + len(first), span.kind, span.speaker)],
        [SentenceSpan(span.end - len(second), span.end, span.kind, span.speaker)],
    ]


def _passages(
    document: Document, text: str, groups: list[tuple[str, list[SentenceSpan]]], check: Check
) -> list[Passage]:
    seen: Counter[str] = Counter()
    passages: list[Passage] = []
    for section, spans in groups:
        check()
        start, end = spans[0].start, spans[-1].end
        embedded = embedding_text(document.title, section, passage_text(text, spans))
        identity = passage_id(document.id, embedded, seen[embedded])
        seen[embedded] += 1
        kind, speaker = _majority(spans)
        passages.append(Passage(identity, document.id, start, end, section, kind, speaker, tuple(spans)))
    return passages


def _majority(spans: Sequence[SentenceSpan]) -> tuple[Kind, str | None]:
    """The kind of most characters, and the speaker of most characters of that kind."""
    kinds: Counter[Kind] = Counter()
    for span in spans:
        kinds[span.kind] += span.end - span.start
    kind = max(kinds, key=lambda key: kinds[key])
    speakers: Counter[str | None] = Counter()
    for span in spans:
        if span.kind == kind:
            speakers[span.speaker] += span.end - span.start
    return kind, max(speakers, key=lambda key: speakers[key])
