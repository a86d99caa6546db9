"""Pages to draw on, and two paragraphs for their columns."""

from __future__ import annotations

from fpdf import FPDF

LEFT = (
    "The north kitchen was built by Rafael Quist in the year 1902, and it has four ovens and a floor of slate. The "
    "cooks made bread in it for the valley until the railway came, and after that the ovens were used for pottery."
)
RIGHT = (
    "The south kitchen is younger. It was built by Dora Lindqvist in the year 1957, and it has one oven and a floor of "
    "cork. Its cooks made jam for the school until the school was closed, and now the room is used for concerts."
)


def page(size: float = 11) -> FPDF:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=size)
    return pdf


def lines_of(pdf: FPDF, text: str, width: float) -> list[str]:
    return [str(line) for line in pdf.multi_cell(width, 5, text, dry_run=True, output="LINES", align="L")]
