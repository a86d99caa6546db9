"""attest with something changed on purpose, to plant regressions (`eval.lab.sensitivity`) and to say what each part is
worth (`eval.lab.ablation`).

A variant is an assistant made of other parts than the shipped ones; the assistant that it was made from stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.calibration import Calibration
from assistant.engine import Asked, Assistant, Understand
from assistant.types import Answer, Turn
from assistant.understanding.conversation import MOST_BEFORE, Reading, understand
from vectorstore.documents.notes import Notes
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.states import Kept
from vectorstore.search.hybrid import Candidate, semantic
from vectorstore.types import Document, Head, Passage, Span

Change = Callable[[Assistant], Assistant]
"""Makes a variant of an assistant."""
Candidates = list[Candidate]


def with_search(change: Callable[[Candidates], Candidates]) -> Change:
    """Other candidates than the search proposes."""
    return lambda whole: _made_of(whole, index=_Searched(whole.index, change))


def with_calibration(change: Callable[[Calibration], Calibration]) -> Change:
    """Other numbers."""
    return lambda whole: _made_of(whole, calibration=change(whole.calibration))


def with_policy(**changes: Any) -> Change:
    """Other values of the named fields of `Policy`."""
    return with_calibration(lambda fitted: replace(fitted, policy=replace(fitted.policy, **changes)))


def with_threshold(threshold: float) -> Change:
    """Another threshold of abstention."""
    return with_calibration(lambda fitted: replace(fitted, threshold=threshold))


def with_understanding(other: Understand) -> Change:
    """Another way to understand a question in its conversation."""
    return lambda whole: _made_of(whole, understand=other)


def with_answers(change: Callable[[Answer], Answer]) -> Change:
    """Finished answers changed; abstentions stay as they are."""
    return lambda whole: _Altered(whole, change)


def best_alone(candidates: Candidates) -> Candidates:
    """The candidate that is nearest by vector."""
    return sorted(candidates, key=semantic)[-1:]


def without_words(candidates: Candidates) -> Candidates:
    """The candidates that vectors proposed, without their BM25 scores."""
    return [replace(c, lexical=0.0) for c in candidates if "dense" in c.found_by]


def without_vectors(candidates: Candidates) -> Candidates:
    """The candidates that words proposed, without their cosines."""
    return [replace(c, dense=0.0, best_sentence=0.0) for c in candidates if "lexical" in c.found_by]


def forgetful(question: str, history: Sequence[Turn]) -> Reading:
    """Every question is the first of its conversation."""
    return understand(question, ())


def always_leaning(question: str, history: Sequence[Turn]) -> Reading:
    """No rules: every question is also read after the last two, whatever it says."""
    return Reading(question, tuple(turn.question for turn in history[-MOST_BEFORE:]))


def _made_of(
    whole: Assistant,
    *,
    index: Asked | None = None,
    calibration: Calibration | None = None,
    understand: Understand | None = None,
) -> Assistant:
    return Assistant(
        index or whole.index,
        whole.settings,
        reader=whole.reader,
        calibration=calibration or whole.calibration,
        understand=understand or whole.understand,
    )


class _Searched:
    """An index whose candidates are changed."""

    def __init__(self, source: Asked, change: Callable[[Candidates], Candidates]) -> None:
        self._source = source
        self._change = change

    @property
    def version(self) -> int:
        return self._source.version

    @property
    def kept(self) -> Kept:
        return self._source.kept

    @property
    def directory(self) -> Path:
        return self._source.directory

    @property
    def embedder(self) -> Embedder:
        return self._source.embedder

    @property
    def notes(self) -> Notes:
        return self._source.notes

    def heads(self) -> list[Head]:
        return self._source.heads()

    def document(self, document_id: str) -> Document:
        return self._source.document(document_id)

    def passages(self, document_id: str) -> list[Passage]:
        return self._source.passages(document_id)

    def sentence_vectors(self, document_id: str) -> dict[Span, NDArray[np.float32]]:
        return self._source.sentence_vectors(document_id)

    def candidates(self, wordings: Sequence[str], *, k: int, document_ids: Collection[str] | None = None) -> Candidates:
        return self._change(self._source.candidates(wordings, k=k, document_ids=document_ids))


class _Altered(Assistant):
    """An assistant whose finished answers are changed."""

    def __init__(self, whole: Assistant, change: Callable[[Answer], Answer]) -> None:
        super().__init__(
            whole.index,
            whole.settings,
            reader=whole.reader,
            calibration=whole.calibration,
            understand=whole.understand,
        )
        self._change = change

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Collection[str] | None = None
    ) -> Answer:
        """As `Assistant.ask`, changed."""
        answer = super().ask(question, history, document_ids=document_ids)
        return answer if answer.abstained else self._change(answer)
