"""PDF files to plain text: lines flow into paragraphs, hyphens at line ends are joined, running heads are dropped.

Paragraphs are told apart by where the lines stand on the page (gaps, indents, lines that stop early, letter sizes) and
come out separated by one blank line. Line geometry comes from PDFium, in points; y grows upwards.

But: it reads no scanned pages (no text recognition), no tables as tables, and keeps no pictures.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles
from typing import Any

from ingest.convert.limits import MAX_CHARACTERS, MAX_PAGES, check
from ingest.convert.textfile import Converted, clean, title_of
from vectorstore.errors import InputError

_PDFIUM = threading.Lock()
"""PDFium may be called by one thread at a time."""

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_LINE_HYPHEN = "\x02"  # what PDFium gives for a hyphen and line break inside a word
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " ", "\u00ad": ""}
)
_CONTROLS = re.compile("[\x01\x03-\x08\x0b-\x1f\x7f\u200b\ufeff\ufffe\uffff]")
_ENDS_SENTENCE = re.compile(r"""[.!?:…]["'”’»)\]]*$""")
_JUNK_TITLE = re.compile(
    r"untitled|microsoft word\b.*|powerpoint presentation|.*\.(?:docx?|tex|dvi|indd|qxd|pdf|rtf)", re.IGNORECASE
)


@dataclass(frozen=True)
class _Line:
    """A line of text on a page: edges and base lines in points, `size` the height of its letters. `bottom` is lower
    than `top` where a hyphen joined two lines."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass(frozen=True)
class _Read:
    """What PDFium gives: lines of each page in reading order, the title in the metadata, pages that would not open."""

    pages: list[list[_Line]]
    title: str
    damaged: list[int]


def convert_pdf(data: bytes, name: str) -> Converted:
    """The text of a PDF as paragraphs. Raises InputError, naming `name`, for a file that is protected by a password,
    is damaged or has no text."""
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"{name} is not a PDF or is damaged: its header is missing. Export or download it again")
    with _PDFIUM:
        read = _read(data, name)
    running = _running_lines(read.pages)
    pages = [_without(page, running) for page in read.pages]
    if not any(pages):
        raise InputError(f"{name} has no text, its pages are pictures. Run text recognition (OCR) on it first")
    paragraphs = _paragraphs(pages)
    cleaned = clean("\n\n".join(_rejoined(paragraphs)))
    warnings = list(cleaned.warnings)
    blank = sum(1 for page in read.pages if not page) - len(read.damaged)
    if blank:
        warnings.append(f"{blank} of {len(read.pages)} pages have no text")
    if read.damaged:
        warnings.append(f"left out damaged pages: {', '.join(map(str, read.damaged[:10]))}")
    return Converted(cleaned.text, _title(read.title, pages), tuple(warnings))


def _read(data: bytes, name: str) -> _Read:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _WRONG_PASSWORD:
            raise InputError(f"{name} is protected by a password. Save a copy without one and ingest that") from error
        raise InputError(f"{name} is a damaged PDF. Export or download it again") from error
    try:
        check(name, len(pdf), "pages", MAX_PAGES)
        pages: list[list[_Line]] = []
        damaged: list[int] = []
        characters = 0
        for number in range(len(pdf)):
            try:
                pages.append(list(_lines(pdf[number])))
                characters += sum(len(line.text) for line in pages[-1])
                check(name, characters, "characters", MAX_CHARACTERS)  # many pages can share what they show
            except pypdfium2.PdfiumError:
                pages.append([])
                damaged.append(number + 1)
        if len(damaged) == len(pages):
            raise InputError(f"{name} is a damaged PDF: none of its pages opens. Export or download it again")
        return _Read(pages, pdf.get_metadata_value("Title") or "", damaged)
    finally:
        pdf.close()


def _lines(page: Any) -> Iterator[_Line]:
    """The lines of a pypdfium2 page; closes the page."""
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    text_page = page.get_textpage()
    try:
        codes = [raw.FPDFText_GetUnicode(text_page, index) for index in range(text_page.count_chars())]
        start = 0
        for end in [*(index for index, code in enumerate(codes) if code in (10, 13)), len(codes)]:
            shown = [index for index in range(start, end) if codes[index] > 32 or codes[index] == ord(_LINE_HYPHEN)]
            if shown:
                text = "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes[start:end])
                yield _measured(text_page, _tidy(text), shown[0], shown[-1])
            start = end + 1
    finally:
        text_page.close()
        page.close()


def _measured(text_page: Any, text: str, first: int, last: int) -> _Line:
    import pypdfium2.raw as raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, first, x, y)
    left, top = x.value, y.value
    raw.FPDFText_GetCharOrigin(text_page, last, x, y)
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, first, box)
    first_height = abs(box.top - box.bottom)
    raw.FPDFText_GetLooseCharBox(text_page, last, box)
    height = max(first_height, abs(box.top - box.bottom))
    return _Line(text, left, max(box.right, left), top, y.value, round(height, 1))


def _tidy(text: str) -> str:
    return " ".join(_CONTROLS.sub("", text.translate(_LIGATURES)).split())


_EdgeKey = tuple[str, str, float]
"""Edge of the page ("top", "foot"), wording without numbers, letter size: a title in larger letters is another line."""


def _running_lines(pages: Sequence[Sequence[_Line]]) -> set[_EdgeKey]:
    """Running heads and feet: what stands at the edge of most pages, page numbers aside."""
    seen: Counter[_EdgeKey] = Counter()
    filled = sum(1 for page in pages if page)
    for page in pages:
        seen.update({key for keys in _edge_keys(page) for key in keys})
    needed = 2 if filled == 2 else max(3, 0.4 * filled)
    return {key for key, count in seen.items() if count >= needed}


def _edge_keys(page: Sequence[_Line]) -> list[list[_EdgeKey]]:
    """For each line: (edge, wording) where it stands at the top or foot of its page."""
    heights = sorted({round(line.top) for line in page})
    edges = (("top", _outermost(heights[::-1])), ("foot", _outermost(heights)))
    keys = []
    for line in page:
        wording = re.sub(r"\d+", "#", line.text.lower())
        if re.fullmatch(r"\W*[ivxlc]+\W*", wording):  # a Roman page number
            wording = "#"
        height = round(line.top)
        keys.append([(edge, wording, line.size) for edge, edge_heights in edges if height in edge_heights])
    return keys


def _outermost(heights: Sequence[int]) -> Sequence[int]:
    """Which of the heights, from the edge inward, belong to the edge: the first; up to three where a gap follows."""
    gaps = [abs(after - before) for before, after in pairwise(heights)]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else 0
    for count in (3, 2):
        if len(gaps) > count and gaps[count - 1] > 1.5 * usual and max(gaps[: count - 1]) <= gaps[count - 1]:
            return heights[:count]
    return heights[:1]


def _without(page: Sequence[_Line], running: set[_EdgeKey]) -> list[_Line]:
    return [line for line, keys in zip(page, _edge_keys(page), strict=True) if not running.intersection(keys)]


def _paragraphs(pages: Sequence[Sequence[_Line]]) -> list[str]:
    """Lines joined into paragraphs; a line hyphen stays in as the mark that PDFium gave it."""
    spacing = _usual_spacing(pages)
    paragraphs: list[list[str]] = []
    previous: _Line | None = None
    for page in pages:
        margin = _right_margin(page)
        for position, line in enumerate(page):
            if previous is None or _starts_paragraph(previous, line, spacing, margin, new_page=position == 0):
                paragraphs.append([line.text])
            else:
                _join(paragraphs[-1], line.text)
            previous = line
    return ["".join(lines) for lines in paragraphs]


def _join(lines: list[str], line: str) -> None:
    """Adds the next line of a paragraph; a hyphen at a page's end counts as one at a line's end."""
    last = lines[-1]
    if last.endswith("-") and last[-2:-1].isalpha() and line[:1].isalpha():
        lines[-1] = last = last[:-1] + _LINE_HYPHEN
    lines.append(line if last.endswith(_LINE_HYPHEN) else " " + line)


def _starts_paragraph(before: _Line, line: _Line, spacing: float, margin: float, *, new_page: bool) -> bool:
    if before.text.endswith((_LINE_HYPHEN, "-")):
        return False
    if abs(before.size - line.size) > 0.08 * max(before.size, line.size):
        return True
    gap = before.bottom - line.top
    if new_page or gap < -1:  # the next page or column
        return _ENDS_SENTENCE.search(before.text) is not None or line.text[:1].isupper()
    if gap > 1.3 * spacing * line.size:
        return True
    if _ENDS_SENTENCE.search(before.text) and line.left > before.left + 0.7 * line.size:
        return True
    letter = (line.right - line.left) / max(1, len(line.text)) if line.top == line.bottom else 0.45 * line.size
    first_word = line.text.split(" ", 1)[0]
    return before.right + letter * (len(first_word) + 2) < margin and gap > 1


def _usual_spacing(pages: Sequence[Sequence[_Line]]) -> float:
    """The distance of base lines most often met, in letter heights."""
    gaps: Counter[float] = Counter()
    for page in pages:
        for before, line in pairwise(page):
            gap = (before.bottom - line.top) / line.size if line.size else 0.0
            if 0.5 < gap < 4 and before.size == line.size:
                gaps[round(gap, 1)] += len(line.text)
    return max(gaps, key=lambda gap: (gaps[gap], -gap)) if gaps else 1.2


def _right_margin(page: Sequence[_Line]) -> float:
    """Where full lines end on the page, in points."""
    edges = [line.right for line in page]
    return quantiles(edges, n=10, method="inclusive")[-1] if len(edges) > 2 else max(edges, default=0.0)


_HYPHENATED = re.compile(rf"(?:(?<!\w)(\w+))?{_LINE_HYPHEN}(\w*)")
_COMPOUND = re.compile(r"(?<!\w)\w+-\w+")
"""Both look behind, so that a very long word is read once and not from each of its letters."""


def _rejoined(paragraphs: Sequence[str]) -> list[str]:
    """Words broken at line ends made whole. The hyphen stays where the same word is written with it elsewhere, or
    where a capital or a digit follows."""
    compounds = {word.lower() for text in paragraphs for word in _COMPOUND.findall(text)}

    def joined(found: re.Match[str]) -> str:
        head, tail = found.group(1) or "", found.group(2)
        kept = f"{head}-{tail}".lower() in compounds or not tail[:1].islower()
        return f"{head}-{tail}" if kept and head else head + tail

    return [_HYPHENATED.sub(joined, text) for text in paragraphs]


def _title(stated: str, pages: Sequence[Sequence[_Line]]) -> str | None:
    """The title in the metadata, else the first page's largest line, else its first if that looks like a title."""
    stated = " ".join(clean(stated).text.split())
    if stated and len(stated) <= 200 and not _JUNK_TITLE.fullmatch(stated):
        return stated
    first = next(page for page in pages if page)
    largest = max(first, key=lambda line: line.size)
    usual = Counter(line.size for page in pages for line in page).most_common(1)[0][0]
    if largest.size > 1.15 * usual and 3 <= len(largest.text) <= 150:
        return largest.text.replace(_LINE_HYPHEN, "-")
    return title_of(first[0].text.replace(_LINE_HYPHEN, "-"))
