"""Tells whether the files of Chroma's search graph are still what they were when the index was last closed.

Chroma reads these files without checking them: bytes changed on the disk crash the whole process, or find wrong
neighbours. So their digests are written down on closing and compared on opening (about 0.1 s for 50,000 vectors).

But: while an index is open, and after a crash, there is no seal and hence no check; and the SQLite file, which finds
its own damage, is not sealed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

SEAL_FILE = "seal.json"


def seal(directory: Path) -> None:
    """Writes down the digests of a directory that is no longer in use. Where the disk refuses, there is no seal."""
    temporary = directory / f"{SEAL_FILE}.new"
    with contextlib.suppress(OSError):
        temporary.write_text(json.dumps(_digests(directory)), "utf-8")
        os.replace(temporary, directory / SEAL_FILE)


def open_seal(directory: Path) -> str | None:
    """The name of a file that is not as it was sealed; None where all are, or where there is no seal. Then the seal is
    gone, because Chroma may write to the files as soon as it opens them."""
    file = directory / SEAL_FILE
    try:
        sealed = json.loads(file.read_text("utf-8"))
        found = _digests(directory)
        changed: list[str] = sorted(name for name in {*sealed, *found} if sealed.get(name) != found.get(name))
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    if changed:
        return changed[0]
    file.unlink(missing_ok=True)
    return None


def _digests(directory: Path) -> dict[str, str]:
    """Of the files of the search graphs: each collection has a directory of its own."""
    digests = {}
    for path in sorted(directory.glob("*/*")):
        with path.open("rb") as stream:
            digests[path.relative_to(directory).as_posix()] = hashlib.file_digest(stream, "blake2b").hexdigest()[:32]
    return digests
