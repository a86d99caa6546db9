"""The fit asks the tuning parts of the sets that ship with attest."""

from __future__ import annotations

from eval.cases import load_set
from eval.lab.calibration_questions import SETS


def test_the_sets_are_where_the_fit_looks_for_them() -> None:
    sets = [load_set(SETS / f"{name}.jsonl") for name in ("origins", "original")]
    assert all(one.part("tuning") for one in sets)
