"""A small sample of `python -m tests.kills`."""

from __future__ import annotations

from pathlib import Path

from tests.durability import close
from tests.kills import run, table


def test_a_kill_at_any_moment_leaves_the_old_documents_or_the_new(tmp_path: Path) -> None:
    kills = run(tmp_path, 2, 1, {"ingest": 1, "rebuild": 1})
    close()
    assert len(kills) == 2
    assert not any(kill.problems for kill in kills), "\n" + table(kills)
