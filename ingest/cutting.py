"""Cuts a sentence that is too long for the embedding model, at the end of a clause or else of a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.deadline import Check
from ingest.layout.paragraphs import strip_span
from vectorstore.embedding.embedder import Embedder
from vectorstore.folding import folded
from vectorstore.types import Span

MAX_CHARACTERS = 2_000
ATOM = 24
COUNTED = 5_000
COUNTED_CHARACTERS = 40_000
WORDS = re.compile(r"\S+")
CLAUSE_ENDS = ",;:，；：、–—|"


def cut_to_fit(
    text: str, start: int, end: int, tokens: int, limit: int, embedder: Embedder, check: Check
) -> Iterator[tuple[int, int, int]]:
    """Pieces (start, end, tokens) of at most `limit` tokens and 2,000 characters that hold all of `text[start:end]`
    that is not blank; the whole span, where it fits."""
    if tokens <= limit and end - start <= MAX_CHARACTERS:
        yield start, end, tokens
        return
    atoms = list(_atoms(text, start, end, check))
    empty = embedder.count_tokens([""])[0]
    sizes = [count - empty for count in span_tokens(embedder, text, atoms, check)]
    parts = max(-(-sum(sizes) // limit), -(-(end - start) // MAX_CHARACTERS))
    aim = max(1, min(limit, -(-sum(sizes) * 5 // (parts * 4))))
    first = 0
    while first < len(atoms):
        check()
        after = _longest(atoms, sizes, first, aim)
        after = _clause_end(text, atoms, first, after)
        piece = strip_span(text, atoms[first][0], atoms[after - 1][1])
        yield piece[0], piece[1], sum(sizes[first:after])
        first = after


def span_tokens(embedder: Embedder, text: str, spans: Sequence[Span], check: Check) -> Iterator[int]:
    """The length of each span in tokens. A span of more than 2,000 characters will be cut in any case and is counted
    to there only."""
    return token_counts(embedder, (text[start : min(end, start + MAX_CHARACTERS + 1)] for start, end in spans), check)


def token_counts(embedder: Embedder, texts: Iterable[str], check: Check) -> Iterator[int]:
    """The length of each text in tokens, as it is searched. They are counted in batches of bounded size: a tokenizer
    takes a hundred times the memory of its texts, and cannot be interrupted."""
    part: list[str] = []
    characters = 0
    for text in map(folded, texts):
        part.append(text)
        characters += len(text)
        if len(part) >= COUNTED or characters >= COUNTED_CHARACTERS:
            check()
            yield from embedder.count_tokens(part)
            part, characters = [], 0
    if part:
        check()
        yield from embedder.count_tokens(part)


def _atoms(text: str, start: int, end: int, check: Check) -> Iterator[Span]:
    """Words, the longest ones in parts, no part beginning with a combining mark where that can be helped."""
    for match in WORDS.finditer(text, start, end):
        at = match.start()
        check()
        while match.end() - at > 2 * ATOM:
            cut = at + ATOM
            while cut < at + 2 * ATOM - 1 and not text[cut].isalnum():
                cut += 1
            yield at, cut
            at = cut
        yield at, match.end()


def _longest(atoms: list[Span], sizes: list[int], first: int, aim: int) -> int:
    """Index after the last atom that still fits."""
    size, after = sizes[first], first + 1
    while after < len(atoms) and size + sizes[after] <= aim and atoms[after][1] - atoms[first][0] <= MAX_CHARACTERS:
        size += sizes[after]
        after += 1
    return after


def _clause_end(text: str, atoms: list[Span], first: int, after: int) -> int:
    """Moves the cut back to the end of a clause, at most to the middle of the piece; never inside a word if the piece
    holds a blank in its second half."""
    if after == len(atoms):
        return after
    for cut in range(after, first + (after - first) // 2, -1):
        if text[atoms[cut - 1][1] - 1] in CLAUSE_ENDS:
            return cut
    for cut in range(after, first + (after - first) // 2, -1):
        if atoms[cut - 1][1] < atoms[cut][0]:
            return cut
    return after
