"""Poisoned documents achieve nothing: `python -m tests.poison`, with fewer files and questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.poison import run
from tests.poisoned import poisoned

if TYPE_CHECKING:
    from vectorstore.embedding.embedder import Embedder


def test_no_attack_of_a_poisoned_document_succeeds(embedder: Embedder, tmp_path: Path) -> None:
    asked, succeeded = run(embedder, tmp_path, quick=True)
    assert succeeded == []
    assert asked > 50


def test_every_payload_stands_in_its_document() -> None:
    kinds = {(one.attack, one.name) for one in poisoned()}
    assert len(kinds) == len(list(poisoned()))
    assert all(b"Grime" in one.data for one in poisoned() if one.name == "hidden.html")
