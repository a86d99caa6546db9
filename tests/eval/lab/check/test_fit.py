"""The verdicts are fitted from what was measured, and figures counted from it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.check.signals import SIGNALS
from assistant.check.types import Verdict
from assistant.check.verdict import load_verdicts, read_verdicts
from eval.lab.check.figures import figures
from eval.lab.check.fit import FINDINGS, as_json, fit, main
from eval.lab.check.signals import Measured, kept
from vectorstore.errors import UsageError


def claim(n: int, label: Verdict, **signals: float) -> Measured:
    row = {name: 0.0 for name in SIGNALS} | {"precision": 0.9 + 0.001 * (n % 7), "weakest": 0.5} | signals
    poor = {name: 0.0 for name in SIGNALS} | {"supports": -6.0}
    use = "fitting" if n % 2 else "measuring"
    error = "faithful" if label == "supported" else "number"
    return Measured(f"article-{n % 4}", error, error, label, use, False, [poor, row])  # type: ignore[arg-type]


@pytest.fixture
def claims() -> list[Measured]:
    wrong = [
        claim(n, "contradicted", supports=1.0 - n % 3, contradicts=1.0, **{"number differs": 1.0}) for n in range(40)
    ]
    apart = [claim(n, "not found", supports=2.0, apart=0.9) for n in range(40)]
    made = [claim(n, "supported", supports=2.0 - n % 3) for n in range(40)] + wrong + apart
    return made + [replace(c, source="by hand") for c in made if c.use == "fitting"]


def test_the_weights_that_find_the_most_errors_are_chosen_and_findings_keep_theirs(claims: list[Measured]) -> None:
    verdicts = read_verdicts(as_json(fit(claims, load_verdicts()), claims).encode())
    weights = dict(zip(verdicts.supported.features, verdicts.supported.weights, strict=True))
    assert weights["apart"] < 0 < weights["supports"], "40 claims are told by it alone"
    assert weights["number differs"] == weights["quotation differs"] == FINDINGS["quotation differs"]
    flagged = [c.flagged(verdicts) for c in claims]
    assert sum(flagged[:40]) <= 2 and sum(flagged[40:120]) >= 76


def test_claims_held_out_sealed_or_for_measuring_change_nothing(claims: list[Measured]) -> None:
    strange = [replace(c, label="contradicted") for c in claims[:40]]
    others = [replace(c, held_out=True, use="fitting") for c in strange] + [replace(c, use="sealed") for c in strange]
    assert fit(claims + others, load_verdicts()) == fit(claims, load_verdicts())


def test_a_fit_needs_claims_of_both_sorts(claims: list[Measured]) -> None:
    with pytest.raises(UsageError, match="by hand and generated"):
        fit([c for c in claims if c.source != "by hand"], load_verdicts())


def test_figures_count_each_type_of_error_and_what_the_source_holds_word_for_word(claims: list[Measured]) -> None:
    certain = replace(claims[0], certain=True, groups=[])
    assert not certain.flagged(load_verdicts()) and replace(certain, misplaced=True).flagged(load_verdicts())
    rows = {row.system: row.n for row in figures(claims, load_verdicts())[0].rows}
    assert (rows["all errors"], rows["number"], rows["faithful"]) == (40, 40, 20)


def test_what_was_measured_is_kept_and_fitted_again(claims: list[Measured], tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    kept(file, claims)
    assert kept(file) == claims
    assert main(["--kept", str(file), "--output", str(tmp_path / "verdict.json")]) == 0
    assert set(json.loads((tmp_path / "verdict.json").read_text())) >= {"supported", "contradicted"}
    file.write_text("{}\n")
    with pytest.raises(UsageError, match="no measured claims"):
        kept(file)
