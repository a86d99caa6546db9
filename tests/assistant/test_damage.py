"""Whatever happens to a network's file, `ask` answers as before or says in one line why not, and `doctor` tells."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import calibration
from assistant.reader import runtime
from tests.vectorstore.embedding.test_derived import DAMAGE, in_its_own_name
from ui.terminal.cli import main
from vectorstore.disk import packaged
from vectorstore.disk.packaged import note_of
from vectorstore.embedding import encoder
from vectorstore.embedding.derived import open_network

QUESTION = "Who kept the light for thirty years?"
HALVES = ("lower", "upper")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def networks() -> dict[str, Path]:
    """A sound file of each half of the network."""
    runtime.load_reader()
    return {half: open_network(encoder.network(half), lambda file: file) for half in HALVES}


@pytest.fixture(scope="module")
def sound(index: Path, networks: dict[str, Path]) -> dict[str, object]:
    """What is answered while nothing is damaged."""
    written = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(written, "utf-8", write_through=True)) as out:
        with pytest.raises(SystemExit):
            main(["ask", QUESTION, "--json", "--index", str(index)])
        out.flush()
        return without_time((0, written.getvalue().decode(), ""))


@pytest.fixture
def cache(networks: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test alone that holds both."""
    directory = tmp_path / "cache"
    directory.mkdir()
    for file in networks.values():
        shutil.copyfile(file, directory / file.name)
    monkeypatch.setenv("ATTEST_CACHE", str(directory))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return directory


@pytest.fixture
def quick(cache: Path, networks: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The networks are made by copying sound files."""
    recipes = {
        half: replace(
            encoder.network(half),
            module="tests.vectorstore.embedding.copied_export",
            arguments=(str(tmp_path / "log"), str(networks[half])),
        )
        for half in HALVES
    }
    for module in (encoder, runtime):
        monkeypatch.setattr(module, "network", recipes.__getitem__)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("damage", "half"), list(zip(DAMAGE, itertools.cycle(HALVES), strict=False)))
def test_ask_answers_as_before_and_doctor_tells(
    damage: str,
    half: str,
    attest: Run,
    cache: Path,
    index: Path,
    networks: dict[str, Path],
    sound: dict[str, object],
) -> None:
    """Every damage, and either half with several of them: their files are found and hashed alike."""
    file = cache / networks[half].name
    DAMAGE[damage](file)
    assert without_time(attest("ask", QUESTION, "--json", "--index", index)) == sound
    DAMAGE[damage](file)
    code, out, err = attest("doctor", "--index", index)
    *told, last = out.splitlines()
    assert (code, err) == (0, "") and last.startswith("sound: ")
    found = f"damaged: {file} was not what was written; it has been made again"
    assert told == ([] if damage == "missing" else [found])
    assert file.read_bytes() == networks[half].read_bytes()


def without_time(ran: tuple[int, str, str]) -> dict[str, object]:
    answer = json.loads(ran[1])
    assert isinstance(answer, dict) and "Oduya" in str(answer["answer"])
    return {name: value for name, value in answer.items() if name != "seconds"}


def renamed(file: Path, other: Path) -> Path:
    """The name of `file` with the digest of the other."""
    return file.with_name(f"{file.name.split('.')[0]}.{other.name.split('.')[1]}.onnx")


@pytest.mark.usefixtures("quick")
def test_networks_that_were_swapped_or_renamed_to_their_content_are_not_used(
    attest: Run, cache: Path, index: Path, networks: dict[str, Path], sound: dict[str, object]
) -> None:
    lower, upper = (cache / networks[half].name for half in HALVES)
    for swap in (
        lambda: (shutil.copyfile(networks["lower"], upper), shutil.copyfile(networks["upper"], lower)),
        lambda: (lower.unlink(), shutil.copyfile(networks["upper"], renamed(lower, upper))),
        lambda: (upper.unlink(), shutil.copyfile(networks["lower"], renamed(upper, lower))),
        lambda: in_its_own_name(lower),
        lambda: in_its_own_name(upper),
    ):
        swap()
        assert without_time(attest("ask", QUESTION, "--json", "--index", index)) == sound


def test_the_reader_is_made_again_from_the_packaged_weights(
    attest: Run, cache: Path, index: Path, networks: dict[str, Path], sound: dict[str, object]
) -> None:
    file = cache / networks["upper"].name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert without_time(attest("ask", QUESTION, "--json", "--index", index)) == sound
    assert {path.name for path in cache.glob("reader-*")} == {networks["lower"].name, file.name}


def test_damaged_weights_of_the_reader_are_told_and_nothing_is_made_of_them(
    attest: Run,
    cache: Path,
    index: Path,
    tmp_path: Path,
    networks: dict[str, Path],
    sound: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for file in (encoder.WEIGHTS, note_of(encoder.WEIGHTS)):
        shutil.copy(file, tmp_path)
    weights = tmp_path / encoder.WEIGHTS.name
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    monkeypatch.setattr(encoder, "WEIGHTS", weights)
    monkeypatch.setattr(packaged, "ROOT", tmp_path)
    assert without_time(attest("ask", QUESTION, "--json", "--index", index)) == sound
    code, out, err = attest("doctor", "--index", index)
    assert code == 1 and f"damaged: A file of attest itself is damaged: {weights}" in out and "is sound (" in err
    for half in HALVES:
        (cache / networks[half].name).unlink()
    code, out, err = attest("ask", QUESTION, "--index", index)
    assert (code, out) == (1, "") and err.count("\n") == 1 and str(weights) in err
    assert list(cache.glob("reader-*")) == []


@pytest.mark.parametrize("content", [b"", b"{", b'{"threshold": 0.1}'])
def test_a_damaged_calibration_is_one_line(
    content: bytes, attest: Run, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / calibration.FILE.name
    shutil.copy(note_of(calibration.FILE), tmp_path)
    file.write_bytes(content)
    monkeypatch.setattr(calibration, "FILE", file)
    monkeypatch.setattr(packaged, "ROOT", tmp_path)
    calibration.load_calibration.cache_clear()
    code, out, err = attest("ask", QUESTION, "--index", index)
    assert (code, out) == (1, "") and err.count("\n") == 1 and "calibration.json" in err
