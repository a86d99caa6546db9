"""Reading passages before anybody asks.

What the reader's lower layers make of a passage does not depend on the question: `prepare` has it made and kept for a
whole index, so that no question waits for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from vectorstore.documents.shelf import is_searched
from vectorstore.embedded_text import Told, readable
from vectorstore.embedding.encoder import Encoder
from vectorstore.errors import IndexDamaged
from vectorstore.index import Index

Progress = Callable[[int, int], object]
"""Gets the numbers of passages read and to read; may raise, to stop."""


def prepare(index: Index, encoder: Callable[[], Encoder], progress: Progress | None = None) -> int:
    """Has read what the index lacks, and gives the number of passages that were. `encoder` is called only where there
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
            encoder().states(texts, index.kept, one_more)
    return done
