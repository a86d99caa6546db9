"""Files that ship with attest are believed only as they were published; a damaged one is told, with its remedy."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from assistant import calibration
from vectorstore.disk import packaged
from vectorstore.disk.packaged import note_of, published_sha256, write_note
from vectorstore.embedding.encoder import WEIGHTS
from vectorstore.errors import AttestError

SHIPPED = (calibration.FILE, WEIGHTS)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The calibration, alone in a repository of its own, in place of the one that is shipped."""
    folder = tmp_path / "a checkout" / "assistant"
    folder.mkdir(parents=True)
    for file in (calibration.FILE, note_of(calibration.FILE)):
        shutil.copy(file, folder)
    root = folder.parent
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    monkeypatch.setattr(packaged, "ROOT", root)
    return folder / calibration.FILE.name


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_what_is_shipped_is_what_its_note_tells(file: Path) -> None:
    assert len(packaged.packaged(file)) == file.stat().st_size
    assert len(published_sha256(file)) == 64


@pytest.mark.parametrize("at", range(0, 1600, 97))
def test_no_flipped_bit_of_the_calibration_is_believed(checkout: Path, at: int) -> None:
    content = bytearray(checkout.read_bytes())
    content[at] ^= 1
    checkout.write_bytes(content)
    with pytest.raises(AttestError, match=r"calibration\.json .*not what calibration\.json\.sha256 tells"):
        packaged.packaged(checkout)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"0" * 64, b"0" * 63 + b"g  calibration.json", b"a b c"])
def test_a_damaged_note_is_told(checkout: Path, content: bytes) -> None:
    note_of(checkout).write_bytes(content)
    with pytest.raises(AttestError, match=r"calibration\.json\.sha256 \(not a note"):
        packaged.packaged(checkout)
    note_of(checkout).unlink()
    with pytest.raises(AttestError, match=r"calibration\.json\.sha256 \(No such file"):
        packaged.packaged(checkout)


def test_in_a_checkout_the_advice_brings_both_files_back(checkout: Path) -> None:
    sound = checkout.read_bytes(), note_of(checkout).read_bytes()
    for damaged in (checkout, note_of(checkout)):
        damaged.write_bytes(b"damaged")
        with pytest.raises(AttestError) as caught:
            packaged.packaged(checkout)
        command = str(caught.value).rpartition("Run: ")[2]
        subprocess.run(shlex.split(command), check=True, capture_output=True)
        assert (packaged.packaged(checkout), note_of(checkout).read_bytes()) == sound


@pytest.mark.parametrize("built", [True, False])
def test_where_the_checkout_has_no_history_the_advice_names_the_archive(checkout: Path, built: bool) -> None:
    shutil.rmtree(packaged.ROOT / ".git")
    if built:  # what a build leaves in the sources is no installation
        (packaged.ROOT / "attest.egg-info").mkdir()
        (packaged.ROOT / "attest.egg-info" / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: attest\nVersion: 1\n")
    sound = checkout.read_bytes()
    checkout.write_bytes(b"damaged")
    with pytest.raises(AttestError, match=r"Put calibration\.json and calibration\.json\.sha256 back from the archive"):
        packaged.packaged(checkout)
    checkout.write_bytes(sound)  # as the advice says
    assert packaged.packaged(checkout) == sound


def test_the_notes_are_in_what_is_installed() -> None:
    root = Path(packaged.__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = {
        path
        for package, patterns in project["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in (root / package).glob(pattern)
    }
    assert {path for file in SHIPPED for path in (file, note_of(file))} <= shipped


def test_a_new_file_gets_its_note(tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"new")
    write_note(file)
    assert packaged.packaged(file) == b"new"
    if sha256sum := shutil.which("sha256sum"):
        subprocess.run([sha256sum, "-c", note_of(file).name], cwd=tmp_path, check=True, capture_output=True)
