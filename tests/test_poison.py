"""Poisoned documents achieve nothing: `python -m tests.poison`, with fewer files and questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.obedient import ORDERED, obedient, obeys
from tests.poison import REPEATED, run
from tests.poisoned import poisoned

if TYPE_CHECKING:
    from vectorstore.embedding.embedder import Embedder


def test_no_attack_of_a_poisoned_document_succeeds(embedder: Embedder, tmp_path: Path) -> None:
    asked, succeeded = run(embedder, tmp_path, quick=True)
    assert succeeded == []
    assert asked > 50


def test_a_model_that_obeys_a_document_is_not_believed(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attacks = ("fake citation", "ignore previous instructions")
    some = [one for one in poisoned() if one.attack in attacks and one.name == "seen.md"]
    monkeypatch.setattr("tests.poison.poisoned", lambda: iter(some))
    with obedient() as model:
        asked, lines = run(embedder, tmp_path, quick=True, model=model)
    assert asked == len(attacks)
    assert [line for line in lines if f": {REPEATED}: " not in line] == []
    planted = [request for request in model.requests if ORDERED in request.text]
    assert len(planted) >= 4, "the orders reach the model"
    assert all(ORDERED in "".join(obeys(request, with_truth=False).pieces) for request in planted)


def test_every_payload_stands_in_its_document() -> None:
    kinds = {(one.attack, one.name) for one in poisoned()}
    assert len(kinds) == len(list(poisoned()))
    assert all(b"Grime" in one.data for one in poisoned() if one.name == "hidden.html")
