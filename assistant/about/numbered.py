"""The numbered parts of a text: clauses, sections, articles, rules, with everything that belongs to each.

    4. Discipline                      (4)
    4.1 The committee may ...          (4, 1)
    (a) fine a member                  (4, 1, a)
    Rule 7                             rule (7)
    CHAPTER II. The road               chapter (2)

A part goes on to the next of its own rank or a higher one, or to a heading without a number behind which none of its
own parts follows.
But: what is only mentioned ("see clause 4.3") is no part, and a reference is never resolved.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from vectorstore.english import ONES, one_of, word_set
from vectorstore.types import Span

_SAME = {
    "cl": "clause",
    "cls": "clause",
    "sec": "section",
    "sect": "section",
    "s": "section",
    "§": "section",
    "art": "article",
    "reg": "regulation",
    "para": "paragraph",
    "par": "paragraph",
    "¶": "paragraph",
    "ch": "chapter",
    "chap": "chapter",
    "sch": "schedule",
    "sched": "schedule",
    "app": "appendix",
    "byelaw": "by-law",
    "bye-law": "by-law",
    "bylaw": "by-law",
    "no": "number",
    "subsection": "section",
    "sub-section": "section",
    "subclause": "clause",
    "sub-clause": "clause",
    "subparagraph": "paragraph",
    "sub-paragraph": "paragraph",
    "pt": "part",
}
_LABELS = word_set(
    """clause section article rule regulation paragraph point item chapter part schedule annex appendix step by-law
    amendment title number question principle standing_order canon lesson book act canto lot exhibit"""
)
LABEL = (
    r"(?:(?:sub-?)?(?:clause|section|paragraph)s?|article|rule|regulation|point|item|chapter|part|schedule|annex|appendix|"
    r"step|bye?-?law|amendment|title|number|question|principle|canon|lesson|book|act|canto|exhibit|"
    r"(?:cl|sec|sect|art|reg|para|par|ch|chap|sch|sched|app|pt|no)\b\.?|§{1,2}|¶)"
)
"""Words before a number, as they are written in texts and questions."""
ANY = word_set("clause section paragraph point item number")
"""Labels that people use for a part whatever it is called in the text."""
_OUTER = word_set("book title part chapter schedule annex appendix act canto")
_WORDS = f"{ONES} twenty"
_VALUES = {word: str(value) for value, word in enumerate(_WORDS.split())}
NUMBER = (
    r"(?:\d{1,4}[a-z]?(?:\.\d{1,3}[a-z]?)*(?:\s?\((?:\d{1,3}|[a-z]{1,4})\))*"
    rf"|[ivxlc]{{1,7}}|[a-h]|{one_of(_WORDS)})(?!\w)"
)
"""A number as it is written behind a label: 4, 2.3, 5(2), IV, B, four."""
_ROMAN = re.compile(r"(?=[ivxlc])(?:c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_LINE = re.compile(
    r"(?m)^[ \t>]*(?:#{1,6}[ \t]+|[-*+•][ \t]+)?(?:\*{1,3}|_{1,3})?"
    r"(?:"
    rf"(?P<label>(?i:{LABEL}))[ \t]*(?P<named>(?i:{NUMBER}))(?=[ \t]*[\r.:;,)(*_—–-]|[ \t]+[^a-z\s]|[ \t]*$)"
    r"|(?P<dotted>[0-9]{1,3}[A-Za-z]?(?:\.[0-9]{1,3}[A-Za-z]?)+)(?:\([0-9a-z]{1,4}\))*\\?[.):]?(?=[*_ \t\r—–]|$)"
    r"|(?P<bare>[0-9]{1,3}[A-Z]?|[IVXLC]{1,6})\\?(?:[.):](?=[*_ \t\r—–]|$)|[ \t]+(?=[A-Z“\"][^\n]{0,80}$))"
    r"|\((?P<paren>[0-9]{1,3}|[a-z]{1,4})\)(?=[ \t])"
    r")"
)
_INLINE = re.compile(r"(?<=[.;:!?] )(?P<dotted>[0-9]{1,3}(?:\.[0-9]{1,3})+)\.?(?= [A-Z“\"])")


_REFERS = re.compile(rf"(?i)\b{LABEL}(?:[ \t]+{NUMBER}(?:,|[ \t]+(?:and|or|to)))*$")
"""A line that ends in a reference whose number stands in the next one."""
_LONGEST_LINE = 400
_WRAPPED = 50
"""Characters of a line that may have been broken because the next word did not fit."""
MOST_MARKS = 100_000
"""Numbered lines of a text; those behind are not looked at."""
DEEPEST = 10
"""Parts of a number beyond which it is not looked for inside the part that holds it: 4(2)(b) has three."""
MOST_ALIKE = 20
"""So many parts of one name are looked at; a text in which more are called so is no text in numbered parts."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a numbered part begins: `label` is its word ("" for a number alone, "(" for one in brackets)."""

    start: int
    label: str
    number: tuple[str, ...]


def label_of(word: str) -> str:
    """The label that a word or an abbreviation stands for: "Cl." -> "clause", "§§" -> "section"."""
    plain = word.casefold().strip(". ").replace("§§", "§")
    plain = _SAME.get(plain, plain)
    return _SAME.get(plain.rstrip("s"), plain if plain in _LABELS or plain in _SAME.values() else plain.rstrip("s"))


def number_of(words: str) -> tuple[str, ...]:
    """The parts of a number: "5(2)" -> ("5", "2"), "IV" -> ("4",), "1.2 (b)" -> ("1", "2", "b")."""
    plain = words.casefold().strip()
    if plain in _VALUES:
        return (_VALUES[plain],)
    if re.fullmatch(r"[ivxlc]+", plain) and _ROMAN.fullmatch(plain):
        return (str(_arabic(plain)),)
    return tuple(re.findall(r"[0-9]+[a-z]?|[a-z]+", plain))


def _arabic(roman: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in roman]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def marks_of(text: str) -> list[Mark]:
    """Where the numbered parts of a text begin, in order."""
    found: list[Mark] = []
    before = ""
    for match in islice(_LINE.finditer(text), MOST_MARKS):
        mark, alone = _mark(match), match["bare"] or match["dotted"]
        if not match["paren"] and _is_mentioned(text, match.start(), mark.number, before if alone else ""):
            continue
        before = mark.number[0] if alone and len(mark.number) == 1 else before
        found.append(mark)
    found += [Mark(m.start(), "", number_of(m["dotted"])) for m in islice(_INLINE.finditer(text), MOST_MARKS)]
    return sorted(found, key=lambda mark: mark.start)


def _is_mentioned(text: str, start: int, number: tuple[str, ...], before: str) -> bool:
    """Whether a number at the beginning of a line only goes on with the line before it: "as set out in section / 7.".
    `before`: the number of the last part, where both have a number alone."""
    line = text[max(0, start - _LONGEST_LINE) : start].rpartition("\n")[0].rpartition("\n")[2].rstrip()
    if _REFERS.search(line):
        return True
    goes_on = len(line) >= _WRAPPED and (line[-1].isalnum() or line[-1] == ",")
    follows = number[0].isdigit() and before.isdigit() and int(number[0]) in (int(before), int(before) + 1)
    return goes_on and not follows


def _mark(match: re.Match[str]) -> Mark:
    if match["label"]:
        return Mark(match.start(), label_of(match["label"]), number_of(match["named"]))
    if match["paren"]:
        return Mark(match.start(), "(", (match["paren"].casefold(),))
    return Mark(match.start(), "", number_of(match["dotted"] or match["bare"]))


def find(text: str, marks: Sequence[Mark], headings: Sequence[Span], label: str, number: tuple[str, ...]) -> list[Span]:
    """The stretches of the text that are called so, those with that very label first; none where there are none.
    `headings`: where headings stand."""
    spans = [_part(text, marks, headings, mark) for mark in _called(marks, label, number)]
    if not spans and 1 < len(number) <= DEEPEST:
        for start, end in find(text, marks, headings, label, number[:-1]):
            inner = [m for m in marks if start <= m.start < end and m.label in ("(", "") and m.number == number[-1:]]
            spans += [_stripped(text, m.start, _end_of_inner(marks, m, end)) for m in inner[:1]]
    longest = max((end - start for start, end in spans), default=0)
    return [span for span in spans if span[1] - span[0] > longest / 20 or _has_words(text, span)]


def _called(marks: Sequence[Mark], label: str, number: tuple[str, ...]) -> list[Mark]:
    same = [mark for mark in marks if mark.number == number]
    for fits in (
        lambda mark: mark.label == label and label,
        lambda mark: mark.label == "",
        lambda mark: label in ANY | {""} and mark.label not in ("(", ""),
    ):
        found = [mark for mark in same if fits(mark)]
        if found:
            return found[:MOST_ALIKE]
    return []


def _part(text: str, marks: Sequence[Mark], headings: Sequence[Span], mark: Mark) -> Span:
    """From a mark to the end of its part."""
    first = _behind(marks, mark.start)
    end = next((marks[n].start for n in range(first, len(marks)) if _ends(mark, marks[n])), len(text))
    for start, after in headings[bisect_right(headings, mark.start, key=lambda span: span[0]) :]:
        if start >= end:
            break
        inside = range(_behind(marks, start - 1), _behind(marks, end - 1))
        if inside and marks[inside[0]].start < after:
            continue  # it has a number
        if not any(marks[n].number[: len(mark.number)] == mark.number for n in inside):
            end = start
            break
    item = not mark.label and len(mark.number) == 1 and not any(a <= mark.start < b for a, b in headings)
    item = item and not text.startswith("#", mark.start)
    if item and not any(_ends(mark, marks[n]) and marks[n].label == "" for n in range(first, len(marks))):
        end = min(end, _end_of_list(text, mark.start, end))
    return _stripped(text, mark.start, end)


def _end_of_list(text: str, start: int, most: int) -> int:
    """The end of the last item of a list: at a blank line behind which the text is neither indented nor an item."""
    after = re.compile(r"\n[ \t\r]*\n(?![ \t]*\(?[\w]{1,4}[.)]|[ \t])").search(text, start, most)
    return after.start() if after else most


def _behind(marks: Sequence[Mark], at: int) -> int:
    """Index of the first mark behind a place."""
    return bisect_right(marks, at, key=lambda mark: mark.start)


def _ends(mark: Mark, other: Mark) -> bool:
    """Whether another mark ends the part that begins with this one."""
    if other.label == "(":
        return False
    if other.label != mark.label:
        return other.label in _OUTER and mark.label not in _OUTER
    rank = len(other.number)
    if rank > len(mark.number) or other.number[:-1] != mark.number[: rank - 1]:
        return rank == 1 == len(mark.number) and bool(mark.label) and other.number != mark.number
    return bool(mark.label) or _value(other.number[-1]) > _value(mark.number[rank - 1])


def _end_of_inner(marks: Sequence[Mark], mark: Mark, most: int) -> int:
    """The end of a part in brackets: at the one that follows it, "(3)" behind "(2)", "(c)" behind "(b)"."""
    own = mark.number[0]
    following = str(int(own) + 1) if own.isdigit() else own[:-1] + chr(ord(own[-1]) + 1)
    after = (m.start for m in marks if mark.start < m.start < most and m.number == (following,))
    return next(after, most)


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _value(number: str) -> tuple[int, str]:
    digits = re.match(r"\d*", number)
    return (int(digits.group() or 0) if digits else 0, number.lstrip("0123456789"))


def _has_words(text: str, span: Span) -> bool:
    return len(re.findall(r"\w+", text[slice(*span)])) > 8


def pieces(text: str, span: Span) -> Iterator[Span]:
    """A part in pieces to be shown one after the other: its numbered lines, items and paragraphs."""
    starts = [m.start() for m in _LINE.finditer(text, *span)] + [m.start() for m in _INLINE.finditer(text, *span)]
    starts += [m.end() for m in re.compile(r"\n[ \t]*\r?\n\s*|\n(?=[ \t]*(?:[-*+•]|\|)[ \t])").finditer(text, *span)]
    edges = sorted({span[0], *(at for at in starts if span[0] < at < span[1]), span[1]})
    for start, end in pairwise(edges):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        if piece.strip():
            yield left, left + len(piece.strip())
