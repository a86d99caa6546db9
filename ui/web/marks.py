"""Markdown's own marks in a stretch of text: where they stand, so that a page can hide them, and what they emphasise.

Only what changes how running text reads is looked for: the signs of headings, quoted lines, emphasis, links and
escapes. No character is ever removed: what is hidden is still there, and every offset stays right.
This is no Markdown parser: the structure of a document is found by ingest.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from vectorstore.types import Format, Span

Flag = Literal["", "markup", "emphasis", "quoted"]
"""What a part of a text is: plain, a mark to hide, emphasised, or quoted words."""

_MARKUP = re.compile(
    r"^[ \t]*(?:\#{1,6}[ \t]+|>[ \t]?)"  # what opens a heading or a quoted line
    r"|[ \t]+\#+[ \t]*$"  # what closes a heading
    r"|\\(?=[\\`*_{}\[\]()\#+.!|<>~-])"  # an escape
    r"|\[(?=[^\[\]\n]+\]\([^()\s]+\))"  # what opens a link
    r"|(?<=[^\s\[])\]\([^()\s]+\)",  # what closes it, with its address
    re.MULTILINE,
)
_EMPHASIS = re.compile(
    r"(?<![\\*\w])(?P<star>\*{1,3})(?=[^\s*])(?P<starred>[^*\n]+?)(?<=[^\s*\\])(?P=star)(?![*\w])"
    r"|(?<![\\_\w])(?P<line>_{1,3})(?=[^\s_])(?P<lined>[^_\n]+?)(?<=[^\s_\\])(?P=line)(?![_\w])"
)


def markdown_marks(text: str, format: Format) -> list[tuple[Span, Flag]]:
    """The marks and the emphasised words of `text`, as spans into it; none in plain text."""
    if format != "markdown":
        return []
    found: list[tuple[Span, Flag]] = [(match.span(), "markup") for match in _MARKUP.finditer(text)]
    for match in _EMPHASIS.finditer(text):
        inner = match.span("starred") if match["star"] else match.span("lined")
        found += [((match.start(), inner[0]), "markup"), (inner, "emphasis"), ((inner[1], match.end()), "markup")]
    return found


def parts(text: str, spans: Sequence[tuple[Span, Flag]]) -> list[tuple[str, Flag]]:
    """`text` cut wherever it changes; where spans overlap, marks are hidden first, then emphasis shows, then
    quotations. The parts' texts, joined, are `text`."""
    if not spans:
        return [(text, "")] if text else []
    cut: list[tuple[str, Flag]] = []
    edges = {0, len(text), *(edge for span, _ in spans for edge in span if 0 <= edge <= len(text))}
    for left, right in itertools.pairwise(sorted(edges)):
        flag = _flag_at(left, spans)
        if cut and cut[-1][1] == flag:
            cut[-1] = (cut[-1][0] + text[left:right], flag)
        else:
            cut.append((text[left:right], flag))
    return cut


def _flag_at(position: int, spans: Iterable[tuple[Span, Flag]]) -> Flag:
    flags = {flag for (left, right), flag in spans if left <= position < right}
    order: tuple[Flag, ...] = ("markup", "emphasis", "quoted")
    return next((flag for flag in order if flag in flags), "")
