"""Quotations of a text judged against the source.

    judge_quotations     each quotation of a sentence: exact, altered, cut, spliced, wrongly placed, wrongly attributed
    locate               where all words of a text stand together, word for word

What is compared are words: case, punctuation, the kind of quotation marks and dashes, and white space never count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.check.quoting.judging import Asked, judged
from assistant.check.quoting.marked import inside, marked, whole
from assistant.check.quoting.places import Sources
from assistant.check.quoting.words import words_of
from assistant.check.types import Finding
from assistant.types import Citation, Source
from vectorstore.types import Document

FEWEST_WORDS = 4
"""Words of a sentence without quotation marks that is taken for the source's own."""

Cited = Citation | tuple[str, int, int]
"""A place that a sentence cites: document id, start, end."""


def judge_quotations(
    sentence: str,
    index: Source,
    *,
    cited: Sequence[Cited] = (),
    context: str = "",
    document_ids: Collection[str] | None = None,
    sources: Sources | None = None,
) -> list[Finding]:
    """What is found of each quotation of a sentence, in order, what differs first: findings of the kinds "quotation",
    "citation" and "speaker". A sentence without quotation marks that is word for word the source's has one of the kind
    "quotation", whose `claim` is None; any other has none.

    `cited`: the places that the sentence cites; a quotation that stands elsewhere only is found to be wrongly placed.
    `context`: the text before the sentence, in which a quotation may have begun or a pronoun's name may stand.
    `sources`: made once for several sentences of one text, it saves time.

    Raises IndexDamaged where a document cannot be read.
    """
    sources = sources or Sources(index, document_ids)
    places = tuple(_place(one) for one in cited)
    asked = Asked(sentence, context, places, sources)
    quotations = marked(sentence, context)
    found: list[Finding] = []
    for quotation in quotations:
        findings = judged(quotation, asked, quotations)
        if any(one.outcome == "absent" for one in findings) and asked.sources.is_title(quotation.keys):
            continue
        inner = inside(sentence, quotation) if any(f.outcome == "absent" for f in findings) else []
        for other in inner:
            findings += judged(other, asked, inner)
        found += findings
    if not quotations:
        words = whole(sentence)
        if words is not None and words.words >= FEWEST_WORDS and sources.exact(words.keys, [p[0] for p in places]):
            found = judged(words, asked, ())
    return found


def locate(
    text: str, index: Source, document_ids: Collection[str] | None = None, *, sources: Sources | None = None
) -> list[tuple[Document, int, int]]:
    """The places (document, start, end) where the words of a text stand together, word for word; 30 at the most."""
    sources = sources or Sources(index, document_ids)
    words = words_of(text)
    return [(place.document, *place.span) for place in sources.exact(words.keys)]


def _place(cited: Cited) -> tuple[str, int, int]:
    return (cited.document_id, cited.start, cited.end) if isinstance(cited, Citation) else cited
