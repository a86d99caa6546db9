"""`attest eval`: judges attest on a set of cases, or another system's answers to it, and compares with a baseline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ui.terminal.consoles import ProgressBar, print_rows
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from eval.cases import CaseSet
    from eval.runs import Comparison, Run
    from vectorstore.types import Document


def evaluate(
    settings: Settings,
    path: Path,
    *,
    article: Path | None,
    answers: Path | None,
    baseline: Path | None,
    accept: bool,
    report: Path | None,
    index: Path | None,
) -> int:
    """Prints the figures; writes baseline and report where named. Returns 1 on a regression that is not accepted."""
    from eval.cases import load_set
    from eval.evaluate import find_article
    from eval.gate import check_baseline, compare
    from eval.report import write_report
    from eval.report.summary import others, summary
    from eval.runs import load_run, save_run

    _check_flags(answers=answers, baseline=baseline, accept=accept, report=report, index=index)
    case_set = load_set(path)
    earlier = load_run(baseline) if baseline is not None and baseline.exists() else None
    if earlier is not None:
        check_baseline(earlier, case_set, accept=accept)
    document = find_article(case_set, article)
    run = _run(settings, case_set, document, answers, index)
    comparison = compare(earlier, run, case_set) if earlier is not None else None
    print_rows([*summary(run, comparison), "", *others(run)])
    if report is not None:
        written = write_report(report, run, case_set, document, comparison)
        save_run(run, report / "run.json")
        print_rows(["", *(f"written: {file}" for file in (*written, report / "run.json"))])
    if comparison is not None:
        print_rows(["", *_told(comparison, run, case_set, document)])
    if baseline is not None and (earlier is None or accept):
        save_run(run, baseline)
        print_rows(["", f"{baseline} holds this run now: review it and commit it"])
        return 0
    return 1 if comparison is not None and comparison.regressed else 0


def _run(settings: Settings, case_set: CaseSet, document: Document, answers: Path | None, index: Path | None) -> Run:
    from eval.evaluate import evaluate, judge_file
    from vectorstore.embedding.models import load_embedder

    embedder = load_embedder(settings.model)
    if answers is not None:
        return judge_file(case_set, document, embedder, answers)
    with ProgressBar() as bar:
        return evaluate(
            case_set,
            document,
            embedder,
            settings,
            index=index,
            progress=lambda done, of: bar.show(done, of, "asking"),
        )


def _told(comparison: Comparison, run: Run, case_set: CaseSet, document: Document) -> list[str]:
    """The verdict, and each case that it names."""
    from eval.report.summary import verdict
    from eval.report.text import case_lines

    lines = list(verdict(comparison))
    named = {broken.id for broken in comparison.breaks} | set(comparison.newly_failing)
    before = {result.id: result for result in comparison.baseline.results}
    cases = {case.id: case for case in case_set.cases}
    for result in run.results:
        if result.id in named:
            lines += ["", *case_lines(result, cases[result.id], document, before=before[result.id])]
    if comparison.regressed:
        drops, breaks = len(comparison.drops), len(comparison.breaks)
        lines += ["", f"REGRESSION: {drops} broad drop{'s' * (drops != 1)}, {breaks} hard break{'s' * (breaks != 1)}"]
    else:
        lines.append("no regression against the baseline")
    return lines


def _check_flags(
    *, answers: Path | None, baseline: Path | None, accept: bool, report: Path | None, index: Path | None
) -> None:
    """Refuses, before any work, combinations that make no sense and places that cannot be written."""
    if accept and baseline is None:
        raise UsageError("--accept takes the new run as baseline: name the baseline with --baseline FILE")
    if answers is not None and index is not None:
        raise UsageError("--answers are judged as they are, without an index: leave out --index")
    if report is not None and report.exists() and not report.is_dir():
        raise UsageError(f"--report {report} is a file: name a directory")
    if baseline is None:
        return
    if baseline.is_dir():
        raise UsageError(f"--baseline {baseline} is a directory: name a file")
    if report is not None and baseline.resolve().parent == report.resolve():
        raise UsageError(f"--baseline {baseline} lies in the folder that --report writes: keep it somewhere else")
    above = next(folder for folder in (baseline.parent, *baseline.resolve().parents) if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise UsageError(f"--baseline {baseline} cannot be written: name another file")
