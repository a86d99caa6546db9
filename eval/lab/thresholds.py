"""Fits the threshold of abstention to somebody's own questions, and says what it promises (`attest calibrate`).

Each question is asked once for every stretch of thresholds in which its answer can differ, so that what a threshold
does is what an assistant with it does, follow-ups, questions in parts and corrections included. Promised is only what
the set can judge for sure: that a question without an answer in the text gets one is false; whether an answer to
another question is wrong, is judged by the facts and places that the set lists, and is reported.

Only cases of the tuning part are asked. Questions of one conversation, or with the same words, are not independent:
together they count as one question without an answer, which is answered falsely where one of them is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from assistant.abstention.fitted import Fitted, documents_digest, made_with, percent
from assistant.engine import Asked, Assistant, Search
from assistant.reader.runtime import Reader
from assistant.replay import Conversations
from assistant.settings import Settings
from assistant.types import Answer, Turn
from assistant.understanding.conversation import Reading
from assistant.wire import answer_to_dict
from eval import Progress, silent
from eval.cases import Case, CaseSet
from eval.judge import Article, judge
from eval.metrics.guarantee import chosen, least_risk, needed, needed_at, proven
from eval.responses import to_response
from eval.runs import Result
from vectorstore.errors import UsageError

Given = TypeVar("Given")
_Key = tuple[str, tuple[tuple[str, Answer], ...]]


@dataclass(frozen=True, slots=True)
class Asking:
    """One case and its results: each is what any threshold up to its number gives, above that of the one before."""

    case: Case
    results: tuple[tuple[float, Result], ...]

    def at(self, threshold: float) -> Result:
        """What this threshold gives."""
        return next(result for to, result in self.results if threshold <= to)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a threshold does to the questions of a set: `with_answer` that have one, of them `answered`, `right` and
    `wrong`; `without` that have none, of them `false` answered."""

    threshold: float
    with_answer: int
    answered: int
    right: int
    wrong: int
    without: int
    false: int


@dataclass(frozen=True, slots=True)
class Calibrated:
    """`before` is the threshold in use, `after` the one fitted, with what is promised of it, `fitted`; both are None
    where nothing can be promised, and `refusal` says why, and what would be needed. `questions`: how many independent
    ones without an answer there are; `sealed`: how many cases were left out."""

    questions: int
    sealed: int
    before: Counts | None = None
    after: Counts | None = None
    fitted: Fitted | None = None
    refusal: str = ""


class Watched(Assistant):
    """An assistant that notes at which confidences it had to decide. What is found after the same turns does not depend
    on the threshold: `searches` keeps it for the next one."""

    def __init__(self, whole: Assistant, threshold: float, searches: dict[_Key, Search]) -> None:
        calibration = replace(whole.calibration, threshold=threshold)
        super().__init__(whole.index, whole.settings, reader=whole.reader, calibration=calibration)
        self.decided: list[float] = []
        self._searches = searches

    def search(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        document_ids: Collection[str] | None = None,
        reading: Reading | None = None,
    ) -> Search:
        if document_ids is not None:
            return super().search(question, history, document_ids=document_ids, reading=reading)
        turns = [(turn.question, replace(turn.answer, confidence=0.0, threshold=None)) for turn in history]
        key = question, tuple(turns)
        if key not in self._searches:
            self._searches[key] = super().search(question, history, reading=reading)
        return self._searches[key]

    def is_answered(self, sure: float) -> bool:
        self.decided.append(sure)
        return super().is_answered(sure)


def calibrate(
    case_set: CaseSet,
    article: Article,
    index: Asked,
    settings: Settings,
    *,
    risk: float,
    sure: float,
    reader: Reader | None = None,
    progress: Progress = silent,
) -> Calibrated:
    """Asks the questions of the tuning part of the index, which holds the article, and fits the threshold.

    Raises UsageError for a set that has no question with an answer in that part, and for a question that cannot be
    asked.
    """
    cases = case_set.part("tuning")
    if not any(case.has_answer for case in cases):
        raise UsageError(
            f"the set {case_set.name} has no question with an answer in its tuning part: without, nothing says what a "
            "threshold costs; add some"
        )
    questions = len({conversation(case) for case in cases if not case.has_answer})
    few = Calibrated(questions, len(case_set.cases) - len(cases))
    if questions < needed(risk, sure):
        return replace(few, refusal=too_few(questions, risk, sure))
    assistant = Assistant(index, settings, reader=reader)
    asked = ask_at_all(cases, article, assistant, progress=progress)
    return fit(few, case_set.name, asked, assistant, risk=risk, sure=sure)


def fit(
    few: Calibrated, set_name: str, asked: Sequence[Asking], assistant: Assistant, *, risk: float, sure: float
) -> Calibrated:
    """The threshold that keeps the promise and answers most, for these askings; `assistant` is what is in use."""
    now = assistant.calibration.threshold
    before = counts(asked, now)
    thresholds = proven(lambda t: len(false_at(asked, t)), few.questions, risk, sure)
    found = chosen(thresholds, lambda t: counts(asked, t).answered)
    if found is None:
        false = len(false_at(asked, now))
        return replace(few, before=before, refusal=not_kept(false, few.questions, now, risk, sure))
    index = assistant.index
    fitted = Fitted(
        threshold=found,
        risk=risk,
        sure=sure,
        questions=few.questions,
        false=len(false_at(asked, found)),
        set_name=set_name,
        made_with=made_with(index),
        documents=documents_digest(index),
    )
    return replace(few, before=before, after=counts(asked, found), fitted=fitted)


def ask_at_all(
    cases: Sequence[Case], article: Article, assistant: Assistant, *, progress: Progress = silent
) -> list[Asking]:
    """The judged answers to each case at all thresholds, in order."""
    others = {head.id for head in assistant.index.heads() if head.sha256 != article.document.sha256}
    found = []
    for done, case in enumerate(cases, 1):
        searches = dict[_Key, Search]()

        def ask(
            threshold: float, case: Case = case, searches: dict[_Key, Search] = searches
        ) -> tuple[Result, Sequence[float]]:
            watched = Watched(assistant, threshold, searches)
            answer = Conversations(watched).ask(case.question, case.history)
            row = answer_to_dict(answer, id=case.id)
            response = to_response(row, article_sha256=article.document.sha256, others=others)
            return judge(case, response, article), watched.decided

        found.append(Asking(case, tuple(stretches(ask))))
        progress(done, len(cases))
    return found


def stretches(ask: Callable[[float], tuple[Given, Sequence[float]]]) -> list[tuple[float, Given]]:
    """What `ask` gives at every threshold from 0 on, as (up to which, what). It says with what it gives at which
    confidences it decided: all thresholds that decide these alike give the same."""
    out = []
    at = 0.0
    while at < math.inf:
        given, decided = ask(at)
        to = min((sure for sure in decided if sure >= at), default=math.inf)
        out.append((to, given))
        at = math.nextafter(to, math.inf)
    return out


def conversation(case: Case) -> str:
    """What questions have in common that are not independent."""
    return " ".join(case.conversation.casefold().split())


def false_at(asked: Sequence[Asking], threshold: float) -> set[str]:
    """The conversations in which a question without an answer gets one at this threshold."""
    return {conversation(one.case) for one in asked if one.at(threshold).measures["refused"] == 0}


def counts(asked: Sequence[Asking], threshold: float) -> Counts:
    """What a threshold does. An answer is wrong where the judge does not take it for right."""
    of = [(one.case, one.at(threshold)) for one in asked]
    yes = [result for case, result in of if case.has_answer]
    no = [result for case, result in of if not case.has_answer]
    return Counts(
        threshold,
        len(yes),
        answered=sum(result.measures["answered"] == 1 for result in yes),
        right=sum(result.passed for result in yes),
        wrong=sum(not result.passed and not result.abstained for result in yes),
        without=len(no),
        false=sum(result.measures["refused"] == 0 for result in no),
    )


def too_few(questions: int, risk: float, sure: float) -> str:
    """Why so few questions promise nothing, and what would be needed."""
    instead = least_risk(questions, sure)
    smaller = f"; so many could promise --risk {instead:g} at best" if instead is not None and instead < 1 else ""
    return (
        f"nothing is promised: at most {percent(risk)} false answers with {percent(sure)} confidence needs at least "
        f"{needed(risk, sure)} independent questions without an answer, and the set has {questions}{smaller}"
    )


def not_kept(false: int, questions: int, threshold: float, risk: float, sure: float) -> str:
    """Why no threshold that answers anything keeps the promise, and what would be needed at the one in use."""
    more = needed_at(false / questions, risk, sure)
    at = f"at the threshold in use, {threshold:g}, {false} of {questions} are answered falsely"
    enough = (
        f"if that share stays, about {more:,} questions without an answer would be needed"
        if more is not None
        else f"no number of questions makes that {percent(risk)}: name a larger --risk"
    )
    return (
        f"nothing is promised: no threshold that answers any question keeps false answers within {percent(risk)} with "
        f"{percent(sure)} confidence; {at}; {enough}"
    )
