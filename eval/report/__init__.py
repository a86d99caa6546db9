"""Reports of a run: one HTML page, Markdown for a pull request, JUnit XML; lines for the terminal."""

from __future__ import annotations

from pathlib import Path

from eval.cases import CaseSet
from eval.report.junit import junit
from eval.report.markdown import markdown
from eval.report.page import page
from eval.runs import Comparison, Run
from vectorstore.errors import UsageError
from vectorstore.types import Document

__all__ = ["write_report"]


def write_report(
    folder: Path, run: Run, case_set: CaseSet, document: Document, comparison: Comparison | None
) -> list[Path]:
    """Writes report.html, report.md and junit.xml into the folder, which is made where it is missing; returns their
    paths. Raises UsageError where they cannot be written."""
    parts = {
        "report.html": page(run, case_set, document, comparison),
        "report.md": markdown(run, case_set, document, comparison),
        "junit.xml": junit(run, case_set, document, comparison),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in parts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"--report {folder}: cannot be written ({error.strerror}); name another directory") from None
    return [folder / name for name in parts]
