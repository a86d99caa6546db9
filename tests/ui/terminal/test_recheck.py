"""`attest recheck`: saved answers against documents that have changed since."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

BEFORE = """The harbour of Brill

The pier was built in 1870. A storm broke it in 1883, and nobody was hurt.

The lighthouse burned rape oil. Marta Oduya kept it for thirty years. The bell weighs 412 pounds.
"""
AFTER = """The harbour of Brill

A new line stands here. The pier was built
in 1870. A storm broke it in 1893, and nobody was hurt.

The lighthouse burned paraffin.
"""
QUOTES = [
    "The harbour of Brill",
    "The pier was built in 1870.",
    "A storm broke it in 1883, and nobody was hurt.",
    "Marta Oduya kept it for thirty years.",
]


@pytest.fixture
def harbour(attest: Run, tmp_path: Path) -> Path:
    (tmp_path / "harbour.txt").write_text(BEFORE, encoding="utf-8")
    assert attest("ingest", tmp_path / "harbour.txt", "--index", tmp_path / "index")[0] == 0
    return tmp_path / "index"


def saved(attest: Run, index: Path, folder: Path) -> Path:
    """A file with a citation of each quotation."""
    code, out, _ = attest("ask", "When was the pier built?", "--json", "--index", index)
    assert code == 0
    (cited, *_) = json.loads(out)["sentences"][0]["citations"]
    rows = [{**cited, "start": BEFORE.index(q), "end": BEFORE.index(q) + len(q), "quote": q} for q in QUOTES]
    file = folder / "saved.json"
    file.write_text(json.dumps({"sentences": [{"citations": rows}]}), encoding="utf-8")
    return file


def test_each_quotation_is_told_what_has_become_of_it(attest: Run, harbour: Path, tmp_path: Path) -> None:
    file = saved(attest, harbour, tmp_path)
    code, out, err = attest("recheck", file, "--index", harbour)
    assert (code, err) == (0, "") and "4 quotations: 4 stands" in out
    (tmp_path / "harbour.txt").write_text(AFTER, encoding="utf-8")
    attest("ingest", tmp_path / "harbour.txt", "--index", harbour)
    code, out, _ = attest("recheck", file, "--json", "--index", harbour)
    told = json.loads(out)
    assert code == 1 and [one["status"] for one in told["quotations"]] == ["stands", "moved", "changed", "gone"]
    for one in told["quotations"][:3]:
        now = one["now"]
        assert AFTER[now["start"] : now["end"]] == now["quote"] and now["quote"]
    assert "1883" in told["quotations"][2]["reason"] and "1893" in told["quotations"][2]["reason"]
    assert told["quotations"][1]["now"]["quote"].split() == QUOTES[1].split()
    code, out, _ = attest("recheck", file, "--index", harbour)
    assert code == 1 and "“1883” is now “1893”" in " ".join(out.split())


def test_a_document_that_was_removed_or_renamed(attest: Run, harbour: Path, tmp_path: Path) -> None:
    file = saved(attest, harbour, tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "port.txt").write_text(BEFORE, encoding="utf-8")
    attest("ingest", tmp_path / "other" / "port.txt", "--index", harbour)
    attest("ingest", "--remove", tmp_path / "harbour.txt", "--index", harbour)
    code, out, _ = attest("recheck", file, "--json", "--index", harbour)
    assert (code, json.loads(out)["moved"]) == (0, 4)
    (tmp_path / "other" / "port.txt").write_text(AFTER, encoding="utf-8")
    attest("ingest", tmp_path / "other" / "port.txt", "--index", harbour)
    code, out, _ = attest("recheck", file, "--json", "--index", harbour)
    assert (code, json.loads(out)["removed"]) == (1, 4)


def test_markdown_that_ask_writes_is_read_back(attest: Run, harbour: Path, tmp_path: Path) -> None:
    code, out, _ = attest("ask", "When was the pier built?", "--markdown", "--index", harbour)
    assert code == 0 and "[^1]: “" in out
    (tmp_path / "answer.md").write_text(out, encoding="utf-8")
    code, out, err = attest("recheck", tmp_path / "answer.md", "--index", harbour)
    assert (code, err) == (0, "") and "1 stands" in out


@pytest.mark.parametrize("content", ["", "words only", "{", '{"document": 1, "quote": "x"}'])
def test_a_file_without_citations_is_wrong_usage(attest: Run, harbour: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "broken").write_text(content, encoding="utf-8")
    code, out, err = attest("recheck", tmp_path / "broken", "--index", harbour)
    assert (code, out) == (2, "") and err.startswith("attest: ") and err.count("\n") == 1


def test_one_form_of_an_answer_at_a_time(attest: Run, harbour: Path) -> None:
    assert attest("ask", "Who?", "--json", "--markdown", "--index", harbour)[0] == 2
