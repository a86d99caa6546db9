"""Lessons on rows of tables and on key lines."""

from __future__ import annotations

import random

import pytest

from assistant.reader.lessons.lesson import Unit
from assistant.reader.lessons.tables import KINDS, table_lessons


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return table_lessons(600, random.Random(5))


def test_the_first_lesson_is_answered_by_one_cell_of_its_row(units: list[Unit]) -> None:
    for first, *_ in units:
        ((start, end),) = first.answers
        assert first.relevant and first.answered and first.evidence and first.sentences
        ((left, right),) = first.evidence
        assert (left, right) in first.sentences and left <= start < end <= right
        cell = max(first.text.rfind(mark, left, start) for mark in (": ", " · ", "\n"))
        assert cell >= left and first.text[end : end + 1] in ("", "\n", " ")


def test_sentences_are_the_lines_of_the_rows(units: list[Unit]) -> None:
    for unit in units:
        for lesson in unit:
            rows = [lesson.text[a:b] for a, b in lesson.sentences or ()]
            lines = lesson.text.split("\n")
            assert rows == lines[len(lines) - len(rows) :] and len(lines) - len(rows) <= 1


def test_what_is_not_told_is_not_answered(units: list[Unit]) -> None:
    others = [(unit[0], lesson) for unit in units for lesson in unit[1:]]
    assert len(others) > 1000
    for first, lesson in others:
        assert lesson.answered is False and not lesson.answers and lesson.evidence == ()
        assert (lesson.question, lesson.text, lesson.heading) != (first.question, first.text, first.heading)


def test_every_kind_of_table_and_its_forms_come(units: list[Unit]) -> None:
    firsts = [unit[0] for unit in units]
    assert any(" · " in lesson.text for lesson in firsts) and any(
        lesson.article.startswith("record") for lesson in firsts
    )
    assert any(lesson.text[slice(*lesson.sentences[0])].count(" – ") for lesson in firsts if lesson.sentences)
    headers = {header for kind in KINDS for column in kind.columns for header in column.headers}
    assert sum(any(f"{header}:" in lesson.text for lesson in firsts) for header in headers) > 0.8 * len(headers)


def test_the_same_seed_makes_the_same_lessons() -> None:
    assert table_lessons(20, random.Random(2)) == table_lessons(20, random.Random(2))
