"""The assistant: question and history in, an answer with exact citations or an abstention out.

Pure in (index, question, history): the same three give the same answer.
But: nothing here prints, stores a conversation, or writes to the index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from assistant.calibration import load_calibration
from assistant.confidence import confidence, measure
from assistant.conversation import Reading, choose, readings
from assistant.limits import check_question
from assistant.question import Question, analyse
from assistant.ranking import READ, ScoredPassage, ScoredSentence, rank
from assistant.reader.runtime import Reader, load_reader
from assistant.selection import select
from assistant.settings import Settings
from assistant.types import Answer, Citation, Sentence, ShortAnswer, Trace, Turn
from vectorstore.index import Index
from vectorstore.types import Document, Hit

READ_TO_CHOOSE = 4
"""How many passages are read for each way of understanding a follow-up."""
LEAST_SPAN_SCORE = -4.0
"""A short answer is marked where the reader's margin over "no answer here" is at least this."""


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
        offered = readings(question, history)
        chosen = choose(offered, lambda text: self._support(text, document_ids)) if len(offered) > 1 else offered[0]
        analysed = analyse(chosen.text)
        ranking = rank(analysed, self.index, self.reader, self._calibration, document_ids=document_ids)
        trace_readings = tuple(reading.text for reading in offered)
        if not ranking:
            return Answer(question, chosen.text, (), True, 0.0, (), Trace(trace_readings, ()))
        documents = self._documents(ranking)
        features = measure(ranking)
        sure = confidence(features, self._calibration)
        sentences: tuple[Sentence, ...] = ()
        if sure >= self._calibration.threshold and chosen.cue != "closest":
            sentences = self._answer(analysed, chosen, ranking, documents, history)
        return Answer(
            question=question,
            searched_for=chosen.text,
            sentences=sentences,
            abstained=not sentences,
            confidence=sure,
            passages=tuple(Hit(p.passage, p.score, p.found_by) for p in ranking[: self.settings.passages]),
            trace=Trace(trace_readings, tuple(features.items())),
        )

    def _support(self, text: str, document_ids: Collection[str] | None) -> float:
        """How well the source supports one reading of a question: the confidence of a quick look."""
        question = analyse(text)
        ranking = rank(
            question, self.index, self.reader, self._calibration, document_ids=document_ids, read=READ_TO_CHOOSE
        )
        return confidence(measure(ranking), self._calibration) if ranking else 0.0

    def _documents(self, ranking: Sequence[ScoredPassage]) -> dict[str, Document]:
        return {
            name: self.index.document(name) for name in dict.fromkeys(p.passage.document_id for p in ranking[:READ])
        }

    def _answer(
        self,
        question: Question,
        reading: Reading,
        ranking: Sequence[ScoredPassage],
        documents: dict[str, Document],
        history: Sequence[Turn],
    ) -> tuple[Sentence, ...]:
        shown = {(c.document_id, c.start) for t in history for s in t.answer.sentences for c in s.citations}
        neighbours = {name: self.index.passages(name) for name in documents}
        chosen = select(
            question,
            ranking,
            documents,
            neighbours,
            most=self.settings.sentences,
            shown=() if reading.cue == "as asked" else shown,
            repeat=reading.cue != "more",
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
