"""Letters inside a text: from the salutation to the signature and the date under it.

But: a letter without both a salutation and a signature is left as prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.deadline import Check
from vectorstore.english import MONTHS, SHORT_MONTHS, one_of
from vectorstore.types import Span

MAX_PARAGRAPHS = 200
MAX_LINE = 90

MONTH = one_of(f"{MONTHS} {SHORT_MONTHS} Jun Jul") + r"\.?"
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ ,]+{MONTH}[ ,]+\d{{4}}|{MONTH}[ ,]+\d{{1,2}}(?:st|nd|rd|th)?[ ,]+\d{{4}}"
    rf"|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|{MONTH} \d{{4}})",
)
SALUTATION = re.compile(
    r"(?:My |Most )?(?:Dear|Dearest|Respected|Esteemed)\s[^.!?\n]{1,70}[,:!–—-]$|To whom it may concern[,:]$", re.I
)
SIGNED = re.compile(
    r"[\[(]\s*[Ss]igned\s*[:,]?\s*[\])]\s*[:,]?\s*(?P<name>.{2,60})$|[Ss]igned\s*[:,]?\s+(?P<plain>[A-Z].{1,60})$"
)
CLOSE = re.compile(
    r"(?:Yours|Sincerely|Respectfully|Faithfully|Best (?:wishes|regards)|"
    r"(?:Kind|Warm|With)\b.{0,30}(?:regards|greetings|wishes)|"
    r"Cordially|Fraternally|Your (?:obedient|humble|loving|affectionate)\b.{0,30}|Love)\b(?P<rest>.{0,60})$",
    re.I,
)
NAME = re.compile(r"(?:[A-Z][\w’'-]*\.?\s?){1,5}(?:,.{0,60})?$")


@dataclass(frozen=True, slots=True)
class Letter:
    """A run of paragraphs, `first` to `last` inclusive by index, and who signed it."""

    first: int
    last: int
    signer: str | None


def find_letters(text: str, paragraphs: Sequence[Span], check: Check) -> list[Letter]:
    """The letters among the paragraphs of a text, in order, not overlapping."""
    found: list[Letter] = []
    opened: int | None = None
    index = 0
    while index < len(paragraphs):
        check()
        line = _short_line(text, paragraphs[index])
        if line and SALUTATION.match(line):
            opened = index
        elif opened is not None and index - opened > MAX_PARAGRAPHS:
            opened = None
        elif opened is not None and line is not None:
            signed = _signature(text, paragraphs, index, line)
            if signed is not None:
                last = _with_date(text, paragraphs, signed[0])
                found.append(Letter(opened, last, signed[1]))
                opened, index = None, last
        index += 1
    return found


def is_salutation(line: str) -> bool:
    """Whether a line opens a letter: "Dear colleagues,"."""
    return len(line) <= MAX_LINE and bool(SALUTATION.match(line))


def is_signature(line: str) -> bool:
    """Whether a line ends a letter: "(Signed) A. Miller", "Yours sincerely,"."""
    return len(line) <= MAX_LINE and bool(SIGNED.match(line) or CLOSE.match(line))


def has_date(line: str) -> bool:
    """Whether a full date, or month and year, stands in the line."""
    return bool(DATE.search(line))


def _short_line(text: str, span: Span) -> str | None:
    return text[span[0] : span[1]] if span[1] - span[0] <= 2 * MAX_LINE else None


def _signature(text: str, paragraphs: Sequence[Span], index: int, line: str) -> tuple[int, str | None] | None:
    """Index of the paragraph that ends the letter, and the signer, where paragraph `index` signs it."""
    signed = SIGNED.match(line)
    if signed:
        return index, _clean_name(signed.group("name") or signed.group("plain"))
    lines = line.splitlines()
    close = CLOSE.match(lines[0].strip())
    if not close or len(lines[0]) > MAX_LINE:
        return None
    if len(lines) > 1:
        return index, _clean_name(lines[1])
    rest = close.group("rest").partition(",")[2].strip()
    if rest and NAME.match(rest):
        return index, _clean_name(rest)
    if index + 1 < len(paragraphs):
        following = _short_line(text, paragraphs[index + 1])
        if following and len(following) <= MAX_LINE and NAME.match(following.splitlines()[0]):
            return index + 1, _clean_name(following.splitlines()[0])
    return None


def _clean_name(name: str) -> str | None:
    name = name.partition(",")[0].strip(" \t*_.;:") or ""
    return name or None


def _with_date(text: str, paragraphs: Sequence[Span], last: int) -> int:
    """Index of the letter's last paragraph: the signature at `last`, or a line with a date right under it."""
    if last + 1 < len(paragraphs):
        line = _short_line(text, paragraphs[last + 1])
        if line and len(line) <= 60 and has_date(line):
            return last + 1
    return last
