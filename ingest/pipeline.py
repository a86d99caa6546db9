"""The ingest run: sources in, one report per document out.

Skips unchanged documents; a failed file does not stop the rest. Small documents are stored together (see `batch.py`),
because each change of the index waits for the disk.
"""

from __future__ import annotations

import os
import re
import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.batch import Batch, Prepared, Step, failed
from ingest.convert.textfile import counted
from ingest.deadline import Stop, never
from ingest.fetch import is_url, normalised
from ingest.loading import Loaded, load_file, load_url
from ingest.report import Report, searched
from ingest.sources import SUPPORTED, Found, Source, find_sources
from vectorstore.changes import Upserted
from vectorstore.errors import AttestError, DocumentDamaged, IndexDamaged, InputError, UsageError
from vectorstore.printable import printable
from vectorstore.types import Document, Head, Passage, Structure

if TYPE_CHECKING:
    from vectorstore.index import Index

__all__ = ["Progress", "Report", "ingest", "ingest_loaded", "remove"]

Progress = Callable[[int, int, str], object]
"""Called with (done, total, what): steps done, steps in all, and what is being done, in a few words."""

_STEPS = 100
"""Progress steps of one source."""


def ingest(targets: Sequence[str], index: Index, progress: Progress | None = None) -> Iterator[Report]:
    """Loads, splits and stores everything that `targets` (files, folders, URLs) stand for. Gives one report for each
    document as soon as it is stored; a source that cannot be used is reported as failed. Documents whose file vanished
    from a folder among the targets are removed and reported, provided that something in the folder could be read.
    Raises UsageError for a blank target, and StorageError, IndexInUse, IndexMismatch or IndexDamaged where the index
    itself fails."""
    found = find_sources(targets)
    total = sum(len(entry.sources) for entry in found)
    known = {head.origin: head for head in index.heads()}
    batch = Batch(index, known)
    done = 0
    looked_at: set[Path] = set()
    for entry in found:
        remarks = (*_remarks(entry), *_gone(entry, index.directory, known, looked_at))
        if entry.folder is not None:
            yield from batch.stored()
            if not entry.sources and not entry.repeated:
                message = f"{printable(entry.target)} is a folder without readable files. Supported are {SUPPORTED}"
                yield failed(entry.target, message, None, 0.0, remarks)
        readable = entry.repeated > 0
        for source in entry.sources:
            step = partial(_step, progress, done, total, source.name)
            for report in _ingest_source(source, batch, step, remarks):
                readable = readable or report.error is None
                yield report
            done, remarks = done + 1, ()
        if entry.folder is not None:
            for report in batch.stored():
                readable = readable or report.error is None
                yield report
            if readable:
                yield from _remove_vanished(entry.folder, index, known)
    yield from batch.stored()
    if progress is not None and total:
        progress(total * _STEPS, total * _STEPS, "done")


def ingest_loaded(loaded: Loaded, index: Index, progress: Progress | None = None, *, stop: Stop = never) -> Report:
    """Splits and stores one document that is loaded already, such as an upload or a bundled article. `progress` is
    called again and again while the document is stored, and may raise to stop that (see `Index.upsert_all`); `stop`
    interrupts splitting. Raises errors of the index, InputError where the text cannot be split, Stopped where `stop`
    interrupted it."""
    batch = Batch(index, {head.origin: head for head in index.heads()})
    step = partial(_step, progress, 0, 1, loaded.document.title)
    batch.add(_prepare(loaded, batch, step, time.perf_counter(), (), stop))
    (report,) = batch.stored(alone=True)
    step(1.0, "done")
    return report


def remove(index: Index, name: str) -> Report:
    """Removes the document that `name` names: by id, else by origin (a path may be relative), else by title. Raises
    UsageError where it names none or several."""
    documents = index.heads()
    origin = _origin(name)
    matches = (
        [document for document in documents if document.id == name]
        or [document for document in documents if document.origin in (name, origin)]
        or [document for document in documents if _is_titled(document, name)]
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


def _ingest_source(source: Source, batch: Batch, step: Step, remarks: tuple[str, ...]) -> Iterator[Report]:
    """Adds a source to the batch. Gives the reports that are ready by then, in the order of the sources."""
    begun = time.perf_counter()
    step(0.0, "reading")
    try:
        loaded = load_url(source.url) if source.url is not None else load_file(source.path or Path())
        if batch.holds(loaded.document):
            yield from batch.stored()
        batch.add(_prepare(loaded, batch, step, begun, remarks))
    except InputError as error:
        yield from batch.stored()
        message = str(error) + _left_behind(source, batch)
        before = batch.known.get(_origin(source.name))
        yield failed(source.name, message, before, time.perf_counter() - begun, remarks)
    if batch.full:
        yield from batch.stored()


def _prepare(
    loaded: Loaded, batch: Batch, step: Step, begun: float, remarks: tuple[str, ...], stop: Stop = never
) -> Prepared | Report:
    """Splits one document, or finds that it is in the index already."""
    document = loaded.document
    before = batch.known.get(document.origin)
    if before is not None:
        document = replace(document, id=before.id)  # a page that changes its title stays the same document
    document = replace(document, title=_distinct_title(document, batch))
    warnings = (*loaded.warnings, *remarks)
    original = loaded.original
    if original is not None and not _may_be_kept(document, len(original), batch.index):
        document, original = replace(document, original=None), None
        warnings = (*warnings, "its pages cannot be shown, because the file is too large to be kept")
    if before == Head.of(document) and _is_stored(document, batch.index):
        passages = batch.index.passages(document.id)
        result = Upserted(0, searched(passages), 0)
        return Prepared(document, passages, None, before, warnings, time.perf_counter() - begun, step).report(
            "unchanged", result
        )
    step(0.05, "splitting")
    structure, passages = _split(document, batch.index, stop)
    step(0.1, "embedding")
    return Prepared(document, passages, structure, before, warnings, time.perf_counter() - begun, step, original)


def _may_be_kept(document: Document, size: int, index: Index) -> bool:
    """Whether the index keeps the file of a document, or has room for it."""
    return index.originals.problem(document) is None or index.originals.has_room(size)


def _is_stored(document: Document, index: Index) -> bool:
    """Whether all that is known of a document is stored, and not its text alone: a file that is saved again may have
    another author, or its words elsewhere on the page; and whether the file that the index keeps is sound."""
    try:
        return index.document(document.id) == document and index.originals.problem(document) is None
    except (KeyError, IndexDamaged):
        return False


def _distinct_title(document: Document, batch: Batch) -> str:
    """The title; where another document has it, with as much of the origin's end as tells the two apart."""
    title, parts = document.title, [part for part in re.split(r"[/\\]", document.origin) if part]
    for number in range(1, len(parts) + 1):
        if not batch.names_another(title, document):
            break
        title = f"{document.title} ({printable('/'.join(parts[-number:]))})"
    return title


def _is_titled(document: Head, name: str) -> bool:
    """Whether a document has this title, be it with the end of its origin behind it."""
    return document.title == name or (
        document.title.startswith(f"{name} (") and document.origin.endswith(document.title[len(name) + 2 : -1])
    )


def _split(document: Document, index: Index, stop: Stop) -> tuple[Structure, list[Passage]]:
    """The structure and passages of a document. A text that defeats the splitter is one failed document, not the end
    of the run."""
    from ingest.passages import split_document

    try:
        return split_document(document, index.embedder, stop)
    except AttestError:
        raise
    except Exception as error:
        raise InputError(f"{printable(document.origin)} could not be split ({type(error).__name__})") from error


def _remove(document: Head, index: Index, warnings: tuple[str, ...]) -> Report:
    begun = time.perf_counter()
    index.delete(document.id)
    seconds = time.perf_counter() - begun
    origin, title = document.origin, document.title
    return Report(origin, title, document.id, document.characters, 0.0, 0, 0, 0, seconds, warnings, None, "removed")


def _remove_damaged(damaged: DocumentDamaged, index: Index) -> Report:
    begun = time.perf_counter()
    index.delete(damaged.document_id)
    name, seconds = damaged.origin or damaged.document_id, time.perf_counter() - begun
    title = damaged.title or damaged.document_id
    return Report(name, title, damaged.document_id, 0, 0.0, 0, 0, 0, seconds, (), None, "removed")


def _remove_vanished(folder: Path, index: Index, known: dict[str, Head]) -> Iterator[Report]:
    """Removes the documents whose file was in `folder` and is no longer. A file that is there but was not read this
    time (hidden, of another kind, in a folder that may not be listed) keeps its document."""
    for origin, document in _inside(folder, known):
        if _is_gone(Path(origin)):
            yield _remove(document, index, ("its file is no longer there",))
            del known[origin]


def _inside(folder: Path, known: dict[str, Head]) -> list[tuple[str, Head]]:
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


def _left_behind(source: Source, batch: Batch) -> str:
    """What to add to the message about a source that failed, where the index still holds text of it."""
    remove = f"attest ingest --index {shlex.quote(str(batch.index.directory))} --remove"
    before = batch.known.get(_origin(source.name))
    if before is not None:
        return f"; its text is still in the index, remove it with: {remove} {shlex.quote(before.id)}"
    inside = _inside(source.path, batch.known) if source.path is not None and not source.path.exists() else []
    if inside:
        number = counted(len(inside), "document")
        return f"; the index still holds {number} of this folder, remove each with: {remove} ID"
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


def _gone(entry: Found, directory: Path, known: dict[str, Head], looked_at: set[Path]) -> list[str]:
    """What is said of documents whose file stood beside one that is ingested now, and is no longer there: nobody has
    asked to remove them. `looked_at`: folders of which that has been said."""
    told = []
    remove = f"attest ingest --index {shlex.quote(str(directory))} --remove"
    for source in entry.sources if entry.folder is None else ():
        folder = Path(_origin(source.name)).parent
        if source.path is None or folder in looked_at:
            continue
        looked_at.add(folder)
        for origin, document in known.items():
            if Path(origin).parent == folder and _is_gone(Path(origin)):
                name, identity = printable(Path(origin).name), shlex.quote(document.id)
                told.append(f"{name} is gone and its text still in the index, remove it with: {remove} {identity}")
    return told


def _step(progress: Progress | None, before: int, total: int, name: str, share: float, what: str) -> None:
    """Reports that `share` (0 to 1) of the source after the first `before` is done."""
    if progress is not None:
        progress(before * _STEPS + int(share * _STEPS), total * _STEPS, f"{name}: {what}")
