"""How well attest answers: sets of cases, the judge, the gate, benchmarks, reports; here, who is told of progress."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Gets (done, of) for each stretch of work: ingesting, asking."""


def silent(done: int, of: int) -> None:
    """Tells nobody."""
