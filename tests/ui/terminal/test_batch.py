"""Files of questions: broken lines are told and the rest answered, in order, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.types import Answer, Turn
from assistant.understanding.question import check_question
from ui.terminal.batch import BatchError, BatchLine, check_output, read_batch, run_batch
from vectorstore.errors import UsageError


class Recording:
    """Answers by rote, and remembers what it was asked after how many turns."""

    def __init__(self, answered: Callable[..., Answer]) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._answered = answered

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        check_question(question)
        self.asked.append((question, tuple(turn.question for turn in history)))
        return self._answered(question)


@pytest.fixture
def assistant(answered: Callable[..., Answer]) -> Recording:
    return Recording(answered)


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def test_answers_come_in_the_order_of_the_questions(tmp_path: Path, assistant: Recording) -> None:
    source = write(tmp_path / "in.jsonl", *({"id": f"q{n}", "question": f"Number {n}?"} for n in (3, 1, 2)))
    said: list[str] = []
    assert run_batch(read_batch(source), tmp_path / "out.jsonl", assistant, report=said.append) == 0
    assert [row["id"] for row in rows(tmp_path / "out.jsonl")] == ["q3", "q1", "q2"]
    assert not said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_history_is_worked_through_first_and_shared_histories_once(tmp_path: Path, assistant: Recording) -> None:
    source = write(
        tmp_path / "in.jsonl",
        {"id": 1, "question": "And then?", "history": ["Who?", "When?"]},
        {"id": 2, "question": "Why?", "history": ["Who?", "When?"]},
    )
    run_batch(read_batch(source), tmp_path / "out.jsonl", assistant, report=print)
    assert assistant.asked == [
        ("Who?", ()),
        ("When?", ("Who?",)),
        ("And then?", ("Who?", "When?")),
        ("Why?", ("Who?", "When?")),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "not an object"),
        ("{}", 'there is no "question"'),
        ('{"question": 7}', '"question" must be text'),
        ('{"question": null}', '"question" must be text'),
        ('{"question": "q", "id": [1]}', '"id" must be'),
        ('{"question": "q", "id": true}', '"id" must be'),
        ('{"question": "q", "history": "earlier"}', '"history" must be'),
        ('{"question": "q", "history": [1]}', '"history" must be'),
        ('{"question": "\\ud800"}', "surrogate"),
        ('{"question": ""}', "the question is empty"),
        (json.dumps({"question": "x" * 100_000}), "100,000 characters"),
        ('{"question": "q", "history": [""]}', "history, question 1: the question is empty"),
        ("[" * 100_000, "not JSON"),
        ('{"question": ' + "9" * 5000 + "}", "not JSON"),
    ],
)
def test_a_broken_line_is_told_by_its_number_and_the_others_are_answered(
    line: str, reason: str, tmp_path: Path, assistant: Recording
) -> None:
    source = write(tmp_path / "in.jsonl", {"id": "a", "question": "One?"}, line, {"id": "b", "question": "Two?"})
    said: list[str] = []
    assert run_batch(read_batch(source), tmp_path / "out.jsonl", assistant, report=said.append) == 1
    (told,) = said
    assert told.startswith("line 2: ") and reason in told
    assert "\n" not in told
    assert [row["id"] for row in rows(tmp_path / "out.jsonl")] == ["a", "b"]


def test_bytes_that_are_no_text_break_only_their_line(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b'\xef\xbb\xbf{"question": "One?"}\r\n\n{"question": "\xff"}\n{"question": "Tw\xc3\xb6?"}')
    assert read_batch(source) == [BatchLine(1, 1, "One?"), BatchError(3, "not UTF-8"), BatchLine(4, 4, "Twö?")]


def test_a_repeated_id_is_told_and_both_are_answered(tmp_path: Path, assistant: Recording) -> None:
    source = write(tmp_path / "in.jsonl", {"id": "a", "question": "One?"}, {"id": "a", "question": "Two?"})
    said: list[str] = []
    assert run_batch(read_batch(source), tmp_path / "out.jsonl", assistant, report=said.append) == 0
    assert len(said) == 1 and said[0].startswith("line 2: the id 'a'")
    assert len(rows(tmp_path / "out.jsonl")) == 2


def test_a_run_that_stops_keeps_the_old_answers_and_its_own(tmp_path: Path, assistant: Recording) -> None:
    output = write(tmp_path / "out.jsonl", {"id": "old"})
    source = write(tmp_path / "in.jsonl", {"id": "a", "question": "One?"}, {"id": "b", "question": "Two?"})

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(read_batch(source), output, assistant, report=print, progress=stop)
    assert rows(output) == [{"id": "old"}]
    assert [row["id"] for row in rows(tmp_path / "out.jsonl.partial")] == ["a"]


def test_an_output_behind_a_link_is_written_where_it_points(tmp_path: Path, assistant: Recording) -> None:
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    source = write(tmp_path / "in.jsonl", {"id": "a", "question": "One?"})
    run_batch(read_batch(source), tmp_path / "link.jsonl", assistant, report=print)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len(rows(tmp_path / "real.jsonl")) == 1


def test_outputs_that_cannot_be_are_refused_before_any_work(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", {"question": "One?"})
    (tmp_path / "same.jsonl").hardlink_to(source)
    for output in (source, tmp_path / "same.jsonl", tmp_path, tmp_path / "missing" / "out.jsonl"):
        with pytest.raises(UsageError):
            check_output(source, output)
    check_output(source, tmp_path / "out.jsonl")


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    for source in (tmp_path, tmp_path / "missing.jsonl"):
        with pytest.raises(UsageError, match="cannot be read"):
            read_batch(source)


def test_an_empty_file_has_an_empty_answer(tmp_path: Path, assistant: Recording) -> None:
    source = write(tmp_path / "in.jsonl")
    assert run_batch(read_batch(source), tmp_path / "out.jsonl", assistant, report=print) == 0
    assert (tmp_path / "out.jsonl").read_text() == ""
