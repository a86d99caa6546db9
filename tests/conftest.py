"""What all tests share: no network, no index or cache of the user's, one real MiniLM."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from vectorstore.embedding.embedder import Embedder

os.environ.update(
    ANONYMIZED_TELEMETRY="False",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_OFFLINE="1",
    TOKENIZERS_PARALLELISM="false",
    TRANSFORMERS_OFFLINE="1",
)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real default model."""
    from vectorstore.embedding.models import load_embedder

    return load_embedder()


@pytest.fixture(autouse=True, scope="session")
def own_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reaches the user's index, whatever it forgets to pass."""
    directory = tmp_path_factory.mktemp("default") / "index"
    before = os.environ.get("ATTEST_INDEX")
    os.environ["ATTEST_INDEX"] = str(directory)
    yield directory
    if before is None:
        del os.environ["ATTEST_INDEX"]
    else:
        os.environ["ATTEST_INDEX"] = before
