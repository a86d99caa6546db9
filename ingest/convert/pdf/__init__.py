"""PDF files to plain text, in the order in which a reader reads them, with the place of every word on its page.

reading.py      which characters and rules stand where on each page, from PDFium; its parts in sheets/, forms among them
recognition.py  the words of pages that are pictures (the extra attest[ocr])
words.py        characters to words and rows, raised and lowered ones marked, struck-out ones left out
furniture.py    running heads, page numbers and line numbers, which are left out
tables/         tables, with rules and without
order.py        the reading order of a page, from gutters.py; prose.py tells columns of prose from tables
paragraphs.py   lines to paragraphs over columns and pages; notes and captions behind what they interrupt
hyphens.py      hyphens at the ends of lines
writing.py      the text, and the place of its words
picture.py      a page as a picture

But: it keeps no pictures.
"""

from ingest.convert.pdf.converting import convert_pdf

__all__ = ["convert_pdf"]
