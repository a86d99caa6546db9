"""Markdown to paragraphs: headings, list items, table rows, code and block quotes as markdown-it finds them.

Offsets are into the raw text, the mark-up included: a heading is its whole line, a list item keeps its number.

But: inline mark-up is neither read nor taken out, and links are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from ingest.deadline import Check
from ingest.layout.paragraphs import strip_span
from vectorstore.types import Span

LINE_END = re.compile(r"\r\n?|\n")
LEAVES = frozenset({"paragraph_open", "heading_open", "fence", "code_block", "html_block", "tr_open", "hr"})
IMAGES = re.compile(r"(?:[>\s*_\[-]*!\[[^\]\n]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])[\])*_\s]*)+$")
BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)(?:(?!\1)[^\n]){1,100}(?<=[^\s.,;:])\1$")
REFERENCE = re.compile(r"\[[^\]\n]+\]:\s")
LONGEST_HEADING = 1_000
"""Characters of a heading that are read: the time for marks without a closing one grows with their square."""
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
EMPHASIS = re.compile(r"(\*{1,3}|\b_{1,3})(\S(?:[^*\n]*\S)?)\1")
NESTED = re.compile(r"(?:[-*+][ \t]+)+(?=[-*+][ \t]+\S)")
"""Marks of lists that hold nothing but a list, before the mark of an item: "- - - item". They are no part of it."""
LEAD = re.compile(r"(?:(?:>|[-*+]|\d{1,3}[.)])[ \t]+|>)*[*_]{0,3}")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of Markdown. `level` is 1 to 6 for a heading, else 0. `row`: a row of a table; `columns`: the headers
    of its columns."""

    start: int
    end: int
    level: int = 0
    image: bool = False
    quoted: bool = False
    reference: bool = False
    row: bool = False
    columns: bool = False


def parts(text: str, check: Check) -> list[Part]:
    """The paragraphs of a Markdown text, in order; every character that is not blank lies in exactly one."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    tokens = _parser(check).parse(text)
    owners: list[int] = [-1] * len(starts)
    leaves: list[tuple[Token, bool]] = []
    depth = 0
    for token in tokens:
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "table_open" and token.map:
            table, table_end = token.map
        if token.type not in LEAVES or token.map is None:
            continue
        first, last = token.map
        if token.type == "tr_open" and first == table:  # the delimiter row belongs to the row above it
            last = first + 2
            token.meta["columns"] = table_end > last
        for line in range(first, min(last, len(owners))):
            owners[line] = len(leaves)
        leaves.append((token, depth > 0))
    return _tiled(text, [*starts, len(text)], owners, leaves)


def _parser(check: Check) -> MarkdownIt:
    """A parser that calls `check` for each line, as a rule that never applies."""

    def rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        check()
        return False

    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    parser.block.ruler.before("table", "check", rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return parser


def _tiled(text: str, starts: Sequence[int], owners: Sequence[int], leaves: Sequence[tuple[Token, bool]]) -> list[Part]:
    """One part for each run of lines that belong to one element; a line that belongs to none is a part of its own."""
    found: list[Part] = []
    line = 0
    while line < len(owners):
        owner = owners[line]
        after = line + 1
        while after < len(owners) and owner >= 0 and owners[after] == owner:
            after += 1
        start, end = strip_span(text, starts[line], starts[after])
        if start < end:
            leaf = leaves[owner] if owner >= 0 else None
            marks = NESTED.match(text, start, end) if leaf is not None and leaf[0].type == "paragraph_open" else None
            if marks and not (found and _leads_on(text, found[-1])):
                found.append(Part(*strip_span(text, start, marks.end())))
                start = marks.end()
            found.append(_part(text, (start, end), leaf))
        line = after
    return found


def _leads_on(text: str, part: Part) -> bool:
    """Whether a paragraph introduces a list, or is a part of one that was introduced."""
    nested = NESTED.match(text, part.start, part.end) and any(map(str.isalnum, text[part.start : part.end]))
    return text[part.end - 1] == ":" or bool(nested)


def _part(text: str, span: Span, leaf: tuple[Token, bool] | None) -> Part:
    start, end = span
    if leaf is None:
        return Part(start, end, reference=bool(REFERENCE.match(text, start, end)))
    token, quoted = leaf
    if token.type == "heading_open":
        return Part(start, end, level=int(token.tag[1:]))
    if token.type == "tr_open":
        columns = bool(token.meta.get("columns"))
        return Part(start, end, row=not columns, columns=columns)
    if token.type != "paragraph_open":
        return Part(start, end)
    if end - start < 120 and BOLD_LINE.match(text, start, end):
        return Part(start, end, level=6)
    return Part(start, end, image=_only_images(text, start, end), quoted=quoted)


def _only_images(text: str, start: int, end: int) -> bool:
    return end - start < 2_000 and "![" in text[start:end] and bool(IMAGES.match(text, start, end))


def plain_heading(line: str) -> str:
    """A heading without emphasis marks and link targets."""
    words = EMPHASIS.sub(r"\2", LINK.sub(r"\1", line.strip("# \t")[:LONGEST_HEADING]))
    return words.replace("`", "").strip()


def content_start(text: str, start: int, end: int) -> int:
    """Offset behind list markers, quote markers and emphasis marks at the beginning of a paragraph."""
    match = LEAD.match(text, start, end)
    return match.end() if match else start
