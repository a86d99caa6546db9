"""Lessons from articles with questions (SQuAD 1.1, Rajpurkar et al. 2016; SQuAD 2.0's unanswerable part, 2018).

A question with the window that answers it, with others of the same article that are near in BM25, and with a name in
it exchanged; near misses beside an answerable question on the same paragraph; questions after the question before
them. Some are typed as key words, some lose words that they share with the text, some have a slip of the pen.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import (
    Example,
    Row,
    answerable_example,
    near_miss,
    near_negatives,
    rows_of,
    same_tokens,
    training_articles,
)
from assistant.reader.lessons.lesson import Lesson, Unit, heading_for, title_of
from assistant.reader.lessons.variations import as_follow_up, exchanged, key_words, names_in, turned

KEY_WORDS, THINNED, MISTYPED = 0.05, 0.15, 0.04
ELSEWHERE = 1 / 8
"""How often one of the rivals is a window of another article."""
_KEPT = re.compile(r"(?i)^(?:who|whom|whose|when|where|why|how|what|which|many|much|not|no|n't|never)$")


def squad_lessons(folder: Path, *, rivals: int, near_misses: int, follow_ups: int, rng: random.Random) -> list[Unit]:
    """The units, in no order. `folder` holds `train-v1.1.json` and `train-unanswerable.json`."""
    articles = training_articles(folder / "train-v1.1.json")
    rows = rows_of(articles)
    rng.shuffle(rows)
    units = [_varied(_rivals(row, articles, rng), rng) for row in rows[:rivals]]
    units += [_varied(unit, rng) for unit in _near_misses(folder, rows, near_misses, rng)]
    return units + _follow_ups(rows, articles, follow_ups, rng)


def turned_lessons(path: Path, most: int, rng: random.Random) -> list[Unit]:
    """Up to `most` questions with the text that answers each, and the same with two names in each other's place, which
    it does not answer; in no order. `path`: a file in SQuAD's form."""
    rows = rows_of(training_articles(path))
    rng.shuffle(rows)
    units: list[Unit] = []
    for row in rows:
        changed = turned(row[2])
        if len(units) == most:
            break
        if changed:
            article = row[0]
            good = lesson_of(answerable_example(row, rng), article, heading_for(title_of(article["title"]), rng))
            wrong = replace(good, question=same_tokens(changed), answers=(), relevant=None, answered=False)
            units.append([good, replace(wrong, unsupported=None, evidence=(), taught=False)])
    return units


def lesson_of(example: Example, article: dict[str, Any], heading: str) -> Lesson:
    """The example as a lesson, under this heading."""
    known = example.answered is False or bool(example.answers)
    return Lesson(
        example.question,
        example.text,
        heading,
        article["title"],
        example.answers,
        example.relevant,
        example.answered,
        example.unsupported,
        example.answers if known else None,
    )


def _length(rng: random.Random) -> int:
    return rng.randint(110, 160) if rng.random() < 0.125 else rng.randint(35, 110)


def _rivals(row: Row, articles: Sequence[dict[str, Any]], rng: random.Random) -> Unit:
    article = row[0]
    heading = heading_for(title_of(article["title"]), rng)
    good = answerable_example(row, rng, words=_length(rng))
    unit = [lesson_of(good, article, heading)]
    unit += [lesson_of(example, article, heading) for example in near_negatives(row, rng, 2)]
    if rng.random() < ELSEWHERE:
        other = rng.choice(articles)
        for stray in near_negatives((other, -1, *row[2:]), rng, 1):
            unit[1:] = [*unit[1:-1], lesson_of(stray, other, heading_for(title_of(other["title"]), rng))]
    elsewhere = names_in(rng.choice(article["paragraphs"])["context"])
    changed = exchanged(good.question, good.text, elsewhere, row[3]["text"], rng)
    return [*unit, lesson_of(changed, article, heading)] if changed else unit


def _near_misses(folder: Path, rows: Sequence[Row], most: int, rng: random.Random) -> list[Unit]:
    about: dict[str, list[Row]] = {}
    for row in rows:
        about.setdefault(row[0]["paragraphs"][row[1]]["context"], []).append(row)
    misses = [
        (article, paragraph["context"], qa["question"])
        for article in training_articles(folder / "train-unanswerable.json")
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    rng.shuffle(misses)
    units = []
    for article, context, question in misses[:most]:
        heading = heading_for(title_of(article["title"]), rng)
        miss = near_miss(context, question, _length(rng))
        unit = [lesson_of(miss, article, heading)]
        partners = about.get(context, [])
        for n, (_, _, other, answer) in enumerate(partners):
            found = tuple((m.start(), m.end()) for m in re.finditer(re.escape(answer["text"]), miss.text))
            if found:
                unit.append(lesson_of(Example(same_tokens(other), miss.text, found, True, True, ()), article, heading))
                partners.append(partners.pop(n))
                break
        units.append(unit)
    return units


def _follow_ups(rows: Sequence[Row], articles: Sequence[dict[str, Any]], most: int, rng: random.Random) -> list[Unit]:
    """Each with the question before it, on the text that answers it and on one that does not; one in seven is a change
    of topic."""
    units: list[Unit] = []
    for article, number, question, answer in rows:
        if len(units) == most:
            break
        if rng.random() < 1 / 7:
            other = rng.choice(rng.choice(articles)["paragraphs"])["qas"]
            if not other:
                continue
            asked = f"{rng.choice(other)['question']} {question}"
        else:
            near = [qa["question"] for qa in article["paragraphs"][number]["qas"] if qa["question"] != question]
            rng.shuffle(near)
            pronoun = rng.choice(("he", "he", "she", "it", "it", "they"))
            pair = next(((e, c) for e in near if (c := as_follow_up(question, e, pronoun))), None)
            if pair is None:
                continue
            asked = " ".join(pair)
        row: Row = (article, number, asked, answer)
        heading = heading_for(title_of(article["title"]), rng)
        both = [answerable_example(row, rng), *near_negatives(row, rng, 1)]
        units.append([lesson_of(example, article, heading) for example in both])
    return units


def _varied(unit: Unit, rng: random.Random) -> Unit:
    """The question as people also type it; the same for all lessons of the unit that ask it."""
    draw = rng.random()
    first = unit[0]
    if draw < KEY_WORDS:
        asked = key_words(first.question)
    elif draw < KEY_WORDS + THINNED:
        asked = _thinned(first.question, first.text, rng)
    elif draw < KEY_WORDS + THINNED + MISTYPED:
        asked = _mistyped(first.question, rng)
    else:
        return unit
    return [
        replace(lesson, question=asked, unsupported=() if lesson.unsupported == () else None)
        if lesson.question == first.question
        else lesson
        for lesson in unit
    ]


def _thinned(question: str, text: str, rng: random.Random) -> str:
    """The question without one or two of the words that it shares with the text, names left alone."""
    held = set(re.findall(r"\w+", text.casefold()))
    words = question.split()
    shared = [
        n
        for n, word in enumerate(words)
        if n and word.islower() and len(word) > 3 and word.strip("?,.") in held and not _KEPT.match(word)
    ]
    dropped = set(rng.sample(shared, min(len(shared), rng.randint(1, 2))))
    return " ".join(word for n, word in enumerate(words) if n not in dropped)


def _mistyped(question: str, rng: random.Random) -> str:
    """The question with two letters of one long word exchanged, or one lost; or all of it in small letters."""
    words = question.split()
    long = [n for n, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    if not long or rng.random() < 0.3:
        return question.lower()
    n = rng.choice(long)
    at = rng.randrange(1, len(words[n]) - 2)
    a, b = words[n][at], words[n][at + 1]
    words[n] = words[n][:at] + (b + a if rng.random() < 0.6 else b) + words[n][at + 2 :]
    return " ".join(words)
