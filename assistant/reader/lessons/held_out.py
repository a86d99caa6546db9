"""The questions of `python -m assistant.reader trial`: of SQuAD's articles that no lesson was made from."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import (
    Row,
    answerable_example,
    is_held_out,
    near_miss,
    rows_of,
    same_tokens,
    windows,
)
from assistant.reader.lessons.lesson import Lesson, Unit, title_of
from assistant.reader.lessons.squad import lesson_of

WORDS = (60, 110)
"""The length of a text, between these."""
WINDOW = 100


def held_out_questions(folder: Path, *, answerable: int, near_misses: int, rng: random.Random) -> list[Unit]:
    """Questions with a text that answers each, and near misses by people with a text that does not. `folder` holds
    `train-v1.1.json` and `train-unanswerable.json`."""
    rows = held_out_rows(folder)
    rng.shuffle(rows)
    asked = [(row[0], answerable_example(row, rng, words=rng.randint(*WORDS))) for row in rows[:answerable]]
    missed = [
        (article, paragraph["context"], qa["question"])
        for article in _articles(folder / "train-unanswerable.json")
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    rng.shuffle(missed)
    asked += [
        (article, near_miss(text, question, rng.randint(*WORDS))) for article, text, question in missed[:near_misses]
    ]
    return [[lesson_of(example, article, title_of(article["title"]))] for article, example in asked]


def held_out_windows(rows: Sequence[Row], most: int) -> list[Unit]:
    """Each question with all windows of its article. Of a window that holds the answer's words somewhere else is not
    known whether it answers."""
    units = []
    for article, number, question, answer in rows:
        unit = [
            _window(article, question, n == number, answer["text"], paragraph["context"][start:end].strip())
            for n, paragraph in enumerate(article["paragraphs"])
            for start, end in windows(paragraph["context"], WINDOW)
        ]
        if any(lesson.relevant for lesson in unit):
            units.append(unit)
        if len(units) == most:
            break
    return units


def held_out_rows(folder: Path) -> list[Row]:
    """The answerable questions of the articles held out."""
    return rows_of(_articles(folder / "train-v1.1.json"))


def _window(article: dict[str, Any], question: str, own: bool, answer: str, text: str) -> Lesson:
    holds = answer in text
    relevant = own if holds == own else None if holds else False
    return Lesson(same_tokens(question), text, title_of(article["title"]), article["title"], (), relevant, None)


def _articles(path: Path) -> list[dict[str, Any]]:
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [article for article in data if is_held_out(article["title"])]
