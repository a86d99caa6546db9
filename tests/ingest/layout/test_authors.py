"""Authors whose names stand under a title without "by", and names there that are nobody's."""

from __future__ import annotations

import pytest

from ingest.layout.facts import find_facts
from vectorstore.types import Document, text_sha256

PROSE = "The road ran from the pans to the market, sixty miles in all, and the carters took four days for it. " * 5
LASKER = ["Nora Whitcombe", "Ivo Lasker"]


def authors(head: str, body: str = PROSE) -> tuple[list[str], list[str]]:
    text = f"The Salt Road\n\n{head}\n\n{body}"
    found = find_facts(Document("d", "D", text, text_sha256(text), "test:d", "plain"))
    return [fact.value for fact in found if fact.name == "author"], [f.value for f in found if f.name == "date"]


@pytest.mark.parametrize(
    ("head", "names", "date"),
    [
        ("Nora Whitcombe and Ivo Lasker\n\nAbstract", LASKER, None),
        ("Nora Whitcombe, Ivo Lasker\n\n12 May 2019", LASKER, "12 May 2019"),
        ("Nora Whitcombe and Ivo Lasker\n\nFen Institute, Saltmere", LASKER, None),
        ("Nora Whitcombe[1] and Ivo Lasker[2]\n\n[1] Fen Institute, Saltmere", LASKER, None),
        ("Nora Whitcombe^∗ [†] and Ivo Lasker^∗", LASKER, None),
        ("Nora Whitcombe and Ivo Lasker, Fen Institute", LASKER, None),
        ("Nora Whitcombe · 14 September 2023", ["Nora Whitcombe"], "14 September 2023"),
        ("Nora Whitcombe\n\nPublished 12 May 2019 in the Fen Review", ["Nora Whitcombe"], "12 May 2019"),
        ("Nora Whitcombe\n\nFen Institute\n\nnora@fen.example", ["Nora Whitcombe"], None),
        (
            "Nora Whitcombe\n\nVice Chair, Fen Institute\n\nnora@fen.example\n\nIvo Lasker\n\nUniversity of Alder\n\n"
            "ABSTRACT",
            LASKER,
            None,
        ),
        ("‡\n\nNora van der Whit[1]\n\nFen Institute\n\nAbstract", ["Nora van der Whit"], None),
        ("Nora Whitcombe\n\nAbstract", ["Nora Whitcombe"], None),
    ],
)
def test_names_with_a_sign_of_authors_are_theirs(head: str, names: list[str], date: str | None) -> None:
    assert authors(head) == (names, [date] if date else [])


@pytest.mark.parametrize(
    "head",
    [
        "Ivo Lasker",
        "Port Alder\n\nFen Institute",
        "Fen Institute and Alder College",
        "Great Sallow and Saint Ives",
        "Port Alder and Long Marsh",
        "Roast Lamb, Green Beans, Apple Pie",
        "Nora Whitcombe and Ivo Lasker",
        "Paper Planes\n\nKraxi Works, 17 Aviation Road, info@kraxi.example",
        "PERSONS OF THE PLAY",
        "A Comedy in One Act",
        "The road and the market",
    ],
)
def test_a_name_without_one_is_nobody_s(head: str) -> None:
    assert authors(head) == ([], [])


@pytest.mark.parametrize("head", ["Port Alder, 12 May 2019", "Port Alder\n\n12 May 2019", "Port Alder — 12 May 2019"])
def test_the_place_before_a_date_is_no_author(head: str) -> None:
    assert authors(head)[0] == []


def test_names_of_a_programme_are_not_authors() -> None:
    assert authors("Nora Whitcombe and Ivo Lasker", "Songs at eight.") == ([], [])
    assert authors("Nora Whitcombe*, Ivo Lasker*", "Songs at eight.") == ([], [])
