"""Compares what an index holds with what it should hold, vector by vector.

A damaged Chroma directory can still have the right number of vectors and answer, wrongly; so every vector is fetched
and compared with the digest of what was stored. Repairs are made by `rebuild.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.documents.content import Content
from vectorstore.documents.records import digest
from vectorstore.errors import AttestError
from vectorstore.search.dense import PASSAGES, SENTENCES, DenseIndex
from vectorstore.types import Document, Passage, shown, text_sha256

SEARCHED = 200


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared, and what was found wrong; `problems` is empty for a sound index. `lost` of them are documents
    whose text or file is damaged, which no rebuild brings back."""

    documents: int
    passages: int
    vectors: int
    problems: tuple[str, ...]
    lost: int = 0

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(
    content: Content,
    manifest_problems: list[str],
    dense: DenseIndex,
    dimension: int,
    lost: int = 0,
    filed: Callable[[Document], str | None] = lambda _: None,
) -> Verified:
    """Checks texts against their SHA-256, offsets against texts, vectors against digests and against each other.
    `filed` says what is wrong with the file of a document, which no rebuild brings back."""
    problems = list(manifest_problems)
    for document in content.documents.values():
        if (problem := filed(document)) is not None:
            problems.append(problem)
            lost += 1
        problems += check_document(document, [row.passage for row in content.stored[document.id]])
    expected = content.digests()
    problems += _check_vectors(expected, dense, dimension)
    passages = sum(len(rows) for rows in content.stored.values())
    return Verified(len(content.documents), passages, len(expected), tuple(problems), lost)


def check_document(document: Document, passages: list[Passage]) -> list[str]:
    """What is wrong with a document: its text, the order of its passages, how their sentences tile them."""
    problems = []
    if text_sha256(document.text) != document.sha256:
        problems.append(f"{document.id}: the text is not the one that was stored (its SHA-256 differs)")
    at = 0
    for passage in passages:
        if not at <= passage.start < passage.end <= len(document.text):
            problems.append(f"{document.id}: passage {passage.id} lies outside the text or out of order")
        elif not _tiled(document, passage):
            problems.append(f"{document.id}: the sentences of passage {passage.id} do not cover it in order")
        at = passage.end
    return problems


def _tiled(document: Document, passage: Passage) -> bool:
    at = passage.start
    for span in passage.sentences:
        if not at <= span.start < span.end <= passage.end or shown(document, at, span.start).strip():
            return False
        at = span.end
    return not shown(document, at, passage.end).strip()


def _check_vectors(expected: dict[str, bytes], dense: DenseIndex, dimension: int) -> list[str]:
    try:
        found = dense.vectors(list(expected))
        extra = [name for name in dense.ids() if name not in expected]
    except AttestError as error:
        return [str(error)]
    problems = []
    for name, value in expected.items():
        row = found.get(name)
        if row is None:
            problems.append(f"vector {name} is missing")
        elif row.shape != (dimension,) or not np.isfinite(row).all():
            problems.append(f"vector {name} has the shape {row.shape}, or values that are no numbers")
        elif digest(row) != value:
            problems.append(f"vector {name} is not the one that was stored")
    problems += [f"vector {name} belongs to no passage" for name in extra]
    return problems or _check_search(sorted(expected), found, dense)


def _check_search(names: list[str], vectors: dict[str, NDArray[np.float32]], dense: DenseIndex) -> list[str]:
    """Whether the search finds what it is asked for, on up to 200 of the vectors: the graph that it walks can be
    damaged where the vectors are not."""
    problems = []
    for name in names[:: max(1, len(names) // SEARCHED)]:
        collection = SENTENCES if ":" in name else PASSAGES
        nearest = dense.nearest(collection, vectors[name], 1, None)
        if not nearest or float(vectors[nearest[0]] @ vectors[name]) < 1 - 1e-4:
            problems.append(f"a search for the vector {name} does not find it")
    return problems
