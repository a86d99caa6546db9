"""Which quoted words are somebody's speech, and whose.

Speech is told from titles and scare quotes by its length, its punctuation and the words around it; its speaker is
read from the tag behind it, the words that lead to it, the source note or signature under it, or, for speech
that goes on, from the speech before.

But: it never guesses. Where the text names nobody, or names somebody in a way that is not understood, the speaker is
None.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.deadline import Check
from ingest.layout.headings import SMALL
from ingest.layout.letters import has_date
from ingest.speech.context import Paragraph, resolve
from ingest.speech.names import Token, is_name, name_from, tokenize
from ingest.speech.quotemarks import Quoted, find_quoted
from ingest.speech.speakers import lead_speaker, tag_after
from ingest.speech.subjects import Reference
from ingest.speech.vocabulary import NOT_NAMES, SOURCE_WORDS
from vectorstore.types import Block, Quotation, Span

FEW_WORDS = 3
PHRASE = 5
LONG_PHRASE = 8
LONG_SPEECH = 12
"""Words of a quotation. With fewer than PHRASE it is speech inside a sentence only if it reads like a sentence; from
LONG_PHRASE on it is speech even if nobody is named, from LONG_SPEECH on even if no full stop ends it."""
MAX_TAG = 200
MAX_LEAD = 1_000
_MOST_MARKS = 40
SENTENCE_END = ".!?…。！？"
ATTRIBUTION = re.compile(r"(?:[—–―]|--?)?\s*(?=[^\W\d_])")
NAMED_AS = re.compile(r"\b(?:as|that)\s*(?:the|a|an)?\s*$")
ATTRIBUTED = re.compile(r"(?:>\s*)*(?:[—–―]|--?)\s*[^\W\d_]")
SAYS = re.compile(r"[^\W_]|\x01")
KNOWN_AS = re.compile(r"\b(?:known as|entitled|titled|called|headed)\s*,?\s*$")


def find_quotations(
    text: str,
    blocks: Sequence[Block],
    notes: Sequence[Span],
    starts: Sequence[int],
    block_quotes: Collection[int],
    check: Check,
) -> tuple[list[Block], list[Quotation]]:
    """The blocks and the quotations that are speech, in order. A block of nothing but speech becomes a "quotation"
    with its speaker, a signature under one a "note". `starts`: where the words of each block begin, behind list
    markers. `block_quotes`: indexes of the blocks that are quoted by mark-up; they are speech where they hold quotation
    marks, a colon introduces them or a signature follows."""
    spans = [(start, block.end) if block.kind == "prose" else None for start, block in zip(starts, blocks, strict=True)]
    quoted = find_quoted(text, spans, _spoken_block_quotes(text, blocks, spans, block_quotes), check)
    reader = _Reader(text, blocks, spans, quoted, notes, check)
    reader.read()
    quotations = [
        Quotation(quote.start, quote.end, reader.spoken[quote.start])
        for quote in reader.quoted
        if quote.start in reader.spoken
    ]
    return reader.relabelled(), quotations


def _is_empty(text: str, block: Block) -> bool:
    """Whether a block holds the marks of lines that are quoted, and nothing else."""
    return block.end - block.start <= _MOST_MARKS and not text[block.start : block.end].strip("> \t\n")


def _spoken_block_quotes(
    text: str, blocks: Sequence[Block], spans: Sequence[Span | None], block_quotes: Collection[int]
) -> set[int]:
    """The block quotes that a colon introduces or that a dash and a name follow; neighbours count as one."""
    spoken: set[int] = set()
    runs: list[list[int]] = []
    for index in sorted(block_quotes):
        span = spans[index]
        if span is None or ATTRIBUTED.match(text, *span):
            continue
        if runs and not any(spans[runs[-1][-1] + 1 : index]):
            runs[-1].append(index)
        else:
            runs.append([index])
    for run in runs:
        before = spans[run[0] - 1] if run[0] else None
        after = next(
            (spans[index] for index in range(run[-1] + 1, len(spans)) if not _is_empty(text, blocks[index])), None
        )
        if (before and text[before[1] - 1] == ":") or (after and ATTRIBUTED.match(text, *after)):
            spoken.update(run)
    return spoken


class _Reader:
    """Goes through the quotations of a text in order. `spoken`: the speaker (or None) of those that are speech, by the
    offset of the quotation."""

    def __init__(
        self,
        text: str,
        blocks: Sequence[Block],
        spans: Sequence[Span | None],
        quoted: list[Quoted],
        notes: Sequence[Span],
        check: Check,
    ) -> None:
        self.text = text
        self.blocks = blocks
        self.quoted = quoted
        self.spoken: dict[int, str | None] = {}
        self._tagged: dict[int, int] = {}  # quotations tagged from behind: offset of the end of the tag
        self._attributions: set[int] = set()
        self._paragraphs: dict[int, Paragraph] = {}
        self._spans = spans
        self._prose = [index for index, span in enumerate(spans) if span is not None]
        self._notes = notes
        self._check = check
        self._block_ends = [block.end for block in blocks]
        by_paragraph: dict[int, list[Quoted]] = {}
        for quote in quoted:
            by_paragraph.setdefault(quote.paragraph, []).append(quote)
        self._by_paragraph = by_paragraph

    def read(self) -> None:
        for index in range(len(self.quoted)):
            self._check()
            self._read(index)
        self._spread_over_chains()
        self._read_attributions()

    def relabelled(self) -> list[Block]:
        """Blocks with their kinds as the quotations make them."""
        found: list[Block] = []
        for index, block in enumerate(self.blocks):
            self._check()
            if index in self._attributions:
                block = replace(block, kind="note")
            elif index in self._by_paragraph and all(q.start in self.spoken for q in self._by_paragraph[index]):
                paragraph = self._paragraph(index)
                if paragraph.is_quotation():
                    block = replace(block, kind="quotation", speaker=self.spoken[paragraph.quoted[0].start])
            found.append(block)
        return found

    def _paragraph(self, index: int) -> Paragraph:
        if index not in self._paragraphs:
            span = self._spans[index] or (0, 0)
            first = bisect_left(self._notes, (span[0], 0))
            last = bisect_left(self._notes, (span[1], 0))
            own = self._by_paragraph.get(index, [])
            self._paragraphs[index] = Paragraph(self.text, span, own, self._notes[first:last], self._check)
        return self._paragraphs[index]

    def _before(self, index: int) -> Paragraph | None:
        """The paragraph of prose before, in the same section."""
        place = bisect_left(self._prose, index)
        if not place or self.blocks[self._prose[place - 1]].section != self.blocks[index].section:
            return None
        return self._paragraph(self._prose[place - 1])

    def _read(self, index: int) -> None:
        """Finds out whether a quotation is speech, and whose."""
        quote = self.quoted[index]
        if quote.chain != index:
            if self.quoted[quote.chain].start in self.spoken:
                self.spoken[quote.start] = None
                self._read_tag(index, quote, self._paragraph(quote.paragraph), leads=True)
            return
        paragraph = self._paragraph(quote.paragraph)
        before = self._before(quote.paragraph)
        place = paragraph.sentence_at(quote.start)
        first = max(paragraph.sentences[place][0], quote.start - MAX_LEAD)
        lead = paragraph.masked[first - paragraph.start : quote.start - paragraph.start]
        previous = self.quoted[index - 1] if index and self.quoted[index - 1].paragraph == quote.paragraph else None
        leads = not SAYS.search(lead) or self._goes_on(previous, quote)
        if not quote.closed and not leads and not lead.rstrip().endswith((":", ",")):
            return
        if self._read_tag(index, quote, paragraph, leads):
            return
        if self._goes_on(previous, quote) and previous is not None:
            if self._sentence_like(quote) or lead.rstrip().endswith((",", "\x01")):
                self.spoken[quote.start] = self.spoken[previous.start]
                self._tagged[quote.start] = quote.end
        elif leads:
            self._read_opening(quote, paragraph, before, place)
        else:
            self._read_led(quote, paragraph, before, place, lead, previous)

    def _read_tag(self, index: int, quote: Quoted, paragraph: Paragraph, leads: bool) -> bool:
        """Reads the tag behind a quotation, as in “Come home,” said Roe; True where there is one."""
        if not quote.closed:
            return False
        following = self.quoted[index + 1].start if index + 1 < len(self.quoted) else len(self.text)
        tokens = paragraph.tokens(quote.end, min(following, paragraph.end, quote.end + MAX_TAG))
        last = self.text[quote.end - 2]
        if self._words(quote) < FEW_WORDS and last not in ",.!?…—" and not (tokens and tokens[0].text == ","):
            return False
        tag = tag_after(tokens, comma=leads and last in ",!?…—")
        if tag is None or (not leads and self._title_like(quote)):
            return False
        reference, after = tag
        if not leads and not self._verb_first(tokens, reference):
            return False
        self.spoken[quote.start] = resolve(reference, paragraph, self._before(quote.paragraph), self.spoken)
        self._tagged[quote.start] = tokens[after].start if after < len(tokens) else paragraph.end
        return True

    @staticmethod
    def _verb_first(tokens: Sequence[Token], reference: Reference) -> bool:
        """Whether words stand between the quotation and the speaker: ", said X" and not ", X said"."""
        return next((token.start < reference.start for token in tokens if token.text[0].isalnum()), False)

    def _goes_on(self, previous: Quoted | None, quote: Quoted) -> bool:
        """Whether the quotation continues one interrupted by its tag: “A,” said X. “B.”"""
        if previous is None or previous.start not in self._tagged:
            return False
        between = self.text[previous.end : quote.start]
        if len(between) > MAX_TAG or (
            quote.start < self._tagged[previous.start] and previous.end != self._tagged[previous.start]
        ):
            return False
        if previous.end == self._tagged[previous.start]:
            return not any(c.isalnum() for c in between)
        stops = [
            at for at, c in enumerate(between.rstrip()) if c in ".!?" and between[at + 1 : at + 2] in (" ", "\n", "")
        ]
        return not stops or stops == [len(between.rstrip()) - 1]

    def _read_opening(self, quote: Quoted, paragraph: Paragraph, before: Paragraph | None, place: int) -> None:
        """A quotation that opens a sentence and has no tag."""
        opens_paragraph = place == 0
        led = opens_paragraph and before is not None and self.text[before.end - 1] == ":"
        if not led and not self._sentence_like(quote) and self._words(quote) < LONG_PHRASE:
            return
        if self._title_like(quote):
            return
        speaker: str | None = None
        if led and before is not None:
            start, end = before.sentences[-1]
            start = max(start, end - MAX_LEAD)
            speaker = self._resolved(lead_speaker(before.tokens(start, end), direct=True), before)
        elif not opens_paragraph and paragraph.quoted_sentence(place - 1) is None and not paragraph.is_note(place - 1):
            speaker = self._introduced(paragraph, place - 1)
        elif opens_paragraph and before is not None and self._words(quote) >= LONG_SPEECH:
            speaker = self._carried_over(before)
        self.spoken[quote.start] = speaker or self._noted(quote, paragraph)

    def _resolved(self, reference: Reference | None, paragraph: Paragraph) -> str | None:
        index = bisect_right(self._block_ends, paragraph.start)
        return resolve(reference, paragraph, self._before(index), self.spoken)

    def _introduced(self, paragraph: Paragraph, place: int) -> str | None:
        """The speaker whom the sentence before introduces, or the document it names."""
        start, end = paragraph.sentences[place]
        start = max(start, end - MAX_LEAD)
        reference = lead_speaker(paragraph.tokens(start, end), direct=False)
        if reference is not None:
            return self._resolved(reference, paragraph)
        for quote in paragraph.quoted[paragraph.first_quoted(start) :]:
            if quote.start >= end:
                break
            if quote.closed and KNOWN_AS.search(self.text[max(start, quote.start - 20) : quote.start]):
                return " ".join(self.text[quote.start + 1 : quote.end - 1].split())
        return None

    def _carried_over(self, before: Paragraph) -> str | None:
        """The speaker of the paragraph before, where that ends in speech with its tag, or introduces speech."""
        if before.quoted and before.quoted[-1].start in self._tagged and not self._more_than_tag(before):
            return self.spoken[before.quoted[-1].start]
        if before.quoted_sentence(len(before.sentences) - 1) is not None:
            return None
        return self._introduced(before, len(before.sentences) - 1)

    def _more_than_tag(self, before: Paragraph) -> bool:
        """Whether the paragraph says more than quotations and their tags."""
        after = self._tagged[before.quoted[-1].start]
        return len(self.text[after : before.end].split()) > PHRASE or before.quoted[0].start != before.start

    def _read_led(
        self,
        quote: Quoted,
        paragraph: Paragraph,
        before: Paragraph | None,
        place: int,
        lead: str,
        previous: Quoted | None,
    ) -> None:
        """A quotation inside a sentence, or led to by a colon."""
        words = self._words(quote)
        direct = lead.rstrip().endswith(":")
        if self._title_like(quote):
            return
        spoken = self._sentence_like(quote) and (direct or lead.rstrip().endswith(","))
        if not spoken and words < (PHRASE - 1 if NAMED_AS.search(lead) else PHRASE):
            return
        start = max(paragraph.sentences[place][0], quote.start - MAX_LEAD)
        reference = lead_speaker(paragraph.tokens(start, quote.start), direct)
        speaker = resolve(reference, paragraph, before, self.spoken)
        if reference is None and previous is not None and previous.start >= start and not direct:
            speaker = self.spoken.get(previous.start)
        speaker = speaker or self._noted(quote, paragraph)
        if speaker or direct or words >= LONG_PHRASE:
            self.spoken[quote.start] = speaker

    def _noted(self, quote: Quoted, paragraph: Paragraph) -> str | None:
        """The author that a source note right behind the quotation names."""
        place = bisect_left(self._notes, (quote.end, 0))
        if place == len(self._notes):
            return None
        start, end = self._notes[place]
        if start >= paragraph.end or self.text[quote.end : start].strip(" \t\n.,"):
            return None
        return _author(self.text, start + 1, end - 1, must_end=True)

    def _spread_over_chains(self) -> None:
        """Gives all paragraphs of a quotation the first speaker that any of them names."""
        named: dict[int, str] = {}
        for quote in self.quoted:
            if quote.start in self.spoken:
                speaker = self.spoken[quote.start] or self._noted(quote, self._paragraph(quote.paragraph))
                if speaker and quote.chain not in named:
                    named[quote.chain] = speaker
        for quote in self.quoted:
            if quote.start in self.spoken and quote.chain in named:
                self.spoken[quote.start] = named[quote.chain]

    def _read_attributions(self) -> None:
        """ "Jane Roe, 4 May 1921" under quoted paragraphs, or behind a dash at the end of one."""
        for number, index in enumerate(self._prose):
            self._check()
            if number == 0 or self._by_paragraph.get(index):
                continue
            start, end = self._spans[index] or (0, 0)
            if end - start > 100 or self.text[end - 1] in ".:!?":
                continue
            dash = ATTRIBUTION.match(self.text, start, end)
            if dash is None:
                continue
            must_end = dash.end() == start and not has_date(self.text[start:end])
            name = _author(self.text, dash.end(), end, must_end)
            if name and self._attribute(number, name):
                self._attributions.add(index)

    def _attribute(self, number: int, name: str) -> bool:
        """Gives the quoted paragraphs right before the attribution their speaker."""
        given = False
        for index in reversed(self._prose[:number]):
            quotes = self._by_paragraph.get(index, [])
            if not quotes or not self._paragraph(index).is_quotation():
                return given
            if any(self.spoken.get(quote.start) for quote in quotes):
                return given
            self.spoken.update((quote.start, name) for quote in quotes)
            given = True
        return given

    def _inner(self, quote: Quoted) -> str:
        return self.text[quote.start + 1 : quote.end - 1 if quote.closed else quote.end].strip()

    def _words(self, quote: Quoted) -> int:
        inner = self._inner(quote)
        if inner[:1].lower() == inner[:1].upper() and inner[:1].isalpha():
            return len(inner) // 2  # scripts without case are mostly scripts without blanks
        return len(inner.split())

    def _sentence_like(self, quote: Quoted) -> bool:
        inner = self._inner(quote)
        if not inner or inner[0].islower():
            return False
        return inner.rstrip("’'\"”»)")[-1:] in SENTENCE_END or self._words(quote) >= LONG_SPEECH

    def _title_like(self, quote: Quoted) -> bool:
        inner = self._inner(quote)
        if not inner or inner[-1] in ".!?…," or len(inner) > 150:
            return False
        weighty = [word for word in inner.split() if word.lower() not in SMALL and word[0].isalpha()]
        return (
            all(word[0].isupper() for word in weighty) and inner[0].lower() != inner[0].upper() and inner[0].isupper()
        )


def _author(text: str, start: int, end: int, must_end: bool) -> str | None:
    """The name that opens a source note or signature; `must_end`: a comma, bracket or the end has to follow it."""
    tokens = tokenize(text[start:end], start)
    if not tokens or not is_name(tokens, 0) or tokens[0].low in SOURCE_WORDS | NOT_NAMES:
        return None
    after = name_from(tokens, 0)
    if after > 5 or tokens[after - 1].possessive:
        return None
    if must_end and after < len(tokens) and tokens[after].text not in ",(":
        return None
    return " ".join(text[tokens[0].start : tokens[after - 1].end].split())
