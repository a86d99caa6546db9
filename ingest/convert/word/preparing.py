"""A Word document made ready for mammoth: what styles, numbering and tracked changes say is said in its text itself.

Numbers of lists and headings become words of their paragraphs; deleted, struck-out and hidden runs are taken out and
counted; runs raised or lowered by a style say so themselves; formulas, readings and fields keep their words.

But: headers, footers, comments, charts and embedded files are not read; a report says that they are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from ingest.convert.textfile import counted
from ingest.convert.word.bold import mark_bold_headings
from ingest.convert.word.formulas import M, formula
from ingest.convert.word.numbering import Numbering, Place
from ingest.convert.word.package import Package, W, is_on, value
from ingest.convert.word.styles import Styles, is_struck, is_unseen

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GRAPHIC = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"
_DELETED = tuple(W + name for name in ("del", "moveFrom"))
_WRAPPERS = tuple(W + name for name in ("fldSimple", "dir", "bdo", "customXml", "smartTag", "ins", "moveTo"))
_RAISED_FROM = 4
"""Half points by which a short run is moved up or down that is raised or lowered by hand."""
_SHORT = 6
_MOST_COLUMNS = 63
"""Of a table in Word."""
_BULLET = "1"
_LEFT_OUT = (  # what is not read, by the kind of its part or mark, and what it is called
    ("comment", "comment"),
    ("header", "header or footer"),
    ("chart", "chart or diagram"),
    ("altChunk", "embedded document"),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The document for mammoth, the styles that are headings by their level, and what a report should say."""

    data: bytes
    headings: dict[str, int]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Counts:
    """Texts and things that are left out."""

    struck: int = 0
    deleted: int = 0
    hidden: int = 0
    others: dict[str, int] = field(default_factory=dict)

    def said(self) -> Iterator[str]:
        if self.deleted:
            yield f"left out {counted(self.deleted, 'tracked deletion')}"
        if self.struck:
            yield f"left out {counted(self.struck, 'struck-out text')}"
        if self.hidden:
            yield f"left out {counted(self.hidden, 'hidden text')}"
        for kind, name in _LEFT_OUT:
            if number := self.others.get(kind):
                plural = {"header or footer": "headers and footers", "chart or diagram": "charts and diagrams"}
                yield (
                    f"left out {number:,} {plural[name]}"
                    if number > 1 and name in plural
                    else (f"left out {counted(number, name)}")
                )


def prepared(data: bytes) -> Prepared:
    """The document as this module says. Raises what zipfile and lxml raise where it is damaged."""
    package = Package(data)
    styles, numbering = Styles(package.first("styles")), Numbering(package.first("numbering"))
    counts = _Counts(others=_not_read(package))
    parts: dict[str, Element] = {}
    for name in (package.main, *package.names("footnotes"), *package.names("endnotes")):
        root = package.read(name)
        _alternatives(root)
        _take_out_changes(root, counts)
        _spell_out(root)
        _take_out_runs(root, styles, counts)
        mark_bold_headings(root, styles)
        _number_paragraphs(root, styles, numbering)
        for table in root.iter(W + "tbl"):
            _mark_headers(table, styles)
            _indent_rows(table)
        counts.others["chart"] = counts.others.get("chart", 0) + sum(map(_is_chart, root.iter(_GRAPHIC)))
        counts.others["altChunk"] = counts.others.get("altChunk", 0) + sum(1 for _ in root.iter(W + "altChunk"))
        parts[name] = root
    for name in package.names("numbering")[:1]:
        parts[name] = _bullets()
    return Prepared(package.replaced(parts), styles.headings(), tuple(counts.said()))


def _not_read(package: Package) -> dict[str, int]:
    """How many comments, and how many headers and footers with words, the document has."""
    comments = package.first("comments")
    furniture = [package.read(name) for kind in ("header", "footer") for name in package.names(kind)]
    return {
        "comment": sum(1 for _ in comments.iter(W + "comment")) if comments is not None else 0,
        "header": sum(any(text.text and text.text.strip() for text in part.iter(W + "t")) for part in furniture),
    }


def _is_chart(graphic: Element) -> bool:
    return (graphic.get("uri") or "").rsplit("/", 1)[-1] in ("chart", "diagram")


def _alternatives(root: Element) -> None:
    """Of two forms of one thing the one that mammoth reads: the plainer one, the other where there is no text in it."""
    for one in list(root.iter(_COMPATIBLE + "AlternateContent")):
        fallback, choice = one.find(_COMPATIBLE + "Fallback"), one.find(_COMPATIBLE + "Choice")
        if choice is None or (fallback is not None and any(True for _ in fallback.iter(W + "t"))):
            continue
        boxes = list(choice.iter(W + "txbxContent"))
        if not boxes:
            continue
        if fallback is None:
            fallback = etree.SubElement(one, _COMPATIBLE + "Fallback")
        fallback.extend(boxes)


def _take_out_changes(root: Element, counts: _Counts) -> None:
    """Takes out tracked deletions and unwraps insertions; a paragraph whose mark is deleted goes on in the next one,
    which mammoth sees to."""
    for row in list(root.iter(W + "tr")):
        if row.find(f"{W}trPr/{W}del") is not None:
            counts.deleted += 1
            _remove(row)
    for deleted in list(root.iter(*_DELETED)):
        parent = deleted.getparent()
        if parent is None or parent.tag in (W + "rPr", W + "trPr"):
            continue
        counts.deleted += any(text.text and text.text.strip() for text in deleted.iter(W + "t", W + "delText"))
        _remove(deleted)
    for paragraph in list(root.iter(W + "p")):
        mark = paragraph.find(f"{W}pPr/{W}rPr/{W}del")
        holds = next(paragraph.iter(W + "t", W + "footnoteReference", W + "drawing"), None) is not None
        alone = paragraph.getprevious() is None and paragraph.getnext() is None  # a cell keeps one
        if mark is not None and not holds and not alone:
            _remove(paragraph)


def _spell_out(root: Element) -> None:
    """Formulas and readings above characters as runs, and the words of fields and other wrappers in their place."""
    for math in list(root.iter(M + "oMath")):
        if not any(above.tag == M + "oMath" for above in math.iterancestors()):
            _put(math, _run(formula(math)))
    for ruby in list(root.iter(W + "ruby")):
        base, reading = (
            "".join(text.text or "" for part in ruby.iterfind(W + name) for text in part.iter(W + "t"))
            for name in ("rubyBase", "rt")
        )
        text = etree.Element(W + "t")
        text.text = f"{base}({reading})" if reading else base
        _put(ruby, text)
    for wrapper in list(root.iter(M + "oMathPara", *_WRAPPERS)):
        parent = wrapper.getparent()
        if parent is None or parent.tag in (W + "rPr", W + "trPr", W + "tcPr"):
            continue
        for child in list(wrapper):
            wrapper.addprevious(child)
        parent.remove(wrapper)


def _take_out_runs(root: Element, styles: Styles, counts: _Counts) -> None:
    """Takes out hidden and struck-out runs, neighbours counted as one text; the others say how they stand."""
    for paragraph in root.iter(W + "p"):
        style = value(paragraph.find(f"{W}pPr/{W}pStyle"))
        last = ""
        for run in [one for one in paragraph.iter(W + "r") if _paragraph_of(one) is paragraph]:
            unseen = is_unseen(styles, run, style)
            if not unseen and styles.is_plain(run, style):
                last = ""
                continue
            gone = "hidden" if unseen or is_on(styles.run(run, style, "vanish")) else ""
            gone = gone or ("struck" if is_struck(styles, run, style) else "")
            if gone:
                if gone != last and any(text.text and text.text.strip() for text in run.iter(W + "t")):
                    counts.hidden += gone == "hidden"
                    counts.struck += gone == "struck"
                _remove(run)
            else:
                _raise(run, styles, style)
            last = gone


def _paragraph_of(run: Element) -> Element | None:
    return next(run.iterancestors(W + "p"), None)


def _raise(run: Element, styles: Styles, paragraph_style: str | None) -> None:
    """Gives a run that its style, or its position, raises or lowers the property that says so."""
    aligned = value(styles.run(run, paragraph_style, "vertAlign"))
    if aligned not in ("superscript", "subscript"):
        moved = value(styles.run(run, paragraph_style, "position")) or "0"
        by = int(moved) if moved.lstrip("-").isdigit() and len(moved) < 6 else 0
        words = "".join(text.text or "" for text in run.iter(W + "t"))
        if aligned is not None or abs(by) < _RAISED_FROM or not 0 < len(words) <= _SHORT:
            return
        aligned = "superscript" if by > 0 else "subscript"
    if run.find(f"{W}footnoteReference") is not None or run.find(f"{W}endnoteReference") is not None:
        return
    properties = run.find(W + "rPr")
    if properties is None:
        properties = etree.Element(W + "rPr")
        run.insert(0, properties)
    for own in properties.findall(W + "vertAlign"):
        properties.remove(own)
    etree.SubElement(properties, W + "vertAlign").set(W + "val", aligned)


def _number_paragraphs(root: Element, styles: Styles, numbering: Numbering) -> None:
    """Writes each numbered paragraph's number at its beginning; bullets stay for mammoth to write."""
    for paragraph in root.iter(W + "p"):
        place = _place(paragraph, styles, numbering)
        properties = paragraph.find(W + "pPr")
        own = properties.find(W + "numPr") if properties is not None else None
        if properties is not None and own is not None:
            properties.remove(own)
        if place is None or not _has_words(paragraph):
            continue
        if place.label is None:
            if properties is None:
                properties = etree.Element(W + "pPr")
                paragraph.insert(0, properties)
            listed = etree.SubElement(properties, W + "numPr")
            etree.SubElement(listed, W + "ilvl").set(W + "val", str(place.level))
            etree.SubElement(listed, W + "numId").set(W + "val", _BULLET)
        elif place.label:
            number = _run(place.label + " ")
            if properties is None:
                paragraph.insert(0, number)
            else:
                properties.addnext(number)


def _place(paragraph: Element, styles: Styles, numbering: Numbering) -> Place | None:
    style = value(paragraph.find(f"{W}pPr/{W}pStyle"))
    own = paragraph.find(f"{W}pPr/{W}numPr")
    num = value(own.find(W + "numId")) if own is not None else None
    level = value(own.find(W + "ilvl")) if own is not None else None
    if num is None:
        num, styled = styles.numbering(style)
        of_style = numbering.of_style(style)
        if num is None and of_style:
            num, styled = of_style[0], str(of_style[1])
        elif of_style and styled is None:
            styled = str(of_style[1])
        level = level or styled
    if num is None or num == "0":
        return None
    return numbering.next(num, int(level) if level and level.isdigit() and len(level) < 3 else 0)


def _has_words(paragraph: Element) -> bool:
    return any(text.text and text.text.strip() for text in paragraph.iter(W + "t", W + "sym", W + "noBreakHyphen"))


def _mark_headers(table: Element, styles: Styles) -> None:
    """Marks the first row of a table as its header where its style sets it apart."""
    rows = table.findall(W + "tr")
    if len(rows) < 2 or any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows):
        return
    if styles.heads_first_row(table):
        properties = rows[0].find(W + "trPr")
        if properties is None:
            properties = etree.Element(W + "trPr")
            rows[0].insert(0, properties)
        etree.SubElement(properties, W + "tblHeader")


def _indent_rows(table: Element) -> None:
    """Gives rows that begin further right an empty cell for what they leave out, so that their cells stay in their
    columns."""
    for row in table.findall(W + "tr"):
        before = row.find(f"{W}trPr/{W}gridBefore")
        columns = value(before) or "" if before is not None else ""
        first = row.find(W + "tc")
        if columns.isdecimal() and 0 < int(columns) <= _MOST_COLUMNS and first is not None:
            cell = etree.Element(W + "tc")
            span = etree.SubElement(etree.SubElement(cell, W + "tcPr"), W + "gridSpan")
            span.set(W + "val", columns)
            etree.SubElement(cell, W + "p")
            first.addprevious(cell)


def _bullets() -> Element:
    """A numbering part with one list, of bullets."""
    root = etree.Element(W + "numbering", nsmap={"w": W[1:-1]})
    abstract = etree.SubElement(root, W + "abstractNum")
    abstract.set(W + "abstractNumId", "0")
    for level in range(9):
        lvl = etree.SubElement(abstract, W + "lvl")
        lvl.set(W + "ilvl", str(level))
        etree.SubElement(lvl, W + "numFmt").set(W + "val", "bullet")
    num = etree.SubElement(root, W + "num")
    num.set(W + "numId", _BULLET)
    etree.SubElement(num, W + "abstractNumId").set(W + "val", "0")
    return root


def _run(words: str) -> Element:
    run = etree.Element(W + "r")
    text = etree.SubElement(run, W + "t")
    text.text = words
    text.set(_XML_SPACE, "preserve")
    return run


def _put(old: Element, new: Element) -> None:
    parent = old.getparent()
    if parent is not None:
        new.tail = None
        parent.replace(old, new)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
