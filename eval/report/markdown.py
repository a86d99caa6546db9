"""A run as Markdown for a pull request: verdict, headline table, breakdown by kind, and what newly fails.

It stays below the 65,536 characters that GitHub takes; the HTML page holds every failing case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.cases import CaseSet
from eval.figures import changes
from eval.metrics.registry import metric
from eval.report.summary import GROUPS, KIND_COLUMNS, kind_row, verdict
from eval.report.text import case_lines
from eval.runs import Comparison, Run
from vectorstore.types import Document

MOST_CHARACTERS = 60_000
_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~])")


def markdown(run: Run, case_set: CaseSet, document: Document, comparison: Comparison | None) -> str:
    """The text."""
    lines = [f"## attest eval: {_plain(run.set_name)}, {len(run.results)} cases", "", *_verdict(comparison), ""]
    lines += [*_headline(run, comparison), "", *_kinds(run), ""]
    text = "\n".join(lines)
    blocks = list(_failing_cases(run, case_set, document, comparison))
    for number, block in enumerate(blocks):
        if len(text) + len(block) > MOST_CHARACTERS:
            return f"{text}\n{len(blocks) - number} more failing cases are in report.html.\n"
        text += block
    return text + "\n"


def _verdict(comparison: Comparison | None) -> Iterator[str]:
    if comparison is None:
        yield "No baseline to compare with."
        return
    yield "**Regression.**" if comparison.regressed else "**No regression against the baseline.**"
    yield ""
    yield from (f"- {_plain(line)}" for line in verdict(comparison))


def _headline(run: Run, comparison: Comparison | None) -> Iterator[str]:
    moved = changes(comparison.baseline.figures["all"], run.figures["all"]) if comparison else {}
    yield "| metric | " + " | ".join(GROUPS) + " | change |"
    yield "|---|" + "---|" * (len(GROUPS) + 1)
    for name in run.figures["all"]:
        if metric(name).headline:
            cells = [_plain(str(run.figures[group][name])) for group in GROUPS]
            change = f"{moved[name]:+.3f}" if name in moved else ""
            yield f"| {_plain(metric(name).label)} | {' | '.join(cells)} | {change} |"


def _kinds(run: Run) -> Iterator[str]:
    yield f"| kind | n | {' | '.join(KIND_COLUMNS)} |"
    yield "|---|---|" + "---|" * len(KIND_COLUMNS)
    for group, figures in run.figures.items():
        if group.startswith("kind: "):
            cells = ["-" if value is None else f"{value:.2f}" for value in kind_row(figures)]
            kind = _plain(group.removeprefix("kind: "))
            yield f"| {kind} | {figures['passed'].n} | {' | '.join(cells)} |"


def _failing_cases(run: Run, case_set: CaseSet, document: Document, comparison: Comparison | None) -> Iterator[str]:
    """What broke, where there is a baseline; else everything that is wrong."""
    before = {result.id: result for result in comparison.baseline.results} if comparison else {}
    chosen = {b.id for b in comparison.breaks} | set(comparison.newly_failing) if comparison else None
    for case, result in zip(case_set.cases, run.results, strict=True):
        if case.id in chosen if chosen is not None else not result.passed:
            lines = "\n".join(case_lines(result, case, document, before=before.get(case.id)))
            fence = "`" * (1 + max((len(run) for run in re.findall("`{3,}", lines)), default=2))
            summary = _plain(f"{case.id}: {case.question}")
            yield f"<details><summary>{summary}</summary>\n\n{fence}diff\n{lines}\n{fence}\n</details>\n"


def _plain(text: str) -> str:
    """On one line, with nothing that Markdown or HTML would read as a mark."""
    return _MARKS.sub(r"\\\1", " ".join(text.split())).replace("\\<", "&lt;").replace("\\>", "&gt;")
