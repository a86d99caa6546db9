"""The assistant with a language model: it speaks in its own words, and each of its sentences is checked before it is
shown as supported.

A sentence is held against the passages that it cites and, where they do not support it, against the rest of the source.
What is supported is given out with the source's own words as citations; what is not is struck out with the reason, or
dropped. Where nothing is left, or the model fails, the source's own sentences are the answer, which says so.

Whether the source answers at all stays the calibrated decision (`abstention`): where it is that there is no answer,
the model is asked all the same. Either way what it says must also be found, by the same reader and at the same
threshold, to answer the question: a true sentence of the source that a document made it say is none.

But: the model has no tools, sees no more than the passages and the conversation, and nothing that it says is searched
for, but a follow-up that it was asked to rephrase.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.abstention.deciding import confidence
from assistant.calibration import Calibration
from assistant.check.checker import Checker
from assistant.check.crossencoder import checker_for
from assistant.check.sentences import claims_of
from assistant.check.signals import plain
from assistant.check.types import CheckedSentence
from assistant.citation import cite_line
from assistant.engine import Asked, Assistant
from assistant.model.prompt import NOTHING, RULES, Prompt, prompt
from assistant.model.rephrasing import rephrased
from assistant.model.sentences import Listener, Spoken
from assistant.model.speaking import Limits, ModelFailed, Speech
from assistant.ranking import verdict_row
from assistant.reader.runtime import Reader
from assistant.settings import Settings
from assistant.types import Answer, Citation, Sentence, Turn
from assistant.understanding.conversation import Reading
from assistant.understanding.names import name_features
from assistant.understanding.question import analyse, content_words
from assistant.understanding.wanted import holds_wanted
from vectorstore.printable import printable_line
from vectorstore.types import Passage

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

LONGEST = 700
"""Characters of a sentence that can be checked as one."""
MOST_SENTENCES = 24
REACH = 600
"""Characters from the first to the last place that may support a sentence together: some five sentences. True sentences
need neighbours; a name or detail that only a place far away holds was put there (docs/decisions/model.md)."""
_ADDRESS = re.compile(r"\b(?:https?|ftp|data|javascript|mailto|file):\S+|\bwww\.\S+|\b\S+@\S+\.\w+", re.I)
_OF_PASSAGES = re.compile(
    r"(?:(?:(?:the|this|these|each|all|both|your) )?(?:(?:given|provided|first|second|third|last|above) )*"
    r"(?:passages?|excerpts?|snippets?)(?: \d+)?|(?:the|this) (?:(?:given|provided) )?source)(?: \w+ly)? "
    r"(?:(?:is|are|was|were)(?: \w+ly)?(?: not)? (?:about|focused|centred|centered|concerned|data|taken|related)|"
    r"(?:focus|discuss|describe|mention|deal|talk|contain|cover|provide|concern|outline|highlight|do|refer)(?:e?s)?)\b",
    re.I,
)
"""What speaks of the passages as such: "The passage is about the strike." A model that says so says nothing of it."""
_REPLY = re.compile(r"(?:the|my) (?:\w+ )?answer(?: to [^:]{1,80}?)? (?:is|was)\b(?!,? that\b)", re.I)
_TO_THE_READER = re.compile(r"\b(?:you|your|yours|yourself)\b", re.I)
_HAS_TO = re.compile(
    r"\byou (?:must|should|shall|can|may|will|need to|have to|are to|ought to)(?: not| never| always| also| first)* "
    r"(?P<deed>[a-z]+)",
    re.I,
)
_CLAUSE = r"(?:^|[.,;:!?()–—-]\s*|\b(?:please|always|never|not|don['’]t|and|or|then|first)\s+)"
"""What an order of the source begins with, right before its verb: "If the alarm rings, leave by the stairs." """
_NOTHING = re.compile(rf"\W*(?:{NOTHING})\b", re.I)
_SPOKEN_FOR = "the source speaks for itself"


@dataclass(frozen=True, slots=True)
class _Talk:
    """What goes with one answer of the model: the answer without it, what it was told, and the documents asked."""

    own: Answer
    prompt: Prompt
    document_ids: Collection[str] | None


class ModelAssistant(Assistant):
    """An `Assistant` whose answers a language model words. `llm`: any LlamaIndex `LLM`; `name`: what readers are told
    it is, the setting's or its own name if None. Otherwise as `Assistant`."""

    def __init__(
        self,
        index: Asked,
        settings: Settings | None = None,
        *,
        llm: LLM,
        name: str | None = None,
        checker: Checker | None = None,
        reader: Reader | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        super().__init__(index, settings, reader=reader, calibration=calibration)
        self.llm = llm
        self.name = printable_line(name or self.settings.llm or llm.metadata.model_name)
        self.limits = Limits.of(self.settings.llm_seconds, self.settings.llm_tokens)
        self._checker = checker

    @property
    def checker(self) -> Checker:
        """What every sentence passes through, made at first use."""
        if self._checker is None:
            self._checker = checker_for(self.index, self.settings, self.reader)
        return self._checker

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Collection[str] | None = None
    ) -> Answer:
        """As `Assistant.ask`; the last of what `stream` gives."""
        *_, answer = self.stream(question, history, document_ids=document_ids)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Collection[str] | None = None
    ) -> Iterator[Answer]:
        """The answer as the model speaks: one for each sentence that is checked, each with those before it. The last
        may be another altogether: the source's own words, with a `notice`, where the model fails after all."""
        own = super().ask(question, history, document_ids=document_ids)
        if not _is_for_a_model(own):
            yield own
            return
        try:
            told = prompt(
                question,
                history,
                own.passages,
                self.index.document,
                tokens=self.settings.llm_context - self.settings.llm_tokens,
            )
            yield from self._answers(_Talk(own, told, document_ids))
        except ModelFailed as failure:
            yield self._without(own, str(failure))
        except KeyError:  # a document was removed while the model spoke
            yield super().ask(question, history, document_ids=document_ids)

    def reading_of(self, question: str, history: Sequence[Turn]) -> Reading:
        """As `Assistant.reading_of`; where the settings want it, with the words of the model for a question that leans
        on the conversation, if they can be used."""
        reading = super().reading_of(question, history)
        if not self.settings.llm_rephrase or not reading.leans or reading.kind != "question":
            return reading
        said = rephrased(self.llm, reading.question, history, seconds=self.settings.llm_seconds / 6)
        return replace(reading, rephrased=said)

    def _answers(self, talk: _Talk) -> Iterator[Answer]:
        """What is supported so far, after each sentence from that on which answers the question, and at last the
        answer. Raises ModelFailed."""
        sentences: list[Sentence] = []
        sure = 0.0
        for spoken in self._said(talk.prompt):
            if spoken.text in (one.text for one in sentences):
                continue
            found = self.judged(spoken, sentences, talk)
            if found is None or (found.support == "unsupported" and self.settings.llm_unsupported == "drop"):
                continue
            sentences.append(found)
            if found.support != "unsupported" and not self.is_answered(sure):
                sure = max(sure, self._confidence(talk.own, [s for s in sentences if s.support != "unsupported"]))
            if self.is_answered(sure) and not talk.own.abstained:
                yield self._with(talk.own, sentences)
            if len(sentences) >= MOST_SENTENCES:
                break
        supported = [one for one in sentences if one.support != "unsupported"]
        if not supported:
            raise ModelFailed("said nothing that the source supports" if sentences else "gave no answer")
        if not self._are_current(supported):
            raise ModelFailed("spoke of a text that has changed since")
        if not self.is_answered(sure):
            raise ModelFailed("said nothing that answers the question")
        sure = sure if talk.own.abstained else talk.own.confidence
        yield replace(self._with(talk.own, sentences), confidence=sure)

    def _said(self, told: Prompt) -> Iterator[Spoken]:
        """The sentences of the model, each as soon as it is complete; half a sentence is none. Raises ModelFailed."""
        listener = Listener()
        speech = Speech(self.llm, told.messages, self.limits)
        for piece in speech:
            for spoken in listener.hear(piece):
                if _NOTHING.match(spoken.text):
                    return
                yield spoken
        rest = listener.rest()
        for n, spoken in enumerate(rest):
            half = speech.cut and n == len(rest) - 1
            if not half and not _NOTHING.match(spoken.text):
                yield spoken

    def judged(self, spoken: Spoken, before: Sequence[Sentence], talk: _Talk) -> Sentence | None:
        """The sentence with what the check says of it; None where it claims nothing."""
        if len(spoken.text) > LONGEST:
            return Sentence(spoken.text[:LONGEST] + " …", (), support="unsupported", reason="It is too long to check.")
        passages = [talk.prompt.passages[n - 1] for n in spoken.cited if 0 < n <= len(talk.prompt.passages)]
        checked = self._checked(spoken.text, before, passages, talk.document_ids)
        verdicts = {one.verdict for one in checked}
        if passages and "not found" in verdicts and "contradicted" not in verdicts:
            elsewhere = self._checked(spoken.text, before, (), talk.document_ids)
            if all(one.verdict == "supported" for one in elsewhere):
                checked = elsewhere
        if not checked:
            return None
        citations = tuple(dict.fromkeys(citation for one in checked for citation in one.citations))
        weakest = next((one for one in checked if one.verdict != "supported"), None)
        address = next((a for a in _ADDRESS.findall(spoken.text) if not any(a in c.quote for c in citations)), None)
        aside = bool(_OF_PASSAGES.match(spoken.text))
        repeats = is_told(spoken.text, citations)
        mixed = len({citation.document_id for citation in citations}) > 1
        if weakest is None and address is None and citations:
            sentence = _supported(spoken.text, citations)
            sound = not (mixed or aside or repeats or is_scattered(citations) or _is_bare(spoken.text))
            if sentence.support == "quoted" or sound:
                return sentence
        reason = "No document says this by itself." if mixed else "No single place of the source says this."
        if address:
            reason = f"The source does not hold the address {address}."
        if weakest is not None:
            reason, citations = weakest.reason or "The source does not say this.", weakest.citations
        if aside:
            reason = "It speaks of the passages, not of what they say."
        elif repeats:
            reason = "It speaks to the reader, or of what the model was told."
        elif _is_bare(spoken.text):
            reason = "It does not say by itself what it claims."
        return Sentence(spoken.text, citations, support="unsupported", reason=reason)

    def _checked(
        self,
        text: str,
        before: Sequence[Sentence],
        passages: Sequence[Passage],
        document_ids: Collection[str] | None,
    ) -> list[CheckedSentence]:
        """The check of what a text claims, read after the supported sentences before it where it leans on them."""
        cited = [self._citation(passage) for passage in passages]
        context = " ".join(one.text for one in before if one.support != "unsupported")[-LONGEST:]
        joined = f"{context} {text}" if before else text
        start = len(joined) - len(text)
        if not any(claim.before for claim in claims_of(joined) if claim.start >= start):
            check = self.checker.check(text, cited=cited, document_ids=document_ids)
            return [one for one in check.sentences if one.checkable]
        check = self.checker.check(joined, cited=cited, document_ids=document_ids)
        return [one for one in check.sentences if one.checkable and one.end > start]

    def _citation(self, passage: Passage) -> Citation:
        return cite_line(self.index.document(passage.document_id), passage.start, passage.end).citations[0]

    def _are_current(self, sentences: Sequence[Sentence]) -> bool:
        """Whether the documents cited are still what they were when they were."""
        now = {head.id: head.sha256 for head in self.index.heads()}
        return all(now.get(c.document_id) == c.sha256 for one in sentences for c in one.citations)

    def _confidence(self, own: Answer, sentences: Sequence[Sentence]) -> float:
        """The probability that these sentences answer the question in one of the wordings that were searched for."""
        return max(self._probability(wording, sentences) for wording in own.trace.wordings)

    def _probability(self, question: str, sentences: Sequence[Sentence]) -> float:
        """That these sentences answer a question, as it would be of a passage of the source."""
        text = " ".join(one.text for one in sentences)
        asked = analyse(question)
        (judgement,) = self.reader.read(question, [text])
        answers, span = verdict_row(judgement, len(text))
        documents = [self.index.document(name) for name in {c.document_id for one in sentences for c in one.citations}]
        around = "\n".join((text, *(f"{c.title}\n{c.section}\n{c.quote}" for one in sentences for c in one.citations)))
        features = {
            "answers": answers,
            "span": span,
            "wanted": float(holds_wanted(asked, text)) if asked.has_form else 0.5,
            **name_features(asked, around, documents),
        }
        return confidence(features, self.calibration)

    def _with(self, own: Answer, sentences: Sequence[Sentence]) -> Answer:
        """The answer in the model's words."""
        return replace(own, sentences=tuple(sentences), abstained=False, parts=(), spoken_by=self.name)

    def _without(self, own: Answer, why: str) -> Answer:
        """The source's own answer, which says why the model does not speak."""
        return replace(own, notice=f"{self.name} {why}" + ("." if own.abstained else f": {_SPOKEN_FOR}."))


def is_scattered(citations: Sequence[Citation]) -> bool:
    """Whether the places lie too far apart to say something together."""
    return max(c.start for c in citations) - min(c.start for c in citations) > REACH


def is_told(text: str, citations: Sequence[Citation]) -> bool:
    """Whether a sentence is one of the model's own rules, or speaks to the reader where the source does not."""
    speaks = bool(_TO_THE_READER.search(text)) and not any(_TO_THE_READER.search(c.quote) for c in citations)
    return (speaks and not _is_ordered(text, citations)) or f" {plain(text)} " in f" {plain(RULES)} "


def _is_ordered(text: str, citations: Sequence[Citation]) -> bool:
    """Whether all that the reader is said to have to do is an order of the source: "You must call the office", where
    it says "Call the office"."""
    deeds = [match["deed"] for match in _HAS_TO.finditer(text)]
    orders = (re.compile(rf"{_CLAUSE}{deed}\b", re.I) for deed in deeds)
    return bool(deeds) and all(any(order.search(c.quote) for c in citations) for order in orders)


def _is_bare(text: str) -> bool:
    """Whether a sentence is no more than names and numbers, so that what it claims stands in the question: "It was
    Stalin.", "The answer is 12." Any name of the source would be found in it."""
    return bool(_REPLY.match(text)) or not any(word[0].islower() for word in content_words(text))


def _is_for_a_model(own: Answer) -> bool:
    """Whether there is a question to the source, with passages to answer it from: not "Thanks!", nor what attest says
    of the documents itself."""
    return bool(own.was_asked and own.passages and own.trace.wordings and not own.said)


def _supported(text: str, citations: tuple[Citation, ...]) -> Sentence:
    """A supported sentence; where its words are those of one sentence of the source, a quotation of it."""
    if " ".join(citations[0].quote.split()) == text:
        return Sentence(text, citations[:1])
    return Sentence(text, citations, support="supported")
