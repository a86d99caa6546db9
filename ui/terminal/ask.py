"""`attest ask`: one question, or a file of them."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ui.opening import open_assistant
from ui.terminal.consoles import ProgressBar, complain, results
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from assistant.settings import Settings


def ask(settings: Settings, question: str, *, as_json: bool, as_markdown: bool = False) -> int:
    """Prints the answer to one question; an abstention is an answer too. Returns the exit code."""
    from assistant.understanding.question import check_question

    check_question(question)
    with open_assistant(settings, "attest ask") as (assistant, index):
        started = time.perf_counter()
        answer = assistant.ask(question)
        seconds = time.perf_counter() - started
        if as_json:
            from assistant.wire import answer_to_dict, dumps

            ascii_only = sys.stdout.encoding.lower() not in ("utf-8", "utf8")
            print(dumps(answer_to_dict(answer, seconds=seconds), indent=2, ascii_only=ascii_only))
        elif as_markdown:
            from assistant.check.answers.saved import answer_to_markdown

            print(answer_to_markdown(answer), end="")
        else:
            from ui.terminal.answer_view import print_answer

            print_answer(results(), answer, index.document)
    return 0


def ask_batch(settings: Settings, source: Path, output: Path) -> int:
    """Answers a file of questions; returns 1 if a line could not be answered."""
    from ui.terminal.batch import check_output, read_batch, run_batch

    check_output(source, output)
    lines = read_batch(source)
    with open_assistant(settings, "attest ask --batch") as (assistant, _), ProgressBar() as bar:
        failed = run_batch(
            lines, output, assistant, report=complain, progress=lambda done: bar.show(done, len(lines), "answering")
        )
    if failed:
        complain(f"{failed} of {len(lines)} lines not answered; the others are in {output}")
    return 1 if failed else 0


def check_flags(
    question: str | None, batch: Path | None, output: Path | None, as_json: bool, as_markdown: bool = False
) -> None:
    """Refuses combinations that make no sense. Raises UsageError."""
    if (batch is None) != (output is None):
        raise UsageError("--batch and --output go together: attest ask --batch IN.jsonl --output OUT.jsonl")
    if as_json and as_markdown:
        raise UsageError("--json or --markdown: give one of them")
    if batch is not None and (question is not None or as_json or as_markdown):
        form = "--markdown" if as_markdown else "--json"
        raise UsageError(f"--batch takes its questions from the file: leave out the question and {form}")
    if batch is None and question is None:
        raise UsageError('no question: attest ask "QUESTION", or --batch IN.jsonl --output OUT.jsonl')
