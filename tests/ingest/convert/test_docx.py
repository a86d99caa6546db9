"""Word documents become Markdown; protected, damaged and exploding ones are refused, each in its own words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from ingest.convert.docx import convert_docx
from vectorstore.errors import InputError

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def relationships(**targets: str) -> str:
    entries = "".join(
        f'<Relationship Id="r{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def word(body: str, more: Mapping[str, str | bytes] | None = None, prologue: str = "") -> bytes:
    """The bytes of a Word document around the XML of its body."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relationships(officeDocument="word/document.xml"),
        "word/document.xml": f'{prologue}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        **(more or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def paragraph(text: str, style: str = "", properties: str = "") -> str:
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{style}{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        convert_docx(data, "x.docx")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_headings_lists_and_words_are_kept() -> None:
    numbering = (
        f'<w:numbering xmlns:w="{_WORD}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        "</w:numbering>"
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        paragraph("The Orchard", "Heading1")
        + paragraph("Trees &amp; “bees”, *both* of them.")
        + paragraph("Tools", "Heading2")
        + paragraph("a ladder", properties=numbered)
        + paragraph("a saw", properties=numbered)
        + paragraph("# not a heading")
    )
    more = {"word/numbering.xml": numbering, "word/_rels/document.xml.rels": relationships(numbering="numbering.xml")}
    converted = convert_docx(word(body, more), "x.docx")
    assert converted.text == (
        "# The Orchard\n\nTrees & “bees”, *both* of them.\n\n## Tools\n\n1. a ladder\n\n2. a saw\n\n\\# not a heading"
    )
    assert converted.title == "The Orchard"
    assert converted.warnings == ()


def test_the_title_in_the_properties_wins() -> None:
    core = '<x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title> Old  orchards </dc:title></x>'
    assert convert_docx(word(paragraph("Text."), {"docProps/core.xml": core}), "x.docx").title == "Old orchards"
    assert convert_docx(word(paragraph("Text."), {"docProps/core.xml": "<broken"}), "x.docx").title is None


@pytest.mark.parametrize("member", ["word/media/image.bin", "word/more.xml"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(member: str) -> None:
    assert "zip bomb" in refused(word(paragraph("x"), {member: bytes(80 * 2**20)}))


def test_an_archive_that_lies_about_its_sizes_is_damaged() -> None:
    data = word(paragraph("many words " * 1000))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true_size = archive.getinfo("word/document.xml").file_size
    lying = data.replace(true_size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    assert "damaged" in refused(lying)


def test_exploding_and_bottomless_xml_are_refused() -> None:
    names = "abcdefgh"
    entities = "".join(f'<!ENTITY {name} "{f"&{inner};" * 50}">' for name, inner in zip(names[1:], names, strict=False))
    laughs = word(paragraph("&h;"), prologue=f'<!DOCTYPE x [<!ENTITY a "{"ha" * 5000}">{entities}]>')
    assert "damaged" in refused(laughs)
    deep = "<w:smartTag>" * 20_000 + "<w:t>x</w:t>" + "</w:smartTag>" * 20_000
    assert "nested more than 200 levels deep" in refused(word(f"<w:p><w:r>{deep}</w:r></w:p>"))


def test_damaged_protected_old_foreign_and_empty_files_are_told_apart() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert "damaged" in refused(word(paragraph("x"))[:300])
    assert "damaged" in refused(word("<w:p>"))
    assert "damaged" in refused(b"PK\x03\x04 and no more")
    assert "damaged" in refused(b"just text")
    assert "old Word file" in refused(ole)
    assert "password" in refused(ole + "EncryptedPackage".encode("utf-16-le"))
    assert "no text" in refused(word(""))
    foreign = io.BytesIO()
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "not a Word document" in refused(foreign.getvalue())


def run(text: str, properties: str) -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize("properties", ['<w:color w:val="FFFFFF"/>', '<w:color w:val="fffefe"/>', '<w:sz w:val="2"/>'])
def test_letters_that_nobody_sees_are_left_out(properties: str) -> None:
    found = convert_docx(
        word(f"<w:p>{run('It stood there.', '')}{run(' Nobody reads this.', properties)}</w:p>"), "x.docx"
    )
    assert "Nobody" not in found.text and "It stood there." in found.text
    assert any("hidden" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    "properties",
    [
        '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="003366"/>',
        '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>',
        '<w:color w:val="E0E0E0"/>',
        '<w:color w:val="auto"/>',
        '<w:sz w:val="12"/>',
    ],
)
def test_pale_letters_and_white_ones_on_a_dark_ground_are_read(properties: str) -> None:
    assert "read this" in convert_docx(word(f"<w:p>{run('You can read this.', properties)}</w:p>"), "x.docx").text


def test_white_letters_in_a_table_are_read() -> None:
    white = run("Route", '<w:color w:val="FFFFFF"/>')
    cell = f"<w:tc><w:p>{white}</w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell}{cell}</w:tr><w:tr>{cell}{cell}</w:tr></w:tbl>"
    assert "Route" in convert_docx(word(table), "x.docx").text


def test_a_clause_in_the_style_of_a_heading_is_a_paragraph() -> None:
    """Contracts give clauses that style for their numbers."""

    def heading(level: int, words: str) -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'

    clause = "The hirer pays the rent of the hall on the first day of each month, and the heating with the last rent."
    text = convert_docx(
        word(heading(1, "2. Rent") + heading(2, clause) + heading(2, "(a) No rent is due while the hall is closed;")),
        "x",
    ).text
    assert text == f"# 2. Rent\n\n{clause}\n\n(a) No rent is due while the hall is closed;"


BOLD = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>"


def bold(text: str) -> str:
    return f"<w:p>{BOLD.format(text)}</w:p>"


def test_a_bold_line_above_a_paragraph_is_a_heading() -> None:
    body = (
        bold("RULES OF THE BOAT HOUSE")
        + bold("Keys")
        + paragraph("The warden keeps all the keys of the boat house.")
        + bold("Lamps and oil")
        + paragraph("Lamps are lent out for one night, and oil is paid for.")
    )
    found = convert_docx(word(body), "x.docx")
    assert found.text.split("\n\n") == [
        "###### RULES OF THE BOAT HOUSE",
        "###### Keys",
        "The warden keeps all the keys of the boat house.",
        "###### Lamps and oil",
        "Lamps are lent out for one night, and oil is paid for.",
    ]
    assert found.title == "RULES OF THE BOAT HOUSE"


def test_the_name_of_somebody_who_speaks_again_is_no_heading() -> None:
    said = [bold(name) + paragraph("The rope is worn, and nobody has mended it.") for name in ("Ada Fell", "Karl Roth")]
    assert "#" not in convert_docx(word("".join(said * 2)), "x.docx").text


def test_bold_lines_that_are_no_headings_stay_text() -> None:
    address = bold("The Boat House") + bold("4 North Shore") + bold("Torsay")
    begun = f"<w:p>{BOLD.format('Keys')}<w:r><w:t> are kept by the warden.</w:t></w:r></w:p>"
    table = f"<w:tbl><w:tr><w:tc>{bold('Lamps')}</w:tc><w:tc>{paragraph('nine of them')}</w:tc></w:tr></w:tbl>"
    sentence = bold("No lamp is lent out after dark.") + paragraph("So says the warden, and so it has been since 1902.")
    body = paragraph("Write to us:") + address + begun + table + sentence
    assert "#" not in convert_docx(word(body), "x.docx").text
