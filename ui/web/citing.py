"""Cited words and the chips that open them, as HTML; every character of a document is escaped here.

Where a chip points is written into its attributes; the page's script opens it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Literal

from assistant.types import Citation
from ui.answer_parts import one_line
from ui.web.marks import markdown_marks, parts
from vectorstore.documents.pages import OnPage
from vectorstore.types import Format, Span

RECOGNISED = "recognised in a picture"
"""What is said of words that a text recognition read from a picture of a page: they may be misread."""


def chip(number: int, citation: Citation) -> str:
    """The number of a citation, to click."""
    place = place_of(citation)
    label = f"Citation {number}: show these words in {place}"
    return (
        f'<a href="#source-text" class="chip" {pointer_to(citation)} aria-label="{escape(label)}" '
        f'title="{escape(place)}">{number}</a>'
    )


def place_of(citation: Citation) -> str:
    """Title and section of a citation, and whether its words were recognised in a picture; plain text."""
    place = f"{citation.title}, {citation.section}" if citation.section else citation.title
    return f"{place} ({RECOGNISED})" if any(on.recognised for on in citation.pages) else place


def pointer_to(citation: Citation) -> str:
    """`pointer` for a citation."""
    return pointer(citation.document_id, citation.sha256, citation.start, citation.end, citation.pages)


def pointer(document_id: str, sha256: str, start: int, end: int, pages: Sequence[OnPage]) -> str:
    """The attributes that page.js reads: which characters of which text, and the rectangles in which they stand on the
    pages of a PDF; a third value tells of a page that its text was recognised in a picture."""
    places = [[on.page, [list(box) for box in on.boxes], *([1] if on.recognised else [])] for on in pages]
    where = f' data-pages="{json.dumps(places, separators=(",", ":"))}"' if places else ""  # numbers alone
    return (
        f'data-document="{escape(document_id)}" data-sha256="{escape(sha256)}" data-start="{start}" '
        f'data-end="{end}"{where}'
    )


def marked(text: str, spans: Sequence[Span], format: Format, tag: Literal["strong", "mark"]) -> str:
    """`text` on one line, escaped, with the characters of `spans` in `tag`, cut so that the tags nest; Markdown's marks
    are hidden, not removed."""
    out: list[str] = []
    reached = 0
    for start, end in sorted(spans):
        start = max(start, reached)
        if start < end:
            out += [_words(text, reached, start, format), f"<{tag}>", _words(text, start, end, format), f"</{tag}>"]
            reached = end
    return one_line("".join(out) + _words(text, reached, len(text), format))


def _words(text: str, start: int, end: int, format: Format) -> str:
    """The characters `start` to `end` of `text`, escaped; the marks are those of the whole text."""
    inside = [((a - start, b - start), flag) for (a, b), flag in markdown_marks(text, format) if a < end and b > start]
    clipped = [((max(0, a), min(end - start, b)), flag) for (a, b), flag in inside]
    tags = {"": ("", ""), "markup": ("<span hidden>", "</span>"), "emphasis": ("<em>", "</em>"), "quoted": ("", "")}
    return "".join(f"{tags[f][0]}{escape(part)}{tags[f][1]}" for part, f in parts(text[start:end], clipped))
