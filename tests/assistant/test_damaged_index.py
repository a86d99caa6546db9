"""What the commands say and do about a damaged index: never in silence, and each piece of advice works when it is
followed."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
BREAD, LIGHT = "What bread did the bakery sell?", "When was the lighthouse on Gull Rock lit for the first time?"


@pytest.fixture
def index(index: Path, tmp_path: Path) -> Path:
    """An index of its own, to be damaged."""
    return Path(shutil.copytree(index, tmp_path / "the index"))


def edit(index: Path, sql: str) -> None:
    db = sqlite3.connect(index / "manifest.sqlite", isolation_level=None)
    assert db.execute(sql).rowcount > 0
    db.close()


def advice(message: str, start: str) -> list[str]:
    """The arguments of the command in backticks that starts so."""
    commands = [shlex.split(command)[1:] for command in re.findall(r"`(attest [^`]*)`", message)]
    return next(command for command in commands if " ".join(command).startswith(start))


def flip_text(index: Path) -> None:
    """One digit in the text of the lighthouse, on the disk."""
    file = index / "manifest.sqlite"
    content = file.read_bytes()
    assert b"1861" in content
    file.write_bytes(content.replace(b"1861", b"1860"))


@pytest.mark.parametrize("way", ["ingest ", "ingest --remove"])
def test_a_damaged_text_is_not_quoted_and_the_advice_mends_it(way: str, attest: Run, index: Path) -> None:
    flip_text(index)
    code, out, err = attest("ask", LIGHT, "--index", index)
    assert code == 0 and "1860" not in out and "1861" not in out
    assert err.startswith("attest: The document ") and err.count("\n") == 1 and "its text is not what was stored" in err
    code, out, _ = attest("ask", BREAD, "--index", index)
    assert code == 0 and "black bread" in out
    code, out, err = attest("doctor", "--index", index)
    assert code == 1 and out.startswith("damaged: The document ") and "--rebuild" not in err
    command = advice(out, "ingest ")
    if way == "ingest --remove":
        command = ["ingest", "--remove", command[1], *command[2:]]
    code, out, _ = attest(*command)
    assert code == 0 and out.startswith("removed: " if "--remove" in way else "added: ")
    code, out, err = attest("ask", LIGHT, "--index", index)
    assert (code, err) == (0, "") and ("1861" in out) == ("--remove" not in way)
    assert attest("doctor", "--index", index)[0] == 0


def test_a_text_whose_file_is_gone_can_be_taken_out(attest: Run, articles: Path, tmp_path: Path, index: Path) -> None:
    folder = Path(shutil.copytree(articles, tmp_path / "moved"))
    attest("ingest", folder, "--index", tmp_path / "index")
    flip_text(tmp_path / "index")
    shutil.rmtree(folder)
    _, _, err = attest("ask", BREAD, "--index", tmp_path / "index")
    assert "Put its file back" in err
    assert attest(*advice(err, "ingest --remove"))[0] == 0
    assert attest("ask", BREAD, "--index", tmp_path / "index")[::2] == (0, "")


def test_damaged_passages_are_mended_by_the_rebuild_that_is_advised(attest: Run, index: Path) -> None:
    edit(index, 'UPDATE passages SET "end" = "end" - 1 WHERE document_id LIKE \'lighthouse%\'')
    code, _, err = attest("ask", BREAD, "--index", index)
    assert code == 0 and "its passages are not what was stored" in err
    code, out, err = attest("doctor", "--index", index)
    assert code == 1 and out.startswith("damaged: ") and "doctor --rebuild" in err
    code, out, _ = attest(*advice(out, "doctor --rebuild"))
    assert code == 0 and "rebuilt: 2 documents" in out and "sound" in out
    code, out, err = attest("ask", LIGHT, "--index", index)
    assert (code, err) == (0, "") and "1861" in out


@pytest.mark.parametrize("at", [3, 17, 18, 19, 21, 59, 63])
def test_a_broken_header_is_mended_by_the_rebuild_that_is_advised(at: int, attest: Run, index: Path) -> None:
    file = index / "manifest.sqlite"
    content = bytearray(file.read_bytes())
    content[at] ^= 4
    file.write_bytes(content)
    code, out, err = attest("ask", LIGHT, "--index", index)
    assert code == 0 and "1861" in out and "doctor --rebuild" in err and err.count("\n") == 1
    code, out, _ = attest(*advice(err, "doctor --rebuild"))
    assert code == 0 and "rebuilt: 2 documents" in out
    assert attest("ask", LIGHT, "--index", index)[::2] == (0, "")


@pytest.mark.parametrize("left", [None, b"", b"rubbish" * 1000])
def test_a_lost_manifest_is_no_new_index(
    left: bytes | None, attest: Run, index: Path, articles: Path, tmp_path: Path
) -> None:
    (index / "manifest.sqlite").unlink()
    if left is not None:
        (index / "manifest.sqlite").write_bytes(left)
    for command in (["ask", BREAD], ["doctor"], ["doctor", "--rebuild"], ["ingest", articles]):
        code, out, err = attest(*command, "--index", index)
        assert (code, out) == (1, "") and err.count("\n") == 1
        assert f"move {index} away" in err and all(str(path) in err for path in articles.iterdir())
    index.rename(tmp_path / "away")
    assert attest("ingest", *articles.iterdir(), "--index", index)[0] == 0
    assert "1861" in attest("ask", LIGHT, "--index", index)[1]


def test_an_index_of_damaged_documents_alone_is_refused(attest: Run, index: Path) -> None:
    edit(index, "UPDATE documents SET text = text || '!'")
    code, out, err = attest("ask", BREAD, "--index", index)
    assert (code, out) == (1, "") and "is damaged in the index" in err and err.count("\n") == 1
