"""The sentences around a quotation: read into tokens once, and searched for whom a pronoun stands for.

But: it does not decide what a quotation is, nor read the words of quotations themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from ingest.blocks import Span
from ingest.names import MASK, Token, fits_pronoun, is_name, name_from, tokenize, with_article
from ingest.quotemarks import Quoted
from ingest.sentences import split_sentences
from ingest.speakers import Reference, main_subject
from ingest.vocabulary import DOCUMENTS

LOOK_BACK = 4
UNMASKED_WORDS = 9
ROUND_BRACKETS = re.compile(r"\([^()]{0,300}\)")
ANY_MARK = re.compile('[“”„‟"«»‹›「」『』]')


class Paragraph:
    """One paragraph with its quotations. Longer quotations and everything in brackets are blanked out, so that no
    word of theirs is taken for the paragraph's own; titles and single words keep theirs."""

    def __init__(self, text: str, span: Span, quoted: Sequence[Quoted], notes: Sequence[Span]) -> None:
        self.text = text
        self.start, self.end = span
        self.quoted = quoted
        self._notes = notes

    @cached_property
    def masked(self) -> str:
        """The paragraph's text, character for character, with the blanked stretches."""
        piece = self.text[self.start : self.end]
        parts: list[str] = []
        at = 0
        for quote in self.quoted:
            first, last = quote.start - self.start, quote.end - self.start
            inner = piece[first + 1 : last - 1]
            keep = (
                len(inner) < 120 and len(inner.split()) <= UNMASKED_WORDS and (inner[:1].isupper() or " " not in inner)
            )
            parts.append(piece[at:first])
            parts.append(f" {inner} "[: last - first] if keep and quote.closed else MASK * (last - first))
            at = last
        masked = "".join(parts) + piece[at:]
        for first, last in self._notes:
            first, last = max(0, first - self.start), min(len(masked), last - self.start)
            masked = masked[:first] + " " * (last - first) + masked[last:]
        return ROUND_BRACKETS.sub(lambda match: " " * len(match.group()), masked)

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentences, those joined that a remark in brackets with several sentences of its own had parted."""
        joined: list[Span] = []
        for start, end in split_sentences(self.text, self.start, self.end, self._notes):
            if joined and any(joined[-1][0] < first < start < last and last < end for first, last in self._notes):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence that holds `offset`."""
        for index, (_, end) in enumerate(self.sentences):
            if offset < end:
                return index
        return len(self.sentences) - 1

    def tokens(self, start: int, end: int) -> list[Token]:
        """Tokens between two offsets into the document."""
        return tokenize(self.masked[start - self.start : end - self.start], start)

    def quoted_sentence(self, index: int) -> Quoted | None:
        """The quotation that holds all of a sentence but a few characters."""
        start, end = self.sentences[index]
        for quote in self.quoted:
            if quote.start <= start + 2 and end <= quote.end + 2:
                return quote
        return None

    def is_note(self, index: int) -> bool:
        """Whether a sentence lies within a bracketed note."""
        start, end = self.sentences[index]
        return any(first <= start and end <= last + 1 for first, last in self._notes)

    def is_quotation(self) -> bool:
        """Whether the paragraph holds nothing but quoted words and notes."""
        left = self.masked
        for quote in self.quoted:
            first, last = quote.start - self.start, quote.end - self.start
            left = left[:first] + " " * (last - first) + left[last:]
        return bool(self.quoted) and not any(character.isalnum() for character in left)

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
    """The name a reference gives, a pronoun looked up in the sentences before it; None where that is in doubt.
    `spoken`: speakers found so far, by the offset of their quotation."""
    if reference is None:
        return None
    if not reference.pronoun:
        return paragraph.named(reference)
    index = paragraph.sentence_at(reference.start)
    own = main_subject(paragraph.tokens(paragraph.sentences[index][0], reference.start))
    if own is not None and not own.pronoun and fits_pronoun(paragraph.named(own), reference.pronoun):
        return paragraph.named(own)
    places = [(paragraph, i) for i in range(index - 1, -1, -1)]
    if before is not None:
        places += [(before, i) for i in range(len(before.sentences) - 1, -1, -1)]
    for where, sentence in [place for place in places if not place[0].is_note(place[1])][:LOOK_BACK]:
        found, settled = _subject_named(where, sentence, reference.pronoun, spoken)
        if settled:
            return found
    return None


def _subject_named(
    paragraph: Paragraph, index: int, pronoun: str, spoken: Mapping[int, str | None]
) -> tuple[str | None, bool]:
    """Whom the pronoun of the next sentence stands for; False where this one does not tell and one looks back."""
    quote = paragraph.quoted_sentence(index)
    if quote is not None:
        name = spoken.get(quote.start)
        return (name if name and fits_pronoun(name, pronoun) else None), True
    start, end = paragraph.sentences[index]
    for quote in paragraph.quoted:
        if quote.start == start and spoken.get(quote.start):
            name = spoken[quote.start]
            return (name if name and fits_pronoun(name, pronoun) else None), True
    tokens = paragraph.tokens(start, end)
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
