"""EPUB books to Markdown: their chapters in reading order; title, authors and date as the book states them.

But: no pictures, styles or page lists are kept, and a book under copy protection cannot be read.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from ingest.convert.html import charset_of, fragment_to_markdown
from ingest.convert.limits import MAX_CHARACTERS, MAX_ELEMENTS, check
from ingest.convert.properties import Stated, stated
from ingest.convert.textfile import Converted, decode, heading_of
from vectorstore.errors import InputError

MAX_MEMBERS = 10_000
MAX_PART = 20 * 2**20
"""Bytes of one chapter, unpacked."""
MAX_TEXT = 64 * 2**20
"""Bytes of all chapters, unpacked."""
MAX_CHAPTERS = 5_000
MAX_PACKAGE = 4 * 2**20
"""Bytes of the file that lists the chapters."""
_CONTAINER = "META-INF/container.xml"
_PROTECTION = ("META-INF/encryption.xml", "META-INF/rights.xml")
_DC = "{http://purl.org/dc/elements/1.1/}"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_TAG = re.compile("<[A-Za-z]")
_DAMAGED = "is a damaged EPUB file. Save or download it again"


def convert_epub(data: bytes, name: str) -> Converted:
    """The text of a book as Markdown, with its title, authors and date. Raises InputError, naming `name`, for a book
    that is damaged, protected, larger than the limits or has no text."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_MEMBERS:
                raise InputError(f"{name} holds more than {MAX_MEMBERS:,} files. Split it into smaller ones")
            return _Book(archive, name).converted()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{name} {_DAMAGED}") from error
    except (etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise InputError(f"{name} {_DAMAGED}") from error


class _Book:
    """The archive of a book. Its parts are named in the package file, whose place the container file tells."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self._names = set(archive.namelist())
        self._left = MAX_TEXT

    def converted(self) -> Converted:
        if _CONTAINER not in self._names:
            raise InputError(f"{self._name} is a zip archive, but not an EPUB book. Unpack it first")
        root = _first(self._xml(_CONTAINER), "rootfile")
        path = unquote((root.get("full-path") or "") if root is not None else "")
        package = self._xml(path)
        chapters = self._chapters(package, posixpath.dirname(path))
        self._refuse_protected(chapters)
        texts, left_out = [], dict[str, None]()
        tags = characters = 0
        for chapter in chapters:
            source = decode(
                page := self._read(chapter, MAX_PART), self._name, declared=charset_of(page), allow_nul=True
            )
            tags += sum(1 for _ in _TAG.finditer(source.text))
            check(self._name, tags, "elements", MAX_ELEMENTS)
            text, remarks = fragment_to_markdown(source.text, self._name)
            characters += len(text)
            check(self._name, characters, "characters", MAX_CHARACTERS)
            texts.append(text.strip())
            left_out.update(dict.fromkeys(remarks))
        text = "\n\n".join(filter(None, texts))
        if not text.strip():
            raise InputError(f"{self._name} has no text")
        known = _stated(package)
        return Converted(text, dict(known).get("title") or heading_of(text), tuple(left_out), stated=known)

    def _chapters(self, package: Element, folder: str) -> list[str]:
        """The names of the parts that are read, in order; the table of contents is none."""
        items: dict[str, str] = {}
        for item in package.iter("{*}item"):
            if item.get("media-type") in _PAGES and "nav" not in (item.get("properties") or "").split():
                href = unquote((item.get("href") or "").partition("#")[0])
                items[item.get("id") or ""] = posixpath.normpath(posixpath.join(folder, href))
        order = [one.get("idref") or "" for one in package.iter("{*}itemref")]
        chapters = list(dict.fromkeys(items[reference] for reference in order if reference in items))
        check(self._name, len(chapters), "chapters", MAX_CHAPTERS)
        missing = [chapter for chapter in chapters if chapter not in self._names]
        if missing:
            raise InputError(f"{self._name} {_DAMAGED}")
        return chapters

    def _refuse_protected(self, chapters: list[str]) -> None:
        """Fonts may be encrypted, and nothing of them is read; chapters may not."""
        for name in _PROTECTION:
            if name in self._names:
                ciphered = {unquote(one.get("URI") or "") for one in self._xml(name).iter("{*}CipherReference")}
                if ciphered & set(chapters):
                    raise InputError(f"{self._name} is copy-protected (DRM). Ingest a copy without protection")

    def _xml(self, name: str) -> Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(self._read(name, MAX_PACKAGE), parser)

    def _read(self, name: str, most: int) -> bytes:
        """A part, unpacked no further than the limits."""
        most = min(most, self._left)
        with self._archive.open(name) as part:
            data = part.read(most + 1)
        if len(data) > most:
            raise InputError(f"{self._name} unpacks to more than {MAX_TEXT // 2**20} MB. Split it into smaller files")
        self._left -= len(data)
        return data


def _stated(package: Element) -> Stated:
    """What the book says of itself."""
    title = next(iter(_said(package, "title")), None)
    published = next((date for _, date in sorted(_dates(package))), None)
    return stated(title, _said(package, "creator")[:20], published=published)


def _dates(package: Element) -> list[tuple[int, str]]:
    """Dates with their rank: of publication first, of the file last."""
    found = []
    for order, element in enumerate(package.iter(f"{_DC}date")):
        event = next((str(value) for key, value in element.items() if str(key).endswith("event")), "")
        rank = {"publication": 0, "original-publication": 0, "": 1}.get(event, 2)
        words = _words(element)
        if words and not words.startswith("0101"):  # what some programs write for no date
            found.append((100 * rank + order, words))
    return found


def _said(package: Element, what: str) -> list[str]:
    return [words for element in package.iter(f"{_DC}{what}") if (words := _words(element))]


def _words(element: Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())[:300]


def _first(tree: Element, tag: str) -> Element | None:
    return next(tree.iter(f"{{*}}{tag}"), None)
