"""XFA forms: what their fields are called and say, from the XML that the file holds in the place of pages.

The pages of such a file say no more than "Please wait". Its template holds the words of the form, its data what is
filled in; both are put together as lines, "Name of tenant: Dora Lindqvist", and tables.

But: scripts that fill or hide fields are not run, and nothing is known of where something stands on a page.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from ingest.convert.limits import MAX_ELEMENTS, check, check_nesting
from ingest.convert.pdf.sheets.labels import parted, sounding
from vectorstore.table_rows import written

_LARGEST = 20 * 2**20
"""Bytes of one part of the form."""
_MOST_PARTS = 100
_UNSEEN = ("hidden", "invisible", "inactive")
_UNTOLD = ("button", "passwordEdit", "signature", "barcode")
_TICKED, _EMPTY = "☒", "☐"
_DATA = "{http://www.xfa.org/schema/xfa-data/1.0/}"


def xfa_text(pdf: Any, name: str) -> str | None:
    """The text of a pypdfium2 document's XFA form, None where it has none; to be used while PDFIUM is held. Raises
    InputError, naming `name`, where the form is too large."""
    parts = _parts(pdf)
    template, data = _root(parts, "template"), _root(parts, "datasets")
    if template is None and (form := _root(parts, "xdp")) is not None:
        template, data = _child(form, "template"), _child(form, "datasets")
    if template is None and data is None:
        return None
    root = data.find(f"{_DATA}data") if data is not None else None
    writer = _Writer(name)
    for tree in (template, root):
        if tree is not None:
            check(name, sum(1 for _ in tree.iter()), "elements", MAX_ELEMENTS)
            check_nesting(name, _depth(tree))
    if template is not None:
        writer.among(template, root)
    for leaf in root.iter() if root is not None else ():
        if leaf not in writer.used and isinstance(leaf.tag, str) and not len(leaf) and (value := _words(leaf)):
            writer.add(f"{parted(_name(leaf))}: {value}")
    writer.end_table()
    return "\n\n".join(writer.blocks)


def _parts(pdf: Any) -> dict[str, bytes]:
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    found: dict[str, bytes] = {}
    for number in range(min(raw.FPDF_GetXFAPacketCount(pdf), _MOST_PARTS)):
        length = ctypes.c_ulong()
        label = ctypes.create_string_buffer(200)
        raw.FPDF_GetXFAPacketName(pdf, number, label, 200)
        if not raw.FPDF_GetXFAPacketContent(pdf, number, None, 0, ctypes.byref(length)):
            continue
        if 0 < length.value <= _LARGEST:
            content = ctypes.create_string_buffer(length.value)
            raw.FPDF_GetXFAPacketContent(pdf, number, content, length.value, ctypes.byref(length))
            found.setdefault(label.value.decode("utf-8", "replace") or "xdp", content.raw)
    return found


def _root(parts: dict[str, bytes], name: str) -> Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(parts[name], parser) if name in parts else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def _depth(tree: Element) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _name(element: Element) -> str:
    """The name of an element, without its name space; "" for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _child(element: Element | None, *names: str) -> Element | None:
    """What these names lead to, one level down each."""
    for name in names:
        element = next((one for one in element if _name(one) == name), None) if element is not None else None
    return element


def _words(element: Element | None) -> str:
    """The words in an element, on one line."""
    if element is None:
        return ""
    parts: list[str] = []
    for one in element.iter():
        if _name(one) in ("p", "br", "li", "div"):
            parts.append(" ")
        parts.append((one.text or "") if isinstance(one.tag, str) else "")
        parts.append((one.tail or "") if one is not element else "")
    return " ".join("".join(parts).split())


def _is_seen(element: Element) -> bool:
    return element.get("presence") not in _UNSEEN


def _items(element: Element) -> tuple[list[str], list[str]]:
    """What a choice shows of its options, and what its data says for them."""
    lists = [(one.get("save") == "1", [_words(item) for item in one]) for one in element if _name(one) == "items"]
    shown = next((items for save, items in lists if not save), [])
    saved = next((items for save, items in lists if save), shown)
    return shown or saved, saved


def _label(element: Element) -> str:
    """What a field is called: its caption, what readers are told to call it, or its own name where that is one."""
    caption = _child(element, "caption")
    said = _words(_child(caption, "value")) if caption is not None and _is_seen(caption) else ""
    told = said or _words(_child(element, "assist", "speak")) or _words(_child(element, "assist", "toolTip"))
    return told or sounding(element.get("name", ""))


@dataclass(slots=True)
class _Writer:
    """The text as it grows; `used`: the elements of the data that are in it."""

    name: str
    blocks: list[str] = field(default_factory=list)
    used: set[Element] = field(default_factory=set)
    table: list[tuple[bool, list[str]]] = field(default_factory=list)
    seen: int = 0

    def add(self, line: str) -> None:
        if line:
            self.end_table()
            self.blocks.append(line)

    def end_table(self) -> None:
        """Writes the rows collected so far, the first of which may be one of headers."""
        rows, self.table = self.table, []
        if rows:
            headed = rows[0][0] and len(rows) > 1
            cells = [row for _, row in rows]
            self.blocks.append(written(cells[0] if headed else [], cells[1:] if headed else cells))

    def among(self, part: Element, data: Element | None) -> None:
        """Writes what a part of the template holds, filled in from its data."""
        for one in part:
            self.seen += 1
            check(self.name, self.seen, "parts of a form", MAX_ELEMENTS)
            kind = _name(one)
            if not _is_seen(one):
                self.used.update(self._matching(one, data))
            elif kind in ("subform", "area", "subformSet"):
                for own in self._instances(one, data):
                    if one.get("layout") == "row":
                        self._row(one, own)
                    else:
                        self.among(one, own)
            elif kind == "draw":
                for paragraph in _paragraphs(_child(one, "value")):
                    self.add(paragraph)
            elif kind == "exclGroup":
                self.choice(one, data)
            elif kind == "field":
                label, value = self._field(one, data)
                if value in (_TICKED, _EMPTY):
                    self.add(f"{value} {label}".rstrip())
                else:
                    gap = " " if label.endswith((":", "?", ".")) else ": "
                    self.add(gap.join(filter(None, (label, value))))

    def _row(self, row: Element, data: Element | None) -> None:
        cells: list[str] = []
        for one in row:
            kind = _name(one)
            if kind == "draw" and _is_seen(one):
                cells.append(_words(_child(one, "value")))
            elif kind == "field" and _is_seen(one):
                cells.append(self._field(one, data)[1])
            elif kind in ("subform", "exclGroup") and _is_seen(one):
                inner = _Writer(self.name, used=self.used, seen=self.seen)
                if kind == "exclGroup":
                    inner.choice(one, data)
                else:
                    inner.among(one, data)
                self.seen = inner.seen
                cells.append("; ".join(inner.blocks))
        if any(cells):
            drawn = all(_name(one) != "field" for one in row)
            if self.table and len(self.table[-1][1]) != len(cells):
                self.end_table()
            self.table.append((drawn, cells))

    def _matching(self, part: Element, data: Element | None) -> list[Element]:
        """The elements of the data that a part of the template is bound to and that nothing else holds yet."""
        bind = _child(part, "bind")
        name = part.get("name", "")
        if bind is not None and bind.get("match") == "dataRef":
            name = bind.get("ref", "").rstrip("]*0123456789[").rpartition(".")[2] or name
        elif bind is not None and bind.get("match") == "none":
            name = ""
        if data is None or not name:
            return []
        near = [one for one in data if _name(one) == name and one not in self.used]
        return near or [one for one in data.iterdescendants() if _name(one) == name and one not in self.used][:1]

    def _instances(self, part: Element, data: Element | None) -> Iterator[Element | None]:
        """The data of each time that a part of the form stands in it: once, or as often as the data has it."""
        found = self._matching(part, data)
        occur = _child(part, "occur")
        if not found:
            if occur is None or occur.get("min", "1") != "0" or occur.get("initial", "0") != "0":
                yield data
            return
        often = occur is not None and occur.get("max", "1") != "1"
        for one in found if often else found[:1]:
            self.used.add(one)
            yield one

    def _field(self, part: Element, data: Element | None) -> tuple[str, str]:
        """What a field is called, and what it says; a box to tick says ☒ or ☐."""
        found = self._matching(part, data)[:1]
        self.used.update(found)
        for one in found:
            self.used.update(one.iterdescendants())
        shape = _child(part, "ui")
        kinds = [_name(one) for one in shape] if shape is not None else []
        if any(kind in _UNTOLD for kind in kinds):
            return "", ""
        value = _words(found[0]) if found else _words(_child(part, "value"))
        shown, saved = _items(part)
        if "checkButton" in kinds:
            return _label(part), _TICKED if value and value == (saved or ["1"])[0] else _EMPTY
        chosen = [_words(one) for one in found[0]] if found and len(found[0]) and saved else [value]
        names = [shown[saved.index(one)] if one in saved and saved.index(one) < len(shown) else one for one in chosen]
        return _label(part), "; ".join(filter(None, names))

    def choice(self, group: Element, data: Element | None) -> None:
        """A group of boxes of which one is ticked."""
        found = self._matching(group, data)[:1]
        self.used.update(one for each in found for one in each.iter())
        value = _words(found[0]) if found else _words(_child(group, "value"))
        caption = _child(group, "caption")
        self.add(_words(_child(caption, "value")) if caption is not None and _is_seen(caption) else "")
        for one in group:
            if _name(one) == "field" and _is_seen(one):
                _, saved = _items(one)
                self.add(f"{_TICKED if value and value in saved[:1] else _EMPTY} {_label(one)}")


def _paragraphs(value: Element | None) -> Sequence[str]:
    """The words of a fixed part of the form."""
    if value is None:
        return []
    inner = [one for one in value.iter() if _name(one) in ("p", "li")]
    return [words for one in inner if (words := _words(one))] if inner else [_words(value)]
