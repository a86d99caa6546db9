"""A process killed at any step of a change leaves the old index or the new one, and the next open cleans up."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.conftest import BAKERY, LIGHTHOUSE, made, split_document
from vectorstore.changes import Upserted
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index
from vectorstore.rebuild import rebuild

OLD = made("lighthouse", LIGHTHOUSE, "Gull Rock")
NEW = made("lighthouse", LIGHTHOUSE.replace("412", "418").replace("# The lamp\n", ""), "Gull Rock")
KEPT = made("bakery", BAKERY)


@pytest.fixture(scope="module")
def prepared(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two documents, closed, to be copied."""
    directory = tmp_path_factory.mktemp("prepared") / "index"
    with Index.open(directory, embedder, splitter="1") as index:
        index.upsert(*OLD)
        index.upsert(*KEPT)
    return directory


def crash(directory: Path, action: str, point: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name("crash_child.py")), str(directory), action, point]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 77, done.stderr


def sound(index: Index) -> bool:
    """Whether Chroma has the vectors that it should have and no other, each the right one, and no change is open."""
    complete = index._dense.ids() == sorted(index._content.digests())
    return complete and index.verify().ok and not index._manifest.pending()


@pytest.mark.parametrize(
    ("point", "outcome"),
    [
        ("before:DenseIndex.upsert_slices", OLD),
        ("after:DenseIndex.upsert_slices", OLD),
        ("before:Manifest.replace_all", OLD),
        ("after:Manifest.replace_all", NEW),
        ("after:DenseIndex.delete_slices", NEW),
    ],
)
def test_a_crash_during_an_edit(
    point: str, outcome: object, prepared: Path, tmp_path: Path, embedder: Embedder
) -> None:
    directory = Path(shutil.copytree(prepared, tmp_path / "index"))
    crash(directory, "upsert", point)
    with Index.open(directory, embedder, splitter="1") as index:
        assert (index.document("lighthouse"), index.passages("lighthouse")) == outcome
        assert (index.document("bakery"), index.passages("bakery")) == KEPT
        assert sound(index)
        again = index.upsert(*NEW)
        assert again == (Upserted(0, 4, 0) if outcome == NEW else again)
        assert sound(index)


@pytest.mark.parametrize(
    ("point", "outcome"),
    [
        ("before:DenseIndex.upsert_slices", "old"),
        ("inside:DenseIndex.upsert_slices", "old"),
        ("after:DenseIndex.upsert_slices", "old"),
        ("before:Manifest.replace", "old"),
        ("after:Manifest.replace", "old"),  # the first of three, within the transaction
        ("after:Manifest.replace_all", "new"),
        ("inside:DenseIndex.delete_slices", "new"),
        ("after:DenseIndex.delete_slices", "new"),
        ("before:Manifest.clear_pending", "new"),
    ],
)
def test_a_crash_while_several_documents_are_stored(
    point: str, outcome: str, prepared: Path, tmp_path: Path, embedder: Embedder
) -> None:
    directory = Path(shutil.copytree(prepared, tmp_path / "index"))
    crash(directory, "batch", point)
    bakery, second = made("bakery", BAKERY + " It closed in 1911."), made("second", BAKERY)
    wanted = [OLD, KEPT] if outcome == "old" else [NEW, bakery, second]
    with Index.open(directory, embedder, splitter="1") as index:
        assert [(one, index.passages(one.id)) for one in index.documents()] == wanted
        assert sound(index)
        index.upsert_all([second, NEW, bakery])
        assert [(one, index.passages(one.id)) for one in index.documents()] == [NEW, bakery, second]
        assert sound(index)
        assert index.upsert_all([second, NEW, bakery]) == [Upserted(0, 2, 0), Upserted(0, 4, 0), Upserted(0, 2, 0)]


def test_a_crash_during_a_removal(prepared: Path, tmp_path: Path, embedder: Embedder) -> None:
    directory = Path(shutil.copytree(prepared, tmp_path / "index"))
    crash(directory, "delete", "after:Manifest.remove")
    with Index.open(directory, embedder, splitter="1") as index:
        assert index.documents() == [KEPT[0]]
        assert sound(index)


@pytest.mark.parametrize("point", ["after:DenseIndex.upsert", "after:Manifest.write_settings"])
def test_a_crash_during_a_rebuild(point: str, prepared: Path, tmp_path: Path, embedder: Embedder) -> None:
    directory = Path(shutil.copytree(prepared, tmp_path / "index"))
    crash(directory, "rebuild", point)
    with Index.open(directory, embedder, splitter="1") as index:
        assert [document.id for document in index.documents()] == ["lighthouse", "bakery"] and sound(index)
    assert len(list(directory.glob("vectors-*"))) == 1
    assert rebuild(directory, embedder, "2", split_document).documents == 2
    with Index.open(directory, embedder, splitter="2") as index:
        assert sound(index)


@pytest.mark.parametrize("point", ["after:DenseIndex.upsert", "after:Manifest.write_settings", "before:Manifest.close"])
def test_a_crash_during_the_rebuild_of_a_broken_manifest(
    point: str, prepared: Path, tmp_path: Path, embedder: Embedder
) -> None:
    directory = Path(shutil.copytree(prepared, tmp_path / "index"))
    with (directory / "manifest.sqlite").open("r+b") as stream:
        stream.seek(18)
        stream.write(b"\3")
    crash(directory, "rebuild", point)
    with Index.open(directory, embedder, splitter="1") as index:
        assert [(document, index.passages(document.id)) for document in index.documents()] == [OLD, KEPT]
        assert len(index.warnings) == 1 and "doctor --rebuild" in index.warnings[0]
    assert rebuild(directory, embedder, "2", split_document).documents == 2
    with Index.open(directory, embedder, splitter="2") as index:
        assert sound(index) and index.warnings == []
    assert not (directory / "salvaged").exists() and len(list(directory.glob("vectors-*"))) == 1


@pytest.mark.parametrize("seal", ["none", "cut short", "no JSON", "another file's", "without a file"])
def test_after_a_crash_every_vector_is_compared_and_mended(
    seal: str, prepared: Path, tmp_path: Path, embedder: Embedder
) -> None:
    directory = Path(shutil.copytree(prepared, tmp_path / "index"))
    with Index.open(directory, embedder, splitter="1") as index:
        ids = index._dense.ids()
        vectors = index._dense.vectors(ids)
        index._dense.delete(ids[:3])
        index._dense.upsert({"stray": embedder.embed_query("x"), ids[5]: vectors[ids[7]]}, "lighthouse")
    file = directory / "vectors-1" / "seal.json"
    content = file.read_text("utf-8")
    damaged = {
        "cut short": content[:-40],
        "no JSON": "\0" * len(content),
        "another file's": json.dumps({"chroma.sqlite3": "0" * 32}),
        "without a file": content.replace("chroma.sqlite3", "chroma.sqlite4"),
    }
    file.unlink() if seal == "none" else file.write_text(damaged[seal], "utf-8")
    with Index.open(directory, embedder, splitter="1") as index:
        found = index._dense.vectors(ids)
        assert index._dense.ids() == ids and sound(index)
        assert all(np.array_equal(found[name], vectors[name]) for name in ids)


def test_a_seal_of_other_documents_is_no_proof(prepared: Path, tmp_path: Path, embedder: Embedder) -> None:
    directory = Path(shutil.copytree(prepared, tmp_path / "index"))
    older = (directory / "manifest.sqlite").read_bytes()
    with Index.open(directory, embedder, splitter="1") as index:
        index.upsert(*NEW)
    (directory / "manifest.sqlite").write_bytes(older)  # put back from a copy
    with Index.open(directory, embedder, splitter="1") as index:
        assert index.passages("lighthouse") == OLD[1] and sound(index)
