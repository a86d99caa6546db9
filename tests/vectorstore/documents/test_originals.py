"""The files of documents: kept privately while a document names them, gone with it, never believed when damaged."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vectorstore.documents.originals import FOLDER, MOST_BYTES, file_sha256
from vectorstore.errors import StorageError
from vectorstore.index import Index
from vectorstore.types import Document, Passage

Opening = Callable[..., Index]
Made = tuple[Document, list[Passage]]
FILE, OTHER = b"%PDF-1.7 the first file", b"%PDF-1.7 another file"


def store(index: Index, made: Made, data: bytes | None = FILE) -> Document:
    document, passages = made
    document = replace(document, original=file_sha256(data) if data else None)
    index.upsert_all([(document, passages)], originals={document.id: data} if data else {})
    return document


def kept(index: Index) -> list[str]:
    folder = index.directory / FOLDER
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_comes_back_after_closing_and_only_its_owner_can_read_it(open_index: Opening, lighthouse: Made) -> None:
    document = store(open_index(), lighthouse)
    index = open_index()
    assert index.document(document.id).original == file_sha256(FILE)
    assert index.originals.read(file_sha256(FILE)) == FILE
    file = index.directory / FOLDER / file_sha256(FILE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert index.verify().ok


def test_a_document_goes_with_its_file(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.delete(store(index, lighthouse).id)
    assert kept(index) == []


def test_a_new_file_takes_the_place_of_the_old_one(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    store(index, lighthouse)
    store(index, lighthouse, OTHER)
    assert kept(index) == [file_sha256(OTHER)]
    store(index, lighthouse, None)
    assert kept(index) == [] and index.document("lighthouse").original is None


def test_two_documents_share_a_file_until_the_last_of_them_goes(
    open_index: Opening, lighthouse: Made, bakery: Made
) -> None:
    index = open_index()
    store(index, lighthouse)
    store(index, bakery)
    assert len(kept(index)) == 1
    index.delete("lighthouse")
    assert index.originals.read(file_sha256(FILE)) == FILE
    index.delete("bakery")
    assert kept(index) == []


def test_what_no_document_names_goes_when_the_index_is_opened(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    store(index, lighthouse)
    for name in (file_sha256(OTHER), f"{file_sha256(OTHER)}.new"):
        (index.directory / FOLDER / name).write_bytes(OTHER)
    assert kept(open_index()) == [file_sha256(FILE)]


@pytest.mark.parametrize("damage", ["changed", "cut", "gone", "a link", "a folder"])
def test_a_damaged_file_is_not_handed_out_told_and_put_back(
    damage: str, open_index: Opening, lighthouse: Made, tmp_path: Path
) -> None:
    index = open_index()
    document = store(index, lighthouse)
    file = index.directory / FOLDER / file_sha256(FILE)
    if damage == "changed":
        file.write_bytes(FILE.replace(b"first", b"worst"))
    elif damage == "cut":
        file.write_bytes(FILE[:-1])
    else:
        file.unlink()
        (tmp_path / "elsewhere").write_bytes(FILE)
        if damage == "a link":
            file.symlink_to(tmp_path / "elsewhere")
        elif damage == "a folder":
            file.mkdir()
    assert index.originals.read(file_sha256(FILE)) is None
    found = index.verify()
    assert len(found.problems) == found.lost == 1 and "its pages are shown from" in found.problems[0]
    if damage != "a folder":
        store(index, lighthouse)
        assert index.originals.read(file_sha256(FILE)) == FILE and index.verify().ok
    assert index.document(document.id) == document


@pytest.mark.parametrize("name", ["", "..", "../manifest.sqlite", "/etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_a_name_that_is_no_digest_opens_nothing(
    name: str, open_index: Opening, lighthouse: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index()
    store(index, lighthouse)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("a file was opened"))
    assert index.originals.read(name) is None


def test_another_file_than_the_one_named_is_refused(open_index: Opening, lighthouse: Made) -> None:
    index, (document, passages) = open_index(), lighthouse
    named = replace(document, original=file_sha256(FILE))
    for originals in ({}, {document.id: OTHER}):
        with pytest.raises(ValueError, match="is not the one that is given"):
            index.upsert_all([(named, passages)], originals=originals)
    with pytest.raises(ValueError, match="is not the one that is given"):
        index.upsert_all([(document, passages)], originals={document.id: FILE})
    assert index.heads() == [] and kept(index) == []


def test_a_changed_digest_is_damage_of_the_document(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    store(index, lighthouse)
    index.close()
    with sqlite3.connect(index.directory / "manifest.sqlite") as db:
        db.execute("UPDATE originals SET sha256 = ?", ("0" * 64,))
    db.close()
    index = open_index()
    (left_out,) = index.left_out()
    assert left_out.readable is False or "its pages" in str(left_out)
    assert kept(index) == [file_sha256(FILE)], "nothing is deleted while it is not known what is named"


def test_a_large_file_has_no_room(open_index: Opening, monkeypatch: pytest.MonkeyPatch, lighthouse: Made) -> None:
    index = open_index()
    assert index.originals.has_room(MOST_BYTES) and not index.originals.has_room(MOST_BYTES + 1)
    store(index, lighthouse)
    monkeypatch.setattr("vectorstore.documents.originals.MOST_TOTAL", len(FILE) + 5)
    assert index.originals.has_room(5) and not index.originals.has_room(6)


def test_where_the_file_cannot_be_written_nothing_is_stored(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    (index.directory / FOLDER).write_bytes(b"in the way")
    with pytest.raises(StorageError, match="cannot be kept"):
        store(index, lighthouse)
    assert index.heads() == []
    (index.directory / FOLDER).unlink()
    store(index, lighthouse)
    assert index.verify().ok
