"""Which sentences are shown: as few as answer, in the order of the source.

Up to three for a fact or a reason, more where the question asks for a list. A sentence that opens with a pronoun is
shown with the sentence before it.
But: nothing here ranks, and nothing rewrites: a sentence is shown as it stands or not at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from assistant.calibration import Policy
from assistant.citation import label_length
from assistant.ranking import NEVER_SHOWN
from assistant.types import ScoredPassage, ScoredSentence
from assistant.understanding.lists import MARK, asked_list
from assistant.understanding.question import Question
from assistant.understanding.wanted import only_repeats
from vectorstore.types import Document, Passage, SentenceSpan, shown, shown_text

WORDS = 60
"""An answer of several sentences stays within so many words, unless it is a list."""
LIST_WORDS = 150
LIST_SENTENCES = 6
LONG_LIST_WORDS = 300
"""Of a list whose items are sentences, where all of it is asked for."""

MOST_ITEMS = 30
"""So many items of a list are shown, where most of them answer, and within LIST_WORDS."""

_OPENS_WITH_PRONOUN = re.compile(
    r"^[“\"‘'(\[]*(?:(?:But|And|Yet|So|Then|However|Nevertheless|Instead|Later|Still),? )?"
    r"(?:He|She|They|It|His|Her|Their|Its|This|These|Those|That|Such|Both|Neither|The (?:latter|former|same)|"
    r"he|she|they|it|his|her|their|its|this|these|those)\b"
)
_OPENS_WITH_REFERENCE = re.compile(
    r"^[“\"‘'(\[]*(?:\w+ing|With|By|In|Under|Through|After|Before|From|For|Despite|Because of|As a result of|Given)"
    r" (?:this|these|that|those|such)\b"
)
_LEANS_BACK = re.compile(
    r"^[“\"‘'(\[]*(?:But|However|As a (?:result|consequence)|Therefore|Thus|Hence|Consequently|For this reason|"
    r"That is why|Because of this|In (?:response|protest|turn)|Accordingly)\b"
)


def select(
    question: Question,
    ranking: Sequence[ScoredPassage],
    documents: Mapping[str, Document],
    neighbours: Mapping[str, Sequence[Passage]],
    policy: Policy,
    *,
    most: int,
    shown: Collection[tuple[str, int]] = (),
    repeat: bool = True,
) -> list[ScoredSentence]:
    """The sentences of the answer, in reading order; empty where nothing is left to show.

    `neighbours`: all passages of each document in the ranking, in text order. `shown`: (document id, start) of
    sentences that the conversation has seen: they count for less, or for nothing where `repeat` is false.
    """
    pool = [replace(s, score=s.score - policy.seen) if _seen(s, shown) else s for p in ranking for s in p.sentences]
    pool = [s for s in sorted(pool, key=lambda s: -s.score) if repeat or not _seen(s, shown)]
    if not pool:
        return []
    sort = "list" if question.is_list else "reason" if question.wanted in ("reason", "manner") else "fact"
    beside = {"list": policy.beside_list, "reason": policy.beside_reason, "fact": policy.beside_fact}[sort]
    limit, words = (LIST_SENTENCES, LIST_WORDS) if sort == "list" else (most, WORDS)
    items = _items(question, pool, documents, policy) if limit > 1 else []
    items = items or (_long_list(question, pool, documents, neighbours, shown) if limit > 1 else [])
    if items:
        return items
    chosen = _turn(pool, documents) if limit > 1 else [pool[0]]
    texts = {_normal(_text(documents, sentence)) for sentence in chosen}
    first = _before(pool[0], pool, documents, neighbours)
    if first and only_repeats(question, _text(documents, first)):
        first = None
    if first and limit > 1 and len(chosen) == 1 and _needs_before(_text(documents, pool[0]), sort):
        chosen.append(first)
        texts.add(_normal(_text(documents, first)))
    for sentence in pool[1:]:
        if len(chosen) >= limit or math.exp(sentence.score - pool[0].score) < beside:
            break
        text = _text(documents, sentence)
        if _normal(text) in texts or _seen(sentence, shown):
            continue
        if sum(_text(documents, s).count(" ") + 1 for s in chosen) + text.count(" ") + 1 > words:
            continue
        if sort == "list" and question.has_form and not sentence.features["wanted"]:
            continue
        chosen.append(sentence)
        texts.add(_normal(text))
    order = {id(s): n for n, s in enumerate(chosen)}
    return sorted(chosen, key=lambda s: (_best_place(chosen, s.passage.document_id, order), s.span.start))


def without_repetitions(
    question: Question, ranking: Sequence[ScoredPassage], documents: Mapping[str, Document]
) -> list[ScoredPassage]:
    """The ranking without the sentences that only repeat the question: neither shown nor counted as its answer."""
    kept = []
    for passage in ranking:
        some = tuple(s for s in passage.sentences if not only_repeats(question, _text(documents, s)))
        kept.append(passage if len(some) == len(passage.sentences) else replace(passage, sentences=some))
    return kept


def _seen(sentence: ScoredSentence, shown: Collection[tuple[str, int]]) -> bool:
    """Whether a sentence was shown. Its citation may have begun behind the speaker's name, not where it begins."""
    span, document_id = sentence.span, sentence.passage.document_id
    return any(shown_in == document_id and span.start <= at < span.end for shown_in, at in shown)


def _turn(pool: Sequence[ScoredSentence], documents: Mapping[str, Document]) -> list[ScoredSentence]:
    """The best sentence. A question that somebody asks comes with what another says next; a sentence that answers by
    the name of its speaker alone ("ROE: I disagree. ...") comes with the rest of a short turn."""
    best = pool[0]
    if best.span.speaker and _text(documents, best).endswith("?"):
        later = [s for s in pool if s.passage.id == best.passage.id and s.span.start > best.span.start]
        answer = min(later, key=lambda s: s.span.start, default=None)
        if answer is not None and answer.span.speaker not in (None, best.span.speaker):
            return [best, answer]
    length = label_length(_text(documents, best), best.span.speaker)
    if not length or best.answer[1] > best.span.start + length:
        return [best]
    turn = [s for s in pool if s.passage.id == best.passage.id and s.span.speaker == best.span.speaker]
    turn = sorted((s for s in turn if s.span.start >= best.span.start), key=lambda s: s.span.start)
    words = 0
    kept: list[ScoredSentence] = []
    for sentence in turn:
        words += _text(documents, sentence).count(" ") + 1
        if kept and (words > WORDS or label_length(_text(documents, sentence), best.span.speaker)):
            break
        kept.append(sentence)
    return kept


def _items(
    question: Question, pool: Sequence[ScoredSentence], documents: Mapping[str, Document], policy: Policy
) -> list[ScoredSentence]:
    """All items of the list that the best sentence is one of, where most of them answer as well; none elsewhere, where
    something else than people or things is asked for, and where they are too many."""
    best = pool[0]
    if not _is_item(documents, best) or (question.wanted not in ("person", "thing") and not question.is_list):
        return []
    section = [s for s in pool if s.passage.document_id == best.passage.document_id]
    section = [s for s in section if s.passage.section == best.passage.section and _is_item(documents, s)]
    answering = [s for s in section if math.exp(s.score - best.score) >= policy.beside_list]
    words = sum(_text(documents, s).count(" ") + 1 for s in section)
    if len(answering) < 2 or 2 * len(answering) <= len(section) or len(section) > MOST_ITEMS or words > LIST_WORDS:
        return []
    return sorted(section, key=lambda s: s.span.start)


def _long_list(
    question: Question,
    pool: Sequence[ScoredSentence],
    documents: Mapping[str, Document],
    neighbours: Mapping[str, Sequence[Passage]],
    shown: Collection[tuple[str, int]],
) -> list[ScoredSentence]:
    """The list of long items that the question asks for, with the sentence before it, where the best sentence is in it:
    all of it or, where that is too long, the first sentence of each item. None where some of it was shown already."""
    name = pool[0].passage.document_id
    placed = [(span, passage) for passage in neighbours[name] for span in passage.sentences]
    best = next((n for n, (span, _) in enumerate(placed) if span.start == pool[0].span.start), None)
    if best is None:
        return []
    text = shown_text(documents[name])
    found = asked_list(text, [(span, passage.section) for span, passage in placed], best, question)
    for numbers in ([n for item in found for n in item], [item[0] for item in found]):
        chosen = [_scored(*placed[n], pool) for n in numbers if placed[n][0].kind not in NEVER_SHOWN]
        if chosen and sum(_text(documents, s).count(" ") + 1 for s in chosen) <= LONG_LIST_WORDS:
            return [] if any(_seen(s, shown) for s in chosen) else chosen
    return []


def _scored(
    span: SentenceSpan, passage: Passage, pool: Sequence[ScoredSentence], score: float = float("-inf")
) -> ScoredSentence:
    """A sentence of a passage as it was ranked; with this score where it was not."""
    known = next((s for s in pool if s.span.start == span.start and s.passage.id == passage.id), None)
    return known or ScoredSentence(span, passage, score, (span.start, span.start), float("-inf"), {})


def _is_item(documents: Mapping[str, Document], sentence: ScoredSentence) -> bool:
    """Whether a sentence opens an item of a list."""
    return sentence.span.kind != "row" and MARK.match(_text(documents, sentence)) is not None


def _needs_before(text: str, sort: str) -> bool:
    """Whether a sentence is hard to understand without the one before it."""
    if _OPENS_WITH_PRONOUN.match(text) or _OPENS_WITH_REFERENCE.match(text):
        return True
    return sort == "reason" and bool(_LEANS_BACK.match(text))


def _before(
    sentence: ScoredSentence,
    pool: Sequence[ScoredSentence],
    documents: Mapping[str, Document],
    neighbours: Mapping[str, Sequence[Passage]],
) -> ScoredSentence | None:
    """The sentence just before another, where both stand in one section and it can be shown."""
    before: tuple[SentenceSpan, Passage] | None = None
    for passage in neighbours[sentence.passage.document_id]:
        for span in passage.sentences:
            if span.start >= sentence.span.start:
                break
            before = (span, passage)
    if before is None or before[0].kind in NEVER_SHOWN or before[1].section != sentence.passage.section:
        return None
    span, passage = before
    return _scored(span, passage, pool, sentence.score)


def _best_place(chosen: Sequence[ScoredSentence], document_id: str, order: dict[int, int]) -> int:
    """The place of a document's best sentence among those chosen: documents are shown in that order."""
    return min(order[id(s)] for s in chosen if s.passage.document_id == document_id)


def _text(documents: Mapping[str, Document], sentence: ScoredSentence) -> str:
    return shown(documents[sentence.passage.document_id], sentence.span.start, sentence.span.end)


def _normal(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
