"""Questions with known answers: the cases of a set, read from JSON Lines and checked against `case.schema.json`.

A case points into its text by offsets and holds facts, not sentences, so that a set can be published where the text
cannot.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from vectorstore.errors import UsageError
from vectorstore.types import Document, Span

Part = Literal["tuning", "sealed"]

SCHEMA = Path(__file__).with_name("case.schema.json")
ANSWERABLE = ("answerable", "partial")
FALSE_PREMISE = "false premise"
"""How a case is `answerable` whose question takes something for granted that the text denies, or does not say."""


@dataclass(frozen=True, slots=True)
class Nugget:
    """A fact that an answer should hold, in any of the accepted spellings; `vital` or merely good to have."""

    accepted: tuple[str, ...]
    vital: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One question; `case.schema.json` describes each field."""

    id: str
    question: str
    history: tuple[str, ...]
    standalone: str | None
    kind: str
    answerable: str
    nuggets: tuple[Nugget, ...]
    evidence: tuple[Span, ...]
    speaker: str | None
    sha256: str
    part: Part

    @property
    def has_answer(self) -> bool:
        """Whether the text answers the question, at least in part."""
        return self.answerable in ANSWERABLE

    @property
    def conversation(self) -> str:
        """What the turns of one conversation have in common: its first question. Resampling keeps them together."""
        return self.history[0] if self.history else self.question


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The cases of one file, about one text. `sha256` is of the cases' content, whatever the file's line ends;
    `article_sha256` of the text."""

    name: str
    sha256: str
    article_sha256: str
    cases: tuple[Case, ...]

    def part(self, part: Part) -> tuple[Case, ...]:
        """The cases of one part."""
        return tuple(case for case in self.cases if case.part == part)

    def check_article(self, document: Document, name: str) -> None:
        """Raises UsageError if `document`, called `name`, is another text, or if evidence lies outside it."""
        if document.sha256 != self.article_sha256:
            raise UsageError(
                f"{name} is another text than the set {self.name} is about (SHA-256 "
                f"{document.sha256[:12]}..., expected {self.article_sha256[:12]}...): pass the right one with --article"
            )
        for case in self.cases:
            for start, end in case.evidence:
                if end > len(document.text):
                    raise UsageError(
                        f"case {case.id}, evidence {start}-{end}: outside the text, which has {len(document.text)} "
                        "characters; correct the case"
                    )


def lines_of(path: Path, what: str, advice: str) -> list[str]:
    """The lines of a JSON Lines file. Raises UsageError where it cannot be read, which names it as the `what` and ends
    with the advice."""
    try:
        return path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise UsageError(f"the {what} {path} cannot be read ({reason}): {advice}") from None


def load_set(path: Path) -> CaseSet:
    """The cases of a set. Raises UsageError, with line and field, for a set that cannot be used."""
    lines = lines_of(path, "set", "name a JSON Lines file of cases")
    cases: dict[str, tuple[int, Case]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = parse_case(line)
        except ValueError as error:
            raise UsageError(f"{path}, line {number}: {error}") from None
        if case.id in cases:
            raise UsageError(f"{path}, line {number}, id: {case.id!r} is used in line {cases[case.id][0]} already")
        cases[case.id] = number, case
    if not cases:
        raise UsageError(f"the set {path} is empty: a case is one JSON object a line")
    numbered = list(cases.values())
    _check_together(path, numbered)
    chosen = tuple(case for _, case in numbered)
    content = "\n".join(json.dumps(json.loads(line), sort_keys=True) for line in lines if line.strip())
    return CaseSet(path.stem, hashlib.sha256(content.encode()).hexdigest(), chosen[0].sha256, chosen)


def parse_case(line: str) -> Case:
    """One line of a set. Raises ValueError that names the field."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error.msg if isinstance(error, json.JSONDecodeError) else error})") from None
    try:
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("it holds half of a surrogate pair, which is no text") from None
    invalid = first_invalid(row)
    if invalid:
        raise ValueError(invalid)
    case = Case(
        id=row["id"],
        question=row["question"],
        history=tuple(row.get("history", ())),
        standalone=row.get("standalone"),
        kind=row["kind"],
        answerable=row["answerable"],
        nuggets=tuple(Nugget(tuple(n["accepted"]), n["vital"]) for n in row["nuggets"]),
        evidence=tuple((int(e["start"]), int(e["end"])) for e in row["evidence"]),
        speaker=row.get("speaker"),
        sha256=row["sha256"],
        part=row["part"],
    )
    for start, end in case.evidence:
        if start >= end:
            raise ValueError(f"evidence: {start}-{end} is empty")
    if case.has_answer and not case.evidence:
        raise ValueError(f"evidence: there is none, though the case is {case.answerable!r}")
    if not case.has_answer and (case.evidence or case.nuggets):
        raise ValueError(f"evidence: a case that is {case.answerable!r} has neither evidence nor nuggets")
    return case


def first_invalid(row: object) -> str | None:
    """What the schema objects to first, as "field: reason"; None where nothing."""
    from jsonschema.exceptions import best_match

    error: Any = best_match(_validator().iter_errors(row))
    if error is None:
        return None
    field = ".".join(str(step) for step in error.absolute_path) or "the line"
    return f"{field}: {str(error.message)[:200]}"


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _check_together(path: Path, numbered: Sequence[tuple[int, Case]]) -> None:
    """Raises UsageError for two texts in one set, and for a conversation that is both tuned on and sealed."""
    for number, case, field, reason in _disagreements(numbered):
        raise UsageError(f"{path}, line {number}, {field}: case {case.id} {reason}")


def _disagreements(numbered: Sequence[tuple[int, Case]]) -> Iterator[tuple[int, Case, str, str]]:
    first = numbered[0][1]
    parts: dict[str, tuple[Part, str]] = {}
    for number, case in numbered:
        if case.sha256 != first.sha256:
            yield number, case, "sha256", f"is about another text than case {first.id}; a set is about one text"
        part, other = parts.setdefault(case.conversation, (case.part, case.id))
        if part != case.part:
            yield number, case, "part", f"is {case.part}, but {other} of the same conversation is {part}"
