"""E-mail messages (.eml, .emlx) to text: the head, the words as they were typed, and what is forwarded below.

The lines From, To, Cc, Date and Subject come first, decoded; then the plain part of the message, or its HTML as
Markdown where there is no plain one. A message that is attached to another follows it with its own head. Attachments
are left out, and the report names them.

But: nothing is decrypted, no signature is checked, and a mailbox of many messages (.mbox) is not read.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import email.utils
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from ingest.convert.html import charset_of, fragment_to_markdown
from ingest.convert.limits import MAX_CHARACTERS, MAX_ELEMENTS, check
from ingest.convert.properties import stated
from ingest.convert.textfile import Converted, clean, counted, decode, is_utf8
from vectorstore.errors import InputError
from vectorstore.printable import printable
from vectorstore.types import Format

HEAD = ("From", "To", "Cc", "Date", "Subject")
"""The headers that are kept, in their order."""
_SIGNS = frozenset({*map(str.lower, HEAD), "received", "message-id", "mime-version", "return-path", "reply-to"})
"""Headers of which a message has one at least."""
LONGEST_HEADER = 10_000
"""Bytes of a header that are read: the time for addresses grows with more than their number."""
MAX_PARTS = 2_000
MAX_DEPTH = 50
_NESTED = f"holds parts that are nested more than {MAX_DEPTH} levels deep"
_MOST_NAMED = 10
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_SEALED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_PLAIN_SHARE = 0.2
"""A plain part with fewer words than this share of the HTML's only says that one should read the HTML."""
_SEVEN_BITS = ("iso2022", "hz", "utf-7")
"""Encodings whose bytes look like ASCII."""
_BOUNDARY = re.compile(rb"""boundary\s{0,4}=\s{0,4}(?:"(?P<quoted>[^"\r\n]{1,200})"|(?P<plain>[^\s";]{1,200}))""", re.I)
_PART_LINE = re.compile(rb"(?m)^--([^\r\n]{1,200})")
_TAG = re.compile("<[A-Za-z]")
_LEVEL = re.compile(r"(?:>[ \t]?)*>|")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_LINE = re.compile(r"\r\n?|\n")
_MAILBOX = re.compile(rb"From \S+.{0,20} \d\d:\d\d(?::\d\d)?.{0,20} \d{4}[^\n]{0,20}\r?\n")

_SIZED = re.compile(rb"(?P<bytes>\d{1,9})[ \t]*\r?\n")
"""The first line of a message that Apple Mail keeps; properties follow behind that many bytes."""


class _Bounded(email.policy.EmailPolicy):
    """The library's policy with headers of any kind cut where they are too long to be parsed in time."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


@dataclass(slots=True)
class _Read:
    """What was found of a message so far. `left_out`: names of attachments."""

    name: str
    written: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)
    is_marked_up: bool = False
    is_sealed: bool = False
    parts: int = 0
    elements: int = 0
    characters: int = 0

    def add(self, text: str) -> None:
        self.characters += len(text)
        check(self.name, self.characters, "characters", MAX_CHARACTERS)
        self.written.append(text)


def convert_mail(data: bytes, name: str) -> Converted:
    """The words of a message with its sender, date and subject. Raises InputError, naming `name`, where it is no
    message, holds no text, or has more parts than the limits."""
    mailbox = _MAILBOX.match(data)
    if mailbox is not None and _MAILBOX.search(data, mailbox.end()) is not None:
        raise InputError(f"{name} is a mailbox of several messages. Export each as a file of its own (.eml)")
    data = data[mailbox.end() :] if mailbox is not None else data.lstrip(b"\xef\xbb\xbf\r\n\t ")
    if (sized := _SIZED.match(data)) is not None:
        data = data[sized.end() : sized.end() + int(sized["bytes"])]
    _check_parts(data, name)
    try:
        message = email.message_from_bytes(data, policy=_Bounded())
    except RecursionError:
        raise InputError(f"{name} {_NESTED}") from None
    if not _SIGNS & {key.lower() for key in message}:
        raise InputError(f"{name} is no e-mail message: it has no headers such as From and Date")
    read = _Read(name)
    _read(message, read, 0)
    if not any(read.written[1:]):
        raise InputError(f"{name} {_why_empty(read)}")
    text = clean("\n\n".join(part for part in read.written if part) + "\n")
    subject, date = _header(message, "Subject"), _header(message, "Date")
    known = stated(subject or None, _senders(message), published=_day(date) or date)
    warnings = (*_left_out(read), *read.remarks, *text.warnings)
    kind: Format = "markdown" if read.is_marked_up else "plain"
    return Converted(text.text, dict(known).get("title"), warnings, stated=known, format=kind)


def _check_parts(data: bytes, name: str) -> None:
    """Refuses a message of too many parts before they are parsed, which takes minutes. Raises InputError."""
    boundaries = {match["quoted"] or match["plain"] for match in _BOUNDARY.finditer(data)}
    lines = (match[1].rstrip() for match in _PART_LINE.finditer(data)) if boundaries else ()
    check(name, sum(1 for line in lines if line in boundaries), "parts", MAX_PARTS)


def _read(message: Message, read: _Read, depth: int) -> None:
    """Adds the head of a message and what it holds."""
    read.add("\n".join(f"{key}: {value}" for key in HEAD if (value := _header(message, key))))
    _read_part(message, read, depth)


def _read_part(part: Message, read: _Read, depth: int) -> None:
    """Adds the words of a part and of the parts in it, in their order."""
    read.parts += 1
    check(read.name, read.parts, "parts", MAX_PARTS)
    if depth > MAX_DEPTH:
        raise InputError(f"{read.name} {_NESTED}")
    kind = part.get_content_type()
    inner = [one for one in part.get_payload() if isinstance(one, Message)] if part.is_multipart() else []
    if kind in _SEALED:
        read.is_sealed = True
    elif kind == "message/rfc822":
        for one in inner:
            _read(one, read, depth + 1)
    elif kind == "multipart/alternative":
        _read_best(inner, read, depth + 1)
    elif kind == "multipart/related" and inner:
        _read_part(inner[0], read, depth + 1)
        for one in inner[1:]:
            _leave_out(one, read)
    elif part.is_multipart() and kind.startswith("multipart/"):
        for one in inner:
            _read_part(one, read, depth + 1)
    elif kind not in ("text/plain", "text/html") or _is_attached(part):
        _leave_out(part, read)
    else:
        read.add(_words_of(part, read))


def _read_best(choices: list[Message], read: _Read, depth: int) -> None:
    """Adds one of several forms of the same words: the plain one, unless it says next to nothing."""
    plain = next((one for one in choices if one.get_content_type() == "text/plain" and not _is_attached(one)), None)
    rich = next((one for one in reversed(choices) if one is not plain and _holds_html(one)), None)
    beside = [one for one in choices if one not in (plain, rich) and not _is_text(one)]
    if plain is None and rich is None:
        for one in choices:
            _read_part(one, read, depth)
        return
    words = "" if plain is None else _words_of(plain, read)
    if rich is None:
        read.add(words)
    else:
        trial = _Read(read.name, parts=read.parts, elements=read.elements, characters=read.characters)
        _read_part(rich, trial, depth)
        read.parts, read.elements = trial.parts, trial.elements
        read.left_out += trial.left_out
        if len(words.split()) < _PLAIN_SHARE * sum(len(one.split()) for one in trial.written):
            read.remarks.update(trial.remarks)
            read.is_marked_up = True
            words = "\n\n".join(trial.written)
        read.add(words)
    for one in beside:
        _read_part(one, read, depth)


def _holds_html(part: Message) -> bool:
    kinds = {one.get_content_type() for one in _walk(part)}
    return "text/html" in kinds and not _is_attached(part)


def _walk(part: Message) -> Iterator[Message]:
    """A part and those in it, messages aside."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        yield one
        if one.get_content_maintype() == "multipart" and one.is_multipart():
            waiting += [inner for inner in one.get_payload() if isinstance(inner, Message)]


def _is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text"


def _is_attached(part: Message) -> bool:
    return str(part.get_content_disposition() or "").lower() == "attachment"


def _words_of(part: Message, read: _Read) -> str:
    """The words of a part of text, HTML as Markdown."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if not data.strip():
        return ""
    is_html = part.get_content_type() == "text/html"
    charset = str(part.get_content_charset() or "") or (charset_of(data) if is_html else None)
    text = _decoded(data, charset, read)
    if is_html:
        read.elements += sum(1 for _ in _TAG.finditer(text))
        check(read.name, read.elements, "elements", MAX_ELEMENTS)
        words, remarks = fragment_to_markdown(text, read.name)
        read.remarks.update(dict.fromkeys(remarks))
        read.is_marked_up = True
        return words.strip()
    if str(part.get_param("format") or "").lower() == "flowed":
        text = _unflowed(text, joined=str(part.get_param("delsp") or "").lower() == "yes")
    return text.strip("\r\n").rstrip()


def _decoded(data: bytes, charset: str | None, read: _Read) -> str:
    try:
        known = codecs.lookup(charset or "").name
    except (LookupError, ValueError):
        known = ""
    if known.startswith(_SEVEN_BITS):
        return data.decode(known, "replace")
    found = decode(data, read.name, declared=charset, allow_nul=True)
    said = [remark for remark in found.warnings if not (known and remark.startswith("not UTF-8"))]
    read.remarks.update(dict.fromkeys(said))
    return found.text


def _unflowed(text: str, *, joined: bool) -> str:
    """The lines of "format=flowed" text (RFC 3676) as their writer had them: one that ends in a blank goes on in the
    next of the same level of quotation. `joined`: without that blank."""
    found: list[str] = []
    flows, before = False, ""
    for line in _LINE.split(text):
        mark = _LEVEL.match(line)
        level = mark.group().replace(" ", "") if mark else ""
        words = line[len(mark.group()) :] if mark else line
        words = words.removeprefix(" ")
        if flows and level == before and words != "-- ":
            found[-1] += words
        else:
            found.append(f"{level} {words}" if level else words)
        flows, before = words.endswith(" ") and words != "-- ", level
        if flows and joined:
            found[-1] = found[-1][:-1]
    return "\n".join(found)


def _leave_out(part: Message, read: _Read) -> None:
    """Notes the name of an attachment; signatures that programs check are nothing to a reader."""
    kind = part.get_content_type()
    if kind in _SIGNATURES:
        return
    try:
        name = part.get_filename()
    except (ValueError, LookupError, AttributeError, TypeError):  # the library stumbles over some malformed names
        name = None
    shown = " ".join(printable(clean(str(name or kind)[:100]).text).split())
    read.left_out.append(shown or kind)


def _header(message: Message, name: str) -> str:
    """The words of a header on one line, decoded; "" where it is missing."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    if any("\udc80" <= sign <= "\udcff" for sign in raw):  # bytes that no encoding is stated of
        data = raw.encode("utf-8", "surrogateescape")
        raw = data.decode("utf-8") if is_utf8(data) else data.decode("cp1252", "replace")
    words = raw if name == "Date" else _decoded_words(name, raw)
    return " ".join(printable(clean(words).text).split())


def _decoded_words(name: str, raw: str) -> str:
    try:
        return str(email.policy.default.header_factory(name, _FOLD.sub(" ", raw)))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):  # as for names of attachments
        return raw


def _senders(message: Message) -> list[str]:
    """The names of those who wrote a message."""
    try:
        return [name for name, _ in email.utils.getaddresses([_header(message, "From")]) if name]
    except (RecursionError, IndexError, ValueError):
        return []


def _day(date: str) -> str | None:
    """The day of a date header, such as "2011-05-03"."""
    try:
        return email.utils.parsedate_to_datetime(date).date().isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _left_out(read: _Read) -> tuple[str, ...]:
    if not read.left_out:
        return ()
    names = ", ".join(read.left_out[:_MOST_NAMED])
    more = f" and {len(read.left_out) - _MOST_NAMED} more" if len(read.left_out) > _MOST_NAMED else ""
    return (f"left out {counted(len(read.left_out), 'attachment')}: {names}{more}",)


def _why_empty(read: _Read) -> str:
    if read.is_sealed:
        return "is encrypted. Export its decrypted text as .txt"
    if read.left_out:
        return f"holds no text but {counted(len(read.left_out), 'attachment')}. Save and ingest what is attached"
    return "holds no text"
