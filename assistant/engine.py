"""The assistant: question and history in, an answer with exact citations or an abstention out.

Pure in (index, question, history): the same three give the same answer.
But: nothing here prints, stores a conversation, or writes to the index.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.calibration import load_calibration
from assistant.confidence import confidence, measure
from assistant.conversation import Reading, leans_back, readings, wordings
from assistant.limits import check_question
from assistant.question import Question, analyse
from assistant.ranking import READ, ScoredPassage, ScoredSentence, rank
from assistant.reader.runtime import Reader, load_reader
from assistant.selection import select
from assistant.settings import Settings
from assistant.types import Answer, Citation, Sentence, ShortAnswer, Trace, Turn
from vectorstore.index import Index
from vectorstore.types import Document, Head, Hit

REMEMBERED_TURNS, REACH = 3, 2
"""A follow-up is likely answered near what the last turns showed: in so many turns, so many passages to each side."""
LEAST_SPAN_SCORE = -4.0
"""A short answer is marked where the reader's margin over "no answer here" is at least this."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a question was taken to mean, whether it leans on the turns before it, the wordings in which the source was
    asked, and the passages found, best first; none where nothing is searched."""

    reading: Reading
    leans: bool
    wordings: tuple[Question, ...]
    ranking: tuple[ScoredPassage, ...]


class Assistant:
    """Answers questions from one open index."""

    def __init__(self, index: Index, settings: Settings | None = None) -> None:
        self.index = index
        self.settings = settings or Settings()
        self._calibration = load_calibration()

    @cached_property
    def reader(self) -> Reader:
        """The reader, loaded at first use."""
        return load_reader()

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
            if all(before.get(name) == now.get(name) for name in {hit.passage.document_id for hit in answer.passages}):
                return answer

    def _heads(self) -> dict[str, Head]:
        return {head.id: head for head in self.index.heads()}

    def _answered(self, question: str, history: Sequence[Turn], document_ids: Collection[str] | None) -> Answer:
        """The answer, of the documents as they are at several moments: where one of them is replaced in between, its
        offsets are of the old text."""
        found = self.search(question, history, document_ids=document_ids)
        chosen, ranking = found.reading, found.ranking
        searched = tuple(wording.text for wording in found.wordings)
        if not ranking:
            return Answer(question, chosen.text, (), True, 0.0, (), Trace(searched, ()))
        documents = self._documents(ranking)
        features = measure(ranking)
        sure = confidence(features, self._calibration)
        sentences: tuple[Sentence, ...] = ()
        if sure >= self._calibration.threshold and chosen.cue != "closest":
            goes_on = found.leans or chosen.cue != "as asked"
            sentences = self._answer(
                found.wordings[0], ranking, documents, history if goes_on else (), chosen.cue != "more"
            )
        return Answer(
            question=question,
            searched_for=chosen.text,
            sentences=sentences,
            abstained=not sentences,
            confidence=sure,
            passages=tuple(Hit(p.passage, p.score, p.found_by) for p in ranking[: self.settings.passages]),
            trace=Trace(searched, tuple(features.items())),
        )

    def search(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Collection[str] | None = None
    ) -> Search:
        """What the question means after the turns of `history`, and what is found for it."""
        offered = readings(question, history)
        chosen, leans = offered[0], leans_back(question, history, offered)
        texts = wordings(chosen.text, question, history) if leans else (chosen.text,)
        asked = tuple(analyse(text) for text in texts)
        near = self.near(history) if leans else ()
        ranking = rank(asked, self.index, self.reader, self._calibration, document_ids=document_ids, near=near)
        return Search(chosen, leans, asked, tuple(ranking))

    def turns_for(self, question: str, history: Sequence[Turn]) -> tuple[Turn, ...]:
        """The turns on which the answer to `question` depends: none where the question stands for itself, so that its
        answer is the same in every conversation. Raises UsageError as `ask` does."""
        check_question(question)
        question = _readable(question)
        offered = readings(question, history)
        if offered[0] == readings(question, ())[0] and not leans_back(question, history, offered):
            return ()
        return tuple(history)

    def near(self, history: Sequence[Turn]) -> frozenset[str]:
        """Ids of the passages around those that the last turns cited or, where one abstained, found first."""
        places: dict[str, list[int]] = {}
        for turn in history[-REMEMBERED_TURNS:]:
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
                found.update(passage.id for passage in passages[max(0, at - REACH) : at + REACH + 1])
        return frozenset(found)

    def _documents(self, ranking: Sequence[ScoredPassage]) -> dict[str, Document]:
        return {
            name: self.index.document(name) for name in dict.fromkeys(p.passage.document_id for p in ranking[:READ])
        }

    def _answer(
        self,
        question: Question,
        ranking: Sequence[ScoredPassage],
        documents: dict[str, Document],
        history: Sequence[Turn],
        repeat: bool,
    ) -> tuple[Sentence, ...]:
        shown = {(c.document_id, c.start) for t in history for s in t.answer.sentences for c in s.citations}
        neighbours = {name: self.index.passages(name) for name in documents}
        chosen = select(
            question,
            ranking,
            documents,
            neighbours,
            most=self.settings.sentences,
            shown=shown,
            repeat=repeat,
        )
        return tuple(_cite(sentence, documents[sentence.passage.document_id]) for sentence in chosen)


def _cite(sentence: ScoredSentence, document: Document) -> Sentence:
    """A sentence as it is shown, with its citation; the short answer marked where there is a good one."""
    start, end = sentence.span.start, sentence.span.end
    quote = document.text[start:end]
    short: tuple[ShortAnswer, ...] = ()
    if sentence.span_score >= LEAST_SPAN_SCORE and sentence.answer[0] < sentence.answer[1]:
        a, b = sentence.answer
        short = (ShortAnswer(a, b, document.text[a:b]),)
    citation = Citation(
        document_id=document.id,
        title=document.title,
        section=sentence.passage.section,
        start=start,
        end=end,
        quote=quote,
        speaker=sentence.span.speaker,
        sha256=document.sha256,
    )
    return Sentence(" ".join(quote.split()), (citation,), "quoted", short)


def _readable(question: str) -> str:
    """The question on one line, without control characters."""
    clean = "".join(c if c.isprintable() else " " for c in question)
    return " ".join(clean.split())
