"""The documents of the cases that are no text files: PDF, Word and EPUB."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from fpdf import FPDF

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _page() -> FPDF:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    return pdf


def _columns(pdf: FPDF, texts: Sequence[str], top: float, *, by_rows: bool) -> None:
    """Prose in columns of 80 mm, drawn column by column or line by line."""
    lines = [pdf.multi_cell(80, 5, text, dry_run=True, output="LINES", align="L") for text in texts]
    places = [(at, side, str(line)) for side, column in enumerate(lines) for at, line in enumerate(column)]
    for at, side, line in sorted(places) if by_rows else places:
        pdf.text(20 + 92 * side, top + 5 * at, line)


def seedbank() -> bytes:
    """A paper in two columns, with raised figures, notes and words that end with a hyphen at the end of a line."""
    pdf = _page()
    pdf.set_font_size(16)
    pdf.text(20, 20, "The seed bank of Halvard Fell")
    pdf.set_font_size(10)
    left = (
        "The seed bank of Halvard Fell keeps rye, barley and flax. It was founded in 1984 by the botanist Runa Eide, "
        "who had seen three harvests fail. Seeds are dried for ninety days and sealed in foil. Every tenth "
        "year some are sown, and the new seed is taken in. The vault is cut into rock and stays cold without power for "
        "two months."
    )
    right = (
        "In the winter of 1999 the road to the vault was closed by an avalanche. The guard, Tomas Rudi, dug for two "
        "days and found the door unharmed. Since then a second door opens to the north. A visit has to be asked for "
        "in writing. The oldest sample is a rye of 1861 from the parish of Lom, and nobody has sown it."
    )
    _columns(pdf, [left, right], 32, by_rows=True)
    pdf.text(20, 120, "The vault holds 3 x 10")
    width = pdf.get_string_width("The vault holds 3 x 10")
    pdf.set_font_size(6)
    pdf.text(20 + width + 0.2, 118.4, "6")
    pdf.set_font_size(10)
    pdf.text(20 + width + 3, 120, "seeds of flax. About 410")
    more = width + 3 + pdf.get_string_width("seeds of flax. About 410")
    pdf.set_font_size(6)
    pdf.text(20 + more + 0.2, 118.4, "2")
    pdf.set_font_size(10)
    pdf.text(20 + more + 2.5, 120, "farmers gave them, and each may re-")
    pdf.text(20, 125, "sow a handful of what was stored. The co-")
    pdf.text(20, 130, "operative of the valley pays the guard.")
    pdf.set_font_size(7)
    pdf.text(20, 270, "2 Counted in the year 2005.")
    return bytes(pdf.output())


def soundings() -> bytes:
    """Tables: with level rules and labels of several rows, with a sum, and one that lies on its side."""
    pdf = _page()
    pdf.text(20, 20, "Table 1. Depth of the basins of the Ostra, in metres.")
    edges = (20, 60, 100, 130, 160)
    rows = [
        ["Basin", "Station", "1950", "2000"],
        ["Upper Ostra", "Quarry", "14", "11"],
        ["", "Alder weir", "9", "8"],
        ["Lower Ostra", "Brickyard", "22", "19"],
        ["", "Toll house", "17", "16"],
    ]
    for number, row in enumerate(rows):
        for x, cell in zip(edges, row, strict=False):
            pdf.text(x + 1, 30 + 5 * number, cell)
    for y in (26.5, 31.5, 51.5):
        pdf.line(20, y, 160, y)
    pdf.text(20, 65, "Table 2. Cost of the survey in crowns.")
    for number, row in enumerate(
        [["Item", "Days", "Cost"], ["Boat", "12", "480"], ["Divers", "9", "1,350"], ["", "", "1,830"]]
    ):
        for x, cell in zip(edges, row, strict=False):
            pdf.text(x + 1, 75 + 5 * number, cell)
    for y in (71.5, 76.5, 91.5):
        pdf.line(20, y, 130, y)
    with pdf.rotation(90, 60, 200):
        pdf.text(60, 200, "Table 3. Who sounded the basins")
        for number, row in enumerate(
            [["Boat", "Leader", "Crew"], ["Otter", "Marit Skaar", "6"], ["Beaver", "Finn Dorsch", "4"]]
        ):
            for x, cell in zip((60, 90, 130), row, strict=True):
                pdf.text(x, 208 + 5 * number, cell)
    pdf.text(90, 150, "The survey was ordered by the water board and lasted")
    pdf.text(90, 155, "from May to September of the year 2000.")
    return bytes(pdf.output())


def orchestra() -> bytes:
    """Three pages with running heads, page numbers and a sentence that goes on over the page."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    parts = [
        ["The town orchestra of Felde plays on Sundays in the corn hall. Its conductor is Beata Wirth, who was"],
        [
            "trained as a bell founder and learned to conduct by letter. The orchestra has 34 players.",
            "",
            "Instruments",
            "The harp was built in 1870 and belongs to the dentist, Dr. Paul Imhof.",
        ],
        ["A ticket costs 7 crowns. Pupils pay 2 crowns."],
    ]
    for number, lines in enumerate(parts, 1):
        pdf.add_page()
        pdf.text(20, 12, "Felde Almanac 2003")
        for at, line in enumerate(lines):
            pdf.text(20, 30 + 5 * at, line)
        pdf.text(100, 285, str(40 + number))
    return bytes(pdf.output())


def _word(body: str, more: Mapping[str, str] | None = None) -> bytes:
    def relations(**targets: str) -> str:
        entries = "".join(f'<Relationship Id="r{k}" Type="{_OFFICE}/{k}" Target="{t}"/>' for k, t in targets.items())
        return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'

    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(**{name: f"{name}.xml" for name in more or {}}),
        **{f"word/{name}.xml": f'<w:{name} xmlns:w="{_WORD}">{xml}</w:{name}>' for name, xml in (more or {}).items()},
    }
    return _zipped(members)


def _zipped(members: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _p(inner: str, properties: str = "") -> str:
    if not inner.startswith("<w:"):
        inner = _r(inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def _r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _row(*cells: str) -> str:
    inner = (cell if cell.startswith("<w:tc>") else f"<w:tc>{_p(cell)}</w:tc>" for cell in cells)
    return f"<w:tr>{''.join(inner)}</w:tr>"


def hire() -> bytes:
    """A contract with numbered clauses, changes, a note, hidden words, and a table with cells of several lines."""
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    levels = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    note = f'<w:footnote w:id="2">{_p("Measured from the rail.")}</w:footnote>'
    changed = (
        _r("The deposit is ")
        + '<w:del w:id="1" w:author="x"><w:r><w:delText>150 crowns</w:delText></w:r></w:del>'
        + f'<w:ins w:id="2" w:author="x">{_r("90 crowns")}</w:ins>'
        + _r(" and is paid back in June.")
    )
    span = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + _p("Marquee") + "</w:tc>"
    below = "<w:tc><w:tcPr><w:vMerge/></w:tcPr>" + _p("<w:r/>") + "</w:tc>"
    two = f"<w:tc>{_p('Monday to Friday.')}{_p('Not in August.')}</w:tc>"
    body = (
        _p("Hire of tents and stages", '<w:pStyle w:val="Title"/>')
        + _p("This contract is made between the parish of Lund and the carpenter Elin Storm.")
        + _p("The hirer pays in advance.", number)
        + _p(changed, number)
        + _p("Between these clauses stands a remark that has no number.")
        + _p(
            _r("The stage is 4 m high") + _r("", "") + '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            '<w:footnoteReference w:id="2"/></w:r>'
            + _r(" and may carry 5 · 10")
            + _r("3", '<w:vertAlign w:val="superscript"/>')
            + _r(" kilograms."),
            number,
        )
        + _p(_r("Secret price list of the owner: 12 crowns.", "<w:vanish/>"))
        + f"<w:tbl>{_row('Thing', 'Size', 'Price', 'Days')}{_row(span, 'small', '200 crowns', two)}"
        + _row(below, "large", "340 crowns", "Every day.")
        + f"{_row('Stage', 'one size', '510 crowns', 'Weekends.')}</w:tbl>"
        + _p("Signed at Lund.")
    )
    return _word(body, {"numbering": numbering, "footnotes": note})


def beekeeper() -> bytes:
    """A novel in two chapters, with a note, a line of contents and a title page."""

    def page(body: str) -> str:
        return f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{body}</body></html>'

    return _zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Beekeeper of Ros</dc:title>'
            "<dc:creator>Liv Tanner</dc:creator><dc:date>1937</dc:date></metadata><manifest>"
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
            '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="two" href="two.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/></spine></package>',
            "nav.xhtml": page("<nav><ol><li>The Swarm</li><li>The Honey</li></ol></nav>"),
            "one.xhtml": page(
                "<h2>The Swarm</h2><p>In the first week of June a swarm hung in the pear tree of the widow Gro "
                "Halle.<sup>1</sup> She sent for the beekeeper, Anders Ros, who came with a basket and a ladder.</p>"
                "<p>“I have not paid for honey in my life,” said the widow, “and I shall not begin now.”</p>"
                "<p><sup>1</sup> The tree still stands.</p>"
            ),
            "two.xhtml": page(
                "<h2>The Honey</h2>"
                "<p>The swarm gave 38 jars in its first year. Anders kept twenty, and the widow "
                "got the rest.</p>"
                "<table><tr><th>Year</th><th>Jars</th></tr><tr><td>1901</td><td>38</td></tr><tr><td>1902</td>"
                "<td>51</td></tr></table>"
            ),
        }
    )


BUILT: Mapping[str, Callable[[], bytes]] = {
    "seedbank.pdf": seedbank,
    "soundings.pdf": soundings,
    "orchestra.pdf": orchestra,
    "hire.docx": hire,
    "beekeeper.epub": beekeeper,
}
"""What makes each of them, by its name."""
