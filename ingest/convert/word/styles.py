"""What styles give to the paragraphs and runs of a Word document, along the styles that they are based on.

But: styles of tables are looked at for their first row alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from ingest.convert.word.package import W, is_on, value

_DEEPEST = 20
_MARKED = ("vanish", "strike", "dstrike", "vertAlign", "position")
"""Properties that hide, strike out, raise or lower a run."""
_SMALLEST = 4
"""Half points of a letter that nobody can read."""
_WHITE = re.compile("(?:F[A-F]){3}")
_GROUNDS = frozenset(W + name for name in ("tbl", "txbxContent"))
"""What may have a colour of its own, stated in many ways."""
_LOOKED_FOR = frozenset(W + name for name in (*_MARKED, "rStyle"))


class Styles:
    """The styles of a document; without any where `root` is None."""

    def __init__(self, root: Element | None) -> None:
        styles = list(root.iter(W + "style")) if root is not None else []
        self._by_id = {value(style, "styleId") or "": style for style in styles}
        self._defaults = {
            value(style, "type"): style for style in styles if (value(style, "default") or "0") in ("1", "true", "on")
        }

        self._given: dict[tuple[str | None, str | None, str], Element | None] = {}
        self._plain: dict[str | None, bool] = {}
        self._lists: dict[str | None, tuple[str | None, str | None]] = {}

    def chain(self, identity: str | None, kind: str) -> Iterator[Element]:
        """A style and those it is based on; the default one of a kind ("paragraph", "character") without an id."""
        style = self._by_id.get(identity or "") if identity else self._defaults.get(kind)
        for _ in range(_DEEPEST):
            if style is None:
                return
            yield style
            style = self._by_id.get(value(style.find(W + "basedOn")) or "")

    def name(self, identity: str | None) -> str:
        """The name of a style."""
        return value(self._by_id[identity].find(W + "name")) or "" if identity in self._by_id and identity else ""

    def run(self, run: Element, paragraph_style: str | None, name: str) -> Element | None:
        """The property of a run: its own, that of its style, or that of its paragraph's style."""
        properties = run.find(W + "rPr")
        own = properties.find(W + name) if properties is not None else None
        if own is not None:
            return own
        identity = value(properties.find(W + "rStyle")) if properties is not None else None
        key = (identity, paragraph_style, name)
        if key not in self._given:
            styles = [*self.chain(identity, "character"), *self.chain(paragraph_style, "paragraph")]
            stated = (style.find(f"{W}rPr/{W}{name}") for style in styles)
            self._given[key] = next((found for found in stated if found is not None), None)
        return self._given[key]

    def is_plain(self, run: Element, paragraph_style: str | None) -> bool:
        """Whether a run is neither hidden nor struck out, raised or lowered, as nearly all are; quicker than to ask for
        each property."""
        properties = run.find(W + "rPr")
        if properties is not None and any(one.tag in _LOOKED_FOR for one in properties):
            return False
        if paragraph_style not in self._plain:
            stated = (self.run(run, paragraph_style, name) for name in _MARKED)
            self._plain[paragraph_style] = all(found is None for found in stated)
        return self._plain[paragraph_style]

    def numbering(self, paragraph_style: str | None) -> tuple[str | None, str | None]:
        """Number and level of the list that a paragraph's style puts it in."""
        if paragraph_style not in self._lists:
            stated = (style.find(f"{W}pPr/{W}numPr") for style in self.chain(paragraph_style, "paragraph"))
            first = next((found for found in stated if found is not None), None)
            places = (None, None) if first is None else (value(first.find(W + "numId")), value(first.find(W + "ilvl")))
            self._lists[paragraph_style] = places
        return self._lists[paragraph_style]

    def headings(self) -> dict[str, int]:
        """The names of the styles that are headings of level 1 to 6 without being called so."""
        found: dict[str, int] = {}
        for identity, style in self._by_id.items():
            name = self.name(identity)
            if value(style, "type") != "paragraph" or not name or name.casefold().startswith(("heading", "title")):
                continue
            for one in self.chain(identity, "paragraph"):
                level = value(one.find(f"{W}pPr/{W}outlineLvl"))
                if level is not None:
                    if level.isdigit() and int(level) < 6:
                        found[name] = int(level) + 1
                    break
        return found

    def heads_first_row(self, table: Element) -> bool:
        """Whether a table's style sets its first row apart, and the table uses that."""
        look = table.find(f"{W}tblPr/{W}tblLook")
        if look is None:
            return False
        stated = value(look, "firstRow")
        used = stated in ("1", "true", "on") if stated is not None else bool(_hexadecimal(value(look)) & 0x20)
        styles = self.chain(value(table.find(f"{W}tblPr/{W}tblStyle")), "table")
        return used and any(
            value(part, "type") == "firstRow" and any(map(len, part))
            for style in styles
            for part in style.iter(W + "tblStylePr")
        )


def is_unseen(styles: Styles, run: Element, paragraph_style: str | None) -> bool:
    """Whether nobody sees the letters of a run: they are white on white paper, or have hardly any size."""
    size = value(styles.run(run, paragraph_style, "sz")) or ""
    if size.isdigit() and int(size[:6]) <= _SMALLEST:
        return True
    colour = (value(styles.run(run, paragraph_style, "color")) or "").upper()
    return (
        len(colour) == 6
        and colour >= "FAFAFA"
        and min(colour[::2]) >= "F"
        and not _has_ground(styles, run, paragraph_style)
    )


def _has_ground(styles: Styles, run: Element, paragraph_style: str | None) -> bool:
    """Whether anything but the white of the paper may stand behind a run."""
    if any(styles.run(run, paragraph_style, name) is not None for name in ("shd", "highlight")):
        return True
    shaded = (style.find(f"{W}pPr/{W}shd") for style in styles.chain(paragraph_style, "paragraph"))
    if any(found is not None for found in shaded):
        return True
    return any(
        one.tag in _GROUNDS or one.find(f"{W}pPr/{W}shd") is not None or one.find(f"{W}background") is not None
        for one in run.iterancestors()
    )


def is_struck(styles: Styles, run: Element, paragraph_style: str | None) -> bool:
    """Whether a run has a line through it."""
    return any(is_on(styles.run(run, paragraph_style, name)) for name in ("strike", "dstrike"))


def _hexadecimal(text: str | None) -> int:
    try:
        return int(text or "0", 16)
    except ValueError:
        return 0
