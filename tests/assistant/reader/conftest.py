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
from tests.vectorstore.embedding.network.tiny import tiny_networks
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
    """Makes a network small enough to learn; words are compared by as many numbers as fit."""
    from assistant.reader import teaching, trial

    for module in (teaching, trial):
        monkeypatch.setattr(module, "MATCHED", 8)
    yield from tiny_networks(monkeypatch)
