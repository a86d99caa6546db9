"""Earlier questions asked again, so that the next one has its turns: a history comes as questions alone, and answers
that somebody else gave to them are not believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.types import Answer, Turn
from vectorstore.errors import InputError, UsageError

MOST_REMEMBERED = 256


class Asks(Protocol):
    """What answers: an `Assistant`."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer: ...


class Conversations:
    """Asks questions after their histories. The latest histories are remembered: questions that share one, or of which
    one is the history of the next, do not repeat it."""

    def __init__(self, assistant: Asks) -> None:
        self._assistant = assistant
        self._turns: dict[tuple[str, ...], tuple[Turn, ...]] = {}

    def ask(self, question: str, history: Sequence[str]) -> Answer:
        """The answer to `question` after the questions of `history`. Raises UsageError where it cannot be asked,
        InputError where one of the history cannot."""
        return self._assistant.ask(question, self.turns(history))

    def turns(self, questions: Sequence[str]) -> tuple[Turn, ...]:
        """The questions with their answers. Raises InputError, which says which of them cannot be asked."""
        turns: tuple[Turn, ...] = ()
        for number, question in enumerate(questions, start=1):
            asked = tuple(questions[:number])
            known = self._turns.get(asked)
            if known is None:
                try:
                    known = (*turns, Turn(question, self._assistant.ask(question, turns)))
                except UsageError as error:
                    raise InputError(f"history, question {number}: {error}") from None
                self._remember(asked, known)
            turns = known
        return turns

    def _remember(self, questions: tuple[str, ...], turns: tuple[Turn, ...]) -> None:
        if len(self._turns) >= MOST_REMEMBERED:
            del self._turns[next(iter(self._turns))]
        self._turns[questions] = turns
