"""What a command line's targets stand for: single files, web addresses, the files inside folders.

But: it opens no file and fetches nothing; whether a source can be read shows when it is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.fetch import is_url
from vectorstore.errors import UsageError
from vectorstore.printable import printable

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".vtt": "subtitles",
    ".srt": "subtitles",
    ".csv": "csv",
    ".tsv": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".epub": "epub",
    ".eml": "mail",
    ".emlx": "mail",
}
"""Endings of file names, lower case, and the converter for each."""
UNREAD_SHEETS = frozenset({".xls", ".xlsb", ".ods", ".fods", ".numbers"})
"""Endings of spreadsheets that are refused with what to do instead."""
UNREAD_MAIL = frozenset({".mbox", ".msg", ".pst", ".ost", ".dbx"})
"""Endings of mail that is refused with what to do instead."""
SUPPORTED = ".txt, .md, .html, .pdf, .docx, .xlsx, .epub, .eml, .csv, .tsv, .vtt and .srt"
"""The kinds of file, for messages."""


@dataclass(frozen=True)
class Source:
    """One file or one web page: exactly one of `path` and `url` is set."""

    path: Path | None = None
    url: str | None = None

    @property
    def name(self) -> str:
        """The path or address as given, on one line."""
        return printable(str(self.path) if self.path is not None else self.url or "")


@dataclass(frozen=True)
class Found:
    """What one target stands for. `folder` is set where it is a folder: then `skipped` counts the files left out as
    hidden or of other kinds, `unlisted` the folders inside that could not be listed. `repeated` counts the sources that
    an earlier target stands for as well; they are not in `sources`."""

    target: str
    sources: tuple[Source, ...]
    folder: Path | None = None
    skipped: int = 0
    unlisted: int = 0
    repeated: int = 0


def find_sources(targets: Sequence[str]) -> list[Found]:
    """What each target stands for, in the order given; a file that several targets name is found once. Raises
    UsageError for a blank target, which would stand for the current folder."""
    if not all(target.strip() for target in targets):
        raise UsageError("one of the things to ingest has an empty name. Give files, folders or web addresses")
    seen: set[str] = set()
    found: list[Found] = []
    for target in targets:
        entry = _find(target)
        fresh = []
        for source in entry.sources:
            key = source.url if source.url is not None else os.path.realpath(source.path or "")
            if key not in seen:
                seen.add(key)
                fresh.append(source)
        found.append(replace(entry, sources=tuple(fresh), repeated=len(entry.sources) - len(fresh)))
    return found


def _find(target: str) -> Found:
    if is_url(target):
        return Found(target, (Source(url=target),))
    path = Path(target)
    if not path.is_dir():
        return Found(target, (Source(path=path),))
    files, skipped, unlisted = _walk(path)
    return Found(target, tuple(Source(path=file) for file in files), path, skipped, unlisted)


def _walk(folder: Path) -> tuple[list[Path], int, int]:
    """The readable kinds of file under `folder`, sorted by path, and how many files and folders were left out. Links
    are followed; a folder that was entered before, by whatever name, is not entered again."""
    files: list[Path] = []
    skipped = 0
    failures: list[OSError] = []
    entered: set[str] = set()
    for current, folders, names in os.walk(folder, onerror=failures.append, followlinks=True):
        real = os.path.realpath(current)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.startswith(".") or Path(name).suffix.lower() not in SUFFIXES:
                skipped += 1
            else:
                files.append(Path(current, name))
    return sorted(files), skipped, len(failures)
