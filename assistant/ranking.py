"""From a question to passages and sentences in order: cheap search over everything, then the reader on the best.

The hybrid candidates (dense vectors of passages and sentences, BM25) are cut to the most promising, the reader judges
those, and two logistic models fitted by `eval.calibrate` combine what is known of each passage and sentence.
But: nothing here decides how many sentences are shown, or whether any is.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.answer_types import find_wanted
from assistant.calibration import Calibration
from assistant.question import Question
from assistant.reader.runtime import Judgement, Reader
from vectorstore.hybrid import Candidate
from vectorstore.hybrid import rank as hybrid_rank
from vectorstore.index import Index
from vectorstore.types import NOT_ANSWERS, Document, Passage, SentenceSpan

CANDIDATES = 24
"""How many passages each search proposes."""
READ = 12
"""How many passages the reader reads at most."""
ROUND = 4
"""So many are read at a time; after each round it may be clear enough which answers."""
CLEAR_RELEVANCE, CLEAR_ANSWERS, CLEAR_SPAN = 3.0, 0.0, 0.0
"""Logits of the reader that one passage must reach for no further round: on the tuning parts of `eval/sets`, seven
passages are read on average, and the first is the same."""

NEVER_SHOWN = NOT_ANSWERS | {"note"}
"""Kinds of sentence that are never an answer: a bracketed source reference on its own is searched, not shown."""

PASSAGE_FEATURES = ("dense", "best_sentence", "lexical", "relevance", "answers", "span")
SENTENCE_FEATURES = ("span", "passage", "similarity", "length")


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with its score (a logit: does it hold the answer) and the best answer inside it: `answer` in
    offsets into the document, `span_score` its margin over "no answer here"; `features` are what the score is made
    of."""

    span: SentenceSpan
    passage: Passage
    score: float
    answer: tuple[int, int]
    span_score: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its score (a logit: does it hold the answer), the measurements behind it, and its sentences in
    text order. Passages that the reader did not read have no sentences."""

    passage: Passage
    score: float
    features: Mapping[str, float]
    sentences: tuple[ScoredSentence, ...]
    found_by: tuple[str, ...]


def rank(
    question: Question,
    index: Index,
    reader: Reader,
    calibration: Calibration,
    *,
    document_ids: Collection[str] | None = None,
    read: int = READ,
) -> list[ScoredPassage]:
    """The passages for a question, best first: those read, then the others in the order of the search."""
    candidates = index.candidates(question.text, k=CANDIDATES, document_ids=document_ids)
    if not candidates:
        return []
    top_lexical = max(max(c.lexical for c in candidates), 1e-9)
    by_id = {c.passage.id: c for c in candidates}
    hits = hybrid_rank(candidates, len(candidates))
    near = [by_id[hit.passage.id] for hit in hits[:read]]
    query = index.embedder.embed_query(question.text)
    scored: list[ScoredPassage] = []
    for start in range(0, len(near), ROUND):
        some = near[start : start + ROUND]
        texts = {c.passage.document_id: index.document(c.passage.document_id) for c in some}
        judgements = reader.read(question.text, [_text(texts, c.passage) for c in some])
        vectors = index.sentence_vectors([c.passage.id for c in some])
        for candidate, judgement, rows in zip(some, judgements, vectors, strict=True):
            similar = [round(float(v), 6) for v in rows @ query]
            document = texts[candidate.passage.document_id]
            scored.append(_score(question, candidate, document, judgement, similar, top_lexical, calibration))
        if not question.is_list and any(_is_clear(s) for s in scored[start:]):
            break
    scored.sort(key=lambda s: -s.score)
    # Scores within one ranking stay comparable: what was not read lies below what was.
    lowest = scored[-1].score
    rest = hits[len(scored) :]
    return scored + [ScoredPassage(h.passage, round(lowest - 2 + h.score, 6), {}, (), h.found_by) for h in rest]


def _score(
    question: Question,
    candidate: Candidate,
    document: Document,
    judgement: Judgement,
    similar: Sequence[float],
    top_lexical: float,
    calibration: Calibration,
) -> ScoredPassage:
    passage = candidate.passage
    features = {
        "dense": candidate.dense,
        "best_sentence": candidate.best_sentence,
        "lexical": candidate.lexical / top_lexical,
        "relevance": judgement.relevance,
        "answers": judgement.answers,
        "span": judgement.best_span(0, passage.end - passage.start)[0],
    }
    score = calibration.passage.logit([features[name] for name in PASSAGE_FEATURES])
    sentences = _sentences(question, passage, document, judgement, similar, score, calibration)
    return ScoredPassage(passage, score, features, sentences, candidate.found_by)


def _is_clear(scored: ScoredPassage) -> bool:
    features = scored.features
    return (
        features["relevance"] >= CLEAR_RELEVANCE
        and features["answers"] >= CLEAR_ANSWERS
        and features["span"] >= CLEAR_SPAN
    )


def _sentences(
    question: Question,
    passage: Passage,
    document: Document,
    judgement: Judgement,
    similar: Sequence[float],
    passage_score: float,
    calibration: Calibration,
) -> tuple[ScoredSentence, ...]:
    out = []
    for span, similarity in zip(passage.sentences, similar, strict=True):
        if span.kind in NEVER_SHOWN:
            continue
        text = document.text[span.start : span.end]
        score, start, end = judgement.best_span(span.start - passage.start, span.end - passage.start)
        wanted = find_wanted(question, text)
        margin = max(score, -30.0)
        features = {
            "span": margin,
            "passage": passage_score,
            "similarity": similarity,
            "wanted": float(bool(wanted)) if question.has_form else 0.5,
            "length": math.log(max(len(text), 1)),
        }
        out.append(
            ScoredSentence(
                span=span,
                passage=passage,
                score=calibration.sentence.logit([features[name] for name in SENTENCE_FEATURES]),
                answer=(start + passage.start, end + passage.start),
                span_score=margin,
                features=features,
            )
        )
    return tuple(out)


def _text(documents: Mapping[str, Document], passage: Passage) -> str:
    return documents[passage.document_id].text[passage.start : passage.end]
