"""An index that may not be written can be asked, exported and verified, and refuses every change; on a full disk it
can be asked and emptied."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contents import contents
from tests.vectorstore.conftest import BAKERY, LIGHTHOUSE, made, ranked, split_document
from vectorstore.disk.place import Place
from vectorstore.documents.manifest import Manifest
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import IndexInUse, StorageError
from vectorstore.index import Index
from vectorstore.rebuild import rebuild
from vectorstore.types import Document, text_sha256

pytestmark = pytest.mark.skipif(os.name != "posix", reason="mounts and permissions as POSIX has them")
QUESTION = "How much did the repairs cost?"


@pytest.fixture(autouse=True)
def own_temporary_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 40 MB, where this user may mount one."""
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(mount)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this user may not mount a small file system")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=True)


def filled_index(directory: Path, embedder: Embedder) -> Path:
    with Index.open(directory, embedder, splitter="1") as index:
        index.upsert(*made("lighthouse", LIGHTHOUSE, "Gull Rock"))
        index.upsert(*made("bakery", BAKERY, "A bakery"))
    return directory


def fill_up(disk: Path) -> None:
    """To the last byte."""
    with (disk / "filler").open("ab", buffering=0) as stream:
        for size in (65536, 4096, 1):
            try:
                while stream.write(bytes(size)):
                    pass
            except OSError:
                continue
    assert shutil.disk_usage(disk).free == 0


def files(directory: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def copies() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("attest-reading-*"))


def test_an_index_on_a_read_only_disk_is_asked_and_not_changed(disk: Path, embedder: Embedder) -> None:
    directory = filled_index(disk / "index", embedder)
    with Index.open(directory, embedder, splitter="1") as index:
        expected, exported = ranked(index, QUESTION), contents(index)
    before = files(directory)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with Index.open(directory, embedder, splitter="1") as index, Index.open(directory, embedder, splitter="1") as also:
        assert ranked(index, QUESTION) == expected == ranked(also, QUESTION)
        assert contents(index) == exported and index.verify().ok and len(copies()) == 2
        refusal = rf"The index {directory} is read-only here .*Make it writable"
        with pytest.raises(StorageError, match=refusal):
            index.upsert(*made("new", "A new text."))
        with pytest.raises(StorageError, match=refusal):
            index.delete("bakery")
        with pytest.raises(StorageError, match=refusal):
            rebuild(directory, embedder, "1", split_document)
        assert index.upsert(*made("bakery", BAKERY, "A bakery")).embedded == 0  # nothing changes
        assert len(index.documents()) == 2
    assert copies() == set() and files(directory) == before


AS_ANOTHER_USER = """
import os, pathlib, sys
sys.path.insert(0, sys.argv[1])
from tests.contents import contents
from tests.vectorstore.conftest import ranked
from vectorstore.embedding.models import load_embedder
from vectorstore.errors import StorageError
from vectorstore.index import Index
embedder = load_embedder()
with Index.open(pathlib.Path(sys.argv[2]) / "other", embedder, splitter="1") as index:
    ranked(index, "everything is imported now")
os.setgroups([])
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
with Index.open(pathlib.Path(sys.argv[2]) / "index", embedder, splitter="1") as index:
    assert index.verify().ok
    print(ranked(index, "How much did the repairs cost?")[0].passage.start, len(contents(index)))
    try:
        index.delete("bakery")
    except StorageError as error:
        print(error)
"""


def test_another_user_s_index_is_asked_and_not_changed(embedder: Embedder) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # pytest's own is closed to others
        os.chmod(folder, 0o755)
        (Path(folder) / "tmp").mkdir()
        (Path(folder) / "tmp").chmod(0o777)
        directory = filled_index(Path(folder) / "index", embedder)
        with Index.open(directory, embedder, splitter="1") as index:
            start, count = ranked(index, QUESTION)[0].passage.start, len(contents(index))
        for path in [directory, *directory.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = files(directory)
        command = [sys.executable, "-c", AS_ANOTHER_USER, str(Path(__file__).parents[3]), folder]
        environment = {**os.environ, "TMPDIR": f"{folder}/tmp"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr
        first, refusal = done.stdout.splitlines()
        assert count > 1 and first == f"{start} {count}" and f"The index {directory} is read-only here" in refusal
        assert files(directory) == before and not any((Path(folder) / "tmp").iterdir())


def test_a_reader_heeds_the_owner_and_keeps_owners_out_only_while_it_copies(disk: Path, embedder: Embedder) -> None:
    directory = filled_index(disk / "index", embedder)
    with (directory / "owner.lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(IndexInUse, match="in use by another process"):
            Index.open(directory, embedder, splitter="1")
    with Index.open(directory, embedder, splitter="1"), (directory / "owner.lock").open("rb") as free:
        fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_the_copy_of_a_process_that_was_killed_is_swept_away(disk: Path) -> None:
    (disk / "manifest.sqlite").touch()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    old = Path(tempfile.mkdtemp(prefix="attest-reading-"))
    young = Path(tempfile.mkdtemp(prefix="attest-reading-"))
    held = Place(disk, "attest")
    for path in (old, held.files):
        os.utime(path, (time.time() - 3600,) * 2)
    Place(disk, "attest").close()
    assert not old.exists() and young.exists() and held.files.exists()
    held.close()
    shutil.rmtree(young)


def test_a_full_disk_is_asked_checked_and_emptied(disk: Path, embedder: Embedder) -> None:
    directory = filled_index(disk / "index", embedder)
    assert (directory / "reserve").stat().st_blocks * 512 >= 8_000_000  # really there, no hole
    with Index.open(directory, embedder, splitter="1") as index:
        expected = ranked(index, QUESTION)
    fill_up(disk)
    for _ in range(3):
        with Index.open(directory, embedder, splitter="1") as index:
            assert ranked(index, QUESTION) == expected and index.verify().ok
        assert (directory / "reserve").stat().st_size >= 2_000_000  # taken back
    with Index.open(directory, embedder, splitter="1") as index:
        with pytest.raises(StorageError, match=r"No space left .*in reserve.*Free some space"):
            index.upsert(*made("new", "A new text."))
        index.delete("bakery")
        assert [document.id for document in index.documents()] == ["lighthouse"] and index.verify().ok
    (disk / "filler").unlink()
    with Index.open(directory, embedder, splitter="1") as index:
        assert index.upsert(*made("new", "A new text.")).embedded == 1 and index.verify().ok
    assert (directory / "reserve").stat().st_size == 8_000_000


def test_a_full_disk_without_a_reserve_is_asked_from_a_copy(disk: Path, embedder: Embedder) -> None:
    directory = filled_index(disk / "index", embedder)
    (directory / "reserve").unlink()
    fill_up(disk)
    before = files(directory)
    with Index.open(directory, embedder, splitter="1") as index:
        assert ranked(index, QUESTION) and index.verify().ok
        with pytest.raises(StorageError, match=r"No space left.*can be asked, but not changed. Free some space"):
            index.delete("bakery")
    assert copies() == set()
    assert {path: content for path, content in files(directory).items() if path.name != "owner.json"} == before


def test_where_there_is_no_room_for_a_copy_either_one_line_says_so(
    disk: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = filled_index(disk / "index", embedder)
    (directory / "reserve").unlink()
    fill_up(disk)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(disk)])  # one disk is all there is
    with pytest.raises(StorageError, match=r"cannot be copied to the temporary directory .*or set TMPDIR"):
        Index.open(directory, embedder, splitter="1")


def test_a_removal_larger_than_what_is_free_changes_nothing(disk: Path) -> None:
    text = "A long text. " * 400_000
    document = Document("a", "Title", text, text_sha256(text), "test:a")
    manifest = Manifest(disk / "manifest.sqlite")
    manifest.replace(document, [], [])
    fill_up(disk)
    with pytest.raises(StorageError, match=r"the disk is full.*unchanged"):
        manifest.remove("a", [])
    assert manifest.documents() == [document] and manifest.check() == []
    (disk / "filler").unlink()  # as the message says
    manifest.remove("a", [])
    assert manifest.documents() == [] and manifest.check() == []
    manifest.close()
