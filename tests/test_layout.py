"""The five folders import in one direction only, and no module grows beyond reading."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 400

MOST_NAMES = 16
"""In one folder: more cannot be seen at a glance."""

MAY_IMPORT: dict[str, set[str]] = {
    "vectorstore": set(),
    "ingest": {"vectorstore"},
    "assistant": {"ingest", "vectorstore"},
    "eval": {"assistant", "ingest", "vectorstore"},
    "ui": {"assistant", "eval", "ingest", "vectorstore"},
}
MODULES = sorted(path.relative_to(ROOT).as_posix() for folder in MAY_IMPORT for path in (ROOT / folder).rglob("*.py"))
ROOMS = sorted({str(Path(module).parent) for module in MODULES})


def name_of(module: str) -> str:
    """The dotted name of a module's file."""
    return module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


NAMES = {name_of(module) for module in MODULES}


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module of attest that is imported, with the line; `from a import b` imports a, and a.b where that is a
    module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & NAMES
            yield from ((name, node.lineno) for name in (node.module, *sorted(inner)))


def tree_of(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_in_the_allowed_direction(module: str) -> None:
    folder = module.split("/")[0]
    others = set(MAY_IMPORT) - {folder} - MAY_IMPORT[folder]
    found = [
        f"{module}:{line} imports {name}" for name, line in imported(tree_of(module)) if name.split(".")[0] in others
    ]
    assert found == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions and for type checking count, too."""
    graph = {name_of(module): {name for name, _ in imported(tree_of(module))} & NAMES for module in MODULES}
    assert [" -> ".join(circle) for circle in circles(graph)] == []


def circles(graph: dict[str, set[str]]) -> Iterator[list[str]]:
    """One circle for each group of modules that reach each other."""
    settled: set[str] = set()
    for start in sorted(graph):
        path = next((path for path in walks(graph, start) if path[-1] == start and len(path) > 1), None)
        if path is not None and not settled & set(path):
            settled |= set(path)
            yield path


def walks(graph: dict[str, set[str]], start: str) -> Iterator[list[str]]:
    """Shortest paths from `start` to everything that it reaches, itself included."""
    seen: set[str] = set()
    paths = [[start]]
    while paths:
        path = paths.pop(0)
        for name in sorted(graph.get(path[-1], ())):
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
                yield paths[-1]


@pytest.mark.parametrize("room", ROOMS)
def test_a_folder_is_seen_at_a_glance(room: str) -> None:
    names = [path for path in (ROOT / room).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    assert len([path for path in names if path.name != "__init__.py"]) <= MOST_NAMES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short_and_says_what_it_does(module: str) -> None:
    text = (ROOT / module).read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    assert not text or ast.get_docstring(ast.parse(text)), "a module opens by saying what it does"


def test_what_the_makefile_imports_is_there() -> None:
    names = re.findall(r"from ([\w.]+) import (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert names and all(hasattr(importlib.import_module(module), name) for module, name in names)


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
