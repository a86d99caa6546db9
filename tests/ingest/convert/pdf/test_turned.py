"""Pages that lie on their side or stand on their head are read as a reader turns them."""

from __future__ import annotations

import io
from contextlib import nullcontext

import numpy as np
import pypdfium2
import pytest
from fpdf import FPDF

from ingest.convert import ocr
from ingest.convert.pdf import convert_pdf

TITLE = "Lights of the coast"
PROSE = (
    "The lights of the coast were built between 1902 and 1956 by the harbour board, and each of them had a keeper "
    "until the year 1989, when the last was automated and the houses were sold."
)
ROWS = [["Station", "Built", "Keeper"], ["Torsay", "1902", "Rafael Quist"], ["Nidd", "1911", "Dora Lindqvist"]]
EXPECTED = f"{TITLE}\n\n{PROSE}\n\n" + "\n".join(
    "| " + " | ".join(row) + " |" for row in [ROWS[0], ["---", "---", "---"], *ROWS[1:]]
)


def page(pdf: FPDF, drawn: int) -> None:
    """Adds a page of 400 by 400 points, drawn turned anticlockwise by so many degrees."""
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    with pdf.rotation(drawn, 200, 200) if drawn else nullcontext():
        pdf.text(40, 50, TITLE)
        for number, line in enumerate(pdf.multi_cell(300, 12, PROSE, dry_run=True, output="LINES", align="L")):
            pdf.text(40, 80 + 12 * number, str(line))
        for number, row in enumerate(ROWS):
            for left, cell in zip((40, 140, 240), row, strict=True):
                pdf.text(left, 160 + 14 * number, cell)


def paged(drawn: int, stored: int = 0, pages: int = 1) -> bytes:
    pdf = FPDF(unit="pt", format=(400, 400))
    for _ in range(pages):
        page(pdf, drawn)
    document = pypdfium2.PdfDocument(bytes(pdf.output()))
    for one in document:
        one.set_rotation(stored)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("stored", [0, 90, 180, 270])
@pytest.mark.parametrize("drawn", [0, 90, 180, 270])
def test_a_page_is_read_upright_whichever_way_it_is_drawn_and_stored(drawn: int, stored: int) -> None:
    data = paged(drawn, stored)
    found = convert_pdf(data, "x.pdf")
    assert (found.text, found.warnings) == (EXPECTED, ())
    assert found.pages is not None
    ((_, boxes, _),) = found.pages.at(0, len(found.text))
    picture = pypdfium2.PdfDocument(data)[0].render(scale=2).to_numpy()[..., 0].astype(int)
    inside = np.zeros(picture.shape, bool)
    for left, top, right, bottom in boxes:
        inside[int(2 * top) : int(2 * bottom) + 1, int(2 * left) : int(2 * right) + 1] = True
    assert (255 - picture)[inside].sum() > 0.99 * (255 - picture).sum() > 0 and inside.mean() < 0.3


def test_the_number_of_a_page_whose_text_lies_on_its_side_is_left_out_and_a_word_across_it_stays() -> None:
    pdf = FPDF(unit="pt", format=(400, 400))
    page(pdf, 90)
    pdf.text(195, 390, "17")
    pdf.text(195, 20, "Draft")
    found = convert_pdf(bytes(pdf.output()), "x.pdf")
    assert found.text == f"{EXPECTED}\n\nDraft"
    assert found.warnings == ("left out running heads, feet and page numbers of 1 page",)


def test_a_stamp_on_its_side_turns_no_page() -> None:
    pdf = FPDF(unit="pt", format=(400, 400))
    page(pdf, 0)
    with pdf.rotation(90, 20, 350):
        pdf.text(20, 350, "Received by the harbour office of Nidd")
    assert convert_pdf(bytes(pdf.output()), "x.pdf").text == f"{EXPECTED}\n\nReceived by the harbour office of Nidd"


@pytest.mark.skipif(not ocr.is_installed(), reason="the extra attest[ocr] is not installed")
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_is_read_whichever_way_it_lies(turn: int) -> None:
    pdf = FPDF(unit="pt", format=(400, 200))
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.text(40, 50, "The light of Torsay was built in 1902.")
    pdf.text(40, 66, "It has a white lamp and a keeper.")
    picture = pypdfium2.PdfDocument(bytes(pdf.output()))[0].render(scale=3).to_pil().rotate(turn, expand=True)
    scan = FPDF(unit="pt", format=(picture.width / 3, picture.height / 3))
    scan.add_page()
    scan.image(picture, 0, 0, picture.width / 3, picture.height / 3)
    found = convert_pdf(bytes(scan.output()), "x.pdf", recognise_for=60)
    assert found.text == "The light of Torsay was built in 1902. It has a white lamp and a keeper."
    assert found.pages is not None
    ((_, boxes, recognised),) = found.pages.at(0, len("The light"))
    shown = [(40, 38, 90, 54), (38, 310, 54, 360), (310, 146, 360, 162), (146, 40, 162, 90)][turn // 90]
    left, top, right, bottom = (side(box[at] for box in boxes) for at, side in enumerate((min, min, max, max)))
    assert recognised and (left, top, right, bottom) == pytest.approx(shown, abs=6)


WIDE = [["Station", "Built", "Keeper"], ["Torsay", "1902", "Rafael Quist"], ["Nidd", "1911", "Dora Lindqvist"]]


def beside(drawn: int, *, ruled: bool = False, stored: int = 0) -> bytes:
    """A page of upright prose with a caption and a table that are turned anticlockwise by so many degrees."""
    pdf = FPDF(unit="pt", format=(400, 400))
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    pdf.set_margins(40, 20, 40)
    pdf.set_y(20)
    pdf.multi_cell(320, 12, PROSE, align="L")
    with pdf.rotation(drawn, 200, 200):
        pdf.text(90, 170, "Table 1. Who kept the lights")
        for number, row in enumerate(WIDE):
            for left, cell in zip((90, 180, 240), row, strict=True):
                pdf.text(left, 190 + 14 * number, cell)
        for y in (179, 193, 221) if ruled else ():
            pdf.line(88, y, 330, y)
    document = pypdfium2.PdfDocument(bytes(pdf.output()))
    document[0].set_rotation(stored)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("stored", [0, 90, 180])
@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("drawn", [90, 270])
def test_a_table_that_lies_on_its_side_is_one_of_rows(drawn: int, ruled: bool, stored: int) -> None:
    data = beside(drawn, ruled=ruled, stored=stored)
    found = convert_pdf(data, "x.pdf")
    rows = "\n".join("| " + " | ".join(row) + " |" for row in [WIDE[0], ["---", "---", "---"], *WIDE[1:]])
    assert (found.text, found.warnings) == (f"{PROSE}\n\nTable 1. Who kept the lights\n\n{rows}", ())
    assert found.pages is not None
    start = found.text.index("Dora Lindqvist")
    ((_, boxes, _),) = found.pages.at(start, start + 4)
    picture = pypdfium2.PdfDocument(data)[0].render(scale=2).to_numpy()[..., 0].astype(int)
    (left, top, right, bottom) = (round(2 * edge) for edge in boxes[0])
    assert bottom - top > right - left or stored == 90
    assert (picture[top:bottom, left:right] < 128).mean() > 0.05


def test_rows_of_sideways_words_that_are_no_table_stay_lines() -> None:
    pdf = FPDF(unit="pt", format=(400, 400))
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    pdf.multi_cell(320, 12, PROSE, align="L")
    for at, words in enumerate(["Length of the boat in metres", "Draught when it is laden", "Where it was built"]):
        with pdf.rotation(90, 100 + 40 * at, 300):
            pdf.text(100 + 40 * at, 300, words)
    text = convert_pdf(bytes(pdf.output()), "x.pdf").text
    assert text.endswith("metres\n\nDraught when it is laden\n\nWhere it was built")


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("turn", [90, 270])
def test_headers_that_are_written_sideways_stand_above_their_columns(turn: int, ruled: bool) -> None:
    pdf = FPDF(unit="pt", format=(400, 400))
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    edges = (60, 160, 220, 280, 340)
    head = ["Length", "Beam width", "Draught"]
    for x, words in zip(edges[1:], head, strict=False):
        at, y = (x + 20, 160) if turn == 90 else (x + 14, 160 - pdf.get_string_width(words))
        with pdf.rotation(turn, at, y):
            pdf.text(at, y, words)
    rows = [["Heron", "9.2", "3.1", "1.4"], ["Tern", "7.5", "2.6", "1.1"], ["Gull", "8.8", "2.9", "1.2"]]
    for number, row in enumerate([["Boat"], *rows]):
        for x, cell in zip(edges, row, strict=False):
            pdf.text(x + 6, 160 + 18 * number, cell)
    for number, y in enumerate((90, 165, 183, 201, 219)):
        if ruled:
            pdf.line(60, y, 340, y)
            pdf.line(edges[number], 90, edges[number], 219)
    lines = ["| " + " | ".join(row) + " |" for row in [["Boat", *head], ["---"] * 4, *rows]]
    assert convert_pdf(bytes(pdf.output()), "x.pdf").text == "\n".join(lines)
