"""A document as plain data for the source pane: its blocks, each in parts, with the offset it starts at.

The page builds its elements from this data with `textContent`, so that no character of a document is ever parsed as
HTML, and so that the characters on the page are those of `Document.text`: an HTML parser would rewrite carriage
returns and drop NULs, and every offset after them would be wrong.
Citations are highlighted there (page.js).
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TypedDict

from ui.web.marks import Flag, markdown_marks, parts
from vectorstore.types import Block, Document, Quotation, Span, Structure

_SHORT_LINE = 64


class BlockView(TypedDict):
    """One block: `start` is its first code point; the parts' texts, joined, are the document's own characters."""

    start: int
    kind: str
    level: int
    lines: bool
    speaker: str | None
    parts: list[tuple[str, Flag]]


class SourceView(TypedDict):
    """A whole document for the source pane; `characters` counts code points; `original` is the SHA-256 of the file
    whose pages can be shown, None where there is none."""

    id: str
    title: str
    origin: str
    characters: int
    sha256: str
    original: str | None
    blocks: list[BlockView]


def source_view(document: Document, structure: Structure) -> SourceView:
    """Everything the source pane shows of a document. The blocks are in order and hold every character that is not
    blank."""
    quotations = _Quotations(structure.quotations)
    following = [*(block.start for block in structure.blocks[1:]), len(document.text)]
    return {
        "id": document.id,
        "title": document.title,
        "origin": shown_origin(document.origin),
        "characters": len(document.text),
        "sha256": document.sha256,
        "original": document.original,
        "blocks": [
            _block_view(document, block, next_start, quotations)
            for block, next_start in zip(structure.blocks, following, strict=False)
        ],
    }


@lru_cache(maxsize=16)
def source_json(document: Document, structure: Structure) -> bytes:
    """`source_view` as UTF-8 JSON, kept for the documents last shown."""
    view = source_view(document, structure)
    return json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def shown_origin(origin: str) -> str:
    """Where a document came from, as a reader may see it: folders of this machine are nobody's business."""
    if origin.startswith("bundled:"):
        return "Bundled article"
    if origin.startswith("upload:"):
        return f"Uploaded: {origin.removeprefix('upload:')}"
    if origin.startswith(("http://", "https://")):
        return origin
    return re.split(r"[\\/]", origin)[-1]


def source_frame(first: str) -> str:
    """The empty frame that page.js fills, at first with the document of the id `first`, "" for none."""
    return (
        f'<section class="source" id="source-pane" aria-labelledby="source-title" data-first="{first}">'
        '<header><div><h2 id="source-title"></h2><p id="source-about"></p></div>'
        '<div id="views" role="group" aria-label="Show the source as" hidden>'
        '<button type="button" id="as-text" class="quiet" aria-pressed="true">Text</button>'
        '<button type="button" id="as-page" class="quiet" aria-pressed="false">Page</button></div>'
        '<button type="button" id="overview" class="quiet" hidden>Overview</button>'
        '<button type="button" id="back" class="quiet" hidden>Back to the answer</button>'
        '<button type="button" id="close-source" class="quiet" aria-label="Close the source">Close</button></header>'
        '<div id="source-text" tabindex="0" role="region" aria-labelledby="source-title"></div>'
        '<div id="source-page" hidden><div id="turning"><button type="button" id="page-before" class="quiet">Previous'
        '</button><p id="page-number" aria-live="polite"></p><button type="button" id="page-larger" class="quiet" '
        'aria-pressed="false">Larger</button><button type="button" id="page-after" class="quiet">Next</button></div>'
        '<div id="page-frame" tabindex="0" role="region" aria-label="The page as a picture">'
        '<div id="sheet" hidden><img id="page-picture" alt=""></div></div></div>'
        '<p id="announce" class="visually-hidden" aria-live="polite"></p></section>'
    )


class _Quotations:
    """Quotations in order, asked for from left to right."""

    def __init__(self, quotations: tuple[Quotation, ...]) -> None:
        self._spans = sorted((quotation.start, quotation.end) for quotation in quotations)
        self._first = 0

    def inside(self, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches of `start..end` that are quoted; calls come with rising `start`."""
        while self._first < len(self._spans) and self._spans[self._first][1] <= start:
            self._first += 1
        found: list[tuple[int, int]] = []
        reached = start
        for left, right in self._spans[self._first :]:
            if left >= end:
                break
            left, right = max(left, reached), min(right, end)
            if left < right:
                found.append((left, right))
                reached = right
        return found


def _block_view(document: Document, block: Block, following: int, quotations: _Quotations) -> BlockView:
    """One block and, hidden, the blank space behind it, so that a citation of two blocks marks all its characters."""
    text = document.text[block.start : block.end]
    lines = text.splitlines()
    heading = block.kind == "heading" and document.format == "markdown"
    spans = markdown_marks(text, document.format)
    for left, right in quotations.inside(block.start, block.end):
        spans.append(((left - block.start, right - block.start), "quoted"))
    gap: list[tuple[Span, Flag]] = [((len(text), following - block.start), "markup")] if block.end < following else []
    return {
        "start": block.start,
        "kind": block.kind,
        "level": min(6, len(text) - len(text.lstrip("#"))) if heading else 0,
        "lines": len(lines) > 1 and max(map(len, lines)) <= _SHORT_LINE,
        "speaker": block.speaker,
        "parts": parts(text + document.text[block.end : following], [*spans, *gap]),
    }
