"""Three documents in one index, and an assistant over it; texts as Markdown, so that their sections are certain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.engine import Assistant
from ingest.passages import SPLITTER_VERSION, split_document
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index
from vectorstore.types import Document, Fact, text_sha256

FERRY = """# The ferry of Aldin

By Rosa Kemp, 3 May 2011

The ferry of Aldin carried people and cattle across the Lenn for two hundred years. It belonged to the abbey.

## The boats

The first boat was built in 1702 by the shipwright Anton Weil. The second boat sank in March 1788.
Weil had died in 1741.

## The ferrymen

The ferryman Jakob Roth slept in the boat. "Nobody drowns on my watch," said Roth. His daughter Lena Roth took over in
1815. She married the miller.

## The bridge

A bridge was opened on 4 June 1902, and the ferry was sold for 1500 crowns.
"""
MINUTES = """# Minutes of the choir

The choir met on 7 March 2020. It sings in the town hall. The treasurer, Olga Brand, said that there was no money.
"""
RULES = """# Rules of the boathouse

1. Boats are dried before they are put away.

2. Nobody sings
   (a) at night; or
   (b) in the boat.

3. Guests are told what article 7 of the charter says.

4. These rules were written by Ada Sund in 1931.
"""


def document(name: str, text: str, *facts: Fact) -> Document:
    """A Markdown document with this name and these facts."""
    return Document(
        name, text.splitlines()[0].lstrip("# "), text, text_sha256(text), f"/x/{name}.md", "markdown", tuple(facts)
    )


def line(text: str, name: str, words: str, value: str) -> Fact:
    """A fact that stands in the line that is `words`."""
    assert name in ("title", "author", "date")
    at = text.index(words)
    return Fact(name, value, at, at + len(words))


@pytest.fixture(scope="package")
def documents() -> list[Document]:
    """The ferry, whose author and date stand in it; the minutes and the rules, of which neither is known."""
    byline = "By Rosa Kemp, 3 May 2011"
    return [
        document("ferry", FERRY, line(FERRY, "author", byline, "Rosa Kemp"), line(FERRY, "date", byline, "3 May 2011")),
        document("choir", MINUTES),
        document("rules", RULES),
    ]


@pytest.fixture(scope="package")
def index(embedder: Embedder, documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """All of them."""
    with Index.open(tmp_path_factory.mktemp("about") / "index", embedder, splitter=SPLITTER_VERSION) as index:
        for one in documents:
            structure, passages = split_document(one, embedder)
            index.upsert(one, passages, structure)
        yield index


@pytest.fixture(scope="package")
def assistant(index: Index) -> Assistant:
    """Asks all of them."""
    return Assistant(index)
