"""The five folders import in one direction only, and no module grows beyond reading."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 400

MAY_IMPORT = {
    "vectorstore": set(),
    "ingest": {"vectorstore"},
    "assistant": {"vectorstore"},
    "ui": {"assistant", "ingest", "vectorstore"},
    "eval": {"assistant", "ingest", "vectorstore"},
}
COMPOSITION_ROOT = {
    "assistant/cli.py",
    *(f"assistant/commands/{path.name}" for path in ROOT.glob("assistant/commands/*")),
}
"""The commands, where the folders meet; they import the others when they run, not when they are imported."""

MODULES = sorted(path.relative_to(ROOT).as_posix() for folder in MAY_IMPORT for path in (ROOT / folder).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every top-level package that is imported, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno


def at_import_time(tree: ast.Module) -> set[str]:
    """The packages that are imported as soon as the module is: not in functions, not for type checking only."""
    now: set[str] = set()
    todo: list[ast.stmt] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            now |= {name for name, _ in imported(ast.Module(body=[node], type_ignores=[]))}
        elif isinstance(node, ast.If) and not ast.unparse(node.test).endswith("TYPE_CHECKING"):
            todo += [*node.body, *node.orelse]
        elif isinstance(node, ast.Try | ast.With):
            todo += node.body
    return now


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_in_the_allowed_direction(module: str) -> None:
    folder = module.split("/")[0]
    others = set(MAY_IMPORT) - {folder} - MAY_IMPORT[folder]
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    if module in COMPOSITION_ROOT:
        assert not at_import_time(tree) & others
        return
    assert [f"{module}:{line} imports {name}" for name, line in imported(tree) if name in others] == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short_and_says_what_it_does(module: str) -> None:
    text = (ROOT / module).read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    assert not text or ast.get_docstring(ast.parse(text)), "a module opens by saying what it does"


def test_every_pinned_package_is_pinned_once_and_by_version_alone() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    names = [line.partition("==")[0].lower().replace("_", "-") for line in lines]
    assert all(version and "+" not in version for _, _, version in (line.partition("==") for line in lines))
    assert len(names) == len(set(names))
    assert "torch==2.13.0" in lines
    assert not {"torchvision", "torchaudio", "triton", "llama-index"} & set(names)


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    }
    names = {re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-") for requirement in wanted}
    assert names <= pinned
