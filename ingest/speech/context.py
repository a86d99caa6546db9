"""The text around quotations: its sentences and tokens, and whom a pronoun in it stands for.

But: the words inside longer quotations are not read.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from ingest.deadline import Check
from ingest.sentences import split_sentences
from ingest.speech.names import MASK, Token, fits_pronoun, is_name, name_from, tokenize, with_article
from ingest.speech.quotemarks import Quoted
from ingest.speech.subjects import Reference, main_subject
from ingest.speech.vocabulary import DOCUMENTS
from vectorstore.types import Span

LOOK_BACK = 4
MAX_SENTENCE = 1_000
UNMASKED_WORDS = 9
ROUND_BRACKETS = re.compile(r"\([^()]{0,300}\)")
BLANK = re.compile(r"\s")
ANY_MARK = re.compile('[“”„‟"«»‹›「」『』]')


class Paragraph:
    """One paragraph with its quotations. Longer quotations and everything in brackets are blanked out, so that their
    words are not taken for the paragraph's own; quoted titles and single words are kept."""

    def __init__(self, text: str, span: Span, quoted: Sequence[Quoted], notes: Sequence[Span], check: Check) -> None:
        self.text = text
        self.start, self.end = span
        self.quoted = quoted
        self._notes = notes
        self._check = check

    @cached_property
    def masked(self) -> str:
        """The paragraph's text, of the same length: longer quotations as MASK, everything in brackets as blanks."""
        stretches = sorted([(q.start, q.end, self._stand_in(q)) for q in self.quoted] + [(*n, "") for n in self._notes])
        parts: list[str] = []
        at = self.start
        for start, end, stand_in in stretches:
            self._check()
            first, last = max(start, at), min(end, self.end)
            if first < last:
                parts.append(self.text[at:first])
                parts.append(stand_in if stand_in and first == start else " " * (last - first))
                at = last
        parts.append(self.text[at : self.end])
        return ROUND_BRACKETS.sub(lambda match: " " * len(match.group()), "".join(parts))

    def _stand_in(self, quote: Quoted) -> str:
        """What stands for a quotation in `masked`: its own words if they are few, else one MASK for each character."""
        inner = self.text[quote.start + 1 : quote.end - 1]
        few = len(inner) < 120 and len(inner.split()) <= UNMASKED_WORDS and quote.closed
        if few and (inner[:1].isupper() or " " not in inner):
            return f" {inner} "
        return MASK * (quote.end - quote.start)

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences; one that full stops within its brackets had divided is made whole again."""
        joined: list[Span] = []
        for start, end in split_sentences(self.text, self.start, self.end, self._notes, self._check):
            note = self._note_around(start)
            if joined and note is not None and joined[-1][0] < note[0] < start and note[1] < end:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined

    def _note_around(self, offset: int) -> Span | None:
        """The note within which an offset lies."""
        place = bisect_right(self._notes, (offset, len(self.text))) - 1
        return self._notes[place] if place >= 0 and offset < self._notes[place][1] else None

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence that holds `offset`."""
        return min(bisect_right(self._sentence_ends, offset), len(self.sentences) - 1)

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [end for _, end in self.sentences]

    def first_quoted(self, offset: int) -> int:
        """Index of the first quotation that ends behind `offset`."""
        return bisect_right(self._quoted_ends, offset)

    @cached_property
    def _quoted_ends(self) -> list[int]:
        return [quote.end for quote in self.quoted]

    def tokens(self, start: int, end: int) -> list[Token]:
        """Tokens between two offsets into the document. The paragraph is tokenized once; only the words at both ends,
        which an offset may cut through, are tokenized again. This works because no token holds a blank."""
        stretch = self.masked[start - self.start : end - self.start]
        blank = BLANK.search(stretch)
        if blank is None:
            return tokenize(stretch, start)
        first, last = blank.start(), len(stretch) - 1
        while not stretch[last].isspace():
            last -= 1
        whole, starts = self._tokens
        inner = whole[bisect_left(starts, start + first) : bisect_left(starts, start + last)]
        return [*tokenize(stretch[: first + 1], start), *inner, *tokenize(stretch[last:], start + last)]

    @cached_property
    def _tokens(self) -> tuple[list[Token], list[int]]:
        tokens = tokenize(self.masked, self.start, self._check)
        return tokens, [token.start for token in tokens]

    def quoted_sentence(self, index: int) -> Quoted | None:
        """The quotation that holds all of a sentence but a few characters."""
        start, end = self.sentences[index]
        place = self.first_quoted(start)
        if place == len(self.quoted):
            return None
        quote = self.quoted[place]
        return quote if quote.start <= start + 2 and end <= quote.end + 2 else None

    def is_note(self, index: int) -> bool:
        """Whether a sentence lies within a bracketed note."""
        start, end = self.sentences[index]
        note = self._note_around(start)
        return note is not None and end <= note[1] + 1

    def is_quotation(self) -> bool:
        """Whether the paragraph holds nothing but quoted words and notes."""
        at, left = 0, []
        for quote in self.quoted:
            left.append(self.masked[at : quote.start - self.start])
            at = quote.end - self.start
        left.append(self.masked[at:])
        return bool(self.quoted) and not any(map(str.isalnum, "".join(left)))

    def named(self, reference: Reference) -> str:
        """The name as the text gives it, quotation marks and line wraps aside."""
        words = ANY_MARK.sub("", self.text[reference.start : reference.end])
        return " ".join(words.split())


def resolve(
    reference: Reference | None,
    paragraph: Paragraph,
    before: Paragraph | None,
    spoken: Mapping[int, str | None],
) -> str | None:
    """The name that a reference stands for, None where that is in doubt. For the "she" of "Jane Roe rose. She said" it
    is found in the sentences before: "Jane Roe". `spoken`: speakers found so far, by the offset of their quotation."""
    if reference is None:
        return None
    if not reference.pronoun:
        return paragraph.named(reference)
    index = paragraph.sentence_at(reference.start)
    first = max(paragraph.sentences[index][0], reference.start - MAX_SENTENCE)
    own = main_subject(paragraph.tokens(first, reference.start))
    if own is not None and not own.pronoun and fits_pronoun(paragraph.named(own), reference.pronoun):
        return paragraph.named(own)
    for where, sentence in islice(_sentences_before(paragraph, index, before), LOOK_BACK):
        found, settled = _subject_named(where, sentence, reference.pronoun, spoken)
        if settled:
            return found
    return None


def _sentences_before(paragraph: Paragraph, index: int, before: Paragraph | None) -> Iterator[tuple[Paragraph, int]]:
    """The sentences before, nearest first and without notes: of this paragraph, then of the one before it."""
    for where, last in ((paragraph, index), (before, len(before.sentences) if before else 0)):
        if where is not None:
            yield from ((where, place) for place in range(last - 1, -1, -1) if not where.is_note(place))


def _subject_named(
    paragraph: Paragraph, index: int, pronoun: str, spoken: Mapping[int, str | None]
) -> tuple[str | None, bool]:
    """(name, settled): whom a pronoun of the next sentence stands for. `settled` is False where this sentence has the
    same pronoun as its subject, so that the one before it has to tell."""
    quote = paragraph.quoted_sentence(index)
    if quote is not None:
        name = spoken.get(quote.start)
        return (name if name and fits_pronoun(name, pronoun) else None), True
    start, end = paragraph.sentences[index]
    place = paragraph.first_quoted(start)
    if place < len(paragraph.quoted) and paragraph.quoted[place].start == start:
        name = spoken.get(start)
        if name:
            return (name if fits_pronoun(name, pronoun) else None), True
    tokens = paragraph.tokens(start, min(end, start + MAX_SENTENCE))
    if pronoun == "it":
        issuer = _issuer(tokens)
        if issuer is not None:
            return paragraph.named(issuer), True
    subject = main_subject(tokens)
    if subject is None:
        return None, True
    if subject.pronoun:
        return None, subject.pronoun != pronoun
    name = paragraph.named(subject)
    return (name if fits_pronoun(name, pronoun) else None), True


def _issuer(tokens: Sequence[Token]) -> Reference | None:
    """ "the resolution from the Council": the Council, for an "it" that means the resolution."""
    for index in range(len(tokens) - 3, 0, -1):
        if tokens[index].low in DOCUMENTS and tokens[index + 1].low in ("from", "of", "by"):
            at = index + 2
            first = at + 1 if tokens[at].low == "the" and at + 1 < len(tokens) else at
            if is_name(tokens, first):
                after = name_from(tokens, first)
                if not tokens[after - 1].possessive:
                    return Reference(tokens[with_article(tokens, first)].start, tokens[after - 1].end)
    return None
