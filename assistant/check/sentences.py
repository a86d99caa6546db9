"""A text that is to be checked, to the sentences that claim something.

Mark-up of Markdown and marks of citations ("[1]") are blanked, so that every offset holds: `said` has as many
characters as the sentence.
But: nothing here looks at a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.check.wording.frames import without_frames
from assistant.types import NOT_IN_THE_SOURCE
from ingest.deadline import unchecked
from ingest.layout.paragraphs import BULLETS, paragraph_spans
from ingest.sentences import split_sentences
from vectorstore.english import one_of
from vectorstore.types import Span

_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_RULE = re.compile(r"[ \t]*(?:[-=_*|:+][ \t]*){3,}$")
_TABLE_RULE = re.compile(r"[ \t]*\r?\n[ \t]*(?=[|:-])[|: \t]*-[-|: \t]*(?:\r?\n|$)")
_BULLET = re.compile(rf"\s*(?:>\s*)*(?:(?:[-*+{BULLETS}–]|\(?\d{{1,3}}[.)])\s+)?(?:\[[ xX]\]\s+)?")
_CITED = re.compile(r"\s?(?:\[\^?(\d{1,3})\](?!\()|【(\d{1,3})(?:†[^】]{0,80})?】)")
_MARKS = re.compile(
    r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)"  # what is behind the words of a link
    r"|!?\[(?=[^\[\]\n]*\]\()"
    r"|</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>"
    r"|(?<!\\)(?:\*{1,3}|~~|==|`+)|(?<!\w)_{1,3}(?=\w)|(?<=[\w.,;!?])_{1,3}(?!\w)|\\(?=[\\`*_{}\[\]()#+.!|<>~-])"
)
_QUESTION = re.compile(r"\?[\"”’')\]\s]*$")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TALK = re.compile(
    rf"(?:{one_of('hello hi hey thanks thank_you sorry')}\b.{{0,40}}"
    rf"|{one_of('sure certainly of_course absolutely great welcome')}\b"
    rf"(?:[!. ]*|[,!.]? {one_of('here i_can i_will i_would let_me happy_to glad_to question')}\b.{{0,40}})"
    r"|(?:i (?:hope|trust) (?:this|that)|let me know|feel free|(?:i am|i'm) happy to|please let"
    r"|if you (?:have|need|want))\b.*"
    rf"|(?:(?>{one_of('yes yeah yep no nope ok okay right true exactly correct agreed indeed wow')}\b"
    rf"|{one_of('i_agree i_see i_think_so')}\b"
    rf"|{one_of('good_question great_question interesting')}\b|{one_of('that this it')}"
    rf"(?: {one_of('is was sounds might_be may_be could_be')}\b|['’]s\b)"
    rf"(?: {one_of('so really very quite pretty a an')}\b)*+"
    rf"(?: {one_of('interesting great good cool nice true right correct amazing question point fact one')}\b)?+)"
    r"[,!. ]*+)++"
    r"|(?:i (?:do not|don't|cannot|can't) (?:know|answer|find|say|help|tell)"
    r"|(?:the|this) (?:source|article|text|document|passage|context)s? (?:does|do|did|doesn|don)(?:'t| not)"
    r" (?:say|mention|state|specify|contain|provide|answer|give|tell|include|discuss|address)"
    r"|there is no (?:information|mention)|not in the source|no answer)\b.*)$",
    re.I | re.S,
)
_LEANS = re.compile(
    r"[\s“\"‘'(\[]*(?:(?:But|And|Yet|So|Then|However|Later|Still|Also|Afterwards?|Thus|Therefore|Moreover|Instead),? )?"
    r"(?:he|she|they|it|his|her|their|its|him|them|this|these|those|that|such|both|neither|there"
    r"|the (?:latter|former|same|two))\b",
    re.I,
)
_SUBJECT = re.compile(r"[^\W\d_][\w’'.-]*")
LONGEST = 1_000
"""Characters of a sentence that is checked as one."""
BEFORE = 2
"""How many sentences before one are read with it where it leans on them."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a text, `text[start:end]`. `said`: the same without mark-up, marks of citations and words that
    only say where it stands ("According to the text,"), which are blank; `whole`: with these words; `cites`: the
    numbers of the marks; `before`: the sentences before it that it leans on, "" where it stands for itself;
    `checkable`: it claims something."""

    start: int
    end: int
    said: str
    cites: tuple[int, ...]
    before: str
    checkable: bool
    whole: str = ""

    @property
    def searched(self) -> str:
        """What is searched for: the sentence after those it leans on, on one line."""
        return " ".join(f"{self.before} {self.said}".split())


def claims_of(text: str) -> list[Claim]:
    """The sentences of a text in order; all of it that is not blank lies in one of them, but for rules and fences."""
    found: list[Claim] = []
    earlier: list[str] = []
    for start, end, heading in _pieces(text):
        whole = said_in(text[start:end])
        checkable = not heading and claims_something(whole)
        said = without_frames(whole) if checkable else whole
        leans = checkable and bool(_LEANS.match(said))
        before = " ".join(earlier[-BEFORE:]) if leans else ""
        cites = tuple(int(a or b) for a, b in _CITED.findall(text[start:end]))
        found.append(Claim(start, end, said, cites, before, checkable, whole))
        if checkable:
            earlier.append(" ".join(said.split()))
    return _with_marks_behind(text, found)


def said_in(sentence: str) -> str:
    """A sentence without mark-up and citation marks, which are blank; as many characters."""
    blank = _CITED.sub(_blank, sentence)
    blank = _MARKS.sub(_blank, blank)
    opening = _BULLET.match(blank)
    end = opening.end() if opening else 0
    return "".join(c if c.isprintable() else " " for c in " " * end + blank[end:])


def claims_something(said: str) -> bool:
    """Whether a sentence states something that a source could support: it is no question, greeting, introduction
    ("The following people signed:") or word about the source's silence, and has letters."""
    line = " ".join(said.split())
    if not _LETTERS.search(line) or _QUESTION.search(line) or line.endswith(":"):
        return False
    if line.strip('"“”*_ ').rstrip(".") == NOT_IN_THE_SOURCE.rstrip("."):
        return False
    return not _TALK.match(line.replace("’", "'"))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """The sentences, and whether each is a heading."""
    fenced = False
    for start, end in paragraph_spans(text, unchecked):
        for first, last in _lines(text, start, end):
            line = text[first:last]
            if _FENCE.match(line):
                fenced = not fenced
            elif _RULE.match(line):
                continue
            elif _HEADING.match(line) or fenced:
                yield first, last, not fenced
            elif line.count("|") > 1:
                header = bool(_TABLE_RULE.match(text, last))
                yield from ((*piece, header) for piece in _cut(text, first, last))
            else:
                for a, b in split_sentences(text, first, last):
                    yield from ((*piece, False) for piece in _cut(text, a, b))


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence, one beyond LONGEST in parts: where a clause ends, else between two words, else anywhere."""
    while end - start > LONGEST:
        part = text[start : start + LONGEST]
        ends = [m.end() for m in re.finditer(r"[;:,|]\s", part)] or [m.end() for m in re.finditer(r"\s", part)]
        at = start + (ends[-1] if ends else LONGEST)
        yield _stripped(text, start, at)
        start = _stripped(text, at, end)[0]
    if start < end:
        yield start, end


def _lines(text: str, start: int, end: int) -> list[Span]:
    """A paragraph cut around its lines that stand for themselves: headings, rows of a table, items, fences."""
    found: list[Span] = []
    at = start
    for match in re.finditer(r"[^\r\n]+", text[start:end]):
        line, first = match.group(), start + match.start()
        alone = _HEADING.match(line) or _FENCE.match(line) or _RULE.match(line) or line.count("|") > 1
        if alone or re.match(r"\s*(?:[-*+•]|\d{1,3}[.)])\s", line):
            if text[at:first].strip():
                found.append((at, first))
            at = first
        if alone:
            found.append((first, start + match.end()))
            at = start + match.end()
    if text[at:end].strip():
        found.append((at, end))
    return [_stripped(text, *span) for span in found]


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _with_marks_behind(text: str, claims: list[Claim]) -> list[Claim]:
    """The claims; a citation mark that the splitter has set apart from its sentence ("It is so. [2]") belongs to the
    one before."""
    found: list[Claim] = []
    for claim in claims:
        if found and claim.cites and not re.search(r"\w", claim.said):
            before = found[-1]
            more = " " * (claim.end - before.end)
            cites, said, whole = before.cites + claim.cites, before.said + more, before.whole + more
            found[-1] = Claim(before.start, claim.end, said, cites, before.before, before.checkable, whole)
        else:
            found.append(claim)
    return found
