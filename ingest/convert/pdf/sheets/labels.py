"""The entries of a form in the text of their page: behind the words beside them, "Name of tenant: Dora Lindqvist" and
"☒ Smoker"; those beside which nothing stands, in a table behind the page.

There an entry is called what its file tells readers to call it, else by its own name where that is one, else by the
words above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.convert.pdf.hyphens import is_known
from ingest.convert.pdf.types import Box, Entry, Line, Row, Table, Word

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_MADE_UP = frozenset(
    {"text", "field", "textfield", "check", "box", "checkbox", "radio", "button", "group", "drop", "down", "dropdown"}
    | {"list", "combo", "listbox", "combobox", "choice", "option", "undefined", "untitled", "fill", "form", "page"}
    | {"topmost", "subform", "sub", "on", "off", "yes", "no"}
)
"""Words of names that programs give to fields."""
_LONGEST = 200
_SIZE = 5.0
"""Points: the letters of entries make no title, whatever the height of their field."""
_BOXES = ("☒", "☐")
_FAR, _FAR_BEHIND_COLON = 6.0, 30.0
"""Heights of letters from a label to its field, at most; from one that ends in a colon."""


def filled_in(entries: Sequence[Entry], rows: Sequence[Row], page: int) -> tuple[list[Row], list[list[Line] | Table]]:
    """The rows of a page with the entries in them, and what is to stand behind the page. Nothing is, where a form is
    not filled in."""
    found = [list(row) for row in rows]
    rest: list[Entry] = []
    if any(entry.value != "☐" for entry in entries):
        rest = [entry for entry in entries if not _placed(entry, found, page)]
    rest = [entry for entry in rest if entry.value != "☐" or not entry.option]
    named = [(label, entry) for entry in rest if (label := _label(entry, rows))]
    cells = [(_words(label, entry, page), _words(entry.option or entry.value, entry, page)) for label, entry in named]
    behind: list[list[Line] | Table] = []
    if cells:
        box = named[0][1].box
        for _, entry in named:
            box = box.joined(entry.box)
        behind.append(Table(tuple(dict.fromkeys(cells)), page, box, headed=False))
    typed = [entry for entry in rest if not entry.name]
    behind += [[Line(_words(entry.value, entry, page), listed=True)] for entry in typed]
    return found, behind


def _words(text: str, entry: Entry, page: int) -> tuple[Word, ...]:
    """All of a text as one word, which is marked where the field stands."""
    return (Word(text, page, *entry.box, entry.box.bottom, _SIZE),)


def _placed(entry: Entry, rows: Sequence[Row], page: int) -> bool:
    """Puts an entry behind the word to the left of it, a box that is ticked or not before the one to the right."""
    (word,) = _words(entry.value, entry, page)
    beside = _beside(entry.box, rows, right=True) if entry.value in _BOXES else None
    if beside is not None:
        row, at = beside
        row.insert(at, replace(word, base=row[at].base, size=row[at].size))
        return True
    beside = _beside(entry.box, rows, right=False)
    if beside is None:
        return False
    row, at = beside
    row[at] = replace(row[at], entries=(*row[at].entries, word))
    if at + 1 < len(row) and row[at + 1].text[:1] in tuple(",.;:)"):
        row[at + 1] = replace(row[at + 1], glued=True)
    return True


def _beside(box: Box, rows: Sequence[Row], *, right: bool) -> tuple[Row, int] | None:
    """The nearest word in the same line to the left or the right of a field: its row, and where it is in it."""
    best: tuple[float, Row, int] | None = None
    for row in rows:
        size = row[0].size
        if not size or not box.top - 2 < row[0].base - 0.3 * size < box.bottom + 2:
            continue
        for at, word in enumerate(row):
            end = max(word.right, *(entry.right for entry in word.entries), word.right)
            gap = word.left - box.right if right else box.left - end
            colon = not right and at + 1 == len(row) and word.text.endswith((":", "："))
            far = _FAR_BEHIND_COLON if colon else _FAR
            if -3 < gap < far * size and word.text and (best is None or gap < best[0]):
                best = gap, row, at
        if best is not None:
            break  # the first line beside a field of several
    return best[1:] if best is not None else None


def _label(entry: Entry, rows: Sequence[Row]) -> str:
    if entry.told:
        return entry.told[:_LONGEST]
    own = entry.name.rpartition(".")[2].partition("[")[0]
    if sound := sounding(own):
        return sound
    if not entry.name:
        return ""
    return _above(entry.box, rows)[:_LONGEST] or " ".join(own.replace("_", " ").split())


def sounding(name: str) -> str:
    """The words of a field's own name, "" where a program gave it: those of "MonthlyRent", not of "TextField1"."""
    parts = [part for part in _PART.findall(name) if not part.isdigit()]
    sounds = [part for part in parts if is_known(part.lower()) and part.lower() not in _MADE_UP]
    if not sounds or len(sounds) < len(parts):
        return ""
    return parted(name)


def parted(name: str) -> str:
    """The words of a field's own name: "Monthly Rent" of "MonthlyRent"."""
    return " ".join(name.replace("_", " ").split() if " " in name or "_" in name else _PART.findall(name))


def _above(box: Box, rows: Sequence[Row]) -> str:
    """The words right above a field."""
    near = [row for row in rows if row[0].size and 0 <= box.top - row[0].base < 1.5 * row[0].size]
    words = [word for word in near[-1] if word.left < box.right and word.right > box.left] if near else []
    return " ".join(word.text for word in words).strip(" _.…")
