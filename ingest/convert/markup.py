"""HTML elements to Markdown: headings, lists, quotations, tables and code keep their structure; words stay as they are.

Emphasis and links are written without marks, so that a quotation from the text reads as the page did. Characters of
the prose that would start a Markdown block (`#`, `>`, a code fence, an HTML tag) are escaped by a backslash; a line
that looks like a list item is left alone, for as a list item it keeps its words.

Lists and quotations in one another are written `MAX_LEVELS` deep; further in, their blocks are written without marks.

But: it neither chooses what is the main text of a page nor hides anything; it writes what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from ingest.convert.limits import MAX_CELLS

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "hi"}
    | {"i", "ins", "kbd", "label", "mark", "q", "rb", "ref", "rp", "rt", "ruby", "s", "samp", "small", "span"}
    | {"strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_SKIPPED = frozenset(
    {"graphic", "img", "picture", "svg", "video", "audio", "canvas", "iframe", "object", "embed"}
    | {"hr", "input", "button", "select"}
)
_BLANK = re.compile(r"[ \t\r\f\u00a0]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_BLOCK_START = re.compile(
    r"""\#{1,6}(?=\s|$)      # a heading
      | >                    # a quotation
      | `{3} | ~{3}          # a code fence
      | <(?=[A-Za-z/!?])     # an HTML block
      | \[(?=[^\]]+\]:)      # a link definition
      | [=-]+\s*$            # the underline of a heading, a rule
      | \*\s*\*\s*\*[\s*]*$  # a rule
    """,
    re.VERBOSE,
)


MAX_LEVELS = 20
"""Of lists and quotations: readers of Markdown stop there, and each level makes every line inside it longer."""


def to_markdown(root: Element) -> str:
    """The Markdown of everything in `root`: blocks separated by one blank line, no blank space at either end."""
    return "\n\n".join(_Writer(root).blocks(root)).strip()


@dataclass
class _Paragraph:
    """Inline text that is being collected until the next block begins."""

    parts: list[str] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if text:
            self.parts.append(text)

    def take(self) -> str:
        """The collected text as one paragraph, possibly empty; a line break ("\\v") becomes a new line."""
        text = _one_line("".join(self.parts).replace("\n", " "))
        self.parts.clear()
        lines = (line.strip() for line in text.split("\v"))
        return "\n".join(_escaped(line) for line in lines if line)


class _Writer:
    """Writes elements as blocks; knows which inline elements of a tree hold blocks, and how deep it is in lists."""

    def __init__(self, root: Element) -> None:
        self._level = 0
        self._holders: set[Element] = set()
        for element in root.iter(etree.Element):
            if element.tag not in _INLINE and element.tag not in _SKIPPED:
                holder = element.getparent()
                while holder is not None and holder not in self._holders:
                    self._holders.add(holder)
                    holder = holder.getparent()

    def blocks(self, element: Element) -> Iterator[str]:
        """The Markdown blocks of an element's content, each one or more lines, none empty."""
        paragraph = _Paragraph()
        paragraph.add(element.text)
        for child in element:
            if not isinstance(child.tag, str):  # a comment
                pass
            elif child.tag in _INLINE and child not in self._holders:
                paragraph.add(_inline(child))
            elif child.tag not in _SKIPPED:
                yield from _some(paragraph.take())
                yield from self._block(child)
            paragraph.add(child.tail)
        yield from _some(paragraph.take())

    def _block(self, element: Element) -> Iterator[str]:
        tag = element.tag
        if tag in _HEADINGS:
            words = " ".join(_one_line(_inline(element).replace("\n", " ").replace("\v", " ")).split())
            yield from _some(words and f"{'#' * _HEADINGS[tag]} {words}")
        elif tag in ("ul", "ol", "blockquote") and self._level < MAX_LEVELS:
            self._level += 1
            if tag == "blockquote":
                yield from _some("\n\n".join(self.blocks(element)).strip(), first="> ", then="> ")
            else:
                yield from _some(self._list(element))
            self._level -= 1
        elif tag == "pre":
            yield from _some(_code(element))
        elif tag == "table" and not _is_layout(element):
            yield from _some(_table(element))
        else:
            yield from self.blocks(element)

    def _list(self, element: Element) -> str:
        start = element.get("start") or "1"
        number = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
        items: list[str] = []
        for item in element:
            if not isinstance(item.tag, str):
                continue
            content = list(self.blocks(item)) if item.tag == "li" else list(self._block(item))
            if not content:
                continue
            marker = f"{number}. " if element.tag == "ol" else "- "
            number += 1
            loose = any(not _LIST_LINE.match(block) for block in content[1:])
            items += _some(("\n\n" if loose else "\n").join(content), first=marker, then=" " * len(marker))
        return "\n".join(items)


_LIST_LINE = re.compile(r"- |\d+\. ")


def _table(element: Element) -> str:
    rows = [[_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    if width * len(rows) > MAX_CELLS:  # one very wide row is no reason to fill up all others
        lines = ["| " + " | ".join(row) + " |" for row in rows]
    else:
        lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


def _cell(cell: Element) -> str:
    return " ".join(_one_line(" ".join(map(str, cell.itertext()))).replace("|", "\\|").split())


def _is_layout(table: Element) -> bool:
    """Whether a table arranges a page, not data: it has one column, other tables, headings or several paragraphs."""
    if any(inner is not table for inner in table.iter("table")):
        return True
    if any(True for _ in table.iter(*_HEADINGS, "ul", "ol", "blockquote", "pre")):
        return True
    rows = [row for row in table.iter("tr")]
    return any(sum(1 for _ in cell.iter("p", "div")) > 1 for row in rows for cell in row) or all(
        len(row) < 2 for row in rows
    )


def _code(element: Element) -> str:
    text = "".join(map(str, element.itertext())).strip("\n")
    if not text.strip():
        return ""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _inline(element: Element) -> str:
    """All words of an inline element; line breaks as "\\v"."""
    if element.tag == "br":
        return "\v"
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _one_line(text: str) -> str:
    return _BLANK.sub(" ", _INVISIBLE.sub("", text))


def _escaped(line: str) -> str:
    return "\\" + line if _BLOCK_START.match(line) else line


def _some(block: str, first: str = "", then: str = "") -> list[str]:
    """The block as a list of one, its lines prefixed; an empty list for an empty block."""
    if not block:
        return []
    lines = block.split("\n")
    return ["\n".join([first + lines[0]] + [(then + line).rstrip() for line in lines[1:]])]
