"""The two consoles of a command: results on standard output, progress and messages on standard error.

But: they never colour what is not a terminal, and never interpret mark-up in what they print.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from assistant.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console

_PIPED_WIDTH = 100


class Bar(Protocol):
    """What a progress bar is told: how much is done, of how much, and of what."""

    def __call__(self, done: int, total: int, label: str) -> None: ...


def results() -> Console:
    """Standard output; 100 characters wide where it is not a terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def complain(message: str) -> None:
    """One line on standard error, as every command says what went wrong."""
    print(f"attest: {printable(message)}", file=sys.stderr, flush=True)


@contextmanager
def progress_bar() -> Iterator[Bar]:
    """A bar on standard error while the block runs; nothing at all where that is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total, label: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def show(done: int, total: int, label: str) -> None:
            progress.update(task, completed=done, total=total, description=printable(label)[:40])

        yield show
