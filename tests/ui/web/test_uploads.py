"""Uploaded files: a ticket for each, limits for all of them, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ui.web import uploads as module
from ui.web.uploads import UploadRefused, Uploads, upload_folder
from vectorstore.errors import StorageError, UsageError

KILLED = "from ui.web.uploads import upload_folder; f = upload_folder(); print(f.__enter__(), flush=True); input()"


async def body(*chunks: bytes, pause: float = 0.0) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(pause)
        yield chunk


def test_a_ticket_is_good_for_one_file_once(tmp_path: Path) -> None:
    async def run() -> None:
        uploads = Uploads(tmp_path)
        ticket = await uploads.receive("a/../b.txt", 6, body(b"abc", b"def"), "x")
        with uploads.taken(ticket) as upload:
            assert upload.path.read_bytes() == b"abcdef"
            assert upload.path.parent == tmp_path and upload.path.name != "b"
            assert os.stat(upload.path).st_mode & 0o077 == 0
            with pytest.raises(UsageError, match="choose the file again"), uploads.taken(ticket):
                pass
        assert list(tmp_path.iterdir()) == []

    asyncio.run(run())


@pytest.mark.parametrize("sent", [b"abc", b"abcdefg"])
def test_a_body_of_another_size_leaves_nothing(sent: bytes, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="try again"):
        asyncio.run(Uploads(tmp_path).receive("a.txt", 6, body(sent), "x"))
    assert list(tmp_path.iterdir()) == []


def test_a_broken_off_body_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 2**21
        raise ConnectionResetError

    with pytest.raises(StorageError):
        asyncio.run(Uploads(tmp_path).receive("a.txt", 2**22, broken(), "x"))
    assert list(tmp_path.iterdir()) == []


def test_there_is_a_limit_for_a_file_an_address_and_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE", 40)
    monkeypatch.setattr(module, "MAX_ADDRESS", 60)
    monkeypatch.setattr(module, "MAX_TOTAL", 100)

    async def run() -> None:
        uploads = Uploads(tmp_path)

        async def send(address: str, size: int = 40) -> str:
            return await uploads.receive("a.txt", size, body(b"x" * size), address)

        with pytest.raises(UploadRefused, match="larger"):
            await send("x", 41)
        ticket = await send("x")
        with pytest.raises(UploadRefused, match="in a minute"):
            await send("x")
        await send("y")
        with pytest.raises(UploadRefused, match="in a minute"):
            await send("z")
        with uploads.taken(ticket):
            pass
        await send("x")

    asyncio.run(run())


def test_one_address_does_not_take_all_the_places(tmp_path: Path) -> None:
    async def run() -> None:
        uploads = Uploads(tmp_path)
        for _ in range(module.MAX_FILES_ADDRESS):
            await uploads.receive("a.txt", 1, body(b"x"), "x")
        with pytest.raises(UploadRefused, match="in a minute"):
            await uploads.receive("a.txt", 1, body(b"x"), "x")
        await uploads.receive("a.txt", 1, body(b"x"), "y")

    asyncio.run(run())


def test_a_file_that_nobody_asks_for_goes(tmp_path: Path) -> None:
    async def run() -> None:
        uploads = Uploads(tmp_path, lifetime=0.05)
        ticket = await uploads.receive("a.txt", 1, body(b"x"), "x")
        assert len(list(tmp_path.iterdir())) == 1
        await asyncio.sleep(0.1)
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(UsageError), uploads.taken(ticket):
            pass

    asyncio.run(run())


def test_the_folder_is_private_and_goes_with_the_server() -> None:
    with upload_folder() as folder:
        assert folder.name.startswith("attest-uploads-") and folder.stat().st_mode & 0o077 == 0
        (folder / "part").write_bytes(b"x" * 1000)
    assert not folder.exists()
