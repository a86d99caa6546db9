"""The third course of the reader's training: texts that compete for a question, questions that compete for a text.

A question with the window that answers it and several of the same article that do not; with a name in it exchanged
for another of the article; near misses again; real conversations (CANARD, Elgohary et al. 2019: the questions of QuAC
with their history), where the question before is answered by one text and this one by the next; claims written to
deceive, with the evidence for or against them (Fool Me Twice, Eisenschlos et al. 2021).
But: the earlier courses are in `examples` and `contrasts`; nothing here touches the model.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.reader.training.contrasts import (
    TYPED_AS_KEY_WORDS,
    Unit,
    beside_near_misses,
    follow_ups,
    key_words,
    names_in,
)
from assistant.reader.training.examples import (
    Example,
    Row,
    answerable_example,
    is_held_out,
    near_negatives,
    rows_of,
    same_tokens,
    training_articles,
)

UNKNOWN = "I don't know."
"""How CANARD writes that the text has no answer."""
IN_THE_SAME_TEXT = 0.75
"""How often a name is exchanged for one of the same window rather than of elsewhere in the article."""


def third_course(
    folder: Path, *, rivals: int, near_misses: int, follow_ups_made: int, conversations: int, seed: int
) -> list[Unit]:
    """The units of the third course, in no order. `folder` holds `squad/`, `canard/` and `fm2/` in their published
    forms."""
    rng = random.Random(seed)
    articles = training_articles(folder / "squad" / "train-v1.1.json")
    rows = rows_of(articles)
    rng.shuffle(rows)
    units = [_rivals(row, rng) for row in rows[:rivals]]
    near = training_articles(folder / "squad" / "train-unanswerable.json")
    units += beside_near_misses(near, rows, near_misses, rng)
    units = [_typed(unit, rng) for unit in units]
    units += follow_ups(rows[rivals:], articles, follow_ups_made, rng)
    units += _conversations(folder / "canard" / "dev.json", conversations, rng)
    units += _claims(folder / "fm2" / "dev.jsonl")
    return units


def exchanged(question: str, text: str, elsewhere: Sequence[str], answer: str, rng: random.Random) -> Example | None:
    """The question with one of its names exchanged for another, so that the text no longer answers it: of the text,
    three times in four, or from `elsewhere`. None where no name can be exchanged."""
    names = [name for name in names_in(question) if name in text]
    if not names:
        return None
    name = rng.choice(names)
    pool = [n for n in dict.fromkeys(names_in(text) if rng.random() < IN_THE_SAME_TEXT else elsewhere) if len(n) > 2]
    asked = {word.casefold() for word in re.findall(r"\w+", f"{question} {answer}")}
    others = [other for other in pool if not asked & {word.casefold() for word in re.findall(r"\w+", other)}]
    if not others:
        return None
    other = rng.choice(others)
    start = question.rindex(name)
    changed = question[:start] + other + question[start + len(name) :]
    return Example(changed, text, (), None, False, ((start, start + len(other)),))


def _rivals(row: Row, rng: random.Random) -> Unit:
    good = answerable_example(row, rng, words=rng.randint(40, 110))
    unit = [good, *near_negatives(row, rng, 2)]
    article = row[0]
    elsewhere = names_in(rng.choice(article["paragraphs"])["context"])
    changed = exchanged(good.question, good.text, elsewhere, row[3]["text"], rng)
    return [*unit, changed] if changed else unit


def _typed(unit: Unit, rng: random.Random) -> Unit:
    """Some units with their question reduced to key words."""
    if rng.random() >= TYPED_AS_KEY_WORDS or any(example.unsupported for example in unit):
        return unit
    return [replace(example, question=key_words(example.question)) for example in unit]


def _conversations(path: Path, most: int, rng: random.Random) -> list[Unit]:
    """Questions of conversations with their history put before them, each on a text that answers it and on one, or
    two, of the same conversation that do not; the texts are the answers given, two or three together."""
    turns = [turn for turn in json.loads(path.read_text(encoding="utf-8")) if not is_held_out(turn["History"][0])]
    dialogues: dict[str, list[dict[str, Any]]] = {}
    for turn in turns:
        dialogues.setdefault(turn["QuAC_dialog_id"], []).append(turn)
    units: list[Unit] = []
    for dialogue in dialogues.values():
        dialogue.sort(key=lambda turn: turn["Question_no"])
        last = dialogue[-1]["History"]
        answers = dict(zip(last[2::2], last[3::2], strict=False))
        spoken = [answer for answer in answers.values() if answer != UNKNOWN]
        for n, turn in enumerate(dialogue):
            answer = answers.get(turn["Question"])
            if answer is None or len(spoken) < 3:
                continue
            unit = _turn(turn, dialogue[:n], answer, spoken, rng)
            units.append(unit)
    rng.shuffle(units)
    return units[:most]


def _turn(
    turn: dict[str, Any], earlier: Sequence[dict[str, Any]], answer: str, spoken: Sequence[str], rng: random.Random
) -> Unit:
    question = same_tokens(_with_history(turn, earlier, rng))
    if answer == UNKNOWN:
        start = rng.randrange(len(spoken))
        return [Example(question, _joined(spoken[start : start + 3]), (), None, False)]
    at = spoken.index(answer)
    start = max(0, at - rng.randint(0, 2))
    unit = [Example(question, _joined(spoken[start : max(at + 1, start + rng.randint(1, 3))]), (), True, True)]
    others = [spoken[i : i + 2] for i in range(len(spoken)) if answer not in spoken[i : i + 2]]
    before = [texts for texts in others if at and spoken[at - 1] in texts]
    chosen = (before[:1] if before and rng.random() < 0.7 else []) + rng.sample(others, min(2, len(others)))
    unit += [Example(question, text, (), False, False) for text in dict.fromkeys(map(_joined, chosen[:2]))]
    return unit


def _with_history(turn: dict[str, Any], earlier: Sequence[dict[str, Any]], rng: random.Random) -> str:
    """A question as the assistant may put it to the reader: rewritten, or after the question or two before it, as
    asked or rewritten, at times with the title first."""
    asked, draw = str(turn["Question"]), rng.random()
    if not earlier or draw < 0.2:
        return str(turn["Rewrite"])
    form = "Rewrite" if rng.random() < 0.6 else "Question"
    before = [str(e[form]) for e in earlier[-2 if draw > 0.8 else -1 :]]
    title = [str(turn["History"][0])] if rng.random() < 0.15 else []
    return " ".join([*title, *before, asked])


def _joined(texts: Sequence[str]) -> str:
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text.rstrip(',;: ')}." for text in texts)


def _claims(path: Path) -> list[Unit]:
    """Claims with their evidence, that upholds or refutes them."""
    out: list[Unit] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = " ".join(piece["text"] for piece in row["gold_evidence"])
        if text:
            upheld = row["label"] == "SUPPORTS"
            out.append([Example(row["text"], text, (), True, upheld)])
    return out
