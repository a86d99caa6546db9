"""Citation and grounding metrics: whether citations are exact, support what is said, and are gold.

A citation is of what stands in the document at its offsets, whatever it claims to quote; one of another text supports
nothing. Whether a sentence is supported is said by `support`, for every metric here.
But: undefined (None) for an abstention.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.metrics.metric import HardBreak, Judged, Metric
from eval.metrics.retrieval import HALF, characters
from eval.metrics.support import supports
from eval.responses import Response, ResponseCitation, ResponseSentence
from vectorstore.types import Document, Span


def quote_fidelity(response: Response, document: Document) -> float | None:
    """The share of citations whose quotation stands at its offsets, character for character, in this very text.
    Promise 1 of attest; None where nothing is cited."""
    return _share([_is_exact(citation, document) for sentence in response.sentences for citation in sentence.citations])


def citation_recall(response: Response, document: Document) -> float | None:
    """The share of sentences that their citations, taken together, support (ALCE, Gao et al. 2023)."""
    return _share([_is_supported(sentence, document) for sentence in response.sentences])


def citation_precision(response: Response, document: Document) -> float | None:
    """The share of citations that are needed: their sentence is supported, and they support it alone or the others do
    not without them (ALCE, Gao et al. 2023). None where nothing is cited."""
    needed = []
    for sentence in response.sentences:
        supported = _is_supported(sentence, document)
        for number, citation in enumerate(sentence.citations):
            others = _places([c for n, c in enumerate(sentence.citations) if n != number])
            alone = supported and supports(sentence.text, document, _places([citation]))
            needed.append(alone or (supported and not supports(sentence.text, document, others)))
    return _share(needed)


def misattribution(response: Response, document: Document) -> float | None:
    """The share of cited sentences that their citations do not support but the document as a whole does: the claim is
    right, the pointer wrong. None where nothing is cited."""
    cited = [sentence for sentence in response.sentences if sentence.citations]
    return _share([not _is_supported(s, document) and supports(s.text, document) for s in cited])


def sentence_support(response: Response, document: Document) -> float | None:
    """The share of sentences that the document supports, where they point or elsewhere (faithfulness as in FActScore,
    Min et al. 2023, with sentences as the units)."""
    return _share([_is_supported(s, document) or supports(s.text, document) for s in response.sentences])


def strict_response(response: Response, document: Document) -> float | None:
    """1 where its own citations support every sentence, else 0 (the strict response-level score of FACTS Grounding,
    Jacovi et al. 2025)."""
    if not response.sentences:
        return None
    return float(all(_is_supported(sentence, document) for sentence in response.sentences))


def uncited_sentences(response: Response) -> float | None:
    """The share of sentences without a citation."""
    return _share([not sentence.citations for sentence in response.sentences])


def structure_shown(response: Response, structure: Sequence[Span]) -> float | None:
    """The share of sentences of which a citation lies for the better half in a heading or a caption."""
    return _share(
        [any(_mostly_in(citation, structure) for citation in sentence.citations) for sentence in response.sentences]
    )


def span_precision(response: Response, evidence: Sequence[Span]) -> float | None:
    """The share of the cited characters that are gold. None where nothing is cited."""
    cited = _cited_characters(response)
    return len(cited & characters(evidence)) / len(cited) if cited else None


def span_recall(response: Response, evidence: Sequence[Span]) -> float | None:
    """The share of the gold characters that are cited; 0 where nothing is cited."""
    gold = characters(evidence)
    return len(_cited_characters(response) & gold) / len(gold) if gold else None


def span_f1(response: Response, evidence: Sequence[Span]) -> float | None:
    """The F1 of cited against gold characters (2 |both| / (|cited| + |gold|)); 0 where nothing is cited."""
    cited, gold = _cited_characters(response), characters(evidence)
    return 2 * len(cited & gold) / (len(cited) + len(gold)) if gold else None


def _is_exact(citation: ResponseCitation, document: Document) -> bool:
    inside = 0 <= citation.start < citation.end <= len(document.text)
    same = inside and document.text[citation.start : citation.end] == citation.quote
    return same and citation.sha256 in (None, document.sha256)


def _is_supported(sentence: ResponseSentence, document: Document) -> bool:
    return bool(sentence.citations) and supports(sentence.text, document, _places(sentence.citations))


def _places(citations: Sequence[ResponseCitation]) -> list[Span]:
    return [(citation.start, citation.end) for citation in citations if not citation.foreign]


def _mostly_in(citation: ResponseCitation, structure: Sequence[Span]) -> bool:
    if citation.foreign:
        return False
    size = max(citation.end - citation.start, 1)
    return any(min(citation.end, end) - max(citation.start, start) >= HALF * size for start, end in structure)


def _cited_characters(response: Response) -> set[int]:
    citations = [citation for sentence in response.sentences for citation in sentence.citations]
    return characters([(citation.start, citation.end) for citation in citations if not citation.foreign])


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _of_gold(measure: Callable[[Response, Sequence[Span]], float | None]) -> Callable[[Judged], float | None]:
    """A measure of cited characters against the evidence, undefined where there is no answer."""
    return lambda judged: measure(judged.response, judged.case.evidence) if judged.case.has_answer else None


METRICS = (
    Metric(
        "quote_fidelity",
        "citations exact",
        "The quotation stands at its offsets.",
        lambda judged: quote_fidelity(judged.response, judged.document),
        headline=True,
        required=True,
        breaks=HardBreak(2, "a citation stopped being exact"),
    ),
    Metric(
        "citation_recall",
        "citation recall",
        "Sentences that their citations support.",
        lambda judged: citation_recall(judged.response, judged.document),
        headline=True,
        required=True,
        breaks=HardBreak(4, "a sentence is no longer supported by what it cites"),
    ),
    Metric(
        "citation_precision",
        "citation precision",
        "Citations that support.",
        lambda judged: citation_precision(judged.response, judged.document),
        headline=True,
    ),
    Metric("span_precision", "cited characters that are gold", "Span precision.", _of_gold(span_precision)),
    Metric("span_recall", "gold characters that are cited", "Span recall.", _of_gold(span_recall)),
    Metric("span_f1", "span F1", "Of cited against gold characters.", _of_gold(span_f1), headline=True),
    Metric(
        "uncited",
        "sentences without a citation",
        "Share of an answer's sentences.",
        lambda judged: uncited_sentences(judged.response),
        better="lower",
        headline=True,
        required=True,
        breaks=HardBreak(3, "a sentence lost its citation"),
    ),
    Metric(
        "misattribution",
        "supported, but not where cited",
        "Share of cited sentences.",
        lambda judged: misattribution(judged.response, judged.document),
        better="lower",
        headline=True,
    ),
    Metric(
        "structure_shown",
        "headings and captions shown as answers",
        "Share of sentences.",
        lambda judged: structure_shown(judged.response, judged.structure),
        better="lower",
        headline=True,
        required=True,
        breaks=HardBreak(5, "a heading or caption is shown as an answer"),
    ),
    Metric(
        "sentence_support",
        "sentences the text supports",
        "Anywhere in the text.",
        lambda judged: sentence_support(judged.response, judged.document),
        headline=True,
    ),
    Metric(
        "strict_response",
        "answers supported throughout",
        "By their own citations.",
        lambda judged: strict_response(judged.response, judged.document),
        headline=True,
    ),
)
