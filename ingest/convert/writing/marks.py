"""What mark-up says of single words, said in the words themselves, before an HTML tree is written as text.

Raised and lowered characters, footnote marks, quotations in a sentence, readings above characters, formulas; words
that are struck out or deleted are taken out and counted.

But: blocks (lists, tables, headings) are for ingest.convert.markup.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from ingest.convert.textfile import counted
from ingest.convert.writing.scripts import lowered, raised

_DELETED = frozenset({"del", "s", "strike"})
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_NO_STRIKE = re.compile(r"text-decoration(?:-line)?\s*:\s*(?:none|underline)", re.IGNORECASE)
_RULE = re.compile(r"([^{}@]{1,500})\{([^{}]{0,5000})\}")
_SIMPLE_SELECTOR = re.compile(r"([A-Za-z][\w-]*)?(?:([.#])([\w-]+))?$")
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\b(?:foot-?note-?ref|note-?ref|fn-?ref|footnote-reference|end-?note-?ref|citation-?ref)", re.IGNORECASE
)
_BACK = re.compile(
    r"\b(?:foot-?note-?back(?:ref|link)?|reversefootnote|data-footnote-backref|doc-backlink|mw-cite-backlink|fn-?back)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\b(?:doc-)?page-?(?:break|num|no|number)\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"[\[({]?\s*(?:p(?:age|g)?\.?\s*)?(?:\d{1,5}|[ivxlc]{1,8})\s*[\])}]?", re.IGNORECASE)
_BACK_SIGNS = frozenset("↩↑^⏎↵⇑⤴¶#🔗")
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§¶]{1,3})[\])]?")
_FORMULA_CLASS = re.compile(r"\b(?:math|tex|latex|equation)|mwe-math", re.IGNORECASE)
_TEX_STYLE = re.compile(r"^\{\\(?:display|text)style (.*)\}$")
_INLINE_CONTEXT = 60
"""Characters before a raised one that are looked at."""
_BREAKS_TEXT = frozenset(
    {"p", "div", "li", "td", "th", "tr", "table", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"blockquote", "pre", "section", "article", "figure", "figcaption", "caption", "br", "body"}
)


@dataclass(frozen=True, slots=True)
class Removed:
    """How many stretches of text were struck out or deleted, and taken out."""

    deleted: int = 0

    def warnings(self) -> tuple[str, ...]:
        """One line for a report, where there is anything to say."""
        if not self.deleted:
            return ()
        return (f"left out {counted(self.deleted, 'struck-out or deleted text')}",)


def spell_out(tree: Element, struck: Collection[str] = ()) -> Removed:
    """Changes the tree as this module says. `struck`: tags ("s"), classes (".old") and ids ("#x") that a style sheet
    strikes out, as `struck_selectors` finds them."""
    gone = [one for one in tree.iter(etree.Element) if _is_deleted(one, struck)]
    deleted = texts_of(gone)
    take_out(gone)
    take_out([one for one in tree.iter("a", "span") if _leads_back(one) or _is_page_number(one)])
    for element in list(tree.iter("math")):
        _replace(element, formula(element))
    for element in list(tree.iter("img")):
        if _FORMULA_CLASS.search(element.get("class") or ""):
            _replace(element, _plain_tex(element.get("alt") or ""))
    _spell_scripts(tree)
    for element in reversed(list(tree.iter("q"))):  # the inner ones first, which count those around them
        _quote(element)
    for element in list(tree.iter("ruby")):
        _bracket_readings(element)
    return Removed(deleted)


def struck_selectors(tree: Element) -> frozenset[str]:
    """The simple selectors ("s", ".old", "#x") to which a page's own style sheets give a line through the words."""
    found: set[str] = set()
    for style in tree.iter("style"):
        for selectors, rules in _RULE.findall((style.text or "")[:200_000]):
            if not _STRUCK_STYLE.search(rules):
                continue
            for selector in selectors.split(","):
                simple = _SIMPLE_SELECTOR.match(selector.strip())
                if simple and (simple[1] or simple[3]):
                    found.add(simple[2] + simple[3] if simple[3] else simple[1].lower())
    return frozenset(found)


def formula(element: Element) -> str:
    """A formula of MathML as one line of text: its own alternative text or TeX, else its signs in their order."""
    stated = element.get("alttext") or next(
        (a.text for a in element.iter("annotation", "{*}annotation") if "tex" in (a.get("encoding") or "") and a.text),
        None,
    )
    return _plain_tex(stated) if stated else "".join(_signs(element)).strip()


def _plain_tex(tex: str) -> str:
    """TeX on one line, without what only sets its size."""
    return _TEX_STYLE.sub(r"\1", " ".join(tex.split())).strip()


def _signs(element: Element) -> Iterator[str]:
    tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if tag in ("", "annotation", "annotation-xml"):
        return
    children = ["".join(_signs(child)) for child in element if isinstance(child.tag, str)]
    if tag in ("msup", "mover") and len(children) == 2:
        yield children[0] + raised(children[1], "x", "") if children[1].strip() else children[0]
    elif tag in ("msub", "munder") and len(children) == 2:
        yield children[0] + lowered(children[1])
    elif tag in ("msubsup", "munderover") and len(children) == 3:
        yield children[0] + lowered(children[1]) + (raised(children[2], "x", "") if children[2].strip() else "")
    elif tag == "mfrac" and len(children) == 2:
        yield f"({children[0]})/({children[1]})" if max(map(len, children)) > 1 else "/".join(children)
    elif tag == "msqrt":
        yield f"√({''.join(children)})"
    else:
        own = " ".join((element.text or "").split())
        yield f" {own} " if tag == "mo" and own in "=+−-±×<>≤≥≈" and own else own
        yield from children


def _is_deleted(element: Element, struck: Collection[str]) -> bool:
    style = element.get("style") or ""
    if _STRUCK_STYLE.search(style):
        return True
    if _NO_STRIKE.search(style):
        return False
    if element.tag in _DELETED or element.tag in struck:
        return True
    if not struck:
        return False
    classes = (f".{name}" for name in (element.get("class") or "").split())
    return any(name in struck for name in classes) or f"#{element.get('id')}" in struck


def _leads_back(element: Element) -> bool:
    """Whether an element leads back from a note to its place in the text, or is the sign that links a heading."""
    said = " ".join(element.get(name) or "" for name in ("class", "role", "rel", "data-footnote-backref"))
    if _BACK.search(said):
        return True
    if element.tag != "a" or not (element.get("href") or "").startswith("#"):
        return False
    words = "".join(map(str, element.itertext())).replace("\ufe0e", "").strip()
    return bool(words) and all(sign in _BACK_SIGNS for sign in words)


def _is_page_number(element: Element) -> bool:
    """Whether an element says which page of a printed book begins there."""
    said = " ".join(element.get(name) or "" for name in ("class", "role", "epub:type"))
    return bool(_PAGE.search(said)) and bool(_PAGE_NUMBER.fullmatch("".join(map(str, element.itertext())).strip()))


def take_out(elements: Collection[Element]) -> None:
    """Removes elements, given in the order of the page, and keeps the text that follows each. Neighbours go together:
    what follows them is put in its new place once, and not once for each."""
    taken = set(elements)
    for element in elements:
        parent, before = element.getparent(), element.getprevious()
        if parent is None or before in taken:
            continue
        tails = []
        following: Element | None = element
        while following is not None and following in taken:
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


def texts_of(elements: Collection[Element]) -> int:
    """How many of the elements hold words and lie in no other of them."""
    some = set(elements)
    outer = (one for one in elements if not any(above in some for above in one.iterancestors()))
    return sum(1 for one in outer if any(any(map(str.isalnum, str(text))) for text in one.itertext()))


def _spell_scripts(tree: Element) -> None:
    """Writes raised and lowered characters and footnote marks. What stands before them is gathered on the way."""
    before = ""
    within: Element | None = None
    spelt = ""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if within is not None and element is not within:
            continue
        if event == "start":
            kind = _script(element)
            if kind:
                within, inner = element, "".join(map(str, element.itertext()))
                linked = kind == "note" or _is_linked(element, inner)
                after = (element.tail or _following(element))[:1]
                spelt = lowered(inner, before) if kind == "sub" else raised(inner, before, after, linked=linked)
                continue
            before = "" if element.tag in _BREAKS_TEXT else before
            before = (before + (element.text or ""))[-_INLINE_CONTEXT:]
            continue
        if within is not None:
            _replace(element, spelt)
            before, within = before + spelt, None
        before = "" if element.tag in _BREAKS_TEXT else before
        before = (before + (element.tail or ""))[-_INLINE_CONTEXT:]


def _script(element: Element) -> str:
    """Whether an element is raised, lowered, a footnote mark, or none ("")."""
    if element.tag in ("sup", "sub"):
        return "" if any(child.tag in _BREAKS_TEXT for child in element.iter(etree.Element)) else str(element.tag)
    if element.tag == "span" and (raising := _RAISED_STYLE.search(element.get("style") or "")):
        return "sup" if raising[1].lower() == "super" else "sub"
    if element.tag == "a" and element.find("sup") is None and _refers(element):
        words = "".join(map(str, element.itertext())).strip()
        return "note" if _MARK.fullmatch(words) else ""
    return ""


def _refers(element: Element) -> bool:
    said = " ".join(str(element.get(name) or "") for name in ("class", "role", "rel", "epub:type", "id"))
    return bool(_REFERENCE.search(said))


def _is_linked(element: Element, words: str) -> bool:
    """Whether a raised text is, or is all of, a link to a place of a page, or is called a reference."""
    links, parent = list(element.iter("a")), element.getparent()
    if parent is not None and parent.tag == "a" and "".join(map(str, parent.itertext())).strip() == words.strip():
        links.append(parent)
    return _refers(element) or any("#" in (link.get("href") or "") or _refers(link) for link in links)


def _following(element: Element) -> str:
    following = element.getnext()
    return "".join(map(str, following.itertext()))[:1] if following is not None else ""


def _quote(element: Element) -> None:
    """Puts a quotation's marks around its words; other ones inside a quotation."""
    outer = sum(1 for above in element.iterancestors("q")) % 2
    left, right = ("‘", "’") if outer else ("“", "”")
    words = "".join(map(str, element.itertext())).strip()
    if not words or words[0] in "“\"«„‘'‹":
        return
    element.text = left + (element.text or "").lstrip()
    last = element[-1] if len(element) else None
    if last is not None:
        last.tail = (last.tail or "").rstrip() + right
    else:
        element.text = element.text.rstrip() + right
    element.tag = "span"
    element.set("data-quotation", "")


def _bracket_readings(element: Element) -> None:
    """Puts brackets around the readings of characters, where the page does not bring its own."""
    if next(element.iter("rp"), None) is not None:
        return
    for reading in element.iter("rt"):
        if words := "".join(map(str, reading.itertext())).strip():
            for child in list(reading):
                reading.remove(child)
            reading.text = f"({words})"


def _replace(element: Element, text: str) -> None:
    for child in list(element):
        element.remove(child)
    element.text, element.tag = text, "span"
