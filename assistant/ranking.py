"""From a question to passages and sentences in order: cheap search over everything, then the reader on the best.

The hybrid candidates (dense vectors of passages and sentences, BM25) are ordered with how near their words are to the
question's (`Reader.nearness`), the reader judges the most promising, and two logistic models fitted by
`eval.lab.calibrate` combine what is known of each passage and sentence.
But: whether the source answers at all is decided in `abstention/`, which sentences are shown in `selection.py`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.calibration import Calibration, Policy
from assistant.reader.judgement import Judgement
from assistant.reader.prepare import Readable, readable
from assistant.reader.runtime import Reader
from assistant.reader.states import Kept
from assistant.understanding.lookup import Lookup, look_up, under_other_keys
from assistant.understanding.names import called, called_by_name, name_features, without_needless
from assistant.understanding.question import Question
from assistant.understanding.wanted import holds_wanted
from vectorstore.embedded_text import key_of
from vectorstore.search.hybrid import Candidate
from vectorstore.search.hybrid import rank as hybrid_rank
from vectorstore.types import NOT_ANSWERS, Document, Head, Hit, Passage, SentenceSpan, shown_text

NEVER_SHOWN = NOT_ANSWERS | {"note"}
"""Kinds of sentence that are never an answer: a bracketed source reference on its own is searched, not shown."""

PASSAGE_FEATURES = ("dense", "best_sentence", "lexical", "nearness", "relevance", "span")
SENTENCE_FEATURES = ("mass", "belongs", "passage", "length")
VERDICT_FEATURES = ("answers", "span")
NAMED_BEFORE, NAMED_BEHIND = 1500, 500
"""Characters before and behind a passage in which a name of the question may stand: more before, where pronouns refer
to."""


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


class Source(Protocol):
    """What is asked: an `Index`."""

    @property
    def version(self) -> int: ...
    @property
    def kept(self) -> Kept: ...
    def heads(self) -> list[Head]: ...
    def document(self, document_id: str) -> Document: ...
    def passages(self, document_id: str) -> list[Passage]: ...
    def candidates(
        self, wordings: Sequence[str], *, k: int, document_ids: Collection[str] | None = None
    ) -> list[Candidate]: ...


def rank(
    question: Question,
    wordings: Sequence[str],
    source: Source,
    reader: Reader,
    calibration: Calibration,
    *,
    document_ids: Collection[str] | None = None,
    near: Collection[str] = (),
) -> list[ScoredPassage]:
    """The passages for a question, best first: those read, then the others in the order of the search.

    `wordings`: the texts that are searched for, each of which proposes passages; a passage is read with all of them,
    and what is said of it is their mean. `near`: ids of passages around what the conversation has shown, where the
    question leans on it; those of the documents that it calls by name gain as much.
    """
    policy = calibration.policy
    candidates = source.candidates(wordings, k=policy.candidates, document_ids=document_ids)
    documents = _documents(source, candidates)
    shorter = without_needless(question, wordings, documents.values())
    if shorter != list(wordings):
        wordings = shorter
        candidates = source.candidates(wordings, k=policy.candidates, document_ids=document_ids)
        documents = _documents(source, candidates)
    if not candidates:
        return []
    top_lexical = max(max(c.lexical for c in candidates), 1e-9)
    texts: dict[str, Readable] = {}
    parts: dict[str, _Part] = {}
    for name, document in documents.items():
        passages = [c.passage for c in candidates if c.passage.document_id == name]
        texts |= readable(document, passages)
        parts |= _pointed_at(question, " ".join(wordings), document, passages)
    states = reader.states([text.told for text in texts.values()], source.kept)
    near_words = reader.nearness(wordings, [states[texts[c.passage.id].told] for c in candidates])
    nearness = {c.passage.id: value for c, value in zip(candidates, near_words, strict=True)}
    by_id = {c.passage.id: c for c in candidates}
    meant = called_by_name(question, documents.values())
    near = {*near, *(c.passage.id for c in candidates if c.passage.document_id in meant)}
    found = with_nearness(hybrid_rank(candidates, len(candidates)), nearness, policy)
    nearer = [replace(h, score=h.score + policy.near_found * (h.passage.id in near)) for h in found]
    hits = sorted(nearer, key=lambda hit: -hit.score)
    likely = [hit.passage.id for hit in hits if parts[hit.passage.id].answering]
    likely = sorted(likely, key=lambda name: not parts[name].named)[: policy.read]
    with_named = sum(bool(parts[name].named) for name in likely)
    for name in likely:
        part = parts[name].read
        if part is not by_id[name].passage:
            text = readable(documents[part.document_id], [part])[name]
            texts[name] = replace(text, told=replace(text.told, name=""))
    scored: list[ScoredPassage] = []
    for start in range(0, len(likely), policy.at_a_time):
        some = likely[start : start + policy.at_a_time]
        judgements = reader.read_as(wordings, [texts[name].told for name in some], states)
        for name, judgement in zip(some, judgements, strict=True):
            one = _score(
                question,
                by_id[name],
                parts[name],
                documents[by_id[name].passage.document_id],
                texts[name],
                judgement,
                nearness[name],
                top_lexical,
                calibration,
            )
            scored.append(_nearer(one, policy.near) if name in near else one)
        if len(scored) >= with_named and _is_enough(question, scored, policy):
            break
    scored = _with_equal_rows(scored, parts)
    scored.sort(key=lambda s: -s.score)
    # Scores within one ranking stay comparable: what was not read lies below what was.
    lowest = scored[-1].score if scored else 0.0
    read = {one.passage.id for one in scored}
    rest = [hit for hit in hits if hit.passage.id not in read]
    return scored + [ScoredPassage(h.passage, round(lowest - 2 + h.score, 6), {}, ()) for h in rest]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is read of a passage, and where the sentences of it begin that may answer; `named`, those of
    them that are rows which the question names, each with its table; `told`, where those of these begin that hold just
    what it asks for."""

    read: Passage
    answering: frozenset[int]
    named: Mapping[int, int]
    told: frozenset[int]


def _pointed_at(question: Question, wording: str, document: Document, passages: Sequence[Passage]) -> dict[str, _Part]:
    """Of each passage, by its id, what is read of it. Of a table the rows answer that the question points at; where it
    names each, the others are not read either, since a reader takes one row for another."""
    has_rows = any(sentence.kind == "row" for passage in passages for sentence in passage.sentences)
    lookup = look_up(question, shown_text(document), wording, document.title) if has_rows else Lookup({}, ())
    prose = [s for passage in passages for s in passage.sentences if s.kind != "row" and not s.speaker]
    keys = {s.start: key for s in prose if (key := key_of(document.text, s.start, s.end))}
    others = under_other_keys(question, keys)
    found = {}
    for passage in passages:
        some = tuple(s for s in passage.sentences if s.start not in others and lookup.allows(s.start))
        tables = ((s.start, lookup.named(s.start)) for s in some if s.kind == "row")
        named = {start: table for start, table in tables if table is not None}
        read = replace(passage, sentences=some) if named and len(some) < len(passage.sentences) else passage
        told = frozenset(s.start for s in some if s.kind == "row" and lookup.is_asked(s.start))
        found[passage.id] = _Part(read, frozenset(s.start for s in some), named, told)
    return found


def _with_equal_rows(scored: Sequence[ScoredPassage], parts: Mapping[str, _Part]) -> list[ScoredPassage]:
    """The passages, all rows of a table that the question names with the score of the best of them: each tells a part
    of what is asked."""
    best: dict[tuple[str, int], float] = {}
    for sentence in (sentence for passage in scored for sentence in passage.sentences):
        table = _table_of(sentence, parts)
        if table is not None:
            best[table] = max(best.get(table, -math.inf), sentence.score)

    def equal(sentence: ScoredSentence) -> ScoredSentence:
        table = _table_of(sentence, parts)
        return sentence if table is None else replace(sentence, score=best[table])

    return [replace(p, sentences=tuple(map(equal, p.sentences))) for p in scored] if best else list(scored)


def _table_of(sentence: ScoredSentence, parts: Mapping[str, _Part]) -> tuple[str, int] | None:
    """The document and the table of a row that the question names."""
    table = parts[sentence.passage.id].named.get(sentence.span.start)
    return None if table is None else (sentence.passage.document_id, table)


def with_nearness(hits: Sequence[Hit], nearness: Mapping[str, float], policy: Policy) -> list[Hit]:
    """The hits, their scores (0 to 1) a weighted sum of what they were and of the nearness of words, the largest of
    which counts as 1."""
    top = max(1e-9, *nearness.values())
    weight = policy.words_found
    return [
        replace(hit, score=round((1 - weight) * hit.score + weight * max(0.0, nearness[hit.passage.id]) / top, 6))
        for hit in hits
    ]


def _score(
    question: Question,
    candidate: Candidate,
    part: _Part,
    document: Document,
    text: Readable,
    judgement: Judgement,
    nearness: float,
    top_lexical: float,
    calibration: Calibration,
) -> ScoredPassage:
    passage = candidate.passage
    features = {
        "dense": candidate.dense,
        "best_sentence": candidate.best_sentence,
        "lexical": candidate.lexical / top_lexical,
        "nearness": nearness,
        "relevance": judgement.relevance,
        "answers": judgement.answers,
        "span": judgement.best_span(0, len(text.told.text))[0],
    }
    around = document.text[max(0, passage.start - NAMED_BEFORE) : passage.end + NAMED_BEHIND]
    features |= name_features(question, f"{called(document)}\n{passage.section}\n{around}", [document])
    score = calibration.passage.logit([features[name] for name in PASSAGE_FEATURES])
    sentences = _sentences(question, passage, part, text, judgement, score, calibration)
    return ScoredPassage(passage, score, features, sentences)


def _documents(source: Source, candidates: Iterable[Candidate]) -> dict[str, Document]:
    return {name: source.document(name) for name in {c.passage.document_id for c in candidates}}


def _nearer(scored: ScoredPassage, gain: float) -> ScoredPassage:
    sentences = tuple(replace(s, score=round(s.score + gain, 6)) for s in scored.sentences)
    features = {**scored.features, "near": gain}
    return replace(scored, score=round(scored.score + gain, 6), features=features, sentences=sentences)


def verdict_row(judgement: Judgement, length: int) -> list[float]:
    """VERDICT_FEATURES of a text of `length` characters that was read."""
    return [judgement.answers, judgement.best_span(0, length)[0]]


def _is_enough(question: Question, scored: Sequence[ScoredPassage], policy: Policy) -> bool:
    """Whether reading on would change little: what is read answers clearly and one answer is asked for, or nothing
    read so far is near the question."""
    if question.is_list or (len(scored) < policy.read_at_least and not question.has_form):
        return False
    for passage in scored:
        relevance, answers = passage.features["relevance"], passage.features["answers"]
        if relevance >= policy.clear_relevance and answers >= policy.clear_answers:
            return True
    return len(scored) >= policy.read_at_least and all(p.features["relevance"] < policy.hopeless for p in scored)


def _sentences(
    question: Question,
    passage: Passage,
    part: _Part,
    readable: Readable,
    judgement: Judgement,
    passage_score: float,
    calibration: Calibration,
) -> tuple[ScoredSentence, ...]:
    out = []
    read = readable.read
    masses = judgement.masses(read.spans)
    for span, (start, end), mass in zip(part.read.sentences, read.spans, masses, strict=True):
        if span.kind in NEVER_SHOWN or span.start not in part.answering:
            continue
        text = read.text[start:end]
        score, first, last = judgement.best_span(start, end)
        features = {
            "mass": mass,
            "belongs": judgement.belonging(start, end),
            "passage": passage_score,
            "wanted": float(holds_wanted(question, text)) if question.has_form else 0.5,
            "length": math.log(max(len(text), 1)),
            "told": float(span.start in part.told),
        }
        out.append(
            ScoredSentence(
                span=span,
                passage=passage,
                score=calibration.sentence.logit([features[name] for name in SENTENCE_FEATURES]),
                answer=(read.place(first), read.place(last - 1) + 1) if last > first else (span.start, span.start),
                span_score=max(score, -30.0),
                features=features,
            )
        )
    return tuple(out)
