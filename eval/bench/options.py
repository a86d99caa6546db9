"""What every benchmark is told: how many questions, drawn how, and whom to tell of progress.

But: which size is the default is each benchmark's own choice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Progress = Callable[[int, int], None]
"""Gets (done, of) for each stretch of work: ingesting, asking."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Options:
    """`sample`: so many questions, 0 for all, None for the benchmark's default; `seed`: of the draw and of the
    bootstrap."""

    sample: int | None
    seed: int
    progress: Progress

    def draw(self, questions: Sequence[_T], default: int) -> list[_T]:
        """Questions drawn without replacement, in the order of the file; all where there are no more than asked for."""
        size = default if self.sample is None else self.sample
        if size == 0 or size >= len(questions):
            return list(questions)
        chosen = random.Random(self.seed).sample(range(len(questions)), size)
        return [questions[i] for i in sorted(chosen)]
