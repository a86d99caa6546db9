"""What Markdown holds that no reader sees: comments, tags, where links lead, what is struck out.

But: tables of contents and page numbers are found in `furniture`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
        if found and first < found[-1][1]:
            continue
        line = text[first : min(end, first + _LONGEST + 1)]
        if fence:
            fence = "" if line.startswith(fence) else fence
        elif opening := FENCE.match(line):
            fence = opening.group(1)
        elif "]:" in line and DEFINITION.match(text[first : min(end, first + LONGEST_DEFINITION)]):
            found.append((first, end))
        elif STRUCK.search(text, first, end):
            found += _struck(text, first, end)
        elif line.startswith("<") and len(line) <= _LONGEST:
            if TAGS_ONLY.match(line):
                found.append((first, end))
            else:
                found.extend((first + tag.start(), first + tag.end()) for tag in SUMMARY.finditer(line))
        elif not found or found[-1][1] <= first:
            rest.append((first, end))
    return found, rest


def _struck(text: str, start: int, end: int) -> Iterator[Span]:
    """What is struck out in a line, ~~so~~ or <del>so</del>, and is not within code."""
    for match in STRUCK.finditer(text, start, end):
        if text.count("`", start, match.start()) % 2 == 0:
            yield match.span()


def _comments(text: str, start: int) -> list[Span]:
    """HTML comments that are closed."""
    found: list[Span] = []
    while (first := text.find("<!--", start)) >= 0 and (last := text.find("-->", first + 4)) >= 0:
        found.append((first, last + 3))
        start = last + 3
    return found
