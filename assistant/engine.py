"""The assistant: question and history in, an answer with exact citations or an abstention out.

The same index, question and history give the same answer.
But: nothing here prints, stores a conversation, or writes to the index.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from assistant.about.answers import answer_about
from assistant.about.parts import Parts, joined, names_all, parts_of
from assistant.about.sentences import Shelf
from assistant.abstention.deciding import confidence, is_answered, measure
from assistant.abstention.fitted import Keeps, threshold_of
from assistant.calibration import Calibration, load_calibration
from assistant.check.asked.beside import side_by_side
from assistant.check.asked.otherwise import says_otherwise
from assistant.citation import cited
from assistant.ranking import rank
from assistant.reader.history import history_text
from assistant.reader.runtime import Reader, load_reader
from assistant.selection import select, without_repetitions
from assistant.settings import Settings
from assistant.types import (
    DOCUMENTS_DIFFER,
    SAYS_OTHERWISE,
    Answer,
    ScoredPassage,
    ScoredSentence,
    Sentence,
    Source,
    Threshold,
    Trace,
    Turn,
)
from assistant.understanding.conversation import Reading, understand
from assistant.understanding.question import Question, analyse, check_question, stems_of, without_markup
from vectorstore.types import Document, Head, Hit

NAMES_ONLY = "The question does not say in what to compare them; these sentences name each."
"""Said where a comparison shows sentences that the reader takes for no answer; the confidence stays as measured."""

Understand = Callable[[str, Sequence[Turn]], Reading]
"""How a question is understood after the turns before it."""


class Asked(Source, Shelf, Keeps, Protocol):
    """What is asked: an `Index`."""


@dataclass(frozen=True, slots=True)
class Search:
    """How a question was understood, and the passages found for it, best first; none where nothing is searched."""

    reading: Reading
    question: Question
    ranking: tuple[ScoredPassage, ...]


class Assistant:
    """Answers questions from one open index. What it is made of can be handed in: the `reader` (the shipped one is
    loaded at first use), the `calibration`, and how a question is understood in its conversation. Without a calibration
    it is the shipped one, with the threshold that was fitted to the index where there is one (`attest calibrate`).

    Raises AttestError where the shipped calibration is damaged.
    """

    def __init__(
        self,
        index: Asked,
        settings: Settings | None = None,
        *,
        reader: Reader | None = None,
        calibration: Calibration | None = None,
        understand: Understand = understand,
    ) -> None:
        self.index = index
        self.settings = settings or Settings()
        self.calibration = calibration or load_calibration()
        self._threshold = Threshold(self.calibration.threshold, "given")
        if calibration is None:
            self._threshold = threshold_of(index, self.calibration.threshold)
            self.calibration = replace(self.calibration, threshold=self._threshold.value)
        self._reader = reader
        self.understand = understand

    @cached_property
    def reader(self) -> Reader:
        """The reader, loaded at first use."""
        return self._reader or load_reader()

    @property
    def threshold(self) -> Threshold:
        """The confidence from which this assistant answers, and what is to be said of it as the documents are now. What
        is fitted while the index is open, an assistant made later has."""
        mine = self._threshold
        if mine.source == "given":
            return mine
        now = threshold_of(self.index, load_calibration().threshold)
        return now if now.value == mine.value else mine

    def is_answered(self, sure: float) -> bool:
        """Whether an answer is shown at this confidence."""
        return is_answered(sure, self.calibration)

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Collection[str] | None = None
    ) -> Answer:
        """The answer to `question` after the turns of `history`, from the documents named (all, if None).

        Raises UsageError for an empty question, one of more than 2,000 characters, and one that is not text.
        """
        check_question(question)
        question = _readable(question)
        while True:
            version, before = self.index.version, self._heads()
            try:
                answer = self._answered(question, history, document_ids)
            except KeyError:  # a document that was found has been removed since
                if self.index.version == version:
                    raise
                continue
            now = self._heads()
            cited = {citation.document_id for sentence in answer.sentences for citation in sentence.citations}
            used = cited | {hit.passage.document_id for hit in answer.passages}
            if all(before.get(name) == now.get(name) for name in used):
                return replace(answer, threshold=self.threshold)

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Collection[str] | None = None
    ) -> Iterator[Answer]:
        """The answer as it grows: each takes the place of the one before it, and the last is what `ask` gives. Here it
        is one, since the source's own sentences are there at once. Raises UsageError as `ask` does."""
        yield self.ask(question, history, document_ids=document_ids)

    def _heads(self) -> dict[str, Head]:
        return {head.id: head for head in self.index.heads()}

    def reading_of(self, question: str, history: Sequence[Turn]) -> Reading:
        """How a question is understood, taken as a whole; its parts, where it has some, are read as they stand."""
        return self._read(question, history)

    def _read(self, question: str, history: Sequence[Turn]) -> Reading:
        """How a question is understood, its mark-up aside."""
        reading = self.understand(without_markup(question), history)
        if not reading.leans or reading.kind != "question":
            return reading
        said = [text for turn in history for text in (turn.question, *_told(turn.answer))]
        return replace(reading, needed=tuple(self.reader.needed(reading.question, history_text(said))))

    def _scope(self, document_ids: Collection[str] | None) -> list[Head]:
        """The documents that are asked."""
        return [head for head in self.index.heads() if document_ids is None or head.id in document_ids]

    def _answered(self, question: str, history: Sequence[Turn], document_ids: Collection[str] | None) -> Answer:
        """The answer. Documents are read at several moments: of one that is replaced in between, the offsets may be
        those of the old text."""
        reading = self.reading_of(question, history)
        own = answer_about(question, reading, self.index, self._scope(document_ids))
        if own is not None:
            return own
        parts = parts_of(reading.question) if reading.kind == "question" else Parts()
        as_one = parts.sides or not parts.questions
        whole = self._whole(question, history, document_ids, reading=reading) if as_one else None
        if whole is not None and (not parts.questions or names_all(whole, parts.sides)):
            return whole
        turns = tuple(history) if reading.leans else ()
        for part, named in zip(parts.questions, parts.named, strict=True):
            turns = (*turns, Turn(part, self._part(part, turns, document_ids, named)))
        answers = [turn.answer for turn in turns[-len(parts.questions) :]]
        apart = joined(question, answers, self.settings.passages)
        return whole if whole is not None and apart.abstained else apart

    def _part(
        self, part: str, before: Sequence[Turn], document_ids: Collection[str] | None, named: Collection[str]
    ) -> Answer:
        """The answer to a part of a question after the parts before it. What these have shown may answer it, too.
        `named`: see `Parts.named`."""
        own = answer_about(part, self._read(part, before), self.index, self._scope(document_ids))
        return own or self._whole(part, before, document_ids, shown=(), named=named)

    def _whole(
        self,
        question: str,
        history: Sequence[Turn],
        document_ids: Collection[str] | None,
        *,
        shown: Sequence[Turn] | None = None,
        named: Collection[str] = (),
        reading: Reading | None = None,
    ) -> Answer:
        """The answer to a question that is read as one, and as `reading` says where it is known. `shown`: the turns
        whose sentences it should not show again, where it leans on them; those of `history`, if None."""
        found = self.search(question, history, document_ids=document_ids, reading=reading)
        reading, ranking = found.reading, found.ranking
        searched_for, trace = reading.searched_for, Trace(reading.wordings, ())
        if not ranking:
            return Answer(question, searched_for, (), True, 0.0, (), trace)
        features = measure(ranking)
        sure = confidence(features, self.calibration)
        sentences: tuple[Sentence, ...] = ()
        said = ""
        if self.is_answered(sure) and reading.kind != "closest":
            goes_on = reading.leans or reading.kind == "more"
            sentences = self._sentences(found, (history if shown is None else shown) if goes_on else ())
        if sentences and shown is None and reading.kind == "question" and not reading.leans:
            contrary = says_otherwise(
                reading.question, self.index, self.reader, sure=sure, answer=sentences, document_ids=document_ids
            )
            if contrary is not None:
                return Answer(
                    question=question,
                    searched_for=searched_for,
                    sentences=contrary,
                    abstained=not contrary,
                    confidence=min(sure, self.calibration.threshold) / 2,  # it is said not to be answered
                    passages=tuple(Hit(p.passage, p.score) for p in ranking[: self.settings.passages]),
                    trace=replace(trace, features=tuple(features.items())),
                    said=SAYS_OTHERWISE if contrary else "",
                    otherwise=bool(contrary),
                )
        if named and not sentences:
            sentences = self._naming(found, frozenset(named))
            said = NAMES_ONLY if sentences else ""
        wanted = sentences and not said and shown is None and reading.kind == "question"
        apart = self._side_by_side(found) if wanted else ()
        return Answer(
            question=question,
            searched_for=searched_for,
            sentences=apart or sentences,
            abstained=not sentences,
            confidence=sure,
            passages=tuple(Hit(p.passage, p.score) for p in ranking[: self.settings.passages]),
            trace=replace(trace, features=tuple(features.items())),
            said=DOCUMENTS_DIFFER if apart else said,
            differs=bool(apart),
        )

    def search(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        document_ids: Collection[str] | None = None,
        reading: Reading | None = None,
    ) -> Search:
        """How the question is understood after the turns of `history` (`reading`, where that is known), and what is
        found for it."""
        reading = reading or self._read(question, history)
        analysed = analyse(reading.question)
        if not reading.wordings:
            return Search(reading, analysed, ())
        near = self.near(history) if reading.leans else ()
        ranking = rank(
            analysed,
            reading.wordings,
            self.index,
            self.reader,
            self.calibration,
            document_ids=document_ids,
            near=near,
        )
        documents = {p.passage.document_id: self.index.document(p.passage.document_id) for p in ranking if p.sentences}
        return Search(reading, analysed, tuple(without_repetitions(analysed, ranking, documents)))

    def turns_for(self, question: str, history: Sequence[Turn]) -> tuple[Turn, ...]:
        """The turns on which the answer to `question` depends: none where the question stands for itself, so that its
        answer is the same in every conversation. Raises UsageError as `ask` does."""
        check_question(question)
        reading = self.understand(without_markup(_readable(question)), history)
        return () if reading.kind in ("question", "talk", "about") and not reading.leans else tuple(history)

    def near(self, history: Sequence[Turn]) -> frozenset[str]:
        """Ids of the passages around those that the last turns cited or, where one abstained, found first."""
        policy = self.calibration.policy
        beside = policy.near_passages
        places: dict[str, list[int]] = {}
        for turn in history[-policy.near_turns :]:
            for citation in (c for sentence in turn.answer.sentences for c in sentence.citations):
                places.setdefault(citation.document_id, []).append(citation.start)
            if turn.answer.abstained and turn.answer.passages:
                passage = turn.answer.passages[0].passage
                places.setdefault(passage.document_id, []).append(passage.start)
        found: set[str] = set()
        for name, starts in places.items():
            try:
                passages = self.index.passages(name)
            except KeyError:  # removed since
                continue
            for start in starts:
                at = bisect_right(passages, start, key=lambda passage: passage.start) - 1
                found.update(passage.id for passage in passages[max(0, at - beside) : at + beside + 1])
        return frozenset(found)

    def _naming(self, found: Search, stems: frozenset[str]) -> tuple[Sentence, ...]:
        """The best sentences that hold all of these stems, in the order of the text."""
        best: list[tuple[ScoredSentence, Document]] = []
        for one in sorted((s for p in found.ranking for s in p.sentences), key=lambda s: -s.score):
            document = self.index.document(one.passage.document_id)
            if stems <= set(stems_of(document.text[one.span.start : one.span.end])):
                best.append((one, document))
        chosen = sorted(best[: self.settings.sentences], key=lambda pair: (pair[1].id, pair[0].span.start))
        return tuple(cited(one, document, self.calibration.policy.mark) for one, document in chosen)

    def _side_by_side(self, found: Search) -> tuple[Sentence, ...]:
        """The sentences of documents that answer differently, the best first; none where they do not."""
        documents = {
            p.passage.document_id: self.index.document(p.passage.document_id) for p in found.ranking if p.features
        }
        chosen = side_by_side(found.question, found.ranking, documents, self.calibration.policy)
        return tuple(cited(one, documents[one.passage.document_id], self.calibration.policy.mark) for one in chosen)

    def _sentences(self, found: Search, history: Sequence[Turn]) -> tuple[Sentence, ...]:
        policy = self.calibration.policy
        names = dict.fromkeys(scored.passage.document_id for scored in found.ranking[: policy.read])
        documents = {name: self.index.document(name) for name in names}
        chosen = select(
            found.question,
            found.ranking,
            documents,
            {name: self.index.passages(name) for name in names},
            policy,
            most=self.settings.sentences,
            shown={(c.document_id, c.start) for t in history for s in t.answer.sentences for c in s.citations},
            repeat=found.reading.kind != "more",
        )
        return tuple(cited(sentence, documents[sentence.passage.document_id], policy.mark) for sentence in chosen)


def _told(answer: Answer) -> list[str]:
    """The sentences of an answer that a reader may believe."""
    return [sentence.text for sentence in answer.sentences if sentence.support != "unsupported"]


def _readable(question: str) -> str:
    """The question on one line, without control characters."""
    clean = "".join(c if c.isprintable() else " " for c in question)
    return " ".join(clean.split())
