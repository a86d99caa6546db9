"""Which words the documents of an index mention."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from assistant.check import reasons
from assistant.check.reasons import Mentions
from assistant.check.texts import Texts
from vectorstore.types import Document, Head, text_sha256

TEXTS = [
    ("One", "Marta Oduya kept the light. The ﬁles burned."),
    ("Two", "Jon Falk met the Keeper’s niece at Port Reyes."),
]


class Counted(Texts):
    """Counts how often a document is read."""

    reads = 0

    def document(self, document_id: str) -> Document:
        self.reads += 1
        return super().document(document_id)


def test_a_word_is_mentioned_by_its_stem_or_in_another_spelling() -> None:
    words = ["Oduja", "keepers", "files", "Canton", "lit", "Port Reyes", "Marta Oduja"]
    assert Mentions(Texts(TEXTS)).of(words) == {"Oduja", "keepers", "files", "Port Reyes", "Marta Oduja"}


def test_all_parts_of_a_name_have_to_stand_in_one_document() -> None:
    assert Mentions(Texts(TEXTS)).of(["Marta Oduya", "Marta Falk", "Jon Falk"]) == {"Marta Oduya", "Jon Falk"}


def test_nothing_is_mentioned_where_there_is_no_document() -> None:
    assert Mentions(Texts([])).of(["Canton"]) == set()


def test_too_much_to_look_through_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "MOST_CHARACTERS", 50)
    texts = Counted(TEXTS)
    assert Mentions(texts).of(["Canton"]) is None
    assert texts.reads == 0


def test_documents_are_read_once_however_many_they_are_and_however_often_it_is_asked() -> None:
    texts = Counted([(f"Note {n}", f"Note {n} of word{n} and keeper{n % 7}: " + "light " * 300) for n in range(500)])
    mentions = Mentions(texts)
    start = time.process_time()
    for n in range(300):
        assert mentions.of([f"word{n}", f"Word{n} keeper{n % 7}", f"word{n} keeper{(n + 1) % 7}", "nowhere"]) == {
            f"word{n}",
            f"Word{n} keeper{n % 7}",
        }
    assert texts.reads == 500
    assert time.process_time() - start < 5


def test_a_changed_index_is_looked_through_again() -> None:
    texts = Counted(TEXTS)
    mentions = Mentions(texts)
    assert mentions.of(["Canton", "Oduya"]) == {"Oduya"}
    text = "She sailed for Canton."
    texts._documents = {"text-1": replace(texts.document("text-1"), text=text, sha256=text_sha256(text))}
    assert mentions.of(["Canton", "Oduya"]) == {"Oduya"}, "the same version"
    texts.version = 1
    assert [head.characters for head in texts.heads()] == [Head.of(texts.document("text-1")).characters]
    assert mentions.of(["Canton", "Oduya"]) == {"Canton"}
