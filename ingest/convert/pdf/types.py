"""What a page of a PDF is made of, from its characters to its lines.

All places are in points from the page's top left corner as it is shown, turned and cropped; y grows downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Box(NamedTuple):
    """A rectangle on a page."""

    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: Box) -> Box:
        """The smallest rectangle around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


class Glyph(NamedTuple):
    """A character where it is drawn. `base` is its base line, `size` the height of its letters, `blank` whether a blank
    or a new line stands before it in the order of drawing."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    blank: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is drawn: characters in the order of drawing; `turned` are those written sideways, word by word;
    `rules` are lines and thin bars; `struck` are areas that a reviewer has marked as struck out; `drawn`: it holds
    something, if only a picture; `unseen`: so many words that nobody sees were left out; `turn`: by so many degrees it
    was turned clockwise, so that most of its letters stand upright. All its places are those on the turned page;
    `entries`: what is filled into its fields; `asides`: what is written sideways, on sheets turned for reading;
    `small`: shapes that may be bullets; `comments`: so many remarks of reviewers say something."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    turned: list[Turned] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    struck: list[Box] = field(default_factory=list)
    drawn: bool = False
    unseen: int = 0
    turn: int = 0
    entries: list[Entry] = field(default_factory=list)
    asides: list[Sheet] = field(default_factory=list)
    small: list[Box] = field(default_factory=list)
    comments: int = 0

    @property
    def is_picture(self) -> bool:
        """Whether it shows something, and no text."""
        return self.drawn and not self.glyphs and not self.turned


@dataclass(frozen=True, slots=True)
class Turned:
    """Some words that are written sideways."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Entry:
    """What a field of a form says, on one line: `told` is what readers are told to call it, `option`, of one of several
    to choose from, what that one is called in the file; a box to tick says ☒ or ☐. One without a name is no field, but
    typed onto the page."""

    name: str
    told: str
    value: str
    box: Box
    option: str = ""


BULLET = "•"
"""The text of a word that stands for a shape; its `order` is that of the word behind it."""
Role = Literal["", "raised", "lowered"]


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a blank between them, as the document's text will hold them: `10⁶`, `1931.[2]`. `mark` is the
    footnote mark that it begins with, or ""; `glued`: no blank stands before it in its line; `order`: where it
    comes in the order of drawing, 0 where that is not known; `entries`: what is filled into a form
    behind it. One without text keeps the place of what is struck out, or, where it has no size either, of a table."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    mark: str = ""
    glued: bool = False
    order: int = 0
    entries: tuple[Word, ...] = ()

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.right, self.bottom)


Row = list[Word]
"""What stands on one base line, from left to right over the whole page."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one base line of one column; `column` numbers the columns of the document in reading order. `sideways`:
    it is written from bottom to top, or at an angle; `listed`: it is one of a list, if it does not go on with the line
    before it."""

    words: tuple[Word, ...]
    column: int = 0
    sideways: bool = False
    listed: bool = False

    @property
    def text(self) -> str:
        words = [word for word in self.words if word.text]
        parts = [part for word in words for part in (word, *word.entries)]
        return "".join(part.text if part.glued or not at else " " + part.text for at, part in enumerate(parts))

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        """The height of most of its letters."""
        sizes: dict[float, int] = {}
        for word in self.words:
            sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
        return max(sizes, key=lambda size: (sizes[size], size))

    @property
    def page(self) -> int:
        return self.words[0].page


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells on a page or several, the last of them `page`; a cell is its words in reading order. `box` is where
    its last part stands; `headed`: whether its first row is one of headers, None where that is to be seen from
    the cells; `doubt`: whether it is in doubt which of its lines are rows."""

    rows: tuple[tuple[tuple[Word, ...], ...], ...]
    page: int
    box: Box
    column: int = 0
    headed: bool | None = None
    doubt: bool = False
