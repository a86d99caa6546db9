"""The questions of a trial come from articles that no lesson is made from."""

from __future__ import annotations

import json
import random
from pathlib import Path

from assistant.reader.lessons.articles import is_held_out
from assistant.reader.lessons.held_out import held_out_questions, held_out_rows, held_out_windows


def write(folder: Path) -> Path:
    """Articles of two sorts in SQuAD's form: half of their questions have no answer."""
    titles = [f"Pier_{n}" for n in range(40)]
    answered, missed = [], []
    for title in titles:
        text = f"{title} was opened in 1887. It is long. " + "The gulls like it. " * 40
        said = {"question": "When was it opened?", "answers": [{"text": "1887", "answer_start": text.index("1887")}]}
        other = "A storm came in 1887. Nobody was hurt."
        answered.append(
            {"title": title, "paragraphs": [{"context": text, "qas": [said]}, {"context": other, "qas": []}]}
        )
        missed.append({"title": title, "paragraphs": [{"context": text, "qas": [{"question": "When did it burn?"}]}]})
    (folder / "train-v1.1.json").write_text(json.dumps({"data": answered}))
    (folder / "train-unanswerable.json").write_text(json.dumps({"data": missed}))
    return folder


def test_only_articles_held_out_are_asked(tmp_path: Path) -> None:
    units = held_out_questions(write(tmp_path), answerable=99, near_misses=99, rng=random.Random(1))
    held = [f"Pier_{n}" for n in range(40) if is_held_out(f"Pier_{n}")]
    assert 0 < len(held) < 40
    assert sorted({lesson.article for unit in units for lesson in unit}) == sorted(held)
    assert len(units) == 2 * len(held) and sum(bool(lesson.answers) for (lesson,) in units) == len(held)
    assert {lesson.answered for (lesson,) in units} == {True, False}


def test_a_window_that_only_holds_the_same_words_is_left_open(tmp_path: Path) -> None:
    units = held_out_windows(held_out_rows(write(tmp_path)), 2)
    assert len(units) == 2
    for unit in units:
        assert [lesson.relevant for lesson in unit] == [True, *[False] * (len(unit) - 2), None]
