"""A document from the page into the index: an uploaded file or a web address, with progress, and one line about it.

But: reading, splitting and storing are ingest's work; the page shows how far it is and what became of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ingest.fetch import is_url
from ingest.loading import Loaded, load_upload, load_url
from ingest.pipeline import ingest_loaded
from ui.chat_view import sentence_case
from vectorstore.errors import AttestError
from vectorstore.index import Index

Progress = Callable[[float, str], object]
"""Called with the share done, 0 to 1, and what is being done, in a few words."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of it: `line` for the reader, as text; `document_id` is None where nothing was added."""

    line: str
    document_id: str | None

    @property
    def html(self) -> str:
        """The line, escaped, as the page shows it."""
        if self.document_id is None:
            return f'<p class="report bad" role="alert">{escape(sentence_case(self.line))}</p>'
        return f'<p class="report" role="status">{escape(sentence_case(self.line))}</p>'


def add_upload(path: Path, folder: Path, index: Index, progress: Progress) -> Added:
    """Brings the uploaded file at `path` into the index and deletes the file. `folder` is where uploads lie: no other
    path is read."""
    path = path.resolve()
    if not path.is_relative_to(folder.resolve()):
        return Added("This is not an uploaded file.", None)
    try:
        return _add(lambda: load_upload(path.name, path), index, progress)
    finally:
        path.unlink(missing_ok=True)


def add_address(address: str, index: Index, progress: Progress) -> Added:
    """Fetches the page at `address`, on behalf of whoever typed it, and brings it into the index."""
    if not is_url(address):
        return Added("This is not the address of a web page: it begins with http:// or https://.", None)
    return _add(lambda: load_url(address), index, progress)


def _add(load: Callable[[], Loaded], index: Index, progress: Progress) -> Added:
    progress(0.0, "Reading")
    try:
        loaded = load()
        report = ingest_loaded(loaded, index, lambda done, total, what: progress(done / max(1, total), _step(what)))
    except AttestError as error:
        return Added(str(error), None)
    return Added(report.line(), report.document_id)


def _step(what: str) -> str:
    """The step without the document's title, which stands beside it."""
    return what.rpartition(": ")[2].capitalize()
