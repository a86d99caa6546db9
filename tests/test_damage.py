"""A small sample of `python -m tests.damage`; and that the judge itself is awake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.advice import steps
from tests.damage import Reference, judge, refer, table
from tests.durability import Place, close, prepare
from tests.file_damage import KINDS, Damage, label, plan

SAMPLE = ("manifest.sqlite", "manifest.sha256", "chroma.sqlite3", "seal.json")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Reference]]:
    """A small index and its cache, and what they say undamaged."""
    place = prepare(tmp_path_factory.mktemp("damage"), large=False)
    yield place, refer(place)
    close()


def test_no_damage_of_a_sample_is_believed_in_silence(prepared: tuple[Place, Reference]) -> None:
    """One damage for each of the files that hold most; networks, which take long to make again, have tests of their own
    (`vectorstore/test_derived.py`)."""
    place, reference = prepared
    planned = {Path(damage.file).name.split("-")[0]: damage for damage in plan(place, 40, 1)}
    damages = [planned[name] for name in SAMPLE]
    verdicts = [judge(place, reference, damage) for damage in damages]
    assert not any(verdict.problems for verdict in verdicts), "\n" + table(verdicts)


def test_damages_are_spread_over_files_and_kinds(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path, tmp_path)
    for name, size in (("index/manifest.sqlite", 9000), ("index/owner.lock", 0), ("cache/a.onnx", 100_000)):
        file = place.master / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * size)
    damages = plan(place, 24, 1)
    assert damages == plan(place, 24, 1) != plan(place, 24, 2)
    for name in ("index/manifest.sqlite", "cache/a.onnx"):
        assert sorted(damage.kind for damage in damages if damage.file == name) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_damage_changes_one_file_and_nothing_else(kind: str, tmp_path: Path) -> None:
    master, copy = tmp_path / "master", tmp_path / "copy"
    master.write_bytes(bytes(5000) + b"text" * 1000)
    copy.hardlink_to(master)
    before = master.read_bytes()
    what = Damage(0, "copy", kind, 7).apply(copy)
    assert what.startswith(kind)
    assert master.read_bytes() == before
    assert not copy.exists() if kind == "missing" else copy.read_bytes() != before


def test_advice_is_read_in_its_order() -> None:
    message = (
        "The index /a/b is damaged. Run `attest doctor --rebuild --index /a/b`; if that fails too, delete the "
        "directory and ingest again."
    )
    assert steps(message) == [("run", "attest doctor --rebuild --index /a/b"), ("delete", "the directory")]
    assert steps("x cannot be read. Delete /a/b/x.onnx, it is made again.") == [("delete", "/a/b/x.onnx")]
    assert steps("No space. Free some, then run the command again.") == []


def test_other_answers_without_a_word_are_a_failure(
    prepared: tuple[Place, Reference], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document is gone, and the index as sound as before."""
    place, reference = prepared

    def emptied(self: Damage, path: Path) -> str:
        place.run(["ingest", "--remove", str(place.documents / "canal.md"), "--index", str(place.index)])
        return "a document removed"

    monkeypatch.setattr(Damage, "apply", emptied)
    verdict = judge(place, reference, Damage(0, "index/manifest.sqlite", "bit", 1))
    assert verdict.outcome == "SILENT"
    assert any(problem.startswith("FALSE: doctor") for problem in verdict.problems)
    assert "FAILED 0 index/manifest.sqlite" in table([verdict])


def test_a_label_names_no_single_index() -> None:
    assert label("index/vectors-1/049bfbac-4d26-454f-b156-bf7acd967e04/header.bin") == "index/vectors-1/*/header.bin"
    assert label("cache/reader-990b489844c14bdf-int8.onnx") == "cache/reader-*-int8.onnx"
