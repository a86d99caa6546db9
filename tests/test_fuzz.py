"""A small sample of `python -m tests.fuzz`; the files are valid before they are damaged, and the judge is awake."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.loading import load_file
from tests.fuzz import PLAIN, Verdict, Worker, blown_up, damaged, judged, repacked, run, table, torn
from tests.fuzz_files import KINDS, make


def test_no_damaged_file_of_a_sample_fails(tmp_path: Path) -> None:
    verdicts = run(tmp_path, len(KINDS), 7)
    assert len({verdict.kind for verdict in verdicts}) == len(verdicts) == len(KINDS)
    assert not any(verdict.outcome == "FAILED" for verdict in verdicts), "\n" + table(verdicts)


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_are_valid_and_alike_for_a_seed(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(make(kind, 1))
    assert make(kind, 1) == make(kind, 1) != make(kind, 2)
    assert len(load_file(path).document.text) > 300


def test_damages_change_a_file_and_are_alike_for_a_seed() -> None:
    assert [damaged(number, 1) for number in range(20)] == [damaged(number, 1) for number in range(20)]
    assert {damaged(number, 1)[1] for number in range(300)} == {
        damage.__name__ for damage in (*PLAIN, torn, blown_up, repacked)
    }
    changed = [damaged(number, 1)[2] for number in range(60)]
    valid = [make(kind, seed) for kind in KINDS for seed in range(2)]
    assert not set(changed) & set(valid)


def test_what_is_not_one_clear_line_or_a_whole_document_is_a_failure() -> None:
    assert judged([(None, 100.0)], "a.pdf") == ("READ", "")
    assert judged([("a.pdf is a damaged PDF", 0.0)], "a.pdf")[0] == "REFUSED"
    for error, covered in [
        (None, 99.0),
        ("a.pdf is damaged\nat line 3", 0.0),
        ("it is damaged", 0.0),
        ("a.pdf could not be converted (KeyError). Export its text", 0.0),
        ("a.pdf could not be converted: its converter broke down (-11). Export its text", 0.0),
    ]:
        assert judged([(error, covered)], "a.pdf")[0] == "FAILED"
    assert judged([], "a.pdf")[0] == "FAILED"
    told = table([Verdict(3, "pdf", "cut", "FAILED", "why", 1.5, 2**20), Verdict(4, "md", "torn", "READ", "", 7.0)])
    assert "FAILED 3 pdf, cut: why" in told
    assert "  7.0 s of a processor: 4 md, torn\n  1.5 s" in told and "    1 MB: 3 pdf, cut\n    0 MB" in told


def test_a_file_that_hangs_is_given_up_and_its_process_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.SECONDS", 0.0)
    worker = Worker(tmp_path)
    path = tmp_path / "a.txt"
    path.write_bytes(make("txt", 1))
    assert worker.ingest(path)[:2] == ("FAILED", "no answer within 0 seconds")
    assert worker._process is None
