"""How much one document may hold once it is unpacked.

A small file can hold a great many paragraphs, cells or levels, and each costs time and memory. They are counted before
that work begins. The numbers are several times those of the largest books; a text at a limit is converted and
split within about 20 seconds and 1 GB.

But: how many bytes a file may have is in ingest.loading, how long a conversion may take in ingest.convert.confined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from ingest.sentences import TERMINATOR
from vectorstore.errors import InputError

MAX_CHARACTERS = 5_000_000
"""Of the text of a document; the Bible has 4.3 million."""
MAX_LINES = 250_000
MAX_PARAGRAPHS = 50_000
"""Headings, list items and table rows count as paragraphs."""
MAX_SENTENCES = 200_000
"""Full stops and the like with a blank behind them, abbreviations among them."""
MAX_CELLS = 100_000
"""Of all tables together."""
MAX_ELEMENTS = 400_000
"""Of HTML or XML mark-up."""
MAX_NESTING = 200
"""Elements within elements."""
MAX_PAGES = 5_000

MAX_QUOTED = 500_000
"""Lines of block quotes in Markdown, each counted once for each level."""
_QUOTE_LEVELS = 20
_QUOTE_MARKS = re.compile(r"[> \t]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+|>[ \t]*)*")
_LINE_END = re.compile(r"\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def check(name: str, number: int, what: str, limit: int) -> None:
    """Raises InputError where `number` of `what` are more than the limit."""
    if number > limit:
        raise InputError(f"{name} holds {number:,} {what}, the limit is {limit:,}. Split it into smaller files")


def check_nesting(name: str, depth: int) -> None:
    """Raises InputError where elements stand in more than 200 others."""
    if depth > MAX_NESTING:
        raise InputError(f"{name} is nested more than {MAX_NESTING} levels deep. Export its text as .txt or .md")


def check_text(name: str, text: str, *, markdown: bool) -> None:
    """Raises InputError where a text has more characters, lines, sentences or, in Markdown, table cells or quoted lines
    than the limits."""
    check(name, len(text), "characters", MAX_CHARACTERS)
    check(name, counted_to(_LINE_END.finditer(text), 10 * MAX_LINES), "lines", MAX_LINES)
    check(name, counted_to(TERMINATOR.finditer(text), 10 * MAX_SENTENCES), "sentences", MAX_SENTENCES)
    if markdown:
        check(name, text.count("|"), "cell borders (|)", 2 * MAX_CELLS)
        check(name, _quoted(text), "quoted lines, each once for each level of quotation", MAX_QUOTED)


def _quoted(text: str) -> int:
    """Lines of block quotes, each counted once for each level of quotation, as often as Markdown reads it."""
    total = deepest = lines = 0
    for line in text.splitlines():
        marks = _QUOTE_MARKS.match(line)
        if marks and marks.group().strip():
            deepest = max(deepest, min(_QUOTE_LEVELS, marks.group().count(">")))
        lines += 1
        if not line.strip("> \t"):
            total, deepest, lines = total + deepest * lines, 0, 0
    return total + deepest * lines


def counted_to(found: Iterable[object], most: int) -> int:
    """How many there are, counted no further than `most`."""
    return sum(1 for _ in islice(found, most))
