"""Ingest runs against a real index and the real model: what is stored, what is reported, what survives a bad file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import batch, passages
from ingest.deadline import Stop
from ingest.loading import load_file, load_upload
from ingest.passages import SPLITTER_VERSION
from ingest.pipeline import Report, ingest, ingest_loaded, remove
from ingest.report import covered
from ingest.structure import find_structure, structure_of
from tests.contents import contents
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import IndexClosed, StorageError, UsageError
from vectorstore.index import Index
from vectorstore.types import Document, Fact, Passage, Structure

BRIDGE = """The Bridge at Orrin

The first bridge was built of oak in 1742 and lasted for thirty years. A flood took it in a single night.

The second was of stone. Its builder, Anna Holm, asked for no pay until ten winters had passed over it.

It still stands, and the town pays her family one coin a year.
"""
MILL = "# The Mill\n\nThe mill ground barley for nine villages.\n\n## Its end\n\nIt burned down in 1888.\n"


@pytest.fixture
def index(tmp_path: Path, embedder: Embedder) -> Iterator[Index]:
    with Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    (texts / "mill.md").write_text(MILL, encoding="utf-8")
    return texts


def run(index: Index, *targets: Path | str) -> list[Report]:
    reports = list(ingest([str(target) for target in targets], index))
    for report in reports:
        assert "\n" not in report.line()
    return reports


def statuses(reports: list[Report]) -> list[str]:
    return [report.status for report in reports]


def test_a_folder_is_ingested_and_reported(index: Index, folder: Path) -> None:
    reports = run(index, folder)
    assert statuses(reports) == ["added", "added"]
    bridge, mill = reports
    assert (bridge.title, bridge.characters, bridge.covered) == ("The Bridge at Orrin", len(BRIDGE), 100.0)
    assert (mill.title, mill.reused, mill.error) == ("The Mill", 0, None)
    assert bridge.embedded > 0 and bridge.passages >= bridge.embedded
    assert bridge.document_id in [document.id for document in index.documents()]
    assert "100 % covered" in bridge.line() and f"{len(BRIDGE)} characters" in bridge.line()
    assert index.document(str(bridge.document_id)).text == BRIDGE


def test_doing_it_again_changes_nothing(index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(index, folder)
    before = contents(index)
    monkeypatch.chdir(folder.parent)
    again = run(index, "texts", folder / "bridge.txt", "./texts/../texts/mill.md")
    assert statuses(again) == ["unchanged", "unchanged"]
    assert [(report.embedded, report.reused) for report in again] == [(0, report.embedded) for report in first]
    assert [report.covered for report in again] == [report.covered for report in first]
    assert contents(index) == before


def test_what_is_known_of_a_document_is_stored_anew_where_its_text_is_the_same(index: Index, folder: Path) -> None:
    loaded = load_file(folder / "mill.md")
    assert ingest_loaded(loaded, index).status == "added"
    signed = replace(loaded, document=replace(loaded.document, facts=(Fact("author", "Ada Fell"),)))
    report = ingest_loaded(signed, index)
    assert report.status == "updated" and report.embedded == 0
    assert index.document(str(report.document_id)).facts == (Fact("author", "Ada Fell"),)
    assert ingest_loaded(signed, index).status == "unchanged"


def test_an_edit_embeds_only_what_changed(index: Index, folder: Path) -> None:
    (first,) = run(index, folder / "mill.md")
    (folder / "mill.md").write_text(MILL.replace("nine", "ten"), encoding="utf-8")
    (second,) = run(index, folder / "mill.md")
    assert second.status == "updated" and second.document_id == first.document_id
    assert 0 < second.embedded < first.embedded
    assert second.embedded + second.reused == first.embedded


def test_a_vanished_file_leaves_the_index_and_is_reported(index: Index, folder: Path) -> None:
    run(index, folder)
    (folder / "mill.md").unlink()
    reports = run(index, folder)
    assert statuses(reports) == ["unchanged", "removed"]
    assert reports[1].line().startswith("removed: The Mill")
    assert [document.title for document in index.documents()] == ["The Bridge at Orrin"]


def test_nothing_is_removed_when_the_folder_is_gone_or_has_nothing_readable(index: Index, folder: Path) -> None:
    run(index, folder)
    for file in folder.iterdir():
        file.unlink()
    (report,) = run(index, folder)
    assert report.status == "failed" and "without readable files" in report.line()
    folder.rmdir()
    (report,) = run(index, folder)
    assert report.status == "failed" and "does not exist" in report.line() and "2 documents" in report.line()
    assert len(index.documents()) == 2


def test_files_that_are_there_but_not_read_keep_their_documents(index: Index, folder: Path) -> None:
    (folder / "extra.log").write_text("A log of the bridge, kept by its guard.", encoding="utf-8")
    run(index, folder, folder / "extra.log")
    reports = run(index, folder)
    assert statuses(reports) == ["unchanged", "unchanged"]
    assert "skipped 1 file of" in reports[0].line()
    assert len(index.documents()) == 3


def test_a_missing_file_that_is_in_the_index_says_how_to_remove_it(index: Index, folder: Path) -> None:
    (added,) = run(index, folder / "mill.md")
    (folder / "mill.md").unlink()
    (report,) = run(index, folder / "mill.md")
    assert report.status == "failed" and report.document_id == added.document_id
    remove = f"attest ingest --index {index.directory} --remove {added.document_id}"
    assert "does not exist" in report.line() and remove in report.line()
    assert len(index.documents()) == 1


def test_one_bad_file_is_one_line_and_the_rest_goes_on(index: Index, folder: Path) -> None:
    (folder / "a-broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "c-empty.txt").touch()
    (folder / "d-bomb.docx").write_bytes(b"PK\x03\x04 not really")
    reports = run(index, folder, folder / "none.txt", "http://127.0.0.1:9/x", "gopher://old/")
    assert statuses(reports) == ["failed", "added", "failed", "failed", "added", "failed", "failed", "failed"]
    assert len({report.line() for report in reports}) == len(reports)
    assert len(index.documents()) == 2


def test_what_concerns_the_index_ends_the_run(index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageError("no space left")

    monkeypatch.setattr(index, "upsert_all", full)
    with pytest.raises(StorageError):
        run(index, folder)


def test_progress_rises_to_its_total(index: Index, folder: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    list(ingest([str(folder)], index, lambda done, total, what: steps.append((done, total, what))))
    done = [step[0] for step in steps]
    assert done == sorted(done) and done[0] == 0 and done[-1] == steps[-1][1] == 200
    assert {step[1] for step in steps} == {200}
    assert any("mill.md: embedding" in step[2] for step in steps)


def test_uploads_and_removal_by_id_title_and_origin(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = load_upload("mill.md", folder / "mill.md")
    assert ingest_loaded(upload, index).status == "added"
    assert ingest_loaded(upload, index).status == "unchanged"
    run(index, folder)
    with pytest.raises(UsageError, match="several documents"):
        remove(index, "The Mill")
    assert remove(index, upload.document.id).origin == "upload:mill.md"
    assert remove(index, "The Mill").status == "removed"
    monkeypatch.chdir(folder)
    assert remove(index, "bridge.txt").title == "The Bridge at Orrin"
    with pytest.raises(UsageError, match="names no document"):
        remove(index, "bridge.txt")
    assert contents(index) == []


def test_a_page_that_changes_its_title_stays_one_document(index: Index, folder: Path) -> None:
    upload = load_upload("mill.md", folder / "mill.md")
    before = ingest_loaded(upload, index)
    retitled = replace(upload, document=replace(upload.document, id="another-id", title="The Old Mill"))
    after = ingest_loaded(retitled, index)
    assert (after.status, after.document_id) == ("updated", before.document_id)


def test_covered_counts_characters_that_are_not_blank() -> None:
    def passage(start: int, end: int) -> Passage:
        return Passage("p", "d", start, end, "", "prose", None, ())

    assert covered("ab  cd", [passage(0, 2)]) == 50.0
    assert covered("ab  cd", [passage(0, 3), passage(1, 6)]) == 100.0
    assert covered("ab", []) == 0.0
    assert covered(" \n", []) == 100.0


def test_a_report_never_rounds_up_to_100() -> None:
    report = Report("o", "t", "d", 100_000, 99.999, 1, 1, 0, 0.1, ("a", "b"), None, "added")
    assert "99.9 % covered" in report.line() and report.line().endswith("a; b")


def test_a_folder_in_which_nothing_could_be_read_removes_nothing(index: Index, folder: Path) -> None:
    run(index, folder)
    (folder / "mill.md").unlink()
    (folder / "bridge.txt").write_bytes(b"\0\1\2")
    assert statuses(run(index, folder)) == ["failed"]
    assert len(index.documents()) == 2


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of 30 small files."""
    texts = tmp_path / "many"
    texts.mkdir()
    for i in range(30):
        (texts / f"{i:02}.txt").write_text(f"The bridge of year {1700 + i}\n\nIt cost {i} pounds.\n", encoding="utf-8")
    return texts


def changes(index: Index, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of documents of each change of the index, as they come."""
    sizes: list[int] = []
    upsert_all = index.upsert_all

    def counting(documents: Sequence[object], progress: object, **structures: object) -> object:
        sizes.append(len(documents))
        return upsert_all(documents, progress, **structures)  # type: ignore[arg-type]

    monkeypatch.setattr(index, "upsert_all", counting)
    return sizes


def test_small_documents_are_stored_together_and_reported_in_order(
    index: Index, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_SECONDS", 600)
    monkeypatch.setattr(batch, "MOST_VECTORS", 20)
    sizes = changes(index, monkeypatch)
    reports = run(index, many)
    assert [report.title for report in reports] == [f"The bridge of year {1700 + i}" for i in range(30)]
    assert statuses(reports) == ["added"] * 30 and sizes == [7, 7, 7, 7, 2]
    assert [head.origin for head in index.heads()] == [str(many / f"{i:02}.txt") for i in range(30)]
    (many / "03.txt").write_text("The bridge of year 1703\n\nIt cost nothing.\n", encoding="utf-8")
    (many / "07.txt").write_bytes(b"\0\1\2")
    (many / "09.txt").write_text("The bridge of year 1709\n\nIt cost much.\n", encoding="utf-8")
    (many / "29.txt").unlink()
    sizes.clear()
    wanted = ["unchanged"] * 29 + ["removed"]
    wanted[3], wanted[7], wanted[9] = "updated", "failed", "updated"
    reports = run(index, many)
    assert statuses(reports) == wanted and sizes == [1, 1]
    assert [Path(report.origin).name for report in reports] == [f"{i:02}.txt" for i in range(30)]
    assert index.verify().ok


def test_what_a_text_is_made_of_is_stored_with_its_passages(index: Index, folder: Path) -> None:
    run(index, folder)
    for document in index.documents():
        structure = index.structure(document)
        assert structure == find_structure(document.text, document.format) == structure_of(index, document)
        assert {block.section for block in structure.blocks} == {p.section for p in index.passages(document.id)}


def test_a_document_stored_without_its_structure_gets_it_when_it_is_asked_for(index: Index, folder: Path) -> None:
    document = load_file(folder / "mill.md").document
    index.upsert(document, passages.split_passages(document, index.embedder))
    assert index.structure(document) is None
    found = structure_of(index, document)
    assert found == find_structure(MILL, "markdown") == index.structure(document)
    assert index.verify().ok
    with pytest.raises(IndexClosed):
        index.close()
        structure_of(index, document)


def test_a_document_that_cannot_be_stored_does_not_take_its_batch_with_it(
    index: Index, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_SECONDS", 600)
    split = passages.split_document

    def wrong(document: Document, embedder: Embedder, stop: Stop) -> tuple[Structure, list[Passage]]:
        structure, found = split(document, embedder, stop)
        return (
            structure,
            found * 2 if "1705" in document.title else found,
        )  # twice the same: refused when it is to be stored

    monkeypatch.setattr(passages, "split_document", wrong)
    reports = run(index, many)
    assert [i for i, report in enumerate(reports) if report.status == "failed"] == [5]
    assert "05.txt could not be stored (ValueError)" in reports[5].line()
    assert statuses(reports).count("added") == 29 and len(index.heads()) == 29 and index.verify().ok


def test_a_full_disk_ends_the_run_after_what_could_be_stored(
    index: Index, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_SECONDS", 600)
    upsert_all, stored = index.upsert_all, []

    def filling(documents: Sequence[object], progress: object, **structures: object) -> object:
        if len(stored) + len(documents) > 3:
            raise StorageError("no space left")
        stored.extend(documents)
        return upsert_all(documents, progress, **structures)  # type: ignore[arg-type]

    monkeypatch.setattr(index, "upsert_all", filling)
    with pytest.raises(StorageError):
        run(index, many)
    assert len(index.heads()) == 3 and index.verify().ok
    monkeypatch.setattr(index, "upsert_all", upsert_all)
    assert statuses(run(index, many)) == ["unchanged"] * 3 + ["added"] * 27


def test_documents_of_one_title_are_told_apart(index: Index, folder: Path) -> None:
    (folder / "more").mkdir()
    for name in ("copy.txt", "more/copy.txt"):
        (folder / name).write_text(BRIDGE + name, encoding="utf-8")
    targets = [folder / name for name in ("bridge.txt", "copy.txt", "more/copy.txt")]
    titles = ["The Bridge at Orrin", "The Bridge at Orrin (copy.txt)", "The Bridge at Orrin (more/copy.txt)"]
    assert [report.title for report in run(index, *targets)] == titles
    again = run(index, *reversed(targets))
    assert [report.title for report in again] == titles[::-1] and set(statuses(again)) == {"unchanged"}
    (folder / "copy.txt").write_text(BRIDGE + "A new end.", encoding="utf-8")
    (report,) = run(index, folder / "copy.txt")
    assert (report.status, report.title) == ("updated", titles[1])
    facts = [fact for fact in index.document(report.document_id or "").facts if fact.name == "title"]
    assert [fact.value for fact in facts] == ["The Bridge at Orrin"]


def test_a_file_that_vanished_beside_the_ones_ingested_is_named_with_the_command(index: Index, folder: Path) -> None:
    bridge, mill = folder / "bridge.txt", folder / "mill.md"
    (_, gone) = run(index, bridge, mill)
    mill.unlink()
    (report,) = run(index, bridge)
    remove = f"attest ingest --index {index.directory} --remove {gone.document_id}"
    assert any("mill.md is gone" in warning and remove in warning for warning in report.warnings)
    assert len(index.documents()) == 2


def kept(index: Index) -> list[str]:
    folder = index.directory / "originals"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def pdf(path: Path, *lines: str) -> Path:
    from fpdf import FPDF

    made = FPDF()
    made.set_font("Helvetica", size=12)
    made.add_page()
    for line in lines:
        made.multi_cell(0, 10, line, new_x="LMARGIN", new_y="NEXT")
    path.write_bytes(bytes(made.output()))
    return path


def test_the_file_of_a_pdf_is_kept_until_its_document_goes(index: Index, folder: Path) -> None:
    file = pdf(folder / "ferry.pdf", "The ferry crossed the bay in 1902.", "Its bell hangs in the school.")
    run(index, folder)
    assert kept(index) == [hashlib.sha256(file.read_bytes()).hexdigest()], "of the PDF alone"
    assert run(index, file)[0].status == "unchanged"
    pdf(file, "The ferry crossed the bay in 1903.")
    assert run(index, file)[0].status == "updated"
    assert kept(index) == [hashlib.sha256(file.read_bytes()).hexdigest()]
    file.unlink()
    assert "removed" in statuses(run(index, folder))
    assert kept(index) == []


def test_a_kept_file_that_was_damaged_is_put_back_by_the_command_that_doctor_gives(index: Index, folder: Path) -> None:
    file = pdf(folder / "ferry.pdf", "The ferry crossed the bay in 1902.")
    run(index, file)
    (index.directory / "originals" / kept(index)[0]).write_bytes(b"%PDF-1.7 of somebody else")
    found = index.verify()
    assert found.lost == 1 and f"attest ingest {file} --index" in found.problems[0]
    run(index, file)
    assert index.verify().ok


def test_a_pdf_that_is_too_large_to_be_kept_is_ingested_and_the_report_says_so(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = pdf(folder / "ferry.pdf", "The ferry crossed the bay in 1902.")
    monkeypatch.setattr("vectorstore.documents.originals.MOST_BYTES", 100)
    for status in ("added", "unchanged"):
        (report,) = run(index, file)
        assert report.status == status and "its pages cannot be shown" in "".join(report.warnings)
    assert kept(index) == [] and index.documents()[0].original is None
    monkeypatch.undo()
    assert run(index, file)[0].status == "updated" and len(kept(index)) == 1


def test_files_that_wait_for_their_batch_hold_little_memory(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_BYTES", 1)
    largest = []
    real = Index.upsert_all

    def watched(self: Index, documents: Sequence[object], *rest: object, **more: object) -> object:
        largest.append(len(documents))
        return real(self, documents, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "upsert_all", watched)
    files = [pdf(folder / f"{number}.pdf", f"Ferry number {number} crossed the bay.") for number in range(3)]
    assert statuses(run(index, *files)) == ["added"] * 3 and largest == [1, 1, 1]
