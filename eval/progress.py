"""Who is told how far an evaluation or a benchmark is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Gets (done, of) for each stretch of work: ingesting, asking."""


def silent(done: int, of: int) -> None:
    """Tells nobody."""
