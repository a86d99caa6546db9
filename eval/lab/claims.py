"""Claims by hand about the bundled article: `eval/sets/claims.jsonl`, one JSON object a line.

`claim`, `label` (supported, contradicted, not found), `kind` of error or rewording, `quote`: words of the article that
bear it out or contradict it ("" where it says nothing of it), `part`: tuning or sealed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from assistant.check.types import Verdict
from eval.cases import Part, lines_of
from vectorstore.errors import UsageError

CLAIMS = Path(__file__).parents[1] / "sets" / "claims.jsonl"
FIELDS = ("id", "claim", "label", "kind", "quote", "part")


@dataclass(frozen=True, slots=True)
class HandClaim:
    """One claim with what a careful reader says of it."""

    id: str
    claim: str
    label: Verdict
    kind: str
    quote: str
    part: Part


def load_claims(path: Path = CLAIMS) -> list[HandClaim]:
    """The claims of a file. Raises UsageError, with the line, for one that cannot be used."""
    claims: dict[str, HandClaim] = {}
    for number, line in enumerate(lines_of(path, "set of claims", "name a JSON Lines file of claims"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            claim = HandClaim(*(str(row[name]) for name in FIELDS))  # type: ignore[arg-type]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}, line {number}: {error}") from None
        if claim.label not in get_args(Verdict) or claim.part not in get_args(Part) or claim.id in claims:
            raise UsageError(f"{path}, line {number}: label, part or id cannot be used")
        claims[claim.id] = claim
    return list(claims.values())
