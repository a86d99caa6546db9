"""Judges one answer to one case: every metric that has a value for a single case, and whether the answer is right.

Right is an abstention where the text holds no answer. Otherwise every vital fact is shown (for a case without facts:
some of the evidence is cited), every citation is exact and supports its sentence, none is a heading or a caption, and
the right speaker is named where the question asks for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.cases import Case
from eval.metrics.metric import RANKING, Judged
from eval.metrics.registry import METRICS, PASSED
from eval.responses import Response, ResponseCitation, ResponseSentence
from eval.runs import Result, RunCitation, RunSentence
from ingest.passages import split_passages
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import NOT_ANSWERS, Document, Passage, Span

CONFIDENCE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Article:
    """The text of a set, split once: its passages for an index; for the judge its sentences, and the stretches that are
    headings or captions."""

    document: Document
    passages: tuple[Passage, ...]
    sentences: tuple[Span, ...]
    structure: tuple[Span, ...]


def read_article(document: Document, embedder: Embedder) -> Article:
    """A document split as `attest ingest` splits it."""
    passages = tuple(split_passages(document, embedder))
    sentences: list[Span] = []
    structure: list[Span] = []
    for passage in passages:
        if passage.kind in NOT_ANSWERS:
            structure.append((passage.start, passage.end))
            continue
        for span in passage.sentences:
            (structure if span.kind in NOT_ANSWERS else sentences).append((span.start, span.end))
    return Article(document, passages, tuple(sentences), tuple(structure))


def judge(
    case: Case,
    response: Response,
    article: Article,
    *,
    standalone: Sequence[Span] | None = None,
    raw: Sequence[Span] | None = None,
) -> Result:
    """The result of one case. `standalone`, `raw`: the rankings for the question reworded to stand alone, and for the
    question as it is without its history, where they were asked."""
    text = article.document.text
    response = _within(response, len(text))
    judged = Judged(case, response, article.document, article.structure, standalone, raw)
    measures = {metric.name: metric.measure(judged) for metric in METRICS if metric.measure is not None}
    failed = tuple(m.name for m in METRICS if m.required and measures[m.name] not in (None, m.best))
    if case.has_answer and not case.nuggets and not measures["span_recall"]:
        failed = (*failed, "span_recall")
    measures[PASSED.name] = float(not failed)
    return Result(
        id=case.id,
        passed=not failed,
        failed=failed,
        abstained=response.abstained,
        confidence=None if response.confidence is None else round(response.confidence, CONFIDENCE_DIGITS),
        searched_for=response.searched_for,
        sentences=tuple(_run_sentence(sentence, text) for sentence in response.sentences),
        passages=None if response.passages is None else response.passages[:RANKING],
        measures=measures,
    )


def _within(response: Response, length: int) -> Response:
    """The passages cut to the text: what lies outside it holds nothing."""
    if response.passages is None:
        return response
    passages = tuple((min(start, length), min(end, length)) for start, end in response.passages)
    return replace(response, passages=passages)


def _run_sentence(sentence: ResponseSentence, text: str) -> RunSentence:
    citations = tuple(_run_citation(cited, text) for cited in sentence.citations)
    verbatim = len(citations) == 1 and citations[0].quote is None
    same = verbatim and " ".join(text[citations[0].start : citations[0].end].split()) == " ".join(sentence.text.split())
    return RunSentence(citations, None if same else sentence.text)


def _run_citation(cited: ResponseCitation, text: str) -> RunCitation:
    exact = text[cited.start : cited.end] == cited.quote
    return RunCitation(cited.start, cited.end, cited.speaker, None if exact else cited.quote)
