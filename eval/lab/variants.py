"""attest with something changed on purpose, to plant regressions (`eval.lab.sensitivity`) and to say what each part is
worth (`eval.lab.ablation`).

But: nothing here is measured, and nothing of it is reachable from the assistant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from unittest.mock import patch

from assistant import engine
from assistant.calibration import Calibration
from assistant.engine import Assistant
from assistant.types import Answer, Turn
from vectorstore.search.hybrid import Candidate, semantic


class Variant(Assistant):
    """An assistant with something changed: `search` changes the candidates of a search, `calibration` the fitted
    numbers, `alter` the finished answer; `deaf` forgets the conversation, `one_wording` asks a follow-up only as the
    rules understand it, `far` does not look near what the conversation has shown."""

    def __init__(
        self,
        whole: Assistant,
        *,
        search: Callable[[list[Candidate]], list[Candidate]] | None = None,
        calibration: Callable[[Calibration], Calibration] | None = None,
        alter: Callable[[Answer], Answer] | None = None,
        deaf: bool = False,
        one_wording: bool = False,
        far: bool = False,
    ) -> None:
        super().__init__(whole.index, whole.settings)
        self.reader = whole.reader
        self._search, self._alter, self._deaf, self._one_wording, self._far = search, alter, deaf, one_wording, far
        if calibration is not None:
            self._calibration = calibration(self._calibration)

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Collection[str] | None = None
    ) -> Answer:
        """As `Assistant.ask`, changed."""
        with ExitStack() as changes:
            if self._search is not None:
                search, whole = self._search, self.index.candidates
                changed = patch.object(
                    self.index, "candidates", lambda wordings, **options: search(whole(wordings, **options))
                )
                changes.enter_context(changed)
            if self._one_wording:
                changes.enter_context(patch.object(engine, "wordings", lambda text, *_: (text,)))
            answer = super().ask(question, () if self._deaf else history, document_ids=document_ids)
        return self._alter(answer) if self._alter and not answer.abstained else answer

    def near(self, history: Sequence[Turn]) -> frozenset[str]:
        """As `Assistant.near`, or nothing."""
        return frozenset() if self._far else super().near(history)


def with_threshold(threshold: float) -> Callable[[Calibration], Calibration]:
    """The calibration with another threshold of abstention."""
    return lambda calibration: replace(calibration, threshold=threshold)


def best_alone(candidates: list[Candidate]) -> list[Candidate]:
    """The candidate that is nearest by vector."""
    return sorted(candidates, key=semantic)[-1:]


def without_words(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates that vectors proposed, without their BM25 scores."""
    return [replace(c, lexical=0.0, found_by=("dense",)) for c in candidates if "dense" in c.found_by]


def without_vectors(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates that words proposed, without their cosines."""
    return [
        replace(c, dense=0.0, best_sentence=0.0, found_by=("lexical",)) for c in candidates if "lexical" in c.found_by
    ]
