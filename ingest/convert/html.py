"""Web pages to Markdown: the main part where there is one, else everything that a browser would show.

But: it runs no scripts, follows no links and loads nothing; a page that is written by its scripts is empty here.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree
from lxml import html as lxml_html
from lxml.etree import _Element as Element
from lxml.html import defs

from ingest.convert.limits import MAX_CELLS, MAX_ELEMENTS, check, check_nesting, counted_to
from ingest.convert.markup import to_markdown
from ingest.convert.properties import sound_title, stated
from ingest.convert.textfile import Converted, clean, counted, decode, heading_of
from ingest.convert.web.main_part import main_part
from ingest.convert.web.metatags import stated_in, title_in
from ingest.convert.writing.hiding import hidden_by_style
from ingest.convert.writing.marks import spell_out, struck_selectors, take_out, texts_of
from vectorstore.errors import InputError

_METADATA = frozenset({"title", "meta", "link"})
_NEVER_SHOWN = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "canvas"}
    | {"audio", "video", "select", "option", "datalist", "textarea", "button", "dialog"}
)
_MENUS = frozenset({"nav", "header", "footer", "aside", "form", "menu"})
_HEAD_TAGS = _METADATA | {"script", "style", "template", "noscript", "base", "object"}
_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_INLINE_STYLE = re.compile(r"(?:^|;)\s*display\s*:\s*inline(?:-block)?\s*(?:;|!|$)", re.IGNORECASE)
_PHRASES = frozenset(
    {
        "a",
        "abbr",
        "b",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
    }
    | {"q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_KNOWN = frozenset(defs.tags) | frozenset(
    {
        "article",
        "aside",
        "details",
        "dialog",
        "figcaption",
        "figure",
        "footer",
        "header",
        "hgroup",
        "main",
        "mark",
        "math",
    }
    | {"meter", "nav", "output", "picture", "progress", "rp", "rt", "ruby", "search", "section", "slot", "source"}
    | {"summary", "svg", "template", "time", "track", "video", "audio", "canvas", "datalist", "embed", "wbr"}
)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNPARSABLE = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_TAG = re.compile("<[A-Za-z]")
_NAME = re.compile(r"[A-Za-z][\w.-]*(?::[A-Za-z_][\w.-]*)?")
_REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]{1,6}|[0-9]{1,7});?")


def convert_html(data: bytes, name: str, *, declared: str | None = None) -> Converted:
    """The main text of a page as Markdown. `declared` is the encoding its server names. Raises InputError, naming
    `name`, where there is no visible text."""
    decoded = decode(data, name, declared=declared or charset_of(data), allow_nul=True)
    source = clean(_REFERENCE.sub(_spelt_out, decoded.text))
    check(name, counted_to(_TAG.finditer(source.text), 10 * MAX_ELEMENTS), "elements", MAX_ELEMENTS)
    page = _parse(source.text)
    if page is not None:
        _check_tree(page, name)
    meta_title = title_in(page) if page is not None else None
    beside = stated_in(page) if page is not None else ()
    left_out = _show(page) if page is not None else ()
    if page is None or not _shown_words(page):
        raise InputError(f"{name} has no visible text. If its scripts write the page, save it from a browser first")
    title, words = _title(page), _shown_words(page)
    main = main_part(page)
    take_out(list(page.iter(*_METADATA)))
    text = to_markdown(main.part)
    remark = _remark(main.found, _words(text), words)
    warnings = (*decoded.warnings, *source.warnings, *remark, *left_out)
    best = _best_title(title, meta_title, _one_line(main.title), text)
    known = (*stated(best, ()), *beside) if title or meta_title else beside
    return Converted(text, best, warnings, stated=known)


def _check_tree(tree: Element, name: str) -> None:
    """Raises InputError where elements are nested too deeply, or tables have too many cells."""
    depth = deepest = cells = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        cells += event == "end" and element.tag in ("td", "th")
    check_nesting(name, deepest)
    check(name, cells, "table cells", MAX_CELLS)


def _remark(found: bool, kept: int, all_words: int) -> tuple[str, ...]:
    """A warning where the choice of the main text lost or kept a lot."""
    if not found:
        return ("no main text found, kept all visible text",)
    share = 100 * kept // max(1, all_words)
    if share < 50:
        return (f"kept the main text, {share} % of the page's words; the rest looked like menus or comments",)
    return ()


def fragment_to_markdown(source: str, name: str | None = None, *, styled: bool = False) -> tuple[str, tuple[str, ...]]:
    """The Markdown of an HTML fragment that needs no choosing, such as a converted Word document, and what was left out
    of it. `styled` as in `to_markdown`. Raises InputError, naming `name` where it is given, where the fragment is
    nested too deeply or has too many table cells."""
    page = _parse(clean(source).text)
    if page is None:
        return "", ()
    if name is not None:
        _check_tree(page, name)
    left_out = _show(page)
    take_out(list(page.iter(*_METADATA)))
    return to_markdown(page, styled=styled), left_out


def charset_of(data: bytes) -> str | None:
    """The encoding that a page itself names."""
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
    for element in tree.iter(etree.Element):
        if not _NAME.fullmatch(str(element.tag)):  # "m<div": the parser takes it, its own tools do not
            element.tag = "span"
    _rehome(tree)
    _part_terms(tree)
    _take_for_words(tree)
    return tree


def _take_for_words(tree: Element) -> None:
    """Makes phrases of elements that HTML does not know and that stand among words: a browser goes on in the line. Not
    of those that would run into one another or into the words before, which a style sets apart."""
    unknown: list[Element] = []
    blocks: set[Element] = set()
    worded: set[Element] = set()
    drawn: set[Element] = set()
    for element in tree.iter(etree.Element):
        around = element.getparent()
        if element.text and element.text.strip():
            worded.add(element)
        if around is None:
            continue
        if element.tail and element.tail.strip():
            worded.add(around)
        if around in drawn or around.tag in ("math", "svg"):
            drawn.add(element)
        elif element.tag not in _KNOWN:
            unknown.append(element)
        elif element.tag not in _PHRASES:
            while around is not None and around not in blocks:
                blocks.add(around)
                around = around.getparent()
    apart = _set_apart(unknown)
    for element in unknown:
        if element not in blocks and element not in apart and element.getparent() in worded:
            element.tag = "span"
            worded.add(element)  # what it holds stands among words, too


def _set_apart(unknown: Collection[Element]) -> set[Element]:
    """Those that follow one another with nothing between, and those that begin a sentence right behind a word."""
    ours, apart = set(unknown), set[Element]()
    for element in unknown:
        follows = element.getnext()
        if follows is not None and follows in ours and not element.tail:
            apart |= {element, follows}
        around, previous = element.getparent(), element.getprevious()
        before = (previous.tail if previous is not None else around.text if around is not None else "") or ""
        if (before[-1:].islower() or before[-1:] in tuple(".:!?")) and (element.text or "")[:1].isupper():
            apart.add(element)
    return apart


def _part_terms(tree: Element) -> None:
    """Puts terms and definitions beside one another where a page does not close them: the parser nests them."""
    for item in list(tree.iter("dt", "dd")):
        around = item.getparent()
        if around is not None and around.tag in ("dt", "dd"):
            for moved in reversed([item, *item.itersiblings()]):
                around.addnext(moved)


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


def _show(tree: Element) -> tuple[str, ...]:
    """Takes out what a browser would not show or strikes out, spells out what mark-up says of words, and returns what a
    reader should know of it."""
    struck = struck_selectors(tree)
    unseen = set(hidden_by_style(tree))
    take_out([one for one in tree.iter(etree.Element) if one.tag in _NEVER_SHOWN])
    if 2 * sum(_words(" ".join(map(str, one.itertext()))) for one in unseen) > _shown_words(tree):
        unseen.clear()  # what most of a page hides in is how it begins, before its scripts show it
    hidden = [one for one in tree.iter(etree.Element) if _is_hidden(one) or one in unseen]
    texts = texts_of([one for one in hidden if not _goes_without_saying(one)])
    take_out(hidden)
    for element in tree.iter("div", "p"):
        if _INLINE_STYLE.search(element.get("style") or "") and not _holds_blocks(element):
            element.tag = "span"
    removed = spell_out(tree, struck)
    said = (f"left out {counted(texts, 'hidden text')}",) if texts else ()
    return (*removed.warnings(), *said)


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or (element.get("aria-hidden") or "").strip().lower() == "true"


def _holds_blocks(element: Element) -> bool:
    return any(inner.tag not in _PHRASES for inner in element.iterdescendants(etree.Element))


def _goes_without_saying(hidden: Element) -> bool:
    """Whether nobody misses a hidden element: it stands in a menu, or is a formula that is shown as a picture."""
    in_menu = any(above.tag in _MENUS for above in (hidden, *hidden.iterancestors()))
    return in_menu or next(hidden.iter("math"), None) is not None


def _shown_words(page: Element) -> int:
    """How many words are left in the page, those of its head not counted."""
    parts = (text for part in page if part.tag != "head" for text in part.itertext())
    return _words(" ".join(map(str, parts)))


def _title(tree: Element) -> str | None:
    for tag in ("title", "h1"):
        element = next(tree.iter(tag), None)
        title = _one_line("".join(map(str, element.itertext()))) if element is not None else None
        if title and (tag == "h1" or sound_title(title)):
            return title
    return None


def _best_title(title: str | None, meta: str | None, found: str | None, text: str) -> str | None:
    """What trafilatura found or the page's meta tags say, where the page's <title> agrees; else the first heading,
    where that agrees; else the <title>. A page's first <h1> may belong to a hidden dialog."""
    for candidate in (found, meta, heading_of(text)):
        if candidate and title and candidate.casefold() in title.casefold():
            return candidate
    return title or meta or found


def _one_line(text: str | None) -> str | None:
    return " ".join(clean(text).text.split()) or None if text else None


def _words(text: str) -> int:
    """How many words, marks of Markdown not counted."""
    return len(re.findall(r"\w+", text))
