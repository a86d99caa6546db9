"""The claims by hand: every quotation stands in the bundled article, and both parts hold enough of either label."""

from collections import Counter
from pathlib import Path

import pytest

from eval.lab.claims import load_claims
from ingest.loading import bundled
from vectorstore.errors import UsageError


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
