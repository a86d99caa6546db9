"""A formula of Word (OMML) as one line of text: x², a₁, (a + b)/c.

But: matrices and other large structures are their signs in order.
"""

from __future__ import annotations

from lxml.etree import _Element as Element

from ingest.convert.writing.scripts import lowered, raised

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def formula(element: Element) -> str:
    """The text of a formula or of a part of one."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == M + "t":
        return element.text or ""
    if tag == M + "sSup":
        return _base(element) + _raised(_part(element, "sup"))
    if tag == M + "sSub":
        return _part(element, "e") + _lowered(_part(element, "sub"))
    if tag in (M + "sSubSup", M + "nary"):
        sign = ""
        if tag == M + "nary":
            stated = element.find(f"{M}naryPr/{M}chr")
            sign = (stated.get(M + "val") or "∫") if stated is not None else "∫"
        scripts = _lowered(_part(element, "sub")) + _raised(_part(element, "sup"))
        return sign + scripts + _part(element, "e") if sign else _part(element, "e") + scripts
    if tag == M + "f":
        above, below = _part(element, "num"), _part(element, "den")
        bar = element.find(f"{M}fPr/{M}type")
        if bar is not None and bar.get(M + "val") == "noBar":  # a binomial coefficient
            return f"{above} over {below}"
        return f"{above}/{below}" if max(len(above), len(below)) == 1 else f"({above})/({below})"
    if tag == M + "rad":
        return f"{_raised(_part(element, 'deg'))}√({_part(element, 'e')})"
    if tag == M + "d":
        inner = ", ".join(formula(part) for part in element.findall(M + "e"))
        return f"({inner})"
    return "".join(formula(child) for child in element)


def _part(element: Element, name: str) -> str:
    part = element.find(M + name)
    return formula(part).strip() if part is not None else ""


def _base(element: Element) -> str:
    """What is raised to a power: a fraction in brackets."""
    part, base = element.find(M + "e"), _part(element, "e")
    return f"({base})" if part is not None and part.find(M + "f") is not None else base


def _raised(text: str) -> str:
    return raised(text, "x", "") if text else ""


def _lowered(text: str) -> str:
    below = lowered(text) if text else ""
    return (
        below if below[:2] in ("", "_(") or below.removeprefix("_").isalnum() or below[0] != "_" else f"_({below[1:]})"
    )
