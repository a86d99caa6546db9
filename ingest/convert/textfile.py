"""Bytes to text: byte order marks, other encodings than UTF-8, binary junk, characters that cannot be stored.

But: it does not touch line ends, blank lines or spelling; the text of a UTF-8 file is the file, code point for code
point, without its byte order mark.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from vectorstore.documents.pages import Pages
from vectorstore.errors import InputError
from vectorstore.types import FactName, Format

_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MULTIBYTE = re.compile("[\x80-\U0010ffff]")
_SIGN_IN_WORD = re.compile(r"(?<=[A-Za-z])(?:[^\w\s\x00-\x7f’]|[ˆ˜])(?=[a-z])")
_COMMON = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "iso8859_2", "koi8_r", "mac_roman"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
_HEADING_LINES = 2_000
_TITLE_REACH = 1_000
_COLUMNS = re.compile(r"\S {4,}\S|\S\t+\S")
_LONGEST_HEADING = 1_000
"""Characters of a heading that are read: the time for brackets that are never closed grows with their square."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.+?)(?:(?<![ \t])[ \t]++#++)?(?:(?<![ \t])[ \t]++)?$")
_SETEXT_RULE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_CHARACTER_SETS = (
    *("iso8859", "cp", "koi8", "mac", "kz1048", "ptcp154", "tis-620", "utf-16", "utf-32"),
    *("gb", "big5", "euc", "shift_jis", "iso2022", "johab", "hz"),
)
_SAMPLE = 200_000
"""Bytes (or characters) looked at when guessing an encoding or judging whether something is text."""


@dataclass(frozen=True)
class Decoded:
    """A text, and what a reader should know about how it was read."""

    text: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page, counted from 1, of so many, as a PNG or JPEG file; `width, height` in points are those of the page as it
    is shown, turned and cropped, and the picture covers exactly that."""

    image: bytes
    page: int
    pages: int
    width: float
    height: float


@dataclass(frozen=True)
class Converted:
    """A document as Markdown or plain text; `title` is what the document calls itself, if anything; `pages` says where
    its words stand, in a file that has pages. `stated`: what the properties of the file say beside its text, as pairs
    such as ("title", "The Heron House"), ("author", "Ada Fell") and ("date", "1994"). `pictures`: how
    many pages hold no text that may be recognised in their pictures. `format`: how `text` is written."""

    text: str
    title: str | None
    warnings: tuple[str, ...] = ()
    pages: Pages | None = None
    stated: tuple[tuple[FactName, str], ...] = ()
    pictures: int = 0
    format: Format = "markdown"


def decode(data: bytes, name: str, *, declared: str | None = None, allow_nul: bool = False) -> Decoded:
    """The text of `data`. `declared` is an encoding that a server or a page names; a byte order mark and valid
    UTF-8 win over it. `allow_nul` leaves NULs to `clean`. Raises InputError, naming `name`, where the bytes are no
    text."""
    decoded = _decode(data, declared)
    if "\0" in decoded.text and not allow_nul:
        raise InputError(f"{name} is not text: it holds NUL bytes. {SAVE_AS_TEXT}")
    sample = decoded.text[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) > len(sample) // 100 + 2 or _mostly_replaced(sample):
        raise InputError(f"{name} is not text: it holds binary data. {SAVE_AS_TEXT}")
    return decoded


SAVE_AS_TEXT = "If it is a document, export it as UTF-8 text, Markdown, HTML, PDF, .docx, .xlsx or .csv"
"""What to do with a file that cannot be read."""


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 text without NULs."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def clean(text: str) -> Decoded:
    """The text with each lone surrogate and NUL replaced by U+FFFD: neither can be stored. For text that comes out of
    a converter or an API; decoded UTF-8 never needs it."""
    warnings: list[str] = []
    text, surrogates = _SURROGATES.subn("\ufffd", text)
    if surrogates:
        warnings.append(f"replaced {counted(surrogates, 'lone surrogate')} by U+FFFD")
    nuls = text.count("\0")
    if nuls:
        text = text.replace("\0", "\ufffd")
        warnings.append(f"replaced {counted(nuls, 'NUL character')} by U+FFFD")
    return Decoded(text, tuple(warnings))


def title_of(text: str) -> str | None:
    """The first line that holds words and is not in columns, where it looks like a title: up to 100 characters, no full
    stop at its end. A rule above it ("=====") is none."""
    lines = (line.strip() for line in text.lstrip()[:_TITLE_REACH].splitlines())
    first = next((line for line in lines if any(map(str.isalnum, line)) and not _COLUMNS.search(line)), "")
    return first if 0 < len(first) <= 100 and first[-1] not in ".,;:" else None


def heading_of(text: str) -> str | None:
    """The words of the first heading of a Markdown text, whatever its level, or None."""
    fence = ""
    lines = text.splitlines()[:_HEADING_LINES]
    for number, line in enumerate(lines):
        if fence:
            fence = "" if line.strip().startswith(fence) else fence
        elif opening := _FENCE.match(line):
            fence = opening.group(1)
        elif heading := _ATX_HEADING.match(line):
            if words := _plain(heading.group(1)):
                return words
        elif _SETEXT_RULE.match(line) and number and (above := lines[number - 1].strip()) and above[0] not in "-=>|#":
            return _plain(above)
    return None


def _plain(heading: str) -> str:
    """The words of a heading, at most 200 characters, without marks for emphasis, code and links."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parseInline(heading[:_LONGEST_HEADING])[0].children or []
    return " ".join("".join(token.content for token in tokens if token.type in ("text", "code_inline")).split())[:200]


def _decode(data: bytes, declared: str | None) -> Decoded:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            warnings = () if encoding == "utf-8-sig" else (f"read as {encoding.upper()}",)
            return _lenient(data, encoding, warnings)
    known = _known(declared)
    if b"\0" in data:
        wide = known if known is not None and known.startswith(("utf-16", "utf-32")) else None
        return _lenient(data, wide, (f"read as {wide.upper()}",)) if wide else Decoded(data.decode("utf-8", "replace"))
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    damaged = _damaged_utf8(data)
    if damaged is not None:
        return damaged
    encoding = known or _guess(data)
    return _lenient(data, encoding, (f"not UTF-8, read as {encoding}",))


def _lenient(data: bytes, encoding: str, warnings: tuple[str, ...]) -> Decoded:
    try:
        return Decoded(data.decode(encoding), warnings)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return Decoded(text, (*warnings, "what could not be decoded was replaced by U+FFFD"))


def _damaged_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with few broken bytes, as an interrupted copy leaves it: better repaired than read as another encoding."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(_MULTIBYTE.findall(text)) - broken
    if whole < 10 * broken:
        return None
    return Decoded(text, (f"replaced {counted(broken, 'broken UTF-8 sequence')} by U+FFFD",))


def _known(declared: str | None) -> str | None:
    """The declared encoding, where Python knows it and it is a character set (not an escape syntax such as UTF-7).
    ISO 8859-1 is read as its superset windows-1252, as browsers do."""
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError, UnicodeError):
        return None
    if name in ("iso8859-1", "ascii"):
        return "cp1252"
    return name if name.startswith(_CHARACTER_SETS) else None


def _guess(data: bytes) -> str:
    """The common encoding that reads best; windows-1252 where nothing speaks against it."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_COMMON)).best()
    if best is None:
        return "cp1252"
    if best.encoding == "cp1250" and not _reads_central_european(data):
        return "cp1252"
    if best.encoding == "mac_roman" and _signs_in_words(data, "cp1252") < _signs_in_words(data, "mac_roman"):
        return "cp1252"
    return best.encoding


def _reads_central_european(data: bytes) -> bool:
    """Whether letters that exist in windows-1250 only outnumber the ones that windows-1252 has at the same place."""
    text = data[:_SAMPLE].decode("cp1250", "replace")
    own = sum(text.count(letter) for letter in "ąćęłńśźżřěšťžůčďňőűŁŚŻŹŘĚŠŤŽŮČĎŇŐŰ")
    both = sum(text.count(letter) for letter in "áâäçéëíîóôöúüýßÁÂÄÇÉËÍÎÓÔÖÚÜÝ")
    return own > both


def _signs_in_words(data: bytes, encoding: str) -> int:
    """How many signs stand between the letters of a word, read so, as letters read in a wrong encoding do."""
    return len(_SIGN_IN_WORD.findall(data[:_SAMPLE].decode(encoding, "replace")))


def _mostly_replaced(sample: str) -> bool:
    return sample.count("\ufffd") > len(sample) // 10 + 2


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 file", "2,000 files"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
