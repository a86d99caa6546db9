"""Answers of any system are read, or refused with line and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.cases import CaseSet
from eval.responses import read_responses, to_response
from vectorstore.errors import UsageError

LEAST: dict[str, Any] = {"id": "who", "abstained": False, "sentences": [{"text": "Anna Lund."}]}


def write(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows), encoding="utf-8")
    return path


def test_what_is_not_given_is_undefined() -> None:
    response = to_response(LEAST, article_sha256="0" * 64)
    assert response.passages is None and response.confidence is None and response.searched_for is None
    assert response.text == "Anna Lund." and response.sentences[0].citations == ()


def test_passages_of_another_document_keep_their_rank_and_find_nothing() -> None:
    citation = {"start": 0, "end": 1, "quote": "x", "document": "other", "sha256": "1" * 64}
    passages = [{"document": "other", "start": 0, "end": 90}, {"document": "d", "start": 5, "end": 9}]
    row = LEAST | {"sentences": [{"text": "x", "citations": [citation]}], "passages": passages}
    assert to_response(row, article_sha256="0" * 64).passages == ((0, 0), (5, 9))


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("{", "not JSON"),
        ("7", "not an object"),
        ({"id": "who", "abstained": False}, "sentences"),
        (LEAST | {"confidence": 7}, "confidence"),
        (LEAST | {"id": "nobody"}, "no case 'nobody'"),
        (LEAST | {"sentences": [{"text": "x", "citations": [{"start": -1, "end": 2, "quote": "x"}]}]}, "start"),
    ],
)
def test_a_broken_answer_is_named(tmp_path: Path, case_set: CaseSet, broken: object, named: str) -> None:
    with pytest.raises(UsageError, match="line 1") as caught:
        read_responses(write(tmp_path, broken), case_set)
    assert named in str(caught.value) and "\n" not in str(caught.value)


def test_a_second_answer_and_a_missing_one_are_refused(tmp_path: Path, case_set: CaseSet) -> None:
    with pytest.raises(UsageError, match="answered twice"):
        read_responses(write(tmp_path, LEAST, LEAST), case_set)
    with pytest.raises(UsageError, match="no answer to cost, end, said, wife"):
        read_responses(write(tmp_path, LEAST), case_set)


def test_answers_come_in_the_order_of_the_set(tmp_path: Path, case_set: CaseSet) -> None:
    ids = [case.id for case in case_set.cases]
    read = read_responses(write(tmp_path, *(LEAST | {"id": i} for i in reversed(ids))), case_set)
    assert [response.id for response in read] == ids
