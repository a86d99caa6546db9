"""The reader's command: what it needs, and what it writes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from assistant.reader import __main__ as command
from assistant.reader.lessons.arrays import Encoded
from vectorstore.disk.packaged import packaged
from vectorstore.embedding.network import base, export_onnx
from vectorstore.embedding.network.names import published_name
from vectorstore.embedding.network.rounding import rounded
from vectorstore.errors import AttestError

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import ReaderNetwork

Run = Callable[..., int]


@pytest.fixture
def train(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command on a folder; gives its exit code."""

    def run(data: Path, *more: str) -> int:
        given = ["--data", str(data), "--state", str(tmp_path / "state"), "--output", str(tmp_path / "reader.gz")]
        monkeypatch.setattr("sys.argv", ["reader", "train", *given, *more])
        return command.main()

    return run


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tiny: Callable[[int], ReaderNetwork]) -> None:
    """Few lessons, and a small network in the place of the published one."""
    weights = {published_name(name): value.numpy() for name, value in tiny(0).state_dict().items()}
    published = rounded({name: value for name, value in weights.items() if name})
    monkeypatch.setattr(base, "base_weights", lambda: published)
    monkeypatch.setattr(export_onnx, "base_weights", lambda: published)
    monkeypatch.setattr(export_onnx, "check_base", lambda: None)
    monkeypatch.setattr(command, "SQUAD", {"rivals": 8, "near_misses": 4, "follow_ups": 2})
    monkeypatch.setattr(command, "CLAIMS_MADE", 4)
    monkeypatch.setattr(command, "FURTHER", {"statements": 4, "reworded": 4, "tables": 4, "turned": 2})
    monkeypatch.setattr("vectorstore.embedding.network.mpnet.APART", 2)


def test_it_names_a_file_that_is_missing_in_one_line(
    data: Path, tmp_path: Path, train: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(tmp_path / "nowhere") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "nowhere/squad/train-v1.1.json does not exist" in told and "--data" in told
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data/fm2/dev.jsonl").unlink()
    assert train(tmp_path / "data") == 2
    assert "fm2/dev.jsonl does not exist" in capsys.readouterr().err
    assert not (tmp_path / "state").exists() and not (tmp_path / "reader.gz").exists()


@pytest.mark.parametrize("name", sorted({"qmsum", "fairytaleqa", "multispanqa", "check-covid", "cast", "gecor"}))
def test_it_names_a_set_that_is_missing(
    data: Path, tmp_path: Path, train: Run, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    shutil.copytree(data, tmp_path / "data")
    shutil.rmtree(tmp_path / "data/more" / name)
    assert train(tmp_path / "data") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and f"more/{name}" in told


@pytest.mark.usefixtures("small")
def test_it_says_in_one_line_what_is_wrong_with_the_published_network(
    data: Path, train: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise AttestError("The reader's base network is not installed.")

    monkeypatch.setattr(base, "base_weights", refuse)
    assert train(data) == AttestError("").exit_code
    assert capsys.readouterr().err == "reader: The reader's base network is not installed.\n"


@pytest.mark.usefixtures("small")
def test_it_writes_weights_that_are_opened_as_the_shipped_ones_are_and_in_no_other_network(
    data: Path, tmp_path: Path, train: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert train(data, "--part", "0.001") == 0
    written = tmp_path / "reader.gz"
    assert packaged(written) == written.read_bytes()
    assert capsys.readouterr().out.splitlines()[-1].endswith(" MB")
    kept = sorted(path.name for path in (tmp_path / "state").iterdir())
    checkpoints = ["apart-1.checkpoint", "apart-2.checkpoint", "last.checkpoint", "together.checkpoint"]
    assert kept == sorted([*checkpoints, "further.npz", "lessons.npz"])
    network = export_onnx.shipped_network(written)
    before, after = (
        torch.load(tmp_path / f"state/{name}.checkpoint", weights_only=True)["network"] for name in ("apart-2", "last")
    )
    taught = {name: (before[name] + after[name]) / 2 for name in after}
    assert network.apart == 2 and network.state_dict().keys() == taught.keys()
    for name, value in network.state_dict().items():
        assert torch.allclose(value, taught[name], atol=2e-2), name
    before = written.read_bytes()
    written.unlink()
    assert train(data, "--part", "0.001") == 0
    assert written.read_bytes() == before, "what was learned is not learned again"
    assert len(Encoded.load(tmp_path / "state/lessons.npz")) > 100
    monkeypatch.setattr("vectorstore.embedding.network.mpnet.APART", 0)
    with pytest.raises(RuntimeError, match="do not fit the network"):
        export_onnx.shipped_network(written)


@pytest.mark.usefixtures("small")
def test_the_lessons_are_the_same_each_time_and_of_every_kind(data: Path) -> None:
    one, again = command.encoded(data), command.encoded(data)
    assert all(np.array_equal(value, vars(again)[name]) for name, value in vars(one).items())
    assert {int(label) for label in one.labels[:, 2]} == {-1, 0, 1, 2}
    assert (one.needed == 1).any() and (one.doubted == 1).any() and (one.sentences[:, 2] == 1).any()
    more = command.further(data)
    assert not more.taught.any() or {int(label) for label in more.labels[more.taught, 2]} == {-1}
    assert {int(label) for label in more.labels[:, 2]} == {-1, 0, 1, 2} and (more.labels[:, 1] == 0).any()
    assert len(one.answers) > 10 and bool((one.labels[:, :2] == 0).any(0).all())
