"""Rebuilding works from the stored text alone: after damage, for another model, for another splitter."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.vectorstore.conftest import Made, ranked, split_document
from vectorstore.embedded_text import Readable
from vectorstore.embedding.embedder import FORMER_DEFAULT, FORMER_WEIGHTS, Embedder
from vectorstore.errors import AttestError, IndexDamaged, IndexInUse, IndexMismatch, UsageError
from vectorstore.index import Index
from vectorstore.rebuild import Rebuilt, rebuild
from vectorstore.types import Document, Passage, Structure

Opening = Callable[..., Index]


class OtherModel:
    """The real model under another fingerprint, with the vectors turned round."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.fingerprint = replace(embedder.fingerprint, name="other", weights_sha256="0" * 64)

    def __getattr__(self, name: str) -> object:
        return getattr(self._embedder, name)

    def embed_passages(self, passages: list[Readable], progress: object = None, kept: object = None) -> object:
        return [-rows for rows in self._embedder.embed_passages(passages)]

    def embed_query(self, text: str) -> object:
        return -self._embedder.embed_query(text)


@pytest.fixture
def filled(open_index: Opening, lighthouse: Made, bakery: Made) -> Path:
    """The directory of a closed index of two documents."""
    index = open_index()
    index.upsert(*lighthouse)
    index.upsert(*bakery)
    index.close()
    return index.directory


def test_rebuilds_where_chroma_does_not_open(filled: Path, open_index: Opening, embedder: Embedder) -> None:
    expected = ranked(open_index(), "How much did the repairs cost?")
    open_index().close()
    (filled / "vectors-1" / "chroma.sqlite3").write_bytes(b"not a database" * 1000)
    with pytest.raises(IndexDamaged, match=f"doctor --rebuild --index {filled}"):
        open_index()
    progress: list[tuple[int, int]] = []
    done = rebuild(filled, embedder, "1", split_document, lambda *numbers: progress.append(numbers))
    assert done == Rebuilt(documents=2, passages=9, vectors=17) and progress == [(12, 17), (17, 17)]
    index = open_index()
    assert index.verify().ok and ranked(index, "How much did the repairs cost?") == expected
    assert [path.name for path in filled.glob("vectors-*")] == ["vectors-2"]


def test_another_model_is_refused_until_rebuilt(filled: Path, open_index: Opening, embedder: Embedder) -> None:
    other = OtherModel(embedder)
    with pytest.raises(IndexMismatch) as caught:
        open_index(embedder=other)
    message = str(caught.value)
    assert "the model attest (" in message and "other" in message
    assert f"attest doctor --rebuild --index {filled}" in message and "\n" not in message
    rebuild(filled, other, "1", split_document)  # type: ignore[arg-type]
    assert open_index(embedder=other).verify().ok
    with pytest.raises(IndexMismatch):
        open_index()


def test_an_index_of_an_earlier_attest_is_told_how_it_is_made_anew(
    open_index: Opening, embedder: Embedder, lighthouse: Made
) -> None:
    former = OtherModel(embedder)
    former.fingerprint = replace(former.fingerprint, name=FORMER_DEFAULT, weights_sha256=FORMER_WEIGHTS)
    index = open_index(embedder=former)
    index.upsert(*lighthouse)
    index.close()
    with pytest.raises(IndexMismatch, match=r"earlier attest, with all-MiniLM-L6-v2. Run `attest doctor --rebuild"):
        open_index()
    rebuild(index.directory, embedder, "1", split_document)
    assert open_index().verify().ok


class DamagedModel(OtherModel):
    """Vectors turned round under the weights of `embedder`, as a flipped bit in a model's other files would do."""

    def __init__(self, embedder: Embedder, name: str = "mine", weights: str = "5" * 64, turned: bool = True) -> None:
        super().__init__(embedder)
        sign = -1 if turned else 1
        probe = tuple(sign * value for value in embedder.fingerprint.probe)
        self.fingerprint = replace(embedder.fingerprint, name=name, weights_sha256=weights, probe=probe)


def test_a_damaged_model_neither_opens_nor_rebuilds_a_sound_index(
    open_index: Opening, embedder: Embedder, lighthouse: Made
) -> None:
    sound, damaged = DamagedModel(embedder, turned=False), DamagedModel(embedder)
    index = open_index(embedder=sound)
    index.upsert(*lighthouse)
    before = ranked(index, "How much did the repairs cost?")
    index.close()
    for attempt in (
        lambda: open_index(embedder=damaged),
        lambda: rebuild(index.directory, damaged, "1", split_document),  # type: ignore[arg-type]
    ):
        with pytest.raises(AttestError, match="The model mine is damaged, or was changed") as caught:
            attempt()
        message = str(caught.value)
        assert "rebuild" not in message and "\n" not in message and "was made with" not in message
    index = open_index(embedder=sound)
    assert index.verify().ok and ranked(index, "How much did the repairs cost?") == before


def test_an_index_made_by_a_damaged_default_model_is_told_apart_and_rebuilt(
    open_index: Opening, embedder: Embedder, lighthouse: Made
) -> None:
    default = embedder.fingerprint
    index = open_index(embedder=DamagedModel(embedder, default.name, default.weights_sha256))
    index.upsert(*lighthouse)
    index.close()
    with pytest.raises(IndexMismatch, match=r"made while the model attest was damaged.*doctor --rebuild"):
        open_index()
    rebuild(index.directory, embedder, "1", split_document)
    assert open_index().verify().ok and ranked(open_index(), "Who kept the light?")


def test_another_splitter_is_refused_until_rebuilt(filled: Path, open_index: Opening, embedder: Embedder) -> None:
    with pytest.raises(IndexMismatch, match=r"splitter 1, not by 2.*doctor --rebuild"):
        open_index(splitter="2")

    def whole(document: Document, embedder: Embedder) -> tuple[Structure, list[Passage]]:
        structure, passages = split_document(document, embedder)
        return structure, [passage for passage in passages if passage.kind == "prose"][:1]

    rebuild(filled, embedder, "2", whole)
    index = open_index(splitter="2")
    assert [len(index.passages(document.id)) for document in index.documents()] == [1, 1] and index.verify().ok
    assert all(index.structure(d) == split_document(d, embedder)[0] for d in index.documents())


def test_an_empty_index_takes_on_any_model_and_splitter(open_index: Opening, embedder: Embedder) -> None:
    open_index().close()
    index = open_index(embedder=OtherModel(embedder), splitter="2")
    assert index.verify().ok and [path.name for path in index.directory.glob("vectors-*")] == ["vectors-2"]


def test_a_failing_rebuild_changes_nothing(
    filled: Path, open_index: Opening, embedder: Embedder, lighthouse: Made
) -> None:
    def failing(document: Document, embedder: Embedder) -> tuple[Structure, list[Passage]]:
        if document.id == "bakery":
            raise RuntimeError("no")
        return split_document(document, embedder)

    with pytest.raises(RuntimeError):
        rebuild(filled, embedder, "2", failing)
    overlapping = [*lighthouse[1], lighthouse[1][0]]
    with pytest.raises(ValueError, match="same id"):
        rebuild(filled, embedder, "2", lambda document, _: (Structure(()), overlapping))
    index = open_index()
    assert index.passages("lighthouse") == lighthouse[1] and index.verify().ok
    assert [path.name for path in filled.glob("vectors-*")] == ["vectors-1"]


def test_what_a_crash_left_behind_goes_on_opening(filled: Path, open_index: Opening) -> None:
    shutil.copytree(filled / "vectors-1", filled / "vectors-2")
    (filled / "vectors-of-mine").mkdir()
    assert open_index().verify().ok
    assert sorted(path.name for path in filled.glob("vectors-*")) == ["vectors-1", "vectors-of-mine"]


def test_what_cannot_be_rebuilt_says_so(filled: Path, open_index: Opening, embedder: Embedder, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no index in"):
        rebuild(tmp_path / "nothing", embedder, "1", split_document)
    open_index()
    with pytest.raises(IndexInUse, match="in use by attest"):
        rebuild(filled, embedder, "1", split_document)


def test_what_is_damaged_stays_and_the_rest_is_rebuilt(filled: Path, open_index: Opening, embedder: Embedder) -> None:
    with sqlite3.connect(filled / "manifest.sqlite") as db:
        db.execute("UPDATE documents SET text = text || '!' WHERE id = 'bakery'")
    db.close()
    assert rebuild(filled, embedder, "1", split_document).documents == 1
    index = open_index()
    assert [document.id for document in index.documents()] == ["lighthouse"]
    assert [error.document_id for error in index.left_out()] == ["bakery"]  # still there, still told
