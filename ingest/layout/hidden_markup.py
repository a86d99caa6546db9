"""What Markdown holds that no reader sees: comments, tags, where links lead, what is struck out.

But: tables of contents and page numbers are found in `furniture`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from ingest.deadline import Check
from ingest.layout.paragraphs import line_spans
from vectorstore.types import Span

_LONGEST = 200
"""Characters of a line that may hold nothing but tags."""
TAGS_ONLY = re.compile(r"\s*(?:</?[A-Za-z][\w-]*(?:\s[^<>\n]*)?/?>\s*)+$")
LONGEST_DEFINITION = 2_000
SUMMARY = re.compile(r"</?(?:details|summary)(?:\s[^<>\n]*)?>", re.I)
DEFINITION = re.compile(
    r" {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]+(?:<[^<>\n]*>|(?=[^\s<>]*[#/.:])[^\s<>]+)"
    r"(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$"
)
STRUCK = re.compile(
    r"(?<![\\~])~~(?=[^\s~])[^~\n]{0,2000}(?<=[^\s~\\])~~(?!~)"
    r"|<(?P<tag>del|s|strike)(?:\s[^<>\n]{0,200})?>[^<\n]{0,2000}</(?P=tag)>",
    re.I,
)
UNSEEN = re.compile(
    r"<(?P<tag>[a-z][a-z0-9]{0,9})(?=\s)(?=[^<>\n]{0,400}(?:\shidden[\s>=]"
    r"|\sstyle\s?=\s?[\"'][^<>\"'\n]{0,200}(?:display\s?:\s?none|visibility\s?:\s?hidden)))[^<>\n]{0,400}>"
    r"[^<\n]{0,2000}</(?P=tag)>",
    re.I,
)
"""An element in a line whose words no browser shows."""
WRAPPING = re.compile(r"</?(?:span|font)(?:\s[^<>\n]{0,400})?>", re.I)
"""Tags that say nothing of the words between them."""
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def of_markup(text: str, start: int, check: Check) -> tuple[list[Span], list[Span]]:
    """Comments, what is struck out, HTML tags that a line holds and nothing else, and what defines where links lead,
    outside code; and the lines of the text beside them and beside code."""
    found: list[Span] = []
    rest: list[Span] = []
    fence = ""
    comments = _comments(text, start)
    following = 0
    for first, end in line_spans(text, start, len(text)):
        check()
        while following < len(comments) and comments[following][0] < end:
            if not fence and comments[following][0] >= first:
                found.append(comments[following])
            following += 1
        if found and found[-1][0] < first < found[-1][1]:
            continue
        line = text[first : min(end, first + _LONGEST + 1)]
        if fence:
            fence = "" if line.startswith(fence) else fence
        elif opening := FENCE.match(line):
            fence = opening.group(1)
        elif "]:" in line and DEFINITION.match(text[first : min(end, first + LONGEST_DEFINITION)]):
            found.append((first, end))
        elif inline := _inline(text, first, end, found):
            found += inline
        elif line.startswith("<") and len(line) <= _LONGEST:
            if TAGS_ONLY.match(line):
                found.append((first, end))
            else:
                found.extend((first + tag.start(), first + tag.end()) for tag in SUMMARY.finditer(line))
        elif not found or found[-1][1] <= first:
            rest.append((first, end))
    return found, rest


def _inline(text: str, start: int, end: int, comments: Sequence[Span]) -> list[Span]:
    """What is struck out in a line, ~~so~~ or <del>so</del>, or hidden by its style, and tags that say nothing; none of
    it within code or one of the comments, which are in order."""
    patterns = (STRUCK, UNSEEN, WRAPPING, SUMMARY) if "<" in text[start:end] else (STRUCK,)
    taken = [*takewhile(lambda span: span[1] > start, reversed(comments))][::-1]
    found: list[Span] = []
    spans = [match.span() for pattern in patterns for match in pattern.finditer(text, start, end)]
    at, ticks, behind = start, 0, 0
    for first, after in sorted(spans, key=lambda span: (span[0], -span[1])):
        ticks, at = ticks + text.count("`", at, first), first
        while behind < len(taken) and taken[behind][1] <= first:
            behind += 1
        apart = not found or first >= found[-1][1]
        if apart and ticks % 2 == 0 and not (behind < len(taken) and taken[behind][0] < after):
            found.append((first, after))
    return found


def _comments(text: str, start: int) -> list[Span]:
    """HTML comments that are closed."""
    found: list[Span] = []
    while (first := text.find("<!--", start)) >= 0 and (last := text.find("-->", first + 4)) >= 0:
        found.append((first, last + 3))
        start = last + 3
    return found
