"""Headings that a Word document has only by the looks of them: a bold line alone, with text that is not bold below it.

But: bold lines in tables, lists and text boxes are none, and neither are more than two in a row (an address, a cover)
nor one that comes again (the name of somebody who speaks).
"""

from __future__ import annotations

from collections import Counter

from lxml import etree
from lxml.etree import _Element as Element

from ingest.convert.word.package import W, is_on, value
from ingest.convert.word.styles import Styles
from ingest.layout.headings import title_like

BOLD_HEADING = "attestBoldHeading"
"""The id of the style that such a paragraph gets."""
_MOST_IN_A_ROW = 2
"""Bold lines: a heading, and one below it."""


def mark_bold_headings(root: Element, styles: Styles) -> None:
    """Gives bold lines that are headings the style BOLD_HEADING."""
    body = root.find(W + "body")
    if body is None:
        return
    times = Counter(" ".join(_words(block).split()) for block in body if block.tag == W + "p")
    blocks = [block for block in body if block.tag != W + "p" or _words(block).strip()]
    bold = [block.tag == W + "p" and _is_bold(block, styles) for block in blocks]
    first = 0
    for at, block in enumerate(blocks):
        if bold[at]:
            continue
        run = blocks[first:at]
        first = at + 1
        if block.tag == W + "p" and len(run) <= _MOST_IN_A_ROW:
            for line in run:
                words = " ".join(_words(line).split())
                alone = times[words] == 1 and len(words) < len(_words(block))
                if alone and title_like(words) and not _is_styled(line, styles):
                    _restyle(line)


def _words(paragraph: Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(W + "t"))


def _is_bold(paragraph: Element, styles: Styles) -> bool:
    """Whether all words of a paragraph are bold."""
    style = value(paragraph.find(f"{W}pPr/{W}pStyle"))
    runs = [run for run in paragraph.iter(W + "r") if any((text.text or "").strip() for text in run.iter(W + "t"))]
    return bool(runs) and all(is_on(styles.run(run, style, "b")) for run in runs)


def _is_styled(paragraph: Element, styles: Styles) -> bool:
    """Whether its style says already what a paragraph is: a heading, a title, a caption, an item of a list."""
    style = value(paragraph.find(f"{W}pPr/{W}pStyle"))
    name = styles.name(style).casefold()
    listed = paragraph.find(f"{W}pPr/{W}numPr") is not None or styles.numbering(style)[0] is not None
    outlined = styles.name(style) in styles.headings()
    return listed or outlined or name.startswith(("heading", "title", "subtitle", "caption", "list", "toc", "quote"))


def _restyle(paragraph: Element) -> None:
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    style = properties.find(W + "pStyle")
    if style is None:
        style = etree.Element(W + "pStyle")
        properties.insert(0, style)
    style.set(W + "val", BOLD_HEADING)
