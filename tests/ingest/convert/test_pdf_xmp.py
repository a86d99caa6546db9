"""What the XMP packet of a PDF says of it counts where its older properties say nothing."""

from __future__ import annotations

import time

import pytest
from fpdf import FPDF

from ingest.convert.pdf import convert_pdf
from ingest.convert.pdf.xmp import xmp_properties

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
BODY = """<dc:title><rdf:Alt><rdf:li xml:lang="de">Die Laterne</rdf:li><rdf:li xml:lang="x-default">The
 Lantern</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>Odile Brandt</rdf:li><rdf:li>Ines Okafor</rdf:li>
</rdf:Seq></dc:creator><xmp:CreateDate>2019-03-08T10:00:00Z</xmp:CreateDate>"""


def packet(body: str = BODY, attributes: str = "") -> str:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {DC} {attributes}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )


def pdf_of(xmp: str | None, **properties: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.text(20, 30, "The lamp was lit by the pilot of the harbour each evening.")
    if xmp is not None:
        pdf.set_xmp_metadata(xmp)
    for name, value in properties.items():
        getattr(pdf, f"set_{name}")(value)
    return bytes(pdf.output()).replace(b"/CreationDate", b"/CreatedOnDay")


def test_title_authors_and_date_come_from_the_packet() -> None:
    assert convert_pdf(pdf_of(packet()), "x.pdf").stated == (
        ("title", "The Lantern"),
        ("author", "Odile Brandt"),
        ("author", "Ines Okafor"),
        ("date", "2019-03-08"),
    )


def test_a_packet_may_state_them_as_attributes() -> None:
    attributes = 'dc:creator="Odile Brandt" xmp:CreateDate="2019-03-08"'
    assert xmp_properties(pdf_of(packet("", attributes))) == {
        "Author": ["Odile Brandt"],
        "CreationDate": ["2019-03-08"],
    }


def test_the_older_properties_come_first_unless_a_program_made_them_up() -> None:
    known = dict(convert_pdf(pdf_of(packet(), title="Lamps", author="admin"), "x.pdf").stated)
    assert known["title"] == "Lamps"
    assert known["author"] == "Ines Okafor"  # the last of the two
    assert dict(convert_pdf(pdf_of(packet(), title="untitled"), "x.pdf").stated)["title"] == "The Lantern"


def test_the_packet_of_a_picture_is_not_that_of_the_document() -> None:
    own, picture = packet(), packet(BODY.replace("Odile Brandt", "Photographer"))
    data = pdf_of(own)
    extra = f"77 0 obj\n<</Type /Metadata /Subtype /XML>>\nstream\n{picture}\nendstream\nendobj\n".encode()
    at = data.index(b"xref\n")
    assert xmp_properties(data[:at] + extra + data[at:])["Author"] == ["Odile Brandt", "Ines Okafor"]
    without = pdf_of(None)
    assert xmp_properties(without + b"\xff\xd8" + picture.encode()) == {}  # in a photograph


@pytest.mark.parametrize(
    "body", ["<dc:title>", "&x;", "<dc:title></dc:title>", "<dc:title><rdf:Alt/></dc:title>", "\x00", "<!-- -->"]
)
def test_a_broken_or_empty_packet_says_nothing(body: str) -> None:
    data = pdf_of(packet("@@@@@@@@"))
    assert xmp_properties(data.replace(b"@@@@@@@@", body.encode())) == {}


def test_many_packets_take_no_long() -> None:
    begun = time.process_time()
    xmp_properties(b"%PDF-1.7 /Type/Catalog " + b"1 0 obj <</Metadata>> stream\n<x:xmpmeta" * 50_000)
    assert time.process_time() - begun < 20
