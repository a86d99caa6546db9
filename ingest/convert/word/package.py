"""The XML parts of a Word document by what they are, not by their names; parts can be replaced.

But: nothing here reads what is in a part.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from functools import cached_property

from lxml import etree
from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = W[1:-1].encode()
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """A Word document's archive. Raises what zipfile and lxml raise where it is damaged."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = set(self._archive.namelist())

    @cached_property
    def main(self) -> str:
        """The name of the part that holds the text."""
        found = self._related("")
        names = [target for kind, target in found if kind == "officeDocument" and target in self._names]
        return names[0] if names else "word/document.xml"

    @cached_property
    def _beside(self) -> list[tuple[str, str]]:
        return self._related(self.main)

    def names(self, kind: str) -> list[str]:
        """The names of the parts of a kind ("styles", "comments", "header") that go with the text."""
        return [target for found, target in self._beside if found == kind and target in self._names]

    def read(self, name: str) -> Element:
        """The XML of a part."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        return etree.fromstring(self._archive.read(name).replace(_STRICT, _TRANSITIONAL), parser)

    def first(self, kind: str) -> Element | None:
        """The XML of the only part of a kind; None where there is none."""
        names = self.names(kind)
        return self.read(names[0]) if names else None

    def replaced(self, parts: Mapping[str, Element]) -> bytes:
        """The archive with these parts in place of its own."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name in dict.fromkeys(self._archive.namelist()):
                if name not in parts and not name.startswith("word/media/"):
                    archive.writestr(name, self._archive.read(name))
            for name, part in parts.items():
                archive.writestr(name, etree.tostring(part, xml_declaration=True, encoding="UTF-8", standalone=True))
        return packed.getvalue()

    def _related(self, name: str) -> list[tuple[str, str]]:
        """Kind and name of the parts that another names as its own."""
        folder, base = posixpath.split(name)
        path = posixpath.join(folder, "_rels", f"{base}.rels")
        if path not in self._names:
            return []
        found = []
        for one in self.read(path).iter(_RELATIONSHIPS):
            kind, target = one.get("Type", "").rsplit("/", 1)[-1], one.get("Target", "")
            if one.get("TargetMode") != "External":
                full = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found.append((kind, full))
        return found


def value(element: Element | None, name: str = "val") -> str | None:
    """An attribute of an element, None without either."""
    return None if element is None else element.get(W + name)


def is_on(element: Element | None) -> bool:
    """Whether a switch is there and not switched off."""
    return element is not None and (element.get(W + "val") or "true").lower() not in ("0", "false", "off", "none")
