"""How many remarks of reviewers on a page say something: they are no part of its text.

But: what reviewers strike out is found in `shapes`, what they type onto a page in `forms`.
"""

from __future__ import annotations

from typing import Any

from ingest.convert.pdf.sheets.forms import UNSEEN, contents_of

_MOST = 5_000
"""Remarks of one page that are looked at."""


def comments_on(page: Any, text: str) -> int:
    """How many remarks of reviewers on a page say something; not those that repeat what they mark, as some programs
    write it. `text`: the page's letters without blanks."""
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    kinds = (
        *(raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE, raw.FPDF_ANNOT_SQUIGGLY),
        *(raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_CARET, raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_LINE),
        *(raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE, raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_POLYLINE),
        raw.FPDF_ANNOT_STAMP,
    )
    marks = kinds[1:5]
    found = 0
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST)):
        remark = raw.FPDFPage_GetAnnot(page, index)
        if not remark:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(remark)
            if kind not in kinds or raw.FPDFAnnot_GetFlags(remark) & UNSEEN:
                continue
            said = "".join(contents_of(remark).split())
            found += bool(said) and not (kind in marks and said in text)
        finally:
            raw.FPDFPage_CloseAnnot(remark)
    return found
