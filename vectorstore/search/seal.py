"""Tells whether the files of the vectors are still what they were when the index was last closed, and what they held.

Chroma reads its files without checking them: bytes changed on the disk crash the whole process, find wrong neighbours
or come back as other vectors. So closing the index writes down the digests of the files, the seal, and opening compares
them, in as many threads as there are processors (0.2 s for 70,000 vectors on two).

While an index is open, and after a crash, there is no seal. Then, and where the seal itself has changed, every vector
has to be compared with its digest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from vectorstore.disk.filesum import filesum
from vectorstore.embedding.embedder import available_cpus

SEAL_FILE = "seal.json"
_VERSION = 2

State = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """What a seal said when it was opened: what the vectors held, and the files' digests with their size, time and
    inode, for the next seal; `changed` is a file that is not as it was sealed."""

    holds: str | None
    changed: str | None
    known: Mapping[str, tuple[State, str]]


def seal(directory: Path, holds: str | None, known: Mapping[str, tuple[State, str]]) -> None:
    """Writes down the digests of a directory that is no longer in use, and what its vectors `hold` (None where nobody
    has made sure of it). A file that is in the state `known` is not read again; another is synced to the disk first, so
    that no seal outlives in a power cut what it is of. Where the disk refuses, there is no seal."""
    temporary = directory / f"{SEAL_FILE}.new"
    with contextlib.suppress(OSError):
        files = {name: value for name, (_, value) in _digests(directory, known, sync=True).items()}
        body = json.dumps({"version": _VERSION, "holds": holds, "files": files})
        temporary.write_text(json.dumps({"sha256": _sha256(body), "sealed": body}), "utf-8")
        os.replace(temporary, directory / SEAL_FILE)


def open_seal(directory: Path) -> Opened:
    """Compares the files with the seal. Then the seal is gone, because Chroma may write to the files as soon as it
    opens them; where a file has changed, it stays."""
    file = directory / SEAL_FILE
    try:
        outer = json.loads(file.read_text("utf-8"))
        body = outer["sealed"]
        whole = outer["sha256"] == _sha256(body)
        sealed = json.loads(body) if whole else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        sealed = {}
    if sealed.get("version") != _VERSION:
        file.unlink(missing_ok=True)
        return Opened(None, None, {})
    found = _digests(directory, {})
    files = sealed["files"]
    changed = sorted(name for name in {*files, *found} if name not in found or found[name][1] != files.get(name))
    if changed:
        return Opened(None, changed[0], {})
    file.unlink(missing_ok=True)
    return Opened(sealed["holds"], None, found)


def _digests(
    directory: Path, known: Mapping[str, tuple[State, str]], *, sync: bool = False
) -> dict[str, tuple[State, str]]:
    """Every file but the seal and hidden ones: its state, and its SHA-256. What others have changed meanwhile raises
    OSError."""
    paths = {
        path.relative_to(directory).as_posix(): path
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.startswith((".", SEAL_FILE))
    }

    def described(name: str) -> tuple[State, str]:
        status = paths[name].stat()
        state = (status.st_size, status.st_mtime_ns, status.st_ino)
        if name in known and known[name][0] == state:
            return known[name]
        if sync:
            with paths[name].open("r+b") as written:
                os.fsync(written.fileno())
        return state, filesum(paths[name])

    with ThreadPoolExecutor(available_cpus()) as readers:
        return dict(zip(paths, readers.map(described, paths), strict=True))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
