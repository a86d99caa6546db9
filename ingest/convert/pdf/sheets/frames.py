"""Coordinates of a page: from its own to those of the page as it is shown, and from a page turned for reading to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ingest.convert.pdf.types import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page's own coordinates, y upwards, become those of the page as it is shown."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int

    @property
    def shown(self) -> tuple[float, float]:
        """The width and height of the page as it is shown."""
        return (self.width, self.height) if self.turn in (0, 180) else (self.height, self.width)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        match self.turn:
            case 90:
                return y, x
            case 180:
                return self.width - x, y
            case 270:
                return self.height - y, self.width - x
        return x, self.height - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def frame_of(page: Any) -> Frame:
    """That of a pypdfium2 page."""
    left, bottom, right, top = page.get_bbox()
    return Frame(left, bottom, right - left, top - bottom, page.get_rotation() % 360)


def turned_back(box: Box, turn: int, width: float, height: float) -> Box:
    """A rectangle on a page as it is shown, from one on the page turned clockwise by so many degrees, a multiple of 90,
    which makes it so wide and high."""
    left, top, right, bottom = box
    match turn % 360:
        case 90:
            return Box(top, width - right, bottom, width - left)
        case 180:
            return Box(width - right, height - bottom, width - left, height - top)
        case 270:
            return Box(height - bottom, left, height - top, right)
    return box
