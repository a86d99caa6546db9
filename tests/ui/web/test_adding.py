"""Documents added from the page: what becomes of them is one line, and no other file is read."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ingest.pipeline import Progress
from ui.web.adding import Added, Adding
from ui.web.uploads import Uploads
from ui.web.visitors import Visitor
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index

ANNA, BERT = Visitor("10.0.0.1", "anna"), Visitor("10.0.0.2", "bert")


@pytest.fixture(scope="module")
def index(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    from ingest.passages import SPLITTER_VERSION

    with Index.open(tmp_path_factory.mktemp("adding") / "index", embedder, splitter=SPLITTER_VERSION) as opened:
        yield opened


def quiet(done: int, total: int, what: str) -> None:
    assert 0 <= done <= total
    assert what


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def add(adding: Adding, uploads: Uploads, name: str, data: bytes, progress: Progress = quiet) -> Added:
    ticket = await uploads.receive(name, len(data), chunks(data), ANNA.address)
    return await adding.upload(ANNA, ticket, progress)


def test_an_upload_is_added_and_its_file_deleted(index: Index, tmp_path: Path) -> None:
    async def run() -> None:
        uploads = Uploads(tmp_path)
        shares: list[float] = []
        text = b"The old mill stands by the river. Nobody has used it since 1931."
        added = await add(
            Adding(index, uploads), uploads, "mill.txt", text, lambda done, of, what: shares.append(done / of)
        )
        assert index.document(added.document_id or "").origin == "upload:mill.txt"
        assert "100 % covered" in added.line
        assert list(tmp_path.iterdir()) == []
        assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] == 1.0

    asyncio.run(run())


def test_only_a_ticket_brings_a_file_and_only_once(index: Index, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Nobody may read this.")

    async def run() -> None:
        uploads = Uploads(tmp_path)
        adding = Adding(index, uploads)
        for ticket in (str(secret), secret.name, "../secret.txt", ""):
            added = await adding.upload(ANNA, ticket, quiet)
            assert added == Added("this upload is no longer here: choose the file again", None)
        ticket = await uploads.receive("barn.txt", 12, chunks(b"A red barn.\n"), ANNA.address)
        assert (await adding.upload(ANNA, ticket, quiet)).document_id
        assert (await adding.upload(ANNA, ticket, quiet)).document_id is None

    asyncio.run(run())
    assert secret.exists()


def test_a_bad_file_is_one_escaped_line_without_a_path(index: Index, tmp_path: Path) -> None:
    async def run() -> None:
        uploads = Uploads(tmp_path)
        added = await add(Adding(index, uploads), uploads, "../../<b>junk.bin", bytes(range(256)) * 10)
        assert added.document_id is None
        assert "\n" not in added.line and str(tmp_path) not in added.line
        assert "<b>" not in added.html and 'role="alert"' in added.html
        assert list(tmp_path.iterdir()) == []

    asyncio.run(run())


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/", "mill"])
def test_addresses_that_are_no_public_web_page_are_refused(index: Index, tmp_path: Path, address: str) -> None:
    added = asyncio.run(Adding(index, Uploads(tmp_path)).address(ANNA, address, quiet))
    assert added.document_id is None
    assert added.line


def test_what_concerns_the_owner_only_is_not_told_to_a_visitor(
    index: Index, tmp_path: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    with Index.open(tmp_path / "closed", embedder, splitter="1") as closed:
        pass
    (tmp_path / "uploads").mkdir()

    async def run() -> None:
        uploads = Uploads(tmp_path / "uploads")
        added = await add(Adding(closed, uploads), uploads, "mill.txt", b"The mill stands by the river.")
        assert added == Added("The document could not be added: the server's log says why.", None)

    asyncio.run(run())
    assert "could not be added" in caplog.text


def test_a_short_text_does_not_wait_for_the_long_ones_of_many_windows(index: Index, tmp_path: Path) -> None:
    async def run() -> None:
        uploads = Uploads(tmp_path)
        adding = Adding(index, uploads)
        begun = threading.Event()

        async def send(window: int, text: str, progress: Progress) -> Added:
            ticket = await uploads.receive(f"{window}.txt", len(text), chunks(text.encode()), ANNA.address)
            return await adding.upload(Visitor(ANNA.address, f"window {window}"), ticket, progress)

        lines = [f"House number {n} was built by mason {n} in the year {1000 + n}." for n in range(4000)]
        long = [
            asyncio.create_task(send(n, f"Town {n}. " + " ".join(lines), lambda done, of, what: begun.set()))
            for n in range(4)
        ]
        await asyncio.to_thread(begun.wait, 30)
        short = await send(9, "The old mill burned in 1931.", quiet)
        assert short.document_id and not any(task.done() for task in long)
        adding.close()
        assert [(await task).document_id for task in long] == [None] * 4

    asyncio.run(run())


def test_a_full_index_takes_no_more_from_visitors(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.web.adding.MOST_DOCUMENTS", len(index.heads()))

    async def run() -> None:
        uploads = Uploads(tmp_path)
        added = await add(Adding(index, uploads), uploads, "more.txt", b"One more house was built in 1999.")
        assert added.document_id is None and "full" in added.line

    asyncio.run(run())


def test_stopping_ends_what_is_under_way_and_stores_nothing(index: Index, tmp_path: Path) -> None:
    async def run() -> None:
        uploads = Uploads(tmp_path)
        adding = Adding(index, uploads)
        begun = threading.Event()
        text = " ".join(f"House number {n} was built by mason {n} in the year {1000 + n}." for n in range(3000))
        task = asyncio.create_task(add(adding, uploads, "long.txt", text.encode(), lambda done, of, what: begun.set()))
        await asyncio.to_thread(begun.wait, 30)
        started = time.monotonic()
        adding.stop()
        assert await task == Added("the server is being stopped", None)
        assert time.monotonic() - started < 5
        adding.close()

    asyncio.run(run())
    assert not [document for document in index.documents() if document.origin == "upload:long.txt"]


def test_stopping_ends_the_splitting_of_a_text_that_takes_long(index: Index, tmp_path: Path) -> None:
    async def run() -> None:
        uploads = Uploads(tmp_path)
        adding = Adding(index, uploads)
        splitting = threading.Event()

        def progress(done: int, total: int, what: str) -> None:
            if what == "Splitting":
                splitting.set()

        task = asyncio.create_task(add(adding, uploads, "word.txt", b"x" * 4_900_000, progress))
        assert await asyncio.to_thread(splitting.wait, 30)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(adding.close)
        assert await task == Added("the server is being stopped", None)

    asyncio.run(run())
    assert not [document for document in index.documents() if document.origin == "upload:word.txt"]
