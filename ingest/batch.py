"""Documents that are stored together, and the reports that wait for them.

A change of the index waits for the disk several times, whatever its size; so small documents are collected and stored
in one change. A crash leaves each of them old or new. Where they cannot be stored together, each is stored alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.report import Report, Status, covered
from vectorstore.changes import Upserted
from vectorstore.documents.content import is_searched
from vectorstore.errors import AttestError, InputError
from vectorstore.printable import printable
from vectorstore.types import Document, Head, Passage, Structure, shown_text

if TYPE_CHECKING:
    from vectorstore.index import Index

MOST_VECTORS = 500
MOST_BYTES = 64 * 2**20
MOST_SECONDS = 2.0
"""A batch is stored when it has so many vectors or bytes of files, or its first document has waited so long for its
report."""

Step = Callable[[float, str], None]
"""Told the share done of a source, 0 to 1, and what is being done."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be stored; `structure` is None where it is stored already, `original` is the file that it
    names. `seconds` is the time spent on it so far."""

    document: Document
    passages: Sequence[Passage]
    structure: Structure | None
    before: Head | None
    warnings: tuple[str, ...]
    seconds: float
    step: Step
    original: bytes | None = None

    @property
    def vectors(self) -> int:
        """How many vectors it has, at most."""
        return sum(1 + len(passage.sentences) for passage in self.passages if is_searched(passage))

    def report(self, status: Status, result: Upserted, seconds: float = 0.0) -> Report:
        """Its report; `seconds` are added to the time spent on it."""
        return Report(
            origin=self.document.origin,
            title=self.document.title,
            document_id=self.document.id,
            characters=len(self.document.text),
            covered=covered(shown_text(self.document), self.passages),
            passages=len(self.passages),
            embedded=result.embedded,
            reused=result.reused,
            seconds=self.seconds + seconds,
            warnings=self.warnings,
            error=None,
            status=status,
        )


def failed(name: str, message: str, before: Head | None, seconds: float, warnings: tuple[str, ...]) -> Report:
    """The report of a source that could not be used; `before` is what the index holds of it."""
    identity, title = (before.id, before.title) if before is not None else (None, Path(name).name or name)
    return Report(name, title, identity, 0, 0.0, 0, 0, 0, seconds, warnings, " ".join(message.split()), "failed")


class Batch:
    """Documents that wait to be stored in `index`, and reports that wait for them. `known`: the heads of the index's
    documents by origin, kept up to date."""

    def __init__(self, index: Index, known: dict[str, Head]) -> None:
        self.index = index
        self.known = known
        self._waiting: list[Prepared | Report] = []
        self._titles: dict[str, set[str]] = {}
        for origin, head in known.items():
            self._titles.setdefault(head.title, set()).add(origin)
        self._since = 0.0

    def add(self, one: Prepared | Report) -> None:
        """Adds one at the end. A report is given after those of the documents before it."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(one)
        if isinstance(one, Prepared):
            if one.before is not None:
                self._titles.get(one.before.title, set()).discard(one.document.origin)
            self._titles.setdefault(one.document.title, set()).add(one.document.origin)

    def holds(self, document: Document) -> bool:
        """Whether a document of the same origin or id waits."""
        waiting = [one.document for one in self._waiting if isinstance(one, Prepared)]
        return any(document.origin == other.origin or document.id == other.id for other in waiting)

    def names_another(self, title: str, document: Document) -> bool:
        """Whether another document, stored or waiting, has this title."""
        return any(origin != document.origin for origin in self._titles.get(title, ()))

    @property
    def full(self) -> bool:
        """Whether it is to be stored now."""
        vectors = sum(one.vectors for one in self._waiting if isinstance(one, Prepared))
        late = bool(self._waiting) and time.monotonic() - self._since > MOST_SECONDS
        size = sum(len(one.original or b"") for one in self._waiting if isinstance(one, Prepared))
        many = vectors >= MOST_VECTORS or size >= MOST_BYTES
        return not any(isinstance(one, Prepared) for one in self._waiting) or late or many

    def stored(self, *, alone: bool = False) -> Iterator[Report]:
        """Stores what waits and gives one report for each, in the order added. A document that cannot be stored is
        reported as failed; with `alone`, for a batch of one, its InputError is raised. Raises errors of the index."""
        waiting, self._waiting = self._waiting, []
        documents = [one for one in waiting if isinstance(one, Prepared)]
        try:
            reports = self._store(documents)
        except (AttestError, ValueError) as error:
            if alone or (len(documents) == 1 and not isinstance(error, InputError | ValueError)):
                raise
            for one in waiting:
                yield one if isinstance(one, Report) else self._store_alone(one)
            return
        for one in waiting:
            yield one if isinstance(one, Report) else reports.pop(0)

    def _store(self, documents: Sequence[Prepared]) -> list[Report]:
        if not documents:
            return []
        begun = time.perf_counter()
        step, others = documents[-1].step, len(documents) - 1

        def embedded(done: int, total: int) -> None:
            beside = f", with {others} before it" if others else ""
            step(0.1 + 0.9 * done / max(1, total), f"embedding {done:,} of {total:,}{beside}")

        results = self.index.upsert_all(
            [(one.document, one.passages) for one in documents],
            embedded,
            structures={one.document.id: one.structure for one in documents if one.structure is not None},
            originals={one.document.id: one.original for one in documents if one.original is not None},
        )
        seconds, total = time.perf_counter() - begun, max(1, sum(one.vectors for one in documents))
        reports = []
        for one, result in zip(documents, results, strict=True):
            self.known[one.document.origin] = Head.of(one.document)
            status: Status = "added" if one.before is None else "updated"
            reports.append(one.report(status, result, seconds * one.vectors / total))
        return reports

    def _store_alone(self, one: Prepared) -> Report:
        try:
            (report,) = self._store([one])
        except InputError as error:
            return failed(one.document.origin, str(error), one.before, one.seconds, one.warnings)
        except ValueError as error:
            message = f"{printable(one.document.origin)} could not be stored ({type(error).__name__})"
            return failed(one.document.origin, message, one.before, one.seconds, one.warnings)
        return report
