"""attest on a benchmark's texts: an index of its own, and rankings of whole texts as attest makes them.

Nothing is changed for a benchmark: splitter, search, reader and calibration are the shipped ones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.calibration import load_calibration
from assistant.ranking import rank
from assistant.reader.runtime import Reader
from assistant.understanding.question import analyse
from eval import Progress
from ingest.passages import SPLITTER_VERSION, split_passages
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index
from vectorstore.search.hybrid import rank as hybrid_rank
from vectorstore.types import Document, Format, Passage, text_sha256

DEPTH = 100
"""How many passages a search without the reader returns: BEIR counts recall to there."""


@dataclass(frozen=True, slots=True)
class Text:
    """One retrievable text of a benchmark."""

    id: str
    title: str
    text: str
    format: Format = "plain"


@contextmanager
def indexed(texts: Sequence[Text], embedder: Embedder, progress: Progress) -> Iterator[Index]:
    """An index in a temporary directory that holds each text as a document, split as attest splits."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        Index.open(Path(scratch) / "index", embedder, splitter=SPLITTER_VERSION) as index,
    ):
        for done, text in enumerate(texts, 1):
            sha256 = text_sha256(text.text)
            document = Document(text.id, text.title, text.text, sha256, f"bench:{text.id}", text.format)
            index.upsert(document, split_passages(document, embedder))
            progress(done, len(texts))
        yield index


def ranked_passages(query: str, index: Index, reader: Reader) -> list[Passage]:
    """The whole of attest's ranking: hybrid search, then the reader on the best."""
    return [scored.passage for scored in rank(analyse(query), [query], index, reader, load_calibration())]


def searched_passages(query: str, index: Index) -> list[Passage]:
    """attest's hybrid search alone, 100 passages deep."""
    return [hit.passage for hit in hybrid_rank(index.candidates([query], k=DEPTH), DEPTH)]


def texts_of(passages: Iterable[Passage]) -> list[str]:
    """The ids of the texts that passages come from, each where its first passage ranks."""
    return list(dict.fromkeys(passage.document_id for passage in passages))
