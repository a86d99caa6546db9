"""Title, authors and date that a text states of itself, with the line that says so."""

from __future__ import annotations

import pytest

from ingest.layout.facts import find_facts
from vectorstore.types import Document, Format, text_sha256


def facts(text: str, format: Format = "plain") -> dict[str, list[str]]:
    document = Document("d", "D", text, text_sha256(text), "test:d", format)
    found: dict[str, list[str]] = {}
    for fact in find_facts(document):
        assert fact.start is not None and fact.end is not None
        line = text[fact.start : fact.end]
        assert line == line.strip() and "".join(fact.value.split()).strip("'\"") in "".join(line.split())
        found.setdefault(fact.name, []).append(fact.value)
    return found


@pytest.mark.parametrize(
    ("head", "authors", "date"),
    [
        ("By Ada Fell, 12 June 2018", ["Ada Fell"], "12 June 2018"),
        ("by Ada Fell and Jon de Vries", ["Ada Fell", "Jon de Vries"], None),
        ("By ADA FELL", ["ADA FELL"], None),
        ("Written by Ada Fell | 3 May 2020", ["Ada Fell"], "3 May 2020"),
        ("Posted by Ada Fell on May 3, 2020", ["Ada Fell"], "May 3, 2020"),
        ("*By Ada B. Fell*", ["Ada B. Fell"], None),
        ("12 June 2018 | By Ada Fell", ["Ada Fell"], "12 June 2018"),
        ("Author: Ada Fell", ["Ada Fell"], None),
        ("Authors: Ada Fell, Jon Orme & Li Wei", ["Ada Fell", "Jon Orme", "Li Wei"], None),
        ("**Author:** Ada Fell", ["Ada Fell"], None),
        ("Author: the parish council", ["the parish council"], None),
        ("Release Date: May 27, 2008 [EBook #203]", None, "May 27, 2008"),
        ("Last updated: 2021-03-04", None, "2021-03-04"),
        ("Published: 1994\nLast updated: 2021", None, "1994"),
        ("From: Ada Fell <ada@example.org>\nTo: All\nDate: 3 May 2020", ["Ada Fell"], "3 May 2020"),
        ("Tuesday, 4 March 2024", None, "Tuesday, 4 March 2024"),
        (":Author: Ada Fell\n:Date: 2025-02-03", ["Ada Fell"], "2025-02-03"),
    ],
)
def test_who_wrote_it_and_when(head: str, authors: list[str] | None, date: str | None) -> None:
    found = facts(f"The Salt Road\n\n{head}\n\nThe road ran from the pans to the market, sixty miles in all.")
    assert found.get("author") == authors and found.get("date") == ([date] if date else None)


@pytest.mark.parametrize(
    "line",
    [
        "By the sea there is a house.",
        "By Monday it was over",
        "By Ada Fell's account the road was short.",
        "It was written by Ada Fell, who died.",
        "Date: to be agreed",
        "Updates: none",
        "Ada Fell",
    ],
)
def test_what_is_no_byline_is_nobody_s(line: str) -> None:
    assert facts(f"The Salt Road\n\n{line}\n\nThe road ran from the pans.") == {}


def test_a_byline_inside_the_text_is_not_the_text_s() -> None:
    prose = "The road ran from the pans to the market. " * 6
    assert facts(f"The Salt Road\n\n{prose}\n\nBy Ada Fell\n\n{prose}") == {}
    assert facts(f"The Salt Road\n\n{prose}\n\nAuthor: Ada Fell\n\n{prose}") == {"author": ["Ada Fell"]}


def test_a_list_of_works_has_no_author() -> None:
    assert facts("Books\n\nTitle: Hens\nAuthor: Ada Fell\n\nTitle: Geese\nAuthor: Jon Orme\n") == {}


def test_columns_above_a_title() -> None:
    text = (
        "Lamp Group                  J. Moller\nRequest: 77               October 1993\n\n     Lamps\n\n1. Use\n\nLong."
    )
    assert facts(text) == {"author": ["J. Moller"], "date": ["October 1993"]}


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Hens: a guide\nauthor: Ada Fell\ndate: 2023-04-02\n---\n",
        "---\r\ntitle: 'Hens: a guide'\r\nauthor: \"Ada Fell\"\r\ndate: 2023-04-02\r\n---\r\n",
        "---\nauthors:\n  - name: Ada Fell\n    email: a@b\ntitle: >\n  Hens:\n  a guide\npublished: 2023-04-02\n...\n",
        "---\ntags: [a, b]\nauthors: [Ada Fell]\ntitle: 'Hens: a guide'\nlastmod: 2023-04-02\n---\n",
        '+++\ntitle = "Hens: a guide"\nauthors = ["Ada Fell"]\ndate = 2023-04-02\n+++\n',
    ],
)
@pytest.mark.parametrize("format", ["markdown", "plain"])
def test_front_matter(front: str, format: Format) -> None:
    found = facts(f"{front}\n# Hens\n\nThey lay.\n", format)
    assert found == {"title": ["Hens: a guide"], "author": ["Ada Fell"], "date": ["2023-04-02"]}


def test_hostile_front_matter_is_read_as_it_is_written() -> None:
    deep = "---\ntitle: " + "[" * 9_000 + "\nauthor: &a [*a, *a]\n---\n\nText."
    assert set(facts(deep, "markdown")) <= {"title", "author"}
    bomb = "---\ntitle: {a: &a [x,x], b: &b [*a,*a,*a,*a], c: &c [*b,*b,*b,*b], name: [*c,*c]}\n---\n\nText."
    assert "author" not in facts(bomb, "markdown")


@pytest.mark.parametrize(
    "title",
    [
        "4 March 2025 Meeting Notes",
        "MINUTES OF THE MEETING HELD ON 4 MARCH 2025 AT NOON",
        "Board meeting, 4 March 2025",
    ],
)
def test_the_date_of_a_meeting_in_the_title_of_its_minutes(title: str) -> None:
    found = facts(f"{title}\n\nThe budget of 2 May 2024 was read and nobody spoke against it.")
    assert [date.lower() for date in found["date"]] == ["4 march 2025"]


def test_the_date_of_a_meeting_below_the_title_of_its_minutes() -> None:
    text = "MINUTES OF THE SOCIETY\nHeld on 14 March 2019 at the Old School\n\nThe bill of 2 May 2018 was paid."
    assert facts(text)["date"] == ["14 March 2019"]
    assert "date" not in facts(text.replace("MINUTES OF", "Rules of"))


def test_a_title_with_two_dates_or_of_no_meeting_has_none() -> None:
    for title in ("Meetings of 4 March 2025 and 5 May 2025 in Harn", "The fire of 4 March 2025 at the mill"):
        assert "date" not in facts(f"{title}\n\nIt was long.")
