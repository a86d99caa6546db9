"""A PDF to a document's text: all steps, and what is said about them.

What is left out (struck-out words, running heads, damaged pages) or is in doubt (the reading order of a page) is said
in the warnings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.convert.pdf.furniture import without_furniture
from ingest.convert.pdf.grids import parted
from ingest.convert.pdf.order import Leaf, in_reading_order
from ingest.convert.pdf.paragraphs import paragraphs
from ingest.convert.pdf.reading import Read, read
from ingest.convert.pdf.types import Box, Line, Sheet, Table, Word
from ingest.convert.pdf.words import rows_of
from ingest.convert.pdf.writing import written
from ingest.convert.textfile import Converted, clean, counted, title_of
from vectorstore.documents.pages import Pages
from vectorstore.errors import InputError

_JUNK_TITLE = re.compile(
    r"untitled|\(?anonymous\)?|\(?unspecified\)?|microsoft word\b.*|powerpoint presentation|"
    r".*\.(?:docx?|tex|dvi|indd|qxd|pdf|rtf)",
    re.IGNORECASE,
)
_MOST_NAMED = 10


def convert_pdf(data: bytes, name: str) -> Converted:
    """The text of a PDF as paragraphs. Raises InputError, naming `name`, for a file that is protected by a password,
    is damaged or has no text."""
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"{name} is not a PDF or is damaged: its header is missing. Export or download it again")
    found = read(data, name)
    rows: list[list[list[Word]]] = []
    tables: list[list[Table]] = []
    struck = []
    for sheet in found.sheets:
        page, left_out = rows_of(sheet)
        page, ruled = parted(page, sheet.rules, sheet.number)
        rows.append(page)
        tables.append(ruled)
        if left_out:
            struck.append(sheet.number)
    numbers = [sheet.number for sheet in found.sheets]
    kept, headed = without_furniture(rows, numbers)
    pages: list[list[Leaf]] = []
    doubtful = []
    for sheet, page, ruled in zip(found.sheets, kept, tables, strict=True):
        leaves, doubt = in_reading_order(page, ruled, sheet.number)
        pages.append([*leaves, *_sideways(sheet)])
        if doubt:
            doubtful.append(sheet.number)
    if not any(pages):
        raise InputError(f"{name} has no text, its pages are pictures. Run text recognition (OCR) on it first")
    title = _title(found.title, pages)
    writer = written(paragraphs(pages))
    cleaned = clean("".join(writer.parts))
    blank = sum(1 for sheet in found.sheets if not sheet.glyphs and not sheet.turned)
    warnings = [*cleaned.warnings, *_remarks(found, blank, struck, headed, doubtful)]
    return Converted(cleaned.text, title, tuple(warnings), Pages.of(writer.places))


def _remarks(found: Read, blank: int, struck: list[int], headed: int, doubtful: list[int]) -> list[str]:
    """What a reader should know about how the file was read."""
    remarks = []
    if doubtful:
        remarks.append(f"the reading order is in doubt on {_named(doubtful)}")
    if struck:
        remarks.append(f"left out struck-out text on {_named(struck)}")
    if headed:
        remarks.append(f"left out running heads, feet and page numbers of {counted(headed, 'page')}")
    if blank:
        remarks.append(f"{blank} of {found.pages} pages have no text")
    if found.damaged:
        remarks.append(f"left out damaged pages: {', '.join(map(str, found.damaged[:_MOST_NAMED]))}")
    return remarks


def _named(pages: Sequence[int]) -> str:
    """The pages by their numbers: "page 3", "pages 3, 4, 9 and 12 more"."""
    shown = ", ".join(map(str, pages[:_MOST_NAMED]))
    more = f" and {len(pages) - _MOST_NAMED} more" if len(pages) > _MOST_NAMED else ""
    return f"page{'s' if len(pages) > 1 else ''} {shown}{more}"


def _sideways(sheet: Sheet) -> list[Leaf]:
    """What is written sideways on a page, as lines of their own."""
    leaves: list[Leaf] = []
    words: list[Word] = []
    box: Box | None = None
    for turned in sheet.turned:
        high = turned.box.bottom - turned.box.top > turned.box.right - turned.box.left
        place = (turned.box.left, turned.box.right) if high else (turned.box.top, turned.box.bottom)
        last = None if box is None else ((box.left, box.right) if high else (box.top, box.bottom))
        if words and (last is None or abs(place[0] - last[0]) > 3 or abs(place[1] - last[1]) > 3):
            leaves.append([Line(tuple(words))])
            words = []
        size = round(min(turned.box.right - turned.box.left, turned.box.bottom - turned.box.top), 1)
        words.append(Word(turned.text, sheet.number, *turned.box, turned.box.bottom, size))
        box = turned.box
    if words:
        leaves.append([Line(tuple(words))])
    return leaves


def _title(stated: str, pages: Sequence[Sequence[Leaf]]) -> str | None:
    """The title in the metadata, else the first page's largest line, else its first if that looks like a title."""
    stated = " ".join(clean(stated).text.split())
    if stated and len(stated) <= 200 and not _JUNK_TITLE.fullmatch(stated):
        return stated
    lines = [[line for leaf in leaves if not isinstance(leaf, Table) for line in leaf] for leaves in pages]
    first = next((page for page in lines if page), None)
    if first is None:
        return None
    largest = max(first, key=lambda line: line.size)
    usual = Counter(line.size for page in lines for line in page).most_common(1)[0][0]
    if largest.size > 1.15 * usual and 3 <= len(largest.text) <= 150:
        return largest.text
    return title_of(first[0].text)
