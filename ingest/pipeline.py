"""The ingest run: sources in, one report per document out; what is unchanged costs nothing, what fails stops nothing.

But: it decides neither how texts are converted (ingest.loading), nor split (ingest.passages), nor stored (vectorstore).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.fetch import is_url, normalised
from ingest.loading import Loaded, load_file, load_url
from ingest.report import Report, Status, covered, searched
from ingest.sources import SUPPORTED, Found, Source, find_sources, printable
from ingest.textfile import counted
from vectorstore.errors import AttestError, DocumentDamaged, InputError, UsageError
from vectorstore.types import Document, Passage

if TYPE_CHECKING:
    from vectorstore.index import Index

__all__ = ["Progress", "Report", "ingest", "ingest_loaded", "remove"]

Progress = Callable[[int, int, str], object]
"""Called with (done, total, what): steps done, steps in all, and what is being done, in a few words."""

_STEPS = 100
"""Progress steps of one source."""


def ingest(targets: Sequence[str], index: Index, progress: Progress | None = None) -> Iterator[Report]:
    """Loads, splits and stores everything that `targets` (files, folders, URLs) stand for; one report per document, as
    it is done. A source that cannot be used is reported as failed and the rest goes on. Documents whose file vanished
    from a folder among the targets are removed and reported, provided that something in the folder could be read.
    Raises UsageError for a blank target and what concerns the index itself: StorageError,
    IndexInUse, IndexMismatch, IndexDamaged."""
    found = find_sources(targets)
    total = sum(len(entry.sources) for entry in found)
    known = {document.origin: document for document in index.documents()}
    done = 0
    for entry in found:
        remarks = _remarks(entry)
        if entry.folder is not None and not entry.sources and not entry.repeated:
            message = f"{printable(entry.target)} is a folder without readable files. Supported are {SUPPORTED}"
            yield _failed(entry.target, message, None, 0.0, remarks)
        readable = entry.repeated > 0
        for source in entry.sources:
            report = _ingest_source(source, index, known, partial(_step, progress, done, total, source.name), remarks)
            yield report
            done, remarks, readable = done + 1, (), readable or report.error is None
        if entry.folder is not None and readable:
            yield from _remove_vanished(entry.folder, index, known)
    if progress is not None and total:
        progress(total * _STEPS, total * _STEPS, "done")


def ingest_loaded(loaded: Loaded, index: Index, progress: Progress | None = None) -> Report:
    """Splits and stores one document that is loaded already, such as an upload or a bundled article. Raises what
    concerns the index, and InputError where the text cannot be split."""
    known = {document.origin: document for document in index.documents()}
    step = partial(_step, progress, 0, 1, loaded.document.title)
    report = _store(loaded, index, known, step, time.perf_counter(), ())
    step(1.0, "done")
    return report


def remove(index: Index, name: str) -> Report:
    """Removes the document that `name` names: by id, else by origin (a path may be relative), else by title. Raises
    UsageError where it names none or several."""
    documents = index.documents()
    origin = _origin(name)
    matches = (
        [document for document in documents if document.id == name]
        or [document for document in documents if document.origin in (name, origin)]
        or [document for document in documents if document.title == name]
    )
    if not matches:
        for damaged in index.left_out():
            if name == damaged.document_id or (damaged.origin or "") in (name, origin) or name == damaged.title:
                return _remove_damaged(damaged, index)
        raise UsageError(f"{printable(name)!r} names no document of the index. Use an id, a title, a path or a URL")
    if len(matches) > 1:
        ids = ", ".join(document.id for document in matches)
        raise UsageError(f"{printable(name)!r} names several documents. Use one of the ids: {ids}")
    return _remove(matches[0], index, ())


def _ingest_source(
    source: Source,
    index: Index,
    known: dict[str, Document],
    step: Callable[[float, str], None],
    remarks: tuple[str, ...],
) -> Report:
    begun = time.perf_counter()
    step(0.0, "reading")
    try:
        loaded = load_url(source.url) if source.url is not None else load_file(source.path or Path())
        return _store(loaded, index, known, step, begun, remarks)
    except InputError as error:
        message = str(error) + _left_behind(source, known)
        return _failed(source.name, message, known.get(_origin(source.name)), time.perf_counter() - begun, remarks)


def _store(
    loaded: Loaded,
    index: Index,
    known: dict[str, Document],
    step: Callable[[float, str], None],
    begun: float,
    remarks: tuple[str, ...],
) -> Report:
    """Brings one document into the index, or finds that it is there already."""
    document = loaded.document
    before = known.get(document.origin)
    if before is not None:
        document = replace(document, id=before.id)  # a page that changes its title stays the same document
    report = partial(_report, document, warnings=(*loaded.warnings, *remarks))
    if before == document:
        passages = index.passages(document.id)
        reused = searched(passages)
        return report("unchanged", passages, embedded=0, reused=reused, seconds=time.perf_counter() - begun)
    step(0.05, "splitting")
    passages = _split(document, index)
    step(0.1, "embedding")

    def embedded(done: int, total: int) -> None:
        step(0.1 + 0.9 * done / max(1, total), f"embedding {done:,} of {total:,}")

    upserted = index.upsert(document, passages, progress=embedded)
    known[document.origin] = document
    return report(
        "added" if before is None else "updated",
        passages,
        embedded=upserted.embedded,
        reused=upserted.reused,
        seconds=time.perf_counter() - begun,
    )


def _split(document: Document, index: Index) -> list[Passage]:
    """The passages of a document. A text that defeats the splitter is one failed document, not the end of the run."""
    from ingest.passages import split_passages

    try:
        return split_passages(document, index.embedder)
    except AttestError:
        raise
    except Exception as error:
        raise InputError(f"{printable(document.origin)} could not be split ({type(error).__name__})") from error


def _report(
    document: Document,
    status: Status,
    passages: Sequence[Passage],
    *,
    embedded: int,
    reused: int,
    seconds: float,
    warnings: tuple[str, ...],
) -> Report:
    return Report(
        origin=document.origin,
        title=document.title,
        document_id=document.id,
        characters=len(document.text),
        covered=covered(document.text, passages),
        passages=len(passages),
        embedded=embedded,
        reused=reused,
        seconds=seconds,
        warnings=warnings,
        error=None,
        status=status,
    )


def _failed(name: str, message: str, before: Document | None, seconds: float, warnings: tuple[str, ...]) -> Report:
    identity, title = (before.id, before.title) if before is not None else (None, Path(name).name or name)
    return Report(name, title, identity, 0, 0.0, 0, 0, 0, seconds, warnings, " ".join(message.split()), "failed")


def _remove(document: Document, index: Index, warnings: tuple[str, ...]) -> Report:
    begun = time.perf_counter()
    index.delete(document.id)
    seconds = time.perf_counter() - begun
    origin, title = document.origin, document.title
    return Report(origin, title, document.id, len(document.text), 0.0, 0, 0, 0, seconds, warnings, None, "removed")


def _remove_damaged(damaged: DocumentDamaged, index: Index) -> Report:
    begun = time.perf_counter()
    index.delete(damaged.document_id)
    name, seconds = damaged.origin or damaged.document_id, time.perf_counter() - begun
    title = damaged.title or damaged.document_id
    return Report(name, title, damaged.document_id, 0, 0.0, 0, 0, 0, seconds, (), None, "removed")


def _remove_vanished(folder: Path, index: Index, known: dict[str, Document]) -> Iterator[Report]:
    """Removes the documents whose file was in `folder` and is no longer. A file that is there but was not read this
    time (hidden, of another kind, in a folder that may not be listed) keeps its document."""
    for origin, document in _inside(folder, known):
        if _is_gone(Path(origin)):
            yield _remove(document, index, ("its file is no longer there",))
            del known[origin]


def _inside(folder: Path, known: dict[str, Document]) -> list[tuple[str, Document]]:
    root = _origin(str(folder)).rstrip(os.sep) + os.sep
    return [(origin, document) for origin, document in known.items() if origin.startswith(root)]


def _is_gone(path: Path) -> bool:
    """Whether there is surely no such file; what may not be looked at counts as there."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _left_behind(source: Source, known: dict[str, Document]) -> str:
    """What to add to the message about a source that failed, where the index still holds text of it."""
    before = known.get(_origin(source.name))
    if before is not None:
        return f"; its text is still in the index, remove it with: attest ingest --remove {before.id}"
    inside = _inside(source.path, known) if source.path is not None and not source.path.exists() else []
    if inside:
        number = counted(len(inside), "document")
        return f"; the index still holds {number} of this folder, remove each with: attest ingest --remove ID"
    return ""


def _origin(name: str) -> str:
    """The origin that a document of this path or URL has."""
    try:
        return normalised(name) if is_url(name) else str(Path(name).resolve())
    except (InputError, OSError, RuntimeError, ValueError):
        return name


def _remarks(entry: Found) -> tuple[str, ...]:
    """What the first report of a folder says about what was left out of it."""
    remarks = []
    if entry.skipped:
        remarks.append(f"skipped {counted(entry.skipped, 'file')} of the folder (hidden or of other kinds)")
    if entry.unlisted:
        remarks.append(f"could not list {counted(entry.unlisted, 'folder')} inside")
    return tuple(remarks)


def _step(progress: Progress | None, before: int, total: int, name: str, share: float, what: str) -> None:
    """Reports that `share` (0 to 1) of the source after the first `before` is done."""
    if progress is not None:
        progress(before * _STEPS + int(share * _STEPS), total * _STEPS, f"{name}: {what}")
