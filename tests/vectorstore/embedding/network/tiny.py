"""A network small enough to be run, and to learn, in a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import ReaderNetwork


def tiny_networks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], ReaderNetwork]]:
    """Makes a network of four small layers, the argument's number of them apart, with the same weights each time."""
    import torch

    from vectorstore.embedding.network import mpnet

    for name, size in {"WIDTH": 32, "HEADS": 4, "LAYERS": 4, "INNER": 64, "CODE": 32}.items():
        monkeypatch.setattr(mpnet, name, size)

    def make(apart: int) -> ReaderNetwork:
        torch.manual_seed(7)
        return mpnet.ReaderNetwork(apart).eval()

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield make
    torch.set_num_threads(threads)
