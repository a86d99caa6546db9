"""The XMP metadata of a PDF: title, authors and date as XML, which many programs write beside the older properties.

The document's own packet is the one that its catalog names, or the only one there is: pictures in a file have packets
of their own, with their photographers. By the standard it is stored as plain text.

But: one that is compressed or encrypted all the same is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

_PACKET = re.compile(rb"(\d{1,9})\s+\d{1,5}\s+obj\s*<<([^\x00]{0,500}?)>>\s*stream\r?\n")
_CATALOG = re.compile(rb"/Type\s*/Catalog\b")
_METADATA = re.compile(rb"/Metadata\s+(\d{1,9})\s+\d{1,5}\s+R")
_REACH = 4_000
"""Bytes around a catalog's type in which its reference to a packet is looked for."""
_LONGEST = 2**20
_MOST = 1_000
_DC, _XMP = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/xap/1.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def xmp_properties(data: bytes) -> dict[str, list[str]]:
    """The values of "Title", "Author" and "CreationDate" that a PDF's own packet states; {} for none."""
    packet = _own_packet(data)
    if packet is None:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=False)
    try:
        root = etree.fromstring(packet, parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    found = {"Title": _values(root, f"{_DC}title")[:1], "Author": _values(root, f"{_DC}creator")}
    found["CreationDate"] = (_values(root, f"{_DC}date") or _values(root, f"{_XMP}CreateDate"))[:1]
    return {name: values for name, values in found.items() if values}


def _own_packet(data: bytes) -> bytes | None:
    packets = dict(_packets(data))
    named = [
        int(reference[1])
        for catalog in _CATALOG.finditer(data)
        if (reference := _METADATA.search(data, *_object_around(data, catalog.start())))
    ]
    if named:
        return packets.get(named[-1])
    return next(iter(packets.values())) if len(packets) == 1 else None


def _object_around(data: bytes, at: int) -> tuple[int, int]:
    """Where the object begins and ends that holds this place."""
    begins = data.rfind(b" obj", max(0, at - _REACH), at)
    ends = data.find(b"endobj", at, at + _REACH)
    return max(begins, 0, at - _REACH), ends if ends >= 0 else min(len(data), at + _REACH)


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The packets of a file with the numbers of their objects; of one that was replaced the last."""
    seen = at = 0
    while seen < _MOST and (at := data.find(b"<x:xmpmeta", at)) >= 0:
        seen += 1
        ends = data.find(b"</x:xmpmeta>", at, at + _LONGEST)
        begins = max(data.rfind(b" obj", max(0, at - _REACH), at) - 20, 0)
        head = next(reversed(list(_PACKET.finditer(data, begins, at))), None)
        if ends >= 0 and head is not None and b"/Metadata" in head[2] and b"endstream" not in data[head.end() : at]:
            yield int(head[1]), data[at : ends + len(b"</x:xmpmeta>")]
        at += 1


def _values(root: Element, name: str) -> list[str]:
    """The values of a property: the entry for any language or the first of a choice, all of a list, or an attribute."""
    for element in root.iter(name):
        entries = list(element.iter(f"{_RDF}li"))
        if next(element.iter(f"{_RDF}Alt"), None) is not None:
            language = "{http://www.w3.org/XML/1998/namespace}lang"
            entries = [one for one in entries if one.get(language) == "x-default"][:1] or entries[:1]
        words = [" ".join("".join(map(str, one.itertext())).split()) for one in entries or [element]]
        if found := [word for word in words if word]:
            return found
    stated = [" ".join(one.get(name, "").split()) for one in root.iter(f"{_RDF}Description")]
    return [value for value in stated if value][:1]
