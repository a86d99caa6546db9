"""The route of pages as pictures: one page of a document that is there, whatever is asked; bounded and remembered."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from fpdf import FPDF
from PIL import Image

from ingest.convert import confined
from ingest.convert.textfile import Picture
from ingest.deadline import Stop
from ingest.loading import load_file
from ingest.passages import SPLITTER_VERSION
from ingest.pipeline import ingest, ingest_loaded
from ui.web import pictures as module
from ui.web.line import LineFull, Place
from ui.web.pictures import NoPicture, Pictures
from ui.web.visitors import Visitor
from vectorstore.documents.originals import FOLDER
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import IndexDamaged, InputError
from vectorstore.index import Index
from vectorstore.types import Document

ANNA, BERT = Visitor("10.0.0.1", ""), Visitor("10.0.0.2", "")
Found = TypeVar("Found")


OWNERS = ("The parish", "Nora Tidewell", "A miller", "The county", "Piet", "Ines", "Marta", "Olga", "Tobias")


def sample(pages: int = 3) -> bytes:
    pdf = FPDF(unit="pt", format=(300, 400))
    pdf.set_font("Helvetica", size=12)
    for number in range(pages):
        pdf.add_page()
        pdf.text(40, 120 + 20 * number, f"{OWNERS[number]} owns a plot by the river.")
    return bytes(pdf.output())


@pytest.fixture
def index(embedder: Embedder, tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION) as opened:
        (tmp_path / "plots.pdf").write_bytes(sample())
        (tmp_path / "plots.txt").write_text("Plot 1 belongs to the parish. Plot 2 does not.")
        names = [str(tmp_path / name) for name in ("plots.pdf", "plots.txt")]
        assert [report.error for report in ingest(names, opened)] == [None, None]
        yield opened
    confined.close()


def of_kind(index: Index, suffix: str) -> Document:
    return next(document for document in index.documents() if document.origin.endswith(suffix))


def run(work: Coroutine[Any, Any, Found]) -> Found:
    return asyncio.run(work)


async def until(happened: Callable[[], bool]) -> None:
    """Waits for something that takes long on a busy machine."""
    async with asyncio.timeout(60):
        while not happened():
            await asyncio.sleep(0.01)


async def shown(pictures: Pictures, document: Document, number: str, visitor: Visitor = ANNA) -> dict[str, Any]:
    checked = await pictures.checked(document.id, document.original or "", number)
    return dict(json.loads(await pictures.page(visitor, document.original or "", checked)))


def test_a_page_comes_as_a_picture_with_its_size(index: Index) -> None:
    pictures = Pictures(index)
    found = run(shown(pictures, of_kind(index, ".pdf"), "2"))
    start, _, packed = found.pop("picture").partition(",")
    assert start == "data:image/png;base64" and found == {"page": 2, "pages": 3, "width": 300.0, "height": 400.0}
    image = Image.open(io.BytesIO(base64.b64decode(packed)))
    assert image.width / image.height == pytest.approx(0.75, abs=0.01)
    pictures.close()


def test_nothing_is_drawn_in_the_serving_process(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    monkeypatch.setattr(pypdfium2, "PdfDocument", lambda *_: pytest.fail("opened here"))
    pictures = Pictures(index)
    assert run(shown(pictures, of_kind(index, ".pdf"), "1"))["page"] == 1
    pictures.close()


@pytest.mark.parametrize(
    "number",
    ["0", "-1", "4", "5001", "99999", "1.0", "1e0", "01", "+1", " 1", "1\n", "١", "", "x", "1/../2", "1" * 9_999],
)
def test_a_number_that_is_no_page_shows_nothing(number: str, index: Index) -> None:
    pictures = Pictures(index)
    with pytest.raises(NoPicture, match=r"no such page|has no page 4"):
        run(shown(pictures, of_kind(index, ".pdf"), number))
    pictures.close()


def test_a_document_without_its_file_shows_nothing(index: Index) -> None:
    pictures, pdf, text = Pictures(index), of_kind(index, ".pdf"), of_kind(index, ".txt")
    for document_id, original in (
        (text.id, ""),
        (text.id, "None"),
        (text.id, pdf.original or ""),
        (pdf.id, "0" * 64),
        (pdf.id, f"../{FOLDER}/{pdf.original}"),
        ("../manifest.sqlite", pdf.original or ""),
        ("nothing", pdf.original or ""),
    ):
        with pytest.raises(NoPicture, match=r"no longer here|has changed"):
            run(pictures.checked(document_id, original, "1"))
    pictures.close()


def test_a_document_that_was_replaced_or_removed_shows_nothing(index: Index, tmp_path: Path) -> None:
    pictures, before = Pictures(index), of_kind(index, ".pdf")
    assert run(shown(pictures, before, "1"))["pages"] == 3
    (tmp_path / "plots.pdf").write_bytes(sample(2))
    ingest_loaded(load_file(tmp_path / "plots.pdf"), index)
    with pytest.raises(NoPicture, match="has changed"):
        run(shown(pictures, before, "1"))
    assert run(shown(pictures, of_kind(index, ".pdf"), "1"))["pages"] == 2
    index.delete(before.id)
    with pytest.raises(NoPicture, match="no longer here"):
        run(shown(pictures, before, "1"))
    pictures.close()


def test_a_damaged_file_is_not_drawn(index: Index) -> None:
    pictures, document = Pictures(index), of_kind(index, ".pdf")
    file = index.directory / FOLDER / str(document.original)
    file.write_bytes(sample(9))
    with pytest.raises(IndexDamaged, match="attest doctor"):
        run(shown(pictures, document, "1"))
    file.write_bytes(sample())
    pictures.close()


class Drawn:
    """Stands in for the process: counts what is drawn, as slowly as it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, size: int = 10, seconds: float = 0.0) -> None:
        self.pages: list[int] = []
        self.go = threading.Event()
        self._size, self._seconds = size, seconds
        monkeypatch.setattr(module, "draw", self)

    def __call__(self, data: bytes, name: str, page: int, *, stop: Stop) -> Picture:
        self.pages.append(page)
        end = time.monotonic() + self._seconds
        while time.monotonic() < end and not self.go.is_set():
            if stop():
                raise module.Stopped("stopped")
            time.sleep(0.01)
        if page == 13:
            raise InputError("this document has no page 13: it has 3")
        return Picture(b"\xff\xd8\xff" + bytes(self._size), page, 99, 300.0, 400.0)


def test_a_picture_is_drawn_once_and_a_failure_is_remembered(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, pictures, document = Drawn(monkeypatch, seconds=0.2), Pictures(index), of_kind(index, ".pdf")

    async def work() -> None:
        await asyncio.gather(*(shown(pictures, document, "1") for _ in range(4)))
        await shown(pictures, document, "1", BERT)
        for _ in range(3):
            with pytest.raises(NoPicture, match="no page 13"):
                await shown(pictures, document, "13")

    run(work())
    assert drawn.pages == [1, 13]
    pictures.close()


def test_pictures_are_remembered_up_to_a_limit(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 100_000)
    drawn, pictures, document = Drawn(monkeypatch, size=30_000), Pictures(index), of_kind(index, ".pdf")

    async def work() -> None:
        for number in (1, 2, 1, 3, 1):
            await shown(pictures, document, str(number))

    run(work())
    assert drawn.pages == [1, 2, 3]
    assert sum(map(len, pictures._known.values())) == pictures._size <= 100_000 and len(pictures._known) == 2
    pictures.close()


def test_one_address_does_not_fill_the_line(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, pictures, document = Drawn(monkeypatch, seconds=90), Pictures(index), of_kind(index, ".pdf")
    called: list[Visitor] = []
    call = Place.call

    def noted(place: Place) -> None:
        called.append(place.visitor)
        call(place)

    monkeypatch.setattr(Place, "call", noted)

    async def work() -> None:
        greedy = [asyncio.create_task(shown(pictures, document, str(number))) for number in range(20, 60)]
        await until(lambda: sum(task.done() for task in greedy) == 28 and len(drawn.pages) == module.MOST_DRAWING)
        other = asyncio.create_task(shown(pictures, document, "1", BERT))
        await until(lambda: any(place.visitor == BERT for place in pictures._line._places()))
        assert not other.done(), "it has a place, others have none left"
        drawn.go.set()
        assert (await other)["page"] == 1
        done = await asyncio.gather(*greedy, return_exceptions=True)
        assert sum(isinstance(one, LineFull) for one in done) == 28
        assert called.index(BERT) <= module.MOST_DRAWING + 1, "the other address is next"

    run(work())
    pictures.close()


def test_what_waits_ends_when_the_server_stops(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    Drawn(monkeypatch, seconds=60)
    pictures, document = Pictures(index), of_kind(index, ".pdf")

    async def work() -> None:
        waiting = [asyncio.create_task(shown(pictures, document, str(number))) for number in range(1, 6)]
        await until(lambda: len(pictures._line._places()) == 5)
        pictures.stop()
        done = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
        assert all(isinstance(one, module.Stopped) for one in done)

    run(work())
    pictures.close()


class Nobody:
    """An assistant that is never asked."""

    def stream(self, *_: object, **__: object) -> Any: ...

    def turns_for(self, *_: object) -> Any: ...


def test_the_route_answers_with_one_line_or_one_page(index: Index, tmp_path: Path) -> None:
    from assistant.check.types import Check
    from ui.web.app import Page
    from ui.web.server.application import create_app
    from ui.web.server.hosts import allowed
    from ui.web.uploads import Uploads

    pdf, text = of_kind(index, ".pdf"), of_kind(index, ".txt")

    async def work() -> None:
        page = Page(Nobody(), index, Uploads(tmp_path), lambda text, _, __: Check(text, "not found", (), "nobody"))
        app = create_app(page, index, Uploads(tmp_path), hosts=allowed((), own=set(), loopback=True))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            good = f"/attest/page/{pdf.id}/{pdf.original}/3"
            reply = await client.get(good)
            assert reply.status_code == 200 and reply.json()["page"] == 3
            assert reply.headers["content-type"] == "application/json" and "private" in reply.headers["cache-control"]
            again = await client.get(good, headers={"If-None-Match": reply.headers["etag"]})
            assert again.status_code == 304 and again.content == b""
            for path in (
                f"/attest/page/{pdf.id}/{pdf.original}/4",
                f"/attest/page/{pdf.id}/{pdf.original}/-1",
                f"/attest/page/{pdf.id}/{pdf.original}/%00",
                f"/attest/page/{pdf.id}/{pdf.original}/1%0a",
                f"/attest/page/{pdf.id}/{'f' * 64}/1",
                f"/attest/page/{text.id}/{pdf.original}/1",
                f"/attest/page/{text.id}/None/1",
                f"/attest/page/..%2f..%2fmanifest.sqlite/{pdf.original}/1",
                f"/attest/page/{pdf.id}/..%2fmanifest.sqlite/1",
                f"/attest/page/%ff%fe/{pdf.original}/1",
                f"/attest/page/{pdf.id}/{pdf.original}",
                f"/attest/page/{pdf.id}/{pdf.original}/1/2",
                f"/attest/{FOLDER}/{pdf.original}",
            ):
                reply = await client.get(path)
                assert reply.status_code in (404, 422) and reply.text.count("\n") == 1, (path, reply.text)
                assert str(index.directory) not in reply.text and "PDF" not in reply.text
            assert (await client.post(good)).status_code == 404
            foreign = await client.get(good, headers={"Host": "evil.example"})
            assert foreign.status_code == 400
        page.close()

    run(work())


def test_an_index_of_before_offers_pages_once_a_file_is_ingested_again(index: Index, tmp_path: Path) -> None:
    before = of_kind(index, ".pdf")
    index.upsert(replace(before, original=None), index.passages(before.id))
    assert of_kind(index, ".pdf").original is None and os.listdir(index.directory / FOLDER) == []
    with pytest.raises(NoPicture):
        run(Pictures(index).checked(before.id, "", "1"))
    (report,) = ingest([str(tmp_path / "plots.pdf")], index)
    assert report.status == "updated" and of_kind(index, ".pdf") == before
    assert index.originals.read(str(before.original)) == (tmp_path / "plots.pdf").read_bytes()
