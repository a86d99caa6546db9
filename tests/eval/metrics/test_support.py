"""Whether a document supports what is said: word for word, in other words, where it is cited and elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.check.checker import Checker
from assistant.citation import cite
from assistant.types import Sentence
from eval.metrics.support import supports
from ingest.passages import sentence_spans
from ingest.structure import find_structure
from vectorstore.types import Document, Format, text_sha256

PIER = "The pier at Holm was built in 1887 by Anna Lund, who spent nine thousand crowns on it."
FERRY = (
    "Greta Moen ran the ferry to Skarv for twenty years. She sold it to her cousin in 1934.\n\n"
    "The harbour office stood beside the ropewalk. Its clock had been a gift of the glaziers’ guild. "
    "Ivar Sand, the pilot, called the clock “a liar with a pretty face”."
)


def document(text: str, format: Format = "plain") -> Document:
    return Document("d", "", text, text_sha256(text), "d.txt", format)


def at(text: str, *words: str) -> list[tuple[int, int]]:
    return [(text.index(some), text.index(some) + len(some)) for some in words]


@pytest.mark.parametrize(
    "said",
    [
        PIER,
        "the pier at Holm was built\nin 1887",
        "Kari Holt, quoted: The pier at Holm was built in 1887 by Anna Lund",
        "Anna Lund built the pier at Holm in 1887.",
        "In 1887 Anna Lund built Holm's pier.",
        "The pier at Holm cost Anna Lund 9,000 crowns.",
        "- **Anna Lund** built the pier at Holm in 1887 [1].",
    ],
)
def test_quoted_and_reworded_sentences_are_supported(said: str) -> None:
    assert supports(said, document(PIER), [(0, len(PIER))])
    assert supports(said, document(PIER))


@pytest.mark.parametrize(
    "said",
    [
        "The pier at Holm was built in 1888 by Anna Lund.",
        "The pier at Holm was built in 1887 by Anna Berg.",
        "The bridge at Holm was not built in 1887 by Anna Lund.",
        "The pier at Holm was never built.",
        "Anna Lund built the pier at Holm in 1887. It burned down two years later.",
        "The lighthouse burned down on a stormy night.",
        "",
        "And so it was.",
        "Here is what the text says:",
    ],
)
def test_another_number_name_or_polarity_and_what_claims_nothing_are_not(said: str) -> None:
    assert not supports(said, document(PIER), [(0, len(PIER))])
    assert not supports(said, document(PIER))


def test_words_are_quoted_at_their_boundaries() -> None:
    text = "The pier opened in 1916."
    assert supports("opened in 1916", document(text), [(0, len(text))])
    assert not supports("The pier opened in 191", document(text), [(0, len(text))])


def test_nothing_supports_nothing() -> None:
    none = document(PIER)
    assert not supports(PIER, none, []) and not supports(PIER, none, [(5, 5)]) and not supports(PIER, document(""))
    assert not supports(PIER, none, [(len(PIER), len(PIER) + 9)])


def test_places_support_together_what_neither_does_alone() -> None:
    text = "The pier was built by Anna Lund. It cost nine thousand crowns. Nobody paid a toll."
    said, places = "Anna Lund built the pier, which cost nine thousand crowns.", at(text, text[:32], text[33:62])
    assert supports(said, document(text), places)
    assert not any(supports(said, document(text), [place]) for place in places)


def test_what_stands_elsewhere_is_supported_by_the_document_and_not_by_the_place() -> None:
    wrong = at(FERRY, "The harbour office stood beside the ropewalk.")
    for said in (
        "Greta Moen ran the ferry to Skarv for twenty years.",
        "For twenty years the ferry to Skarv was run by Greta Moen.",
        "Ivar Sand called the clock “a liar with a pretty face”.",
    ):
        assert supports(said, document(FERRY)), said
        assert not supports(said, document(FERRY), wrong), said


TABLE = "# Harvest\n\n| Field | Year | Sacks |\n|---|---|---|\n| South | 1921 | 41 |\n| North | 1921 | 37 |\n"


def row(table: Document) -> Sentence:
    """The first row as an answer shows it."""
    structure = find_structure(table.text, table.format)
    rows = [s for spans in sentence_spans(table.text, structure) for s in spans if s.kind == "row"]
    assert len(rows) == 2
    return cite(table, rows[0], "Harvest")


def test_a_row_of_a_table_has_its_headers() -> None:
    table = document(TABLE, "markdown")
    places = [(c.start, c.end) for c in row(table).citations]
    assert supports("In 1921 the field South gave 41 sacks.", table, places)
    assert not supports("In 1921 the field South gave 37 sacks.", table, places)
    assert not supports(row(table).text.replace("41", "37"), table, places)


def test_the_checker_is_not_asked_about_words_that_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(Checker, "check", asked)
    text = document(f"{PIER} Nobody paid a toll.")
    assert supports("Nobody paid a toll.", text, [(len(PIER) + 1, len(text.text))])
    table, hidden = document(TABLE, "markdown"), document("The pier was\nPAGE 7\nbuilt in 1887. It is long.")
    assert supports(row(table).text, table, [(c.start, c.end) for c in row(table).citations])
    assert supports(row(table).text, table)
    assert supports("The pier was built in 1887.", replace(hidden, hidden=((12, 20),)))
    with pytest.raises(AssertionError, match="asked"):
        supports("A toll was paid by nobody.", text, [(len(PIER) + 1, len(text.text))])


def test_of_a_citation_of_many_passages_the_search_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n\n".join([f"Ferry number {n} was sold to the harbour office in {1800 + n}." for n in range(40)] + [PIER])
    given: list[int] = []
    check = Checker.check
    monkeypatch.setattr(Checker, "check", lambda *a, **k: given.append(len(k["cited"])) or check(*a, **k))  # type: ignore[func-returns-value]
    assert supports("Anna Lund built the pier at Holm in 1887.", document(text), [(0, len(text))])
    assert given == [0]
    assert not supports("Anna Lund built the pier at Holm in 1887.", document(text), [(0, len(text) - len(PIER))])
