"""A passage as it is read, and the reading of it before anybody asks.

What the reader's lower layers make of a passage does not depend on the question: `prepare` has it made and kept for a
whole index, so that no question waits for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.reader.runtime import Reader, Told
from vectorstore.documents.shelf import is_searched
from vectorstore.embedded_text import Reading, context_prefix, reading
from vectorstore.errors import IndexDamaged
from vectorstore.index import Index
from vectorstore.types import Document, Passage, shown_text

Progress = Callable[[int, int], object]
"""Gets the numbers of passages read and to read; may raise, to stop."""


@dataclass(frozen=True, slots=True)
class Readable:
    """`told`: the text under its heading; `read`: where its sentences are in it, and its characters in the document."""

    told: Told
    read: Reading


def readable(document: Document, passages: Iterable[Passage]) -> dict[str, Readable]:
    """Passages of the document as they are read, by their ids: under the document's title and their section."""
    text, found = shown_text(document), {}
    for passage in passages:
        read = reading(text, passage.sentences)
        heading = context_prefix(document.title, passage.section).strip().removesuffix(".")  # as the reader learned
        told = Told(read.text, heading, passage.id)
        found[passage.id] = Readable(told, read)
    return found


def prepare(index: Index, reader: Callable[[], Reader], progress: Progress | None = None) -> int:
    """Has read what the index lacks, and gives the number of passages that were. `reader` is called only where there
    are any. What `progress` raises comes out; what was read until then is kept."""
    known = index.kept.names()
    missing: dict[str, set[str]] = {}
    for head in index.heads():
        with contextlib.suppress(KeyError, IndexDamaged):  # removed since, or not to be read
            missing[head.id] = {p.id for p in index.passages(head.id) if is_searched(p) and p.id not in known}
    total, done = sum(map(len, missing.values())), 0

    def one_more() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    for document_id, names in missing.items():
        texts: list[Told] = []
        with contextlib.suppress(KeyError, IndexDamaged):
            document = index.document(document_id)
            wanted = [passage for passage in index.passages(document_id) if passage.id in names]
            texts = [text.told for text in readable(document, wanted).values()]
        if texts:
            reader().states(texts, index.kept, one_more)
    return done
