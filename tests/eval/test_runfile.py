"""A run goes to its file and back unchanged, byte for byte, and the file holds no sentence of the text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.responses import ResponseSentence
from eval.runs import dumps, load_run, save_run
from tests.eval.conftest import TEXT, MakeRun, quoted, sentence
from vectorstore.errors import UsageError


def test_a_run_is_read_back_as_it_was_written(run_of: MakeRun, tmp_path: Path) -> None:
    run = run_of()
    save_run(run, tmp_path / "deep" / "run.json")
    assert dumps(load_run(tmp_path / "deep" / "run.json")) == dumps(run) == dumps(run_of())
    assert not list(tmp_path.rglob("*.partial"))


def test_a_run_has_one_case_a_line(run_of: MakeRun) -> None:
    lines = dumps(run_of()).splitlines()
    assert sum('"passed": ' in line and '"id": ' in line for line in lines) == 5


def test_a_quotation_is_kept_as_offsets_alone(run_of: MakeRun) -> None:
    text = dumps(run_of())
    assert all(part not in text for part in TEXT.split(". "))


def test_what_is_not_a_quotation_is_written_out(run_of: MakeRun) -> None:
    right = quoted("who", sentence("1887"))
    rewritten = replace(right, sentences=(ResponseSentence("Anna Lund built it.", right.sentences[0].citations),))
    (row,) = [r for r in json.loads(dumps(run_of(rewritten)))["cases"] if r["id"] == "who"]
    assert row["sentences"][0]["text"] == "Anna Lund built it."


@pytest.mark.parametrize("content", ["", "[]", '{"attest_run": 99}', '{"attest_run": 1}', '"x"'])
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "b.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="not a baseline"):
        load_run(tmp_path / "b.json")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.update(figures={}),
        lambda data: data["figures"]["all"].update(passed=["many", 0, 1, 5]),
        lambda data: data["cases"][0].update(confidence="high"),
        lambda data: data["cases"][0]["measures"].update(passed="yes"),
        lambda data: data["cases"][0]["sentences"][0].update(citations=[["0", "9", None]]),
    ],
)
def test_a_damaged_run_is_refused_in_one_line(run_of: MakeRun, tmp_path: Path, damage: Any) -> None:
    data = json.loads(dumps(run_of()))
    damage(data)
    (tmp_path / "run.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(UsageError, match="not a baseline"):
        load_run(tmp_path / "run.json")
