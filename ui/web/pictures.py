"""Pages of documents as pictures, for many visitors: drawn in processes of their own, a few at a time, and remembered.

Whoever asks names a document of the index, the file that its page was told of, and a number: no path, and never more
than the picture of one page comes back. Each address has a share of the line, so that pages that take long to draw hold
up others for a while at most; a page that cannot be drawn is not tried again
soon.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ingest.convert.confined import MOST_DRAWING, draw, image_type
from ingest.convert.limits import MAX_PAGES
from ingest.convert.textfile import Picture
from ingest.deadline import Stopped
from ui.web.line import Limits, Line
from ui.web.visitors import Visitor
from vectorstore.errors import AttestError, IndexDamaged, InputError
from vectorstore.index import Index

REMEMBERED = 64 * 2**20
"""Bytes of pictures."""
MOST_FAILURES = 2_000
FORGOTTEN = 600.0
"""Seconds after which a page that could not be drawn may be tried again."""
_LIMITS = Limits(
    workers=MOST_DRAWING,
    workers_address=MOST_DRAWING,
    workers_each=MOST_DRAWING,
    most=48,
    most_address=12,
    most_each=12,
)
_UPDATE_SECONDS = 1.0
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_log = logging.getLogger(__name__)

_Key = tuple[str, int]


class NoPicture(AttestError):
    """There is nothing to show: no such document, file or page."""


class Pictures:
    """The pictures of one index. All of it runs on one event loop, the work in threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._line = Line(_LIMITS)
        self._pool = ThreadPoolExecutor(MOST_DRAWING, thread_name_prefix="drawing")
        self._stopping = threading.Event()
        self._known: OrderedDict[_Key, bytes] = OrderedDict()
        self._size = 0
        self._failed: OrderedDict[_Key, tuple[float, str]] = OrderedDict()
        self._begun: dict[_Key, asyncio.Future[bytes]] = {}

    async def checked(self, document_id: str, original: str, number: str) -> int:
        """The number of a page that may be asked for. Raises NoPicture unless the document is in the index and has
        this file now, and IndexDamaged where it cannot be read."""
        try:
            document = await asyncio.to_thread(self._index.document, document_id)
        except KeyError:
            raise NoPicture("this document is no longer here") from None
        if document.original is None or document.original != original:
            raise NoPicture("this document has changed: reload the page")
        if not _NUMBER.fullmatch(number) or int(number) > MAX_PAGES:
            raise NoPicture("this document has no such page")
        return int(number)

    async def page(self, visitor: Visitor, original: str, number: int) -> bytes:
        """A page as JSON: its number, how many there are, width and height in points, and the picture as an address
        that holds it. Raises NoPicture where there is none, LineFull, and Stopped where the server is being stopped,
        IndexDamaged where the file is not what was kept."""
        key = (original, number)
        if (known := self._remembered(key)) is not None:
            return known
        with self._line.enter(visitor) as place:
            while not await place.called(_UPDATE_SECONDS):
                if self._stopping.is_set():
                    raise Stopped("the server is being stopped")
            if (known := self._remembered(key)) is not None:
                return known
            if key not in self._begun:
                work = asyncio.get_running_loop().run_in_executor(self._pool, self._draw, *key)
                self._begun[key] = asyncio.ensure_future(work)
                self._begun[key].add_done_callback(partial(self._settled, key))
            return await asyncio.shield(self._begun[key])

    def stop(self) -> None:
        """Asks all that is under way to end."""
        self._stopping.set()

    def close(self) -> None:
        """Waits until nothing is under way any more."""
        self.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _remembered(self, key: _Key) -> bytes | None:
        """Raises NoPicture where the page could not be drawn a short time ago."""
        failed, message = self._failed.get(key, (-FORGOTTEN, ""))
        if time.monotonic() - failed < FORGOTTEN:
            raise NoPicture(message)
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def _draw(self, original: str, number: int) -> bytes:
        data = self._index.originals.read(original)
        if data is None:
            raise IndexDamaged("the file of a document is missing or damaged: `attest doctor` says which")
        try:
            return _as_json(draw(data, "this document", number, stop=self._stopping.is_set))
        except Stopped:
            raise
        except InputError as error:
            raise NoPicture(str(error)) from error

    def _settled(self, key: _Key, drawn: asyncio.Future[bytes]) -> None:
        self._begun.pop(key, None)
        if drawn.cancelled():
            return
        error = drawn.exception()
        if isinstance(error, NoPicture):
            self._failed[key] = time.monotonic(), str(error)
            while len(self._failed) > MOST_FAILURES:
                self._failed.popitem(last=False)
        elif error is None:
            self._known[key] = drawn.result()
            self._size += len(drawn.result())
            while self._size > REMEMBERED and len(self._known) > 1:
                self._size -= len(self._known.popitem(last=False)[1])


def _as_json(picture: Picture) -> bytes:
    """The answer to page.js; the picture's kind is that of its first bytes."""
    address = f"data:{image_type(picture.image)};base64,{base64.b64encode(picture.image).decode('ascii')}"
    answer = {
        "page": picture.page,
        "pages": picture.pages,
        "width": picture.width,
        "height": picture.height,
        "picture": address,
    }
    return json.dumps(answer).encode("ascii")
