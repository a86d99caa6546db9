"""Judges one answer to one case: every metric that has a value for a single case, and whether the answer is right.

Right is an abstention where the text holds no answer. Otherwise every vital fact is shown (for a case without facts:
some of the evidence is cited), every citation is exact and supports its sentence, none is a heading or a caption, and
the right speaker is named where the question asks for one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from eval.cases import Case, Span
from eval.metrics import answer, attribution, citation, conversation, retrieval
from eval.metrics.registry import metric
from eval.metrics.support import supports
from eval.responses import Response, ResponseCitation, ResponseSentence
from eval.runs import Result, RunCitation, RunSentence
from ingest.passages import split_passages
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import NOT_ANSWERS, Document, Passage

RANKING = 10
"""How many passages of a ranking are judged and kept."""
CONFIDENCE_DIGITS = 4

_REQUIRED = (
    "answered",
    "nuggets_vital",
    "quote_fidelity",
    "uncited",
    "citation_recall",
    "structure_shown",
    "speaker",
    "voice_error",
    "refused",
)
"""The metrics that must have their best value, where they are defined, for an answer to be right."""


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
    text, sha256 = article.document.text, article.document.sha256
    response = _within(response, len(text))
    measures: dict[str, float | None] = {}
    measures |= _retrieval(case, response)
    measures |= _answer(case, response)
    measures["quote_fidelity"] = citation.quote_fidelity(response, text, sha256)
    measures["citation_recall"] = citation.citation_recall(response, text, supports)
    measures["citation_precision"] = citation.citation_precision(response, text, supports)
    measured = case.has_answer
    measures["span_precision"] = citation.span_precision(response, case.evidence) if measured else None
    measures["span_recall"] = citation.span_recall(response, case.evidence) if measured else None
    measures["span_f1"] = citation.span_f1(response, case.evidence) if measured else None
    measures["uncited"] = citation.uncited_sentences(response)
    measures["misattribution"] = citation.misattribution(response, text, article.sentences, supports)
    measures["structure_shown"] = citation.structure_shown(response, article.structure)
    measures["sentence_support"] = citation.sentence_support(response, text, article.sentences, supports)
    measures["strict_response"] = citation.strict_response(response, text, supports)
    shown = not response.abstained and bool(response.sentences)
    measures["answered"] = float(shown) if case.has_answer else None
    measures["refused"] = None if case.has_answer else float(response.abstained)
    measures |= _conversation(case, response, standalone, raw)
    measures["speaker"] = attribution.speaker_right(case, response)
    measures["voice_error"] = attribution.voice_error(case, response)
    failed = tuple(name for name in _REQUIRED if measures[name] not in (None, metric(name).best))
    if case.has_answer and not case.nuggets and not measures["span_recall"]:
        failed = (*failed, "span_recall")
    measures["passed"] = float(not failed)
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


def _retrieval(case: Case, response: Response) -> dict[str, float | None]:
    names: dict[str, Callable[[Sequence[Span], Sequence[Span]], float]] = {
        "hit@1": lambda ranking, gold: retrieval.hit_at(ranking, gold, 1),
        "hit@5": lambda ranking, gold: retrieval.hit_at(ranking, gold, 5),
        "recall@5": lambda ranking, gold: retrieval.recall_at(ranking, gold, 5),
        "recall@10": lambda ranking, gold: retrieval.recall_at(ranking, gold, 10),
        "mrr": retrieval.reciprocal_rank,
        "ndcg@10": lambda ranking, gold: retrieval.ndcg_at(ranking, gold, 10),
        "characters@5": lambda ranking, gold: retrieval.evidence_recall_at(ranking, gold, 5),
    }
    ranking = response.passages
    if ranking is None or not case.has_answer:
        return dict.fromkeys(names)
    return {name: measure(ranking[:RANKING], case.evidence) for name, measure in names.items()}


def _answer(case: Case, response: Response) -> dict[str, float | None]:
    """An abstention where there is an answer shows no fact: 0, not undefined."""
    said = "" if response.abstained else response.text
    out: dict[str, float | None] = {}
    for name, strict, vital in (
        ("nuggets_vital", True, True),
        ("nuggets_all", True, False),
        ("nuggets_vital_lenient", False, True),
        ("nuggets_all_lenient", False, False),
    ):
        out[name] = answer.nugget_recall(case.nuggets, said, strict=strict, vital=vital) if case.has_answer else None
    vital_nuggets = [nugget for nugget in case.nuggets if nugget.vital]
    marked = [short for sentence in response.sentences for short in sentence.short_answers]
    single = case.has_answer and len(vital_nuggets) == 1 and bool(marked)
    out["short_em"] = answer.exact_match(marked[0], vital_nuggets[0].accepted) if single else None
    out["short_f1"] = answer.token_f1(marked[0], vital_nuggets[0].accepted) if single else None
    return out


def _conversation(
    case: Case, response: Response, standalone: Sequence[Span] | None, raw: Sequence[Span] | None
) -> dict[str, float | None]:
    out: dict[str, float | None] = dict.fromkeys(("follow_up", "standalone", "raw", "carried_over"))
    if case.history and case.kind == "topic switch":
        if response.searched_for is not None:
            out["carried_over"] = conversation.carried_over(case.question, response.searched_for)
    elif case.history and case.has_answer:
        for name, ranking in (("follow_up", response.passages), ("standalone", standalone), ("raw", raw)):
            out[name] = None if ranking is None else retrieval.hit_at(ranking, case.evidence, 1)
    return out


def _run_sentence(sentence: ResponseSentence, text: str) -> RunSentence:
    citations = tuple(_run_citation(cited, text) for cited in sentence.citations)
    verbatim = len(citations) == 1 and citations[0].quote is None
    same = verbatim and " ".join(text[citations[0].start : citations[0].end].split()) == " ".join(sentence.text.split())
    return RunSentence(citations, None if same else sentence.text)


def _run_citation(cited: ResponseCitation, text: str) -> RunCitation:
    exact = text[cited.start : cited.end] == cited.quote
    return RunCitation(cited.start, cited.end, cited.speaker, None if exact else cited.quote)
