"""What a text says of itself: its title, who wrote it and when, each with the line that says so.

Read from front matter ("author: Ada Fell"), from lines with a key ("Author: Ada Fell", "Release Date: May 2004"), from
bylines ("By Ada Fell, 12 June 2018") and from the columns above a title.

But: it only reads the beginning of a text, and guesses nothing: a name alone on a line is nobody's byline. Names under
a title that are those of authors for other reasons are found in `authors.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.layout.authors import authors_under
from ingest.layout.frontmatter import FrontMatter, front_matter
from ingest.layout.letters import DATE
from ingest.layout.paragraphs import line_spans
from vectorstore.english import DAYS, one_of, word_set
from vectorstore.types import Document, Fact, FactName, Format, Span, shown

REACH = 8_000
"""Characters in which a text says what it is."""
PROSE = 140
PROSE_WORDS = 30
"""Characters of a line, or words of a paragraph, after which the text has begun and no byline comes any more."""
LONGEST = 300
MOST_AUTHORS = 20
_MARK = r"[#>*_\s-]*"
KEYED = re.compile(rf"{_MARK}:?(?P<key>[A-Za-z][A-Za-z ()/-]{{1,30}}?)[*_]*\s?[:：]\s*[*_]*\s*(?P<value>\S.*?)[*_\s]*$")
_AUTHOR_KEYS = word_set(
    "author authors author(s) by writer writers byline creator creators reporter written_by text_by"
)
_CREDITS = word_set("text words story report reporting interview")
_AUTHOR_FRONT = word_set("author authors by creator byline writer")
_DATE_KEYS = word_set(
    """date published publication_date release_date date_of_publication publication publish_date pubdate date_published
    first_published published_on posted posted_on issued created date_created written date_written dated issue_date
    date_issued released"""
)
_LATER_KEYS = word_set(
    "updated last_updated modified last_modified revised last_revised lastmod date_modified last_edited last_reviewed"
)
_TITLE_KEYS = word_set("title headline")
_PARTICLE = r"(?:(?:van|von|de|der|den|del|della|di|da|du|la|le|el|al|bin|ibn|ter|ten|zu|af|av|y|e)\s+|[dDlLO][’'])"
_WORD = r"(?:[^\W\d_a-z](?:[\w’'-]*[^\W_])?\.?)"
PERSON = rf"(?:{_PARTICLE})?{_WORD}(?:\s+(?:{_PARTICLE}){{0,2}}{_WORD}){{1,4}}"
_AND = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|und|et|y)\s+|\s*[&;]\s*)"
BYLINE = re.compile(
    rf"{_MARK}(?i:(?:written|posted|published|reported|words|text|story|report|an? (?:essay|article|story|report))\s+)?"
    rf"\b[Bb][Yy]:?\s+[*_]*(?P<names>{PERSON}(?:{_AND}{PERSON})*)[*_]*"
    rf"(?P<rest>\s*(?:$|[,|·•(/–—-]|\bon\b|\bin\b).*)$"
)
DATE_LINE = re.compile(
    rf"{_MARK}(?P<on>(?:published|posted|updated|first published)(?:\s+on)?:?\s+)?"
    rf"(?P<date>(?:{one_of(DAYS)},?\s+)?{DATE.pattern})(?P<rest>[*_\s]*$|\s*[,|·•–—-].*|(?(on)\s+in\s.*|$))",
    re.I,
)
DATED_TITLE = re.compile(rf"\S.*[,(–—-]\s*(?P<date>{DATE.pattern})\)?\.?$")
MEETING_TITLE = re.compile(
    rf"{_MARK}(?=.{{0,200}}\b(?:minutes|meeting|session|sitting|hearing)\b).{{0,200}}?(?P<date>{DATE.pattern})", re.I
)
"""The title of minutes, in which the date may stand anywhere."""
MEETING = re.compile(r"\b(?:minutes|meeting|session|sitting|hearing)\b", re.I)
HELD = re.compile(
    rf"{_MARK}(?:(?:the )?(?:meeting|session|sitting|hearing) )?held\b.{{0,80}}?(?P<date>{DATE.pattern})", re.I
)
"""The line below it where it has none: "Held on 14 March 2019 at the Old School"."""
INITIALS = re.compile(rf"(?:[A-Z]\.\s?){{1,3}}{_WORD}(?:\s{_WORD})?,?\s*(?:Ed(?:itor)?s?\.?)?$")
COLUMNS = re.compile(r"\S\s{4,}\S")
COLUMN = re.compile(r"\S+(?: {1,2}\S+)*")
HAS_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
NOT_A_PERSON = word_set(
    "the a an our this these your my using means way chance law default name hand post e-mail email"
)


def find_facts(document: Document) -> tuple[Fact, ...]:
    """The facts that the text of a document states, first title, then authors, then date. What it does not say is
    missing."""
    text = shown(document, 0, min(len(document.text), REACH))
    front = front_matter(document.text)
    found = list(_of_front(front)) if front is not None else []
    body = front.end if front is not None else 0
    found += _of_lines(text, [span for span in line_spans(text, min(body, len(text)), len(text))], document.format)
    if not any(fact.name == "author" for fact in found):
        lines = [span for span in line_spans(text, min(body, len(text)), len(text)) if span[0] < span[1]]
        found += authors_under(text, lines)
    return tuple(_first_of(found))


def _of_front(front: FrontMatter) -> Iterator[Fact]:
    later = []
    for entry in front.entries:
        key = "_".join(re.split(r"[\s_-]+", entry.key))
        if key in _TITLE_KEYS and entry.values:
            yield Fact("title", entry.values[0], entry.start, entry.end)
        elif key in _AUTHOR_FRONT:
            yield from (Fact("author", value, entry.start, entry.end) for value in entry.values[:MOST_AUTHORS])
        elif (key in _DATE_KEYS or key in _LATER_KEYS) and entry.values and HAS_YEAR.search(entry.values[0]):
            fact = Fact("date", entry.values[0], entry.start, entry.end)
            if key in _DATE_KEYS:
                yield fact
            else:
                later.append(fact)
    yield from later


def _of_lines(text: str, lines: Sequence[Span], format: Format) -> list[Fact]:
    keyed: list[Fact] = []
    later: list[Fact] = []
    byline: list[Fact] = []
    begun, titled, words = False, "", 0
    first = next((line for line in lines if line[0] < line[1] and any(map(str.isalpha, text[slice(*line)]))), (0, 0))
    met_in = MEETING.search(text, *first) is not None
    memo = _is_memo(text[start:end] for start, end in lines[:40])
    for start, end in lines:
        line = text[start:end]
        words = words + len(line.split()) if line else 0
        begun = begun or len(line) > PROSE or words > PROSE_WORDS
        if not line or len(line) > LONGEST:
            continue
        met = MEETING_TITLE.match(line) if (start, end) == first else HELD.match(line) if met_in and not begun else None
        if met and len(DATE.findall(line)) <= 1:
            later.append(Fact("date", " ".join(met.group("date").split()), start, end))
        match = KEYED.match(line)
        if match and _keyed(match, start, end, memo and not begun, keyed, later):
            continue
        if begun:
            continue
        byline += _of_byline(line, start, end)
        if COLUMNS.search(line):
            byline += _of_columns(line, start) if not titled else []
        elif not titled:
            titled = line
            dated = DATED_TITLE.match(line)
            if dated:
                later.append(Fact("date", dated.group("date"), start, end))
    if len({fact.value for fact in keyed if fact.name == "title"}) > 1:  # a list of works
        keyed = [fact for fact in keyed if fact.name == "date"]
    return [*keyed, *byline, *later]


def _is_memo(lines: Iterable[str]) -> bool:
    """Whether a text opens as a letter or memorandum does: with lines "From:" and "To:" or "Subject:"."""
    keys = {match.group("key").lower() for line in lines if (match := KEYED.match(line[:LONGEST]))}
    return "from" in keys and bool(keys & {"to", "subject", "re", "date"})


def _keyed(match: re.Match[str], start: int, end: int, memo: bool, keyed: list[Fact], later: list[Fact]) -> bool:
    """Whether a line has a key of a fact, which is added."""
    key = "_".join(match.group("key").lower().replace("-", " ").split())
    value = " ".join(re.sub(r"\s*[\[<][^\[\]<>]*[\]>]$", "", match.group("value")).split())
    if memo and key in ("from", "subject"):
        if key == "from" and any(fact.name == "author" for fact in keyed):
            return True  # the head of another message, forwarded in this one
        key, value = "author" if key == "from" else "title", value.strip("\"“”'")
    if key in _AUTHOR_KEYS or (key in _CREDITS and re.fullmatch(PERSON, value)):
        keyed += [Fact("author", name, start, end) for name in names_in(value)]
    elif key in _TITLE_KEYS:
        keyed.append(Fact("title", value, start, end))
    elif key in _DATE_KEYS and HAS_YEAR.search(value):
        keyed.append(Fact("date", value, start, end))
    elif key in _LATER_KEYS and HAS_YEAR.search(value):
        later.append(Fact("date", value, start, end))
    else:
        return False
    return True


def _of_byline(line: str, start: int, end: int) -> Iterator[Fact]:
    match = BYLINE.match(line)
    if match and match.group("names").split()[0].lower() not in NOT_A_PERSON:
        yield from (Fact("author", name, start, end) for name in names_in(match.group("names")))
        dated = DATE.search(match.group("rest")) or re.search(r"\b(?:1[5-9]|20)\d\d\b", match.group("rest"))
        if dated:
            yield Fact("date", dated.group(), start, end)
        return
    dated = DATE_LINE.match(line)
    if dated:
        yield Fact("date", " ".join(dated.group("date").split()), start, end)
        rest = dated.group("rest").lstrip(" ,|·•–—-*_")
        signed = BYLINE.match(rest)
        if signed:
            yield from (Fact("author", name, start, end) for name in names_in(signed.group("names")))


def _of_columns(line: str, start: int) -> Iterator[Fact]:
    """Names and dates of a line in columns, as memoranda have them above their title."""
    for cell in COLUMN.finditer(line):
        words = cell.group()
        span = (start + cell.start(), start + cell.end())
        if INITIALS.match(words):
            yield Fact("author", re.sub(r",?\s*Ed(?:itor)?s?\.?$", "", words), *span)
        elif DATE.fullmatch(words):
            yield Fact("date", words, *span)


def names_in(value: str) -> list[str]:
    """The names of a list of names ("Ada Fell and Jon de Vries"); the whole where it is something else."""
    value = value.strip(" *_.,;")
    if re.fullmatch(rf"{PERSON}(?:{_AND}{PERSON})*", value):
        return [" ".join(name.split()) for name in re.split(_AND, value)][:MOST_AUTHORS]
    return [value] if value else []


def _first_of(found: Sequence[Fact]) -> Iterator[Fact]:
    """One title, one date, and the authors of the first line that names any and of lines of its kind right under it."""
    names: tuple[FactName, ...] = ("title", "author", "date")
    for name in names:
        own = [fact for fact in found if fact.name == name]
        if name != "author":
            yield from own[:1]
            continue
        seen: set[str] = set()
        for fact in own[:MOST_AUTHORS]:
            if fact.value.casefold() not in seen:
                seen.add(fact.value.casefold())
                yield fact
