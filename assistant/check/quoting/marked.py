"""Which words of a sentence are quoted, and where the quoter left out or put in something.

    He wrote that “[the lamp] burned … until 1884 [sic]”   ->   burned, then a gap, then until 1884

But: whether the words stand in a source is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.check.quoting.words import words_of
from ingest.deadline import unchecked
from ingest.speech.quotemarks import find_quoted
from vectorstore.types import Span

MOST_QUOTATIONS = 40
"""Of one sentence that are judged."""
CONTEXT = 4_000
"""Characters before a sentence in which a quotation may have begun."""

Gap = Literal["none", "left out", "put in"]

_SAME_LENGTH = str.maketrans("‚‛＂〝〞〟❝❞❛❜", '‘‘"“””“”‘’')
_LATEX = re.compile(r"``(?=\S)([^`\n]{1,2000}?)''")
_BLOCK = re.compile(r"(?m)^[ \t]{0,3}>[ \t>]*")
_SIGNED = re.compile(r"\n?\s*(?:[—–―]|--)\s*[^\W\d_][^\n]{0,80}\s*$")
_DOTS = r"(?:…|\.[ \u00a0]?\.[ \u00a0]?\.(?:[ \u00a0]?\.)?)"
_GAP = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS}|\[[^\[\]\n]{{0,160}}\]|\(sic!?\)", re.IGNORECASE)
_SIC = re.compile(r"[\[(]\s*(?:sic!?|!|\?|emphasis [^\[\]]*|my emphasis|italics [^\[\]]*)\s*[\])]", re.IGNORECASE)
_NOTE = re.compile(r"\[\d{1,3}(?:[,–-]\d{1,3})*\]")
_LETTERS = re.compile(r"(?P<before>\w*)\[(?P<inner>\w{1,4})\](?P<behind>\w*)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow each other in a quotation. `keys`, and their offsets in the sentence; `gap`: what the quoter
    did before them, with the words put in as `inserted`."""

    keys: tuple[str, ...]
    spans: tuple[Span, ...]
    gap: Gap = "none"
    inserted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A quotation in a sentence. `start, end`: with its marks; `inner`: without them. `pieces`: its words; `keys`: all
    words between the marks, as if every bracket and dot were the source's own. `open_before`, `open_behind`: it began
    in an earlier sentence, goes on in a later one. `tail`: what the quoter did behind the last piece."""

    start: int
    end: int
    inner: Span
    pieces: tuple[Piece, ...]
    keys: tuple[str, ...]
    open_before: bool = False
    open_behind: bool = False
    block: bool = False
    tail: Gap = "none"

    @property
    def words(self) -> int:
        return sum(len(piece.keys) for piece in self.pieces)


def marked(sentence: str, context: str = "") -> list[Marked]:
    """The outermost quotations of a sentence, in order; 40 at the most. `context`: the text before it, in which a
    quotation may have begun."""
    blocks = _block_quotes(sentence)
    if blocks:
        return blocks
    text = _one_kind(sentence)
    before = _one_kind(context[-CONTEXT:]).replace("\n", " ")
    before += " " if before else ""
    whole = before + text.replace("\n", " ")
    found: list[Marked] = []
    for quoted in find_quoted(whole, [(0, len(whole))], (), unchecked):
        start, end = quoted.start - len(before), quoted.end - len(before)
        if end > 0:
            found.append(_read(sentence, max(0, start), end, start < 0, not quoted.closed))
    first = found[0].start if found else len(text)
    closing = _closing(text[:first]) if not before else None
    if closing is not None:
        found.insert(0, _read(sentence, 0, closing + 1, True, False))
    return [one for one in found if one.pieces][:MOST_QUOTATIONS]


def inside(sentence: str, quotation: Marked) -> list[Marked]:
    """The quotations within a quotation."""
    start, end = quotation.inner
    return [_moved(one, start) for one in marked(sentence[start:end])] if not quotation.block else []


def whole(sentence: str) -> Marked | None:
    """All words of a sentence, as if they were quoted; None where there are none."""
    words = words_of(sentence)
    if not len(words):
        return None
    spans = tuple(words.span(i, i + 1) for i in range(len(words)))
    keys = tuple(words.keys)
    return Marked(0, len(sentence), (0, len(sentence)), (Piece(keys, spans),), keys)


def _moved(one: Marked, by: int) -> Marked:
    pieces = tuple(
        Piece(piece.keys, tuple((a + by, b + by) for a, b in piece.spans), piece.gap, piece.inserted)
        for piece in one.pieces
    )
    inner = (one.inner[0] + by, one.inner[1] + by)
    return Marked(
        one.start + by, one.end + by, inner, pieces, one.keys, one.open_before, one.open_behind, one.block, one.tail
    )


def _one_kind(text: str) -> str:
    """The text, of the same length, with rare quotation marks as common ones."""
    text = text.translate(_SAME_LENGTH)
    return _LATEX.sub(lambda match: f" “{match.group(1)}” ", text) if "``" in text else text


def _closing(text: str) -> int | None:
    """Where a quotation that began before the text is closed."""
    at = max(text.find("”"), text.find("»"))
    if at > 0 and not text[at - 1].isspace():
        return at
    at = text.find('"')
    behind = text[at + 1 : at + 2]
    if at > 0 and not text[at - 1].isspace() and not text[at - 1].isdigit() and not behind.isalnum():
        return at
    return None


def _block_quotes(sentence: str) -> list[Marked]:
    """The block quotes of Markdown: lines that begin with ">"."""
    if not re.match(r"\s{0,3}>", sentence) and "\n>" not in sentence:
        return []
    found: list[Marked] = []
    for match in re.finditer(r"(?m)(?:^[ \t]{0,3}>.*(?:\n|$))+", sentence):
        plain = _BLOCK.sub(lambda mark: " " * len(mark.group()), match.group())
        signed = _SIGNED.search(plain)
        end = signed.start() if signed else len(plain)
        start = len(plain) - len(plain.lstrip())
        while end > start and plain[end - 1].isspace():
            end -= 1
        if start < end:
            left, right = match.start() + start, match.start() + end
            text = sentence[: match.start()] + plain + sentence[match.end() :]
            if text[left] in '“"«„' and text[right - 1] in '”"»“':
                left, right = left + 1, right - 1
            found.append(_read_inner(text, left, right, left, right, False, False, True))
    return [one for one in found if one.pieces][:MOST_QUOTATIONS]


def _read(sentence: str, start: int, end: int, open_before: bool, open_behind: bool) -> Marked:
    first = start if open_before else start + 1
    last = end if open_behind else max(first, end - 1)
    return _read_inner(sentence, start, end, first, last, open_before, open_behind, False)


def _read_inner(
    text: str, start: int, end: int, first: int, last: int, open_before: bool, open_behind: bool, block: bool
) -> Marked:
    """The quotation whose words stand in `text[first:last]`."""
    inner = text[first:last]
    whole_words = words_of(inner)
    shown = _LETTERS.sub(_letters, inner)
    pieces: list[Piece] = []
    gap: Gap = "none"
    inserted: tuple[str, ...] = ()
    at = 0
    for match in [*_GAP.finditer(shown), None]:
        stop = match.start() if match else len(shown)
        words = words_of(shown[at:stop])
        if len(words):
            spans = tuple((first + at + a, first + at + b) for a, b in zip(words.starts, words.ends, strict=True))
            pieces.append(Piece(tuple(words.keys), spans, gap, inserted))
            gap, inserted = "none", ()
        if match is None:
            break
        at = match.end()
        if _SIC.fullmatch(match.group()) or _NOTE.fullmatch(match.group()):
            continue
        held = words_of(match.group())
        if len(held):
            gap, inserted = ("put in" if gap == "none" else gap), (*inserted, *held.keys)
        else:
            gap = "left out"
    joined = _rejoined(pieces)
    return Marked(start, end, (first, last), joined, tuple(whole_words.keys), open_before, open_behind, block, gap)


def _letters(match: re.Match[str]) -> str:
    """ "[T]he" is "The", and all of "need[ed]" is put in; of the same length."""
    before, inner, behind = match.group("before"), match.group("inner"), match.group("behind")
    if behind and not before and len(inner) == 1:
        return f"{inner}{behind}\u200b\u200b"
    return f"[{before}{inner}{behind}]"


def _rejoined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces, those between which the quoter only remarked something ("[sic]") as one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and piece.gap == "none":
            last = found[-1]
            found[-1] = Piece(last.keys + piece.keys, last.spans + piece.spans, last.gap, last.inserted)
        else:
            found.append(piece)
    return tuple(found)
