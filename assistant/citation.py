"""A sentence of the ranking as it is shown: verbatim, with the exact characters that it is cited from.

document.text[citation.start : citation.end] == citation.quote      always, in code points

A row of a table is shown with the headers of its columns, and they are cited beside it.
"""

from __future__ import annotations

from assistant.ranking import ScoredSentence
from assistant.types import Citation, Sentence, ShortAnswer
from vectorstore.embedded_text import sentence_text
from vectorstore.table_rows import context_of
from vectorstore.types import Document, shown_spans, shown_text


def cited(sentence: ScoredSentence, document: Document, mark: float) -> Sentence:
    """The sentence with its citations, one for each stretch of it where running heads or time codes interrupt it; the
    short answer in it is marked where the reader's margin is at least `mark`."""
    start, end = sentence.span.start, sentence.span.end
    row = sentence.span.kind == "row"
    short: tuple[ShortAnswer, ...] = ()
    if sentence.span_score >= mark and sentence.answer[0] < sentence.answer[1]:
        a, b = sentence.answer
        short = (ShortAnswer(a, b, document.text[a:b]),)
    text = shown_text(document)
    spans = [*shown_spans(document, start, end), *(context_of(text, start) if row else ())]
    citations = tuple(_citation(sentence, document, *span) for span in spans)
    return Sentence(sentence_text(text, sentence.span), citations, short, row)


def _citation(sentence: ScoredSentence, document: Document, start: int, end: int) -> Citation:
    return Citation(
        document_id=document.id,
        title=document.title,
        section=sentence.passage.section,
        start=start,
        end=end,
        quote=document.text[start:end],
        speaker=sentence.span.speaker,
        sha256=document.sha256,
    )
