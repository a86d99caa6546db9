"""Tells whether the files of Chroma's search graph are still what they were when the index was last closed.

Chroma reads these files without checking them: bytes changed on the disk crash the whole process, or find wrong
neighbours. So their digests are written down on closing and compared on opening (about 0.1 s for 50,000 vectors).

But: after a crash there is no seal, hence no check, until the index is closed the next time; and the SQLite file,
which finds its own damage, is not sealed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

SEAL_FILE = "seal.json"


def seal(directory: Path) -> None:
    """Writes the seal of a directory that is no longer in use, unless the files are as they were when it was last
    written. Where the disk refuses, there is no seal."""
    times = _times(directory)
    with contextlib.suppress(OSError):
        if _read(directory).get("times") == times:
            return
        temporary = directory / f"{SEAL_FILE}.new"
        temporary.write_text(json.dumps({"times": times, "digests": _digests(directory)}), "utf-8")
        os.replace(temporary, directory / SEAL_FILE)


def break_seal(directory: Path) -> None:
    """Must come before the first change."""
    (directory / SEAL_FILE).unlink(missing_ok=True)


def broken(directory: Path) -> str | None:
    """The name of a file that is not as it was sealed; None where all are, or where there is no seal."""
    sealed = _read(directory).get("digests")
    if not sealed:
        return None
    found = _digests(directory)
    return next((name for name in sorted({*sealed, *found}) if sealed.get(name) != found.get(name)), None)


def _read(directory: Path) -> dict[str, dict[str, object]]:
    try:
        kept = json.loads((directory / SEAL_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _files(directory: Path) -> list[Path]:
    """The files of the search graphs: each collection has a directory of its own."""
    return sorted(path for path in directory.glob("*/*") if path.is_file())


def _times(directory: Path) -> dict[str, object]:
    return {
        str(path.relative_to(directory)): [path.stat().st_size, path.stat().st_mtime_ns] for path in _files(directory)
    }


def _digests(directory: Path) -> dict[str, object]:
    digests: dict[str, object] = {}
    for path in _files(directory):
        with path.open("rb") as stream:
            digests[str(path.relative_to(directory))] = hashlib.file_digest(stream, "blake2b").hexdigest()[:32]
    return digests
