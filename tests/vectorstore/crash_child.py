"""Run by the crash tests: `python crash_child.py INDEX ACTION POINT` changes an index and dies at a point.

ACTION is upsert, batch, delete or rebuild; POINT is CLASS.METHOD with "before:", "inside:" or "after:" in front; inside
is after the first slice of a method that works in slices. The process ends there without clean-up.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.vectorstore.conftest import BAKERY, LIGHTHOUSE, made, split_document
from vectorstore.documents.manifest import Manifest
from vectorstore.embedding.models import load_embedder
from vectorstore.index import Index
from vectorstore.rebuild import rebuild
from vectorstore.search.dense import DenseIndex

EXIT = 77


def die_at(point: str) -> None:
    """Replaces the method at `point` by one that ends the process."""
    when, _, name = point.partition(":")
    owner: Any = {"Manifest": Manifest, "DenseIndex": DenseIndex}[name.split(".")[0]]
    method = name.split(".")[1]
    original: Callable[..., Any] = getattr(owner, method)

    def dying(self: Any, *arguments: Any, **named: Any) -> Any:
        if when != "before":
            done = original(self, *arguments, **named)
            if isinstance(done, Iterator):
                next(done, None)
                for _ in done if when == "after" else ():
                    pass
        os._exit(EXIT)

    setattr(owner, method, dying)


def main() -> None:
    directory, action, point = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    embedder = load_embedder()
    if action == "rebuild":
        die_at(point)
        rebuild(directory, embedder, "2", split_document)
        return
    index = Index.open(directory, embedder, splitter="1")
    die_at(point)
    edited = made("lighthouse", LIGHTHOUSE.replace("412", "418").replace("# The lamp\n", ""), "Gull Rock")
    second = made("second", BAKERY)
    if action == "delete":
        index.delete("lighthouse")
    elif action == "batch":
        index.upsert_all([second, edited, made("bakery", BAKERY + " It closed in 1911.")])
    else:
        index.upsert(*edited)
        index.upsert(*second)


if __name__ == "__main__":
    main()
