"""What every benchmark is told: how many questions, drawn how, and whom to tell of progress."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from eval import Progress

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Options:
    """`sample`: so many questions, 0 for all; `seed`: of the draw and of the bootstrap."""

    sample: int
    seed: int
    progress: Progress

    def draw(self, questions: Sequence[_T]) -> list[_T]:
        """Questions drawn without replacement, in the order of the file; all where there are no more than asked for."""
        if self.sample == 0 or self.sample >= len(questions):
            return list(questions)
        chosen = random.Random(self.seed).sample(range(len(questions)), self.sample)
        return [questions[i] for i in sorted(chosen)]
