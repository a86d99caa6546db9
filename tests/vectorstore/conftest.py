"""Small documents with a splitter of their own: one passage a line, one sentence a full stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from vectorstore.embedded_text import embedding_text, passage_id
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index
from vectorstore.search.hybrid import rank
from vectorstore.types import Block, Document, Hit, Kind, Passage, SentenceSpan, Structure, text_sha256

Made = tuple[Document, list[Passage]]

LIGHTHOUSE = """# The lamp
The lighthouse on Gull Rock was lit for the first time in 1861. Its lamp burned rape oil until 1884.
Marta Oduya kept the light for thirty years. She wrote down every ship that passed.
# The storm
In the storm of 1879 the tower lost its gallery. Nobody was hurt, because the keeper had gone ashore.
The repairs cost 412 pounds. A stonemason from Brill, Piet Haan, did most of the work."""

BAKERY = """# Bread
The bakery in Corn Street sold black bread, white bread and a sour loaf with caraway.
Its oven was fired with beech wood. One firing lasted for four batches."""


def split(document: Document, embedder: Embedder | None = None) -> list[Passage]:
    """Lines that begin with "# " are headings, every other line is a passage."""
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    section = ""
    for match in re.finditer(r"[^\n]+", document.text):
        kind: Kind = "heading" if match.group().startswith("# ") else "prose"
        if kind == "heading":
            section = match.group()[2:]
        spans = tuple(
            SentenceSpan(match.start() + sentence.start(), match.start() + sentence.end(), kind)
            for sentence in re.finditer(r"\S[^.]*\.?", match.group())
        )
        text = embedding_text(document.title, section, match.group())
        ordinal = seen[text] = seen.get(text, -1) + 1
        identity = passage_id(document.id, text, ordinal)
        passages.append(Passage(identity, document.id, match.start(), match.end(), section, kind, None, spans))
    return passages


def split_document(document: Document, embedder: Embedder) -> tuple[Structure, list[Passage]]:
    """A structure of one block for each line, and the passages of `split`."""
    passages = split(document)
    return Structure(tuple(Block(p.start, p.end, p.kind, p.section) for p in passages)), passages


def made(identity: str, text: str, title: str = "A title") -> Made:
    """A document of this text, and its passages."""
    document = Document(identity, title, text, text_sha256(text), f"test:{identity}")
    return document, split(document)


def ranked(index: Index, text: str, *, k: int = 10, document_ids: Collection[str] | None = None) -> list[Hit]:
    """The k best passages of the search alone, best first."""
    return rank(index.candidates([text], k=max(k, 50), document_ids=document_ids), k)


@pytest.fixture(name="made")
def made_fixture() -> Callable[..., Made]:
    return made


@pytest.fixture
def lighthouse() -> Made:
    return made("lighthouse", LIGHTHOUSE, "Gull Rock")


@pytest.fixture
def bakery() -> Made:
    return made("bakery", BAKERY, "A bakery")


@pytest.fixture
def open_index(tmp_path: Path, embedder: Embedder) -> Iterator[Callable[..., Index]]:
    """Opens the index of this test, again and again; the last one is closed at the end."""
    opened: list[Index] = []

    def opening(**changes: object) -> Index:
        for index in opened:
            index.close()
        arguments = {"directory": tmp_path / "index", "embedder": embedder, "splitter": "1", **changes}
        opened.append(Index.open(**arguments))  # type: ignore[arg-type]
        return opened[-1]

    yield opening
    for index in opened:
        index.close()
