"""What the tests of the network share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.vectorstore.embedding.network.tiny import tiny_networks

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import ReaderNetwork


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], ReaderNetwork]]:
    """Makes a small network, the argument's number of its layers apart."""
    yield from tiny_networks(monkeypatch)
