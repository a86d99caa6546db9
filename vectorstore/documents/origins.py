"""A list of where an index's documents came from, kept beside the manifest and read only if the manifest is damaged:
it says what to ingest again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

ORIGINS_FILE = "origins.json"


def write_origins(directory: Path, origins: Mapping[str, str]) -> None:
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
