"""Pages that are pictures: read by text recognition where the extra is installed, named in the report where it is
not."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from fpdf import FPDF

from ingest.convert import confined, ocr
from ingest.convert.confined import convert
from ingest.convert.converting import Job
from ingest.convert.pdf import convert_pdf
from ingest.convert.textfile import Converted
from ingest.deadline import Deadline
from vectorstore.errors import InputError

needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="the extra attest[ocr] is not installed")

TITLE = "The harbour of Lindholm"
FIRST = "In 1931 the harbour board of Lindholm bought a paraffin lamp in Hamburg for 412 pounds."
SECOND = "The repairs of 1879 cost 4,200 marks (see page 12), and nobody was hurt in the storm."
TYPED = "This page holds text that is read as it stands in the file."


def page(text: str, title: str = "", font: str = "Times") -> bytes:
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    if title:
        pdf.set_font(font, style="B", size=18)
        pdf.cell(text=title, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(14)
    pdf.set_font(font, size=12)
    pdf.multi_cell(0, 16, text)
    return bytes(pdf.output())


def scanned(data: bytes, dots: int = 200) -> bytes:
    """The same pages as pictures."""
    pdf = FPDF(unit="pt")
    for shown in pypdfium2.PdfDocument(data):
        width, height = shown.get_size()
        picture = io.BytesIO()
        shown.render(scale=dots / 72).to_pil().convert("L").save(picture, "JPEG", quality=70)
        pdf.add_page(format=(width, height))
        pdf.image(picture, 0, 0, width, height)
    return bytes(pdf.output())


def joined(*parts: bytes) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for part in parts:
        document.import_pages(pypdfium2.PdfDocument(part))
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


@pytest.fixture(scope="module")
def read() -> Converted:
    """A typed page, then one that is a picture, through the process that converts."""
    found = convert(joined(page(TYPED), scanned(page(f"{FIRST}\n\n{SECOND}", TITLE))), "x.pdf", "pdf")
    confined.close()
    return found


@needs_ocr
def test_a_page_that_is_a_picture_is_read_word_for_word(read: Converted) -> None:
    assert read.text == convert_pdf(joined(page(TYPED), page(f"{FIRST}\n\n{SECOND}", TITLE)), "x.pdf").text
    assert read.warnings == ("page 2 was read by text recognition (OCR)",)


@needs_ocr
def test_what_was_recognised_is_marked_and_placed_and_what_was_read_is_not(read: Converted) -> None:
    assert read.pages is not None
    (typed,) = read.pages.at(0, len(TYPED))
    assert (typed.page, typed.recognised) == (1, False)
    start = read.text.index("412 pounds")
    (found,) = read.pages.at(start, start + len("412 pounds"))
    ((left, top, right, bottom),) = found.boxes
    assert (found.page, found.recognised) == (2, True)
    text = pypdfium2.PdfDocument(page(f"{FIRST}\n\n{SECOND}", TITLE))[0].get_textpage()
    place = text.get_text_range().index("412 pounds")
    boxes = [text.get_charbox(place + at) for at in range(10)]
    assert left == pytest.approx(min(box[0] for box in boxes), abs=3)
    assert right == pytest.approx(max(box[2] for box in boxes), abs=3)
    middle = 842 - sum(box[1] + box[3] for box in boxes) / 20
    assert top < middle < bottom < top + 30


@needs_ocr
def test_blanks_and_figures_stand_where_they_stood() -> None:
    text = (
        "In 1931 it bought a lamp for 412 pounds. The keeper, J. Orme, paid $3.50 a week; it carried 4,200 in 11 years."
    )
    found = convert_pdf(scanned(page(text, font="Helvetica")), "x.pdf", recognise_for=60)
    assert found.text == text
    assert re.findall(r"[\d.,]*\d", found.text) == ["1931", "412", "3.50", "4,200", "11"]


@needs_ocr
@pytest.mark.parametrize("size", [(3, 9000), (9000, 3), (60, 1800)])
def test_a_page_like_a_strip_takes_no_more_memory_than_any_other(size: tuple[float, float]) -> None:
    strip = FPDF(unit="pt", format=size)
    strip.set_auto_page_break(False)
    strip.add_page()
    strip.set_fill_color(120, 140, 90)
    strip.rect(0, 0, size[0], size[1] / 2, "F")
    with pytest.raises(InputError, match="no text was recognised in them"):
        convert(bytes(strip.output()), "x.pdf", "pdf")


@needs_ocr
def test_pictures_without_text_and_pages_without_time_are_named() -> None:
    blank = FPDF(unit="pt", format="A4")
    blank.add_page()
    blank.set_fill_color(120, 140, 90)
    blank.rect(100, 100, 300, 300, "F")
    drawn = bytes(blank.output())
    with pytest.raises(InputError, match=r"x\.pdf has no text: .* no text was recognised in them"):
        convert_pdf(drawn, "x.pdf", recognise_for=60)
    found = convert_pdf(joined(page(TYPED), drawn), "x.pdf", recognise_for=60)
    assert found.warnings == ("no text was recognised in the picture of page 2",)
    found = convert_pdf(joined(page(TYPED), drawn), "x.pdf", recognise_for=-1)
    assert found.warnings == ("there was no time to recognise the text of page 2: split the file",)


@needs_ocr
def test_an_answer_says_that_its_words_were_recognised(
    tmp_path: Path, attest: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "scan.pdf").write_bytes(scanned(page(f"{FIRST} {SECOND}", TITLE)))
    code, out, _ = attest("ingest", tmp_path / "scan.pdf", "--index", tmp_path / "index")
    assert code == 0 and f"added: {TITLE}" in out
    _, out, _ = attest("ask", "What did the repairs of 1879 cost?", "--json", "--index", tmp_path / "index")
    (citation,) = json.loads(out)["sentences"][0]["citations"]
    assert citation["quote"] == SECOND and citation["pages"][0]["page"] == 1
    assert citation["pages"][0]["recognised"] is True
    _, out, _ = attest("ask", "What did the repairs of 1879 cost?", "--index", tmp_path / "index")
    assert "page 1 (recognised in a picture)" in " ".join(out.split())


def test_without_the_extra_the_report_names_the_pages_and_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (confined, ocr):
        monkeypatch.setattr(module, "is_installed", lambda: False)
    picture = scanned(page(FIRST), 40)
    found = convert_pdf(joined(picture, page(TYPED), picture), "x.pdf")
    (warning,) = found.warnings
    assert warning.startswith("pages 1, 3 hold pictures and no text; ") and "pip install 'attest[ocr]'" in warning
    assert found.text == TYPED and found.pictures == 2
    with pytest.raises(InputError, match=r"x\.pdf has no text: page 1 holds a picture and no text; .*attest\[ocr\]"):
        convert_pdf(picture, "x.pdf")


def test_where_recognition_fails_the_text_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = confined._exchange

    def failing(process: subprocess.Popen[bytes], job: Job, data: bytes, deadline: Deadline) -> bytes:
        if job.recognise_for:
            raise InputError("x.pdf could not be converted within 90 seconds")
        return exchange(process, job, data, deadline)

    monkeypatch.setattr(confined, "is_installed", lambda: True)
    monkeypatch.setattr(confined, "_exchange", failing)
    found = convert(joined(page(TYPED), scanned(page(FIRST), 40)), "x.pdf", "pdf")
    confined.close()
    assert found.text == TYPED
    assert found.warnings[-1] == "text recognition failed: x.pdf could not be converted within 90 seconds"
