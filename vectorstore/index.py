"""The index: documents go in, passages are found.

The order of a change makes it safe against a crash at any instant: what is new is embedded, its vectors are stored
beside the old ones, one manifest transaction switches from old to new, then the old vectors go. A note of the vectors
in flight (`pending`) lets the next owner finish or undo what a crash cut short.

But: nothing here reads files, splits text or phrases answers.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from vectorstore.content import Content, check_fits, is_searched, stored_passage, texts_to_embed
from vectorstore.dense import DenseIndex
from vectorstore.directory import clear_leftovers, opened_manifest, prepared_directory, settled_settings
from vectorstore.embedding import Embedder
from vectorstore.errors import AttestError, DocumentDamaged, StorageError
from vectorstore.hybrid import Candidate, rank
from vectorstore.lexical import LEXICAL_FILE
from vectorstore.manifest import Manifest, StoredPassage, digest, vector_ids
from vectorstore.origins import write_origins
from vectorstore.place import Place
from vectorstore.search import Search
from vectorstore.types import Document, Hit, Passage
from vectorstore.verification import Verified, verify

__all__ = ["Candidate", "Index", "Upserted", "Verified"]

FUSED = 50


@dataclass(frozen=True, slots=True)
class Upserted:
    """Numbers of searched passages: embedded now, kept with their vectors, gone."""

    embedded: int
    reused: int
    removed: int


class Index:
    """An open index, owned by this object until `close`. Searches may run in several threads, also beside a change;
    changes wait for each other. Use it as a context manager."""

    def __init__(
        self, place: Place, embedder: Embedder, manifest: Manifest, dense: DenseIndex, broken: Sequence[str] = ()
    ) -> None:
        """Use `Index.open`."""
        self.directory = place.named
        self.embedder = embedder
        self._broken = tuple(broken)
        self._place = place
        self._manifest = manifest
        self._dense = dense
        self._closed = False
        self._writing = threading.RLock()
        self._content = self._read()
        self._search = Search(embedder, dense)

    @classmethod
    def open(cls, directory: Path, embedder: Embedder, *, splitter: str, owner: str = "attest") -> Index:
        """The index in `directory`, made where there is none. `splitter` is the version of what splits documents into
        passages; `owner` is how another process is told who has the index.

        Raises IndexInUse, IndexMismatch, IndexDamaged or StorageError, each with what to do next; UsageError where
        `directory` is a file.
        """
        directory = prepared_directory(directory)
        with contextlib.ExitStack() as opened:
            place = Place(directory, owner)
            opened.callback(place.close)
            manifest, broken = opened_manifest(place)
            opened.callback(manifest.close)
            settings = settled_settings(place, manifest, embedder, splitter)
            clear_leftovers(place.files, settings.vectors)
            dense = DenseIndex(place.files / settings.vectors, place.named)
            opened.callback(dense.close)
            index = cls(place, embedder, manifest, dense, broken)
            index._recover()
            index._keep_origins()
            opened.pop_all()
        return index

    def close(self) -> None:
        """Lets the next owner in. May be called again."""
        with self._writing:
            if not self._closed:
                self._keep_origins()
            self._closed = True
            self._dense.close()
            self._manifest.close()
            self._place.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def documents(self) -> list[Document]:
        """In the order of first ingest."""
        return list(self._content.documents.values())

    def left_out(self) -> list[DocumentDamaged]:
        """The documents that are damaged, and therefore neither listed nor searched."""
        return list(self._manifest.left_out.values())

    @property
    def warnings(self) -> list[str]:
        """One line for each damage that leaves something out of the index."""
        return [*self._broken, *(str(error) for error in self.left_out())]

    def document(self, document_id: str) -> Document:
        """Raises KeyError where there is none."""
        return self._content.documents[document_id]

    def passages(self, document_id: str) -> list[Passage]:
        """All passages of a document in text order, headings and captions included. Raises KeyError where there is no
        such document."""
        return [row.passage for row in self._content.stored[document_id]]

    def upsert(
        self, document: Document, passages: Sequence[Passage], progress: Callable[[int, int], None] | None = None
    ) -> Upserted:
        """Stores a document with its passages in place of what was stored under its id. Only passages that are new
        are embedded; where nothing has changed nothing is written. `progress` gets the numbers of vectors made and to
        make.

        Raises InputError for text that cannot be stored, ValueError for passages that do not fit the document,
        StorageError where the disk refuses. Whatever is raised, what was stored before stays as it was.
        """
        check_fits(document, passages)
        with self._writing:
            before = self._content.documents.get(document.id)
            old = {row.passage.id: row for row in self._content.stored.get(document.id, [])}
            searched = [passage for passage in passages if is_searched(passage)]
            gone = [row for i, row in old.items() if row.digests and i not in {passage.id for passage in searched}]
            if before == document and [row.passage for row in old.values()] == list(passages):
                return Upserted(0, len(searched), 0)
            self._place.refuse_change(growing=True)
            kept = {
                passage.id: old[passage.id].digests
                for passage in searched
                if before is not None
                and passage.id in old
                and old[passage.id].digests
                and texts_to_embed(before, old[passage.id].passage) == texts_to_embed(document, passage)
            }
            vectors = self._embed(document, [passage for passage in searched if passage.id not in kept], progress)
            rows = [stored_passage(passage, vectors, kept.get(passage.id)) for passage in passages]
            wanted = {name for row in rows for name in row.vector_ids}
            stale = [name for row in old.values() for name in row.vector_ids if name not in wanted]
            self._store(document, rows, vectors, stale)
            return Upserted(len(searched) - len(kept), len(kept), len(gone))

    def delete(self, document_id: str) -> None:
        """Removes a document with everything made from it, a damaged one too. Raises KeyError where there is no such
        document, StorageError where the disk refuses; then nothing has changed."""
        with self._writing:
            self._place.refuse_change(growing=False)
            if document_id in self._manifest.left_out:
                self._manifest.remove(document_id, ())  # its vectors went when the index was opened
                return
            stale = [name for row in self._content.stored[document_id] for name in row.vector_ids]
            self._manifest.remove(document_id, stale)
            self._content = self._content.without(document_id)
            self._clear_away(stale, stale)

    def candidates(
        self, wordings: Sequence[str], *, k: int, document_ids: Collection[str] | None = None
    ) -> list[Candidate]:
        """Every passage among the k best by its vector, by a sentence's vector or by its words, with all three
        measurements, in document order. `wordings`: one query in one or more forms, each of which proposes.
        `document_ids` restricts the search to those documents."""
        return self._search.candidates(self._content, wordings, k, document_ids)

    def query(self, text: str, *, k: int = 10, document_ids: Collection[str] | None = None) -> list[Hit]:
        """The k best passages by all three measurements together (see `hybrid.py`), best first."""
        return rank(self.candidates([text], k=max(k, FUSED), document_ids=document_ids), k)

    def export(self) -> Iterator[dict[str, object]]:
        """Everything but the vectors, ready for JSON: one row for the settings, then for each document its row and
        its passages' rows. Offsets count code points of the document's text."""
        settings = self._manifest.settings()
        if settings is not None:
            yield {"type": "settings", "model": asdict(settings.fingerprint), "splitter": settings.splitter}
        content = self._content
        for document in content.documents.values():
            yield {"type": "document", **asdict(document)}
            for row in content.stored[document.id]:
                quote = document.text[row.passage.start : row.passage.end]
                yield {"type": "passage", **asdict(row.passage), "text": quote}

    def verify(self) -> Verified:
        """Fetches every vector and compares it with the digest of what was stored; compares every document's text
        with its SHA-256, every offset with its text."""
        with self._writing:
            problems = [*self._broken, *self._manifest.check()]
            lost = sum(not error.readable for error in self.left_out())
            return verify(self._read(), problems, self._dense, self.embedder.fingerprint.dimension, lost)

    def _read(self) -> Content:
        try:
            documents = {document.id: document for document in self._manifest.documents()}
            stored = {name: self._manifest.stored(name) for name in documents}
        except DocumentDamaged:  # it came about while the index was open last
            self._manifest.examine()
            return self._read()
        return Content(documents, stored, self._place.files / LEXICAL_FILE)

    def _keep_origins(self) -> None:
        if self._place.writable:
            with contextlib.suppress(AttestError):  # damage is told where something is read
                origins = {head.id: head.origin for head in self._manifest.heads()}
                damaged = {error.document_id: error.origin for error in self.left_out() if error.origin is not None}
                write_origins(self.directory, {**origins, **damaged})

    def _embed(
        self, document: Document, passages: Sequence[Passage], progress: Callable[[int, int], None] | None
    ) -> dict[str, NDArray[np.float32]]:
        """Vectors by their ids."""
        names = [name for passage in passages for name in vector_ids(passage)]
        texts = [text for passage in passages for text in texts_to_embed(document, passage)]
        if not texts:
            return {}
        report = None if progress is None else (lambda done: progress(done, len(texts)))
        return dict(zip(names, self.embedder.embed(texts, report), strict=True))

    def _store(
        self,
        document: Document,
        rows: Sequence[StoredPassage],
        vectors: dict[str, NDArray[np.float32]],
        stale: Sequence[str],
    ) -> None:
        try:
            if vectors:
                self._manifest.add_pending(vectors)
            self._dense.upsert(vectors, document.id)
            self._manifest.replace(document, rows, stale)
        except Exception:
            with contextlib.suppress(Exception):  # else the next open does it
                self._recover()
            raise
        self._content = self._content.replaced(document, rows)
        self._search.forget(vectors)
        self._clear_away(stale, [*vectors, *stale])

    def _clear_away(self, stale: Sequence[str], settled: Sequence[str]) -> None:
        """Deletes vectors that the manifest no longer names. The change has happened already: where the disk refuses,
        the note of them stays and the next open deletes them."""
        with contextlib.suppress(StorageError):
            self._dense.delete(stale)
            self._manifest.clear_pending(settled)

    def _recover(self) -> None:
        """Makes the vectors what the manifest says, where a change was cut short: deletes what it does not name,
        embeds again what is missing."""
        pending = self._manifest.pending()
        expected = self._content.digests()
        if not pending and self._dense.count() == len(expected):
            return
        present = set(self._dense.ids())
        self._dense.delete(sorted(present - expected.keys()))
        found = {name: digest(row) for name, row in self._dense.vectors([i for i in pending if i in expected]).items()}
        suspect = {name for name in pending if name in expected and found.get(name) != expected[name]}
        self._embed_again(suspect | (expected.keys() - present))
        self._manifest.clear_pending(pending)

    def _embed_again(self, names: Collection[str]) -> None:
        passages = {name.partition(":")[0] for name in names}
        for document_id, rows in self._content.stored.items():
            chosen = [row.passage for row in rows if row.passage.id in passages]
            if chosen:
                vectors = self._embed(self._content.documents[document_id], chosen, None)
                with self._manifest.transaction():
                    self._manifest.update_digests({name: digest(row) for name, row in vectors.items()})
                    self._dense.upsert(vectors, document_id)
        if passages:
            self._content = self._read()
