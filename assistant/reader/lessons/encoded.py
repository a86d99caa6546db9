"""Lessons as arrays of tokens and labels: what is taught, and all that has to travel to where it is taught."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from tokenizers import Tokenizer

from assistant.reader.lessons.arrays import END, START, Encoded, Ints
from assistant.reader.lessons.articles import windows
from assistant.reader.lessons.lesson import Lesson, Span, Unit

QUESTION_TOKENS, HEADING_TOKENS, PASSAGE_TOKENS = 62, 24, 222


def question_ids(tokenizer: Tokenizer, question: str) -> tuple[list[int], list[Span]]:
    """Token ids, START and END among them, and each token's characters."""
    encoding = tokenizer.encode(question, add_special_tokens=False)
    ids, offsets = encoding.ids[:QUESTION_TOKENS], encoding.offsets[:QUESTION_TOKENS]
    return [START, *ids, END], [(0, 0), *offsets, (0, 0)]


def passage_ids(
    tokenizer: Tokenizer, heading: str, text: str, most: int = PASSAGE_TOKENS
) -> tuple[list[int], list[Span], int]:
    """Token ids of a passage under its heading, the characters of the text's tokens, and the first of these."""
    head: list[int] = []
    if heading:
        head = [*tokenizer.encode(heading, add_special_tokens=False).ids[:HEADING_TOKENS], END, END]
    encoding = tokenizer.encode(text, add_special_tokens=False)
    ids, offsets = encoding.ids[:most], encoding.offsets[:most]
    first = 1 + len(head)
    return [START, *head, *ids, END], [*[(0, 0)] * first, *offsets, (0, 0)], first


def encode(units: Sequence[Unit], tokenizer: Tokenizer) -> Encoded:
    """The lessons of the units in order. Those whose answers are all cut off are left out."""
    rows = [(n, lesson) for n, unit in enumerate(units) for lesson in unit]
    questions = {q: n for n, q in enumerate(dict.fromkeys(lesson.question for _, lesson in rows))}
    articles = {a: n for n, a in enumerate(dict.fromkeys(lesson.article for _, lesson in rows))}
    lists: dict[str, list[list[int]]] = {name: [] for name in ("q", "p", "doubted", "needed")}
    first, taught, labels, groups = [], [], [], []
    answers: list[list[Span]] = []
    sentences: list[list[tuple[int, int, int]]] = []
    for unit, lesson in rows:
        q, q_offsets = question_ids(tokenizer, lesson.question)
        p, p_offsets, start = passage_ids(tokenizer, lesson.heading, lesson.text)
        ranges = [r for r in (_tokens(p_offsets, start, span) for span in lesson.answers) if r]
        if lesson.answers and not ranges:
            continue
        lists["q"].append(q)
        lists["p"].append(p)
        lists["doubted"].append(_marked(q_offsets, 1, lesson.unsupported, len(q)))
        lists["needed"].append(_marked(p_offsets, start, lesson.needed, len(p)))
        first.append(start)
        taught.append(lesson.taught)
        labels.append([-1 if x is None else int(x) for x in (lesson.relevant, lesson.answered, lesson.support)])
        groups.append([unit, articles[lesson.article] if lesson.article else -1, questions[lesson.question]])
        answers.append(ranges)
        sentences.append(_sentences(lesson, p_offsets, start))
    return Encoded(
        np.array(list(itertools.chain(*lists["q"])), dtype=np.uint16),
        _starts(lists["q"]),
        np.array(list(itertools.chain(*lists["p"])), dtype=np.uint16),
        _starts(lists["p"]),
        np.array(first, dtype=np.int64),
        np.array(taught, dtype=np.bool_),
        np.array(labels, dtype=np.int8),
        np.array(groups, dtype=np.int64),
        np.array(list(itertools.chain(*lists["doubted"])), dtype=np.int8),
        np.array(list(itertools.chain(*lists["needed"])), dtype=np.int8),
        np.array(list(itertools.chain(*answers)), dtype=np.int64).reshape(-1, 2),
        _starts(answers),
        np.array(list(itertools.chain(*sentences)), dtype=np.int64).reshape(-1, 3),
        _starts(sentences),
    )


def _starts(rows: Sequence[Sequence[object]]) -> Ints:
    return np.array([0, *itertools.accumulate(map(len, rows))], dtype=np.int64)


def _tokens(offsets: Sequence[Span], first: int, span: Span) -> Span | None:
    """The tokens that touch some characters of the text, ends inclusive."""
    inside = [n for n in range(first, len(offsets) - 1) if offsets[n][0] < span[1] and offsets[n][1] > span[0]]
    return (inside[0], inside[-1]) if inside else None


def _marked(offsets: Sequence[Span], first: int, spans: Sequence[Span] | None, size: int) -> list[int]:
    if spans is None:
        return [-1] * size
    out = [-1] * first + [0] * (size - 1 - first) + [-1]
    for span in spans:
        held = _tokens(offsets, first, span)
        for n in range(held[0], held[1] + 1) if held else ():
            out[n] = 1
    return out


def _sentences(lesson: Lesson, offsets: Sequence[Span], first: int) -> list[tuple[int, int, int]]:
    out = []
    for start, end in lesson.sentences or windows(lesson.text, 1):
        held = _tokens(offsets, first, (start, end))
        if held:
            label = -1
            if lesson.evidence is not None:
                label = int(any(a < end and b > start for a, b in lesson.evidence))
            out.append((*held, label))
    return out
