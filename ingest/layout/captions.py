"""Image captions and credits that a conversion left among the paragraphs.

Known by the credit they carry: "Photo: ...", "... / Image: public domain", "Figure 3: ...". Often the image's file
name, its alternative text and the caption are glued together without a blank between them.

But: a caption without a credit or label looks like a short paragraph and stays one.
"""

from __future__ import annotations

import re

from vectorstore.types import Span

MAX_CAPTION = 600
MAX_LABELLED = 300
RUN_ON = 40

MEDIUM = (
    r"(?:Image|Photo|Photograph|Picture|Illustration|Credit|Photo credit|Image credit|Image source|Graphic|Foto|Bild)s?"
)
LICENCE = (
    r"(?:public domain|Wikimedia(?: Commons)?|Wikipedia|CC[ -](?:BY|0)[\w .-]{0,20}|fair use|own work|Flickr|Unsplash|"
    r"Getty(?: Images)?|Reuters|AFP|AP|PA|EPA)"
)
CREDIT_AT_END = re.compile(rf"[/|(–—]\s*{MEDIUM}\s*(?::|by\b|©|courtesy\b)[^.\n]{{1,120}}\)?\.?$", re.IGNORECASE)
CREDIT_WITHIN = re.compile(rf"[/|(]\s*{MEDIUM}\s*(?::|by\b)\s*{LICENCE}\)?", re.IGNORECASE)
ALT_TEXT = re.compile(rf"\b{MEDIUM}:? {LICENCE}(?=[A-Z“\"‘]|\s*$)", re.IGNORECASE)
LABEL_AT_START = re.compile(
    rf"(?:{MEDIUM}|Caption|Image caption|Source|Map|Chart|Above|Below|Pictured)\s*:\s*\S"
    rf"|(?:Figure|Fig\.|Table|Plate|Map|Chart|Image|Photo)\s*\d{{1,3}}\w?\s*[:.–—-]\s*\S"
    rf"|(?:Figure|Fig\.|Table|Plate)\s*\d{{1,3}}\w?\.? +[A-Z][^.\n]{{0,120}}$"
    rf"|(?:{MEDIUM}) (?:by|courtesy of|©) [A-Z]|©\s?\S",
)


def caption_end(text: str, start: int, end: int) -> int | None:
    """Where the caption that opens this paragraph ends: `end` where all of it is one, None where none does."""
    line = text[start:end]
    if "\n" in line.strip() and not LABEL_AT_START.match(line):
        return None
    cut = _credited_opening(text, start, end)
    if cut is not None:
        return cut
    if len(line) <= MAX_CAPTION and CREDIT_AT_END.search(line):
        return end
    if len(line) <= MAX_LABELLED and (LABEL_AT_START.match(line) or ALT_TEXT.search(line)):
        return end
    return None


def _credited_opening(text: str, start: int, end: int) -> int | None:
    """The end of a credited caption that prose follows without a blank line; None where there is none."""
    head: Span = (start, min(end, start + MAX_CAPTION))
    credit = CREDIT_WITHIN.search(text, *head)
    if credit is None or not ALT_TEXT.search(text, start, credit.start()):
        return None
    rest = text[credit.end() : end].lstrip()
    return credit.end() if len(rest) >= RUN_ON and not rest[0].islower() and rest[0].isalnum() else None
