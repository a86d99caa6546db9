"""Lists, and lines that stand for themselves: "Cook: Per Lund", "2.3 No fee is payable".

A list that a sentence introduces is one with it: half of it would say something else.

But: a list of long items is left as it is, each item a paragraph of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.layout.paragraphs import BULLETS, FULL_STOP, LIST_ITEM, begins_item, line_spans
from vectorstore.embedded_text import SETTING, key_of
from vectorstore.types import Span

LONGEST_LIST = 400
LONGEST_CLAUSES = 1_200
"""Characters of a list: of items, and of clauses that go on with the sentence before it."""
LONGEST_ITEM = 120
MOST_ITEMS = 30
FARTHEST = 200
CAPITAL = re.compile(r"[-*•_\": ]*[^\W\d_a-z]")
CLAUSE = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3}){1,4}[.)]?(?=[.:]?\s+[^\da-z%‰°±×+=<>/|,;:)-])|§{1,2}\s?\d{1,4}[a-z]?"
    r"|(?:Article|Section|Clause|Rule|Regulation|Art\.|Sec\.)\s\d{1,4})[.:]?\s+\S"
)
SIGNATURE = "--"
"""The line above the signature of a message (RFC 3676)."""
HEADING = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,3})\.?[ \t]+[^\W\d_a-z]")
WRAPPED, ON_PURPOSE = 50, 0.7
"""Characters of the longest line of a paragraph that is wrapped, and the share of it below which a line ended on
purpose."""
NUMBER = re.compile(r"[(\[]?(\d{1,3})[.)]")
SENTENCES = re.compile(r"[.!?…]\s+[^\W\d_a-z]")
GOES_ON = re.compile(r"(?:[;,–—-]|\b(?:and|or|that|to|by|if|who|which))$")
ITEM_WORDS = re.compile(rf"(?:[-*{BULLETS}–]|\(?\w{{1,6}}[.)])\s+(?:\[[ xX]\]\s+)?")


def line_starts(text: str, start: int, end: int) -> list[int]:
    """Offsets inside a paragraph at which a line begins that stands for itself: one of several lines with a key, a
    numbered clause behind a finished sentence or its heading, an item of a list, or the line above the signature of a
    message."""
    lines = [span for span in line_spans(text, start, end) if span[0] < span[1]]
    keyed = [bool(key_of(text, *line)) for line in lines]
    if not all(keyed):
        keyed = [has and CAPITAL.match(text, *line) is not None for has, line in zip(keyed, lines, strict=True)]
    mostly = len(lines) > 2 and 2 * sum(keyed) >= len(lines)
    found = []
    width = max(last - first for first, last in lines)
    for index in range(1, len(lines)):
        beside = mostly or keyed[index - 1] or (index + 1 < len(lines) and keyed[index + 1])
        clause = CLAUSE.match(text, *lines[index]) and text[lines[index - 1][1] - 1] in FULL_STOP
        headed = _is_headed(text, lines[index - 1], lines[index], width)
        item = begins_item(text, lines[index - 1], lines[index])  # Markdown knows no "•", "(a)" or "a)"
        if (keyed[index] and beside) or clause or headed or item or text[slice(*lines[index])] == SIGNATURE:
            found.append(lines[index][0])
    return found


def _is_headed(text: str, before: Span, line: Span, width: int) -> bool:
    """Whether a line stands under a numbered heading: "3. Finance" above "3.1 The balance ...", or above words that
    would have begun on its line if it had not ended on purpose."""
    heading = HEADING.match(text, *before)
    if heading is None or not text[before[1] - 1].isalnum():
        return False
    clause = CLAUSE.match(text, *line)
    if clause is not None and clause.group().startswith(f"{heading[1]}."):
        return True
    word = text[slice(*line)].split(maxsplit=1)[0]
    return text[line[0]].isupper() and width >= WRAPPED and before[1] - before[0] + 1 + len(word) < ON_PURPOSE * width


def code_lines(text: str, start: int, end: int) -> list[int]:
    """Where the lines of fenced code begin: the fences, and what is between them as one, or in lines where these are
    settings ("timeout = 90"). Empty where a paragraph is no code."""
    if not text.startswith(("```", "~~~"), start):
        return []
    lines = [span for span in line_spans(text, start, end) if span[0] < span[1]]
    inner = lines[1:-1]
    if not inner or not text.startswith(text[start : start + 3], lines[-1][0]):
        return []
    settings = sum(1 for line in inner if SETTING.match(text, *line))
    between = [line[0] for line in inner] if 2 * settings >= len(inner) else [inner[0][0]]
    return [start, *between, lines[-1][0]]


def whole_lists(text: str, paragraphs: Sequence[Span], prose: Sequence[bool]) -> list[Span]:
    """Lists with the sentence that introduces them, each as (first, last) of the paragraphs they consist of; `prose`
    says which paragraphs may be part of one."""
    found: list[Span] = []
    index = 0
    while index < len(paragraphs):
        last = _last_of_list(text, paragraphs, prose, index) if prose[index] else index
        if last > index:
            found.append((index, last))
        index = last + 1
    return found


def _last_of_list(text: str, paragraphs: Sequence[Span], prose: Sequence[bool], first: int) -> int:
    """The index of the last item of the list that paragraph `first` introduces; `first` where it introduces none."""
    start, end = paragraphs[first]
    if text[end - 1] != ":" and (LIST_ITEM.match(text, start, end) or not _is_open(text, start, end)):
        return first
    opening = text[start:end]
    inside = [line for line in line_spans(text, start, end) if line[0] > start and LIST_ITEM.match(text, *line)]
    kind = _kind(text, inside[0][0]) if inside else None
    number = _number(text, inside[-1][0]) if inside else 0
    last = first
    while (
        last < first + MOST_ITEMS
        and last + 1 < len(paragraphs)
        and prose[last + 1]
        and LIST_ITEM.match(text, *paragraphs[last + 1])
    ):
        following = _kind(text, paragraphs[last + 1][0])
        kind = kind or following
        if following[0] != kind[0] and following[1] <= kind[1]:
            break
        if following == kind and number and _number(text, paragraphs[last + 1][0]) not in (number + 1, number):
            break
        number = _number(text, paragraphs[last + 1][0]) if following == kind else number
        last += 1
        if paragraphs[last][1] - end > LONGEST_CLAUSES:
            return first
    items = [text[slice(*paragraphs[place])] for place in range(first + 1, last + 1)]
    if not items or len(items) + len(inside) < 2 or len(items) == MOST_ITEMS:
        return first
    before = [*items[:-1], *([opening] if inside else [])]
    marked = sum(1 for item in before if item[-1] in ";," or GOES_ON.search(item))
    lacking = 1 if opening[-1] == ":" and marked > 2 else 0  # lists typed by hand lack a mark here or there
    clear = sum(1 for item in items if _opens_small(item) or item[-1] in ";,." or GOES_ON.search(item))
    if marked + lacking >= len(before) and clear + lacking >= len(items):
        return last
    short = all(len(item) <= LONGEST_ITEM and not SENTENCES.search(ITEM_WORDS.sub("", item, count=1)) for item in items)
    return last if opening[-1] == ":" and short and paragraphs[last][1] - end <= LONGEST_LIST else first


def _is_open(text: str, start: int, end: int) -> bool:
    """Whether a paragraph ends as no sentence does."""
    return text[end - 1].isalnum() or bool(GOES_ON.search(text, max(start, end - 10), end))


def _kind(text: str, at: int) -> tuple[str, int]:
    """Whether a list item has a bullet, a number or a letter, and how far it is indented."""
    mark = text[at : at + 2].lstrip("([")[0]
    before = text[max(0, at - FARTHEST) : at]
    indented = len(before) - 1 - max(before.rfind("\n"), before.rfind("\r"))
    return "1" if mark.isdigit() else "a" if mark.isalpha() else "-", indented


def _number(text: str, at: int) -> int:
    """The number of a list item, 0 where it has none."""
    match = NUMBER.match(text, at)
    return int(match.group(1)) if match else 0


def _opens_small(item: str) -> bool:
    words = ITEM_WORDS.sub("", item, count=1)
    return words[:1].islower()
