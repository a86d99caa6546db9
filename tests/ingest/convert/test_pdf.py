"""PDF files become paragraphs; protected, damaged and scanned ones are refused, each in its own words."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from fpdf import FPDF

from ingest.convert.pdf import convert_pdf
from vectorstore.errors import InputError

PARAGRAPHS = [
    f"In the year {1900 + number} the yard built nothing but ferries, and the town grew around the slip-ways as fast "
    f"as the timber came in. The foreman of crew {number} kept a diary, which his daughter gave away; it says more "
    "about the weather than about ships, as one might expect of a man who worked out of doors all his life."
    for number in range(24)
]


class Book(FPDF):
    """Pages with a running head and a page number."""

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, "A History of Small Ships")
        self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 10, f"- {self.page_no()} -", align="C")


def book(*, gap: float = 3, align: str = "L", indent: str = "", title: str = "") -> bytes:
    pdf = Book()
    if title:
        pdf.set_title(title)
    pdf.add_page()
    pdf.set_font("Helvetica", "B", 18)
    pdf.cell(0, 12, "The Shipyard of Lindholm")
    pdf.ln(16)
    pdf.set_font("Helvetica", size=11)
    for paragraph in PARAGRAPHS:
        pdf.multi_cell(0, 5.5, indent + paragraph, align=align)
        pdf.ln(gap)
    return bytes(pdf.output())


def small(text: str, **encryption: str) -> bytes:
    pdf = FPDF()
    if encryption:
        pdf.set_encryption(**encryption)
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(0, 5.5, text)
    return bytes(pdf.output())


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        convert_pdf(data, "x.pdf")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("options", [{}, {"gap": 0}, {"align": "J"}, {"gap": 0, "align": "J", "indent": "      "}])
def test_lines_flow_into_paragraphs_across_pages_without_running_heads(options: dict[str, str]) -> None:
    converted = convert_pdf(book(**options), "book.pdf")
    paragraphs = converted.text.split("\n\n")
    assert paragraphs[0] == "The Shipyard of Lindholm"
    assert "".join(paragraphs[1:]).replace(" ", "") == "".join(PARAGRAPHS).replace(" ", "")
    whole = sum(1 for paragraph in paragraphs[1:] if paragraph in PARAGRAPHS)
    assert whole >= len(PARAGRAPHS) - 3  # one on each page break may be cut
    assert "Small Ships" not in converted.text and "- 2 -" not in converted.text
    assert converted.title == "The Shipyard of Lindholm"
    assert converted.warnings == ("left out running heads, feet and page numbers of 2 pages",)


def test_hyphens_at_line_ends_are_joined_except_in_compounds() -> None:
    text = (
        "A line that ends with an inter-\nnational congress, and another with a slip-\nway, and a third with an "
        "Anglo-\nSwedish treaty. One slip-way was left."
    )
    assert convert_pdf(small(text), "x.pdf").text == (
        "A line that ends with an international congress, and another with a slip-way, and a third with an "
        "Anglo-Swedish treaty. One slip-way was left."
    )


def test_a_title_in_the_metadata_that_is_of_another_document_is_left_out() -> None:
    converted = convert_pdf(book(title="XX Rules on the Theft of Ferries"), "x.pdf")
    assert converted.title == "The Shipyard of Lindholm"
    assert not converted.stated


def test_the_title_in_the_metadata_wins_unless_it_is_a_file_name() -> None:
    assert convert_pdf(book(title="Lindholm and its shipyard"), "x.pdf").title == "Lindholm and its shipyard"
    assert convert_pdf(book(title="Microsoft Word - draft7.doc"), "x.pdf").title == "The Shipyard of Lindholm"


def test_a_password_is_named() -> None:
    data = small("secret", owner_password="owner", user_password="user")
    assert "protected by a password" in refused(data)


def test_a_damaged_file_is_named() -> None:
    good = small("Something to read.")
    assert "damaged" in refused(good[: len(good) // 3])
    assert "damaged" in refused(b"%PDF-1.7\nnothing that follows is a PDF")
    assert "header is missing" in refused(b"\0\1\2" * 1000)


def test_a_scan_is_told_from_an_empty_file() -> None:
    pdf = FPDF()
    pdf.add_page()
    assert "has no text, its pages are empty" in refused(bytes(pdf.output()))
    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 50, 50, style="F")
    assert "has no text: page 1 holds a picture and no text" in refused(bytes(pdf.output()))


def test_an_empty_page_is_not_missed() -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    pdf.add_page()
    pdf.multi_cell(0, 5, "Only this page says something.")
    pdf.add_page()
    assert convert_pdf(bytes(pdf.output()), "x.pdf").warnings == ()


def test_junk_never_ends_the_process() -> None:
    good, choice = book(), random.Random(7)
    for _ in range(60):
        data = bytearray(good)
        for _ in range(choice.choice([1, 10, 300])):
            data[choice.randrange(len(data))] = choice.randrange(256)
        try:
            convert_pdf(bytes(data), "x.pdf").text.encode("utf-8")
        except InputError as error:
            assert "\n" not in str(error)


def test_several_threads_may_convert_at_once() -> None:
    data = book()
    with ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(lambda _: convert_pdf(data, "x.pdf").text, range(8)))
    assert len(texts) == 1
