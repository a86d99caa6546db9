"""A run as one self-contained HTML page: verdict, headline table, plots, breakdown by kind, every failing case.

The page needs no script and fetches nothing; its form is in `page.html` and `style.css`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from eval.cases import Case, CaseSet
from eval.figures import changes
from eval.metrics.registry import METRICS, metric
from eval.metrics.retrieval import found_at
from eval.report.plots import reliability_plot, risk_coverage_plot
from eval.report.summary import GROUPS, KIND_COLUMNS, kind_row, verdict
from eval.report.text import citation_line, expected, spoken
from eval.runs import Comparison, Result, Run
from eval.statistics import Figure
from vectorstore.types import Document, Span

_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    about: str
    figures: tuple[Figure, ...]
    change: float | None
    good: bool


@dataclass(frozen=True, slots=True)
class _Passage:
    rank: int
    place: str
    text: Markup
    found: bool


@dataclass(frozen=True, slots=True)
class _FailingCase:
    """A failing case as `page.html` shows it."""

    case: Case
    result: Result
    newly: bool
    broke: str | None
    failed: str
    expected: str
    answer: tuple[tuple[str, str], ...]
    before: tuple[tuple[str, str], ...] | None
    evidence: tuple[tuple[str, str], ...]
    passages: tuple[_Passage, ...] | None
    found_at: int | None


def page(run: Run, case_set: CaseSet, document: Document, comparison: Comparison | None) -> str:
    """The text of the page."""
    moved = changes(comparison.baseline.figures["all"], run.figures["all"]) if comparison else {}
    kinds = [
        (group.removeprefix("kind: "), figures["passed"].n, kind_row(figures))
        for group, figures in run.figures.items()
        if group.startswith("kind: ")
    ]
    failing = list(_failing_cases(run, case_set, document, comparison))
    return _template().render(
        run=run,
        document=document,
        groups=GROUPS,
        headline=[_row(run, m.name, moved) for m in METRICS if m.headline],
        others=[_row(run, m.name, moved) for m in METRICS if not m.headline],
        comparison=comparison,
        verdict=list(verdict(comparison)) if comparison else [],
        kinds=kinds,
        kind_columns=KIND_COLUMNS,
        plots=_plots(run),
        failing=sorted(failing, key=lambda one: not (one.newly or one.broke)),
        style=Markup(Path(__file__).with_name("style.css").read_text(encoding="utf-8")),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def _row(run: Run, name: str, moved: dict[str, float]) -> _Row:
    one, change = metric(name), moved.get(name)
    good = change is not None and (change > 0) == (one.better == "higher")
    return _Row(one.label, one.about, tuple(run.figures[group][name] for group in GROUPS), change, good)


def _plots(run: Run) -> list[Markup]:
    if not run.curves.risk_coverage:
        return []
    figures = run.figures["all"]
    coverage, risk = figures["coverage"].value, figures["selective_risk"].value
    shipped = (coverage, risk) if coverage is not None and risk is not None else None
    plots = (risk_coverage_plot(run.curves.risk_coverage, shipped), reliability_plot(run.curves.reliability))
    return [Markup(plot) for plot in plots]


def _failing_cases(
    run: Run, case_set: CaseSet, document: Document, comparison: Comparison | None
) -> Iterator[_FailingCase]:
    before = {result.id: result for result in comparison.baseline.results} if comparison else {}
    broke = {found.id: found.reason for found in comparison.breaks} if comparison else {}
    for case, result in zip(case_set.cases, run.results, strict=True):
        if result.passed and case.id not in broke:
            continue
        earlier = before.get(case.id)
        ranks = found_at(result.passages or (), case.evidence)
        yield _FailingCase(
            case=case,
            result=result,
            newly=earlier is not None and earlier.passed and not result.passed,
            broke=broke.get(case.id),
            failed=", ".join(metric(name).label for name in result.failed),
            expected=expected(case),
            answer=_answer(result, document),
            before=_answer(earlier, document) if earlier is not None and case.id in broke else None,
            evidence=tuple((f"{a}-{b}", document.text[a:b]) for a, b in case.evidence),
            passages=_passages(result, case, document),
            found_at=min((rank for rank in ranks if rank is not None), default=None),
        )


def _answer(result: Result, document: Document) -> tuple[tuple[str, str], ...]:
    """(words, where they are said to stand, by whom, and what is claimed to stand there) of each sentence shown."""
    if result.abstained:
        return (("Not in the source.", ""),)
    rows = []
    for sentence in result.sentences:
        places = "; ".join(citation_line(citation) for citation in sentence.citations)
        rows.append((spoken(sentence, document), places or "no citation"))
    return tuple(rows)


def _passages(result: Result, case: Case, document: Document) -> tuple[_Passage, ...] | None:
    """The ranking down to the first passage that holds the evidence, five at least."""
    if result.passages is None:
        return None
    ranks = found_at(result.passages, case.evidence)
    last = max(_PASSAGES, *(rank for rank in ranks if rank is not None), 0)
    return tuple(
        _Passage(rank, f"{span[0]}-{span[1]}", _marked(span, case.evidence, document.text), rank in ranks)
        for rank, span in enumerate(result.passages[:last], 1)
    )


def _marked(span: Span, evidence: Sequence[Span], text: str) -> Markup:
    """A passage, with what of it is evidence marked."""
    out, at = Markup(), span[0]
    for start, end in sorted(evidence):
        a, b = max(start, at), min(end, span[1])
        if a < b:
            out += escape(text[at:a]) + Markup("<mark>%s</mark>") % text[a:b]
            at = b
    return out + escape(text[at : span[1]])
