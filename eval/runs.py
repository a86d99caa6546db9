"""A run: what a system answered to every case of a set, and how it was judged; the file that a baseline is.

The file is JSON with one case a line, without times, so that two runs of the same code are the same bytes and a
change reads well as a diff. Of a text it holds offsets only: a sentence is written out where it is not the quotation
it cites, a quotation where it is not what stands at its offsets.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics.registry import METRICS
from eval.statistics import UNDEFINED, Figure
from vectorstore.errors import StorageError, UsageError
from vectorstore.types import Span


@dataclass(frozen=True, slots=True)
class RunCitation:
    """A citation in a run. `quote` is None where it equals the text at start..end."""

    start: int
    end: int
    speaker: str | None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class RunSentence:
    """A sentence in a run. `text` is None where it equals the text of its only citation, white space apart."""

    citations: tuple[RunCitation, ...]
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
    sentences: tuple[RunSentence, ...]
    passages: tuple[Span, ...] | None
    measures: Mapping[str, float | None]


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


FORMAT = 1
DIGITS = 4


def dumps(run: Run) -> str:
    """The text of the file."""
    figures = ",\n".join(
        f"  {_json(group)}: {{\n"
        + ",\n".join(
            f"   {_json(m.name)}: {_json(_figure_row(f))}" for m in METRICS if (f := metrics.get(m.name)) and f.n
        )
        + "\n  }"
        for group, metrics in run.figures.items()
    )
    cases = ",\n".join(f"  {_json(_result_row(result))}" for result in run.results)
    fingerprints = ",\n".join(f"  {_json(name)}: {_json(value)}" for name, value in run.fingerprints.items())
    return (
        f'{{\n "attest_run": {FORMAT},\n "set": {_json(run.set_name)},\n "fingerprints": {{\n{fingerprints}\n }},\n'
        f' "figures": {{\n{figures}\n }},\n "risk_coverage": {_json(run.curves.risk_coverage)},\n'
        f' "reliability": {_json(run.curves.reliability)},\n "cases": [\n{cases}\n ]\n}}\n'
    )


def save_run(run: Run, path: Path) -> None:
    """Writes the file whole or not at all. Raises StorageError."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(dumps(run), encoding="utf-8", newline="\n")
        os.replace(partial, path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}): name another file") from None


def load_run(path: Path) -> Run:
    """Reads a run. Raises UsageError for a file that is not one."""
    try:
        return _read_run(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"the baseline {path} cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{path} is not a baseline of this version ({type(error).__name__}: {str(error)[:80]}): move it away, run "
            "again to write a new one, and review it"
        ) from None


def _read_run(data: Mapping[str, Any]) -> Run:
    if data["attest_run"] != FORMAT:
        raise ValueError(f"format {data['attest_run']!r}, expected {FORMAT}")
    return Run(
        set_name=data["set"],
        fingerprints=dict(data["fingerprints"]),
        figures={
            group: {m.name: _read_figure(rows[m.name]) if m.name in rows else UNDEFINED for m in METRICS}
            for group, rows in [("all", data["figures"]["all"]), *data["figures"].items()]
        },
        curves=Curves(
            tuple((a, b) for a, b in data["risk_coverage"]), tuple((a, b, n) for a, b, n in data["reliability"])
        ),
        results=tuple(_read_result(row) for row in data["cases"]),
    )


def _read_figure(row: Sequence[Any]) -> Figure:
    value, low, high, n = row
    return Figure(_number(value), _number(low), _number(high), int(n))


def _number(value: Any) -> float | None:
    """Raises TypeError for what is no number."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise TypeError(f"{value!r} is not a number")
    return value


def _offset(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is not an offset")
    return value


def _read_citation(row: Sequence[Any]) -> RunCitation:
    start, end, *others = row
    return RunCitation(_offset(start), _offset(end), *others)


def _figure_row(figure: Figure) -> list[float | int | None]:
    return [figure.value, figure.low, figure.high, figure.n]


def _result_row(result: Result) -> dict[str, Any]:
    """Undefined values are left out."""
    row: dict[str, Any] = {"id": result.id, "passed": result.passed}
    if result.failed:
        row["failed"] = list(result.failed)
    row["abstained"] = result.abstained
    if result.confidence is not None:
        row["confidence"] = result.confidence
    if result.searched_for is not None:
        row["searched_for"] = result.searched_for
    row["sentences"] = [_sentence_row(sentence) for sentence in result.sentences]
    if result.passages is not None:
        row["passages"] = [list(span) for span in result.passages]
    row["measures"] = {
        m.name: round(v, DIGITS) for m in METRICS if not m.of_set and (v := result.measures[m.name]) is not None
    }
    return row


def _sentence_row(sentence: RunSentence) -> dict[str, Any]:
    row: dict[str, Any] = {} if sentence.text is None else {"text": sentence.text}
    row["citations"] = [
        [c.start, c.end, c.speaker] if c.quote is None else [c.start, c.end, c.speaker, c.quote]
        for c in sentence.citations
    ]
    return row


def _read_result(row: Mapping[str, Any]) -> Result:
    measures = row["measures"]
    return Result(
        id=row["id"],
        passed=row["passed"],
        failed=tuple(row.get("failed", ())),
        abstained=row["abstained"],
        confidence=_number(row.get("confidence")),
        searched_for=row.get("searched_for"),
        sentences=tuple(
            RunSentence(tuple(_read_citation(citation) for citation in s["citations"]), s.get("text"))
            for s in row["sentences"]
        ),
        passages=tuple((_offset(a), _offset(b)) for a, b in row["passages"]) if "passages" in row else None,
        measures={metric.name: _number(measures.get(metric.name)) for metric in METRICS if not metric.of_set},
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
