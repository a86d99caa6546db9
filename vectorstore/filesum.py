"""The SHA-256 of a file, so that an index that nobody has touched since it was closed opens without reading every row.

But: what to do where it differs is decided by who asks.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def filesum(file: Path) -> str:
    """64 hexadecimal digits, at about 1 GB/s. Raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
