"""What the tests of the reader's teaching share: made-up data sets, the published tokenizer, a network small enough to
learn within seconds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tokenizers import Tokenizer

from assistant.reader.lessons.arrays import Encoded
from assistant.reader.lessons.encoded import encode
from assistant.reader.lessons.squad import squad_lessons
from tests.assistant.reader.made_up import write_all
from vectorstore.embedding.network.base import base_file

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import ReaderNetwork


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small files in the forms of the data sets."""
    folder = tmp_path_factory.mktemp("data")
    write_all(folder)
    return folder


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_str(base_file("tokenizer.json").decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@pytest.fixture(scope="session")
def learned(data: Path, tokenizer: Tokenizer) -> Encoded:
    """Lessons on the made-up articles, as arrays."""
    units = squad_lessons(data / "squad", rivals=12, near_misses=6, follow_ups=4, rng=random.Random(5))
    return encode(units, tokenizer)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], ReaderNetwork]]:
    """Makes a network of four small layers, the argument's number of them apart, with the same weights each time."""
    import torch

    from assistant.reader import teaching, trial
    from vectorstore.embedding.network import mpnet

    for module in (teaching, trial):
        monkeypatch.setattr(module, "MATCHED", 8)
    for name, size in {"WIDTH": 32, "HEADS": 4, "LAYERS": 4, "INNER": 64, "CODE": 32}.items():
        monkeypatch.setattr(mpnet, name, size)

    def make(apart: int) -> ReaderNetwork:
        torch.manual_seed(7)
        return mpnet.ReaderNetwork(apart).eval()

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield make
    torch.set_num_threads(threads)
