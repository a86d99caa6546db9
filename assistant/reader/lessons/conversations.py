"""Questions of conversations with their history put before them (CANARD, Elgohary et al. 2019: the questions of QuAC),
each on a text that answers it and on others of the same conversation that do not.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import Example, is_held_out, same_tokens

UNKNOWN = "I don't know."
"""How CANARD writes that the text has no answer."""


def conversations(path: Path, most: int, rng: random.Random) -> list[list[Example]]:
    """Questions of conversations with their history put before them, each on a text that answers it and on one, or
    two, of the same conversation that do not; the texts are the answers given, two or three together."""
    turns = [turn for turn in json.loads(path.read_text(encoding="utf-8")) if not is_held_out(turn["History"][0])]
    dialogues: dict[str, list[dict[str, Any]]] = {}
    for turn in turns:
        dialogues.setdefault(turn["QuAC_dialog_id"], []).append(turn)
    units: list[list[Example]] = []
    for dialogue in dialogues.values():
        dialogue.sort(key=lambda turn: turn["Question_no"])
        last = dialogue[-1]["History"]
        spoken = [answer for answer in last[3::2] if answer != UNKNOWN]
        for n, turn in enumerate(dialogue):
            asked = len(turn["History"])  # where the question stands, with its answer behind it
            if asked + 1 >= len(last) or len(spoken) < 3:
                continue
            answer = last[asked + 1]
            unit = _turn(turn, dialogue[:n], answer, spoken, rng)
            units.append(unit)
    rng.shuffle(units)
    return units[:most]


def _turn(
    turn: dict[str, Any], earlier: Sequence[dict[str, Any]], answer: str, spoken: Sequence[str], rng: random.Random
) -> list[Example]:
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
