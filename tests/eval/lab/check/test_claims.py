"""The claims by hand: every quotation stands in the bundled article, and both parts hold enough of either label."""

from collections import Counter
from pathlib import Path

import pytest

from eval.bench.table import Row
from eval.lab.check.claims import HandClaim, agreement, load_claims
from eval.statistics import Figure
from ingest.loading import bundled
from vectorstore.errors import UsageError
from vectorstore.types import Document, text_sha256


def test_every_quotation_stands_in_the_bundled_article() -> None:
    text = bundled()[0].document.text
    assert [claim.id for claim in load_claims() if claim.quote not in text] == []


def test_there_are_enough_errors_and_faithful_claims_and_half_is_sealed() -> None:
    claims = load_claims()
    counts = Counter((claim.label == "supported", claim.part) for claim in claims)
    assert min(counts.values()) >= 35 and len(claims) >= 150
    assert len({claim.claim for claim in claims}) == len(claims)


@pytest.mark.parametrize("line", ["{}", "no", '{"id": "a"}'])
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text(line + "\n")
    with pytest.raises(UsageError, match="line 1"):
        load_claims(file)


def values(row: Row) -> list[float | None]:
    return [cell.value for cell in row.cells if isinstance(cell, Figure)]


def test_support_is_held_against_the_labels_of_the_tuning_part_alone() -> None:
    text = "The pier was built in 1887. It is long. Anna Lund paid for the clock."
    pier = Document("d", "", text, text_sha256(text), "d.txt")
    claims = [
        HandClaim("a", "The pier was built in 1887.", "supported", "same", "built in 1887", "tuning"),
        HandClaim("b", "Anna Lund paid for the clock.", "supported", "same", "It is long", "tuning"),
        HandClaim("c", "The pier was built in 1888.", "contradicted", "number", "built in 1887", "tuning"),
        HandClaim("d", "Greta Moen sank the ferry.", "not found", "name", "", "tuning"),
    ]
    whole, cited = agreement(claims, pier).rows
    assert values(whole) == [1.0, 1.0, 0.0] and whole.n == 4
    assert values(cited) == [pytest.approx(2 / 3), 0.5, 0.0] and cited.n == 3
    with pytest.raises(UsageError, match="sealed"):
        agreement([HandClaim("e", "It is so.", "supported", "same", "", "sealed")], pier)
