"""Damage is found by looking at every vector, every text and every offset, not by counting."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.conftest import LIGHTHOUSE, Made, made
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import IndexDamaged
from vectorstore.index import Index
from vectorstore.search.dense import DenseIndex
from vectorstore.types import Head

Opening = Callable[..., Index]


def edit_manifest(directory: Path, sql: str, *values: object) -> None:
    with sqlite3.connect(directory / "manifest.sqlite") as db:
        assert db.execute(sql, values).rowcount > 0
    db.close()


def test_exchanged_vectors_are_found_although_the_count_is_right(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    a, b, *_ = (passage.id for passage in lighthouse[1] if passage.kind == "prose")
    vectors = index._dense.vectors([a, b])
    index._dense.upsert({a: vectors[b], b: vectors[a]}, "lighthouse")
    assert sum(collection.count() for collection in index._dense._collections.values()) == 12
    assert sorted(index.verify().problems) == sorted(f"vector {i} is not the one that was stored" for i in (a, b))


def test_missing_and_stray_vectors_are_found(open_index: Opening, lighthouse: Made, embedder: Embedder) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    missing = next(name for name in index._dense.ids() if ":" in name)
    index._dense.delete([missing])
    index._dense.upsert({"stray": embedder.embed_query("x")}, "lighthouse")
    assert index.verify().problems == (f"vector {missing} is missing", "vector stray belongs to no passage")


def test_one_bit_of_a_vector_is_found(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    name = index._dense.ids()[3]
    vector = index._dense.vectors([name])[name].copy()
    vector[7] = np.nextafter(vector[7], np.float32(2))
    index._dense.upsert({name: vector}, "lighthouse")
    assert index.verify().problems == (f"vector {name} is not the one that was stored",)


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE documents SET text = replace(text, '412', '413')", "its text is not what was stored"),
        ('UPDATE passages SET "end" = 100000 WHERE ordinal = 5', "its passages are not what was stored"),
        ('UPDATE sentences SET "start" = "start" + 6', "its passages are not what was stored"),
        ("DELETE FROM sentences WHERE n = 1", "its passages are not what was stored"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_found(
    sql: str, problem: str, open_index: Opening, lighthouse: Made
) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    index.close()
    edit_manifest(index.directory, sql)
    problems = open_index().verify().problems
    assert problems and problem in problems[0]


def flipped(content: bytes, at: int) -> bytes:
    """The content with one bit of the byte `at` changed."""
    return content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :]


def test_one_bit_of_any_file_of_the_vectors_is_refused(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(1100, 384)).astype(np.float32)
    index._dense.upsert({f"p{i}": row for i, row in enumerate(rows)}, "b")  # enough for files of a search graph
    index.close()
    files = [path for path in sorted(index.directory.glob("vectors-1/**/*")) if path.is_file()]
    assert {"chroma.sqlite3", "data_level0.bin", "header.bin", "seal.json"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        for at in (0, len(content) // 3, len(content) - 1) if path.name != "seal.json" and content else ():
            path.write_bytes(flipped(content, at))
            with pytest.raises(IndexDamaged, match=rf"{path.name} has changed on the disk.*doctor --rebuild"):
                open_index()
        path.write_bytes(content)
    extra = index.directory / "vectors-1" / "another"
    extra.touch()
    with pytest.raises(IndexDamaged, match=r"another has changed"):
        open_index()
    extra.unlink()
    assert open_index().heads() == [Head.of(lighthouse[0])]


def test_what_chroma_answers_wrongly_after_one_bit_in_its_database_is_never_asked(
    open_index: Opening, lighthouse: Made
) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    name = next(passage.id for passage in lighthouse[1] if passage.kind == "prose")
    vector = index._dense.vectors([name])[name].astype("<f4").tobytes()
    index.close()
    file = index.directory / "vectors-1" / "chroma.sqlite3"
    content = file.read_bytes()
    assert vector in content, "Chroma keeps the last vectors in its database"
    file.write_bytes(content.replace(vector, flipped(vector, 403)))
    with pytest.raises(IndexDamaged, match=r"chroma.sqlite3 has changed on the disk"):
        open_index()
    (index.directory / "vectors-1" / "seal.json").unlink()  # as after a crash: compared, and mended
    index = open_index()
    assert index._dense.vectors([name])[name].astype("<f4").tobytes() == vector and index.verify().ok


def test_one_bit_of_the_seal_is_found_and_costs_a_comparison(
    open_index: Opening, lighthouse: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    ids = DenseIndex.ids
    monkeypatch.setattr(DenseIndex, "ids", lambda self: (compared.append(1), ids(self))[1])
    index = open_index()
    index.upsert(*lighthouse)
    index = open_index()
    assert compared == [1], "compared when it was new, and not when it was opened again"
    index.close()
    file = index.directory / "vectors-1" / "seal.json"
    content = file.read_bytes()
    for at in range(0, len(content), len(content) // 20):
        file.write_bytes(flipped(content, at))
        compared.clear()
        index = open_index()
        assert compared == [1] and index.heads() == [Head.of(lighthouse[0])]
        index = open_index()
        assert compared == [1], "and it has been sealed anew"
        index.close()


def test_a_search_that_finds_the_wrong_vectors_is_found(
    open_index: Opening, lighthouse: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    wrong = index._dense.ids()[0]
    monkeypatch.setattr(index._dense, "nearest", lambda *_: [wrong])
    problems = index.verify().problems
    assert len(problems) == 11 and all("does not find it" in line for line in problems)


def test_vectors_stay_exact_beyond_the_last_thousand_writes(open_index: Opening, embedder: Embedder) -> None:
    index = open_index()
    index.upsert(*made("a", LIGHTHOUSE))
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(2300, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    vectors = {f"p{i}": row for i, row in enumerate(rows)}
    index._dense.upsert(vectors, "b")
    for again in (False, True):
        if again:
            index._dense.close()
            dense = type(index._dense)(index.directory / "vectors-1")
        else:
            dense = index._dense
        found = dense.vectors(list(vectors))
        assert all(np.array_equal(found[name], row) for name, row in vectors.items())
    dense.close()
