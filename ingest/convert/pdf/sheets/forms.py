"""What is filled into the fields of a form, and what was typed onto a page: neither is part of the page's own text.

But: what a field is called on the page is found in `labels`; signatures, buttons, hidden fields and those for passwords
are left out.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

from ingest.convert.pdf.sheets.frames import Frame
from ingest.convert.pdf.types import Entry

_MOST = 5_000
"""Remarks and fields of one page that are looked at."""
_MOST_OPTIONS = 1_000
_LONGEST = 200_000
"""Bytes of a value."""
UNSEEN = 2 | 32  # hidden, no view
_TICKED, _EMPTY = "☒", "☐"


def entries_on(page: Any, frame: Frame) -> list[Entry]:
    """The fields and typed words of a pypdfium2 page in their order in the file."""
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    found: list[Entry] = []
    form = page.formenv.raw if page.formenv is not None else None
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST)):
        remark = raw.FPDFPage_GetAnnot(page, index)
        if not remark:
            continue
        try:
            rect = raw.FS_RECTF()
            if raw.FPDFAnnot_GetFlags(remark) & UNSEEN or not raw.FPDFAnnot_GetRect(remark, rect):
                continue
            box = frame.box(rect.left, rect.bottom, rect.right, rect.top)
            if max(map(abs, box)) > 1e5:
                continue
            kind = raw.FPDFAnnot_GetSubtype(remark)
            if kind == raw.FPDF_ANNOT_FREETEXT:
                words = contents_of(remark)
                found += [Entry("", "", words, box)] if words else []
            elif kind == raw.FPDF_ANNOT_WIDGET and form is not None:
                name = _string(lambda *at, remark=remark: raw.FPDFAnnot_GetFormFieldName(form, remark, *at))
                told = _string(lambda *at, remark=remark: raw.FPDFAnnot_GetFormFieldAlternateName(form, remark, *at))
                value, option = _value(form, remark)
                found += [Entry(name, told, value, box, option)] if value else []
        finally:
            raw.FPDFPage_CloseAnnot(remark)
    return found


def _value(form: Any, field: Any) -> tuple[str, str]:
    """What a field says, "" for nothing, and, where it is one of several to choose from, what that one is called."""
    import pypdfium2.raw as raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, field)
    if kind == raw.FPDF_FORMFIELD_CHECKBOX:
        return (_TICKED if raw.FPDFAnnot_IsChecked(form, field) else _EMPTY), ""
    if kind == raw.FPDF_FORMFIELD_RADIOBUTTON:
        option = _string(lambda *at: raw.FPDFAnnot_GetFormFieldExportValue(form, field, *at))
        return (_TICKED if raw.FPDFAnnot_IsChecked(form, field) else _EMPTY), option or "?"
    if kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        chosen = "; ".join(_chosen(form, field))
        return chosen or _string(lambda *at: raw.FPDFAnnot_GetFormFieldValue(form, field, *at)), ""
    secret = raw.FPDFAnnot_GetFormFieldFlags(form, field) & raw.FPDF_FORMFLAG_TEXT_PASSWORD
    if kind != raw.FPDF_FORMFIELD_TEXTFIELD or secret:
        return "", ""
    return _string(lambda *at: raw.FPDFAnnot_GetFormFieldValue(form, field, *at)), ""


def _chosen(form: Any, field: Any) -> Iterator[str]:
    import pypdfium2.raw as raw

    for number in range(min(raw.FPDFAnnot_GetOptionCount(form, field), _MOST_OPTIONS)):
        if raw.FPDFAnnot_IsOptionSelected(form, field, number):
            yield _string(lambda *at, number=number: raw.FPDFAnnot_GetOptionLabel(form, field, number, *at))


def contents_of(remark: Any) -> str:
    """What a remark or a typed-in text says, on one line."""
    import pypdfium2.raw as raw

    return _string(lambda *at: raw.FPDFAnnot_GetStringValue(remark, b"Contents", *at))


def _string(read: Callable[..., int]) -> str:
    """What PDFium writes into a buffer as UTF-16, on one line."""
    length = read(None, 0)
    if not 2 < length <= _LONGEST:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    read(buffer, length)
    return " ".join(bytes(buffer)[: length - 2].decode("utf-16-le", errors="replace").replace("\0", " ").split())
