"""A sentence of the ranking as it is shown: verbatim, with the exact characters that it is cited from.

document.text[citation.start : citation.end] == citation.quote      always, in code points

A row of a table is shown with the headers of its columns, and they are cited beside it; a quoted sentence begins behind
the mark of its paragraph ("> The dome leaks.").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Citation, ScoredSentence, Sentence, ShortAnswer
from vectorstore.embedded_text import sentence_text
from vectorstore.table_rows import context_of
from vectorstore.types import Document, Format, SentenceSpan, Span, shown_spans, shown_text

_ASIDE = r"(?:\]|\s?[\[(_][^\])\n]{1,60}[\])_])?"
_BEHIND_NAME = rf"{_ASIDE}(?:[*_]*\s?[:.：>][*_>—–-]*\s*|[*_]*\s*\n\s*|\s{{2,}})(?![\s“\"‘«„])"
_QUOTED = re.compile(r"(?:>[ \t]{0,3}){1,9}(?=[^\W\d_]|[“\"‘'(\[*_])")


def cited(sentence: ScoredSentence, document: Document, mark: float) -> Sentence:
    """The sentence as an answer shows it; the short answer in it is marked where the reader's margin is at least
    `mark`."""
    sure = sentence.span_score >= mark and sentence.answer[0] < sentence.answer[1]
    return cite(document, sentence.span, sentence.passage.section, [sentence.answer] if sure else [])


def cite(document: Document, span: SentenceSpan, section: str, short: Sequence[Span] = ()) -> Sentence:
    """A sentence of a document in this section with its citations, one for each stretch of it where running heads or
    time codes interrupt it; `short` are the short answers in it. A turn of a conversation begins behind its speaker's
    name."""
    row = span.kind == "row"
    text = shown_text(document)
    mark = 0 if row else mark_length(text, span.start, span.end, document.format)
    span = replace(span, start=span.start + mark)
    span = replace(span, start=span.start + label_length(text[span.start : span.end], span.speaker))
    spans = [*shown_spans(document, span.start, span.end), *(context_of(text, span.start) if row else ())]
    citations = tuple(_citation(document, section, span.speaker, *place) for place in spans)
    shorts = tuple(ShortAnswer(a, b, document.text[a:b]) for a, b in short if a >= span.start)
    return Sentence(sentence_text(text, span), citations, shorts, row)


def mark_length(text: str, start: int, end: int, format: Format) -> int:
    """The length of the mark of a quoted paragraph with which a sentence begins: of any in Markdown; elsewhere, where
    ">" may be a prompt, of one that begins with a capital letter, and not with three marks."""
    mark = _QUOTED.match(text, start, end)
    if mark is None or (format != "markdown" and (mark.group().startswith(">>>") or text[mark.end()].islower())):
        return 0
    return mark.end() - start


def label_length(words: str, speaker: str | None) -> int:
    """The length of a name and its colon at the beginning of a turn ("ROE: I was there."): who speaks is said by the
    citation's speaker. A name before quotation marks is part of the sentence."""
    match = re.match(rf"[<*_\[\s]*{_words(speaker)}{_BEHIND_NAME}", words) if speaker else None
    return match.end() if match and match.end() < len(words) else 0


def _words(name: str) -> str:
    return r"\s+".join(map(re.escape, name.split()))


def cite_line(document: Document, start: int, end: int, short: Sequence[Span] = ()) -> Sentence:
    """A line of a document that is shown although no answer is looked for in it: a heading, a byline, front matter."""
    shorts = tuple(ShortAnswer(a, b, document.text[a:b]) for a, b in short)
    text = " ".join(document.text[start:end].split())
    return Sentence(text, (_citation(document, "", None, start, end),), shorts)


def _citation(document: Document, section: str, speaker: str | None, start: int, end: int) -> Citation:
    return Citation(
        document_id=document.id,
        title=document.title,
        section=section,
        start=start,
        end=end,
        quote=document.text[start:end],
        speaker=speaker,
        sha256=document.sha256,
        pages=document.pages.at(start, end) if document.pages else (),
    )
