"""The two consoles of a command: results on standard output, progress and messages on standard error.

Only a terminal is coloured, and mark-up in what is printed is never interpreted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

from vectorstore.printable import printable, printable_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_PIPED_WIDTH = 100


def results() -> Console:
    """Standard output; 100 characters wide where it is not a terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def complain(message: str) -> None:
    """One line on standard error, as every command says what went wrong."""
    print(f"attest: {printable_line(message)}", file=sys.stderr, flush=True)


def print_rows(rows: Iterable[str]) -> None:
    """Prints lines in which spaces count, so that columns stand one under the other."""
    for row in rows:
        print(printable(row).rstrip())


class ProgressBar:
    """A bar on standard error while the block runs; silent where that is not a terminal."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def __enter__(self) -> ProgressBar:
        if sys.stderr.isatty():
            self._progress = _progress()
            self._progress.add_task("", total=None)
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, done: int, total: int, label: str) -> None:
        """`done` of `total` steps are done; `label` says what is being done."""
        if self._progress is not None:
            task = self._progress.task_ids[0]
            self._progress.update(task, completed=done, total=total, description=printable_line(label)[:50])

    def print(self, line: str) -> None:
        """Prints a line of results; the bar makes way for it."""
        if self._progress is not None:
            self._progress.stop()
        print(printable_line(line), flush=True)
        if self._progress is not None:
            self._progress.start()


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    return Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
