"""The index: documents go in, passages are found.

The order of a change makes it safe against a crash at any instant: what is new is embedded, its vectors are stored
beside the old ones, one manifest transaction switches from old to new, then the old vectors go. A note of the vectors
in flight (`pending`) lets the next owner finish or undo what a crash cut short. Changes work in slices and take turns
(see `turns.py`); one whose document another has changed meanwhile is planned again.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType

import numpy as np
from numpy.typing import NDArray

from vectorstore.changes import Change, Upserted, by_name, left_over, plan
from vectorstore.disk import directory as on_disk
from vectorstore.disk.kept import KEPT_FILE, Kept
from vectorstore.disk.place import Place
from vectorstore.documents.content import Content, check_fits
from vectorstore.documents.manifest import Manifest
from vectorstore.documents.notes import Notes
from vectorstore.documents.originals import Originals
from vectorstore.documents.records import digest
from vectorstore.documents.shelf import Entry
from vectorstore.embedded_text import Readable, readable
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import AttestError, DocumentDamaged, IndexClosed, StorageError
from vectorstore.search.candidates import Search
from vectorstore.search.dense import DenseIndex
from vectorstore.search.hybrid import Candidate
from vectorstore.turns import Turns
from vectorstore.types import Document, Head, Passage, Span, Structure
from vectorstore.verification import Verified, verify

PASSAGES, VECTORS = 200, 1000
"""Passages given to the embedding model, and vectors compared, in one go."""

Progress = Callable[[int, int], object]
Vectors = Mapping[Readable, NDArray[np.float32]]  # a row for the passage, and one for each of its sentences


class Index:
    """An open index, owned by this object until `close`. Searches may run in several threads, also beside changes;
    changes take turns. Use it as a context manager."""

    def __init__(
        self, place: Place, embedder: Embedder, manifest: Manifest, dense: DenseIndex, broken: Sequence[str] = ()
    ) -> None:
        """Use `Index.open`."""
        self.directory = directory = place.named
        self.embedder = embedder
        self._broken = tuple(broken)
        self._place, self._manifest, self._dense = place, manifest, dense
        self._turns = Turns(f"The index {directory} was closed before the change was stored; it is as it was before.")
        self._storing, self._closed = set[str](), False
        self.originals = Originals(directory, manifest.originals)
        self.notes = Notes(manifest, place, self._turns)
        self._content, self._search = Content.of(manifest, place), Search(embedder, dense)
        self.kept = Kept(directory / KEPT_FILE, writable=place.writable)  # by the ids of passages, and goes with them

    @classmethod
    def open(cls, directory: Path, embedder: Embedder, *, splitter: str, owner: str = "attest") -> Index:
        """The index in `directory`, made where there is none. `splitter` is the version of what splits documents into
        passages; `owner` is how another process is told who has the index.

        Raises IndexInUse, IndexMismatch, IndexDamaged or StorageError, each with what to do next; UsageError where
        `directory` is a file.
        """
        directory = on_disk.prepared_directory(directory)
        with contextlib.ExitStack() as opened:
            place = Place(directory, owner)
            opened.callback(place.close)
            manifest, broken = on_disk.opened_manifest(place)
            opened.callback(manifest.close)
            settings = on_disk.settled_settings(place, manifest, embedder, splitter)
            on_disk.clear_leftovers(place.files, settings.vectors)
            dense = DenseIndex(place.files / settings.vectors, place.named)
            opened.callback(dense.close)
            index = cls(place, embedder, manifest, dense, broken)
            index._recover()
            on_disk.keep_origins(place, manifest)
            index.kept.keep_only(lambda: index._content.position.keys())
            if place.writable and not manifest.left_out:
                index.originals.clear()
            opened.pop_all()
        return index

    def close(self) -> None:
        """Lets the next owner in, at the end of the slice that a change is at; the change raises IndexClosed. May be
        called again."""
        with self._turns.taken(closing=True):
            if self._closed:
                return
            self._closed = True
            on_disk.keep_origins(self._place, self._manifest)
            holds = None
            with contextlib.suppress(AttestError):  # a manifest that cannot be read is told on opening
                holds = self._manifest.holds()
            self.kept.close(self._content.position.keys())
            self._dense.close(holds)
            self._manifest.close()
            self._place.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def version(self) -> int:
        """Another number after each change; what was found under one number is found again under the same."""
        return self._content.version

    def heads(self) -> list[Head]:
        """The documents without their texts, in the order of first ingest. Reads nothing."""
        return [entry.head for entry in self._content.entries.values()]

    def documents(self) -> list[Document]:
        """In the order of first ingest. Reads all texts: where they are not needed, `heads` is cheaper."""
        return list(self._content.documents.values())

    def left_out(self) -> list[DocumentDamaged]:
        """The documents that are damaged, and therefore neither listed nor searched."""
        return list(self._manifest.left_out.values())

    @property
    def warnings(self) -> list[str]:
        """One line for each damage that leaves something out of the index."""
        return [*self._broken, *(str(error) for error in self.left_out())]

    def document(self, document_id: str) -> Document:
        """Raises KeyError where there is none, IndexDamaged where it cannot be read as it was stored."""
        return self._content.documents[document_id]

    def passages(self, document_id: str) -> list[Passage]:
        """All passages of a document in text order, headings and captions included. Raises KeyError where there is no
        such document, IndexDamaged where they cannot be read as they were stored."""
        return [row.passage for row in self._content.stored[document_id]]

    def sentence_vectors(self, document_id: str) -> dict[Span, NDArray[np.float32]]:
        """The stored vectors, (dimension,) each, of the sentences of a document that are searched, by their spans.
        Those of a passage that is being replaced at this moment are missing. Raises KeyError where there is no such
        document."""
        rows = self._content.stored[document_id]
        spans = {
            name: (span.start, span.end)
            for row in rows
            for name, span in zip(row.vector_ids[1:], row.passage.sentences, strict=False)
        }
        return {spans[name]: vector for name, vector in self._dense.vectors(list(spans)).items()}

    def structure(self, document: Document) -> Structure | None:
        """The structure stored with this text; None where there is none, or the text has been replaced meanwhile.
        Raises IndexDamaged where it cannot be read as it was stored."""
        return self._manifest.structure(document)

    def write_structure(self, document: Document, structure: Structure) -> None:
        """Stores the structure of a document that is in the index without one; nothing where its text has been
        replaced meanwhile. Raises StorageError where the disk refuses."""
        self._place.refuse_growth()
        self._manifest.write_structure(document, structure)

    def upsert(self, document: Document, passages: Sequence[Passage], structure: Structure | None = None) -> Upserted:
        """Stores one document. See `upsert_all`."""
        structures = {} if structure is None else {document.id: structure}
        (upserted,) = self.upsert_all([(document, passages)], structures=structures)
        return upserted

    def upsert_all(
        self,
        documents: Sequence[tuple[Document, Sequence[Passage]]],
        progress: Progress | None = None,
        *,
        structures: Mapping[str, Structure] = MappingProxyType({}),
        originals: Mapping[str, bytes] = MappingProxyType({}),
    ) -> list[Upserted]:
        """Stores documents with their passages, each in place of what was stored under its id, all in one transaction.
        Only passages that are new are embedded; where nothing has changed nothing is written. `structures`: what the
        texts are made of, by the documents' ids; `originals`: the files of those that name one.

        `progress` gets the numbers of vectors made and to make, at least once in a slice of work (0.3 s, in which
        other changes wait). It may raise, to stop: whatever it raises comes out unchanged, and nothing is stored. It
        must not itself change or close the index.

        Raises InputError for text that cannot be stored, ValueError for passages that do not fit their document or two
        documents of one id, StorageError where the disk refuses, IndexClosed where the index is closed meanwhile.
        Whatever is raised, what was stored before stays as it was.
        """
        for document, passages in documents:
            check_fits(document, passages)
            self.originals.check(document.original, originals.get(document.id))
        ids = {document.id for document, _ in documents}
        if len(ids) != len(documents):
            raise ValueError("two documents to be stored have the same id")
        made: dict[Readable, NDArray[np.float32]] = {}
        with self._turns.taken():
            while True:
                self._wait_for(ids)
                content = self._content
                changes = [
                    plan(document, passages, structures.get(document.id), content, self._manifest.structure)
                    for document, passages in documents
                ]
                if any(change.changes for change in changes):
                    self._place.refuse_growth()
                self._embed([read for change in changes for read in change.read.values()], made, progress)
                now = self._content.entries
                if ids.isdisjoint(self._storing) and all(now.get(c.document.id) is c.base for c in changes):
                    break
            writing = [change for change in changes if change.changes]
            if not writing:  # a file that is damaged is put back
                self.originals.keep(originals.values(), self._place.refuse_growth)
            else:
                self._storing |= ids
                try:
                    self._store(writing, made, originals.values(), progress)
                finally:
                    self._storing -= ids
        return [change.result for change in changes]

    def delete(self, document_id: str) -> None:
        """Removes a document with everything made from it, a damaged one too. Raises KeyError where there is no such
        document, StorageError where the disk refuses; then nothing has changed."""
        with self._turns.taken():
            self._wait_for({document_id})
            self._place.refuse_change(growing=False)
            files = self.originals.of({document_id})
            if document_id in self._manifest.left_out:
                self._manifest.remove(document_id, ())  # its vectors went when the index was opened
                self.originals.drop(files)
                return
            entry = self._content.entries[document_id]
            stale = [name for row in self._content.stored[document_id] for name in row.vector_ids]
            self._content.keep([entry])
            self._manifest.remove(document_id, stale)
            self._content = self._content.without(document_id)
            self.originals.drop(files)
            self._storing.add(document_id)
            try:
                self._clear_away(stale, stale)
            finally:
                self._storing.remove(document_id)

    def candidates(
        self, wordings: Sequence[str], *, k: int, document_ids: Collection[str] | None = None
    ) -> list[Candidate]:
        """Every passage among the k best by its vector, by a sentence's vector or by its words, with all three
        measurements, in document order. `wordings`: one query in one or more forms, each of which proposes.
        `document_ids` restricts the search to those documents."""
        while True:
            try:
                return self._search.candidates(self._content, wordings, k, document_ids)
            except DocumentDamaged as error:  # it came about while the index was open
                self._leave_out(error)

    def verify(self) -> Verified:
        """Fetches every vector and compares it with the digest of what was stored; compares every document's text
        with its SHA-256, every offset with its text."""
        with self._turns.taken():
            while self._storing:
                self._turns.pass_on()
            problems = [*self._broken, *self._manifest.check()]
            lost = sum(not error.readable for error in self.left_out())
            content = Content.of(self._manifest, self._place)
            dimension = self.embedder.fingerprint.dimension
            return verify(content, problems, self._dense, dimension, lost, self.originals.problem)

    def _leave_out(self, damaged: DocumentDamaged) -> None:
        with self._turns.taken():
            self._manifest.left_out[damaged.document_id] = damaged
            self._content = self._content.without(damaged.document_id)

    def _wait_for(self, ids: Collection[str]) -> None:
        """Lets others go on until none of them stores one of these documents."""
        while not self._storing.isdisjoint(ids):
            self._turns.pass_on()

    def _embed(
        self, passages: Sequence[Readable], made: dict[Readable, NDArray[np.float32]], progress: Progress | None = None
    ) -> None:
        """Adds the vectors of the passages that `made` lacks. Others may have a turn in between."""
        missing = [passage for passage in passages if passage not in made]
        sizes = [1 + len(passage.read.spans) for passage in (*(p for p in passages if p in made), *missing)]
        vectors = list(itertools.accumulate(sizes, initial=0))
        for start in range(0, len(missing), PASSAGES):
            some = missing[start : start + PASSAGES]

            def report(done: int, before: int = len(passages) - len(missing) + start) -> None:
                if progress is not None:
                    progress(vectors[before + done], vectors[-1])
                self._turns.offer()

            try:
                made.update(zip(some, self.embedder.embed_passages(some, report, self.kept), strict=True))
            except BaseException:
                self._forget_kept(passage.told.name for passage in passages)
                raise

    def _store(self, changes: Sequence[Change], made: Vectors, files: Iterable[bytes], report: Progress | None) -> None:
        """Others may have a turn in between, until the switch."""
        vectors = {change.document.id: change.vectors(made) for change in changes}
        new = [name for rows in vectors.values() for name in rows]
        stale = [name for change in changes for name in left_over(change)]
        rows = [(change.document, change.rows(vectors[change.document.id]), change.structure) for change in changes]
        try:
            if new:
                self._manifest.add_pending(new)
            for _ in self._dense.upsert_slices(vectors):
                if report is not None:
                    report(len(new), len(new))
                self._turns.offer()
            self._content.keep([change.base for change in changes if change.base])
            before = self.originals.of({change.document.id for change in changes})
            self.originals.keep(
                files, self._place.refuse_growth
            )  # no other has a turn from here to the switch, so that none deletes them
            self._manifest.replace_all(rows, stale)
        except BaseException:
            with contextlib.suppress(Exception):  # else the next open does it
                self._undo(changes, new)
            raise
        self._content = self._content.replaced([change.entry for change in changes])
        self._search.forget(new)
        self.originals.drop(before)
        self._clear_away(stale, [*new, *stale])

    def _clear_away(self, stale: Sequence[str], settled: Sequence[str]) -> None:
        """Deletes vectors that the manifest no longer names. The change has happened already: where the disk refuses
        or the index is to be closed, the note of them stays and the next open deletes them."""
        self._forget_kept(stale)
        with contextlib.suppress(StorageError, IndexClosed):
            for _ in self._dense.delete_slices(stale):
                self._turns.offer()
            self._manifest.clear_pending(settled)

    def _forget_kept(self, names: Iterable[str]) -> None:
        """What is kept of passages that are not of the index; by the ids of their vectors."""
        self.kept.forget({name.partition(":")[0] for name in names} - self._content.position.keys())

    def _undo(self, changes: Sequence[Change], new: Sequence[str]) -> None:
        """Makes the vectors what the manifest says, after a change that could not be stored."""
        self._forget_kept(new)
        before = {change.document.id for change in changes if change.base}
        expected = {
            name: value
            for document_id in before
            for row in self._content.stored[document_id]
            for name, value in zip(row.vector_ids, row.digests, strict=True)
        }
        for start in range(0, len(new), VECTORS):
            self._turns.offer()
            present = self._dense.vectors(new[start : start + VECTORS])
            self._dense.delete([name for name in present if name not in expected])
        self._mend([name for name in new if name in expected], expected)
        self._manifest.clear_pending(new)

    def _recover(self) -> None:
        """Makes the vectors what the manifest says, where a change was cut short: deletes what it does not name,
        embeds again what is missing or wrong. Where the index was closed, only the change's vectors can be; after a
        crash all are compared."""
        pending = self._manifest.pending()
        closed = self._dense.sealed is not None and self._dense.sealed == self._manifest.holds()
        if closed and not pending:
            return
        expected = self._content.digests()
        present = set(self._dense.vectors(pending) if closed else self._dense.ids())
        self._dense.delete(sorted(present - expected.keys()))
        self._mend([name for name in (pending if closed else expected) if name in expected], expected)
        self._manifest.clear_pending(pending)

    def _mend(self, names: Sequence[str], expected: Mapping[str, bytes]) -> None:
        """Embeds again those of the vectors that are missing, or not what is expected."""
        passages = set()
        for start in range(0, len(names), VECTORS):
            some = names[start : start + VECTORS]
            found = {name: digest(row) for name, row in self._dense.vectors(some).items()}
            passages |= {name.partition(":")[0] for name in some if found.get(name) != expected[name]}
        if not passages:
            return
        content = self._content
        for entry in content.entries.values():
            document, rows = content.documents[entry.head.id], content.stored[entry.head.id]
            wanted = [row.passage for row in rows if row.passage.id in passages]
            if wanted:
                made = self.embedder.embed_passages(list(readable(document, wanted).values()), kept=self.kept)
                vectors = by_name(wanted, made)
                content.keep([entry])
                with self._manifest.transaction():
                    self._manifest.update_digests({name: digest(row) for name, row in vectors.items()})
                    self._dense.upsert(vectors, document.id)
                self._content = self._content.replaced([Entry(entry.head, entry.searched)])
                self._search.forget(vectors)
