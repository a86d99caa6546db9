"""A page of a PDF as a picture, drawn with PDFium.

But: it is drawn in the process that converts files of strangers (see ingest.convert.confined), never in the one that
asks for it.
"""

from __future__ import annotations

import io
import math
from typing import Any

from ingest.convert.pdf.reading import PDFIUM, opened
from ingest.convert.textfile import Picture
from vectorstore.errors import InputError

MOST_PIXELS = 3_000_000
"""Of one picture: a page of A4 or Letter is drawn at about 175 dots to the inch."""
MOST_SIDE = 8_000
"""Pixels of the longer side."""
_MOST_SCALE = 4.0
"""Pixels to a point."""
_LOSSLESS = 1_500_000
"""Bytes of a picture up to which nothing is lost; pages of photographs are larger."""


def draw(data: bytes, page: int, name: str) -> Picture:
    """Draws a page of the PDF in `data`. Raises InputError, naming `name`, where there is no such page or it cannot be
    drawn."""
    import pypdfium2  # type: ignore[import-untyped]

    with PDFIUM:
        pdf = opened(data, name)
        try:
            if not 1 <= page <= len(pdf):
                raise InputError(f"{name} has no page {page}: it has {len(pdf)}")
            shown = pdf[page - 1]
            width, height = _size(shown)
            if not (0 < width < math.inf and 0 < height < math.inf):
                raise InputError(f"page {page} of {name} has no size")
            most = min(_MOST_SCALE, MOST_SIDE / max(width, height), math.sqrt(MOST_PIXELS / (width * height)))
            bitmap = shown.render(scale=most, rev_byteorder=True, prefer_bgrx=True)
            return Picture(_written(bitmap.to_pil()), page, len(pdf), width, height)
        except pypdfium2.PdfiumError as error:
            raise InputError(f"page {page} of {name} cannot be drawn") from error
        finally:
            pdf.close()


def _size(page: Any) -> tuple[float, float]:
    """Of the page as it is shown: the frame in which ingest.convert.pdf.reading gives the places of words."""
    left, bottom, right, top = page.get_bbox()
    size = right - left, top - bottom
    return size if page.get_rotation() % 180 == 0 else size[::-1]


def _written(image: Any) -> bytes:
    """As small as it can be without loss, else as JPEG."""
    image = image.convert("RGB")
    red, green, blue = image.split()
    if red.tobytes() == green.tobytes() == blue.tobytes():
        image = red
    stream = io.BytesIO()
    image.save(stream, "PNG")
    if stream.tell() > _LOSSLESS:
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=85)
    return stream.getvalue()
