"""Valid files of every kind that attest reads, each another one: words, lists, tables, notes, turns drawn by a seed.

But: nothing is broken here, that is for `fuzz.py`.
"""

from __future__ import annotations

import datetime
import io
import random
import re
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import openpyxl  # type: ignore[import-untyped]
from fpdf import FPDF

WORDS = re.split(
    " ",
    "harbour lamp keeper storm ferry canal lock tower gallery repairs pounds marks winter bridge oven bread caraway "
    "the of and in was were by to from with four 1861 412 3.5 1,200 10⁶ H₂O “nobody” re-sign cl. 2.1 Dr. e.g. naïve "
    "Zürich Москва 東京 😀 \u00ad \u200b a|b <i> & [4] *bold* `x` # - 1. (a) http://example.org/a?b=c",
)
NAMES = ("Marta Oduya", "Piet Haan", "Ines Falk", "Anton Weiss")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPC = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def make(kind: str, seed: int) -> bytes:
    """A valid file of one of KINDS."""
    return KINDS[kind](random.Random(f"{kind} {seed}"))


def sentence(rng: random.Random) -> str:
    words = " ".join(rng.choices(WORDS, k=rng.randint(3, 18)))
    spoken = f" said {rng.choice(NAMES)}: “{' '.join(rng.choices(WORDS, k=4))}.”" if rng.random() < 0.2 else "."
    return words[:1].upper() + words[1:] + spoken


def paragraph(rng: random.Random) -> str:
    return " ".join(sentence(rng) for _ in range(rng.randint(1, 4)))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def text(rng: random.Random) -> bytes:
    head = rng.choice(["", f"{sentence(rng)[:40]}\n\nBy {rng.choice(NAMES)}, 12 June 2018\n\n", "Author: Ada Fell\n\n"])
    turns = "\n".join(f"{rng.choice(NAMES).upper()}: {sentence(rng)}" for _ in range(4))
    body = "\n\n".join(rng.choice([paragraph(rng), turns, f"{number}. {sentence(rng)}"]) for number in range(6))
    line_end = rng.choice(["\n", "\r\n"])
    return (head + body).replace("\n", line_end).encode(rng.choice(["utf-8", "utf-8-sig", "utf-16"]))


def markdown(rng: random.Random) -> bytes:
    parts = [rng.choice(["---\ntitle: Lamps\nauthor: [Ada Fell, Jon Orme]\ndate: 2018-06-12\n---\n", ""]), "# Lamps"]
    rows = "\n".join(f"| {rng.choice(WORDS)} | {rng.randint(1, 99)} |" for _ in range(4))
    for _ in range(5):
        parts.append(f"{'#' * rng.randint(1, 4)} {rng.choice(NAMES)}")
        parts.append(paragraph(rng))
        parts.append(f"| What | How many |\n| --- | ---: |\n{rows}")
        parts.append("\n".join(f"{' ' * 2 * (at % 3)}- {sentence(rng)}" for at in range(5)))
        parts.append(f"> {sentence(rng)}\n>> {sentence(rng)}\n\n```\ncode\n```\n\n[4]: note")
    return "\n\n".join(parts).encode()


def blocks(rng: random.Random) -> str:
    """HTML of a few blocks of all kinds."""
    made = []
    for _ in range(4):
        items = "".join(f"<li>{escaped(sentence(rng))}<ul><li>{rng.randint(1, 9)}</li></ul></li>" for _ in range(3))
        cells = "".join(f"<tr><td>{rng.choice(NAMES)}</td><td>{rng.randint(1, 999)}<br>x</td></tr>" for _ in range(3))
        made += [
            f"<h2>{rng.choice(NAMES)}</h2><p>{escaped(paragraph(rng))} 10<sup>6</sup> <del>old</del><q>so</q></p>",
            f'<ol start="{rng.randint(1, 9)}">{items}</ol>',
            f'<table><caption>Of it</caption><tr><th>Who</th><th colspan="2">What</th></tr>{cells}</table>',
            f"<blockquote><p>{escaped(sentence(rng))}</p></blockquote><dl><dt>A</dt><dd>B</dd></dl><pre>x\n y</pre>",
        ]
    return "".join(made)


def html(rng: random.Random) -> bytes:
    meta = (
        '<meta charset="utf-8"><title>Lamps | Coast</title><meta name="author" content="Ada Fell"><style>p{}</style>'
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2018-06-12"}</script>'
    )
    page = f"<!DOCTYPE html><html><head>{meta}</head><body><nav><a href=/>Home</a></nav><article><h1>Lamps</h1>"
    return f"{page}{blocks(rng)}</article><footer>End</footer></body></html>".encode()


def packed(members: dict[str, str], rng: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", rng.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def epub(rng: random.Random) -> bytes:
    names = [f"c{number}.xhtml" for number in range(3)]
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Lamps</dc:title><dc:creator>Ada Fell</dc:creator>'
        f"<dc:date>1994</dc:date></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="o/p.opf"/>'
        "</rootfiles></container>"
    )
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "o/p.opf": package}
    for name in names:
        body = blocks(rng).replace("<br>", "<br/>")
        members[f"o/{name}"] = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
    return packed(members, rng)


def docx(rng: random.Random) -> bytes:
    def run(words: str, properties: str = "") -> str:
        return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escaped(words)}</w:t></w:r>'

    def para(inner: str, properties: str = "") -> str:
        return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"

    body = [para(run("Lamps"), '<w:pStyle w:val="Title"/>')]
    for _ in range(4):
        body.append(para(run(rng.choice(NAMES)), '<w:pStyle w:val="Heading1"/>'))
        note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
        raised, struck = run("6", '<w:vertAlign w:val="superscript"/>'), run("old", "<w:strike/>")
        gone = '<w:del w:id="9"><w:r><w:delText>gone</w:delText></w:r></w:del>'
        body.append(para(run(paragraph(rng) + " 10") + raised + struck + gone + note))
        for level in (0, 1, 0):
            body.append(para(run(sentence(rng)), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'))
        span = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
        rows = "".join(f"<w:tr><w:tc>{para(run(name))}</w:tc><w:tc>{para(run('4'))}</w:tc></w:tr>" for name in NAMES)
        body.append(f"<w:tbl><w:tr><w:tc>{span}{para(run('Who'))}</w:tc></w:tr>{rows}</w:tbl>")
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{}"/></w:lvl>'
    numbering = (
        f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0">{level.format(0, "%1.")}'
        f'{level.format(1, "%1.%2")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        "</w:numbering>"
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{words}"/></w:style>'
        for name, words in (("Title", "Title"), ("Heading1", "heading 1"))
    )
    targets = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{_OFFICE}/{name}" Target="{target}.xml"/>'
        for name, target in targets.items()
    )
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_OPC}.{kind}+xml"/>'
        for name, kind in (("document", "document.main"), *((name, name) for name in targets))
    )
    core = (
        '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Lamps</dc:title><dc:creator>Ada Fell</dc:creator></c>'
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{"".join(body)}</w:body></w:document>',
        "word/numbering.xml": numbering,
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_W}"><w:footnote w:id="2">{para(run(sentence(rng)))}'
        "</w:footnote></w:footnotes>",
        "docProps/core.xml": core,
    }
    return packed(members, rng)


def pdf(rng: random.Random) -> bytes:
    made = FPDF()
    made.set_compression(rng.random() < 0.5)
    made.set_creation_date(datetime.datetime(2018, 6, 12, tzinfo=datetime.UTC))
    made.set_title("Lamps")
    made.set_author("Ada Fell")
    for number in range(rng.randint(1, 3)):
        made.add_page(orientation=rng.choice(["portrait", "landscape"]))
        made.set_font(rng.choice(["Helvetica", "Times", "Courier"]), size=rng.choice([9, 11, 14]))
        made.cell(text=f"Lamps, page {number + 1}", new_x="LMARGIN", new_y="NEXT")
        with made.text_columns(ncols=rng.choice([1, 2])) as columns:
            for _ in range(3):
                columns.write(paragraph(rng).encode("latin-1", "ignore").decode("latin-1"))
                columns.ln(8)
        with made.table() as table:
            for name in NAMES:
                row = table.row()
                row.cell(name)
                row.cell(str(rng.randint(1, 9999)))
    return bytes(made.output())


def subtitles(rng: random.Random, begin: str, mark: str) -> bytes:
    cues = [
        f"{number}\n00:00:{number:02}{mark}000 --> 00:00:{number + 1:02}{mark}500\n"
        f"{rng.choice(['', '<v Ada>', 'ADA: ', '- '])}{sentence(rng)[:80]}"
        for number in range(1, 12)
    ]
    return (begin + "\n\n".join(cues) + "\n").encode()


def csv(rng: random.Random) -> bytes:
    mark = rng.choice(",;\t")
    rows = [mark.join(("Who", "What", "How many"))]
    rows += [mark.join((rng.choice(NAMES), f'"{sentence(rng)}"', str(rng.randint(1, 9999)))) for _ in range(12)]
    return "\r\n".join(rows).encode()


def xlsx(rng: random.Random) -> bytes:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Kept")):
        sheet.append([f"Lamps of {rng.choice(NAMES)}"])
        sheet.merge_cells("A1:D1")
        sheet.append(["Who", "What", "How many", "Since"])
        for _ in range(rng.randint(3, 12)):
            since = datetime.date(2018, rng.randint(1, 12), 12)
            sheet.append([rng.choice(NAMES), sentence(rng)[:80], rng.randint(1, 9999) / 8, since])
            sheet.cell(sheet.max_row, 3).number_format = rng.choice(["General", "0.0%", "#,##0.00;(#,##0.00)", '0" d"'])
        sheet.column_dimensions["B"].hidden = rng.random() < 0.3
        sheet.row_dimensions[4].hidden = rng.random() < 0.3
    saved, stream = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as again:
        for name in archive.namelist():  # without the time at which it was made
            again.writestr(
                zipfile.ZipInfo(name), re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2018-06-12T00:00:00Z", archive.read(name))
            )
    return stream.getvalue()


def eml(rng: random.Random) -> bytes:
    def message(depth: int) -> EmailMessage:
        made = EmailMessage()
        made["From"] = f"{rng.choice(NAMES)} <{rng.randint(1, 99)}@post.example>"
        made["To"] = ", ".join(f"“{name}” <a@b.example>" for name in rng.sample(NAMES, 2))
        made["Date"], made["Subject"] = "Tue, 12 Jun 2018 09:15:00 +0200", sentence(rng)[:60]
        encoding = rng.choice(["quoted-printable", "base64", "8bit"])
        made.set_content("\n\n".join(paragraph(rng) for _ in range(4)), cte=encoding)
        if rng.random() < 0.6:
            made.add_alternative(html(rng).decode(), subtype="html")
        if rng.random() < 0.6:
            made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Übersicht.pdf")
        if depth and rng.random() < 0.5:
            made.add_attachment(message(depth - 1))
        for part in made.walk():
            if part.is_multipart():  # a drawn one, so that a seed gives the same bytes
                part.set_boundary(f"={rng.getrandbits(60)}=")
        return made

    return bytes(message(2))


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "txt": text,
    "md": markdown,
    "html": html,
    "docx": docx,
    "pdf": pdf,
    "epub": epub,
    "xlsx": xlsx,
    "eml": eml,
    "vtt": lambda rng: subtitles(rng, "WEBVTT\n\n", "."),
    "srt": lambda rng: subtitles(rng, "", ","),
    "csv": csv,
}
