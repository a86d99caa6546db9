"""From a question to passages and sentences in order: cheap search over everything, then the reader on the best.

The hybrid candidates (dense vectors of passages and sentences, BM25) are cut to the most promising, the reader judges
those, and two logistic models fitted by `eval.lab.calibrate` combine what is known of each passage and sentence.
But: nothing here decides how many sentences are shown, or whether any is.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answer_types import find_wanted
from assistant.calibration import Calibration
from assistant.question import Question
from assistant.reader.runtime import Judgement, Reader
from vectorstore.index import Index
from vectorstore.search.hybrid import Candidate
from vectorstore.search.hybrid import rank as hybrid_rank
from vectorstore.types import NOT_ANSWERS, Document, Passage, SentenceSpan

CANDIDATES = 24
"""How many passages each search proposes."""
READ, ROUND = 8, 2
"""How many passages the reader reads at most, and at a time."""
READ_AT_LEAST = 4
"""So many are read where the answer may need more than one sentence; of a fact with a form (a name, a date, a number, a
place) one round may do."""
CLEAR_RELEVANCE, CLEAR_ANSWERS = 3.0, 0.0
"""Logits of the reader that one passage must reach for no other to be read."""
HOPELESS = -1.0
"""Where none of at least READ_AT_LEAST passages reaches this relevance, no other is read either."""

NEAR, NEAR_FOUND = 1.0, 0.1
"""What a passage near the conversation gains: in log-odds once read, and of the search's score (0 to 1) before. What
it is worth, `eval.lab.ablation` says."""

NEVER_SHOWN = NOT_ANSWERS | {"note"}
"""Kinds of sentence that are never an answer: a bracketed source reference on its own is searched, not shown."""

PASSAGE_FEATURES = ("dense", "best_sentence", "lexical", "relevance", "span")
SENTENCE_FEATURES = ("mass", "passage", "length")
VERDICT_FEATURES = ("answers", "span")


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
    wordings: Sequence[Question],
    index: Index,
    reader: Reader,
    calibration: Calibration,
    *,
    document_ids: Collection[str] | None = None,
    near: Collection[str] = (),
) -> list[ScoredPassage]:
    """The passages for a question, best first: those read, then the others in the order of the search.

    `wordings`: the question in one or more forms, that which is shown first. Each proposes passages; a passage is read
    with all of them, and what is said of it is their mean. `near`: ids of passages around what the conversation has
    shown, where the question leans on it.
    """
    question = wordings[0]
    texts = [wording.text for wording in wordings]
    candidates = index.candidates(texts, k=CANDIDATES, document_ids=document_ids)
    if not candidates:
        return []
    top_lexical = max(max(c.lexical for c in candidates), 1e-9)
    by_id = {c.passage.id: c for c in candidates}
    found = hybrid_rank(candidates, len(candidates))
    nearer = [replace(h, score=h.score + NEAR_FOUND * (h.passage.id in near)) for h in found]
    hits = sorted(nearer, key=lambda hit: -hit.score)
    likely = [by_id[hit.passage.id] for hit in hits[:READ]]
    documents = {c.passage.document_id: index.document(c.passage.document_id) for c in likely}
    scored: list[ScoredPassage] = []
    for start in range(0, len(likely), ROUND):
        some = likely[start : start + ROUND]
        judgements = reader.read_as(texts, [_text(documents, c.passage) for c in some])
        for candidate, judgement in zip(some, judgements, strict=True):
            document = documents[candidate.passage.document_id]
            one = _score(question, candidate, document, judgement, top_lexical, calibration)
            scored.append(_nearer(one) if candidate.passage.id in near else one)
        if _is_enough(question, scored):
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
    sentences = _sentences(question, passage, document, judgement, score, calibration)
    return ScoredPassage(passage, score, features, sentences, candidate.found_by)


def _nearer(scored: ScoredPassage) -> ScoredPassage:
    sentences = tuple(replace(s, score=round(s.score + NEAR, 6)) for s in scored.sentences)
    features = {**scored.features, "near": NEAR}
    return replace(scored, score=round(scored.score + NEAR, 6), features=features, sentences=sentences)


def verdict_row(judgement: Judgement, length: int) -> list[float]:
    """VERDICT_FEATURES of a text of `length` characters that was read."""
    return [judgement.answers, judgement.best_span(0, length)[0]]


def _is_enough(question: Question, scored: Sequence[ScoredPassage]) -> bool:
    """Whether reading on would change little: what is read answers clearly and one answer is asked for, or nothing
    read so far is near the question."""
    if question.is_list or (len(scored) < READ_AT_LEAST and not question.has_form):
        return False
    if any(_is_clear(passage) for passage in scored):
        return True
    return len(scored) >= READ_AT_LEAST and all(passage.features["relevance"] < HOPELESS for passage in scored)


def _is_clear(scored: ScoredPassage) -> bool:
    return scored.features["relevance"] >= CLEAR_RELEVANCE and scored.features["answers"] >= CLEAR_ANSWERS


def _sentences(
    question: Question,
    passage: Passage,
    document: Document,
    judgement: Judgement,
    passage_score: float,
    calibration: Calibration,
) -> tuple[ScoredSentence, ...]:
    out = []
    masses = judgement.masses([(s.start - passage.start, s.end - passage.start) for s in passage.sentences])
    for span, mass in zip(passage.sentences, masses, strict=True):
        if span.kind in NEVER_SHOWN:
            continue
        text = document.text[span.start : span.end]
        score, start, end = judgement.best_span(span.start - passage.start, span.end - passage.start)
        wanted = find_wanted(question, text)
        margin = max(score, -30.0)
        features = {
            "mass": mass,
            "passage": passage_score,
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
