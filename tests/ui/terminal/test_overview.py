"""Which document `attest overview` takes, and that what it advises works."""

from __future__ import annotations

import re

import pytest

from ui.terminal.overview import chosen
from vectorstore.errors import UsageError
from vectorstore.types import Document, Head, text_sha256


def _head(name: str, title: str) -> Head:
    return Head.of(Document(name, title, f"About {name}.", text_sha256(f"About {name}."), f"/texts/{name}.txt"))


HEADS = [_head("a1", "The Pier"), _head("b2", "The Pier"), _head("c3", "The Mill")]


@pytest.mark.parametrize("name", [None, "The Pier"])
def test_where_several_are_meant_one_of_the_ids_listed_will_do(name: str | None) -> None:
    with pytest.raises(
        UsageError, match=r"name one by its id, path or title|names several documents, use one of"
    ) as told:
        chosen(name, HEADS)
    listed = re.findall(r"(\w+) \(“", str(told.value))
    assert listed == [head.id for head in HEADS if name in (None, head.title)]
    assert [chosen(each, HEADS).id for each in listed] == listed


def test_a_document_is_named_by_its_id_its_path_or_its_title() -> None:
    assert [chosen(name, HEADS).id for name in ("b2", "/texts/b2.txt", "The Mill")] == ["b2", "b2", "c3"]
    assert chosen(None, HEADS[2:]) is HEADS[2]


def test_a_name_of_nothing_is_told_with_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"'The Quay' names no document of the index; it holds: a1"):
        chosen("The Quay", HEADS)
