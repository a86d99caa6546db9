"""A model that is neither here nor to be had is told of at once."""

from __future__ import annotations

from pathlib import Path

import huggingface_hub
import pytest

from vectorstore.embedding.hub import look_for
from vectorstore.embedding.models import load_embedder
from vectorstore.errors import AttestError


def test_a_folder_is_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", lambda *_, **__: pytest.fail("asked the hub"))
    look_for(str(tmp_path))


def test_a_model_that_cannot_be_had_is_one_line_and_no_retries(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionError("no route\nto the hub")

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", refuse)
    with pytest.raises(AttestError, match=r"cannot be loaded \(no route\)"):
        load_embedder("no-such-owner/no-such-model")
    assert "Retry" not in "".join(capfd.readouterr())
