"""A document from the page into the index: an uploaded file or a web address, with progress, and one line about it.

There are three lines, one for small files, one for large ones and one for web addresses, so that a short text waits
neither for a long one nor for another server. Documents are stored in slices, so that several advance at the same time.
All of it stops when the server does.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from html import escape

from ingest.deadline import Stopped
from ingest.fetch import is_url
from ingest.loading import Loaded, load_upload, load_url
from ingest.pipeline import Progress, ingest_loaded
from ui.web.chat_view import sentence_case
from ui.web.line import Limits, Line
from ui.web.uploads import Uploads
from ui.web.visitors import Visitor
from vectorstore.errors import AttestError, InputError
from vectorstore.index import Index

SMALL = 100_000
"""Bytes of a file that goes into the line of small ones."""
_LIMITS = Limits(workers=4, workers_address=2, workers_each=1, most=64, most_address=24, most_each=4)
"""Of each of the three lines."""
MOST_DOCUMENTS, MOST_CHARACTERS = 5_000, 200_000_000
"""What the index may hold for visitors to add to it."""
_UPDATE_SECONDS = 1.0
_STOPPED = "the server is being stopped"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a document: `line` says it to the reader; `document_id` is None where nothing was added."""

    line: str
    document_id: str | None

    @property
    def html(self) -> str:
        """The line, escaped, as the page shows it."""
        look = 'class="report bad" role="alert"' if self.document_id is None else 'class="report" role="status"'
        return f"<p {look}>{escape(sentence_case(self.line))}</p>"


class Adding:
    """Adds documents to one index for many visitors. All of it runs on one event loop, the work in threads; `added` is
    called after each document."""

    def __init__(self, index: Index, uploads: Uploads, added: Callable[[], object] = lambda: None) -> None:
        self._index = index
        self._uploads = uploads
        self._added = added
        self._small, self._large, self._pages = Line(_LIMITS), Line(_LIMITS), Line(_LIMITS)
        self._pool = ThreadPoolExecutor(3 * _LIMITS.workers, thread_name_prefix="adding")
        self._stopping = threading.Event()

    async def upload(self, visitor: Visitor, ticket: str, progress: Progress) -> Added:
        """The file of a ticket, which is deleted afterwards."""
        try:
            with self._uploads.taken(ticket) as upload:
                load = partial(load_upload, upload.name, upload.path, stop=self._stopping.is_set)
                line = self._small if upload.size <= SMALL else self._large
                return await self._in_turn(line, visitor, partial(self._add, load, progress))
        except AttestError as error:
            return Added(str(error), None)

    async def address(self, visitor: Visitor, address: str, progress: Progress) -> Added:
        """The page at a web address, fetched on behalf of whoever typed it."""
        if not is_url(address):
            return Added("This is not the address of a web page: it begins with http:// or https://.", None)
        try:
            load = partial(load_url, address, stop=self._stopping.is_set)
            return await self._in_turn(self._pages, visitor, partial(self._add, load, progress))
        except AttestError as error:
            return Added(str(error), None)

    def stop(self) -> None:
        """Asks all that is under way to end."""
        self._stopping.set()

    def close(self) -> None:
        """Waits until all that was under way has ended; each checks every moment whether it is to stop."""
        self.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _in_turn(self, line: Line, visitor: Visitor, work: Callable[[], Added]) -> Added:
        with line.enter(visitor) as place:
            while not (called := await place.called(_UPDATE_SECONDS)) and not self._stopping.is_set():
                pass
            if not called or self._stopping.is_set():
                raise Stopped(_STOPPED)
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _add(self, load: Callable[[], Loaded], progress: Progress) -> Added:
        def step(done: int, total: int, what: str) -> None:
            if self._stopping.is_set():
                raise Stopped(_STOPPED)
            progress(done, total, what.rpartition(": ")[2].capitalize())  # the document's title stands beside it

        try:
            step(0, 1, "reading")
            heads = self._index.heads()
            if len(heads) >= MOST_DOCUMENTS or sum(head.characters for head in heads) >= MOST_CHARACTERS:
                raise InputError("this index is full: whoever runs it can remove documents, or serve another one")
            report = ingest_loaded(load(), self._index, step, stop=self._stopping.is_set)
        except Stopped:
            return Added(_STOPPED, None)
        except InputError as error:  # written for whoever sent the document
            return Added(str(error), None)
        except AttestError as error:
            _log.error("A document could not be added: %s", error)
        except Exception as error:
            _log.error("A document could not be added: %s", type(error).__name__)
        else:
            self._added()
            return Added(report.line(), report.document_id)
        return Added("The document could not be added: the server's log says why.", None)
