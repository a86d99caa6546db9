"""Characters to words, and words to rows: what stands on one base line, from left to right over the whole page.

Raised and lowered letters join the word that they belong to, and struck-out letters are left out.

But: a row may run through several columns; `order` cuts it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from unicodedata import bidirectional

from ingest.convert.pdf.hyphens import is_known
from ingest.convert.pdf.types import Box, Glyph, Role, Sheet, Word
from ingest.convert.writing.scripts import lowered, raised

_SMALLER = 0.87
"""How large raised and lowered letters are at most, beside those of their word."""
_LONGEST_MARK = 12
_MOST_LOOKED_AT = 5_000_000
"""Letters near rules on one page, each counted for each rule: a drawing of very many lines strikes nothing out."""
_LETTERS = re.compile(r"[^\W\d_]+")
_BEFORE_NOTE = 0.8
"""Of the size of its letters: how far before a note its mark may stand."""
_OPENING = "\"'“”‘„«»"
_MOST_INITIALS = 200
"""On one page."""
_TOUCHING = 0.12
"""Of the size of the letters: a narrower gap is none."""


@dataclass(slots=True, eq=False)
class _Piece:
    """Letters of one size without a blank in them, drawn one after another. `host` is the piece that it is raised or
    lowered beside, `leads` says that it stands before it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    blank: bool
    order: int
    backwards: bool = False
    struck: bool = False
    role: Role = ""
    host: _Piece | None = None
    leads: bool = False
    initial: bool = False


def rows_of(sheet: Sheet) -> tuple[list[list[Word]], int]:
    """The rows of a page from top to bottom, and how many letters were left out because they are struck out: words
    without text keep their place."""
    struck = _struck(sheet)
    pieces = _pieces(sheet.glyphs, struck)
    _attach(pieces)
    return [_words(row, sheet.number) for row in _rows(pieces)], len(struck)


def _struck(sheet: Sheet) -> set[int]:
    """Which letters are struck out."""
    glyphs = sheet.glyphs
    level = [rule for rule in sheet.rules if rule.right - rule.left >= 3 > rule.bottom - rule.top]
    if not glyphs or not (level or sheet.struck):
        return set()
    order = sorted(range(len(glyphs)), key=lambda index: glyphs[index].base)
    bases = [glyphs[index].base for index in order]
    tallest = max(glyph.size for glyph in glyphs)
    gone: set[int] = set()
    looked = 0
    for rule in level:
        y = (rule.top + rule.bottom) / 2
        near = order[bisect_left(bases, y) : bisect_left(bases, y + 0.5 * tallest)]
        looked += len(near)
        if looked > _MOST_LOOKED_AT:
            break
        under = [
            index
            for index in near
            if 0.12 < (glyphs[index].base - y) / max(glyphs[index].size, 1) < 0.45
            and rule.left - 1 <= (glyphs[index].left + glyphs[index].right) / 2 <= rule.right + 1
        ]
        if under:
            slack = 0.6 * glyphs[under[0]].size
            first, last = min(glyphs[i].left for i in under), max(glyphs[i].right for i in under)
            wide = rule.right - rule.left >= 0.9 * (last - first) if len(under) == 1 else True  # not the bar of an E
            if wide and rule.left > first - slack and rule.right < last + slack:
                gone.update(under)
    for area in sheet.struck:
        near = order[bisect_left(bases, area.top) : bisect_left(bases, area.bottom + 1)]
        gone.update(i for i in near if area.left - 1 <= (glyphs[i].left + glyphs[i].right) / 2 <= area.right + 1)
    return gone


def _pieces(glyphs: Sequence[Glyph], struck: set[int]) -> list[_Piece]:
    pieces: list[_Piece] = []
    piece: _Piece | None = None
    for at, (text, left, top, right, bottom, base, size, blank) in enumerate(glyphs):
        gone = at in struck
        if piece is not None and not blank and gone == piece.struck:
            gap = piece.left - right if piece.backwards else left - piece.right
            if (
                -0.5 * size < gap < 0.2 * size
                and abs(base - piece.base) < 0.04 * size + 0.2
                and abs(size - piece.size) <= 0.05 * size
            ):
                piece.text += text
                piece.left, piece.right = min(piece.left, left), max(piece.right, right)
                piece.top, piece.bottom = min(piece.top, top), max(piece.bottom, bottom)
                continue
        backwards = ord(text[0]) > 0x58F and bidirectional(text[0]) in ("R", "AL")
        piece = _Piece(text, left, top, right, bottom, base, size, blank, len(pieces), backwards, gone)
        pieces.append(piece)
    return pieces


def _attach(pieces: Sequence[_Piece]) -> None:
    """Finds the pieces that are raised or lowered and what they stand beside: what is drawn before or after them, or
    elsewhere what touches them."""
    if len({piece.base for piece in pieces}) < 2:
        return
    loose: list[_Piece] = []
    large: list[_Piece] = []
    usual = median(piece.size for piece in pieces)
    for at, piece in enumerate(pieces):
        if len(piece.text) > _LONGEST_MARK or piece.struck:
            continue
        before = pieces[at - 1] if at else None
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if before is not None and _hang(piece, before, leads=False, after=after):
            continue
        if after is not None and _hang(piece, after, leads=True, after=None):
            continue
        if piece.size > 1.6 * usual and len(piece.text) <= 2:
            large.append(piece)
        elif piece.size <= _SMALLER * usual:
            loose.append(piece)
    for piece in large[:_MOST_INITIALS]:
        if (first := _begun_by(piece, pieces)) is not None:
            piece.base, piece.initial = first.base, True
    if not loose:
        return
    order = sorted((piece for piece in pieces if not piece.role), key=lambda piece: piece.base)
    bases = [piece.base for piece in order]
    for piece in loose:
        near = order[bisect_left(bases, piece.base - usual) : bisect_left(bases, piece.base + usual)]
        for host in near[:400]:
            if host is not piece and not host.role and _hang(piece, host, leads=False, after=None):
                break


def _hang(piece: _Piece, beside: _Piece, *, leads: bool, after: _Piece | None) -> bool:
    """Hangs a piece on the one beside it, or on what that hangs on, where it is raised or lowered."""
    host = beside.host or beside
    if host is piece or (leads and beside.role):
        return False
    gap = host.left - piece.right if leads else piece.left - beside.right
    if not -0.35 * host.size < gap < (_BEFORE_NOTE if leads else 0.22) * host.size:
        return False
    role = _role(piece, host, leads)
    if not role or (after is not None and _goes_on(piece, after)):
        return False
    piece.role, piece.host, piece.leads = role, host, leads
    return True


def _role(piece: _Piece, host: _Piece, leads: bool) -> Role:
    rise = (host.base - piece.base) / max(host.size, 1)
    if piece.size <= _SMALLER * host.size and host.size < 2.3 * piece.size:
        return "raised" if 0.1 < rise < 0.75 else "lowered" if -0.5 < rise < -0.05 else ""
    alike = piece.size <= 1.05 * host.size < 1.25 * piece.size
    highest = 0.75 if leads and piece.text.isdecimal() else 0.6  # marks of notes are set apart from them
    return "raised" if alike and 0.18 < rise < highest and len(piece.text) <= 4 else ""


def _goes_on(piece: _Piece, after: _Piece) -> bool:
    """Whether a line of the same letters goes on behind it: then it is a line of its own."""
    alike = abs(after.base - piece.base) < 0.5 and abs(after.size - piece.size) < 0.5
    return (
        alike
        and -0.5 < after.left - piece.right < 1.2 * piece.size
        and any(letter.isalpha() for letter in piece.text + after.text)
    )


def _begun_by(piece: _Piece, pieces: Sequence[_Piece]) -> _Piece | None:
    """What a large first letter begins: the uppermost of the lines beside it, whenever that is drawn."""
    beside = [one for one in pieces if _is_initial(piece, one)]
    for first in sorted(beside, key=lambda one: (one.base, one.left)):
        line = (one for one in pieces if abs(one.base - first.base) < 0.25 * first.size and one is not piece)
        if not any(piece.left < one.right <= first.left for one in line):  # else it runs above or below it
            return first
    return None


def _is_initial(piece: _Piece, beside: _Piece) -> bool:
    """Whether it may be a large first letter of what is beside it, on its base line or hanging down beside lines."""
    hangs = piece.base - beside.base
    return (
        piece.text.lstrip(_OPENING)[:1].isalpha()
        and piece.size > 1.6 * beside.size
        and (abs(hangs) < 0.1 * beside.size or 0.5 * beside.size < hangs)
        and piece.top - 0.5 * beside.size < beside.base
        and -0.2 * beside.size < beside.left - piece.right < 1.2 * beside.size
    )


def _rows(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    hung: dict[int, list[_Piece]] = {}
    for piece in pieces:
        if piece.host is not None:
            hung.setdefault(piece.host.order, []).append(piece)
    rows: list[list[_Piece]] = []
    base = size = 0.0
    for piece in sorted((piece for piece in pieces if piece.host is None), key=lambda piece: (piece.base, piece.left)):
        if not rows or piece.base - base > 0.25 * max(min(size, piece.size), 2):
            rows.append([])
            base = piece.base
        size = piece.size
        rows[-1].append(piece)
    for row in rows:
        letters = sum(len(piece.text) for piece in row)
        turned = sum(len(piece.text) for piece in row if piece.backwards)
        row.extend(mark for piece in list(row) for mark in hung.get(piece.order, ()))
        row.sort(key=lambda piece: -piece.right if 2 * turned > letters else piece.left)
    return rows


def _words(row: Sequence[_Piece], page: int) -> list[Word]:
    words: list[Word] = []
    before: _Piece | None = None
    run, root = "", ""
    for piece in row:
        text, mark, glued = piece.text, "", False
        joins = before is not None and not before.struck and _touches(before, piece)
        if piece.struck:
            if not joins:
                place = (piece.left, piece.top, piece.right, piece.bottom)
                words.append(Word("", page, *place, piece.base, piece.size))
            before = piece
            continue
        if piece.role and piece.host is not None:
            if piece.role == "lowered":
                text, joins = lowered(piece.text), joins or (bool(words) and not piece.leads)
            elif piece.leads:
                apart = piece.host.left - piece.right > _TOUCHING * piece.host.size
                text = raised(piece.text, "", " " * apart + piece.host.text)
                mark = piece.text if text.startswith("[") else ""
            elif run and words and before is not None and before.host is piece.host and _touches(before, piece):
                run += piece.text  # "1", "/" and "3" are one power
                words[-1] = replace(words[-1], text=root)
                text, joins = raised(run, _tail(words), ""), True
            else:
                text, joins = raised(piece.text, _tail(words), ""), bool(words)
                run, root = piece.text, words[-1].text if words else ""
        elif before is not None and before.leads and before.host is piece:
            joins = joins and not words[-1].mark
        if piece.role != "raised" or piece.leads:
            run = ""
        if joins and words:
            last = words[-1]
            box = last.box.joined(Box(piece.left, piece.top, piece.right, piece.bottom))
            keeps = piece.role or (last.size >= piece.size and not (before and before.initial))
            base, size = (last.base, last.size) if keeps else (piece.base, piece.size)
            words[-1] = Word(last.text + text, page, *box, base, size, last.mark, order=last.order)
        else:
            base, size = (piece.host.base, piece.host.size) if piece.host is not None else (piece.base, piece.size)
            place = (piece.left, piece.top, piece.right, piece.bottom)
            words.append(Word(text, page, *place, base, size, mark, glued, piece.order + 1))
        before = piece
    return words


def _tail(words: Sequence[Word]) -> str:
    """The end of what stands before a raised mark: the last word, and the one before it for units."""
    return " ".join(word.text for word in words[-2:])[-40:]


def _is_begun(initial: str, text: str) -> bool:
    """Whether a large first letter begins the word beside it, and is none by itself ("A harbour"), nor one beside a
    name ("M Museum of Boats")."""
    rest = _LETTERS.match(text)
    if rest is None or is_known((initial + rest.group()).lower()):
        return True
    word = rest.group()
    if word[0].isupper() and not word.isupper():
        return False
    return initial.lower() not in ("a", "i", "o") or not is_known(word.lower())


def _touches(before: _Piece, piece: _Piece) -> bool:
    """Whether no blank stands between two pieces of a row."""
    size = min(before.size, piece.size)
    gap = before.left - piece.right if before.backwards and piece.backwards else piece.left - before.right
    if before.initial:
        return _is_begun(before.text.lstrip(_OPENING), piece.text)
    if piece.order == before.order + 1 and not before.role:
        return not piece.blank and gap < 0.2 * size
    return gap < _TOUCHING * size
