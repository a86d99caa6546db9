"""How a metric declares itself: its name, which way is better, how it is measured, and what the gate makes of it.

The module of each group ends with its declarations; `registry.py` puts them in the order of the reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.cases import Case
from eval.responses import Response
from vectorstore.types import Document, Span

RANKING = 10
"""How many passages of a ranking are judged and kept."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer to one case, beside its article: the `document`, and the `structure`: what of it is heading or caption.
    `standalone`, `raw`: the rankings for the question reworded to stand alone, and for the
    question without its history; None where they were not asked."""

    case: Case
    response: Response
    document: Document
    structure: Sequence[Span]
    standalone: Sequence[Span] | None = None
    raw: Sequence[Span] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case. `measures`: metric -> value, None where undefined."""

    case: Case
    passed: bool
    abstained: bool
    confidence: float | None
    measures: Mapping[str, float | None]

    @property
    def wrong_if_answered(self) -> bool:
        """Whether answering would be wrong: always where there is no answer, unless what was shown is right, because it
        corrects the question; where the system abstained although there is one, what it would have said is not known,
        and counts as wrong."""
        return not self.passed or (self.abstained and not self.case.has_answer)


@dataclass(frozen=True, slots=True)
class HardBreak:
    """A case that had the best value and has it no longer fails the gate, for this `reason`. Of several breaks of one
    case that of the lowest `rank` is told. `of_right_answers`: only where the answer was right and is now wrong."""

    rank: int
    reason: str
    of_right_answers: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """`name` as in a run file; `label` and `about` as in the reports. `measure` gives the value of one case, None where
    it is undefined there. A metric of many cases together has a `statistic` in place of it, and counts the cases that
    it is `of`. `headline`: in the first table, and tested by the gate. `required`: an answer is right only where this
    has its best value or is undefined. `column`: its heading in the table of kinds, "" where it is not in it."""

    name: str
    label: str
    about: str
    measure: Callable[[Judged], float | None] | None = None
    better: Literal["higher", "lower"] = "higher"
    headline: bool = False
    required: bool = False
    breaks: HardBreak | None = None
    column: str = ""
    statistic: Callable[[Sequence[Outcome]], float | None] | None = None
    of: Callable[[Outcome], bool] = lambda outcome: True

    @property
    def of_set(self) -> bool:
        """Whether it is of many cases together, with no value for one case."""
        return self.statistic is not None

    @property
    def best(self) -> float:
        """What a case without fault has."""
        return 1.0 if self.better == "higher" else 0.0
