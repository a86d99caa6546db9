"""What became of one document in an ingest run, as a value and as one readable line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.convert.textfile import counted
from vectorstore.types import NOT_ANSWERS, Passage

Status = Literal["added", "updated", "unchanged", "removed", "failed"]


@dataclass(frozen=True)
class Report:
    """One document's outcome. `characters` counts code points of its text, `covered` is the per cent of its characters
    that are shown, not blank and lie inside a passage (headings and captions are recorded passages), `passages` counts
    all recorded ones, `embedded` and `reused` the searched ones among them; `error` is set where `status` is
    "failed"."""

    origin: str
    title: str
    document_id: str | None
    characters: int
    covered: float
    passages: int
    embedded: int
    reused: int
    seconds: float
    warnings: tuple[str, ...]
    error: str | None
    status: Status

    def line(self) -> str:
        """The report on one line, such as
        "added: Notes · 900 characters, 100 % covered, 6 passages, 6 embedded, 0 reused, 0.3 s"."""
        if self.error is not None:
            return f"failed: {self.error}{self._remarks()}"
        if self.status == "removed":
            return f"removed: {self.title} ({self.origin}){self._remarks()}"
        return (
            f"{self.status}: {self.title} · {counted(self.characters, 'character')}, "
            f"{_per_cent(self.covered)} covered, "
            f"{counted(self.passages, 'passage')}, {self.embedded:,} embedded, {self.reused:,} reused, "
            f"{self.seconds:.1f} s{self._remarks()}"
        )

    def _remarks(self) -> str:
        return f" · {'; '.join(self.warnings)}" if self.warnings else ""


def covered(text: str, passages: Sequence[Passage]) -> float:
    """Per cent of the characters of `text` that are not blank and lie inside a passage; 100 for a blank text."""
    total = _solid(text, 0, len(text))
    if total == 0:
        return 100.0
    inside, reached = 0, 0
    for start, end in sorted((passage.start, passage.end) for passage in passages):
        inside += _solid(text, max(start, reached), end)
        reached = max(reached, end)
    return 100.0 * inside / total


def searched(passages: Sequence[Passage]) -> int:
    """How many of the passages are searched, that is neither headings nor captions."""
    return sum(1 for passage in passages if passage.kind not in NOT_ANSWERS)


def _solid(text: str, start: int, end: int) -> int:
    """How many characters of a stretch are not blank."""
    return sum(map(len, text[start:end].split())) if start < end else 0


def _per_cent(value: float) -> str:
    """One decimal, and 100 only where all is covered."""
    return "100 %" if value == 100.0 else f"{min(value, 99.9):.1f} %"
