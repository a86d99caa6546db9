"""A list of where an index's documents came from, kept beside the manifest and read only if the manifest is damaged:
it says what to ingest again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from vectorstore.disk.place import Place
from vectorstore.documents.manifest import Manifest
from vectorstore.errors import AttestError

ORIGINS_FILE = "origins.json"


def keep_origins(place: Place, manifest: Manifest) -> None:
    """Keeps the origins of the documents that the manifest names, those of damaged ones too, where the index may be
    written."""
    if place.writable:
        with contextlib.suppress(AttestError):  # damage is told where something is read
            origins = {head.id: head.origin for head in manifest.heads()}
            damaged = {e.document_id: e.origin for e in manifest.left_out.values() if e.origin is not None}
            _write_origins(place.named, {**origins, **damaged})


def _write_origins(directory: Path, origins: Mapping[str, str]) -> None:
    """Keeps the origin of each document by its id, where the list has changed. Where the disk refuses, the old list
    stays."""
    if read_origins(directory) == origins:
        return
    temporary = directory / f"{ORIGINS_FILE}.new"
    try:
        temporary.write_text(json.dumps(dict(origins), ensure_ascii=False, indent=1), "utf-8")
        os.replace(temporary, directory / ORIGINS_FILE)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def read_origins(directory: Path) -> dict[str, str]:
    """Empty where there is no list, or no whole one."""
    try:
        values = json.loads((directory / ORIGINS_FILE).read_text("utf-8"))
        return {str(name): str(origin) for name, origin in values.items()}
    except (OSError, ValueError, AttributeError):
        return {}
