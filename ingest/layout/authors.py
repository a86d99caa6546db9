"""The names of authors that stand under a title without "by", as in papers:

    A slow census of marsh lanterns          The keeper of the lock
    Nora Whitcombe[1] and Ivo Lasker[2]      Marta Ehlers
    [1] Fen Institute                        Published 12 May 2019

A name counts with something that authors have: a mark that leads to an institute, an e-mail address that holds it, the
abstract or "Published" right below; several also with an institute or a date there.

But: names with nothing of this are nobody's, for they may be places, dishes, teams or those whom the text is about; nor
is one with a bare date, for that is how letters begin: "Port Alder, 12 May 2019".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.layout.letters import DATE
from vectorstore.english import one_of, word_set
from vectorstore.types import Fact, Span

MOST_LINES = 40
"""Lines under a title that may name authors."""
LONGEST = 300
MOST_WORDS = 5
SHORT_LINE = 100
"""Characters of a line that may name an institute; a longer one is prose."""
SHORTEST_TEXT = 400
"""Characters of a text of which several people may be the authors: a shorter one may be a programme or a poster."""
_MARK = re.compile(r"\s?(?:\[[\d,; –*†‡§a-z-]{1,12}\]|\^\(?[\w,∗*†‡§]{1,8}\)?|[*†‡§¶∗⁎⋆¹²³⁰⁴-⁹⁺]+)(?=[\s,;&]|$)")
_LED = re.compile(r"^(?:\[[^\]]{1,8}\]|[\d*†‡§∗¹²³⁰⁴-⁹]+)\s")
_AND = re.compile(r"\s*[,;]\s*(?:and\s+|&\s*)?|\s+(?:and|und|et|&|·|•)\s+")
_WORD = r"(?:[^\W\d_a-z](?:[’'.-]?\w)*\.?)"
_PARTICLE = r"(?:van|von|de|der|den|del|della|di|da|du|la|le|el|al|bin|ibn|ter|ten|zu|af|av)"
_PERSON = re.compile(rf"{_WORD}(?:\s(?:{_PARTICLE}\s){{0,2}}{_WORD}){{1,{MOST_WORDS - 1}}}")
_NO_NAME = word_set(
    """a an the of in on at and or to for from with by not no is are was all this that our my chapter part section
    volume abstract summary introduction contents keywords draft version report minutes notes act scene table figure
    january february march april june july august september october november december monday tuesday wednesday
    thursday friday
    saturday sunday north south east west upper lower new old great saint st mr mrs ms dr prof"""
)
"""Words that no name holds, or that make a place of it."""
_BODY = re.compile(
    r"\b"
    + one_of(
        """university universität université universidad universidade universitet institute institut instituto college
        school department dept faculty laboratory laboratories labs? centre center society club association council
        committee ministry agency company corporation corp inc ltd llc gmbh ag plc press review journal magazine times
        news hospital museum library academy foundation group team bureau office church union party board authority
        service services systems software research studio trust court street road avenue lane box"""
    )
    + r"\b",
    re.I,
)
_MAIL = re.compile(r"(?P<local>[\w.+-]{2,40})@[\w-]+\.")
_BEGINS = re.compile(r"[#*_\d.\s]*(?:abstract|summary|introduction|key ?words?|contents|table of contents)\b", re.I)
_DATED = re.compile(rf"(?:(?:first )?published\b.{{0,30}}|posted\b.{{0,10}}|[\w,]{{0,12}}\s?)?{DATE.pattern}", re.I)
_PUBLISHED = re.compile(r"(?:first )?published\b|posted\b", re.I)
_SEPARATOR = re.compile(r"\s+[·•|–—]\s+|,\s+(?=\d)")


def authors_under(text: str, lines: Sequence[Span]) -> Iterator[Fact]:
    """The authors, and the date on their line, that stand under the title, the first of these `lines`."""
    block = [line for line in lines[1 : MOST_LINES + 1] if any(map(str.isalpha, text[slice(*line)]))]
    end = next((at for at, line in enumerate(block) if _BEGINS.match(text[slice(*line)])), None)
    block = block[: len(block) if end is None else end]
    if not block or block[0][1] - block[0][0] > LONGEST:
        return
    first = _plain(text[slice(*block[0])])
    line, between, rest = (first, "", "") if _persons(first) else _parted(first)
    names = _persons(line)
    marked = bool(_MARK.search(text[slice(*block[0])]))
    dated = _DATED.match(rest) if between.strip() in ("·", "•", "|") else None
    signed = names and (_is_signed(text, block, names, marked or bool(dated)) or (end == 1 and len(block) == 1))
    if names and (signed or (len(names) > 1 and _BODY.search(first))):
        yield from (Fact("author", name, *block[0]) for name in names)
        if dated and (date := DATE.search(rest)):
            yield Fact("date", date.group(), *block[0])
        if end is not None:
            yield from _others(text, block, set(names))


def _parted(line: str) -> tuple[str, str, str]:
    """A line of names, what parts them from what stands behind them, and that: "Silje Aune · 14 September 2023"."""
    found = _SEPARATOR.search(line)
    return (line[: found.start()], found.group(), line[found.end() :]) if found else (line, "", "")


def _plain(line: str) -> str:
    return " ".join(_MARK.sub("", line.strip("#*_ ")).split())


def _persons(line: str) -> list[str]:
    """The names that a line consists of, before an institute if one stands behind them; none where it is something
    else."""
    names: list[str] = []
    for part in filter(None, _AND.split(line)):
        if _BODY.search(part) and names:
            return names
        if not _PERSON.fullmatch(part) or _BODY.search(part) or _is_no_name(part):
            return []
        names.append(part)
    return names


def _is_no_name(part: str) -> bool:
    return any(word.strip(".").lower() in _NO_NAME for word in part.split())


def _is_signed(text: str, block: Sequence[Span], names: Sequence[str], marked: bool) -> bool:
    """Whether names right under the title are those of its authors."""
    after = [text[slice(*line)] for line in block[1:5]]
    if any(_is_of(names[0], one) for one in after):
        return True
    below = _DATED.match(after[0].strip("*_ ")) if after else None
    if below is not None and _PUBLISHED.match(below.group()):
        return True
    if len(text) < SHORTEST_TEXT:
        return False
    institutes = any(_BODY.search(one) for one in after if len(one) <= SHORT_LINE)
    return marked or (len(names) > 1 and (below is not None or institutes))


def _is_of(name: str, line: str) -> bool:
    """Whether a line holds an e-mail address with one of somebody's names."""
    local = " ".join(found["local"].lower() for found in _MAIL.finditer(line))
    return any(len(word) > 2 and word.lower() in local for word in name.split())


def _others(text: str, block: Sequence[Span], known: set[str]) -> Iterator[Fact]:
    """Those whose names stand by themselves further down, above their institute or address."""
    for at, line in enumerate(block[1:], 1):
        words = text[slice(*line)]
        names = _persons(_plain(words)) if len(words) <= LONGEST and not _LED.match(words) else []
        after = " ".join(text[slice(*other)] for other in block[at + 1 : at + 4])
        if (
            len(names) == 1
            and names[0] not in known
            and not _BODY.search(words)
            and (_BODY.search(after) or _is_of(names[0], after))
        ):
            known.add(names[0])
            yield Fact("author", names[0], *line)
