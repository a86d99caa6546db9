"""HTML elements to Markdown: headings, lists, quotations, tables and code keep their structure; words stay as they are.

Emphasis and links are written without marks, so that a quotation from the text reads as the page did. A table is
written as `vectorstore.table_rows` describes it, a term and its definition as "Lees: the sediment of yeast", a list
with the numbers that a browser shows (one with letters as paragraphs: Markdown has none). Characters of the prose that
would start a Markdown block (`#`, `>`, a code fence, an HTML tag) are escaped by a backslash; a line that looks like a
list item is left alone, for as a list item it keeps its words.

Lists and quotations in one another are written `MAX_LEVELS` deep; further in, their blocks are written without marks.

But: it neither chooses what is the main text of a page nor hides anything; it writes what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from ingest.convert.writing.grid import Grid, grids, is_layout
from ingest.convert.writing.numbers import numeral
from vectorstore.table_rows import labelled, tables, written

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "hi"}
    | {"i", "ins", "kbd", "label", "mark", "q", "rb", "ref", "rp", "rt", "ruby", "s", "samp", "small", "span"}
    | {"strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_LONGEST_HEADING = 20
_SHORTEST_CLAUSE = 6
"""Words: more than so many are a paragraph, more than so few are one where they end like a clause."""
_CLAUSE_END = re.compile(r"(?:[.;:,]|[;,] (?:and|or))$")
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


def to_markdown(root: Element, *, styled: bool = False) -> str:
    """The Markdown of everything in `root`: blocks separated by one blank line, no blank space at either end. `styled`:
    headings are those of a word processor, whose style clauses may have, too."""
    return "\n\n".join(_Writer(root, styled=styled).blocks(root)).strip()


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

    def __init__(self, root: Element, *, styled: bool) -> None:
        self._level, self._styled = 0, styled
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
            said = self._styled and _is_said(words)
            yield from _some(_escaped(words) if said else words and f"{'#' * _HEADINGS[tag]} {words}")
        elif tag in ("ul", "ol", "blockquote") and self._level < MAX_LEVELS:
            self._level += 1
            if tag == "blockquote":
                yield from _some("\n\n".join(self.blocks(element)).strip(), first="> ", then="> ")
            else:
                yield from _some(self._list(element))
            self._level -= 1
        elif tag == "pre":
            yield from _some(_code(element))
        elif tag == "table" and not is_layout(element):
            yield from self._table(element)
        elif tag == "dl":
            yield from self._definitions(element)
        else:
            yield from self.blocks(element)

    def _list(self, element: Element) -> str:
        """A list: its items are lines, but paragraphs where their numbers are none of Markdown's."""
        numbers = _Numbers(element)
        items: list[str] = []
        for item in element:
            if not isinstance(item.tag, str):
                continue
            marker = numbers.next(item)
            content = list(self.blocks(item)) if item.tag == "li" else list(self._block(item))
            if not content:
                continue
            loose = any(not _LIST_LINE.match(block) for block in content[1:])
            indent = " " * len(marker) if numbers.in_markdown else ""
            items += _some(("\n\n" if loose else "\n").join(content), first=marker, then=indent)
        return ("\n" if numbers.in_markdown else "\n\n").join(items)

    def _table(self, element: Element) -> Iterator[str]:
        for child in element:
            if child.tag == "caption":
                yield from self.blocks(child)
        for grid in grids(element, self._lines):
            yield _grid(grid)

    def _lines(self, cell: Element) -> list[str]:
        """The paragraphs and list items of a cell, the rows of tables in it, without marks; line breaks as blanks."""
        lines: list[str] = []
        for block in self.blocks(cell):
            if found := tables(block):
                lines += [labelled(block, *row).replace(" · ", ", ") for table in found for row in table.rows]
            elif block.startswith(("- ", "> ", "```")) or _LIST_LINE.match(block):
                lines += [_CELL_MARKS.sub("", line) for line in block.split("\n") if not line.startswith("```")]
            else:
                lines.append(_CELL_MARKS.sub("", " ".join(block.split("\n"))))
        return lines

    def _definitions(self, element: Element) -> Iterator[str]:
        """Each term with its first definition as one paragraph; more definitions as paragraphs of their own."""
        terms: list[str] = []
        for item in element.iter("dt", "dd"):
            if next(item.iterancestors("dl"), None) is not element:
                continue
            if item.tag == "dt":
                terms.append(" ".join(" ".join(self.blocks(item)).split()))
                continue
            content = list(self.blocks(item))
            term = "; ".join(filter(None, terms))
            terms = []
            lead = term + ("" if not term or term[-1] in ".:;!?" else ":")
            if lead and content and not _MARKED.match(content[0]):
                content[0] = f"{lead} {content[0]}"
            elif lead:
                content.insert(0, lead)
            yield from content
        yield from _some("; ".join(filter(None, terms)))


class _Numbers:
    """The markers of a list's items, as a browser counts them."""

    def __init__(self, element: Element) -> None:
        self._ordered = element.tag == "ol" and not _NO_NUMBERS.search(element.get("style") or "")
        self._form = _form(element)
        self._step = -1 if element.get("reversed") is not None else 1
        items = sum(1 for item in element if item.tag == "li")
        self._number = _whole(element.get("start"), items if self._step < 0 else 1) - self._step
        self.in_markdown = True
        if self._ordered:
            values = [_whole(item.get("value"), 0) for item in element if item.tag == "li"]
            least = min([0, self._number + self._step, self._number + self._step * items, *values])
            self.in_markdown = least >= 0 and self._form == "1"

    def next(self, item: Element) -> str:
        """The marker of the next item, a blank at its end."""
        if not self._ordered:
            return "- "
        self._number = _whole(item.get("value"), self._number + self._step)
        return f"{numeral(self._number, self._form)}. "


def _form(element: Element) -> str:
    """How an ordered list is numbered: "1", "a", "A", "i" or "I"."""
    stated = _LIST_STYLE.search(element.get("style") or "")
    if stated:
        return _LIST_STYLES[stated[1].lower()]
    form = (element.get("type") or "1").strip()
    return form if form in ("a", "A", "i", "I") else "1"


def _whole(value: str | None, otherwise: int) -> int:
    """A whole number of at most five figures, else the other."""
    return int(value) if value and _WHOLE.fullmatch(value.strip()) else otherwise


_WHOLE = re.compile(r"[+-]?[0-9]{1,5}")
_LIST_STYLES = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i"} | {
    "upper-roman": "I",
    "decimal": "1",
}
_LIST_STYLE = re.compile(rf"list-style(?:-type)?\s*:[^;]{{0,200}}?\b({'|'.join(_LIST_STYLES)})\b", re.IGNORECASE)
_NO_NUMBERS = re.compile(r"list-style(?:-type)?\s*:\s*(?:none|disc|circle|square)", re.IGNORECASE)
_CELL_MARKS = re.compile(r"^\s*(?:(?:- |> ?|#{1,6} )\s*)*(?:\\(?=[#>`~<\[=*-]))?")
_MARKED = re.compile(r"- |> |\d+\. |\||```")
_LIST_LINE = re.compile(r"- |\d+\. ")


def _grid(grid: Grid) -> str:
    """A table; one row over its whole width, which has no headers, is a paragraph."""
    if not grid.header and len(grid.rows) == 1 and len(set(grid.rows[0])) == 1:
        return _escaped(grid.rows[0][0])
    return written(grid.header, grid.rows)


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


def _is_said(words: str) -> bool:
    """Whether a heading is a paragraph: contracts give the style of a heading to clauses, for their numbers."""
    count = len(words.split())
    return count > _LONGEST_HEADING or (count > _SHORTEST_CLAUSE and _CLAUSE_END.search(words) is not None)


def _escaped(line: str) -> str:
    return "\\" + line if _BLOCK_START.match(line) else line


def _some(block: str, first: str = "", then: str = "") -> list[str]:
    """The block as a list of one, its lines prefixed; an empty list for an empty block."""
    if not block:
        return []
    lines = block.split("\n")
    return ["\n".join([first + lines[0]] + [(then + line).rstrip() for line in lines[1:]])]
