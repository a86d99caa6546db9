"""What is kept beside the index comes back, goes with its passage, and is never in the way."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from vectorstore.disk.kept import KEPT_FILE, Kept


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / KEPT_FILE


def test_what_is_put_is_there_at_the_next_opening_until_it_is_forgotten(file: Path) -> None:
    kept = Kept(file, writable=True)
    assert kept.names() == set() and kept.get(["a"]) == {} and not file.exists()
    kept.put({"a": b"1", "b": b"secret" * 1000})
    kept.close()
    kept = Kept(file, writable=True)
    assert kept.get(["a", "b", "c"]) == {"a": b"1", "b": b"secret" * 1000}
    kept.forget(["b", "never there"])
    assert kept.names() == {"a"}
    kept.close()
    assert b"secret" not in file.read_bytes()


def test_many_names_are_asked_for_at_once(file: Path) -> None:
    kept = Kept(file, writable=True)
    rows = {str(n): str(n).encode() for n in range(2500)}
    kept.put(rows)
    assert kept.get(list(rows)) == rows


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + b"?" * 5000])
def test_a_file_that_is_no_database_is_begun_anew(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    kept = Kept(file, writable=True)
    assert kept.get(["a"]) == {}
    kept.put({"a": b"1"})
    assert kept.get(["a"]) == {"a": b"1"}


def test_pages_that_are_damaged_only_cost_what_they_held(file: Path) -> None:
    kept = Kept(file, writable=True)
    kept.put({str(n): bytes([n]) * 60_000 for n in range(20)})
    kept.close()
    content = bytearray(file.read_bytes())
    content[40_000:60_000] = b"?" * 20_000
    file.write_bytes(content)
    kept = Kept(file, writable=True)
    kept.get([str(n) for n in range(20)])
    kept.put({"a": b"1"})
    kept.put({"a": b"1"})
    assert kept.get(["a"]) == {"a": b"1"}


def test_nothing_is_kept_past_the_most(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_KEPT_MB", "1")
    kept = Kept(file, writable=True)
    for n in range(30):
        kept.put({str(n): b"x" * 100_000})
    assert 5 <= len(kept.names()) < 10 and file.stat().st_size <= 1_100_000
    kept.forget(["0", "1"])
    kept.put({"new": b"x"})
    assert "new" in kept.names()


def test_where_nothing_may_be_written_it_is_only_read(file: Path) -> None:
    kept = Kept(file, writable=True)
    kept.put({"a": b"1"})
    kept.close()
    before = file.read_bytes()
    reading = Kept(file, writable=False)
    reading.put({"b": b"2"})
    reading.forget(["a"])
    assert reading.get(["a", "b"]) == {"a": b"1"} and file.read_bytes() == before
    reading.close()
    file.write_bytes(b"broken")
    reading = Kept(file, writable=False)
    assert reading.get(["a"]) == {} and file.read_bytes() == b"broken"


def test_a_file_that_another_has_locked_is_not_in_the_way(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(file, writable=True)
    kept.put({"a": b"1"})
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **{**named, "timeout": 0.05}))
    kept.close()
    other = connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    kept = Kept(file, writable=True)
    kept.put({"b": b"2"})
    assert kept.get(["a"]) == {}
    other.execute("ROLLBACK")
    assert Kept(file, writable=True).get(["a"]) == {"a": b"1"}


def test_after_closing_nothing_is_opened_again(file: Path) -> None:
    kept = Kept(file, writable=True)
    kept.put({"a": b"1"})
    kept.close()
    kept.close()
    assert kept.get(["a"]) == {} and kept.names() == set()
