"""Word documents (.docx) to Markdown: headings, lists, tables and footnotes keep their structure and their numbers.

But: it keeps no pictures, comments, headers, footers or tracked deletions, and reads no old .doc files.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from xml.parsers import expat

from ingest.convert.html import fragment_to_markdown
from ingest.convert.limits import MAX_CELLS, MAX_CHARACTERS, MAX_ELEMENTS, MAX_PARAGRAPHS, check, check_nesting
from ingest.convert.properties import Stated, stated
from ingest.convert.textfile import Converted, clean, title_of
from ingest.convert.word.bold import BOLD_HEADING
from ingest.convert.word.preparing import prepared
from vectorstore.errors import InputError

MAX_UNPACKED = 300 * 2**20
"""Bytes that all members of the archive may unpack to, pictures included."""
MAX_XML = 64 * 2**20
"""Bytes of XML in it: it is parsed in memory."""
MAX_RATIO = 200
"""How many times its packed size a member of more than 10 MB may unpack to. Real text stays under 30."""
_MAX_MEMBERS = 10_000
_MAX_PROPERTIES = 2**20
"""Bytes of the document's properties; longer ones are cut, and then not read."""
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of encrypted .docx files and of old .doc files
_BOX = re.compile(r'<input [^<>]*type="checkbox"[^<>]*>')
_NOTES = re.compile(r'<ol><li id="(?:foot|end)note-')
_NOTE = re.compile(r'<li id="(?:foot|end)note-[^"]*">(?:<p>)?\s*')
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Package:
    """A kind of file that is an archive of XML: its suffix, what it is called, the tag of its cells, how many cells and
    how many pieces of mark-up it may hold."""

    suffix: str
    what: str
    cell: str
    cells: int
    pieces: int


WORD = Package(".docx", "a Word document", "tc", MAX_CELLS, 2 * MAX_ELEMENTS)


def convert_docx(data: bytes, name: str) -> Converted:
    """The text of a Word document as Markdown. Raises InputError, naming `name`, for a file that is protected by a
    password, is damaged, unpacks to more than the limits or has no text."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise InputError(f"{name} is protected by a password. Save a copy without one and ingest that")
        raise InputError(f"{name} is an old Word file (.doc), not .docx. Save it as .docx")
    check_archive(data, name)
    text, warnings = _convert(data, name)
    if not text.strip():
        raise InputError(f"{name} has no text")
    heading = re.search(r"^#{1,5} (.+)$", text, re.MULTILINE)
    known = properties_of(data)
    title = dict(known).get("title") or (heading.group(1) if heading else title_of(text.lstrip("# ")))
    return Converted(text, title, warnings, stated=known)


def check_archive(data: bytes, name: str, package: Package = WORD) -> None:
    """Raises InputError unless this is such a package of an acceptable size. The sizes are what the archive declares;
    Python never unpacks more of a member than that."""
    damaged = f"{name} is a damaged {package.suffix} file. Save or download it again"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            swollen = any(
                member.file_size > 10 * 2**20 and member.file_size > MAX_RATIO * max(1, member.compress_size)
                for member in members
            )
            if unpacked > MAX_UNPACKED or swollen or len(members) > _MAX_MEMBERS:
                raise InputError(_bomb(name, unpacked, 0))
            if not any(member.filename == "[Content_Types].xml" for member in members):
                raise InputError(f"{name} is a zip archive, but not {package.what}. Unpack it first")
            count = _Count(package.cell)
            for member in members:
                count.add(archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError, NotImplementedError) as error:
        raise InputError(damaged) from error
    if count.xml > MAX_XML:
        raise InputError(_bomb(name, unpacked, count.xml))
    if count.doctype:  # Word writes none; it can define text that grows without end
        raise InputError(damaged)
    check_nesting(name, count.deepest)
    check(name, count.paragraphs, "paragraphs", MAX_PARAGRAPHS)
    check(name, count.cells, "table cells", package.cells)
    check(name, count.characters, "characters", 2 * MAX_CHARACTERS)  # blanks between elements among them
    check(name, count.pieces, "pieces of mark-up", package.pieces)


def _bomb(name: str, unpacked: int, xml: int) -> str:
    return (
        f"{name} unpacks to {unpacked / 2**20:,.0f} MB, {xml / 2**20:,.0f} MB of it XML, which looks like a zip "
        f"bomb (limits: {MAX_UNPACKED // 2**20} MB, {MAX_XML // 2**20} MB XML, {MAX_RATIO} times its packed size). "
        "Save its text as .txt or .md"
    )


class _Count:
    """Counts what is in the XML of an archive as it streams by, before anything is built of it. Every member is looked
    at: which of them are read is for the document to say, whatever they are called."""

    def __init__(self, cell: str) -> None:
        self._cell = cell
        self.xml = self.paragraphs = self.cells = self.characters = self.pieces = self.deepest = 0
        self.doctype = False
        self._depth = 0

    def add(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        """Counts one member; what is not XML is passed over, and so is what follows too much of it."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._piece
        parser.StartCdataSectionHandler = self._piece
        parser.StartDoctypeDeclHandler = self._doctype
        self._depth = 0
        with archive.open(member) as stream, suppress(expat.ExpatError):
            while self.xml <= MAX_XML and not self.doctype and (chunk := stream.read(2**16)):
                parser.Parse(chunk)
                self.xml += len(chunk)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self.deepest = max(self.deepest, self._depth)
        self.pieces += 1 + len(attributes)
        local = tag.rpartition(":")[2]
        self.paragraphs += local == "p"
        self.cells += local == self._cell

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _text(self, text: str) -> None:
        self.characters += len(text)

    def _piece(self, *_: object) -> None:
        self.pieces += 1

    def _doctype(self, *_: object) -> None:
        self.doctype = True


def _convert(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    import mammoth  # type: ignore[import-untyped]

    try:
        ready = prepared(data)
        styles = [f"p[style-name='{_quoted(style)}'] => h{level}:fresh" for style, level in ready.headings.items()]
        result = mammoth.convert_to_html(
            io.BytesIO(ready.data),
            style_map="\n".join(["p[style-name='Title'] => h1:fresh", f"p.{BOLD_HEADING} => h6:fresh", *styles]),
            include_embedded_style_map=False,  # a document must not choose its own conversion
            convert_image=mammoth.images.img_element(lambda image: {}),
        )
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # lxml and mammoth let every kind through: bad XML, missing parts, broken compression
        raise InputError(f"{name} is a damaged .docx file. Save or download it again") from error
    html = clean(result.value)
    text, left_out = fragment_to_markdown(_BOX.sub(_shown_box, _with_marks(html.text)), styled=True)
    return text, (*html.warnings, *ready.left_out, *left_out)


def _shown_box(box: re.Match[str]) -> str:
    """A box to tick as a sign: its text says nothing without it."""
    return "☒" if " checked" in box.group() else "☐"


def _quoted(style: str) -> str:
    """The name of a style as mammoth's style maps have it."""
    return style.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")


def _with_marks(html: str) -> str:
    """The document with its footnotes and endnotes as paragraphs that begin with their marks: "[4] ..."."""
    begins = [one.start() for one in _NOTES.finditer(html)]
    if not begins:
        return html
    notes = html[begins[-1] :].removeprefix("<ol>").removesuffix("</ol>")
    marks = count(1)
    notes = _NOTE.sub(lambda _: f"<p>[{next(marks)}] ", notes).replace("</li>", "")
    return html[: begins[-1]] + notes


def properties_of(data: bytes) -> Stated:
    """What the document's properties say of it."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("docProps/core.xml") as part:
            core = part.read(_MAX_PROPERTIES)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        tree = etree.fromstring(core, parser)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, NotImplementedError):
        return ()
    title, creator = tree.findtext(f"{_DC}title"), tree.findtext(f"{_DC}creator")
    published, made = tree.findtext(f"{_DC}date"), tree.findtext(f"{_TERMS}created")
    return stated(title, [creator or ""], published=published, made=made)
