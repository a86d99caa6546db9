"""A sentence of the ranking as it is shown: verbatim, with the exact characters that it is cited from.

document.text[citation.start : citation.end] == citation.quote      always, in code points
"""

from __future__ import annotations

from assistant.ranking import ScoredSentence
from assistant.types import Citation, Sentence, ShortAnswer
from vectorstore.types import Document


def cited(sentence: ScoredSentence, document: Document, mark: float) -> Sentence:
    """The sentence with its citation; the short answer in it is marked where the reader's margin is at least `mark`."""
    start, end = sentence.span.start, sentence.span.end
    quote = document.text[start:end]
    short: tuple[ShortAnswer, ...] = ()
    if sentence.span_score >= mark and sentence.answer[0] < sentence.answer[1]:
        a, b = sentence.answer
        short = (ShortAnswer(a, b, document.text[a:b]),)
    citation = Citation(
        document_id=document.id,
        title=document.title,
        section=sentence.passage.section,
        start=start,
        end=end,
        quote=quote,
        speaker=sentence.span.speaker,
        sha256=document.sha256,
    )
    return Sentence(" ".join(quote.split()), (citation,), short)
