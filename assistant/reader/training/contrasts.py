"""The second course of the reader's training: examples that differ in little and in whether they answer.

Near misses beside an answerable question about the same words; follow-ups glued to the question before them; questions
typed as key words; sentences that people judged for a question (TREC-QA, Wang et al. 2007; SelQA, Jurczyk et al. 2016);
abstracts judged for a claim (SciFact, Wadden et al. 2020, for relevance alone).
But: the first course and what both share are in `examples`; nothing here touches the model.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import bm25s

from assistant.question import content_words, stems_of
from assistant.reader.training.examples import (
    Example,
    answerable_example,
    near_miss,
    near_negative,
    questions_of,
    rows_of,
    same_tokens,
    training_articles,
    windows,
)

Unit = list[Example]
"""Examples that are learned from in the same step."""

TYPED_AS_KEY_WORDS = 0.06
ABSTRACT_WORDS = 110
_QUESTION_WORD = re.compile(r"(?i)^(?:who|when|where|why|how|what|which|whom|whose)$")
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?: (?:of |the |de |von )?[A-Z][\w’'-]*)*")
_OPENS = re.compile(r"\W*\w+")


def second_course(
    folder: Path, *, near_misses: int, answerable: int, negatives: int, follow_ups_made: int, seed: int
) -> list[Unit]:
    """The units of the second course, in no order. `folder` holds `squad/`, `trecqa/`, `selqa/` and `scifact/` in their
    published forms."""
    rng = random.Random(seed)
    articles = training_articles(folder / "squad" / "train-v1.1.json")
    rows = rows_of(articles)
    rng.shuffle(rows)
    near = training_articles(folder / "squad" / "train-unanswerable.json")
    units = beside_near_misses(near, rows, near_misses, rng)
    used = {example.question for unit in units for example in unit}
    fresh = [row for row in rows if same_tokens(row[2]) not in used]
    units += [[answerable_example(row, rng, words=_length(rng))] for row in fresh[:answerable]]
    units += [[near_negative(row, articles, rng)] for row in rng.sample(rows, negatives)]
    units = [[_typed(example, rng) for example in unit] for unit in units]
    units += follow_ups(rows, articles, follow_ups_made, rng)
    units += [[example] for example in _judged_sentences(folder, rng)]
    units += [[example] for example in _judged_abstracts(folder / "scifact", rng)]
    return units


def key_words(question: str) -> str:
    """The question as somebody types it into a search box: content words in order, the question word at the end."""
    words = content_words(question)
    asked = [word for word in re.findall(r"\w+", question)[:3] if _QUESTION_WORD.match(word)]
    return " ".join([*words, *asked[:1]]).lower() if len(words) > 1 else question


def as_follow_up(question: str, earlier: str, pronoun: str) -> str | None:
    """The question with the longest name that it shares with the earlier one replaced by a pronoun; None where they
    share none."""
    shared = {name for name in names_in(question)} & {name for name in names_in(earlier)}
    if not shared:
        return None
    name = max(sorted(shared), key=len)
    possessive = {"he": "his", "she": "her", "it": "its", "they": "their"}[pronoun]
    changed = re.sub(rf"\b(?:the )?{re.escape(name)}(?:'s|’s|s'| 's)", possessive, question, count=1)
    changed = re.sub(rf"\b(?:[Tt]he )?{re.escape(name)}\b", pronoun, changed)
    return changed if changed != question else None


def names_in(text: str) -> list[str]:
    """The names in a question or a text; the first word of a sentence is not taken for one."""
    found = []
    for start, end in windows(text, 1):
        opening = _OPENS.match(text, start, end)
        found += _NAME.findall(text[opening.end() if opening else start : end])
    return found


def _length(rng: random.Random) -> int:
    """About how many words of text: mostly a passage, one time in eight a long paragraph."""
    return rng.randint(110, 160) if rng.random() < 0.125 else rng.randint(40, 110)


def _typed(example: Example, rng: random.Random) -> Example:
    if rng.random() >= TYPED_AS_KEY_WORDS:
        return example
    return replace(example, question=key_words(example.question))


def beside_near_misses(
    near: Sequence[dict[str, Any]], rows: Sequence[Any], most: int, rng: random.Random
) -> list[Unit]:
    """Each near miss with an answerable question about the same words, where there is one."""
    about: dict[str, list[tuple[str, str]]] = {}
    for article, number, question, answer in rows:
        about.setdefault(article["paragraphs"][number]["context"], []).append((question, answer["text"]))
    misses = questions_of(near)
    rng.shuffle(misses)
    units = []
    for context, question in misses[:most]:
        miss = near_miss(context, question, _length(rng))
        unit, text = [miss], miss.text
        partners = about.get(context, [])
        for n, (other, answer) in enumerate(partners):
            found = tuple((m.start(), m.end()) for m in re.finditer(re.escape(answer), text))
            if found:
                unit.append(Example(same_tokens(other), text, found, True, True, ()))
                partners.append(partners.pop(n))
                break
        units.append(unit)
    return units


def follow_ups(rows: Sequence[Any], articles: list[dict[str, Any]], most: int, rng: random.Random) -> list[Unit]:
    """Each with the question before it, on the text that answers it and on one that does not; one in seven is a change
    of topic: the question before it is about another article."""
    units: list[Unit] = []
    for article, number, question, answer in rows:
        if len(units) == most:
            break
        row: Any
        if rng.random() < 1 / 7:
            other = rng.choice(rng.choice(articles)["paragraphs"])["qas"]
            if not other:
                continue
            row = (article, number, f"{rng.choice(other)['question']} {question}", answer)
        else:
            near = [qa["question"] for qa in article["paragraphs"][number]["qas"] if qa["question"] != question]
            rng.shuffle(near)
            pronoun = rng.choice(("he", "he", "she", "it", "it", "they"))
            earlier, changed = next(((e, c) for e in near if (c := as_follow_up(question, e, pronoun))), (None, None))
            if earlier is None:
                continue
            row = (article, number, f"{earlier} {changed}", answer)
        units.append([answerable_example(row, rng), near_negative(row, articles, rng)])
    return units


def _judged_sentences(folder: Path, rng: random.Random) -> list[Example]:
    out = []
    with (folder / "trecqa" / "train.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            good = row["label"] == "1"
            out.append(Example(row["qtext"], row["atext"], (), good, good))
    for row in json.loads((folder / "selqa" / "dev.json").read_text(encoding="utf-8")):
        good = set(row["answers"])
        bad = [n for n in range(len(row["candidates"])) if n not in good]
        for n in [*sorted(good), *rng.sample(bad, min(4, len(bad)))]:
            out.append(Example(same_tokens(row["question"]), row["candidates"][n], (), n in good, n in good))
    return out


def _judged_abstracts(folder: Path, rng: random.Random) -> list[Example]:
    """Claims with the abstracts that bear on them, and with two that are near in BM25 and do not."""
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    corpus = {row["_id"]: f"{row['title']} {row['text']}" for row in map(json.loads, lines)}
    names = list(corpus)
    index = bm25s.BM25()
    index.index([stems_of(corpus[name]) or ["_"] for name in names], show_progress=False)
    asked = (folder / "queries.train.jsonl").read_text(encoding="utf-8").splitlines()
    claims = {row["_id"]: row["text"] for row in map(json.loads, asked)}
    gold: dict[str, list[str]] = {}
    with (folder / "qrels" / "train.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            gold.setdefault(row["query-id"], []).append(row["corpus-id"])
    out = []
    for claim, abstracts in gold.items():
        query = [s for s in stems_of(claims[claim]) if s in index.vocab_dict]
        order = index.get_scores(query).argsort()[::-1][:10] if query else []
        bad = [names[i] for i in order if names[i] not in abstracts]
        for name in [*abstracts, *rng.sample(bad, min(2, len(bad)))]:
            text = " ".join(corpus[name].split()[:ABSTRACT_WORDS])
            out.append(Example(claims[claim], text, (), name in abstracts, None))
    return out
