"""Pages as pictures: the rectangles of words cover their letters, and a hostile file costs one line."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Iterator
from types import MappingProxyType

import numpy as np
import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from ingest.convert import confined
from ingest.convert.confined import draw, image_type
from ingest.convert.pdf import convert_pdf
from ingest.convert.pdf.picture import MOST_PIXELS, MOST_SIDE
from ingest.convert.textfile import Picture
from ingest.deadline import Stopped
from vectorstore.documents.pages import OnPage
from vectorstore.errors import InputError

WORDS = "The heron stood still by the Lower Weir."


@pytest.fixture(autouse=True)
def no_process_left() -> Iterator[None]:
    yield
    confined.close()


def sample(size: tuple[float, float] = (400, 600)) -> bytes:
    pdf = FPDF(unit="pt", format=size)
    pdf.set_font("Helvetica", size=12)
    pdf.add_page()
    pdf.text(60, 0.6 * size[1], WORDS)
    pdf.add_page()
    pdf.text(30, 0.3 * size[1], "Nothing else was seen.")
    return bytes(pdf.output())


def changed(turn: int = 0, crop: tuple[float, float, float, float] | None = None) -> bytes:
    document = pypdfium2.PdfDocument(sample())
    for page in document:
        page.set_rotation(turn)
        if crop is not None:
            page.set_cropbox(*crop)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def place(data: bytes, words: str) -> OnPage:
    converted = convert_pdf(data, "x.pdf")
    assert converted.pages is not None
    start = converted.text.index(words)
    (found,) = converted.pages.at(start, start + len(words))
    return found


def ink(picture: Picture, found: OnPage) -> tuple[float, float]:
    """The darkness inside the rectangles of a page, laid on as the page lays them, and in all of it."""
    dark = 255.0 - np.asarray(Image.open(io.BytesIO(picture.image)).convert("L"), float)
    height, width = dark.shape
    mask = np.zeros(dark.shape, bool)
    for left, top, right, bottom in found.boxes:
        x0, x1 = width * left / picture.width, width * right / picture.width
        y0, y1 = height * top / picture.height, height * bottom / picture.height
        mask[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1] = True
    return float(dark[mask].sum()), float(dark.sum())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (20, 10, 390, 550)])
def test_the_rectangles_cover_the_letters_of_the_words_and_no_others(
    turn: int, crop: tuple[float, float, float, float] | None
) -> None:
    data = changed(turn, crop)
    found = place(data, WORDS)
    picture = draw(data, "x.pdf", found.page)
    assert (picture.page, picture.pages) == (1, 2)
    inside, everything = ink(picture, found)
    assert everything > 0 and inside > 0.99 * everything
    some, _ = ink(picture, place(data, "heron"))
    assert 0.05 * everything < some < 0.3 * everything


def test_a_page_is_sharp_enough_to_be_read_and_bounded() -> None:
    for size in ((595, 842), (200, 200), (5_000, 14_000), (14_000, 80)):
        picture = draw(sample(size), "x.pdf", 1)
        image = Image.open(io.BytesIO(picture.image))
        assert image.width * image.height <= 1.02 * MOST_PIXELS and max(image.size) <= MOST_SIDE + 1
        assert (picture.width, picture.height) == pytest.approx(size, abs=0.1)
        assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.05)
    assert Image.open(io.BytesIO(draw(sample((595, 842)), "x.pdf", 1).image)).width > 1_400


def test_a_page_of_a_photograph_is_no_huge_file() -> None:
    noise = np.random.default_rng(5).integers(0, 255, (900, 700, 3), np.uint8)
    pdf = FPDF(unit="pt", format=(700, 900))
    pdf.add_page()
    pdf.image(Image.fromarray(noise), 0, 0, 700, 900)
    picture = draw(bytes(pdf.output()), "x.pdf", 1)
    assert image_type(picture.image) == "image/jpeg" and len(picture.image) < 4_000_000
    assert image_type(draw(sample(), "x.pdf", 1).image) == "image/png"


@pytest.mark.parametrize("page", [3, 5_000])
def test_a_page_that_is_not_there_is_one_line(page: int) -> None:
    with pytest.raises(InputError, match=rf"x\.pdf has no page {page}: it has 2"):
        draw(sample(), "x.pdf", page)


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"", b"%PDF-1.4\n" + b"0" * 9_999, sample()[:600]])
def test_a_broken_file_is_one_line(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        draw(data, "x.pdf", 1)
    assert "\n" not in str(caught.value)


def slow() -> bytes:
    """A page that paints large shadings over and over: minutes of work."""
    content = b"q /S0 sh Q " * 200_000
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Shading << /S0 << /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 600 800] /Extend [true "
        b"true] /Function << /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >> >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    at = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % at


def test_a_page_that_takes_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "DRAWING_SECONDS", 1.0)
    begun = time.monotonic()
    with pytest.raises(InputError, match=r"page 1 of x\.pdf could not be drawn within 1 seconds"):
        draw(slow(), "x.pdf", 1)
    assert time.monotonic() - begun < 3 and confined._idle == []


def test_drawing_stops_when_it_is_no_longer_wanted() -> None:
    begun = time.monotonic()
    with pytest.raises(Stopped):
        draw(slow(), "x.pdf", 1, stop=lambda: time.monotonic() > begun + 0.5)
    assert time.monotonic() - begun < 2


def test_pages_that_take_long_hold_up_no_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "DRAWING_SECONDS", 4.0)

    def hopeless() -> None:
        with pytest.raises(InputError):
            draw(slow(), "x.pdf", 1)

    drawing = [threading.Thread(target=hopeless) for _ in range(confined.MOST_DRAWING)]
    for thread in drawing:
        thread.start()
    time.sleep(0.3)
    assert WORDS in confined.convert(sample(), "y.pdf", "pdf").text
    assert any(thread.is_alive() for thread in drawing), "they were still at it"
    for thread in drawing:
        thread.join()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit needs Linux")
def test_a_page_that_needs_too_much_memory_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "MAX_MEMORY", 2**20)
    with pytest.raises(InputError) as caught:
        draw(sample((2_000, 3_000)), "x.pdf", 1)
    assert "\n" not in str(caught.value)


GOOD = MappingProxyType({"image": "iVBORw0KGgo=", "pages": 2, "width": 400.0, "height": 600.0})


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {**GOOD, "image": "PHN2Zz4="},  # <svg>
        {**GOOD, "image": "not base64"},
        {**GOOD, "image": None},
        {**GOOD, "pages": 0},
        {**GOOD, "pages": "2"},
        {**GOOD, "width": 0.0},
        {**GOOD, "height": -1.0},
        {**GOOD, "width": float("inf")},
        {**GOOD, "width": float("nan")},
        {**GOOD, "width": "400"},
    ],
)
def test_an_answer_that_is_no_picture_is_not_believed(answer: dict[str, object]) -> None:
    assert confined._checked_picture(dict(GOOD), "x.pdf", 2).pages == 2
    with pytest.raises(InputError, match="no answer that can be read"):
        confined._checked_picture(answer, "x.pdf", 1)
