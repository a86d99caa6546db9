"""What is asked, and what an answer is: sentences, each with exact citations, and what led to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from vectorstore.documents.pages import OnPage
from vectorstore.types import Document, Head, Hit, Passage, SentenceSpan

if TYPE_CHECKING:
    from vectorstore.embedding.states import Kept
    from vectorstore.search.hybrid import Candidate

NOT_IN_THE_SOURCE = "Not in the source."
SAYS_OTHERWISE = "The source says otherwise:"
DOCUMENTS_DIFFER = "The documents differ:"

SOURCE = "source"
"""Who speaks in an answer that is made of the source's own sentences."""

Support = Literal["quoted", "supported", "unsupported"]
"""What stands behind a sentence: its words are the source's; a model's words, checked, and the source supports them; a
model's words that the source does not support, shown struck through if at all, never as a fact."""


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact pointer: `quote` equals `document.text[start:end]`, in code points, for the document whose text has
    the SHA-256 `sha256`. `speaker` is who says the words, where the source quotes somebody; None where the source
    speaks itself. `pages`: where the words stand in a PDF (see `vectorstore.documents.pages`)."""

    document_id: str
    title: str
    section: str
    start: int
    end: int
    quote: str
    speaker: str | None
    sha256: str
    pages: tuple[OnPage, ...] = ()


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The date, name or number inside a sentence that answers by itself; offsets into the document."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, verbatim apart from white space; or a row of a table, its cells with the headers of
    their columns, which are cited, too. The first citation is the sentence's or row's own.

    Where a language model speaks, `text` is plain text in its words, `citations` what the source says of it, and
    `reason` why the check did not find it supported, in one line; an "unsupported" one may have no citation."""

    text: str
    citations: tuple[Citation, ...]
    short_answers: tuple[ShortAnswer, ...] = ()
    row: bool = False
    support: Support = "quoted"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """How the answer came about: the wordings that were searched for, none where nothing was asked ("Thanks!"); and the
    measurements (name, value) that the confidence was computed from."""

    wordings: tuple[str, ...]
    features: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """The confidence from which a question is answered, and where it comes from: the one that is shipped, one fitted to
    the index by `attest calibrate`, or one given by a program.

    `promise`: what was promised of one that was fitted, as a sentence. `remark`: why a fitted one is not used, or its
    promise holds no longer, and what to do, in one line; empty where there is nothing to say."""

    value: float
    source: Literal["shipped", "fitted", "given"] = "shipped"
    promise: str = ""
    remark: str = ""

    @property
    def origin(self) -> str:
        """Where it comes from, in words that follow the number."""
        return {"shipped": "as shipped", "fitted": "fitted to this index", "given": "as given"}[self.source]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an abstention.

    `searched_for` is the question, and the earlier ones that it was read after. `confidence` is the calibrated
    probability, 0 to 1, that the source holds an answer to it. Where `abstained`, `sentences` is empty and `passages`
    are the closest ones, not an answer. `passages` is the ranking, best first.

    `said` is what attest says itself, in reply to "hello" or of the documents ("... has 4 sections"): words that are
    not the source's and need no citation. `parts`: the answers to each part of a question in parts, whose sentences are
    those of this answer; none where it was read as one.

    `spoken_by`: whose words the sentences are, SOURCE or a language model's name. `notice`: why a model that was asked
    does not speak here ("... took too long"), in one line.

    `otherwise`: the sentences contradict what the question takes for granted, and do not answer it; `said` is then
    SAYS_OTHERWISE. `differs`: each sentence is of another document, and answers otherwise than the others; `said` is
    then DOCUMENTS_DIFFER. `threshold`: the confidence from which it was to be answered.
    """

    question: str
    searched_for: str
    sentences: tuple[Sentence, ...]
    abstained: bool
    confidence: float
    passages: tuple[Hit, ...]
    trace: Trace
    said: str = ""
    parts: tuple[Answer, ...] = ()
    spoken_by: str = SOURCE
    notice: str = ""
    otherwise: bool = False
    differs: bool = False
    threshold: Threshold | None = None

    @property
    def was_asked(self) -> bool:
        """Whether there was a question to the source at all: "Thanks!" is none, and nothing is searched for it."""
        return bool(self.trace.wordings or self.sentences or self.passages)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The parts of the question that the source does not answer, where it answers others."""
        return () if self.abstained else tuple(part.question for part in self.parts if part.abstained)

    @property
    def text(self) -> str:
        """What a reader sees, without mark-up; what is struck out is left out."""
        if self.abstained:
            return self.said or NOT_IN_THE_SOURCE
        text, after_row = self.said, False
        for sentence in self.sentences:
            if sentence.support == "unsupported":
                continue
            speaker = sentence.citations[0].speaker if sentence.support == "quoted" else None
            words = f"{speaker}, quoted: {sentence.text}" if speaker else sentence.text
            words = f"{sentence.citations[0].title}: {words}" if self.differs else words
            apart = sentence.row or after_row or self.differs
            text += ("\n" if apart else " ") * bool(text) + words
            after_row = sentence.row
        for part in self.unanswered:
            text += ("\n" if after_row else " ") * bool(text) + not_answered(part)
        return text


def not_answered(part: str) -> str:
    """What is said of a part of a question that the source does not answer."""
    return f"Not in the source: {part}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer in a conversation."""

    question: str
    answer: Answer


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
