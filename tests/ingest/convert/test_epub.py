"""EPUB books: chapters in order, what the book states, limits, protection and damage."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.convert import epub
from ingest.convert.epub import convert_epub
from ingest.loading import load_file
from vectorstore.errors import InputError

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
METADATA = (
    "<dc:title>The Heron House</dc:title><dc:creator>Maud Ellery</dc:creator><dc:creator>Jon Orme</dc:creator>"
    '<dc:date opf:event="modification">2020-01-01</dc:date><dc:date opf:event="publication">1911</dc:date>'
)
ONE = "<h1>The Arrival</h1><p>The coach came at dusk.<sup>2</sup> It rained.</p><ul><li>one lamp</li></ul>"
TWO = "<h1>The Mill</h1><p>The mill stood still.</p>"


def page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
        f"<body>{body}</body></html>"
    )


def package(metadata: str = METADATA, spine: str = "nav one two") -> str:
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="pic" href="p.png" media-type="image/png"/></manifest><spine>'
        + "".join(f'<itemref idref="{name}"/>' for name in spine.split())
        + "</spine></package>"
    )


def book(**changed: str | bytes | None) -> bytes:
    parts: dict[str, str | bytes | None] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package(),
        "OEBPS/nav.xhtml": page("<nav><ol><li>The Arrival</li></ol></nav>"),
        "OEBPS/text/one.xhtml": page(ONE),
        "OEBPS/text/two b.xhtml": page(TWO),
        "OEBPS/p.png": b"\x89PNG",
        **changed,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return packed.getvalue()


def refused(**changed: str | bytes | None) -> str:
    with pytest.raises(InputError) as caught:
        convert_epub(book(**changed), "b.epub")
    assert "\n" not in str(caught.value) and str(caught.value).startswith("b.epub")
    return str(caught.value)


def test_chapters_in_reading_order_without_the_list_of_contents() -> None:
    found = convert_epub(book(), "b.epub")
    assert found.text.startswith("# The Arrival\n\nThe coach came at dusk.[2] It rained.\n\n- one lamp\n\n# The Mill")
    assert found.text.endswith("The mill stood still.") and found.title == "The Heron House"
    title = ("title", "The Heron House")
    assert found.stated == (title, ("author", "Maud Ellery"), ("author", "Jon Orme"), ("date", "1911"))
    swapped = convert_epub(book(**{"OEBPS/book.opf": package(spine="two one two")}), "b.epub")
    assert swapped.text.startswith("# The Mill") and swapped.text.count("# The Mill") == 1


def test_a_book_is_a_document_with_its_facts(tmp_path: Path) -> None:
    (tmp_path / "b.epub").write_bytes(book())
    document = load_file(tmp_path / "b.epub").document
    assert document.title == "The Heron House" and document.format == "markdown"
    facts = [(fact.name, fact.value, fact.start) for fact in document.facts]
    assert facts[0] == ("title", "The Heron House", None)
    assert facts[1:] == [("author", "Maud Ellery", None), ("author", "Jon Orme", None), ("date", "1911", None)]


def test_protected_books_are_refused_and_scrambled_fonts_are_not() -> None:
    def encryption(uri: str) -> str:
        return f'<encryption xmlns="urn:x"><CipherReference xmlns="urn:y" URI="{uri}"/></encryption>'

    assert "copy-protected (DRM)" in refused(**{"META-INF/encryption.xml": encryption("OEBPS/text/two%20b.xhtml")})
    assert convert_epub(book(**{"META-INF/encryption.xml": encryption("OEBPS/font.otf")}), "b.epub").text


@pytest.mark.parametrize(
    "changed",
    [
        {"META-INF/container.xml": "<container"},
        {"META-INF/container.xml": "<container/>"},
        {"OEBPS/book.opf": None},
        {"OEBPS/book.opf": "no xml"},
        {"OEBPS/text/one.xhtml": None},
    ],
)
def test_a_damaged_book_is_one_line(changed: dict[str, str | None]) -> None:
    assert "damaged EPUB" in refused(**changed)


def test_other_archives_empty_books_and_cut_ones() -> None:
    assert "not an EPUB" in refused(**{"META-INF/container.xml": None})
    assert "has no text" in refused(**{"OEBPS/book.opf": package(spine="nav")})
    with pytest.raises(InputError, match="damaged EPUB"):
        convert_epub(book()[:-200], "b.epub")


def test_what_swells_when_it_is_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epub, "MAX_PART", 100_000)
    assert "unpacks to more than" in refused(**{"OEBPS/text/one.xhtml": page("<p>hen</p>" * 100_000)})
    entities = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    swollen = entities + package("<dc:title>&b;</dc:title>")
    assert "aaa" not in str(convert_epub(book(**{"OEBPS/book.opf": swollen}), "b.epub").title)
    deep = "<div>" * 300 + "x" + "</div>" * 300
    assert "nested" in refused(**{"OEBPS/text/two b.xhtml": page(deep)})


WORDS = st.lists(st.text(st.sampled_from("abcdeiouzäéß"), min_size=3, max_size=9), min_size=4, max_size=9).map(" ".join)
CHAPTER = st.tuples(WORDS, st.lists(WORDS, min_size=1, max_size=4))


@settings(max_examples=40, deadline=None)
@given(st.lists(CHAPTER, min_size=2, max_size=2))
def test_any_chapters_come_back_in_order(chapters: list[tuple[str, list[str]]]) -> None:
    pages = [
        page(f"<h1>{heading}</h1>" + "".join(f"<p>So {words}.</p>" for words in body)) for heading, body in chapters
    ]
    text = convert_epub(book(**{"OEBPS/text/one.xhtml": pages[0], "OEBPS/text/two b.xhtml": pages[1]}), "b.epub").text
    expected = [[f"# {heading}", *(f"So {words}." for words in body)] for heading, body in chapters]
    assert text.strip() == "\n\n".join(line for lines in expected for line in lines)
