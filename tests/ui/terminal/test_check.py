"""`attest check`: its exit codes, its JSON, and what it prints."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Run = Callable[..., tuple[int, str, str]]
KEPT = "Marta Oduya kept the light for thirty years."
SHOT = "Marta Oduya was shot in Canton."


def test_a_text_is_checked_sentence_by_sentence_and_the_source_is_quoted(attest: Run, index: Path) -> None:
    code, out, err = attest("check", f"{KEPT} {SHOT}", "--index", index)
    assert (code, err) == (0, "")
    assert out.startswith("Not found: of 2 sentences 1 supported, 1 not found")
    assert f"supported: {KEPT} [1]" in out and f"“{KEPT}”" in out
    assert f"not found: {SHOT}\n    Nothing in the source mentions Canton" in out


def test_json_has_the_places_of_the_text_and_of_the_source(attest: Run, index: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.md"
    file.write_text(f"# Answer\n\n- {KEPT} [1]\n", encoding="utf-8-sig")
    code, out, _ = attest("check", "--file", file, "--json", "--index", index)
    found = json.loads(out)
    assert (code, found["verdict"], found["checker"]) == (0, "supported", "attest")
    text = file.read_text(encoding="utf-8-sig")
    assert [text[s["start"] : s["end"]] for s in found["sentences"]] == [s["text"] for s in found["sentences"]]
    assert [s["checkable"] for s in found["sentences"]] == [False, True]
    assert found["sentences"][1]["citations"][0]["quote"] == KEPT


def test_standard_input_is_read(attest: Run, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(KEPT.encode())))
    code, out, _ = attest("check", "--file", "-", "--index", index)
    assert code == 0 and out.startswith("Supported")


def test_only_the_document_that_is_named_is_asked(attest: Run, index: Path) -> None:
    _, out, _ = attest("check", KEPT, "--document", "The bakery in Corn Street", "--index", index)
    assert out.startswith("Not found")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "give one thing to check"),
        (("a claim", "--file", "b.txt"), 2, "give one thing to check"),
        (("  ",), 2, "there is nothing to check"),
        (("a" * 100_001,), 2, "100,001 characters"),
        (("--file", "/no/such/file"), 1, "there is no such file"),
        (("--file", "/"), 1, "is not a file"),
        (("It is so.", "--document", "The Quay"), 2, "names no document of the index"),
    ],
)
def test_what_cannot_be_checked_is_told_in_one_line(
    attest: Run, index: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ended, out, err = attest("check", *arguments, "--index", index)
    assert (ended, out, err.count("\n")) == (code, "", 1)
    assert told in err


def test_a_file_that_is_no_text_is_told(attest: Run, index: Path, tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\xff\xfe")
    assert attest("check", "--file", file, "--index", index)[0] == 1
    file.write_bytes(b"a" * 1_000_001)
    assert attest("check", "--file", file, "--index", index)[0] == 1


def test_no_character_of_the_text_drives_the_terminal(attest: Run, index: Path) -> None:
    _, out, _ = attest("check", "Marta Oduya \x1b[31mwas shot\x07 in Canton.", "--index", index)
    assert "\x1b" not in out and "\x07" not in out
