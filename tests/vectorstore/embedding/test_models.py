"""Which model a name means."""

from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore.embedding.embedder import DEFAULT_MODEL, Embedder
from vectorstore.embedding.models import load_embedder
from vectorstore.errors import AttestError


def test_a_checkout_in_the_folder_where_attest_runs_does_not_take_the_place_of_the_default_model(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / DEFAULT_MODEL).mkdir()
    monkeypatch.chdir(tmp_path)
    assert load_embedder(DEFAULT_MODEL).fingerprint == embedder.fingerprint
    with pytest.raises(AttestError):
        load_embedder(f"./{DEFAULT_MODEL}")
