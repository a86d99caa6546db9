"""An index opens without reading texts, reads them when they are asked for, and a search keeps what it began with."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.vectorstore.conftest import LIGHTHOUSE, Made, made, ranked
from vectorstore.documents import shelf
from vectorstore.documents.manifest import Manifest
from vectorstore.errors import IndexDamaged
from vectorstore.index import Index
from vectorstore.search import lexical
from vectorstore.types import Head, Passage

Opening = Callable[..., Index]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the documents whose text or passages are read from the manifest, as they are read."""
    seen: list[str] = []
    for name in ("document", "stored"):
        original = getattr(Manifest, name)

        def reading(self: Manifest, document_id: str, original: Callable[..., object] = original) -> object:
            seen.append(document_id)
            return original(self, document_id)

        monkeypatch.setattr(Manifest, name, reading)
    return seen


def test_opening_reads_no_document(open_index: Opening, lighthouse: Made, bakery: Made, reads: list[str]) -> None:
    index = open_index()
    index.upsert_all([lighthouse, bakery, made("nul", "Before.\0After.")])
    index = open_index()
    reads.clear()
    documents = [lighthouse[0], bakery[0], made("nul", "Before.\0After.")[0]]
    assert index.heads() == [Head.of(document) for document in documents] and reads == []
    assert [head.characters for head in index.heads()] == [len(document.text) for document in documents]
    assert index.document("bakery") == bakery[0] and reads == ["bakery"]
    assert index.documents() == documents


def test_a_large_word_index_is_found_without_reading_documents(
    open_index: Opening, lighthouse: Made, bakery: Made, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "LARGE", 2)
    index = open_index()
    index.upsert_all([lighthouse, bakery])
    expected = ranked(index, "the oven of the bakery", k=1)
    index = open_index()
    reads.clear()
    scores = index._content.lexical.scores("the oven of the bakery")
    assert reads == [] and scores.max() > 0
    assert ranked(index, "the oven of the bakery", k=1) == expected


def test_a_flipped_bit_in_the_kept_word_index_changes_nothing(
    open_index: Opening, lighthouse: Made, bakery: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "LARGE", 2)
    index = open_index()
    index.upsert_all([lighthouse, bakery])
    questions = ["the oven of the bakery", "storm", "Who kept the light?"]
    expected = [index.candidates([question], k=6) for question in questions]
    file = index.directory / "lexical.npz"
    written = file.read_bytes()
    for at in range(0, len(written), max(1, len(written) // 60)):
        damaged = bytearray(written)
        damaged[at] ^= 1 << (at % 8)
        file.write_bytes(damaged)
        content = index._content.replaced([])  # as after opening: nothing made yet
        assert [index._search.candidates(content, [question], 6, None) for question in questions] == expected
        assert file.read_bytes() == written, "it has been made again"


def test_a_search_that_has_begun_keeps_what_it_began_with(open_index: Opening, lighthouse: Made, bakery: Made) -> None:
    for remember in (True, False):
        index = open_index()
        index.upsert_all([lighthouse, bakery])
        if not remember:
            index = open_index()  # nothing has been read yet
        before = index._content
        index.upsert(*made("lighthouse", "Another text altogether.", "Another"))
        between = index._content
        index.delete("bakery")
        index.delete("lighthouse")
        assert list(before.documents.values()) == [lighthouse[0], bakery[0]]
        assert [[row.passage for row in rows] for rows in before.stored.values()] == [lighthouse[1], bakery[1]]
        assert before.passages(range(6)) == [p for p in [*lighthouse[1], *bakery[1]] if p.kind == "prose"]
        assert before.lexical.scores("caraway").argmax() == 4
        assert between.documents["lighthouse"].text == "Another text altogether."
        assert between.documents["bakery"] == bakery[0] and index.heads() == []


def test_what_is_remembered_is_bounded(open_index: Opening, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_CHARACTERS", 3 * len(LIGHTHOUSE))
    monkeypatch.setattr(shelf, "MOST_SPANS", 40)
    index = open_index()
    documents = [made(f"d{i}", LIGHTHOUSE) for i in range(6)]
    index.upsert_all(documents)
    index = open_index()
    reads.clear()
    for _ in range(2):
        for name in ("d4", "d5"):
            assert index.passages(name) and index.document(name)
    assert len(reads) == 4, "read once, then remembered"
    assert index.documents() == [document for document, _ in documents]
    assert len(index._content._shelf._documents._values) == 3 and len(index._content._shelf._rows._values) <= 3


def test_a_document_changed_behind_its_back_is_not_believed(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    index = open_index()
    index._manifest.replace(*_other(lighthouse), ())
    for read in (index.document, index.passages):
        with pytest.raises(IndexDamaged, match=r"not as it was when the index was opened.*doctor --rebuild"):
            read("lighthouse")


def _other(lighthouse: Made) -> tuple[object, list[object]]:
    from vectorstore.documents.records import StoredPassage

    document, passages = made("lighthouse", LIGHTHOUSE + "\nMore.", lighthouse[0].title)
    return document, [StoredPassage(passage, ()) for passage in passages]


def test_searches_beside_replacement_and_removal_find_passages_of_one_version(
    open_index: Opening, lighthouse: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST_SPANS", 1)  # every read is from the manifest
    monkeypatch.setattr(shelf, "MOST_CHARACTERS", 1)
    index = open_index()
    index.upsert(*lighthouse)
    versions = [made("other", LIGHTHOUSE.replace("412", str(500 + i)), f"Title {i}") for i in range(4)]
    possible: dict[str, set[Passage]] = {}
    for _, passages in [lighthouse, *versions]:
        for passage in passages:
            possible.setdefault(passage.document_id, set()).add(passage)
    failures: list[BaseException] = []
    done, asked = threading.Event(), [0, 0, 0]

    def ask(n: int) -> None:
        try:
            while not done.is_set():
                content = index._content
                found = index._search.candidates(content, ["How much did the repairs cost?"], 20, None)
                assert {c.passage for c in found} >= {p for p in lighthouse[1] if p.kind == "prose"}
                assert all(c.passage in possible[c.passage.document_id] for c in found)
                for document_id, rows in content.stored.items():
                    document = content.documents[document_id]
                    version = [v for v in [lighthouse, *versions] if v[0] == document]
                    assert version and [row.passage for row in rows] == version[0][1]
                asked[n] += 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        for version in versions:
            index.upsert(*version)
        index.delete("other")
    while min(asked) < 3 and not failures:
        pass
    done.set()
    for thread in threads:
        thread.join()
    assert not failures and index.verify().ok
