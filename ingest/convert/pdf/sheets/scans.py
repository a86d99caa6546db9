"""Pictures of pages: lines cut out of them, and such as were scanned the wrong way round."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""(height, width, 3)."""
Corners = NDArray[np.float32]
"""Of a line in a picture: (4, 2), clockwise from the top left."""


def lies_on_its_side(lines: Sequence[Corners]) -> bool:
    """Whether most of what the lines of a picture hold runs up or down."""
    wide = high = 0.0
    for corners in lines:
        width, height = np.ptp(corners, axis=0).tolist()
        if height > 1.5 * width:
            high += height
        else:
            wide += width
    return high > 1.5 * wide


def turned(picture: Image, lines: Sequence[Corners], turn: int) -> tuple[Image, list[Corners]]:
    """A picture turned clockwise by so many degrees, a multiple of 90, and where its lines stand
    then."""
    found = [np.asarray(corners, np.float32) for corners in lines]
    for _ in range(turn // 90 % 4):
        height = len(picture)
        picture = np.rot90(picture, -1)
        found = [np.roll(np.stack([height - one[:, 1], one[:, 0]], axis=1), 1, axis=0) for one in found]
    return np.ascontiguousarray(picture), found


def sides(corners: NDArray[np.float32]) -> tuple[float, float]:
    """The width and height of a rectangle that may lie aslant."""
    a, b, c, d = corners
    width = max(np.linalg.norm(a - b), np.linalg.norm(d - c))
    return float(width), float(max(np.linalg.norm(a - d), np.linalg.norm(b - c)))


def cut_out(picture: Image, corners: NDArray[np.float32], tallest: float) -> Image:
    """A line set straight; what is much higher than wide, and than the other lines, is read from bottom to top."""
    import cv2

    width, height = (max(1, round(side)) for side in sides(corners))
    goal = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, goal)
    cut = cv2.warpPerspective(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    return np.rot90(cut).copy() if height >= 1.5 * width and height > tallest else cut  # type: ignore[return-value]
