"""The numbers of lists and headings as Word counts them: "3.", "(b)", "2.1", also where a list goes on after a break.

A list (`num`) takes its levels from an abstract one, and lists of one abstract list count on together, unless one says
that it starts anew. A number restarts below a higher one.

But: bullets have no number; pictures and other scripts than these are written as figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from ingest.convert.word.package import W, is_on, value
from ingest.convert.writing.numbers import numeral

_PLACE = re.compile(r"%([1-9])")
_FORMS = {"upperRoman": "I", "lowerRoman": "i"}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    format: str = "decimal"
    text: str | None = None
    start: int = 1
    restart: int | None = None
    legal: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands in a list: its level from 0, and its number, None for a bullet."""

    level: int
    label: str | None


class Numbering:
    """Counts the paragraphs of a document, which are to be asked for in their order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        self._nums: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        links = {
            value(one.find(W + "styleLink")): value(one, "abstractNumId") or "" for one in root.iter(W + "abstractNum")
        }
        for one in root.iter(W + "abstractNum"):
            identity = value(one, "abstractNumId") or ""
            self._abstract[identity] = {_index(lvl): _level(lvl) for lvl in one.iter(W + "lvl")}
        follows = {
            value(one, "abstractNumId") or "": links.get(value(one.find(W + "numStyleLink")))
            for one in root.iter(W + "abstractNum")
            if one.find(W + "numStyleLink") is not None
        }
        for num in root.iter(W + "num"):
            identity = value(num, "numId") or ""
            stated = value(num.find(W + "abstractNumId")) or ""
            abstract = follows.get(stated) or stated
            own = {_index(lvl): _level(lvl) for lvl in num.iterfind(f"{W}lvlOverride/{W}lvl")}
            starts = {
                _index(one): _number(value(one.find(W + "startOverride")), 1)
                for one in num.iterfind(W + "lvlOverride")
                if one.find(W + "startOverride") is not None
            }
            self._nums.setdefault(identity, (abstract, own, starts))
        first = {of: identity for identity, (of, _, _) in reversed(self._nums.items())}
        for one in root.iter(W + "abstractNum"):
            for lvl in one.iter(W + "lvl"):
                style, owner = value(lvl.find(W + "pStyle")), first.get(value(one, "abstractNumId") or "")
                if style and owner:
                    self._by_style.setdefault(style, (owner, _index(lvl)))

    def of_style(self, style: str | None) -> tuple[str, int] | None:
        """The list and level that a list itself gives to paragraphs of a style."""
        return self._by_style.get(style or "")

    def next(self, num: str, level: int) -> Place | None:
        """Counts one more paragraph of a list on a level; None for a list that there is not."""
        if num not in self._nums:
            return None
        level = min(max(level, 0), _LEVELS - 1)
        abstract, own, starts = self._nums[num]
        levels = {**self._abstract.get(abstract, {}), **own}
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if num not in self._begun:
            self._begun.add(num)
            for at in starts:
                if at < _LEVELS:
                    counts[at] = None
        this = levels.get(level, _Level())
        count = counts[level]
        counts[level] = starts.get(level, this.start) if count is None else count + 1
        for deeper in range(level + 1, _LEVELS):
            restart = levels.get(deeper, _Level()).restart
            if restart is None or (restart > 0 and level < restart):
                counts[deeper] = None
        if this.format == "bullet":
            return Place(level, None)
        text = this.text if this.text is not None else f"%{level + 1}."

        def place(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of = levels.get(at, _Level())
            if counts[at] is None:  # a level that was passed over
                counts[at] = starts.get(at, of.start)
            return _written(counts[at] or 0, "decimal" if this.legal and at < level else of.format)

        return Place(level, _PLACE.sub(place, text).strip())


def _level(lvl: Element) -> _Level:
    restart = value(lvl.find(W + "lvlRestart"))
    return _Level(
        value(lvl.find(W + "numFmt")) or "decimal",
        value(lvl.find(W + "lvlText")),
        _number(value(lvl.find(W + "start")), 1),
        None if restart is None else _number(restart, 0),
        is_on(lvl.find(W + "isLgl")),
    )


def _index(element: Element) -> int:
    return _number(value(element, "ilvl"), 0)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and len(text) < 7 and re.fullmatch(r"[+-]?[0-9]+", text) else otherwise


def _written(number: int, format: str) -> str:
    """A number in one of Word's formats."""
    if format == "none":
        return ""
    if format in ("upperLetter", "lowerLetter") and number > 0:  # a to z, aa, bb
        letters = chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 30)
        return letters.upper() if format == "upperLetter" else letters
    if format == "decimalZero":
        return f"{number:02}"
    if format == "ordinal":
        teen = number % 100 in (11, 12, 13)
        return f"{number}{'th' if teen else _ENDINGS.get(number % 10, 'th')}"
    if format == "decimalEnclosedParen":
        return f"({number})"
    return numeral(number, _FORMS.get(format, "1"))
