"""The places of a PDF's words: each quotation is marked where it stands, on turned and cropped pages, too."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from fpdf import FPDF

from ingest.convert.confined import convert
from ingest.convert.pdf import convert_pdf
from vectorstore.documents.pages import OnPage

WORDS = ["alder", "birch", "cedar", "dogwood", "elder", "fir", "gorse", "hazel", "ivy", "juniper"]


def sample(turn: int = 0) -> bytes:
    """Two pages with one word a line, drawn where `place_of` says."""
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_font("Helvetica", size=12)
    for page in range(2):
        pdf.add_page()
        for number, word in enumerate(WORDS[5 * page : 5 * page + 5]):
            pdf.text(50, 100 + 40 * number, f"{word.capitalize()} grows here.")
    data = bytes(pdf.output())
    if not turn:
        return data
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.set_rotation(turn)
    return saved(document)


def saved(document: pypdfium2.PdfDocument) -> bytes:
    import io

    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def places(data: bytes, words: str) -> tuple[OnPage, ...]:
    converted = convert_pdf(data, "x.pdf")
    start = converted.text.index(words)
    assert converted.pages is not None
    return converted.pages.at(start, start + len(words))


def test_words_are_found_on_their_page_in_points_from_its_top_left() -> None:
    (one,) = places(sample(), "Gorse grows here.")
    assert one.page == 2
    ((left, top, right, bottom),) = one.boxes
    assert left == pytest.approx(50, abs=1) and 88 < top < 145 and right < 150
    assert top < 140 < bottom  # the base line of the second line
    assert bottom - top < 20


def test_a_word_in_a_line_has_its_own_rectangle() -> None:
    ((_, ((left, _, right, _),), _),) = places(sample(), "grows")
    pdf = FPDF(unit="pt")
    pdf.set_font("Helvetica", size=12)
    before, word = pdf.get_string_width("Alder "), pdf.get_string_width("grows")
    assert left == pytest.approx(50 + before, abs=1) and right - left == pytest.approx(word, abs=1)


def test_rectangles_are_of_the_page_as_it_is_cropped() -> None:
    document = pypdfium2.PdfDocument(sample())
    for page in document:
        page.set_cropbox(20, 0, 400, 550)
    ((_, ((left, top, _, bottom),), _),) = places(saved(document), "Alder grows here.")
    assert left == pytest.approx(30, abs=1) and top < 50 < bottom


def ink(data: bytes, found: OnPage) -> tuple[float, float]:
    """The darkness inside the rectangles of a page, and in all of it, as sums."""
    import numpy as np

    picture = pypdfium2.PdfDocument(data)[found.page - 1].render(scale=2, grayscale=True).to_numpy()
    dark = (255 - picture[..., 0].astype(float)) if picture.ndim == 3 else 255 - picture.astype(float)
    mask = np.zeros(dark.shape, bool)
    for left, top, right, bottom in found.boxes:
        mask[int(2 * top) : int(2 * bottom) + 1, int(2 * left) : int(2 * right) + 1] = True
    return float(dark[mask].sum()), float(dark.sum())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_all_ink_of_a_page_lies_in_the_rectangles_of_its_words(turn: int) -> None:
    data = sample(turn)
    converted = convert_pdf(data, "x.pdf")
    assert converted.pages is not None
    assert sorted(re.findall(r"\w+(?= grows)", converted.text.lower())) == WORDS
    for found in converted.pages.at(0, len(converted.text)):
        inside, everything = ink(data, found)
        assert everything > 0 and inside > 0.99 * everything


def test_places_come_through_the_process_that_converts() -> None:
    alone, confined = convert_pdf(sample(), "x.pdf"), convert(sample(), "x.pdf", "pdf")
    assert confined == alone and confined.pages is not None and confined.pages.count == 2


def test_cells_with_pipes_are_marked_where_they_stand() -> None:
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_font("Helvetica", size=12)
    pdf.add_page()
    with pdf.table() as table:
        for cells in (("Route", "Fare"), ("Nidd|Tor | x", "nine"), ("Brill", "ten|eleven marks")):
            row = table.row()
            for cell in cells:
                row.cell(cell)
    data = bytes(pdf.output())
    assert "| Nidd\\|Tor \\| x | nine |\n| Brill | ten\\|eleven marks |" in convert_pdf(data, "x.pdf").text
    ((_, ((left, top, right, bottom),), _),) = places(data, "marks")
    (above,) = places(data, "nine")
    assert above.boxes[0][3] < top < bottom < above.boxes[0][3] + 40
    begin = above.boxes[0][0] + pdf.get_string_width("ten|eleven ")
    assert left == pytest.approx(begin, abs=2) and right == pytest.approx(begin + pdf.get_string_width("marks"), abs=2)
