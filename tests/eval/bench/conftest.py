"""Small texts of our own in the form of each benchmark, about things that no model has read of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.bench import run_benchmark

PIER = "The pier at Holm was built in 1887 by Anna Lund. It cost nine thousand crowns and stood for 24 years."
MILL = "The mill on the Varn was bought by Otto Brekke. He ground rye there until the river froze in the winter."
BELL = "The bell of Saint Hild weighs four tonnes. Monks cast it from captured cannons after the siege."

Files = Callable[..., Path]
Bench = Callable[..., str]


@pytest.fixture
def bench() -> Bench:
    """A benchmark run on everything, as text."""

    def run(name: str, data: Path, **options: Any) -> str:
        return run_benchmark(name, data, **{"sample": 0, "seed": 0, **options})

    return run


def cells(table: str, system: str) -> list[str]:
    """The figures of one row, its intervals left out."""
    (line,) = [line for line in table.splitlines() if line.strip().startswith(system + "  ")]
    return [word for word in line.strip()[len(system) :].split() if not word.startswith("[") and word[-1] not in ",]"]


def squad(*questions: tuple[str, str, str | None], titles: bool = True) -> dict[str, Any]:
    """SQuAD's form: (paragraph, question, answer); no answer is an impossible question."""
    articles: dict[str, list[dict[str, Any]]] = {}
    for context, question, answer in questions:
        answers = [] if answer is None else [{"text": answer, "answer_start": context.index(answer)}]
        articles.setdefault(context, []).append(
            {"id": question, "question": question, "answers": answers, "is_impossible": answer is None}
        )
    data = [
        {"title": f"Article_{n}", "paragraphs": [{"context": context, "qas": qas}]}
        for n, (context, qas) in enumerate(articles.items())
    ]
    return {"version": "v2.0", "data": data}


@pytest.fixture
def write(tmp_path: Path) -> Files:
    """Writes a file: text as it is, a list as JSON lines, anything else as JSON."""

    def write(name: str, content: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = "".join(json.dumps(row) + "\n" for row in content)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write
