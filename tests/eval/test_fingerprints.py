"""A run says what it was made with, and a change of any of it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.settings import Settings
from eval import fingerprints
from eval.cases import CaseSet, load_set
from eval.fingerprints import digest, of_attest, of_others
from tests.eval.conftest import ROWS, SHA256, WriteSet
from vectorstore.embedding.embedder import Embedder


def test_a_run_of_attest_names_all_its_parts(case_set: CaseSet, embedder: Embedder) -> None:
    made_with = of_attest(case_set, embedder, Settings())
    assert made_with == of_attest(case_set, embedder, Settings())
    assert set(made_with) == {
        "set", "article", "system", "model", "reader", "splitter", "calibration", "threshold", "settings", "libraries",
        "code", "judge",
    }  # fmt: skip
    assert made_with["article"] == SHA256 and made_with["model"].startswith(embedder.fingerprint.name)
    assert all(made_with.values())


def test_other_settings_show(case_set: CaseSet, embedder: Embedder) -> None:
    few = Settings().model_copy(update={"passages": 3})
    before, after = of_attest(case_set, embedder, Settings()), of_attest(case_set, embedder, few)
    assert {name for name in before if before[name] != after[name]} == {"settings"}


def test_an_edited_case_shows(write_set: WriteSet, case_set: CaseSet) -> None:
    edited = load_set(write_set(ROWS[0] | {"question": "Who paid?"}, *ROWS[1:]))
    before, after = of_others(case_set), of_others(edited)
    assert {name for name in before if before[name] != after[name]} == {"set"}


def test_another_system_is_named(case_set: CaseSet) -> None:
    assert of_others(case_set)["system"] == "answers from a file"
    assert of_others(case_set, "a bot")["system"] == "a bot"
    assert of_others(replace(case_set, article_sha256="1" * 64))["article"] == "1" * 64


def test_a_comment_changes_the_hash_of_the_code_and_line_ends_do_not(tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    file.write_bytes(b"x = 1\ny = 2\n")
    before = digest([file])
    file.write_bytes(b"x = 1\r\ny = 2\r\n")
    assert digest([file]) == before
    file.write_bytes(b"x = 1  # one\ny = 2\n")
    assert digest([file]) != before


def test_the_checker_is_a_part_of_the_judge(case_set: CaseSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said in other words is judged by it: another checker makes other figures."""
    hashed: list[Path] = []
    monkeypatch.setattr(fingerprints, "digest", hashed.extend)
    fingerprints.of_others(case_set)
    names = {f"{path.parent.name}/{path.name}" for path in hashed}
    network = {"embedding/encoder.py", "network/weights.safetensors.gz"}
    assert {"metrics/support.py", "check/checker.py", "check/verdict.json", "reader/runtime.py"} | network <= names
