"""What a web page states of itself beside its text: title, authors and date of publication.

Read from `<meta>` (author, article:published_time, og:title, Dublin Core, Highwire's citation_... and their like) and,
where these say nothing, from the JSON-LD of the one article that the page is about.

But: the time of its last change is no date here (any program that touches a page sets it), and a page with JSON-LD for
several articles is a list of them, whose authors are not its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element

from ingest.convert.properties import Stated, sound_title, stated

_TITLES = ("citation_title", "og:title", "dc.title", "dcterms.title", "twitter:title")
_AUTHORS = (
    *("citation_author", "author", "article:author", "dc.creator", "dcterms.creator", "dc.creator.personalname"),
    *("parsely-author", "sailthru.author", "byl", "article.author", "og:article:author"),
)
_DATES = (
    *("article:published_time", "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued"),
    *("datepublished", "dc.date", "dcterms.date", "dc.date.created", "dcterms.created", "date", "pubdate"),
    *("publishdate", "publish-date", "publish_date", "publication_date", "publication-date", "published_time"),
    *("parsely-pub-date", "sailthru.date", "og:article:published_time", "og:published_time"),
)
_MOST_TAGS = 2_000
_MOST_AUTHORS = 50
_LONGEST = 1_000
"""Characters of a value."""
_MOST_JSON = 500_000
"""Characters of the JSON-LD of a page that are read."""
_MOST_OBJECTS = 2_000
_KINDS = ("article", "posting", "report", "book", "recipe", "thesis", "creativework")


def title_in(page: Element) -> str | None:
    """The title that the page's meta tags give, or None."""
    tags = _tags(page)
    return next((title for name in _TITLES for value in tags.get(name, ()) if (title := sound_title(value))), None)


def stated_in(page: Element) -> Stated:
    """Authors and date that the page states, as Converted.stated has them. To be called before scripts are taken out of
    the page."""
    tags = _tags(page)
    article = _article(page)
    sources = [[tags.get(name, []) for name in names] for names in (_AUTHORS, _DATES)]
    authors = [*sources[0], _names(article, "author"), _names(article, "creator")]
    dates = [*sources[1], [str(article.get("datePublished") or "")], [str(article.get("dateCreated") or "")]]
    generator = " ".join(tags.get("generator", ()))
    named = (stated(None, names[:_MOST_AUTHORS], tool=generator) for names in authors)
    dated = (stated(None, (), published=one) for values in dates for one in values)
    return (*next(filter(None, named), ()), *next(filter(None, dated), ()))


def _tags(page: Element) -> dict[str, list[str]]:
    """The values of the page's meta tags by their names in lower case."""
    found: dict[str, list[str]] = {}
    for number, tag in enumerate(page.iter("meta")):
        if number >= _MOST_TAGS:
            break
        value = (tag.get("content") or "")[:_LONGEST].strip()
        for name in {(tag.get(key) or "").strip().lower() for key in ("name", "property", "itemprop")}:
            if name and value:
                found.setdefault(name.replace("dc:", "dc.").replace("dcterms:", "dcterms."), []).append(value)
    return found


def _article(page: Element) -> dict[str, object]:
    """The JSON-LD of the article that the page is about, its author named; empty where there is none, or several."""
    left, objects = _MOST_JSON, list[dict[str, object]]()
    for script in page.iter("script"):
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        source = script.text or ""
        if kind != "application/ld+json" or len(source) > left:
            continue
        left -= len(source)
        try:
            objects += _objects(json.loads(source, strict=False))
        except (ValueError, RecursionError):
            continue
    named = {one["@id"]: one for one in objects if isinstance(one.get("@id"), str) and "name" in one}
    articles = [one for one in objects if _is_article(one)]
    if len(articles) != 1:
        return {}
    article = dict(articles[0])
    for key in ("author", "creator"):
        values = article.get(key)
        resolved = []
        for value in values if isinstance(values, list) else [values]:
            identity = value.get("@id") if isinstance(value, dict) and "name" not in value else None
            resolved.append(named.get(identity, value) if isinstance(identity, str) else value)
        article[key] = resolved
    return article


def _objects(value: object) -> Iterator[dict[str, object]]:
    """The objects at the top of some JSON-LD, or in its graph."""
    waiting = [value]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one[:_MOST_OBJECTS]
        elif isinstance(one, dict):
            yield one
            waiting += [one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in one]


def _is_article(one: dict[str, object]) -> bool:
    kinds = one.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.lower().endswith(_KINDS) for name in names)


def _names(article: dict[str, object], key: str) -> Sequence[str]:
    """The names under a key of an article: of persons or organisations, or plain text."""
    found = []
    values = article.get(key)
    for value in values[:_MOST_AUTHORS] if isinstance(values, list) else [values]:
        name = value.get("name") if isinstance(value, dict) else value
        found += [name[:_LONGEST]] if isinstance(name, str) else []
    return found
