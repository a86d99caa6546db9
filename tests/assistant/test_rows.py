"""Questions on the rows of a table, with everything real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.engine import Assistant
from assistant.types import Turn
from ingest.passages import SPLITTER_VERSION, split_passages
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index
from vectorstore.table_rows import written
from vectorstore.types import Document, text_sha256

YEARS, BAYS = range(1931, 1943), ("North", "Middle", "South")
CATCH = {(year, bay): 101 + 7 * (year - 1931) + 211 * n for year in YEARS for n, bay in enumerate(BAYS)}
ROWS = [
    [str(year), bay, str(catch), str(catch // 9)]
    for (year, bay), catch in CATCH.items()
    if year != 1935 or bay != "South"
]
TEXT = f"""# The herring books

The wardens of the three bays wrote down what was landed.

{written(["Year", "Bay", "Herring (barrels)", "Boats"], ROWS)}

The books end with the war.
"""


@pytest.fixture(scope="module")
def assistant(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("rows") / "index", embedder, splitter=SPLITTER_VERSION) as index:
        document = Document("herring", "The herring books", TEXT, text_sha256(TEXT), "test", "markdown")
        index.upsert(document, split_passages(document, embedder))
        yield Assistant(index)


@pytest.mark.parametrize(("year", "bay"), [(1931, "North"), (1934, "Middle"), (1938, "South"), (1942, "North")])
def test_the_one_row_is_shown_that_holds_what_is_named(assistant: Assistant, year: int, bay: str) -> None:
    answer = assistant.ask(f"How many barrels of herring were landed in the {bay.lower()} bay in {year}?")
    (sentence,) = answer.sentences
    assert f"Year: {year} · Bay: {bay} · Herring (barrels): {CATCH[year, bay]}" in sentence.text
    quotes = {citation.quote for citation in sentence.citations}
    assert f"| {year} | {bay} | {CATCH[year, bay]} | {CATCH[year, bay] // 9} |" in quotes
    assert "| Year | Bay | Herring (barrels) | Boats |" in quotes


def test_a_row_that_is_not_there_is_not_in_the_source(assistant: Assistant) -> None:
    answer = assistant.ask("How many barrels of herring were landed in the South bay in 1935?")
    assert answer.abstained and answer.passages
    assert assistant.ask("How many barrels of herring were landed in the South bay in 1961?").abstained


def test_a_follow_up_points_at_a_row_with_what_was_asked_before(assistant: Assistant) -> None:
    first = "How many barrels of herring were landed in the north bay in 1934?"
    answer = assistant.ask("And in 1938?", [Turn(first, assistant.ask(first))])
    assert [
        f"Year: 1938 · Bay: North · Herring (barrels): {CATCH[1938, 'North']}" in s.text for s in answer.sentences
    ] == [True]


def test_what_several_rows_say_is_not_narrowed_to_one(assistant: Assistant) -> None:
    answer = assistant.ask("How many barrels of herring were landed in the south bay in 1933 and in 1934?")
    assert {str(CATCH[1933, "South"]), str(CATCH[1934, "South"])} <= set(
        " ".join(s.text for s in answer.sentences).split()
    )
