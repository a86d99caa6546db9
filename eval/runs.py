"""A run: what a system answered to every case of a set, and how it was judged; the file that a baseline is.

The file is JSON with one case a line, without times, so that two runs of the same code are the same bytes and a
change reads well as a diff. Of a text it holds offsets only: a sentence is written out where it is not the quotation
it cites, a quotation where it is not what stands at its offsets.
But: nothing is measured or compared here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.cases import Span


@dataclass(frozen=True, slots=True)
class Citing:
    """A citation in a run. `quote` is None where it equals the text at start..end."""

    start: int
    end: int
    speaker: str | None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence in a run. `text` is None where it equals the text of its only citation, white space apart."""

    citations: tuple[Citing, ...]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One case in a run. `passed`: the answer is right (see `eval.judge`). `failed`: the names of what was not.
    `measures`: metric -> value, None where undefined for this case. `passages`: the ranking, at most ten."""

    id: str
    passed: bool
    failed: tuple[str, ...]
    abstained: bool
    confidence: float | None
    searched_for: str | None
    sentences: tuple[Shown, ...]
    passages: tuple[Span, ...] | None
    measures: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over a group of cases: `value` with its 95 % interval, over `n` cases; all None where n is 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def __str__(self) -> str:
        if self.value is None:
            return "undefined (n = 0)"
        interval = f" [{self.low:.2f}, {self.high:.2f}]" if self.low is not None and self.high is not None else ""
        return f"{self.value:.2f}{interval} (n = {self.n})"


@dataclass(frozen=True, slots=True)
class Curves:
    """For plots. `risk_coverage`: (coverage, selective risk) by falling confidence. `reliability`: for each bin of
    confidence (mean confidence, share that has an answer, n). Empty where the system gives no confidence."""

    risk_coverage: tuple[tuple[float, float], ...]
    reliability: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """`fingerprints`: what was run: set, article, system, and for attest its model, splitter, calibration and code.
    `figures`: group -> metric -> figure; the groups are "all", "tuning", "sealed", and "kind: ..." for each kind."""

    set_name: str
    fingerprints: Mapping[str, str]
    figures: Mapping[str, Mapping[str, Figure]]
    curves: Curves
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """A headline metric that fell: means over the cases measured in both runs, and the one-sided p of the paired
    test; `worse`: ids of the cases in which it fell."""

    metric: str
    before: float
    after: float
    p: float
    n: int
    worse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """One case that went wrong in a way that one case is enough for. `metric` names what broke."""

    id: str
    metric: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against its baseline. `newly_failing`, `newly_passing`: ids, `pass -> fail` and back. `changed`: names of
    the fingerprints that differ, as (name, before, after). `removed`, `added`: ids of cases that only the baseline, or
    only the run, has. It is a regression where there is a drop or a break."""

    baseline: Run
    drops: tuple[Drop, ...]
    breaks: tuple[Break, ...]
    newly_failing: tuple[str, ...]
    newly_passing: tuple[str, ...]
    changed: tuple[tuple[str, str, str], ...]
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def regressed(self) -> bool:
        """Whether the gate closes."""
        return bool(self.drops or self.breaks)
