"""What a text holds for its pages and not for its readers: running heads, page numbers, contents, banners.

It is kept in the text, but neither searched nor shown, and a sentence goes on behind it.

But: a heading that comes again and again is furniture only next to a page number or at the top of a page; a short line
that stands alone is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ingest.deadline import Check, unchecked
from ingest.layout.frontmatter import front_matter
from ingest.layout.hidden_markup import of_markup
from ingest.layout.paragraphs import LIST_ITEM, line_spans
from ingest.layout.quoted import is_reply, quote_marks
from ingest.layout.subtitles import find_cue_marks
from vectorstore.types import Format, Span

LONGEST = 200
"""Characters of a line that may be furniture."""
LONGEST_HEAD = 100
MOST_BETWEEN = 8
"""Lines, most of them blank, between the foot of a page and the head of the next."""
LONGEST_CONTENTS = 400
"""Lines of a table of contents without page numbers."""

_PAGE = r"(?:p(?:age|\.|g\.?)|seite|folio)"
PAGE_MARK = re.compile(
    rf"[\[({{<|*_=~ –—-]*{_PAGE}\s?\d{{1,5}}(?:\s*(?:of|/|von)\s*\d{{1,5}})?[\])}}>|*_=~ –—-]*$"
    r"|\d{1,5}\s*(?:of|/)\s*\d{1,5}$|[\[{]\s?\d{1,4}\s?[\]}]$|[–—=~*-]+\s*\d{1,4}\s*[–—=~*-]+$",
    re.IGNORECASE,
)
PAGE_AT_END = re.compile(
    rf"(?:\s{{3,}}|\s*[|·•]\s*)(?:[\[(]\s*)?(?:{_PAGE}\s?)\d{{1,5}}(?:\s*(?:of|/)\s*\d{{1,5}})?\s*[\])]?$", re.I
)
PAGE_AT_START = re.compile(rf"(?:[\[(]\s*)?{_PAGE}\s?\d{{1,5}}\s*[\])]?(?:\s{{3,}}|\s*[|·•]\s*)\S", re.I)
LEADERS = re.compile(r"\S.*?(?:\.{4,}|(?:\s\.){4,}|…{2,}|_{4,}|\t+|·{4,}|(?:\s·){4,})\s*(?:\d{1,4}|[ivxlc]{1,7})$")
LEADING = re.compile(r"\s*(?:\.{4,}|(?:\s\.){4,}|…{2,}|_{4,}|\t+|·{4,}|(?:\s·){4,})\s*(?:\d{1,4}|[ivxlc]{1,7})$")
CONTENTS = re.compile(r"[#*_ ]*(?:table of )?contents[*_ :]*$|[#*_ ]*in this (?:issue|document)[*_ :]*$", re.I)
ENTRY_PAGE = re.compile(r"\s+\d{1,4}$")
ENTRY_MARK = re.compile(
    r"(?:[-*+•]|[IVXLC]{1,7}\.|\d{1,3}(?:\.\d{1,3})*[.)]?|(?:chapter|part|section|appendix)\s+\w+[.:]?)\s+", re.I
)
LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_CLOCK = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,3})?"
TIME_BEFORE = re.compile(rf"(?P<all>[\[(]?\s?{_CLOCK}\s?[\])]?)(?:[ \t]*[-–|:])?[ \t]+[^\s\d]")
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
SENT = re.compile(
    rf"\u200e?(?P<all>[\[(]?{_DATE},?\s{_CLOCK}(?:\s?[AaPp]\.?[Mm]\.?)?(?:[\])]|[ \t]-))[ \t]+"
    r"(?=(?P<name>[^\s\d][^:\n]{0,40}:[ \t])?)[^\s\d]"
)
"""The date and time before a message of a chat: "[12/05/2021, 18:03:11] Ada: ...", "12.05.21, 18:03 - Ada: ..."."""
TIME_BEHIND = re.compile(rf"^[A-Z][^:\d\n]{{0,60}}?(?:\s\d{{1,3}})?(?P<all>\s\s?[\[(]?{_CLOCK}[\])]?\s?:?)$")
COLUMNS = re.compile(r"\S\s{3,}\S")
RULE = re.compile(r"([*#=+~_|/-])(?:\s?\1){4,}$")
STARRED = re.compile(r"\*{3}\s*\S.*\S\s*\*{3}$")
SAID_OF_PAGES = re.compile(
    r"[\[(*_ ]*(?:this page (?:is |has been )?(?:intentionally |deliberately )?(?:left )?blank|blank page|"
    r"continued (?:on|from) (?:the )?(?:next |previous |following )?page(?: \d+)?|please turn over|p\.?t\.?o\.?|"
    r"intentionally left blank)[\])*_. ]*$",
    re.I,
)
ENDS = re.compile(r"[.!?:;…。！？][”’\"'»)\]]*$")
FULL_LINE = 0.7
"""Of the longest line of a paragraph: a line of that length was broken because the next word did not fit."""


def find_hidden(text: str, format: Format, check: Check = unchecked) -> tuple[Span, ...]:
    """The furniture of a text, in order and apart. Where a sentence goes on behind it, a span holds the blanks at both
    sides too, so that nothing stands between the halves."""
    front = front_matter(text)
    if format == "plain" and front is None:
        cues = find_cue_marks(text, check)
        if cues:
            return cues
    body = front.end if front is not None else 0
    found = list(front.fences) if front is not None else []
    if format == "markdown":
        marked, lines = of_markup(text, body, check)
        contents = _contents(text, lines, check)
        found += [lines[index] for index in contents if lines[index][0] < lines[index][1]]
        return tuple(sorted([*found, *marked, *quote_marks(text, lines, contents, check)]))
    lines = [(start, end) for start, end in line_spans(text, body, len(text))]
    hidden = _page_lines(text, lines, check) | _contents(text, lines, check) | _banners(text, lines, check)
    found += _spans(text, lines, hidden)
    kept = [span for at, span in enumerate(lines) if at not in hidden]
    if is_reply(text):
        found += quote_marks(text, lines, hidden, check, alone=True)
    return tuple(sorted([*found, *_time_codes(text, kept, check)]))


def _page_lines(text: str, lines: Sequence[Span], check: Check) -> set[int]:
    """Indexes of lines that hold the number of a page, and of the running heads beside them."""
    words = [text[start : min(end, start + LONGEST + 1)] for start, end in lines]
    marks = {index for index, line in enumerate(words) if 0 < len(line) <= LONGEST and _is_page_line(line)}
    marks |= _counted(text, lines, words) | _above_heads(words)
    tops = {index for index in range(len(lines)) if index and "\f" in text[lines[index - 1][1] : lines[index][0]]}
    beside: dict[int, int] = {}  # lines next to a page number or at the top of a page, and how far above or below
    for at in sorted(marks | tops):
        check()
        for step in (-1, 1):
            other = at if step == 1 and at in tops and at not in marks else at + step
            for _ in range(MOST_BETWEEN):
                if not 0 <= other < len(lines) or (words[other] and other not in marks):
                    break
                other += step
            if 0 <= other < len(lines) and 0 < len(words[other]) <= LONGEST_HEAD and other not in marks:
                beside[other] = step
    kinds = Counter(_without_numbers(words[index]) for index in beside)
    kinds[_without_numbers(next(filter(None, words), ""))] += 1  # the head of the first page is the title's line
    heads = {
        index
        for index in beside
        if not ENDS.search(words[index])
        and _alone(words, index, marks)
        and (kinds[_without_numbers(words[index])] > 1 or (COLUMNS.search(words[index]) and beside[index] == 1))
    }
    return marks | heads | {index for index, line in enumerate(words) if line and SAID_OF_PAGES.match(line)}


def _is_page_line(line: str) -> bool:
    return bool(PAGE_MARK.match(line) or PAGE_AT_END.search(line) or PAGE_AT_START.match(line))


def _counted(text: str, lines: Sequence[Span], words: Sequence[str]) -> set[int]:
    """Lines that are a bare number and stand alone, where three or more of them count pages: each is one or two more
    than the one before."""
    alone = [
        index
        for index, line in enumerate(words)
        if len(line) <= 4 and line.isdigit() and _alone(words, index, frozenset())
    ]
    found: set[int] = set()
    run: list[int] = []
    for index in alone:
        if run and not 1 <= int(words[index]) - int(words[run[-1]]) <= 2:
            found.update(run if len(run) > 2 else ())
            run = []
        run.append(index)
    return found | set(run if len(run) > 2 else ())


def _above_heads(words: Sequence[str]) -> set[int]:
    """Lines that are a bare number and stand alone, where the line that the text begins with comes again below: that is
    its running head. The last number of the text is that of its last page, if it is a greater one."""
    filled = [index for index, line in enumerate(words) if line]
    if not filled or not COLUMNS.search(words[filled[0]]):
        return set()
    head = _without_numbers(words[filled[0]])
    bare = [at for at, index in enumerate(filled) if len(words[index]) <= 4 and words[index].isdigit()]
    found = [
        filled[at]
        for at in bare
        if at + 1 < len(filled)
        and _without_numbers(words[filled[at + 1]]) == head
        and _alone(words, filled[at], {filled[at + 1]})
    ]
    if found and bare[-1] == len(filled) - 1 and int(words[filled[-1]]) > int(words[found[-1]]):
        found.append(filled[-1])
    return set(found)


def _alone(words: Sequence[str], index: int, marks: set[int] | frozenset[int]) -> bool:
    """Whether no text stands right above and below a line."""
    return all(not 0 <= other < len(words) or not words[other] or other in marks for other in (index - 1, index + 1))


def _without_numbers(line: str) -> str:
    return " ".join(re.sub(r"\d+", "0", line).split()).casefold()


def _contents(text: str, lines: Sequence[Span], check: Check) -> set[int]:
    """Indexes of the lines of a table of contents: those with a row of dots and a page number, and those that stand
    under the word "Contents" and come again below."""
    words = [text[start : min(end, start + LONGEST + 1)] for start, end in lines]
    dotted = [index for index, line in enumerate(words) if 4 < len(line) <= LONGEST and LEADERS.match(line)]
    later = Counter(_entry(LEADING.sub("", line)) for line in words if 0 < len(line) <= LONGEST)
    found = _dotted_contents(words, dotted, later)
    for index, line in enumerate(words):
        if not line or len(line) > 40 or not CONTENTS.match(line):
            continue
        entries: list[int] = []
        for other in range(index + 1, min(len(lines), index + LONGEST_CONTENTS)):
            check()
            if not words[other] or other in found:
                continue
            entry = _entry(words[other])
            if not entry or later[entry] < 2 or entry in (_entry(words[known]) for known in entries[:1]):
                break
            entries.append(other)
        if len(entries) > 1:
            found.update(entries)
        if len(entries) > 1 or any(other in found for other in range(index + 1, min(len(lines), index + 4))):
            found.add(index)
    return found


def _dotted_contents(words: Sequence[str], dotted: Sequence[int], later: Counter[str]) -> set[int]:
    """Those lines with a row of dots that are contents and not prices: they stand under the word "Contents", or half of
    them come again as headings."""
    found: set[int] = set()
    run: list[int] = []
    for index in [*dotted, None]:
        if index is not None and (not run or not any(words[other] for other in range(run[-1] + 1, index))):
            run.append(index)
            continue
        if len(run) > 1:
            again = sum(later[_entry(LEADING.sub("", words[place]))] > 1 for place in run)
            above = [word for word in words[max(0, run[0] - 6) : run[0]] if word]
            if 2 * again >= len(run) or any(len(word) <= 40 and CONTENTS.match(word) for word in above[-2:]):
                found.update(run)
        run = [] if index is None else [index]
    return found


def _entry(line: str) -> str:
    """A heading as a table of contents repeats it: without number, page and mark-up."""
    plain = LINK.sub(r"\1", line).strip("#*_ \t")
    plain = ENTRY_PAGE.sub("", ENTRY_MARK.sub("", ENTRY_MARK.sub("", plain, count=1), count=1))
    return " ".join(plain.casefold().split()).strip("*_ .:")


def _banners(text: str, lines: Sequence[Span], check: Check) -> set[int]:
    """Indexes of the lines of boxes drawn with characters, and of lines in stars: "*** END OF THE BOOK ***"."""
    found: set[int] = set()
    opened: tuple[int, str] | None = None
    for index, (start, end) in enumerate(lines):
        check()
        line = text[start : min(end, start + LONGEST + 1)]
        if len(line) > LONGEST or not line:
            opened = None
            continue
        rule = RULE.match(line)
        if rule and opened is not None and opened[1] == rule.group(1) and index - opened[0] > 1:
            found.update(range(opened[0], index + 1))
            opened = None
        elif rule:
            opened = (index, rule.group(1))
        elif opened is not None and (line[0] != opened[1] or line[-1] != opened[1]):
            opened = None
        if STARRED.match(line):
            found.add(index)
    return found


def _time_codes(text: str, lines: Sequence[Span], check: Check) -> list[Span]:
    """The times at which something was said: "[00:01:23]" before a line, or behind a name that stands alone; where
    there are three or more, none before the one above it."""
    found: list[tuple[int, Span]] = []
    dated: list[Span] = []
    named = 0
    for start, end in lines:
        check()
        opening = text[start : min(end, start + LONGEST)]
        sent = SENT.match(opening)
        if sent is not None:
            dated.append((start + sent.start("all"), start + sent.end("all")))
            named += sent["name"] is not None
            continue
        before = TIME_BEFORE.match(opening)
        behind = TIME_BEHIND.search(opening) if before is None and end - start <= LONGEST_HEAD else None
        code = before or behind
        if code is not None:
            clock = [int(part) for part in re.findall(r"\d+", code.group("clock"))[:3]]
            seconds = sum(part * 60**power for power, part in enumerate(reversed(clock)))
            found.append((seconds, (start + code.start("all"), start + code.end("all"))))
    rising = sum(1 for before, after in pairwise(found) if before[0] <= after[0])
    timed = [span for _, span in found] if len(found) >= 3 and rising >= 0.9 * (len(found) - 1) else []
    return sorted([*timed, *(dated if named >= max(3, 0.7 * len(dated)) else ())])


def _spans(text: str, lines: Sequence[Span], hidden: set[int]) -> list[Span]:
    """One span for each run of hidden lines that a sentence goes on behind, else one for each line."""
    found: list[Span] = []
    run: list[int] = []
    before: int | None = None
    for index, (start, end) in enumerate(lines):
        if start == end:
            continue
        if index in hidden:
            run.append(index)
            continue
        if run:
            if before is not None and _goes_on(text, lines, before, index, run):
                found.append((lines[before][1], start))
            else:
                found.extend(lines[place] for place in run)
        run, before = [], index
    return found + [lines[place] for place in run]


def _goes_on(text: str, lines: Sequence[Span], before: int, after: int, run: Sequence[int]) -> bool:
    """Whether the sentence that line `before` breaks off goes on in line `after`."""
    first, last = text[slice(*lines[before])], text[slice(*lines[after])]
    if ENDS.search(first[-8:]) or LIST_ITEM.match(last):
        return False
    if last[0].islower():
        return True
    top = before
    while top > 0 and lines[top - 1][0] < lines[top - 1][1] and before - top < 40:
        top -= 1
    longest = max(lines[place][1] - lines[place][0] for place in range(top, before + 1))
    following = lines[after + 1] if after + 1 < len(lines) else lines[after]
    wrapped = before > top and len(first) >= FULL_LINE * longest and longest > 30
    return wrapped and (ENDS.search(last[-8:]) is not None or following[0] < following[1])
