"""Web pages to Markdown: the main text where trafilatura finds one, else everything that a browser would show.

But: it runs no scripts, follows no links and loads nothing; a page that is written by its scripts is empty here.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree
from lxml import html as lxml_html
from lxml.etree import _Element as Element

from ingest.convert.limits import MAX_CELLS, MAX_ELEMENTS, check, check_nesting, counted_to
from ingest.convert.markup import to_markdown
from ingest.convert.textfile import Converted, clean, decode, heading_of
from vectorstore.errors import InputError

_METADATA = frozenset({"title", "meta", "link"})
_NEVER_SHOWN = _METADATA | {
    *("script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "math", "canvas"),
    *("audio", "video", "select", "option", "datalist", "textarea", "button", "dialog"),
}
_HEAD_TAGS = _METADATA | {"script", "style", "template", "noscript", "base", "object"}
_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNPARSABLE = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_TAG = re.compile("<[A-Za-z]")
_REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]{1,6}|[0-9]{1,7});?")


def convert_html(data: bytes, name: str, *, declared: str | None = None) -> Converted:
    """The main text of a page as Markdown. `declared` is the encoding its server names. Raises InputError, naming
    `name`, where there is no visible text."""
    decoded = decode(data, name, declared=declared or _charset(data), allow_nul=True)
    source = clean(_REFERENCE.sub(_spelt_out, decoded.text))
    check(name, counted_to(_TAG.finditer(source.text), 10 * MAX_ELEMENTS), "elements", MAX_ELEMENTS)
    page = _visible(source.text)
    if page is not None:
        _check_tree(page, name)
    everything = to_markdown(page) if page is not None else ""
    if not everything.strip():
        raise InputError(f"{name} has no visible text. If its scripts write the page, save it from a browser first")
    title, main = _main_text(source.text)
    text, remark = _choose(main, everything)
    return Converted(text, title, (*decoded.warnings, *source.warnings, *remark))


def _check_tree(tree: Element, name: str) -> None:
    """Raises InputError where elements are nested too deeply, or tables have too many cells."""
    depth = deepest = cells = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        cells += event == "end" and element.tag in ("td", "th")
    check_nesting(name, deepest)
    check(name, cells, "table cells", MAX_CELLS)


def _choose(main: str | None, everything: str) -> tuple[str, tuple[str, ...]]:
    """The main text or all visible text, and a warning where that choice lost or kept a lot."""
    if main is None:
        return everything, ("no main text found, kept all visible text",)
    share = 100 * _words(main) // max(1, _words(everything))
    if share >= 90 and "\n\n" not in main:  # a short page, run into one paragraph
        return everything, ()
    if share < 50:
        return main, (f"kept the main text, {share} % of the page's words; the rest looked like menus or comments",)
    return main, ()


def fragment_to_markdown(source: str) -> str:
    """The Markdown of an HTML fragment that needs no choosing, such as a converted Word document."""
    visible = _visible(clean(source).text)
    return "" if visible is None else to_markdown(visible)


def _charset(data: bytes) -> str | None:
    found = _META_CHARSET.search(data[:4096]) or _XML_CHARSET.search(data[:200])
    return found.group(1).decode("ascii") if found else None


def _spelt_out(reference: re.Match[str]) -> str:
    """A character reference to a NUL or lone surrogate as that character, so that `clean` finds and reports it."""
    digits = reference.group(1)
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return chr(code) if code == 0 or 0xD800 <= code <= 0xDFFF else reference.group()


def _parse(source: str) -> Element | None:
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    text = _UNPARSABLE.sub(" ", _XML_DECLARATION.sub("", source, count=1))
    if not text.strip():
        return None
    try:
        tree = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing but mark-up
        tree = None
    if any(entry.type == etree.ErrorTypes.ERR_NO_MEMORY for entry in parser.error_log):
        raise MemoryError  # the parser itself would call the page empty
    if tree is None:
        return None
    _rehome(tree)
    return tree


def _rehome(tree: Element) -> None:
    """Moves what the parser left in the head but a browser would show into the body: it happens to a page that states
    neither, such as a title followed by an article."""
    head, body = tree.find("head"), tree.find("body")
    misplaced = [element for element in head if element.tag not in _HEAD_TAGS] if head is not None else []
    if not misplaced:
        return
    if body is None:
        body = etree.SubElement(tree, "body")
    first = next(body.iterchildren(), None)
    for element in misplaced:
        if first is not None:
            first.addprevious(element)
        else:
            body.append(element)


def _visible(source: str, keep: Collection[str] = ()) -> Element | None:
    """The page without what a browser would not show, tags in `keep` excepted; None where it holds no element."""
    tree = _parse(source)
    if tree is None:
        return None
    _drop([one for one in tree.iter(etree.Element) if one.tag not in keep and _is_hidden(one)])
    return tree


def _is_hidden(element: Element) -> bool:
    return (
        element.tag in _NEVER_SHOWN
        or element.get("hidden") is not None
        or (element.get("aria-hidden") or "").strip().lower() == "true"
        or _HIDING_STYLE.search(element.get("style") or "") is not None
    )


def _drop(elements: Collection[Element]) -> None:
    """Removes elements, given in the order of the page, and keeps the text that follows each. Neighbours go together:
    what follows them is put in its new place once, and not once for each."""
    dropped = set(elements)
    for element in elements:
        parent, before = element.getparent(), element.getprevious()
        if parent is None or before in dropped:
            continue
        tails = []
        following: Element | None = element
        while following is not None and following in dropped:
            after = following.getnext()
            tails.append(following.tail or "")
            following.tail = None
            parent.remove(following)
            following = after
        tail = "".join(tails)
        if tail and before is not None:
            before.tail = (before.tail or "") + tail
        elif tail:
            parent.text = (parent.text or "") + tail


def _main_text(source: str) -> tuple[str | None, str | None]:
    """Title and main text as trafilatura sees them, or as the page marks them where it is very large; None for what is
    not found."""
    from trafilatura import bare_extraction

    tree = _visible(source, keep=_METADATA)
    if tree is None:
        return None, None
    title = _title(tree)
    if sum(1 for _ in tree.iter()) > _LARGE:
        body = tree.find("body")
        return title, to_markdown(_outside_menus(body)) or None if body is not None else None
    found = bare_extraction(
        tree, include_formatting=True, include_tables=True, include_comments=False, with_metadata=True
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return title, None
    text = to_markdown(_as_html(found.body))
    return _best_title(title, _one_line(found.title), text), text or None


def _outside_menus(tree: Element) -> Element:
    """The page's only <main> or <article>, else the page without what HTML marks as not being content."""
    for tag in ("main", "article"):
        found = list(tree.iter(tag))
        if len(found) == 1:
            return found[0]
    _drop(list(tree.iter("nav", "aside", "footer", "form")))
    return tree


def _title(tree: Element) -> str | None:
    for tag in ("title", "h1"):
        element = next(tree.iter(tag), None)
        title = _one_line("".join(map(str, element.itertext()))) if element is not None else None
        if title:
            return title
    return None


def _best_title(stated: str | None, found: str | None, text: str) -> str | None:
    """What trafilatura found, where the page's <title> agrees; else the first heading, where that agrees; else the
    <title>. A page's first <h1> may belong to a hidden dialog."""
    for candidate in (found, heading_of(text)):
        if candidate and stated and candidate.casefold() in stated.casefold():
            return candidate
    return stated or found


def _one_line(text: str | None) -> str | None:
    return " ".join(clean(text).text.split()) or None if text else None


_LARGE = 20_000
"""Elements from which on trafilatura is not asked: its time grows with their square (32 s for 60,000)."""
_RENAMED = {"item": "li", "quote": "blockquote", "lb": "br", "row": "tr", "hi": "span", "ref": "a"}


def _as_html(body: Element) -> Element:
    """trafilatura's tree (in the vocabulary of TEI) with the names of HTML."""
    for element in body.iter(etree.Element):
        rend = element.get("rend") or ""
        if element.tag == "head":
            element.tag = rend if rend in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
        elif element.tag == "list":
            element.tag = "ol" if rend == "ol" else "ul"
        elif element.tag == "cell":
            element.tag = "th" if element.get("role") == "head" else "td"
        elif element.tag == "code" and "\n" in "".join(map(str, element.itertext())).strip():
            element.tag = "pre"
        else:
            element.tag = _RENAMED.get(element.tag, element.tag)
    return body


def _words(text: str) -> int:
    """How many words, marks of Markdown not counted."""
    return len(re.findall(r"\w+", text))
