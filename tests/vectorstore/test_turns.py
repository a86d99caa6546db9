"""Changes take turns: a small one does not wait for a large one, any can be stopped, closing waits for a slice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vectorstore.conftest import BAKERY, LIGHTHOUSE, Made, made, ranked
from vectorstore import turns
from vectorstore.changes import Upserted
from vectorstore.embedded_text import Readable, readable
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import IndexClosed
from vectorstore.index import Index
from vectorstore.search import dense
from vectorstore.turns import Turns

Opening = Callable[..., Index]
Stage = Callable[[list[tuple[int, int]]], bool]

LARGE = made("large", "\n".join(LIGHTHOUSE.replace("412", str(1000 + i)).replace("# ", f"# {i} ") for i in range(60)))


class Running(threading.Thread):
    """A change in a thread of its own: what it raised, and every report of its progress."""

    def __init__(self, index: Index, document: Made) -> None:
        super().__init__()
        self.index, self.document = index, document
        self.seen: list[tuple[int, int]] = []
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.index.upsert_all([self.document], lambda *numbers: self.seen.append(numbers))
        except BaseException as error:
            self.error = error

    def wait_until(self, reached: Stage) -> None:
        while self.is_alive() and not reached(self.seen):
            time.sleep(0.001)
        assert self.is_alive(), self.error


def embedding(seen: list[tuple[int, int]]) -> bool:
    return bool(seen)


def storing(seen: list[tuple[int, int]]) -> bool:
    return len(seen) > 1 and seen[-1] == seen[-2]


def left(index: Index) -> bool:
    """Whether nothing is left of a change that was not stored."""
    return index._dense.ids() == sorted(index._content.digests()) and not index._manifest.pending()


@pytest.mark.parametrize("stage", [embedding, storing])
def test_a_small_document_does_not_wait_for_a_large_one(
    stage: Stage, open_index: Opening, bakery: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "SLICE", 0.05)
    monkeypatch.setattr(dense, "SLICE", 20)
    index = open_index()
    large = Running(index, LARGE)
    passes: list[int | None] = []
    pass_on = Turns.pass_on
    monkeypatch.setattr(Turns, "pass_on", lambda self: (passes.append(threading.get_ident()), pass_on(self)))
    large.wait_until(stage)
    passes.clear()
    assert index.upsert(*bakery).embedded == 2
    theirs, ours = passes.count(large.ident), passes.count(threading.get_ident())
    assert theirs <= ours + 1 and theirs <= 4, "slices of the large document while the small one waited"
    assert [head.id for head in index.heads()] == ["bakery"] and large.is_alive()
    assert ranked(index, "What fuel heated the oven?", k=1)[0].passage.document_id == "bakery"
    large.join()
    assert large.error is None and [head.id for head in index.heads()] == ["bakery", "large"]
    assert index.verify().ok and left(index)


def test_turns_go_round_in_the_order_of_arrival() -> None:
    line, order = Turns("closed"), []
    started = threading.Barrier(4)

    def work(name: int) -> None:
        started.wait()
        time.sleep(0.05 * name)
        with line.taken():
            for _ in range(3):
                order.append(name)
                time.sleep(0.1)
                line.pass_on()

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(order) == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    last = {name: len(order) - 1 - order[::-1].index(name) for name in range(4)}
    assert [name for name, _ in sorted(last.items(), key=lambda item: item[1])] == [0, 1, 2, 3]


def test_the_same_document_twice_at_once_ends_as_one_after_the_other(
    open_index: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "SLICE", 0.0)
    monkeypatch.setattr(dense, "SLICE", 5)
    index = open_index()
    index.upsert(*made("same", LIGHTHOUSE))
    versions = [
        made("same", LIGHTHOUSE.replace("412", str(500 + i)) + f"\nLine {i}. Again {i}.\n" * i) for i in range(5)
    ]
    changes = [Running(index, version) for version in versions]
    for change in changes:
        change.join()
    assert [change.error for change in changes] == [None] * 5
    assert (index.document("same"), index.passages("same")) in versions
    assert index.verify().ok and left(index)


@pytest.mark.parametrize("stage", [embedding, storing])
@pytest.mark.parametrize("kind", [KeyboardInterrupt, RuntimeError])
def test_what_progress_raises_ends_the_change_and_comes_out(
    stage: Stage,
    kind: type[BaseException],
    open_index: Opening,
    lighthouse: Made,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dense, "SLICE", 5)
    index = open_index()
    index.upsert(*lighthouse)
    seen: list[tuple[int, int]] = []
    stop = kind("enough")

    def progress(*numbers: int) -> None:
        seen.append(numbers)
        if stage(seen):
            raise stop

    edited = made("lighthouse", LIGHTHOUSE.replace("412", "418") + "\n" + BAKERY, "Gull Rock")
    with pytest.raises(kind) as caught:
        index.upsert_all([made("other", BAKERY), edited], progress)
    assert caught.value is stop
    assert index.documents() == [lighthouse[0]] and index.passages("lighthouse") == lighthouse[1]
    assert index.verify().ok and left(index)
    assert index.upsert_all([edited]) == [Upserted(3, 3, 1)] and index.verify().ok


@pytest.mark.parametrize("stage", [embedding, storing])
def test_closing_waits_for_a_slice_and_the_change_is_told(
    stage: Stage,
    open_index: Opening,
    lighthouse: Made,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dense, "SLICE", 20)
    index = open_index()
    index.upsert(*lighthouse)
    large = Running(index, LARGE)
    large.wait_until(stage)
    second = Running(index, made("second", BAKERY))
    before = len(large.seen)
    index.close()
    assert len(large.seen) - before <= 2, "pieces of work after the close"
    large.join()
    second.join()
    assert isinstance(large.error, IndexClosed) and "closed before" in str(large.error)
    assert second.error is None or isinstance(second.error, IndexClosed)
    with pytest.raises(IndexClosed):
        index.delete("lighthouse")
    index = open_index()
    assert index.passages("lighthouse") == lighthouse[1] and "large" not in {head.id for head in index.heads()}
    assert index.verify().ok and left(index)


def test_a_batch_is_stored_whole_or_not_at_all(open_index: Opening, lighthouse: Made, bakery: Made) -> None:
    index = open_index()
    with pytest.raises(ValueError, match="same id"):
        index.upsert_all([bakery, made("bakery", LIGHTHOUSE)])
    with pytest.raises(ValueError, match="tokens"):
        index.upsert_all([bakery, made("long", "word " * 400)])
    assert index.heads() == [] and left(index)
    assert index.upsert_all([lighthouse, bakery]) == [Upserted(4, 0, 0), Upserted(2, 0, 0)]
    edited = made("bakery", BAKERY + " It closed in 1911.", "A bakery")
    assert index.upsert_all([lighthouse, edited, made("new", BAKERY)])[::2] == [Upserted(0, 4, 0), Upserted(2, 0, 0)]
    assert [one.id for one in index.documents()] == ["lighthouse", "bakery", "new"]
    assert index.upsert_all([]) == [] and index.verify().ok and left(index)


class Remembering:
    """The real model, each passage embedded once: what is measured is the storing."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint, self._embedder, self._seen = embedder.fingerprint, embedder, {}

    def embed_passages(
        self, passages: Sequence[Readable], progress: object = None, kept: object = None
    ) -> list[NDArray[np.float32]]:
        new = [passage for passage in passages if passage not in self._seen]
        self._seen.update(zip(new, self._embedder.embed_passages(new), strict=True))
        return [self._seen[passage] for passage in passages]


def test_twenty_small_documents_cost_far_less_together_than_one_by_one(tmp_path: Path, embedder: Embedder) -> None:
    remembering: Any = Remembering(embedder)
    documents = [made(f"d{i}", BAKERY) for i in range(20)]
    for document, passages in documents:
        remembering.embed_passages(list(readable(document, passages).values()))
    seconds = {"one by one": [], "together": []}
    for turn in range(3):
        for way, times in seconds.items():
            with Index.open(tmp_path / f"{way} {turn}", remembering, splitter="1") as index:
                begun = time.perf_counter()
                for some in [documents] if way == "together" else [[one] for one in documents]:
                    index.upsert_all(some)
                times.append(time.perf_counter() - begun)
                assert len(index.heads()) == 20 and left(index)
    assert min(seconds["together"]) < min(seconds["one by one"]) / 2


def test_a_closed_index_says_so(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    index = open_index()
    index.close()
    for use in (lambda: index.document("lighthouse"), lambda: index.upsert(*lighthouse), lambda: index.verify()):
        with pytest.raises(IndexClosed):
            use()
    index.close()
