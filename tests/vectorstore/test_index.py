"""The index: what goes in is found, an edit embeds only what it changed, a removed document leaves nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.vectorstore.conftest import LIGHTHOUSE, Made, made, ranked
from vectorstore.changes import Upserted
from vectorstore.disk.kept import KEPT_FILE, Kept
from vectorstore.documents.content import is_searched
from vectorstore.embedded_text import readable
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import InputError, StorageError
from vectorstore.index import Index
from vectorstore.types import Document, Passage, SentenceSpan, text_sha256

Opening = Callable[..., Index]


def everything(index: Index) -> tuple[list[str], list[str]]:
    """Ids that Chroma has, and ids that it should have."""
    return index._dense.ids(), sorted(index._content.digests())


def test_what_goes_in_comes_out(open_index: Opening, lighthouse: Made, bakery: Made) -> None:
    index = open_index()
    progress: list[tuple[int, int]] = []
    assert index.upsert_all([lighthouse], lambda *numbers: progress.append(numbers)) == [Upserted(4, 0, 0)]
    assert progress[-1] == (12, 12)
    index.upsert(*bakery)
    for again in (False, True):
        reopened = open_index() if again else index
        assert reopened.documents() == [lighthouse[0], bakery[0]]
        assert reopened.document("bakery") == bakery[0]
        assert reopened.passages("lighthouse") == lighthouse[1]
        assert reopened.verify().problems == ()
        have, should = everything(reopened)
        assert have == should and len(have) == 12 + 5


def test_finds_the_passage_that_answers(open_index: Opening, lighthouse: Made, bakery: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    index.upsert(*bakery)
    for question, words in [
        ("When was the lighthouse lit for the first time?", "1861"),
        ("How much did the repairs cost?", "412 pounds"),
        ("What fuel heated the oven?", "beech wood"),
    ]:
        hits = ranked(index, question, k=3)
        text = index.document(hits[0].passage.document_id).text
        assert words in text[hits[0].passage.start : hits[0].passage.end]
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.passage.kind == "prose" for hit in ranked(index, "The lamp", k=10))
    assert len(ranked(index, "oven", k=2)) == 2 and len(ranked(index, "oven", k=100)) == 6
    only = ranked(index, "oven", k=10, document_ids={"lighthouse"})
    assert {hit.passage.document_id for hit in only} == {"lighthouse"}
    assert ranked(index, "oven", document_ids=[]) == ranked(index, "oven", document_ids=["unknown"]) == []


def embedded(embedder: Embedder, document: Document, passage: Passage) -> NDArray[np.float32]:
    """The vectors of a passage and its sentences."""
    return embedder.embed_passages(list(readable(document, [passage]).values()))[0]


def test_every_measurement_of_a_candidate_is_exact(open_index: Opening, lighthouse: Made, embedder: Embedder) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    query = embedder.embed_query("the storm")
    found = index.candidates(["the storm"], k=2)
    assert found == sorted(found, key=lambda candidate: candidate.passage.start)
    for candidate in found:
        own, *sentences = embedded(embedder, lighthouse[0], candidate.passage)
        assert candidate.dense == pytest.approx(float(own @ query), abs=2e-6)
        assert candidate.best_sentence == pytest.approx(max(float(row @ query) for row in sentences), abs=2e-6)
        assert (candidate.lexical > 0) == (
            "storm"
            in index._content.documents["lighthouse"].text[candidate.passage.start : candidate.passage.end].lower()
            or candidate.passage.section == "The storm"
        )
        assert candidate.found_by


def test_several_wordings_propose_together_and_are_measured_together(
    open_index: Opening, lighthouse: Made, embedder: Embedder
) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    wordings = ["the storm", "Who kept the light?"]
    alone = [{c.passage.id: c for c in index.candidates([text], k=6)} for text in wordings]
    together = index.candidates(wordings, k=6)
    query = np.mean([embedder.embed_query(text) for text in wordings], axis=0)
    assert {c.passage.id for c in together} == alone[0].keys() | alone[1].keys()
    for candidate in together:
        first, second = (found[candidate.passage.id] for found in alone)
        assert candidate.dense == pytest.approx((first.dense + second.dense) / 2, abs=2e-6)
        assert candidate.lexical == pytest.approx((first.lexical + second.lexical) / 2, abs=2e-6)
        _, *sentences = embedded(embedder, lighthouse[0], candidate.passage)
        assert candidate.best_sentence == pytest.approx(max(float(row @ query) for row in sentences), abs=2e-6)


def test_the_same_text_again_writes_nothing(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    before = {p: p.read_bytes() for p in sorted(index.directory.rglob("*")) if p.is_file()}
    assert index.upsert_all([lighthouse], lambda *_: pytest.fail("nothing is to be embedded")) == [Upserted(0, 4, 0)]
    assert {p: p.read_bytes() for p in sorted(index.directory.rglob("*")) if p.is_file()} == before


def test_an_edit_embeds_only_the_passage_it_changed(open_index: Opening, bakery: Made) -> None:
    index = open_index()
    index.upsert(*made("lighthouse", LIGHTHOUSE))
    index.upsert(*bakery)
    edited = made("lighthouse", "A new first line.\n" + LIGHTHOUSE.replace("412 pounds", "418 pounds"))
    embedded: list[int] = []
    assert index.upsert_all([edited], lambda done, total: embedded.append(total)) == [Upserted(2, 3, 1)]
    assert embedded[-1] == 5  # two passages, three sentences
    assert index.documents() == [edited[0], bakery[0]]  # in its old place
    assert index.passages("lighthouse") == edited[1]
    have, should = everything(index)
    assert have == should and index.verify().ok
    text = index.document("lighthouse").text
    best = ranked(index, "How much did the repairs cost?", k=1)[0].passage
    assert "418 pounds" in text[best.start : best.end] and "412" not in text


def test_another_title_embeds_again(open_index: Opening) -> None:
    index = open_index()
    index.upsert(*made("a", "One line. Two sentences.", "Old"))
    assert index.upsert(*made("a", "One line. Two sentences.", "New")) == Upserted(1, 0, 1)
    assert index.document("a").title == "New" and index.verify().ok


def test_other_sentences_in_the_same_passage_embed_again(open_index: Opening) -> None:
    index = open_index()
    document, (passage,) = made("a", "One line. Two sentences.")
    index.upsert(document, [passage])
    joined = Passage(passage.id, "a", 0, 24, "", "prose", None, (SentenceSpan(0, 24, "prose"),))
    assert index.upsert(document, [joined]) == Upserted(1, 0, 0)
    have, should = everything(index)
    assert have == should == [passage.id, f"{passage.id}:0"] and index.verify().ok
    spoken = Passage(passage.id, "a", 0, 24, "", "prose", None, (SentenceSpan(0, 24, "quotation", "Somebody"),))
    assert index.upsert(document, [spoken]) == Upserted(0, 1, 0)
    assert index.passages("a") == [spoken]


def test_a_removed_document_leaves_nothing(open_index: Opening, lighthouse: Made, bakery: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    index.upsert(*bakery)
    index.delete("lighthouse")
    for again in (False, True):
        reopened = open_index() if again else index
        have, should = everything(reopened)
        assert have == should and len(have) == 5
        assert reopened.documents() == [bakery[0]] and reopened.verify().ok
        assert {hit.passage.document_id for hit in ranked(reopened, "lighthouse")} == {"bakery"}
        with pytest.raises(KeyError):
            reopened.document("lighthouse")
    reopened.close()
    left = b"".join(path.read_bytes() for path in reopened.directory.rglob("*") if path.is_file())
    assert b"Marta Oduya" not in left and b"caraway" in left


def test_an_empty_index_and_strange_queries_answer_nothing(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    assert ranked(index, "anything") == [] and index.verify().ok
    index.upsert(*made("empty", "# Only a heading"))
    assert ranked(index, "heading") == [] and index.verify().ok
    index.upsert(*lighthouse)
    for query in ("", "   ", "\x00", "\ud800 lone", "the of", "x" * 100_000, "灯台"):
        assert len(ranked(index, query, k=4)) == 4


def test_repeated_passages_are_all_kept(open_index: Opening) -> None:
    document, passages = made("a", "Again and again.\n" * 5)
    index = open_index()
    assert index.upsert(document, passages) == Upserted(5, 0, 0)
    hits = ranked(index, "again", k=5)
    assert [hit.passage for hit in hits] == passages  # equal scores in document order
    shorter = made("a", "Again and again.\n" * 3)
    assert index.upsert(*shorter) == Upserted(0, 3, 2)
    assert index.verify().ok


def test_rankings_are_the_same_in_every_index_and_process(
    open_index: Opening, lighthouse: Made, bakery: Made, tmp_path: Path
) -> None:
    questions = ["Who kept the light?", "bread", "1879", "stone tower work", "ships"]
    rankings = []
    for directory in (tmp_path / "one", tmp_path / "one", tmp_path / "two"):
        index = open_index(directory=directory)
        index.upsert(*lighthouse)
        index.upsert(*bakery)
        rankings.append([(ranked(index, q), index.candidates([q], k=3)) for q in questions])
    assert rankings[0] == rankings[1] == rankings[2]


def test_what_does_not_fit_is_refused_and_changes_nothing(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    document, passages = lighthouse
    wrong = Document("lighthouse", "T", document.text + "!", document.sha256, "test:")
    with pytest.raises(ValueError, match="SHA-256"):
        index.upsert(wrong, passages)
    with pytest.raises(ValueError, match="same id"):
        index.upsert(document, [passages[0], passages[0]])
    with pytest.raises(ValueError, match="in order"):
        index.upsert(document, passages[::-1])
    outside = Passage("x", "lighthouse", 0, 9, "", "prose", None, (SentenceSpan(0, 99, "prose"),))
    with pytest.raises(ValueError, match="sentences"):
        index.upsert(document, [outside])
    with pytest.raises(InputError, match="surrogates"):
        index.upsert(Document("a", "T", "\ud800", "", "test:"), [])
    long = made("long", "word " * 400)
    with pytest.raises(ValueError, match="tokens"):
        index.upsert(*long)
    assert index.documents() == [document] and index.passages("lighthouse") == passages and index.verify().ok


def test_a_failing_embedder_loses_nothing(
    open_index: Opening, lighthouse: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index()
    index.upsert(*lighthouse)

    class Failing:
        fingerprint = index.embedder.fingerprint

        def embed_passages(self, *_: object) -> None:
            raise RuntimeError("no memory")

    good, index.embedder = index.embedder, Failing()  # type: ignore[assignment]
    with pytest.raises(RuntimeError):
        index.upsert(*made("lighthouse", LIGHTHOUSE.replace("412", "418")))
    index.embedder = good
    assert index.passages("lighthouse") == lighthouse[1] and index.verify().ok


def test_nothing_is_kept_of_passages_that_were_not_stored(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    before = index.kept.names()

    def stop(done: int, total: int) -> None:
        if done > 90:
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        index.upsert_all([made("ships", "\n".join(f"Ship {n} passed the rock." for n in range(60)))], stop)
    assert before and index.kept.names() == before
    index.kept.put({"of a document that is gone": b"?"})
    index.close()
    assert Kept(index.directory / KEPT_FILE, writable=False).names() == before


@pytest.mark.parametrize("call", ["upsert", "delete"])
def test_a_failing_disk_leaves_the_old_state(
    call: str, open_index: Opening, lighthouse: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    edited = made("lighthouse", LIGHTHOUSE.replace("412", "418"), "Gull Rock")
    collection = index._dense._collections["passages"]

    def full(**_: object) -> None:
        raise RuntimeError("Query error: Database error: (code: 13) database or disk is full")

    monkeypatch.setattr(type(collection), call, lambda self, **arguments: full(**arguments))
    if call == "upsert":
        with pytest.raises(StorageError, match=r"is full.*unchanged"):
            index.upsert(*edited)
    else:
        index.upsert(*edited)  # only the clearing away is put off
    monkeypatch.undo()
    index = open_index()
    assert index.documents() == [lighthouse[0] if call == "upsert" else edited[0]]
    have, should = everything(index)
    assert have == should and index.verify().ok and not index._manifest.pending()


lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=30)


@settings(max_examples=12, deadline=None)
@given(versions=st.lists(st.lists(lines, max_size=5), min_size=1, max_size=4))
def test_any_edits_end_like_a_fresh_ingest(
    versions: list[list[str]], embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("edits")
    with Index.open(directory, embedder, splitter="1") as index:
        for version in versions:
            text = "\n".join(version)
            document, passages = made("a", text)
            passages = [p for p in passages if p.sentences]
            result = index.upsert(document, passages)
            assert result.embedded + result.reused == sum(map(is_searched, passages))
            assert index.document("a").text == text and index.document("a").sha256 == text_sha256(text)
            assert index.passages("a") == passages
            have, should = everything(index)
            assert have == should
        checked = index.verify()
        assert not [line for line in checked.problems if "vector" in line]


def test_searches_run_beside_changes(open_index: Opening, lighthouse: Made) -> None:
    index = open_index()
    index.upsert(*lighthouse)
    expected = ranked(index, "How much did the repairs cost?", document_ids=["lighthouse"])
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                found = ranked(index, "How much did the repairs cost?", document_ids=["lighthouse"])
                assert [hit.passage for hit in found] == [hit.passage for hit in expected]
                for hit in ranked(index, "anything at all"):
                    document = index.document(hit.passage.document_id)
                    assert document.text[hit.passage.start : hit.passage.end].strip()
        except KeyError:
            pass  # the document was removed between the two calls
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(4):
        index.upsert(*made("other", LIGHTHOUSE.replace("1861", str(1900 + turn))))
    index.delete("other")
    done.set()
    for thread in threads:
        thread.join()
    assert not failures and index.verify().ok
    assert ranked(index, "How much did the repairs cost?", document_ids=["lighthouse"]) == expected
