"""The main part of a web page: where trafilatura finds its text, all that stands there is kept, menus left out.

trafilatura says well which paragraphs are the article, but drops and rewrites what is in them: lists in cells, spans,
headings. So its text only marks blocks of the page; the smallest part of the page that holds them is kept as it is,
less what the page marks as no content (`nav`, `role`, usual class names) and blocks that are hardly more than links.

But: a page without such blocks is kept whole, less what it marks as no content.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from ingest.convert.writing.marks import take_out

LARGE = 20_000
"""Elements from which on trafilatura is not asked: its time grows with their square (32 s for 60,000)."""
_SHINGLE = 4
_LEAVES = frozenset(
    {"p", "li", "dd", "dt", "pre", "blockquote", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "div", "figcaption"}
    | {"section", "article", "caption", "summary", "center", "main", "body"}
)
_REGIONS = frozenset({"body", "div", "section", "article", "main", "center", "span", "td", "figure", "header"})
_BLOCKS = frozenset(
    {"div", "section", "article", "header", "ul", "ol", "dl", "p", "table", "figure", "h1", "h2", "h3"}
) | {
    *("h4", "h5", "h6", "aside", "center", "details"),
}
_SHORT = 100
_MANY = 0.3
"""The share of the marked blocks that a part which is called no content must hold to be content all the same."""
_HOLDERS = _LEAVES | {"table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "figure", "header", "details"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NO_CONTENT_TAGS = frozenset({"nav", "aside", "footer", "form", "menu"})
_NO_CONTENT_ROLES = frozenset(
    {"navigation", "complementary", "contentinfo", "search", "banner", "dialog", "alertdialog", "menu", "menubar"}
    | {"toolbar", "alert"}
)
_NO_CONTENT_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|menus|sidebar|side-bar|breadcrumbs?|cookies?|consent|gdpr|share|sharing|"
    r"social|related|recommended|comments?|disqus|advert|adverts|ads|advertisement|sponsored|promo|newsletter|subscribe|"
    r"footer|masthead|toolbar|pagination|pager|skip-?link|toc|modal|popup|banner|paywall|login|signup|catlinks|"
    r"navbox|editsection|printfooter|metadata-tags|tags?-list|post-tags|site-header|site-footer|page-footer)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|from|to|cc|bcc|date|sent|subject|re|author|authors|published|posted|written by|updated|last updated|first "
    r"published|reviewed|translated by)(?::\s*|\s+(?=(?:on\s+)?(?-i:[A-Z\d])))\S.{0,120}$"
    r"|(?:\w+day,?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\.?\s+[A-Z][a-z]+,?\s+\d{4}|[A-Z][a-z]+\.?\s+\d{1,2},?\s+\d{4}|\d{4}-\d\d-\d\d)"
    r"[^.!?]{0,30}$",
    re.IGNORECASE,
)
"""A line that says who wrote something, when, or to whom."""
_NAMED = frozenset({"div", "section", "ul", "ol", "p", "span", "header", "table", "dl", "a", "td"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Main:
    """The main part of a page. `title` is what trafilatura takes for the page's title; `found`: it found a text."""

    part: Element
    title: str | None
    found: bool


def main_part(tree: Element) -> Main:
    """The main part of `tree`, which is changed: what is no content is taken out of it."""
    body = tree.find("body")
    body = tree if body is None else body
    if sum(1 for _ in tree.iter()) > LARGE:
        part = _stated(body)
        _prune(part, frozenset(), ())
        return Main(part, None, True)
    title, words = _extracted(tree)
    kept = _marked(body, words)
    part = _around(body, kept)
    before = len(_WORD.findall("".join(map(str, part.itertext()))))
    spared = frozenset(above for block in kept for above in (block, *block.iterancestors()))
    _prune(part, spared, kept)
    if not kept and before and not "".join(map(str, part.itertext())).strip():
        return Main(part, title, False)
    if kept:
        _bring_heading(part, body)
    return Main(part, title, bool(kept))


def _extracted(tree: Element) -> tuple[str | None, list[str]]:
    """Title and words of the text that trafilatura finds."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(
            copy.deepcopy(tree),
            include_formatting=True,
            include_tables=True,
            include_comments=False,
            with_metadata=True,
        )
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, etree.LxmlError):  # a page that it cannot take
        return None, []
    if found is None or isinstance(found, dict) or found.body is None:
        return None, []
    return found.title, _WORD.findall(" ".join(map(str, found.body.itertext())).casefold())


def _marked(body: Element, words: Sequence[str]) -> list[Element]:
    """The blocks of the page most of whose words, four at a time, are in the text found."""
    shingles = {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    marked: list[Element] = []
    if not shingles:
        return marked
    for element in body.iter(*_LEAVES):
        own = _WORD.findall(_own_text(element).casefold())
        if len(own) < _SHINGLE:
            continue
        mine = [tuple(own[at : at + _SHINGLE]) for at in range(len(own) - _SHINGLE + 1)]
        if sum(one in shingles for one in mine) >= 0.6 * len(mine):
            marked.append(element)
    return marked


def _own_text(element: Element) -> str:
    """The words of an element that are in no block within it."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _HOLDERS:
            parts.append("".join(map(str, child.itertext())))
        parts.append(child.tail or "")
    return " ".join(parts)


def _around(body: Element, kept: Collection[Element]) -> Element:
    """The smallest element that holds all of the blocks, those aside that stand in what is no content."""
    if not kept:
        return _stated(body)
    counts = Counter(above for block in kept for above in (block, *block.iterancestors()))
    few = {above for above, number in counts.items() if number < _MANY * len(kept) and _is_no_content(above)}
    sure = [block for block in kept if not any(above in few for above in (block, *block.iterancestors()))] or list(kept)
    counts = Counter(above for block in sure for above in (block, *block.iterancestors()))
    part = body
    while True:
        inner = next((child for child in part if counts[child] == len(sure)), None)
        if inner is None or inner.tag not in _REGIONS:
            return part
        part = inner


def _prune(part: Element, spared: Collection[Element], kept: Collection[Element]) -> None:
    """Takes out what is no content, unless it is spared or holds what is."""
    take_out([one for one in part.iterdescendants(etree.Element) if one not in spared and _is_no_content(one)])
    if not kept:
        return
    place = {element: number for number, element in enumerate(part.iter(etree.Element))}
    places = [place[block] for block in kept if block in place]
    if not places:
        return
    first, last = min(places), max(places)
    beside = [
        child
        for above in part.iter(etree.Element)
        if (above is part or above in spared) and above.tag in _REGIONS
        for child in above.iterchildren(etree.Element)
        if child not in spared
    ]
    take_out([one for one in beside if _is_menu(one, first < place[one] < last)])
    for child in reversed(list(part.iterchildren(etree.Element))):  # headings of what is gone
        if child.tag not in _HEADINGS or child in spared or (child.tail or "").strip():
            break
        part.remove(child)


def _is_menu(block: Element, inside: bool) -> bool:
    """Whether a block without marked words is rather a menu or a teaser than content: hardly more than links, or, at
    the ends of the text, short words in no paragraph."""
    if block.tag not in _BLOCKS:
        return False
    words, links = len(_squeezed(block)), list(block.iter("a"))
    if block.tag in _HEADINGS:  # one that links to itself, as many programs for manuals write them
        links = [link for link in links if not (link.get("href") or "").startswith("#")]
    linked = sum(len(_squeezed(link)) for link in links)
    if block.tag == "table" or next(block.iter("table"), None) is not None:
        return linked > 0.8 * words
    if words < _SHORT and _says_who_or_when(block):
        return False
    if inside:
        return bool(links) and linked >= 0.6 * words
    if links and linked >= 0.3 * words:
        return True
    plain = next(block.iter("p", "ul", "ol", "dl", "pre", "blockquote", "figure", *_HEADINGS), None) is None
    return plain and words < _SHORT


def _says_who_or_when(block: Element) -> bool:
    """Whether a short block is a byline, a date, or the head of a letter."""
    lines = [line for part in _own_lines(block) if (line := " ".join(part.split()))]
    return bool(lines) and all(_BYLINE.match(line) for line in lines)


def _own_lines(block: Element) -> list[str]:
    """The words of a block, line by line as it is shown."""
    lines = [""]
    for event, one in etree.iterwalk(block, events=("start", "end")):
        if one.tag == "br" or one.tag in _HOLDERS:
            lines.append("")
        lines[-1] += (one.text or "") if event == "start" else (one.tail or "") if one is not block else ""
    return lines


def _is_no_content(element: Element) -> bool:
    if element.tag == "footer" and next(element.iterancestors("blockquote", "q", "figure"), None) is not None:
        return False  # whose words they are
    if element.tag in _NO_CONTENT_TAGS or (element.get("role") or "").strip().lower() in _NO_CONTENT_ROLES:
        return True
    if element.tag not in _NAMED:
        return False
    return any(_NO_CONTENT_NAMES.search(element.get(name) or "") for name in ("class", "id"))


def _bring_heading(part: Element, body: Element) -> None:
    """Puts the page's only <h1> before the part, where it stands above it and outside of it."""
    heading = _only(body, "h1")
    if heading is None or part is body or heading is part or any(above is part for above in heading.iterancestors()):
        return
    if any(one is heading for one in part.iter("h1")) or next(part.iter("h1"), None) is not None:
        return
    moved = copy.deepcopy(heading)
    moved.tail = part.text
    part.text = None
    part.insert(0, moved)


def _stated(body: Element) -> Element:
    """The page's only <main> or <article>, else its body."""
    for tag in ("main", "article"):
        found = _only(body, tag)
        if found is not None:
            return found
    return body


def _only(tree: Element, tag: str) -> Element | None:
    found = list(tree.iter(tag))
    return found[0] if len(found) == 1 else None


def _squeezed(element: Element) -> str:
    return "".join("".join(map(str, element.itertext())).split())
