"""A checker of two small articles, with the real reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.check.checker import Checker

if TYPE_CHECKING:
    from vectorstore.embedding.embedder import Embedder


@pytest.fixture(scope="module")
def checker(index: Path, embedder: Embedder) -> Iterator[Checker]:
    from ingest.passages import SPLITTER_VERSION
    from vectorstore.index import Index

    with Index.open(index, embedder, splitter=SPLITTER_VERSION, owner="test") as opened:
        yield Checker(opened)
