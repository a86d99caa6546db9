"""Articles with questions in SQuAD's form, and texts cut out of them: the window that answers, windows of the same
article that are near in BM25 and do not, and the window of a question that people wrote to look answerable.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s

from assistant.understanding.question import stems_of

SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+(?=[\"“(\[]?[A-Z0-9])")

NEAR = 12
"""A window below this rank is not near."""

Row = tuple[dict[str, Any], int, str, dict[str, Any]]
"""Article, number of the paragraph, question, answer, in SQuAD's form."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a text. `answers`: every occurrence of the answer in the text, as offsets (empty where it does
    not answer, or where is not known). `relevant` is None where the label would mislead: a near miss is the right
    place and no answer. `answered`: whether the text answers, None where that is not known. `unsupported`: the words of
    the question, as offsets, that the text does not bear out, None where that is not known."""

    question: str
    text: str
    answers: tuple[tuple[int, int], ...]
    relevant: bool | None
    answered: bool | None
    unsupported: tuple[tuple[int, int], ...] | None = None


def is_held_out(title: str) -> bool:
    """Whether an article is kept out of training: one in eight, by the hash of its title. Calibration uses these."""
    return hashlib.sha256(title.encode("utf-8")).digest()[0] % 8 == 0


def same_tokens(question: str) -> str:
    """A question in the spacing of the annotated unanswerable ones, so that spacing does not give the label away."""
    spaced = re.sub(r"(?i)(?<=\w)n't\b", " n't", question.replace("``", '"').replace("''", '"'))
    return " ".join(re.sub(r"(?i)\bcannot\b", "can not", spaced).split())


def windows(text: str, words: int) -> list[tuple[int, int]]:
    """Consecutive runs of whole sentences of at most `words` words each (one sentence at least), as offsets."""
    bounds = [0, *(m.end() for m in SENTENCE_END.finditer(text)), len(text)]
    out: list[tuple[int, int]] = []
    start, count = 0, 0
    for left, right in itertools.pairwise(bounds):
        size = text.count(" ", left, right) + 1
        if count and count + size > words:
            out.append((start, left))
            start, count = left, 0
        count += size
    out.append((start, len(text)))
    return out


def window_around(text: str, start: int, end: int, words: int, rng: random.Random) -> tuple[int, int]:
    """A run of whole sentences of about `words` words that holds start..end, not always at the same place in it."""
    bounds = [0, *(m.end() for m in SENTENCE_END.finditer(text)), len(text)]
    left = max(i for i, b in enumerate(bounds[:-1]) if b <= start)
    right = min(i for i, b in enumerate(bounds) if i > left and b >= end)
    while True:
        sides = [s for s in ("left", "right") if (left > 0 if s == "left" else right < len(bounds) - 1)]
        rng.shuffle(sides)
        for side in sides:
            a, b = (left - 1, right) if side == "left" else (left, right + 1)
            if text.count(" ", bounds[a], bounds[b]) + 1 <= words:
                left, right = a, b
                break
        else:
            return bounds[left], bounds[right]


def training_articles(path: Path) -> list[dict[str, Any]]:
    """The articles of a file in SQuAD's form, without those held out."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [article for article in data if not is_held_out(article["title"])]


def rows_of(articles: Sequence[dict[str, Any]]) -> list[Row]:
    """The answerable questions of some articles."""
    return [
        (article, number, qa["question"], qa["answers"][0])
        for article in articles
        for number, paragraph in enumerate(article["paragraphs"])
        for qa in paragraph["qas"]
    ]


def near_miss(context: str, question: str, words: int) -> Example:
    """An unanswerable question with the window of its paragraph, of at most `words` words, that shares most with it."""
    wanted = set(stems_of(question))
    start, end = max(windows(context, words), key=lambda s: len(wanted & set(stems_of(context[s[0] : s[1]]))))
    return Example(same_tokens(question), context[start:end].strip(), (), None, False)


def answerable_example(row: Row, rng: random.Random, *, words: int | None = None) -> Example:
    """The question of a row with a window around its answer, of about `words` words (40 to 95 where None)."""
    article, number, question, answer = row
    text = article["paragraphs"][number]["context"]
    start = answer["answer_start"]
    left, right = window_around(text, start, start + len(answer["text"]), words or rng.randint(40, 95), rng)
    window = text[left:right]
    found = tuple((m.start(), m.end()) for m in re.finditer(re.escape(answer["text"]), window))
    return Example(same_tokens(question), window, found, True, True, ())


_bm25: dict[int, tuple[dict[str, Any], bm25s.BM25, list[tuple[int, str]]]] = {}
"""By the identity of an article, which is kept so that no other takes it: its index and the windows in it."""


def near_negatives(row: Row, rng: random.Random, most: int) -> list[Example]:
    """Up to `most` windows of the row's article near its question in BM25, without the answer's words; any other window
    without them where none is near."""
    article, number, question, answer = row
    key = id(article)
    if key not in _bm25:
        texts = [
            (n, p["context"][s:e].strip())
            for n, p in enumerate(article["paragraphs"])
            for s, e in windows(p["context"], 80)
        ]
        index = bm25s.BM25()
        index.index([stems_of(text) or ["_"] for _, text in texts], show_progress=False)
        _bm25[key] = (article, index, texts)
    _, index, texts = _bm25[key]
    query = [s for s in stems_of(question) if s in index.vocab_dict]
    order = index.get_scores(query).argsort()[::-1] if query else range(len(texts))
    ranked = [(rank, *texts[i]) for rank, i in enumerate(order)]
    wrong = [(rank, text) for rank, n, text in ranked if n != number and answer["text"] not in text]
    good = [text for rank, text in wrong if rank < NEAR][:4]
    near = rng.sample(good, min(most, len(good))) if most > 1 else [rng.choice(good)] if good else []
    if wrong and not near:
        near = [rng.choice(wrong)[1]]
    return [Example(same_tokens(question), text, (), False, False) for text in near]
