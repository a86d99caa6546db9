"""What is read ahead is kept with its passages, goes with them, and changes no answer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.reader.prepare import prepare
from assistant.reader.runtime import Reader, load_reader
from ingest.passages import SPLITTER_VERSION, split_passages
from vectorstore.disk.kept import KEPT_FILE
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.encoder import Encoder
from vectorstore.index import Index
from vectorstore.rebuild import rebuild
from vectorstore.types import Document, text_sha256

LIGHT = """The light of Gull Rock

Marta Oduya kept the light on Gull Rock for thirty years. She never missed a night.

In 1931 a storm broke the lantern. It was mended with glass from Leeds."""
PIER = "Ada Reyes opened the pier of Corve in 1887.\n\nIt burned down nine years later."
QUESTION = "Who kept the light on Gull Rock?"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.fixture
def index(embedder: Embedder, tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION) as index:
        yield index


def store(index: Index, name: str, text: str) -> set[str]:
    """The ids of the passages of a document with this text."""
    document = Document(name, name, text, text_sha256(text), f"{name}.txt", "plain")
    passages = split_passages(document, index.embedder)
    index.upsert(document, passages)
    return {passage.id for passage in passages}


def not_needed() -> Encoder:
    raise AssertionError("nothing is left to read")


def test_what_was_read_to_be_embedded_is_not_read_again(index: Index) -> None:
    ids = store(index, "light", LIGHT) | store(index, "pier", PIER)
    assert index.kept.names() and index.kept.names() <= ids and prepare(index, not_needed) == 0


def test_each_passage_is_read_once(index: Index, reader: Reader) -> None:
    """Where what is kept was lost, or another model embeds."""
    ids = store(index, "light", LIGHT) | store(index, "pier", PIER)
    index.kept.forget(ids)
    told: list[tuple[int, int]] = []
    assert prepare(index, lambda: reader.encoder, lambda *step: told.append(step)) == len(told) == told[-1][1]
    assert index.kept.names() <= ids and index.kept.names()
    assert prepare(index, not_needed) == 0


def test_what_was_read_until_it_is_stopped_is_kept(index: Index, reader: Reader) -> None:
    index.kept.forget(store(index, "light", LIGHT) | store(index, "pier", PIER))

    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if index.kept.names():
            raise Stop

    with pytest.raises(Stop):
        prepare(index, lambda: reader.encoder, stop)
    kept = len(index.kept.names())
    assert kept and prepare(index, lambda: reader.encoder) > 0
    assert len(index.kept.names()) > kept


def test_it_goes_with_its_document_and_its_passage(index: Index, reader: Reader) -> None:
    store(index, "light", LIGHT)
    store(index, "pier", PIER)
    prepare(index, lambda: reader.encoder)
    before = index.kept.names()
    index.delete("pier")
    light = index.kept.names()
    assert light and light < before
    now = store(index, "light", LIGHT.replace("Leeds", "Ghent"))
    assert index.kept.names() & light < light and index.kept.names() <= now
    index.delete("light")
    assert index.kept.names() == set()


def test_what_a_crash_left_goes_at_the_next_opening(embedder: Embedder, reader: Reader, tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION) as index:
        store(index, "light", LIGHT)
        prepare(index, lambda: reader.encoder)
        right = index.kept.names()
        index.kept.put({"of nothing": b"?"})
    with Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION) as index:
        assert index.kept.names() == right


def ask(directory: Path, embedder: Embedder, reader: Reader) -> object:
    with Index.open(directory, embedder, splitter=SPLITTER_VERSION) as index:
        fresh = Reader(reader.encoder, reader._upper)
        answer = Assistant(index, reader=fresh).ask(QUESTION)
        assert "Oduya" in answer.sentences[0].text
        return answer


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b"?" * 5000),
        lambda file: file.write_bytes(file.read_bytes()[:-40_000]),
        lambda file: file.write_bytes(file.read_bytes()[:9000] + bytes(50_000) + file.read_bytes()[59_000:]),
    ],
)
def test_answers_are_the_same_whatever_happens_to_what_is_kept(
    embedder: Embedder, reader: Reader, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    directory = tmp_path / "index"
    with Index.open(directory, embedder, splitter=SPLITTER_VERSION) as index:
        store(index, "light", LIGHT)
        store(index, "pier", PIER)
        prepare(index, lambda: reader.encoder)
    before = ask(directory, embedder, reader)
    change(directory / KEPT_FILE)
    assert ask(directory, embedder, reader) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_index_that_may_not_be_written_is_asked_with_what_is_kept(
    embedder: Embedder, reader: Reader, tmp_path: Path
) -> None:
    directory = tmp_path / "index"
    with Index.open(directory, embedder, splitter=SPLITTER_VERSION) as index:
        store(index, "light", LIGHT)
        prepare(index, lambda: reader.encoder)
    before = ask(directory, embedder, reader)
    directory.chmod(0o500)
    assert ask(directory, embedder, reader) == before
    directory.chmod(0o700)


def test_a_rebuild_reads_all_anew_and_keeps_nothing_else(embedder: Embedder, reader: Reader, tmp_path: Path) -> None:
    from ingest.passages import split_document

    directory = tmp_path / "index"
    with Index.open(directory, embedder, splitter=SPLITTER_VERSION) as index:
        ids = store(index, "light", LIGHT)
        index.kept.put({name: b"of a network that was damaged" for name in [*ids, "of nothing"]})
    copy = tmp_path / "copy"
    shutil.copytree(directory, copy)
    rebuild(directory, embedder, SPLITTER_VERSION, split_document)
    with Index.open(directory, embedder, splitter=SPLITTER_VERSION) as index:
        assert index.kept.names() <= ids and prepare(index, not_needed) == 0
    assert ask(directory, embedder, reader) == ask(copy, embedder, reader)
