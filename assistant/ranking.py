"""From a question to passages and sentences in order: cheap search over everything, then the reader on the best.

The hybrid candidates (dense vectors of passages and sentences, BM25) are ordered with how near their words are to the
question's (`Encoder.nearness`), the reader judges the most promising, and two logistic models fitted by
`eval.lab.calibrate` combine what is known of each passage and sentence.
But: whether the source answers at all is decided in `abstention/`, which sentences are shown in `selection.py`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.calibration import Calibration, Policy
from assistant.check.asked.another import Asked
from assistant.reader.judgement import Judgement
from assistant.reader.runtime import Reader
from assistant.types import ScoredPassage, ScoredSentence, Source
from assistant.understanding.names import called, called_by_name, name_features, without_needless
from assistant.understanding.pointed import Part, pointed_at
from assistant.understanding.question import Question
from assistant.understanding.wanted import holds_wanted, is_title_of_chapter
from vectorstore.embedded_text import Readable, Told, readable
from vectorstore.embedding.states import States
from vectorstore.search.hybrid import Candidate
from vectorstore.search.hybrid import rank as hybrid_rank
from vectorstore.types import NOT_ANSWERS, Document, Hit, Passage, Span

NEVER_SHOWN = NOT_ANSWERS | {"note"}
"""Kinds of sentence that are never an answer: a bracketed source reference on its own is searched, not shown."""

PASSAGE_FEATURES = ("lexical", "nearness", "relevance", "span")
SENTENCE_FEATURES = ("mass", "belongs", "passage", "length")
VERDICT_FEATURES = ("answers", "span")
NAMED_BEFORE, NAMED_BEHIND = 1500, 500
"""Characters before and behind a passage in which a name of the question may stand: more before, where pronouns refer
to."""


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
    found = _search(question, wordings, source, reader, document_ids, policy)
    if found is None:
        return []
    meant = called_by_name(question, found.documents.values())
    near = {*near, *(c.passage.id for c in found.candidates.values() if c.passage.document_id in meant)}
    nearer = [replace(hit, score=hit.score + policy.near_found * (hit.passage.id in near)) for hit in found.hits]
    hits = sorted(nearer, key=lambda hit: -hit.score)
    likely = [hit.passage.id for hit in hits if found.parts[hit.passage.id].answering]
    likely = sorted(likely, key=lambda name: not found.parts[name].named)[: policy.read]
    scored = _read(question, likely, found, reader, calibration, near)
    scored = _with_equal_rows(scored, found.parts)
    scored.sort(key=lambda s: -s.score)
    # Scores within one ranking stay comparable: what was not read lies below what was.
    lowest = scored[-1].score if scored else 0.0
    read = {one.passage.id for one in scored}
    rest = [hit for hit in hits if hit.passage.id not in read]
    return scored + [ScoredPassage(h.passage, round(lowest - 2 + h.score, 6), {}, ()) for h in rest]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the search proposes: `candidates`, `texts`, `parts` and `nearness` by the ids of passages, `hits` in the
    order of the search, `top_lexical` the highest score by words, `states` of all texts, `wordings` as they are
    searched for and read with."""

    wordings: Sequence[str]
    candidates: Mapping[str, Candidate]
    documents: Mapping[str, Document]
    texts: Mapping[str, Readable]
    parts: Mapping[str, Part]
    states: Mapping[Told, States]
    nearness: Mapping[str, float]
    top_lexical: float
    hits: Sequence[Hit]


def _search(
    question: Question,
    wordings: Sequence[str],
    source: Source,
    reader: Reader,
    document_ids: Collection[str] | None,
    policy: Policy,
) -> _Found | None:
    candidates = source.candidates(wordings, k=policy.candidates, document_ids=document_ids)
    documents = _documents(source, candidates)
    shorter = without_needless(question, wordings, documents.values())
    if shorter != list(wordings):
        wordings = shorter
        candidates = source.candidates(wordings, k=policy.candidates, document_ids=document_ids)
        documents = _documents(source, candidates)
    if not candidates:
        return None
    texts: dict[str, Readable] = {}
    parts: dict[str, Part] = {}
    for name, document in documents.items():
        passages = [c.passage for c in candidates if c.passage.document_id == name]
        texts |= readable(document, passages)
        parts |= pointed_at(question, " ".join(wordings), document, passages)
    states = reader.encoder.states([text.told for text in texts.values()], source.kept)
    near_words = reader.encoder.nearness(wordings, [states[texts[c.passage.id].told] for c in candidates])
    nearness = {c.passage.id: value for c, value in zip(candidates, near_words, strict=True)}
    hits = with_nearness(hybrid_rank(candidates, len(candidates)), nearness, policy)
    by_id, top = {c.passage.id: c for c in candidates}, max(1e-9, *(c.lexical for c in candidates))
    return _Found(wordings, by_id, documents, texts, parts, states, nearness, top, hits)


def _read(
    question: Question,
    likely: Sequence[str],
    found: _Found,
    reader: Reader,
    calibration: Calibration,
    near: Collection[str],
) -> list[ScoredPassage]:
    """Those of the likely passages that are read, until one is clear."""
    policy = calibration.policy
    texts = dict(found.texts)
    for name in likely:
        part = found.parts[name].read
        if part is not found.candidates[name].passage:
            text = readable(found.documents[part.document_id], [part])[name]
            texts[name] = replace(text, told=replace(text.told, name=""))
        if is_title_of_chapter(question, part.section):
            told = replace(texts[name].told, heading=found.documents[part.document_id].title, name="")
            texts[name] = replace(texts[name], told=told)
    asked = _asked_of(question, found.documents, {found.candidates[name].passage.document_id for name in likely})
    with_named = sum(bool(found.parts[name].named) for name in likely)
    scored: list[ScoredPassage] = []
    for start in range(0, len(likely), policy.at_a_time):
        some = likely[start : start + policy.at_a_time]
        judgements = reader.read_as(found.wordings, [texts[name].told for name in some], found.states)
        for name, judgement in zip(some, judgements, strict=True):
            of = asked.get(found.candidates[name].passage.document_id)
            one = _score(question, of, found, name, texts[name], judgement, calibration)
            scored.append(_nearer(one, policy.near) if name in near else one)
        if len(scored) >= with_named and _is_enough(question, scored, policy):
            break
    return scored


def _with_equal_rows(scored: Sequence[ScoredPassage], parts: Mapping[str, Part]) -> list[ScoredPassage]:
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


def _table_of(sentence: ScoredSentence, parts: Mapping[str, Part]) -> tuple[str, int] | None:
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
    asked: Asked | None,
    found: _Found,
    name: str,
    text: Readable,
    judgement: Judgement,
    calibration: Calibration,
) -> ScoredPassage:
    candidate = found.candidates[name]
    passage, document = candidate.passage, found.documents[candidate.passage.document_id]
    best, first, _ = judgement.best_span(0, len(text.told.text))
    told, spans = text.read.text, text.read.spans
    of_another = [
        (s, e)
        for one, (s, e) in zip(found.parts[name].read.sentences, spans, strict=True)
        if asked and asked.is_told_of_another(told[s:e], one.start, passage.section)
    ]
    features = {
        "lexical": candidate.lexical / found.top_lexical,
        "nearness": found.nearness[name],
        "relevance": judgement.relevance,
        "answers": judgement.answers,
        "span": best,
        "another": float(any(start <= first < end for start, end in of_another)),
    }
    around = document.text[max(0, passage.start - NAMED_BEFORE) : passage.end + NAMED_BEHIND]
    features |= name_features(question, f"{called(document)}\n{passage.section}\n{around}", [document])
    score = calibration.passage.logit([features[name] for name in PASSAGE_FEATURES])
    sentences = _sentences(question, of_another, passage, found.parts[name], text, judgement, score, calibration)
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
        if passage.features.get("another"):
            continue
        if relevance >= policy.clear_relevance and answers >= policy.clear_answers:
            return True
    return len(scored) >= policy.read_at_least and all(p.features["relevance"] < policy.hopeless for p in scored)


def _asked_of(question: Question, documents: Mapping[str, Document], ids: Collection[str]) -> dict[str, Asked]:
    """What the question asks of whom, by the ids of documents; empty where it asks nothing of anybody by name."""
    found = (
        {name: Asked(question.text, documents[name].text, called(documents[name])) for name in ids}
        if question.names
        else {}
    )
    return {name: asked for name, asked in found.items() if asked}


def _sentences(
    question: Question,
    of_another: Collection[Span],
    passage: Passage,
    part: Part,
    readable: Readable,
    judgement: Judgement,
    passage_score: float,
    calibration: Calibration,
) -> tuple[ScoredSentence, ...]:
    out = []
    read = readable.read
    masses = judgement.masses(read.spans)
    for span, (start, end), mass in zip(part.read.sentences, read.spans, masses, strict=True):
        if span.kind in NEVER_SHOWN or span.start not in part.answering or (start, end) in of_another:
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
