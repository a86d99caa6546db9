"""A private folder goes in the end, and with the next one where its process was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from vectorstore.disk.scratch import Scratch, sweep

PREFIX = "attest-test-"
HOLDS = (
    f"from vectorstore.disk.scratch import Scratch; held = Scratch({PREFIX!r}); print(held.path, flush=True); input()"
)


def test_what_a_killed_process_left_goes_and_what_is_held_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", HOLDS]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        folder = Path(other.stdout.readline().strip())
        (folder / "part").write_bytes(b"x" * 1000)
        sweep(PREFIX)
        assert (folder / "part").exists(), "its process is running"
        other.kill()
    own = Scratch(PREFIX)
    assert not folder.exists()
    assert own.path.stat().st_mode & 0o077 == 0
    own.close()
    own.close()
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_such_folder_of_this_user_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "held.lock").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    (tmp_path / f"{PREFIX}file").touch()
    (tmp_path / f"{PREFIX}being-made").mkdir()
    sweep(PREFIX)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{PREFIX}being-made",
        f"{PREFIX}file",
        f"{PREFIX}link",
        "elsewhere",
    ]
