"""One owner: another process and another part of this one are told who has the index; the dead hold nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from vectorstore.disk.lock import OwnerLock
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import IndexInUse, StorageError
from vectorstore.index import Index

HOLDER = """
import sys, pathlib
from vectorstore.disk.lock import OwnerLock
lock = OwnerLock(pathlib.Path(sys.argv[1]), "attest serve")
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_is_named(tmp_path: Path, embedder: Embedder) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdin and holder.stdout.readline() == "held\n"
        with pytest.raises(IndexInUse) as caught:
            Index.open(tmp_path, embedder, splitter="1")
        message = str(caught.value)
        assert f"{tmp_path} is in use by attest serve (process {holder.pid}" in message
        assert "since" in message and "Stop it, or pass --index" in message and "\n" not in message
        holder.kill()  # it cannot clean up
    Index.open(tmp_path, embedder, splitter="1").close()


def test_the_same_process_cannot_open_it_twice(open_index: Callable[..., Index], embedder: Embedder) -> None:
    index = open_index()
    caught: list[BaseException] = []

    def second() -> None:
        try:
            Index.open(index.directory, embedder, splitter="1")
        except IndexInUse as error:
            caught.append(error)

    thread = threading.Thread(target=second)
    thread.start()
    thread.join()
    with pytest.raises(IndexInUse, match=rf"process {os.getpid()} "):
        Index.open(index.directory, embedder, splitter="1")
    assert len(caught) == 1
    index.close()
    index.close()
    Index.open(index.directory, embedder, splitter="1").close()


def test_an_unreadable_note_does_not_matter(tmp_path: Path) -> None:
    first = OwnerLock(tmp_path, "attest chat")
    (tmp_path / "owner.json").write_text("{")
    with pytest.raises(IndexInUse, match="another process"):
        OwnerLock(tmp_path, "attest")
    first.release()


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "owner.lock").mkdir()
    with pytest.raises(StorageError, match=r"cannot be locked.*pass --index"):
        OwnerLock(tmp_path, "attest")
