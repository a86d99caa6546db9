"""Headings of plain text: short lines that stand alone, read like a title and have prose under them.

But: a heading inside a paragraph is not found, and headings have no levels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.deadline import Check
from ingest.layout.letters import has_date, is_salutation, is_signature
from ingest.layout.paragraphs import LIST_ITEM, UNDERLINE
from vectorstore.embedded_text import key_of
from vectorstore.english import word_set
from vectorstore.types import Span

MAX_CHARACTERS = 120
MAX_WORDS = 16
MAX_UNCASED = 30
PROSE_WORDS = 12
LONGEST_RUN = 3

OPENING = "“\"‘'«„([¿¡"
ENDS_OPEN = re.compile(r"[.,;:…\-–—][”’\"'»)]*$")
NUMBERED = re.compile(
    r"(?:(?i:Chapter|Part|Section|Article|Clause|Appendix)\s+(?:\d{1,2}(?:\.\d{1,2})*|[IVXLC]{1,7})[.:]?|"
    r"(?:§{1,2}\s?)?(?:\d{1,2}(?:\.\d{1,2})*|[IVXL]{1,6})\.?)\s+(?=[^\W\d_])"
)
LETTERED = re.compile(r"(?P<letter>[A-Z])\.\s+(?=[^\W\d_a-z])")
YEARS = re.compile(r"(?:1\d|20)\d\d(?:\s?[-–]\s?\d{2,4})?$")
NOT_A_TITLE = re.compile(
    r"(?:I|We|He|She|They|You|It)(?:[’'](?:m|re|s|ve|d|ll))? [a-z]|By [A-Z]|https?://|www\.|\S+@\S+\.\S"
)
ASKS = re.compile(
    r"(?:\W*(?:Who|What|When|Where|Why|How|Which|Whose|Is|Are|Was|Were|Can|Could|Do|Does|Did|Should|Shall|Will|Would|"
    r"Has|Have|Must|May|Might)\b.*\?$|.*!$)"
)
SMALL = word_set(
    """a an and as at but by for from in into is nor not of off on or out over per so than that the this to under up vs
    via was with de la le du des der die das und et il y"""
)
COLUMNS = re.compile(r"\S\s{4,}\S")
STATES = re.compile(
    r"(?:Title|Authors?|(?:Release |Publication )?[Dd]ate|Language|Credits|Translator|Editor|Illustrator|Published|"
    r"Subject|From|To|Cc|Present|Apologies|Attendees)\s?:\s"
)
"""What a text says of itself, in a line with a key."""
MARKED = re.compile(r"#{1,6}\s+\S")


def find_headings(text: str, paragraphs: Sequence[Span], taken: Sequence[bool], check: Check) -> set[int]:
    """Indexes of the paragraphs that are headings; `taken[i]` says that paragraph i is something else already."""
    found: set[int] = set()
    lines = [text[slice(*span)] if span[1] - span[0] <= MAX_CHARACTERS else "" for span in paragraphs]
    lettered = _lettered(lines, taken)
    titles = [not done and title_like(_bare(lines[at], at in lettered)) for at, done in enumerate(taken)]
    in_list = _long_runs(titles)
    for index in range(len(paragraphs) - 1, -1, -1):
        check()
        if taken[index]:
            continue
        line = text[slice(*paragraphs[index])]
        if _is_marked(line) or (
            titles[index]
            and index not in in_list
            and _leads_to_prose(text, paragraphs, index, found)
            and not _in_dialogue(text, paragraphs, index)
        ):
            found.add(index)
    return found


def _bare(line: str, lettered: bool) -> str:
    """A line without the letter that numbers it."""
    return line.partition(" ")[2].lstrip() if lettered else line


def _lettered(lines: Sequence[str], taken: Sequence[bool]) -> set[int]:
    """Indexes of lines such as "B. Loans to members", each of which follows the letter before it further up, with other
    text between: right below one another they are the items of a list."""
    found: set[int] = set()
    last, at_last = "", -1
    for at, line in enumerate(lines):
        match = None if taken[at] else LETTERED.match(line)
        if match is None:
            continue
        letter = match["letter"]
        if letter == "A" or (last and ord(letter) == ord(last) + 1):
            if letter != "A" and at - at_last > 1:
                found.update((at_last, at))
            last, at_last = letter, at
    return found


def _long_runs(titles: Sequence[bool]) -> set[int]:
    """Indexes of title-like lines of which more than LONGEST_RUN follow one another: a list, not headings."""
    listed: set[int] = set()
    first = 0
    for index, title in enumerate([*titles, False]):
        if not title:
            if index - first > LONGEST_RUN:
                listed.update(range(first, index))
            first = index + 1
    return listed


def heading_text(line: str) -> str:
    """A heading as one line, without underline or # marks."""
    kept = [part for part in line.splitlines() if not UNDERLINE.match(part.strip())]
    return " ".join(" ".join(kept).lstrip("# ").split())


def title_like(line: str) -> bool:
    """Whether a line by itself could be a heading."""
    if len(line) > MAX_CHARACTERS or "\n" in line or "\r" in line or not any(c.isalnum() for c in line):
        return False
    words = line.split()
    if COLUMNS.search(line) or STATES.match(line):
        return False
    if len(words) > MAX_WORDS or ENDS_OPEN.search(line) or NOT_A_TITLE.match(line):
        return False
    body = NUMBERED.sub("", line, count=1)
    if ";" in line or (line[-1] in "?!" and (": " in body or not ASKS.match(body))):
        return False
    if any(line.count(opening) != line.count(closing) for opening, closing in ("()", "[]")):
        return False
    if is_salutation(line) or is_signature(line) or has_date(line):
        return False
    if LIST_ITEM.match(line) and body == line:
        return False
    return bool(YEARS.match(line)) or _capitalised(body, quoted=line[0] in OPENING)


def _capitalised(line: str, quoted: bool) -> bool:
    """Whether a line begins with a capital, or with any letter in a script without case. In a quoted line or an
    exclamation, which might be speech, every word has to, but for the small ones."""
    core = line.strip(OPENING + "”’»)]!?")
    if not core or not core[0].isalpha():
        return False
    if not core[0].isupper():
        return core.lower() == core.upper() and len(line) <= MAX_UNCASED and line[-1] not in "。！？；，、："
    if quoted or line.rstrip("”’\"'»").endswith("!"):
        weighty = [word.strip(OPENING + "”’»)]!?,") for word in core.split() if word.lower() not in SMALL]
        return len(weighty) > 1 and all(word and not word[0].islower() for word in weighty)
    return True


def _is_marked(line: str) -> bool:
    lines = line.splitlines()
    if len(lines) == 2 and UNDERLINE.match(lines[1].strip()):
        return len(lines[0]) <= MAX_CHARACTERS
    return len(lines) == 1 and len(line) <= MAX_CHARACTERS and bool(MARKED.match(line))


def _leads_to_prose(text: str, paragraphs: Sequence[Span], index: int, headings: set[int]) -> bool:
    if index + 1 == len(paragraphs):
        return False
    if index + 1 in headings:
        return index + 2 not in headings
    start, end = paragraphs[index + 1]
    if index == 0 and key_of(text, start, end):
        return True
    following = text[start : min(end, start + 400)]
    if is_salutation(following):
        return True
    if len(following) <= len(text[slice(*paragraphs[index])]):
        return False
    ended = text[end - 1] in '.!?…:;"”’»)]。！？'
    return ended or len(following.split()) >= PROSE_WORDS


def _in_dialogue(text: str, paragraphs: Sequence[Span], index: int) -> bool:
    """Whether a quoted or exclaimed line stands among lines of speech."""
    line = text[slice(*paragraphs[index])]
    if line[0] not in OPENING and line[-1] not in "!?":
        return False
    start, _ = paragraphs[index + 1]
    if text[start] in "“\"‘'«„—–":
        return True
    return index > 0 and text[paragraphs[index - 1][1] - 1] in ":,"
