"""A PDF to a document's text: all steps, and what is said about them.

What is left out (struck-out words, running heads, damaged pages) or is in doubt (the reading order of a page) is said
in the warnings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.convert.ocr import advice
from ingest.convert.pdf.furniture import without_furniture
from ingest.convert.pdf.order import Leaf, in_reading_order
from ingest.convert.pdf.paragraphs import paragraphs
from ingest.convert.pdf.reading import Read, read
from ingest.convert.pdf.recognition import Recognised, recognise
from ingest.convert.pdf.sheets.bullets import with_bullets
from ingest.convert.pdf.sheets.frames import turned_back
from ingest.convert.pdf.sheets.labels import filled_in
from ingest.convert.pdf.sheets.sideways import with_headers, without_number, written_sideways
from ingest.convert.pdf.tables.barred import in_tables
from ingest.convert.pdf.types import Box, Line, Row, Sheet, Table
from ingest.convert.pdf.words import rows_of
from ingest.convert.pdf.writing import written
from ingest.convert.pdf.xmp import xmp_properties
from ingest.convert.properties import Stated, sound_title, stated
from ingest.convert.textfile import Converted, clean, counted, title_of
from vectorstore.documents.pages import Pages, Placed
from vectorstore.errors import InputError

_MOST_NAMED = 10
_TITLE_WORD = re.compile(r"[^\W\d_]{4,}")
_TITLE_REACH = 6_000
"""Characters of a text in which the words of its title stand."""
_STEM = 5
"""Letters of a word that it has in all its forms."""
_ENOUGH_WORDS = 25
"""Different words of a text that would hold some of its title."""


def convert_pdf(data: bytes, name: str, *, recognise_for: float = 0.0) -> Converted:
    """The text of a PDF as paragraphs. Pages that are pictures are read by text recognition for so many seconds at
    most; where there are such and `recognise_for` is 0, their number is the result's `pictures`. Raises InputError,
    naming `name`, for a file that is protected by a password, is damaged or has no text."""
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"{name} is not a PDF or is damaged: its header is missing. Export or download it again")
    found = read(data, name)
    if found.form is not None:
        return _of_form(found.form, _stated(found.properties, xmp_properties(data)), name)
    pictures = [sheet.number for sheet in found.sheets if sheet.is_picture]
    seen = recognise(data, name, pictures, recognise_for) if recognise_for and pictures else Recognised()
    sheets = [_turned(sheet, seen.turns.get(sheet.number, 0)) for sheet in found.sheets]
    rows: list[list[Row]] = []
    tables: list[list[Table]] = []
    behind: list[list[list[Line] | Table]] = []
    drawn: list[list[Row]] = []
    struck = []
    for at, sheet in enumerate(sheets):
        page, left_out = (seen.rows[sheet.number], 0) if sheet.number in seen.rows else rows_of(sheet)
        page, sheets[at] = with_headers(page, sheet)
        drawn.append(page)
        if left_out:
            struck.append(sheet.number)
    for sheet, page in zip(sheets, with_bullets(drawn, [sheet.small for sheet in sheets]), strict=True):
        page, entries = filled_in(sheet.entries, page, sheet.number)
        behind.append(entries)
        page, ruled = in_tables(page, sheet.rules, sheet.number)
        rows.append(page)
        tables.append(ruled)
    numbers, heights = [sheet.number for sheet in sheets], [sheet.height for sheet in sheets]
    kept, headed = without_furniture(rows, numbers, heights)
    aside, stamped = written_sideways(sheets)
    pages: list[list[Leaf]] = []
    doubtful = []
    for sheet, page, ruled, beside in zip(sheets, kept, tables, aside, strict=True):
        leaves, doubt = in_reading_order(page, ruled, sheet.number)
        pages.append([*leaves, *beside, *behind[len(pages)]])
        if doubt:
            doubtful.append(sheet.number)
    if not any(pages):
        raise NoText(_no_text(name, pictures, recognised=recognise_for > 0), len(pictures))
    known = _stated(found.properties, xmp_properties(data))
    writer = written(paragraphs(pages))
    cleaned = clean("".join(writer.parts))
    known = _believed(known, cleaned.text)
    title = dict(known).get("title") or _title(pages)
    if not cleaned.text.strip():
        raise InputError(f"{name} has no text but what is struck out")
    filled = [sheet.number for sheet in sheets if any(entry.value != "☐" for entry in sheet.entries)]
    headed += sum(1 for sheet in sheets if len(without_number(sheet)) < len(sheet.turned))
    remarks = _remarks(found, struck, headed, len(stamped), doubtful)
    if rowless := [number for number, leaves in zip(numbers, pages, strict=True) if any(map(_is_doubtful, leaves))]:
        remarks.insert(0, f"which lines of a table are rows is in doubt on {_named(rowless)}")
    if filled:
        remarks.append(f"the text holds what is filled into or typed onto {_named(filled)}")
    if pictures:
        remarks += _of_pictures(pictures, seen) if recognise_for else [_unread(pictures)]
    places = Pages.of(_as_shown(writer.places, sheets), recognised=seen.rows)
    left = 0 if recognise_for else len(pictures)
    return Converted(cleaned.text, title, (*cleaned.warnings, *remarks), places, known, left, "plain")


def _of_form(text: str, known: Stated, name: str) -> Converted:
    """The text of an XFA form, which stands on no page."""
    cleaned = clean(text)
    if not cleaned.text.strip():
        raise InputError(f"{name} is an XFA form whose fields cannot be read. Print it to a new PDF and ingest that")
    remark = "it is an XFA form: the text holds its words and what is filled in, without their places on a page"
    title = dict(known).get("title") or title_of(cleaned.text.partition("\n")[0])
    return Converted(cleaned.text, title, (*cleaned.warnings, remark), None, known, format="plain")


def _turned(sheet: Sheet, turn: int) -> Sheet:
    """A page that is a picture, turned for reading."""
    width, height = (sheet.width, sheet.height) if turn in (0, 180) else (sheet.height, sheet.width)
    return replace(sheet, turn=turn, width=width, height=height) if turn else sheet


def _as_shown(places: Sequence[Placed], sheets: Sequence[Sheet]) -> list[Placed]:
    """The places of words on their pages as these are shown, not turned for reading."""
    turned = {sheet.number: sheet for sheet in sheets if sheet.turn}
    if not turned:
        return list(places)
    found = []
    for place in places:
        sheet = turned.get(place.page)
        box = Box(*place[3:])
        box = turned_back(box, sheet.turn, sheet.width, sheet.height) if sheet is not None else box
        found.append(Placed(*place[:3], *box))
    return found


class NoText(InputError):
    """A file has no text; so many of its pages are `pictures`, in which it may be recognised."""

    def __init__(self, message: str, pictures: int) -> None:
        super().__init__(message)
        self.pictures = pictures


def _no_text(name: str, pictures: Sequence[int], *, recognised: bool) -> str:
    if not pictures:
        return f"{name} has no text, its pages are empty"
    if recognised:
        return f"{name} has no text: its pages are pictures, and no text was recognised in them"
    return f"{name} has no text: {_unread(pictures)}"


def _unread(pictures: Sequence[int]) -> str:
    hold = "holds a picture and no text" if len(pictures) == 1 else "hold pictures and no text"
    return f"{_named(pictures)} {hold}{advice()}"


def _of_pictures(pictures: Sequence[int], seen: Recognised) -> Iterator[str]:
    """What a reader should know about the pages that are pictures."""
    empty = [number for number in pictures if number not in seen.rows and number not in seen.unread]
    if seen.rows:
        yield f"{_named(list(seen.rows))} {'was' if len(seen.rows) == 1 else 'were'} read by text recognition (OCR)"
    if seen.doubtful:
        yield f"some of what was recognised on {_named(seen.doubtful)} is in doubt or was left out"
    if empty:
        yield f"no text was recognised in the picture{'s' if len(empty) > 1 else ''} of {_named(empty)}"
    if seen.unread:
        yield f"there was no time to recognise the text of {_named(seen.unread)}: split the file"


def _remarks(found: Read, struck: list[int], headed: int, stamped: int, doubtful: list[int]) -> list[str]:
    """What a reader should know about how the file was read."""
    remarks = []
    if doubtful:
        remarks.append(f"the reading order is in doubt on {_named(doubtful)}")
    if found.guessed:
        remarks.append(f"ligatures that the fonts do not name were read by their words on {_named(found.guessed)}")
    if found.unreadable:
        remarks.append(f"letters that the fonts do not name are shown as \ufffd on {_named(found.unreadable)}")
    if struck:
        remarks.append(f"left out struck-out text on {_named(struck)}")
    if unseen := [sheet.number for sheet in found.sheets if sheet.unseen]:
        remarks.append(f"left out hidden text on {_named(unseen)}")
    if commented := [sheet.number for sheet in found.sheets if sheet.comments]:
        comments = counted(sum(sheet.comments for sheet in found.sheets), "comment")
        remarks.append(f"left out {comments} of reviewers on {_named(commented)}")
    if headed:
        remarks.append(f"left out running heads, feet and page numbers of {counted(headed, 'page')}")
    if stamped:
        remarks.append(f"left out what is written across {counted(stamped, 'page')}")
    if found.damaged:
        remarks.append(f"left out damaged pages: {', '.join(map(str, found.damaged[:_MOST_NAMED]))}")
    return remarks


def _is_doubtful(leaf: Leaf) -> bool:
    return isinstance(leaf, Table) and leaf.doubt


def _named(pages: Sequence[int]) -> str:
    """The pages by their numbers: "page 3", "pages 3, 4, 9 and 12 more"."""
    shown = ", ".join(map(str, pages[:_MOST_NAMED]))
    more = f" and {len(pages) - _MOST_NAMED} more" if len(pages) > _MOST_NAMED else ""
    return f"page{'s' if len(pages) > 1 else ''} {shown}{more}"


def _stated(properties: Mapping[str, str], packet: Mapping[str, Sequence[str]]) -> Stated:
    """What the file's properties say of it; what they lack, its XMP packet may."""
    tools = f"{properties['Creator']} {properties['Producer']}"

    def of(name: str) -> list[str]:
        return [clean(one).text for one in packet.get(name, ())]

    title, made = clean(properties["Title"]).text, properties["CreationDate"]
    authors = [clean(properties["Author"]).text]
    if sound_title(title) is None:
        title = next(iter(of("Title")), "")
    if not any(name == "author" for name, _ in stated(None, authors, tool=tools)):
        authors = of("Author")
    return stated(title, authors, made=made or next(iter(of("CreationDate")), ""), tool=tools)


def _believed(known: Stated, text: str) -> Stated:
    """The properties, less a title of which few words stand at the beginning of the text: that of another document,
    which this one was made from."""
    there = set(_TITLE_WORD.findall(text[:_TITLE_REACH].casefold()))
    title = _TITLE_WORD.findall(dict(known).get("title", "").casefold())
    begun = {word[:_STEM] for word in there}
    held = sum(1 for word in title if word[:_STEM] in begun)
    if len(title) < 2 or len(there) < _ENOUGH_WORDS or 3 * held > len(title):
        return known
    return tuple(one for one in known if one[0] != "title")


def _title(pages: Sequence[Sequence[Leaf]]) -> str | None:
    """The first page's largest line, else its first if that looks like a title."""
    upright = [[leaf for leaf in leaves if not (isinstance(leaf, Table) or leaf[0].sideways)] for leaves in pages]
    lines = [[line for leaf in leaves for line in leaf] for leaves in upright]
    first = next((page for page in lines if page), None)
    if first is None:
        return None
    largest = max(first, key=lambda line: line.size)
    usual = Counter(line.size for page in lines for line in page).most_common(1)[0][0]
    if largest.size > 1.15 * usual and 3 <= len(largest.text) <= 150:
        return largest.text
    return title_of(first[0].text)
