"""What each part of the check is worth: every comparison is left out once, and nothing else is."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from assistant.check.texts import Texts
from assistant.check.typed.comparing import RULES
from assistant.check.verdict import load_verdicts
from assistant.reader.runtime import load_reader
from eval.bench.claims.sets import ClaimSet, TextClaim
from eval.lab.check.ablation import SIGNALS, Found, checked, main, of_people, parts, table

MINE = "The mine at Arle employed 1,200 people in 1911. Its owner, Ada Reyes, closed it after the flood."


def test_each_comparison_and_each_signal_is_left_out_once() -> None:
    names = [name for name, _ in parts()]
    rules = [rule for kind in fields(RULES) for rule in getattr(RULES, kind.name)]
    assert names[0] == "as it is" and len(set(names)) == len(names) == 1 + len(rules) + len(SIGNALS)
    assert {signal for some in SIGNALS.values() for signal in some} <= set(load_verdicts().supported.features) | set(
        load_verdicts().contradicted.features
    )
    assert [name for name, _ in parts("numbers")] == ["as it is", "the comparison of numbers"]


def test_without_a_comparison_nothing_is_found_by_it() -> None:
    reader, source = load_reader(), Texts([("Arle", MINE)])
    claim = "The mine at Arle employed 1,200 people in 1917."
    kinds = {
        name: {f.kind for s in make(source, reader=reader).check(claim).sentences for f in s.findings}
        for name, make in parts()
        if name in ("as it is", "the comparison of dates")
    }
    assert kinds["as it is"] - kinds["the comparison of dates"] == {"date"}


def test_claims_of_people_are_held_against_their_own_texts() -> None:
    claims = (
        TextClaim("Ada Reyes closed the mine at Arle after the flood.", ("a",), True, "1"),
        TextClaim("Otto Lind sold the ferry.", ("a",), False, "2"),
        TextClaim("Ada Reyes closed the mine at Arle.", ("b",), False, "3"),
    )
    held = ClaimSet(claims, {"a": MINE, "b": "The ferry of Corve sank."}, {"a": "Arle"})
    made = list(parts("names"))
    found = [one for source, some in of_people(held, claims) for one in checked(made, source, some, load_reader())]
    assert [(name, one.source, one.flagged) for name, one in found if name == "as it is"] == [
        ("as it is", "1", False),
        ("as it is", "2", True),
        ("as it is", "3", True),
    ]
    assert len(found) == 6


def test_figures_of_each_checker_are_its_own() -> None:
    right, also_right = Found("one", "supported", False, 0.9), Found("one", "supported", True, 0.4)
    wrong, missed = Found("one", "contradicted", True, 0.1, True), Found("one", "contradicted", False, 0.8)
    found = [("as it is", one) for one in (right, also_right, wrong, missed)]
    found += [("less", replace(missed, support=0.9)), ("less", right)]
    rows = table("Claims", found).rows
    values = [[cell.value for cell in row.cells] for row in rows]  # type: ignore[union-attr]
    assert values == [[0.5, 0.5, 0.5, 0.5], [0.0, 0.0, 0.0, 0.0]] and [row.n for row in rows] == [4, 2]


def test_data_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert main(["--data", str(tmp_path)]) > 0
    assert all(line.startswith("ablation: ") for line in capsys.readouterr().err.splitlines())
