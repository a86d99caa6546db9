"""docs/public.md lists what may be imported; its example runs."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from vectorstore.embedding.embedder import Embedder

PAGE = (Path(__file__).parent.parent / "docs" / "public.md").read_text(encoding="utf-8")
NAMES = re.findall(r"^\| `from ([\w.]+) import (\w+)` \| \S", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_public_name_can_be_imported_and_says_what_it_is(module: str, name: str) -> None:
    imported = importlib.import_module(module)
    value = getattr(imported, name)
    assert isinstance(value, str) or value.__doc__
    assert name in getattr(imported, "__all__", [name])


def test_every_row_of_the_table_is_such_a_name() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    assert len(rows) - 1 == len(NAMES) == len(set(NAMES))  # the first row is the heading


def test_the_example_runs(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/public.md", "exec"), {})
    assert capsys.readouterr().out == "Not in the source.\n"  # the index is new
