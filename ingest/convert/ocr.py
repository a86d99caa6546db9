"""The extra `attest[ocr]`, which reads pages that are pictures: whether it is installed, and how to come by it.

But: the reading is in ingest.convert.pdf.recognition, which imports it.
"""

from __future__ import annotations

import importlib.util
import sys


def is_installed() -> bool:
    """Whether text can be recognised here."""
    return importlib.util.find_spec("rapidocr_onnxruntime") is not None


def advice() -> str:
    """What to do so that the text of pictures is recognised, as the end of a sentence; "" where nothing is missing."""
    if is_installed():
        return ""
    if sys.version_info >= (3, 13):
        return "; text recognition (OCR) needs Python 3.11 or 3.12, and there `pip install 'attest[ocr]'`"
    return "; to have their text recognised (OCR), run `pip install 'attest[ocr]'`, then ingest the file again"
