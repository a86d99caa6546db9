"""The manifest file: round trips, migrations, damage, disks that refuse; and directories that cannot be an index."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.vectorstore.conftest import LIGHTHOUSE, made
from vectorstore.documents import manifest as manifests
from vectorstore.documents import migrations
from vectorstore.documents.manifest import Manifest, Settings
from vectorstore.documents.pages import Pages, Placed
from vectorstore.documents.records import StoredPassage, vector_ids
from vectorstore.embedding.embedder import Embedder, Fingerprint
from vectorstore.errors import IndexDamaged, IndexMismatch, StorageError, UsageError
from vectorstore.index import Index
from vectorstore.types import Block, Document, Fact, Passage, Quotation, SentenceSpan, Structure, text_sha256

Opening = Callable[..., Index]
SETTINGS = Settings(Fingerprint("name", "0" * 64, 3, (0.5, -0.25, 0.0)), "1", "vectors-1")


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[Manifest]:
    opened = Manifest(tmp_path / "manifest.sqlite")
    yield opened
    opened.close()


def stored(document: Document, *, start: int = 0) -> list[StoredPassage]:
    spans = (SentenceSpan(start, start + 2, "prose"), SentenceSpan(start + 3, start + 5, "quotation", "Who"))
    searched = Passage("p" * 24, document.id, start, start + 5, "S", "quotation", "Who", spans)
    heading = Passage("h" * 24, document.id, start + 5, start + 7, "", "heading", None, ())
    return [StoredPassage(searched, (b"1", b"2", b"3")), StoredPassage(heading, ())]


def test_round_trip(manifest: Manifest) -> None:
    text = "NUL \x00, “curly”, 漢字, \U0001f4a1, \r\n ends"
    document = Document("a", "Title", text, text_sha256(text), "test:a", "markdown")
    assert manifest.settings() is None and manifest.document("a") is None
    manifest.write_settings(SETTINGS)
    manifest.replace(document, stored(document), ["gone"])
    assert manifest.settings() == SETTINGS
    assert manifest.documents() == [document] and manifest.document("a") == document
    assert manifest.stored("a") == stored(document)
    assert manifest.pending() == ["gone"] and manifest.check() == []
    assert vector_ids(manifest.stored("a")[0].passage) == ("p" * 24, "p" * 24 + ":0", "p" * 24 + ":1")
    manifest.update_digests({"p" * 24: b"9", "p" * 24 + ":1": b"8"})
    assert manifest.stored("a")[0].digests == (b"9", b"2", b"8")
    manifest.remove("a", [])
    assert manifest.documents() == [] and manifest.stored("a") == []


def test_the_structure_of_a_text_is_stored_with_it(manifest: Manifest) -> None:
    text = "Tïtle\n\n“Yes”, said Roe. [A note.]"
    document = Document("a", "Title", text, text_sha256(text), "test:a")
    blocks = (Block(0, 5, "heading", "Tïtle"), Block(7, 32, "quotation", "Tïtle", "Roe"), Block(0, 0, "prose"))
    structure = Structure(blocks, (Quotation(7, 12, "Roe"), Quotation(7, 12)), ((24, 32),))
    manifest.replace(document, stored(document), [], structure)
    assert manifest.structure(document) == structure and manifest.check() == []
    manifest.replace(document, stored(document), [])
    assert manifest.structure(document) is None
    manifest.write_structure(document, structure)
    assert manifest.structure(document) == structure
    other = replace(document, text="Other text", sha256=text_sha256("Other text"))
    manifest.write_structure(other, Structure(()))  # the text of this id is still the old one
    assert manifest.structure(other) is None and manifest.structure(document) == structure
    manifest.remove("a", [])
    assert manifest.structure(document) is None and manifest.check() == []


def test_a_transaction_counts_whole_or_not_at_all(manifest: Manifest) -> None:
    document, _ = made("a", "Some text here.")
    manifest.replace(document, stored(document), [])
    twice = [*stored(document, start=1), *stored(document, start=1)]
    with pytest.raises(IndexDamaged):
        manifest.replace(document, twice, ["x"])
    assert manifest.stored("a") == stored(document) and manifest.pending() == []


def test_documents_keep_the_order_of_first_ingest(manifest: Manifest) -> None:
    for name in ("c", "a", "b", "c"):
        manifest.replace(made(name, f"Text of {name}.")[0], [], [])
    manifest.remove("a", [])
    manifest.replace(made("a", "Back.")[0], [], [])
    assert [document.id for document in manifest.documents()] == ["c", "b", "a"]


def test_what_is_known_of_a_document_comes_back_and_is_never_guessed(open_index: Opening) -> None:
    document, passages = made("a", LIGHTHOUSE)
    facts = (Fact("author", "Ada Ünal", 0, 12), Fact("date", "1931"))
    pages = Pages.of([Placed(0, 3, 1, 10, 20, 30, 32), Placed(4, 9, 2, 10, 20, 50, 32)])
    known = replace(document, facts=facts, hidden=((3, 5), (9, 20)), pages=pages)
    index = open_index()
    index.upsert(known, passages)
    assert open_index().document("a") == known
    open_index().close()
    for sql, part in (
        ("UPDATE knowledge SET value = replace(value, 'Ada', 'Eda')", "what is known of it is"),
        ("DELETE FROM knowledge", "what is known of it is"),
        ("UPDATE pages SET value = x'00' || value", "the places of its words are"),
        ("UPDATE pages SET value = 'text'", "the places of its words are"),
    ):
        shutil.copytree(index.directory, index.directory.parent / "copy")
        with sqlite3.connect(index.directory.parent / "copy" / "manifest.sqlite") as db:
            db.execute(sql)
        db.close()
        opened = open_index(directory=index.directory.parent / "copy")
        (error,) = opened.left_out()
        assert part in str(error) and opened.documents() == []
        opened.close()
        shutil.rmtree(index.directory.parent / "copy")


def test_every_migration_leads_to_the_schema_of_today(tmp_path: Path) -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(db, "here")
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {
        "settings",
        "documents",
        "passages",
        "sentences",
        "pending",
        "checks",
        "knowledge",
        "structures",
        "pages",
    } <= tables
    assert db.execute("PRAGMA user_version").fetchone() == (migrations.SCHEMA_VERSION,)
    migrations.migrate(db, "here")  # nothing to do
    db.close()


def test_a_migration_to_come_keeps_what_is_stored(open_index: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    document, passages = made("a", LIGHTHOUSE)
    open_index().upsert(document, passages)
    later = ("ALTER TABLE documents ADD COLUMN language TEXT",)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, later))
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", len(migrations.MIGRATIONS))
    monkeypatch.setattr(manifests, "SCHEMA_VERSION", len(migrations.MIGRATIONS))
    index = open_index()
    assert index.documents() == [document] and index.passages("a") == passages and index.verify().ok
    failing = ("ALTER TABLE documents ADD COLUMN country TEXT", "CREATE nonsense")
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, failing))
    index.close()
    with pytest.raises(IndexDamaged, match="SQLITE_ERROR"):
        Manifest(index.directory / "manifest.sqlite")
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:-1])
    assert open_index().documents() == [document]  # the step that failed left nothing


def test_a_newer_schema_is_refused(open_index: Opening) -> None:
    index = open_index()
    index.close()
    with sqlite3.connect(index.directory / "manifest.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(IndexDamaged, match="the number of its schema has changed"):  # only the number says so
        Manifest(index.directory / "manifest.sqlite")
    with sqlite3.connect(index.directory / "manifest.sqlite") as db:
        db.execute("UPDATE settings SET value = 'of another attest' WHERE key = 'digest'")
    db.close()
    with pytest.raises(IndexMismatch, match=r"schema version 99.*Upgrade attest"):
        open_index()


@pytest.mark.parametrize("damage", ["rubbish", "zeros", "tables", "settings"])
def test_a_damaged_manifest_is_one_line_with_what_to_do(damage: str, open_index: Opening) -> None:
    index = open_index()
    index.upsert(*made("a", LIGHTHOUSE))
    index.close()
    file = index.directory / "manifest.sqlite"
    if damage == "rubbish":
        file.write_bytes(b"rubbish" * 1000)
    elif damage == "zeros":
        content = bytearray(file.read_bytes())
        content[4096:] = bytes(len(content) - 4096)
        file.write_bytes(content)
    else:
        sql = {
            "tables": "DROP TABLE passages",
            "settings": "DELETE FROM settings WHERE key = 'splitter'",
        }[damage]
        with sqlite3.connect(file) as db:
            db.execute(sql)
        db.close()
    with pytest.raises(IndexDamaged) as caught:
        open_index()
    message = str(caught.value)
    assert str(index.directory) in message and "\n" not in message
    nothing_left = damage in ("rubbish", "zeros")
    assert ("away and ingest its documents again" if nothing_left else "doctor --rebuild") in message


def test_a_file_or_an_unwritable_place_is_no_index(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "file").write_text("something else")
    for path in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(UsageError, match=r"is a file.*Pass --index"):
            Index.open(path, embedder, splitter="1")
    for bad in (Path("/proc/attest"), tmp_path / ("x" * 300), tmp_path / "a\0b"):
        with pytest.raises(StorageError, match=r"cannot be made.*Pass --index"):
            Index.open(bad, embedder, splitter="1")


def test_settings_are_plain_json(manifest: Manifest, tmp_path: Path) -> None:
    manifest.write_settings(SETTINGS)
    with sqlite3.connect(tmp_path / "manifest.sqlite") as db:
        values = dict(db.execute("SELECT key, value FROM settings"))
    db.close()
    assert json.loads(values["fingerprint"])["probe"] == [0.5, -0.25, 0.0] and values["splitter"] == "1"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 5.5 MB, where this user may mount one."""
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=5500k", "tmpfs", str(mount)]
    if os.name != "posix" or not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this user may not mount a small file system")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path, open_index: Opening) -> None:
    index = open_index(directory=small_disk / "index")
    kept = []
    with pytest.raises(StorageError, match=r"(?i)no space left|is full"):
        for i in range(40):
            document, passages = made(f"d{i}", LIGHTHOUSE * 4)
            index.upsert(document, passages)
            kept.append(document)
    assert kept and index.documents() == kept and index.verify().ok
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"), filler.open("wb") as stream:
        while True:
            stream.write(bytes(65536))
    with pytest.raises(StorageError, match=r"(?i)no space left|is full"):
        index.upsert(*made("late", LIGHTHOUSE))
    assert index.documents() == kept
    filler.unlink()
    index = open_index(directory=small_disk / "index")
    assert index.documents() == kept and index.verify().ok
    index.delete("d0")  # makes room
    assert index.documents() == kept[1:] and index.verify().ok
    index.close()
