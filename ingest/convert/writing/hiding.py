"""What the styles of a page hide from whoever looks at it: no room, no ink, off the screen, cut away.

Styles in the page count, its own style sheets and those of single elements, in their cascade; selectors of tags,
classes and ids, also one within another. Rules for print or for narrow screens do not apply.

But: style sheets elsewhere are not loaded. Where a page names one, the ground that a text stands on is unknown, so that
white letters alone hide nothing. What appears when scripts run ("opacity: 0" that moves) is not hidden.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

_MOST_CSS = 400_000
_MOST_RULES = 4_000
_MOST_OF_ONE = 40
"""Rules of one tag, class or id that are looked at, the last ones."""
_DEEPEST = 20
"""Blocks around a rule that is looked at."""
_LOOKED_FOR = frozenset(
    {"display", "visibility", "content-visibility", "opacity", "position", "left", "top", "right", "bottom", "color"}
    | {"height", "max-height", "width", "max-width", "overflow", "overflow-x", "overflow-y", "clip", "clip-path"}
    | {"transform", "transition", "animation", "animation-name", "will-change", "text-indent", "font-size"}
    | {"background", "background-color"}
)
_TOKEN = re.compile(r"[^{}]*(?:[{}]|\Z)")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_SCREEN = re.compile(
    r"@(?:media\s+(?:only\s+)?(?:all|screen)\s*|layer\b[^,]*|supports\b.*)$", re.IGNORECASE | re.DOTALL
)
_COMPOUND = re.compile(r"([A-Za-z][\w-]*|\*)?((?:[.#][\w-]+)*)$")
_PART = re.compile(r"([.#])([\w-]+)")
_NUMBER = re.compile(r"(\d++(?:\.\d++)?|\.\d++)(%?)$")
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*(px|pt|r?em|ex|ch|vw|vh|%|cm|mm|in)?")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "cm": 38.0, "mm": 3.8}
_FAR = -300.0
_SMALLEST_LETTER = 2.0
_UNLIKE = 10
"""Of 255, by which one of red, green and blue has to differ to be seen."""

_Style = dict[str, str]
_Colour = tuple[int, int, int, float]


@dataclass(frozen=True, slots=True)
class _Rule:
    """`steps`: tag, classes and ids of the element and of those that it has to stand in, the innermost first."""

    steps: tuple[tuple[str, tuple[str, ...]], ...]
    weight: tuple[int, int, int]
    order: int
    says: tuple[tuple[str, str, bool], ...]


def hidden_by_style(tree: Element) -> list[Element]:
    """The elements that hold what nobody sees; those within them are not named again."""
    page = _Page(tree)
    found: list[Element] = []
    inside: set[Element] = set()
    for element in tree.iter(etree.Element):
        if element.getparent() in inside:
            inside.add(element)
            continue
        style = page.style(element)
        if style and (_takes_away(style) or page.is_without_ink(element, style)):
            found.append(element)
            inside.add(element)
    return found


class _Page:
    def __init__(self, tree: Element) -> None:
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        for rule in _rules(tree):
            tag, marks = rule.steps[0]
            same = self._rules[marks[-1] if marks else tag]
            same.append(rule)
            if len(same) > _MOST_OF_ONE:
                del same[0]
        self._styles: dict[Element, _Style] = {}
        linked = any("stylesheet" in (link.get("rel") or "").lower() for link in tree.iter("link"))
        self._paper: _Colour | None = None if linked else (255, 255, 255, 1.0)

    def style(self, element: Element) -> _Style:
        """What the page's styles say of one element."""
        if element not in self._styles:
            self._styles[element] = self._cascaded(element)
        return self._styles[element]

    def _cascaded(self, element: Element) -> _Style:
        marks = _marks(element)
        keys = [element.tag, "*", *marks] if self._rules else []
        said: dict[str, tuple[tuple[bool, tuple[int, int, int], int], str]] = {}
        for rule in (rule for key in keys for rule in self._rules.get(key, ())):
            if _matches(rule.steps, element):
                for name, value, important in rule.says:
                    rank = (important, rule.weight, rule.order)
                    if name not in said or said[name][0] <= rank:
                        said[name] = (rank, value)
        for name, value, important in _declared(element.get("style") or ""):
            if name not in said or important or not said[name][0][0]:
                said[name] = ((important, (9, 0, 0), 0), value)
        return {name: value for name, (_, value) in said.items()}

    def is_without_ink(self, element: Element, style: _Style) -> bool:
        """Whether its letters cannot be seen, and no element in it says otherwise."""
        for name in ("font-size", "color"):
            value = style.get(name)
            if value is None or not self._fails(element, name, value):
                continue
            within = (self.style(one).get(name) for one in element.iterdescendants(etree.Element))
            if all(other is None or other in ("inherit", value) for other in within):
                return True
        return False

    def _fails(self, element: Element, name: str, value: str) -> bool:
        if name == "font-size":
            size = _pixels(value)
            return size is not None and 0 <= size <= _SMALLEST_LETTER
        colour, ground = _colour(value), self._ground(element)
        if colour is None:
            return False
        if colour[3] <= 0.05:
            return True
        return ground is not None and max(abs(a - b) for a, b in zip(colour[:3], ground[:3], strict=True)) <= _UNLIKE

    def _ground(self, element: Element) -> _Colour | None:
        """The colour behind an element; None where that is not known."""
        for one in (element, *element.iterancestors()):
            style = self.style(one)
            value = style.get("background-color") or style.get("background") or one.get("bgcolor")
            if value is None or value in ("none", "inherit", "transparent", "initial"):
                if one.get("background"):
                    return None
                continue
            colour = _colour(value)
            if colour is None or 0.05 < colour[3] < 1:
                return None
            if colour[3] == 1:
                return colour
        return self._paper


def _takes_away(style: _Style) -> bool:
    """Whether an element with this style, and all in it, is not there to be seen."""
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if style.get("content-visibility") == "hidden":
        return True
    opacity = _number(style.get("opacity"))
    moves = any(name in style for name in ("transform", "transition", "animation", "animation-name", "will-change"))
    if opacity is not None and opacity <= 0.05 and not moves:
        return True
    if style.get("position") in ("absolute", "fixed") and any(
        _is_far(style.get(side)) for side in ("left", "top", "right", "bottom")
    ):
        return True
    if _is_far(style.get("text-indent")) or _is_cut(style):
        return True
    transform = style.get("transform", "")
    scaled = re.search(r"scale(?:3d|x|y)?\(\s*([\d.]+)", transform)
    moved = re.search(r"translate(?:3d|x|y)?\(\s*(-[\d.]+\s*\w*)(?:\s*,\s*(-[\d.]+\s*\w*))?", transform)
    return bool(scaled and _number(scaled[1]) == 0) or bool(moved and any(_is_far(by, 2_000) for by in moved.groups()))


def _is_cut(style: _Style) -> bool:
    cut = any(
        style.get(name, "").split(" ")[0] in ("hidden", "clip") for name in ("overflow", "overflow-x", "overflow-y")
    )
    sizes = [_pixels(style[name]) for name in ("height", "max-height", "width", "max-width") if name in style]
    if cut and any(size is not None and 0 <= size <= 1 for size in sizes):
        return True
    clip = re.match(r"rect\(([^()]*)\)", style.get("clip", ""))
    edges = [_pixels(edge) for edge in re.split(r"[\s,]+", clip[1].strip())] if clip else []
    if len(edges) == 4 and None not in edges:
        top, right, bottom, left = (edge or 0.0 for edge in edges)
        if right - left <= 1 or bottom - top <= 1:
            return True
    path = style.get("clip-path", "")
    inset = re.match(r"inset\(\s*([\d.]+)%", path)
    return bool(inset and float(inset[1]) >= 50) or bool(re.match(r"circle\(\s*0(?:px|%)?\s*(?:at|\))", path))


def _is_far(value: str | None, far: float = -_FAR) -> bool:
    if value is None:
        return False
    length = _LENGTH.match(value)
    if length is None:
        return False
    by = float(length[1])
    return by <= -100 if length[2] in ("%", "vw", "vh") else by * _PIXELS.get(length[2] or "", 96.0) <= -far


def _pixels(value: str) -> float | None:
    """A length in pixels; None for one that depends on what is around it, unless it is nothing."""
    length = _LENGTH.match(value)
    if length is None:
        return None
    by = float(length[1])
    return by * _PIXELS[length[2] or ""] if (length[2] or "") in _PIXELS else 0.0 if by == 0 else None


def _number(value: str | None) -> float | None:
    match = _NUMBER.match(value or "")
    return float(match[1]) / (100 if match[2] else 1) if match else None


def _colour(value: str) -> _Colour | None:
    """Red, green, blue (0 to 255) and alpha (0 to 1); None for what is no single colour or has another name."""
    named = {"white": (255, 255, 255, 1.0), "black": (0, 0, 0, 1.0), "transparent": (255, 255, 255, 0.0)}
    if value in named:
        return named[value]
    if match := re.match(r"#([0-9a-f]{3,8})$", value):
        digits = match[1] if len(match[1]) > 4 else "".join(2 * digit for digit in match[1])
        parts = [int(digits[n : n + 2], 16) for n in range(0, len(digits) - 1, 2)]
        return (parts[0], parts[1], parts[2], parts[3] / 255 if len(parts) > 3 else 1.0) if len(parts) > 2 else None
    if match := re.match(r"rgba?\(([^()]*)\)$", value):
        found = [_number(part) for part in re.split(r"[\s,/]+", match[1].strip())]
        if len(found) in (3, 4) and None not in found:
            red, green, blue, *alpha = (part or 0.0 for part in found)
            return round(red), round(green), round(blue), alpha[0] if alpha else 1.0
    if match := re.match(r"hsla?\(([^()]*)\)$", value):
        some = re.split(r"[\s,/]+", match[1].strip())
        light, clear = _number(some[2] if len(some) > 2 else None), _number(some[3] if len(some) > 3 else "1")
        if light in (0.0, 1.0) and clear is not None:
            return (0, 0, 0, clear) if light == 0 else (255, 255, 255, clear)
    return None


def _rules(tree: Element) -> Iterator[_Rule]:
    order = 0
    for sheet in tree.iter("style"):
        for selectors, says in _blocks((sheet.text or "")[:_MOST_CSS]):
            wanted = tuple(_declared(says))
            for selector in selectors.split(",") if wanted else ():
                steps = _steps(selector)
                if steps is None:
                    continue
                marks = [mark for _, some in steps for mark in some]
                ids = sum(mark[0] == "#" for mark in marks)
                weight = (ids, len(marks) - ids, sum(tag not in ("", "*") for tag, _ in steps))
                order += 1
                if order > _MOST_RULES:
                    return
                yield _Rule(steps, weight, order, wanted)


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules that apply on a screen."""
    opened: list[str] = []
    for match in _TOKEN.finditer(_COMMENT.sub(" ", sheet)):
        token = match.group()
        if token.endswith("{"):
            opened.append(token[:-1].rpartition(";")[2].strip())
        elif opened and token.endswith("}"):
            selectors = opened.pop()
            if (
                len(opened) <= _DEEPEST
                and not selectors.startswith("@")
                and all(_SCREEN.match(around) for around in opened)
            ):
                yield selectors, token[:-1]


def _steps(selector: str) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """None for a selector that asks for more than tags, classes, ids and what stands around."""
    steps = []
    for compound in reversed(selector.replace(">", " ").split()):
        match = _COMPOUND.match(compound)
        if match is None:
            return None
        steps.append(((match[1] or "").lower(), tuple(kind + name for kind, name in _PART.findall(match[2]))))
    if not steps or not any(steps[0]):
        return None
    tag, marks = steps[0]
    return ((tag or ("*" if not marks else ""), marks), *steps[1:])


def _matches(steps: tuple[tuple[str, tuple[str, ...]], ...], element: Element) -> bool:
    if not _is(element, steps[0]):
        return False
    above = element.getparent()
    for step in steps[1:]:
        while above is not None and not _is(above, step):
            above = above.getparent()
        if above is None:
            return False
        above = above.getparent()
    return True


def _is(element: Element, step: tuple[str, tuple[str, ...]]) -> bool:
    tag, marks = step
    return tag in ("", "*", element.tag) and (not marks or set(marks) <= _marks(element))


def _marks(element: Element) -> set[str]:
    """Classes and id of an element, as selectors."""
    marks = {f".{name}" for name in (element.get("class") or "").split()}
    identity = element.get("id")
    return marks | {f"#{identity}"} if identity else marks


def _declared(says: str) -> Iterator[tuple[str, str, bool]]:
    """The properties that can hide, in lower case, and whether each is important."""
    for declaration in says.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), " ".join(value.lower().split())
        if name in _LOOKED_FOR and value:
            plain = value.removesuffix("important").rstrip().removesuffix("!").rstrip()
            yield name, plain, value.endswith("important")
