"""What others keep with an index: it comes back, goes with it, survives a rebuild and is not believed when damaged."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.vectorstore.conftest import LIGHTHOUSE, made, split_document
from vectorstore.documents.manifest import MANIFEST_FILE, Manifest
from vectorstore.documents.salvage import salvage, write_salvaged
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import IndexDamaged
from vectorstore.index import Index
from vectorstore.rebuild import rebuild

TEXT = '{"half": 0.5, "name": "Øre\\n\u2028"}'


@pytest.fixture
def noted(tmp_path: Path, embedder: Embedder) -> Path:
    """An index of one document, with two notes."""
    with Index.open(tmp_path / "index", embedder, splitter="1") as index:
        document, passages = made("light", LIGHTHOUSE)
        index.upsert(document, passages)
        index.notes.write("mine", "before")
        index.notes.write("mine", TEXT)
        index.notes.write("other", "x")
    return tmp_path / "index"


def read(directory: Path, embedder: Embedder, splitter: str = "1") -> tuple[str | None, str | None]:
    with Index.open(directory, embedder, splitter=splitter) as index:
        assert not index.warnings and index.verify().ok
        return index.notes.read("mine"), index.notes.read("other")


def test_a_note_comes_back_until_it_is_taken_out(noted: Path, embedder: Embedder, tmp_path: Path) -> None:
    assert read(noted, embedder) == (TEXT, "x")
    assert read(shutil.copytree(noted, tmp_path / "copy"), embedder) == (TEXT, "x")
    with Index.open(noted, embedder, splitter="1") as index:
        index.notes.write("mine", None)
        index.notes.write("never", None)
        assert index.notes.read("mine") is index.notes.read("never") is None
    assert read(noted, embedder) == (None, "x")


def test_a_rebuild_keeps_the_notes(noted: Path, embedder: Embedder) -> None:
    rebuild(noted, embedder, "2", split_document)
    assert read(noted, embedder, "2") == (TEXT, "x")


def test_notes_are_taken_out_of_a_broken_manifest(noted: Path, tmp_path: Path) -> None:
    found = salvage(noted / MANIFEST_FILE, noted)
    new = Manifest(tmp_path / "new.sqlite")
    write_salvaged(found, new, whole=False)
    assert (new.note("mine"), new.note("other")) == (TEXT, "x") and new.settings() == found.settings
    new.close()


def test_a_note_that_was_changed_is_not_believed(noted: Path, embedder: Embedder) -> None:
    db = sqlite3.connect(noted / MANIFEST_FILE)
    db.execute("UPDATE settings SET value = 'y' WHERE key = 'note other'")
    db.commit()
    db.close()
    with pytest.raises(IndexDamaged):
        Index.open(noted, embedder, splitter="1")
