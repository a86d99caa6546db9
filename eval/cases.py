"""Questions with known answers: the cases of a set, read from JSON Lines.

A case points into its text by offsets and holds facts, not sentences, so that a set can be published where the text
cannot.
But: nothing here asks anything or measures an answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vectorstore.errors import UsageError

ANSWERABLE = ("answerable", "partial")
SORTS = (*ANSWERABLE, "unanswerable", "false premise", "out of domain")


@dataclass(frozen=True, slots=True)
class Nugget:
    """A fact that an answer should hold, in any of the accepted spellings; `vital` or merely good to have."""

    accepted: tuple[str, ...]
    vital: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One question. `evidence`: (start, end) of each stretch of the text that answers it, in code points; `sha256`:
    of that text; `history`: the questions asked before it."""

    id: str
    question: str
    history: tuple[str, ...]
    kind: str
    answerable: str
    nuggets: tuple[Nugget, ...]
    evidence: tuple[tuple[int, int], ...]
    speaker: str | None
    sha256: str
    part: str

    @property
    def has_answer(self) -> bool:
        """Whether the text answers the question, at least in part."""
        return self.answerable in ANSWERABLE


def load_cases(path: Path) -> list[Case]:
    """The cases of a set. Raises UsageError, with the line, for a set that cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the set {path} cannot be read ({error}): name a JSON Lines file") from None
    cases: list[Case] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{path}, line {number}: not a case ({type(error).__name__}: {error})") from None
    if not cases:
        raise UsageError(f"the set {path} is empty: a case is one JSON object a line")
    return cases


def _case(row: dict[str, Any]) -> Case:
    if row["answerable"] not in SORTS:
        raise ValueError(f"answerable is {row['answerable']!r}, not one of {', '.join(SORTS)}")
    return Case(
        id=str(row["id"]),
        question=str(row["question"]),
        history=tuple(str(q) for q in row.get("history", ())),
        kind=str(row["kind"]),
        answerable=row["answerable"],
        nuggets=tuple(Nugget(tuple(n["accepted"]), bool(n["vital"])) for n in row["nuggets"]),
        evidence=tuple((int(e["start"]), int(e["end"])) for e in row["evidence"]),
        speaker=row.get("speaker"),
        sha256=str(row["sha256"]),
        part=str(row.get("part", "sealed")),
    )
