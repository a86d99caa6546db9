"""Saved answers are read back as they were written, and a hostile file gets one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.check.answers.saved import Saved, answer_to_markdown, read_saved
from assistant.types import Answer
from assistant.wire import answer_to_dict, dumps
from vectorstore.errors import UsageError

Answered = Callable[..., Answer]


def read(tmp_path: Path, content: str | bytes) -> list[Saved]:
    file = tmp_path / "saved"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_saved(file)


@pytest.mark.parametrize(
    "quote",
    [
        "Marta Oduya kept the light.",
        "She “kept”\n  it — so",
        "a [link](http://x.invalid) <b> `x` *y*",
        "tail” — x, `a@b:1-2`",
    ],
)
@pytest.mark.parametrize("title", ["Gull Rock", "A — B, “C”", "x@" + "0" * 64 + ":1-2"])
def test_every_form_gives_the_same_citation(tmp_path: Path, answered: Answered, quote: str, title: str) -> None:
    answer = answered("Who kept the light?", quote=quote, title=title)
    row = answer_to_dict(answer)
    forms = [dumps(row), dumps(row, indent=2), dumps(row) + "\n" + dumps(row) + "\n", answer_to_markdown(answer)]
    for form in forms:
        (saved,) = read(tmp_path, form)
        assert (saved.document_id, saved.start, saved.end, saved.sha256) == ("gull-rock", 10, 10 + len(quote), "0" * 64)
        assert saved.quote.split() == quote.split()


def test_markdown_of_a_document_cannot_leave_its_line(answered: Answered) -> None:
    text = answer_to_markdown(answered("Q\n# x", quote="one\n\n# Heading\n[^9]: “no”"))
    assert not any(line.startswith(("#", "[^9]")) for line in text.splitlines())


def test_an_abstention_has_no_footnote(answered: Answered) -> None:
    assert "[^" not in answer_to_markdown(answered("Who?", abstained=True))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        "no citations here",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"document": "x", "quote": 5, "start": 1, "end": 2}',
        '{"document": "x", "quote": "y", "start": true, "end": 2}',
        '{"document": "x", "quote": "y", "start": 1e400, "end": 2}',
        '{"sentences": []}\nnot json\n',
        "[^1]: “" + "x" * 2_000_000,
        "[^1]: " + "“a” — " * 100_000 + "@",
        '{"a": ' + "9" * 10_000 + "}",
    ],
)
def test_a_broken_or_hostile_file_gets_one_line(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(UsageError) as raised:
        read(tmp_path, content)
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 400


def test_a_missing_file_and_a_folder_get_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(UsageError):
            read_saved(path)


def test_citations_are_found_wherever_they_stand_and_each_once(tmp_path: Path) -> None:
    one = {"document": "a", "start": 1, "end": 3, "quote": "bc"}
    other = {**one, "start": 5, "end": 7}
    value = {"sentences": [{"citations": [one, one], "findings": [{"source": other}]}]}
    assert read(tmp_path, json.dumps(value)) == [Saved("a", 1, 3, "bc"), Saved("a", 5, 7, "bc")]
