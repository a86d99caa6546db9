"""Where uploaded files lie until they are read: a private folder with a total, a lifetime and a ticket for each file.

Whoever uploads a file gets a ticket, a random word that opens the file once. No name and no path that a visitor sends
is ever opened: attest names the files here itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vectorstore.disk.scratch import Scratch
from vectorstore.errors import AttestError, StorageError, UsageError

MAX_FILE = 50 * 2**20
"""Bytes of one file."""
MAX_TOTAL = 500 * 2**20
"""Bytes of all visitors' files together."""
MAX_ADDRESS = 200 * 2**20
"""Bytes of one address's files."""
MAX_FILES, MAX_FILES_ADDRESS = 500, 25
"""Files of all visitors together, and of one address."""
LIFETIME = 600.0
"""Seconds after which a file that nobody has brought the ticket for is deleted."""
_WRITE_BYTES = 2**20
_PREFIX = "attest-uploads-"
_log = logging.getLogger(__name__)


class UploadRefused(AttestError):
    """There is no room for a file now."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has been uploaded: `name` is what the visitor calls it, `path` where it lies."""

    name: str
    path: Path
    size: int
    address: str


class Uploads:
    """The files in one folder. All of it runs on one event loop; files are written in threads."""

    def __init__(self, folder: Path, *, lifetime: float = LIFETIME) -> None:
        self._folder = folder
        self._lifetime = lifetime
        self._kept: dict[str, Upload] = {}

    async def receive(self, name: str, size: int, body: AsyncIterator[bytes], address: str) -> str:
        """Writes the `size` bytes of `body` to a file and returns its ticket.

        Raises UploadRefused where the file is too large or there is no room, UsageError where `body` is not of that
        size, StorageError where the disk refuses; then nothing of the file stays. bodies.py limits the time.
        """
        self._refuse(size, address)
        ticket = secrets.token_urlsafe(32)
        upload = Upload(name, self._folder / secrets.token_hex(16), size, address)
        self._kept[ticket] = upload  # its place is taken while it is written
        try:
            await _write(upload, body)
        except OSError as error:
            self._discard(ticket)
            _log.error("An upload could not be written: %s", error.strerror)
            raise StorageError("the server has no room for this file: tell whoever runs it, or try later") from error
        except BaseException:
            self._discard(ticket)
            raise
        asyncio.get_running_loop().call_later(self._lifetime, self._discard, ticket)
        return ticket

    @contextlib.contextmanager
    def taken(self, ticket: str) -> Iterator[Upload]:
        """The file of a ticket, which is good only once; the file is deleted when the block ends. Raises UsageError
        for a ticket that was never given, has been used or has expired."""
        upload = self._kept.get(ticket)
        if upload is None or not upload.path.exists():
            raise UsageError("this upload is no longer here: choose the file again")
        taken = f"taken:{ticket}"
        self._kept[taken] = self._kept.pop(ticket)
        try:
            yield upload
        finally:
            self._discard(taken)

    def _refuse(self, size: int, address: str) -> None:
        if size > MAX_FILE:
            raise UploadRefused(f"the file is larger than the {MAX_FILE // 2**20} MB that are accepted")
        everybody = [upload.size for upload in self._kept.values()]
        own = [upload.size for upload in self._kept.values() if upload.address == address]
        too_much = sum(own) + size > MAX_ADDRESS or sum(everybody) + size > MAX_TOTAL
        if too_much or len(own) >= MAX_FILES_ADDRESS or len(everybody) >= MAX_FILES:
            raise UploadRefused("too many files are waiting to be read at the moment: try again in a minute")

    def _discard(self, ticket: str) -> None:
        upload = self._kept.pop(ticket, None)
        if upload is not None:
            with contextlib.suppress(OSError):
                upload.path.unlink(missing_ok=True)


async def _write(upload: Upload, body: AsyncIterator[bytes]) -> None:
    """Raises UsageError where the body is shorter or longer than `upload.size`."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    written, buffered = 0, bytearray()
    with os.fdopen(os.open(upload.path, flags, 0o600), "wb", buffering=0) as file:
        async for chunk in body:
            buffered += chunk
            if written + len(buffered) > upload.size:
                raise UsageError("the upload is longer than it was said to be: try again")
            if len(buffered) >= _WRITE_BYTES:
                written += await _flushed(file, buffered)
        written += await _flushed(file, buffered)
    if written != upload.size:
        raise UsageError("the upload was broken off: try again")


async def _flushed(file: BinaryIO, buffered: bytearray) -> int:
    """Writes out and empties the buffer; the number of bytes it held."""
    data = bytes(buffered)
    buffered.clear()
    await asyncio.to_thread(_write_all, file, data)
    return len(data)


def _write_all(file: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


@contextlib.contextmanager
def upload_folder() -> Iterator[Path]:
    """A private folder for uploads, deleted in the end. The folders that killed servers have left are deleted first."""
    scratch = Scratch(_PREFIX)
    try:
        yield scratch.path
    finally:
        scratch.close()
