"""Nothing damaged in the manifest is believed: each bit that changes is found, told as damage, and told without a word
of any text; what is not damaged can be asked."""

from __future__ import annotations

import contextlib
import os
import random
import shlex
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.vectorstore.conftest import BAKERY, LIGHTHOUSE, Made, made, ranked, split_document
from vectorstore.documents.manifest import Manifest
from vectorstore.documents.pages import Pages, Placed
from vectorstore.documents.records import StoredPassage
from vectorstore.documents.salvage import salvage
from vectorstore.documents.summary import write_settings
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import IndexDamaged, IndexMismatch
from vectorstore.index import Index
from vectorstore.rebuild import rebuild
from vectorstore.types import Document, Structure

WORDS = ("Marta", "caraway", "Oduya", "gallery", "lighthouse on", "beech", "zebra")
Known = dict[str, tuple[Document, list[StoredPassage], Structure | None]]
PAGE = 4096
NAMES = ["bakery", "lighthouse", "long"]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that the documents came from."""
    folder = tmp_path_factory.mktemp("my sources")
    long = "\n".join(f"The zebra of line {n} is here." for n in range(150))
    texts = {"lighthouse": LIGHTHOUSE, "bakery": BAKERY, "long": long}
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def sound(embedder: Embedder, sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed index of three documents, to be copied and damaged."""
    directory = tmp_path_factory.mktemp("sound") / "index"
    with Index.open(directory, embedder, splitter="1") as index:
        for file in sorted(sources.iterdir()):
            document, passages = made(file.stem, file.read_text("utf-8"), f"Title of {file.stem}")
            index.upsert(replace(document, origin=str(file)), passages, split_document(document, embedder)[0])
    return directory


@pytest.fixture
def directory(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "index"))


@pytest.fixture
def opening(directory: Path, embedder: Embedder) -> Iterator[Callable[[], Index]]:
    opened: list[Index] = []

    def again() -> Index:
        for index in opened:
            index.close()
        opened.append(Index.open(directory, embedder, splitter="1"))
        return opened[-1]

    yield again
    for index in opened:
        index.close()


def contents(file: Path) -> Known:
    manifest = Manifest(file)
    try:
        return {d.id: (d, manifest.stored(d.id), manifest.structure(d)) for d in manifest.documents()}
    finally:
        manifest.close()


def believed(known: Known, whole: Known) -> bool:
    """Whether all that is known is as it was; a structure may be missing, for it can be found again."""
    return all(
        whole[name][:2] == (document, rows) and structure in (None, whole[name][2])
        for name, (document, rows, structure) in known.items()
    )


def edit(directory: Path, sql: str, *values: object) -> None:
    db = sqlite3.connect(directory / "manifest.sqlite", isolation_level=None)
    assert db.execute(sql, values).rowcount > 0
    db.close()


def quiet(message: str) -> bool:
    """Whether a message is one line without a word of the documents."""
    return "\n" not in message and not any(word in message for word in WORDS)


def read_damaged(file: Path) -> tuple[Known, list[str]]:
    """What is believed of a damaged manifest, and what is said about the rest. Any other error than IndexDamaged
    fails the test."""
    try:
        manifest = Manifest(file)
    except IndexDamaged as error:
        messages = [str(error)]
        try:
            found = salvage(file, file.parent)
        except IndexDamaged as nothing:
            return {}, [*messages, str(nothing)]
        return {document.id: (document, rows, None) for document, rows in found.documents if rows is not None}, messages
    known = {}
    try:
        messages = [str(error) for error in manifest.left_out.values()]
        for document_id in {"lighthouse", "bakery", "long"} - manifest.left_out.keys():
            try:
                document = manifest.document(document_id)
                if document:
                    known[document_id] = (document, manifest.stored(document_id), manifest.structure(document))
            except IndexDamaged as error:
                messages.append(str(error))
        return known, messages
    finally:
        manifest.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_bit_that_changes_anywhere_is_never_believed(seed: int, directory: Path) -> None:
    file = directory / "manifest.sqlite"
    before, whole = file.read_bytes(), contents(file)
    pick = random.Random(seed)
    written = [at for at, value in enumerate(before) if value]  # blank space of a page is never read
    told = 0
    for at in [*pick.sample(range(100), 30), *pick.sample(written, 100)]:
        damaged = bytearray(before)
        damaged[at] ^= 1 << pick.randrange(8)
        file.write_bytes(damaged)
        known, messages = read_damaged(file)
        assert believed(known, whole), f"byte {at} is believed"
        assert len(known) == len(whole) or messages, f"byte {at} loses a document in silence"
        assert all(quiet(message) and str(directory) in message for message in messages)
        told += bool(messages)
    assert told > 60


@pytest.mark.parametrize("length", [0, 1, 99, 100, PAGE - 1, PAGE, 2 * PAGE, 5 * PAGE, -PAGE, -1])
def test_a_truncated_manifest_is_no_new_index(length: int, directory: Path, embedder: Embedder, sources: Path) -> None:
    file = directory / "manifest.sqlite"
    os.truncate(file, length if length >= 0 else file.stat().st_size + length)
    try:
        with Index.open(directory, embedder, splitter="1") as index:
            messages = index.warnings
    except IndexDamaged as error:
        messages = [str(error)]
    assert messages and all(quiet(message) for message in messages)
    assert "doctor --rebuild" in messages[0] or all(str(path) in messages[0] for path in sources.iterdir())


@pytest.mark.parametrize("left", ["nothing", "empty", "new"])
def test_a_lost_manifest_says_what_was_in_it(left: str, directory: Path, embedder: Embedder, sources: Path) -> None:
    file = directory / "manifest.sqlite"
    file.unlink()
    if left == "empty":
        file.touch()
    elif left == "new":
        Manifest(file).close()
    for use in (
        lambda: Index.open(directory, embedder, splitter="1"),
        lambda: rebuild(directory, embedder, "1", split_document),
    ):
        with pytest.raises(IndexDamaged) as caught:
            use()
        message = str(caught.value)
        assert f"move {directory} away" in message and "It held 3" in message and quiet(message)
        assert all(str(path) in message for path in sources.iterdir())
    assert (directory / "vectors-1" / "chroma.sqlite3").exists()


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE documents SET text = replace(text, '1861', '1862') WHERE id = 'lighthouse'", "its text is not"),
        ("UPDATE documents SET text = CAST(x'80' || text AS TEXT) WHERE id = 'lighthouse'", "its text is not"),
        ("UPDATE documents SET title = CAST(x'80' || title AS TEXT) WHERE id = 'lighthouse'", "its title or origin"),
        ("UPDATE documents SET format = 'markdown' WHERE id = 'lighthouse'", "its title or origin"),
    ],
)
def test_a_damaged_document_is_left_out_and_mended_by_the_command_it_names(
    sql: str, what: str, directory: Path, opening: Callable[[], Index], sources: Path
) -> None:
    edit(directory, sql)
    index = opening()
    (message,) = index.warnings
    assert quiet(message) and what in message
    source = sources / "lighthouse.txt"
    assert f"attest ingest {shlex.quote(str(source))} --index {directory}" in message
    assert [document.id for document in index.documents()] == ["bakery", "long"]
    assert ranked(index, "How was the oven fired?")[0].passage.document_id == "bakery"
    assert all(hit.passage.document_id != "lighthouse" for hit in ranked(index, "When was the lighthouse lit?"))
    verified = index.verify()
    assert verified.problems == (message,) and verified.lost == 1
    document, passages = made("lighthouse", LIGHTHOUSE, "Title of lighthouse")
    index.upsert(replace(document, origin=str(source)), passages)
    assert index.warnings == [] and index.verify().ok
    again = opening()
    assert again.warnings == [] and again.verify().ok
    assert {document.id for document in again.documents()} == {"bakery", "lighthouse", "long"}


@pytest.mark.parametrize(
    "sql",
    [
        'UPDATE passages SET "end" = "end" - 1 WHERE document_id = \'bakery\'',
        "UPDATE passages SET section = 'bread' WHERE document_id = 'bakery'",
        "UPDATE passages SET kind = 'poem' WHERE document_id = 'bakery'",
        "UPDATE passages SET speaker = 'Nobody' WHERE document_id = 'bakery'",
        "UPDATE passages SET digest = zeroblob(16) WHERE document_id = 'bakery'",
        "UPDATE sentences SET speaker = 'X' WHERE passage_id IN (SELECT id FROM passages WHERE document_id = 'bakery')",
        "DELETE FROM sentences WHERE n = 1 AND passage_id IN (SELECT id FROM passages WHERE document_id = 'bakery')",
    ],
)
def test_damaged_passages_are_left_out_and_made_again_from_the_text(
    sql: str, directory: Path, opening: Callable[[], Index], embedder: Embedder, bakery: Made
) -> None:
    edit(directory, sql)
    index = opening()
    (message,) = index.warnings
    assert quiet(message) and "its passages are not" in message
    assert f"attest doctor --rebuild --index {directory}" in message
    assert [document.id for document in index.documents()] == ["lighthouse", "long"]
    assert index.verify().lost == 0
    index.close()
    assert rebuild(directory, embedder, "1", split_document).documents == 3
    index = opening()
    assert index.warnings == [] and index.verify().ok
    assert [passage.start for passage in index.passages("bakery")] == [passage.start for passage in bakery[1]]


def test_a_damaged_document_can_be_removed(directory: Path, opening: Callable[[], Index]) -> None:
    edit(directory, "UPDATE documents SET text = 'x' || text WHERE id = 'bakery'")
    index = opening()
    assert [error.document_id for error in index.left_out()] == ["bakery"]
    index.delete("bakery")
    assert index.warnings == [] and index.verify().ok
    assert opening().warnings == [] and len(opening().documents()) == 2


def test_documents_that_vanished_are_missed(directory: Path, opening: Callable[[], Index], embedder: Embedder) -> None:
    edit(directory, "DELETE FROM checks WHERE document_id = 'long'")
    edit(directory, "DELETE FROM knowledge WHERE document_id = 'long'")
    edit(directory, "DELETE FROM structures WHERE document_id = 'long'")
    edit(directory, "DELETE FROM documents WHERE id = 'long'")
    edit(directory, "DELETE FROM passages WHERE document_id = 'long'")
    edit(directory, "DELETE FROM sentences WHERE passage_id NOT IN (SELECT id FROM passages)")
    index = opening()
    (message,) = index.warnings
    assert "it holds 2 documents in place of 3" in message and "doctor --rebuild" in message
    assert len(index.documents()) == 2 and not index.verify().ok
    with pytest.raises(IndexDamaged, match="doctor --rebuild"):
        index.delete("bakery")
    with pytest.raises(IndexDamaged, match="doctor --rebuild"):
        index.upsert(*made("new", "Some new text."))
    index.close()
    done = rebuild(directory, embedder, "1", split_document)
    assert done.documents == 2 and len(done.lost) == 1 and "long.txt could not be read" in done.lost[0]
    assert opening().warnings == [] and opening().verify().ok


def test_damage_that_came_while_the_index_was_open_is_found_when_it_is_read(
    directory: Path, opening: Callable[[], Index]
) -> None:
    index = opening()
    edit(directory, "UPDATE documents SET text = 'x' || text WHERE id = 'bakery'")
    index.delete("long")
    index.close()  # takes the digest of the file as it is now
    assert (directory / "manifest.sha256").exists()
    index = opening()
    assert ranked(index, "What fuel heated the oven?", k=1)[0].passage.document_id != "bakery"
    assert [error.document_id for error in index.left_out()] == ["bakery"]


def flip(file: Path, at: int, bit: int) -> None:
    with file.open("r+b") as stream:
        stream.seek(at)
        (value,) = stream.read(1)
        stream.seek(at)
        stream.write(bytes([value ^ (1 << bit)]))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE settings SET key = x'80' WHERE key = 'splitter'",
        "UPDATE settings SET value = x'80' WHERE key = 'vectors'",
        "UPDATE documents SET id = x'80' WHERE id = 'bakery'",
        "UPDATE documents SET title = x'80' WHERE id = 'bakery'",
        "UPDATE documents SET text = x'80' WHERE id = 'bakery'",
        "UPDATE checks SET head = 5 WHERE document_id = 'bakery'",
        "UPDATE checks SET document_id = x'80' WHERE document_id = 'bakery'",
        "UPDATE passages SET document_id = x'80' WHERE document_id = 'bakery'",
        "UPDATE passages SET kind = x'80' WHERE document_id = 'bakery'",
        "UPDATE sentences SET digest = 1 WHERE passage_id IN (SELECT id FROM passages WHERE document_id = 'bakery')",
        "INSERT INTO pending VALUES (x'80')",
    ],
)
@pytest.mark.parametrize("closed", [True, False], ids=["closed", "open"])
def test_a_value_of_another_type_is_damage(
    sql: str, closed: bool, directory: Path, embedder: Embedder, opening: Callable[[], Index]
) -> None:
    """Whether it came about while the index was closed or open; and what the message advises, mends it."""
    index = opening()
    if closed:
        index.close()
    edit(directory, sql)
    if not closed:
        with contextlib.suppress(IndexDamaged):
            index.delete("long")
        index.close()
    for _ in range(2):
        with contextlib.suppress(IndexDamaged):
            index = opening()
            ranked(index, "What fuel heated the oven?", k=1)
            assert not index.verify().ok and all(quiet(message) for message in index.warnings)
            index.close()
    rebuild(directory, embedder, "1", split_document)
    for error in opening().left_out():
        opening().delete(error.document_id)
    assert opening().warnings == [] and opening().verify().ok


def test_no_bit_of_a_closed_manifest_s_settings_ends_in_another_error(directory: Path) -> None:
    """The page of the settings: a cell's pointer that is off by a few bytes gives rows of NULL."""
    file = directory / "manifest.sqlite"
    before = file.read_bytes()
    page = next(n for n in range(PAGE, len(before), PAGE) if b"fingerprint" in before[n : n + PAGE])
    for at in range(page, page + 32):
        for bit in range(8):
            flip(file, at, bit)
            read_damaged(file)
            flip(file, at, bit)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_broken_when_the_index_is_closed_is_not_sealed(seed: int, directory: Path) -> None:
    file, sums = directory / "manifest.sqlite", directory / "manifest.sha256"
    before, whole = file.read_bytes(), contents(file)
    pick = random.Random(seed)
    written = [at for at, value in enumerate(before) if value]
    sealed = 0
    for at in [2 * PAGE + 23, *pick.sample(written, 40)]:
        manifest = Manifest(file)
        manifest.add_pending(["a vector"])
        manifest.clear_pending(["a vector"])
        flip(file, at, pick.randrange(8))
        manifest.close()
        sealed += sums.exists()
        known, messages = read_damaged(file)
        assert believed(known, whole), f"byte {at} is believed"
        assert len(known) == len(whole) or messages, f"byte {at} loses a document in silence"
        file.write_bytes(before)
    assert sealed < 40


def test_a_manifest_that_is_taken_away_is_not_called_a_disk_that_refuses(
    directory: Path, opening: Callable[[], Index]
) -> None:
    index = opening()
    (directory / "manifest.sqlite").unlink()
    assert ranked(index, "What fuel heated the oven?", k=1)[0].passage.document_id == "bakery"
    for change in (lambda: index.upsert(*made("new", "Some new text.")), lambda: index.delete("long")):
        with pytest.raises(IndexDamaged, match="was deleted, moved or replaced while attest had it open") as caught:
            change()
        assert "permissions" not in str(caught.value) and quiet(str(caught.value))
    index.close()
    assert not (directory / "manifest.sqlite").exists() and not (directory / "manifest.sha256").exists()


def test_an_index_of_damaged_documents_alone_is_not_empty(directory: Path, opening: Callable[[], Index]) -> None:
    edit(directory, "UPDATE documents SET text = 'x' || text")
    index = opening()
    assert index.documents() == [] and len(index.warnings) == 3
    index.close()
    with pytest.raises(IndexMismatch, match="splitter"):  # an empty one would take on another splitter
        Index.open(directory, index.embedder, splitter="2")
    with pytest.raises(IndexDamaged, match=r"its text is not what was stored\). Run `attest ingest"):
        rebuild(directory, index.embedder, "2", split_document)


def test_the_first_release_s_index_is_read_and_protected(directory: Path, opening: Callable[[], Index]) -> None:
    before = contents(directory / "manifest.sqlite")
    as_the_first_release(directory)
    index = opening()
    documents = index.documents()
    assert [(d, index._manifest.stored(d.id)) for d in documents] == [(d, rows) for d, rows, _ in before.values()]
    assert index.warnings == [] and index.verify().ok
    for document, (_, _, structure) in zip(documents, before.values(), strict=True):
        assert index.structure(document) is None and structure is not None
        index.write_structure(document, structure)
        assert index.structure(document) == structure
    assert index.verify().ok
    index.close()
    edit(directory, "UPDATE sentences SET speaker = 'Somebody else'")
    assert len(opening().warnings) == 3


def test_damage_in_the_first_release_s_index_is_not_covered_up(directory: Path, opening: Callable[[], Index]) -> None:
    edit(directory, "UPDATE documents SET text = CAST(x'80' || text AS TEXT) WHERE id = 'bakery'")
    as_the_first_release(directory)
    assert [error.document_id for error in opening().left_out()] == ["bakery"]


@pytest.mark.parametrize("table", ["documents", "checks"])
def test_what_vanished_before_a_migration_is_missed(table: str, directory: Path, opening: Callable[[], Index]) -> None:
    db = sqlite3.connect(directory / "manifest.sqlite", isolation_level=None)
    db.execute("DROP TABLE structures")
    db.execute("DROP TABLE pages")
    db.execute("DROP TABLE originals")
    db.execute("PRAGMA user_version = 3")
    write_settings(db, {}, 3)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute(f"DELETE FROM {table} WHERE {'id' if table == 'documents' else 'document_id'} = 'long'")
    db.close()
    (directory / "manifest.sha256").unlink(missing_ok=True)
    index = opening()
    assert "Until then 2 documents can be asked" in index.warnings[0]


def test_a_changed_structure_is_told_and_mended(
    directory: Path, opening: Callable[[], Index], embedder: Embedder
) -> None:
    edit(directory, "UPDATE structures SET value = replace(value, 'prose', 'note') WHERE document_id = 'bakery'")
    (directory / "manifest.sha256").unlink(missing_ok=True)
    index = opening()
    assert [error.document_id for error in index.left_out()] == ["bakery"]
    (warning,) = index.warnings
    assert "its structure is not what was stored" in warning and "doctor --rebuild" in warning and quiet(warning)
    index.close()
    rebuild(directory, embedder, "1", split_document)
    index = opening()
    bakery = index.document("bakery")
    assert index.warnings == [] and index.structure(bakery) == split_document(bakery, embedder)[0]


def test_damage_to_the_places_of_words_is_told_and_mended_by_adding_the_file_again(
    directory: Path, opening: Callable[[], Index]
) -> None:
    index = opening()
    paged = replace(index.document("bakery"), pages=Pages.of([Placed(0, 3, 1, 10, 20, 30, 32)]))
    passages = index.passages("bakery")
    index.upsert(paged, passages)
    assert index.document("bakery") == paged
    index.close()
    edit(directory, "UPDATE pages SET value = substr(value, 2)")
    (directory / "manifest.sha256").unlink(missing_ok=True)
    index = opening()
    (warning,) = index.warnings
    assert "the places of its words are not what was stored" in warning and quiet(warning)
    index.upsert(paged, passages)
    assert index.warnings == [] and index.document("bakery") == paged


def test_a_text_is_salvaged_without_the_places_of_its_words(directory: Path, opening: Callable[[], Index]) -> None:
    index = opening()
    bakery = index.document("bakery")
    index.upsert(replace(bakery, pages=Pages.of([Placed(0, 3, 1, 10, 20, 30, 32)])), index.passages("bakery"))
    index.close()
    edit(directory, "UPDATE pages SET value = substr(value, 2)")
    found = {document.id: document for document, _ in salvage(directory / "manifest.sqlite", directory).documents}
    assert found["bakery"] == bakery


def as_the_first_release(directory: Path) -> None:
    """Takes away what the manifest has had since: the later steps of the migrations, and the files beside it."""
    db = sqlite3.connect(directory / "manifest.sqlite", isolation_level=None)
    db.execute("DROP TABLE checks")
    db.execute("DROP TABLE knowledge")
    db.execute("DROP TABLE structures")
    db.execute("DROP TABLE pages")
    db.execute("DROP TABLE originals")
    db.execute("DELETE FROM settings WHERE key NOT IN ('fingerprint', 'splitter', 'vectors')")
    db.execute("PRAGMA user_version = 1")
    db.close()
    for name in ("manifest.sha256", "origins.json", "reserve"):
        (directory / name).unlink(missing_ok=True)


@pytest.mark.parametrize("at", range(16, 24))
def test_a_changed_header_loses_no_document(at: int, directory: Path) -> None:
    """Though with it some documents can be read, those on a page or two, and others not."""
    file = directory / "manifest.sqlite"
    content = bytearray(file.read_bytes())
    for bit in range(8):
        damaged = content.copy()
        damaged[at] ^= 1 << bit
        file.write_bytes(damaged)
        found = salvage(file, directory)
        assert found.lost == () and [d.id for d, rows in found.documents if rows is not None] == NAMES


def test_the_documents_that_a_broken_manifest_has_lost_are_named(
    directory: Path, opening: Callable[[], Index], sources: Path
) -> None:
    file = directory / "manifest.sqlite"
    content = file.read_bytes()
    told = set()
    for page in range(1, len(content) // PAGE):
        file.write_bytes(content[: page * PAGE] + b"\x63" + content[page * PAGE + 1 :])  # no kind of page
        with contextlib.suppress(IndexDamaged):  # nothing can be read
            index = opening()
            for warning in index.warnings:
                if "Until then 2 documents can be asked" in warning:
                    (lost,) = {*NAMES} - {head.id for head in index.heads()}
                    assert lost in warning.partition("Left out: ")[2]
                    told.add(lost)
    assert told
