"""Title, authors and date from the properties of files: what people wrote there is told, what programs wrote is not."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF

from ingest.convert.html import convert_html
from ingest.convert.properties import sound_title, stated
from ingest.loading import load_file
from tests.ingest.convert.test_docx import paragraph, word

PROSE = (
    "The ferry to the island sails twice a day. It carries forty people and their bicycles. The pier was rebuilt after "
    "the flood, and the fare has stayed the same since then. Nobody remembers a winter in which it did not sail. "
) * 3


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Untitled",
            "untitled-2",
            "(anonymous)",
            "Microsoft Word - final draft.docx",
            "Microsoft Word - Report on eels",
        ),
        *(
            "Document1",
            "New Document",
            "PowerPoint Presentation",
            "Slide 1",
            "report_v3.pdf",
            "thesis.dvi",
            "  ",
            "---",
        ),
        *(
            "C:\\Users\\x\\draft",
            "https://example.org/a",
            "/tmp/out",
            "Scanned Document",
            "Scanned by CamScanner",
            "Scan 12",
        ),
        *("20190611142233", "index.html", "about:blank", "x" * 300, "Home", "Print job 12"),
    ],
)
def test_titles_that_programs_make_up_are_none(title: str) -> None:
    assert sound_title(title) is None


@pytest.mark.parametrize(
    "title",
    [
        *("Unknown soldiers of Lindholm", "1984", "Word and object", "A report on eels", "Report of the harbour board"),
        *(
            "Letter to a friend",
            "Scanning the horizon",
            "Home economics",
            "Ilias",
            "None shall pass",
            "Web 2.0",
            "日本の歴史",
        ),
    ],
)
def test_titles_that_people_write_are_kept(title: str) -> None:
    assert sound_title(title) == title


@pytest.mark.parametrize(
    "author",
    [
        *(
            "admin",
            "Administrator",
            "Windows User",
            "Microsoft Office User",
            "user01",
            "jdoe",
            "HP",
            "Hewlett-Packard Company",
        ),
        *(
            "python-docx",
            "LaTeX with hyperref",
            "pdfTeX-1.40.21",
            "Adobe InDesign CS6",
            "ada@example.org",
            "(anonymous)",
        ),
        *(
            "https://www.facebook.com/ada",
            "@adafell",
            "Unknown",
            "Chrome 120",
            "u4512",
            "1234",
            "Apache POI",
            "Hugo 0.110.0",
        ),
    ],
)
def test_authors_that_are_nobody_are_none(author: str) -> None:
    assert stated(None, [author], made="D:20180612103000+02'00'") == ()


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Fell", ["Ada Fell"]),
        ("Ada Fell; Jon de Vries", ["Ada Fell", "Jon de Vries"]),
        ("Ada Fell, Jon Orme and Li Wei", ["Ada Fell", "Jon Orme", "Li Wei"]),
        ("Fell, Ada", ["Fell, Ada"]),
        ("by Ada Fell", ["Ada Fell"]),
        ("Ada Fell <ada@example.org>", ["Ada Fell"]),
        ("Harbour Board of Lindholm", ["Harbour Board of Lindholm"]),
        ("Prince Harald", ["Prince Harald"]),
        ("Victor Hugo", ["Victor Hugo"]),
        ("Voltaire", ["Voltaire"]),
        ("bell hooks", ["bell hooks"]),
        ("李伟", ["李伟"]),
    ],
)
def test_names_of_people_and_boards_are_kept(author: str, names: list[str]) -> None:
    assert [value for _, value in stated(None, [author], tool="Writer 7")] == names


def test_the_program_that_made_a_file_is_not_its_author() -> None:
    assert stated(None, ["TypeMaker"], tool="TypeMaker Pro 3.1") == ()


@pytest.mark.parametrize(
    ("made", "date"),
    [
        ("D:20180612103000+02'00'", "2018-06-12"),
        ("D:2018", "2018"),
        ("D:201806", "2018-06"),
        ("20180612", "2018-06-12"),
        ("2018-06-12T10:30:00Z", "2018-06-12"),
        ("2018/6/12", "2018-6-12"),
        ("12 June 2018", "12 June 2018"),
        ("1601-01-01T00:00:00Z", None),
        ("D:00000000", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_time_at_which_a_file_was_made_counts_beside_an_author_alone(made: str, date: str | None) -> None:
    assert dict(stated(None, ["Ada Fell"], made=made)).get("date") == date
    assert stated(None, [], made=made) == ()


def facts(path: Path) -> list[tuple[str, str, int | None]]:
    return [(fact.name, fact.value, fact.start) for fact in load_file(path).document.facts]


def pdf(author: str = "", title: str = "") -> bytes:
    made = FPDF()
    made.set_creation_date(datetime.datetime(2018, 6, 12, tzinfo=datetime.UTC))
    made.add_page()
    made.set_font("Helvetica", size=11)
    made.set_title(title)
    made.set_author(author)
    made.multi_cell(0, text=PROSE)
    return bytes(made.output())


def test_a_pdf_and_a_word_file_are_documents_with_the_facts_of_their_properties(tmp_path: Path) -> None:
    known = [("title", "Ferries", None), ("author", "Ada Fell", None), ("author", "Jon Orme", None)]
    (tmp_path / "a.pdf").write_bytes(pdf("Ada Fell; Jon Orme", "Ferries"))
    assert facts(tmp_path / "a.pdf") == [*known, ("date", "2018-06-12", None)]
    (tmp_path / "b.pdf").write_bytes(pdf("admin", "Microsoft Word - b.doc"))
    assert facts(tmp_path / "b.pdf") == []
    core = (
        '<x xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Ferries'
        "</dc:title><dc:creator>Ada Fell; Jon Orme</dc:creator>"
        "<dcterms:created>2018-06-12T08:00:00Z</dcterms:created></x>"
    )
    (tmp_path / "c.docx").write_bytes(word(paragraph(PROSE), {"docProps/core.xml": core}))
    assert facts(tmp_path / "c.docx") == [*known, ("date", "2018-06-12", None)]


def test_what_the_text_says_of_itself_wins_over_the_properties(tmp_path: Path) -> None:
    core = (
        '<x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Ferries</dc:title><dc:creator>Li Wei</dc:creator></x>'
    )
    body = paragraph("Ferries") + paragraph("By Ada Fell, 3 May 1931") + paragraph(PROSE)
    (tmp_path / "a.docx").write_bytes(word(body, {"docProps/core.xml": core}))
    known = facts(tmp_path / "a.docx")
    assert [(name, value) for name, value, _ in known] == [
        *(("title", "Ferries"), ("author", "Ada Fell"), ("date", "3 May 1931"))
    ]
    assert all(start is not None for _, _, start in known)


def ld(**values: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


ADA = {"@type": "Person", "name": "Ada Fell"}


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="Ada Fell"><meta property="article:published_time" content="2018-06-12T10:00">',
        '<meta name="DC.creator" content="Ada Fell"><meta name="DC.date" content="2018-06-12">',
        '<meta name="dcterms.creator" content="Ada Fell"><meta name="dcterms.issued" content="2018-06-12">',
        '<meta name="citation_author" content="Ada Fell"><meta name="citation_publication_date" content="2018/06/12">',
        '<meta name="author" content="admin"><meta property="article:author" content="https://example.org/u/7">'
        + ld(**{"@type": "NewsArticle", "author": ADA, "datePublished": "2018-06-12T10:00:00+02:00"}),
        ld(**{"@graph": [{"@type": "WebSite", "name": "Coast"}, {"@type": "Person", "@id": "#a", "name": "Ada Fell"},
                         {"@type": ["Article"], "author": {"@id": "#a"}, "datePublished": "2018-06-12"}]}),
        ld(**{"@type": "BlogPosting", "author": "Ada Fell", "datePublished": "2018-06-12"}),
        '<meta itemprop="author" content="Ada Fell"><meta itemprop="datePublished" content="2018-06-12">',
    ],
)  # fmt: skip
def test_a_page_states_its_author_and_date(head: str) -> None:
    page = f"<html><head><title>Ferries</title>{head}</head><body><article><h1>Ferries</h1><p>{PROSE}</p></article>"
    found = convert_html(page.encode(), "a.html")
    assert found.stated == (("title", "Ferries"), ("author", "Ada Fell"), ("date", "2018-06-12"))


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="WordPress"><meta property="article:modified_time" content="2020-01-01">',
        ld(**{"@type": "Article", "author": ADA}) + ld(**{"@type": "Article", "author": {"name": "Jon Orme"}}),
        ld(**{"@type": "Organization", "name": "Coast News"}),
        '<script type="application/ld+json">{"@type": "Article", "author": </script>',
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        ld(**{"@type": "Article", "author": [[1], None, {"name": 3}], "datePublished": {"a": 1}}),
        '<meta name="author"><meta name="date" content="soon">',
    ],
)
def test_a_page_that_states_nothing_of_use_has_no_author_and_no_date(head: str) -> None:
    page = f"<html><head><title>Ferries</title>{head}</head><body><article><h1>Ferries</h1><p>{PROSE}</p></article>"
    assert convert_html(page.encode(), "a.html").stated == (("title", "Ferries"),)


def test_the_meta_title_stands_for_one_that_is_missing_or_made_up() -> None:
    meta = '<meta property="og:title" content="The last ferry">'
    for head in (meta, f"<title>Untitled Document</title>{meta}", f"<title>The last ferry | Coast</title>{meta}"):
        page = f"<html><head>{head}</head><body><article><p>{PROSE}</p></article></body></html>"
        assert convert_html(page.encode(), "a.html").title == "The last ferry"


def test_who_and_when_are_answered_from_the_properties(
    tmp_path: Path, attest: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("Ada Fell", "Ferries"))
    assert attest("ingest", tmp_path / "a.pdf", "--index", tmp_path / "index")[0] == 0
    for question, value in (("Who wrote this?", "Ada Fell"), ("When was it written?", "2018-06-12")):
        code, out, _ = attest("ask", question, "--json", "--index", tmp_path / "index")
        answer = json.loads(out)
        assert code == 0 and value in answer["said"] and "properties" in answer["said"] and not answer["sentences"]
