"""Claims by hand about the bundled article: `eval/sets/claims.jsonl`, one JSON object a line.

`claim`, `label` (supported, contradicted, not found), `kind` of error or rewording, `quote`: words of the article that
bear it out or contradict it ("" where it says nothing of it), `part`: tuning or sealed.

    python -m eval.lab.check.claims      how often `eval.metrics.support` agrees with the labels of the tuning part
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from assistant.check.types import Verdict
from eval.bench.table import Row, Table, rendered
from eval.cases import Part, lines_of
from eval.metrics.support import supports
from eval.statistics import mean_figure
from ingest.loading import bundled
from vectorstore.errors import UsageError
from vectorstore.types import Document, Span

CLAIMS = Path(__file__).parents[2] / "sets" / "claims.jsonl"
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


def agreement(claims: Sequence[HandClaim], document: Document) -> Table:
    """How often "supported" is said rightly: against the whole document, and against the sentences alone that the
    quotation of a claim touches. Raises UsageError for a sealed claim."""
    if any(claim.part == "sealed" for claim in claims):
        raise UsageError("sealed claims are for measuring a release: name claims of the tuning part")
    quoted = [claim for claim in claims if claim.quote in document.text and claim.quote]
    columns = ("agrees with the label", "supported, of the faithful", "supported, of the errors")
    return Table(
        "Support by the document, claims by hand",
        columns,
        (
            _row("the whole document", claims, [supports(claim.claim, document) for claim in claims]),
            _row("the cited sentences", quoted, [supports(c.claim, document, [_place(c, document)]) for c in quoted]),
        ),
        ("the checker was fitted on these claims, among others",),
    )


def _place(claim: HandClaim, document: Document) -> Span:
    start = document.text.index(claim.quote)
    return start, start + len(claim.quote)


def _row(name: str, claims: Sequence[HandClaim], said: Sequence[bool]) -> Row:
    judged = [(claim.label == "supported", supported) for claim, supported in zip(claims, said, strict=True)]
    shares = (
        [float(faithful is supported) for faithful, supported in judged],
        [float(supported) for faithful, supported in judged if faithful],
        [float(supported) for faithful, supported in judged if not faithful],
    )
    return Row(name, tuple(mean_figure(share, list(map(str, range(len(share))))) for share in shares), len(claims))


if __name__ == "__main__":
    tuning = [claim for claim in load_claims() if claim.part == "tuning"]
    print(rendered([agreement(tuning, bundled()[0].document)]))
