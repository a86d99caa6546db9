"""Loads files, web pages, uploads and bundled articles: picks the converter, keeps the limits, gives title and id."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path, PurePosixPath

from ingest.convert.confined import convert
from ingest.convert.limits import check_text
from ingest.convert.sheets.delimited import convert_delimited
from ingest.convert.textfile import counted, decode, heading_of, is_utf8, title_of
from ingest.deadline import Stop, checking, never
from ingest.layout.facts import KEYED, MEETING_TITLE, find_facts
from ingest.layout.furniture import find_hidden
from ingest.layout.paragraphs import line_spans
from ingest.layout.subtitles import is_subtitles, spelt_out
from ingest.sources import SUFFIXES, SUPPORTED, UNREAD_MAIL, UNREAD_SHEETS
from ingest.speech.turns import find_labels
from vectorstore.documents.originals import file_sha256
from vectorstore.documents.pages import Pages
from vectorstore.errors import InputError
from vectorstore.printable import printable
from vectorstore.types import Document, Fact, FactName, Format, shown, text_sha256

MAX_TEXT_BYTES = 50 * 2**20
"""Largest text, Markdown or HTML file."""
MAX_DOCUMENT_BYTES = 100 * 2**20
"""Largest PDF, Word, Excel or EPUB file, or message."""
_LONGEST_TITLE = 300
_TITLE_REACH = 400_000
"""Characters in which the first heading of a text is looked for."""
_TURNS_REACH = 20_000
_TITLE_LINE = 4_000
"""Characters in which the line of the title is looked for."""
_ORDER: tuple[FactName, ...] = ("title", "author", "date")
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""Flags that open a pipe or device without waiting for it."""
_CONTENT_TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/vtt": "subtitles",
    "application/x-subrip": "subtitles",
    "text/x-markdown": "markdown",
    "text/csv": "csv",
    "application/csv": "csv",
    "text/x-csv": "csv",
    "text/comma-separated-values": "csv",
    "text/tab-separated-values": "csv",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "application/epub+zip": "epub",
    "message/rfc822": "mail",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsx",
}
_SHEETS = ("application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet")
"""What servers call spreadsheets that are not read, and some call .csv files."""
_UNSTATED = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/download"})
_KINDS = f"Supported are {SUPPORTED}"


@dataclass(frozen=True)
class Loaded:
    """A document, and what a reader should know about how it was read. `original`: the file itself, where the document
    names it."""

    document: Document
    warnings: tuple[str, ...] = ()
    original: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class _Text:
    """What a converter made of some bytes. `is_sheet`: the cells of a spreadsheet, which hold no mark-up and nothing
    that is there for its pages."""

    text: str
    title: str | None
    format: Format
    warnings: tuple[str, ...] = ()
    pages: Pages | None = None
    stated: tuple[tuple[FactName, str], ...] = ()
    original: bytes | None = field(default=None, repr=False)
    is_sheet: bool = False


def load_file(path: Path, *, stop: Stop = never) -> Loaded:
    """The document in a file; its origin is the absolute path with links resolved. Raises InputError, one line, where
    the file is missing, empty, too large, of another kind or damaged; Stopped where `stop` interrupted it."""
    name = printable(str(path))
    try:
        resolved = path.resolve()
        str(resolved).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"{name} has a name that is not valid UTF-8. Rename it") from error
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL in the name
        raise InputError(f"{name} could not be read: {_why(error)}") from error
    data = _read(path, name)
    converted = _convert(data, name, _kind_of_file(path.suffix, data, name), stop=stop)
    return _loaded(converted, name=path.stem, origin=str(resolved), stop=stop)


def load_url(url: str, *, allow_private: bool = False, stop: Stop = never) -> Loaded:
    """The document at a web address; its origin is the address as given, without fragment. `allow_private` permits
    addresses of this machine and its network. Raises InputError, one line, for whatever goes wrong; Stopped where
    `stop` interrupted it."""
    from ingest.fetch import fetch, normalised

    origin = normalised(url)
    fetched = fetch(origin, allow_private=allow_private, stop=stop)
    if not fetched.data:
        raise InputError(f"{origin} is empty")
    path = PurePosixPath(fetched.url.partition("://")[2].partition("?")[0])
    kind = _CONTENT_TYPES.get(fetched.content_type) or ("text" if fetched.content_type.startswith("text/") else None)
    if kind == "text" and SUFFIXES.get(path.suffix.lower()) in ("markdown", "csv", "subtitles"):
        kind = SUFFIXES[path.suffix.lower()]
    if kind is None and fetched.content_type in (*_UNSTATED, *_SHEETS):
        kind = _sniffed(fetched.data) or _kind_of_file(path.suffix, fetched.data, origin)
    if kind is None:
        raise InputError(f"{origin} is of a kind that is not supported ({fetched.content_type}). {_KINDS}")
    converted = _convert(fetched.data, origin, kind, fetched.charset, stop=stop)
    name = converted.title or path.stem or path.name
    return _loaded(converted, name=name, origin=origin, stop=stop)


def load_upload(name: str, path: Path, *, stop: Stop = never) -> Loaded:
    """The document that somebody uploaded under `name` and that lies at `path`, itself and not behind a link; its
    origin is "upload:" and the name without folders and unprintable characters. Raises InputError as load_file does."""
    shown = _safe_name(name)
    data = _read(path, shown, follow_links=False)
    converted = _convert(data, shown, _kind_of_file(PurePosixPath(shown).suffix, data, shown), stop=stop)
    return _loaded(converted, name=PurePosixPath(shown).stem, origin=f"upload:{shown}", stop=stop)


def bundled() -> list[Loaded]:
    """The articles that come with attest, by name; their origin is "bundled:" and the file's name."""
    folder = files("ingest").joinpath("articles")
    if not folder.is_dir():
        return []
    loaded = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        kind = SUFFIXES.get(PurePosixPath(entry.name).suffix.lower())
        if kind is not None and not entry.name.startswith("."):
            converted = _convert(entry.read_bytes(), entry.name, kind)
            loaded.append(_loaded(converted, name=PurePosixPath(entry.name).stem, origin=f"bundled:{entry.name}"))
    return loaded


def _read(path: Path, name: str, *, follow_links: bool = True) -> bytes:
    """All bytes of a regular file. Kind and size are taken from the open file, so that a pipe, a device or a file that
    changes meanwhile neither blocks nor is read without end. Raises InputError unless it is regular, not empty and
    within the limit."""
    try:
        descriptor = os.open(path, _OPEN if follow_links else _OPEN | getattr(os, "O_NOFOLLOW", 0))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{name} does not exist. Check the path") from error
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENXIO, errno.ENODEV):  # a socket, an absent device
            raise InputError(_not_regular(name)) from error
        raise InputError(f"{name} could not be read: {_why(error)}") from error
    try:
        limit = _checked_size(os.fstat(descriptor), name)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise InputError(f"{name} could not be read: {_why(error)}") from error
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise InputError(f"{name} grew beyond the limit of {limit // 2**20} MB while it was read")
    return data


def _checked_size(status: os.stat_result, name: str) -> int:
    """The limit in bytes for a file of this name. Raises InputError unless it is a regular file, not empty, within."""
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{name} is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(_not_regular(name))
    if status.st_size == 0:
        raise InputError(f"{name} is empty")
    limit = (
        MAX_DOCUMENT_BYTES
        if SUFFIXES.get(Path(name).suffix.lower()) in ("pdf", "docx", "xlsx", "epub", "mail")
        else MAX_TEXT_BYTES
    )
    if status.st_size > limit:
        size, most = status.st_size / 2**20, limit // 2**20
        raise InputError(f"{name} has {size:,.0f} MB, the limit for its kind is {most} MB. Split it into smaller files")
    return limit


def _not_regular(name: str) -> str:
    return f"{name} is not a regular file. Copy what it holds into one"


def _kind_of_file(suffix: str, data: bytes, name: str) -> str:
    """The converter for a file: by its ending, else plain text where the bytes are UTF-8."""
    kind = SUFFIXES.get(suffix.lower())
    if kind is not None:
        return kind
    if suffix.lower() in UNREAD_SHEETS:
        raise InputError(f"{name} is a spreadsheet of a kind that is not read. Export it as .xlsx or .csv")
    if suffix.lower() in UNREAD_MAIL:
        raise InputError(f"{name} is mail of a kind that is not read. Save each message as .eml")
    if is_utf8(data):
        return "text"
    raise InputError(f"{name} is of a kind that is not supported, and not UTF-8 text. {_KINDS}")


def _sniffed(data: bytes) -> str | None:
    """The kind of a page whose server states none, by its first bytes; None where they do not tell."""
    start = data[:1024].lstrip().lower()
    if start.startswith(b"%pdf-"):
        return "pdf"
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    if data.startswith(b"PK\x03\x04") and b"mimetypeapplication/epub+zip" in data[:100]:
        return "epub"
    if data.startswith(b"PK\x03\x04"):
        return "docx" if b"word/document" in data else "xlsx" if b"xl/workbook" in data else None
    return None


def _convert(data: bytes, name: str, kind: str, charset: str | None = None, *, stop: Stop = never) -> _Text:
    """The text in some bytes, within the limits on what a document may hold."""
    converted = _converted(data, name, kind, charset, stop)
    check_text(name, converted.text, markdown=converted.format == "markdown")
    return converted


def _converted(data: bytes, name: str, kind: str, charset: str | None, stop: Stop) -> _Text:
    if kind in ("html", "pdf", "docx", "xlsx", "epub", "mail"):
        found = convert(data, name, kind, charset=charset, stop=stop)
        return _Text(
            found.text,
            found.title,
            found.format,
            found.warnings,
            found.pages,
            found.stated,
            data if found.pages is not None else None,
            kind == "xlsx",
        )
    if data[:200].lstrip().startswith(b"{\\rtf"):
        raise InputError(f"{name} is rich text (RTF), which is not read. Open it and save it as .docx, .pdf or .txt")
    decoded = decode(data, name, declared=charset)
    if not decoded.text.strip():
        raise InputError(f"{name} is empty but for blank space")
    if kind == "csv" and (table := convert_delimited(decoded.text, name)) is not None:
        return _Text(table.text, None, "plain", (*decoded.warnings, *table.warnings), is_sheet=True)
    if kind == "subtitles" and is_subtitles(decoded.text):
        spelt, number = spelt_out(decoded.text)
        remark = (f"decoded {counted(number, 'character reference')} such as &amp;",) if number else ()
        return _Text(spelt, None, "plain", (*decoded.warnings, *remark))
    return _Text(decoded.text, None, "markdown" if kind == "markdown" else "plain", decoded.warnings)


def _loaded(converted: _Text, *, name: str, origin: str, stop: Stop = never) -> Loaded:
    """The document of a converted text. Its id, such as "my-notes-1b4f0e98", is made of `name` and `origin` alone, so
    that it stays when the text is edited."""
    identity = f"{_slug(name)}-{hashlib.sha256(origin.encode('utf-8')).hexdigest()[:8]}"
    text = converted.text
    hidden = () if converted.is_sheet else find_hidden(text, converted.format, checking(stop, printable(name)))
    sha256, pages = text_sha256(text), converted.pages
    original = None if converted.original is None else file_sha256(converted.original)
    document = Document(
        identity, name, text, sha256, origin, converted.format, hidden=hidden, pages=pages, original=original
    )
    facts = find_facts(document)
    stated = next((fact.value for fact in facts if fact.name == "title"), None)
    found = converted.title or _title(document, facts)
    title = " ".join(printable((stated or found or name)[:_LONGEST_TITLE]).split())
    known = (*_title_fact(document, title), *facts) if found and not stated else facts
    names = {fact.name for fact in known}
    beside = (Fact(name, value) for name, value in converted.stated if name not in names and value)
    known = tuple(sorted((*known, *beside), key=lambda fact: _ORDER.index(fact.name)))
    return Loaded(replace(document, title=title or origin, facts=known), converted.warnings, converted.original)


def _title(document: Document, facts: Sequence[Fact]) -> str | None:
    """What the first heading or line of a text calls it; a line that names its author, has a key or is one of a table
    is none."""
    if is_subtitles(document.text):
        return None
    turns = find_labels(shown(document, 0, _TURNS_REACH)) if document.format == "plain" else []
    if turns and not shown(document, 0, turns[0].start).strip():
        return None
    opening = shown(document, 0, min(len(document.text), _TITLE_REACH))
    if document.format == "markdown":
        return heading_of(opening)
    if opening.lstrip().startswith("|"):
        return None
    first = title_of(opening)
    keyed = KEYED.match(first or "")
    key = keyed["key"] if keyed and not MEETING_TITLE.match(first or "") else ""
    bylines = [fact for fact in facts if fact.start is not None and (fact.name == "author" or key)]
    return None if first in {opening[fact.start : fact.end].strip() for fact in bylines} else first


def _title_fact(document: Document, title: str) -> tuple[Fact, ...]:
    """The line that holds the title, where the text begins with one."""
    if not title or (found := re.search(rf"(?<!\w){re.escape(title)}(?!\w)", document.text[:_TITLE_LINE])) is None:
        return ()
    lines = line_spans(document.text, 0, _TITLE_LINE + _LONGEST_TITLE)
    line = next(span for span in lines if span[1] > found.start())
    return (Fact("title", title, *line),) if line[1] - line[0] <= _LONGEST_TITLE else ()


def _slug(name: str) -> str:
    """A name in lower-case ASCII letters, digits and hyphens, 1 to 40 characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "document"


def _safe_name(name: str) -> str:
    """The last part of a path of any system, printable, at most 120 characters, its ending kept."""
    last = " ".join(printable(re.split(r"[/\\]", name.strip())[-1]).split()).strip(". ") or "upload"
    path = PurePosixPath(last)
    return last if len(last) <= 120 else path.stem[: 120 - len(path.suffix[:10])] + path.suffix[:10]


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or printable(str(error))
